"""The tree of an inspection: findings › problems › tasks, states following from below, in four queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from bihuan.core.findings import BASIC, LONG_TERM, derived
from bihuan.findings.models import Finding, Inspection, JointUnit, Problem, Step, Task
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.findings.queries.tally import IN_SUM, late
from bihuan.web.prepared import Question

ALL_OPEN = 40
MOST_TASKS = 120
BRANCH_VALUES = ("pk", "problem_id", "number", "title", "unit__name", "due_on", "state")
PROBLEM_TASK_VALUES = (
    "pk", "number", "title", "unit__name", "leader", "category", "first_due_on", "due_on", "state",
)  # fmt: skip

Row = dict[str, Any]

#: Joint units of a task, with their names; its steps in order.
JOINT_UNITS = Question(
    lambda task: JointUnit.objects.filter(task=task).order_by("pk").values_list("unit_id", "unit__name")
)
STEPS = Question(lambda task: Step.objects.filter(task=task, withdrawn=False).order_by("position", "pk"))


@dataclass(frozen=True, slots=True)
class Branch:
    """One finding with what hangs below; `problems` is empty while its rows are not on this page."""

    finding: Row
    counts: tuple[tuple[str, int], ...]
    problems: Sequence[Row]
    problem_count: int
    task_count: int
    late: int
    is_open: bool


def tree(
    inspection: Inspection, seen: Reach, *, open_finding: int | None = None, whole: bool = False
) -> list[Branch]:
    """Return the branches of an inspection. Four queries.

    Above MOST_TASKS only the finding that was asked for shows its rows, so that the page stays small;
    above ALL_OPEN
    findings are folded, except where something is late. `whole` (print) shows and opens all.
    """
    findings: list[Row] = list(
        inspection.findings.filter(seen.holding("problem__finding"), withdrawn__in=LIVE)
        .order_by("position", "pk")
        .values(*("pk", "number", "title"))
    )
    problems: list[Row] = list(
        Problem.objects.filter(seen.holding("problem"), inspection=inspection, withdrawn__in=LIVE)
        .order_by("position", "pk")
        .values(*("pk", "finding_id", "number", "title", "declared_state"))
    )
    counts = _counts(inspection, seen)
    total = sum(count for groups in counts.values() for _state, count, _late in groups)
    shown = {row["pk"] for row in findings} if whole or total <= MOST_TASKS else {open_finding or 0}
    tasks = _tasks(inspection, seen, findings=shown)
    below: dict[int, list[Row]] = {}
    for problem in problems:
        problem["state"] = derived([state for state, _count, _late in counts.get(problem["pk"], ())])
        problem["bare"] = problem["pk"] not in counts
        problem["tasks"] = tasks.get(problem["pk"], [])
        below.setdefault(problem["finding_id"], []).append(problem)
    opened = whole or total + len(problems) <= ALL_OPEN
    return [
        _branch(
            row,
            below.get(row["pk"], []),
            counts,
            shown=row["pk"] in shown,
            opened=opened or row["pk"] == open_finding,
        )
        for row in findings
    ]


def _branch(
    finding: Row,
    problems: list[Row],
    counts: Mapping[int, list[tuple[str, int, int]]],
    *,
    shown: bool,
    opened: bool,
) -> Branch:
    sums: dict[str, int] = {}
    overdue = 0
    for problem in problems:
        for state, count, late_ones in counts.get(problem["pk"], ()):
            sums[state] = sums.get(state, 0) + count
            overdue += late_ones
    return Branch(
        finding,
        tuple((state, sums[state]) for state in IN_SUM if state in sums),
        problems if shown else (),
        len(problems),
        sum(sums.values()),
        overdue,
        is_open=shown and (opened or overdue > 0),
    )


def _counts(inspection: Inspection, seen: Reach) -> dict[int, list[tuple[str, int, int]]]:
    rows = (
        Task.objects.filter(seen.below(), inspection=inspection, withdrawn__in=LIVE)
        .order_by()
        .values_list("problem_id", "state")
        .annotate(count=Count("pk"), late=Count("pk", filter=late(seen.today)))
    )
    counts: dict[int, list[tuple[str, int, int]]] = {}
    for problem, state, count, overdue in rows:
        counts.setdefault(problem, []).append((state, count, overdue))
    return counts


def _tasks(inspection: Inspection, seen: Reach, *, findings: set[Any]) -> dict[int, list[Row]]:
    rows = Task.objects.filter(
        seen.below(), inspection=inspection, problem__finding__in=findings, withdrawn__in=LIVE
    )
    below: dict[int, list[Row]] = {}
    for row in rows.order_by("position", "pk").values(*BRANCH_VALUES):
        below.setdefault(row["problem_id"], []).append(row)
    return below


def finding_problems(finding: Finding, seen: Reach) -> list[int]:
    """Return the ids of the problems of a finding in sight, in order. One query."""
    rows = finding.problems.filter(seen.holding("problem"), withdrawn__in=LIVE)
    return list(rows.order_by("position", "pk").values_list("pk", flat=True))


def problem_tasks(problem: Problem, seen: Reach) -> list[Row]:
    """Return the tasks of a problem in sight, in order. One query."""
    rows = Task.objects.filter(seen.below(), problem=problem, withdrawn__in=LIVE).order_by("position", "pk")
    return list(rows.values(*PROBLEM_TASK_VALUES))


def is_late(row: Mapping[str, Any], today: date) -> bool:
    """Tell whether a task's row is open past its due day."""
    return (
        row["due_on"] is not None and row["due_on"] < today and row["state"] in ("todo", "doing", "waiting")
    )


def lapsed_since(row: Mapping[str, Any], today: date) -> date | None:
    """Return the agreed day that an ended task's row has let pass: of its review, or of what was left; None: none."""
    agreed: date | None = {LONG_TERM: row["review_on"], BASIC: row["left_until"]}.get(row["state"])
    return agreed if agreed is not None and agreed < today else None
