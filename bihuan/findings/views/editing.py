"""Making, editing and withdrawing one row: a door, a form, one action; faults and conflicts are shown on the form."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.findings import forms
from bihuan.findings.actions import editing, removing, states, tasks
from bihuan.findings.queries import choices, doors, plans
from bihuan.findings.queries.progress import step_to_report, task_to_report
from bihuan.findings.queries.sight import reach_of
from bihuan.findings.views.sheets import Sheet, adds, answer, edits, page
from bihuan.findings.wording import told
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.queries import organisations_seen
from bihuan.web import edge

both = require_http_methods(["GET", "HEAD", "POST"])


@both
def new_inspection(request: HttpRequest) -> HttpResponse:
    """Begin an inspection by hand."""
    own = _own_organisations(request)
    form = forms.NewInspectionForm(request.POST or None, kinds=_kinds(), organisations=own)

    def save(values: dict[str, Any], revision: int) -> Any:
        organisation = doors.organisation_to_write(
            user_of(request), values.pop("organisation_id"), edge.today(request)
        )
        return editing.create_inspection(
            values, organisation_id=organisation.pk, actor=edge.actor_of(request)
        )

    return answer(request, Sheet(told("new-inspection"), reverse("findings:inspections"), form, save))


@both
def edit_inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the facts of an inspection."""
    row = doors.inspection_for(user_of(request), pk, edge.today(request), write=True)
    first = forms.first_values(forms.InspectionForm, row)
    form = forms.InspectionForm(request.POST or None, initial=first, kinds=_kinds())
    actor = edge.actor_of(request)
    saver = edits(editing.edit_inspection, row, actor=actor)
    return answer(request, Sheet(told("edit-inspection"), page("inspection", pk), form, saver))


@both
def new_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a finding to an inspection."""
    row = doors.inspection_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.FindingForm(request.POST or None)
    saver = adds(editing.add_finding, row, actor=actor)
    return answer(request, Sheet(told("new-finding"), page("inspection", pk), form, saver))


@both
def edit_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a finding."""
    row = doors.finding_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.FindingForm(request.POST or None, initial=forms.first_values(forms.FindingForm, row))
    saver = edits(editing.edit_finding, row, actor=actor)
    return answer(
        request,
        Sheet(told("edit-finding"), page("finding", pk), form, saver, withdraw=_withdraw("finding", pk)),
    )


@both
def new_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a problem to a finding."""
    row = doors.finding_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.ProblemForm(request.POST or None)
    saver = adds(editing.add_problem, row, actor=actor)
    return answer(request, Sheet(told("new-problem"), page("finding", pk), form, saver))


@both
def edit_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a problem."""
    row = doors.problem_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.ProblemForm(request.POST or None, initial=forms.first_values(forms.ProblemForm, row))
    saver = edits(editing.edit_problem, row, actor=actor)
    return answer(
        request,
        Sheet(told("edit-problem"), page("problem", pk), form, saver, withdraw=_withdraw("problem", pk)),
    )


@both
def new_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a task to a problem."""
    row = doors.problem_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.TaskForm(
        request.POST or None,
        units=choices.organisation_units(row.organisation_id),
        proposed=plans.proposals(row.inspection),
    )
    saver = adds(tasks.add_task, row, actor=actor)
    return answer(request, Sheet(told("new-task"), page("problem", pk), form, saver))


@both
def edit_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a task."""
    row = doors.task_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.TaskForm(
        request.POST or None,
        initial=forms.first_values(forms.TaskForm, row),
        units=choices.organisation_units(row.organisation_id),
        first_due=row.first_due_on,
    )
    saver = edits(tasks.edit_task, row, actor=actor)
    return answer(
        request, Sheet(told("edit-task"), page("task", pk), form, saver, withdraw=_withdraw("task", pk))
    )


@require_POST
def set_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the open state of a task."""
    row = doors.task_for(user_of(request), pk, edge.today(request), write=True)
    revision = request.POST.get("revision", "")
    actor = edge.actor_of(request)
    now = states.set_state(
        row, request.POST.get("state", ""), revision=int(revision) if revision.isdecimal() else 0, actor=actor
    )
    messages.success(request, told("state-set", number=now.number, state=told(f"state-{now.state}")))
    return HttpResponseRedirect(page("task", pk))


@both
def new_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a step to a task."""
    row = task_to_report(user_of(request), pk, edge.today(request))
    actor = edge.actor_of(request)
    form = forms.StepForm(request.POST or None)
    saver = adds(tasks.add_step, row, actor=actor)
    return answer(request, Sheet(told("new-step"), page("task", pk), form, saver))


@both
def edit_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a step."""
    row = step_to_report(user_of(request), pk, edge.today(request))
    actor = edge.actor_of(request)
    form = forms.StepForm(request.POST or None, initial=forms.first_values(forms.StepForm, row))
    saver = edits(tasks.edit_step, row, actor=actor)
    back = page("task", row.task_id)
    return answer(request, Sheet(told("edit-step"), back, form, saver, withdraw=_withdraw("step", pk)))


@both
def new_institution(request: HttpRequest) -> HttpResponse:
    """Register an institution."""
    own = _own_organisations(request)
    seen = reach_of(sight_of(request))
    form = forms.NewInstitutionForm(
        request.POST or None,
        units=choices.unit_choices(seen),
        inspections=choices.inspection_choices(seen),
        organisations=own,
    )

    def save(values: dict[str, Any], revision: int) -> Any:
        organisation = doors.organisation_to_write(
            user_of(request), values.pop("organisation_id"), edge.today(request)
        )
        return editing.add_institution(values, organisation_id=organisation.pk, actor=edge.actor_of(request))

    return answer(request, Sheet(told("new-institution"), reverse("findings:institutions"), form, save))


@both
def edit_institution(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an institution."""
    row = doors.institution_for(user_of(request), pk, edge.today(request), write=True)
    seen = reach_of(sight_of(request))
    actor = edge.actor_of(request)
    form = forms.InstitutionForm(
        request.POST or None,
        initial=forms.first_values(forms.InstitutionForm, row),
        units=choices.organisation_units(row.organisation_id),
        inspections=choices.inspection_choices(seen),
        institutions=choices.other_institutions(row),
    )
    saver = edits(editing.edit_institution, row, actor=actor)
    back, withdraw = page("institution", pk), _withdraw("institution", pk)
    return answer(request, Sheet(told("edit-institution"), back, form, saver, withdraw=withdraw))


DOORS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "finding": doors.finding_for,
        "problem": doors.problem_for,
        "task": doors.task_for,
        "institution": doors.institution_for,
    }
)


@both
def withdraw(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Withdraw one row with a reason, and what hangs below it."""
    if kind not in {*DOORS, "step"}:
        raise NotVisible("findings.not-found")
    if kind == "step":
        row: Any = step_to_report(user_of(request), pk, edge.today(request))
    else:
        row = DOORS[kind](user_of(request), pk, edge.today(request), write=True)
    form = forms.ReasonForm(request.POST or None)
    actor = edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> Any:
        removing.withdraw_row(row, reason=values["reason"], actor=actor)
        return _above(kind, row)

    back = page("task", row.task_id) if kind == "step" else page(kind, pk)
    heading = told("withdraw-heading", name=getattr(row, "number", "") or row.title[:40])
    return answer(request, Sheet(heading, back, form, save, go="withdraw"))


def _withdraw(kind: str, pk: int) -> str:
    return reverse("findings:withdraw", args=[kind, pk])


def _above(kind: str, row: Any) -> str:
    """Return the page above a row that was withdrawn."""
    above = {
        "finding": ("inspection", "inspection_id"),
        "problem": ("finding", "finding_id"),
        "task": ("problem", "problem_id"),
        "step": ("task", "task_id"),
    }
    if kind not in above:
        return reverse("findings:institutions")
    name, link = above[kind]
    return page(name, getattr(row, link))


def _kinds() -> list[tuple[str, str]]:
    english = edge.language() == "en"
    return [(kind.code, kind.name_en if english else kind.name) for kind in choices.kinds()]


def _own_organisations(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the organisations in which the person may write.

    :raises NotAllowed: when there is none.
    """
    seen = sight_of(request)
    own = (
        organisations_seen(seen)
        .filter(pk__in=seen.writable)
        .order_by("position", "pk")
        .values_list("pk", "name")
    )
    found = [(str(pk), name) for pk, name in own]
    if not found:
        raise NotAllowed("orgs.role-missing")
    return found
