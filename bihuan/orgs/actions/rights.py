"""Who takes over: the first appointment of the three administrators, and the order of substitutes of each role."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core import access
from bihuan.orgs import queries
from bihuan.orgs.actions.people import new_grant
from bihuan.orgs.actions.units import filed, lock_trees, require_manage
from bihuan.orgs.models import Grant, Post, Substitute, Unit, User
from bihuan.orgs.refusals import StepRefused, WrongInput

#: Roles that decide something and so may need somebody in their place.
DECIDING = (access.UNIT_HEAD, access.LEADER, access.SUPERVISION, access.LEADING_GROUP, access.SUPERIOR)
ADMINISTRATORS = (access.SYSTEM_ADMIN, access.SECURITY_ADMIN, access.AUDIT_ADMIN)
MOST = 20


@transaction.atomic
def appoint_administrators(
    organisation: Unit, *, posts: Mapping[str, Post], starts_on: date, actor: Actor
) -> list[Grant]:
    """Appoint all three administrators of an organisation at once; from `starts_on` its office hands over to them.

    :raises StepRefused: when one of them is appointed already, or a person may not hold the role.
    :raises WrongInput: when not exactly the three roles are named, one person twice, or a day has passed.
    """
    for step in access.HANDED_OVER:
        require_manage(actor, organisation, step)
    lock_trees(organisation.pk)
    if set(posts) != set(ADMINISTRATORS):
        raise WrongInput("orgs.three-administrators")
    if starts_on < actor.today:
        raise WrongInput("orgs.starts-in-the-past", field="starts_on")
    people = [posts[role].person_id for role in ADMINISTRATORS]
    for n, role in enumerate(ADMINISTRATORS):
        if people.index(people[n]) < n:
            raise WrongInput("orgs.two-administrators", field=role, person=posts[role].person.name,
                             unit=organisation.name)  # fmt: skip
        if not posts[role].person.is_active:
            raise WrongInput("orgs.person-disabled", field=role, person=posts[role].person.name)
    standing = queries.administrators_of(organisation.pk, actor.today)
    if standing:
        raise StepRefused("orgs.administrators-appointed", unit=organisation.name)
    made = [
        new_grant(posts[role], role=role, unit=organisation, starts_on=starts_on) for role in ADMINISTRATORS
    ]
    record(actor=filed(actor, organisation), action="administrators.appointed", created=made)
    return made


@transaction.atomic
def set_substitutes(
    organisation: Unit, *, role: str, people: Sequence[User], actor: Actor
) -> list[Substitute]:
    """Set who decides, in this order, when whoever holds `role` in the organisation may not; empty takes it back.

    :raises WrongInput: for a role that decides nothing, one person twice, or one who is not of the organisation.
    """
    require_manage(actor, organisation, "rights")
    organisation = Unit.objects.select_for_update().get(pk=organisation.pk)
    if role not in DECIDING:
        raise WrongInput("orgs.role-unknown", field="role", role=role)
    if len(people) > MOST:
        raise WrongInput("orgs.substitutes-many", field="people", most=MOST)
    _check_people(organisation, people, actor.today)
    before = list(Substitute.objects.filter(organisation=organisation, role=role))
    if [one.person_id for one in before] == [person.pk for person in people]:
        return before
    wanted = {person.pk: place for place, person in enumerate(people, 1)}
    kept = [one for one in before if one.person_id in wanted]
    moved = [one for one in kept if one.position != wanted[one.person_id]]
    gone = [one for one in before if one.person_id not in wanted]
    for one in moved:
        one.position = wanted[one.person_id]
    Substitute.objects.bulk_update(moved, ["position"])
    standing = {one.person_id for one in kept}
    made = [
        Substitute.objects.create(organisation=organisation, role=role, person_id=pk, position=place)
        for pk, place in wanted.items()
        if pk not in standing
    ]
    record(
        actor=filed(actor, organisation),
        action="substitutes.set",
        created=made,
        changed=[(one, ["position"]) for one in moved],
        removed=gone,
    )
    Substitute.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return sorted([*kept, *made], key=lambda one: one.position)


def _check_people(organisation: Unit, people: Sequence[User], today: date) -> None:
    ids = [person.pk for person in people]
    near = Q(unit__links_up__ancestor=organisation) | Q(unit__in=queries.above(organisation.pk))
    posts = Post.objects.filter(near, queries.running("", today), person__in=ids)
    here = set(posts.values_list("person_id", flat=True))
    admins = set(
        Grant.objects.filter(
            queries.running("", today), role__in=access.ADMINISTRATORS, post__person__in=ids
        ).values_list("post__person_id", flat=True)
    )
    for n, person in enumerate(people):
        if person.pk in ids[:n]:
            raise WrongInput("orgs.substitute-twice", field="people", person=person.name)
        if person.pk in admins:
            raise WrongInput("orgs.substitute-administrator", field="people", person=person.name)
        if person.pk not in here or not person.is_active:
            raise WrongInput("orgs.substitute-outside", field="people", person=person.name)
