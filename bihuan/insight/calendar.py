"""The calendar of what is due: tasks ─month→ the days of a month; ─feed→ iCalendar for other programs.

An event holds a task's number and title and nothing else: it leaves the house.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from icalendar import Calendar, Event

from bihuan.findings.models import Task
from bihuan.findings.queries.sight import Reach
from bihuan.insight.queries import open_tasks
from bihuan.web.catalogue import say

#: A feed tells what was due in the last month and is due within a year, the nearest first.
BACK, AHEAD, MOST = timedelta(days=31), timedelta(days=366), 1000


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which something is due."""

    on: date
    tasks: Sequence[Task]


def days(seen: Reach, first: date, last: date, *, most: int = MOST) -> list[Day]:
    """Return the days from `first` to `last` on which open tasks in sight are due. One query."""
    rows = open_tasks(seen).filter(due_on__gte=first, due_on__lte=last).select_related("unit")
    rows = rows.only("number", "title", "due_on", "state", "unit__name").order_by("due_on", "pk")
    return [Day(on, list(tasks)) for on, tasks in groupby(rows[:most], key=lambda task: task.due_on) if on]


def month(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month of `day`.

    >>> month(date(2026, 2, 14))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def feed(shown: Iterable[Day], *, at: datetime, lang: str) -> bytes:
    """Return the days as a calendar that other programs read (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bihuan//Bihuan//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", say("notify.feed-name", lang=lang))
    for day in shown:
        for task in day.tasks:
            event = Event()
            event.add("uid", f"task-{task.pk}@bihuan")
            event.add("dtstamp", at)
            event.add("dtstart", day.on)
            event.add("transp", "TRANSPARENT")
            params = {"number": task.number, "title": task.title}
            event.add("summary", say("notify.feed-event", params, lang=lang))
            calendar.add_component(event)
    return bytes(calendar.to_ical())
