"""Tasks and their steps: list, detail, states in two times; adding, changing, setting the state, withdrawing."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Reason, Revision, Text
from bihuan.api.describing import parameters
from bihuan.findings.actions import states, tasks
from bihuan.findings.actions.removing import withdraw_row
from bihuan.findings.queries import doors, lists
from bihuan.findings.queries.progress import step_to_report, task_to_report

router = Router(tags=["tasks"])


class TaskFacts(Body):
    """The facts of a task. The first due date is kept for ever; `due_on` is what holds now.

    `notice` names the paper by which a task done at once (at_once) was due before the feedback.
    """

    number: Text = ""
    title: Text = ""
    measures: Text = ""
    unit_id: Id | None = None
    leader: Text = ""
    category: Text = ""
    due_on: Day | None = None
    notice: Text = ""
    expected: Text = ""
    remark: Text = ""


class NewTask(TaskFacts):
    """A task, added after the last one of its problem."""

    number: Text
    title: Text


class ChangedTask(TaskFacts):
    """New facts of a task, beside the revision that was read."""

    revision: Revision


class ChangedState(Body):
    """An open state, in force from today."""

    state: Text
    revision: Revision


class StepFacts(Body):
    """The facts of a step."""

    title: Text = ""
    person: Text = ""
    due_on: Day | None = None
    done_on: Day | None = None


class ChangedStep(StepFacts):
    """New facts of a step, beside the revision that was read."""

    revision: Revision


class NewStep(StepFacts):
    """A step, added after the last one of its task."""

    title: Text


@router.get("/tasks", openapi_extra=parameters(*asking.known("tasks")))
def list_tasks(request: HttpRequest) -> HttpResponse:
    """List the tasks in sight; `as_of` shows the states that held at the end of a day."""
    wish = asking.wanted(request, "tasks")
    found = lists.task_page(caller(request).reach(), wish)
    return answers.page(answers.renamed(found.rows), total=found.total, number=wish.page, size=wish.size)


@router.post("/problems/{int:problem_id}/tasks")
def add_task(request: HttpRequest, problem_id: int, body: NewTask) -> HttpResponse:
    """Add a task to a problem, not begun, in force from today."""
    by = caller(request)
    row = doors.problem_for(by.user, problem_id, by.today, write=True)
    return answers.created(rows.plain(tasks.add_task(row, body.given(), actor=by.actor)))


@router.get("/tasks/{int:task_id}")
def get_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Return a task with its joint units and steps."""
    by = caller(request)
    return answers.json(rows.task_detail(doors.task_for(by.user, task_id, by.today)))


@router.patch("/tasks/{int:task_id}")
def edit_task(request: HttpRequest, task_id: int, body: ChangedTask) -> HttpResponse:
    """Change a task; 409 with both versions when somebody was faster."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today, write=True)
    changed = tasks.edit_task(row, body.given("revision"), revision=body.revision, actor=by.actor)
    return answers.json(rows.plain(changed))


@router.post("/tasks/{int:task_id}/state")
def set_state(request: HttpRequest, task_id: int, body: ChangedState) -> HttpResponse:
    """Set an open state from today on; end states are reached by closure only."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today, write=True)
    changed = states.set_state(row, body.state, revision=body.revision, actor=by.actor)
    return answers.json(rows.plain(changed))


@router.get("/tasks/{int:task_id}/states")
def list_states(request: HttpRequest, task_id: int) -> HttpResponse:
    """List the states of a task in two times: since and until when each held, and when it was known so."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.task_for(by.user, task_id, by.today)
    names = ("state", "effective_on", "effective_until", "recorded_at", "superseded_at")
    return answers.json(list(row.states.order_by("recorded_at", "effective_on", "pk").values(*names)))


@router.post("/tasks/{int:task_id}/withdraw")
def withdraw_task(request: HttpRequest, task_id: int, body: Reason) -> HttpResponse:
    """Withdraw a task."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today, write=True)
    return answers.json({"withdrawn": withdraw_row(row, reason=body.reason, actor=by.actor)})


@router.get("/tasks/{int:task_id}/steps")
def list_steps(request: HttpRequest, task_id: int) -> HttpResponse:
    """List the steps of a task in their order."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.task_for(by.user, task_id, by.today)
    return answers.json(
        [rows.plain(step) for step in row.steps.filter(withdrawn=False).order_by("position", "pk")]
    )


@router.post("/tasks/{int:task_id}/steps")
def add_step(request: HttpRequest, task_id: int, body: NewStep) -> HttpResponse:
    """Add a step to a task of an own unit that has not ended."""
    by = caller(request)
    row = task_to_report(by.user, task_id, by.today)
    return answers.created(rows.plain(tasks.add_step(row, body.given(), actor=by.actor)))


@router.get("/steps/{int:step_id}")
def get_step(request: HttpRequest, step_id: int) -> HttpResponse:
    """Return a step."""
    by = caller(request)
    return answers.json(rows.plain(doors.step_for(by.user, step_id, by.today)))


@router.patch("/steps/{int:step_id}")
def edit_step(request: HttpRequest, step_id: int, body: ChangedStep) -> HttpResponse:
    """Change a step, or say on which day it was done; 409 with both versions when somebody was faster."""
    by = caller(request)
    row = step_to_report(by.user, step_id, by.today)
    changed = tasks.edit_step(row, body.given("revision"), revision=body.revision, actor=by.actor)
    return answers.json(rows.plain(changed))


@router.post("/steps/{int:step_id}/withdraw")
def withdraw_step(request: HttpRequest, step_id: int, body: Reason) -> HttpResponse:
    """Withdraw a step."""
    by = caller(request)
    row = step_to_report(by.user, step_id, by.today)
    return answers.json({"withdrawn": withdraw_row(row, reason=body.reason, actor=by.actor)})
