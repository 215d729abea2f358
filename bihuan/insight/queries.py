"""What a person sees first: what waits, what is due, and how each inspection stands. A constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from bihuan.core.findings import OPEN_STATES, STATES
from bihuan.documents.models import Draft
from bihuan.findings.models import Declared, Inspection, Task
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.orgs.queries import Sight

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
    today = seen.today
    row = open_tasks(seen).aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        this_week=Count("pk", filter=Q(due_on__gte=today, due_on__lte=week_end(today))),
        no_date=Count("pk", filter=Q(due_on=None)),
    )
    return Counts(**row, drafts=drafts(sight).count())


def drafts(sight: Sight) -> QuerySet[Draft]:
    """Return the open drafts of organisations in which the person holds the office, newest first."""
    rows = Draft.objects.filter(state="open", organisation__in=sight.writable).select_related("document")
    return rows.defer("tree", "lines").order_by("-changed_at")


def due(seen: Reach) -> Sequence[Task]:
    """Return the tasks overdue or due within this week, the oldest first. One query a state, each from its index."""
    rows = Task.objects.filter(seen.tasks(), withdrawn__in=LIVE, due_on__lte=week_end(seen.today))
    rows = (
        rows.select_related("unit")
        .only("number", "title", "leader", "due_on", "state", "problem_id", "inspection_id", "unit__name")
        .order_by("due_on", "pk")
    )
    found = [task for state in OPEN_STATES for task in rows.filter(state=state)[:MOST_TASKS]]
    return sorted(found, key=lambda task: (task.due_on, task.pk))[:MOST_TASKS]


def standings(seen: Reach) -> list[Standing]:
    """Return how the newest inspections in sight stand. Three queries."""
    rows = Inspection.objects.filter(seen.holding("inspection"), withdrawn__in=LIVE)
    shown = list(rows.only("title", "mode", "feedback_on").order_by("-feedback_on", "-pk")[:MOST_INSPECTIONS])
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, state, number in (
        Task.objects.filter(seen.below(), withdrawn__in=LIVE, inspection__in=[one.pk for one in shown])
        .order_by()
        .values_list("inspection_id", "state")
        .annotate(number=Count("pk"))
    ):
        counted[pk][state] = number
    told: dict[int, dict[str, int]] = defaultdict(dict)
    for row in Declared.objects.filter(inspection__in=shown, withdrawn=False):
        told[row.inspection_id][row.key] = row.value
    return [_standing(one, counted[one.pk], told[one.pk]) for one in shown]


def _standing(inspection: Inspection, counted: Mapping[str, int], told: Mapping[str, int]) -> Standing:
    order = ("completed", "basically_completed", "in_progress", "long_term", "not_completed")
    if inspection.mode == "archive":
        shares = tuple((key, told[key]) for key in order if told.get(key))
    else:
        shares = tuple((state, counted[state]) for state in STATES if counted.get(state))
    return Standing(inspection, shares, sum(number for _, number in shares))
