"""The tally of an inspection as of any day.

TaskState in two times ─count→ 49 = 39 + 7 + 3, beside what was declared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from bihuan.core.findings import STATES
from bihuan.findings.models import Declared, Inspection, Task, TaskState
from bihuan.findings.queries.sight import LIVE, Reach

#: The order of the sum: what is done first.
IN_SUM = ("completed", "basically_completed", "long_term", "doing", "waiting", "todo", "not_completed")


@dataclass(frozen=True, slots=True)
class Tally:
    """What was registered at the end of `as_of`.

    `parts` add up to `tasks` and name only states that occur.
    """

    as_of: date
    tasks: int
    parts: tuple[tuple[str, int], ...]
    findings: int
    problems: int
    institutions: int

    def of(self, state: str) -> int:
        """Return how many tasks were in `state`."""
        return dict(self.parts).get(state, 0)


def tally(inspection: Inspection, seen: Reach, *, as_of: date, known_at: datetime | None = None) -> Tally:
    """Count the tasks of an inspection by the state that held at the end of `as_of`, as known at `known_at` (now).

    Four queries.
    """
    counts = dict(
        held(as_of, known_at)
        .filter(seen.below("task__"), inspection=inspection, task__withdrawn__in=LIVE)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    return Tally(
        as_of,
        sum(counts.values()),
        tuple((state, counts[state]) for state in IN_SUM if counts.get(state)),
        findings=inspection.findings.filter(seen.holding("problem__finding"), withdrawn__in=LIVE).count(),
        problems=inspection.problems.filter(seen.holding("problem"), withdrawn__in=LIVE).count(),
        institutions=inspection.institutions.filter(seen.whole(), withdrawn__in=LIVE).count(),
    )


def held(as_of: date, known_at: datetime | None = None) -> QuerySet[TaskState]:
    """Return the rows of history that held at the end of `as_of`, as known at `known_at` (None.

    As known now).
    """
    rows = TaskState.objects.filter(
        Q(effective_until=None) | Q(effective_until__gt=as_of), effective_on__lte=as_of
    )
    if known_at is None:
        return rows.filter(superseded_at=None)
    return rows.filter(Q(superseded_at=None) | Q(superseded_at__gt=known_at), recorded_at__lte=known_at)


def tallies(inspections: Iterable[int], seen: Reach) -> dict[int, dict[str, int]]:
    """Count the tasks of many inspections by their state now, with ``overdue`` beside. One query."""
    rows = (
        Task.objects.filter(seen.below(), inspection__in=list(inspections), withdrawn__in=LIVE)
        .order_by()
        .values_list("inspection_id", "state")
        .annotate(count=Count("pk"), late=Count("pk", filter=late(seen.today)))
    )
    counts: dict[int, dict[str, int]] = {}
    for inspection, state, count, overdue in rows:
        own = counts.setdefault(inspection, dict.fromkeys((*STATES, "overdue"), 0))
        own[state] += count
        own["overdue"] += overdue
    return counts


def late(today: date) -> Q:
    """Return the predicate of tasks that are open past their due day."""
    return Q(due_on__lt=today, state__in=("todo", "doing", "waiting"))


def declared_for(inspection: Inspection, seen: Reach) -> list[Declared]:
    """Return what documents declare for the inspection; nothing to whoever sees only some of its tasks."""
    rows = Declared.objects.filter(
        seen.whole("inspection__organisation"), inspection=inspection, withdrawn__in=LIVE
    )
    return list(rows.select_related("document").order_by("line", "pk"))


def states_as_of(inspection: Inspection, as_of: date) -> dict[str, int]:
    """Count all tasks of an inspection by the state that held at the end of `as_of`. One query.

    Whoever calls it has let the person through the inspection's door.
    """
    rows = held(as_of).filter(inspection=inspection, task__withdrawn__in=LIVE).order_by()
    return dict(rows.values_list("state").annotate(count=Count("pk")))
