"""Filling in a plan: cause, look-around, milestones, checklist of evidence, joint units.

A list is given whole: what it names is kept or changed, what it no longer names is withdrawn, what is new is added.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.plan_rules import CHECKLISTS, need_faults
from bihuan.core.refusal import Conflict, Refused
from bihuan.core.register import FieldFault, first_day, text_faults
from bihuan.findings.actions.plan_hands import filling, filling_problem, hand
from bihuan.findings.actions.plan_lock import require_open, require_unlocked
from bihuan.findings.actions.saving import lock_inspection, locked, refuse, save, whole
from bihuan.findings.findable import shared
from bihuan.findings.models import EvidenceNeed, JointUnit, LookAround, Milestone, Problem, Task
from bihuan.orgs.models import Unit, UnitLink

Rows = Sequence[Mapping[str, Any]]
Line = LookAround | Milestone | EvidenceNeed
MOST_ROWS = 60
MOST_COUNT = 1_000_000
LOOK_AROUND = ("scope", "found", "fixed", "note")
MILESTONE = ("title", "due_on")
NEED = ("kind", "title", "proves", "optional")


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of one kind that hang on a task or a problem: their table, their fields, what each new one holds."""

    model: type[Any]
    names: tuple[str, ...]
    link: Mapping[str, Task | Problem]
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def live(self) -> QuerySet[Any]:
        """Return those that stand."""
        rows: QuerySet[Any] = self.model.objects.filter(**self.link, withdrawn=False)
        return rows


@transaction.atomic
def set_cause(problem: Problem, cause: str, *, revision: int, actor: Actor, decided: bool = False) -> Problem:
    """Write why a problem came about.

    :raises NotAllowed: when the actor may not fill it in.
    :raises PlanLocked: when the plan is approved.
    :raises Overtaken: when somebody changed the problem since `revision`.
    """
    lock_inspection(problem.inspection_id)
    row = locked(problem)
    values = {"cause": cause.strip()}
    if not decided:
        actor = hand(actor, filling_problem(row), organisation_id=row.organisation_id)
        require_unlocked(row, values)
    refuse(list(text_faults(whole(row, values))))
    return save(row, values, revision=revision, actor=actor)


@transaction.atomic
def set_look_around(problem: Problem, rows: Rows, *, revision: int, actor: Actor) -> list[LookAround]:
    """Write where else one looked for the same problem; it goes on after the plan is approved.

    :raises Invalid: with every fault, by line.
    """
    lock_inspection(problem.inspection_id)
    owner = locked(problem)
    actor = hand(actor, filling_problem(owner), organisation_id=owner.organisation_id)
    refuse([*_line_faults(rows, ("scope",)), *_count_faults(rows)])
    lines = _Lines(LookAround, LOOK_AROUND, {"problem": owner}, {"organisation_id": owner.organisation_id})
    return _replace(lines, owner, rows, revision=revision, actor=actor)


@transaction.atomic
def set_needs(
    task: Task, rows: Rows, *, revision: int, actor: Actor, decided: bool = False
) -> list[EvidenceNeed]:
    """Write the checklist of evidence of a task.

    :raises Invalid: with every fault, by line.
    :raises PlanLocked: when the plan is approved.
    """
    owner, actor = _opened(task, actor, "needs", decided=decided)
    refuse(faults_of_needs(rows))
    return _replace(_Lines(EvidenceNeed, NEED, {"task": owner}), owner, rows, revision=revision, actor=actor)


@transaction.atomic
def usual_needs(task: Task, *, revision: int, actor: Actor) -> list[EvidenceNeed]:
    """Add the lines of the category's usual checklist that the task does not have yet; refusals as of `set_needs`."""
    if task.category not in CHECKLISTS:
        raise Refused("plan.no-category")
    there = list(task.needs.filter(withdrawn=False).order_by("position", "pk"))
    names = {(need.kind, need.title) for need in there}
    rows: list[dict[str, Any]] = [
        {"id": need.pk, **{name: getattr(need, name) for name in NEED}} for need in there
    ]
    rows += [
        {name: getattr(need, name) for name in NEED}
        for need in CHECKLISTS[task.category]
        if (need.kind, need.title) not in names
    ]
    return set_needs(task, rows, revision=revision, actor=actor)


@transaction.atomic
def set_milestones(
    task: Task, rows: Rows, *, revision: int, actor: Actor, decided: bool = False
) -> list[Milestone]:
    """Write the milestones of a task; refusals as of `set_needs`."""
    owner, actor = _opened(task, actor, "milestones", decided=decided)
    refuse(faults_of_milestones(owner, rows))
    return _replace(
        _Lines(Milestone, MILESTONE, {"task": owner}), owner, rows, revision=revision, actor=actor
    )


@transaction.atomic
def reach_milestone(milestone: Milestone, done_on: date | None, *, actor: Actor) -> Milestone:
    """Say on which day a milestone was reached, or that it was not; open at any time.

    :raises Invalid: for a day that has not come, or before the feedback.
    """
    task = locked(milestone.task)
    row = locked(milestone)
    actor = hand(actor, filling(task), organisation_id=task.organisation_id)
    feedback = first_day(task.inspection.feedback_on)
    if done_on is not None and done_on > actor.today:
        refuse([FieldFault("done_on", "plan.done-future", {"day": done_on.isoformat()})])
    if done_on is not None and feedback is not None and done_on < feedback and not task.notice:
        params = {"day": done_on.isoformat(), "feedback": feedback.isoformat()}
        refuse([FieldFault("done_on", "plan.done-early", params)])
    if row.done_on == done_on:
        return row
    row.done_on, row.revision = done_on, row.revision + 1
    row.save(update_fields=["done_on", "revision"])
    record(actor=actor, action="milestone.reach", changed=[(row, ["done_on"])])
    return row


@transaction.atomic
def set_joint_units(
    task: Task, unit_ids: Collection[int], *, actor: Actor, decided: bool = False
) -> list[JointUnit]:
    """Say which units work with the lead unit; refusals as of `set_needs`."""
    owner, actor = _opened(task, actor, "joint_unit_ids", decided=decided, places="write")
    wanted = dict.fromkeys(unit_ids)
    inside = set(
        UnitLink.objects.filter(
            ancestor_id=owner.organisation_id, descendant__in=wanted, descendant__is_active=True
        ).values_list("descendant_id", flat=True)
    )
    faults = [
        FieldFault("joint_unit_ids", "plan.joint-outside", {"unit": unit})
        for unit in wanted
        if unit not in inside
    ]
    if owner.unit_id in wanted:
        name = Unit.objects.get(pk=owner.unit_id).name
        faults.append(FieldFault("joint_unit_ids", "plan.joint-lead", {"unit": name}))
    refuse(faults)
    there = {link.unit_id: link for link in owner.joint_units.all()}
    gone = [link for unit, link in there.items() if unit not in wanted]
    made = [JointUnit(task=owner, unit_id=unit) for unit in wanted if unit not in there]
    if gone or made:
        JointUnit.objects.filter(pk__in=[link.pk for link in gone]).delete()
        JointUnit.objects.bulk_create(made)
        record(actor=actor, action="task.joint", created=made, removed=gone)
        shared([*made, *gone])
    return list(owner.joint_units.select_related("unit").order_by("pk"))


def faults_of_needs(rows: Rows) -> list[FieldFault]:
    """Return every fault of a checklist, by line."""
    return [*_line_faults(rows, ("title",), most=200), *need_faults(rows)]


def faults_of_milestones(owner: Task, rows: Rows) -> list[FieldFault]:
    """Return every fault of the milestones of a task, by line."""
    feedback = first_day(owner.inspection.feedback_on)
    faults = _line_faults(rows, ("title", "due_on"))
    for at, row in enumerate(rows):
        day = row.get("due_on")
        if isinstance(day, date) and owner.due_on is not None and day > owner.due_on:
            params = {"day": day.isoformat(), "due": owner.due_on.isoformat()}
            faults.append(FieldFault(f"{at}.due_on", "plan.milestone-late", params))
        if isinstance(day, date) and feedback is not None and day < feedback and not owner.notice:
            params = {"day": day.isoformat(), "feedback": feedback.isoformat()}
            faults.append(FieldFault(f"{at}.due_on", "plan.milestone-early", params))
    return faults


def _opened(task: Task, actor: Actor, field: str, *, decided: bool, places: str = "") -> tuple[Task, Actor]:
    """Return the task, locked with its inspection, and who acts; only the office sets what `places` says ``write``."""
    inspection = lock_inspection(task.inspection_id)
    owner = locked(task)
    owner.inspection = inspection
    if decided:
        return owner, actor
    own = [("write", owner.organisation_id)] if places == "write" else filling(owner)
    actor = hand(actor, own, organisation_id=owner.organisation_id)
    require_open(inspection.pk, field)
    return owner, actor


def _line_faults(rows: Rows, required: Sequence[str], *, most: int = 2000) -> list[FieldFault]:
    if len(rows) > MOST_ROWS:
        return [FieldFault("", "plan.rows-many", {"most": MOST_ROWS})]
    faults = []
    for at, row in enumerate(rows):
        for fault in text_faults(row, required=required):
            faults.append(FieldFault(f"{at}.{fault.field}", fault.code, fault.params))
        if len(title := str(row.get("title", ""))) > most:
            params = {"most": most, "length": len(title)}
            faults.append(FieldFault(f"{at}.title", "findings.too-long", params))
    return faults


def _count_faults(rows: Rows) -> list[FieldFault]:
    faults = []
    for at, row in enumerate(rows):
        counts = {name: row.get(name, 0) for name in ("found", "fixed")}
        wrong = [
            name
            for name, value in counts.items()
            if not isinstance(value, int) or not 0 <= value <= MOST_COUNT
        ]
        faults += [FieldFault(f"{at}.{name}", "plan.number-range", {"most": MOST_COUNT}) for name in wrong]
        if not wrong and counts["fixed"] > counts["found"]:
            faults.append(FieldFault(f"{at}.fixed", "plan.fixed-more", counts))
    return faults


def _replace(lines: _Lines, owner: Task | Problem, wanted: Rows, *, revision: int, actor: Actor) -> list[Any]:
    """Make the owner's lines those that are wanted, in their order: one statement a kind of change, one event a line.

    :raises Conflict: when somebody changed the owner or a list of it since `revision`.
    """
    if owner.revision != revision:
        raise Conflict("plan.rows-overtaken")
    model, names = lines.model, lines.names
    there = {row.pk: row for row in lines.live.select_for_update()}
    named = [row["id"] for row in wanted if row.get("id")]
    if len(set(named)) != len(named) or not set(named) <= set(there):
        raise Conflict("plan.row-gone")
    made, changed = [], []
    for position, given in enumerate(wanted, 1):
        values = {name: _clean(given[name]) for name in names if name in given} | {"position": position}
        row = there.get(given.get("id") or 0)
        if row is None:
            made.append(model(**lines.link, **lines.beside, **values))
            continue
        differing = [name for name, value in values.items() if getattr(row, name) != value]
        for name in differing:
            setattr(row, name, values[name])
        changed += [(row, differing)] if differing else []
    for pk in set(there) - set(named):
        there[pk].withdrawn = True
        changed.append((there[pk], ["withdrawn"]))
    if made or changed:
        for row, _differing in changed:
            row.revision += 1
        model.objects.bulk_create(made)
        if changed:
            model.objects.bulk_update(
                [row for row, _ in changed], [*names, "position", "withdrawn", "revision"]
            )
        owner.revision += 1
        owner.save(update_fields=["revision"])
        record(actor=actor, action=f"{model.sealed_as}.edit", created=made, changed=changed)
    return list(lines.live.order_by("position", "pk"))


def _clean(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
