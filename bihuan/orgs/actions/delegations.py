"""Delegation for some days: a grant of the principal is lent to another person's post, never wider or longer.

A delegation cannot be delegated on: what is lent is always somebody's own grant.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core import access
from bihuan.core.refusal import NotAllowed
from bihuan.orgs import queries
from bihuan.orgs.actions.apart import Held, keep_apart
from bihuan.orgs.actions.people import check_end
from bihuan.orgs.actions.units import filed
from bihuan.orgs.models import Delegation, Grant, Post, Unit, UnitLink, User
from bihuan.orgs.refusals import StepRefused, WrongInput


@dataclass(frozen=True, slots=True)
class DelegationDraft:
    """What is lent: over `unit` (the grant's or one below it), from one day to another, both included."""

    unit: Unit
    starts_on: date
    ends_on: date
    reason: str


@transaction.atomic
def delegate(grant: Grant, *, post: Post, draft: DelegationDraft, actor: Actor) -> Delegation:
    """Lend `grant` to the person of `post`; the principal does it, or whoever manages the rights.

    :raises NotAllowed: for everybody else, a delegate among them.
    :raises WrongInput: for days in the wrong order, in the past or longer than the grant; for a wider unit.
    :raises StepRefused: when the role is not lent, or the person may not have it.
    """
    people = sorted({grant.post.person_id, post.person_id})
    list(User.objects.select_for_update().filter(pk__in=people).order_by("pk"))
    grant = Grant.objects.select_for_update().select_related("post__person", "unit").get(pk=grant.pk)
    post = Post.objects.select_related("person", "unit").get(pk=post.pk)
    _require(grant, actor)
    _check_role(grant, post)
    _check_days(grant, post, draft, actor.today)
    if not UnitLink.objects.filter(ancestor=grant.unit_id, descendant=draft.unit).exists():
        raise WrongInput("orgs.delegation-wider", field="unit", unit=draft.unit.name, grant=grant.unit.name)
    same = Delegation.objects.filter(grant=grant, post__person=post.person_id, unit=draft.unit)
    if same.filter(starts_on__lte=draft.ends_on, ends_on__gte=draft.starts_on).exists():
        raise StepRefused("orgs.delegation-twice", person=post.person.name, unit=draft.unit.name)
    keep_apart(post.person, Held(grant.role, draft.unit.pk, draft.starts_on, draft.ends_on))
    made = Delegation.objects.create(
        grant=grant,
        post=post,
        unit=draft.unit,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        reason=draft.reason.strip(),
    )
    record(actor=filed(actor, grant.unit_id), action="delegation.made", created=[made], reason=made.reason)
    return made


@transaction.atomic
def end_delegation(delegation: Delegation, *, ends_on: date, reason: str, actor: Actor) -> Delegation:
    """End a delegation early, after the day `ends_on`; the day before its start: it never ran.

    :raises NotAllowed: for everybody but the principal and whoever manages the rights.
    """
    delegation = (
        Delegation.objects.select_for_update()
        .select_related("grant__post__person", "grant__unit")
        .get(pk=delegation.pk)
    )
    _require(delegation.grant, actor)
    check_end(delegation.starts_on, delegation.ends_on, ends_on)
    if ends_on == delegation.ends_on:
        raise WrongInput("orgs.ended-already", field="ends_on", ended=ends_on.isoformat())
    delegation.ends_on = ends_on
    delegation.save(update_fields=["ends_on"])
    record(
        actor=filed(actor, delegation.grant.unit_id),
        action="delegation.ended",
        changed=[(delegation, ["ends_on"])],
        reason=reason.strip(),
    )
    return delegation


def _require(grant: Grant, actor: Actor) -> None:
    """Let the principal pass while the grant runs, and whoever manages the rights.

    :raises NotAllowed: for everybody else; a delegate is told that a delegation is not passed on.
    """
    if actor.user_id == grant.post.person_id:
        return
    lent = queries.running_delegations(actor.user_id, actor.today).filter(grant=grant)
    why = None
    try:
        queries.require_actor("rights", actor, grant.unit_id)
    except NotAllowed as refusal:
        why = refusal
    if why is not None:
        raise NotAllowed("orgs.delegation-chain") if lent.exists() else why


def _check_role(grant: Grant, post: Post) -> None:
    if grant.role not in access.DELEGABLE:
        raise StepRefused("orgs.delegation-role", role=grant.role)
    if grant.post.person_id == post.person_id:
        raise StepRefused("orgs.delegation-self", person=post.person.name)
    for person in (grant.post.person, post.person):
        if not person.is_active:
            raise StepRefused("orgs.person-disabled", person=person.name)
    here, there = queries.organisation_of(grant.unit_id), queries.organisation_of(post.unit_id)
    if here is not None and (there is None or there.pk not in queries.above(here.pk)):
        raise StepRefused("orgs.delegation-outside", person=post.person.name, unit=here.name)


def _check_days(grant: Grant, post: Post, draft: DelegationDraft, today: date) -> None:
    if not draft.reason.strip():
        raise WrongInput("orgs.reason-missing", field="reason")
    if draft.ends_on < draft.starts_on:
        raise WrongInput("orgs.ends-before-start", field="ends_on")
    if draft.starts_on < today:
        raise WrongInput("orgs.delegation-past", field="starts_on")
    _check_within(draft, grant, "orgs.delegation-early", "orgs.delegation-longer")
    _check_within(draft, grant.post, "orgs.delegation-early", "orgs.delegation-longer")
    _check_within(draft, post, "orgs.delegation-post-early", "orgs.delegation-post-ends")


def _check_within(draft: DelegationDraft, term: queries.Term, early: str, late: str) -> None:
    if draft.starts_on < term.starts_on:
        raise WrongInput(early, field="starts_on", first=term.starts_on.isoformat())
    if term.ends_on is not None and draft.ends_on > term.ends_on:
        raise WrongInput(late, field="ends_on", last=term.ends_on.isoformat())
