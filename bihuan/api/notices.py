"""Notices: writing one as of a day, the list, the text with what `check` finds in it, the files, withdrawing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Reason
from bihuan.api.describing import parameters
from bihuan.core.checking import check
from bihuan.core.notice_text import compose_notice
from bihuan.core.reading import read
from bihuan.core.refusal import NotVisible
from bihuan.documents.checking import message_of
from bihuan.findings.queries import doors
from bihuan.formats import read_bytes
from bihuan.formats.papers import write_paper
from bihuan.notices import actions, queries
from bihuan.notices.models import Notice
from bihuan.web import edge

router = Router(tags=["notices"])
SUFFIXES = ("docx", "pdf", "txt")


class NewNotice(Body):
    """The day at whose end the figures are taken."""

    as_of: Day


@router.get("/notices", openapi_extra=parameters("inspection", *asking.PAGING))
def list_notices(request: HttpRequest) -> HttpResponse:
    """List the notices in sight, the newest first."""
    by = caller(request)
    params = asking.asked(request, ("inspection", *asking.PAGING))
    found = queries.notices_seen(by.user, by.today)
    if (inspection := asking.whole(params, "inspection")) is not None:
        found = found.filter(inspection_id=inspection)
    shown, total, number, size = asking.cut(found, params)
    return answers.page([_notice(one) for one in shown], total=total, number=number, size=size)


@router.post("/inspections/{int:inspection_id}/notices")
def write_notice(request: HttpRequest, inspection_id: int, body: NewNotice) -> HttpResponse:
    """Write the notice of an inspection as of a day; its words stay as they are written now."""
    by = caller(request)
    inspection = doors.inspection_for(by.user, inspection_id, by.today)
    queries.require_office(by.user, inspection.organisation_id, by.today)
    made = actions.write_notice(inspection.pk, actor=by.actor, as_of=body.as_of)
    return answers.created(_notice(made))


@router.get("/notices/{int:notice_id}")
def get_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Return a notice: its text, the facts that it holds, and its faults."""
    by = caller(request)
    row = queries.notice_for(by.user, notice_id, by.today)
    text = write_paper(compose_notice(queries.thawed(row.facts)), "txt").content
    source = read_bytes("notice.txt", text)
    faults = [
        {
            "code": one.code, "severity": one.severity, "line": one.place.line, "quote": one.quote,
            "message": message_of(one, lang=edge.language()),
        }
        for one in check(source, read(source), profile="sign")
    ]  # fmt: skip
    return answers.json({**_notice(row), "text": text.decode(), "faults": faults})


@router.get("/notices/{int:notice_id}/file.{str:suffix}", openapi_extra=parameters("copy"))
def get_notice_file(request: HttpRequest, notice_id: int, suffix: str) -> HttpResponse:
    """Return a notice as docx, pdf or txt; `copy=office` adds the sentence on where the figures come from."""
    by = caller(request)
    params = asking.asked(request, ("copy",))
    row = queries.notice_for(by.user, notice_id, by.today)
    if suffix not in SUFFIXES:
        raise NotVisible("notices.not-found")
    paper = compose_notice(queries.thawed(row.facts), office_copy=params.get("copy") == "office")
    written = write_paper(paper, suffix)
    return answers.download(written.content, name=f"{row.title}.{suffix}", media_type=written.media_type)


@router.post("/notices/{int:notice_id}/withdraw")
def withdraw_notice(request: HttpRequest, notice_id: int, body: Reason) -> HttpResponse:
    """Withdraw a notice; it stays in the record."""
    by = caller(request)
    row = queries.notice_for(by.user, notice_id, by.today)
    queries.require_office(by.user, row.organisation_id, by.today)
    actions.withdraw_notice(row.pk, actor=by.actor, reason=body.reason)
    return answers.json({"withdrawn": 1})


def _notice(row: Notice) -> dict[str, Any]:
    return {
        "id": row.pk,
        "organisation_id": row.organisation_id,
        "inspection_id": row.inspection_id,
        "inspection": row.inspection.title,
        "as_of": row.as_of,
        "title": row.title,
        "made_by_id": row.made_by_id,
        "made_at": row.made_at,
        "withdrawn": row.withdrawn,
    }
