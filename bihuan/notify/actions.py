"""Telling people: tell → one row a person, and a letter where somebody wants it; read; how each wants to be told.

Robots are sealed. What was told is not: it follows from acts that are, and the reader alone may put it aside.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.schedules import Working, allowed_at
from bihuan.jobs import actions as jobs
from bihuan.notify import queries, robots
from bihuan.notify.models import LETTERS, Feed, Notification, Preference, Robot
from bihuan.notify.telling import Telling
from bihuan.orgs.actions.units import filed
from bihuan.orgs.codes import digest, new_token
from bihuan.orgs.mail import is_set_up
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import require_actor, worked_days
from bihuan.orgs.refusals import StepRefused, WrongInput

ALL = 1000


def tell(telling: Telling, *, actor: Actor) -> None:
    """Tell some people one thing, in the transaction of the act that it tells of; the same key is told once."""
    tell_all([telling], actor=actor)


@transaction.atomic
def tell_all(tellings: Sequence[Telling], *, actor: Actor) -> None:
    """Tell many things at once. A constant number of statements."""
    rows = [
        Notification(
            recipient_id=person, organisation_id=one.organisation_id, code=one.code, params=dict(one.params),
            url=one.url, key=one.key, created_at=actor.at,
        )
        for one in tellings
        for person in sorted(set(one.recipients))
    ]  # fmt: skip
    if not rows:
        return
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if not is_set_up():
        return
    wishes = queries.letters_of({row.recipient_id for row in rows})
    working = worked_days()
    jobs.put(
        [
            letter(
                row.recipient_id,
                f"{row.recipient_id}:{row.key}",
                wish=wishes[row.recipient_id],
                at=actor.at,
                working=working,
            )
            for row in rows
            if row.recipient_id in wishes and wishes[row.recipient_id].letters == "at_once"
        ],
        at=actor.at,
    )


def letter(person: int, key: str, *, wish: Preference, at: datetime, working: Working) -> jobs.Wanted:
    """Return the job of a letter to one person, due when the person's quiet hours are over."""
    zone = ZoneInfo(settings.TIME_ZONE)
    local = allowed_at(queries.quiet_of(wish, working), at.astimezone(zone).replace(tzinfo=None))
    due = max(local.replace(tzinfo=zone), at)
    return jobs.Wanted("notify.letter", key, due, {"recipient": person, "letter": key})


@transaction.atomic
def mark_read(ids: Collection[int] | None, *, actor: Actor) -> int:
    """Mark the person's own notifications as read, all of them when `ids` is None; return how many were unread."""
    rows = queries.unread(actor.user_id or 0, actor.today)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids)[:ALL])
    return rows.order_by().update(read_at=actor.at)


@transaction.atomic
def set_wishes(
    *, letters: str, quiet_from: time | None, quiet_to: time | None, weekends: bool, actor: Actor
) -> Preference:
    """Keep how a person wants letters.

    :raises WrongInput: for a way that there is not, or quiet hours with one end.
    """
    if letters not in LETTERS:
        raise WrongInput("notify.letters-unknown", field="letters", value=letters)
    if (quiet_from is None) != (quiet_to is None):
        raise WrongInput("notify.quiet-one-end", field="quiet_to")
    if quiet_from is not None and quiet_from == quiet_to:
        raise WrongInput("notify.quiet-all-day", field="quiet_to")
    wish, _ = Preference.objects.update_or_create(
        user_id=actor.user_id or 0,
        defaults={"letters": letters, "quiet_from": quiet_from, "quiet_to": quiet_to, "weekends": weekends},
    )
    return wish


@transaction.atomic
def add_robot(organisation: Unit, *, kind: str, name: str, url: str, secret: str = "", actor: Actor) -> Robot:
    """Let the program speak in a chat group of the organisation.

    :raises NotAllowed: for whoever does not give rights there.
    :raises RobotRefused: when no robot of this kind lives at the address.
    """
    require_actor("rights", actor, organisation)
    if organisation.kind != "organisation":
        raise WrongInput("notify.robot-organisation", field="organisation", unit=organisation.name)
    url, secret, name = url.strip(), secret.strip(), name.strip()
    if not name:
        raise WrongInput("notify.robot-without-name", field="name")
    robots.check(kind, url)
    robot = Robot.objects.create(
        organisation=organisation, kind=kind, name=name, url=url, secret=secret, set_at=actor.at
    )
    record(actor=filed(actor, organisation), action="robot.added", created=[robot])
    return robot


@transaction.atomic
def edit_robot(robot: Robot, *, name: str, url: str = "", secret: str = "", actor: Actor) -> Robot:
    """Rename a robot; a new address or secret replaces the old one, an empty one leaves it.

    A secret belongs to its address: with a new address and no secret the old secret ends.
    """
    require_actor("rights", actor, robot.organisation_id)
    robot = Robot.objects.select_for_update().get(pk=robot.pk)
    url, secret, name = url.strip(), secret.strip(), name.strip()
    if not name:
        raise WrongInput("notify.robot-without-name", field="name")
    changed = ["name"] if name != robot.name else []
    robot.name = name
    if url:
        robots.check(robot.kind, url)
        robot.url, robot.secret = url, secret
    elif secret:
        robot.secret = secret
    if url or secret:
        robot.set_at, robot.error = actor.at, ""
        changed.append("set_at")
    if changed:
        robot.save(update_fields=[*changed, "url", "secret", "error"])
        record(actor=filed(actor, robot.organisation_id), action="robot.edited", changed=[(robot, changed)])
    return robot


@transaction.atomic
def set_robot_active(robot: Robot, *, active: bool, actor: Actor) -> Robot:
    """Let a robot speak, or silence it at once."""
    require_actor("rights", actor, robot.organisation_id)
    robot = Robot.objects.select_for_update().get(pk=robot.pk)
    if robot.is_active != active:
        robot.is_active = active
        robot.save(update_fields=["is_active"])
        action = "robot.resumed" if active else "robot.silenced"
        record(actor=filed(actor, robot.organisation_id), action=action, changed=[(robot, ["is_active"])])
    return robot


def try_robot(robot: Robot, *, actor: Actor) -> None:
    """Let the robot say at once that it was set up: a job, as every other message.

    :raises NotAllowed: for whoever does not give rights there.
    """
    require_actor("rights", actor, robot.organisation_id)
    if not robot.is_active:
        raise StepRefused("notify.robot-silent", name=robot.name)
    key = f"{robot.pk}:try:{actor.at.isoformat()}"
    jobs.put([jobs.Wanted("notify.robot", key, actor.at, {"robot": robot.pk, "counts": {}})], at=actor.at)


@transaction.atomic
def make_feed(user: User, *, actor: Actor) -> str:
    """Make the key of the person's calendar and return it, shown once; an earlier one ends."""
    end_feed(user, actor=actor)
    secret = new_token()
    feed = Feed.objects.create(user=user, sha256=digest(secret), made_at=actor.at)
    record(actor=actor, action="feed.made", created=[feed])
    return secret


@transaction.atomic
def end_feed(user: User, *, actor: Actor) -> bool:
    """End the key of the person's calendar at once; tell whether there was one."""
    feed = Feed.objects.select_for_update().filter(user=user).first()
    if feed is None:
        return False
    pk = feed.pk
    feed.delete()
    feed.pk = pk
    record(actor=actor, action="feed.ended", removed=[feed])
    return True
