import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.audit.models import Event
from bihuan.audit.queries import table_breaks
from bihuan.core.draft_edits import Edit
from bihuan.core.reading.document import PlanTask
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.core.source import Place
from bihuan.documents.actions import DraftClosed, drop_draft, edit_draft
from bihuan.documents.models import Draft
from bihuan.documents.queries import tree_of_draft
from bihuan.findings.actions import registering
from bihuan.findings.actions.editing import edit_problem
from bihuan.findings.actions.registering import RegistrationRefused, aim, register
from bihuan.findings.actions.withdrawing import WithdrawalRefused, why_not_withdraw, withdraw
from bihuan.findings.importing.preview import preview
from bihuan.findings.models import (
    Aspect,
    Declared,
    Finding,
    Inspection,
    Institution,
    JointUnit,
    Passage,
    Problem,
    Task,
    TaskState,
)
from bihuan.orgs.models import Unit, UnitLink
from bihuan.search.models import Entry, Reader
from tests.cast import TODAY, actor_for
from tests.core import draft_samples as samples

TABLES = (Inspection, Aspect, Finding, Problem, Task, TaskState, JointUnit, Institution, Passage, Declared)


def told() -> bool:
    """Tell whether search knows the joint units of all tasks that it finds, and no others."""
    entries = dict(Entry.objects.filter(kind="task").values_list("object_id", "pk"))
    links = JointUnit.objects.filter(task__in=entries).values_list("task_id", "unit_id")
    readers = Reader.objects.values_list("entry_id", "unit_id")
    return {(entries[task], unit) for task, unit in links} == set(readers) != set()


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in TABLES}


@pytest.fixture
def actor(cast):
    return actor_for(cast.office)


@pytest.fixture
def plan(arrive, live, actor):
    """Receive a plan of some rows and aim it at the inspection."""

    def bring(count: int = 4) -> Draft:
        arrival = arrive(samples.plan(count), samples.plan_lines(count), data=f"{count}".encode())
        return aim(arrival.draft.pk, live.pk, revision=1, actor=actor)

    return bring


def choose(draft: Draft, **facts: str) -> Draft:
    return edit_draft(
        draft.pk, [Edit("change", "n1", facts)], revision=draft.revision,
        actor=actor_for(draft.made_by),
    )  # fmt: skip


def test_feedback_becomes_a_live_inspection(cast, live):
    assert (live.mode, live.kind_id, live.organisation_id) == ("live", "xuncha", cast.organisation.pk)
    assert (live.title, live.feedback_on) == ("2026年云洲市委园区专项巡察", "2026-06-12")
    assert rows() == {
        "Inspection": 1, "Aspect": 2, "Finding": 2, "Problem": 3, "Task": 0, "TaskState": 0, "JointUnit": 0,
        "Institution": 0, "Passage": 3, "Declared": 2,
    }  # fmt: skip
    first = Problem.objects.get(number="1")
    assert (first.title, first.line, first.finding.aspect.position) == ("学习计划性不强", 7, 1)
    assert first.text.startswith("2025年列专题12个")
    assert Finding.objects.get(number="一").quote == "（一）学习不够深入"
    assert list(table_breaks()) == []


def test_what_is_registered_is_found(live):
    assert Entry.objects.filter(kind="problem").count() == 3
    assert Entry.objects.filter(kind="inspection", object_id=live.pk).exists()


def test_a_notice_becomes_an_archive_with_declared_figures_and_no_tasks(actor, notice):
    inspection = register(notice.draft.pk, actor=actor)
    assert (inspection.mode, inspection.phone, inspection.signed_on) == (
        "archive",
        "0720-5613028",
        "2026-11-20",
    )
    assert dict(Declared.objects.values_list("key", "value")) == samples.TALLY
    assert {row.line for row in Declared.objects.all()} == {5}
    assert Task.objects.count() == 0
    assert list(Institution.objects.order_by("pk").values_list("title", flat=True)) == [
        "学习管理办法",
        "研讨规则",
    ]
    assert list(Passage.objects.order_by("position").values_list("part", "line")) == [
        ("opening", 2), ("organisation", 4), ("organisation", 5), ("follow_up", 14),
    ]  # fmt: skip
    assert Problem.objects.get(number="1").response_line == 9


def test_a_live_inspection_and_the_archive_of_its_notice_are_two(actor, live, notice):
    register(notice.draft.pk, actor=actor)
    assert Inspection.objects.count() == 2


def test_registering_twice_gives_one(actor, feedback):
    first = register(feedback.draft.pk, actor=actor)
    events, before = Event.objects.count(), rows()
    assert register(feedback.draft.pk, actor=actor).pk == first.pk
    assert (Event.objects.count(), rows()) == (events, before)


def test_the_same_file_after_registration_changes_nothing(arrive, live):
    events, before = Event.objects.count(), rows()
    again = arrive(samples.feedback(), samples.FEEDBACK_LINES)
    assert (again.outcome, again.draft.inspection_id) == ("registered", live.pk)
    assert (Event.objects.count(), rows(), Draft.objects.count()) == (events, before, 1)


def test_a_fault_stands_against_registration_and_nothing_is_written(actor, feedback):
    choose(feedback.draft, kind="")
    with pytest.raises(RegistrationRefused) as refused:
        register(feedback.draft.pk, actor=actor)
    assert refused.value.params == {"count": 1}
    assert sum(rows().values()) == 0


@pytest.mark.parametrize("breaks_at", range(9))
def test_a_break_anywhere_leaves_nothing(actor, feedback, monkeypatch, breaks_at):
    written, insert = [], registering.insert

    def breaking(table):
        if len(written) == breaks_at:
            raise OSError("the power went off")
        written.append(table)
        insert(table)

    monkeypatch.setattr(registering, "insert", breaking)
    events, entries = Event.objects.count(), Entry.objects.count()
    with pytest.raises(OSError, match="power"):
        register(feedback.draft.pk, actor=actor)
    assert sum(rows().values()) == 0
    assert (Event.objects.count(), Entry.objects.count()) == (events, entries)
    assert Draft.objects.get().state == "open"


@pytest.mark.parametrize("name", ["record", "put", "_close"])
def test_a_break_after_the_rows_leaves_nothing(actor, feedback, monkeypatch, name):
    def breaking(*args, **kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr(registering, name, breaking)
    with pytest.raises(OSError, match="disk"):
        register(feedback.draft.pk, actor=actor)
    assert sum(rows().values()) == 0
    assert list(table_breaks()) == []


def test_only_the_office_registers(cast, feedback):
    for person in (cast.reader, cast.outsider, cast.department_reader, cast.disabled):
        with pytest.raises(NotAllowed):
            register(feedback.draft.pk, actor=actor_for(person))


def test_a_second_inspection_of_the_same_feedback_asks_what_to_do(arrive, live, actor):
    changed = [*samples.FEEDBACK_LINES]
    arrival = arrive(samples.feedback(), changed, data=b"another file of the same text")
    assert preview(arrival.draft).same == (live,)
    with pytest.raises(RegistrationRefused):
        register(arrival.draft.pk, actor=actor)
    before = rows()
    choose(arrival.draft, onto=f"skip:{live.pk}")
    assert register(arrival.draft.pk, actor=actor) == live
    assert rows() == before
    assert why_not_withdraw(Draft.objects.get(pk=arrival.draft.pk)) == "documents.withdraw-nothing"


def test_update_changes_only_what_differs_and_adds_what_is_new(arrive, live, actor):
    arrival = arrive(samples.feedback(), samples.FEEDBACK_LINES, data=b"corrected")
    tree = tree_of_draft(arrival.draft)
    one, two = tree.of_kind("problem")[:2]
    draft = edit_draft(
        arrival.draft.pk,
        [
            Edit("change", "n1", {"onto": f"update:{live.pk}"}),
            Edit("change", one.id, {"text": "2025年列专题13个。"}),
            Edit("split", two.id, {"field": "title", "at": "2"}),
            Edit("change", f"n{tree.next_number}", {"number": "4"}),
        ],
        revision=1,
        actor=actor,
    )
    seen = preview(draft)
    assert seen.made["problem"] == 1
    before = {row.pk: row.revision for row in Problem.objects.all()}
    register(draft.pk, actor=actor)
    after = {row.pk: row.revision for row in Problem.objects.all()}
    assert (Inspection.objects.count(), Finding.objects.count(), Problem.objects.count()) == (1, 2, 4)
    assert Problem.objects.get(number="1").text == "2025年列专题13个。"
    assert sum(after[pk] != before[pk] for pk in before) == 2
    assert list(table_breaks()) == []
    withdraw(draft.pk, actor=actor, reason="改错了")
    problem = Problem.objects.get(number="1")
    assert problem.text.startswith("2025年列专题12个")
    assert (problem.revision, problem.withdrawn) == (3, False)
    assert Problem.objects.filter(withdrawn=False).count() == 3
    assert list(table_breaks()) == []


def test_registering_a_second_copy_as_new_is_a_choice(arrive, live, actor):
    arrival = arrive(samples.feedback(), samples.FEEDBACK_LINES, data=b"copy")
    choose(arrival.draft, onto="new")
    assert register(arrival.draft.pk, actor=actor).pk != live.pk


def test_a_plan_needs_its_inspection(arrive, actor, cast):
    arrival = arrive(samples.plan(), samples.plan_lines())
    assert "documents.fault-no-target" in {fault.code for fault in preview(arrival.draft).faults}
    with pytest.raises(NotVisible):
        aim(arrival.draft.pk, 999, revision=1, actor=actor)


def test_a_plan_becomes_tasks_under_their_problems(cast, live, plan, actor):
    draft = plan()
    seen = preview(draft)
    assert not seen.blocked
    assert seen.new_units == ("部门1", "部门2", "部门3", "部门4", "部门5")
    register(draft.pk, actor=actor)
    task = Task.objects.get(number="2-1")
    assert (task.problem.number, task.unit.name, task.leader, task.category) == (
        "2",
        "部门2",
        "程立岩",
        "at_once",
    )
    assert (task.first_due_on, task.due_on) == (task.due_on, task.due_on)
    assert [one.unit.name for one in task.joint_units.all()] == ["部门3"]
    assert told()
    state = TaskState.objects.get(task=task)
    assert (state.state, state.effective_on, task.state) == ("todo", TODAY, "todo")
    assert list(table_breaks()) == []


def test_new_units_stand_in_the_tree(cast, live, plan, actor):
    register(plan().pk, actor=actor)
    unit = Unit.objects.get(name="部门1")
    assert unit.parent == cast.organisation
    assert set(UnitLink.objects.filter(descendant=unit).values_list("ancestor_id", "depth")) == {
        (unit.pk, 0), (cast.organisation.pk, 1),
    }  # fmt: skip


def test_units_are_made_only_if_ticked(live, plan, actor):
    draft = choose(plan(), new_units="部门1")
    assert "documents.fault-units-unknown" in {fault.code for fault in preview(draft).faults}
    register(draft.pk, actor=actor)
    assert set(Unit.objects.filter(name__startswith="部门").values_list("name", flat=True)) == {"部门1"}
    assert Task.objects.get(number="2-1").unit is None


def test_rows_that_match_nothing_stand_against_registration(arrive, live, actor):
    arrival = arrive(samples.plan(5, problems=5), samples.plan_lines(5))
    draft = aim(arrival.draft.pk, live.pk, revision=1, actor=actor)
    unmatched = [
        fault for fault in preview(draft).faults if fault.code == "documents.fault-task-without-problem"
    ]
    assert len(unmatched) == 2
    problem = Problem.objects.get(number="3")
    edits = [
        Edit("change", fault.node, {"problem_id": str(problem.pk), "matched": "person"})
        for fault in unmatched
    ]
    draft = edit_draft(draft.pk, edits, revision=draft.revision, actor=actor)
    register(draft.pk, actor=actor)
    assert problem.tasks.count() == 3


def test_the_same_tasks_again_are_skipped_or_updated(arrive, live, plan, actor):
    register(plan().pk, actor=actor)
    arrival = arrive(samples.plan(), samples.plan_lines(), data=b"second version")
    draft = aim(arrival.draft.pk, live.pk, revision=1, actor=actor)
    assert "documents.fault-tasks-there" in {fault.code for fault in preview(draft).faults}
    task = tree_of_draft(draft).of_kind("task")[0]
    draft = edit_draft(
        draft.pk,
        [
            Edit("change", "n1", {"again": "update"}),
            Edit("change", task.id, {"due_on": "2026-09-30", "joint": "部门4"}),
        ],
        revision=draft.revision,
        actor=actor,
    )
    register(draft.pk, actor=actor)
    row = Task.objects.get(number="1-1")
    assert Task.objects.count() == 4
    assert (str(row.first_due_on), str(row.due_on), row.revision) == ("2026-08-31", "2026-09-30", 2)
    assert [one.unit.name for one in row.joint_units.all()] == ["部门4"]
    assert told()
    assert set(Task.objects.exclude(pk=row.pk).values_list("revision", flat=True)) == {1}
    assert list(table_breaks()) == []
    withdraw(draft.pk, actor=actor, reason="方案没有通过")
    row.refresh_from_db()
    assert (str(row.due_on), row.withdrawn) == ("2026-08-31", False)
    assert [one.unit.name for one in row.joint_units.all()] == ["部门2"]
    assert told()
    assert list(table_breaks()) == []


def test_a_due_date_before_the_feedback_of_the_inspection_blocks(live, plan, actor):
    draft = plan()
    task = tree_of_draft(draft).of_kind("task")[0]
    draft = edit_draft(
        draft.pk, [Edit("change", task.id, {"due_on": "2026-06-01"})], revision=draft.revision, actor=actor
    )
    codes = [fault.code for fault in preview(draft).faults]
    assert codes.count("documents.fault-due-before-feedback") == 1


def test_withdrawing_marks_everything_and_the_file_can_come_again(arrive, live, feedback, actor):
    draft = withdraw(feedback.draft.pk, actor=actor, reason="传错了文件")
    assert draft.state == "withdrawn"
    for model in (Inspection, Finding, Problem, Passage, Declared, Aspect):
        assert set(model.objects.values_list("withdrawn", flat=True)) == {True}
    assert Entry.objects.count() == 0
    assert list(table_breaks()) == []
    again = arrive(samples.feedback(), samples.FEEDBACK_LINES)
    assert again.outcome == "new"
    assert register(again.draft.pk, actor=actor).pk != live.pk
    with pytest.raises(DraftClosed):
        withdraw(feedback.draft.pk, actor=actor, reason="再撤一次")


def test_what_somebody_worked_on_is_not_withdrawn(live, feedback, plan, actor):
    draft = plan()
    register(draft.pk, actor=actor)
    with pytest.raises(WithdrawalRefused) as refused:
        withdraw(feedback.draft.pk, actor=actor, reason="传错了")
    assert refused.value.code == "documents.withdraw-worked-on"
    withdraw(draft.pk, actor=actor, reason="方案没有审定")
    assert set(Task.objects.values_list("withdrawn", flat=True)) == {True}
    withdraw(feedback.draft.pk, actor=actor, reason="传错了")
    assert list(table_breaks()) == []


def test_an_edit_by_hand_stands_against_withdrawal(live, feedback, actor):
    problem = Problem.objects.get(number="1")
    edit_problem(problem, {"title": "改过的题目"}, revision=1, actor=actor)
    assert why_not_withdraw(Draft.objects.get(pk=feedback.draft.pk)) == "documents.withdraw-worked-on"


def test_withdrawal_needs_a_reason(live, feedback, actor):
    with pytest.raises(WithdrawalRefused):
        withdraw(feedback.draft.pk, actor=actor, reason=" ")


def statements(draft: Draft, actor) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        register(draft.pk, actor=actor)
    return len(captured)


def test_the_number_of_statements_does_not_grow_with_the_rows(live, plan, actor):
    assert statements(plan(10), actor) == statements(plan_again(plan, actor, 120), actor)


def plan_again(plan, actor, count: int) -> Draft:
    withdraw(Draft.objects.filter(mode="tasks", state="registered").get().pk, actor=actor, reason="重来")
    return plan(count)


def test_a_thousand_rows_register(live, plan, actor):
    """How long it takes is measured by `make bench`, never by a test."""
    register(plan(1000).pk, actor=actor)
    assert Task.objects.count() == 1000


def test_tasks_of_an_archive_take_their_declared_state(arrive, actor):
    problem = samples.notice().findings[0].problems[0]
    tasks = tuple(
        PlanTask(f"1-{at}", f"任务{at}", Place(9), problem_number=problem.number, status=status)
        for at, status in enumerate(("已完成", "基本完成", "长期整改", None), 1)
    )
    arrival = arrive(replace(samples.notice(), tasks=tasks), samples.NOTICE_LINES)
    register(arrival.draft.pk, actor=actor)
    states = TaskState.objects.order_by("task__number").values_list("state", "effective_on")
    told = date(2026, 11, 20)
    assert list(states) == [
        ("completed", told), ("basically_completed", told), ("long_term", told), ("todo", TODAY),
    ]  # fmt: skip
    assert list(table_breaks()) == []


@pytest.mark.django_db(transaction=True)
def test_two_uploads_of_one_file_at_once_give_one_draft(cast, arrive, feedback, actor):
    drop_draft(feedback.draft.pk, actor=actor)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def run() -> None:
        together.wait()
        try:
            outcomes.append(arrive(samples.feedback(), samples.FEEDBACK_LINES).outcome)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["new", "resumed"]
    assert Draft.objects.filter(state="open").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_registrations_at_once_give_one(cast, feedback, actor):
    results: list[int] = []
    together = threading.Barrier(2)

    def run() -> None:
        together.wait()
        try:
            results.append(register(feedback.draft.pk, actor=actor).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2
    assert len(set(results)) == 1
    assert rows()["Problem"] == 3
