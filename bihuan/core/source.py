"""A document as bytes became lines: what `formats` hands to `reading`.

file bytes ─formats.read_bytes→ Source(lines with their places) ─reading.read→ Document
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Params = Mapping[str, str | int | float | None]
NO_PARAMS: Params = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands in its file: 1-based `line` of the extracted text, `page` and `cell` where there are such."""

    line: int
    page: int | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell a person, as a code of the catalogue with its parameters.

    The code's prefix names the catalogue file: ``reading.damaged-text`` is found in ``reading.po``.
    """

    code: str
    params: Params = field(default_factory=lambda: NO_PARAMS)
    place: Place | None = None


LineRole = Literal["text", "row", "chrome"]


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph (or one table row) of the document.

    `text` is the paragraph as printed, with automatic numbering written out and without line breaks; a blank paragraph
    gives no Line but still counts in `place.line`. For a table row, `role` is "row", `cells` holds the cells and `text`
    joins them with a tab. "chrome" marks what the format itself knows to be page furniture (running head, page number,
    navigation); it is kept so that every character is accounted for. `level` is the outline level (1…9) when the format
    says that the paragraph is a heading.
    """

    text: str
    place: Place
    role: LineRole = "text"
    cells: tuple[str, ...] = ()
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file turned into lines. `format` is txt, html, docx, pdf or xlsx; `encoding` only for text."""

    name: str
    format: str
    lines: tuple[Line, ...]
    encoding: str | None = None
    warnings: tuple[Remark, ...] = field(default=())


class UnreadableFile(Exception):
    """A file cannot be read. `code` and `params` say why and what to do, as a message of ``formats.po``."""

    def __init__(self, code: str, **params: str | int | float | None) -> None:
        super().__init__(code)
        self.code = code
        self.params: Params = params
