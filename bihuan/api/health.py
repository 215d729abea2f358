"""How the background work stands, for monitoring: kinds and counts, no content."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.core import access
from bihuan.core.refusal import NotAllowed
from bihuan.jobs import actions, queries
from bihuan.orgs.queries import sight

router = Router(tags=["health"])


@router.get("/health")
def get_health(request: HttpRequest) -> HttpResponse:
    """Return queue, runs, failures and workers; `ok` is false when `wrong` names something."""
    by = caller(request)
    asking.asked(request, ())
    _require(request)
    found = queries.health(by.actor.at)
    return answers.json(
        {
            "ok": not found.wrong,
            "wrong": found.wrong,
            "at": found.at,
            "queue": {
                "waiting": found.waiting, "due": found.due, "running": found.running,
                "oldest_due": found.oldest_due, "age_seconds": int(found.age.total_seconds()), "failed": found.failed,
            },
            "failed": [
                {
                    "id": job.pk, "kind": job.kind, "failed_at": job.failed_at, "attempts": job.attempts,
                    "error": job.error,
                }
                for job in found.given_up
            ],
            "schedules": [
                {
                    "kind": row.kind, "every": row.every, "at": row.at.isoformat("minutes"),
                    "working_days": row.working_days, "last_run": row.last_run, "next_run": row.next_run,
                    "missed": row.missed, "missed_last": row.missed_last, "missed_seen_at": row.missed_seen_at,
                }
                for row in found.schedules
            ],
            "workers": [
                {
                    "name": seen.worker.name, "awake": seen.awake, "started_at": seen.worker.started_at,
                    "seen_at": seen.worker.seen_at, "stopped_at": seen.worker.stopped_at,
                }
                for seen in found.workers
            ],
        }
    )  # fmt: skip


@router.post("/health/jobs/{int:job_id}/again")
def try_again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Put a job that was given up back into the queue."""
    by = caller(request)
    _require(request)
    job = actions.try_again(job_id, at=by.actor.at)
    return answers.json({"id": job.pk, "due_at": job.due_at})


def _require(request: HttpRequest) -> None:
    """Let whoever keeps accounts pass.

    :raises NotAllowed: for everybody else.
    """
    by = caller(request)
    if not access.STEPS["accounts"] & sight(by.user, by.today).roles:
        raise NotAllowed("orgs.role-missing")
