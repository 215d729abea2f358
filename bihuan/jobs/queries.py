"""How the work stands: queue, what was given up, what recurs, workers ─health→ one value, with what is wrong in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from bihuan.jobs.models import OPEN, Job, Schedule, Worker

#: A queue whose oldest due job waits longer than this stands still; a worker not seen for as long is gone.
SLOW, GONE = timedelta(minutes=10), timedelta(minutes=3)
#: So long a missed run is shown as something wrong.
MISSED_SHOWN = timedelta(days=7)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """A worker and whether it is awake."""

    worker: Worker
    awake: bool


@dataclass(frozen=True, slots=True)
class Health:
    """How the work stands at one moment. `wrong` holds codes of the catalogue; none: all is well."""

    at: datetime
    waiting: int
    due: int
    running: int
    oldest_due: datetime | None
    failed: int
    given_up: Sequence[Job]
    schedules: Sequence[Schedule]
    workers: Sequence[Seen]
    wrong: tuple[str, ...]

    @property
    def age(self) -> timedelta:
        """Return how long the oldest due job has waited; nothing while none is due."""
        return max(self.at - self.oldest_due, timedelta(0)) if self.oldest_due else timedelta(0)


def health(at: datetime) -> Health:
    """Return how the work stands. Four queries."""
    leased = Q(lease_until__gt=at)
    due = Q(due_at__lte=at) & ~leased
    numbers = Job.objects.filter(done_at=None).aggregate(
        waiting=Count("pk", filter=OPEN),
        due=Count("pk", filter=OPEN & due),
        running=Count("pk", filter=OPEN & leased),
        oldest_due=Min("due_at", filter=OPEN & due),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
    )
    given_up = list(Job.objects.filter(failed_at__isnull=False).order_by("-failed_at")[:SHOWN])
    schedules = list(Schedule.objects.order_by("next_run", "kind"))
    workers = [
        Seen(row, awake=row.stopped_at is None and at - row.seen_at < GONE)
        for row in Worker.objects.order_by("-seen_at")[:SHOWN]
    ]
    wrong = _wrong(at, numbers["oldest_due"], numbers["failed"], schedules, workers)
    return Health(at, **numbers, given_up=given_up, schedules=schedules, workers=workers, wrong=wrong)


def _wrong(
    at: datetime,
    oldest: datetime | None,
    failed: int,
    schedules: Sequence[Schedule],
    workers: Sequence[Seen],
) -> tuple[str, ...]:
    said = {
        "jobs.no-worker": not any(one.awake for one in workers),
        "jobs.queue-late": oldest is not None and at - oldest > SLOW,
        "jobs.some-failed": failed > 0,
        "jobs.runs-missed": any(
            row.missed_seen_at is not None and at - row.missed_seen_at < MISSED_SHOWN for row in schedules
        ),
    }
    return tuple(code for code, holds in said.items() if holds)


def word_of(kind: str) -> str:
    """Return the code of the word of a kind of job."""
    return f"jobs.kind-{kind.replace('.', '-')}"
