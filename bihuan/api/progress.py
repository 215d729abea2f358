"""Progress: reports of a task, one tick for many, withdrawal, and the open tasks of the caller's units."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Id, Reason, Text, Yes
from bihuan.api.describing import parameters
from bihuan.findings.actions.progress import report_progress, withdraw_report
from bihuan.findings.models import ProgressReport
from bihuan.findings.queries import progress as queries
from bihuan.findings.queries.evidence import task_for

router = Router(tags=["progress"])
MOST = 1000


class NewReport(Body):
    """What is reported: unchanged, or a text with perhaps a next step and an obstacle."""

    unchanged: Yes = False
    text: Text = ""
    next_step: Text = ""
    obstacle: Text = ""


class NewReports(NewReport):
    """The same report on several tasks, all or none."""

    tasks: list[Id] = Field(min_length=1, max_length=MOST)


@router.get("/unit-tasks", openapi_extra=parameters(*asking.PAGING))
def list_unit_tasks(request: HttpRequest) -> HttpResponse:
    """List the open tasks of the caller's units, the next due first, each with its last report."""
    by = caller(request)
    params = asking.asked(request, asking.PAGING)
    shown, total, number, size = asking.cut(queries.unit_tasks(by.user, by.today), params)
    last = queries.last_reports([task.pk for task in shown])
    found = [{**rows.plain(task), "last": _report(last.get(task.pk))} for task in shown]
    return answers.json({"total": total, "page": number, "size": size, "rows": found})


@router.get("/tasks/{int:task_id}/progress", openapi_extra=parameters(*asking.PAGING))
def list_progress(request: HttpRequest, task_id: int) -> HttpResponse:
    """List the reports on a task, the newest first, withdrawn ones too."""
    by = caller(request)
    params = asking.asked(request, asking.PAGING)
    task = task_for(by.user, task_id, by.today)
    shown, total, number, size = asking.cut(queries.reports_of(task.pk), params)
    return answers.json(
        {"total": total, "page": number, "size": size, "rows": [_report(row) for row in shown]}
    )


@router.post("/tasks/{int:task_id}/progress")
def add_progress(request: HttpRequest, task_id: int, body: NewReport) -> HttpResponse:
    """Report on a task; what was reported today already is not written again."""
    by = caller(request)
    task = queries.task_to_report(by.user, task_id, by.today)
    made = report_progress([task.pk], body.given(), actor=by.actor, via="api")
    return answers.created({"reports": [_report(row) for row in made]})


@router.post("/progress")
def add_progress_of_many(request: HttpRequest, body: NewReports) -> HttpResponse:
    """Report the same on several tasks, as unchanged for all of a unit."""
    by = caller(request)
    ids = queries.tasks_to_report(by.user, body.tasks, by.today)
    made = report_progress(ids, body.given("tasks"), actor=by.actor, via="api")
    return answers.created({"reports": [_report(row) for row in made]})


@router.post("/progress/{int:report_id}/withdraw")
def withdraw_progress(request: HttpRequest, report_id: int, body: Reason) -> HttpResponse:
    """Withdraw a report; it stays, marked."""
    by = caller(request)
    row = queries.report_for(by.user, report_id, by.today)
    return answers.json(_report(withdraw_report(row, body.reason, actor=by.actor)))


def _report(row: ProgressReport | None) -> dict[str, Any] | None:
    return None if row is None else rows.plain(row)
