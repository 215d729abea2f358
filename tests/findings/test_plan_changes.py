"""Changes of an approved plan: whose they are to decide, never the asker's; carried out with the next version."""

from datetime import date
from typing import Any

import pytest

from bihuan.core import plans
from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.findings.actions import plan_changes
from bihuan.findings.actions.plan_changes import decide_change
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import Plan, PlanChange, Problem, Task
from bihuan.orgs.models import Delegation, Grant, Post, User
from tests.cast import Cast, actor_for
from tests.findings.planning import NEEDS, Crew, again, approved, make_crew, make_plan_tasks
from tests.findings.test_editing import whole_record_holds

DUE = date(2027, 3, 31)


@pytest.fixture
def crew(cast: Cast) -> Crew:
    return make_crew(cast)


@pytest.fixture
def task(cast: Cast, crew: Crew) -> Task:
    task = make_plan_tasks(cast, count=2)[0]
    approved(cast, crew, task.inspection)
    return again(task)


def decide(change: PlanChange, who: User, *, agreed: bool = True, note: str = "") -> PlanChange:
    return decide_change(change, agreed=agreed, note=note, revision=change.revision, actor=actor_for(who))


def extend(task: Task, who: User, due: date = DUE, **more: Any) -> PlanChange:
    return plan_changes.ask_extension(again(task), due, reason="专家评审推迟", actor=actor_for(who), **more)


def refusal(act: Any, kind: type[Refused] = Refused) -> str:
    with pytest.raises(kind) as refused:
        act()
    return refused.value.code


def test_the_first_extension_is_the_leaders_and_counts(cast: Cast, crew: Crew, task: Task) -> None:
    change = extend(task, crew.liaison)
    assert (change.rank, change.nth) == ("leader", 1)
    for who in (cast.office, crew.head, crew.supervision, crew.superior, cast.reader):
        assert refusal(lambda who=who: decide(change, who)) == "plan.rank-leader"
    decide(change, crew.leader)
    row = again(task)
    assert (row.due_on, row.first_due_on, row.extended) == (DUE, date(2026, 12, 31), 1)
    newest = Plan.objects.get(state="approved")
    assert (newest.version, newest.approved_by_id, newest.made_by_id) == (2, crew.leader.pk, crew.liaison.pk)
    old = Plan.objects.get(state="superseded")
    made = plans.difference(plans.thawed(old.content), plans.thawed(newest.content))
    assert made.changed == {f"task:{task.pk}": {"due_on": ("2026-12-31", "2027-03-31"), "extended": (0, 1)}}
    assert whole_record_holds()


def test_the_nth_extension_needs_a_higher_approver_and_then_the_superior(
    cast: Cast, crew: Crew, task: Task
) -> None:
    decide(extend(task, crew.liaison), crew.leader)
    second = extend(task, crew.liaison, date(2027, 6, 30))
    assert second.rank == "leading_group"
    assert refusal(lambda: decide(second, crew.leader)) == "plan.rank-leading_group"
    decide(second, crew.group)
    assert refusal(lambda: extend(task, crew.liaison, date(2027, 9, 30)), Invalid) == "plan.consent-missing"
    third = extend(task, crew.liaison, date(2027, 9, 30), consent="云巡办函〔2027〕3号")
    decide(third, crew.group)
    assert again(task).extended == 3
    assert again(task).first_due_on == date(2026, 12, 31)


def test_nobody_decides_what_he_asked_for_nor_his_delegate(cast: Cast, crew: Crew, task: Task) -> None:
    office_grant = Grant.objects.get(post__person=crew.group)
    post = Post.objects.get(person=crew.liaison)
    Delegation.objects.create(
        grant=office_grant, post=post, unit=cast.organisation, starts_on=date(2026, 11, 1),
        ends_on=date(2026, 12, 1), reason="出差",
    )  # fmt: skip
    change = plan_changes.ask_edit(task, {"leader": "陆遥"}, reason="分工调整", actor=actor_for(crew.liaison))
    assert refusal(lambda: decide(change, crew.liaison)) == "plan.own-change"
    Delegation.objects.update(ends_on=date(2026, 11, 22))
    assert refusal(lambda: decide(change, crew.liaison)) == "orgs.delegation-ended"
    decided = decide(change, crew.other_group)
    assert (decided.state, again(task).leader) == ("approved", "陆遥")


def test_a_delegate_decides_with_both_names(cast: Cast, crew: Crew, task: Task) -> None:
    Delegation.objects.create(
        grant=Grant.objects.get(post__person=crew.group), post=Post.objects.get(person=cast.reader),
        unit=cast.organisation, starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 1), reason="出差",
    )  # fmt: skip
    change = plan_changes.ask_withdrawal(task, reason="并入1-2", actor=actor_for(cast.office))
    decided = decide(change, cast.reader)
    assert (decided.decided_by_id, decided.decided_for_id) == (cast.reader.pk, crew.group.pk)
    assert Plan.objects.get(state="approved").approved_for_id == crew.group.pk
    assert Task.objects.get(pk=task.pk).withdrawn


def test_rank_follows_from_what_changes(cast: Cast, crew: Crew, task: Task) -> None:
    actor = actor_for(cast.office)
    light = plan_changes.ask_edit(task, {"measures": "改进措施"}, reason="补充", actor=actor)
    heavy = plan_changes.ask_edit(
        task, {"expected": "全部建账", "unit_id": cast.safety.pk}, reason="移交", actor=actor
    )
    assert (light.rank, heavy.rank) == ("leader", "leading_group")
    assert refusal(lambda: decide(heavy, crew.leader)) == "plan.rank-leading_group"
    decide(light, crew.group)
    decide(heavy, crew.group)
    row = again(task)
    assert (row.measures, row.expected, row.unit_id) == ("改进措施", "全部建账", cast.safety.pk)
    assert whole_record_holds()


def test_lists_joint_units_cause_and_new_tasks_change_by_request(cast: Cast, crew: Crew, task: Task) -> None:
    actor = actor_for(cast.office)
    lines = [*NEEDS, {"kind": "signed_page", "title": "专家签字页", "proves": "result", "optional": False}]
    values = {
        "needs": lines, "joint_unit_ids": [cast.safety.pk],
        "milestones": [{"title": "完成样表", "due_on": date(2026, 12, 10)}],
    }  # fmt: skip
    decide(plan_changes.ask_edit(task, values, reason="补充", actor=actor), crew.group)
    assert task.needs.filter(withdrawn=False).count() == 3
    assert task.milestones.get().due_on == date(2026, 12, 10)
    assert list(task.joint_units.values_list("unit_id", flat=True)) == [cast.safety.pk]
    problem = Problem.objects.get(pk=task.problem_id)
    decide(
        plan_changes.ask_cause(problem, "底数不清", reason="核实", actor=actor),
        crew.leader if False else crew.group,
    )
    new = {
        "number": "1-2", "title": "抽查企业", "unit_id": cast.environment.pk, "due_on": date(2026, 12, 31),
        "category": "staged",
    }  # fmt: skip
    decide(plan_changes.ask_addition(problem, new, reason="遗漏", actor=actor), crew.group)
    assert Task.objects.get(number="1-2").first_due_on == date(2026, 12, 31)
    assert Plan.objects.get(state="approved").version == 4
    assert whole_record_holds()


def test_what_changed_meanwhile_is_not_overwritten(cast: Cast, crew: Crew, task: Task) -> None:
    actor = actor_for(cast.office)
    one = plan_changes.ask_edit(task, {"leader": "陆遥"}, reason="分工", actor=actor)
    two = plan_changes.ask_edit(task, {"leader": "江澈"}, reason="分工", actor=actor)
    decide(one, crew.group)
    assert refusal(lambda: decide(two, crew.group), Conflict) == "plan.change-overtaken"
    assert PlanChange.objects.get(pk=two.pk).state == "asked"
    assert (
        refusal(lambda: decide(PlanChange.objects.get(pk=one.pk), crew.group), Conflict)
        == "plan.change-decided"
    )


def test_dates_and_reasons_are_checked(cast: Cast, crew: Crew, task: Task) -> None:
    for due, code in (
        (date(2026, 11, 22), "plan.due-past"), (date(2026, 12, 30), "plan.first-due"),
        (date(2026, 12, 31), "plan.not-later"),
    ):  # fmt: skip
        assert refusal(lambda due=due: extend(task, crew.liaison, due), Invalid) == code
    nothing = {"measures": task.measures}
    assert (
        refusal(
            lambda: plan_changes.ask_edit(task, nothing, reason="无", actor=actor_for(cast.office)), Invalid
        )
        == "plan.change-nothing"
    )
    odd = {"first_due_on": None, "state": "completed"}
    assert (
        refusal(lambda: plan_changes.ask_edit(task, odd, reason="改", actor=actor_for(cast.office)), Invalid)
        == "plan.change-field"
    )
    assert refusal(
        lambda: plan_changes.ask_withdrawal(task, reason=" ", actor=actor_for(cast.office)), Invalid
    )
    change = extend(task, crew.liaison)
    assert refusal(lambda: extend(task, crew.head), Conflict) == "plan.extension-asked"
    assert refusal(lambda: decide(change, crew.leader, agreed=False), Invalid) == "plan.decline-reason"
    assert (
        refusal(lambda: plan_changes.take_back_change(change, actor=actor_for(crew.head))) == "plan.not-asker"
    )
    plan_changes.take_back_change(change, actor=actor_for(crew.liaison))
    for who in (crew.safety_liaison, cast.reader, crew.superior, crew.supervision):
        assert refusal(lambda who=who: extend(task, who), NotAllowed) == "orgs.role-missing"


def test_a_plan_that_is_open_is_changed_directly(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    assert refusal(lambda: extend(task, crew.liaison)) == "plan.change-not-needed"
