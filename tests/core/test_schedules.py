"""When something recurs, how long to wait, and when a letter may go out."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.schedules import Quiet, Timing, allowed_at, between, next_after, wait


def local(text: str) -> datetime:
    """A moment as the clock on the wall tells it."""
    return datetime.fromisoformat(text)


MOMENTS = st.datetimes(local("2026-01-01 00:00"), local("2027-12-31 00:00"))
TIMINGS = st.builds(
    Timing, st.sampled_from(("hour", "day", "week")), st.times(), st.integers(0, 4), st.booleans()
)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


@given(TIMINGS, MOMENTS)
def test_the_next_moment_is_the_first_of_all_that_come_after(timing: Timing, start: datetime) -> None:
    following = next_after(timing, start, working=weekdays)
    assert following > start
    came = list(between(timing, start, following, working=weekdays))
    assert came[-1] == following
    assert [moment for moment in came if moment > start] == [following]


@given(TIMINGS, MOMENTS, st.integers(0, 400))
def test_every_moment_between_follows_the_one_before(timing: Timing, first: datetime, hours: int) -> None:
    came = list(between(timing, first, first + timedelta(hours=hours), working=weekdays))
    assert came == sorted(came)
    for one, two in zip(came, came[1:], strict=False):
        assert next_after(timing, one, working=weekdays) == two


def test_working_days_are_asked_of_the_calendar_and_not_of_the_week() -> None:
    daily = Timing("day", time(8), working_days=True)

    def swapped(day: date) -> bool:
        return day != date(2026, 10, 1) and (day.weekday() < 5 or day == date(2026, 10, 10))

    assert next_after(daily, local("2026-09-30 09:00"), working=swapped) == local("2026-10-02 08:00")
    assert next_after(daily, local("2026-10-09 09:00"), working=swapped) == local("2026-10-10 08:00")


def test_a_timing_without_any_day_is_said_and_does_not_hang() -> None:
    with pytest.raises(ValueError, match="no day"):
        next_after(Timing("day", working_days=True), local("2026-01-01 00:00"), working=lambda day: False)


@pytest.mark.parametrize(("every", "weekday"), [("year", 0), ("", 0), ("week", 7), ("week", -1)])
def test_a_timing_that_there_is_not_is_refused(every: str, weekday: int) -> None:
    with pytest.raises(ValueError, match="no such timing"):
        Timing(every, weekday=weekday)


def test_waiting_grows_and_has_an_end() -> None:
    waits = [wait(n) for n in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)


@given(st.builds(Quiet, st.none() | st.times(), st.none() | st.times(), st.booleans()), MOMENTS)
def test_a_letter_goes_out_at_the_first_moment_that_is_not_quiet(quiet: Quiet, start: datetime) -> None:
    out = allowed_at(quiet, start)
    assert out >= start
    assert not quiet.holds(out)
    assert out - start <= timedelta(days=4)
    if out > start:
        assert quiet.holds(out - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("at", "out"),
    [
        (local("2026-11-23 12:00"), local("2026-11-23 12:00")),
        (local("2026-11-23 20:00"), local("2026-11-24 08:00")),
        (local("2026-11-23 03:00"), local("2026-11-23 08:00")),
        (local("2026-11-20 21:00"), local("2026-11-23 08:00")),
        (local("2026-11-21 12:00"), local("2026-11-23 08:00")),
    ],
)
def test_quiet_from_eight_to_eight_and_no_weekends(at: datetime, out: datetime) -> None:
    assert allowed_at(Quiet(time(20), time(8), weekends=False), at) == out
