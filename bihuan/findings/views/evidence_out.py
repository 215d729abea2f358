"""Evidence as it leaves and as opinions on it come back: the binder, all files of a task, the sheet of a reviewer."""

import hashlib
from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.audit.actor import Actor
from bihuan.core.evidence.naming import disk_name
from bihuan.core.refusal import NotVisible, Refused
from bihuan.core.register import first_day
from bihuan.files.actions import receive_whole
from bihuan.findings.actions.binders import Taken, seal_taken
from bihuan.findings.actions.opinions import OpinionPreview, keep_opinions, preview_opinions, purpose_of
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.binder import bind, parts_of, task_entries
from bihuan.findings.evidence_words import say_evidence, tell
from bihuan.findings.models import Problem, Task
from bihuan.findings.queries import doors
from bihuan.findings.queries import evidence as queries
from bihuan.findings.queries.sight import Reach, reach
from bihuan.formats.zip_stream import stream
from bihuan.orgs.edge import user_of
from bihuan.orgs.queries import require
from bihuan.web import edge
from bihuan.web.catalogue import say


@require_GET
def binder(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Give the binder of a problem as a zip, written while it is sent."""
    problem = doors.problem_for(user_of(request), pk, edge.today(request))
    return binder_answer(problem, reach(user_of(request), edge.today(request)), actor=edge.actor_of(request))


@require_GET
def task_files(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Give all current files of a task as a zip, written while it is sent."""
    task = queries.task_for(user_of(request), pk, edge.today(request))
    return files_answer(task, reach(user_of(request), edge.today(request)), actor=edge.actor_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the sheet of a reviewer in: first what it would bring or what is wrong by cell, then exactly that."""
    user, today = user_of(request), edge.today(request)
    problem = doors.problem_for(user, pk, today)
    require("write", user, problem.organisation_id, today=today)
    context: dict[str, object] = {"problem": problem, "given_on": today.isoformat()}
    if request.method == "POST" and request.POST.get("carried"):
        said = {name: request.POST.get(name, "") for name in ("carried", "reviewer", "given_on")}
        try:
            day = first_day(said["given_on"]) or date.max
            rows = keep_opinions(
                problem,
                said["carried"],
                reviewer=said["reviewer"],
                given_on=day,
                actor=edge.actor_of(request),
            )
        except Invalid as refused:
            context |= {**said, "faults": [tell(one) for one in refused.faults]}
        else:
            messages.success(request, say_evidence("opinions-kept", count=len(rows)))
            return HttpResponseRedirect(reverse("findings:problem-evidence", args=[pk]))
    elif request.method == "POST":
        try:
            found = opinions_of(request, problem, reach(user, today), actor=edge.actor_of(request))
            context |= {"preview": found, "carried": found.carried, "cells": _cells(found)}
        except Refused as refusal:
            context |= {"faults": [tell(refusal)]}
    bad = bool(context.get("faults") or context.get("cells"))
    return render(request, "findings/opinions.html", context, status=422 if bad else 200)


def opinions_of(request: HttpRequest, problem: Problem, seen: Reach, *, actor: Actor) -> OpinionPreview:
    """Read the sheet that was sent.

    :raises Refused: when there is none, or it cannot be read.
    """
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("evidence.sheet-none")
    upload = receive_whole(
        sent.chunks(), name=sent.name or "", size=sent.size or 0, purpose=purpose_of(problem.pk), actor=actor
    )
    return preview_opinions(problem, upload, seen)


def binder_answer(problem: Problem, seen: Reach, *, actor: Actor) -> StreamingHttpResponse:
    """Seal that the binder is taken, and answer with it."""
    made = bind(problem, seen, today=actor.today)
    taken = Taken("binder", made.name, f"problem={problem.pk}", len(made.bound), made.digest)
    seal_taken(taken, organisation_id=problem.organisation_id, actor=actor)
    return _zipped(stream(made.entries(), at=timezone.localtime(actor.at)), f"{made.name}.zip")


def files_answer(task: Task, seen: Reach, *, actor: Actor) -> StreamingHttpResponse:
    """Seal that the files of a task are taken, and answer with them.

    :raises NotVisible: when there is none.
    """
    part = next((one for one in parts_of(task.problem, seen) if one.task.pk == task.pk), None)
    held = [one.row.file.sha256 for one in part.pieces if one.row.file] if part else []
    if part is None or not held:
        raise NotVisible("evidence.no-files", number=task.number)
    name = disk_name(say_evidence("files-name", number=task.number))
    digest = hashlib.sha256("\n".join(held).encode()).hexdigest()
    taken = Taken("evidence", name, f"task={task.pk}", len(held), digest)
    seal_taken(taken, organisation_id=task.organisation_id, actor=actor)
    return _zipped(stream(task_entries(part), at=timezone.localtime(actor.at)), f"{name}.zip")


def _zipped(pieces: Iterable[bytes], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse((piece for piece in pieces if piece), content_type="application/zip")
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return answer


def _cells(found: OpinionPreview) -> list[tuple[str, str]]:
    return [(one.cell, say(one.code, one.params, lang=edge.language())) for one in found.faults]
