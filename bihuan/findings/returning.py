"""The preview of a sheet that came back: file ─formats→ rows ─core.returned→ faults by cell, or changes old → new.

The preview is carried to the commit as a signed text of this person's, so that what is written is what was shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.core import signing
from django.db.models import QuerySet
from django.utils import translation

from bihuan.core.findings import CATEGORIES, STATES
from bihuan.core.lists import PROBLEMS, RESPONSIBILITIES, TASKS, Listing
from bihuan.core.refusal import Refused
from bihuan.core.returned import (
    MARK,
    MARKS,
    CellFault,
    Header,
    Returned,
    Words,
    header,
    letters,
    place_of,
    read_row,
    repeated,
)
from bihuan.core.source import NO_PARAMS, Line, Params, Source
from bihuan.findings import cells
from bihuan.findings.actions.bulk import Plan, plan, problem_plan
from bihuan.findings.actions.saving import Values
from bihuan.findings.models import Problem, Task
from bihuan.findings.queries.lists import problem_rows
from bihuan.findings.queries.sight import Reach
from bihuan.findings.timeline import shown_value
from bihuan.orgs.models import Unit, UnitLink
from bihuan.web.catalogue import LANGUAGES, say

MOST_ROWS = 20_000
SALT = "findings.returned"
KEPT_SECONDS = 3600
SUMS = frozenset({"problems", "tasks", "completed", "open", "overdue"})
DERIVED = frozenset({"units", "tasks", "last_due", "state"})


#: The lists that come back; the list of responsibilities is a sum of tasks.
RETURNING = (TASKS, PROBLEMS)
Kept: TypeAlias = Task | Problem


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sheet would do: its faults, its unknown columns, its changes; nothing is written while `faults` stand."""

    rows: int
    faults: tuple[CellFault, ...]
    unknown: tuple[tuple[str, str, int, str], ...]
    changes: tuple[Mapping[str, Any], ...]
    same: int
    carried: str = ""
    listing: str = TASKS.name
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a preview carried: the list, and for each row the revision that was seen and the new values."""

    listing: str
    changes: Mapping[int, tuple[int, Values]]


def preview(source: Source, seen: Reach, *, inspection_id: int | None) -> Preview:
    """Return what the sheet would do. A constant number of queries.

    :raises Refused: when the file holds no list that comes back.
    """
    if source.format != "xlsx":
        raise Refused("findings.sheet-format", format=source.format)
    lines = [line for line in source.lines if line.role == "row" and sheet_of(line) not in fault_sheets()]
    found = best_header([line.cells for line in lines])
    if twice := repeated(found):
        raise Refused("findings.sheet-column-twice", column=say(f"findings.column-{twice[0]}"))
    words = sheet_words(seen)
    returned, faults = [], []
    body = [line for line in lines[found.index + 1 :] if any(cell.strip() for cell in line.cells)]
    if len(body) > MOST_ROWS:
        raise Refused("findings.sheet-too-long", most=MOST_ROWS)
    for line in body:
        row, wrong = read_row(line.cells, found, words, row=row_number(line.place.cell, line.place.line))
        returned.append(row)
        faults.extend(wrong)
    matched, unmatched = _matched(returned, seen, found, inspection_id=inspection_id)
    faults.extend(unmatched)
    faults.extend(_fixed(matched, found, seen))
    wanted = {held.pk: dict(row.values) for held, row in matched}
    made = _plan([held for held, _row in matched], wanted)
    rows_of = {held.pk: row for held, row in matched}
    faults.extend(_refused(made, rows_of, found))
    faults.extend(_overtaken(made, rows_of, found))
    faults.sort(key=lambda fault: _order(fault.cell))
    changes = () if faults else tuple(_shown(made, rows_of, found))
    carried = "" if faults else carry(made, found.listing, seen.user_id)
    unknown = tuple(_unknown(body, found))
    return Preview(
        len(body),
        tuple(faults),
        unknown,
        changes,
        made.same,
        carried,
        found.listing,
        sheet_of(lines[found.index]),
    )


def best_header(rows: Sequence[Sequence[str]]) -> Header:
    """Return the header of the list that the sheet is: the hidden column tells, else whose words are most.

    :raises Refused: when no header is found, or when the sheet is a list of responsibilities.
    """
    made = [
        one for one in (header(rows, heading_words(kind), listing=kind.name) for kind in RETURNING)
        if one is not None and {"number", MARK} & set(one.columns.values())
    ]  # fmt: skip
    if not made:
        summed = header(rows, heading_words(RESPONSIBILITIES))
        if summed is not None and SUMS & set(summed.columns.values()):
            raise Refused("findings.sheet-is-sum")
        raise Refused("findings.sheet-no-header")
    letters_seen = _letters_of_marks(rows, made[0])
    told = [one for one in made if MARKS[one.listing] in letters_seen]
    return told[0] if len(told) == 1 else max(made, key=lambda one: len(one.columns))


def _letters_of_marks(rows: Sequence[Sequence[str]], found: Header) -> set[str]:
    """Return with which letters the cells of the hidden column begin."""
    at = next((position for position, key in found.columns.items() if key == MARK), None)
    body = rows[found.index + 1 :] if at is not None else ()
    return {row[at].strip()[:1] for row in body if at is not None and at < len(row)}


def _plan(held: Sequence[Kept], wanted: Mapping[int, Values]) -> Plan:
    problems = [row for row in held if isinstance(row, Problem)]
    return (
        problem_plan(problems, wanted) if problems else plan([r for r in held if isinstance(r, Task)], wanted)
    )


def carry(made: Plan, listing: str, user_id: int | None) -> str:
    """Return the changes as a signed text that only this person can commit."""
    changes = [[change.row.pk, change.row.revision, _plain(change.values)] for change in made.changes]
    return signing.dumps({"user": user_id, "list": listing, "changes": changes}, salt=SALT, compress=True)


def carried(text: str, user_id: int | None) -> Carried:
    """Return the changes that a preview carried.

    :raises Refused: when the text was changed, is an hour old, or was made for somebody else.
    """
    try:
        held = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        raise Refused("findings.sheet-preview-gone") from None
    if held["user"] != user_id:
        raise Refused("findings.sheet-preview-gone")
    changes = {pk: (revision, _typed(values)) for pk, revision, values in held["changes"]}
    return Carried(held["list"], changes)


def heading_words(listing: Listing) -> Mapping[str, str]:
    """Return every word that a header of this list may use, in both languages, with its column's key."""
    words = {}
    also = "also" if listing is TASKS else f"also-{listing.name}"
    for lang in LANGUAGES:
        for column in listing.columns:
            own = column.key == "title" and listing is not TASKS
            code = f"title-of-{listing.name}" if own else f"column-{column.key}"
            words["".join(say(f"findings.{code}", lang=lang).split())] = column.key
            for word in say(f"findings.{also}-{column.key}", lang=lang).split("|"):
                if not word.startswith("findings."):
                    words["".join(word.split())] = column.key
        words["".join(say("findings.column-mark", lang=lang).split())] = MARK
    return words


def sheet_words(seen: Reach) -> Words:
    """Return what the words of a sheet mean. One query."""
    units = Unit.objects.filter(
        pk__in=UnitLink.objects.filter(ancestor__in=seen.organisations).values("descendant_id"),
        is_active=True,
    )
    return Words(
        states={say(f"findings.state-{state}", lang=lang): state for lang in LANGUAGES for state in STATES},
        categories={
            say(f"findings.category-{word}", lang=lang): word for lang in LANGUAGES for word in CATEGORIES
        },
        units=dict(units.values_list("name", "pk")),
    )


def sheet_of(line: Line) -> str:
    """Return the name of the sheet in which a row stands."""
    return (line.place.cell or "").rpartition("!")[0]


def fault_sheets() -> set[str]:
    """Return what the list of faults is called that `marking` puts before a sheet: it is not read again."""
    return {say("findings.marked-sheet", lang=lang) for lang in LANGUAGES}


def row_number(cell: str | None, line: int) -> int:
    """Return the row that a place names (``Sheet!A7``), the line when it names none."""
    digits = "".join(char for char in (cell or "").rpartition("!")[2] if char.isdigit())
    return int(digits) if digits else line


def _held(seen: Reach, listing: str) -> QuerySet[Task] | QuerySet[Problem]:
    """Return the rows in sight that a sheet of this list may name."""
    if listing == PROBLEMS.name:
        problems = Problem.objects.filter(seen.holding("problem"), withdrawn=False)
        return problems.select_related("inspection", "finding")
    tasks = Task.objects.filter(seen.tasks(), withdrawn=False)
    return tasks.select_related("inspection", "problem", "unit")


def _matched(
    returned: Sequence[Returned], seen: Reach, found: Header, *, inspection_id: int | None
) -> tuple[list[tuple[Kept, Returned]], list[CellFault]]:
    """Return what each row names and the faults of rows that name nothing, or one twice. Two queries at most."""
    rows = _held(seen, found.listing)
    by_id: dict[int, Kept] = {}
    for held in rows.filter(pk__in=[row.mark[0] for row in returned if row.mark]):
        by_id[held.pk] = held
    by_number: dict[str, Kept] = {}
    if inspection_id is not None and any(row.mark is None for row in returned):
        for held in rows.filter(inspection_id=inspection_id):
            by_number[held.number] = held
    matched: list[tuple[Kept, Returned]] = []
    faults: list[CellFault] = []
    first: dict[int, int] = {}
    for row in returned:
        named = by_id.get(row.mark[0]) if row.mark else by_number.get(row.number)
        fault = _match_fault(row, named, first, known=bool(row.mark or inspection_id), listing=found.listing)
        if fault is not None:
            faults.append(CellFault(place_of(found, "number", row.row), "number", row.number, *fault))
        elif named is not None:
            first[named.pk] = row.row
            matched.append((named, row))
    return matched, faults


def _match_fault(
    row: Returned, named: Kept | None, first: Mapping[int, int], *, known: bool, listing: str
) -> tuple[str, Params] | None:
    if named is None:
        missing = "findings.sheet-no-task" if listing == TASKS.name else "findings.sheet-no-problem"
        return missing if known else "findings.sheet-no-inspection", NO_PARAMS
    if row.mark and row.number and row.number != named.number:
        return "findings.sheet-number-differs", {"number": named.number}
    return ("findings.sheet-row-twice", {"row": first[named.pk]}) if named.pk in first else None


def _fixed(matched: Sequence[tuple[Kept, Returned]], found: Header, seen: Reach) -> Iterable[CellFault]:
    """Name the cells that were changed in columns which a sheet cannot write. No query for tasks, two for problems."""
    problems = [held.pk for held, row in matched if isinstance(held, Problem) and row.fixed]
    summed = {row["pk"]: row for row in problem_rows(seen, problems, ())} if problems else {}
    places = {key: letters(position) for position, key in found.columns.items()}
    for held, row in matched:
        for key, text in row.fixed.items():
            now = _now(held, key) if isinstance(held, Task) else _summed(summed[held.pk], key)
            if "".join(text.split()) not in {"".join(one.split()) for one in now}:
                code = "findings.sheet-derived" if key in DERIVED else "findings.sheet-fixed"
                yield CellFault(f"{places[key]}{row.row}", key, text[:60], code, {"now": now[0][:60]})


def _now(task: Task, key: str) -> list[str]:
    now = {
        "problem": task.problem.number, "problem_title": task.problem.title,
        "inspection": task.inspection.title,
        "first_due_on": task.first_due_on.isoformat() if task.first_due_on else "",
    }.get(key, "")  # fmt: skip
    return [now]


def _summed(row: Mapping[str, Any], key: str) -> list[str]:
    """Return a cell of the problem list in the words of the page, then in those of each language."""
    column = PROBLEMS.column(key)
    if column is None:
        return [""]
    told = [cells.raw(PROBLEMS, column, row)]
    for lang in ("zh-hans", "en"):
        with translation.override(lang):
            told.append(cells.raw(PROBLEMS, column, row))
    return ["" if value is None else str(value) for value in told]


def _refused(made: Plan, rows: Mapping[int, Returned], found: Header) -> Iterable[CellFault]:
    for held, faults in made.refused:
        row = rows[held.pk]
        for fault in faults:
            key = {"unit_id": "unit"}.get(fault.field, fault.field)
            value = row.values.get(fault.field)
            yield CellFault(
                place_of(found, fault.field, row.row),
                key,
                shown_value(fault.field, value),
                fault.code,
                fault.params,
            )


def _overtaken(made: Plan, rows: Mapping[int, Returned], found: Header) -> Iterable[CellFault]:
    """Name the rows in which the sheet differs and somebody saved the task after the sheet was exported."""
    for change in made.changes:
        row = rows[change.row.pk]
        if row.mark is not None and row.mark[1] != change.row.revision:
            for field in change.values:
                if field in row.values:
                    now = shown_value(field, getattr(change.row, field), _unit_names(change.row))
                    yield CellFault(
                        place_of(found, field, row.row), {"unit_id": "unit"}.get(field, field),
                        shown_value(field, row.values[field]), "findings.sheet-newer", {"now": now},
                    )  # fmt: skip


def _shown(made: Plan, rows: Mapping[int, Returned], found: Header) -> Iterable[Mapping[str, Any]]:
    names = dict(
        Unit.objects.filter(
            pk__in={c.values["unit_id"] for c in made.changes if c.values.get("unit_id")}
        ).values_list("pk", "name")
    )
    for change in made.changes:
        for field, value in change.values.items():
            if field not in rows[change.row.pk].values:
                continue
            yield {
                "cell": place_of(found, field, rows[change.row.pk].row),
                "number": change.row.number,
                "field": f"findings.field-{field.removesuffix('_id')}",
                "old": shown_value(field, getattr(change.row, field), _unit_names(change.row)),
                "new": shown_value(field, value, names),
            }


def _unit_names(row: Kept) -> Mapping[int, str]:
    return {row.unit_id: row.unit.name} if isinstance(row, Task) and row.unit_id and row.unit else {}


def _unknown(body: Sequence[Any], found: Header) -> Iterable[tuple[str, str, int, str]]:
    """Return each unknown column: its letters, its heading, in how many rows it holds something, the first of it."""
    for position, word in found.unknown.items():
        held = [
            line.cells[position].strip()
            for line in body
            if position < len(line.cells) and line.cells[position].strip()
        ]
        yield letters(position), word, len(held), held[0][:40] if held else ""


def _order(cell: str) -> tuple[int, int, str]:
    digits = "".join(char for char in cell if char.isdigit())
    column = cell.removesuffix(digits)
    return int(digits or 0), len(column), column


def _plain(values: Values) -> dict[str, Any]:
    return {
        name: {"day": value.isoformat()} if isinstance(value, date) else value
        for name, value in values.items()
    }


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value["day"]) if isinstance(value, dict) else value
        for name, value in values.items()
        if name != "first_due_on"
    }
