"""When something recurring is due, and when a message may go out: pure arithmetic on local time.

A timing + a moment ─next_after→ the next moment; ─between→ every moment that has come since, so that one that
nobody was awake for can be counted. A person's wish + a moment ─allowed_at→ when a letter may be sent.

>>> daily = Timing("day", time(8, 0), working_days=True)
>>> next_after(daily, datetime(2026, 11, 20, 9, 0), working=lambda day: day.weekday() < 5)  # a Friday
datetime.datetime(2026, 11, 23, 8, 0)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

#: What recurs: hourly at the minute of `at`, daily at `at`, or weekly on `weekday` at `at`.
EVERY = ("hour", "day", "week")
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
#: How far a timing is looked for; no run of holidays is longer.
FARTHEST = 62

Working = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Timing:
    """How often something is due. `weekday` counts from Monday (0); `working_days` leaves every other day out."""

    every: str
    at: time = time(0, 0)
    weekday: int = 0
    working_days: bool = False

    def __post_init__(self) -> None:
        if self.every not in EVERY or not 0 <= self.weekday <= 6:
            raise ValueError(f"no such timing: {self.every} {self.weekday}")


def next_after(timing: Timing, local: datetime, *, working: Working) -> datetime:
    """Return the first moment of the timing after `local` (both without a zone, told in the same place).

    :raises ValueError: when no day within two months is a working day.
    """
    day = local.date()
    for _ in range(FARTHEST):
        for moment in _of_day(timing, day, working):
            if moment > local:
                return moment
        day += timedelta(days=1)
    raise ValueError(f"no day for {timing}")


def between(timing: Timing, first: datetime, last: datetime, *, working: Working) -> Iterator[datetime]:
    """Yield every moment of the timing from `first` to `last`, both included."""
    day = first.date()
    while day <= last.date():
        yield from (moment for moment in _of_day(timing, day, working) if first <= moment <= last)
        day += timedelta(days=1)


def wait(attempts: int) -> timedelta:
    """Return how long to wait after the given number of attempts: doubling, six hours at most.

    >>> [int(wait(n).total_seconds() // 60) for n in (1, 2, 3, 12)]
    [1, 2, 4, 360]
    """
    doublings: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def _on_weekdays(day: date) -> bool:
    return day.weekday() < 5


@dataclass(frozen=True, slots=True)
class Quiet:
    """When a person wants no letter: from `starts` to `ends` (over midnight if it is the later), and on days off."""

    starts: time | None = None
    ends: time | None = None
    weekends: bool = True
    working: Working = _on_weekdays

    def holds(self, local: datetime) -> bool:
        """Tell whether no letter is wanted at `local`.

        >>> Quiet(time(20), time(8)).holds(datetime(2026, 11, 23, 7, 59))
        True
        """
        if not self.weekends and not self.working(local.date()):
            return True
        if self.starts is None or self.ends is None or self.starts == self.ends:
            return False
        if self.starts < self.ends:
            return self.starts <= local.time() < self.ends
        return local.time() >= self.starts or local.time() < self.ends


def allowed_at(quiet: Quiet, local: datetime) -> datetime:
    """Return the first moment from `local` on at which a letter may go out.

    >>> allowed_at(Quiet(time(20), time(8), weekends=False), datetime(2026, 11, 20, 21, 0))  # a Friday evening
    datetime.datetime(2026, 11, 23, 8, 0)
    """
    while quiet.holds(local):
        midnight = datetime.combine(local.date() + timedelta(days=1), time(0))
        ends = datetime.combine(local.date(), quiet.ends) if quiet.ends is not None else midnight
        local = ends if local < ends < midnight else midnight
    return local


def _of_day(timing: Timing, day: date, working: Working) -> Iterator[datetime]:
    if timing.every == "week" and day.weekday() != timing.weekday:
        return
    if timing.working_days and not working(day):
        return
    if timing.every == "hour":
        yield from (datetime.combine(day, timing.at.replace(hour=hour)) for hour in range(24))
    else:
        yield datetime.combine(day, timing.at)
