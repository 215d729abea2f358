"""Pages of progress: the open tasks of one's units with one tick for unchanged, a report on a task, its withdrawal."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bihuan.core.access import STEPS
from bihuan.core.findings import OPEN_STATES
from bihuan.findings import forms
from bihuan.findings.actions.progress import report_progress, withdraw_report
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.book_words import say_books
from bihuan.findings.forms.progress import ProgressForm
from bihuan.findings.models import ProgressReport, Task
from bihuan.findings.queries import progress as queries
from bihuan.findings.queries.sight import Reach, reach
from bihuan.findings.queries.workbooks import own_workbooks
from bihuan.findings.views.sheets import Sheet, answer, page
from bihuan.findings.wording import day, flag, state_mark, told
from bihuan.orgs.edge import user_of
from bihuan.web import edge

ROWS_A_PAGE = 50
SHOWN_ON_TASK = 5
both = require_http_methods(["GET", "HEAD", "POST"])


@both
def unit_tasks(request: HttpRequest) -> HttpResponse:
    """Show the open tasks of the person's units; those that are ticked, or all, are reported as unchanged."""
    user, today = user_of(request), edge.today(request)
    rows = queries.unit_tasks(user, today)
    if request.method == "POST":
        chosen = [int(pk) for pk in request.POST.getlist("tasks") if pk.isdecimal() and len(pk) < 19]
        if request.POST.get("all"):
            chosen = list(rows.values_list("pk", flat=True))
        if not chosen:
            messages.error(request, say_books("nothing-ticked"))
        else:
            ids = queries.tasks_to_report(user, chosen, today)
            made = report_progress(ids, {"unchanged": True}, actor=edge.actor_of(request))
            _told(request, len(made))
        return HttpResponseRedirect(reverse("findings:unit-tasks"))
    found = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    last, seen = queries.last_reports([task.pk for task in found.object_list]), reach(user, today)
    context = {
        "page": found,
        "rows": [_row(task, last.get(task.pk), seen) for task in found.object_list],
        "books": own_workbooks(user, today),
    }
    return render(request, "findings/books/unit_tasks.html", context)


@both
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report on one task: a tick for unchanged, or what was done."""
    user, today = user_of(request), edge.today(request)
    task = queries.task_to_report(user, pk, today)
    unchanged = request.method == "POST" and "unchanged" in request.POST
    form = ProgressForm(None if unchanged else request.POST or None)
    if unchanged or (form.is_bound and form.is_valid()):
        values = {"unchanged": True} if unchanged else form.values()
        try:
            made = report_progress([pk], values, actor=edge.actor_of(request))
        except Invalid as refused:
            form.take(refused.faults)
        else:
            _told(request, len(made))
            return HttpResponseRedirect(reverse("findings:progress", args=[pk]))
    context = {
        "task": task,
        "form": form,
        "mark": state_mark(task.state),
        "open": task.state in OPEN_STATES,
        "due": day(task.due_on, today=today),
        "rows": list(queries.reports_of(pk)[: queries.MOST_SHOWN]),
        "steps": queries.open_steps([pk]).get(pk, []),
    }
    return render(request, "findings/books/report.html", context, status=422 if form.is_bound else 200)


@both
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a report with a reason; it stays, marked."""
    user, today = user_of(request), edge.today(request)
    row = queries.report_for(user, pk, today)
    queries.task_to_report(user, row.task_id, today)

    def save(values: dict[str, Any], revision: int) -> str:
        withdraw_report(row, values["reason"], actor=edge.actor_of(request))
        return back

    back = reverse("findings:progress", args=[row.task_id])
    form = forms.ReasonForm(request.POST or None)
    heading = say_books("withdraw-heading", number=row.task.number, day=day(row.reported_on))
    sheet = Sheet(heading, back, form, save, go="withdraw", done=say_books("report-withdrawn"))
    return answer(request, sheet)


def progress_part(request: HttpRequest, task: Task, *, office: bool) -> dict[str, Any]:
    """Return what the page of a task shows of its progress, and whether this person reports on it."""
    roles = edge.frame_of(request).roles
    may = office
    if not may and roles & STEPS["report"]:
        user = user_of(request)
        may = task.pk in queries.hands(user.pk, [task], edge.today(request))
    return {
        "rows": list(queries.reports_of(task.pk)[:SHOWN_ON_TASK]),
        "may": may and not task.withdrawn,
        "open": task.state in OPEN_STATES,
    }


def _told(request: HttpRequest, count: int) -> None:
    if count:
        messages.success(request, say_books("reported", count=count))
    else:
        messages.info(request, say_books("reported-none"))


def _row(task: Task, last: ProgressReport | None, seen: Reach) -> dict[str, Any]:
    """Return a row of the list; a joint unit reports on a task whose page it does not see."""
    today = seen.today
    visible = task.organisation_id in seen.organisations or task.unit_id in seen.units
    late = task.due_on is not None and task.due_on < today
    return {
        "task": task,
        "mark": state_mark(task.state),
        "late": flag("late", told("overdue-days", days=(today - task.due_on).days))
        if late and task.due_on
        else "",
        "due": day(task.due_on, today=today),
        "last": last,
        "last_day": day(last.reported_on, today=today) if last else "",
        "url": page("task", task.pk) if visible else "",
    }
