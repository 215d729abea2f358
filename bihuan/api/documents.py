"""Documents: taking a file in, the document itself, its faults, the file and the copy with comments."""

from typing import Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.describing import parameters
from bihuan.core.drafting import MODES, Mode
from bihuan.core.source import UnreadableFile
from bihuan.documents.actions import DocumentRefused, receive
from bihuan.documents.checking import checked, commented
from bihuan.documents.models import Received
from bihuan.documents.queries import document_for
from bihuan.files.queries import response
from bihuan.findings.queries.doors import organisation_to_write
from bihuan.formats.limits import FILE_BYTES, MEGABYTE
from bihuan.web import edge

router = Router(tags=["documents"])


@router.get("/documents", openapi_extra=parameters(*asking.PAGING))
def list_documents(request: HttpRequest) -> HttpResponse:
    """List the documents of the organisations in sight, the last received first."""
    by = caller(request)
    params = asking.asked(request, asking.PAGING)
    rows = (
        Received.objects.filter(by.sight.q("organisation"))
        .select_related("file")
        .order_by("-received_at", "-pk")
    )
    shown, total, number, size = asking.cut(rows, params)
    return answers.page([_document(one) for one in shown], total=total, number=number, size=size)


@router.post("/documents")
def receive_document(
    request: HttpRequest, organisation_id: Form[int], file: File[UploadedFile], mode: Form[str] = ""
) -> HttpResponse:
    """Take a document in (multipart: `file`, `organisation_id`, `mode`); the same file again leads to what is there.

    `outcome` is new, resumed (an open draft) or registered. `mode` (live, archive, tasks) is chosen by its kind when
    it is not given.
    """
    by = caller(request)
    organisation = organisation_to_write(by.user, organisation_id, by.today)
    chosen = cast(Mode, mode) if mode else None
    if mode and mode not in MODES:
        raise DocumentRefused("documents.edit-mode")
    if (file.size or 0) > FILE_BYTES:
        raise DocumentRefused("documents.too-large", limit=FILE_BYTES // MEGABYTE)
    arrival = receive(
        file.read(), name=file.name or "", organisation=organisation, actor=by.actor, mode=chosen
    )
    draft = arrival.draft
    return answers.json(
        {
            "outcome": arrival.outcome,
            "document_id": draft.document_id,
            "draft_id": draft.pk,
            "revision": draft.revision,
            "mode": draft.mode,
            "state": draft.state,
            "inspection_id": draft.inspection_id,
        },
        status=201 if arrival.outcome == "new" else 200,
    )


@router.get("/documents/{int:document_id}")
def get_document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Return a document as it was received."""
    by = caller(request)
    return answers.json(_document(document_for(by.user, document_id, by.today)))


@router.get("/documents/{int:document_id}/faults")
def check_document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Check a document; one row a fault, as `bihuan check --json` prints it."""
    by = caller(request)
    asking.asked(request, ())
    document = document_for(by.user, document_id, by.today)
    try:
        found = checked(document, lang=edge.language())
    except UnreadableFile as fault:
        raise DocumentRefused(fault.code, **fault.params) from fault
    return answers.json([_fault(one) for one in found.told])


@router.get("/documents/{int:document_id}/file")
def get_file(request: HttpRequest, document_id: int) -> FileResponse:
    """Return the file as it came in."""
    by = caller(request)
    document = document_for(by.user, document_id, by.today)
    return response(document.file, name=document.name)


@router.get("/documents/{int:document_id}/commented")
def get_commented(request: HttpRequest, document_id: int) -> HttpResponse:
    """Return the document as docx with a comment at each fault."""
    by = caller(request)
    document = document_for(by.user, document_id, by.today)
    try:
        data = commented(document, at=edge.now(request), lang=edge.language())
    except UnreadableFile as fault:
        raise DocumentRefused(fault.code, **fault.params) from fault
    return answers.download(data, name=f"{document.name.rpartition('.')[0]}.docx", media_type=answers.DOCX)


def _document(row: Received) -> dict[str, Any]:
    return {
        "id": row.pk,
        "organisation_id": row.organisation_id,
        "name": row.name,
        "kind": row.kind,
        "title": row.title,
        "received_at": row.received_at,
        "sha256": row.file.sha256,
        "size": row.file.size,
    }


def _fault(one: Any) -> dict[str, Any]:
    fault = one.fault
    return {
        "code": fault.code,
        "variant": fault.variant,
        "severity": fault.severity,
        "message": one.message,
        "line": fault.place.line,
        "page": fault.place.page,
        "cell": fault.place.cell,
        "start": fault.start,
        "quote": fault.quote,
        "related": [{"line": place.line, "page": place.page, "cell": place.cell} for place in fault.related],
        "proposal": fault.proposal,
    }
