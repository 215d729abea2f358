"""Reading plans: what a plan says today, which versions there are, who sees how much of them, what is asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from bihuan.core import plan_rules as rules
from bihuan.core import plans
from bihuan.core.deadlines import due
from bihuan.core.plans import Content, Item
from bihuan.core.refusal import NotVisible
from bihuan.core.register import first_day
from bihuan.findings.models import (
    EvidenceNeed,
    Finding,
    Inspection,
    JointUnit,
    LookAround,
    Milestone,
    OutsideWait,
    Plan,
    PlanChange,
    PlanOpinion,
    Problem,
    Task,
)
from bihuan.findings.queries.doors import inspection_for
from bihuan.findings.queries.sight import LIVE, Reach, reach
from bihuan.orgs.models import User
from bihuan.orgs.queries import calendar_of, deadlines_of
from bihuan.web.prepared import Question

FINDING = ("number", "title")
PROBLEM = ("number", "title", "text", "cause")
TASK = ("number", "title", "measures", "unit_id", "leader", "category", "notice", "expected", "extended")


def locked_inspections(inspection_ids: Iterable[int]) -> set[int]:
    """Return which of these inspections have an approved plan. One query."""
    return {inspection for (inspection,) in LOCKED.rows(tuple(set(inspection_ids)))}


#: Of a task, as its page shows them: letters to others, checklist, milestones, changes of the plan (the newest first).
WAITS = Question(
    lambda task: OutsideWait.objects.filter(task=task, withdrawn__in=LIVE).order_by("-sent_on", "-pk")
)
NEEDS = Question(
    lambda task: EvidenceNeed.objects.filter(task=task, withdrawn__in=LIVE).order_by("position", "pk")
)
MILESTONES = Question(
    lambda task: Milestone.objects.filter(task=task, withdrawn__in=LIVE).order_by("position", "pk")
)
CHANGES = Question(lambda task: PlanChange.objects.filter(task=task).order_by("-asked_at", "-pk")[:20])
LOCKED = Question(
    lambda inspections: Plan.objects.filter(inspection_id__in=inspections, state=plans.APPROVED).values_list(
        "inspection_id"
    )
)


def approved_plan(inspection_id: int) -> Plan | None:
    """Return the plan that holds, None while none is approved."""
    return Plan.objects.filter(inspection_id=inspection_id, state=plans.APPROVED).first()


def open_plan(inspection_id: int) -> Plan | None:
    """Return the plan that is being made, None without one."""
    return Plan.objects.filter(inspection_id=inspection_id, state__in=plans.OPEN).first()


def content_of(inspection_id: int) -> Content:
    """Return what the plan of an inspection says as the register stands now. Seven queries."""
    live: dict[str, Any] = {"inspection_id": inspection_id, "withdrawn__in": LIVE}
    under = {f"task__{name}": value for name, value in live.items()}
    tasks: dict[int, list[Item]] = defaultdict(list)
    joint, needs = defaultdict(list), defaultdict(list)
    milestones, around = defaultdict(list), defaultdict(list)
    for link in JointUnit.objects.filter(**under).select_related("unit").order_by("pk"):
        joint[link.task_id].append(link)
    for need in EvidenceNeed.objects.filter(**under, withdrawn__in=LIVE).order_by("position", "pk"):
        row = {"kind": need.kind, "title": need.title, "proves": need.proves, "optional": need.optional}
        needs[need.task_id].append(row)
    for point in Milestone.objects.filter(**under, withdrawn__in=LIVE).order_by("position", "pk"):
        milestones[point.task_id].append({"title": point.title, "due_on": point.due_on.isoformat()})
    looked = LookAround.objects.filter(problem__inspection_id=inspection_id, withdrawn__in=LIVE)
    for one in looked.order_by("position", "pk"):
        around[one.problem_id].append(
            {"scope": one.scope, "found": one.found, "fixed": one.fixed, "note": one.note}
        )
    for task in Task.objects.filter(**live).select_related("unit", "problem").order_by("position", "pk"):
        fields = _said(task, TASK) | {
            "above": f"problem:{task.problem_id}",
            "finding": f"finding:{task.problem.finding_id}",
            "unit": task.unit.name if task.unit else "",
            "first_due_on": _day(task.first_due_on),
            "due_on": _day(task.due_on),
            "joint_unit_ids": [link.unit_id for link in joint[task.pk]],
            "joint_units": [link.unit.name for link in joint[task.pk]],
            "needs": needs[task.pk],
            "milestones": milestones[task.pk],
        }
        tasks[task.problem_id].append(Item(f"task:{task.pk}", fields))
    problems: dict[int, list[Item]] = defaultdict(list)
    for problem in Problem.objects.filter(**live).order_by("position", "pk"):
        fields = _said(problem, PROBLEM) | {
            "above": f"finding:{problem.finding_id}", "look_around": around[problem.pk],
        }  # fmt: skip
        problems[problem.finding_id] += [Item(f"problem:{problem.pk}", fields), *tasks[problem.pk]]
    found: list[Item] = []
    for finding in Finding.objects.filter(**live).order_by("position", "pk"):
        found += [Item(f"finding:{finding.pk}", _said(finding, FINDING)), *problems[finding.pk]]
    return tuple(found)


def proposals(inspection: Inspection) -> dict[str, tuple[date, str]]:
    """Return for each category the due date that the organisation's deadlines propose, with their source.

    Nothing while the day of the feedback is not known to the day. Two queries.
    """
    if len(inspection.feedback_on) != 10 or (start := first_day(inspection.feedback_on)) is None:
        return {}
    terms = deadlines_of(inspection.organisation_id)
    calendar = calendar_of(inspection.organisation_id)
    found = {}
    for category, code in rules.TERMS.items():
        if (held := terms.get(code)) is not None:
            found[category] = (due(start, held.term, calendar).day, held.term.source)
    return found


def _said(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: "" if getattr(row, name) is None else getattr(row, name) for name in names}


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def part_of(content: Content, seen: Reach, organisation_id: int) -> Content:
    """Return what of a plan this person may read: all in the organisation, else what concerns the own units."""
    return content if organisation_id in seen.organisations else plans.only(content, seen.units)


def plan_for(user: User, plan_id: int, today: date) -> Plan:
    """Return a version of a plan that `user` sees.

    :raises NotVisible: when there is none for this person.
    """
    plan = Plan.objects.select_related("made_by", "approved_by", "approved_for").filter(pk=plan_id).first()
    if plan is None:
        raise NotVisible("findings.not-found")
    plan.inspection = inspection_for(user, plan.inspection_id, today)
    return plan


def whole_plan_for(user: User, plan_id: int, today: date) -> Plan:
    """Return a version that `user` sees whole, as the papers written from it are.

    :raises NotVisible: also for whoever sees only an own unit's part.
    """
    plan = plan_for(user, plan_id, today)
    if plan.organisation_id not in reach(user, today).organisations:
        raise NotVisible("findings.not-found")
    return plan


def versions(inspection_id: int) -> list[Plan]:
    """Return every version, the newest first. One query."""
    rows = Plan.objects.filter(inspection_id=inspection_id).select_related(
        "made_by", "approved_by", "approved_for"
    )
    return list(rows.defer("content").order_by("-version"))


def unanswered(inspection_id: int) -> int:
    """Return how many opinions on plans of an inspection nobody has answered."""
    return PlanOpinion.objects.filter(
        plan__inspection_id=inspection_id, answer="", withdrawn__in=LIVE
    ).count()


def opinions_in_sight(seen: Reach) -> QuerySet[PlanOpinion]:
    """Return the opinions in sight: all in the organisation, else of the own units."""
    return PlanOpinion.objects.filter(seen.whole() | Q(unit_id__in=seen.units))


def opinions_seen(seen: Reach, inspection_id: int) -> QuerySet[PlanOpinion]:
    """Return the opinions on the plans of an inspection in sight: all in the organisation, else of the own units."""
    return (
        opinions_in_sight(seen)
        .filter(plan__inspection_id=inspection_id)
        .select_related("plan", "unit", "task", "problem", "given_by", "answered_by")
        .order_by("-received_on", "-pk")
    )


def opinion_for(user: User, opinion_id: int, today: date) -> PlanOpinion:
    """Return an opinion that `user` sees.

    :raises NotVisible: when there is none for this person.
    """
    seen = reach(user, today)
    found = opinions_in_sight(seen).filter(pk=opinion_id)
    opinion = found.select_related("plan", "unit", "task", "problem", "given_by", "answered_by").first()
    if opinion is None:
        raise NotVisible("findings.not-found")
    return opinion


def changes_seen(seen: Reach) -> QuerySet[PlanChange]:
    """Return the changes asked for in sight: all in the organisation, else of the own units' tasks."""
    rows = PlanChange.objects.filter(seen.whole() | Q(task__unit_id__in=seen.units))
    names = ("task__unit", "problem", "inspection", "asked_by", "asked_for", "decided_by", "decided_for")
    return rows.select_related(*names).order_by("-asked_at", "-pk")


def change_for(user: User, change_id: int, today: date) -> PlanChange:
    """Return a change that `user` sees.

    :raises NotVisible: when there is none for this person.
    """
    change = changes_seen(reach(user, today)).filter(pk=change_id).first()
    if change is None:
        raise NotVisible("findings.not-found")
    return change


def milestone_for(user: User, milestone_id: int, today: date) -> Milestone:
    """Return a milestone of a task that `user` sees; refusals as of `change_for`."""
    seen = reach(user, today)
    row = Milestone.objects.select_related("task").filter(seen.tasks("task__"), pk=milestone_id).first()
    if row is None:
        raise NotVisible("findings.not-found")
    return row


def wait_for(user: User, wait_id: int, today: date) -> OutsideWait:
    """Return an outside wait of a task that `user` sees; refusals as of `change_for`."""
    seen = reach(user, today)
    row = OutsideWait.objects.select_related("task").filter(seen.tasks("task__"), pk=wait_id).first()
    if row is None:
        raise NotVisible("findings.not-found")
    return row


def units_of_problems(problem_ids: Collection[int]) -> set[int]:
    """Return the units that lead tasks of these problems. One query."""
    rows = Task.objects.filter(problem_id__in=problem_ids, withdrawn__in=LIVE, unit_id__isnull=False)
    return set(rows.order_by().values_list("unit_id", flat=True))


def asked_counts(inspection_id: int) -> dict[str, int]:
    """Return how many changes stand in which state. One query."""
    rows = PlanChange.objects.filter(inspection_id=inspection_id).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")))


def noticed(task_ids: Collection[int]) -> set[int]:
    """Return which tasks an issued notice to act at once (立行立改通知书) is about. One query."""
    rows = Task.objects.filter(
        pk__in=task_ids, letters__letter__kind="at_once", letters__letter__number__isnull=False
    )
    return set(rows.exclude(letters__letter__state="void").order_by().values_list("pk", flat=True))
