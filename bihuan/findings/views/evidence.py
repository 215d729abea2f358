"""Pages of evidence: the list of a task, a problem or all in sight, one piece with its preview, and what changes it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.core.refusal import Refused
from bihuan.files import previews
from bihuan.files.actions import receive_whole
from bihuan.files.queries import response, uploads_of
from bihuan.files.store import FileRefused
from bihuan.findings.actions import evidence as actions
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.evidence_words import filters_of, piece_told, say_evidence, tell
from bihuan.findings.forms.evidence import FactsForm, NotKeptForm, RevisionForm
from bihuan.findings.models import Evidence, Task
from bihuan.findings.queries import doors
from bihuan.findings.queries import evidence as queries
from bihuan.findings.queries.sight import LIVE, Reach, reach
from bihuan.findings.views.offers import keeps
from bihuan.orgs.edge import user_of
from bihuan.web import edge

ROWS_A_PAGE = 50
#: Above this many waiting uploads they are taken together, for a form cannot hold a box for each.
MOST_BOXES = 100
both = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def of_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the evidence of a task with its checklist and what may be asked about it."""
    user, today = user_of(request), edge.today(request)
    task = queries.task_for(user, pk, today)
    seen = reach(user, today)
    rows = queries.rows_seen(seen).filter(task=task)
    context = {
        "task": task,
        "set_doubts": [tell(one) for one in queries.doubts_of_task(task)],
        "needs": _checklist(task),
        "may_add": queries.may_add(user, task, today),
        "has_files": not task.withdrawn and queries.current(rows).filter(file__isnull=False).exists(),
        "waiting": uploads_of(user.pk, actions.purpose_of(pk)).exclude(sha256="").count(),
        **_listed(request, rows, seen),
    }
    return render(request, "findings/evidence.html", context)


@require_GET
def of_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the evidence of all tasks of a problem."""
    user, today = user_of(request), edge.today(request)
    problem = doors.problem_for(user, pk, today)
    seen = reach(user, today)
    rows = queries.rows_seen(seen).filter(task__problem=problem)
    context = {
        "problem": problem,
        "may_import": keeps(request, problem.organisation_id),
        **_listed(request, rows, seen),
    }
    return render(request, "findings/evidence.html", context)


@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """Show all evidence in sight, narrowed by unit."""
    seen = reach(user_of(request), edge.today(request))
    return render(request, "findings/evidence.html", _listed(request, queries.rows_seen(seen), seen))


@require_GET
def piece(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one piece: what is said of it, what may be asked, its revisions, and what its file shows."""
    user, today = user_of(request), edge.today(request)
    row = queries.evidence_for(user, pk, today)
    (one,) = queries.shown([row], reach(user, today))
    count = previews.pages(row.file, one.kind) if row.file else 0
    context = {
        "piece": piece_told(one),
        "row": row,
        "task": row.task,
        "pages": range(1, count + 1),
        "lines": _lines(previews.words(row.file, one.kind, row.name)) if row.file and not count else [],
        "revisions": _revisions(row),
        "opinions": row.opinions.order_by("-pk"),
        "may_change": queries.may_add(user, row.task, today)
        and row.current
        and not (row.withdrawn or row.accepted),
    }
    return render(request, "findings/evidence_piece.html", context)


@require_GET
def file(request: HttpRequest, pk: int) -> FileResponse:
    """Give the file as it came in, as a download."""
    row = queries.evidence_for(user_of(request), pk, edge.today(request))
    return response(queries.file_of(row), name=row.name)


@require_GET
def page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give a picture of one page of the file."""
    row = queries.evidence_for(user_of(request), pk, edge.today(request))
    (one,) = queries.shown([row], reach(None, edge.today(request)))
    return previews.picture(queries.file_of(row), one.kind, number)


@both
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload files for a task, and take what was uploaded into its evidence with the same facts."""
    user, today = user_of(request), edge.today(request)
    task = queries.task_for(user, pk, today)
    queries.hand_of(user.pk, task, today)
    form = FactsForm(request.POST or None, needs=_choices(task), initial={"kind": "document"})
    faults: list[str] = []
    if request.method == "POST":
        faults, arrived = _received(request, task)
        if form.is_valid() and not faults:
            chosen = _chosen(request, task) + arrived
            if chosen and (done := _try(form, lambda: _added(request, task, chosen, form.values()))):
                return done
            faults = [] if chosen else [say_evidence("nothing-chosen")]
    waiting = uploads_of(user.pk, actions.purpose_of(pk)).exclude(sha256="")
    context = {
        "task": task, "form": form, "faults": faults, "purpose": actions.purpose_of(pk),
        "waiting": waiting[:MOST_BOXES], "waiting_count": waiting.count(), "most": MOST_BOXES,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "findings/evidence_add.html", context, status=status)


@both
def not_kept(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter that something was not kept at that time."""
    user, today = user_of(request), edge.today(request)
    task = queries.task_for(user, pk, today)
    queries.hand_of(user.pk, task, today)
    form = NotKeptForm(request.POST or None, needs=_choices(task), initial={"kind": "document"})

    def save() -> HttpResponse:
        actions.add_not_kept(task, form.values(), actor=edge.actor_of(request))
        return _done(request, "saved", _list(task))

    return _answered(request, form, save, heading="not-kept-heading", task=task)


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Sort one piece anew."""
    user, today = user_of(request), edge.today(request)
    row = queries.evidence_for(user, pk, today)
    queries.hand_of(user.pk, row.task, today)
    first = {name: getattr(row, name) for name in actions.SORTED}
    form = FactsForm(request.POST or None, needs=_choices(row.task), initial=first)

    def save() -> HttpResponse:
        values = form.values()
        actions.sort_evidence(
            [row], {**values, "proves": values["proves"] or row.proves}, actor=edge.actor_of(request)
        )
        return _done(request, "saved", reverse("findings:evidence-piece", args=[pk]))

    return _answered(request, form, save, heading="edit-heading", task=row.task)


@both
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a newer file beside a piece; the old one stays, marked."""
    user, today = user_of(request), edge.today(request)
    row = queries.evidence_for(user, pk, today)
    queries.hand_of(user.pk, row.task, today)
    first = {name: getattr(row, name) for name in actions.SORTED}
    form = RevisionForm(request.POST or None, request.FILES or None, needs=_choices(row.task), initial=first)

    def save() -> HttpResponse:
        values = form.values()
        sent = values.pop("file")
        values["proves"] = values["proves"] or row.proves
        actions.judge_revision(row, values, actor=edge.actor_of(request))  # before a byte of the file is kept
        upload = receive_whole(
            sent.chunks(), name=sent.name, size=sent.size, purpose=actions.purpose_of(row.task_id),
            actor=edge.actor_of(request),
        )  # fmt: skip
        made = actions.revise_evidence(row, upload.pk, values, actor=edge.actor_of(request))
        return _done(request, "revised-done", reverse("findings:evidence-piece", args=[made.pk]))

    return _answered(request, form, save, heading="revise-heading", task=row.task)


@both
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a piece with a reason."""
    user, today = user_of(request), edge.today(request)
    row = queries.evidence_for(user, pk, today)
    queries.hand_of(user.pk, row.task, today)
    fault = ""
    if request.method == "POST":
        try:
            actions.withdraw_evidence(row, request.POST.get("reason", ""), actor=edge.actor_of(request))
        except Invalid as refused:
            fault = tell(refused.faults[0])
        else:
            return _done(request, "withdrawn", _list(row.task))
    context = {"row": row, "task": row.task, "fault": fault}
    return render(request, "findings/evidence_withdraw.html", context, status=422 if fault else 200)


def _listed(request: HttpRequest, rows: QuerySet[Evidence], seen: Reach) -> dict[str, Any]:
    """Return what a list shows of these rows: filters as the address has them, one page, its pieces told."""
    filters = filters_of(request)
    rows = filters.narrow(rows).order_by("task__position", "task_id", "position", "-number")
    found = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    pieces = [piece_told(one) for one in queries.shown(list(found.object_list), seen)]
    return {"filters": filters, "page": found, "pieces": pieces}


def _checklist(task: Task) -> list[dict[str, Any]]:
    """Return the lines of the checklist, each with how many pieces answer it."""
    rows = Evidence.objects.filter(task=task, withdrawn__in=LIVE, current=True)
    filled = list(rows.values_list("need_id", flat=True))
    return [
        {"need": need, "count": filled.count(need.pk), "proves": say_evidence(f"proves-{need.proves}")}
        for need in queries.needs_of([task.pk])[task.pk]
    ]


def _choices(task: Task) -> list[tuple[int, str]]:
    return [(need.pk, need.title) for need in queries.needs_of([task.pk])[task.pk]]


def _lines(words: list[previews.Shown]) -> list[dict[str, Any]]:
    return [{"text": one} if isinstance(one, str) else {"cells": one} for one in words]


def _revisions(row: Evidence) -> list[Evidence]:
    """Return the other pieces of the same chain, newest first."""
    chain = Evidence.objects.filter(task_id=row.task_id, position=row.position).exclude(pk=row.pk)
    return list(chain.order_by("-number"))


def _received(request: HttpRequest, task: Task) -> tuple[list[str], list[int]]:
    """Take in the files that came with the form; returns what was refused of them, and the uploads that are whole."""
    faults, arrived = [], []
    for sent in request.FILES.getlist("files"):
        try:
            upload = receive_whole(
                sent.chunks(), name=sent.name or "", size=sent.size or 0,
                purpose=actions.purpose_of(task.pk), actor=edge.actor_of(request),
            )  # fmt: skip
            arrived.append(upload.pk)
        except Refused as refusal:
            faults.append(tell(refusal))
    return faults, arrived


def _chosen(request: HttpRequest, task: Task) -> list[int]:
    """Return the waiting uploads that were ticked, or all of them."""
    if request.POST.get("all"):
        waiting = uploads_of(user_of(request).pk, actions.purpose_of(task.pk)).exclude(sha256="")
        return list(waiting.values_list("pk", flat=True))
    return [int(pk) for pk in request.POST.getlist("uploads") if pk.isdecimal() and len(pk) < 19]


def _added(request: HttpRequest, task: Task, chosen: list[int], values: dict[str, Any]) -> HttpResponse:
    made = actions.add_evidence(task, chosen, values, actor=edge.actor_of(request))
    if made.already:
        messages.info(request, say_evidence("already", count=len(made.already), name=made.already[0]))
    return _done(request, "added", _list(task), count=len(made.rows))


def _try(form: FactsForm, save: Callable[[], HttpResponse]) -> HttpResponse | None:
    """Save, or put the faults of the action beside their fields; other refusals of a file become one of the form."""
    try:
        return save()
    except Invalid as refused:
        form.take(refused.faults)
    except FileRefused as refused:
        form.add_error("file" if "file" in form.fields else None, tell(refused))
    return None


def _answered(
    request: HttpRequest, form: FactsForm, save: Callable[[], HttpResponse], *, heading: str, task: Task
) -> HttpResponse:
    """Show a form of evidence; when it was sent and holds no fault, save and lead on."""
    if form.is_bound and form.is_valid() and (done := _try(form, save)):
        return done
    context = {"form": form, "task": task, "heading": say_evidence(heading), "back": _list(task)}
    return render(request, "findings/evidence_form.html", context, status=422 if form.is_bound else 200)


def _done(request: HttpRequest, code: str, url: str, **params: str | int) -> HttpResponse:
    messages.success(request, say_evidence(code, **params))
    return HttpResponseRedirect(url)


def _list(task: Task) -> str:
    return reverse("findings:evidence", args=[task.pk])
