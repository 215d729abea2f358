"""Plans: how one stands, its versions, opinions on it, what is filled in, and changes after it was approved."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Router
from ninja.files import UploadedFile

from bihuan.api import answers, asking, plan_rows, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Line60, Line200, Reason, Revision, Text, Word
from bihuan.api.describing import parameters
from bihuan.core import plans
from bihuan.core.refusal import NotVisible, Refused
from bihuan.core.source import UnreadableFile
from bihuan.documents.actions import DocumentRefused
from bihuan.findings import plan_papers
from bihuan.findings.actions import plan_opinions, plan_versions
from bihuan.findings.actions.plan_versions import Approval, gaps_of
from bihuan.findings.queries import doors
from bihuan.findings.queries import plans as queries
from bihuan.formats import read_bytes
from bihuan.formats.limits import MEGABYTE
from bihuan.formats.papers import write_paper
from bihuan.orgs.queries import require
from bihuan.web import edge
from bihuan.web.catalogue import say

router = Router(tags=["plans"])
MOST_BYTES = 20 * MEGABYTE
TYPES = {"docx": answers.DOCX, "pdf": "application/pdf", "xlsx": answers.XLSX}


class NewPlan(Body):
    """A plan, begun as a draft."""

    title: Line200
    document_number: Line60 = ""


class Sent(Body):
    """To whom a version is sent: `opinions` (the units) or `review` (outside bodies)."""

    to: Word
    revision: Revision
    reason: Text = ""


class Approved(Body):
    """Where and when it was approved, and its number."""

    meeting: Line200
    document_number: Line60 = ""
    approved_on: Day | None = None
    revision: Revision


class Withdrawn(Reason):
    """Why a version is given up, beside the revision that was read."""

    revision: Revision


class OneOpinion(Body):
    """An opinion of a unit (`unit_id`) or an outside body (`body`) on an item (``task:5``) or the whole (empty)."""

    unit_id: Id | None = None
    body: Line200 = ""
    item: Line60 = ""
    text: Text
    received_on: Day | None = None


class Answered(Body):
    """What becomes of an opinion: adopted, or declined with a reason."""

    answer: Word
    answer_text: Text = ""


class CarriedOpinions(Body):
    """What the preview of an opinion sheet carried, and whose it is."""

    carried: str
    unit_id: Id | None = None
    body: Line200 = ""
    received_on: Day | None = None


@router.get("/inspections/{int:inspection_id}/plan")
def get_plan_of_inspection(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Return how the plan of an inspection stands: versions, what it lacks, and its items as far as they are seen."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.inspection_for(by.user, inspection_id, by.today)
    seen, content = by.reach(), queries.content_of(row.pk)
    whole = row.organisation_id in seen.organisations
    lacking = gaps_of(row, content) if whole else []
    return answers.json(plan_rows.of_inspection(row, seen, lacking, content))


@router.post("/inspections/{int:inspection_id}/plan")
def begin_plan(request: HttpRequest, inspection_id: int, body: NewPlan) -> HttpResponse:
    """Begin the plan of a live inspection."""
    by = caller(request)
    row = doors.inspection_for(by.user, inspection_id, by.today)
    plan = plan_versions.begin_plan(
        row, title=body.title, document_number=body.document_number, actor=by.actor
    )
    return answers.created(rows.plain(plan))


@router.get("/plans/{int:plan_id}")
def get_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Return a version with its items as they were frozen, as far as they are seen."""
    by = caller(request)
    plan = queries.plan_for(by.user, plan_id, by.today)
    part = queries.part_of(plans.thawed(plan.content), by.reach(), plan.organisation_id)
    return answers.json({**plan_rows.version(plan), "items": [plan_rows.item(one) for one in part]})


@router.post("/plans/{int:plan_id}/send")
def send_plan(request: HttpRequest, plan_id: int, body: Sent) -> HttpResponse:
    """Send a version to the units or outside bodies; what it says is frozen, a changed one is a new version."""
    by = caller(request)
    plan = queries.plan_for(by.user, plan_id, by.today)
    row = plan_versions.send_plan(plan, body.to, revision=body.revision, reason=body.reason, actor=by.actor)
    return answers.json(rows.plain(row))


@router.post("/plans/{int:plan_id}/approve")
def approve_plan(request: HttpRequest, plan_id: int, body: Approved) -> HttpResponse:
    """Approve the version under review, by the leading group; 422 with all that it lacks."""
    by = caller(request)
    plan = queries.plan_for(by.user, plan_id, by.today)
    given = Approval(body.meeting, body.document_number, body.approved_on)
    return answers.json(
        rows.plain(plan_versions.approve_plan(plan, given, revision=body.revision, actor=by.actor))
    )


@router.post("/plans/{int:plan_id}/withdraw")
def withdraw_plan(request: HttpRequest, plan_id: int, body: Withdrawn) -> HttpResponse:
    """Give up a plan that is being made."""
    by = caller(request)
    plan = queries.plan_for(by.user, plan_id, by.today)
    row = plan_versions.withdraw_plan(plan, reason=body.reason, revision=body.revision, actor=by.actor)
    return answers.json(rows.plain(row))


@router.get("/plans/{int:plan_id}/difference/{int:other_id}")
def get_plan_difference(request: HttpRequest, plan_id: int, other_id: int) -> HttpResponse:
    """Return how the version `other_id` became `plan_id`, by item and field, as far as they are seen."""
    by = caller(request)
    new = queries.plan_for(by.user, plan_id, by.today)
    old = queries.plan_for(by.user, other_id, by.today)
    if old.inspection_id != new.inspection_id:
        raise NotVisible("findings.not-found")
    seen = by.reach()
    before, after = (
        queries.part_of(plans.thawed(one.content), seen, one.organisation_id) for one in (old, new)
    )
    return answers.json(plan_rows.difference(plans.difference(before, after)))


@router.get("/plans/{int:plan_id}/file.{str:suffix}")
def get_plan_file(request: HttpRequest, plan_id: int, suffix: str) -> HttpResponse:
    """Return a version as docx or pdf (the paper with its three lists) or xlsx (the sheet for opinions)."""
    by = caller(request)
    plan = queries.whole_plan_for(by.user, plan_id, by.today)
    if suffix not in TYPES:
        raise NotVisible("findings.not-found")
    content = plans.thawed(plan.content) or queries.content_of(plan.inspection_id)
    if suffix == "xlsx":
        file = plan_papers.opinion_sheet(plan, content)
    else:
        file = write_paper(plan_papers.paper(plan, content), suffix).content
    return answers.download(file, name=f"{plan.title}.{suffix}", media_type=TYPES[suffix])


@router.get("/plans/{int:plan_id}/opinions", openapi_extra=parameters(*asking.PAGING))
def list_opinions(request: HttpRequest, plan_id: int) -> HttpResponse:
    """List the opinions on all versions of the plan, as far as they are seen."""
    by = caller(request)
    params = asking.asked(request, asking.PAGING)
    plan = queries.plan_for(by.user, plan_id, by.today)
    found = queries.opinions_seen(by.reach(), plan.inspection_id)
    shown, total, number, size = asking.cut(found, params)
    return answers.page([plan_rows.opinion(row) for row in shown], total=total, number=number, size=size)


@router.post("/plans/{int:plan_id}/opinions")
def give_opinion(request: HttpRequest, plan_id: int, body: OneOpinion) -> HttpResponse:
    """Give one's unit's opinion; the office registers those of outside bodies."""
    by = caller(request)
    plan = queries.plan_for(by.user, plan_id, by.today)
    return answers.created(rows.plain(plan_opinions.give_opinion(plan, body.given(), actor=by.actor)))


@router.post("/plans/{int:plan_id}/opinions/import")
def preview_opinions(request: HttpRequest, plan_id: int, file: File[UploadedFile]) -> HttpResponse:
    """Show what an opinion sheet says (multipart: `file`), or every fault by cell; nothing is written."""
    by = caller(request)
    plan = queries.whole_plan_for(by.user, plan_id, by.today)
    require("write", by.user, plan.organisation_id, today=by.today)
    if (file.size or 0) > MOST_BYTES:
        raise Refused("findings.sheet-too-large", most=MOST_BYTES // MEGABYTE)
    try:
        source = read_bytes(file.name or "", file.read())
    except UnreadableFile as fault:
        raise DocumentRefused(fault.code, **fault.params) from fault
    read = plan_papers.read_opinions(source, plan)
    return answers.json(_read(read, plan, by.user.pk))


@router.post("/plans/{int:plan_id}/opinions/import/commit")
def commit_opinions(request: HttpRequest, plan_id: int, body: CarriedOpinions) -> HttpResponse:
    """Register what a preview carried as the opinions of one unit or outside body, all or nothing."""
    by = caller(request)
    plan = queries.whole_plan_for(by.user, plan_id, by.today)
    whose = {"unit_id": body.unit_id, "body": body.body, "received_on": body.received_on}
    many = [{**one, **whose} for one in plan_papers.carried(body.carried, plan, by.user.pk)]
    made = plan_opinions.give_opinions(plan, many, actor=by.actor)
    return answers.created({"registered": len(made)})


@router.post("/opinions/{int:opinion_id}/answer")
def answer_opinion(request: HttpRequest, opinion_id: int, body: Answered) -> HttpResponse:
    """Adopt an opinion, or decline it with a reason."""
    by = caller(request)
    row = queries.opinion_for(by.user, opinion_id, by.today)
    answered = plan_opinions.answer_opinion(row, body.answer, text=body.answer_text, actor=by.actor)
    return answers.json(rows.plain(answered))


@router.post("/opinions/{int:opinion_id}/withdraw")
def withdraw_opinion(request: HttpRequest, opinion_id: int, body: Reason) -> HttpResponse:
    """Mark an opinion as registered by mistake."""
    by = caller(request)
    row = queries.opinion_for(by.user, opinion_id, by.today)
    return answers.json(rows.plain(plan_opinions.withdraw_opinion(row, reason=body.reason, actor=by.actor)))


def _read(read: plan_papers.SheetRead, plan: Any, user_id: int) -> dict[str, Any]:
    lang = edge.language()
    return {
        "opinions": [{"item": key, "number": number, "text": text} for key, number, text in read.opinions],
        "faults": [
            {
                "cell": one.cell, "text": one.text, "code": one.fault.code, "params": dict(one.fault.params),
                "message": say(one.fault.code, one.fault.params, lang=lang),
            }
            for one in read.faults
        ],
        "carried": "" if read.faults else plan_papers.carry(plan, read, user_id),
    }  # fmt: skip
