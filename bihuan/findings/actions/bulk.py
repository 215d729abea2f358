"""Changing many tasks: plan (what changes, what is refused and why) ─all or nothing→ one statement for the rows.

`plan` only reads and is what the page shows beforehand; the actions make the plan again under the lock.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.refusal import Conflict, NotVisible, Refused
from bihuan.core.register import FieldFault, state_fault, task_faults, text_faults
from bihuan.findings.actions.plan_lock import lock_faults
from bihuan.findings.actions.saving import Values, filed, whole
from bihuan.findings.actions.states import move
from bihuan.findings.findable import findables
from bihuan.findings.models import Problem, Task
from bihuan.findings.queries.plans import locked_inspections, noticed
from bihuan.orgs.models import UnitLink
from bihuan.search.actions import put

Row = TypeVar("Row", Task, Problem)
MOST = 500
TOGETHER = ("unit_id", "leader", "category", "due_on", "state", "remark")
SEARCHED = frozenset(
    {"title", "measures", "leader", "expected", "remark", "unit_id", "number", "text", "response"}
)


class NotTogether(Refused):
    """Some of the rows cannot be changed so, therefore none is; `refused` holds each with its faults."""

    def __init__(self, refused: Sequence[tuple[Task | Problem, list[FieldFault]]]) -> None:
        row, faults = refused[0]
        super().__init__("findings.not-together", count=len(refused), number=row.number)
        self.refused = tuple(refused)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written to one task, or to one problem: only the fields that differ."""

    row: Task | Problem
    values: Values


@dataclass(frozen=True, slots=True)
class Plan:
    """What a bulk change would do: `changes`, what stays as it is, and what is refused with every reason."""

    changes: tuple[Change, ...]
    same: int
    refused: tuple[tuple[Task | Problem, list[FieldFault]], ...]


def plan(tasks: Sequence[Task], wanted: Mapping[int, Values]) -> Plan:
    """Return what writing `wanted` (values by task id) would do. Two queries; tasks come with their inspection.

    One more for each task done at once that is due before the feedback.
    """
    inside = _units_inside(tasks, wanted)
    approved = locked_inspections(task.inspection_id for task in tasks)
    changes: list[Change] = []
    refused: list[tuple[Task | Problem, list[FieldFault]]] = []
    same = 0
    for task in tasks:
        values = {name: value for name, value in wanted[task.pk].items() if getattr(task, name) != value}
        if not values:
            same += 1
            continue
        faults = lock_faults(task, values) if task.inspection_id in approved else []
        faults = faults or _faults(task, values, inside)
        if faults:
            refused.append((task, faults))
            continue
        if task.first_due_on is None and values.get("due_on") is not None:
            values["first_due_on"] = values["due_on"]
        changes.append(Change(task, values))
    return Plan(tuple(changes), same, tuple(refused))


def problem_plan(problems: Sequence[Problem], wanted: Mapping[int, Values]) -> Plan:
    """Return what writing `wanted` (values by problem id) would do. One query."""
    changes: list[Change] = []
    refused: list[tuple[Task | Problem, list[FieldFault]]] = []
    same = 0
    approved = locked_inspections(problem.inspection_id for problem in problems)
    for problem in problems:
        values = {
            name: value for name, value in wanted[problem.pk].items() if getattr(problem, name) != value
        }
        faults = list(text_faults(whole(problem, values), required=("number", "title"))) if values else []
        faults = (lock_faults(problem, values) if problem.inspection_id in approved else []) or faults
        if not values:
            same += 1
        elif faults:
            refused.append((problem, faults))
        else:
            changes.append(Change(problem, values))
    return Plan(tuple(changes), same, tuple(refused))


@transaction.atomic
def change_tasks(ids: Collection[int], values: Values, *, actor: Actor) -> int:
    """Give many tasks of one organisation the same values, all or none; return how many were changed.

    :raises NotTogether: when one of them cannot be changed so.
    """
    tasks = locked_rows(Task, ids)
    made = plan(tasks, {task.pk: values for task in tasks})
    if made.refused:
        raise NotTogether(made.refused)
    write(made.changes, action="task.bulk", actor=actor)
    return len(made.changes)


def locked_rows(model: type[Row], ids: Collection[int]) -> list[Row]:
    """Return these tasks or problems, locked, with their inspections.

    :raises NotVisible: when one of them is gone or was withdrawn.
    """
    rows = (
        model._default_manager.select_for_update(of=("self",))
        .select_related("inspection")
        .filter(withdrawn=False)
    )
    found = list(rows.filter(pk__in=ids).order_by("pk"))
    if len(found) != len(set(ids)):
        raise NotVisible("findings.not-found")
    return found


def write(changes: Sequence[Change], *, action: str, actor: Actor) -> None:
    """Write the changes: a statement for the rows, one for their states, one for the events, two for search."""
    if not changes:
        return
    for change in changes:
        for name, value in change.values.items():
            setattr(change.row, name, value)
    _update(changes)
    moved = [one.row for one in changes if "state" in one.values and isinstance(one.row, Task)]
    made, closed = move(moved, actor=actor) if moved else ([], [])
    for organisation in sorted({change.row.organisation_id for change in changes}):
        own = [change for change in changes if change.row.organisation_id == organisation]
        ids = {change.row.pk for change in own}
        record(
            actor=filed(actor, organisation),
            action=action,
            created=[state for state in made if state.task_id in ids],
            changed=[
                *((change.row, list(change.values)) for change in own),
                *((old, ["superseded_at"]) for old in closed if old.task_id in ids),
            ],
        )
    put(findables([change.row for change in changes if SEARCHED & set(change.values)]))


def _update(changes: Sequence[Change]) -> None:
    """Write the rows with one statement: the same for all where the values are the same, else one prepared for all.

    :raises Conflict: when a row was changed by somebody else in between.
    """
    first, model = changes[0].values, type(changes[0].row)
    if all(change.values == first for change in changes):
        model._default_manager.filter(pk__in=[change.row.pk for change in changes]).update(
            **first, revision=F("revision") + 1
        )
        return
    names = sorted({name for change in changes for name in change.values})
    fields: list[Any] = [model._meta.get_field(name.removesuffix("_id")) for name in names]
    columns = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields)
    rows = [
        (
            *(field.get_db_prep_save(getattr(change.row, field.attname), connection) for field in fields),
            change.row.pk,
            change.row.revision,
        )
        for change in changes
    ]
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"UPDATE {table} SET {columns}, revision = revision + 1 WHERE id = %s AND revision = %s"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
        if cursor.rowcount not in (-1, len(rows)):
            raise Conflict("findings.overtaken")


def _faults(task: Task, values: Values, inside: Collection[tuple[int, int]]) -> list[FieldFault]:
    would, feedback = whole(task, values), task.inspection.feedback_on
    faults = task_faults(would, feedback_on=feedback)
    if any(fault.code == "findings.due-without-notice" for fault in faults) and noticed([task.pk]):
        faults = task_faults(would, feedback_on=feedback, noticed=True)
    unit = values.get("unit_id")
    if unit is not None and unit != task.organisation_id and (task.organisation_id, unit) not in inside:
        faults.append(FieldFault("unit_id", "findings.unit-outside"))
    if "due_on" in values and values["due_on"] is None and task.first_due_on is not None:
        faults.append(FieldFault("due_on", "findings.due-kept"))
    if "state" in values and (fault := state_fault(task.state, values["state"])) is not None:
        faults.append(fault)
    return faults


def _units_inside(tasks: Sequence[Task], wanted: Mapping[int, Values]) -> set[tuple[int, int]]:
    units = {values["unit_id"] for values in wanted.values() if values.get("unit_id")}
    if not units:
        return set()
    rows = UnitLink.objects.filter(
        ancestor__in={task.organisation_id for task in tasks},
        descendant__in=units,
        descendant__is_active=True,
    )
    return set(rows.values_list("ancestor_id", "descendant_id"))
