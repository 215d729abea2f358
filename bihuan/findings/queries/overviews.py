"""Plans and workbooks across inspections: how each plan stands, which periods are out and who is missing.

Each page costs the same number of queries, however many inspections there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from bihuan.core import plans as core
from bihuan.core.plan_rules import ASKED
from bihuan.findings.models import Inspection, Plan, Workbook
from bihuan.findings.queries.plans import changes_seen, opinions_in_sight
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.findings.queries.workbooks import workbooks_seen
from bihuan.orgs.models import User

#: The states by which plans are narrowed; `none` is an inspection without one.
NONE = "none"
STATES = (NONE, *core.OPEN, core.APPROVED)
#: How workbooks are narrowed: not all are back, and the day has passed as well.
OUT, LATE = "out", "late"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the plan of an inspection stands: opinions and those unanswered, changes that wait for a decision."""

    inspection: Inspection
    plan: Plan | None
    opinions: int
    unanswered: int
    asked: int


@dataclass(frozen=True, slots=True)
class Round:
    """A period of an inspection: how many workbooks are out, how many are back, and whose are missing."""

    inspection: Inspection
    period: str
    due_on: date | None
    given: int
    returned: int
    missing: tuple[Workbook, ...]


def planned_inspections(seen: Reach, *, state: str = "") -> QuerySet[Inspection]:
    """Return the live inspections in sight, each with the number of the plan that holds or is being made."""
    newest = Plan.objects.filter(inspection=OuterRef("pk"), state__in=(*core.OPEN, core.APPROVED))
    newest = newest.order_by("-version")
    rows = Inspection.objects.filter(seen.holding("inspection"), mode="live", withdrawn__in=LIVE)
    rows = rows.select_related("organisation").annotate(
        plan_id=Subquery(newest.values("pk")[:1]), plan_state=Subquery(newest.values("state")[:1])
    )
    if state == NONE:
        rows = rows.filter(plan_id=None)
    elif state:
        rows = rows.filter(plan_state=state)
    return rows.order_by("-feedback_on", "-pk")


def plan_standings(rows: Iterable[Any], seen: Reach) -> list[Standing]:
    """Return how the plans of a page of `planned_inspections` stand. Three queries."""
    shown = list(rows)
    plans = Plan.objects.filter(pk__in=[row.plan_id for row in shown if row.plan_id]).defer("content")
    known = {plan.pk: plan for plan in plans.select_related("approved_by")}
    ids = [row.pk for row in shown]
    given = opinions_in_sight(seen).filter(plan__inspection__in=ids, withdrawn__in=LIVE).order_by()
    opinions = {
        row["inspection"]: row
        for row in given.values(inspection=F("plan__inspection_id")).annotate(
            all=Count("pk"), open=Count("pk", filter=Q(answer=""))
        )
    }
    asked = changes_seen(seen).filter(inspection__in=ids, state=ASKED).order_by()
    waiting = dict(asked.values_list("inspection_id").annotate(n=Count("pk")))
    none: Mapping[str, int] = {"all": 0, "open": 0}
    return [
        Standing(
            row, known.get(row.plan_id),
            opinions.get(row.pk, none)["all"], opinions.get(row.pk, none)["open"], waiting.get(row.pk, 0),
        )
        for row in shown
    ]  # fmt: skip


def periods_seen(user: User, today: date, *, show: str = "") -> QuerySet[Workbook, Any]:
    """Return inspection and period of the workbooks in sight with how many are out and back, the newest first."""
    rows = workbooks_seen(user, today).filter(withdrawn__in=LIVE, inspection__withdrawn__in=LIVE).order_by()
    found = rows.values("inspection", "period").annotate(
        due=Min("due_on"), given=Count("pk"), returned=Count("returned_on"), newest=Max("pk")
    )
    if show in (OUT, LATE):
        found = found.filter(returned__lt=F("given"))
    if show == LATE:
        found = found.filter(due__lt=today)
    return found.order_by("-newest")


def rounds_of(rows: Iterable[Mapping[str, Any]], user: User, today: date) -> list[Round]:
    """Return a page of `periods_seen` with the inspections and what is missing. Two queries."""
    shown = list(rows)
    ids = {row["inspection"] for row in shown}
    inspections = Inspection.objects.select_related("organisation").in_bulk(ids)
    missing: dict[tuple[int, str], list[Workbook]] = defaultdict(list)
    out = workbooks_seen(user, today).filter(inspection__in=ids, withdrawn__in=LIVE, returned_on=None)
    for book in out.defer("base").order_by("unit__position", "unit_id"):
        missing[book.inspection_id, book.period].append(book)
    return [
        Round(
            inspections[row["inspection"]], row["period"], row["due"], row["given"], row["returned"],
            tuple(missing[row["inspection"], row["period"]]),
        )
        for row in shown
    ]  # fmt: skip


def inspections_linked(ids: Collection[int], seen: Reach) -> frozenset[int]:
    """Return which of these inspections have a page for this person. One query."""
    rows = Inspection.objects.filter(seen.holding("inspection"), pk__in=set(ids))
    return frozenset(rows.values_list("pk", flat=True))
