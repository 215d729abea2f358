"""The pages of steps on paper: print a sheet, take it out as a file, bind its scan, confirm it, put it out of use."""

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.core.closure import CLAIM, STEPS
from bihuan.core.paper import Code, Heading, Paragraph, Table
from bihuan.core.refusal import Conflict, NotAllowed, NotVisible
from bihuan.core.sign_sheet import compose_sheet
from bihuan.files import previews
from bihuan.files.actions import receive_whole
from bihuan.files.models import StoredFile
from bihuan.files.queries import examinations_of, response
from bihuan.files.store import FileRefused
from bihuan.findings.actions import sheets as actions
from bihuan.findings.actions.closure import StepRefused
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.closure_words import say_closure, say_desk, tell_fault, told_once
from bihuan.findings.forms.closure import BindForm
from bihuan.findings.models import Problem, SignSheet, Task
from bihuan.findings.queries import desk, doors
from bihuan.findings.queries import sign_sheets as queries
from bihuan.findings.queries.sight import reach_of
from bihuan.findings.wording import day
from bihuan.formats.paper_code import svg
from bihuan.formats.papers import PAPER_FORMATS, write_paper
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.queries import capacities, may_write, require, roles_in, why_not
from bihuan.web import edge

ROWS = 50
STATES = ("printed", "bound", "confirmed", "refused", "void")
both = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def print_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Print the sheet of a step; a claim is printed from its form, for it carries the words."""
    task = doors.task_for(user_of(request), pk, edge.today(request))
    _require_sheet(request, task)
    if step not in STEPS or step == CLAIM:
        raise NotVisible("closure.step-unknown")
    sheet = actions.print_sheet(task, step, actor=edge.actor_of(request))
    return HttpResponseRedirect(reverse("findings:sheet", args=[sheet.pk]))


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the sheets in sight: all, of one state, or those that wait for this person."""
    seen = reach_of(sight_of(request))
    word = request.GET.get("waiting", "")
    state = request.GET.get("state", "")
    rows = desk.sheets_waiting(word, seen) if word in desk.SHEETS else desk.sheets_seen(seen)
    if state in STATES:
        rows = rows.filter(state=state)
    problem = _problem(request)
    if problem is not None:
        rows = rows.filter(task__problem=problem)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    ways = [("", _("全部")), *((f"waiting={one}", say_desk(f"sheets-{one}")) for one in desk.SHEETS)]
    ways += [(f"state={one}", say_desk(f"sheet-{one}")) for one in STATES]
    context = {
        "page": page,
        "rows": [_row(sheet) for sheet in page.object_list],
        "ways": [(query, name, query == _query(word, state)) for query, name in ways],
        "problem": problem,
    }
    return render(request, "findings/closure/sheets.html", context)


def _problem(request: HttpRequest) -> Problem | None:
    """Return the problem to which the list is narrowed, None without one."""
    number = request.GET.get("problem", "")
    if not (number.isdecimal() and len(number) < 19):
        return None
    return doors.problem_for(user_of(request), int(number), edge.today(request))


@require_GET
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from the code on the paper to its sheet."""
    rows = desk.sheets_seen(reach_of(sight_of(request)))
    found = rows.filter(code=code.upper()[:20]).values_list("pk", flat=True).first()
    if found is None:
        raise NotVisible("findings.not-found")
    return HttpResponseRedirect(reverse("findings:sheet", args=[found]))


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sheet as it is printed; once it is bound, its scan beside it."""
    return _page(request, _sheet(request, pk))


@require_GET
def sheet_file(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """Give a sheet as docx or PDF."""
    row = _sheet(request, pk)
    if suffix not in PAPER_FORMATS:
        raise NotVisible("findings.not-found")
    one = queries.standing_of(row)
    if queries.is_stale(row, one):
        raise Conflict("closure.sheet-stale", number=one.task.number)
    paper = compose_sheet(queries.facts_of(row, one, address=_address(request, row)))
    written = write_paper(paper, suffix)
    name = f"sheet-{row.code}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(written.content, content_type=written.media_type, headers=headers)


@both
def bind(request: HttpRequest, pk: int) -> HttpResponse:
    """Bind the scan of a signed sheet."""
    row = _sheet(request, pk)
    require("write", user_of(request), row.organisation_id, today=edge.today(request))
    signers = [(one.pk, one.name) for one in queries.signers_of(row, edge.today(request))]
    sent = request.method == "POST"
    form = BindForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        step=row.step,
        signers=signers,
    )
    if sent and form.is_valid():
        try:
            _bound(request, row, form)
        except StepRefused as refused:
            form.take(refused.faults)
            form.status = refused.status
        except FileRefused as refused:
            form.add_error("file", tell_fault(refused))
        else:
            messages.success(request, say_desk("done-bind", number=row.task.number))
            return HttpResponseRedirect(reverse("findings:sheet", args=[pk]))
    context = {"row": row, "form": form, "step": say_closure(f"step-{row.step}"), "signers": signers}
    return render(request, "findings/closure/bind.html", context, status=form.status if sent else 200)


@both
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the scan beside what was printed, and confirm it or put it out of use."""
    row = _sheet(request, pk)
    require("countersign", user_of(request), row.organisation_id, today=edge.today(request))
    if request.method != "POST":
        return _page(request, row)
    try:
        actions.confirm(row, actor=edge.actor_of(request))
    except StepRefused as refused:
        return _page(request, row, faults=told_once(refused.faults), status=refused.status)
    messages.success(request, say_desk("done-confirm", number=row.task.number))
    return HttpResponseRedirect(reverse("findings:task", args=[row.task_id]))


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a sheet out of use, with the reason."""
    row = _sheet(request, pk)
    require("countersign", user_of(request), row.organisation_id, today=edge.today(request))
    try:
        actions.refuse_sheet(row, note=request.POST.get("note", ""), actor=edge.actor_of(request))
    except Invalid as refused:
        return _page(request, row, faults=told_once(refused.faults), status=422)
    messages.success(request, say_desk("done-refuse", number=row.task.number))
    return HttpResponseRedirect(reverse("findings:sheet", args=[pk]))


@require_GET
def scan(request: HttpRequest, pk: int) -> FileResponse:
    """Give the scan as it came in."""
    row = _sheet(request, pk)
    return response(_scan_of(row), name=row.name)


@require_GET
def scan_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give a picture of one page of the scan."""
    file = _scan_of(_sheet(request, pk))
    return previews.picture(file, _kind(file), number)


def _sheet(request: HttpRequest, pk: int) -> SignSheet:
    return doors.sheet_for(user_of(request), pk, edge.today(request))


def _scan_of(row: SignSheet) -> StoredFile:
    """Return the scan of a sheet.

    :raises NotVisible: while nothing is bound to it.
    """
    if row.file is None:
        raise NotVisible("findings.not-found")
    return row.file


def _require_sheet(request: HttpRequest, task: Task) -> None:
    """Let whoever has part in closure at the unit print, himself or for another."""
    unit, today = task.unit_id or task.organisation_id, edge.today(request)
    if not roles_in(capacities(user_of(request).pk, [unit], today)[unit], "sheet"):
        raise NotAllowed("orgs.role-missing")


def _bound(request: HttpRequest, row: SignSheet, form: BindForm) -> None:
    values, sent = form.cleaned_data, form.cleaned_data["file"]
    taken = actions.Scan(0, values["signer_id"], values["signed_on"], form.answers(), values["note"])
    actions.judge_binding(row, taken, actor=edge.actor_of(request))  # before a byte of the file is kept
    upload = receive_whole(
        sent.chunks(), name=sent.name, size=sent.size, purpose=actions.PURPOSE, actor=edge.actor_of(request)
    )
    actions.bind(row, replace(taken, upload_id=upload.pk), actor=edge.actor_of(request))


def _address(request: HttpRequest, row: SignSheet) -> str:
    return request.build_absolute_uri(reverse("findings:sheet-code", args=[row.code]))


def _kind(file: StoredFile) -> str:
    seen = examinations_of({file.sha256}).get(file.sha256)
    return seen.kind if seen else file.type


def _query(word: str, state: str) -> str:
    return f"waiting={word}" if word else f"state={state}" if state else ""


def _row(one: SignSheet) -> dict[str, Any]:
    return {
        "row": one,
        "step": say_closure(f"step-{one.step}"),
        "state": say_desk(f"sheet-{one.state}"),
        "printed": day(one.printed_on),
        "signed": day(one.signed_on),
    }


def _page(
    request: HttpRequest, row: SignSheet, *, faults: list[str] | None = None, status: int = 200
) -> HttpResponse:
    one = queries.standing_of(row)
    stale = queries.is_stale(row, one)
    user, today = user_of(request), edge.today(request)
    paper = compose_sheet(queries.facts_of(row, one, address=_address(request, row)))
    answers = json.loads(row.answers) if row.answers else {}
    counted = previews.pages(row.file, _kind(row.file)) if row.file else 0
    countersigns = why_not("countersign", user.pk, row.organisation_id, today=today) is None
    own = user.pk in (row.bound_by_id, row.signer_id)
    context = {
        **_row(row), "task": one.task, "paper": paper, "blocks": [_shown(block) for block in paper.blocks],
        "faults": faults or [], "stale": stale, "shows": not stale and row.state in ("printed", "bound"),
        "pages": range(1, counted + 1), "answers": answers if "sufficient" in answers else None,
        "may_bind": row.state == "printed" and not stale and may_write(user, row.organisation_id, today),
        "may_confirm": row.state == "bound" and not stale and countersigns and not own,
        "own": row.state == "bound" and countersigns and own,
        "may_refuse": row.state in ("printed", "bound") and countersigns,
    }  # fmt: skip
    return render(request, "findings/closure/sheet.html", context, status=status)


def _shown(block: Any) -> dict[str, Any]:
    """Return a block of the sheet as the template shows it."""
    if isinstance(block, Code):
        return {"kind": "code", "svg": mark_safe(svg(block.text)), "lines": block.lines}  # noqa: S308 - made by segno
    if isinstance(block, Table):
        return {"kind": "table", "header": block.header, "rows": block.rows}
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": "text", "text": block.text}
    return {"kind": "blank", "lines": range(block.lines)}
