"""The leading and the supervision group: founding, changing, dissolving, and who sits in them from when to when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.founding import HEAD, SEATS
from bihuan.orgs import queries
from bihuan.orgs.actions.people import check_end
from bihuan.orgs.actions.units import filed, require_manage
from bihuan.orgs.models import Group, Membership, Unit, User
from bihuan.orgs.refusals import StepRefused, WrongInput

KINDS = ("leading", "supervision")
FIELDS = (
    "name", "founded_on", "document_number", "addressee", "basis", "duties", "office_name", "office_unit",
    "office_duties",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A seat: `person` of the directory, or only a `name`; without `starts_on` from the founding day."""

    seat: str
    name: str = ""
    title: str = ""
    person: User | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def found_group(organisation: Unit, *, kind: str, values: Mapping[str, Any], actor: Actor) -> Group:
    """Found a group of an organisation.

    :raises WrongInput: for an unknown kind or no name.
    :raises StepRefused: while one of this kind stands, or for a unit that is no organisation.
    """
    require_manage(actor, organisation)
    organisation = Unit.objects.select_for_update().get(pk=organisation.pk)
    if kind not in KINDS:
        raise WrongInput("orgs.group-kind", field="kind", kind=kind)
    if organisation.kind != "organisation":
        raise StepRefused("orgs.group-no-organisation", unit=organisation.name)
    standing = Group.objects.filter(organisation=organisation, kind=kind, ended_on=None).first()
    if standing is not None:
        raise StepRefused("orgs.group-stands", group=standing.name)
    group = Group(organisation=organisation, kind=kind, **_tidy(values))
    _check(group)
    group.save()
    record(actor=filed(actor, organisation), action="group.founded", created=[group])
    return group


@transaction.atomic
def edit_group(group: Group, *, values: Mapping[str, Any], actor: Actor) -> Group:
    """Change what a group is called and what its notice says; what is equal stays unrecorded."""
    group = _locked(group, actor)
    wanted = _tidy(values)
    changed = [field for field in FIELDS if field in wanted and getattr(group, field) != wanted[field]]
    for field in changed:
        setattr(group, field, wanted[field])
    if not changed:
        return group
    _check(group)
    early = group.memberships.filter(starts_on__lt=group.founded_on).order_by("starts_on").first()
    if early is not None:
        raise WrongInput("orgs.group-founded-later", field="founded_on", member=early.name,
                         first=early.starts_on.isoformat())  # fmt: skip
    group.save(update_fields=changed)
    record(actor=filed(actor, group.organisation_id), action="group.edited", changed=[(group, changed)])
    return group


@transaction.atomic
def dissolve_group(group: Group, *, ends_on: date, reason: str, actor: Actor) -> Group:
    """Dissolve a group after the day `ends_on`; every seat ends with it."""
    group = _locked(group, actor)
    check_end(group.founded_on, group.ended_on, ends_on)
    group.ended_on = ends_on
    group.save(update_fields=["ended_on"])
    seats = [one for one in group.memberships.all() if one.ends_on is None or one.ends_on > ends_on]
    for one in seats:
        one.ends_on = ends_on
    Membership.objects.bulk_update(seats, ["ends_on"])
    record(
        actor=filed(actor, group.organisation_id),
        action="group.dissolved",
        changed=[(group, ["ended_on"]), *((one, ["ends_on"]) for one in seats)],
        reason=reason.strip(),
    )
    return group


@transaction.atomic
def add_member(group: Group, *, draft: MemberDraft, actor: Actor) -> Membership:
    """Give a seat in a group.

    :raises WrongInput: for an unknown seat, nobody's name, or days in the wrong order.
    :raises StepRefused: when the person sits there already, or the group has a head at that time.
    """
    group = _locked(group, actor)
    first = draft.starts_on or group.founded_on
    _check_member(group, draft, first)
    last = group.memberships.aggregate(last=Max("position"))["last"] or 0
    made = Membership.objects.create(
        group=group,
        person=draft.person,
        name=draft.person.name if draft.person else draft.name.strip(),
        title=draft.title.strip(),
        seat=draft.seat,
        position=last + 1,
        starts_on=first,
        ends_on=draft.ends_on,
    )
    record(actor=filed(actor, group.organisation_id), action="group.seat-given", created=[made])
    return made


@transaction.atomic
def end_member(membership: Membership, *, ends_on: date, actor: Actor) -> Membership:
    """End a seat after the day `ends_on`; the day before its start: it was never taken."""
    membership = Membership.objects.select_for_update().select_related("group").get(pk=membership.pk)
    require_manage(actor, membership.group.organisation_id)
    check_end(membership.starts_on, membership.ends_on, ends_on)
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    record(
        actor=filed(actor, membership.group.organisation_id),
        action="group.seat-ended",
        changed=[(membership, ["ends_on"])],
    )
    return membership


def _locked(group: Group, actor: Actor) -> Group:
    group = Group.objects.select_for_update().get(pk=group.pk)
    require_manage(actor, group.organisation_id)
    if group.ended_on is not None:
        raise StepRefused("orgs.group-dissolved", group=group.name)
    return group


def _tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field: value.strip() if isinstance(value, str) else value
        for field, value in values.items()
        if field in FIELDS
    }


def _check(group: Group) -> None:
    if not group.name:
        raise WrongInput("orgs.group-without-name", field="name")
    if group.office_unit is not None and group.organisation_id not in queries.above(group.office_unit.pk):
        raise WrongInput("orgs.group-office-outside", field="office_unit", unit=group.office_unit.name)


def _check_member(group: Group, draft: MemberDraft, first: date) -> None:
    if draft.seat not in SEATS:
        raise WrongInput("orgs.seat-unknown", field="seat", seat=draft.seat)
    if draft.person is None and not draft.name.strip():
        raise WrongInput("orgs.member-without-name", field="name")
    if first < group.founded_on:
        raise WrongInput("orgs.member-before-group", field="starts_on", first=group.founded_on.isoformat())
    if draft.ends_on is not None and draft.ends_on < first:
        raise WrongInput("orgs.ends-before-start", field="ends_on")
    there = [
        one
        for one in group.memberships.filter(seat=draft.seat)
        if one.starts_on <= (draft.ends_on or date.max) and first <= (one.ends_on or date.max)
    ]
    name = draft.person.name if draft.person else draft.name.strip()
    same = [
        one for one in there
        if (one.person_id == draft.person.pk if draft.person else one.person_id is None and one.name == name)
    ]  # fmt: skip
    if same:
        raise StepRefused("orgs.member-twice", person=name, group=group.name)
    if draft.seat == HEAD and there:
        raise StepRefused("orgs.group-has-head", person=there[0].name, group=group.name)
