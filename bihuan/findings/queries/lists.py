"""The task and problem lists: wish ─filter, order→ the ids of one page, from an index ─→ their rows.

A list counts and pages over ids only; the rows themselves are read for the page that is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Exists, F, Max, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy

from bihuan.core.findings import BASIC, COMPLETED, DOING, END_STATES, LONG_TERM, OPEN_STATES, TODO, derived
from bihuan.core.lists import Wish, due_range
from bihuan.findings.models import Problem, Task, TaskState
from bihuan.findings.queries import desk
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.orgs.models import UnitLink
from bihuan.search.queries import found

Row = dict[str, Any]

TASK_SORTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "number": ("inspection_id", "position", "id"),
        "title": ("title", "id"),
        "unit": ("unit_id", "leader", "state", "due_on", "id"),
        "leader": ("leader", "id"),
        "category": ("category", "due_on", "id"),
        "first_due_on": ("first_due_on", "id"),
        "due_on": ("due_on", "id"),
        "state": ("state", "due_on", "id"),
    }
)
PROBLEM_SORTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"number": ("inspection_id", "position", "id"), "title": ("title", "id")}
)
TASK_VALUES = (
    "pk", "number", "title", "leader", "category", "first_due_on", "due_on", "extended", "state",
    "review_on", "left_until", "revision", "problem_id", "unit_id", "unit__name",
)  # fmt: skip
PROBLEM_VALUES = (
    "pk", "number", "title", "declared_state", "finding_id", "finding__number", "finding__title",
    "inspection__title", "inspection__mode",
)  # fmt: skip
MORE_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "problem": ("problem__number",),
        "problem_title": ("problem__title",),
        "inspection": ("inspection__title",),
        "measures": ("measures",),
        "expected": ("expected",),
        "remark": ("remark",),
    }
)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list: its rows in order, and how many there are in all."""

    wish: Wish
    total: int
    rows: Sequence[Row]

    @property
    def first(self) -> int:
        """Return the number of the first row shown, 0 when there is none."""
        return (self.wish.page - 1) * self.wish.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def count(self) -> int:
        """Return the number of pages."""
        return max(1, -(-self.total // self.wish.size))


def tasks_wanted(seen: Reach, wish: Wish) -> QuerySet[Task]:
    """Return the tasks in sight that the wish narrows to, in its order. One query for a unit's subtree."""
    rows = Task.objects.filter(seen.tasks(), withdrawn__in=LIVE)
    rows = rows.filter(task_filter(seen, wish))
    in_order = TASK_SORTS[wish.sort_key]
    if wish.sort_key == "number" and "inspection" in wish.filters:
        in_order = in_order[1:]
    return rows.order_by(*ordering(in_order, descending=wish.descending))


def task_filter(seen: Reach, wish: Wish) -> Q:
    """Return the predicate of a wish's filters on tasks."""
    wanted = Q()
    for key, value in wish.filters.items():
        if key in ("inspection", "problem"):
            wanted &= Q(**{f"{key}_id": int(value)})
        elif key == "unit":
            wanted &= Q(unit=None) if value == "none" else Q(unit_id__in=subtree(int(value)))
        elif key == "own_unit":
            wanted &= Q(unit=None if value == "none" else int(value))
        elif key in ("leader", "category"):
            wanted &= Q(**{key: "" if value == "none" else value})
        elif key == "stage":
            wanted &= desk.staged(value)
        elif key == "waiting":
            wanted &= desk.waiting(value, seen.user_id, seen.today)
        elif key == "due":
            wanted &= due_filter(value, seen.today)
        elif key == "text":
            wanted &= Q(pk__in=found(value, visible=Q(kind="task")).order_by().values("object_id"))
    return wanted & _state_filter(wish)


def task_page(seen: Reach, wish: Wish) -> ListPage:
    """Return one page of the task list. Three queries, four with a unit or an as-of date."""
    wanted = tasks_wanted(seen, wish)
    total, ids = counted(wanted, wish)
    rows = list(Task.objects.filter(pk__in=ids).order_by().values(*task_values(wish.columns)))
    if (as_of := wish.filters.get("as_of")) is not None:
        held = dict(states_on(date.fromisoformat(as_of)).filter(task__in=ids).values_list("task_id", "state"))
        for row in rows:
            row["state"] = held.get(row["pk"], row["state"])
            row["review_on"] = row["left_until"] = None  # as they are now, which says nothing of that day
    return ListPage(wish, total, placed(rows, ids))


def task_values(columns: Iterable[str]) -> list[str]:
    """Return the fields that the chosen columns need."""
    return [*TASK_VALUES, *(value for key in columns for value in MORE_VALUES.get(key, ()))]


def problems_wanted(seen: Reach, wish: Wish) -> QuerySet[Problem]:
    """Return the problems in sight that the wish narrows to, in its order. One query for a unit's subtree."""
    rows = Problem.objects.filter(seen.holding("problem"), withdrawn__in=LIVE)
    own = Q()
    for key, value in wish.filters.items():
        if key in ("inspection", "finding"):
            rows = rows.filter(**{f"{key}_id": int(value)})
        elif key == "unit":
            own &= Q(unit=None) if value == "none" else Q(unit_id__in=subtree(int(value)))
        elif key == "own_unit":
            own &= Q(unit=None if value == "none" else int(value))
        elif key == "leader":
            own &= Q(leader="" if value == "none" else value)
        elif key == "state":
            rows = rows.filter(_derived_filter(seen, value))
        elif key == "text":
            rows = rows.filter(pk__in=found(value, visible=Q(kind="problem")).order_by().values("object_id"))
    if own:
        holding = Task.objects.filter(seen.below(), own, withdrawn__in=LIVE)
        rows = rows.filter(pk__in=holding.order_by().values("problem_id"))
    return rows.order_by(*ordering(PROBLEM_SORTS[wish.sort_key], descending=wish.descending))


def problem_page(seen: Reach, wish: Wish) -> ListPage:
    """Return one page of the problem list with the state that follows from the tasks. Four queries."""
    total, ids = counted(problems_wanted(seen, wish), wish)
    return ListPage(wish, total, problem_rows(seen, ids, wish.columns))


def problem_rows(seen: Reach, ids: Sequence[int], columns: Iterable[str]) -> list[Row]:
    """Return these problems in this order, each with its units, task count, last due day and state."""
    more = [key for key in ("text", "response", "revision") if key in columns]
    found_rows: list[Row] = list(Problem.objects.filter(pk__in=ids).order_by().values(*PROBLEM_VALUES, *more))
    below: Iterable[Row] = (
        Task.objects.filter(seen.below(), problem__in=ids, withdrawn__in=LIVE)
        .order_by()
        .values(*("problem_id", "state", "unit__name"))
        .annotate(count=Count("pk"), last=Max("due_on"))
    )
    grouped: dict[int, list[Row]] = {}
    for group in below:
        grouped.setdefault(group["problem_id"], []).append(group)
    for row in found_rows:
        groups = grouped.get(row["pk"], [])
        row["tasks"] = sum(group["count"] for group in groups)
        row["units"] = list(dict.fromkeys(group["unit__name"] for group in groups if group["unit__name"]))
        row["last_due"] = max((group["last"] for group in groups if group["last"]), default=None)
        row["state"] = derived([group["state"] for group in groups]) if groups else ""
    return placed(found_rows, ids)


def counted(wanted: QuerySet[Any], wish: Wish) -> tuple[int, list[int]]:
    """Return how many rows there are and the ids of the page. Two queries."""
    total = wanted.order_by().count()
    start = (wish.page - 1) * wish.size
    return total, list(wanted.values_list("pk", flat=True)[start : start + wish.size])


def placed(rows: Iterable[Row], ids: Sequence[int]) -> list[Row]:
    """Return the rows in the order of `ids`."""
    by_id = {row["pk"]: row for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


def ordering(fields: Iterable[str], *, descending: bool) -> list[OrderBy]:
    """Return the order by these fields, empty dates last in both directions and on both databases."""
    return [
        F(field).desc(nulls_last=_nullable(field))
        if descending
        else F(field).asc(nulls_last=_nullable(field))
        for field in fields
    ]


def subtree(unit_id: int) -> list[int]:
    """Return the unit and all below it. One query."""
    return list(UnitLink.objects.filter(ancestor_id=unit_id).values_list("descendant_id", flat=True))


def due_filter(word: str, today: date) -> Q:
    """Return the predicate of a due word; only open tasks can be overdue."""
    if word == "none":
        return Q(due_on=None)
    first, last = due_range(word, today)
    within = Q(due_on__lte=last)
    if first is not None:
        return within & Q(due_on__gte=first)
    return within & Q(state__in=OPEN_STATES)


def states_on(as_of: date) -> QuerySet[TaskState]:
    """Return the states that held at the end of `as_of`, as known now."""
    until = Q(effective_until=None) | Q(effective_until__gt=as_of)
    return TaskState.objects.filter(until, effective_on__lte=as_of, superseded_at=None)


def states_meant(value: str) -> tuple[str, ...]:
    """Return the states that a filter's value names; ``open`` stands for all that have not ended."""
    return tuple(state for word in value.split(",") for state in (OPEN_STATES if word == "open" else (word,)))


def _state_filter(wish: Wish) -> Q:
    state, as_of = wish.filters.get("state"), wish.filters.get("as_of")
    if as_of is not None:
        held: QuerySet[Model] = states_on(date.fromisoformat(as_of)).filter(task=OuterRef("pk"))
        return Q(Exists(held.filter(state__in=states_meant(state)) if state else held))
    if state is None:
        return Q()
    meant = states_meant(state)
    return Q(state=meant[0]) if len(meant) == 1 else Q(state__in=meant)


def _tasks_below(seen: Reach) -> QuerySet[Task]:
    return Task.objects.filter(seen.below(), problem=OuterRef("pk"), withdrawn__in=LIVE)


def _derived_filter(seen: Reach, value: str) -> Q:
    """Return the predicate of problems whose state follows as `value` says.

    The SQL form of core.findings.derived.
    """
    below = _tasks_below(seen)
    begun = Exists(below.exclude(state=TODO))
    ended = Q(Exists(below)) & ~Q(Exists(below.exclude(state__in=END_STATES)))
    forms = {
        TODO: ~Q(begun),
        DOING: Q(begun) & Q(Exists(below.exclude(state__in=END_STATES))),
        LONG_TERM: ended & Q(Exists(below.filter(state=LONG_TERM))),
        BASIC: ended & Q(Exists(below.filter(state=BASIC))) & ~Q(Exists(below.filter(state=LONG_TERM))),
        COMPLETED: ended & ~Q(Exists(below.filter(state__in=(BASIC, LONG_TERM)))),
    }
    wanted = Q(pk__in=[])
    for state in states_meant(value):
        wanted |= forms.get(state, Q(pk__in=[]))
    return wanted


def _nullable(field: str) -> bool | None:
    return True if field in ("due_on", "first_due_on", "unit_id") else None
