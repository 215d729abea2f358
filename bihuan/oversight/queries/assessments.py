"""Facts for the assessment form: a name ─rows→ the rows of the register behind it; the figure is how many they are.

Every fact is told as of a day; the page of its rows shows what was counted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bihuan.core.findings import END_STATES, OPEN_STATES
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.core.rounds import FAILS, HOLDS, RECHECK
from bihuan.findings.models import (
    Closure,
    ClosureReturn,
    Evidence,
    Inspection,
    Institution,
    LookAround,
    Plan,
    Problem,
    Recipient,
    Reopening,
    Task,
)
from bihuan.findings.queries.sight import LIVE, Reach, reach
from bihuan.findings.queries.tally import held
from bihuan.orgs.models import User
from bihuan.orgs.queries import why_not_acting
from bihuan.oversight.models import Assessment, Dispatch, Meeting, Round, RoundCheck
from bihuan.oversight.queries.rules import rules_of

#: What a person of the leading role may do with it: the superior and the supervision office.
STEP = "sample"
#: Under this name the frozen facts hold from how many untrue ones on the form is vetoed.
VETO = "veto_from"


@dataclass(frozen=True, slots=True)
class Row:
    """One row behind a figure: its words, and the address name and id of its page (empty: it has none)."""

    text: str
    to: str = ""
    pk: int = 0


Query = Callable[[Inspection, date], Iterable[Row]]


def assessments_seen(seen: Reach) -> QuerySet[Assessment]:
    """Return the assessments in sight, newest first."""
    return (
        Assessment.objects.filter(seen.whole())
        .select_related("inspection")
        .order_by("withdrawn", "-as_of", "-pk")
    )


def assessment_for(user: User, pk: int, today: date, *, write: bool = False) -> Assessment:
    """Return an assessment that `user` sees, or with `write` may score.

    :raises NotVisible: when there is none for this person.
    :raises NotAllowed: when it is seen but not this person's to score.
    """
    found = (
        assessments_seen(reach(user, today))
        .select_related("inspection", "organisation")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotVisible("assessment.not-found")
    if write:
        require_scorer(user.pk, found.organisation_id, today)
    return found


def veto_of(row: Assessment) -> tuple[int, str]:
    """Return from how many untrue facts on the form is vetoed, and where that stands: as of the day of the form.

    Two queries; what was frozen with the conclusion goes before.
    """
    rules = rules_of(row.organisation_id, row.as_of)
    kept = (row.facts or {}).get(VETO)
    return rules.number("veto-from") if kept is None else int(kept), rules.source("veto-from")


def require_scorer(user_id: int | None, organisation_id: int, today: date) -> None:
    """Let pass whoever may score in the organisation.

    :raises NotAllowed: with the reason.
    """
    if (reason := why_not_acting(STEP, user_id, organisation_id, today=today)) is not None:
        raise NotAllowed(reason)


def rows(fact: str, inspection: Inspection, as_of: date) -> list[Row]:
    """Return the rows behind a fact at the end of a day.

    :raises NotVisible: for a name that is no fact.
    """
    if fact not in QUERIES:
        raise NotVisible("assessment.not-found")
    return list(QUERIES[fact](inspection, as_of))


def counts(facts: Iterable[str], inspection: Inspection, as_of: date) -> dict[str, int]:
    """Return how many rows are behind each fact. One query a fact, whatever their number."""
    return {fact: len(rows(fact, inspection, as_of)) for fact in dict.fromkeys(facts)}


def _tasks(**filters: Any) -> Query:
    def query(inspection: Inspection, as_of: date) -> Iterable[Row]:
        found = Task.objects.filter(inspection=inspection, withdrawn__in=LIVE, **filters)
        return _task_rows(found.filter(pk__in=held(as_of).filter(inspection=inspection).values("task_id")))

    return query


def _in_states(*states: str, late: bool = False) -> Query:
    def query(inspection: Inspection, as_of: date) -> Iterable[Row]:
        then = held(as_of).filter(inspection=inspection, state__in=states).values("task_id")
        found = Task.objects.filter(pk__in=then, withdrawn__in=LIVE)
        return _task_rows(found.filter(due_on__lt=as_of) if late else found)

    return query


def _task_rows(found: QuerySet[Task]) -> Iterable[Row]:
    values = found.order_by("position", "pk").values_list("pk", "number", "title")
    return [Row(f"{number} {title}", "findings:task", pk) for pk, number, title in values]


def _extended(inspection: Inspection, as_of: date) -> Iterable[Row]:
    return _task_rows(
        Task.objects.filter(inspection=inspection, withdrawn__in=LIVE, due_on__gt=F("first_due_on"))
    )


def _without_result(inspection: Inspection, as_of: date) -> Iterable[Row]:
    then = held(as_of).filter(inspection=inspection, state__in=END_STATES).values("task_id")
    proof = Evidence.objects.filter(task=OuterRef("pk"), proves="result", withdrawn=False)
    return _task_rows(Task.objects.filter(~Exists(proof), pk__in=then, withdrawn__in=LIVE))


def _problems(**filters: Any) -> Query:
    def query(inspection: Inspection, as_of: date) -> Iterable[Row]:
        return _problem_rows(Problem.objects.filter(inspection=inspection, withdrawn__in=LIVE, **filters))

    return query


def _without_look_around(inspection: Inspection, as_of: date) -> Iterable[Row]:
    done = LookAround.objects.filter(problem=OuterRef("pk"), withdrawn=False)
    return _problem_rows(Problem.objects.filter(~Exists(done), inspection=inspection, withdrawn__in=LIVE))


def _problem_rows(found: QuerySet[Problem]) -> Iterable[Row]:
    values = found.order_by("position", "pk").values_list("pk", "number", "title")
    return [Row(f"{number} {title}", "findings:problem", pk) for pk, number, title in values]


def _plans(inspection: Inspection, as_of: date) -> Iterable[Row]:
    found = Plan.objects.filter(inspection=inspection, approved_on__lte=as_of).order_by("version")
    return [Row(f"{one.title}（第{one.version}版，{one.approved_on}）") for one in found]


def _dispatches(inspection: Inspection, as_of: date) -> Iterable[Row]:
    own = Q(inspection=inspection) | Q(inspection=None, organisation=inspection.organisation_id)
    found = Dispatch.objects.filter(own, held_on__lte=as_of, state="held").order_by("held_on")
    return [Row(f"第{one.number}次调度 {one.held_on}") for one in found]


def _meetings(inspection: Inspection, as_of: date) -> Iterable[Row]:
    found = Meeting.objects.filter(inspection=inspection, held_on__lte=as_of, state="held").order_by(
        "held_on"
    )
    return [Row(f"{one.title} {one.held_on}") for one in found]


def _closed(inspection: Inspection, as_of: date) -> Iterable[Row]:
    found = Closure.objects.filter(inspection=inspection, closed_on__lte=as_of).select_related("task")
    return [
        Row(f"{one.task.number} {one.task.title}", "findings:task", one.task_id)
        for one in found.order_by("closed_on", "pk")
    ]


def _returned(inspection: Inspection, as_of: date) -> Iterable[Row]:
    found = ClosureReturn.objects.filter(task__inspection=inspection, on__lte=as_of).select_related("task")
    return [
        Row(f"{one.on} {one.task.number} {one.task.title}", "findings:task", one.task_id)
        for one in found.order_by("on", "pk")
    ]


def _reopened(inspection: Inspection, as_of: date) -> Iterable[Row]:
    found = Reopening.objects.filter(task__inspection=inspection, on__lte=as_of).select_related("task")
    return [
        Row(f"{one.on} {one.task.number} {one.task.title}", "findings:task", one.task_id)
        for one in found.order_by("on", "pk")
    ]


def _rounds(inspection: Inspection, as_of: date) -> Iterable[Row]:
    found = Round.objects.filter(inspection=inspection, reported_on__lte=as_of, withdrawn=False).exclude(
        kind=RECHECK
    )
    return [Row(one.title, "oversight:round", one.pk) for one in found.order_by("number")]


def _checks(*, recheck: bool, results: tuple[str, ...], reasons: tuple[str, ...] = ()) -> Query:
    def query(inspection: Inspection, as_of: date) -> Iterable[Row]:
        found = RoundCheck.objects.filter(
            item__round__inspection=inspection, item__round__withdrawn=False, current=True, result__in=results,
            first_at__isnull=False, second_at__isnull=False, captured_at__date__lte=as_of,
        )  # fmt: skip
        if reasons:
            found = found.filter(reason__in=reasons)
        else:
            kind = Q(item__round__kind=RECHECK)
            found = found.filter(kind if recheck else ~kind)
        found = found.select_related("item__task").order_by("item__round_id", "item__position")
        return [
            Row(f"{one.item.label} {one.item.task.title}", "oversight:round-item", one.item_id)
            for one in found
        ]

    return query


def _institutions(inspection: Inspection, as_of: date) -> Iterable[Row]:
    found = Institution.objects.filter(inspection=inspection, withdrawn__in=LIVE).order_by("pk")
    return [Row(one.title, "findings:institution", one.pk) for one in found]


def _recipients(*, satisfied: bool) -> Query:
    def query(inspection: Inspection, as_of: date) -> Iterable[Row]:
        found = Recipient.objects.filter(
            task__inspection=inspection, sampled=True, withdrawn=False, asked_on__lte=as_of
        ).select_related("task")
        found = found.filter(confirmed=True) if satisfied else found
        return [
            Row(f"{one.task.number} {one.asked_on}", "findings:task", one.task_id)
            for one in found.order_by("pk")
        ]

    return query


#: Every fact of core.assessment.FACTS. A recipient is shown by the task, never by name.
QUERIES: Mapping[str, Query] = MappingProxyType(
    {
        "tasks": _tasks(),
        "completed": _in_states("completed"),
        "basically_completed": _in_states("basically_completed"),
        "long_term": _in_states("long_term"),
        "open": _in_states(*OPEN_STATES),
        "overdue": _in_states(*OPEN_STATES, late=True),
        "extended": _extended,
        "problems": _problems(),
        "without_leader": _tasks(leader=""),
        "without_unit": _tasks(unit=None),
        "without_cause": _problems(cause=""),
        "without_look_around": _without_look_around,
        "plans": _plans,
        "dispatches": _dispatches,
        "meetings": _meetings,
        "closed": _closed,
        "returned": _returned,
        "reopened": _reopened,
        "without_result": _without_result,
        "rounds": _rounds,
        "round_failed": _checks(recheck=False, results=(FAILS,)),
        "rechecked": _checks(recheck=True, results=(HOLDS, FAILS)),
        "recheck_failed": _checks(recheck=True, results=(FAILS,)),
        "institutions": _institutions,
        "asked": _recipients(satisfied=False),
        "satisfied": _recipients(satisfied=True),
        "untrue": _checks(recheck=False, results=(FAILS,), reasons=("figures-differ", "evidence-doubtful")),
    }
)
