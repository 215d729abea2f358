"""People with posts and grants: what the office does; each step one sealed event per object."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core import access
from bihuan.core.refusal import NotAllowed
from bihuan.orgs import queries, sessions
from bihuan.orgs.actions.accounts import drop_devices, new_code
from bihuan.orgs.actions.apart import FOREVER, Held, keep_apart
from bihuan.orgs.actions.units import filed, lock_trees, require_manage
from bihuan.orgs.codes import tidy_username
from bihuan.orgs.models import Grant, Post, Token, Unit, User
from bihuan.orgs.refusals import StepRefused, WrongInput


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """What the office fills in for a new person; `role` may be empty: a person without an own grant."""

    name: str
    username: str
    title: str
    starts_on: date
    role: str = ""
    email: str = ""


@transaction.atomic
def create_person(unit: Unit, *, draft: PersonDraft, actor: Actor) -> tuple[User, str]:
    """Create an account with a first post in `unit`, and return it with its start code, shown once.

    The role, where one is given, holds over `unit` and all below it.

    :raises WrongInput: when the account's name is taken or unusable.
    """
    require_manage(actor, unit, "accounts")
    if draft.role:
        require_manage(actor, unit, "rights")
    user = User(
        username=tidy_username(draft.username),
        name=draft.name.strip(),
        email=draft.email.strip(),
        created_at=actor.at,
        must_change_password=True,
    )
    _check_person(user)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as taken:
        raise WrongInput("orgs.username-taken", field="username", username=user.username) from taken
    post = _new_post(user, unit=unit, title=draft.title, starts_on=draft.starts_on)
    created: list[Post | Grant] = [post]
    if draft.role:
        created.append(new_grant(post, role=draft.role, unit=unit, starts_on=draft.starts_on))
    record(actor=filed(actor, unit), action="person.created", created=[user, *created])
    secret = new_code(user, purpose="start", actor=filed(actor, unit))
    return user, secret


@transaction.atomic
def edit_person(person: User, *, name: str, email: str, actor: Actor) -> User:
    """Change a person's name or e-mail address; the name of the account stays.

    :raises NotAllowed: when the person holds a post outside the office's units.
    """
    person = _managed(person, actor)
    wanted = {"name": name.strip(), "email": email.strip()}
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, wanted[field])
    if not changed:
        return person
    _check_person(person)
    person.save(update_fields=changed)
    record(actor=_filed_for(person, actor), action="person.edited", changed=[(person, changed)])
    return person


@transaction.atomic
def add_post(
    person: User, *, unit: Unit, title: str, starts_on: date, ends_on: date | None = None, actor: Actor
) -> Post:
    """Give a person a post in a unit, from one day and perhaps to another."""
    require_manage(actor, unit, "accounts")
    person = User.objects.select_for_update().get(pk=person.pk)
    post = _new_post(person, unit=unit, title=title, starts_on=starts_on, ends_on=ends_on)
    record(actor=filed(actor, unit), action="post.given", created=[post])
    return post


@transaction.atomic
def end_post(post: Post, *, ends_on: date, actor: Actor) -> Post:
    """End a post after the day `ends_on`; its grants end with it. The day before its start: it never ran.

    :raises StepRefused: when nobody would hold the office any more.
    """
    post = Post.objects.select_for_update().select_related("unit", "person").get(pk=post.pk)
    require_manage(actor, post.unit, "accounts")
    check_end(post.starts_on, post.ends_on, ends_on)
    _keep_an_office(Grant.objects.filter(post=post), actor=actor, after=ends_on)
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    record(actor=filed(actor, post.unit), action="post.ended", changed=[(post, ["ends_on"])])
    return post


@transaction.atomic
def give_grant(
    post: Post, *, role: str, unit: Unit, starts_on: date, ends_on: date | None = None, actor: Actor
) -> Grant:
    """Give a post a role over a unit and all below it; the actor must manage the rights in both units.

    A superior body that acts over a unit already appoints its further people there by itself: whoever keeps the
    rights at the post gives the role of the superior, and no other.

    :raises WrongInput: for an unknown role or days in the wrong order.
    :raises StepRefused: when the post already carries this role here, or the account may not have both.
    """
    post = Post.objects.select_for_update().select_related("unit", "person").get(pk=post.pk)
    require_manage(actor, post.unit, "rights")
    if role != access.SUPERIOR or not queries.overseen(post, actor.today).filter(pk=unit.pk).exists():
        require_manage(actor, unit, "rights")
    elif actor.user_id == post.person_id:
        raise NotAllowed("orgs.appoint-self")
    if Grant.objects.filter(queries.running("", starts_on), post=post, role=role, unit=unit).exists():
        raise StepRefused("orgs.grant-twice", unit=unit.name)
    grant = new_grant(post, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on)
    record(actor=filed(actor, unit), action="grant.given", created=[grant])
    return grant


@transaction.atomic
def end_grant(grant: Grant, *, ends_on: date, actor: Actor) -> Grant:
    """End a grant after the day `ends_on`. The day before its start: it never ran.

    :raises StepRefused: when nobody would hold the office any more.
    """
    grant = Grant.objects.select_for_update().select_related("unit", "post").get(pk=grant.pk)
    require_manage(actor, queries.kept_at(grant, actor.user_id, actor.today), "rights")
    check_end(grant.starts_on, grant.ends_on, ends_on)
    _keep_an_office([grant], actor=actor, after=ends_on)
    grant.ends_on = ends_on
    grant.save(update_fields=["ends_on"])
    record(actor=filed(actor, grant.unit), action="grant.ended", changed=[(grant, ["ends_on"])])
    return grant


@transaction.atomic
def disable_person(person: User, *, reason: str, actor: Actor) -> User:
    """Disable an account at once: its sessions and tokens end in the same transaction.

    :raises NotAllowed: for oneself, for a person outside the office's units, for the last of the office.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    grants = list(queries.running_grants(person.pk, actor.today))
    lock_trees(*(grant.unit_id for grant in grants))
    refusal = access.why_not_disable(
        is_self=actor.user_id == person.pk,
        is_last_office=not _office_left(grants, after=actor.today),
        outside=_outside(person, actor),
    )
    if refusal:
        raise NotAllowed(refusal, person=person.name)
    if not person.is_active:
        raise StepRefused("orgs.person-disabled-already", person=person.name)
    person.is_active = False
    person.save(update_fields=["is_active"])
    sessions.end_all(person.pk, actor.at)
    tokens = list(Token.objects.select_for_update().filter(user=person, revoked_at=None))
    for token in tokens:
        token.revoked_at = actor.at
    Token.objects.bulk_update(tokens, ["revoked_at"])
    record(
        actor=_filed_for(person, actor),
        action="person.disabled",
        changed=[(person, ["is_active"]), *((token, ["revoked_at"]) for token in tokens)],
        reason=reason,
    )
    return person


@transaction.atomic
def enable_person(person: User, *, reason: str, actor: Actor) -> User:
    """Enable a disabled account; its password stays, its tokens stay revoked."""
    person = _managed(person, actor)
    if person.is_active:
        raise StepRefused("orgs.person-enabled-already", person=person.name)
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(
        actor=_filed_for(person, actor),
        action="person.enabled",
        changed=[(person, ["is_active"])],
        reason=reason,
    )
    return person


@transaction.atomic
def issue_reset(person: User, *, without_totp: bool = False, actor: Actor) -> str:
    """Return a one-time code, shown once, with which the person sets a new password within a day.

    `without_totp` also switches the second step off, for a lost phone.
    """
    person = _managed(person, actor)
    if actor.user_id == person.pk:
        raise NotAllowed("orgs.reset-self")
    if not person.is_active:
        raise StepRefused("orgs.person-disabled", person=person.name)
    if without_totp:
        drop_devices(person, actor=_filed_for(person, actor))
    return new_code(person, purpose="reset", actor=_filed_for(person, actor))


def _managed(person: User, actor: Actor) -> User:
    """Lock the person and refuse when the office does not manage every post and grant of it."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if _outside(person, actor):
        handed = queries.managed_ids(actor.user_id, actor.today) - queries.managed_ids(
            actor.user_id, actor.today, "accounts"
        )
        raise NotAllowed("orgs.accounts-handed-over" if handed else "orgs.person-outside", person=person.name)
    return person


def _outside(person: User, actor: Actor) -> bool:
    """Tell whether the person holds a post or grant today in a unit which the actor does not manage."""
    if actor.user_id is None and actor.label.startswith("console:"):
        return False
    return queries.outside(actor.user_id, person, actor.today)


def _filed_for(person: User, actor: Actor) -> Actor:
    post = Post.objects.filter(person=person).order_by("-starts_on").first()
    return filed(actor, post.unit_id) if post else actor


def _check_person(user: User) -> None:
    if not user.name:
        raise WrongInput("orgs.person-without-name", field="name")
    if not user.username or any(sign.isspace() or not sign.isprintable() for sign in user.username):
        raise WrongInput("orgs.username-unusable", field="username")
    if User.objects.filter(username=user.username).exclude(pk=user.pk).exists():
        raise WrongInput("orgs.username-taken", field="username", username=user.username)


def _new_post(person: User, *, unit: Unit, title: str, starts_on: date, ends_on: date | None = None) -> Post:
    if not title.strip():
        raise WrongInput("orgs.post-without-title", field="title")
    if not unit.is_active:
        raise StepRefused("orgs.unit-is-closed", unit=unit.name)
    if ends_on is not None and ends_on < starts_on:
        raise WrongInput("orgs.ends-before-start", field="ends_on")
    return Post.objects.create(
        person=person, unit=unit, title=title.strip(), starts_on=starts_on, ends_on=ends_on
    )


def new_grant(post: Post, *, role: str, unit: Unit, starts_on: date, ends_on: date | None = None) -> Grant:
    """Give a post a role that its account may have; the caller has checked who asks, and seals."""
    if role not in access.ROLES:
        raise WrongInput("orgs.role-unknown", field="role", role=role)
    if ends_on is not None and ends_on < starts_on:
        raise WrongInput("orgs.ends-before-start", field="ends_on")
    person = User.objects.select_for_update().get(pk=post.person_id)
    keep_apart(person, Held(role, unit.pk, starts_on, ends_on or FOREVER))
    return Grant.objects.create(post=post, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on)


def check_end(starts_on: date, ended_on: date | None, ends_on: date) -> None:
    """Refuse a last day before the day before the first, or later than the one that stands."""
    if ends_on < starts_on - timedelta(days=1):
        raise WrongInput("orgs.ends-before-start", field="ends_on")
    if ended_on is not None and ended_on < ends_on:
        raise WrongInput("orgs.ended-already", field="ends_on", ended=ended_on.isoformat())


def _keep_an_office(going: Iterable[Grant], *, actor: Actor, after: date) -> None:
    """Refuse to end grants when a unit would be left without anybody holding its office."""
    going = list(going)
    lock_trees(*(grant.unit_id for grant in going))
    running = [grant for grant in going if grant.ends_on is None or grant.ends_on >= actor.today]
    if not _office_left(running, after=max(after, actor.today)):
        raise StepRefused("orgs.last-office")


def _office_left(going: Iterable[Grant], *, after: date) -> bool:
    """Tell whether each unit whose office goes is still under somebody's office the day after `after`."""
    going = list(going)
    left = Grant.objects.filter(
        queries.running("", after + timedelta(days=1)),
        queries.running("post__", after + timedelta(days=1)),
        role=access.OFFICE,
        post__person__is_active=True,
    ).exclude(pk__in=[grant.pk for grant in going])
    return all(
        left.filter(unit__links_down__descendant=grant.unit_id).exists()
        for grant in going
        if grant.role == access.OFFICE
    )
