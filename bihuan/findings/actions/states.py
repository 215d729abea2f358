"""The state of tasks in two times.

Every change closes what held and opens what holds now, one sealed event a row.

old row (known until now) ─superseded→ its copy, closed on the day of change + the new row, open
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.register import state_fault
from bihuan.findings.actions.saving import Overtaken, filed, locked, refuse
from bihuan.findings.models import Task, TaskState


def first_states(tasks: Sequence[Task], *, effective_on: date, actor: Actor) -> list[TaskState]:
    """Write the first state of new tasks; the caller seals the rows together with the tasks."""
    return TaskState.objects.bulk_create(
        TaskState(
            task=task,
            inspection_id=task.inspection_id,
            state=task.state,
            effective_on=effective_on,
            recorded_at=actor.at,
        )
        for task in tasks
    )


@transaction.atomic
def set_state(task: Task, state: str, *, revision: int, actor: Actor) -> Task:
    """Set the open state of a task from today on.

    End states are reached by claim, signature, verification, closure.

    :raises Invalid: when it may not be set, with the reason.
    :raises Overtaken: when somebody changed the task since `revision`.
    """
    row = locked(task)
    if row.revision != revision:
        raise Overtaken(row, {"state": state})
    fault = state_fault(row.state, state)
    refuse([fault] if fault is not None else [])
    row.state, row.revision = state, row.revision + 1
    row.save(update_fields=["state", "revision"])
    made, closed = move([row], actor=actor)
    record(
        actor=filed(actor, row.organisation_id),
        action="task.state",
        created=made,
        changed=[(row, ["state"]), *((old, ["superseded_at"]) for old in closed)],
    )
    return row


def move(tasks: Sequence[Task], *, actor: Actor) -> tuple[list[TaskState], list[TaskState]]:
    """Write the history of tasks whose `state` was just changed.

    Return the new rows and the superseded ones to seal.

    Three statements, whatever the number of tasks.
    """
    today = actor.today
    held = list(
        TaskState.objects.select_for_update().filter(
            task__in=[task.pk for task in tasks], effective_until=None, superseded_at=None
        )
    )
    TaskState.objects.filter(pk__in=[old.pk for old in held]).update(superseded_at=actor.at)
    rows = []
    for old in held:
        old.superseded_at = actor.at
        if old.effective_on < today:
            rows.append(
                TaskState(
                    task_id=old.task_id, inspection_id=old.inspection_id, state=old.state,
                    effective_on=old.effective_on, effective_until=today, recorded_at=actor.at,
                )
            )  # fmt: skip
    rows.extend(
        TaskState(
            task=task,
            inspection_id=task.inspection_id,
            state=task.state,
            effective_on=today,
            recorded_at=actor.at,
        )
        for task in tasks
    )
    return TaskState.objects.bulk_create(rows), held
