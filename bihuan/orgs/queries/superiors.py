"""Superior bodies: where one acts already, and who keeps the rights of its people there."""

from datetime import date

from django.db.models import QuerySet

from bihuan.core import access
from bihuan.orgs.models import Grant, Post, Unit, UnitLink
from bihuan.orgs.queries.sight import running_grants, why_not


def overseen(post: Post, today: date) -> "QuerySet[Unit]":
    """Return the units over which the superior body of the post acts already: whoever keeps its rights may add people.

    The body is the nearest unit of the kind superior at or above the post; without one there is nothing.
    """
    body = UnitLink.objects.filter(descendant=post.unit_id, ancestor__kind="superior").order_by("depth")
    people = UnitLink.objects.filter(ancestor__in=body.values("ancestor_id")[:1]).values("descendant_id")
    acting = running_grants(None, today, anybody=True).filter(role=access.SUPERIOR, post__unit__in=people)
    below = UnitLink.objects.filter(ancestor__in=acting.values("unit_id")).values("descendant_id")
    return Unit.objects.filter(pk__in=below, is_active=True)


def kept_at(grant: Grant, user_id: int | None, today: date) -> int:
    """Return the unit at which the account must keep the rights to end the grant; or that of a superior's post."""
    at_post = (
        grant.role == access.SUPERIOR and why_not("rights", user_id, grant.post.unit_id, today=today) is None
    )
    return grant.post.unit_id if at_post else grant.unit_id
