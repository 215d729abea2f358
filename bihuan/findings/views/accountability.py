"""Pages of who was held to account (counts only), and of what shows that an institution is carried out."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bihuan.audit.actor import Actor
from bihuan.core import accountability as core
from bihuan.core.refusal import NotVisible
from bihuan.core.register import FieldFault
from bihuan.files import queries as files
from bihuan.files.actions import store_file
from bihuan.files.examining import examine
from bihuan.findings.actions import accountability, institutions
from bihuan.findings.actions.saving import Invalid, filed
from bihuan.findings.forms import accountability as forms
from bihuan.findings.models import Institution, Problem
from bihuan.findings.queries import accountability as queries
from bihuan.findings.queries import doors
from bihuan.findings.views.editing import both
from bihuan.findings.views.offers import keeps
from bihuan.findings.views.plan_sheets import let
from bihuan.findings.views.sheets import Sheet, answer, page
from bihuan.findings.wording import day
from bihuan.orgs.edge import user_of
from bihuan.web import edge
from bihuan.web.catalogue import say


def institution_part(row: Institution, *, fills: bool, today: date) -> dict[str, Any]:
    """Return the life of an institution as its page shows it: used or not, reviewed or overdue. Two queries."""
    uses = list(row.uses.filter(withdrawn=False).order_by("-done_on", "-pk")[:100])
    effective = row.effective_on is not None and row.effective_on <= today
    holds = not row.withdrawn and row.superseded_by_id is None
    return {
        "number": row.number,
        "effective": day(row.effective_on),
        "review": day(row.review_on),
        "superseded_by": row.superseded_by,
        "uses": [{"row": use, "day": day(use.done_on)} for use in uses],
        "unused": effective and holds and not uses,
        "review_late": holds and row.review_on is not None and row.review_on < today,
        "fills": fills,
    }


@both
def add_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a use of an institution, with its paper."""
    row = doors.institution_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *institutions.places(row))
    form = forms.UseForm(request.POST or None, request.FILES or None)
    actor = edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> str:
        sent = values.pop("file", None)
        file_id = _kept(sent, actor, row.organisation_id) if sent else None
        name = str(sent.name)[-200:] if sent else ""
        institutions.add_use(row, {**values, "name": name}, file_id=file_id, actor=actor)
        return page("institution", pk)

    return answer(request, Sheet(_("登记执行情况"), page("institution", pk), form, save))


def _kept(sent: Any, actor: Actor, organisation_id: int) -> int:
    """Keep a file after it was examined as every upload is, and return its id."""
    name = str(sent.name or "")
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file:
        for chunk in sent.chunks():
            file.write(chunk)
        file.flush()
        seen = examine(Path(file.name), name)
        sent.seek(0)
        return store_file(sent.chunks(), actor=filed(actor, organisation_id), type_=seen.kind).pk


@require_GET
def use_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give the paper of a use."""
    use = queries.use_for(user_of(request), pk, edge.today(request))
    if use.file is None:
        raise NotVisible("institutions.no-file")
    return files.response(use.file, name=use.name or _("执行佐证"))


@both
def withdraw_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a use as registered by mistake."""
    use = queries.use_for(user_of(request), pk, edge.today(request))
    let(request, use.organisation_id, *institutions.places(use.institution))
    form = forms.WhyForm(request.POST or None)
    back, actor = page("institution", use.institution_id), edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> str:
        institutions.withdraw_use(use, reason=values["reason"], actor=actor)
        return back

    return answer(request, Sheet(_("撤回执行登记"), back, form, save, go="withdraw"))


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the counts of an inspection by form, and every entry."""
    row = queries.inspection_to_account(user_of(request), pk, edge.today(request))
    found = queries.accountability_summary(pk)
    context = {
        "row": row,
        "sums": [(form_word(form), count) for form, count in found.persons.items()],
        "four_forms": found.four_forms,
        "recovered": found.yuan,
        "entries": [
            {
                "row": one,
                "form": form_word(one.form),
                "yuan": core.yuan(one.recovered),
                "day": day(one.decided_on),
            }
            for one in queries.accountabilities(pk)
        ],
        "office": not row.withdrawn and keeps(request, row.organisation_id),
    }
    return render(request, "findings/accountability.html", context)


@both
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Register an entry."""
    row = queries.inspection_to_account(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id)
    form = forms.AccountabilityForm(request.POST or None, forms_of=_forms(), problems=_problems(pk))
    actor = edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> str:
        accountability.add_accountability(row, _values(values), actor=actor)
        return _url(pk)

    return answer(
        request, Sheet(_("登记追责问责"), _url(pk), form, save, lead=_("只登记人数和金额，不写姓名。"))
    )


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an entry."""
    row = queries.accountability_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id)
    initial = {name: getattr(row, name) for name in accountability.FIELDS} | {"revision": row.revision}
    initial["recovered"] = core.yuan(row.recovered)
    form = forms.AccountabilityForm(
        request.POST or None, initial=initial, forms_of=_forms(), problems=_problems(row.inspection_id)
    )
    actor, back = edge.actor_of(request), _url(row.inspection_id)

    def save(values: dict[str, Any], revision: int) -> str:
        accountability.edit_accountability(row, _values(values), revision=revision, actor=actor)
        return back

    withdraw_url = reverse("findings:accountability-withdraw", args=[pk])
    return answer(request, Sheet(_("修改追责问责"), back, form, save, withdraw=withdraw_url))


@both
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an entry as registered by mistake."""
    row = queries.accountability_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id)
    form = forms.WhyForm(request.POST or None)
    actor, back = edge.actor_of(request), _url(row.inspection_id)

    def save(values: dict[str, Any], revision: int) -> str:
        accountability.withdraw_accountability(row, reason=values["reason"], actor=actor)
        return back

    return answer(request, Sheet(_("撤回追责问责登记"), back, form, save, go="withdraw"))


def form_word(form: str) -> str:
    """Return the word of a form."""
    return say(f"accountability.form-{form}", lang=edge.language())


def _url(pk: int) -> str:
    return reverse("findings:accountability", args=[pk])


def _forms() -> list[tuple[str, str]]:
    return [(form, form_word(form)) for form in core.FORMS]


def _problems(inspection_id: int) -> list[tuple[str, str]]:
    rows = Problem.objects.filter(inspection_id=inspection_id, withdrawn=False)
    found = rows.order_by("position", "pk").values_list("pk", "number", "title")
    return [(str(pk), f"{number} {title}"[:60]) for pk, number, title in found]


def _values(values: dict[str, Any]) -> dict[str, Any]:
    fen = core.fen(values["recovered"])
    if fen is None:
        raise Invalid([FieldFault("recovered", "accountability.amount", {"value": values["recovered"][:20]})])
    return {**values, "recovered": fen}


PATHS = [
    path("institutions/<int:pk>/uses/new/", add_use, name="use-add"),
    path("institution-uses/<int:pk>/file/", use_file, name="use-file"),
    path("institution-uses/<int:pk>/withdraw/", withdraw_use, name="use-withdraw"),
    path("inspections/<int:pk>/accountability/", show, name="accountability"),
    path("inspections/<int:pk>/accountability/new/", add, name="accountability-add"),
    path("accountability/<int:pk>/edit/", edit, name="accountability-edit"),
    path("accountability/<int:pk>/withdraw/", withdraw, name="accountability-withdraw"),
]
