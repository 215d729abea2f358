"""Making, editing and withdrawing one row: a door, a form, one action; faults and conflicts are shown on the form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.audit.actor import Actor
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.findings import forms
from bihuan.findings.actions import editing, removing, states, tasks
from bihuan.findings.actions.saving import Invalid, Overtaken
from bihuan.findings.queries import choices, doors
from bihuan.findings.queries.sight import reach_of
from bihuan.findings.timeline import differences
from bihuan.findings.wording import told
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.models import Unit
from bihuan.orgs.queries import organisations_seen
from bihuan.web import edge

Saver = Callable[[dict[str, Any], int], Any]
both = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form as a page: its words, what it shows, where it leads back, and the action that saves it."""

    heading: str
    back: str
    form: forms.RowForm
    saver: Saver
    go: str = "save"
    withdraw: str = ""


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

    return _answer(request, Sheet(told("new-inspection"), reverse("findings:inspections"), form, save))


@both
def edit_inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the facts of an inspection."""
    row = doors.inspection_for(user_of(request), pk, edge.today(request), write=True)
    first = forms.first_values(forms.InspectionForm, row)
    form = forms.InspectionForm(request.POST or None, initial=first, kinds=_kinds())
    actor = edge.actor_of(request)
    saver = _edits(editing.edit_inspection, row, actor=actor)
    return _answer(request, Sheet(told("edit-inspection"), _page("inspection", pk), form, saver))


@both
def new_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a finding to an inspection."""
    row = doors.inspection_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.FindingForm(request.POST or None)
    saver = _adds(editing.add_finding, row, actor=actor)
    return _answer(request, Sheet(told("new-finding"), _page("inspection", pk), form, saver))


@both
def edit_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a finding."""
    row = doors.finding_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.FindingForm(request.POST or None, initial=forms.first_values(forms.FindingForm, row))
    saver = _edits(editing.edit_finding, row, actor=actor)
    return _answer(
        request,
        Sheet(told("edit-finding"), _page("finding", pk), form, saver, withdraw=_withdraw("finding", pk)),
    )


@both
def new_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a problem to a finding."""
    row = doors.finding_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.ProblemForm(request.POST or None)
    saver = _adds(editing.add_problem, row, actor=actor)
    return _answer(request, Sheet(told("new-problem"), _page("finding", pk), form, saver))


@both
def edit_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a problem."""
    row = doors.problem_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.ProblemForm(request.POST or None, initial=forms.first_values(forms.ProblemForm, row))
    saver = _edits(editing.edit_problem, row, actor=actor)
    return _answer(
        request,
        Sheet(told("edit-problem"), _page("problem", pk), form, saver, withdraw=_withdraw("problem", pk)),
    )


@both
def new_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a task to a problem."""
    row = doors.problem_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.TaskForm(request.POST or None, units=choices.organisation_units(row.organisation_id))
    saver = _adds(tasks.add_task, row, actor=actor)
    return _answer(request, Sheet(told("new-task"), _page("problem", pk), form, saver))


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
    saver = _edits(tasks.edit_task, row, actor=actor)
    return _answer(
        request, Sheet(told("edit-task"), _page("task", pk), form, saver, withdraw=_withdraw("task", pk))
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
    return HttpResponseRedirect(_page("task", pk))


@both
def new_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a step to a task."""
    row = doors.task_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.StepForm(request.POST or None)
    saver = _adds(tasks.add_step, row, actor=actor)
    return _answer(request, Sheet(told("new-step"), _page("task", pk), form, saver))


@both
def edit_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a step."""
    row = doors.step_for(user_of(request), pk, edge.today(request), write=True)
    actor = edge.actor_of(request)
    form = forms.StepForm(request.POST or None, initial=forms.first_values(forms.StepForm, row))
    saver = _adds(tasks.edit_step, row, actor=actor)
    back = _page("task", row.task_id)
    return _answer(request, Sheet(told("edit-step"), back, form, saver, withdraw=_withdraw("step", pk)))


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

    return _answer(request, Sheet(told("new-institution"), reverse("findings:institutions"), form, save))


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
    )
    saver = _edits(editing.edit_institution, row, actor=actor)
    back, withdraw = _page("institution", pk), _withdraw("institution", pk)
    return _answer(request, Sheet(told("edit-institution"), back, form, saver, withdraw=withdraw))


DOORS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "finding": doors.finding_for,
        "problem": doors.problem_for,
        "task": doors.task_for,
        "step": doors.step_for,
        "institution": doors.institution_for,
    }
)


@both
def withdraw(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Withdraw one row with a reason, and what hangs below it."""
    if kind not in DOORS:
        raise NotVisible("findings.not-found")
    row: Any = DOORS[kind](user_of(request), pk, edge.today(request), write=True)
    form = forms.ReasonForm(request.POST or None)
    actor = edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> Any:
        removing.withdraw_row(row, reason=values["reason"], actor=actor)
        return _above(kind, row)

    back = _page("task", row.task_id) if kind == "step" else _page(kind, pk)
    heading = told("withdraw-heading", name=getattr(row, "number", "") or row.title[:40])
    return _answer(request, Sheet(heading, back, form, save, go="withdraw"))


def _adds(action: Callable[..., Any], row: Any, *, actor: Actor) -> Saver:
    """Return the saver of a form whose action looks at no revision."""

    def save(values: dict[str, Any], revision: int) -> Any:
        return action(row, values, actor=actor)

    return save


def _edits(action: Callable[..., Any], row: Any, *, actor: Actor) -> Saver:
    """Return the saver of a form whose action refuses to overwrite what somebody else saved."""

    def save(values: dict[str, Any], revision: int) -> Any:
        return action(row, values, revision=revision, actor=actor)

    return save


def _answer(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Show the form; when it was sent, save it and lead on, or show what is wrong or what somebody else wrote."""
    form, conflict, status = sheet.form, (), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                saved = sheet.saver(form.values(), form.cleaned_data.get("revision") or 0)
            except Invalid as refused:
                form.take(refused.faults)
            except Overtaken as overtaken:
                status, conflict = 409, _conflict(form, overtaken)
            else:
                messages.success(request, told("saved" if sheet.go == "save" else "withdrawn"))
                return HttpResponseRedirect(saved if isinstance(saved, str) else _page_of(saved))
    context = {"sheet": sheet, "form": form, "conflict": conflict}
    return render(request, "findings/form.html", context, status=status)


def _conflict(form: forms.RowForm, overtaken: Overtaken) -> Any:
    """Return both versions side by side, and let the form be saved over what is shown now."""
    row: Any = overtaken.row
    units = dict(
        Unit.objects.filter(
            pk__in=[pk for pk in (row.__dict__.get("unit_id"), overtaken.values.get("unit_id")) if pk]
        ).values_list("pk", "name")
    )
    data = form.data.copy()  # type: ignore[attr-defined]
    data["revision"] = str(row.revision)
    form.data = data
    return differences(row.sealed_as, row, overtaken.values, units)


def _page_of(row: Any) -> str:
    return _page("task", row.task_id) if row.sealed_as == "step" else _page(row.sealed_as, row.pk)


def _page(kind: str, pk: int) -> str:
    return reverse(f"findings:{kind}", args=[pk])


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
    page, link = above[kind]
    return _page(page, getattr(row, link))


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
