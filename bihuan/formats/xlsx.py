"""Read a workbook: every visible sheet, every row, values as they are shown.

bytes ─open_archive→ parts ─SheetReader→ rows ─→ Line(role="row", cells=A…, place.cell="Sheet!A7")
Source: ECMA-376 Part 1, 18.2 (workbook), 18.3 (worksheets), 18.4 (shared strings).
"""

import posixpath
from collections.abc import Iterator, Sequence

from bihuan.core.source import Place, Remark, Source, UnreadableFile
from bihuan.formats import archive, limits, markup
from bihuan.formats.lines import LineCollector
from bihuan.formats.markup import Element
from bihuan.formats.xlsx_sheet import TRUE, SheetReader, column_name, string_of
from bihuan.formats.xlsx_values import NumberFormats

_HIDDEN = ("hidden", "veryHidden")


def read(name: str, data: bytes) -> Source:
    """Return the rows of a workbook; the cells of a row begin at column A.

    :raises UnreadableFile: see `archive.open_archive`, `markup.parse`, `SheetReader.rows`;
        formats.not-workbook, formats.no-text
    """
    book = _Book(archive.open_archive(data))
    collector = LineCollector()
    for sheet, part in book.visible_sheets():
        book.add_rows(collector, sheet, part)
    if not collector.lines:
        raise UnreadableFile("formats.no-text")
    return Source(name, "xlsx", tuple(collector.lines), warnings=tuple(book.remarks))


def read_whole(data: bytes) -> dict[str, list[tuple[int, Sequence[str]]]]:
    """Return every sheet by name, hidden ones too: its rows that hold anything, each with its number.

    :raises UnreadableFile: as of `read`
    """
    limits.check_size(data)
    book = _Book(archive.open_archive(data))
    return {name: book.rows(part) for name, part, _hidden in book.sheets()}


class _Book:
    """The parts of one workbook."""

    def __init__(self, opened: archive.Archive) -> None:
        self._entries = opened.entries
        self.remarks: list[Remark] = []
        if b"macroEnabled" in self._entries.get("[Content_Types].xml", b""):
            raise UnreadableFile("formats.macros", part="[Content_Types].xml")
        if opened.embedded:
            self.remarks.append(Remark("formats.embedded-left-out", {"count": len(opened.embedded)}))
        found = [part for _, kind, part in self._targets("_rels/.rels", "") if kind == "officeDocument"]
        self._main = next(iter(found), "xl/workbook.xml")
        self._root = self._parsed(self._main)
        folder, base = posixpath.split(self._main)
        self._links = list(self._targets(posixpath.join(folder, "_rels", base + ".rels"), folder))
        settings = next(self._root.iter("{*}workbookPr"), None)
        from_1904 = settings is not None and settings.get("date1904") in TRUE
        shared = self._part("sharedStrings")
        strings = [] if shared is None else [string_of(item) for item in shared.iter("{*}si")]
        self._reader = SheetReader(strings, NumberFormats(self._part("styles"), from_1904=from_1904))

    def _parsed(self, part: str) -> Element:
        if part not in self._entries:
            raise UnreadableFile("formats.not-workbook", part=part)
        return markup.parse(self._entries[part], part=part)

    def _part(self, kind: str) -> Element | None:
        return next((self._parsed(part) for _, found, part in self._links if found == kind), None)

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

    def visible_sheets(self) -> Iterator[tuple[str, str]]:
        """Yield (name, part) of the sheets in their order; a hidden one gives a remark instead."""
        for name, part, hidden in self.sheets():
            if hidden:
                self.remarks.append(Remark("formats.hidden-sheet", {"sheet": name}))
            else:
                yield name, part

    def rows(self, part: str) -> list[tuple[int, Sequence[str]]]:
        """Return the rows of a sheet that hold anything."""
        return [
            (row.number, row.texts) for row in self._reader.rows(self._entries[part], part) if any(row.texts)
        ]

    def sheets(self) -> Iterator[tuple[str, str, bool]]:
        """Yield (name, part, hidden) of the sheets in their order."""
        targets = {key: (kind, part) for key, kind, part in self._links}
        for node in self._root.iter("{*}sheet"):
            name = str(node.get("name") or "")
            key = next((value for attribute, value in node.attrib.items() if attribute.endswith("}id")), "")
            kind, part = targets.get(key, ("", ""))
            if kind == "worksheet":
                yield name, part, node.get("state") in _HIDDEN

    def add_rows(self, collector: LineCollector, sheet: str, part: str) -> None:
        """Add the rows of one sheet; a row that the sheet leaves out still uses up its ordinal."""
        above = collector.ordinal
        hidden = 0
        troubles: dict[str, tuple[int, Place]] = {}
        for row in self._reader.rows(self._entries[part], part):
            collector.ordinal = max(collector.ordinal, above + row.number - 1)
            collector.add_row(row.texts, cell=f"{sheet}!A{row.number}")
            hidden += row.is_hidden
            for code, column in row.troubles:
                here = Place(collector.ordinal, cell=f"{sheet}!{column_name(column)}{row.number}")
                count, first = troubles.get(code, (0, here))
                troubles[code] = (count + 1, first)
        if hidden:
            self.remarks.append(Remark("formats.hidden-rows", {"sheet": sheet, "count": hidden}))
        for code, (count, first) in troubles.items():
            self.remarks.append(Remark(code, {"cell": first.cell, "count": count}, first))
