"""Read a workbook: every visible sheet, every row, values as they are shown.

bytes ─open_archive→ parts ─iterparse→ rows ─formatted→ Line(role="row", cells=A…, place.cell="Sheet!A7")
Source: ECMA-376 Part 1, 18.3 (worksheets), 18.8.30 (numFmt).
"""

import io
import posixpath
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from bihuan.core.source import Place, Remark, Source, UnreadableFile
from bihuan.formats import archive, limits, markup
from bihuan.formats.lines import LineCollector
from bihuan.formats.markup import Element
from bihuan.formats.xlsx_values import NumberFormats, shown

_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MAX_COLUMN = 16_384
_MAX_ROW = 1_048_576
_TRUE = ("1", "true", "on")


def read(name: str, data: bytes) -> Source:
    """Return the rows of a workbook.

    :raises UnreadableFile: see `archive.open_archive` and `markup.parse`; formats.not-workbook, formats.too-many-cells,
        formats.no-text
    """
    book = _Book(archive.open_archive(data))
    collector = LineCollector()
    for sheet, part in book.sheets:
        book.add_rows(collector, sheet, part)
    if not collector.lines:
        raise UnreadableFile("formats.no-text")
    return Source(name, "xlsx", tuple(collector.lines), warnings=tuple(book.remarks))


class _Book:
    """The parts of one workbook."""

    def __init__(self, opened: archive.Archive) -> None:
        self._entries = opened.entries
        self.remarks: list[Remark] = []
        if b"macroEnabled" in self._entries.get("[Content_Types].xml", b""):
            raise UnreadableFile("formats.macros", part="[Content_Types].xml")
        if opened.embedded:
            self.remarks.append(Remark("formats.embedded-left-out", {"count": len(opened.embedded)}))
        found = [target for kind, target in self._relations("_rels/.rels", "") if kind == "officeDocument"]
        self._main = next((target for target in found if target in self._entries), "xl/workbook.xml")
        if self._main not in self._entries:
            raise UnreadableFile("formats.not-workbook", part=self._main)
        root = _named(markup.parse(self._entries[self._main], part=self._main))
        folder, base = posixpath.split(self._main)
        self._folder, self._links = folder, posixpath.join(folder, "_rels", base + ".rels")
        self.sheets = list(self._visible_sheets(root))
        settings = next(root.iter("workbookPr"), None)
        from_1904 = settings is not None and settings.get("date1904") in _TRUE
        self._strings = [_text(item) for item in self._items("sharedStrings", "si")]
        styles = next(self._parts("styles"), None)
        self._formats = NumberFormats(None if styles is None else self._root(styles), from_1904=from_1904)
        self._cells = 0
        self._wrong: dict[str, tuple[int, Place]] = {}

    def _root(self, part: str) -> Element:
        return _named(markup.parse(self._entries[part], part=part))

    def _parts(self, kind: str) -> Iterator[str]:
        return (target for found, target in self._relations(self._links, self._folder) if found == kind)

    def _items(self, kind: str, tag: str) -> Iterator[Element]:
        for part in self._parts(kind):
            if part in self._entries:
                yield from self._root(part).iter(tag)

    def _relations(self, part: str, folder: str) -> Iterator[tuple[str, str]]:
        for _, kind, target in self._targets(part, folder):
            yield kind, target

    def _targets(self, part: str, folder: str) -> Iterator[tuple[str, str, str]]:
        """Yield (id, kind, part) of the relations inside the file; what lies outside is never followed."""
        if part not in self._entries:
            return
        for node in markup.parse(self._entries[part], part=part):
            if node.get("TargetMode") == "External":
                continue
            target = node.get("Target") or ""
            path = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            if path in self._entries:
                yield str(node.get("Id")), str(node.get("Type") or "").rsplit("/", 1)[-1], path

    def _visible_sheets(self, root: Element) -> Iterator[tuple[str, str]]:
        targets = {key: (kind, part) for key, kind, part in self._targets(self._links, self._folder)}
        for node in root.iter("sheet"):
            name = str(node.get("name") or "")
            key = next((value for attribute, value in node.attrib.items() if attribute.endswith("}id")), "")
            kind, part = targets.get(key, ("", ""))
            if kind != "worksheet":
                continue
            if node.get("state") in ("hidden", "veryHidden"):
                self.remarks.append(Remark("formats.hidden-sheet", {"sheet": name}))
                continue
            yield name, part

    def add_rows(self, collector: LineCollector, sheet: str, part: str) -> None:
        """Add the rows of one sheet; a row that the sheet leaves out still uses up its ordinal."""
        above = collector.ordinal
        self._wrong.clear()
        hidden = 0
        for number, cells, is_hidden in self._rows(part):
            collector.ordinal = max(collector.ordinal, above + number - 1)
            hidden += is_hidden
            collector.add_row(self._row_texts(cells, sheet, number), cell=f"{sheet}!A{number}")
        if hidden:
            self.remarks.append(Remark("formats.hidden-rows", {"sheet": sheet, "count": hidden}))
        for code, (count, place) in self._wrong.items():
            self.remarks.append(Remark(code, {"cell": place.cell, "count": count}, place))

    def _row_texts(self, cells: Mapping[int, Element], sheet: str, number: int) -> list[str]:
        texts = [""] * (max(cells, default=-1) + 1)
        for column, cell in cells.items():
            texts[column] = self._cell_text(cell, f"{sheet}!{column_name(column)}{number}")
        return texts

    def _cell_text(self, cell: Element, place: str) -> str:
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _text(cell.find("is"))
        value: str | None = cell.findtext("v")
        if value is None:
            if cell.find("f") is not None:
                self._note("formats.formula-without-value", place)
            return ""
        if kind == "s":
            index = int(value) if value.strip().isdigit() else -1
            return self._strings[index] if 0 <= index < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        if kind == "e":
            self._note("formats.cell-error", place)
            return value
        return shown(value, self._formats, cell.get("s")) if kind == "n" else value

    def _note(self, code: str, cell: str) -> None:
        count, place = self._wrong.get(code, (0, Place(1, cell=cell)))
        self._wrong[code] = (count + 1, place)

    def _rows(self, part: str) -> Iterator[tuple[int, dict[int, Element], bool]]:
        """Yield (row number, cells by column from 0, hidden) and forget each row after it."""
        events = etree.iterparse(
            io.BytesIO(self._entries[part]),
            events=("end",),
            tag="{*}row",
            no_network=True,
            resolve_entities=False,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        last = 0
        try:
            for _, node in events:
                _named(node)
                number = _whole(node.get("r"), last + 1, _MAX_ROW)
                if number <= last:
                    number = last + 1
                last = number
                yield number, self._cells_of(node), node.get("hidden") in _TRUE and len(node) > 0
                _forget(node)
        except etree.XMLSyntaxError as error:
            raise UnreadableFile("formats.broken-xml", part=part) from error

    def _cells_of(self, node: Element) -> dict[int, Element]:
        cells: dict[int, Element] = {}
        column = -1
        for cell in node:
            found = _REFERENCE.fullmatch(cell.get("r") or "")
            column = min(_column(found.group(1)) if found else column + 1, _MAX_COLUMN - 1)
            if len(cell):
                cells[column] = cell
        # Counted as wide as the row will be: a lone cell far to the right costs all the empty ones before it.
        self._cells += max(cells, default=0) + 1
        if self._cells > limits.CELLS:
            raise UnreadableFile("formats.too-many-cells", limit=limits.CELLS)
        return cells


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


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _whole(text: str | None, default: int, limit: int) -> int:
    return min(int(text), limit) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


def _named(root: Element) -> Element:
    """Take the namespace off every tag: the transitional and the strict form differ only there."""
    for node in root.iter("*"):
        node.tag = node.tag.rpartition("}")[2]
    return root


def _text(node: Element | None) -> str:
    """Return the text of a string item: its runs, without the readings (phonetic) printed above them."""
    if node is None:
        return ""
    return "".join(
        item.text or "" for item in node.iter("t") if item.getparent().tag != "rPh"
    )  # fmt: skip


def _forget(node: Element) -> None:
    """Free a row that was read and what stands before it."""
    node.clear()
    while node.getprevious() is not None:
        del node.getparent()[0]
