"""Open a zip container (docx, xlsx, ofd) without trusting what it says about itself.

bytes ─open_archive→ Archive; every entry is inflated under a limit before any library sees the file.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.core.source import UnreadableFile
from bihuan.formats import compound, limits, markup

_CHUNK = 1 << 16
_ARCHIVE_SUFFIXES = (".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".jar", ".cab")
_MACRO_SUFFIXES = (".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """The entries of a container by name, inflated.

    `embedded` names the documents inside it that are not read.
    """

    entries: Mapping[str, bytes]
    embedded: tuple[str, ...] = ()


def list_names(data: bytes) -> tuple[str, ...]:
    """Return the names in the directory of a zip file.

    :raises UnreadableFile: formats.truncated, formats.too-many-entries
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            infos = file.infolist()
    except _DAMAGE as error:
        raise UnreadableFile("formats.truncated") from error
    if len(infos) > limits.ENTRY_COUNT:
        raise UnreadableFile("formats.too-many-entries", count=len(infos), limit=limits.ENTRY_COUNT)
    return tuple(info.filename for info in infos)


def open_archive(data: bytes) -> Archive:
    """Inflate every entry and refuse bombs, macros, archives within and XML that declares a document type.

    :raises UnreadableFile: formats.truncated, formats.inflates-too-much, formats.too-many-entries,
        formats.macros, formats.nested-archive, formats.encrypted, formats.doctype
    """
    names = list_names(data)
    if len(set(names)) != len(names):
        # Two entries of one name read differently in different programs: what is checked would not be
        # what is shown.
        raise UnreadableFile("formats.repeated-entry", entry=next(n for n in names if names.count(n) > 1))
    _refuse_macro_names(names)
    entries: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            _check_declared(file.infolist())
            room = limits.INFLATED_BYTES
            for info in file.infolist():
                entries[info.filename] = _inflate(file, info, room)
                room -= len(entries[info.filename])
    except _DAMAGE as error:
        raise UnreadableFile("formats.truncated") from error
    embedded = tuple(name for name, content in entries.items() if _is_embedded(name, content))
    for name, content in entries.items():
        if name.lower().endswith((".xml", ".rels")):
            markup.check(content, part=name)
    return Archive(entries, embedded)


def _refuse_macro_names(names: tuple[str, ...]) -> None:
    for name in names:
        base = posixpath.basename(name).lower()
        if base.startswith("vbaproject") or base.endswith(_MACRO_SUFFIXES) or base == "vbadata.xml":
            raise UnreadableFile("formats.macros", part=name)


def _check_declared(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse early, from the sizes that the directory itself admits."""
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableFile("formats.encrypted")
    if sum(info.file_size for info in infos) > limits.INFLATED_BYTES:
        raise UnreadableFile("formats.inflates-too-much", limit=limits.INFLATED_BYTES // limits.MEGABYTE)


def _inflate(file: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """Inflate one entry, stopping at the first limit that it passes."""
    chunks: list[bytes] = []
    size = 0
    with file.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            swollen = size > limits.RATIO_MATTERS_FROM and size > limits.ENTRY_RATIO * max(
                info.compress_size, 1
            )
            if swollen or size > min(room, limits.ENTRY_BYTES):
                raise UnreadableFile("formats.inflates-too-much", limit=limits.ENTRY_BYTES // limits.MEGABYTE)
    return b"".join(chunks)


def _is_embedded(name: str, content: bytes) -> bool:
    """Tell whether an entry is a document of its own; refuse one that is an archive or carries macros."""
    if name.lower().endswith(_ARCHIVE_SUFFIXES):
        raise UnreadableFile("formats.nested-archive", entry=name)
    if content.startswith(compound.SIGNATURE):
        names = compound.stream_names(content)
        if names is not None and compound.has_macros(names):
            raise UnreadableFile("formats.macros", part=name)
        return True
    if not content.startswith(b"PK\x03\x04"):
        return False
    inner = list_names(content)
    _refuse_macro_names(inner)
    if "[Content_Types].xml" not in inner or any(n.lower().endswith(_ARCHIVE_SUFFIXES) for n in inner):
        raise UnreadableFile("formats.nested-archive", entry=name)
    return True
