"""The weeks of the weekly dispatch: Monday to Sunday. A week without a working day needs none.

>>> missed(date(2026, 11, 2), date(2026, 11, 22), {date(2026, 11, 9)}, working=lambda day: day.weekday() < 5)
[datetime.date(2026, 11, 2), datetime.date(2026, 11, 16)]
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta

Working = Callable[[date], bool]
WEEK = timedelta(days=7)
#: How many missed weeks are told at most: two years.
MOST = 104


def monday_of(day: date) -> date:
    """Return the Monday of the week of `day`.

    >>> monday_of(date(2026, 11, 22))
    datetime.date(2026, 11, 16)
    """
    return day - timedelta(days=day.weekday())


def weeks(first: date, until: date) -> Iterator[date]:
    """Yield the Mondays from the week of `first` to the week of `until`."""
    monday = monday_of(first)
    while monday <= until:
        yield monday
        monday += WEEK


def last_working_day(monday: date, *, working: Working) -> date | None:
    """Return the last working day of a week, None when it has none."""
    return next((day for day in _days_back(monday) if working(day)), None)


def missed(first: date, until: date, held: Collection[date], *, working: Working) -> list[date]:
    """Return the Mondays of the weeks in which a dispatch was due and none was held, the oldest first.

    `held` holds Mondays. A week is missed once its last working day has passed by the end of `until`; of many the
    latest MOST are told.
    """
    found = []
    for monday in weeks(first, until):
        last = last_working_day(monday, working=working)
        if last is not None and last <= until and monday not in held:
            found.append(monday)
    return found[-MOST:]


def _days_back(monday: date) -> Iterator[date]:
    yield from (monday + timedelta(days=number) for number in range(6, -1, -1))
