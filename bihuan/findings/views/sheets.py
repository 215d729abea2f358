"""One form as a page: a door, a form, one action; faults and conflicts are shown on the form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bihuan.audit.actor import Actor
from bihuan.findings import forms
from bihuan.findings.actions.saving import Invalid, Overtaken
from bihuan.findings.timeline import differences
from bihuan.findings.wording import told
from bihuan.orgs.models import Unit
from bihuan.web.forms import put_in

Saver = Callable[[dict[str, Any], int], Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form as a page: its words, what it shows, where it leads back, and the action that saves it.

    `verb` stands on the button, `lead` above the form and `done` on the next page where the usual words do not fit.
    """

    heading: str
    back: str
    form: forms.RowForm
    saver: Saver
    go: str = "save"
    withdraw: str = ""
    verb: str = ""
    lead: str = ""
    done: str = ""


def adds(action: Callable[..., Any], row: Any, *, actor: Actor) -> Saver:
    """Return the saver of a form whose action looks at no revision."""

    def save(values: dict[str, Any], revision: int) -> Any:
        return action(row, values, actor=actor)

    return save


def edits(action: Callable[..., Any], row: Any, *, actor: Actor) -> Saver:
    """Return the saver of a form whose action refuses to overwrite what somebody else saved."""

    def save(values: dict[str, Any], revision: int) -> Any:
        return action(row, values, revision=revision, actor=actor)

    return save


def answer(request: HttpRequest, sheet: Sheet) -> HttpResponse:
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
                messages.success(request, sheet.done or told("saved" if sheet.go == "save" else "withdrawn"))
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
    put_in(form, "revision", str(row.revision))
    return differences(row.sealed_as, row, overtaken.values, units)


def page(kind: str, pk: int) -> str:
    """Return the address of the page of one object."""
    return reverse(f"findings:{kind}", args=[pk])


def _page_of(row: Any) -> str:
    return page("task", row.task_id) if row.sealed_as == "step" else page(row.sealed_as, row.pk)
