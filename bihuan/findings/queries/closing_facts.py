"""The facts of closure: ids of tasks, problems and inspections ─five questions→ everything that a case is made of.

The text of each question is made once (docs/adr/0020). Pairs of numbers from eight tables come as one answer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import CharField, F, Model, Q, QuerySet, Value

from bihuan.core.closure import Proof
from bihuan.findings.models import (
    Blocker,
    Closure,
    Evidence,
    EvidenceNeed,
    JointUnit,
    LookAround,
    Milestone,
    Plan,
    PlanChange,
    ProgressReport,
    Recipient,
    Recusal,
    Task,
)
from bihuan.findings.queries.sight import LIVE
from bihuan.web.prepared import Question

Pair = tuple[str, int, int]
Pairs = QuerySet[Model, Pair]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of some tasks, besides the tasks themselves; each by the id of the task, problem or inspection."""

    last: dict[int, Closure]
    proofs: dict[int, Proof]
    joint: dict[int, frozenset[int]]
    recused: dict[int, frozenset[int]]
    worked: dict[int, frozenset[int]]
    blocked: Collection[int]
    asked: Collection[int]
    approved: Collection[int]


def facts_of(tasks: Sequence[Task], *, meeting: str, locked: bool) -> Facts:
    """Return what closure asks of these tasks. Five questions, however many."""
    ids = tuple(task.pk for task in tasks)
    problems = tuple({task.problem_id for task in tasks})
    inspections = tuple({task.inspection_id for task in tasks})
    last = (LAST_HELD if locked else LAST).rows(ids)
    pairs: dict[str, defaultdict[int, set[int]]] = {kind: defaultdict(set) for kind in KINDS}
    for kind, one, other in PAIRS.rows(ids, problems, inspections, meeting):
        pairs[kind][one].add(other)
    pieces = EVIDENCE.rows(ids)
    for task, _need, _proves, _not_kept, _current, by in pieces:
        if by is not None:
            pairs["worked"][task].add(by)
    return Facts(
        last={row.task_id: row for row in last},
        proofs=_proofs(tasks, pieces, stones=pairs["stone"], looked=pairs["looked"]),
        joint=_frozen(ids, pairs["joint"]),
        recused=_frozen(ids, pairs["recused"]),
        worked=_frozen(ids, pairs["worked"]),
        blocked=pairs["blocked"].keys(),
        asked=pairs["asked"].keys(),
        approved=pairs["approved"].keys(),
    )


def _frozen(ids: Iterable[int], pairs: defaultdict[int, set[int]]) -> dict[int, frozenset[int]]:
    return {task: frozenset(pairs[task]) for task in ids}


Piece = tuple[int, int | None, str, bool, bool, int | None]


def _proofs(
    tasks: Sequence[Task],
    pieces: Iterable[Piece],
    *,
    stones: defaultdict[int, set[int]],
    looked: Collection[int],
) -> dict[int, Proof]:
    ids = tuple(task.pk for task in tasks)
    current = [piece for piece in pieces if piece[4]]
    filled = {need for _task, need, _proves, _not_kept, _current, _by in current}
    results: defaultdict[int, int] = defaultdict(int)
    processes: defaultdict[int, int] = defaultdict(int)
    for task, _need, proves, not_kept, _current, _by in current:
        counted = results if proves == "result" and not not_kept else processes
        counted[task] += 1
    missing: defaultdict[int, list[str]] = defaultdict(list)
    for pk, task, title in NEEDS.rows(ids):
        if pk not in filled:
            missing[task].append(title)
    answers: defaultdict[int, list[bool | None]] = defaultdict(list)
    for task, confirmed in RECIPIENTS.rows(ids):
        answers[task].append(confirmed)
    return {
        task.pk: Proof(
            missing=tuple(missing[task.pk]),
            results=results[task.pk],
            processes=processes[task.pk],
            cause=bool(task.problem.cause.strip()),
            look_around=task.problem_id in looked,
            asked=len(answers[task.pk]),
            confirmed=answers[task.pk].count(True),
            denied=answers[task.pk].count(False),
            milestones=len(stones[task.pk]),
        )
        for task in tasks
    }


def _last(ids: Sequence[int]) -> QuerySet[Closure]:
    return Closure.objects.filter(task__in=ids).order_by("task_id", "number")


def _pairs(ids: Sequence[int], problems: Sequence[int], inspections: Sequence[int], meeting: str) -> Pairs:
    """Return kind, owner and other: of a task its people, units and rows; of a problem and inspection what holds it."""
    recused = Recusal.objects.filter(Q(meeting="") | Q(meeting=meeting), task__in=ids, withdrawn__in=LIVE)
    blockers = Blocker.objects.filter(problem__in=problems, lifted_on=None)
    looked = LookAround.objects.filter(problem__in=problems, withdrawn__in=LIVE)
    plans = Plan.objects.filter(inspection__in=inspections, state="approved")
    reports = ProgressReport.objects.filter(task__in=ids, withdrawn__in=LIVE, by__isnull=False)
    first, *others = (
        _of("joint", JointUnit.objects.filter(task__in=ids), "task_id", "unit_id"),
        _of("recused", recused, "task_id", "person_id"),
        _of("worked", reports, "task_id", "by_id"),
        _of("stone", Milestone.objects.filter(task__in=ids, withdrawn__in=LIVE), "task_id", "pk"),
        _of("asked", PlanChange.objects.filter(task__in=ids, state="asked"), "task_id", "pk"),
        _of("looked", looked, "problem_id", "pk"),
        _of("blocked", blockers, "problem_id", "pk"),
        _of("approved", plans, "inspection_id", "pk"),
    )
    return first.union(*others, all=True)


KINDS = ("joint", "recused", "worked", "stone", "asked", "looked", "blocked", "approved")


def _of(kind: str, rows: QuerySet[Model], one: str, other: str) -> Pairs:
    said = rows.order_by().annotate(pair=Value(kind, output_field=CharField()), one=F(one), other=F(other))
    pairs: Pairs = said.values_list("pair", "one", "other")
    return pairs


LAST = Question(_last)
LAST_HELD = Question(lambda ids: _last(ids).select_for_update())
PAIRS = Question(_pairs)
NEEDS = Question(
    lambda ids: (
        EvidenceNeed.objects.filter(task__in=ids, withdrawn__in=LIVE, optional=False)
        .order_by("pk")
        .values_list("pk", "task_id", "title")
    )
)
EVIDENCE = Question(
    lambda ids: (
        Evidence.objects.filter(task__in=ids, withdrawn__in=LIVE)
        .order_by()
        .values_list("task_id", "need_id", "proves", "not_kept", "current", "by_id")
    )
)
RECIPIENTS = Question(
    lambda ids: (
        Recipient.objects.filter(task__in=ids, withdrawn__in=LIVE, sampled=True)
        .order_by()
        .values_list("task_id", "confirmed")
    )
)
