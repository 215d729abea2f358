"""What is due in oversight: decisions for a person's page, decisions and replies to letters for the calendar.

word + person ─waiting→ the predicate of the list ─counts→ the number that leads to it
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from bihuan.core.access import LEADING_GROUP, LIAISON, OFFICE, UNIT_HEAD
from bihuan.core.letters import AWAITED
from bihuan.core.lists import due_range
from bihuan.findings.queries.sight import Reach
from bihuan.orgs.queries import units_held
from bihuan.oversight.models import Decision, Letter
from bihuan.oversight.queries.doors import decisions_seen, letters_seen
from bihuan.web.prepared import Question

#: What was decided and is not done; a question counts once it was answered with something to do.
OPEN = Q(done_on=None) & ~Q(asked=True, answer__in=("", "declined"))
#: Questions that wait for the leading group.
ASKED = Q(asked=True, answer="")
OWN = (LIAISON, UNIT_HEAD)
#: The name of a count → the value of ``show`` in the list that it counts.
SHOWN: Mapping[str, str] = MappingProxyType({"decisions": "due", "asked": "asked"})


def mine(user_id: Any, today: Any, until: Any) -> Q:
    """Return the predicate of open decisions that are due by `until` and are this person's to see to.

    Given to the person, or to a unit for which he or she acts; the office follows all of its organisation.
    """
    units, offices = units_held(user_id, OWN, today), units_held(user_id, (OFFICE,), today)
    own = Q(person_id=user_id) | Q(unit_id__in=units) | Q(organisation_id__in=offices)
    return OPEN & own & Q(due_on__lte=until)


def due_by(today: date) -> date:
    """Return the day until which a decision counts as due: the end of this week."""
    return due_range("week", today)[1] or today


def counts(seen: Reach, roles: frozenset[str]) -> Mapping[str, int]:
    """Return how many decisions are due for the person, and how many questions wait for the group. One query."""
    rows = COUNTED.rows(seen.organisations, seen.units, seen.user_id, seen.today, due_by(seen.today))
    found = {"decisions": 0, "asked": 0} | dict(rows)
    if not found["decisions"] and not roles & {*OWN, OFFICE}:
        del found["decisions"]
    if LEADING_GROUP not in roles:
        del found["asked"]
    return MappingProxyType(found)


def decisions_between(seen: Reach, first: date, last: date) -> QuerySet[Decision]:
    """Return the open decisions in sight that are due in these days, the nearest first."""
    rows = decisions_seen(seen).filter(OPEN, due_on__gte=first, due_on__lte=last)
    return rows.order_by("due_on", "pk")


def letters_between(seen: Reach, first: date, last: date) -> QuerySet[Letter]:
    """Return the letters in sight whose reply is awaited in these days, the nearest first."""
    rows = letters_seen(seen).filter(state__in=AWAITED, reply_due_on__gte=first, reply_due_on__lte=last)
    return rows.order_by("reply_due_on", "pk")


def _counted(
    organisations: Any, units: Any, user_id: Any, today: Any, until: Any
) -> QuerySet[Any, tuple[str, int]]:
    rows = decisions_seen(Reach(user_id, today, organisations, units)).order_by()
    first, second = (
        rows.filter(part).annotate(word=Value(word)).values("word").annotate(number=Count("*"))
        for word, part in (("decisions", mine(user_id, today, until)), ("asked", ASKED))
    )
    columns = ("word", "number")
    return first.values_list(*columns).union(second.values_list(*columns), all=True)


COUNTED = Question(_counted)
