"""What is filled in for a plan, waiting for outside bodies, and changes of an approved plan."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking, plan_rows, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Line200, Reason, Revision, Text, Word, Yes
from bihuan.api.describing import parameters
from bihuan.core.plan_rules import CHECKLISTS
from bihuan.core.refusal import Refused
from bihuan.findings.actions import plan_changes, plan_items, plan_waits
from bihuan.findings.queries import doors
from bihuan.findings.queries import plans as queries

router = Router(tags=["plans"])


class Line(Body):
    """A line of a list; `id` names one that is there, without it the line is new."""

    id: Id | None = None


class Around(Line):
    """Where else one looked, how many were found and put right; none found is an answer."""

    scope: Text
    found: int = Field(default=0, strict=True)
    fixed: int = Field(default=0, strict=True)
    note: Text = ""


class Need(Line):
    """A line of the checklist. Kinds: document, ledger, photo, minutes, voucher, signed_page, other."""

    kind: Word
    title: Line200
    proves: Word
    optional: Yes = False


class Point(Line):
    """A milestone."""

    title: Text
    due_on: Day


class Cause(Body):
    """Why a problem came about."""

    cause: Text
    revision: Revision


class Looked(Body):
    """The whole look-around of a problem."""

    rows: list[Around]
    revision: Revision


class Needed(Body):
    """The whole checklist of a task."""

    rows: list[Need]
    revision: Revision


class Points(Body):
    """All milestones of a task."""

    rows: list[Point]
    revision: Revision


class Joint(Body):
    """All joint units of a task."""

    unit_ids: list[Id]


class Usual(Body):
    """The revision of the task that was read."""

    revision: Revision


class Reached(Body):
    """On which day a milestone was reached; null takes it back."""

    done_on: Day | None


class Letter(Body):
    """A letter to an outside body."""

    body: Line200
    matter: Text
    letter: Line200 = ""
    sent_on: Day
    reply_due_on: Day


class Replied(Body):
    """The reply."""

    replied_on: Day
    reply: Text


class Extension(Reason):
    """A later due date. `consent` names the superior's paper, needed from the third extension on."""

    due_on: Day
    consent: Text = ""


class TaskChange(Reason):
    """Other values of a task; only what is sent changes, lists are given whole."""

    number: Text = ""
    title: Text = ""
    measures: Text = ""
    unit_id: Id | None = None
    leader: Text = ""
    category: Text = ""
    expected: Text = ""
    joint_unit_ids: list[Id] = []
    needs: list[Need] = []
    milestones: list[Point] = []


class NewCause(Reason):
    """Another cause."""

    cause: Text


class Addition(Reason):
    """One more task of a problem."""

    number: Text
    title: Text
    measures: Text = ""
    unit_id: Id | None = None
    leader: Text = ""
    category: Text = ""
    due_on: Day | None = None
    expected: Text = ""
    remark: Text = ""


class Decision(Body):
    """Whether a change is agreed to; a note is needed when it is not."""

    agreed: Yes
    note: Text = ""
    revision: Revision


def lines(body: Any) -> list[dict[str, Any]]:
    """Return the lines of a body, each with what was sent."""
    return [row.given() for row in body.rows]


@router.get("/checklists")
def list_checklists(request: HttpRequest) -> HttpResponse:
    """Return the usual checklists by category."""
    caller(request)
    asking.asked(request, ())
    names = ("kind", "title", "proves", "optional")
    return answers.json(
        {
            category: [{name: getattr(need, name) for name in names} for need in needs]
            for category, needs in CHECKLISTS.items()
        }
    )


@router.get("/problems/{int:problem_id}/plan")
def get_problem_plan(request: HttpRequest, problem_id: int) -> HttpResponse:
    """Return the cause and the look-around of a problem."""
    by = caller(request)
    return answers.json(plan_rows.of_problem(doors.problem_for(by.user, problem_id, by.today)))


@router.put("/problems/{int:problem_id}/cause")
def set_cause(request: HttpRequest, problem_id: int, body: Cause) -> HttpResponse:
    """Write the cause of a problem while the plan is open."""
    by = caller(request)
    row = doors.problem_for(by.user, problem_id, by.today)
    changed = plan_items.set_cause(row, body.cause, revision=body.revision, actor=by.actor)
    return answers.json(rows.plain(changed))


@router.put("/problems/{int:problem_id}/look-around")
def set_look_around(request: HttpRequest, problem_id: int, body: Looked) -> HttpResponse:
    """Write the whole look-around of a problem."""
    by = caller(request)
    row = doors.problem_for(by.user, problem_id, by.today)
    made = plan_items.set_look_around(row, lines(body), revision=body.revision, actor=by.actor)
    return answers.json([rows.plain(one) for one in made])


@router.get("/tasks/{int:task_id}/plan")
def get_task_plan(request: HttpRequest, task_id: int) -> HttpResponse:
    """Return a task's checklist, milestones, joint units and letters to outside bodies."""
    by = caller(request)
    return answers.json(plan_rows.of_task(doors.task_for(by.user, task_id, by.today)))


@router.put("/tasks/{int:task_id}/needs")
def set_needs(request: HttpRequest, task_id: int, body: Needed) -> HttpResponse:
    """Write the whole checklist of a task while the plan is open."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    made = plan_items.set_needs(row, lines(body), revision=body.revision, actor=by.actor)
    return answers.json([rows.plain(one) for one in made])


@router.post("/tasks/{int:task_id}/needs/usual")
def add_usual_needs(request: HttpRequest, task_id: int, body: Usual) -> HttpResponse:
    """Add the usual checklist of the task's category."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    made = plan_items.usual_needs(row, revision=body.revision, actor=by.actor)
    return answers.json([rows.plain(one) for one in made])


@router.put("/tasks/{int:task_id}/milestones")
def set_milestones(request: HttpRequest, task_id: int, body: Points) -> HttpResponse:
    """Write all milestones of a task while the plan is open."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    made = plan_items.set_milestones(row, lines(body), revision=body.revision, actor=by.actor)
    return answers.json([rows.plain(one) for one in made])


@router.put("/tasks/{int:task_id}/joint-units")
def set_joint_units(request: HttpRequest, task_id: int, body: Joint) -> HttpResponse:
    """Say which units work with the lead unit."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    made = plan_items.set_joint_units(row, body.unit_ids, actor=by.actor)
    return answers.json([{"unit_id": one.unit_id, "unit": one.unit.name} for one in made])


@router.post("/milestones/{int:milestone_id}/reach")
def reach_milestone(request: HttpRequest, milestone_id: int, body: Reached) -> HttpResponse:
    """Say on which day a milestone was reached."""
    by = caller(request)
    row = queries.milestone_for(by.user, milestone_id, by.today)
    return answers.json(rows.plain(plan_items.reach_milestone(row, body.done_on, actor=by.actor)))


@router.post("/tasks/{int:task_id}/waits")
def begin_wait(request: HttpRequest, task_id: int, body: Letter) -> HttpResponse:
    """Register a letter to an outside body; the task waits."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    return answers.created(rows.plain(plan_waits.begin_wait(row, body.given(), actor=by.actor)))


@router.post("/waits/{int:wait_id}/reply")
def reply_wait(request: HttpRequest, wait_id: int, body: Replied) -> HttpResponse:
    """Register the reply; the task goes on."""
    by = caller(request)
    row = queries.wait_for(by.user, wait_id, by.today)
    replied = plan_waits.reply_wait(row, replied_on=body.replied_on, reply=body.reply, actor=by.actor)
    return answers.json(rows.plain(replied))


@router.post("/waits/{int:wait_id}/withdraw")
def withdraw_wait(request: HttpRequest, wait_id: int, body: Reason) -> HttpResponse:
    """Mark a letter as registered by mistake."""
    by = caller(request)
    row = queries.wait_for(by.user, wait_id, by.today)
    return answers.json(rows.plain(plan_waits.withdraw_wait(row, reason=body.reason, actor=by.actor)))


@router.get("/plan-changes", openapi_extra=parameters("inspection", "state", *asking.PAGING))
def list_changes(request: HttpRequest) -> HttpResponse:
    """List the changes of approved plans in sight, the latest first."""
    by = caller(request)
    params = asking.asked(request, ("inspection", "state", *asking.PAGING))
    found = queries.changes_seen(by.reach())
    if (inspection := asking.whole(params, "inspection")) is not None:
        found = found.filter(inspection_id=inspection)
    if params.get("state"):
        found = found.filter(state=params["state"])
    shown, total, number, size = asking.cut(found, params)
    return answers.page([plan_rows.change(row) for row in shown], total=total, number=number, size=size)


@router.get("/plan-changes/{int:change_id}")
def get_change(request: HttpRequest, change_id: int) -> HttpResponse:
    """Return a change that was asked for."""
    by = caller(request)
    return answers.json(plan_rows.change(queries.change_for(by.user, change_id, by.today)))


@router.post("/tasks/{int:task_id}/extension")
def ask_extension(request: HttpRequest, task_id: int, body: Extension) -> HttpResponse:
    """Ask for a later due date; the first one stays."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    made = plan_changes.ask_extension(
        row, body.due_on, reason=body.reason, consent=body.consent, actor=by.actor
    )
    return answers.created(rows.plain(made))


@router.post("/tasks/{int:task_id}/plan-change")
def ask_task_change(request: HttpRequest, task_id: int, body: TaskChange) -> HttpResponse:
    """Ask for other values of a task."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    values = body.given("reason")
    if not values:
        raise Refused("plan.change-nothing")
    made = plan_changes.ask_edit(row, values, reason=body.reason, actor=by.actor)
    return answers.created(rows.plain(made))


@router.post("/tasks/{int:task_id}/plan-withdrawal")
def ask_task_withdrawal(request: HttpRequest, task_id: int, body: Reason) -> HttpResponse:
    """Ask that a task is taken out of the plan."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    return answers.created(rows.plain(plan_changes.ask_withdrawal(row, reason=body.reason, actor=by.actor)))


@router.post("/problems/{int:problem_id}/plan-cause")
def ask_cause(request: HttpRequest, problem_id: int, body: NewCause) -> HttpResponse:
    """Ask for another cause of a problem."""
    by = caller(request)
    row = doors.problem_for(by.user, problem_id, by.today)
    made = plan_changes.ask_cause(row, body.cause, reason=body.reason, actor=by.actor)
    return answers.created(rows.plain(made))


@router.post("/problems/{int:problem_id}/plan-addition")
def ask_addition(request: HttpRequest, problem_id: int, body: Addition) -> HttpResponse:
    """Ask for one more task of a problem."""
    by = caller(request)
    row = doors.problem_for(by.user, problem_id, by.today)
    made = plan_changes.ask_addition(row, body.given("reason"), reason=body.reason, actor=by.actor)
    return answers.created(rows.plain(made))


@router.post("/plan-changes/{int:change_id}/decide")
def decide_change(request: HttpRequest, change_id: int, body: Decision) -> HttpResponse:
    """Agree to a change (it is carried out at once, with the next version of the plan) or decline it."""
    by = caller(request)
    row = queries.change_for(by.user, change_id, by.today)
    decided = plan_changes.decide_change(
        row, agreed=body.agreed, note=body.note, revision=body.revision, actor=by.actor
    )
    return answers.json(rows.plain(decided))


@router.post("/plan-changes/{int:change_id}/withdraw")
def take_back_change(request: HttpRequest, change_id: int) -> HttpResponse:
    """Take back what one asked for."""
    by = caller(request)
    row = queries.change_for(by.user, change_id, by.today)
    return answers.json(rows.plain(plan_changes.take_back_change(row, actor=by.actor)))
