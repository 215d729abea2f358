"""Judge what a file of evidence is, by its content on disk; the name is only compared with that.

path ─kind_of→ kind ─judge→ the same kind as the name says, whole and harmless, or a refusal

Nothing is held in memory: containers are read by their directory, entries of an archive one after the other.
"""

import mmap
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from types import MappingProxyType

from bihuan.core.source import UnreadableFile
from bihuan.formats import compound, detect, limits

_IMAGES = ("png", "jpeg", "gif", "tiff", "webp", "bmp", "heic")
#: What each ending may hold.
_ALLOWED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **{suffix: frozenset({"txt"}) for suffix in (".txt", ".md", ".csv", ".log")},
        **{suffix: frozenset({"jpeg"}) for suffix in (".jpg", ".jpeg", ".jfif")},
        **{suffix: frozenset({"tiff"}) for suffix in (".tif", ".tiff")},
        **{suffix: frozenset({"heic"}) for suffix in (".heic", ".heif")},
        **{f".{kind}": frozenset({kind}) for kind in ("png", "gif", "webp", "bmp")},
        **{f".{kind}": frozenset({kind}) for kind in ("pdf", "docx", "xlsx", "pptx", "ofd", "zip")},
        **{f".{kind}": frozenset({kind}) for kind in ("rtf", "xls", "ppt", "odt", "ods", "odp")},
        **{f".{kind}": frozenset({kind}) for kind in ("mp3", "wav", "amr", "avi", "wmv", "mkv")},
        **{suffix: frozenset({"mp4"}) for suffix in (".mp4", ".m4v", ".mov", ".m4a", ".3gp")},
        ".doc": frozenset({"doc", "rtf"}),
        ".wps": frozenset({"doc", "docx", "rtf"}),
        ".et": frozenset({"xls", "xlsx"}),
        ".dps": frozenset({"ppt", "pptx"}),
    }
)
SUFFIXES: tuple[str, ...] = tuple(_ALLOWED)
_KINDS = frozenset().union(*_ALLOWED.values())
_MACRO_SUFFIXES = (".docm", ".xlsm", ".pptm", ".dotm", ".xltm", ".potm", ".ppsm", ".xlsb", ".xlam", ".ppam")
_ZIP_KINDS = ("docx", "xlsx", "pptx", "ofd", "odt", "ods", "odp", "zip")
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"BM", "bmp"), (b"ID3", "mp3"), (b"#!AMR", "amr"), (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wmv"),
    (b"\x1a\x45\xdf\xa3", "mkv"), (b"\xcf\xfa\xed\xfe", "exe"), (b"\xce\xfa\xed\xfe", "exe"),
    (b"\xca\xfe\xba\xbe", "exe"), (b"#!", "exe"), (b"\x4c\x00\x00\x00\x01\x14\x02\x00", "exe"),
    (b"\x00asm", "exe"), (b"!<arch>", "exe"), (b"ITSF", "exe"), (b"MSCF", "exe"), (b"BZh", "gzip"),
    (b"\xfd7zXZ", "gzip"),
)  # fmt: skip
_SVG = re.compile(rb"<(?:\w+:)?svg[\s>]", re.I)
_PAGE = re.compile(rb"<(?:script|iframe|object|embed|html|body|form)[\s>]", re.I)
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_PROBE = 8192
_DIRECTORY_BYTES = 8 * limits.MEGABYTE
_ARCHIVE_BYTES = 2048 * limits.MEGABYTE
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)

Look = Callable[[Path, str, str], None]


def judge(path: Path, name: str, *, look: Look | None = None, inside: bool = False) -> str:
    """Return the kind of the file at `path`; every file of an archive is judged as well.

    `look(path, name, kind)` is called for the file and for each file of an archive, to look further into it.

    :raises UnreadableFile: ``files.harmful``, ``files.name-lies…``, ``files.kind``, ``files.executable``,
        ``files.web-page``, ``files.svg``, ``files.two-natures``, ``files.archive-…``, ``formats.macros``,
        ``formats.encrypted``, ``formats.truncated`` and others of the readers
    """
    with path.open("rb") as file:
        head = file.read(_PROBE)
    if _EICAR in head:
        raise UnreadableFile("files.harmful", name=name, found="EICAR")
    kind = kind_of(path, name, head)
    _compare(kind, PurePath(name).suffix.lower(), name)
    if kind not in _ZIP_KINDS and _also_zip(path):
        raise UnreadableFile("files.two-natures", name=name)
    if look is not None:
        look(path, name, kind)
    if kind == "zip":
        if inside:
            raise UnreadableFile("files.archive-nested", name=name)
        _judge_archive(path, look)
    return kind


def kind_of(path: Path, name: str, head: bytes) -> str:
    """Return what the content is: one of the accepted kinds, or another word for what is not taken.

    :raises UnreadableFile: ``formats.truncated``, ``formats.encrypted``, ``formats.macros``, ``files.two-natures``
    """
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(compound.SIGNATURE):
        return _compound_kind(path)
    if b"%PDF-" in head[:1024]:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n\0")[:5] != b"%PDF-":
            raise UnreadableFile("files.two-natures", name=name)
        return "pdf"
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc") else "mp4"
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12], "unknown")
    if head[:1] == b"\xff" and len(head) > 1 and head[1] in (0xFB, 0xF3, 0xF2):
        return "mp3"
    return _text_kind(head, name)


def _text_kind(head: bytes, name: str) -> str:
    kind = detect.sniff(head, name)
    if kind not in ("txt", "html", "xml"):
        return kind
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    plain = head.decode("utf-16", "ignore").encode() if wide else head
    if _SVG.search(plain):
        return "svg"
    if kind == "xml" or (kind == "txt" and b"\0" in plain):
        return "unknown"
    written = plain.lstrip(b"\xef\xbb\xbf \t\r\n")
    return "html" if kind == "html" or (written[:1] == b"<" and _PAGE.search(plain)) else "txt"


def _zip_kind(path: Path) -> str:
    with _opened(path) as file:
        names = {info.filename for info in file.infolist()}
        _refuse_macros(file, names)
        if "mimetype" in names and file.getinfo("mimetype").file_size < 200:
            said = file.read("mimetype")
            for kind, word in (("odt", b"text"), ("ods", b"spreadsheet"), ("odp", b"presentation")):
                if said.strip() == b"application/vnd.oasis.opendocument." + word:
                    return kind
    for part, kind in (
        ("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb"),
        ("ppt/presentation.xml", "pptx"), ("OFD.xml", "ofd"), ("META-INF/MANIFEST.MF", "exe"),
        ("AndroidManifest.xml", "exe"),
    ):  # fmt: skip
        if part in names:
            return kind
    return "zip" if "[Content_Types].xml" not in names else _moved_parts(path)


def _moved_parts(path: Path) -> str:
    with _opened(path) as file, file.open("[Content_Types].xml") as part:
        types = part.read(limits.MEGABYTE)
    words = ((b"wordprocessingml.document.main+xml", "docx"), (b"spreadsheetml.sheet.main+xml", "xlsx"))
    return next((kind for word, kind in words if word in types), "unknown")


def _refuse_macros(file: zipfile.ZipFile, names: set[str]) -> None:
    for name in names:
        base = name.rpartition("/")[2].lower()
        if base.startswith("vbaproject") or base == "vbadata.xml" or base.endswith(_MACRO_SUFFIXES):
            raise UnreadableFile("formats.macros", part=name)
    if "[Content_Types].xml" in names:
        with file.open("[Content_Types].xml") as part:
            if b"macroEnabled" in part.read(limits.MEGABYTE):
                raise UnreadableFile("formats.macros", part="[Content_Types].xml")


def _opened(path: Path) -> zipfile.ZipFile:
    """Open a zip whose directory is of a size that may be read.

    :raises UnreadableFile: ``formats.truncated``, ``formats.too-many-entries``, ``formats.encrypted``,
        ``formats.repeated-entry``
    """
    try:
        count, size = _directory(path)
        if count > limits.ENTRY_COUNT or size > _DIRECTORY_BYTES:
            raise UnreadableFile("formats.too-many-entries", count=count, limit=limits.ENTRY_COUNT)
        file = zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise UnreadableFile("formats.truncated") from error
    infos = file.infolist()
    names = [info.filename for info in infos]
    if len(set(names)) != len(names):
        raise UnreadableFile("formats.repeated-entry", entry=next(n for n in names if names.count(n) > 1))
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableFile("formats.encrypted")
    return file


def _directory(path: Path) -> tuple[int, int]:
    """Return how many entries a zip says to have and the size of its directory.

    :raises ValueError: when it has no end record
    """
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(0, end - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise ValueError("no end record")
    count, size = struct.unpack_from("<HI", tail, at + 10)
    return count, size


def _compound_kind(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        names = compound.stream_names(data)
    if names is None:
        raise UnreadableFile("formats.truncated")
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise UnreadableFile("formats.encrypted")
    if compound.has_macros(names):
        raise UnreadableFile("formats.macros", part="VBA")
    known = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
    return next((kind for name, kind in known.items() if name in names), "unknown")


def _compare(kind: str, suffix: str, name: str) -> None:
    """Refuse what is not taken, and a name that says something other than the content."""
    if suffix in _MACRO_SUFFIXES or kind == "xlsb":
        raise UnreadableFile("formats.macros", part=suffix)
    if kind in ("exe", "svg"):
        raise UnreadableFile("files.executable" if kind == "exe" else "files.svg", name=name)
    said = suffix.removeprefix(".").upper() or "—"
    if kind in ("html", "mhtml"):
        code = "files.name-lies-page" if suffix in _ALLOWED else "files.web-page"
        raise UnreadableFile(code, name=name, said=said)
    allowed = _ALLOWED.get(suffix)
    if allowed is not None and kind in _KINDS and kind not in allowed:
        raise UnreadableFile("files.name-lies", name=name, said=said, actual=kind.upper())
    if allowed is None or kind not in allowed:
        raise UnreadableFile("files.kind", name=name)


def _also_zip(path: Path) -> bool:
    """Tell whether an archive hangs at the end of a file that is something else."""
    try:
        return zipfile.is_zipfile(path) and bool(zipfile.ZipFile(path).infolist())
    except _DAMAGE:
        return False


def _judge_archive(path: Path, look: Look | None) -> None:
    """Judge each file of an archive, inflated one at a time under limits.

    :raises UnreadableFile: ``files.archive-path``, ``files.archive-nested``, ``formats.inflates-too-much`` and all
        that `judge` says of the files inside
    """
    room = _ARCHIVE_BYTES
    with _opened(path) as file, tempfile.TemporaryDirectory(dir=path.parent, prefix="look-") as folder:
        for info in file.infolist():
            name = _entry_name(info)
            if info.is_dir():
                continue
            target = Path(folder) / "entry"
            room -= _inflate(file, info, target, room)
            if target.stat().st_size:
                judge(target, name, look=look, inside=True)


def _entry_name(info: zipfile.ZipInfo) -> str:
    """Return the last part of an entry's name; refuse one that leads out of its folder, and links."""
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        name = name.encode("cp437", "replace").decode("gb18030", "replace")
    parts = name.replace("\\", "/").split("/")
    astray = ".." in parts or parts[0] == "" or parts[0].endswith(":") or "\0" in name
    if astray or stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadableFile("files.archive-path", entry=name[:200])
    return parts[-1]


def _inflate(file: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, room: int) -> int:
    """Write one entry to `target` and return its size; stops at the first limit that it passes."""
    size = 0
    try:
        with file.open(info) as source, target.open("wb") as sink:
            while chunk := source.read(1 << 16):
                size += len(chunk)
                ratio = size > limits.RATIO_MATTERS_FROM and size > limits.ENTRY_RATIO * max(
                    info.compress_size, 1
                )
                if ratio or size > room:
                    raise UnreadableFile("formats.inflates-too-much", limit=_ARCHIVE_BYTES // limits.MEGABYTE)
                sink.write(chunk)
    except _DAMAGE as error:
        raise UnreadableFile("formats.truncated") from error
    return size
