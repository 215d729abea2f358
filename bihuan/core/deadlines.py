"""Deadlines on a calendar of working days: day + term ─due→ day; due day + today ─colour→ blue, yellow, red.

The calendar is data: what a year's notice says of single days. Where a year has none, every result that touches it
says so (`certain` is False) instead of passing for right. Numbers and measures come from configuration with a source.
"""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

DAYS, WORKING_DAYS, MONTHS = "days", "working_days", "months"
MEASURES = (DAYS, WORKING_DAYS, MONTHS)
SATURDAY = 5
ONE = timedelta(days=1)
#: No deadline of an inspection is longer; a number above is a slip of the hand, and counting to it would take long.
MOST = MappingProxyType({DAYS: 3660, WORKING_DAYS: 2500, MONTHS: 120})

RED, YELLOW, BLUE, NONE = "red", "yellow", "blue", ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. `special` names the days that differ from the week; `years` those that are known."""

    special: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))
    years: frozenset[int] = frozenset()

    def works(self, day: date) -> bool:
        """Tell whether `day` is a working day.

        >>> Calendar({date(2026, 10, 10): True}).works(date(2026, 10, 10))
        True
        """
        return self.special.get(day, day.weekday() < SATURDAY)

    def knows(self, first: date, last: date) -> bool:
        """Tell whether the calendar has data for every year from `first` to `last`."""
        return all(year in self.years for year in range(first.year, last.year + 1))


@dataclass(frozen=True, slots=True)
class Term:
    """So many days, working days or months. `source` says where that stands."""

    number: int
    measure: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a term; `certain` is False where working days of a year without data were counted."""

    day: date
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many days before its due date a thing is near, and after how many without movement it is stuck."""

    near: Term
    stuck: Term


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """Return how many working days lie after `first`, up to and with `last`; negative when `last` is earlier.

    >>> working_days_between(date(2026, 11, 20), date(2026, 11, 24), Calendar())
    2
    """
    if last < first:
        return -working_days_between(last, first, calendar)
    days = (first + ONE * step for step in range(1, (last - first).days + 1))
    return sum(calendar.works(day) for day in days)


def after_working_days(start: date, number: int, calendar: Calendar) -> date:
    """Return the `number`-th working day after `start`; the day of the event itself does not count.

    :raises OverflowError: past the last day that a date can be.

    >>> after_working_days(date(2026, 11, 20), 1, Calendar())
    datetime.date(2026, 11, 23)
    """
    day = start
    while number > 0:
        day += ONE
        number -= calendar.works(day)
    return day


def after_months(start: date, number: int) -> date:
    """Return the same day `number` months later, the last day of that month where it has no such day.

    >>> after_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def due(start: date, term: Term, calendar: Calendar) -> Due:
    """Return the last day of `term` that begins with the event on `start`.

    >>> due(date(2026, 5, 11), Term(2, "months"), Calendar()).day
    datetime.date(2026, 7, 11)
    """
    if term.measure == MONTHS:
        return Due(after_months(start, term.number))
    if term.measure == DAYS:
        return Due(start + ONE * term.number)
    day = after_working_days(start, term.number, calendar)
    return Due(day, calendar.knows(start, day))


def colour(
    due_on: date | None,
    *,
    today: date,
    moved_on: date | None,
    thresholds: Thresholds,
    calendar: Calendar,
) -> str:
    """Return red for overdue, yellow for stuck, blue for near its due date, else nothing.

    `moved_on` is the day of the last movement, None where nothing is told of it.
    """
    if due_on is not None and due_on < today:
        return RED
    if moved_on is not None and due(moved_on, thresholds.stuck, calendar).day < today:
        return YELLOW
    if due_on is not None and due(today, thresholds.near, calendar).day >= due_on:
        return BLUE
    return NONE
