"""The sheets of a workbook form: shown as a grid, their cells filled in the sheet's own XML, styles untouched."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lxml import etree

from bihuan.core.form_mapping import GridCell, GridTable, Value, Write
from bihuan.core.refusal import Refused
from bihuan.formats import limits, markup
from bihuan.formats.form_docx import markup_clean
from bihuan.formats.xlsx_sheet import column_index, column_name, string_of

if TYPE_CHECKING:
    from bihuan.formats.form_fill import Parts

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
MOST_ROWS, MOST_COLUMNS = 300, 60
#: A form may leave the cells to be filled without any mark of their own; so many are shown beyond the last one held.
BEYOND = 2
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def grid(parts: "Parts") -> tuple[GridTable, ...]:
    """Return the visible sheets; cells that a merged one covers are left out, formulas say that they are."""
    strings = _strings(parts)
    made = []
    for name, part in _sheets(parts):
        root = parts.root(part)
        merged = dict(_merged(root))
        covered = {at for first, (rows, columns) in merged.items() for at in _inside(first, rows, columns)}
        cells = {_at(cell.get("r", "")): cell for cell in root.iter(f"{S}c")}
        last_row = min(max((row for row, _ in cells), default=0) + BEYOND, MOST_ROWS)
        last_column = min(max((column for _, column in cells), default=-1) + BEYOND, MOST_COLUMNS - 1)
        rows = []
        for line in range(1, last_row + 1):
            rows.append(
                tuple(
                    _grid_cell(
                        name,
                        (line, column),
                        cells.get((line, column)),
                        strings,
                        merged.get((line, column), (1, 1)),
                    )
                    for column in range(last_column + 1)
                    if (line, column) not in covered
                )
            )
        made.append(GridTable(name, tuple(rows)))
    return tuple(made)


def fill(parts: "Parts", writes: Sequence[Write]) -> dict[str, markup.Element]:
    """Fill the cells and return the changed parts: the sheets, and the workbook when it holds formulas to compute.

    :raises Refused: forms.place, forms.no-room, forms.formula
    """
    sheets = dict(_sheets(parts))
    changed: dict[str, markup.Element] = {}
    room: dict[str, int] = {}
    for one in writes:
        name, _mark, place = one.place.rpartition("!")
        found = _CELL.fullmatch(place)
        if found is None or name not in sheets:
            raise Refused("forms.place", place=one.place[:40])
        root = changed.setdefault(sheets[name], parts.root(sheets[name]))
        column, line = column_index(found[1], 0), int(found[2])
        if one.repeats and len(one.values) > 1:
            columns = [column_index(_column(other.place), 0) for other in writes if other.repeats]
            if name not in room:
                room[name] = _room(root, line, columns, len(one.values))
            if room[name] < len(one.values):
                raise Refused("forms.no-room", place=one.place, room=room[name], rows=len(one.values))
        for offset, value in enumerate(one.values):
            _put(root, line + offset, column, value, pattern=line)
    if any(next(parts.root(part).iter(f"{S}f"), None) is not None for part in sheets.values()):
        changed[_book(parts)] = _computing(parts.root(_book(parts)))
    return changed


def _book(parts: "Parts") -> str:
    return "xl/workbook.xml"


def _sheets(parts: "Parts") -> Iterator[tuple[str, str]]:
    """Yield (name, part) of the visible sheets in their order."""
    links = parts.root("xl/_rels/workbook.xml.rels")
    targets = {
        node.get("Id"): node.get("Target") or "" for node in links if node.get("TargetMode") != "External"
    }
    for node in parts.root(_book(parts)).iter(f"{S}sheet"):
        target = targets.get(node.get(R), "")
        part = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if node.get("state") not in ("hidden", "veryHidden") and "worksheets/" in part and part in parts.raw:
            yield str(node.get("name")), part


def _strings(parts: "Parts") -> list[str]:
    if "xl/sharedStrings.xml" not in parts.raw:
        return []
    return [string_of(item) for item in parts.root("xl/sharedStrings.xml").iter(f"{S}si")]


def _grid_cell(
    sheet: str,
    at: tuple[int, int],
    cell: markup.Element | None,
    strings: Sequence[str],
    span: tuple[int, int],
) -> GridCell:
    place = f"{sheet}!{column_name(at[1])}{at[0]}"
    if cell is None:
        return GridCell(place, "", columns=span[1], rows=span[0])
    formula = cell.find(f"{S}f") is not None
    text = _shown(cell, strings)
    return GridCell(place, text, columns=span[1], rows=span[0], why_not="forms.formula" if formula else "")


def _shown(cell: markup.Element, strings: Sequence[str]) -> str:
    if cell.get("t") == "inlineStr":
        inside = cell.find(f"{S}is")
        return string_of(inside) if inside is not None else ""
    value = cell.findtext(f"{S}v") or ""
    if cell.get("t") == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    return value


def _at(reference: str) -> tuple[int, int]:
    found = _CELL.fullmatch(reference)
    return (int(found[2]), column_index(found[1], 0)) if found else (0, -1)


def _column(place: str) -> str:
    found = _CELL.fullmatch(place.rpartition("!")[2])
    return found[1] if found else "A"


def _merged(root: markup.Element) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for node in root.iter(f"{S}mergeCell"):
        first, _mark, last = (node.get("ref") or "").partition(":")
        (top, left), (bottom, right) = _at(first), _at(last or first)
        if 0 < top <= bottom <= limits.LINES and 0 <= left <= right:
            yield (top, left), (bottom - top + 1, right - left + 1)


def _inside(first: tuple[int, int], rows: int, columns: int) -> Iterator[tuple[int, int]]:
    for line in range(min(rows, MOST_ROWS)):
        for column in range(min(columns, MOST_COLUMNS)):
            if line or column:
                yield first[0] + line, first[1] + column


def _room(root: markup.Element, line: int, columns: Sequence[int], count: int) -> int:
    """Return how many rows from `line` on are free in these columns; below the last row of the sheet all are."""
    held = [_at(cell.get("r", "")) for cell in root.iter(f"{S}c") if len(cell)]
    merges = [
        at
        for first, (rows, wide) in _merged(root)
        for at in ((first,) if rows > 1 else ()) + tuple(_inside(first, rows, wide))
    ]
    taken = {row for row, column in (*held, *merges) if row > line and column in columns}
    room = 1
    while room < count and line + room not in taken:
        room += 1
    return room


def _put(root: markup.Element, line: int, column: int, value: Value, *, pattern: int) -> None:
    """Write a value into a cell, which keeps its style; a cell that is new takes the style of the row `pattern`."""
    data = root.find(f"{S}sheetData")
    row = _row(data, line, pattern)
    reference = f"{column_name(column)}{line}"
    cell = next((one for one in row.iterchildren(f"{S}c") if one.get("r") == reference), None)
    if cell is None:
        cell = etree.Element(f"{S}c", r=reference)
        model = _find(data, pattern, column)
        if model is not None and model.get("s"):
            cell.set("s", model.get("s"))
        after = [one for one in row.iterchildren(f"{S}c") if _at(one.get("r", ""))[1] < column]
        if after:
            after[-1].addnext(cell)
        else:
            row.insert(0, cell)
    if cell.find(f"{S}f") is not None:
        raise Refused("forms.formula", place=reference)
    for child in list(cell):
        cell.remove(child)
    if "t" in cell.attrib:
        del cell.attrib["t"]
    if isinstance(value, int):
        etree.SubElement(cell, f"{S}v").text = str(value)
    elif value:
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{S}is"), f"{S}t")
        text.set(SPACE, "preserve")
        text.text = "\n".join(markup_clean(part) for part in value.splitlines())


def _row(data: markup.Element, line: int, pattern: int) -> markup.Element:
    before: markup.Element = None
    model: markup.Element = None
    for row in data.iterchildren(f"{S}row"):
        number = int(row.get("r") or 0)
        if number == line:
            return row
        if number == pattern:
            model = row
        if number < line:
            before = row
    fresh = etree.Element(f"{S}row", r=str(line))
    for name in ("ht", "customHeight", "s", "customFormat") if model is not None else ():
        if model.get(name):
            fresh.set(name, model.get(name))
    if before is None:
        data.insert(0, fresh)
    else:
        before.addnext(fresh)
    return fresh


def _find(data: markup.Element, line: int, column: int) -> markup.Element | None:
    reference = f"{column_name(column)}{line}"
    return next((cell for cell in data.iter(f"{S}c") if cell.get("r") == reference), None)


def _computing(root: markup.Element) -> markup.Element:
    """Ask the program that opens it to compute the formulas anew: their kept results are those before the filling."""
    found = root.find(f"{S}calcPr")
    if found is None:
        found = etree.Element(f"{S}calcPr")
        known = ("definedNames", "externalReferences", "functionGroups", "sheets")
        after = next(node for name in known if (node := root.find(f"{S}{name}")) is not None)
        after.addnext(found)
    found.set("fullCalcOnLoad", "1")
    return root
