"""The doors to what stands beside closure, and what a task or problem has of it."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet

from bihuan.core.refusal import NotVisible
from bihuan.findings.models import (
    Blocker,
    Comment,
    Dispute,
    Finding,
    Inspection,
    Problem,
    Recipient,
    Recusal,
    Task,
)
from bihuan.findings.queries import doors
from bihuan.findings.queries.sight import reach
from bihuan.orgs.models import User

Row = TypeVar("Row", bound=Model)
Subject = Inspection | Finding | Problem | Task
SUBJECTS = ("inspection", "finding", "problem", "task")


def blocker_for(user: User, pk: int, today: date) -> Blocker:
    """Return a blocker of a problem that `user` sees."""
    row = _seen(Blocker.objects.filter(pk=pk))
    doors.problem_for(user, row.problem_id, today)
    return row


def dispute_for(user: User, pk: int, today: date) -> Dispute:
    """Return a dispute of a problem that `user` sees."""
    row = Dispute.objects.select_related("problem", "task").filter(pk=pk).first()
    if row is None:
        raise NotVisible("findings.not-found")
    doors.problem_for(user, row.problem_id, today)
    return row


def recusal_for(user: User, pk: int, today: date) -> Recusal:
    """Return a recusal on a task that `user` sees."""
    return _seen(
        Recusal.objects.select_related("task", "person").filter(reach(user, today).tasks("task__"), pk=pk)
    )


def recipient_for(user: User, pk: int, today: date) -> Recipient:
    """Return a recipient of a task that `user` sees."""
    return _seen(Recipient.objects.select_related("task").filter(reach(user, today).tasks("task__"), pk=pk))


def subject_for(user: User, kind: str, pk: int, today: date) -> Subject:
    """Return the object on which a remark is made; whoever sees it may read and write remarks."""
    if kind == "inspection":
        return doors.inspection_for(user, pk, today)
    if kind == "finding":
        return doors.finding_for(user, pk, today)
    if kind == "problem":
        return doors.problem_for(user, pk, today)
    if kind == "task":
        return doors.task_for(user, pk, today)
    raise NotVisible("findings.not-found")


def comment_for(user: User, pk: int, today: date) -> Comment:
    """Return a remark on an object that `user` sees."""
    row = Comment.objects.filter(pk=pk).first()
    if row is None:
        raise NotVisible("findings.not-found")
    subject_for(user, row.kind, row.object_id, today)
    return row


def comments_on(subject: Subject) -> list[Comment]:
    """Return the remarks on an object, newest first, with who wrote them. One query."""
    rows = Comment.objects.filter(kind=subject.sealed_as, object_id=subject.pk).select_related("by")
    return list(rows.order_by("-at", "-pk")[:200])


def names_of(people: Sequence[int]) -> dict[int, str]:
    """Return the names of people. One query."""
    return dict(User.objects.filter(pk__in=people).values_list("pk", "name"))


def _seen(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise NotVisible("findings.not-found")
    return row
