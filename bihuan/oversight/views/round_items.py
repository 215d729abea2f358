"""Pages of what is looked at: one item on a phone, its photo, reopening; sheets out and back; the files of a round."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.core.refusal import Conflict, NotVisible, Refused
from bihuan.core.round_papers import compose_report, compose_sheet
from bihuan.core.rounds import REPORTED
from bihuan.core.sampling import list_text
from bihuan.core.source import UnreadableFile
from bihuan.files.actions import store_file
from bihuan.files.examining import examine
from bihuan.files.models import StoredFile
from bihuan.files.queries import response
from bihuan.findings.actions.saving import Invalid, filed
from bihuan.formats import read_bytes
from bihuan.formats.limits import FILE_BYTES, MEGABYTE
from bihuan.formats.papers import write_paper
from bihuan.orgs.edge import user_of
from bihuan.oversight.actions.round_checks import record_checks, reopen_failed
from bihuan.oversight.forms.rounds import RESULT_WORDS, VIA_WORDS, CheckForm
from bihuan.oversight.models import Round, RoundCheck, RoundItem
from bihuan.oversight.queries import round_facts, round_sheets
from bihuan.oversight.queries import rounds as queries
from bihuan.web import edge
from bihuan.web.catalogue import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PHOTOS = ("jpeg", "png", "gif", "webp", "heic", "tiff", "pdf")
SUFFIXES = ("docx", "pdf")
both = require_http_methods(["GET", "HEAD", "POST"])


@both
def item_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an item of a round; record what two persons found of it."""
    user, today = user_of(request), edge.today(request)
    item = queries.item_for(user, pk, today, write=request.method == "POST")
    may = item.chosen and item.round.state == "open" and not item.round.withdrawn
    may = may and queries.may_lead(item.round.kind, user.pk, item.round.organisation_id, today)
    checks = list(item.checks.select_related("first", "second", "recorded_by", "file").order_by("-pk"))
    old = next((one for one in checks if one.current), None)
    people = queries.entitled(item.round.kind, item.round.organisation_id, today)
    first = {
        "over": old.pk if old else 0,
        "first_id": user.pk,
        "captured_at": timezone.localtime(edge.now(request)),
    }
    form = CheckForm(
        request.POST or None,
        request.FILES or None,
        questions=item.round.questions,
        people=people,
        old=old,
        initial=first,
    )
    if request.method == "POST" and form.is_valid() and _recorded(request, item, form):
        return redirect("oversight:round", item.round_id)
    context = {
        "item": item,
        "form": form if may else None,
        "old": old,
        "checks": [
            {"row": one, "word": RESULT_WORDS[one.result], "via": VIA_WORDS[one.via]} for one in checks
        ],
        "alone": may and len(people) < 2,
    }
    return render(request, "oversight/round_item.html", context, status=422 if form.is_bound else 200)


def _recorded(request: HttpRequest, item: RoundItem, form: CheckForm) -> bool:
    """Record what was filled in; tell whether it was taken, else put what is wrong on the form."""
    actor = edge.actor_of(request)
    try:
        draft = form.draft(item.pk)
        upload = form.cleaned_data["photo"]
        if upload is not None:
            draft = _with_photo(draft, upload, filed(actor, item.round.organisation_id))
        record_checks(item.round, [draft], via="screen", actor=actor)
    except Invalid as refused:
        form.take(refused.faults)
        return False
    except Conflict:
        raise
    except Refused as refused:
        if not refused.code.startswith(("files.", "formats.", "rounds.photo")):
            raise
        form.add_error("photo", say(refused.code, refused.params, lang=edge.language()))
        return False
    messages.success(request, _("已登记%(number)s的检查结果，待另一检查人确认。") % {"number": item.label})
    return True


def _with_photo(draft: Any, upload: Any, actor: Any) -> Any:
    return replace(draft, file=keep_photo(upload, actor), file_name=str(upload.name or "")[:200])


def keep_photo(upload: Any, actor: Any) -> StoredFile:
    """Keep a photo after it was examined as every upload is.

    :raises Refused: when it is no picture, too large, or bears a mark of secrecy.
    """
    name = str(upload.name or "photo")
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        seen = examine(Path(file.name), name)
        if seen.kind not in PHOTOS:
            raise Refused("rounds.photo-type", name=name[:60])
        upload.seek(0)
        return store_file(upload.chunks(), actor=actor, type_=seen.kind)


@require_GET
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """Give the photo of a check."""
    check = queries.check_for(user_of(request), pk, edge.today(request))
    if check.file is None:
        raise NotVisible("rounds.not-found")
    return response(check.file, name=check.file_name or "photo")


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen the closed task of which a re-check failed."""
    check: RoundCheck = queries.check_for(user_of(request), pk, edge.today(request))
    queries.require_step(
        check.item.round.kind, user_of(request).pk, check.item.round.organisation_id, edge.today(request)
    )
    reopen_failed(check, note=request.POST.get("note", ""), actor=edge.actor_of(request))
    messages.success(request, _("%(number)s已重新整改。") % {"number": check.item.label})
    return redirect("oversight:round", check.item.round_id)


@require_GET
def round_list(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """Give the frozen list: CSV, of which SHA-256 is the digest."""
    row = queries.round_for(user_of(request), pk, edge.today(request))
    if not row.digest or suffix != "csv":
        raise NotVisible("rounds.not-found")
    text = list_text(queries.listed(row), strata=row.strata).encode()
    return _file(text, f"{row.title}名单.csv", "text/csv; charset=utf-8")


@require_GET
def round_paper(request: HttpRequest, pk: int, name: str, suffix: str) -> HttpResponse:
    """Give the sheet to be filled in by hand, or the report, as docx or PDF; the sheet also as a workbook."""
    row = queries.round_for(user_of(request), pk, edge.today(request))
    composers: dict[str, Callable[[Any], Any]] = {"sheet": compose_sheet, "report": compose_report}
    drawn = row.state in ("open", REPORTED)
    if name == "sheet" and suffix == "xlsx" and drawn:
        return _file(round_sheets.workbook(row, edge.today(request)), f"{row.title}检查表.xlsx", XLSX)
    if (
        name not in composers
        or suffix not in SUFFIXES
        or not drawn
        or (name == "report" and row.state != REPORTED)
    ):
        raise NotVisible("rounds.not-found")
    written = write_paper(composers[name](round_facts.facts(row)), suffix)
    word = "检查表" if name == "sheet" else "督查报告"
    return _file(written.content, f"{row.title}{word}.{suffix}", written.media_type)


@both
def import_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a filled sheet back: first everything that it would write and what is wrong, then one commit."""
    row = queries.round_for(user_of(request), pk, edge.today(request), write=True)
    if row.state != "open":
        raise NotVisible("rounds.not-found")
    if request.method != "POST":
        return render(request, "oversight/round_import.html", {"row": row})
    actor = edge.actor_of(request)
    if "carried" in request.POST:
        drafts = round_sheets.carried(row, request.POST["carried"], actor)
        made = record_checks(row, drafts, via="workbook", actor=actor)
        messages.success(request, _("已写入%(count)s项检查结果，待检查人确认。") % {"count": len(made)})
        return redirect("oversight:round", pk)
    try:
        shown = _previewed(request, row)
    except (Refused, UnreadableFile) as refused:
        fault = say(refused.code, refused.params, lang=edge.language())
        return render(request, "oversight/round_import.html", {"row": row, "fault": fault}, status=422)
    faults = [
        {"row": one.row, "label": one.label, "column": one.column,
         "message": say(one.fault.code, one.fault.params, lang=edge.language())}
        for one in shown.faults
    ]  # fmt: skip
    rows = [
        {"label": shown.labels[one.item_id], "draft": one, "word": RESULT_WORDS.get(one.result, "")}
        for one in shown.drafts
    ]
    conflicts = [(shown.labels[one.item_id], RESULT_WORDS[one.result], one) for one in shown.conflicts]
    context = {"row": row, "shown": shown, "faults": faults, "rows": rows, "conflicts": conflicts}
    return render(request, "oversight/round_import.html", context, status=422 if faults else 200)


def _previewed(request: HttpRequest, row: Round) -> round_sheets.SheetPreview:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("rounds.sheet-no-file")
    if (upload.size or 0) > FILE_BYTES:
        raise UnreadableFile(
            "formats.too-large", size=str((upload.size or 0) // MEGABYTE), limit=FILE_BYTES // MEGABYTE
        )
    source = read_bytes(upload.name or "", upload.read())
    return round_sheets.preview(row, source, actor=edge.actor_of(request))


def _file(content: bytes, name: str, type_: str) -> HttpResponse:
    head = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=type_, headers={"Content-Disposition": head})
