"""The preview of a sheet that came back: file ─formats→ rows ─core.returned→ faults by cell, or changes old → new.

The preview is carried to the commit as a signed text of this person's, so that what is written is what was shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing

from bihuan.core.findings import CATEGORIES, STATES
from bihuan.core.lists import TASKS
from bihuan.core.refusal import Refused
from bihuan.core.returned import (
    MARK,
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
from bihuan.core.source import Source
from bihuan.findings.actions.bulk import Plan, plan
from bihuan.findings.actions.saving import Values
from bihuan.findings.models import Task
from bihuan.findings.queries.sight import Reach
from bihuan.findings.timeline import shown_value
from bihuan.orgs.models import Unit, UnitLink
from bihuan.web.catalogue import LANGUAGES, say

MOST_ROWS = 20_000
SALT = "findings.returned"
KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sheet would do: its faults, its unknown columns, its changes; nothing is written while `faults` stand."""

    rows: int
    faults: tuple[CellFault, ...]
    unknown: tuple[tuple[str, str, int, str], ...]
    changes: tuple[Mapping[str, Any], ...]
    same: int
    carried: str = ""


def preview(source: Source, seen: Reach, *, inspection_id: int | None) -> Preview:
    """Return what the sheet would do. A constant number of queries.

    :raises Refused: when the file holds no task list.
    """
    if source.format != "xlsx":
        raise Refused("findings.sheet-format", format=source.format)
    lines = [line for line in source.lines if line.role == "row"]
    found = header([line.cells for line in lines], heading_words())
    if found is None or not {"number", MARK} & set(found.columns.values()):
        raise Refused("findings.sheet-no-header")
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
    faults.extend(_fixed(matched, found))
    made = plan([task for task, _row in matched], {task.pk: dict(row.values) for task, row in matched})
    rows_of = {task.pk: row for task, row in matched}
    faults.extend(_refused(made, rows_of, found))
    faults.extend(_overtaken(made, rows_of, found))
    faults.sort(key=lambda fault: _order(fault.cell))
    changes = () if faults else tuple(_shown(made, rows_of, found))
    carried = "" if faults else carry(made, seen.user_id)
    return Preview(len(body), tuple(faults), tuple(_unknown(body, found)), changes, made.same, carried)


def carry(made: Plan, user_id: int | None) -> str:
    """Return the changes as a signed text that only this person can commit."""
    changes = [[change.task.pk, change.task.revision, _plain(change.values)] for change in made.changes]
    return signing.dumps({"user": user_id, "changes": changes}, salt=SALT, compress=True)


def carried(text: str, user_id: int | None) -> dict[int, tuple[int, Values]]:
    """Return the changes that a preview carried.

    :raises Refused: when the text was changed, is an hour old, or was made for somebody else.
    """
    try:
        held = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        raise Refused("findings.sheet-preview-gone") from None
    if held["user"] != user_id:
        raise Refused("findings.sheet-preview-gone")
    return {pk: (revision, _typed(values)) for pk, revision, values in held["changes"]}


def heading_words() -> Mapping[str, str]:
    """Return every word that a header may use, in both languages, with its column's key."""
    words = {}
    for lang in LANGUAGES:
        for column in TASKS.columns:
            words["".join(say(f"findings.column-{column.key}", lang=lang).split())] = column.key
            for word in say(f"findings.also-{column.key}", lang=lang).split("|"):
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


def row_number(cell: str | None, line: int) -> int:
    """Return the row that a place names (``Sheet!A7``), the line when it names none."""
    digits = "".join(char for char in (cell or "").rpartition("!")[2] if char.isdigit())
    return int(digits) if digits else line


def _matched(
    returned: Sequence[Returned], seen: Reach, found: Header, *, inspection_id: int | None
) -> tuple[list[tuple[Task, Returned]], list[CellFault]]:
    """Return each row's task and the faults of rows that name none, or one twice. Two queries at most."""
    rows = Task.objects.select_related("inspection", "problem", "unit").filter(seen.tasks(), withdrawn=False)
    by_id = {task.pk: task for task in rows.filter(pk__in=[row.mark[0] for row in returned if row.mark])}
    by_number = {}
    if inspection_id is not None and any(row.mark is None for row in returned):
        by_number = {task.number: task for task in rows.filter(inspection_id=inspection_id)}
    matched: list[tuple[Task, Returned]] = []
    faults: list[CellFault] = []
    first: dict[int, int] = {}
    for row in returned:
        task = by_id.get(row.mark[0]) if row.mark else by_number.get(row.number)
        place = place_of(found, "number", row.row)
        if task is None:
            code = "findings.sheet-no-task" if row.mark or inspection_id else "findings.sheet-no-inspection"
            faults.append(CellFault(place, "number", row.number, code))
        elif row.mark and row.number and row.number != task.number:
            faults.append(
                CellFault(
                    place, "number", row.number, "findings.sheet-number-differs", {"number": task.number}
                )
            )
        elif task.pk in first:
            faults.append(
                CellFault(place, "number", row.number, "findings.sheet-row-twice", {"row": first[task.pk]})
            )
        else:
            first[task.pk] = row.row
            matched.append((task, row))
    return matched, faults


def _fixed(matched: Iterable[tuple[Task, Returned]], found: Header) -> Iterable[CellFault]:
    """Name the cells that were changed in columns which a sheet cannot write."""
    for task, row in matched:
        for key, text in row.fixed.items():
            now = {
                "problem": task.problem.number, "problem_title": task.problem.title,
                "inspection": task.inspection.title,
                "first_due_on": task.first_due_on.isoformat() if task.first_due_on else "",
            }.get(key, "")  # fmt: skip
            if "".join(text.split()) != "".join(now.split()):
                place = next(f"{letters(at)}{row.row}" for at, name in found.columns.items() if name == key)
                yield CellFault(place, key, text[:60], "findings.sheet-fixed", {"now": now[:60]})


def _refused(made: Plan, rows: Mapping[int, Returned], found: Header) -> Iterable[CellFault]:
    for task, faults in made.refused:
        row = rows[task.pk]
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
        row = rows[change.task.pk]
        if row.mark is not None and row.mark[1] != change.task.revision:
            for field in change.values:
                if field in row.values:
                    now = shown_value(field, getattr(change.task, field), _unit_names(change.task))
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
            if field not in rows[change.task.pk].values:
                continue
            yield {
                "cell": place_of(found, field, rows[change.task.pk].row),
                "number": change.task.number,
                "field": f"findings.field-{field.removesuffix('_id')}",
                "old": shown_value(field, getattr(change.task, field), _unit_names(change.task)),
                "new": shown_value(field, value, names),
            }


def _unit_names(task: Task) -> Mapping[int, str]:
    return {task.unit_id: task.unit.name} if task.unit_id and task.unit else {}


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
