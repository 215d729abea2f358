"""What a person sees first: what waits, what is due, and how each inspection stands. A constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from bihuan.core.findings import OPEN_STATES, STATES
from bihuan.documents.models import Draft
from bihuan.findings.models import Declared, Inspection, Task
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.orgs.queries import Sight
from bihuan.web.prepared import Question

MOST_INSPECTIONS = 8
MOST_TASKS = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """How one inspection stands: its own count by state (live) or the declared figures (archive)."""

    inspection: Inspection
    shares: tuple[tuple[str, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers above the page; each equals the list that it leads to."""

    open: int
    overdue: int
    this_week: int
    no_date: int
    drafts: int


def open_tasks(seen: Reach) -> QuerySet[Task]:
    """Return the tasks in sight that are still to be done: the rows behind every number of the page."""
    return Task.objects.filter(seen.tasks(), withdrawn__in=LIVE, state__in=OPEN_STATES)


def week_end(today: date) -> date:
    """Return the Sunday of the week of `today`."""
    return today + timedelta(days=6 - today.weekday())


def counts(seen: Reach, sight: Sight) -> Counts:
    """Count what is open, overdue, due this week or without a date, and the drafts to resume. Two queries."""
    parts = dict(COUNTED.rows(seen.organisations, seen.units, seen.today, week_end(seen.today)))
    return Counts(
        open=sum(parts.values()),
        overdue=parts.get("overdue", 0),
        this_week=parts.get("this_week", 0),
        no_date=parts.get("no_date", 0),
        drafts=drafts(sight).count(),
    )


def _parts(
    organisations: tuple[int, ...], units: tuple[int, ...], today: date, end: date
) -> QuerySet[Any, tuple[str, int]]:
    """Count the open tasks in four parts by their due day: each is read from one stretch of an index."""
    rows = open_tasks(Reach(None, date.min, organisations, units)).order_by()
    parts = {
        "overdue": Q(due_on__lt=today),
        "this_week": Q(due_on__gte=today, due_on__lte=end),
        "later": Q(due_on__gt=end),
        "no_date": Q(due_on=None),
    }
    first, *more = (
        rows.filter(part)
        .annotate(part=Value(name))
        .values("part")
        .annotate(n=Count("*"))
        .values_list("part", "n")
        for name, part in parts.items()
    )
    return first.union(*more, all=True)


COUNTED = Question(_parts)


def drafts(sight: Sight) -> QuerySet[Draft]:
    """Return the open drafts of organisations in which the person holds the office, newest first."""
    rows = Draft.objects.filter(state="open", organisation__in=sight.writable).select_related("document")
    return rows.defer("tree", "lines").order_by("-changed_at")


def due(seen: Reach) -> Sequence[Task]:
    """Return the tasks overdue or due within this week, the oldest first. One query a state, each from its index."""
    end = week_end(seen.today)
    found = [task for state in OPEN_STATES for task in DUE.rows(seen.organisations, seen.units, end, state)]
    return sorted(found, key=lambda task: (task.due_on, task.pk))[:MOST_TASKS]


def _due(organisations: tuple[int, ...], units: tuple[int, ...], end: date, state: str) -> QuerySet[Task]:
    seen = Reach(None, date.min, organisations, units)
    rows = Task.objects.filter(seen.tasks(), withdrawn__in=LIVE, due_on__lte=end, state=state)
    shown = ("number", "title", "leader", "due_on", "state", "problem_id", "inspection_id", "unit__name")
    return rows.select_related("unit").only(*shown).order_by("due_on", "pk")[:MOST_TASKS]


DUE = Question(_due)


def standings(seen: Reach) -> list[Standing]:
    """Return how the newest inspections in sight stand. Three queries."""
    shown = NEWEST.rows(seen.organisations, seen.units)
    ids = tuple(one.pk for one in shown)
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, state, number in BY_STATE.rows(seen.organisations, seen.units, ids):
        counted[pk][state] = number
    told: dict[int, dict[str, int]] = defaultdict(dict)
    for row in TOLD.rows(ids):
        told[row.inspection_id][row.key] = row.value
    return [_standing(one, counted[one.pk], told[one.pk]) for one in shown]


def _newest(organisations: tuple[int, ...], units: tuple[int, ...]) -> QuerySet[Inspection]:
    seen = Reach(None, date.min, organisations, units)
    rows = Inspection.objects.filter(seen.holding("inspection"), withdrawn__in=LIVE)
    return rows.only("title", "mode", "feedback_on").order_by("-feedback_on", "-pk")[:MOST_INSPECTIONS]


def _by_state(
    organisations: tuple[int, ...], units: tuple[int, ...], inspections: tuple[int, ...]
) -> QuerySet[Any, tuple[int, str, int]]:
    seen = Reach(None, date.min, organisations, units)
    rows = Task.objects.filter(seen.below(), withdrawn__in=LIVE, inspection__in=inspections).order_by()
    return rows.values_list("inspection_id", "state").annotate(number=Count("pk"))


NEWEST = Question(_newest)
BY_STATE = Question(_by_state)
TOLD = Question(lambda inspections: Declared.objects.filter(inspection__in=inspections, withdrawn=False))


def _standing(inspection: Inspection, counted: Mapping[str, int], told: Mapping[str, int]) -> Standing:
    order = ("completed", "basically_completed", "in_progress", "long_term", "not_completed")
    if inspection.mode == "archive":
        shares = tuple((key, told[key]) for key in order if told.get(key))
    else:
        shares = tuple((state, counted[state]) for state in STATES if counted.get(state))
    return Standing(inspection, shares, sum(number for _, number in shares))
