"""The calendar and the deadlines of an organisation: shipped data + its own rows ─→ core.deadlines values."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from bihuan.core.deadlines import WORKING_DAYS, Calendar, Term, Thresholds, due
from bihuan.core.refusal import NotVisible
from bihuan.orgs.models import CalendarDay, DeadlineRule, Unit, User
from bihuan.orgs.queries.sight import sight

DATA = Path(__file__).resolve().parent.parent / "data"
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that differs from the week. `row_id` names the organisation's own row, None where it is shipped."""

    day: date
    works: bool
    name: str
    source: str
    row_id: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of an organisation; `shipped` is what holds without its own row, `row_id` names that row."""

    code: str
    term: Term
    shipped: Term
    row_id: int | None = None


@lru_cache(maxsize=1)
def shipped_days() -> Mapping[date, Day]:
    """Return the days that are shipped: free and worked days of the years whose notice is at hand."""
    found: dict[date, Day] = {}
    for year in json.loads((DATA / "holidays.json").read_text("utf-8")).values():
        for name, first, last in year["free"]:
            day, end = date.fromisoformat(first), date.fromisoformat(last)
            while day <= end:
                found[day] = Day(day, False, name, year["source"])
                day += ONE
        for name, text in year["worked"]:
            found[date.fromisoformat(text)] = Day(date.fromisoformat(text), True, name, year["source"])
    return MappingProxyType(dict(sorted(found.items())))


@lru_cache(maxsize=1)
def shipped_terms() -> Mapping[str, Term]:
    """Return the terms that are shipped, by the code of the deadline."""
    rows = json.loads((DATA / "deadlines.json").read_text("utf-8"))
    return MappingProxyType({row["code"]: Term(row["number"], row["measure"], row["source"]) for row in rows})


@lru_cache(maxsize=1)
def shipped_groups() -> Mapping[str, Mapping[str, str]]:
    """Return what a new group of each kind begins with: names, and one duty a line."""
    kinds = json.loads((DATA / "groups.json").read_text("utf-8"))
    return {
        kind: {key: value if isinstance(value, str) else "\n".join(value) for key, value in one.items()}
        for kind, one in kinds.items()
    }


def days_of(organisation_id: int) -> dict[date, Day]:
    """Return every day that differs from the week: shipped ones, and the organisation's own before them. One query."""
    found = dict(shipped_days())
    for row in CalendarDay.objects.filter(organisation_id=organisation_id):
        found[row.day] = Day(row.day, row.works, row.name, row.source, row.pk)
    return dict(sorted(found.items()))


def calendar_of(organisation_id: int) -> Calendar:
    """Return the calendar of working days of an organisation. One query.

    A year is known when its New Year's Day is among the days: every yearly notice begins with it.
    """
    days = days_of(organisation_id)
    years = frozenset(
        day.year for day, one in days.items() if (day.month, day.day) == (1, 1) and not one.works
    )
    return Calendar(MappingProxyType({day: one.works for day, one in days.items()}), years)


def worked_days() -> Callable[[date], bool]:
    """Return what tells whether any organisation works on a day, by their calendars. Two queries."""
    own: dict[date, dict[int, bool]] = defaultdict(dict)
    for day, organisation, worked in CalendarDay.objects.values_list("day", "organisation_id", "works"):
        own[day][organisation] = worked
    known = set(Unit.objects.filter(kind="organisation", is_active=True).values_list("pk", flat=True))
    shipped = Calendar(MappingProxyType({day: one.works for day, one in shipped_days().items()}))

    def works(day: date) -> bool:
        said = own.get(day, {})
        return any(said.get(pk, shipped.works(day)) for pk in known) if known else shipped.works(day)

    return works


def deadlines_of(organisation_id: int) -> dict[str, Deadline]:
    """Return every deadline of an organisation with its source, by code. One query."""
    own = {row.code: row for row in DeadlineRule.objects.filter(organisation_id=organisation_id)}
    found = {}
    for code, shipped in shipped_terms().items():
        row = own.get(code)
        term = Term(row.number, row.measure, row.source) if row is not None else shipped
        found[code] = Deadline(code, term, shipped, row.pk if row is not None else None)
    return found


def thresholds_of(organisation_id: int) -> Thresholds:
    """Return when a thing of the organisation is near its due date and when it is stuck. One query."""
    rules = deadlines_of(organisation_id)
    return Thresholds(near=rules["near"].term, stuck=rules["stuck"].term)


def near_until(today: date) -> dict[int, date]:
    """Return until which day a due date is near today, by organisation. Two queries.

    One more for each organisation that counts it in working days.
    """
    own = {row.organisation_id: row for row in DeadlineRule.objects.filter(code="near")}
    found = {}
    for pk in Unit.objects.filter(kind="organisation").values_list("pk", flat=True):
        row = own.get(pk)
        term = Term(row.number, row.measure) if row is not None else shipped_terms()["near"]
        calendar = calendar_of(pk) if term.measure == WORKING_DAYS else Calendar()
        found[pk] = due(today, term, calendar).day
    return found


def calendar_day_for(user: User, day_id: int, today: date) -> CalendarDay:
    """Return a day of an organisation in sight.

    :raises NotVisible: when there is none, or none for this person.
    """
    seen = sight(user, today).listed("organisation")
    found = CalendarDay.objects.filter(seen, pk=day_id).select_related("organisation").first()
    if found is None:
        raise NotVisible("orgs.calendar-day-not-found")
    return found


def deadline_rule_for(user: User, rule_id: int, today: date) -> DeadlineRule:
    """Return a term of an organisation in sight.

    :raises NotVisible: when there is none, or none for this person.
    """
    seen = sight(user, today).listed("organisation")
    found = DeadlineRule.objects.filter(seen, pk=rule_id).select_related("organisation").first()
    if found is None:
        raise NotVisible("orgs.deadline-not-found")
    return found
