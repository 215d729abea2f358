"""The order in which papers and lists name people: of the seats in a group, of the posts in a unit."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.orgs.actions.units import filed, require_manage
from bihuan.orgs.models import Group, Membership, Post, PostPlace, Unit
from bihuan.orgs.refusals import StepRefused, WrongInput


@transaction.atomic
def order_members(group: Group, *, order: Sequence[int], actor: Actor) -> int:
    """Set the order of a group's seats, earlier ones too; return how many moved.

    :raises WrongInput: when `order` does not name every seat of the group exactly once.
    :raises StepRefused: when the group is dissolved.
    """
    group = Group.objects.select_for_update().get(pk=group.pk)
    require_manage(actor, group.organisation_id)
    if group.ended_on is not None:
        raise StepRefused("orgs.group-dissolved", group=group.name)
    seats = {one.pk: one for one in group.memberships.all()}
    moved = []
    for position, pk in enumerate(_whole(order, seats), 1):
        if seats[pk].position != position:
            seats[pk].position = position
            moved.append(seats[pk])
    Membership.objects.bulk_update(moved, ["position"])
    if moved:
        changed = [(one, ["position"]) for one in moved]
        record(actor=filed(actor, group.organisation_id), action="group.ordered", changed=changed)
    return len(moved)


@transaction.atomic
def order_posts(unit: Unit, *, order: Sequence[int], actor: Actor) -> int:
    """Set the order of a unit's posts that have not ended; return how many got another place.

    :raises WrongInput: when `order` does not name each of these posts exactly once.
    """
    require_manage(actor, unit, "accounts")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    posts = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=actor.today), unit=unit)
    places = {one.post_id: one for one in PostPlace.objects.filter(post__unit=unit)}
    made, moved = [], []
    for position, pk in enumerate(_whole(order, set(posts.values_list("pk", flat=True))), 1):
        place = places.get(pk)
        if place is None:
            made.append(PostPlace.objects.create(post_id=pk, position=position))
        elif place.position != position:
            place.position = position
            moved.append(place)
    PostPlace.objects.bulk_update(moved, ["position"])
    if made or moved:
        changed = [(one, ["position"]) for one in moved]
        record(actor=filed(actor, unit), action="posts.ordered", created=made, changed=changed)
    return len(made) + len(moved)


def _whole(order: Sequence[int], known: "dict[int, Membership] | set[int]") -> Sequence[int]:
    if len(order) != len(known) or set(order) != set(known):
        raise WrongInput("orgs.order-not-whole", field="order")
    return order
