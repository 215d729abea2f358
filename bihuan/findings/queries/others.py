"""The lists beside tasks and problems: responsibilities (who answers for what), institutions, inspections."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import Count, Q, QuerySet

from bihuan.core.findings import END_STATES, OPEN_STATES
from bihuan.core.lists import Wish
from bihuan.findings.models import Inspection, Institution, Problem, Task
from bihuan.findings.queries.doors import institutions_seen
from bihuan.findings.queries.lists import ListPage, Row, counted, ordering, placed, subtree, tasks_wanted
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.findings.queries.tally import late, tallies
from bihuan.orgs.models import Unit
from bihuan.search.queries import found

INSTITUTION_SORTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("title", "id"),
        "document_number": ("document_number", "id"),
        "issued": ("issued_on", "id"),
        "unit": ("unit_id", "id"),
    }
)
INSTITUTION_VALUES = (
    "pk", "title", "document_number", "issued_on", "unit_id", "unit__name", "problem_id", "problem__number",
    "inspection_id", "inspection__title",
)  # fmt: skip
INSPECTION_VALUES = (
    "pk", "title", "kind__name", "kind__name_en", "organisation__name", "feedback_on", "mode",
)  # fmt: skip
INSPECTION_SORTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"title": ("title", "id"), "feedback": ("feedback_on", "id")}
)


def responsibility_page(seen: Reach, wish: Wish) -> ListPage:
    """Return who answers for what: one row a unit and leader, its tasks counted by state. Three queries.

    The column of the problems' numbers costs one query more, over all tasks.
    """
    wanted = _tasks_of(seen, wish)
    groups: dict[tuple[int | None, str], Row] = {}
    late_ones = Count("pk", filter=late(seen.today))
    counts = wanted.values_list("unit_id", "leader", "state").annotate(n=Count("pk"), late=late_ones)
    for unit, leader, state, count, overdue in counts:
        row = groups.setdefault((unit, leader), _no_tasks(unit, leader))
        row["tasks"] += count
        row["overdue"] += overdue
        row["open" if state in OPEN_STATES else state] += count
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={unit for unit, _ in groups if unit})}
    for row in groups.values():
        unit = units.get(row["unit_id"])
        row["unit__name"], row["place"] = (unit.name, (unit.position, unit.pk)) if unit else ("", (2**31, 0))
    rows = sorted(groups.values(), key=lambda row: (row["place"], row["leader"]))
    start = (wish.page - 1) * wish.size
    shown = rows[start : start + wish.size]
    _count_problems(wanted, groups, shown)
    if "numbers" in wish.columns:
        _name_problems(wanted, groups)
    return ListPage(wish, len(rows), shown)


def institution_page(seen: Reach, wish: Wish) -> ListPage:
    """Return one page of institutions. Three queries."""
    total, ids = counted(institutions_wanted(seen, wish), wish)
    return ListPage(wish, total, institution_rows(ids))


def institutions_wanted(seen: Reach, wish: Wish) -> QuerySet[Institution]:
    """Return the institutions in sight that the wish narrows to, in its order."""
    rows = Institution.objects.filter(institutions_seen(seen), withdrawn__in=LIVE)
    for key, value in wish.filters.items():
        if key == "inspection":
            rows = rows.filter(inspection_id=int(value))
        elif key == "unit":
            rows = rows.filter(Q(unit=None) if value == "none" else Q(unit_id__in=subtree(int(value))))
        elif key == "text":
            rows = rows.filter(
                pk__in=found(value, visible=Q(kind="institution")).order_by().values("object_id")
            )
    return rows.order_by(*ordering(INSTITUTION_SORTS[wish.sort_key], descending=wish.descending))


def institution_rows(ids: list[int]) -> list[Row]:
    """Return the rows of these institutions in this order."""
    return placed(Institution.objects.filter(pk__in=ids).order_by().values(*INSTITUTION_VALUES), ids)


def inspection_page(seen: Reach, wish: Wish) -> ListPage:
    """Return one page of inspections with what is registered under each. Five queries."""
    rows = Inspection.objects.filter(seen.holding("inspection"), withdrawn__in=LIVE)
    for key, value in wish.filters.items():
        if key == "text":
            rows = rows.filter(
                pk__in=found(value, visible=Q(kind="inspection")).order_by().values("object_id")
            )
        else:
            rows = rows.filter(**{{"kind": "kind_id", "mode": "mode"}[key]: value})
    rows = rows.order_by(*ordering(INSPECTION_SORTS[wish.sort_key], descending=wish.descending))
    total, ids = counted(rows, wish)
    shown = Inspection.objects.filter(pk__in=ids).order_by().values(*INSPECTION_VALUES)
    tasks = tallies(ids, seen)
    problems = dict(
        Problem.objects.filter(seen.holding("problem"), inspection__in=ids, withdrawn__in=LIVE)
        .order_by()
        .values_list("inspection_id")
        .annotate(n=Count("pk"))
    )
    placed_rows = placed(shown, ids)
    for row in placed_rows:
        own = tasks.get(row["pk"], {})
        row["problems"] = problems.get(row["pk"], 0)
        row["tasks"] = sum(count for state, count in own.items() if state != "overdue")
        row["ended"] = sum(own.get(state, 0) for state in END_STATES)
        row["overdue"] = own.get("overdue", 0)
    return ListPage(wish, total, placed_rows)


def _tasks_of(seen: Reach, wish: Wish) -> QuerySet[Task]:
    return tasks_wanted(seen, _as_tasks(wish)).order_by()


def _as_tasks(wish: Wish) -> Wish:
    return Wish(wish.listing, wish.filters, "number", ())


def _no_tasks(unit: int | None, leader: str) -> Row:
    counts = ("problems", "tasks", "overdue", "open", "not_completed", *END_STATES)
    return {
        "pk": f"{unit or 0}-{leader}",
        "unit_id": unit,
        "leader": leader,
        "numbers": "",
        **dict.fromkeys(counts, 0),
    }


def _count_problems(
    wanted: QuerySet[Task], groups: dict[tuple[int | None, str], Row], shown: list[Row]
) -> None:
    units = {row["unit_id"] for row in shown if row["unit_id"]}
    own = wanted.filter(Q(unit_id__in=units) | Q(unit=None))
    for unit, leader, count in own.values_list("unit_id", "leader").annotate(
        n=Count("problem_id", distinct=True)
    ):
        groups[unit, leader]["problems"] = count


def _name_problems(wanted: QuerySet[Task], groups: dict[tuple[int | None, str], Row]) -> None:
    named: dict[tuple[int | None, str], dict[str, None]] = {}
    for unit, leader, number in wanted.order_by("problem__position", "problem_id").values_list(
        "unit_id", "leader", "problem__number"
    ):
        named.setdefault((unit, leader), {})[number] = None
    for key, numbers in named.items():
        groups[key]["numbers"] = "、".join(numbers)
