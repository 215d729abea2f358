"""A plan with everything that it needs, and the people who fill, ask, decide and approve."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.findings.actions import plan_items, plan_versions
from bihuan.findings.actions.plan_versions import Approval
from bihuan.findings.models import Inspection, Plan, Problem, Task
from bihuan.orgs.models import Grant, Post, User
from tests.cast import NOW, Cast, actor_for, make_person
from tests.making import make_finding, make_inspection, make_problem, make_task

NEEDS = [
    {"kind": "document", "title": "工作方案", "proves": "process", "optional": False},
    {"kind": "ledger", "title": "逐户核查台账", "proves": "result", "optional": False},
]


@dataclass(frozen=True)
class Crew:
    """Who works on the plan."""

    liaison: User
    head: User
    leader: User
    group: User
    other_group: User
    supervision: User
    superior: User
    safety_liaison: User


@transaction.atomic
def make_crew(cast: Cast) -> Crew:
    """Make them, sealed in one batch."""
    crew = _crew(cast)
    people = [getattr(crew, field.name) for field in fields(crew)]
    posts = list(Post.objects.filter(person__in=people))
    rows = [*people, *posts, *Grant.objects.filter(post__in=posts)]
    record(actor=Actor(None, "console:tester", NOW), action="crew.make", created=rows)
    return crew


def _crew(cast: Cast) -> Crew:
    organisation, unit = cast.organisation, cast.environment
    return Crew(
        liaison=make_person("wenruo", "温若", unit=unit, role="liaison"),
        head=make_person("tangyu", "唐屿", unit=unit, role="unit_head"),
        leader=make_person("hemingqu", "贺明渠", unit=organisation, role="leader", over=unit),
        group=make_person("shenjibai", "沈既白", unit=organisation, role="leading_group"),
        other_group=make_person("luyao", "陆遥", unit=organisation, role="leading_group"),
        supervision=make_person("jiangche", "江澈", unit=organisation, role="supervision"),
        superior=make_person("fuyunshen", "傅云深", unit=organisation, role="superior"),
        safety_liaison=make_person("ninghe", "宁和", unit=cast.safety, role="liaison"),
    )


def make_plan_tasks(cast: Cast, *, count: int = 1) -> list[Task]:
    """Make an inspection whose every task has all that a plan asks for."""
    finding = make_finding(cast, make_inspection(cast))
    made = []
    for number in range(1, count + 1):
        problem = make_problem(cast, finding, number=str(number))
        plan_items.set_cause(problem, "制度不健全，日常检查不到位", revision=1, actor=actor_for(cast.office))
        made.append(whole_task(cast, Problem.objects.get(pk=problem.pk), number=f"{number}-1"))
    return made


def whole_task(cast: Cast, problem: Problem, **changes: Any) -> Task:
    values = {
        "unit_id": cast.environment.pk, "leader": "贺明渠", "category": "staged", "measures": "逐户核查，建立台账",
        "due_on": date(2026, 12, 31), **changes,
    }  # fmt: skip
    task = make_task(cast, problem, **values)
    plan_items.set_needs(task, NEEDS, revision=1, actor=actor_for(cast.office))
    return Task.objects.get(pk=task.pk)


def in_review(cast: Cast, inspection: Inspection) -> Plan:
    actor = actor_for(cast.office)
    plan = plan_versions.begin_plan(inspection, title="巡察反馈问题整改方案", actor=actor)
    plan = plan_versions.send_plan(plan, "opinions", revision=plan.revision, actor=actor)
    return plan_versions.send_plan(plan, "review", revision=plan.revision, actor=actor)


def approved(cast: Cast, crew: Crew, inspection: Inspection) -> Plan:
    plan = in_review(cast, inspection)
    given = Approval("领导小组第3次会议", "江高委〔2026〕12号")
    return plan_versions.approve_plan(plan, given, revision=plan.revision, actor=actor_for(crew.group))


def again(task: Task) -> Task:
    return Task.objects.select_related("inspection").get(pk=task.pk)
