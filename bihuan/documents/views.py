"""Pages of documents: taking one in, the drafts that wait, the file, its faults, what a draft gives at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.core.refusal import NotAllowed, NotVisible, Refused
from bihuan.core.source import UnreadableFile
from bihuan.documents import exports
from bihuan.documents.actions import DocumentRefused, drop_draft, receive
from bihuan.documents.checking import WEIGHTS, checked, commented
from bihuan.documents.queries import (
    document_for,
    draft_for,
    drafts_seen,
    organisations_to_write,
    tree_of_draft,
)
from bihuan.files.queries import response
from bihuan.formats.limits import FILE_BYTES, MEGABYTE
from bihuan.formats.papers import write_paper
from bihuan.orgs.edge import user_of
from bihuan.web import edge
from bihuan.web.catalogue import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFTS_A_PAGE = 20


@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Show the form for a file and the drafts that wait; take a file in."""
    user, today = user_of(request), edge.today(request)
    organisations = list(organisations_to_write(user, today))
    if not organisations:
        raise NotAllowed("documents.office-only")
    fault = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        chosen = next(
            (one for one in organisations if str(one.pk) == request.POST.get("organisation")),
            organisations[0],
        )
        try:
            if upload is None:
                raise DocumentRefused("documents.no-file")
            if (upload.size or 0) > FILE_BYTES:
                raise DocumentRefused("documents.too-large", limit=FILE_BYTES // MEGABYTE)
            arrival = receive(
                upload.read(), name=upload.name or "", organisation=chosen, actor=edge.actor_of(request)
            )
        except Refused as refusal:
            fault = say(refusal.code, refusal.params, lang=edge.language())
        else:
            if arrival.outcome != "new":
                messages.info(request, say(f"documents.arrived-{arrival.outcome}", lang=edge.language()))
            return redirect("documents:draft", arrival.draft.pk)
    rows = Paginator(drafts_seen(user, today), DRAFTS_A_PAGE)
    context = {
        "organisations": organisations,
        "fault": fault,
        "page": rows.get_page(request.GET.get("page")),
        "limit": FILE_BYTES // MEGABYTE,
    }
    return render(request, "documents/import.html", context, status=422 if fault else 200)


@require_POST
def drop(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Give a draft up."""
    draft = draft_for(user_of(request), draft_id, edge.today(request))
    drop_draft(draft.pk, actor=edge.actor_of(request))
    messages.success(request, say("documents.dropped", lang=edge.language()))
    return redirect("documents:import")


@require_GET
def file(request: HttpRequest, document_id: int) -> FileResponse:
    """Give the file as it came in."""
    document = document_for(user_of(request), document_id, edge.today(request))
    return response(document.file, name=document.name)


@require_GET
def check_page(request: HttpRequest, document_id: int) -> HttpResponse:
    """Show the faults of a document beside its lines."""
    request.nav_at = "documents:import"  # type: ignore[attr-defined]
    document = document_for(user_of(request), document_id, edge.today(request))
    found = checked(document, lang=edge.language())
    weight = request.GET.get("weight", "")
    weight = weight if weight in WEIGHTS else ""
    pairs = Paginator(found.pairs(weight=weight), 40)
    context = {
        "document": document,
        "weight": weight,
        "page": pairs.get_page(request.GET.get("page")),
        "total": len(found.told),
        "errors": found.count("error"),
        "chips": [
            (one, say(f"checking.severity-{one}", lang=edge.language()), found.count(one)) for one in WEIGHTS
        ],
        "line_count": len(found.source.lines),
        "today": edge.today(request),
    }
    return render(request, "documents/check.html", context)


@require_GET
def check_docx(request: HttpRequest, document_id: int) -> HttpResponse:
    """Give the document as docx with a comment at each fault."""
    document = document_for(user_of(request), document_id, edge.today(request))
    try:
        data = commented(document, at=edge.now(request), lang=edge.language())
    except UnreadableFile as fault:
        raise DocumentRefused(fault.code, **fault.params) from fault
    stem = document.name.rpartition(".")[0] or document.name
    return _attachment(data, name=say("documents.name-commented", {"name": stem}), type_=DOCX)


@require_GET
def draft_export(request: HttpRequest, draft_id: int, what: str) -> HttpResponse:
    """Give what a draft is worth before it is registered: ``breakdown`` (xlsx) or ``outline`` (docx)."""
    draft = draft_for(user_of(request), draft_id, edge.today(request))
    tree = tree_of_draft(draft)
    if what == "breakdown":
        return _attachment(exports.breakdown(tree), name=say("documents.name-breakdown"), type_=XLSX)
    if what == "outline":
        written = write_paper(exports.outline(tree), "docx")
        return _attachment(written.content, name=say("documents.name-outline"), type_=DOCX)
    raise NotVisible("documents.not-found")


def _attachment(data: bytes, *, name: str, type_: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=type_)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
