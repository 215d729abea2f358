"""Changes of an approved plan: asked for with a reason ─decide, by the approver of its rank→ carried out, next version.

What changes decides who decides (`core.plan_rules`), never who asked. All of it is one transaction.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core import plan_rules as rules
from bihuan.core.findings import OPEN_STATES
from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.core.register import FieldFault, first_day, task_faults, text_faults
from bihuan.findings.actions import plan_items
from bihuan.findings.actions.plan_hands import Place, filling, filling_problem, hand, persons
from bihuan.findings.actions.plan_versions import next_approved
from bihuan.findings.actions.removing import withdraw_row
from bihuan.findings.actions.saving import (
    Values,
    filed,
    lock_inspection,
    locked,
    number_fault,
    refuse,
    unit_fault,
    whole,
)
from bihuan.findings.actions.tasks import add_task, edit_task
from bihuan.findings.models import Inspection, Plan, PlanChange, Problem, Task
from bihuan.findings.queries.plans import approved_plan

LISTS = {"needs": plan_items.NEED, "milestones": plan_items.MILESTONE}
FIELDS = ("number", "title", "measures", "unit_id", "leader", "category", "expected")
NEW = (*FIELDS, "due_on", "remark")


@transaction.atomic
def ask_edit(task: Task, values: Values, *, reason: str, actor: Actor) -> PlanChange:
    """Ask for other values of a task: its fields, `joint_unit_ids`, `needs`, `milestones` (lists are given whole).

    :raises Invalid: with every fault, also when nothing would change.
    :raises Refused: while the plan is not approved and can be changed directly.
    """
    held, row, plan, actor = _task(task, actor)
    faults = _reason_faults(reason)
    faults += [
        FieldFault(name, "plan.change-field")
        for name in values
        if name not in (*FIELDS, *LISTS, "joint_unit_ids")
    ]
    refuse(faults)
    before = _now(row, values)
    changed = {
        name: [before[name], _plain(values[name])] for name in values if before[name] != _plain(values[name])
    }
    if not changed:
        refuse([FieldFault("", "plan.change-nothing")])
    fields = {name: values[name] for name in changed if name in FIELDS}
    faults = task_faults(whole(row, fields), feedback_on=held.feedback_on, noticed=True)
    faults += [
        *number_fault(row, fields.get("number")),
        *unit_fault(fields.get("unit_id"), row.organisation_id),
    ]
    faults += plan_items.faults_of_needs(values["needs"]) if "needs" in changed else []
    faults += plan_items.faults_of_milestones(row, values["milestones"]) if "milestones" in changed else []
    refuse(faults)
    return _asked(
        plan, rules.EDIT, actor, reason, task=row, changes=changed, rank=rules.rank_of(rules.EDIT, changed)
    )


@transaction.atomic
def ask_cause(problem: Problem, cause: str, *, reason: str, actor: Actor) -> PlanChange:
    """Ask for another cause of a problem; refusals as of `ask_edit`."""
    row, plan, actor = _problem(problem, actor)
    refuse([*_reason_faults(reason), *text_faults({"cause": cause}, required=("cause",))])
    if row.cause == cause.strip():
        refuse([FieldFault("cause", "plan.change-nothing")])
    changed = {"cause": [row.cause, cause.strip()]}
    return _asked(
        plan, rules.EDIT, actor, reason, problem=row, changes=changed, rank=rules.rank_of(rules.EDIT, changed)
    )


@transaction.atomic
def ask_extension(task: Task, due_on: date, *, reason: str, consent: str = "", actor: Actor) -> PlanChange:
    """Ask for a later due date. Which extension it is decides who decides; `consent` names the superior's paper.

    :raises Invalid: with every fault.
    :raises NotAllowed: when the task has ended.
    :raises Conflict: when one is asked for already.
    """
    held, row, plan, actor = _task(task, actor)
    if row.state not in OPEN_STATES:
        raise NotAllowed("findings.task-ended")
    if row.due_on is None:
        raise Refused("plan.extension-no-due")
    nth = row.extended + 1
    _rank, consented = rules.extension(nth)
    faults = [
        *_reason_faults(reason),
        *text_faults({"consent": consent}),
        *_due_faults(row, due_on, held, actor),
    ]
    if consented and not consent.strip():
        faults.append(FieldFault("consent", "plan.consent-missing", {"nth": nth}))
    refuse(faults)
    if row.plan_changes.filter(kind=rules.EXTEND, state=rules.ASKED).exists():
        raise Conflict("plan.extension-asked")
    changes = {"due_on": [row.due_on.isoformat(), due_on.isoformat()]}
    changes |= {"consent": ["", consent.strip()]} if consent.strip() else {}
    return _asked(
        plan, rules.EXTEND, actor, reason, task=row, changes=changes, rank=rules.rank_of(rules.EXTEND, nth=nth),
        nth=nth, old_due_on=row.due_on, new_due_on=due_on,
    )  # fmt: skip


@transaction.atomic
def ask_withdrawal(task: Task, *, reason: str, actor: Actor) -> PlanChange:
    """Ask that a task is taken out of the plan; refusals as of `ask_edit`."""
    _held, row, plan, actor = _task(task, actor)
    refuse(_reason_faults(reason))
    if row.state not in OPEN_STATES:
        raise NotAllowed("findings.task-ended")
    return _asked(plan, rules.WITHDRAW, actor, reason, task=row, rank=rules.rank_of(rules.WITHDRAW))


@transaction.atomic
def ask_addition(problem: Problem, values: Values, *, reason: str, actor: Actor) -> PlanChange:
    """Ask for one more task of a problem; refusals as of `ask_edit`."""
    row, plan, actor = _problem(problem, actor)
    given = {name: value for name, value in values.items() if value not in (None, "")}
    faults = [*_reason_faults(reason)]
    faults += [FieldFault(name, "plan.change-field") for name in given if name not in NEW]
    would = {"number": "", "title": "", **given}
    faults += task_faults(would, feedback_on=row.inspection.feedback_on)
    faults += unit_fault(given.get("unit_id"), row.organisation_id)
    faults += number_fault(Task(inspection_id=row.inspection_id), given.get("number"))
    due = given.get("due_on")
    if isinstance(due, date) and due < actor.today:
        faults.append(FieldFault("due_on", "plan.due-past", {"due": due.isoformat()}))
    refuse(faults)
    changes = {name: [None, _plain(value)] for name, value in given.items()}
    return _asked(plan, rules.ADD, actor, reason, problem=row, changes=changes, rank=rules.rank_of(rules.ADD))


@transaction.atomic
def decide_change(change: PlanChange, *, agreed: bool, note: str, revision: int, actor: Actor) -> PlanChange:
    """Agree to a change and carry it out, or decline it with a reason.

    :raises NotAllowed: `plan.rank-…` below its rank; `plan.own-change` for whoever asked, himself or for another.
    :raises Conflict: when it is decided already, or what it changes has changed since it was asked for.
    """
    held = lock_inspection(change.inspection_id)
    row = PlanChange.objects.select_for_update().get(pk=change.pk)
    task = locked(row.task) if row.task is not None else None
    problem = locked(row.problem) if row.problem is not None else None
    actor = _deciding(row, task, actor)
    if row.state != rules.ASKED:
        raise Conflict("plan.change-decided")
    if row.revision != revision:
        raise Conflict("findings.overtaken")
    faults = list(text_faults({"note": note}))
    if not agreed and not note.strip():
        faults.append(FieldFault("note", "plan.decline-reason"))
    refuse(faults)
    _ended(row, rules.DONE if agreed else rules.REFUSED, note, actor)
    if agreed:
        plan = approved_plan(held.pk)
        if plan is None:
            raise Refused("plan.change-not-needed")
        _carry_out(row, task, problem, held, actor)
        next_approved(plan, made_by=row.asked_by_id, reason=row.reason, actor=actor)
    return row


@transaction.atomic
def take_back_change(change: PlanChange, *, actor: Actor) -> PlanChange:
    """Take back what one asked for, while nobody has decided.

    :raises NotAllowed: for everybody else.
    """
    lock_inspection(change.inspection_id)
    row = PlanChange.objects.select_for_update().get(pk=change.pk)
    if row.state != rules.ASKED:
        raise Conflict("plan.change-decided")
    if actor.user_id is None or actor.user_id not in (row.asked_by_id, row.asked_for_id):
        raise NotAllowed("plan.not-asker")
    row.state, row.revision = rules.TAKEN_BACK, row.revision + 1
    row.save(update_fields=["state", "revision"])
    record(actor=filed(actor, row.organisation_id), action="plan_change.withdraw", changed=[(row, ["state"])])
    return row


def _task(task: Task, actor: Actor) -> tuple[Inspection, Task, Plan, Actor]:
    held = lock_inspection(task.inspection_id)
    row = locked(task)
    row.inspection = held
    actor = hand(actor, filling(row), organisation_id=row.organisation_id)
    return held, row, _approved(held), actor


def _problem(problem: Problem, actor: Actor) -> tuple[Problem, Plan, Actor]:
    held = lock_inspection(problem.inspection_id)
    row = locked(problem)
    row.inspection = held
    actor = hand(actor, filling_problem(row), organisation_id=row.organisation_id)
    return row, _approved(held), actor


def _approved(held: Inspection) -> Plan:
    plan = approved_plan(held.pk)
    if plan is None:
        raise Refused("plan.change-not-needed")
    return plan


def _reason_faults(reason: str) -> list[FieldFault]:
    return list(text_faults({"reason": reason}, required=("reason",)))


def _due_faults(row: Task, due_on: date, held: Inspection, actor: Actor) -> list[FieldFault]:
    return rules.extension_faults(
        due_on,
        old=row.due_on,
        first=row.first_due_on,
        today=actor.today,
        feedback=first_day(held.feedback_on),
    )


def _asked(plan: Plan, kind: str, actor: Actor, reason: str, **more: Any) -> PlanChange:
    changes = json.dumps(more.pop("changes", {}), ensure_ascii=False, sort_keys=True)
    row = PlanChange.objects.create(
        plan=plan, inspection_id=plan.inspection_id, organisation_id=plan.organisation_id, kind=kind,
        changes=changes, reason=reason.strip(), asked_by_id=actor.user_id, asked_for_id=actor.principal_id,
        asked_on=actor.today, asked_at=actor.at, **more,
    )  # fmt: skip
    record(actor=actor, action="plan_change.ask", created=[row])
    return row


def _deciding(row: PlanChange, task: Task | None, actor: Actor) -> Actor:
    unit = row.organisation_id
    if task is not None and task.unit_id:
        unit = task.unit_id
    elif task is None:
        unit = _changes(row).get("unit_id", (None, None))[1] or unit
    steps = rules.steps_for(row.rank)
    places: list[Place] = [
        (step, row.organisation_id if step == rules.STEP_OF["leading_group"] else unit) for step in steps
    ]
    try:
        actor = hand(actor, places, organisation_id=row.organisation_id)
    except NotAllowed as refused:
        if refused.code == "orgs.role-missing":
            raise NotAllowed(f"plan.rank-{row.rank}") from refused
        raise
    if {row.asked_by_id, row.asked_for_id} & set(persons(actor)):
        raise NotAllowed("plan.own-change")
    return actor


def _ended(row: PlanChange, state: str, note: str, actor: Actor) -> None:
    row.state, row.decision_note, row.decided_on = state, note.strip(), actor.today
    row.decided_by_id, row.decided_for_id, row.revision = actor.user_id, actor.principal_id, row.revision + 1
    sealed = ["state", "decision_note", "decided_on", "decided_by_id", "decided_for_id"]
    row.save(update_fields=[*(name.removesuffix("_id") for name in sealed), "revision"])
    record(actor=actor, action=f"plan_change.{state}", changed=[(row, sealed)])


def _carry_out(
    row: PlanChange, task: Task | None, problem: Problem | None, held: Inspection, actor: Actor
) -> None:
    """Do what was agreed to, through the same actions as by hand."""
    wanted = _changes(row)
    if row.kind == rules.ADD and problem is not None:
        values = {name: _typed(name, new) for name, (_old, new) in wanted.items()}
        add_task(problem, values, actor=actor, decided=True)
    elif row.kind == rules.WITHDRAW and task is not None:
        withdraw_row(task, reason=row.reason, actor=actor, decided=True)
    elif row.kind == rules.EXTEND and task is not None and row.new_due_on is not None:
        if task.due_on != row.old_due_on or task.extended + 1 != row.nth:
            raise Conflict("plan.change-overtaken")
        refuse(_due_faults(task, row.new_due_on, held, actor))
        if task.state not in OPEN_STATES:
            raise NotAllowed("findings.task-ended")
        values = {"due_on": row.new_due_on, "extended": row.nth}
        edit_task(task, values, revision=task.revision, actor=actor, decided=True)
    elif problem is not None:
        if problem.cause != wanted["cause"][0]:
            raise Conflict("plan.change-overtaken")
        plan_items.set_cause(
            problem, wanted["cause"][1], revision=problem.revision, actor=actor, decided=True
        )
    elif task is not None:
        _edit(task, wanted, actor)


def _edit(task: Task, wanted: Mapping[str, Any], actor: Actor) -> None:
    now = _now(task, wanted)
    if any(now[name] != old for name, (old, _new) in wanted.items()):
        raise Conflict("plan.change-overtaken")
    fields = {name: new for name, (_old, new) in wanted.items() if name in FIELDS}
    row = edit_task(task, fields, revision=task.revision, actor=actor, decided=True) if fields else task
    if "joint_unit_ids" in wanted:
        plan_items.set_joint_units(row, wanted["joint_unit_ids"][1], actor=actor, decided=True)
    if "needs" in wanted:
        lines = _matched(row.needs, wanted["needs"][1], plan_items.NEED)
        row = _again(row)
        plan_items.set_needs(row, lines, revision=row.revision, actor=actor, decided=True)
    if "milestones" in wanted:
        lines = _matched(row.milestones, wanted["milestones"][1], plan_items.MILESTONE)
        row = _again(row)
        plan_items.set_milestones(row, lines, revision=row.revision, actor=actor, decided=True)


def _again(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def _matched(there: Any, wanted: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the wanted lines, each with the id of the line that says the same already, so that it stays."""
    known: dict[str, list[int]] = {}
    for row in there.filter(withdrawn=False).order_by("position", "pk"):
        known.setdefault(_key({name: _plain(getattr(row, name)) for name in names}), []).append(row.pk)
    lines = []
    for one in wanted:
        same = known.get(_key(one), [])
        typed = {name: _typed(name, value) for name, value in one.items()}
        lines.append(({"id": same.pop(0)} if same else {}) | typed)
    return lines


def _key(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True)


def _now(task: Task, names: Any) -> dict[str, Any]:
    """Return what of a task stands now, as JSON values."""
    now: dict[str, Any] = {name: _plain(getattr(task, name)) for name in names if name in FIELDS}
    for name in set(names) & set(LISTS):
        rows = getattr(task, name).filter(withdrawn=False).order_by("position", "pk")
        now[name] = [{field: _plain(getattr(row, field)) for field in LISTS[name]} for row in rows]
    if "joint_unit_ids" in names:
        now["joint_unit_ids"] = list(task.joint_units.order_by("pk").values_list("unit_id", flat=True))
    return now


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items() if name != "id"}
    return value.strip() if isinstance(value, str) else value


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name.endswith("_on") and isinstance(value, str) else value


def _changes(row: PlanChange) -> dict[str, tuple[Any, Any]]:
    return {name: (old, new) for name, (old, new) in json.loads(row.changes or "{}").items()}
