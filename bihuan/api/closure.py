"""Closure: the steps forward and back for one task or many, what stands against them, and steps taken on paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking, refusing, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Line200, Reason, Text, Word, Yes
from bihuan.core.closure import RETURN_REASONS, STEPS, Answers, Claim, diagram, next_step
from bihuan.core.refusal import NotVisible
from bihuan.findings.actions import closure, closure_back, sheets
from bihuan.findings.actions.closure import MOST, Given
from bihuan.findings.queries import doors
from bihuan.findings.queries.closing import closures_of, standings
from bihuan.orgs.queries import require

router = Router(tags=["closure"])


class Claimed(Body):
    """What is claimed. `left_over` and `left_until` for basically completed, `review_on` for long-term."""

    end_state: Word = "completed"
    text: Text = ""
    left_over: Text = ""
    left_until: Day | None = None
    failures: Text = ""
    review_on: Day | None = None

    def claim(self) -> Claim:
        """Return it as core has it."""
        return Claim(**self.dict(include=set(Claimed.model_fields)))


class Stepped(Claimed):
    """One step on tasks of one organisation, all or none. `try` only tells what would be refused.

    The claim belongs to `claim`, the two answers and the note to `verify`, the meeting to `close`.
    """

    tasks: list[Id] = Field(min_length=1, max_length=MOST)
    sufficient: Yes | None = None
    appropriate: Yes | None = None
    note: Text = ""
    meeting: Line200 = ""
    only_try: Yes = Field(default=False, alias="try")

    def given(self, *but: str) -> Any:
        """Return what is given with the step."""
        return Given(
            claim=self.claim(),
            answers=Answers(self.sufficient, self.appropriate),
            note=self.note,
            meeting=self.meeting,
            via="meeting" if self.meeting else "api",
        )


class Returned(Body):
    """Claims given back: the coded reason, and what failed. `to`: the stage one step back, empty for the unit."""

    tasks: list[Id] = Field(min_length=1, max_length=MOST)
    reason: Word = ""
    note: Text = ""
    evidence_id: Id | None = None
    need_id: Id | None = None
    measure: Text = ""
    to: Word = ""


class Withdrawn(Body):
    """Claims that are taken back before they are signed."""

    tasks: list[Id] = Field(min_length=1, max_length=MOST)
    reason: Text = ""


class Reopened(Body):
    """Closed tasks that are taken up again: recheck, rebound, superior or mistake, and why."""

    tasks: list[Id] = Field(min_length=1, max_length=MOST)
    reason: Word = ""
    note: Text = ""
    source: Line200 = ""


class Printed(Claimed):
    """A sheet for one step; for claiming it carries the claim."""

    step: Word


class Bound(Body):
    """The upload of a signed sheet's scan (purpose sheet), who signed it when, and for verifying the two answers."""

    upload_id: Id
    signer_id: Id
    signed_on: Day
    sufficient: Yes | None = None
    appropriate: Yes | None = None
    note: Text = ""


@router.get("/closure/route")
def get_route(request: HttpRequest) -> HttpResponse:
    """Return the steps of closure as a diagram (Mermaid) and the codes of reasons for a return."""
    asking.asked(request, ())
    return answers.json({"steps": STEPS, "diagram": diagram(), "reasons": RETURN_REASONS})


@router.get("/tasks/{int:task_id}/closures")
def list_closures(request: HttpRequest, task_id: int) -> HttpResponse:
    """List the attempts to close a task, newest first, with their returns and the step whose turn it is."""
    by = caller(request)
    asking.asked(request, ())
    task = doors.task_for(by.user, task_id, by.today)
    one = standings([task.pk])[0]
    return answers.json(
        {
            "stage": one.case.stage,
            "next": next_step(one.case),
            "closures": [rows.plain(row) for row in closures_of(task)],
            "returns": [rows.plain(row) for row in task.returns.order_by("-at", "-pk")],
            "reopenings": [rows.plain(row) for row in task.reopenings.order_by("-at", "-pk")],
        }
    )


@router.post("/closure/{step}")
def take_step(request: HttpRequest, step: str, body: Stepped) -> HttpResponse:
    """Take one step (claim, sign, verify, close, accept) on tasks, all or none."""
    by = caller(request)
    ids = doors.tasks_for(by.user, body.tasks, by.today)
    if step not in STEPS:
        raise NotVisible("closure.step-unknown")
    given = body.given()
    if body.only_try:
        judged, refused = closure.plan(step, ids, given, actor=by.actor)
        return answers.json(
            {"would": [one.task.pk for one, _ in judged], "refused": refusing.tasks_said(refused)}
        )
    return answers.json([rows.plain(row) for row in closure.take(step, ids, given, actor=by.actor)])


@router.post("/closure-return")
def give_back(request: HttpRequest, body: Returned) -> HttpResponse:
    """Return claims to the unit or by one step, with a coded reason that names what failed."""
    by = caller(request)
    ids = doors.tasks_for(by.user, body.tasks, by.today)
    given = closure_back.Return(**body.dict(exclude={"tasks"}))
    return answers.json([rows.plain(row) for row in closure_back.give_back(ids, given, actor=by.actor)])


@router.post("/closure-withdraw")
def withdraw_claim(request: HttpRequest, body: Withdrawn) -> HttpResponse:
    """Take claims back before they are signed."""
    by = caller(request)
    ids = doors.tasks_for(by.user, body.tasks, by.today)
    done = closure_back.withdraw_claim(ids, reason=body.reason, actor=by.actor)
    return answers.json([rows.plain(row) for row in done])


@router.post("/closure-reopen")
def reopen(request: HttpRequest, body: Reopened) -> HttpResponse:
    """Take closed tasks up again."""
    by = caller(request)
    ids = doors.tasks_for(by.user, body.tasks, by.today)
    done = closure_back.reopen(ids, reason=body.reason, note=body.note, source=body.source, actor=by.actor)
    return answers.json([rows.plain(row) for row in done])


@router.post("/tasks/{int:task_id}/sheets")
def print_sheet(request: HttpRequest, task_id: int, body: Printed) -> HttpResponse:
    """Make a sheet for a step on paper."""
    by = caller(request)
    task = doors.task_for(by.user, task_id, by.today)
    require("sheet", by.user, task.unit_id or task.organisation_id, today=by.today)
    claim = body.claim() if body.step == "claim" else None
    return answers.created(rows.plain(sheets.print_sheet(task, body.step, claim=claim, actor=by.actor)))


@router.get("/sheets/{int:sheet_id}")
def get_sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Return a sheet and how far it is."""
    by = caller(request)
    return answers.json(rows.plain(doors.sheet_for(by.user, sheet_id, by.today)))


@router.post("/sheets/{int:sheet_id}/bind")
def bind_sheet(request: HttpRequest, sheet_id: int, body: Bound) -> HttpResponse:
    """Bind the scan of a signed sheet; a second person confirms it."""
    by = caller(request)
    sheet = doors.sheet_for(by.user, sheet_id, by.today)
    require("write", by.user, sheet.organisation_id, today=by.today)
    answered = None
    if body.sufficient is not None or body.appropriate is not None:
        answered = Answers(body.sufficient, body.appropriate)
    scan = sheets.Scan(body.upload_id, body.signer_id, body.signed_on, answered, body.note)
    return answers.json(rows.plain(sheets.bind(sheet, scan, actor=by.actor)))


@router.post("/sheets/{int:sheet_id}/confirm")
def confirm_sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Confirm that the scan shows what was bound: the step is taken in the signer's name."""
    by = caller(request)
    sheet = doors.sheet_for(by.user, sheet_id, by.today)
    require("countersign", by.user, sheet.organisation_id, today=by.today)
    return answers.json(rows.plain(sheets.confirm(sheet, actor=by.actor)))


@router.post("/sheets/{int:sheet_id}/refuse")
def refuse_sheet(request: HttpRequest, sheet_id: int, body: Reason) -> HttpResponse:
    """Put a sheet out of use, with the reason."""
    by = caller(request)
    sheet = doors.sheet_for(by.user, sheet_id, by.today)
    require("countersign", by.user, sheet.organisation_id, today=by.today)
    return answers.json(rows.plain(sheets.refuse_sheet(sheet, note=body.reason, actor=by.actor)))
