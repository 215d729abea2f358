"""What is due in the register is told to those who hold the unit, once; two workers for an hour tell it once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from bihuan.config.work import WORK
from bihuan.core import access
from bihuan.findings.models import Inspection, Task
from bihuan.findings.reminders import due_tasks
from bihuan.jobs.models import Job, Schedule
from bihuan.jobs.running import Runner
from bihuan.notify.actions import set_wishes
from bihuan.notify.models import Notification
from bihuan.orgs.models import Grant, User
from tests.cast import TODAY, Cast, actor_for, make_person
from tests.making import make_finding, make_inspection, make_problem, make_task

NOTHING: dict[str, int] = {}


@pytest.fixture
def liaison(cast: Cast) -> User:
    person = make_person("wenrenyue", "闻人月", unit=cast.environment, role=access.LIAISON)
    User.objects.filter(pk=person.pk).update(email="wen@example.org")
    return person


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    problem = make_problem(cast, make_finding(cast, make_inspection(cast)))
    days = {"soon": 7, "later": 8, "today": 0, "late": -1}
    made = {
        name: make_task(
            cast,
            problem,
            number=f"15-{n}",
            unit_id=cast.environment.pk,
            due_on=TODAY + timedelta(days=days[name]),
        )
        for n, name in enumerate(days)
    }
    made["nobody"] = make_task(cast, problem, number="15-9", unit_id=cast.safety.pk, due_on=TODAY)
    made["unitless"] = make_task(cast, problem, number="15-10", unit_id=None, due_on=TODAY)
    made["undated"] = make_task(cast, problem, number="15-11", unit_id=cast.environment.pk, due_on=None)
    return made


def test_holders_of_the_unit_are_told_and_else_the_office(
    cast: Cast, liaison: User, tasks: dict[str, Task]
) -> None:
    found = {one.params["number"]: (one.code, set(one.recipients)) for one in due_tasks(TODAY, NOTHING)}
    assert found == {
        "15-0": ("notify.due-soon", {liaison.pk}),
        "15-2": ("notify.due-soon", {liaison.pk}),
        "15-3": ("notify.overdue", {liaison.pk}),
        "15-9": ("notify.due-soon", {cast.office.pk}),
        "15-10": ("notify.due-soon", {cast.office.pk}),
    }


def test_a_head_of_the_unit_above_answers_for_the_units_below(cast: Cast, tasks: dict[str, Task]) -> None:
    head = make_person("hemingqu", "贺明渠", unit=cast.organisation, role=access.UNIT_HEAD)
    told = {one.params["number"]: set(one.recipients) for one in due_tasks(TODAY, NOTHING)}
    assert told.pop("15-10") == {cast.office.pk}
    assert set(map(frozenset, told.values())) == {frozenset({head.pk})}


def test_whoever_left_and_what_ended_is_passed_over(
    cast: Cast, liaison: User, tasks: dict[str, Task]
) -> None:
    Grant.objects.filter(post__person=liaison).update(ends_on=TODAY - timedelta(days=1))
    assert all(liaison.pk not in one.recipients for one in due_tasks(TODAY, NOTHING))
    Task.objects.filter(pk=tasks["late"].pk).update(state="completed")
    Task.objects.filter(pk=tasks["soon"].pk).update(withdrawn=True)
    assert {one.params["number"] for one in due_tasks(TODAY, NOTHING)} == {"15-2", "15-9", "15-10"}
    Inspection.objects.update(mode="archive")
    assert due_tasks(TODAY, NOTHING) == []


def test_an_overdue_task_is_told_each_week_and_a_new_date_begins_anew(
    cast: Cast, tasks: dict[str, Task]
) -> None:
    def keys(day: date) -> set[str]:
        return {one.key for one in due_tasks(day, NOTHING) if one.params["number"] == "15-3"}

    assert keys(TODAY) == keys(TODAY + timedelta(days=6))
    assert keys(TODAY) != keys(TODAY + timedelta(days=7))
    before = keys(TODAY)
    Task.objects.filter(pk=tasks["late"].pk).update(due_on=TODAY - timedelta(days=2))
    assert keys(TODAY) != before


def test_reading_what_is_due_costs_the_same_for_many(
    cast: Cast, liaison: User, tasks: dict[str, Task], django_assert_num_queries
) -> None:
    with django_assert_num_queries(4):
        assert len(due_tasks(TODAY, NOTHING)) == 5


@pytest.mark.usefixtures("with_mail", "tasks")
def test_two_workers_for_an_hour_send_each_reminder_once(cast: Cast, liaison: User) -> None:
    """What must hold 7: schedules, notifications and letters of a morning, with the configuration as it is shipped."""
    set_wishes(letters="at_once", quiet_from=None, quiet_to=None, weekends=True, actor=actor_for(liaison))
    at = [datetime(2026, 11, 22, 23, 50, tzinfo=UTC)]  # Monday 07:50 in Shanghai
    runners = [Runner(WORK, name, clock=lambda: at[0], sleep=lambda _: None) for name in ("one", "two")]
    for runner in runners:
        runner.begin()
    for minute in range(61):
        at[0] = datetime(2026, 11, 22, 23, 50, tzinfo=UTC) + timedelta(minutes=minute)
        for runner in runners[:: 1 if minute % 2 else -1]:
            while runner.step():
                pass
    told = Notification.objects.values_list("recipient__username", "params__number")
    assert sorted(told) == [
        ("fangjingyi", "15-10"), ("fangjingyi", "15-9"),
        ("wenrenyue", "15-0"), ("wenrenyue", "15-2"), ("wenrenyue", "15-3"),
    ]  # fmt: skip
    assert sorted(letter.to[0] for letter in mail.outbox) == ["fang@example.org", "wen@example.org"]
    assert not Job.objects.filter(done_at=None).exists()
    assert set(Schedule.objects.filter(last_run__isnull=False).values_list("kind", flat=True)) == {
        "reminders.daily", "notify.digest", "notify.robots",
    }  # fmt: skip
