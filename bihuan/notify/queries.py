"""What a person was told, and whom letters go to. A person who has left an organisation is shown nothing of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery

from bihuan.core import access
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.core.schedules import Quiet, Working
from bihuan.notify.models import Feed, Notification, Preference, Robot
from bihuan.orgs.codes import digest
from bihuan.orgs.models import Unit, UnitLink, User
from bihuan.orgs.queries import held_grants, running_grants, sight


def told(user_id: int, today: date) -> QuerySet[Notification]:
    """Return what the person was told of organisations in which a grant runs today, the newest first."""
    roots = held_grants(user_id, today).values("unit_id")
    inside = UnitLink.objects.filter(descendant__in=roots).values("ancestor_id")
    below = UnitLink.objects.filter(ancestor__in=roots).values("descendant_id")
    here = Q(organisation__in=inside) | Q(organisation__in=below)
    return Notification.objects.filter(here, recipient=user_id).order_by("-created_at", "-pk")


def unread(user_id: int, today: date) -> QuerySet[Notification]:
    """Return what the person has not read."""
    return told(user_id, today).filter(read_at=None)


def unread_count(user_id: int, today: date) -> Subquery:
    """Return the number of unread notifications as a part of another query: the frame asks nothing more for it."""
    counted = unread(user_id, today).order_by().values("recipient").annotate(number=Count("pk"))
    return Subquery(counted.values("number"))


def told_for(user: User, notification_id: int, today: date) -> Notification:
    """Return a notification of the person's own.

    :raises NotVisible: when there is none, or it is somebody else's.
    """
    found = told(user.pk, today).filter(pk=notification_id).first()
    if found is None:
        raise NotVisible("notify.not-found")
    return found


def preference_of(user_id: int) -> Preference:
    """Return how the person wants letters; what holds without a choice, where none was made."""
    return Preference.objects.filter(user=user_id).first() or Preference(user_id=user_id)


def quiet_of(preference: Preference, working: Working) -> Quiet:
    """Return when the person wants no letter; days off are those on which nobody works."""
    return Quiet(preference.quiet_from, preference.quiet_to, preference.weekends, working)


def letters_of(user_ids: Iterable[int]) -> Mapping[int, Preference]:
    """Return the preference of everybody of `user_ids` who has an address and wants letters. Two queries."""
    able = list(
        User.objects.filter(pk__in=list(user_ids), is_active=True)
        .exclude(email="")
        .values_list("pk", flat=True)
    )
    chosen = {row.user_id: row for row in Preference.objects.filter(user__in=able)}
    wishes = {pk: chosen.get(pk) or Preference(user_id=pk) for pk in able}
    return {pk: wish for pk, wish in wishes.items() if wish.letters != "none"}


def waiting_for_letter() -> QuerySet[Notification, Any]:
    """Return the ids of everybody for whom something lies unread that no letter carries yet."""
    rows = Notification.objects.filter(mailed_at=None, letter="", read_at=None)
    return rows.order_by().values_list("recipient_id", flat=True).distinct()


def robots_at(organisations: QuerySet[Unit]) -> QuerySet[Robot]:
    """Return the robots of some organisations."""
    rows = Robot.objects.filter(organisation__in=organisations).select_related("organisation")
    return rows.order_by("organisation__name", "pk")


def robot_for(user: User, robot_id: int, today: date) -> Robot:
    """Return a robot of an organisation that the person sees.

    :raises NotVisible: when there is none, or none for this person.
    """
    seen = sight(user, today).q("organisation") | Q(
        organisation__in=robot_places(user.pk, today).values("pk")
    )
    found = Robot.objects.filter(seen, pk=robot_id).select_related("organisation").first()
    if found is None:
        raise NotVisible("notify.robot-not-found")
    return found


def listed(user_id: int, today: date) -> QuerySet[Notification]:
    """Return what the person was told, what is unread first."""
    rows = told(user_id, today).annotate(seen=Q(read_at__isnull=False)).select_related("organisation")
    return rows.order_by("seen", "-created_at", "-pk")


def robot_places(user_id: int | None, today: date) -> QuerySet[Unit]:
    """Return the organisations in which the person may set robots up."""
    roots = running_grants(user_id, today).filter(role__in=access.STEPS["rights"]).values("unit_id")
    below = UnitLink.objects.filter(ancestor__in=roots).values("descendant_id")
    return Unit.objects.filter(pk__in=below, kind="organisation", is_active=True).order_by("name")


def require_robots(user: User, today: date) -> None:
    """Let everybody pass who may set a robot up somewhere.

    :raises NotAllowed: for everybody else.
    """
    if not robot_places(user.pk, today).exists():
        raise NotAllowed("orgs.role-missing")


def has_feed(user: User) -> bool:
    """Tell whether the person's calendar can be read by other programs."""
    return Feed.objects.filter(user=user).exists()


def feed_owner(secret: str) -> User:
    """Return whose calendar this key opens.

    :raises NotVisible: when it opens none, or the account is disabled: the answer is the same.
    """
    found = Feed.objects.filter(sha256=digest(secret), user__is_active=True).select_related("user").first()
    if found is None:
        raise NotVisible("notify.feed-not-found")
    return found.user
