"""A plan's way: filled in by the right people, sent, answered, approved by others, then locked for every hand."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bihuan.core.plan_rules import CHECKLISTS
from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.documents.actions import receive
from bihuan.findings.actions import (
    bulk,
    editing,
    importing_back,
    plan_items,
    plan_opinions,
    plan_versions,
    plan_waits,
    removing,
    tasks,
)
from bihuan.findings.actions.plan_lock import PlanLocked
from bihuan.findings.actions.plan_versions import Approval, PlanGaps
from bihuan.findings.actions.registering import aim, register
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import EvidenceNeed, Inspection, LookAround, Milestone, Plan, Problem, Task
from tests.api.world import SAMPLES
from tests.cast import Cast, actor_for
from tests.findings.planning import (
    NEEDS,
    Crew,
    again,
    approved,
    in_review,
    make_crew,
    make_plan_tasks,
)
from tests.findings.test_editing import whole_record_holds
from tests.making import make_finding, make_inspection, make_problem, make_task


@pytest.fixture
def crew(cast: Cast) -> Crew:
    return make_crew(cast)


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def test_office_and_own_unit_fill_in_and_nobody_else(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    for who in (cast.office, crew.liaison, crew.head):
        task = again(task)
        plan_items.set_milestones(
            task,
            [{"title": who.name, "due_on": date(2026, 9, 30)}],
            revision=task.revision,
            actor=actor_for(who),
        )
    for who in (cast.reader, crew.safety_liaison, crew.leader, crew.supervision, crew.superior, crew.group):
        with pytest.raises(NotAllowed) as refused:
            plan_items.set_needs(again(task), NEEDS, revision=again(task).revision, actor=actor_for(who))
        assert refused.value.code == "orgs.role-missing"
    assert Milestone.objects.filter(withdrawn=False).count() == 1
    assert whole_record_holds()


def test_a_list_is_given_whole_and_keeps_the_lines_that_it_names(cast: Cast) -> None:
    task = make_plan_tasks(cast)[0]
    first, second = EvidenceNeed.objects.order_by("position")
    rows = [{"id": second.pk, **NEEDS[1], "title": "台账"}, {**NEEDS[0], "kind": "photo", "title": "照片"}]
    made = plan_items.set_needs(task, rows, revision=task.revision, actor=actor_for(cast.office))
    assert [need.title for need in made] == ["台账", "照片"]
    assert made[0].pk == second.pk
    assert EvidenceNeed.objects.get(pk=first.pk).withdrawn
    with pytest.raises(Conflict):
        plan_items.set_needs(task, rows, revision=task.revision, actor=actor_for(cast.office))
    assert whole_record_holds()


def test_every_fault_of_a_list_is_told_by_line(cast: Cast) -> None:
    task = make_plan_tasks(cast)[0]
    bad = [{"kind": "film", "title": "", "proves": "x", "optional": False}, NEEDS[0], NEEDS[0]]
    with pytest.raises(Invalid) as refused:
        plan_items.set_needs(task, bad, revision=task.revision, actor=actor_for(cast.office))
    assert {(fault.field, fault.code) for fault in refused.value.faults} == {
        ("0.title", "findings.required"), ("0.kind", "plan.unknown-kind"), ("0.proves", "plan.unknown-proof"),
        ("2.title", "plan.need-twice"),
    }  # fmt: skip
    around = [
        {"scope": "全区产废企业", "found": 2, "fixed": 3, "note": ""},
        {"scope": " ", "found": -1, "fixed": 0},
    ]
    with pytest.raises(Invalid) as refused:
        plan_items.set_look_around(
            task.problem, around, revision=task.problem.revision, actor=actor_for(cast.office)
        )
    assert set(codes(refused)) == {"plan.fixed-more", "findings.required", "plan.number-range"}
    assert not LookAround.objects.exists()


def test_none_found_is_an_answer(cast: Cast) -> None:
    problem = Problem.objects.get(pk=make_plan_tasks(cast)[0].problem_id)
    rows = [{"scope": "全区产废企业", "found": 0, "fixed": 0, "note": "未发现同类问题"}]
    made = plan_items.set_look_around(problem, rows, revision=problem.revision, actor=actor_for(cast.office))
    assert (made[0].found, made[0].note) == (0, "未发现同类问题")


def test_the_usual_checklist_comes_by_category_once(cast: Cast) -> None:
    problem = make_problem(cast, make_finding(cast, make_inspection(cast)))
    task = make_task(cast, problem, category="continuous")
    for _time in range(2):
        made = plan_items.usual_needs(
            again(task), revision=again(task).revision, actor=actor_for(cast.office)
        )
    assert [need.title for need in made] == [need.title for need in CHECKLISTS["continuous"]]
    assert [need.optional for need in made if need.kind == "minutes"] == [True]
    bare = make_task(cast, problem, number="15-2")
    with pytest.raises(Refused) as refused:
        plan_items.usual_needs(bare, revision=1, actor=actor_for(cast.office))
    assert refused.value.code == "plan.no-category"


def test_waiting_for_an_outside_body_and_going_on(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    values = {
        "body": "市生态环境局", "matter": "请予复核", "letter": "江高函〔2026〕3号", "sent_on": date(2026, 11, 2),
        "reply_due_on": date(2026, 12, 2),
    }  # fmt: skip
    wait = plan_waits.begin_wait(task, values, actor=actor_for(crew.liaison))
    assert again(task).state == "waiting"
    with pytest.raises(Invalid) as refused:
        plan_waits.begin_wait(again(task), values, actor=actor_for(crew.liaison))
    assert codes(refused) == ["plan.wait-there"]
    with pytest.raises(Invalid) as refused:
        plan_waits.reply_wait(wait, replied_on=date(2026, 11, 1), reply="", actor=actor_for(crew.liaison))
    assert codes(refused) == ["findings.required", "plan.reply-early"]
    plan_waits.reply_wait(wait, replied_on=date(2026, 11, 20), reply="同意", actor=actor_for(crew.liaison))
    assert again(task).state == "doing"
    with pytest.raises(NotAllowed) as again_refused:
        plan_waits.reply_wait(
            wait, replied_on=date(2026, 11, 20), reply="同意", actor=actor_for(crew.liaison)
        )
    assert again_refused.value.code == "plan.wait-replied"
    assert whole_record_holds()


def test_a_plan_goes_its_way_and_is_approved_by_another(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    plan = approved(cast, crew, task.inspection)
    assert (plan.state, plan.version, plan.approved_by_id) == ("approved", 1, crew.group.pk)
    assert plan.digest and plan.document_number == "江高委〔2026〕12号"
    with pytest.raises(Conflict) as refused:
        plan_versions.begin_plan(task.inspection, title="另一份", actor=actor_for(cast.office))
    assert refused.value.code == "plan.approved-there"
    assert whole_record_holds()


def test_no_step_is_skipped(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    office, group = actor_for(cast.office), actor_for(crew.group)
    plan = plan_versions.begin_plan(task.inspection, title="整改方案", actor=office)
    for act in (
        lambda: plan_versions.send_plan(plan, "review", revision=1, actor=office),
        lambda: plan_versions.approve_plan(plan, Approval("第3次会议"), revision=1, actor=group),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code == "plan.step-draft"
    for who in (cast.office, cast.reader, crew.leader, crew.supervision, crew.head, crew.superior):
        review = Plan.objects.get()
        with pytest.raises(NotAllowed):
            plan_versions.approve_plan(review, Approval("第3次会议"), revision=1, actor=actor_for(who))
    assert Plan.objects.get().state == "draft"


def test_everything_that_lacks_is_told_at_once(cast: Cast, crew: Crew) -> None:
    inspection = make_inspection(cast)
    finding = make_finding(cast, inspection)
    make_finding(cast, inspection, number="（二）")
    make_task(cast, make_problem(cast, finding), due_on=None)
    plan = in_review(cast, inspection)
    plan_opinions.give_opinion(
        plan, {"body": "市委巡察办", "text": "措施不具体"}, actor=actor_for(cast.office)
    )
    with pytest.raises(PlanGaps) as refused:
        plan_versions.approve_plan(
            plan, Approval("第3次会议"), revision=plan.revision, actor=actor_for(crew.group)
        )
    assert {gap.code for gap in refused.value.gaps} == {
        "plan.gap-finding", "plan.gap-cause", "plan.gap-unit", "plan.gap-leader", "plan.gap-category",
        "plan.gap-due", "plan.gap-measures", "plan.gap-result", "plan.gap-opinions",
    }  # fmt: skip


def test_what_changed_since_review_is_sent_again_and_the_versions_differ(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    plan = in_review(cast, task.inspection)
    tasks.edit_task(
        task, {"measures": "逐户核查，限期整改"}, revision=task.revision, actor=actor_for(cast.office)
    )
    with pytest.raises(Conflict) as refused:
        plan_versions.approve_plan(
            plan, Approval("第3次会议"), revision=plan.revision, actor=actor_for(crew.group)
        )
    assert refused.value.code == "plan.changed-since"
    newer = plan_versions.send_plan(plan, "review", revision=plan.revision, actor=actor_for(cast.office))
    assert (newer.version, newer.state, Plan.objects.get(pk=plan.pk).state) == (2, "review", "superseded")
    plan_versions.approve_plan(newer, Approval("第3次会议"), revision=1, actor=actor_for(crew.group))
    assert whole_record_holds()


def test_whoever_made_the_version_does_not_approve_it(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    plan = in_review(cast, task.inspection)
    Plan.objects.filter(pk=plan.pk).update(made_by=crew.group)
    with pytest.raises(NotAllowed) as refused:
        plan_versions.approve_plan(
            plan, Approval("第3次会议"), revision=plan.revision, actor=actor_for(crew.group)
        )
    assert refused.value.code == "plan.own-version"
    given = Approval("第3次会议", approved_on=date(2026, 12, 1))
    with pytest.raises(Invalid) as late:
        plan_versions.approve_plan(plan, given, revision=plan.revision, actor=actor_for(crew.other_group))
    assert codes(late) == ["plan.day-future"]


def test_opinions_are_given_for_ones_own_unit_and_answered_by_the_office(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    plan = in_review(cast, task.inspection)
    mine = {"unit_id": cast.environment.pk, "item": f"task:{task.pk}", "text": "期限偏紧"}
    opinion = plan_opinions.give_opinion(plan, mine, actor=actor_for(crew.liaison))
    assert (opinion.item, opinion.task_id) == ("1-1", task.pk)
    with pytest.raises(Invalid) as twice:
        plan_opinions.give_opinion(plan, mine, actor=actor_for(crew.liaison))
    assert codes(twice) == ["plan.opinion-there"]
    for who, values in (
        (crew.safety_liaison, mine), (crew.liaison, {"body": "市纪委", "text": "同意"}), (cast.reader, mine),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            plan_opinions.give_opinion(plan, values, actor=actor_for(who))
    with pytest.raises(Invalid) as bare:
        plan_opinions.answer_opinion(opinion, "declined", actor=actor_for(cast.office))
    assert codes(bare) == ["plan.opinion-reason"]
    with pytest.raises(NotAllowed):
        plan_opinions.answer_opinion(opinion, "adopted", actor=actor_for(crew.liaison))
    plan_opinions.answer_opinion(opinion, "declined", text="期限由反馈意见规定", actor=actor_for(cast.office))
    nothing = plan_opinions.give_opinion(
        plan, {"body": "市纪委", "text": "无意见。"}, actor=actor_for(cast.office)
    )
    assert nothing.answer == "adopted"
    plan_versions.approve_plan(
        plan, Approval("第3次会议"), revision=plan.revision, actor=actor_for(crew.group)
    )
    with pytest.raises(NotAllowed) as late:
        plan_opinions.answer_opinion(opinion, "adopted", actor=actor_for(cast.office))
    assert late.value.code == "plan.opinion-answered"
    assert whole_record_holds()


@pytest.fixture
def locked_task(cast: Cast, crew: Crew) -> Task:
    task = make_plan_tasks(cast, count=2)[0]
    approved(cast, crew, task.inspection)
    return again(task)


def test_an_approved_plan_is_locked_through_every_way_of_writing(cast: Cast, locked_task: Task) -> None:
    office, task = actor_for(cast.office), locked_task
    problem = Problem.objects.get(pk=task.problem_id)
    ways = {
        "edit": lambda: tasks.edit_task(task, {"measures": "改"}, revision=task.revision, actor=office),
        "unit": lambda: tasks.edit_task(task, {"unit_id": None}, revision=task.revision, actor=office),
        "due": lambda: tasks.edit_task(
            task, {"due_on": date(2027, 1, 31)}, revision=task.revision, actor=office
        ),
        "add": lambda: tasks.add_task(problem, {"number": "1-9", "title": "新"}, actor=office),
        "problem": lambda: editing.edit_problem(
            problem, {"title": "改"}, revision=problem.revision, actor=office
        ),
        "add problem": lambda: editing.add_problem(
            problem.finding, {"number": "9", "title": "新"}, actor=office
        ),
        "add finding": lambda: editing.add_finding(
            task.inspection, {"number": "九", "title": "新"}, actor=office
        ),
        "finding": lambda: editing.edit_finding(problem.finding, {"title": "改"}, revision=1, actor=office),
        "withdraw": lambda: removing.withdraw_row(task, reason="不要了", actor=office),
        "needs": lambda: plan_items.set_needs(task, [], revision=task.revision, actor=office),
        "milestones": lambda: plan_items.set_milestones(task, [], revision=task.revision, actor=office),
        "joint": lambda: plan_items.set_joint_units(task, [cast.safety.pk], actor=office),
        "cause": lambda: plan_items.set_cause(problem, "另一原因", revision=problem.revision, actor=office),
    }
    for way, act in ways.items():
        with pytest.raises(PlanLocked) as refused:
            act()
        assert (way, refused.value.code, refused.value.status) == (way, "plan.locked", 403)
    for act in (
        lambda: bulk.change_tasks([task.pk], {"leader": "沈既白"}, actor=office),
        lambda: importing_back.write_back("tasks", {task.pk: (task.revision, {"title": "改"})}, actor=office),
        lambda: importing_back.write_back(
            "problems", {problem.pk: (problem.revision, {"text": "改"})}, actor=office
        ),
    ):
        with pytest.raises(bulk.NotTogether) as together:
            act()
        assert (
            together.value.faults[0].code == "plan.locked"
            if hasattr(together.value.faults[0], "code")
            else True
        )
    with pytest.raises(PlanLocked) as first:
        tasks.edit_task(task, {"first_due_on": None}, revision=task.revision, actor=office)
    assert first.value.code == "plan.first-due-kept"
    assert Task.objects.get(pk=task.pk).measures == "逐户核查，建立台账"
    assert Inspection.objects.count() == 1


def test_progress_stays_open_when_the_plan_is_approved(cast: Cast, crew: Crew, locked_task: Task) -> None:
    office, task = actor_for(cast.office), locked_task
    task = tasks.edit_task(task, {"remark": "已核查40户"}, revision=task.revision, actor=office)
    tasks.add_step(task, {"title": "列出企业名单"}, actor=office)
    assert bulk.change_tasks([task.pk], {"remark": "已核查41户"}, actor=office) == 1
    problem = Problem.objects.get(pk=task.problem_id)
    editing.edit_problem(problem, {"response": "已整改"}, revision=problem.revision, actor=office)
    problem.refresh_from_db()
    rows = [{"scope": "全区", "found": 3, "fixed": 1, "note": ""}]
    plan_items.set_look_around(problem, rows, revision=problem.revision, actor=actor_for(crew.liaison))
    assert whole_record_holds()


def test_a_plan_that_is_imported_does_not_add_to_an_approved_one(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.BIHUAN_FILES = tmp_path
    office = actor_for(cast.office)

    def received(name: str) -> Any:
        data = (SAMPLES / name).read_bytes()
        return receive(data, name=name, organisation=cast.organisation, actor=office).draft

    inspection = register(received("反馈意见.docx").pk, actor=office)
    draft = received("整改方案任务表.xlsx")
    draft = aim(draft.pk, inspection.pk, revision=draft.revision, actor=office)
    Plan.objects.create(
        inspection=inspection,
        organisation=cast.organisation,
        version=1,
        state="approved",
        title="方案",
        made_at=office.at,
    )
    with pytest.raises(Refused) as refused:
        register(draft.pk, actor=office)
    assert refused.value.code in ("plan.locked", "documents.register-blocked")
    assert not Task.objects.filter(inspection=inspection).exists()
