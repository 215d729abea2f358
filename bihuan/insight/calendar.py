"""The calendar of what is due: tasks, decisions, replies ─month→ the days of a month; ─feed→ iCalendar elsewhere.

An event holds number and title and nothing else, for it leaves the house; of a letter not even the title.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.urls import reverse
from icalendar import Calendar, Event

from bihuan.core.letters import KINDS, number_text
from bihuan.findings.queries.sight import Reach
from bihuan.insight.queries import open_tasks
from bihuan.oversight.queries import due
from bihuan.web.catalogue import say

#: A feed tells what was due in the last month and is due within a year, the nearest first.
BACK, AHEAD, MOST = timedelta(days=31), timedelta(days=366), 1000
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Due:
    """A thing that is due: of which kind, its address and number, how it is called, whose it is."""

    kind: str
    pk: int
    url: str
    number: str
    title: str
    unit: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which something is due."""

    on: date
    things: Sequence[Due]


def days(seen: Reach, first: date, last: date, *, most: int = MOST) -> list[Day]:
    """Return the days from `first` to `last` on which something in sight is due. Three queries.

    Open tasks, decisions that are not done, letters whose reply is awaited.
    """
    found = [
        *_tasks(seen, first, last, most),
        *_decisions(seen, first, last, most),
        *_letters(seen, first, last, most),
    ]
    nearest = sorted(found, key=lambda pair: pair[0])[:most]
    return [Day(on, [thing for _on, thing in pairs]) for on, pairs in groupby(nearest, key=itemgetter(0))]


def _tasks(seen: Reach, first: date, last: date, most: int) -> Iterator[tuple[date, Due]]:
    rows = open_tasks(seen).filter(due_on__gte=first, due_on__lte=last).select_related("unit")
    rows = rows.only("number", "title", "due_on", "state", "unit__name").order_by("due_on", "pk")
    for row in rows[:most]:
        if row.due_on is not None:
            url = reverse("findings:task", args=[row.pk])
            unit = row.unit.name if row.unit else ""
            yield row.due_on, Due("task", row.pk, url, row.number, row.title, unit, row.state)


def _decisions(seen: Reach, first: date, last: date, most: int) -> Iterator[tuple[date, Due]]:
    for row in due.decisions_between(seen, first, last)[:most]:
        if row.due_on is not None:
            url = reverse("oversight:decision", args=[row.pk])
            unit = row.unit.name if row.unit else row.person.name if row.person else row.person_name
            yield row.due_on, Due("decision", row.pk, url, "", row.text, unit)


def _letters(seen: Reach, first: date, last: date, most: int) -> Iterator[tuple[date, Due]]:
    for row in due.letters_between(seen, first, last)[:most]:
        if row.reply_due_on is not None:
            url = reverse("oversight:letter", args=[row.pk])
            number = number_text(row.kind, row.year, row.number)
            yield (
                row.reply_due_on,
                Due("letter", row.pk, url, f"{KINDS[row.kind].name}{number}", row.title, row.unit.name),
            )


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
        for thing in day.things:
            event = Event()
            event.add("uid", f"{thing.kind}-{thing.pk}@bihuan")
            event.add("dtstamp", at)
            event.add("dtstart", day.on)
            event.add("transp", "TRANSPARENT")
            params = {"number": thing.number, "title": thing.title[:LONGEST]}
            event.add("summary", say(f"desk.feed-{thing.kind}", params, lang=lang))
            calendar.add_component(event)
    return bytes(calendar.to_ical())
