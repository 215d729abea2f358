"""What the worker does for this context: reminders, letters, digests, robots. Each may run twice and acts once.

daily(sources) ─tell_all→ notifications ─digest→ letters; and counts ─robot→ chat groups
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse

from bihuan.audit.actor import Actor
from bihuan.core import access
from bihuan.core.refusal import Refused
from bihuan.core.source import Params
from bihuan.jobs import actions as jobs
from bihuan.jobs.models import Job
from bihuan.jobs.queries import word_of
from bihuan.jobs.running import Handler
from bihuan.notify import queries, robots
from bihuan.notify.actions import letter, tell_all
from bihuan.notify.models import Notification, Robot
from bihuan.notify.telling import CODES, Source, Telling, sentence
from bihuan.orgs.mail import is_set_up, make_letter
from bihuan.orgs.models import Grant, User
from bihuan.orgs.queries import running, worked_days
from bihuan.web.catalogue import say

MOST_IN_LETTER = 50
LONGEST_KEY = 200


class LetterRefused(Refused):
    """A letter could not be handed to the mail server."""


def daily(sources: Sequence[Source]) -> Handler:
    """Return the handler that tells everything that the sources say is due."""

    def remind(payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
        tell_all([one for source in sources for one in source(actor.today, payload)], actor=actor)

    return remind


def robots_daily(sources: Sequence[Source]) -> Handler:
    """Return the handler that gives every robot its numbers of the day: how many of each kind, nothing else."""

    def speak(payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
        counts: dict[int, Counter[str]] = {}
        for source in sources:
            for one in source(actor.today, payload):
                counts.setdefault(one.organisation_id, Counter())[one.code] += 1
        jobs.put(
            [
                jobs.Wanted(
                    "notify.robot",
                    f"{robot.pk}:{actor.today.isoformat()}",
                    now,
                    {"robot": robot.pk, "counts": dict(counts[robot.organisation_id])},
                )
                for robot in Robot.objects.filter(is_active=True, organisation__in=list(counts))
            ],
            at=now,
        )

    return speak


def robot(payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Let one robot say its numbers; whether it was taken stands beside the robot.

    :raises RobotRefused: when the vendor did not take it; the queue tries again.
    """
    row = Robot.objects.filter(pk=payload["robot"], is_active=True).first()
    if row is None:
        return
    title, text = words(payload["counts"], actor.today)
    try:
        robots.check(row.kind, row.url)
        robots.post(
            row.kind, robots.call(row.kind, row.url, title=title, text=text, secret=row.secret, at=now)
        )
    except Refused as refused:
        Robot.objects.filter(pk=row.pk).update(error=refused.code, answer=refused.params.get("number"))
        raise
    Robot.objects.filter(pk=row.pk).update(error="", answer=None, sent_at=now)


def words(counts: Mapping[str, int], today: date) -> tuple[str, str]:
    """Return title and text of a robot's message: counts, never content."""
    title = say("notify.robot-title", {"month": today.month, "day": today.day})
    if not counts:
        return title, say("notify.robot-try")
    lines = [say(f"{code}-count", {"n": counts[code]}) for code in CODES if counts.get(code)]
    return title, say("notify.robot-text", {"counts": "，".join(lines)})


def digest(payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Put the daily letter of everybody who wants one into the queue."""
    if not is_set_up():
        return
    wishes = queries.letters_of(queries.waiting_for_letter())
    working = worked_days()
    jobs.put(
        [
            letter(person, f"{person}:daily:{actor.today.isoformat()}", wish=wish, at=now, working=working)
            for person, wish in wishes.items()
            if wish.letters == "daily"
        ],
        at=now,
    )


def send_letter(payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Send one person everything unread that no other letter carries.

    What the letter carries is claimed first under its own name: two letters at once never carry the same, and a
    letter whose worker was killed is sent by the next one with what it had claimed.

    :raises LetterRefused: when the mail server does not take it; the queue tries again.
    """
    person = User.objects.filter(pk=payload["recipient"], is_active=True).exclude(email="").first()
    if person is None or not is_set_up():
        return
    wish = queries.preference_of(person.pk)
    later = letter(person.pk, payload["letter"], wish=wish, at=now, working=worked_days())
    if wish.letters == "none":
        return
    if later.due_at > now:  # held up until the quiet hours began
        key = f"{payload['letter']}@{later.due_at.date()}"
        jobs.put([replace(later, key=key[-LONGEST_KEY:])], at=now)
        return
    with transaction.atomic():
        free = queries.unread(person.pk, actor.today).filter(letter="", mailed_at=None).order_by()
        free.update(letter=payload["letter"])
        rows = list(queries.unread(person.pk, actor.today).filter(letter=payload["letter"], mailed_at=None))
    if not rows:
        return
    try:
        _letter(person, rows).send()
    except OSError as failure:
        raise LetterRefused("notify.letter-not-sent") from failure
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=now)


def _letter(person: User, rows: Sequence[Notification]) -> EmailMessage:
    lang, site = person.language, settings.ENVIRONMENT.site
    lines = "\n".join(f"- {sentence(row.code, row.params, lang=lang)}" for row in rows[:MOST_IN_LETTER])
    params: Params = {"name": person.name, "lines": lines, "n": len(rows), "site": site}
    return make_letter(
        person.email,
        say("notify.letter-subject", params, lang=lang),
        say("notify.letter-body" if site else "notify.letter-body-bare", params, lang=lang),
    )


def tell_failure(job: Job, now: datetime) -> None:
    """Tell whoever keeps an organisation's system that a job was given up: once a kind and day, letters included."""
    actor = Actor(user_id=None, label="job:worker", at=now, zone=settings.TIME_ZONE)
    held = Grant.objects.filter(
        running("", actor.today),
        running("post__", actor.today),
        role__in=access.STEPS["accounts"],
        unit__kind="organisation",
        post__person__is_active=True,
    )
    people: dict[int, list[int]] = {}
    for unit, person in held.order_by().values_list("unit_id", "post__person_id"):
        people.setdefault(unit, []).append(person)
    kind = f"@{word_of(job.kind)}"
    key = f"job:{job.kind}:{actor.today.isoformat()}"
    tell_all(
        [
            Telling(
                "notify.job-failed", {"kind": kind}, reverse("jobs:health"), unit, f"{key}:{unit}", persons
            )
            for unit, persons in people.items()
        ],
        actor=actor,
    )
