"""What waits for a person: steps of closure by role, what came back, what lapsed, sheets; each number has its list.

`units_held` says where somebody has a role, himself or lent; whoever took an earlier step of a claim does not wait
for the next one.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, reduce
from operator import or_
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from bihuan.core.access import LIAISON, OFFICE, STEPS, UNIT_HEAD
from bihuan.core.closure import ACCEPT, CLOSE, DONE, MOVES, SIGN, VERIFY
from bihuan.core.closure import STEPS as ORDER
from bihuan.core.findings import BASIC, END_STATES, LONG_TERM, OPEN_STATES
from bihuan.core.lists import WAITS
from bihuan.findings.models import Closure, SignSheet, Task
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.orgs.queries import units_held
from bihuan.web.prepared import Question

#: The steps for which a queue exists; claiming has none, for every open task may be claimed.
QUEUED = (SIGN, VERIFY, CLOSE, ACCEPT)
TODO, RETURNED, LAPSED = "todo", "returned", "lapsed"
#: The unit of an attempt's task, so that no index of tasks can be begun with: an office's units have all tasks, the
#: attempts at a stage are few.
AT = Coalesce("task__unit_id", Value(0))
#: Whose own work the tasks of a unit are.
OWN = frozenset((UNIT_HEAD, LIAISON))

SHEETS = ("bind", "confirm")
Counted = QuerySet[Any, tuple[str, int]]


def waiting(word: str, user_id: Any, today: Any) -> Q:
    """Return the predicate of the tasks that wait for this person in one way."""
    if word == LAPSED:
        return reduce(or_, lapsed(today))
    if word == TODO:
        held = units_held(user_id, _roles(word), today)
        under_way = Closure.objects.filter(task=OuterRef("pk"), live=True)
        return Q(~Exists(under_way), unit__in=held, inspection__mode="live", state__in=OPEN_STATES)
    return Q(pk__in=_closures(word, user_id, today).values("task_id"))


def lapsed(today: Any) -> tuple[Q, Q]:
    """Return the predicates of ended tasks whose review is overdue, and whose day for what was left has passed."""
    return Q(state=LONG_TERM, review_on__lt=today), Q(state=BASIC, left_until__lt=today)


def staged(stage: str) -> Q:
    """Return the predicate of the tasks whose newest attempt is at this stage."""
    rows = Closure.objects.filter(~Exists(_newer()), stage=stage)
    if stage in ("closed", "accepted"):
        return Q(pk__in=rows.values("task_id"), state__in=END_STATES)
    return Q(pk__in=rows.values("task_id"))


def waiting_count(user_id: int, today: date, roles: frozenset[str]) -> int:
    """Return how much waits for the person on every page's frame. One query, none without a role for which it can."""
    asked = tuple(word for word in (*QUEUED, RETURNED) if _roles(word) & roles)
    return sum(number for _word, number in _framing(asked).rows(user_id, today)) if asked else 0


def counts(seen: Reach, roles: frozenset[str]) -> Mapping[str, int]:
    """Return how many tasks wait in each way that the person's roles can meet. One query, two with such a role."""
    asked = tuple(word for word in WAITS if word != LAPSED and _roles(word) & roles)
    found = dict.fromkeys((*asked, LAPSED), 0)
    rows = _counting(asked).rows(*_values(seen), seen.user_id) if asked else []
    for word, number in (*rows, *PASSED.rows(*_values(seen))):
        found[word] += number
    return MappingProxyType(found)


def queue(step: str, seen: Reach) -> list[int]:
    """Return the tasks that wait for the person at this step, in the order of the list. One query."""
    rows = Task.objects.filter(
        seen.tasks(), waiting(step, seen.user_id, seen.today), withdrawn__in=LIVE
    ).order_by("inspection_id", "position", "pk")
    return list(rows.values_list("pk", flat=True))


def sheets_seen(seen: Reach) -> QuerySet[SignSheet]:
    """Return the sheets of steps on paper of the tasks in sight, the newest first."""
    rows = SignSheet.objects.filter(_hanging(seen))
    return rows.select_related("task__unit", "signer", "printed_by", "bound_by", "confirmed_by").order_by(
        "-pk"
    )


def sheets_waiting(word: str, seen: Reach) -> QuerySet[SignSheet]:
    """Return the sheets that wait to be bound or to be confirmed by this person."""
    rows = sheets_seen(seen)
    if word == "bind":
        return rows.filter(
            ~Q(signer=seen.user_id) | Q(signer=None),
            state="printed",
            organisation__in=units_held(seen.user_id, (OFFICE,), seen.today),
        )
    held = units_held(seen.user_id, STEPS["countersign"], seen.today)
    rows = rows.filter(state="bound", organisation__in=held)
    return rows.exclude(bound_by=seen.user_id).exclude(signer=seen.user_id)


def sheet_counts(seen: Reach, roles: frozenset[str]) -> Mapping[str, int]:
    """Return how many sheets wait to be bound and confirmed by the person. One query, none without the roles."""
    can = {"bind": OFFICE in roles, "confirm": bool(roles & STEPS["countersign"])}
    asked = tuple(word for word in SHEETS if can[word])
    rows = _counting(asked).rows(*_values(seen), seen.user_id) if asked else []
    return MappingProxyType(dict.fromkeys(asked, 0) | dict(rows))


def _roles(word: str) -> frozenset[str]:
    return OWN if word in (TODO, RETURNED) else frozenset((MOVES[word].role,))


def _values(seen: Reach) -> tuple[Any, ...]:
    return seen.organisations, seen.units, seen.today


@cache
def _counting(words: tuple[str, ...]) -> Question[tuple[str, int]]:
    """Return the question that counts what waits in these ways, each from the rows that are few."""

    def make(organisations: Any, units: Any, today: Any, user_id: Any) -> Counted:
        seen = Reach(user_id, today, organisations, units)
        return _together([_part(word, _waiting_rows(word, seen)) for word in words])

    return Question(make)


@cache
def _framing(words: tuple[str, ...]) -> Question[tuple[str, int]]:
    """Return the question for the frame, which knows nothing of sight: whoever has the role sees what waits for it."""

    def make(user_id: Any, today: Any) -> Counted:
        rows = {word: _closures(word, user_id, today).filter(task__withdrawn__in=LIVE) for word in words}
        return _together([_part(word, found) for word, found in rows.items()])

    return Question(make)


def _waiting_rows(word: str, seen: Reach) -> QuerySet[Any]:
    if word in SHEETS:
        return sheets_waiting(word, seen)
    if word == TODO:
        return Task.objects.filter(seen.tasks(), waiting(word, seen.user_id, seen.today), withdrawn__in=LIVE)
    return _closures(word, seen.user_id, seen.today).filter(_hanging(seen), task__withdrawn__in=LIVE)


def _hanging(seen: Reach) -> Q:
    """Return the predicate of what hangs on tasks in sight; without single units no task is looked at for it."""
    return seen.tasks("task__") if seen.units else seen.whole()


def _part(word: str, rows: QuerySet[Any]) -> Counted:
    told = rows.order_by().annotate(word=Value(word)).values("word")
    counted: Counted = told.annotate(number=Count("*")).values_list("word", "number")
    return counted


def _together(parts: Sequence[Counted]) -> Counted:
    return parts[0].union(*parts[1:], all=True)


def _passed(organisations: Any, units: Any, today: Any) -> Counted:
    """Count what lapsed in two parts, each from an index of its own."""
    seen = Reach(None, today, organisations, units)
    rows = Task.objects.filter(seen.tasks(), withdrawn__in=LIVE)
    return _together([_part(LAPSED, rows.filter(part)) for part in lapsed(today)])


PASSED = Question(_passed)


def _closures(word: str, user_id: Any, today: Any) -> QuerySet[Closure]:
    held = units_held(user_id, _roles(word), today)
    rows = Closure.objects.alias(of=AT).filter(of__in=held, task__inspection__mode="live")
    if word == RETURNED:
        return rows.filter(~Exists(_newer()), stage=RETURNED, task__state__in=OPEN_STATES)
    before = MOVES[word].before
    rows = rows.filter(live=word != ACCEPT, stage__in=before)
    if word == ACCEPT:
        rows = rows.filter(~Exists(_newer()), task__state__in=END_STATES)
    for done in [DONE[one] for one in ORDER[: ORDER.index(word)]]:
        for side in ("by", "for"):
            rows = rows.filter(Q(**{f"{done}_{side}": None}) | ~Q(**{f"{done}_{side}": user_id}))
    return rows


def _newer() -> QuerySet[Closure]:
    return Closure.objects.filter(task=OuterRef("task"), number__gt=OuterRef("number"))
