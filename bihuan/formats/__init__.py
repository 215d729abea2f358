"""Bytes of any accepted file ↔ values of core. Reading is one function; each format is one module behind it.

bytes ─sniff→ kind ─check_name→ ─READERS[kind]→ Source(lines with their places)
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from bihuan.core.source import Source, UnreadableFile
from bihuan.formats import docx, html, limits, office, pdf, txt, xls, xlsx
from bihuan.formats.detect import SUFFIXES, check_name, sniff

__all__ = ["READERS", "SUFFIXES", "read_bytes", "read_file", "read_path", "sniff"]

READERS: Mapping[str, Callable[[str, bytes], Source]] = MappingProxyType(
    {
        "txt": txt.read,
        "html": html.read,
        "docx": docx.read,
        "pdf": pdf.read,
        "xlsx": xlsx.read,
        "xls": xls.read,
        "doc": office.read_text_document,
        "rtf": office.read_text_document,
        "odt": office.read_text_document,
        "ods": office.read_workbook,
    }
)


def read_bytes(name: str, data: bytes) -> Source:
    """Return the lines of a file; `name` is only compared with what the content is.

    :raises UnreadableFile: the one exception that any content ends in; see ``formats.po`` for every code
    """
    limits.check_size(data)
    kind = sniff(data, name)
    check_name(name, kind)
    # A fragment of a page under .html may hold no tag that tells it from text.
    reader = html.read if name.lower().endswith((".html", ".htm", ".shtml")) else READERS[kind]
    try:
        return reader(name, data)
    except (RecursionError, MemoryError) as error:
        raise UnreadableFile("formats.too-deep") from error


def read_file(path: Path) -> Source:
    """Read the file at `path`.

    :raises UnreadableFile: all of `read_path` and `read_bytes`
    """
    return read_bytes(path.name, read_path(path))


def read_path(path: Path) -> bytes:
    """Return the content of the file at `path`.

    :raises UnreadableFile: formats.no-such-file, formats.cannot-open, formats.too-large
    """
    try:
        if path.stat().st_size > limits.FILE_BYTES:
            size = f"{path.stat().st_size / limits.MEGABYTE:.1f}"
            raise UnreadableFile("formats.too-large", size=size, limit=limits.FILE_BYTES // limits.MEGABYTE)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile("formats.no-such-file", name=path.name) from error
    except (OSError, ValueError) as error:
        raise UnreadableFile("formats.cannot-open", name=path.name) from error
