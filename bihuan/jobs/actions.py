"""The queue: put work in, take it under a lease, bring it to an end. Nothing here is sealed: no fact follows from it.

put ─take→ a job under a lease ─finish | fail→ done, due again later, or given up where everybody can see it.
A lease that runs out belongs to nobody: the next worker takes the job over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F, Q

from bihuan.core.refusal import NotVisible
from bihuan.core.schedules import Timing, Working, between, next_after, wait
from bihuan.jobs.models import OPEN, Job, Schedule, Worker

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 6
#: A run that is this late was missed, and is caught up.
LATE = timedelta(hours=1)
KEEP_DONE, KEEP_WORKERS = timedelta(days=90), timedelta(days=7)
LOST = "jobs.lease-ran-out"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to be put into the queue; the same kind and key are put once."""

    kind: str
    key: str
    due_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """A kind of job that recurs; `payload` is what every run is given (config/work.py)."""

    kind: str
    timing: Timing
    payload: Mapping[str, Any] = field(default_factory=dict)


def put(jobs: Iterable[Wanted], *, at: datetime) -> None:
    """Put jobs into the queue, in the transaction of whoever wants them; those that are there already stay as they are.

    One statement.
    """
    Job.objects.bulk_create(
        [
            Job(kind=one.kind, key=one.key, payload=dict(one.payload), due_at=one.due_at, made_at=at)
            for one in jobs
        ],
        ignore_conflicts=True,
    )


def take(*, worker: str, kinds: Sequence[str], at: datetime) -> Job | None:
    """Take the oldest due job under a lease, or None; a job that another worker holds is passed over.

    The lease is one UPDATE that must find the job as it was read: two workers never hold the same.
    """
    free = OPEN & Q(due_at__lte=at) & (Q(lease_until=None) | Q(lease_until__lte=at))
    waiting = Job.objects.filter(free, kind__in=kinds, attempts__lt=MOST_ATTEMPTS).order_by("due_at", "pk")
    if not waiting.exists():  # SQLite: ask before the write lock is taken
        return None
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        job = waiting.select_for_update(skip_locked=skip).first()
        if job is None:
            return None
        lease = {"lease_until": at + LEASE, "leased_by": worker, "attempts": job.attempts + 1}
        if not Job.objects.filter(free, pk=job.pk, attempts=job.attempts).update(**lease):
            return None
    for name, value in lease.items():
        setattr(job, name, value)
    return job


def finish(job: Job, *, at: datetime) -> bool:
    """Mark a job as done; False when the lease was lost meanwhile and another worker answers for it."""
    return bool(_held(job).update(done_at=at, lease_until=None, error=""))


def fail(job: Job, *, error: str, at: datetime) -> bool:
    """Put a job back with a growing wait, or give it up after the last attempt; tell whether it was given up.

    `error` is a code of the catalogue or the name of an exception, never a text that may hold content.
    """
    if job.attempts >= MOST_ATTEMPTS:
        return bool(_held(job).update(failed_at=at, lease_until=None, error=error[:200]))
    _held(job).update(due_at=at + wait(job.attempts), lease_until=None, error=error[:200])
    return False


def give_up_lost(*, at: datetime) -> list[Job]:
    """Give up the jobs whose last lease ran out: whoever works on them dies. Return those given up here."""
    lost = list(Job.objects.filter(OPEN, attempts__gte=MOST_ATTEMPTS, lease_until__lte=at))
    return [job for job in lost if _held(job).update(failed_at=at, lease_until=None, error=LOST)]


def _held(job: Job) -> Any:
    """Return the job as long as this lease of it lasts."""
    return Job.objects.filter(OPEN, pk=job.pk, leased_by=job.leased_by, attempts=job.attempts)


@transaction.atomic
def try_again(job_id: int, *, at: datetime) -> Job:
    """Put a job that was given up back into the queue, with all its attempts.

    :raises NotVisible: when there is none, or it was not given up.
    """
    job = Job.objects.select_for_update().filter(pk=job_id, failed_at__isnull=False).first()
    if job is None:
        raise NotVisible("jobs.not-failed")
    job.failed_at, job.attempts, job.due_at = None, 0, at
    job.save(update_fields=["failed_at", "attempts", "due_at"])
    return job


def settle(plans: Sequence[Planned], *, working: Working, zone: str, at: datetime) -> None:
    """Bring the table of schedules to what is configured; a changed timing begins anew, what ran stays known."""
    known = {row.kind: row for row in Schedule.objects.all()}
    for plan in plans:
        timing = plan.timing
        values: dict[str, Any] = {
            "every": timing.every, "at": timing.at, "weekday": timing.weekday, "working_days": timing.working_days,
        }  # fmt: skip
        row = known.pop(plan.kind, None)
        if row is None or timing_of(row) != timing:
            values["next_run"] = _next(timing, at, working=working, zone=zone)
        if row is None or values.keys() & {"next_run"} or row.payload != dict(plan.payload):
            Schedule.objects.update_or_create(
                kind=plan.kind, defaults={**values, "payload": dict(plan.payload)}
            )
    Schedule.objects.filter(kind__in=known).delete()


def plan_due(*, working: Working, zone: str, at: datetime) -> int:
    """Queue the run of every schedule that has come due, once however many were missed; return how many."""
    if not Schedule.objects.filter(next_run__lte=at).exists():
        return 0
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        rows = list(Schedule.objects.select_for_update(skip_locked=skip).filter(next_run__lte=at))
        for row in rows:
            _run(row, working=working, zone=ZoneInfo(zone), at=at)
    return len(rows)


def _run(row: Schedule, *, working: Working, zone: ZoneInfo, at: datetime) -> None:
    timing, local = timing_of(row), _local(at, zone)
    came = [
        one.replace(tzinfo=zone)
        for one in between(timing, _local(row.next_run, zone), local, working=working)
    ]
    came = came or [row.next_run]
    missed = sum(one < at - LATE for one in came)
    payload = {**row.payload, "due": came[-1].isoformat(), "missed": missed}
    put([Wanted(row.kind, came[-1].isoformat(), at, payload)], at=at)
    Schedule.objects.filter(pk=row.pk).update(
        next_run=_next(timing, at, working=working, zone=str(zone)),
        last_run=at,
        missed=F("missed") + missed,
        missed_last=missed,
        missed_seen_at=at if missed else row.missed_seen_at,
    )


def timing_of(row: Schedule) -> Timing:
    """Return the timing that a row holds."""
    return Timing(row.every, row.at, row.weekday, row.working_days)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _next(timing: Timing, at: datetime, *, working: Working, zone: str) -> datetime:
    place = ZoneInfo(zone)
    return next_after(timing, _local(at, place), working=working).replace(tzinfo=place)


def seen(worker: str, *, at: datetime) -> None:
    """Note that a worker is awake."""
    Worker.objects.update_or_create(
        name=worker,
        defaults={"seen_at": at, "stopped_at": None},
        create_defaults={"seen_at": at, "started_at": at},
    )


def stopped(worker: str, *, at: datetime) -> None:
    """Note that a worker has gone in good order."""
    Worker.objects.filter(name=worker).update(stopped_at=at, seen_at=at)


def tidy(*, at: datetime) -> None:
    """Drop what was done long ago and workers not seen for long; what was given up stays until it is tried again."""
    Job.objects.filter(done_at__lt=at - KEEP_DONE).delete()
    Worker.objects.filter(seen_at__lt=at - KEEP_WORKERS).delete()
