"""Evidence: lists with what may be asked about each piece, adding, sorting, revising, withdrawing, binder, opinions."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import File, Router
from ninja.files import UploadedFile
from pydantic import Field

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Line200, Reason, Text, Word
from bihuan.api.describing import parameters
from bihuan.core.refusal import NotVisible
from bihuan.core.source import Remark
from bihuan.files import previews
from bihuan.files.actions import receive_whole
from bihuan.files.queries import response
from bihuan.findings.actions import evidence as actions
from bihuan.findings.actions.opinions import keep_opinions, preview_opinions, purpose_of
from bihuan.findings.evidence_words import filters_of, tell
from bihuan.findings.models import Evidence
from bihuan.findings.queries import doors
from bihuan.findings.queries import evidence as queries
from bihuan.findings.views.evidence_out import binder_answer, files_answer
from bihuan.orgs.queries import require
from bihuan.web import edge
from bihuan.web.catalogue import say

router = Router(tags=["evidence"])
FILTERS = ("proves", "kind", "unit", "text", "old", "problem", *asking.PAGING)
MOST = 5000


class Facts(Body):
    """What is said of evidence: kind, what it proves (process, result), the paper's day, a checklist line, a note."""

    kind: Word = ""
    proves: Word = ""
    dated_on: Day | None = None
    need_id: Id | None = None
    note: Text = ""


class NewEvidence(Facts):
    """Uploads of the caller for this task (purpose ``task:ID``), taken into its evidence with the same facts."""

    uploads: list[Id] = Field(min_length=1, max_length=MOST)


class NotKept(Facts):
    """That something was not kept at that time, with the reason in place of a file."""

    statement: Text
    name: Line200 = ""


class Sorted(Facts):
    """Facts that pieces of one task are given; only what is sent is changed."""

    ids: list[Id] = Field(min_length=1, max_length=MOST)


class Revised(Facts):
    """A newer file: an upload of the caller for the task of this piece."""

    upload: Id


class Opinions(Body):
    """What the preview of an opinion sheet carried, who reviewed, and on which day."""

    carried: str
    reviewer: Line200 = ""
    given_on: Day


@router.get("/evidence", openapi_extra=parameters(*FILTERS))
def list_evidence(request: HttpRequest) -> HttpResponse:
    """List the evidence in sight, each with what may be asked about it; `old=1` with older and withdrawn ones."""
    by = caller(request)
    params = asking.asked(request, FILTERS)
    rows = queries.rows_seen(by.reach())
    if problem := params.get("problem"):
        rows = (
            rows.filter(task__problem_id=int(problem))
            if problem.isdecimal() and len(problem) < 19
            else rows.none()
        )
    return _listed(request, rows, params)


@router.get("/tasks/{int:task_id}/evidence", openapi_extra=parameters(*FILTERS))
def list_task_evidence(request: HttpRequest, task_id: int) -> HttpResponse:
    """List the evidence of a task, each with what may be asked about it, and what of its checklist lacks."""
    by = caller(request)
    params = asking.asked(request, FILTERS)
    task = queries.task_for(by.user, task_id, by.today)
    doubts = [_remark(one) for one in queries.doubts_of_task(task)]
    return _listed(request, queries.rows_seen(by.reach()).filter(task=task), params, doubts=doubts)


@router.post("/tasks/{int:task_id}/evidence")
def add_evidence(request: HttpRequest, task_id: int, body: NewEvidence) -> HttpResponse:
    """Take uploads into the evidence of a task; what it has already is told and not added again."""
    by = caller(request)
    task = queries.task_for(by.user, task_id, by.today)
    made = actions.add_evidence(task, body.uploads, body.given("uploads"), actor=by.actor)
    return answers.created({"added": [_row(one) for one in made.rows], "already": list(made.already)})


@router.post("/tasks/{int:task_id}/evidence/not-kept")
def add_not_kept(request: HttpRequest, task_id: int, body: NotKept) -> HttpResponse:
    """Enter that something was not kept at that time."""
    by = caller(request)
    task = queries.task_for(by.user, task_id, by.today)
    return answers.created(_row(actions.add_not_kept(task, body.given(), actor=by.actor)))


@router.post("/tasks/{int:task_id}/evidence/sort")
def sort_evidence(request: HttpRequest, task_id: int, body: Sorted) -> HttpResponse:
    """Give pieces of one task the same facts, all or none."""
    by = caller(request)
    task = queries.task_for(by.user, task_id, by.today)
    rows = list(Evidence.objects.filter(task=task, pk__in=body.ids))
    if len(rows) < len(set(body.ids)):
        raise NotVisible("findings.not-found")
    return answers.json({"changed": len(actions.sort_evidence(rows, body.given("ids"), actor=by.actor))})


@router.get("/tasks/{int:task_id}/evidence/files.zip")
def get_evidence_files(request: HttpRequest, task_id: int) -> StreamingHttpResponse:
    """Return all current files of a task as a zip; that they were taken is written into the record."""
    by = caller(request)
    return files_answer(queries.task_for(by.user, task_id, by.today), by.reach(), actor=by.actor)


@router.get("/evidence/{int:evidence_id}")
def get_evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Return one piece with what was seen of its file and what may be asked about it."""
    by = caller(request)
    row = queries.evidence_for(by.user, evidence_id, by.today)
    (one,) = queries.shown([row], by.reach())
    return answers.json(_shown(one))


@router.get("/evidence/{int:evidence_id}/file")
def get_evidence_file(request: HttpRequest, evidence_id: int) -> FileResponse:
    """Return the file as it came in, as a download."""
    by = caller(request)
    row = queries.evidence_for(by.user, evidence_id, by.today)
    return response(queries.file_of(row), name=row.name)


@router.get("/evidence/{int:evidence_id}/pages/{int:number}")
def get_evidence_page(request: HttpRequest, evidence_id: int, number: int) -> HttpResponse:
    """Return a picture of one page of the file, made anew."""
    by = caller(request)
    row = queries.evidence_for(by.user, evidence_id, by.today)
    (one,) = queries.shown([row], by.reach())
    return previews.picture(queries.file_of(row), one.kind, number)


@router.post("/evidence/{int:evidence_id}/revise")
def revise_evidence(request: HttpRequest, evidence_id: int, body: Revised) -> HttpResponse:
    """Put a newer file beside a piece; the old one stays and is marked."""
    by = caller(request)
    row = queries.evidence_for(by.user, evidence_id, by.today)
    return answers.created(
        _row(actions.revise_evidence(row, body.upload, body.given("upload"), actor=by.actor))
    )


@router.post("/evidence/{int:evidence_id}/withdraw")
def withdraw_evidence(request: HttpRequest, evidence_id: int, body: Reason) -> HttpResponse:
    """Withdraw a piece with a reason; it stays, marked."""
    by = caller(request)
    row = queries.evidence_for(by.user, evidence_id, by.today)
    return answers.json(_row(actions.withdraw_evidence(row, body.reason, actor=by.actor)))


@router.get("/problems/{int:problem_id}/binder.zip")
def get_binder(request: HttpRequest, problem_id: int) -> StreamingHttpResponse:
    """Return the binder of a problem as a zip; that it was taken is written into the record."""
    by = caller(request)
    return binder_answer(doors.problem_for(by.user, problem_id, by.today), by.reach(), actor=by.actor)


@router.post("/problems/{int:problem_id}/opinions")
def read_opinions(request: HttpRequest, problem_id: int, file: File[UploadedFile]) -> HttpResponse:
    """Show what an opinion sheet would bring (multipart: `file`), or its faults by cell; nothing is written."""
    by = caller(request)
    problem = doors.problem_for(by.user, problem_id, by.today)
    require("write", by.user, problem.organisation_id, today=by.today)
    upload = receive_whole(
        file.chunks(),
        name=file.name or "",
        size=file.size or 0,
        purpose=purpose_of(problem.pk),
        actor=by.actor,
    )
    found = preview_opinions(problem, upload, by.reach())
    lang = edge.language()
    return answers.json(
        {
            "opinions": [
                {"evidence_id": one.mark, "row": one.row, "sufficient": one.sufficient,
                 "appropriate": one.appropriate, "remark": one.remark}
                for one, _ in found.found
            ],
            "faults": [
                {"cell": one.cell, "code": one.code, "params": dict(one.params),
                 "message": say(one.code, one.params, lang=lang)}
                for one in found.faults
            ],
            "carried": found.carried,
        }
    )  # fmt: skip


@router.post("/problems/{int:problem_id}/opinions/commit")
def commit_opinions(request: HttpRequest, problem_id: int, body: Opinions) -> HttpResponse:
    """Write what a preview carried, all or nothing; it holds for an hour and for its caller only."""
    by = caller(request)
    problem = doors.problem_for(by.user, problem_id, by.today)
    require("write", by.user, problem.organisation_id, today=by.today)
    rows = keep_opinions(
        problem, body.carried, reviewer=body.reviewer, given_on=body.given_on, actor=by.actor
    )
    return answers.created({"opinions": [one.pk for one in rows]})


def _listed(request: HttpRequest, rows: Any, params: Any, **more: Any) -> HttpResponse:
    rows = filters_of(request).narrow(rows).order_by("task__position", "task_id", "position", "-number")
    shown, total, number, size = asking.cut(rows, params)
    seen = caller(request).reach()
    told = [_shown(one) for one in queries.shown(list(shown), seen)]
    return answers.json({"total": total, "page": number, "size": size, "rows": told, **more})


def _shown(one: queries.Shown) -> dict[str, Any]:
    seen = one.seen
    return {
        **_row(one.row),
        "type": seen.kind if seen else None,
        "scan": seen.scan if seen else None,
        "readable": seen.readable if seen else None,
        "has_place": seen.has_place if seen else None,
        "doubts": [_remark(doubt) for doubt in one.doubts],
    }


def _row(row: Evidence) -> dict[str, Any]:
    return {
        "id": row.pk, "task_id": row.task_id, "need_id": row.need_id, "name": row.name, "kind": row.kind,
        "proves": row.proves, "dated_on": row.dated_on, "taken_on": row.taken_on, "not_kept": row.not_kept,
        "statement": row.statement, "note": row.note, "number": row.number, "revises_id": row.revises_id,
        "current": row.current, "accepted": row.accepted, "withdrawn": row.withdrawn, "unit_id": row.unit_id,
        "by_id": row.by_id, "uploaded_at": row.uploaded_at, "revision": row.revision,
        "sha256": row.file.sha256 if row.file else None, "size": row.file.size if row.file else None,
    }  # fmt: skip


def _remark(one: Remark) -> dict[str, Any]:
    return {"code": one.code, "params": dict(one.params), "message": tell(one)}
