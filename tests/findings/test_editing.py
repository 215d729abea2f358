"""Making and editing by hand: sealed, indexed, refused with every fault, never over somebody else's edit."""

from datetime import date

import pytest

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.refusal import NotAllowed
from bihuan.findings.actions import editing, removing, states, tasks
from bihuan.findings.actions.saving import Invalid, Overtaken
from bihuan.findings.models import Problem, Task, TaskState
from bihuan.search.models import Entry
from tests.cast import Cast, actor_for
from tests.making import (
    make_finding,
    make_inspection,
    make_institution,
    make_problem,
    make_register,
    make_task,
)


def whole_record_holds() -> bool:
    return [*chain_breaks(), *table_breaks()] == []


def test_a_register_made_by_hand_is_sealed_and_found(cast: Cast) -> None:
    task = make_register(cast, count=3)[0]
    assert Event.objects.filter(kind="task", object_id=task.pk).count() == 1
    assert Entry.objects.filter(kind="task").count() == 3
    assert task.first_due_on == task.due_on
    assert whole_record_holds()


def test_an_edit_writes_only_what_changed(cast: Cast) -> None:
    task = make_register(cast)[0]
    edited = tasks.edit_task(
        task, {"leader": "贺明渠", "title": task.title}, revision=1, actor=actor_for(cast.office)
    )
    assert (edited.leader, edited.revision) == ("贺明渠", 2)
    assert '"leader"' in Event.objects.latest("seq").sealed
    assert '"title"' not in Event.objects.latest("seq").sealed
    assert whole_record_holds()


def test_saving_nothing_new_writes_nothing(cast: Cast) -> None:
    task = make_register(cast)[0]
    before = Event.objects.count()
    assert (
        tasks.edit_task(task, {"title": task.title}, revision=1, actor=actor_for(cast.office)).revision == 1
    )
    assert Event.objects.count() == before


def test_an_edit_over_somebody_elses_is_seen_not_written(cast: Cast) -> None:
    task = make_register(cast)[0]
    tasks.edit_task(task, {"leader": "贺明渠"}, revision=1, actor=actor_for(cast.office))
    with pytest.raises(Overtaken) as seen:
        tasks.edit_task(task, {"leader": "沈既白"}, revision=1, actor=actor_for(cast.office))
    assert seen.value.row.leader == "贺明渠"
    assert Task.objects.get().leader == "贺明渠"


def test_every_fault_is_told_at_once(cast: Cast) -> None:
    task = make_register(cast)[0]
    wrong = {
        "title": " ",
        "category": "sometime",
        "due_on": date(2026, 6, 11),
        "unit_id": cast.elsewhere.pk,
        "leader": "x" * 61,
    }
    with pytest.raises(Invalid) as refused:
        tasks.edit_task(task, wrong, revision=1, actor=actor_for(cast.office))
    assert {fault.code for fault in refused.value.faults} == {
        "findings.required", "findings.unknown-category", "findings.due-before-feedback", "findings.unit-outside",
        "findings.too-long",
    }  # fmt: skip


def test_a_due_date_on_the_day_of_feedback_is_allowed_and_work_done_at_once_may_be_earlier(
    cast: Cast,
) -> None:
    task = make_register(cast)[0]
    task = tasks.edit_task(task, {"due_on": date(2026, 6, 12)}, revision=1, actor=actor_for(cast.office))
    early = {"due_on": date(2026, 5, 1), "category": "at_once"}
    with pytest.raises(Invalid) as refused:
        tasks.edit_task(task, early, revision=2, actor=actor_for(cast.office))
    assert refused.value.code == "findings.due-without-notice"
    early["notice"] = "江高发〔2026〕3号立行立改通知书"
    assert tasks.edit_task(task, early, revision=2, actor=actor_for(cast.office)).due_on == date(2026, 5, 1)


def test_the_first_due_date_is_kept_for_ever(cast: Cast) -> None:
    task = make_register(cast, due_on=None)[0]
    task = tasks.edit_task(task, {"due_on": date(2026, 9, 30)}, revision=1, actor=actor_for(cast.office))
    task = tasks.edit_task(task, {"due_on": date(2026, 12, 31)}, revision=2, actor=actor_for(cast.office))
    assert task.first_due_on == date(2026, 9, 30)
    with pytest.raises(Invalid):
        tasks.edit_task(task, {"due_on": None}, revision=3, actor=actor_for(cast.office))


def test_two_rows_with_one_number_are_refused(cast: Cast) -> None:
    finding = make_finding(cast, make_inspection(cast))
    problem = make_problem(cast, finding)
    make_task(cast, problem)
    for again in (lambda: make_problem(cast, finding), lambda: make_task(cast, problem)):
        with pytest.raises(Invalid) as refused:
            again()
        assert refused.value.code == "findings.number-taken"


def test_a_number_is_free_again_after_withdrawal(cast: Cast) -> None:
    finding = make_finding(cast, make_inspection(cast))
    removing.withdraw_row(make_problem(cast, finding), reason="重复登记", actor=actor_for(cast.office))
    assert make_problem(cast, finding).number == "15"
    assert whole_record_holds()


def test_withdrawing_a_finding_withdraws_all_below_and_takes_it_out_of_search(cast: Cast) -> None:
    task = make_register(cast, count=2)[0]
    assert removing.withdraw_row(task.problem.finding, reason="误录", actor=actor_for(cast.office)) == 5
    assert not Problem.objects.filter(withdrawn=False).exists()
    assert set(Entry.objects.values_list("kind", flat=True)) == {"inspection"}
    with pytest.raises(NotAllowed):
        tasks.edit_task(task, {"leader": "贺明渠"}, revision=1, actor=actor_for(cast.office))
    assert whole_record_holds()


def test_withdrawing_needs_a_reason_and_leaves_what_has_ended(cast: Cast) -> None:
    task = make_register(cast)[0]
    with pytest.raises(Invalid):
        removing.withdraw_row(task, reason=" ", actor=actor_for(cast.office))
    Task.objects.update(state="completed")
    with pytest.raises(Invalid) as refused:
        removing.withdraw_row(task.problem, reason="误录", actor=actor_for(cast.office))
    assert refused.value.code == "findings.withdraw-ended"


def test_a_state_keeps_its_history_in_two_times(cast: Cast) -> None:
    task = make_register(cast)[0]
    TaskState.objects.update(effective_on=date(2026, 7, 1))
    states.set_state(task, "doing", revision=1, actor=actor_for(cast.office))
    held = (
        TaskState.objects.filter(superseded_at=None)
        .order_by("effective_on")
        .values_list("state", "effective_on", "effective_until")
    )
    assert list(held) == [("todo", date(2026, 7, 1), date(2026, 11, 23)), ("doing", date(2026, 11, 23), None)]
    assert TaskState.objects.exclude(superseded_at=None).get().state == "todo"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("completed", "findings.state-by-closure"),
        ("long_term", "findings.state-by-closure"),
        ("todo", "findings.same-state"),
        ("bogus", "findings.unknown-state"),
        (None, "findings.unknown-state"),
        ("not_completed", "findings.state-not-by-hand"),
    ],
)
def test_a_state_that_must_be_earned_or_does_not_exist_is_refused(cast: Cast, state: str, code: str) -> None:
    task = make_register(cast)[0]
    with pytest.raises(Invalid) as refused:
        states.set_state(task, state, revision=1, actor=actor_for(cast.office))
    assert refused.value.code == code


def test_an_ended_task_is_not_opened_by_hand(cast: Cast) -> None:
    task = make_register(cast)[0]
    Task.objects.update(state="completed")
    with pytest.raises(Invalid) as refused:
        states.set_state(task, "doing", revision=1, actor=actor_for(cast.office))
    assert refused.value.code == "findings.state-ended"


def test_dates_in_the_wrong_order_are_refused_and_months_may_stand_alone(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        make_inspection(cast, starts_on="2026-05", ends_on="2026-04-24", feedback_on="2026-13")
    assert {fault.code for fault in refused.value.faults} == {"findings.ends-on-before", "findings.no-month"}
    assert make_inspection(cast, starts_on="2026-04", ends_on="2026-04-24").starts_on == "2026-04"


def test_an_institution_of_another_organisations_problem_is_refused(cast: Cast) -> None:
    foreign = make_inspection(cast, organisation=cast.elsewhere)
    with pytest.raises(Invalid) as refused:
        make_institution(cast, inspection_id=foreign.pk)
    assert refused.value.code == "findings.link-outside"
    assert whole_record_holds()


def test_an_unknown_kind_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid):
        make_inspection(cast, kind_id="party")


def test_steps_are_kept_under_their_task(cast: Cast) -> None:
    task = make_register(cast)[0]
    step = tasks.add_step(
        task, {"title": "发放样表", "due_on": date(2026, 11, 30)}, actor=actor_for(cast.office)
    )
    actor = actor_for(cast.office)
    tasks.edit_step(step, {"done_on": date(2026, 11, 23)}, revision=1, actor=actor)
    with pytest.raises(Overtaken):
        tasks.edit_step(step, {"person": "刘知远"}, revision=1, actor=actor)
    with pytest.raises(Invalid):
        tasks.edit_step(step, {"done_on": date(2026, 11, 24)}, revision=2, actor=actor)
    assert whole_record_holds()


def test_a_control_character_is_refused(cast: Cast) -> None:
    inspection = make_inspection(cast)
    with pytest.raises(Invalid):
        editing.edit_inspection(inspection, {"title": "巡\x07察"}, revision=1, actor=actor_for(cast.office))


def test_the_same_form_sent_twice_adds_one(cast: Cast) -> None:
    """A step, an institution and an inspection have no number of their own: their words tell that they are the same."""
    task = make_register(cast, category="at_once")[0]
    actor = actor_for(cast.office)
    step = {"title": "逐户核对", "person": "高远舟", "due_on": None, "done_on": None}
    adds = (
        lambda: tasks.add_step(task, step, actor=actor),
        lambda: make_institution(cast),
        lambda: make_inspection(cast, title="第二轮巡察"),
    )
    for add in adds:
        add()
        with pytest.raises(Invalid) as refused:
            add()
        assert [fault.code.endswith("-there") for fault in refused.value.faults] == [True]
