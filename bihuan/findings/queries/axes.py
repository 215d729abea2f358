"""The doors to what stands beside closure, and what a task or problem has of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery

from bihuan.core.refusal import NotVisible
from bihuan.findings.models import (
    Blocker,
    Comment,
    Dispute,
    Problem,
    Recipient,
    Recusal,
    Task,
)
from bihuan.findings.queries import doors, evidence
from bihuan.findings.queries.sight import reach
from bihuan.orgs.models import Post, User
from bihuan.orgs.queries.sight import running
from bihuan.web.prepared import Question

Row = TypeVar("Row", bound=Model)
#: The door to each kind of object of the register that can be remarked on; `oversight` adds its own.
SUBJECTS: Mapping[str, Callable[[User, int, date], Any]] = MappingProxyType(
    {
        "inspection": doors.inspection_for,
        "finding": doors.finding_for,
        "problem": doors.problem_for,
        "task": doors.task_for,
        "evidence": evidence.evidence_for,
        "institution": doors.institution_for,
    }
)
MOST_PEOPLE = 500


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


def comments_on(subject: Any) -> list[Comment]:
    """Return the remarks on an object, newest first, with who wrote them. One query."""
    rows = Comment.objects.filter(kind=subject.sealed_as, object_id=subject.pk).select_related("by")
    return list(rows.order_by("-at", "-pk")[:200])


@dataclass(frozen=True, slots=True)
class Beside:
    """How much stands beside a problem or task: open blockers, disputes without a ruling, remarks."""

    blockers: int
    disputes: int
    remarks: int


def beside_problem(problem_id: int) -> Beside:
    """Return how much stands beside a problem. One query."""
    return Beside(*(count or 0 for count in BESIDE_PROBLEM.first(problem_id) or (0, 0, 0)))


def beside_task(task_id: int) -> Beside:
    """Return how much stands beside a task; blockers and disputes of its whole problem among it. One query."""
    return Beside(*(count or 0 for count in BESIDE_TASK.first(task_id) or (0, 0, 0)))


def open_disputes() -> QuerySet[Dispute]:
    """Return the disputes that wait for their ruling."""
    return Dispute.objects.filter(ruling="", withdrawn=False)


def people_here(organisation_id: int, today: date) -> list[tuple[int, str, str]]:
    """Return who has a post in the organisation today: number, name, unit; each person once. One query."""
    posts = Post.objects.filter(
        running("", today), person__is_active=True, unit__links_up__ancestor=organisation_id
    )
    rows = posts.order_by("person__name", "person_id", "starts_on").values_list(
        "person_id", "person__name", "unit__short_name", "unit__name"
    )
    found: dict[int, tuple[int, str, str]] = {}
    for pk, name, short, unit in rows:
        found.setdefault(pk, (pk, name, short or unit))
    return list(found.values())[:MOST_PEOPLE]


def names_of(people: Sequence[int]) -> dict[int, str]:
    """Return the names of people. One query."""
    return dict(User.objects.filter(pk__in=people).values_list("pk", "name"))


def _seen(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise NotVisible("findings.not-found")
    return row


def _beside_problem(pk: int) -> QuerySet[Problem, tuple[int, int, int]]:
    return Problem.objects.filter(pk=pk).values_list(
        _count(Blocker.objects.filter(problem=OuterRef("pk"), lifted_on=None), "problem"),
        _count(open_disputes().filter(problem=OuterRef("pk")), "problem"),
        _count(Comment.objects.filter(kind="problem", object_id=OuterRef("pk"), withdrawn=False), "kind"),
    )


def _beside_task(pk: int) -> QuerySet[Task, tuple[int, int, int]]:
    ours = Q(problem=OuterRef("problem"), task=None) | Q(task=OuterRef("pk"))
    return Task.objects.filter(pk=pk).values_list(
        _count(Blocker.objects.filter(problem=OuterRef("problem"), lifted_on=None), "problem"),
        _count(open_disputes().filter(ours), "organisation"),
        _count(Comment.objects.filter(kind="task", object_id=OuterRef("pk"), withdrawn=False), "kind"),
    )


def _count(rows: QuerySet[Any], field: str) -> Subquery:
    """Return the number of rows below a row; `field` is one that all of them share."""
    return Subquery(rows.order_by().values(field).annotate(count=Count("pk")).values("count"))


BESIDE_PROBLEM = Question(_beside_problem)
BESIDE_TASK = Question(_beside_task)
