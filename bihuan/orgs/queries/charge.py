"""Who is in charge of what: units with their liaison, head and leader; portfolios; who decides when nobody is left."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.core import access
from bihuan.core.founding import Founding, Seat
from bihuan.core.refusal import NotVisible
from bihuan.orgs.models import Delegation, Grant, Group, Membership, Post, Substitute, Unit, UnitLink, User
from bihuan.orgs.queries.acting import OWN_KINDS
from bihuan.orgs.queries.sight import above, in_place, people_seen, running, running_grants, sight, unit_for

#: What every responsible unit needs, in the order of the page.
NEEDED = (access.LIAISON, access.UNIT_HEAD, access.LEADER)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Charge:
    """A responsible unit with the grants that hold over it today, by role, and the roles that nobody has."""

    unit: Unit
    grants: Mapping[str, Sequence[Grant]]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the needed roles that nobody holds over the unit."""
        return tuple(role for role in NEEDED if not self.grants.get(role))


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides as `role`: its holders today, then the substitutes in their order, then the superior body.

    `names` shows the first of the holders; `people` counts them all.
    """

    role: str
    names: tuple[User, ...]
    people: int
    substitutes: tuple[User, ...]
    superiors: tuple[User, ...]

    @property
    def stuck(self) -> bool:
        """Tell whether a conflict of all holders would leave nobody to decide."""
        return not self.substitutes and not self.superiors


def organisation_for(user: User, unit_id: int, today: date) -> Unit:
    """Return an organisation that `user` sees.

    :raises NotVisible: when there is none, or none for this person.
    """
    found = unit_for(user, unit_id, today)
    if found.kind != "organisation":
        raise NotVisible("orgs.unit-not-found")
    return found


def responsible_units(organisation: Unit, today: date, *, missing: str = "") -> QuerySet[Unit]:
    """Return the open departments and enterprises of an organisation; with `missing` those where nobody has it."""
    inner = UnitLink.objects.filter(ancestor=organisation, descendant__kind="organisation", depth__gt=0)
    others = UnitLink.objects.filter(ancestor__in=inner.values("descendant_id")).values("descendant_id")
    rows = Unit.objects.filter(links_up__ancestor=organisation, kind__in=OWN_KINDS, is_active=True).exclude(
        pk__in=others
    )
    if missing in NEEDED:
        held = running_grants(None, today, anybody=True).filter(
            role=missing, unit__links_down__descendant=OuterRef("pk")
        )
        rows = rows.filter(~Exists(held))
    return rows.select_related("parent").order_by("parent__position", "parent_id", "position", "pk")


def charges(units: Iterable[Unit], today: date) -> list[Charge]:
    """Return who is in charge of each unit. Two queries."""
    rows = list(units)
    lines: dict[int, set[int]] = defaultdict(set)
    links = UnitLink.objects.filter(descendant__in=rows).values_list("descendant_id", "ancestor_id")
    for unit, ancestor in links:
        lines[unit].add(ancestor)
    roots = set().union(*lines.values()) if lines else set()
    grants = list(
        running_grants(None, today, anybody=True)
        .filter(unit__in=roots, role__in=NEEDED)
        .select_related("post__person", "post__unit", "unit")
        .order_by(in_place("post__"), "post__person__name", "pk")
    )
    return [
        Charge(
            unit,
            {
                role: [one for one in grants if one.role == role and one.unit_id in lines[unit.pk]]
                for role in NEEDED
            },
        )
        for unit in rows
    ]


def missing_counts(organisation: Unit, today: date) -> dict[str, int]:
    """Return how many responsible units lack each needed role. Three queries."""
    return {role: responsible_units(organisation, today, missing=role).count() for role in NEEDED}


def portfolios(organisation: Unit, today: date) -> list[tuple[User, list[Grant]]]:
    """Return each leader with the grants over units in the organisation, or over it as a whole. One query."""
    rows = (
        running_grants(None, today, anybody=True)
        .filter(_over(organisation), role=access.LEADER)
        .select_related("post__person", "post__unit", "unit")
        .order_by(in_place("post__"), "post__person__name", "post__person_id", "unit__position", "unit_id")
    )
    found: dict[int, tuple[User, list[Grant]]] = {}
    for grant in rows:
        found.setdefault(grant.post.person_id, (grant.post.person, []))[1].append(grant)
    return list(found.values())


def deciders(organisation: Unit, today: date, roles: Collection[str]) -> list[Decider]:
    """Return for each role who decides, who steps in, and who is left when all are in conflict. Two queries."""
    grants = (
        running_grants(None, today, anybody=True)
        .filter(_over(organisation), role__in={*roles, access.SUPERIOR})
        .select_related("post__person")
        .order_by(in_place("post__"), "post__person__name", "post__person_id")
    )
    holders: dict[str, dict[int, User]] = defaultdict(dict)
    for grant in grants:
        holders[grant.role][grant.post.person_id] = grant.post.person
    order: dict[str, list[User]] = defaultdict(list)
    named = Substitute.objects.filter(organisation=organisation).select_related("person")
    for one in named.filter(person__is_active=True):
        order[one.role].append(one.person)
    superiors = tuple(holders[access.SUPERIOR].values())
    return [
        Decider(
            role,
            tuple(holders[role].values())[:SHOWN],
            len(holders[role]),
            tuple(order[role]),
            () if role == access.SUPERIOR else superiors[:SHOWN],
        )
        for role in roles
    ]


def administrators_of(organisation_id: int, today: date) -> list[Grant]:
    """Return the administrators' grants over the organisation that run today or will, by role."""
    return list(
        Grant.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=today),
            Q(post__ends_on=None) | Q(post__ends_on__gte=today),
            unit__in=above(organisation_id),
            role__in=access.ADMINISTRATORS,
            post__person__is_active=True,
        )
        .select_related("post__person", "post__unit", "unit")
        .order_by("role", "starts_on", "pk")
    )


def delegations_seen(user: User, today: date) -> QuerySet[Delegation]:
    """Return the delegations that `user` made, got, or sees by the unit, the latest first."""
    seen = sight(user, today)
    mine = Q(grant__post__person=user) | Q(post__person=user)
    return (
        Delegation.objects.filter(mine | seen.listed("grant__unit"))
        .select_related("grant__post__person", "grant__unit", "post__person", "post__unit", "unit")
        .order_by("-ends_on", "-pk")
    )


def delegation_for(user: User, delegation_id: int, today: date) -> Delegation:
    """Return a delegation in sight.

    :raises NotVisible: when there is none, or none for this person.
    """
    found = delegations_seen(user, today).filter(pk=delegation_id).first()
    if found is None:
        raise NotVisible("orgs.delegation-not-found")
    return found


def own_grants(user: User, today: date) -> list[Grant]:
    """Return the running grants of a person that may be lent."""
    rows = running_grants(user.pk, today).filter(role__in=access.DELEGABLE)
    return list(rows.select_related("post__unit", "unit").order_by("role", "unit__position", "pk"))


def post_near(person: User, unit_id: int, today: date) -> Post | None:
    """Return the running post of a person that lies nearest to the organisation of the unit: in it, else above it."""
    line = above(unit_id)
    tops = UnitLink.objects.filter(descendant=unit_id, ancestor__kind="organisation").order_by("depth")
    organisation = tops.values_list("ancestor_id", flat=True).first() or max(line, default=0)
    posts = (
        Post.objects.filter(running("", today), person=person)
        .select_related("unit")
        .order_by("starts_on", "pk")
    )
    inside = posts.filter(unit__links_up__ancestor=organisation).first()
    return inside or posts.filter(unit__in=line).first()


def people_of_units(user: User, today: date) -> QuerySet[User]:
    """Return the people in sight whose account works, for choosing one."""
    return people_seen(sight(user, today)).filter(is_active=True)


def groups_of(organisation: Unit) -> QuerySet[Group]:
    """Return the groups of an organisation, standing ones first."""
    return Group.objects.filter(organisation=organisation).order_by("kind", "-founded_on", "-pk")


def group_for(user: User, group_id: int, today: date) -> Group:
    """Return a group of an organisation in sight.

    :raises NotVisible: when there is none, or none for this person.
    """
    found = (
        Group.objects.filter(sight(user, today).listed("organisation"), pk=group_id)
        .select_related("organisation", "office_unit")
        .first()
    )
    if found is None:
        raise NotVisible("orgs.group-not-found")
    return found


def seats_on(group: Group, day: date) -> list[Membership]:
    """Return the seats of a group that are taken on `day`, in their order."""
    return list(
        group.memberships.filter(running("", day)).select_related("person").order_by("position", "pk")
    )


def membership_for(user: User, membership_id: int, today: date) -> Membership:
    """Return a seat in a group of an organisation in sight.

    :raises NotVisible: when there is none, or none for this person.
    """
    found = (
        Membership.objects.filter(sight(user, today).listed("group__organisation"), pk=membership_id)
        .select_related("group__organisation", "person")
        .first()
    )
    if found is None:
        raise NotVisible("orgs.member-not-found")
    return found


def founding_of(group: Group) -> Founding:
    """Return what the founding notice of a group says: its members are those of the founding day. Two queries."""
    unit = group.office_unit
    return Founding(
        organisation=group.organisation.name,
        group=group.name,
        seats=tuple(Seat(one.seat, one.name, one.title) for one in seats_on(group, group.founded_on)),
        signed_on=group.founded_on.isoformat(),
        basis=group.basis,
        duties=group.duties,
        office=group.office_name,
        office_place=unit.name if unit else "",
        office_duties=group.office_duties,
        addressee=group.addressee,
        number=group.document_number,
    )


def in_both(organisation: Unit, today: date) -> list[str]:
    """Return the names of those who sit today in more than one group of the organisation."""
    rows = Membership.objects.filter(
        running("", today), group__organisation=organisation, group__ended_on=None
    ).values_list("person_id", "name", "group_id")
    groups: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    for person, name, group in rows:
        groups[person, name].add(group)
    return sorted(name for (_person, name), seats in groups.items() if len(seats) > 1)


def _over(organisation: Unit) -> Q:
    """Return the predicate of grants over the organisation, over what is above it, or over a unit in it."""
    return Q(unit__in=above(organisation.pk)) | Q(
        unit__in=UnitLink.objects.filter(ancestor=organisation).values("descendant_id")
    )
