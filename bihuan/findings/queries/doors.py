"""The one door to each object of the register.

Not in sight is NotVisible (404), in sight but not to be written NotAllowed.

A withdrawn row is found by its number (its record stays readable) but can never be written again.
"""

from collections.abc import Collection
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.findings.models import Finding, Inspection, Institution, Problem, SavedView, SignSheet, Step, Task
from bihuan.findings.queries.sight import Reach, reach
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import require
from bihuan.web.prepared import Question

Row = TypeVar("Row", Inspection, Finding, Problem, Task, Institution)

#: No id is larger, and SQLite takes no larger number.
LARGEST = 2**63 - 1

#: model → the way from it to the tasks below it, and what is read with it.
OBJECTS: MappingProxyType[Any, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        Inspection: ("inspection", ("kind", "organisation", "document")),
        Finding: ("problem__finding", ("inspection__kind", "document", "aspect")),
        Problem: ("problem", ("finding", "inspection__kind", "document")),
        Task: ("", ("problem__finding", "inspection__kind", "unit", "document")),
    }
)


def inspection_for(user: User, inspection_id: int, today: date, *, write: bool = False) -> Inspection:
    """Return an inspection that `user` sees, or with `write` may write.

    :raises NotVisible: when there is none for this person.
    :raises NotAllowed: when it is seen but not this person's to write.
    """
    return _through(Inspection, inspection_id, user, today, write=write)


def finding_for(user: User, finding_id: int, today: date, *, write: bool = False) -> Finding:
    """Return a finding that `user` sees, or with `write` may write; refusals as of `inspection_for`."""
    return _through(Finding, finding_id, user, today, write=write)


def problem_for(user: User, problem_id: int, today: date, *, write: bool = False) -> Problem:
    """Return a problem that `user` sees, or with `write` may write; refusals as of `inspection_for`."""
    return _through(Problem, problem_id, user, today, write=write)


def task_for(user: User, task_id: int, today: date, *, write: bool = False) -> Task:
    """Return a task that `user` sees, or with `write` may write; refusals as of `inspection_for`."""
    return _through(Task, task_id, user, today, write=write)


def tasks_for(user: User, ids: Collection[int], today: date) -> list[int]:
    """Return the numbers of tasks that `user` sees, each once, in the order given. Two queries.

    :raises NotVisible: when one of them is not there for this person.
    """
    wanted = list(dict.fromkeys(ids))
    if Task.objects.filter(reach(user, today).tasks(), pk__in=wanted).count() < len(wanted):
        raise NotVisible("findings.not-found")
    return wanted


def sheet_for(user: User, sheet_id: int, today: date) -> SignSheet:
    """Return a sheet for a step on paper of a task that `user` sees.

    :raises NotVisible: when there is none for this person.
    """
    rows = SignSheet.objects.select_related("task__inspection", "closure", "file", "signer")
    row = rows.filter(reach(user, today).tasks("task__"), pk=sheet_id).first()
    if row is None:
        raise NotVisible("findings.not-found")
    return row


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


def _question(model: type[Row]) -> Question[Row]:
    """Return the question for one row of `model` in sight: number, organisations and units of the reach."""
    link, related = OBJECTS[model]

    def make(pk: int, organisations: tuple[int, ...], units: tuple[int, ...]) -> QuerySet[Row]:
        seen = Reach(None, date.min, organisations, units)
        rows: QuerySet[Row] = model._default_manager.select_related(*related)
        return rows.filter(seen.holding(link) if link else seen.tasks(), pk=pk)

    return Question(make)


ROWS: MappingProxyType[Any, Question[Any]] = MappingProxyType({model: _question(model) for model in OBJECTS})


def _through(model: type[Row], pk: int, user: User, today: date, *, write: bool) -> Row:
    seen = reach(user, today)
    found: Row | None = ROWS[model].first(pk, seen.organisations, seen.units) if pk <= LARGEST else None
    return _allowed(found, user, today, write=write)


def _allowed(row: Row | None, user: User, today: date, *, write: bool) -> Row:
    if row is None:
        raise NotVisible("findings.not-found")
    if write:
        require("write", user, row.organisation_id, today=today)
        if row.withdrawn:
            raise NotAllowed("findings.withdrawn-row")
    return row
