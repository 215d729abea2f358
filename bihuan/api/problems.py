"""Findings and problems: lists, details; adding, changing and withdrawing one."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Id, Reason, Revision, Text
from bihuan.api.describing import parameters
from bihuan.findings.actions import editing
from bihuan.findings.actions.removing import withdraw_row
from bihuan.findings.models import Finding
from bihuan.findings.queries import doors, lists

router = Router(tags=["problems"])
FINDING_VALUES = ("pk", "inspection_id", "aspect_id", "position", "number", "title", "line", "revision")


class FindingFacts(Body):
    """The facts of a finding."""

    number: Text = ""
    title: Text = ""
    quote: Text = ""


class NewFinding(FindingFacts):
    """A finding, added at the end of its inspection."""

    number: Text
    title: Text
    aspect_id: Id | None = None


class ChangedFinding(FindingFacts):
    """New facts of a finding, beside the revision that was read."""

    revision: Revision


class ProblemFacts(Body):
    """The facts of a problem."""

    number: Text = ""
    title: Text = ""
    text: Text = ""
    response: Text = ""


class NewProblem(ProblemFacts):
    """A problem, added after the last one of its finding."""

    number: Text
    title: Text


class ChangedProblem(ProblemFacts):
    """New facts of a problem, beside the revision that was read."""

    revision: Revision


@router.get("/findings", openapi_extra=parameters("inspection", *asking.PAGING))
def list_findings(request: HttpRequest) -> HttpResponse:
    """List the findings in sight in the order of their documents; `inspection` narrows to one."""
    by = caller(request)
    params = asking.asked(request, ("inspection", *asking.PAGING))
    found = Finding.objects.filter(by.reach().holding("problem__finding"), withdrawn=False)
    if (inspection := asking.whole(params, "inspection")) is not None:
        found = found.filter(inspection_id=inspection)
    ordered = found.order_by("inspection_id", "position", "pk").values(*FINDING_VALUES)
    shown, total, number, size = asking.cut(ordered, params)
    return answers.page(answers.renamed(shown), total=total, number=number, size=size)


@router.post("/inspections/{int:inspection_id}/findings")
def add_finding(request: HttpRequest, inspection_id: int, body: NewFinding) -> HttpResponse:
    """Add a finding to an inspection."""
    by = caller(request)
    row = doors.inspection_for(by.user, inspection_id, by.today, write=True)
    return answers.created(rows.plain(editing.add_finding(row, body.given(), actor=by.actor)))


@router.get("/findings/{int:finding_id}")
def get_finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Return a finding with its problems."""
    by = caller(request)
    return answers.json(rows.finding_detail(doors.finding_for(by.user, finding_id, by.today), by.reach()))


@router.patch("/findings/{int:finding_id}")
def edit_finding(request: HttpRequest, finding_id: int, body: ChangedFinding) -> HttpResponse:
    """Change a finding; 409 with both versions when somebody was faster."""
    by = caller(request)
    row = doors.finding_for(by.user, finding_id, by.today, write=True)
    changed = editing.edit_finding(row, body.given("revision"), revision=body.revision, actor=by.actor)
    return answers.json(rows.plain(changed))


@router.post("/findings/{int:finding_id}/withdraw")
def withdraw_finding(request: HttpRequest, finding_id: int, body: Reason) -> HttpResponse:
    """Withdraw a finding and what hangs below it."""
    by = caller(request)
    row = doors.finding_for(by.user, finding_id, by.today, write=True)
    return answers.json({"withdrawn": withdraw_row(row, reason=body.reason, actor=by.actor)})


@router.get("/problems", openapi_extra=parameters(*asking.known("problems")))
def list_problems(request: HttpRequest) -> HttpResponse:
    """List the problems in sight, each with the state that follows from its tasks."""
    wish = asking.wanted(request, "problems")
    found = lists.problem_page(caller(request).reach(), wish)
    return answers.page(answers.renamed(found.rows), total=found.total, number=wish.page, size=wish.size)


@router.post("/findings/{int:finding_id}/problems")
def add_problem(request: HttpRequest, finding_id: int, body: NewProblem) -> HttpResponse:
    """Add a problem to a finding."""
    by = caller(request)
    row = doors.finding_for(by.user, finding_id, by.today, write=True)
    return answers.created(rows.plain(editing.add_problem(row, body.given(), actor=by.actor)))


@router.get("/problems/{int:problem_id}")
def get_problem(request: HttpRequest, problem_id: int) -> HttpResponse:
    """Return a problem with its tasks and institutions."""
    by = caller(request)
    return answers.json(rows.problem_detail(doors.problem_for(by.user, problem_id, by.today), by.reach()))


@router.patch("/problems/{int:problem_id}")
def edit_problem(request: HttpRequest, problem_id: int, body: ChangedProblem) -> HttpResponse:
    """Change a problem; 409 with both versions when somebody was faster."""
    by = caller(request)
    row = doors.problem_for(by.user, problem_id, by.today, write=True)
    changed = editing.edit_problem(row, body.given("revision"), revision=body.revision, actor=by.actor)
    return answers.json(rows.plain(changed))


@router.post("/problems/{int:problem_id}/withdraw")
def withdraw_problem(request: HttpRequest, problem_id: int, body: Reason) -> HttpResponse:
    """Withdraw a problem and its tasks."""
    by = caller(request)
    row = doors.problem_for(by.user, problem_id, by.today, write=True)
    return answers.json({"withdrawn": withdraw_row(row, reason=body.reason, actor=by.actor)})
