"""Who may take a step where, himself or for another: person + units + day ─capacities→ roles, with the principal.

Three queries, however many units. What is decided with it (sign, verify, close …) is decided by the caller.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from bihuan.core import access
from bihuan.orgs.models import Delegation, Grant, Post, Substitute, UnitLink
from bihuan.orgs.queries.sight import above, running, running_delegations, running_grants
from bihuan.web.prepared import Question

#: Units that answer for tasks; an organisation itself is nobody's own unit, for everybody belongs to it.
OWN_KINDS = ("department", "enterprise")


@dataclass(frozen=True, slots=True)
class Capacity:
    """A role that a person has today over the unit `root` and all below it, from `starts_on` to `ends_on`.

    `principal_id` is the person for whom it is exercised, None for one's own.
    """

    role: str
    root: int
    principal_id: int | None
    starts_on: date
    ends_on: date | None


def capacities(
    user_id: int | None, unit_ids: Collection[int], today: date
) -> dict[int, tuple[Capacity, ...]]:
    """Return for each unit what the person may act as there today, own roles before those that are lent.

    Nobody, a disabled account and one whose posts have ended get nothing.
    """
    held = [*_own(user_id, today), *_lent(user_id, today)]
    reached: dict[int, set[int]] = defaultdict(set)
    roots = {root for _capacity, needed in held for root in needed}
    for root, unit in REACHED.rows(tuple(roots), tuple(unit_ids)):
        reached[unit].add(root)
    return {
        unit: tuple(capacity for capacity, needed in held if needed <= reached[unit]) for unit in unit_ids
    }


def roles_in(acting: Iterable[Capacity], step: str) -> tuple[Capacity, ...]:
    """Return the capacities that allow `step`, own ones first."""
    return tuple(capacity for capacity in acting if capacity.role in access.STEPS[step])


def why_not_acting(step: str, user_id: int | None, unit_id: int, *, today: date) -> str | None:
    """Return None when the person may do `step` in the unit today, himself or for another; else the reason.

    `orgs.post-ended`: the post that carried the role is over. `orgs.role-not-now`: the grant is over or has not
    begun. `orgs.delegation-ended`: what was lent is over, or its principal no longer has it.
    `orgs.role-missing`: never had it.
    """
    if roles_in(capacities(user_id, (unit_id,), today)[unit_id], step):
        return None
    roots = above(unit_id)
    roles = access.STEPS[step]
    own = Grant.objects.filter(post__person_id=user_id, role__in=roles, unit__in=roots)
    ends = own.values_list("post__starts_on", "post__ends_on")
    if ends:
        over = all(until is not None and until < today for _from, until in ends)
        return "orgs.post-ended" if over else "orgs.role-not-now"
    if Delegation.objects.filter(post__person_id=user_id, grant__role__in=roles, unit__in=roots).exists():
        return "orgs.delegation-ended"
    return "orgs.role-missing"


def own_units(person_ids: Collection[int], today: date) -> dict[int, frozenset[int]]:
    """Return the departments and enterprises in which each person holds a post today, and those above them.

    Whoever sits in a section belongs to its department; not the other way round. The organisation is nobody's own.
    """
    found: dict[int, set[int]] = {person: set() for person in person_ids}
    for person, unit in OWN_UNITS.rows(tuple(found), today):
        found[person].add(unit)
    return {person: frozenset(units) for person, units in found.items()}


def substitutes(organisation_id: int, role: str) -> tuple[int, ...]:
    """Return the persons who decide in place of whoever holds `role` in the organisation, in the configured order."""
    return substitutes_of(organisation_id).get(role, ())


def substitutes_of(organisation_id: int) -> Mapping[str, tuple[int, ...]]:
    """Return the configured order of every role of the organisation. One query."""
    rows = Substitute.objects.filter(organisation_id=organisation_id, person__is_active=True)
    order: dict[str, list[int]] = defaultdict(list)
    for role, person in rows.values_list("role", "person_id"):
        order[role].append(person)
    return {role: tuple(people) for role, people in order.items()}


def _own(user_id: int | None, today: date) -> Iterator[tuple[Capacity, frozenset[int]]]:
    """Yield the person's own roles, each with the units above which alone it reaches."""
    for grant in OWN.rows(user_id, today) if user_id is not None else ():
        first, last = _days(grant)
        yield Capacity(grant.role, grant.unit_id, None, first, last), frozenset((grant.unit_id,))


def _lent(user_id: int | None, today: date) -> Iterator[tuple[Capacity, frozenset[int]]]:
    """Yield what others lend to the person; it reaches what lies below both the lent unit and the grant's."""
    for lent in LENT.rows(user_id, today) if user_id is not None else ():
        first, last = _days(lent.grant)
        yield (
            Capacity(
                lent.grant.role,
                lent.unit_id,
                lent.grant.post.person_id,
                max(first, lent.starts_on, lent.post.starts_on),
                min(day for day in (last, lent.ends_on, lent.post.ends_on) if day),
            ),
            frozenset((lent.unit_id, lent.grant.unit_id)),
        )


def _days(grant: Grant) -> tuple[date, date | None]:
    """Return the first and last day on which both the grant and its post run."""
    return (
        max(grant.starts_on, grant.post.starts_on),
        min((day for day in (grant.ends_on, grant.post.ends_on) if day), default=None),
    )


def _own_grants(user_id: int, today: date) -> QuerySet[Grant]:
    return running_grants(user_id, today).select_related("post").order_by("starts_on", "pk")


def _lent_grants(user_id: int, today: date) -> QuerySet[Delegation]:
    rows = running_delegations(user_id, today).select_related("post", "grant__post")
    return rows.order_by("starts_on", "pk")


def _own_units(person_ids: Sequence[int], today: date) -> QuerySet[Post, tuple[int, int]]:
    posts = Post.objects.filter(
        running("", today), person__in=person_ids, unit__links_up__ancestor__kind__in=OWN_KINDS
    )
    return posts.order_by().values_list("person_id", "unit__links_up__ancestor_id")


def _reached(roots: Sequence[int], units: Sequence[int]) -> QuerySet[UnitLink, tuple[int, int]]:
    rows = UnitLink.objects.filter(ancestor__in=roots, descendant__in=units)
    return rows.values_list("ancestor_id", "descendant_id")


OWN = Question(_own_grants)
LENT = Question(_lent_grants)
OWN_UNITS = Question(_own_units)
REACHED = Question(_reached)
