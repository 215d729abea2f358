"""Name the streams of an OLE compound file (the container of doc, xls, wps, et and of encrypted docx).

Only the directory is read, with bounds on every step: the content is left to LibreOffice or calamine.
Source: [MS-CFB] 2.2 header, 2.3 FAT, 2.6 directory.
"""

import mmap
import struct

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # first of the special sector numbers
_HEADER_FAT_ENTRIES = 109
_MAX_DIRECTORY_SECTORS = 4_096


def stream_names(data: bytes | mmap.mmap) -> frozenset[str] | None:
    """Return the names of all storages and streams, None when the directory cannot be followed."""
    if data[:8] != SIGNATURE or len(data) < 512:
        return None
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        return None
    size = 1 << shift
    fat = _allocation(data, size)
    names: set[str] = set()
    sector = struct.unpack_from("<I", data, 48)[0]
    seen: set[int] = set()
    while sector < _END:
        start = (sector + 1) * size
        if sector in seen or start + size > len(data) or len(seen) >= _MAX_DIRECTORY_SECTORS:
            return None
        seen.add(sector)
        names.update(_entry_names(data[start : start + size]))
        if sector >= len(fat):
            return None
        sector = fat[sector]
    return frozenset(names)


def _allocation(data: bytes | mmap.mmap, size: int) -> list[int]:
    """Return the file allocation table."""
    table: list[int] = []
    for sector in _fat_sectors(data, size):
        start = (sector + 1) * size
        if start + size > len(data):
            break
        table.extend(struct.unpack_from(f"<{size // 4}I", data, start))
    return table


def _fat_sectors(data: bytes | mmap.mmap, size: int) -> list[int]:
    """Return the sectors that hold the table: 109 in the header, the rest in a chain of its own (DIFAT)."""
    sectors = [n for n in struct.unpack_from(f"<{_HEADER_FAT_ENTRIES}I", data, 76) if n < _END]
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        start = (following + 1) * size
        if following >= _END or start + size > len(data):
            break
        *more, following = struct.unpack_from(f"<{size // 4}I", data, start)
        sectors.extend(n for n in more if n < _END)
    return sectors


def _entry_names(sector: bytes) -> list[str]:
    """Return the names in one directory sector.

    Entries of 128 bytes, name first, its length in bytes at 64.
    """
    names = []
    for start in range(0, len(sector), 128):
        length, kind = struct.unpack_from("<HB", sector, start + 64)
        if kind in (1, 2, 5) and 2 <= length <= 64:
            names.append(sector[start : start + length - 2].decode("utf-16-le", "replace"))
    return names


def has_macros(names: frozenset[str]) -> bool:
    """Tell whether a storage of Visual Basic code is among the names."""
    folded = {name.casefold() for name in names}
    return bool(folded & {"macros", "_vba_project_cur", "_vba_project", "vba", "vbaproject.bin"})
