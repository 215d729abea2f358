"""What goes into which cell of a superior's form: mapped once, filled exactly ever after.

grid of a form + clicked cells ─mapping→ places and fields ─writes (values)→ one text or number a cell

A place is ``Sheet1!C5`` in a workbook and ``T1R2C3`` in a document: table, row and cell, counted from 1.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault

Value = str | int | None

#: subject of a form → fields that stand once.
ONCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "inspection": (
            "inspection.title", "inspection.organisation", "inspection.authority", "inspection.team",
            "inspection.subject", "inspection.feedback_on", "filled_on", "tally.findings", "tally.problems",
            "tally.tasks", "tally.completed", "tally.basically_completed", "tally.long_term", "tally.doing",
            "tally.waiting", "tally.todo", "tally.institutions",
        ),
        "problem": (
            "problem.number", "problem.title", "problem.text", "problem.response", "problem.finding",
            "inspection.title", "inspection.organisation", "inspection.feedback_on", "filled_on",
        ),
        "task": (
            "task.number", "task.title", "task.measures", "task.unit", "task.leader", "task.category",
            "task.first_due_on", "task.due_on", "task.state", "task.expected", "problem.number", "problem.title",
            "inspection.title", "inspection.organisation", "filled_on",
        ),
    }
)  # fmt: skip
#: Fields that make a row of their own for each task or problem; a form has rows of one kind.
TASK_ROW = (
    "row.place", "task.number", "task.title", "task.measures", "task.unit", "task.leader", "task.category",
    "task.first_due_on", "task.due_on", "task.state", "task.expected", "problem.number", "problem.title",
)  # fmt: skip
PROBLEM_ROW = (
    "row.place",
    "problem.number",
    "problem.title",
    "problem.text",
    "problem.response",
    "problem.finding",
)
SUBJECTS = tuple(ONCE)

_SHEET_PLACE = re.compile(r"(?P<sheet>[^\[\]:*?/\\]{1,31})!(?P<column>[A-Z]{1,3})(?P<row>[1-9]\d{0,6})")
_TABLE_PLACE = re.compile(r"T(?P<table>[1-9]\d{0,3})R(?P<row>[1-9]\d{0,4})C(?P<cell>[1-9]\d{0,2})")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as the page shows it. `why_not`: the code of why nothing may be put there, empty when it may."""

    place: str
    text: str
    columns: int = 1
    rows: int = 1
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class GridTable:
    """One table of a document or one sheet of a workbook, its covered cells left out."""

    name: str
    rows: tuple[tuple[GridCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """One cell with the field that goes into it; `repeats`: once a row, from this row down."""

    place: str
    field: str
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """What is to be written: `column` of values from `place` downwards, one value when it stands once."""

    place: str
    values: tuple[Value, ...]
    repeats: bool = False


def row_fields(subject: str) -> tuple[str, ...]:
    """Return the fields that may repeat in a form of this subject.

    >>> row_fields("task")
    ()
    """
    return {"inspection": tuple(dict.fromkeys((*TASK_ROW, *PROBLEM_ROW))), "problem": TASK_ROW}.get(
        subject, ()
    )


def split_place(place: str) -> tuple[str, int]:
    """Return the table or sheet of a place, and its row.

    :raises Refused: forms.place, for what is no place.
    """
    found = _SHEET_PLACE.fullmatch(place)
    if found:
        return found["sheet"], int(found["row"])
    found = _TABLE_PLACE.fullmatch(place)
    if found is None:
        raise Refused("forms.place", place=place[:40])
    return f"T{found['table']}", int(found["row"])


def mapping_faults(cells: Sequence[Mapped], *, subject: str, grid: Sequence[GridTable]) -> list[FieldFault]:
    """Return every fault of a mapping: unknown places and fields, a place twice, rows of two kinds or two lines."""
    open_cells = {cell.place: cell.why_not for table in grid for row in table.rows for cell in row}
    faults = []
    seen: set[str] = set()
    for cell in cells:
        if cell.place not in open_cells:
            faults.append(FieldFault("place", "forms.place", {"place": cell.place[:40]}))
        elif open_cells[cell.place]:
            faults.append(FieldFault("place", open_cells[cell.place], {"place": cell.place}))
        if cell.field not in (row_fields(subject) if cell.repeats else ONCE[subject]):
            faults.append(
                FieldFault("field", "forms.field", {"field": cell.field[:40], "place": cell.place[:40]})
            )
        if cell.place in seen:
            faults.append(FieldFault("place", "forms.place-twice", {"place": cell.place}))
        seen.add(cell.place)
    lines = {split_place(cell.place) for cell in cells if cell.repeats and cell.place in open_cells}
    if len(lines) > 1:
        faults.append(FieldFault("repeats", "forms.rows-apart"))
    if kind_of_rows(cells) is None:
        faults.append(FieldFault("repeats", "forms.rows-mixed"))
    return faults


def kind_of_rows(cells: Sequence[Mapped]) -> str | None:
    """Return what the repeating rows are: task, problem, or empty for none; None when they are of both."""
    fields = {cell.field for cell in cells if cell.repeats}
    if not fields:
        return ""
    if fields <= set(PROBLEM_ROW):
        return "problem"
    return "task" if fields <= set(TASK_ROW) else None


def writes(
    cells: Sequence[Mapped], once: Mapping[str, Value], rows: Sequence[Mapping[str, Value]]
) -> list[Write]:
    """Return what is to be written into the form, in the order of the mapping."""
    return [
        Write(cell.place, tuple(row.get(cell.field) for row in rows), repeats=True)
        if cell.repeats
        else Write(cell.place, (once.get(cell.field),))
        for cell in cells
    ]


def shown(value: str | int | date | None) -> Value:
    """Return a value as a form has it: days as 2026年11月23日, nothing as an empty text.

    >>> shown(date(2026, 11, 3))
    '2026年11月3日'
    """
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "" if value is None else value
