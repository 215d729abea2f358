"""What is due in oversight: a day ─SOURCES→ what is to be told, and to whom, for the daily reminders."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from bihuan.core import access
from bihuan.core.letters import KINDS, number_text
from bihuan.core.weeks import WEEK, monday_of
from bihuan.findings.models import Inspection
from bihuan.findings.queries.sight import LIVE
from bihuan.findings.reminders import LONGEST_TITLE, UNIT_ROLES, holders, recipients, weekly
from bihuan.notify.telling import Telling
from bihuan.orgs.queries import near_until
from bihuan.oversight.models import Decision, Letter
from bihuan.oversight.queries.letters import overdue
from bihuan.oversight.queries.rhythm import missed_weeks

TOLD = (*UNIT_ROLES, access.OFFICE)


def missed_dispatches(today: date, wanted: Mapping[str, Any]) -> list[Telling]:
    """Return the week without a dispatch that has just ended, for each organisation with a live inspection.

    Earlier ones stand on the page of dispatches. At most eight queries an organisation.
    """
    live = Inspection.objects.filter(mode="live", withdrawn__in=LIVE)
    organisations = sorted(set(live.values_list("organisation_id", flat=True)))
    roles = (access.OFFICE, access.SUPERVISION)
    people = holders(organisations, roles, today)
    return [
        Telling(
            "notify.dispatch-missed",
            {"week": monday.isoformat()},
            reverse("oversight:dispatches"),
            pk,
            f"dispatch-missed:{pk}:{monday.isoformat()}",
            set().union(*(people[pk, role] for role in roles)),
        )
        for pk in organisations
        for monday in missed_weeks(pk, today - timedelta(days=1))
        if monday >= monday_of(today) - WEEK
    ]


def due_decisions(today: date, wanted: Mapping[str, Any]) -> list[Telling]:
    """Return the decisions that are near their day or overdue, not those that wait for an answer. Four queries."""
    until = near_until(today)
    rows = Decision.objects.filter(
        withdrawn__in=LIVE, done_on=None, due_on__lte=max(until.values(), default=today)
    ).exclude(asked=True, answer__in=("", "declined"))
    found = [
        (row, row.due_on)
        for row in rows.order_by("due_on", "pk")
        if row.due_on is not None and row.due_on <= until[row.organisation_id]
    ]
    units = {pk for row, _day in found for pk in (row.unit_id, row.organisation_id) if pk}
    people = holders(units, TOLD, today)
    return [
        Telling(
            "notify.decision-due",
            {"title": row.text[:LONGEST_TITLE], "due": day.isoformat()},
            reverse("oversight:decision", args=[row.pk]),
            row.organisation_id,
            weekly(f"decision-due:{row.pk}", day, today),
            {row.person_id} if row.person_id else recipients(row.unit_id, row.organisation_id, people),
        )
        for row, day in found
    ]


def letters_unanswered(today: date, wanted: Mapping[str, Any]) -> list[Telling]:
    """Return the slips and letters whose reply is overdue. Two queries."""
    letters = list(Letter.objects.filter(overdue(today)).order_by("reply_due_on", "pk"))
    people = holders({pk for row in letters for pk in (row.unit_id, row.organisation_id)}, TOLD, today)
    return [
        Telling(
            "notify.letter-overdue",
            {
                "kind": KINDS[row.kind].name,
                "number": number_text(row.kind, row.year, row.number),
                "due": row.reply_due_on.isoformat(),
            },
            reverse("oversight:letter", args=[row.pk]),
            row.organisation_id,
            weekly(f"letter-overdue:{row.pk}", row.reply_due_on, today),
            recipients(row.unit_id, row.organisation_id, people),
        )
        for row in letters
        if row.reply_due_on is not None
    ]
