"""Who holds a role where: a person's units by role as a subquery; everybody who holds a role over some units."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from bihuan.orgs.models import UnitLink
from bihuan.orgs.queries.sight import running_delegations, running_grants


def units_held(user_id: Any, roles: Collection[str], today: Any) -> "QuerySet[UnitLink, int]":
    """Return the ids of the units over which a person has one of the roles, own or lent, as a subquery."""
    own = running_grants(user_id, today).filter(role__in=roles).values("unit_id")
    lent = running_delegations(user_id, today).filter(grant__role__in=roles).values("unit_id")
    return UnitLink.objects.filter(ancestor__in=own.union(lent)).values_list("descendant_id", flat=True)


def holders(
    unit_ids: Collection[int], roles: Collection[str], today: date
) -> Mapping[tuple[int, str], frozenset[int]]:
    """Return who has which role over each unit today, himself or lent. Two queries, however many units."""
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    own = running_grants(None, today, anybody=True).filter(
        role__in=roles, unit__links_down__descendant__in=unit_ids
    )
    lent = running_delegations(None, today, anybody=True).filter(
        grant__role__in=roles, unit__links_down__descendant__in=unit_ids
    )
    for rows, role in ((own, "role"), (lent, "grant__role")):
        place = F("unit__links_down__descendant_id")
        for unit, held, person in rows.annotate(place=place).values_list("place", role, "post__person_id"):
            found[unit, held].add(person)
    return {key: frozenset(people) for key, people in found.items()}
