"""What waits for a person: steps of closure by role, what came back, what lapsed, sheets; each number has its list.

`units_held` says where somebody has a role, himself or lent; whoever took an earlier step of a claim does not wait
for the next one.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery

from bihuan.core.access import LIAISON, OFFICE, STEPS, UNIT_HEAD
from bihuan.core.closure import ACCEPT, CLOSE, DONE, MOVES, SIGN, VERIFY
from bihuan.core.closure import STEPS as ORDER
from bihuan.core.findings import BASIC, END_STATES, LONG_TERM, OPEN_STATES
from bihuan.core.lists import WAITS
from bihuan.findings.models import Closure, SignSheet, Task
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.orgs.queries import units_held

#: The steps for which a queue exists; claiming has none, for every open task may be claimed.
QUEUED = (SIGN, VERIFY, CLOSE, ACCEPT)
RETURNED, LAPSED = "returned", "lapsed"

SHEETS = ("bind", "confirm")


def waiting(word: str, user_id: Any, today: Any) -> Q:
    """Return the predicate of the tasks that wait for this person in one way."""
    if word == LAPSED:
        return Q(state=LONG_TERM, review_on__lt=today) | Q(state=BASIC, left_until__lt=today)
    return Q(pk__in=_closures(word, user_id, today).values("task_id"))


def staged(stage: str) -> Q:
    """Return the predicate of the tasks whose newest attempt is at this stage."""
    rows = Closure.objects.filter(~Exists(_newer()), stage=stage)
    if stage in ("closed", "accepted"):
        return Q(pk__in=rows.values("task_id"), state__in=END_STATES)
    return Q(pk__in=rows.values("task_id"))


def waiting_count(user_id: int, today: date) -> Subquery:
    """Return how much waits for the person, as a part of another query: the frame asks nothing more for it."""
    asked = Q(pk__in=[])
    for word in (*QUEUED, RETURNED):
        asked |= Q(pk__in=_closures(word, user_id, today).values("pk"))
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())
    rows = Closure.objects.filter(asked, task__withdrawn__in=LIVE).order_by().annotate(waits=counted)
    return Subquery(rows.values("waits"))


def counts(seen: Reach, roles: frozenset[str]) -> Mapping[str, int]:
    """Return how many tasks wait in each way that the person's roles can meet. One query."""
    asked = [word for word in WAITS if word == LAPSED or _roles(word) & roles]
    found = Task.objects.filter(seen.tasks(), withdrawn__in=LIVE).aggregate(
        **{word: Count("pk", filter=waiting(word, seen.user_id, seen.today)) for word in asked}
    )
    return MappingProxyType(found)


def queue(step: str, seen: Reach) -> list[int]:
    """Return the tasks that wait for the person at this step, in the order of the list. One query."""
    rows = Task.objects.filter(
        seen.tasks(), waiting(step, seen.user_id, seen.today), withdrawn__in=LIVE
    ).order_by("inspection_id", "position", "pk")
    return list(rows.values_list("pk", flat=True))


def sheets_seen(seen: Reach) -> QuerySet[SignSheet]:
    """Return the sheets of steps on paper of the tasks in sight, the newest first."""
    rows = SignSheet.objects.filter(seen.tasks("task__"))
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
    """Return how many sheets wait to be bound and confirmed by the person. One query each, none without the role."""
    found = {}
    if OFFICE in roles:
        found["bind"] = sheets_waiting("bind", seen).count()
    if roles & STEPS["countersign"]:
        found["confirm"] = sheets_waiting("confirm", seen).count()
    return MappingProxyType(found)


def _roles(word: str) -> frozenset[str]:
    return frozenset((UNIT_HEAD, LIAISON)) if word == RETURNED else frozenset((MOVES[word].role,))


def _closures(word: str, user_id: Any, today: Any) -> QuerySet[Closure]:
    held = units_held(user_id, _roles(word), today)
    rows = Closure.objects.filter(task__unit__in=held, task__inspection__mode="live")
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
