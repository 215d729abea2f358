"""What a person sees first: what waits, what is due, and how each inspection stands. A constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from bihuan.core.findings import OPEN_STATES, STATES
from bihuan.documents.models import Draft
from bihuan.findings.models import Declared, Inspection, Task
from bihuan.orgs.queries import Sight

MOST_INSPECTIONS = 20
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


def seen_tasks(sight: Sight) -> QuerySet[Task]:
    """Return the tasks of live inspections in sight that are still to be done."""
    return Task.objects.filter(
        sight.q("organisation", unit="unit"), withdrawn=False, state__in=OPEN_STATES, inspection__mode="live"
    )


def week_end(today: date) -> date:
    """Return the Sunday of the week of `today`."""
    return today + timedelta(days=6 - today.weekday())


def counts(sight: Sight, today: date) -> Counts:
    """Count what is open, overdue, due this week or without a date, and the drafts to resume. Two queries."""
    row = seen_tasks(sight).aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        this_week=Count("pk", filter=Q(due_on__gte=today, due_on__lte=week_end(today))),
        no_date=Count("pk", filter=Q(due_on=None)),
    )
    return Counts(**row, drafts=drafts(sight).count())


def drafts(sight: Sight) -> QuerySet[Draft]:
    """Return the open drafts of organisations in which the person holds the office, newest first."""
    rows = Draft.objects.filter(state="open", organisation__in=sight.writable).select_related("document")
    return rows.defer("tree").order_by("-changed_at")


def due(sight: Sight, today: date) -> Sequence[Task]:
    """Return the tasks overdue or due within this week, the oldest first."""
    rows = seen_tasks(sight).filter(due_on__lte=week_end(today)).select_related("unit", "problem")
    return list(rows.order_by("due_on", "pk")[:MOST_TASKS])


def standings(sight: Sight) -> list[Standing]:
    """Return how the newest inspections in sight stand. Three queries."""
    shown = list(
        Inspection.objects.filter(
            sight.q("organisation")
            | Q(pk__in=Task.objects.filter(sight.q(unit="unit")).values("inspection_id")),
            withdrawn=False,
        )
        .select_related("kind")
        .order_by("-feedback_on", "-pk")[:MOST_INSPECTIONS]
    )
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, state, number in (
        Task.objects.filter(sight.q("organisation", unit="unit"), withdrawn=False, inspection__in=shown)
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
