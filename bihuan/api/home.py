"""What a caller sees first and looks for: home, search, the record of changes."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.describing import parameters
from bihuan.audit.queries import events_seen, names_of, reason_of, values_of
from bihuan.insight import queries
from bihuan.search.index import Seen
from bihuan.search.queries import page_found
from bihuan.web import edge
from bihuan.web.catalogue import say

router = Router(tags=["home"])


@router.get("/home")
def get_home(request: HttpRequest) -> HttpResponse:
    """Return what waits for the caller, what is due, and how the newest inspections stand."""
    by = caller(request)
    asking.asked(request, ())
    seen = by.reach()
    counts = queries.counts(seen, by.sight)
    return answers.json(
        {
            "today": by.today,
            "counts": {
                name: getattr(counts, name) for name in ("open", "overdue", "this_week", "no_date", "drafts")
            },
            "due": [
                {
                    "id": task.pk, "number": task.number, "title": task.title, "unit_id": task.unit_id,
                    "unit": task.unit.name if task.unit else None, "due_on": task.due_on, "state": task.state,
                    "problem_id": task.problem_id, "inspection_id": task.inspection_id,
                }
                for task in queries.due(seen)
            ],
            "standings": [
                {
                    "inspection_id": one.inspection.pk, "inspection": one.inspection.title,
                    "mode": one.inspection.mode, "total": one.total, "states": dict(one.shares),
                }
                for one in queries.standings(seen)
            ],
        }
    )  # fmt: skip


@router.get("/search", openapi_extra=parameters("q", *asking.PAGING))
def search(request: HttpRequest) -> HttpResponse:
    """Find inspections, findings, problems, tasks and institutions that hold every word of `q`."""
    by = caller(request)
    params = asking.asked(request, ("q", *asking.PAGING))
    reach = by.reach()
    seen = Seen(reach.organisations, reach.units)
    number, size = asking.paging(params)
    query = params.get("q", "").strip()
    shown, total = page_found(query, seen=seen, start=(number - 1) * size, size=size)
    rows = [
        {"kind": one.kind, "id": one.object_id, "title": one.title, "context": one.context} for one in shown
    ]
    return answers.page(rows, total=total, number=number, size=size)


@router.get("/record", openapi_extra=parameters("kind", "object", "batch", *asking.PAGING))
def list_record(request: HttpRequest) -> HttpResponse:
    """List the record of changes in sight, the newest first; `kind` and `object`, or `batch`, narrow it."""
    by = caller(request)
    params = asking.asked(request, ("kind", "object", "batch", *asking.PAGING))
    events = events_seen(
        by.sight,
        kind=params.get("kind", ""),
        object_id=asking.whole(params, "object"),
        batch=asking.whole(params, "batch"),
    )
    shown, total, number, size = asking.cut(events, params)
    names, lang = names_of(shown), edge.language()
    rows = [
        {
            "seq": event.seq, "batch": event.batch, "at": event.at, "action": event.action, "kind": event.kind,
            "object": event.object_id, "actor_id": event.actor_id, "actor": event.actor_label,
            "name": names.get(event.actor_id), "message": say(f"audit.{event.action.replace('.', '-')}", lang=lang),
            "set": values_of(event), "reason": reason_of(event), "hash": event.hash,
        }
        for event in shown
    ]  # fmt: skip
    return answers.page(rows, total=total, number=number, size=size)
