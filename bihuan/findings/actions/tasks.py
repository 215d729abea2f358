"""Making and editing tasks and their steps by hand. Many at once: `bulk`; their states: `states`."""

from django.db import transaction
from django.db.models import Max

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.findings import OPEN_STATES, TODO
from bihuan.core.refusal import NotAllowed
from bihuan.core.register import FieldFault, task_faults, text_faults
from bihuan.findings.actions.plan_lock import require_open, require_unlocked
from bihuan.findings.actions.saving import (
    Overtaken,
    Values,
    filed,
    lock_inspection,
    locked,
    number_fault,
    position_after,
    refuse,
    save,
    unit_fault,
    whole,
)
from bihuan.findings.actions.states import first_states
from bihuan.findings.findable import findables
from bihuan.findings.models import Problem, Step, Task
from bihuan.findings.queries.plans import noticed
from bihuan.search.actions import put

EDITABLE = (
    "number", "title", "measures", "unit_id", "leader", "category", "due_on", "notice", "expected", "remark",
)  # fmt: skip


@transaction.atomic
def add_task(problem: Problem, values: Values, *, actor: Actor, decided: bool = False) -> Task:
    """Add a task after the last one of its problem, not begun, in force from today.

    `decided`: a change of the approved plan that was decided is carried out.

    :raises Invalid: with every fault.
    :raises PlanLocked: when the plan is approved.
    """
    inspection = lock_inspection(problem.inspection_id)
    if not decided:
        require_open(inspection.pk)
    held = locked(problem)
    row = Task(
        problem=held,
        inspection=inspection,
        organisation_id=held.organisation_id,
        position=position_after(Task, held, above="problem"),
        first_due_on=values.get("due_on"),
        state=TODO,
        created_at=actor.at,
        **values,
    )
    faults = task_faults({"number": "", "title": "", **values}, feedback_on=inspection.feedback_on)
    refuse([*faults, *number_fault(row, row.number), *unit_fault(row.unit_id, row.organisation_id)])
    row.save(force_insert=True)
    states = first_states([row], effective_on=actor.today, actor=actor)
    record(actor=filed(actor, row.organisation_id), action="task.create", created=[row, *states])
    put(findables([row]), new=True)
    return row


@transaction.atomic
def edit_task(task: Task, values: Values, *, revision: int, actor: Actor, decided: bool = False) -> Task:
    """Change a task. The first due date is kept for ever.

    It is written with the first due date and never again. `decided`: a change of the approved plan is carried out.

    :raises Invalid: with every fault.
    :raises PlanLocked: when the approved plan fixes what would change.
    :raises Overtaken: when somebody changed it since `revision`.
    """
    inspection = lock_inspection(task.inspection_id)
    row = locked(task)
    if not decided:
        require_unlocked(row, values)
    would = whole(row, values)
    faults = task_faults(would, feedback_on=inspection.feedback_on)
    if faults and "due_on" in {fault.field for fault in faults} and noticed([row.pk]):
        faults = task_faults(would, feedback_on=inspection.feedback_on, noticed=True)
    if row.first_due_on is not None and values.get("first_due_on", row.first_due_on) != row.first_due_on:
        faults.append(FieldFault("first_due_on", "plan.first-due-kept"))
    if "due_on" in values and values["due_on"] is None and row.first_due_on is not None:
        faults.append(FieldFault("due_on", "findings.due-kept"))
    refuse(
        [
            *faults,
            *number_fault(row, values.get("number")),
            *unit_fault(values.get("unit_id"), row.organisation_id),
        ]
    )
    if row.first_due_on is None and values.get("due_on") is not None:
        values = {**values, "first_due_on": values["due_on"]}
    return save(row, values, revision=revision, actor=actor)


@transaction.atomic
def add_step(task: Task, values: Values, *, actor: Actor) -> Step:
    """Add a step to a task that is not ended.

    :raises Invalid: with every fault.
    """
    held = locked(task)
    if held.state not in OPEN_STATES:
        raise NotAllowed("findings.task-ended")
    faults = _step_faults(values, actor=actor)
    same = {name: values.get(name) for name in ("title", "due_on", "done_on")}
    if held.steps.filter(withdrawn=False, person=values.get("person") or "", **same).exists():
        faults.append(FieldFault("title", "findings.step-there"))
    refuse(faults)
    last = held.steps.aggregate(last=Max("position"))["last"] or 0
    step = Step.objects.create(task=held, position=last + 1, **values)
    record(actor=filed(actor, held.organisation_id), action="step.create", created=[step])
    return step


@transaction.atomic
def edit_step(step: Step, values: Values, *, revision: int, actor: Actor) -> Step:
    """Change a step, or say that it is done; refusals as of `add_step`.

    :raises Overtaken: when somebody changed it since `revision`.
    """
    task = locked(step.task)
    if task.state not in OPEN_STATES:
        raise NotAllowed("findings.task-ended")
    row = locked(step)
    if row.revision != revision:
        raise Overtaken(row, values)
    refuse(_step_faults(whole(row, values), actor=actor))
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    record(actor=filed(actor, task.organisation_id), action="step.edit", changed=[(row, changed)])
    return row


def _step_faults(values: Values, *, actor: Actor) -> list[FieldFault]:
    faults = list(text_faults(values, required=("title",)))
    done = values.get("done_on")
    if done is not None and done > actor.today:
        faults.append(FieldFault("done_on", "findings.done-in-future"))
    return faults
