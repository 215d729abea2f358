"""What a person sees: account + day ─sight→ one SQL predicate for every query; the doors to units and people.

Seeing: a grant that runs today, on a post that runs today, shows its unit and all below it, and so does a
delegation of one. An organisation among these is seen with every object of it; of any other unit its own tasks are
seen. An administrator's grant shows units and people (`directory`), never what is worked on in them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy
from django_otp.plugins.otp_totp.models import TOTPDevice

from bihuan.audit.actor import Actor
from bihuan.core import access
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.orgs.codes import digest
from bihuan.orgs.models import Delegation, Grant, Post, Token, Unit, UnitLink, User
from bihuan.web.prepared import Question


@dataclass(frozen=True, slots=True)
class Sight:
    """What one account sees on one day. Making it costs one query; the sets are subqueries."""

    user_id: int | None
    today: date
    roles: frozenset[str]

    @property
    def units(self) -> "QuerySet[UnitLink, int]":
        """Return the ids of the units whose tasks are seen, as a subquery; organisations are among them."""
        return _below(_roots(self.user_id, self.today, access.STEPS["read"]))

    @property
    def directory(self) -> "QuerySet[UnitLink, int]":
        """Return the ids of the units that are seen with their people, administrators' too, as a subquery."""
        return _below(_roots(self.user_id, self.today, access.ROLES))

    @property
    def organisations(self) -> "QuerySet[UnitLink, int]":
        """Return the ids of the organisations whose every object is seen, as a subquery."""
        return self.units.filter(descendant__kind="organisation")

    def managed(self, step: str) -> "QuerySet[UnitLink, int]":
        """Return the ids of the units in which this account may do `step` of the directory, as a subquery.

        What was handed over to an administrator is no longer the office's.
        """
        own = running_grants(self.user_id, self.today).filter(role__in=access.STEPS[step])
        administrator = access.HANDED_OVER.get(step)
        if administrator is None:
            return _below(own.values("unit_id"))
        theirs = running_grants(None, self.today, anybody=True).filter(role=administrator)
        handed = UnitLink.objects.filter(ancestor__in=theirs.values("unit_id")).values("descendant_id")
        office = Q(ancestor__in=own.filter(role=access.OFFICE).values("unit_id"))
        admin = Q(ancestor__in=own.filter(role=administrator).values("unit_id"))
        rows = UnitLink.objects.filter(admin | (office & ~Q(descendant__in=handed)))
        return rows.values_list("descendant_id", flat=True)

    @property
    def writable(self) -> "QuerySet[UnitLink, int]":
        """Return the ids of the units in which this account holds the office, as a subquery."""
        return _below(running_grants(self.user_id, self.today).filter(role=access.OFFICE).values("unit_id"))

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

    def recorded(self, organisation: str, *, kind: str) -> Q:
        """Return the predicate of what the record of changes shows: by the organisation under which it is filed.

        Events of `access.RESTRICTED` kinds are shown only to the roles that may read the objects themselves.
        """
        here = _below(_roots(self.user_id, self.today, access.STEPS["read"] | access.STEPS["record"]))
        open_ = Q(**{f"{organisation}__in": here}) & ~Q(**{f"{kind}__in": sorted(access.RESTRICTED)})
        trusted = _below(_roots(self.user_id, self.today, access.STEPS["restricted"]))
        return open_ | Q(**{f"{organisation}__in": trusted})

    def listed(self, unit: str) -> Q:
        """Return the predicate of what the directory shows of the units at `unit`."""
        return Q(**{f"{unit}__in": self.directory})


class Term(Protocol):
    """What holds from one day, perhaps to another: a post, a grant, a delegation."""

    @property
    def starts_on(self) -> date:
        """Return the first day."""

    @property
    def ends_on(self) -> date | None:
        """Return the last day, None while there is none."""


def running(prefix: str, today: date) -> Q:
    """Return the predicate that the dates at `prefix` include `today`."""
    return Q(**{f"{prefix}starts_on__lte": today}) & (
        Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": today})
    )


def in_place(prefix: str) -> OrderBy:
    """Return the term that orders by the place of the post at `prefix` in its unit; posts without one come last."""
    return F(f"{prefix}place__position").asc(nulls_last=True)


def running_grants(user_id: int | None, today: date, *, anybody: bool = False) -> QuerySet[Grant]:
    """Return the grants of an account that is not disabled, or of `anybody`, running today on posts running today."""
    rows = Grant.objects.filter(running("", today), running("post__", today), post__person__is_active=True)
    return (rows if anybody else rows.filter(post__person_id=user_id)).order_by()


def running_delegations(user_id: int | None, today: date, *, anybody: bool = False) -> QuerySet[Delegation]:
    """Return what others lend to an account, or to `anybody`, today: delegation, grant, both posts and accounts run."""
    rows = Delegation.objects.filter(
        running("", today),
        running("post__", today),
        running("grant__", today),
        running("grant__post__", today),
        post__person__is_active=True,
        grant__post__person__is_active=True,
        grant__role__in=access.DELEGABLE,
    )
    return (rows if anybody else rows.filter(post__person_id=user_id)).order_by()


def held_grants(user_id: int | None, today: date) -> QuerySet[Grant]:
    """Return the account's running grants and those that are lent to it today."""
    own = running_grants(user_id, today).values("pk")
    lent = running_delegations(user_id, today).values("grant_id")
    return Grant.objects.filter(pk__in=own.union(lent)).order_by()


def sight(user: User | None, today: date) -> Sight:
    """Return what `user` sees today; nobody and a disabled account see nothing. One query."""
    if user is None or not user.is_active:
        return Sight(user_id=None, today=today, roles=frozenset())
    roles = held_grants(user.pk, today).values_list("role", flat=True).distinct()
    return Sight(user_id=user.pk, today=today, roles=frozenset(roles))


def _roots(user_id: int | None, today: date, roles: Collection[str]) -> "QuerySet[Grant, Any]":
    """Return the units of the grants of these roles, own and lent; what is lent may be less than the grant."""
    own = running_grants(user_id, today).filter(role__in=roles).values("unit_id")
    lent = running_delegations(user_id, today).filter(grant__role__in=roles).values("unit_id")
    return own.union(lent)


def _below(roots: "QuerySet[Grant, Any]") -> "QuerySet[UnitLink, int]":
    return UnitLink.objects.filter(ancestor__in=roots).values_list("descendant_id", flat=True)


def _held(user_id: int) -> QuerySet[Grant]:
    rows = Grant.objects.filter(post__person_id=user_id, post__person__is_active=True)
    return rows.select_related("post").order_by()


SUPERIORS = Q(role=access.SUPERIOR)
HELD = Question(_held)
HELD_AT = Question(lambda user_id, units: _held(user_id).filter(unit_id__in=units))
ABOVE = Question(lambda unit: UnitLink.objects.filter(descendant_id=unit).values_list("ancestor_id"))


def holdings(user_id: int | None, *, above: Iterable[int] | None = None) -> list[access.Holding]:
    """Return an account's grants with the days on which grant and post both run; only those at `above`."""
    if user_id is None:
        return []
    rows = HELD.rows(user_id) if above is None else HELD_AT.rows(user_id, tuple(sorted(set(above))))
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
    return [ancestor for (ancestor,) in ABOVE.rows(unit_id)]


def why_not(step: str, user_id: int | None, unit_id: int, *, today: date) -> str | None:
    """Return None when the account may do `step` in the unit today, else the reason.

    Two queries; three for what administrators take over.
    """
    roots = above(unit_id)
    appointed: Collection[str] = ()
    if (administrator := access.HANDED_OVER.get(step)) is not None:
        there = running_grants(None, today, anybody=True).filter(role=administrator, unit__in=roots)
        appointed = (administrator,) if there.exists() else ()
    held = holdings(user_id, above=roots)
    return access.why_not(step, held, above=roots, today=today, appointed=appointed)


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
    return Unit.objects.filter(pk__in=seen.directory).select_related("parent")


def people_seen(seen: Sight) -> QuerySet[User]:
    """Return everybody who holds or held a post in a unit in sight, and the person who asks."""
    posts = Post.objects.filter(person=OuterRef("pk"), unit__in=seen.directory)
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


TOKEN = Question(
    lambda sha256, today: Token.objects.select_related("user").filter(
        sha256=sha256, revoked_at=None, expires_on__gte=today, user__is_active=True
    )
)


def token_for(secret: str, today: date) -> Token | None:
    """Return the token of this secret with its owner, while both work; None in every other case."""
    return TOKEN.first(digest(secret), today)


def post_for(user: User, post_id: int, today: date) -> Post:
    """Return a post in a unit that `user` sees.

    :raises NotVisible: when there is none, or none for this person.
    """
    seen = sight(user, today)
    found = Post.objects.filter(seen.listed("unit"), pk=post_id).select_related("unit", "person").first()
    if found is None:
        raise NotVisible("orgs.post-not-found")
    return found


def grant_for(user: User, grant_id: int, today: date) -> Grant:
    """Return a grant over a unit that `user` sees, or one of a superior's post in a unit in sight.

    :raises NotVisible: when there is none, or none for this person.
    """
    seen = sight(user, today)
    found = (
        Grant.objects.filter(seen.listed("unit") | (SUPERIORS & seen.listed("post__unit")), pk=grant_id)
        .select_related("unit", "post__person", "post__unit")
        .first()
    )
    if found is None:
        raise NotVisible("orgs.grant-not-found")
    return found


def units_managed(user: User, today: date, step: str = "manage") -> QuerySet[Unit]:
    """Return the open units in which `user` may do `step` of the directory."""
    return Unit.objects.filter(pk__in=sight(user, today).managed(step), is_active=True)


def managed_ids(user_id: int | None, today: date, step: str = "manage") -> frozenset[int]:
    """Return the ids of the units in which the account may do `step` of the directory."""
    return frozenset(Sight(user_id=user_id, today=today, roles=frozenset()).managed(step))


def outside(user_id: int | None, person: User, today: date) -> bool:
    """Tell whether `person` holds a post or grant today in a unit whose accounts the account does not manage.

    Somebody without any post today is told by the posts held before.
    """
    here = running("", today)
    units = set(Post.objects.filter(here, person=person).values_list("unit_id", flat=True))
    units |= set(Grant.objects.filter(here, post__person=person).values_list("unit_id", flat=True))
    if not units:
        units = set(Post.objects.filter(person=person).values_list("unit_id", flat=True))
    mine = Sight(user_id=user_id, today=today, roles=frozenset()).managed("accounts")
    return not units or len(units) > len(set(mine.filter(descendant__in=units)))


def require_person(user: User, person: User, today: date) -> None:
    """Let whoever manages the accounts of every post of `person` pass.

    :raises NotAllowed: for everybody else.
    """
    require_any(user, today, "accounts")
    if outside(user.pk, person, today):
        raise NotAllowed("orgs.person-outside", person=person.name)


def require_any(user: User, today: date, step: str = "manage") -> None:
    """Let everybody pass who may do `step` of the directory somewhere.

    :raises NotAllowed: for everybody else.
    """
    roles = sight(user, today).roles
    if not roles & access.STEPS[step]:
        raise NotAllowed("orgs.role-missing")
    if not Sight(user.pk, today, roles).managed(step).exists():
        raise NotAllowed(f"orgs.{step}-handed-over")
