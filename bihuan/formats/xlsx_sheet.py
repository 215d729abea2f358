"""Read the rows of one worksheet as a stream.

part ─iterparse→ row elements ─SheetReader.rows→ Row(number, texts of its cells from column A)
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from bihuan.core.source import UnreadableFile
from bihuan.formats import limits
from bihuan.formats.markup import Element
from bihuan.formats.xlsx_values import NumberFormats, shown

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
TRUE = ("1", "true", "on")


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `troubles` are (code, column) of cells whose formula gives an error or has no result."""

    number: int
    texts: Sequence[str]
    is_hidden: bool
    troubles: Sequence[tuple[str, int]]


class SheetReader:
    """Read the sheets of one workbook, which share their strings, formats and the limit on cells."""

    def __init__(self, strings: Sequence[str], formats: NumberFormats) -> None:
        self._strings = strings
        self._formats = formats
        self._cells = 0

    def rows(self, data: bytes, part: str) -> Iterator[Row]:
        """Yield the rows that the sheet holds and forget each after it.

        :raises UnreadableFile: formats.broken-xml, formats.too-many-cells
        """
        events = etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            tag="{*}row",
            no_network=True,
            resolve_entities=False,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        last = 0
        try:
            for _, node in events:
                last = max(_row_number(node.get("r"), last + 1), last + 1)
                yield self._row(node, last)
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise UnreadableFile("formats.broken-xml", part=part) from error

    def _row(self, node: Element, number: int) -> Row:
        space = node.tag.rpartition("}")[0] + "}" if "}" in node.tag else ""
        texts: list[str] = []
        troubles: list[tuple[str, int]] = []
        column = -1
        for cell in node:
            column = column_index((cell.get("r") or "").rstrip("0123456789"), column + 1)
            if not len(cell):
                continue
            text = self._text(cell, space)
            if text is None or cell.get("t") == "e":
                troubles.append(("formats.cell-error" if text else "formats.formula-without-value", column))
            if text:
                # A cell that stands twice or before its place comes from a damaged file: the later one wins.
                texts.extend([""] * (column + 1 - len(texts)))
                texts[column] = text
        # Counted as wide as the row is: a lone cell far to the right costs all the empty ones before it.
        self._cells += len(texts) + 1
        if self._cells > limits.CELLS:
            raise UnreadableFile("formats.too-many-cells", limit=limits.CELLS)
        return Row(number, texts, node.get("hidden") in TRUE and bool(texts), troubles)

    def _text(self, cell: Element, space: str) -> str | None:
        """Return what the cell shows, None for a formula without its result."""
        kind = cell.get("t")
        formula = False
        for item in cell:
            if item.tag == f"{space}v" and item.text:
                return self._shown(kind, item.text, cell.get("s"))
            if item.tag == f"{space}is":
                return string_of(item)
            formula = formula or item.tag == f"{space}f"
        # A formula whose result is the empty text says so by its kind.
        return None if formula and kind != "str" else ""

    def _shown(self, kind: str | None, value: str, style: str | None) -> str:
        if kind is None or kind == "n":
            return shown(value, self._formats, style)
        if kind == "s":
            index = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else -1
            return self._strings[index] if 0 <= index < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        return value


def string_of(node: Element) -> str:
    """Return the text of a string item: its runs, without the readings (rPh) that are printed above them."""
    pieces = []
    for item in node.iter("{*}t"):
        if not item.getparent().tag.endswith("rPh"):
            pieces.append(item.text or "")
    return "".join(pieces)


@lru_cache(maxsize=4_096)
def column_index(letters: str, following: int) -> int:
    """Return the column of its letters counted from 0; a cell without its own place is the following one.

    >>> [column_index(text, 0) for text in ("A", "Z", "AA", "XFD")]
    [0, 25, 26, 16383]
    """
    if not 1 <= len(letters) <= 3 or not (letters.isascii() and letters.isalpha() and letters.isupper()):
        return min(following, MAX_COLUMN - 1)
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return min(index, MAX_COLUMN) - 1


def column_name(index: int) -> str:
    """Return the letters of a column counted from 0.

    >>> [column_name(n) for n in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _row_number(text: str | None, default: int) -> int:
    known = text is not None and text.isascii() and text.isdigit() and len(text) < 9
    return min(int(text), MAX_ROW) if text is not None and known else default
