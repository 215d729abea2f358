"""The tables of a Word form: shown as a grid, their cells filled with the run formatting that stands there."""

import copy
import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lxml import etree

from bihuan.core.form_mapping import GridCell, GridTable, Value, Write
from bihuan.core.refusal import Refused
from bihuan.formats import markup

if TYPE_CHECKING:
    from bihuan.formats.form_fill import Parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
DOCUMENT = "word/document.xml"


def grid(parts: "Parts") -> tuple[GridTable, ...]:
    """Return the tables in the order of the document; a cell merged into the one above is left out."""
    made = []
    for number, table in enumerate(_tables(parts), 1):
        rows = []
        for line, row in enumerate(table.iterchildren(f"{W}tr"), 1):
            cells = [
                GridCell(f"T{number}R{line}C{place}", _text(cell), columns=_span(cell))
                for place, cell in enumerate(row.iterchildren(f"{W}tc"), 1)
                if not _continues(cell)
            ]
            rows.append(tuple(cells))
        made.append(GridTable(f"T{number}", tuple(rows)))
    return tuple(made)


def fill(parts: "Parts", writes: Sequence[Write]) -> dict[str, markup.Element]:
    """Fill the cells and return the changed part; rows that the form has not are copies of its last empty one.

    :raises Refused: forms.place
    """
    tables = _tables(parts)
    again = [one for one in writes if one.repeats]
    for one in writes:
        if not one.repeats:
            table, line, place = _split(one.place)
            _put(_cell(_rows(tables, table, one), line, place, one), one.values[0])
    if again:
        table, line, _place = _split(again[0].place)
        rows = _with_room(
            _rows(tables, table, again[0]),
            line,
            [_split(one.place)[2] for one in again],
            len(again[0].values),
        )
        for one in again:
            for offset, value in enumerate(one.values or ("",)):
                _put(_cell(rows, line + offset, _split(one.place)[2], one), value)
    return {_part(parts): parts.root(_part(parts))}


def _part(parts: "Parts") -> str:
    if DOCUMENT in parts.raw:
        return DOCUMENT
    return next(
        (
            name
            for name in parts.raw
            if posixpath.basename(name).startswith("document") and name.endswith(".xml")
        ),
        DOCUMENT,
    )


def _tables(parts: "Parts") -> list[markup.Element]:
    return list(parts.root(_part(parts)).iter(f"{W}tbl"))


def _split(place: str) -> tuple[int, int, int]:
    try:
        table, rest = place.removeprefix("T").split("R")
        line, cell = rest.split("C")
        return int(table), int(line), int(cell)
    except ValueError as error:
        raise Refused("forms.place", place=place[:40]) from error


def _rows(tables: Sequence[markup.Element], number: int, one: Write) -> list[markup.Element]:
    if not 1 <= number <= len(tables):
        raise Refused("forms.place", place=one.place)
    return list(tables[number - 1].iterchildren(f"{W}tr"))


def _cell(rows: Sequence[markup.Element], line: int, place: int, one: Write) -> markup.Element:
    cells = list(rows[line - 1].iterchildren(f"{W}tc")) if 1 <= line <= len(rows) else []
    if not 1 <= place <= len(cells) or _continues(cells[place - 1]):
        raise Refused("forms.place", place=one.place)
    return cells[place - 1]


def _with_room(
    rows: list[markup.Element], line: int, places: Sequence[int], count: int
) -> list[markup.Element]:
    """Return the rows of a table with `count` rows to fill from `line` on; copies of the last empty row are added."""
    room = 1
    while (
        room < count and line + room <= len(rows) and _is_empty(rows[line + room - 1], places, rows[line - 1])
    ):
        room += 1
    last = rows[line + room - 2]
    added: list[markup.Element] = []
    for _number in range(count - room):
        fresh = copy.deepcopy(last)
        for name in [name for name in fresh.attrib if name.rpartition("}")[2] in ("paraId", "textId")]:
            del fresh.attrib[name]
        for node in fresh.iter():
            for name in [name for name in node.attrib if name.rpartition("}")[2] in ("paraId", "textId")]:
                del node.attrib[name]
        (added[-1] if added else last).addnext(fresh)
        added.append(fresh)
    return [*rows[: line + room - 1], *added, *rows[line + room - 1 :]]


def _is_empty(row: markup.Element, places: Sequence[int], pattern: markup.Element) -> bool:
    cells, wanted = list(row.iterchildren(f"{W}tc")), list(pattern.iterchildren(f"{W}tc"))
    return len(cells) == len(wanted) and all(
        not _text(cells[place - 1]).strip() and not _continues(cells[place - 1]) for place in places
    )


def _put(cell: markup.Element, value: Value) -> None:
    """Write a value into a cell: its first paragraph and the formatting of its first run stay."""
    paragraphs = list(cell.iterchildren(f"{W}p"))
    first = paragraphs[0] if paragraphs else etree.SubElement(cell, f"{W}p")
    format_ = next(first.iter(f"{W}rPr"), None)
    runs = list(first.iterchildren(f"{W}r"))
    own = next((run.find(f"{W}rPr") for run in runs if run.find(f"{W}rPr") is not None), None)
    format_ = own if own is not None else format_
    for child in list(first):
        if child.tag != f"{W}pPr":
            first.remove(child)
    for more in paragraphs[1:]:
        cell.remove(more)
    run = etree.SubElement(first, f"{W}r")
    if format_ is not None:
        run.append(copy.deepcopy(format_))
    for number, line in enumerate(("" if value is None else str(value)).splitlines()):
        if number:
            etree.SubElement(run, f"{W}br")
        text = etree.SubElement(run, f"{W}t")
        text.set(SPACE, "preserve")
        text.text = markup_clean(line)


def markup_clean(text: str) -> str:
    """Return `text` without the characters that XML cannot hold."""
    return "".join(
        char
        for char in text
        if char in "\t" or (char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff")
    )


def _text(cell: markup.Element) -> str:
    lines = ["".join(node.text or "" for node in one.iter(f"{W}t")) for one in cell.iterchildren(f"{W}p")]
    return "\n".join(lines).strip()


def _span(cell: markup.Element) -> int:
    found = cell.find(f"{W}tcPr/{W}gridSpan")
    value = found.get(f"{W}val", "1") if found is not None else "1"
    return int(value) if value.isdecimal() and 1 <= int(value) <= 100 else 1


def _continues(cell: markup.Element) -> bool:
    found = cell.find(f"{W}tcPr/{W}vMerge")
    return found is not None and found.get(f"{W}val", "continue") != "restart"
