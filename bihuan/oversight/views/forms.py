"""Pages of superiors' forms: taking one in, mapping its cells one click at a time, and filling it."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.core.form_mapping import ONCE, SUBJECTS, Mapped, row_fields
from bihuan.core.refusal import NotAllowed, NotVisible, Refused
from bihuan.core.source import UnreadableFile
from bihuan.files.queries import bytes_of, response
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.forms import ReasonForm
from bihuan.findings.queries import choices, doors
from bihuan.findings.queries.sight import reach_of
from bihuan.findings.views.sheets import Sheet, answer
from bihuan.formats.form_fill import read_form
from bihuan.formats.limits import MEGABYTE
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.models import Unit
from bihuan.orgs.queries import may_write, units_managed
from bihuan.oversight.actions import forms as actions
from bihuan.oversight.models import FormTemplate
from bihuan.oversight.queries import forms as queries
from bihuan.web import edge
from bihuan.web.catalogue import say

MOST_BYTES = 10 * MEGABYTE
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
both = require_http_methods(["GET", "HEAD", "POST"])


@both
def forms(request: HttpRequest) -> HttpResponse:
    """Show the forms in sight and take one in."""
    user, today = user_of(request), edge.today(request)
    organisation = units_managed(user, today).filter(kind="organisation").first()
    fault, status = "", 200
    if request.method == "POST":
        if organisation is None:
            raise NotAllowed("orgs.role-missing")
        try:
            made = _taken(request, organisation)
        except (Refused, UnreadableFile) as refused:
            fault, status = say(refused.code, refused.params, lang=edge.language()), 422
        else:
            messages.success(request, _("表样已登记。请点选要填的格子。"))
            return redirect("oversight:form", made.pk)
    context = {
        "rows": [
            {"row": one, "subject": _word(one.subject)}
            for one in queries.forms_seen(reach_of(sight_of(request)))
        ],
        "subjects": [(one, _word(one)) for one in SUBJECTS],
        "may": organisation is not None,
        "fault": fault,
        "most": MOST_BYTES // MEGABYTE,
    }
    return render(request, "oversight/forms.html", context, status=status)


@both
def form_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a form as a grid with what goes where; put a field into one cell, or take it out."""
    user, today = user_of(request), edge.today(request)
    row = queries.form_for(user, pk, today, write=request.method == "POST")
    cells = {one.place: one for one in queries.mapped(row)}
    at, fault = request.GET.get("cell", ""), ""
    if request.method == "POST":
        at = request.POST.get("place", "")
        field, _mark, repeats = request.POST.get("field", "").partition("|")
        cells.pop(at, None)
        wanted = [*cells.values(), *([Mapped(at, field, repeats == "rows")] if field else [])]
        try:
            actions.map_cells(row, wanted, actor=edge.actor_of(request))
        except Invalid as refused:
            fault = "；".join(say(one.code, one.params, lang=edge.language()) for one in refused.faults)
        else:
            return redirect(reverse("oversight:form", args=[pk]) + "#grid")
    _kind, grid = read_form(f"form.{row.kind}", bytes_of(row.file))
    tables = [
        (
            table.name,
            [
                [(cell, _held_word(cells.get(cell.place)), cell.place == at) for cell in line]
                for line in table.rows
            ],
        )
        for table in grid
    ]
    known = {cell.place: cell for table in grid for line in table.rows for cell in line}
    held = cells.get(at)
    context = {
        "row": row,
        "subject": _word(row.subject),
        "tables": tables,
        "may": may_write(user, row.organisation_id, today),
        "cell": known.get(at),
        "once": [(one, field_word(one)) for one in ONCE[row.subject]],
        "repeating": [(one, field_word(one)) for one in row_fields(row.subject)],
        "now": f"{held.field}{'|rows' if held.repeats else ''}" if held else "",
        "fault": fault,
        "mapped": [(one.place, field_word(one.field), one.repeats) for one in cells.values()],
        "inspections": choices.inspection_choices(reach_of(sight_of(request)))
        if row.subject == "inspection"
        else (),
    }
    return render(request, "oversight/form_map.html", context, status=422 if fault else 200)


@require_GET
def form_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the form filled for the inspection, problem or task named by `of`."""
    user, today = user_of(request), edge.today(request)
    row = queries.form_for(user, pk, today)
    of = request.GET.get("of", "")
    door: Any = {"inspection": doors.inspection_for, "problem": doors.problem_for, "task": doors.task_for}[
        row.subject
    ]
    if not of.isdecimal() or len(of) > 18:
        raise NotVisible("findings.not-found")
    made = queries.filled(row, door(user, int(of), today), reach_of(sight_of(request)), today)
    name = content_disposition_header(as_attachment=True, filename=f"{row.name}.{row.kind}") or "attachment"
    return HttpResponse(made, content_type=TYPES[row.kind], headers={"Content-Disposition": name})


@require_GET
def form_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give the empty form as it came."""
    row = queries.form_for(user_of(request), pk, edge.today(request))
    return response(row.file, name=f"{row.name}.{row.kind}")


@both
def form_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a form out of use."""
    row = queries.form_for(user_of(request), pk, edge.today(request), write=True)
    back = reverse("oversight:forms")

    def save(values: dict[str, str], revision: int) -> str:
        actions.withdraw_form(row, reason=values["reason"], actor=edge.actor_of(request))
        return back

    return answer(request, Sheet(_("停用表样"), back, ReasonForm(request.POST or None), save, go="withdraw"))


def _taken(request: HttpRequest, organisation: Unit) -> FormTemplate:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("forms.no-file")
    if (upload.size or 0) > MOST_BYTES:
        raise UnreadableFile(
            "formats.too-large", size=str((upload.size or 0) // MEGABYTE), limit=MOST_BYTES // MEGABYTE
        )
    return actions.register_form(
        organisation,
        name=request.POST.get("name", ""),
        file_name=upload.name or "",
        data=upload.read(),
        subject=request.POST.get("subject", ""),
        actor=edge.actor_of(request),
    )


def _word(subject: str) -> str:
    return {"inspection": _("每次巡察一份"), "problem": _("每个问题一份"), "task": _("每项任务一份")}[subject]


def _held_word(cell: Mapped | None) -> str:
    return field_word(cell.field) if cell else ""


def field_word(field: str) -> str:
    """Return the words of a field."""
    return say(f"forms.field-{field.replace('.', '-').replace('_', '-')}", lang=edge.language())
