"""The weekly dispatch: its number, its agenda that equals the lists, its freezing, its decisions, its missed weeks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bihuan.core.lists import TASKS, wish
from bihuan.core.oversight import Rules
from bihuan.core.refusal import Conflict, NotAllowed, NotVisible
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.actions.states import set_state
from bihuan.findings.models import Closure, ClosureReturn, OutsideWait, ProgressReport, Task
from bihuan.findings.queries import lists, reach
from bihuan.oversight.actions import decisions, dispatches, rules
from bihuan.oversight.models import Dispatch
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.agenda import agenda_of
from bihuan.oversight.queries.rhythm import missed_weeks
from tests.cast import NOW, TODAY, Cast, actor_for, make_cast
from tests.oversight.people import People, make_people, make_tasks

MONDAY = date(2026, 11, 23)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def people(cast: Cast) -> People:
    return make_people(cast)


def prepared(cast: Cast, **changes: object) -> Dispatch:
    values = {"week_of": TODAY, "actor": actor_for(cast.office), **changes}
    return dispatches.prepare(cast.organisation, **values)


def agenda(cast: Cast, day: date = TODAY):
    return agenda_of(cast.organisation.pk, None, day, Rules(()))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def test_numbers_run_and_a_week_has_one_dispatch(cast: Cast) -> None:
    assert prepared(cast).number == 1
    with pytest.raises(Conflict, match="week-taken"):
        prepared(cast)
    assert prepared(cast, week_of=date(2026, 11, 17)).number == 2
    with pytest.raises(Invalid, match="week-ahead"):
        prepared(cast, week_of=date(2026, 12, 14))


@pytest.mark.parametrize("who", ["supervision", "group", "leader", "head", "liaison", "superior"])
def test_only_the_office_keeps_the_dispatch(cast: Cast, people: People, who: str) -> None:
    row = prepared(cast)
    actor = actor_for(getattr(people, who))
    with pytest.raises(NotAllowed, match="oversight.need-office"):
        dispatches.prepare(cast.organisation, week_of=date(2026, 11, 17), actor=actor)
    with pytest.raises(NotAllowed, match="oversight.need-office"):
        dispatches.hold(row, held_on=TODAY, values={}, actor=actor)
    with pytest.raises(NotAllowed, match="oversight.need-office"):
        decisions.add_decision(row, {"text": "限期完成", "asked": True}, actor=actor)
    assert Dispatch.objects.get().state == "preparing"


def test_the_agenda_equals_the_list_of_what_is_overdue(cast: Cast) -> None:
    make_tasks(cast, date(2026, 11, 20), TODAY, date(2026, 11, 30), date(2026, 12, 1), None)
    shown = agenda(cast)
    listed = lists.task_page(reach(cast.office, TODAY), wish(TASKS, {"due": "overdue"}))
    assert [line.task_id for line in shown.of("overdue")] == [row["pk"] for row in listed.rows]
    assert [(line.number, line.days) for line in shown.of("overdue")] == [("1-1", 3)]
    assert [(line.number, line.days) for line in shown.of("due")] == [("2-1", 0), ("3-1", 7)]
    assert shown.tasks == 5 and shown.states == {"todo": 5}


def test_what_has_not_moved_for_fourteen_days_stands_there_and_a_tick_is_no_movement(cast: Cast) -> None:
    one, two, three = make_tasks(cast, *[date(2026, 12, 31)] * 3)
    later = TODAY + timedelta(days=14)
    assert agenda(cast, TODAY + timedelta(days=13)).of("stalled") == ()
    day = TODAY + timedelta(days=5)
    shared = {"organisation_id": cast.organisation.pk, "reported_on": day, "recorded_at": at(day)}
    ProgressReport.objects.create(task=one, unchanged=True, **shared)
    ProgressReport.objects.create(task=two, text="已完成一半", **shared)
    OutsideWait.objects.create(
        task=three, organisation_id=cast.organisation.pk, body="住建局", matter="复函", sent_on=day,
        reply_due_on=TODAY + timedelta(days=10),
    )  # fmt: skip
    shown = agenda(cast, later)
    assert [(line.number, line.days) for line in shown.of("stalled")] == [("1-1", 14)]
    assert [(line.number, line.days, line.note) for line in shown.of("waiting")] == [("3-1", 9, "住建局")]
    assert agenda(cast, TODAY + timedelta(days=10)).of("waiting") == ()


def test_what_was_returned_stands_there_until_it_is_claimed_again(cast: Cast, people: People) -> None:
    (task,) = make_tasks(cast, date(2026, 12, 31))
    shared = {"organisation_id": cast.organisation.pk, "inspection_id": task.inspection_id, "task": task}
    day = TODAY + timedelta(days=2)
    first = Closure.objects.create(
        **shared, number=1, live=False, stage="returned", end_state="completed", text="已做",
        claimed_by=people.head, claimed_on=TODAY, claimed_at=NOW,
    )  # fmt: skip
    ClosureReturn.objects.create(
        closure=first, organisation_id=cast.organisation.pk, task=task, from_stage="claimed", to_stage="unit",
        reason="evidence", on=day, at=at(day),
    )  # fmt: skip
    again = TODAY + timedelta(days=6)
    Closure.objects.create(
        **shared, number=2, live=True, stage="claimed", end_state="completed", text="已补",
        claimed_by=people.head, claimed_on=again, claimed_at=at(again),
    )  # fmt: skip
    assert agenda(cast, TODAY + timedelta(days=1)).of("returned") == ()
    (line,) = agenda(cast, TODAY + timedelta(days=5)).of("returned")
    assert (line.number, line.note, line.days) == ("1-1", "evidence", 3)
    assert agenda(cast, again).of("returned") == ()


def test_the_agenda_of_a_past_day_is_read_as_it_was(cast: Cast) -> None:
    (task,) = make_tasks(cast, date(2026, 11, 20))
    actor = actor_for(cast.office, at=at(date(2026, 12, 3)))
    set_state(task, "doing", revision=task.revision, actor=actor)
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 12, 1))
    assert agenda(cast).states == {"todo": 1}
    assert agenda(cast, date(2026, 12, 5)).states == {"doing": 1}


def test_holding_freezes_the_agenda(cast: Cast) -> None:
    (task,) = make_tasks(cast, date(2026, 11, 20))
    row = dispatches.hold(
        prepared(cast), held_on=TODAY, values={"place": "三楼会议室"}, actor=actor_for(cast.office)
    )
    set_state(task, "doing", revision=task.revision, actor=actor_for(cast.office))
    kept = Dispatch.objects.get(pk=row.pk)
    assert kept.state == "held" and kept.as_of == TODAY
    assert kept.agenda["states"] == {"todo": 1}
    with pytest.raises(NotAllowed, match="dispatch-ended"):
        dispatches.hold(kept, held_on=TODAY, values={}, actor=actor_for(cast.office))
    with pytest.raises(NotAllowed, match="dispatch-ended"):
        dispatches.cancel_dispatch(kept, reason="改期", actor=actor_for(cast.office))


def test_a_dispatch_is_held_in_its_week_and_not_ahead(cast: Cast) -> None:
    row = prepared(cast)
    for day, code in ((date(2026, 11, 22), "held-outside"), (date(2026, 11, 24), "held-in-future")):
        with pytest.raises(Invalid, match=code):
            dispatches.hold(row, held_on=day, values={}, actor=actor_for(cast.office))
    with pytest.raises(Invalid) as refused:
        dispatches.hold(
            row,
            held_on=TODAY,
            as_of=date(2026, 11, 24),
            values={"place": "x" * 201},
            actor=actor_for(cast.office),
        )
    assert {fault.code for fault in refused.value.faults} == {"oversight.as-of-after", "findings.too-long"}


def test_a_missed_week_shows_until_the_tasks_are_ended(cast: Cast) -> None:
    make_tasks(cast, date(2026, 12, 31))
    until = date(2026, 12, 20)
    assert missed_weeks(cast.organisation, date(2026, 12, 3)) == []
    assert missed_weeks(cast.organisation, date(2026, 12, 4)) == [date(2026, 11, 30)]
    assert missed_weeks(cast.organisation, until) == [
        date(2026, 11, 30),
        date(2026, 12, 7),
        date(2026, 12, 14),
    ]
    row = prepared(cast, week_of=date(2026, 12, 8), actor=actor_for(cast.office, at=at(until)))
    actor = actor_for(cast.office, at=at(until))
    assert date(2026, 12, 7) in missed_weeks(cast.organisation, until)
    dispatches.hold(row, held_on=date(2026, 12, 9), values={}, actor=actor)
    assert missed_weeks(cast.organisation, until) == [date(2026, 11, 30), date(2026, 12, 14)]
    assert missed_weeks(cast.organisation, date(2026, 12, 8)) == [date(2026, 11, 30)]
    assert missed_weeks(cast.elsewhere, until) == []


def test_an_organisation_says_from_when_it_meets_weekly(cast: Cast) -> None:
    make_tasks(cast, date(2026, 12, 31))
    rules.set_rule(
        cast.organisation,
        "dispatch-from",
        "2026-12-14",
        source="江高党办〔2026〕8号",
        actor=actor_for(cast.office),
    )
    assert missed_weeks(cast.organisation, date(2026, 12, 20)) == [date(2026, 12, 14)]


def test_decisions_are_tracked_and_open_the_next_dispatch(cast: Cast, people: People) -> None:
    (task,) = make_tasks(cast, date(2026, 12, 31))
    office = actor_for(cast.office)
    row = dispatches.hold(prepared(cast), held_on=TODAY, values={}, actor=office)
    values = {
        "text": "11月27日前报送计量",
        "unit_id": cast.environment.pk,
        "due_on": date(2026, 11, 27),
        "task_id": task.pk,
    }
    made = decisions.add_decision(row, values, actor=office)
    shown = agenda(cast, date(2026, 11, 30)).of("decisions")
    assert [(line.decision_id, line.note, line.days) for line in shown] == [(made.pk, "open", 3)]
    with pytest.raises(NotAllowed, match="need-office"):
        decisions.finish_decision(made, done_on=TODAY, note="已报", actor=actor_for(people.other_head))
    done = decisions.finish_decision(made, done_on=TODAY, note="已报", actor=actor_for(people.head))
    assert done.done_on == TODAY
    assert [line.note for line in agenda(cast, date(2026, 11, 30)).of("decisions")] == ["done"]
    assert agenda(cast, date(2026, 12, 7)).of("decisions") == ()
    with pytest.raises(NotAllowed, match="decision-done"):
        decisions.withdraw_decision(made, reason="x", actor=office)


def test_a_decision_names_who_and_until_when_all_faults_at_once(cast: Cast) -> None:
    row = dispatches.hold(prepared(cast), held_on=TODAY, values={}, actor=actor_for(cast.office))
    with pytest.raises(Invalid) as refused:
        decisions.add_decision(row, {"text": " "}, actor=actor_for(cast.office))
    assert {fault.code for fault in refused.value.faults} == {
        "findings.required", "oversight.decision-owner", "oversight.decision-due",
    }  # fmt: skip
    with pytest.raises(Invalid, match="findings.unit-outside"):
        decisions.add_decision(
            row, {"text": "限期", "unit_id": cast.elsewhere.pk, "due_on": TODAY}, actor=actor_for(cast.office)
        )


def test_a_question_is_answered_by_the_group_or_from_its_paper(cast: Cast, people: People) -> None:
    row, office = prepared(cast), actor_for(cast.office)
    ask = {"text": "32-1是否发黄色督办单", "advice": "发", "asked": True}
    one, two = (decisions.add_decision(row, ask, actor=office) for _ in range(2))
    with pytest.raises(NotAllowed, match="need-group"):
        decisions.answer_decision(one, "agreed", actor=actor_for(people.head))
    with pytest.raises(Invalid, match="answer-by"):
        decisions.answer_decision(one, "agreed", actor=office)
    with pytest.raises(Invalid, match="answer-text"):
        decisions.answer_decision(one, "changed", actor=actor_for(people.group))
    assert decisions.answer_decision(one, "agreed", actor=actor_for(people.group)).answered_by == "陆知行"
    with pytest.raises(NotAllowed, match="decision-answered"):
        decisions.answer_decision(one, "declined", actor=actor_for(people.group))
    decisions.answer_decision(two, "declined", answered_by="贺明渠", actor=office)
    with pytest.raises(NotAllowed, match="decision-not-tracked"):
        decisions.finish_decision(two, done_on=TODAY, note="x", actor=office)


def test_who_is_elsewhere_or_in_a_department_sees_no_dispatch(cast: Cast, people: People) -> None:
    row = prepared(cast)
    for who in (cast.outsider, cast.department_reader, people.head):
        with pytest.raises(NotVisible):
            doors.dispatch_for(who, row.pk, TODAY)
    assert doors.dispatch_for(people.superior, row.pk, TODAY) == row
