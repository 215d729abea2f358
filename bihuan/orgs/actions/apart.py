"""The three administrators kept apart: no account holds two of them, or one beside a working role there.

"There" is one organisation with what lies above and below it: a grant over a department and one over its
organisation meet, grants over two sister organisations do not.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from bihuan.core import access
from bihuan.orgs import queries
from bihuan.orgs.models import Delegation, Grant, Unit, UnitLink, User
from bihuan.orgs.refusals import StepRefused

FOREVER = date.max


@dataclass(frozen=True, slots=True)
class Held:
    """A role over a unit, own or lent, with its first and last day."""

    role: str
    unit_id: int
    first: date
    last: date


def keep_apart(person: User, wanted: Held) -> None:
    """Refuse a role that an account may not have beside those that it has. The caller has locked the person.

    :raises StepRefused: naming the role that stands against it.
    """
    others = [one for one in _held_by((person.pk,))[person.pk] if _overlap(one, wanted)]
    if not others:
        return
    reach = _organisations({wanted.unit_id, *(one.unit_id for one in others)})
    for other in others:
        refusal = access.why_not_hold(wanted.role, (other.role,))
        if refusal and _meet(reach[wanted.unit_id], reach[other.unit_id]):
            raise StepRefused(refusal, person=person.name, unit=Unit.objects.get(pk=other.unit_id).name)


def keep_administrators_apart(today: date) -> None:
    """Refuse a change of the tree after which an administrator would also work, or hold two of the roles.

    :raises StepRefused: naming the person.
    """
    admins = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), role__in=access.ADMINISTRATORS)
    people = frozenset(admins.values_list("post__person_id", flat=True))
    held = _held_by(people)
    reach = _organisations({one.unit_id for rows in held.values() for one in rows})
    for person, rows in held.items():
        for one in rows:
            for other in rows:
                refusal = access.why_not_hold(one.role, (other.role,))
                if (
                    refusal
                    and one.last >= today
                    and _overlap(one, other)
                    and _meet(reach[one.unit_id], reach[other.unit_id])
                ):
                    name = User.objects.get(pk=person).name
                    raise StepRefused(refusal, person=name, unit=Unit.objects.get(pk=other.unit_id).name)


def _held_by(people: Collection[int]) -> Mapping[int, list[Held]]:
    """Return every role of each person, own and lent, past ones too. Two queries."""
    held: dict[int, list[Held]] = {person: [] for person in people}
    grants = Grant.objects.filter(post__person__in=people).select_related("post")
    for grant in grants.order_by():
        held[grant.post.person_id].append(_days(grant.role, grant.unit_id, (grant, grant.post)))
    lent = Delegation.objects.filter(post__person__in=people).select_related("post", "grant")
    for one in lent.order_by():
        held[one.post.person_id].append(_days(one.grant.role, one.unit_id, (one, one.post, one.grant)))
    return held


def _days(role: str, unit_id: int, terms: Iterable[queries.Term]) -> Held:
    terms = tuple(terms)
    return Held(
        role,
        unit_id,
        max(term.starts_on for term in terms),
        min(term.ends_on or FOREVER for term in terms),
    )


def _overlap(one: Held, other: Held) -> bool:
    return max(one.first, other.first) <= min(one.last, other.last)


def _organisations(units: Collection[int]) -> Mapping[int, tuple[int, frozenset[int]]]:
    """Return for each unit its nearest organisation (or the top of its tree) and all that lies above that."""
    rows = UnitLink.objects.filter(descendant__in=units).order_by("descendant_id", "depth")
    above: dict[int, list[tuple[int, str]]] = {}
    for unit, ancestor, kind in rows.values_list("descendant_id", "ancestor_id", "ancestor__kind"):
        above.setdefault(unit, []).append((ancestor, kind))
    found = {}
    for unit, line in above.items():
        at = next((n for n, (_pk, kind) in enumerate(line) if kind == "organisation"), len(line) - 1)
        found[unit] = (line[at][0], frozenset(pk for pk, _kind in line[at:]))
    return found


def _meet(one: tuple[int, frozenset[int]], other: tuple[int, frozenset[int]]) -> bool:
    return one[0] in other[1] or other[0] in one[1]
