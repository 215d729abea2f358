"""The queue: once, under one lease, again after a while, given up where it is seen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bihuan.audit.actor import Actor
from bihuan.core.refusal import NotVisible, Refused
from bihuan.core.schedules import Timing
from bihuan.jobs import actions, queries
from bihuan.jobs.actions import Planned, Wanted
from bihuan.jobs.models import Job, Schedule, Worker
from bihuan.jobs.running import Runner, Work
from tests.cast import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@dataclass
class Office:
    """A simulated office: what was done, and the clock that workers read."""

    at: datetime = NOW
    done: Counter[str] = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)

    def remind(self, payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
        self.done[str(payload.get("n", payload.get("due")))] += 1

    def refuse(self, payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
        self.done["refused"] += 1
        raise Refused("notify.robot-unreachable")

    def crash(self, payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
        raise KeyError("闻人月 wrote a secret here")

    def work(self, *plans: Planned) -> Work:
        return Work(
            handlers={"remind": self.remind, "refuse": self.refuse, "crash": self.crash},
            plans=plans,
            working=lambda day: day.weekday() < 5,
            gave_up=lambda job, now: self.given_up.append(job.key),
        )

    def worker(self, name: str, *plans: Planned) -> Runner:
        runner = Runner(self.work(*plans), name, clock=lambda: self.at, sleep=lambda seconds: None)
        runner.begin()
        return runner


DAILY = Planned("remind", Timing("day", time(8, 0), working_days=True), {"ahead_days": 7})


def test_two_workers_in_one_simulated_hour_send_each_reminder_once() -> None:
    office = Office()
    one, two = office.worker("one"), office.worker("two")
    for n in range(60):
        actions.put([Wanted("remind", f"r{n}", NOW + n * MINUTE, {"n": n})], at=NOW)
        actions.put([Wanted("remind", f"r{n}", NOW, {"n": n})], at=NOW)
    for minute in range(61):
        office.at = NOW + minute * MINUTE
        for runner in (one, two) if minute % 2 else (two, one):
            while runner.step():
                pass
        assert sum(office.done.values()) == min(minute + 1, 60)
    assert office.done == {str(n): 1 for n in range(60)}
    assert not Job.objects.filter(done_at=None).exists()


def test_a_lease_is_held_by_one_and_taken_over_when_it_runs_out() -> None:
    actions.put([Wanted("remind", "r", NOW, {"n": 1})], at=NOW)
    lost = actions.take(worker="one", kinds=["remind"], at=NOW)
    assert lost is not None
    assert actions.take(worker="two", kinds=["remind"], at=NOW + actions.LEASE - MINUTE) is None
    taken = actions.take(worker="two", kinds=["remind"], at=NOW + actions.LEASE)
    assert taken is not None
    assert (taken.leased_by, taken.attempts) == ("two", 2)
    assert not actions.finish(lost, at=NOW + actions.LEASE)
    assert not actions.fail(lost, error="x", at=NOW + actions.LEASE)
    assert actions.finish(taken, at=NOW + actions.LEASE)
    assert Job.objects.get().leased_by == "two"


def test_a_worker_passes_over_kinds_that_it_does_not_know_and_what_is_not_due() -> None:
    actions.put([Wanted("other", "r", NOW), Wanted("remind", "later", NOW + MINUTE)], at=NOW)
    assert actions.take(worker="one", kinds=["remind"], at=NOW) is None


def test_failing_waits_longer_and_is_given_up_where_everybody_sees_it() -> None:
    office = Office()
    runner = office.worker("one")
    actions.put([Wanted("refuse", "r", NOW)], at=NOW)
    waits = []
    for _ in range(actions.MOST_ATTEMPTS):
        assert runner.step()
        assert not runner.step()
        job = Job.objects.get()
        waits.append(job.due_at - office.at)
        office.at = job.due_at
    assert waits[:-1] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE]
    assert not runner.step()
    assert office.done["refused"] == actions.MOST_ATTEMPTS
    assert (job.error, office.given_up) == ("notify.robot-unreachable", ["r"])
    assert "jobs.some-failed" in queries.health(office.at).wrong
    actions.try_again(job.pk, at=office.at)
    assert runner.step()
    with pytest.raises(NotVisible):
        actions.try_again(job.pk, at=office.at)


def test_what_an_exception_says_is_not_kept() -> None:
    office = Office()
    actions.put([Wanted("crash", "r", NOW)], at=NOW)
    office.worker("one").step()
    assert Job.objects.get().error == "KeyError"


def test_a_job_whose_workers_die_is_given_up_in_the_end() -> None:
    office = Office()
    actions.put([Wanted("remind", "poison", NOW)], at=NOW)
    for _ in range(actions.MOST_ATTEMPTS):
        assert actions.take(worker="dies", kinds=["remind"], at=office.at)
        office.at += actions.LEASE
    assert not office.worker("one").step()
    assert Job.objects.get().error == actions.LOST
    assert office.given_up == ["poison"]


def test_a_fault_in_telling_of_it_stops_no_worker() -> None:
    office = Office()
    runner = office.worker("one")

    def fail(job: Job, now: datetime) -> None:
        raise RuntimeError

    runner.work = Work(runner.work.handlers, (), runner.work.working, fail)
    actions.put([Wanted("crash", "r", NOW)], at=NOW)
    Job.objects.update(attempts=actions.MOST_ATTEMPTS - 1)
    assert runner.step()
    assert Job.objects.get().failed_at == NOW


def test_a_schedule_runs_once_a_working_day_whoever_looks() -> None:
    office = Office(at=datetime(2026, 11, 19, 22, 0, tzinfo=UTC))  # Friday 06:00 in Shanghai
    runners = [office.worker("one", DAILY), office.worker("two", DAILY)]
    for _ in range(4 * 24 * 6):
        office.at += 10 * MINUTE
        for runner in runners:
            while runner.step():
                pass
    assert list(office.done) == ["2026-11-20T08:00:00+08:00", "2026-11-23T08:00:00+08:00"]
    assert set(office.done.values()) == {1}
    assert Schedule.objects.get().missed == 0
    assert Job.objects.first().payload == {"ahead_days": 7, "due": "2026-11-20T08:00:00+08:00", "missed": 0}


def test_missed_runs_are_counted_shown_and_caught_up_once() -> None:
    office = Office(at=datetime(2026, 11, 16, 0, 30, tzinfo=UTC))  # Monday 08:30
    runner = office.worker("one", DAILY)
    office.at = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # Friday noon: Tuesday to Friday were slept through
    while runner.step():
        pass
    assert office.done == {"2026-11-20T08:00:00+08:00": 1}
    row = Schedule.objects.get()
    assert (row.missed, row.missed_last, row.next_run.astimezone(UTC)) == (
        4,
        4,
        datetime(2026, 11, 23, 0, 0, tzinfo=UTC),
    )
    assert "jobs.runs-missed" in queries.health(office.at).wrong
    assert "jobs.runs-missed" not in queries.health(office.at + timedelta(days=8)).wrong


def test_a_run_that_is_a_little_late_was_not_missed() -> None:
    office = Office(at=datetime(2026, 11, 23, 0, 0, tzinfo=UTC) - MINUTE)
    runner = office.worker("one", DAILY)
    office.at += 50 * MINUTE
    runner.step()
    assert Schedule.objects.get().missed == 0


def test_a_changed_timing_begins_anew_and_one_that_is_gone_goes() -> None:
    office = Office()
    office.worker("one", DAILY)
    first = Schedule.objects.get().next_run
    Schedule.objects.update(missed=3)
    office.worker("two", Planned("remind", Timing("day", time(9, 0)), {"ahead_days": 3}))
    row = Schedule.objects.get()
    assert row.next_run != first
    assert (row.missed, row.payload) == (3, {"ahead_days": 3})
    office.worker("three")
    assert not Schedule.objects.exists()


def test_what_recurs_needs_a_handler() -> None:
    with pytest.raises(ValueError, match="without a handler"):
        Office().work(Planned("nobody", Timing("day")))


def test_health_tells_queue_age_and_workers() -> None:
    office = Office()
    assert queries.health(NOW).wrong == ("jobs.no-worker",)
    office.worker("one").step()
    actions.put([Wanted("remind", "r", NOW), Wanted("remind", "later", NOW + timedelta(days=1))], at=NOW)
    health = queries.health(NOW + timedelta(minutes=11))
    assert (health.waiting, health.due, health.age) == (2, 1, timedelta(minutes=11))
    assert health.wrong == ("jobs.no-worker", "jobs.queue-late")
    actions.stopped("one", at=NOW)
    assert Worker.objects.get().stopped_at == NOW
    assert not queries.health(NOW).workers[0].awake


def test_old_work_is_cleared_and_failures_stay() -> None:
    actions.put([Wanted("remind", name, NOW) for name in ("done", "failed", "open")], at=NOW)
    Job.objects.filter(key="done").update(done_at=NOW)
    Job.objects.filter(key="failed").update(failed_at=NOW)
    actions.seen("one", at=NOW)
    actions.tidy(at=NOW + timedelta(days=91))
    assert set(Job.objects.values_list("key", flat=True)) == {"failed", "open"}
    assert not Worker.objects.exists()


def test_a_clock_that_jumps_years_plans_one_run() -> None:
    office = Office()
    runner = office.worker("one", Planned("remind", Timing("hour")))
    office.at = NOW.replace(year=2028)
    while runner.step():
        pass
    assert sum(office.done.values()) == 1
    assert Schedule.objects.get().missed > 8000
    assert date(2028, 11, 23) == office.at.date()
