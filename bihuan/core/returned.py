"""A list that comes back as a sheet: rows of text ─header by its words→ values and every fault by cell.

Nothing is guessed: a column that no list knows is named, a row without its number is a fault.

>>> found = header([("任务清单",), ("编号", "任务", "备注2")], {"编号": "number", "任务": "title"})
>>> found.columns, found.unknown
({0: 'number', 1: 'title'}, {2: '备注2'})
"""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType

from bihuan.core.source import NO_PARAMS, Params

HEADER_WITHIN = 10
PROGRESS = frozenset({"进度", "完成率", "百分比", "完成进度", "整改进度", "Progress", "Percent"})
MARK = "mark"

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_MARK = re.compile(r"([A-Z])(\d{1,18})\.(\d{1,9})")

Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell: its place (``F12``), its column, what it holds, and a code of the catalogue."""

    cell: str
    column: str
    text: str
    code: str
    params: Params = dataclasses.field(default_factory=lambda: NO_PARAMS)


@dataclass(frozen=True, slots=True)
class Header:
    """The header row: its index, the columns that are known by position, and the words that are not."""

    index: int
    columns: Mapping[int, str]
    unknown: Mapping[int, str]
    #: The name of the list whose words they are.
    listing: str = "tasks"


@dataclass(frozen=True, slots=True)
class Words:
    """What a sheet's words mean, in every language that a sheet may have been exported in."""

    states: Mapping[str, str]
    categories: Mapping[str, str]
    units: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Returned:
    """One row as it came back: its place, what names the task or problem, and the values that may be written."""

    row: int
    mark: tuple[int, int] | None
    number: str
    values: Mapping[str, Value]
    fixed: Mapping[str, str]


def header(
    rows: Sequence[Sequence[str]], words: Mapping[str, str], *, listing: str = "tasks"
) -> Header | None:
    """Return the header: the row, among the first ten, that names most columns; None without a number and one more."""
    best: Header | None = None
    for index, cells in enumerate(rows[:HEADER_WITHIN]):
        known, unknown = {}, {}
        for position, cell in enumerate(cells):
            word = _folded(cell)
            if word in words:
                known[position] = words[word]
            elif word:
                unknown[position] = cell.strip()
        if len(known) >= 2 and (best is None or len(known) > len(best.columns)):
            best = Header(index, known, unknown, listing)
    return best


def repeated(found: Header) -> list[str]:
    """Return the keys of columns that the header names twice; which of them is meant cannot be known."""
    keys = list(found.columns.values())
    return sorted({key for key in keys if keys.count(key) > 1})


def read_row(
    cells: Sequence[str], found: Header, words: Words, *, row: int
) -> tuple[Returned, list[CellFault]]:
    """Return what one row says and everything that is wrong with its cells. `row` counts from 1 as the sheet does."""
    values: dict[str, Value] = {}
    fixed: dict[str, str] = {}
    faults: list[CellFault] = []
    mark, number, readers = None, "", READERS[found.listing]
    for position, key in found.columns.items():
        text = cells[position].strip() if position < len(cells) else ""
        place = f"{letters(position)}{row}"
        if key == MARK:
            mark = _mark(text, found.listing)
            if text and mark is None:
                faults.append(CellFault(place, key, text, "findings.sheet-mark"))
        elif key == "number":
            number = text
        elif key in readers:
            field, reader = readers[key]
            try:
                values[field] = reader(text, words)
            except Unreadable as wrong:
                faults.append(CellFault(place, key, text[:60], wrong.code, wrong.params))
        else:
            fixed[key] = text
    faults.extend(_progress(cells, found, row=row))
    return Returned(row, mark, number, MappingProxyType(values), MappingProxyType(fixed)), faults


def letters(position: int) -> str:
    """Return the letters of a column.

    >>> letters(0), letters(26)
    ('A', 'AA')
    """
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def place_of(found: Header, field: str, row: int) -> str:
    """Return the cell in which a field stands, the row alone when the sheet has no such column."""
    for position, key in found.columns.items():
        if READERS[found.listing].get(key, (key,))[0] == field:
            return f"{letters(position)}{row}"
    return str(row)


class Unreadable(Exception):
    """A cell holds what its column does not take: a code of the catalogue with its parameters."""

    def __init__(self, code: str, **params: str | int | float | None) -> None:
        super().__init__(code)
        self.code = code
        self.params: Params = params


def _text(text: str, words: Words) -> Value:
    return text


def _day(text: str, words: Words) -> Value:
    return read_day(text)


def read_day(text: str) -> date | None:
    """Return the day that a cell holds, None for an empty one.

    :raises Unreadable: when it is no day.
    """
    if not text:
        return None
    found = _DAY.fullmatch(text)
    if found is None:
        raise Unreadable("findings.sheet-not-a-day")
    year, month, day = (int(part) for part in found.groups())
    if not 1 <= month <= 12:
        raise Unreadable("findings.sheet-no-month", month=month)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("findings.sheet-no-day", month=month, day=day) from None


def _state(text: str, words: Words) -> Value:
    if text not in words.states:
        raise Unreadable("findings.sheet-state")
    return words.states[text]


def _category(text: str, words: Words) -> Value:
    if text and text not in words.categories:
        raise Unreadable("findings.sheet-category")
    return words.categories[text] if text else ""


def _unit(text: str, words: Words) -> Value:
    if not text:
        return None
    if text not in words.units:
        near = get_close_matches(text, words.units, n=1, cutoff=0.3)
        if near:
            raise Unreadable("findings.sheet-unit-near", near=near[0])
        raise Unreadable("findings.sheet-unit")
    return words.units[text]


def _mark(text: str, listing: str) -> tuple[int, int] | None:
    found = _MARK.fullmatch(text)
    return (int(found[2]), int(found[3])) if found and found[1] == MARKS[listing] else None


def _progress(cells: Sequence[str], found: Header, *, row: int) -> Iterator[CellFault]:
    for position, word in found.unknown.items():
        text = cells[position].strip() if position < len(cells) else ""
        if word in PROGRESS and text:
            yield CellFault(f"{letters(position)}{row}", word, text[:60], "findings.sheet-progress")


def _folded(cell: str) -> str:
    """Return a heading without the blanks and breaks that people put in to make it look even."""
    return re.sub(r"\s+", "", cell)


Reader = Callable[[str, Words], Value]
#: The columns of each list that may be written back: the field and the reader of its text.
READERS: Mapping[str, Mapping[str, tuple[str, Reader]]] = MappingProxyType(
    {
        "tasks": MappingProxyType(
            {
                "title": ("title", _text),
                "unit": ("unit_id", _unit),
                "leader": ("leader", _text),
                "category": ("category", _category),
                "due_on": ("due_on", _day),
                "state": ("state", _state),
                "measures": ("measures", _text),
                "expected": ("expected", _text),
                "remark": ("remark", _text),
            }
        ),
        "problems": MappingProxyType(
            {"title": ("title", _text), "text": ("text", _text), "response": ("response", _text)}
        ),
    }
)
#: The letter of each list before the number of its row.
MARKS: Mapping[str, str] = MappingProxyType({"tasks": "T", "problems": "P"})
