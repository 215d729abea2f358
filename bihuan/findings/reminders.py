"""What is due in the register: a day ─SOURCES→ what is to be told, and to whom, for the daily reminders."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from bihuan.core import access
from bihuan.core.findings import BASIC, LONG_TERM, OPEN_STATES
from bihuan.findings.models import OutsideWait, SignSheet, Task
from bihuan.findings.queries.sight import LIVE
from bihuan.notify.telling import Telling
from bihuan.orgs.models import UnitLink
from bihuan.orgs.queries import near_until, running

LONGEST_TITLE = 60
UNIT_ROLES = (access.LIAISON, access.UNIT_HEAD)
"""Who is told of a unit's tasks; of a task without a unit, or of a unit without such people, the office is told."""

People = Mapping[tuple[int, str], set[int]]
#: The tasks of live inspections, as they are told of.
Due = tuple[str, Task, date]


def due_tasks(today: date, wanted: Mapping[str, Any]) -> list[Telling]:
    """Return the open tasks of live inspections that are near their due day or overdue.

    Of a task due soon everybody is told once, of an overdue one once a week; a new due date begins anew. Four queries.
    """
    rows = _tasks().filter(state__in=OPEN_STATES).order_by("due_on", "pk")
    found = _near(rows, "due_on", today)
    return _told([("task", task, day) for task, day in found], "notify.due-soon", "notify.overdue", today)


def due_reviews(today: date, wanted: Mapping[str, Any]) -> list[Telling]:
    """Return the long-term tasks whose review is near or overdue. Four queries."""
    found = _near(_tasks().filter(state=LONG_TERM).order_by("review_on", "pk"), "review_on", today)
    code = "notify.long-term-review-due"
    return _told([("review", task, day) for task, day in found], code, code, today)


def left_over(today: date, wanted: Mapping[str, Any]) -> list[Telling]:
    """Return the tasks ended as basically completed whose day for what was left over has passed. Two queries."""
    rows = _tasks().filter(state=BASIC, left_until__lt=today).order_by("left_until", "pk")
    found = [("left", task, task.left_until or today) for task in rows]
    return _told(found, "notify.left-over", "notify.left-over", today)


def waited_for(today: date, wanted: Mapping[str, Any]) -> list[Telling]:
    """Return the open tasks for which an outside body's reply is overdue. Two queries."""
    rows = OutsideWait.objects.filter(
        task__in=_tasks().filter(state__in=OPEN_STATES).values("pk"),
        replied_on=None,
        withdrawn__in=LIVE,
        reply_due_on__lt=today,
    )
    found = [
        (f"wait:{row.pk}", row.task, row.reply_due_on)
        for row in rows.select_related("task").order_by("reply_due_on", "pk")
    ]
    return _told(found, "notify.outside-reply", "notify.outside-reply", today)


def sheets_to_confirm(today: date, wanted: Mapping[str, Any]) -> list[Telling]:
    """Return the sheets that a second person has to confirm, told to those who had no hand in them. Two queries."""
    rows = SignSheet.objects.filter(state="bound", task__withdrawn__in=LIVE).select_related("task")
    sheets = list(rows.order_by("pk"))
    roles = (access.OFFICE, access.SUPERVISION)
    people = holders({sheet.organisation_id for sheet in sheets}, roles, today)
    return [
        Telling(
            "notify.sheet-to-confirm",
            {"number": sheet.task.number, "title": sheet.task.title[:LONGEST_TITLE]},
            reverse("findings:task", args=[sheet.task_id]),
            sheet.organisation_id,
            f"sheet:{sheet.pk}:{sheet.bound_on}",
            set().union(*(people[sheet.organisation_id, role] for role in roles))
            - {sheet.bound_by_id or 0, sheet.signer_id or 0},
        )
        for sheet in sheets
    ]


def weekly(key: str, due: date, today: date) -> str:
    """Return what tells a reminder apart: for ever while it is due, week by week once it is overdue."""
    week = today.isocalendar()
    return f"{key}:{due.isoformat()}" + (f":{week.year}-{week.week:02}" if due < today else "")


def holders(units: Iterable[int], roles: Collection[str], today: date) -> People:
    """Return who holds which role over each unit today, by a grant on it or above it. One query."""
    rows = UnitLink.objects.filter(
        running("ancestor__grants__", today),
        running("ancestor__grants__post__", today),
        descendant__in=list(units),
        ancestor__grants__role__in=roles,
        ancestor__grants__post__person__is_active=True,
    )
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    for unit, role, person in rows.values_list(
        "descendant_id", "ancestor__grants__role", "ancestor__grants__post__person_id"
    ):
        found[unit, role].add(person)
    return found


def recipients(unit_id: int | None, organisation_id: int, people: People) -> set[int]:
    """Return who is told for a unit: its own people, else the office."""
    own = {person for role in UNIT_ROLES for person in people[unit_id or 0, role]}
    return own or people[organisation_id, access.OFFICE]


def _tasks() -> QuerySet[Task]:
    return Task.objects.filter(
        withdrawn__in=LIVE, inspection__mode="live", inspection__withdrawn__in=LIVE
    ).only("number", "title", "due_on", "review_on", "left_until", "unit_id", "organisation_id")


def _near(rows: QuerySet[Task], name: str, today: date) -> list[tuple[Task, date]]:
    until = near_until(today)
    latest = max(until.values(), default=today)
    dated = ((task, getattr(task, name)) for task in rows.filter(**{f"{name}__lte": latest}))
    return [(task, day) for task, day in dated if day <= until[task.organisation_id]]


def _told(found: Sequence[Due], soon: str, late: str, today: date) -> list[Telling]:
    units = {task.unit_id or task.organisation_id for _key, task, _day in found}
    units |= {task.organisation_id for _key, task, _day in found}
    people = holders(units, (*UNIT_ROLES, access.OFFICE), today)
    return [
        Telling(
            late if day < today else soon,
            {"number": task.number, "title": task.title[:LONGEST_TITLE], "due": day.isoformat()},
            reverse("findings:task", args=[task.pk]),
            task.organisation_id,
            weekly(f"{key}:{task.pk}", day, today),
            recipients(task.unit_id, task.organisation_id, people),
        )
        for key, task, day in found
    ]
