"""The record of changes: who did what, when, newest first; of the organisations in sight only."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bihuan.audit.queries import events_seen, names_of, sentences
from bihuan.web import edge

PAGE = 50


@login_required
@require_GET
def record_page(request: HttpRequest) -> HttpResponse:
    """Show the record, one line a batch; `?kind=` and `?object=` narrow it to one object, `?batch=` opens a batch."""
    events = events_seen(
        request.sight,  # type: ignore[attr-defined]
        kind=request.GET.get("kind", ""),
        object_id=_number(request.GET.get("object")),
        batch=_number(request.GET.get("batch")),
    )
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    names = names_of(page.object_list)
    rows = [
        {
            "event": event,
            "at": timezone.localtime(event.at),
            "who": names.get(event.actor_id, event.actor_label),
            "text": text,
        }
        for event, text in sentences(page.object_list, lang=edge.language())
    ]
    return render(request, "audit/record.html", {"page": page, "rows": rows})


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
