"""The agenda of a dispatch, read from the register as it was at the end of any day. A constant number of queries.

tasks in two times + due days before extensions + last movement + returns + waits + decisions ─agenda_of→ Agenda
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Max, Q

from bihuan.core.agenda import Agenda, Line
from bihuan.core.findings import OPEN_STATES
from bihuan.core.meetings import HELD
from bihuan.core.oversight import Rules
from bihuan.core.weeks import WEEK, monday_of
from bihuan.findings.models import (
    Closure,
    ClosureReturn,
    Evidence,
    Milestone,
    OutsideWait,
    PlanChange,
    ProgressReport,
    Step,
    TaskState,
)
from bihuan.findings.models.closure import DONE
from bihuan.findings.queries.sight import LIVE
from bihuan.findings.queries.tally import held
from bihuan.oversight.models import Decision

THRESHOLDS = ("due-within", "stalled-after", "waiting-late", "waiting-most")
TITLE = 300


@dataclass(frozen=True, slots=True)
class Held:
    """A task as it was on the day, with the due day that held then."""

    pk: int
    number: str
    title: str
    unit_id: int | None
    unit: str
    leader: str
    due_on: date | None
    state: str
    since: date


@dataclass(frozen=True, slots=True)
class Scope:
    """What the agenda is about, and as of when."""

    organisation_id: int
    inspection_id: int | None
    as_of: date

    def tasks(self, prefix: str) -> Q:
        """Return the predicate of the tasks of the agenda; `prefix` leads from the model to Task."""
        one = Q(**{f"{prefix}inspection_id": self.inspection_id}) if self.inspection_id else Q()
        return one & Q(
            **{
                f"{prefix}organisation_id": self.organisation_id,
                f"{prefix}inspection__mode": "live",
                f"{prefix}inspection__withdrawn__in": LIVE,
                f"{prefix}withdrawn__in": LIVE,
            }
        )


def agenda_of(organisation_id: int, inspection_id: int | None, as_of: date, rules: Rules) -> Agenda:
    """Return what the register shows for a dispatch at the end of `as_of`. Fourteen queries."""
    scope = Scope(organisation_id, inspection_id, as_of)
    tasks = _tasks(scope)
    open_tasks = {pk: task for pk, task in tasks.items() if task.state in OPEN_STATES}
    waits = _waits(scope, open_tasks)
    lines = [
        *_due(open_tasks, as_of, rules.days("due-within")),
        *_returned(scope, open_tasks),
        *_stalled(scope, open_tasks, rules.days("stalled-after"), waiting=frozenset(waits)),
        *_waiting(open_tasks, waits, as_of, rules),
        *_decisions(scope),
    ]
    return Agenda(
        as_of.isoformat(),
        MappingProxyType(dict(Counter(task.state for task in tasks.values()))),
        tuple(lines),
        MappingProxyType({key: rules.days(key) for key in THRESHOLDS}),
    )


def _tasks(scope: Scope) -> dict[int, Held]:
    """Return the tasks in the order of the register, with the state and the due day of the day. Two queries."""
    extended = _due_before_extension(scope)
    rows = (
        held(scope.as_of)
        .filter(scope.tasks("task__"))
        .order_by("task__inspection_id", "task__position", "task_id")
        .values_list(
            "task_id", "task__number", "task__title", "task__unit_id", "task__unit__name", "task__leader",
            "task__due_on", "state", "effective_on",
        )
    )  # fmt: skip
    return {
        pk: Held(pk, number, title[:TITLE], unit, name or "", leader, extended.get(pk, due), state, since)
        for pk, number, title, unit, name, leader, due, state, since in rows
    }


def _due_before_extension(scope: Scope) -> dict[int, date]:
    """Return the due day of tasks that were extended after the day, as it was before."""
    rows = (
        PlanChange.objects.filter(
            scope.tasks("task__"), kind="extend", state="approved", decided_on__gt=scope.as_of
        )
        .exclude(old_due_on=None)
        .order_by("-decided_on", "-pk")
    )
    return {task: day for task, day in rows.values_list("task_id", "old_due_on") if task and day}


def _due(tasks: Mapping[int, Held], as_of: date, within: int) -> Iterator[Line]:
    """Yield what is overdue, the longest first, then what falls due within so many days, the nearest first."""
    dated = sorted(
        ((task.due_on, task) for task in tasks.values() if task.due_on is not None), key=lambda pair: pair[0]
    )
    yield from (_line("overdue", task, days=(as_of - due).days) for due, task in dated if due < as_of)
    last = as_of + timedelta(days=within)
    yield from (_line("due", task, days=(due - as_of).days) for due, task in dated if as_of <= due <= last)


def _returned(scope: Scope, tasks: Mapping[int, Held]) -> Iterator[Line]:
    """Yield what was given back and has not been handed on since. Two queries."""
    back = ClosureReturn.objects.filter(scope.tasks("task__"), on__lte=scope.as_of).order_by("at", "pk")
    latest = {row.task_id: row for row in back if row.task_id in tasks}
    moved: dict[int, object] = {}
    steps = Closure.objects.filter(task__in=list(latest)).values_list(
        "task_id", *(f"{step}_{part}" for step in DONE[:3] for part in ("on", "at"))
    )
    for task, *times in steps:
        for on, at in zip(times[::2], times[1::2], strict=True):
            if on is not None and at is not None and on <= scope.as_of and at > latest[task].at:
                moved[task] = at
    for task, row in sorted(latest.items(), key=lambda pair: (pair[1].on, pair[0])):
        if task not in moved:
            yield _line("returned", tasks[task], days=(scope.as_of - row.on).days, note=row.reason)


def _stalled(
    scope: Scope, tasks: Mapping[int, Held], after: int, *, waiting: frozenset[int]
) -> Iterator[Line]:
    """Yield what has not moved for so many days, the longest first; what waits for an outside body stands there."""
    last = _last_moves(scope, tasks)
    still = [
        ((scope.as_of - day).days, tasks[task], day) for task, day in last.items() if task not in waiting
    ]
    for days, task, day in sorted(still, key=lambda one: (-one[0], one[1].pk)):
        if days >= after:
            yield _line("stalled", task, days=days, detail=day.isoformat())


def _last_moves(scope: Scope, tasks: Mapping[int, Held]) -> dict[int, date]:
    """Return the day of the last movement of each task: state, progress, evidence, closure, step, milestone.

    A tick for unchanged is no movement. Nine queries.
    """
    day = scope.as_of
    moves: list[Any] = [
        TaskState.objects.filter(scope.tasks("task__"), superseded_at=None, effective_on__lte=day)
        .values_list("task_id")
        .annotate(last=Max("effective_on")),
        ProgressReport.objects.filter(
            scope.tasks("task__"), withdrawn__in=LIVE, unchanged__in=LIVE, reported_on__lte=day
        )
        .values_list("task_id")
        .annotate(last=Max("reported_on")),
        Evidence.objects.filter(scope.tasks("task__"), withdrawn__in=LIVE, uploaded_at__date__lte=day)
        .values_list("task_id")
        .annotate(last=Max("uploaded_at__date")),
        ClosureReturn.objects.filter(scope.tasks("task__"), on__lte=day)
        .values_list("task_id")
        .annotate(last=Max("on")),
        *(_done(model, scope) for model in (Step, Milestone)),
    ]
    found = {pk: task.since for pk, task in tasks.items()}
    for rows in moves:
        for task, last in rows.order_by():
            if task in found and last is not None:
                found[task] = max(found[task], last)
    steps = Closure.objects.filter(scope.tasks("task__")).values_list(
        "task_id", *(f"{step}_on" for step in DONE)
    )
    for task, *days in steps:
        if task in found:
            found[task] = max([found[task], *(one for one in days if one is not None and one <= day)])
    return found


def _done(model: type[Step] | type[Milestone], scope: Scope) -> Any:
    rows = model.objects.filter(scope.tasks("task__"), withdrawn__in=LIVE, done_on__lte=scope.as_of)
    return rows.values_list("task_id").annotate(last=Max("done_on"))


def _waits(scope: Scope, tasks: Mapping[int, Held]) -> dict[int, OutsideWait]:
    """Return the oldest open wait of each task. One query."""
    rows = OutsideWait.objects.filter(
        Q(replied_on=None) | Q(replied_on__gt=scope.as_of),
        scope.tasks("task__"),
        withdrawn__in=LIVE,
        sent_on__lte=scope.as_of,
    ).order_by("-sent_on", "-pk")
    return {row.task_id: row for row in rows if row.task_id in tasks}


def _waiting(
    tasks: Mapping[int, Held], waits: Mapping[int, OutsideWait], as_of: date, rules: Rules
) -> Iterator[Line]:
    """Yield what waits too long: past the day of the reply, or for too many days."""
    late, most = rules.days("waiting-late"), rules.days("waiting-most")
    for task, wait in sorted(waits.items(), key=lambda pair: (pair[1].sent_on, pair[0])):
        days = (as_of - wait.sent_on).days
        if (as_of - wait.reply_due_on).days > late or days > most:
            yield _line(
                "waiting", tasks[task], days=days, note=wait.body, detail=wait.reply_due_on.isoformat()
            )


def _decisions(scope: Scope) -> Iterator[Line]:
    """Yield what was decided in the week before and what is still open from before. One query."""
    monday = monday_of(scope.as_of)
    about = Q(dispatch__state=HELD, dispatch__held_on__lte=scope.as_of) | Q(
        meeting__state=HELD, meeting__held_on__lte=scope.as_of
    )
    if scope.inspection_id is not None:
        about &= (
            Q(dispatch__inspection=scope.inspection_id)
            | Q(meeting__inspection=scope.inspection_id)
            | Q(dispatch__isnull=False, dispatch__inspection=None)
            | Q(meeting__isnull=False, meeting__inspection=None)
        )
    rows = (
        Decision.objects.filter(about, organisation_id=scope.organisation_id, withdrawn__in=LIVE)
        .exclude(asked=True, answer__in=("", "declined"))
        .select_related("dispatch", "meeting", "unit", "person", "task")
        .order_by("due_on", "pk")
    )
    for row in rows:
        sitting = row.dispatch or row.meeting
        held_on = sitting.held_on if sitting else None
        is_open = row.done_on is None or row.done_on > scope.as_of
        if held_on is None or not (is_open or held_on >= monday - WEEK):
            continue
        owner = row.unit.name if row.unit else (row.person.name if row.person else row.person_name)
        yield Line(
            "decisions", row.task.number if row.task else "", row.text[:TITLE], task_id=row.task_id,
            decision_id=row.pk, unit_id=row.unit_id, unit=owner,
            due_on=row.due_on.isoformat() if row.due_on else "",
            days=(scope.as_of - row.due_on).days if row.due_on and is_open else 0,
            note="open" if is_open else "done", detail=held_on.isoformat(),
        )  # fmt: skip


def _line(section: str, task: Held, *, days: int, note: str = "", detail: str = "") -> Line:
    return Line(
        section, task.number, task.title, task_id=task.pk, unit_id=task.unit_id, unit=task.unit,
        leader=task.leader, due_on=task.due_on.isoformat() if task.due_on else "", days=days, note=note,
        detail=detail,
    )  # fmt: skip
