"""What is told each morning: missed dispatches, decisions, letters, reviews, replies, sheets; each once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bihuan.config.work import SOURCES, WORK
from bihuan.findings import reminders as register
from bihuan.findings.models import Inspection, OutsideWait, SignSheet, Task
from bihuan.jobs.running import Runner
from bihuan.notify.models import Notification
from bihuan.orgs.models import CalendarDay, DeadlineRule
from bihuan.orgs.queries import near_until, worked_days
from bihuan.oversight import reminders
from bihuan.oversight.models import Decision, Letter
from tests.cast import NOW, TODAY, Cast, make_cast
from tests.oversight.people import People, make_people, make_tasks
from tests.oversight.test_dispatches import prepared

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def people(cast: Cast) -> People:
    return make_people(cast)


def begun(cast: Cast) -> list[Task]:
    tasks = make_tasks(cast, date(2027, 3, 1))
    Inspection.objects.update(created_at=datetime(2026, 11, 2, 1, tzinfo=UTC))
    return tasks


def test_a_missed_weekly_dispatch_is_shown_once(cast: Cast, people: People) -> None:
    """What must hold 7, with two workers from Monday 07:50 for three days, as it is configured."""
    begun(cast)
    start = datetime(2026, 11, 22, 23, 50, tzinfo=UTC)
    at = [start]
    runners = [Runner(WORK, name, clock=lambda: at[0], sleep=lambda _: None) for name in ("one", "two")]
    for runner in runners:
        runner.begin()
    for hour in range(72):
        at[0] = start + timedelta(hours=hour, minutes=15)
        for runner in runners:
            while runner.step():
                pass
    told = Notification.objects.filter(code="notify.dispatch-missed")
    assert sorted(told.values_list("recipient__username", "params__week")) == [
        ("fangjingyi", "2026-11-16"), ("wenrenyue", "2026-11-16"),
    ]  # fmt: skip


def test_a_dispatch_that_was_held_and_a_week_not_over_are_not_missed(cast: Cast, people: People) -> None:
    begun(cast)
    friday = date(2026, 11, 20)
    weeks = [one.params["week"] for one in reminders.missed_dispatches(friday, {})]
    assert weeks == ["2026-11-09"]
    row = prepared(cast, week_of=friday)
    type(row).objects.filter(pk=row.pk).update(state="held", held_on=friday)
    assert reminders.missed_dispatches(TODAY, {}) == []


def test_decisions_are_told_when_near_and_each_week_when_late(cast: Cast, people: People) -> None:
    row = prepared(cast)
    values = {"organisation": cast.organisation, "dispatch": row}
    days = {"近": 7, "远": 8, "迟": -1}
    for position, (text, day) in enumerate(days.items()):
        Decision.objects.create(position=position, text=text, due_on=TODAY + timedelta(days=day), **values)
    Decision.objects.create(position=8, text="问", asked=True, due_on=TODAY, **values)
    Decision.objects.create(position=9, text="人", person=people.head, due_on=TODAY, **values)
    found = {one.params["title"]: set(one.recipients) for one in reminders.due_decisions(TODAY, {})}
    assert found == {"迟": {cast.office.pk}, "人": {people.head.pk}, "近": {cast.office.pk}}
    keys = [
        {one.key for one in reminders.due_decisions(TODAY + timedelta(days=days), {}) if "-22:" in one.key}
        for days in (0, 6, 7)
    ]
    assert keys[0] == keys[1] != keys[2]


def test_letters_without_a_reply_are_told_to_the_unit(cast: Cast, people: People) -> None:
    values = {
        "organisation": cast.organisation,
        "unit": cast.environment,
        "kind": "blue",
        "created_at": NOW,
        "issued_on": date(2026, 11, 9),
    }
    for number, (state, day) in enumerate(
        (("issued", YESTERDAY), ("replied", YESTERDAY), ("issued", TODAY)), 1
    ):
        Letter.objects.create(
            year=2026, number=number, title="督办", text="限期", state=state, reply_due_on=day, **values
        )
    (one,) = reminders.letters_unanswered(TODAY, {})
    assert set(one.recipients) == {people.head.pk, people.liaison.pk}
    assert one.params["due"] == YESTERDAY.isoformat()


def test_reviews_what_was_left_and_outside_replies(cast: Cast, people: People) -> None:
    review, left, wait = make_tasks(cast, None, None, None)
    Task.objects.filter(pk=review.pk).update(state="long_term", review_on=TODAY + timedelta(days=7))
    Task.objects.filter(pk=left.pk).update(state="basically_completed", left_until=YESTERDAY)
    OutsideWait.objects.create(
        task=wait, organisation=cast.organisation, body="县住建局", matter="验收", sent_on=date(2026, 11, 1),
        reply_due_on=YESTERDAY,
    )  # fmt: skip
    for source, task in (
        (register.due_reviews, review),
        (register.left_over, left),
        (register.waited_for, wait),
    ):
        (one,) = source(TODAY, {})
        assert one.params["number"] == task.number
        assert set(one.recipients) == {people.head.pk, people.liaison.pk}
    Task.objects.update(withdrawn=True)
    assert [one for source in SOURCES for one in source(TODAY, {})] == []


def test_a_sheet_is_told_to_those_who_had_no_hand_in_it(cast: Cast, people: People) -> None:
    (task,) = make_tasks(cast, None)
    SignSheet.objects.create(
        task=task, organisation=cast.organisation, step="sign", code="A1", digest="0", state="bound",
        printed_on=TODAY, bound_by=cast.office, bound_on=TODAY, signer=people.leader,
    )  # fmt: skip
    (one,) = register.sheets_to_confirm(TODAY, {})
    assert set(one.recipients) == {people.supervision.pk}


def test_what_is_near_and_worked_is_the_organisations_own(cast: Cast) -> None:
    assert near_until(TODAY)[cast.organisation.pk] == TODAY + timedelta(days=7)
    values = {"organisation": cast.organisation, "code": "near", "source": "本单位规定"}
    DeadlineRule.objects.create(number=3, measure="working_days", **values)
    assert near_until(TODAY)[cast.organisation.pk] == TODAY + timedelta(days=3)
    assert near_until(TODAY)[cast.elsewhere.pk] == TODAY + timedelta(days=7)
    saturday, holiday = date(2026, 11, 28), date(2026, 10, 1)
    assert [worked_days()(day) for day in (TODAY, saturday, holiday)] == [True, False, False]
    own = {"organisation": cast.organisation, "name": "调休", "source": "通知"}
    CalendarDay.objects.create(day=saturday, works=True, **own)
    CalendarDay.objects.create(day=TODAY, works=False, **own)
    assert [worked_days()(day) for day in (TODAY, saturday)] == [True, True]
    CalendarDay.objects.create(
        organisation=cast.elsewhere, day=TODAY, works=False, name="停工", source="通知"
    )
    assert not worked_days()(TODAY)
