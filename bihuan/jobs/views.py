"""后台任务: how the queue stands, for the office and the administrators of the system."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.core import access
from bihuan.core.refusal import NotAllowed
from bihuan.core.source import Params
from bihuan.jobs import actions, queries
from bihuan.jobs.models import Schedule
from bihuan.web import edge
from bihuan.web.catalogue import say


def _require(request: HttpRequest) -> None:
    """Let whoever keeps accounts pass. The page tells of the installation: kinds and counts, no content of anybody.

    :raises NotAllowed: for everybody else.
    """
    if not access.STEPS["accounts"] & edge.frame_of(request).roles:
        raise NotAllowed("orgs.role-missing")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Show queue, runs, failures and workers."""
    _require(request)
    health = queries.health(edge.now(request))
    lang = edge.language()
    context = {
        "health": health,
        "schedules": [
            (
                row,
                say(f"jobs.every-{row.every}", _when(row), lang=lang),
                say(queries.word_of(row.kind), lang=lang),
            )
            for row in health.schedules
        ],
        "given_up": [
            (job, say(queries.word_of(job.kind), lang=lang), say(job.error, lang=lang))
            for job in health.given_up
        ],
    }
    return render(request, "jobs/health.html", context)


@require_POST
def again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Put a job that was given up back into the queue."""
    _require(request)
    actions.try_again(job_id, at=edge.now(request))
    messages.success(request, _("已重新排队。"))
    return HttpResponseRedirect(reverse("jobs:health"))


def _when(row: Schedule) -> Params:
    return {"at": row.at.isoformat("minutes"), "minute": row.at.minute}
