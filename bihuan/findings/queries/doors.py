"""The one door to each object of the register.

Not in sight is NotVisible (404), in sight but not to be written NotAllowed.

A withdrawn row is found by its number (its record stays readable) but can never be written again.
"""

from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.findings.models import Finding, Inspection, Institution, Problem, SavedView, Step, Task
from bihuan.findings.queries.sight import Reach, reach
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import require

Row = TypeVar("Row", Inspection, Finding, Problem, Task, Institution)


def inspection_for(user: User, inspection_id: int, today: date, *, write: bool = False) -> Inspection:
    """Return an inspection that `user` sees, or with `write` may write.

    :raises NotVisible: when there is none for this person.
    :raises NotAllowed: when it is seen but not this person's to write.
    """
    rows = Inspection.objects.select_related("kind", "organisation", "document")
    return _through(rows, inspection_id, user, today, link="inspection", write=write)


def finding_for(user: User, finding_id: int, today: date, *, write: bool = False) -> Finding:
    """Return a finding that `user` sees, or with `write` may write; refusals as of `inspection_for`."""
    rows = Finding.objects.select_related("inspection__kind", "document", "aspect")
    return _through(rows, finding_id, user, today, link="problem__finding", write=write)


def problem_for(user: User, problem_id: int, today: date, *, write: bool = False) -> Problem:
    """Return a problem that `user` sees, or with `write` may write; refusals as of `inspection_for`."""
    rows = Problem.objects.select_related("finding", "inspection__kind", "document")
    return _through(rows, problem_id, user, today, link="problem", write=write)


def task_for(user: User, task_id: int, today: date, *, write: bool = False) -> Task:
    """Return a task that `user` sees, or with `write` may write; refusals as of `inspection_for`."""
    rows = Task.objects.select_related("problem__finding", "inspection__kind", "unit", "document")
    return _through(rows, task_id, user, today, link="", write=write)


def institution_for(user: User, institution_id: int, today: date, *, write: bool = False) -> Institution:
    """Return an institution that `user` sees, or with `write` may write; refusals as of `inspection_for`."""
    rows = Institution.objects.select_related("inspection", "problem", "unit", "document")
    seen = reach(user, today)
    row = rows.filter(institutions_seen(seen), pk=institution_id).first()
    return _allowed(row, user, today, write=write)


def step_for(user: User, step_id: int, today: date, *, write: bool = False) -> Step:
    """Return a step of a task that `user` sees, or with `write` may write.

    Refusals as of `inspection_for`.
    """
    seen = reach(user, today)
    step = Step.objects.select_related("task__inspection").filter(seen.tasks("task__"), pk=step_id).first()
    if step is None:
        raise NotVisible("findings.not-found")
    if write:
        if step.withdrawn or step.task.withdrawn:
            raise NotAllowed("findings.withdrawn-row")
        require("write", user, step.task.organisation_id, today=today)
    return step


def saved_view_for(user: User, view_id: int) -> SavedView:
    """Return one of the person's own saved views.

    :raises NotVisible: for another's.
    """
    view = SavedView.objects.filter(owner_id=user.pk, pk=view_id).first()
    if view is None:
        raise NotVisible("findings.not-found")
    return view


def organisation_to_write(user: User, organisation_id: int, today: date) -> Unit:
    """Return an organisation in whose register `user` may write.

    :raises NotVisible: when it is not seen.
    :raises NotAllowed: when it is seen but may not be written.
    """
    unit = Unit.objects.filter(pk=organisation_id, kind="organisation").first()
    if unit is None or unit.pk not in reach(user, today).organisations:
        raise NotVisible("findings.not-found")
    require("write", user, unit, today=today)
    return unit


def institutions_seen(seen: Reach) -> Q:
    """Return the predicate of institutions in sight: of the organisation, or of an own unit."""
    return seen.whole() | Q(unit_id__in=seen.units) if seen.units else seen.whole()


def _through(rows: QuerySet[Row], pk: int, user: User, today: date, *, link: str, write: bool) -> Row:  # noqa: PLR0913
    seen = reach(user, today)
    predicate = seen.holding(link) if link else seen.tasks()
    return _allowed(rows.filter(predicate, pk=pk).first(), user, today, write=write)


def _allowed(row: Row | None, user: User, today: date, *, write: bool) -> Row:
    if row is None:
        raise NotVisible("findings.not-found")
    if write:
        require("write", user, row.organisation_id, today=today)
        if row.withdrawn:
            raise NotAllowed("findings.withdrawn-row")
    return row
