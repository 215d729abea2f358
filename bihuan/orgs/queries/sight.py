"""What a person sees: account + day ─sight→ one SQL predicate for every query; the doors to units and people.

Seeing: a grant that runs today, on a post that runs today, shows its unit and all below it. An organisation
among these is seen with every object of it; of any other unit its own tasks are seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from bihuan.audit.actor import Actor
from bihuan.core import access
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.orgs.codes import digest
from bihuan.orgs.models import Grant, Post, Token, Unit, UnitLink, User


@dataclass(frozen=True, slots=True)
class Sight:
    """What one account sees on one day. Making it costs one query; the sets are subqueries."""

    user_id: int | None
    today: date
    roles: frozenset[str]

    @property
    def units(self) -> "QuerySet[UnitLink, int]":
        """Return the ids of the units whose tasks are seen, as a subquery; organisations are among them."""
        return UnitLink.objects.filter(ancestor__in=self._roots).values_list("descendant_id", flat=True)

    @property
    def organisations(self) -> "QuerySet[UnitLink, int]":
        """Return the ids of the organisations whose every object is seen, as a subquery."""
        return self.units.filter(descendant__kind="organisation")

    @property
    def writable(self) -> "QuerySet[UnitLink, int]":
        """Return the ids of the units in which this account holds the office, as a subquery."""
        roots = running_grants(self.user_id, self.today).filter(role=access.OFFICE).values("unit_id")
        return UnitLink.objects.filter(ancestor__in=roots).values_list("descendant_id", flat=True)

    def q(self, organisation: str | None = None, *, unit: str | None = None) -> Q:
        """Return the predicate of sight for a model; the arguments are lookups from it to a Unit.

        `organisation` leads to the owner of the object, `unit` to the unit that answers for it::

            Task.objects.filter(sight.q("inspection__organisation", unit="unit"))
        """
        seen = Q(pk__in=[])
        if organisation is not None:
            seen |= Q(**{f"{organisation}__in": self.units})
        if unit is not None:
            seen |= Q(**{f"{unit}__in": self.units})
        return seen

    @property
    def _roots(self) -> "QuerySet[Grant, int]":
        return running_grants(self.user_id, self.today).values_list("unit_id", flat=True)


def running(prefix: str, today: date) -> Q:
    """Return the predicate that the dates at `prefix` include `today`."""
    return Q(**{f"{prefix}starts_on__lte": today}) & (
        Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": today})
    )


def running_grants(user_id: int | None, today: date) -> QuerySet[Grant]:
    """Return the grants of an account that is not disabled, running today on posts running today."""
    return Grant.objects.filter(
        running("", today), running("post__", today), post__person_id=user_id, post__person__is_active=True
    ).order_by()


def sight(user: User | None, today: date) -> Sight:
    """Return what `user` sees today; nobody and a disabled account see nothing. One query."""
    if user is None or not user.is_active:
        return Sight(user_id=None, today=today, roles=frozenset())
    roles = running_grants(user.pk, today).values_list("role", flat=True).distinct()
    return Sight(user_id=user.pk, today=today, roles=frozenset(roles))


def holdings(user_id: int | None, *, above: Iterable[int] | None = None) -> list[access.Holding]:
    """Return an account's grants with the days on which grant and post both run; only those at `above`."""
    rows = (
        Grant.objects.filter(post__person_id=user_id, post__person__is_active=True)
        .select_related("post")
        .order_by()
    )
    if above is not None:
        rows = rows.filter(unit_id__in=above)
    return [
        access.Holding(
            role=row.role,
            root=row.unit_id,
            starts_on=max(row.starts_on, row.post.starts_on),
            ends_on=min((day for day in (row.ends_on, row.post.ends_on) if day), default=None),
        )
        for row in rows
    ]


def above(unit_id: int) -> list[int]:
    """Return the ids of the unit and of every unit above it."""
    return list(UnitLink.objects.filter(descendant_id=unit_id).values_list("ancestor_id", flat=True))


def why_not(step: str, user_id: int | None, unit_id: int, *, today: date) -> str | None:
    """Return None when the account may do `step` in the unit today, else the reason. Two queries."""
    roots = above(unit_id)
    return access.why_not(step, holdings(user_id, above=roots), above=roots, today=today)


def may_write(user: User | int | None, organisation: Unit | int, today: date) -> bool:
    """Tell whether `user` holds the office over `organisation` today."""
    return why_not("write", _pk(user), _pk(organisation) or 0, today=today) is None


def require(step: str, user: User | int | None, unit: Unit | int, *, today: date) -> None:
    """Let `step` pass, or refuse it; ask only after the object was found through its door.

    :raises NotAllowed: with the reason.
    """
    if (reason := why_not(step, _pk(user), _pk(unit) or 0, today=today)) is not None:
        raise NotAllowed(reason)


def require_actor(step: str, actor: Actor, unit: Unit | int) -> None:
    """Let `step` of an actor pass, or refuse it; the console passes, for it acts under its own name in the record.

    :raises NotAllowed: with the reason.
    """
    if actor.user_id is None and actor.label.startswith("console:"):
        return
    require(step, actor.user_id, unit, today=actor.today)


def unit_for(user: User, unit_id: int, today: date) -> Unit:
    """Return a unit that `user` sees.

    :raises NotVisible: when there is none, or none for this person.
    """
    found = units_seen(sight(user, today)).filter(pk=unit_id).first()
    if found is None:
        raise NotVisible("orgs.unit-not-found")
    return found


def person_for(user: User, person_id: int, today: date) -> User:
    """Return a person that `user` sees.

    :raises NotVisible: when there is none, or none for this person.
    """
    found = people_seen(sight(user, today)).filter(pk=person_id).first()
    if found is None:
        raise NotVisible("orgs.person-not-found")
    return found


def units_seen(seen: Sight) -> QuerySet[Unit]:
    """Return every unit in sight, in the order of the directory under each parent."""
    return Unit.objects.filter(pk__in=seen.units).select_related("parent")


def people_seen(seen: Sight) -> QuerySet[User]:
    """Return everybody who holds or held a post in a unit in sight, and the person who asks."""
    posts = Post.objects.filter(person=OuterRef("pk"), unit__in=seen.units)
    return User.objects.filter(Q(Exists(posts)) | Q(pk=seen.user_id)).order_by("name", "pk")


def organisations_seen(seen: Sight) -> QuerySet[Unit]:
    """Return the organisations in sight."""
    return Unit.objects.filter(pk__in=seen.organisations)


def organisation_of(unit: Unit | int) -> Unit | None:
    """Return the nearest organisation at or above the unit."""
    return (
        Unit.objects.filter(links_down__descendant_id=_pk(unit), kind="organisation")
        .order_by("links_down__depth")
        .first()
    )


def _pk(row: User | Unit | int | None) -> int | None:
    return row if row is None or isinstance(row, int) else row.pk


def any_account() -> bool:
    """Tell whether an account exists; without one the page of the first account is open."""
    return User.objects.exists()


def has_totp(user: User) -> bool:
    """Tell whether the second step is on."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def token_for(secret: str, today: date) -> Token | None:
    """Return the token of this secret with its owner, while both work; None in every other case."""
    return (
        Token.objects.filter(
            sha256=digest(secret), revoked_at=None, expires_on__gte=today, user__is_active=True
        )
        .select_related("user")
        .first()
    )


def post_for(user: User, post_id: int, today: date) -> Post:
    """Return a post in a unit that `user` sees.

    :raises NotVisible: when there is none, or none for this person.
    """
    seen = sight(user, today)
    found = Post.objects.filter(seen.q(unit="unit"), pk=post_id).select_related("unit", "person").first()
    if found is None:
        raise NotVisible("orgs.post-not-found")
    return found


def grant_for(user: User, grant_id: int, today: date) -> Grant:
    """Return a grant over a unit that `user` sees.

    :raises NotVisible: when there is none, or none for this person.
    """
    seen = sight(user, today)
    found = (
        Grant.objects.filter(seen.q(unit="unit"), pk=grant_id)
        .select_related("unit", "post__person", "post__unit")
        .first()
    )
    if found is None:
        raise NotVisible("orgs.grant-not-found")
    return found


def units_managed(user: User, today: date) -> QuerySet[Unit]:
    """Return the open units in which `user` holds the office."""
    return Unit.objects.filter(pk__in=sight(user, today).writable, is_active=True)


def managed_ids(user_id: int | None, today: date) -> frozenset[int]:
    """Return the ids of the units in which the account holds the office."""
    return frozenset(Sight(user_id=user_id, today=today, roles=frozenset()).writable)


def outside(user_id: int | None, person: User, today: date) -> bool:
    """Tell whether `person` holds a post or grant today in a unit which the account does not manage.

    Somebody without any post today is told by the posts held before.
    """
    here = running("", today)
    units = set(Post.objects.filter(here, person=person).values_list("unit_id", flat=True))
    units |= set(Grant.objects.filter(here, post__person=person).values_list("unit_id", flat=True))
    if not units:
        units = set(Post.objects.filter(person=person).values_list("unit_id", flat=True))
    mine = Sight(user_id=user_id, today=today, roles=frozenset()).writable
    return not units or len(units) > len(set(mine.filter(descendant__in=units)))


def require_person(user: User, person: User, today: date) -> None:
    """Let the office over every post of `person` pass.

    :raises NotAllowed: for everybody else.
    """
    if access.OFFICE not in sight(user, today).roles:
        raise NotAllowed("orgs.role-missing")
    if outside(user.pk, person, today):
        raise NotAllowed("orgs.person-outside", person=person.name)


def require_any(user: User, today: date) -> None:
    """Let everybody pass who holds an office somewhere.

    :raises NotAllowed: for everybody else.
    """
    if access.OFFICE not in sight(user, today).roles:
        raise NotAllowed("orgs.role-missing")
