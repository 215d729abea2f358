"""Tell what a file is by its content; the name is only compared with that, never believed.

bytes ─sniff→ kind ─check_name→ the same kind, or a refusal
"""

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from bihuan.core.source import UnreadableFile
from bihuan.formats import archive, compound

# What each ending may hold. WPS Office writes its own endings in both the old and the new container,
# and Word itself saves rich text under .doc.
_ALLOWED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        ".txt": frozenset({"txt"}),
        ".md": frozenset({"txt"}),
        ".html": frozenset({"html", "txt"}),
        ".htm": frozenset({"html", "txt"}),
        ".shtml": frozenset({"html", "txt"}),
        ".xhtml": frozenset({"html"}),
        ".docx": frozenset({"docx"}),
        ".pdf": frozenset({"pdf"}),
        ".xlsx": frozenset({"xlsx"}),
        ".xls": frozenset({"xls"}),
        ".et": frozenset({"xls", "xlsx"}),
        ".doc": frozenset({"doc", "rtf"}),
        ".wps": frozenset({"doc", "docx", "rtf"}),
        ".rtf": frozenset({"rtf"}),
        ".odt": frozenset({"odt"}),
        ".ods": frozenset({"ods"}),
    }
)
SUFFIXES: tuple[str, ...] = tuple(_ALLOWED)
KINDS: frozenset[str] = frozenset().union(*_ALLOWED.values())

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"SQLite format 3\0", "sqlite"),
)
_ZIP_PARTS: tuple[tuple[str, str], ...] = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", "pptx"),
    ("OFD.xml", "ofd"),
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S
)
_MARKUP = re.compile(r"<(?:p|div|br|table|span|h[1-6]|ul|article|section)\b[^<>]*>", re.I)
_TEXT_PROBE = 4096


def sniff(data: bytes, name: str = "") -> str:
    """Return what the content is: one of `KINDS`, or another word for what is not read (zip, exe, ofd …).

    `name` decides only between plain text and a fragment of HTML, which content alone cannot tell apart.

    :raises UnreadableFile: formats.truncated, formats.too-many-entries, formats.encrypted
    """
    head = data[:_TEXT_PROBE]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _sniff_zip(data)
    if head.startswith(compound.SIGNATURE):
        return _sniff_compound(data)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return _sniff_text(head, name)


def _sniff_text(head: bytes, name: str) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.decode("utf-16", "ignore").encode()
    if _HTML.match(start):
        return "html"
    if re.match(rb"\s*<\?xml", start):
        return "xml"
    if re.match(rb"MIME-Version:|From: <Saved by", start, re.I):
        return "mhtml"
    looks_marked = PurePath(name).suffix.lower() in (".html", ".htm", ".shtml")
    return "html" if looks_marked and _MARKUP.search(start.decode("latin-1")) else "txt"


def _sniff_zip(data: bytes) -> str:
    names = set(archive.list_names(data))
    for part, kind in _ZIP_PARTS:
        if part in names:
            return kind
    if "mimetype" in names:
        if b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:200]:
            return "odt"
        if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in data[:200]:
            return "ods"
    if "[Content_Types].xml" in names:
        return _sniff_moved_parts(data)
    return "zip"


def _sniff_moved_parts(data: bytes) -> str:
    """Tell a package whose main part has an unusual name by its declared content types."""
    types = archive.open_archive(data).entries["[Content_Types].xml"]
    if b"wordprocessingml.document.main+xml" in types:
        return "docx"
    return "xlsx" if b"spreadsheetml.sheet.main+xml" in types else "zip"


def _sniff_compound(data: bytes) -> str:
    names = compound.stream_names(data)
    if names is None:
        raise UnreadableFile("formats.truncated")
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise UnreadableFile("formats.encrypted")
    if compound.has_macros(names):
        raise UnreadableFile("formats.macros", part="VBA")
    if "WordDocument" in names:
        return "doc"
    if names & {"Workbook", "Book"}:
        return "xls"
    return "ppt" if "PowerPoint Document" in names else "ole"


def check_name(name: str, kind: str) -> None:
    """Refuse a kind that is not read, and a name that says something other than the content.

    :raises UnreadableFile: formats.ofd, formats.macros, formats.picture, formats.unknown-type,
        formats.name-lies
    """
    suffix = PurePath(name).suffix.lower()
    allowed = _ALLOWED.get(suffix)
    if suffix in (".docm", ".xlsm", ".dotm", ".xltm", ".xlsb", ".xlam"):
        raise UnreadableFile("formats.macros", part=suffix)
    if kind == "ofd":
        raise UnreadableFile("formats.ofd")
    if allowed is not None and kind not in allowed:
        raise UnreadableFile(
            "formats.name-lies", name=PurePath(name).name, suffix=suffix, actual=kind.upper()
        )
    if kind in ("png", "jpeg", "gif", "tiff", "webp"):
        raise UnreadableFile("formats.picture", actual=kind.upper())
    accepted = " ".join(SUFFIXES)
    if kind not in KINDS or (suffix and allowed is None):
        raise UnreadableFile(
            "formats.unknown-type", name=PurePath(name).name, actual=kind.upper(), accepted=accepted
        )
