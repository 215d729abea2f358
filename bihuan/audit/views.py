"""The record of changes: who did what, when, newest first; of the organisations in sight only."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bihuan.audit.models import Event
from bihuan.audit.queries import (
    Sight,
    act_words,
    acts_seen,
    events_linked,
    events_seen,
    names_of,
    reason_of,
    sizes,
    thing_words,
    titles_of,
)
from bihuan.audit.sealing import sealed_models
from bihuan.web import edge
from bihuan.web.navigation import address

PAGE = 50
#: Objects of which an act may change many: an import of a plan, a change in bulk.
PARTS = frozenset({"unit", "task"})
#: kind of object → name of the address that shows it
PLACES = MappingProxyType(
    {
        "inspection": "findings:inspection",
        "finding": "findings:finding",
        "problem": "findings:problem",
        "task": "findings:task",
        "institution": "findings:institution",
        "notice": "notices:notice",
    }
)


@login_required
@require_GET
def record_page(request: HttpRequest) -> HttpResponse:
    """Show the record, one line an act; `?batch=` opens an act, `?kind=` and `?object=` narrow it to one object."""
    seen: Sight = edge.sight_of(request)
    batch, object_id = _number(request.GET.get("batch")), _number(request.GET.get("object"))
    kind = request.GET.get("kind", "")
    kind = kind if kind in sealed_models() else ""
    opened = batch is not None or object_id is not None or bool(kind)
    events = events_seen(seen, kind=kind, object_id=object_id, batch=batch) if opened else acts_seen(seen)
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    rows = _details(page.object_list, seen) if opened else _acts(page.object_list)
    return render(request, "audit/record.html", {"page": page, "rows": rows, "opened": opened})


def _acts(events: Iterable[Event]) -> list[dict[str, object]]:
    """Return one line an act: its words, the first object's title, and how many of each kind it changed."""
    shown, lang = list(events), edge.language()
    names, changed = names_of(shown), sizes(event.batch for event in shown)
    titles = titles_of(shown)
    return [
        {
            "event": event,
            "who": names.get(event.actor_id, event.actor_label),
            "text": act_words(event, lang=lang),
            "title": "" if _is_part(event, changed) else titles[event.kind, event.object_id],
            "reason": reason_of(event),
            "counts": [
                (thing_words(kind, lang=lang), number) for kind, number in changed.get(event.batch, ())
            ],
        }
        for event in shown
    ]


def _is_part(event: Event, changed: Mapping[int, Sequence[tuple[str, int]]]) -> bool:
    """Tell whether the first object of an act is only one of many of its kind, so that its title would mislead."""
    return event.kind in PARTS and any(
        kind in PARTS and number > 1 for kind, number in changed.get(event.batch, ())
    )


def _details(events: Iterable[Event], seen: Sight) -> list[dict[str, object]]:
    """Return one line an object, with the address that shows it to whoever may open it."""
    shown, lang = list(events), edge.language()
    names, titles, linked = names_of(shown), titles_of(shown), events_linked(seen, shown)
    return [
        {
            "event": event,
            "who": names.get(event.actor_id, event.actor_label),
            "text": f"{act_words(event, lang=lang)} · {thing_words(event.kind, lang=lang)}",
            "title": titles[event.kind, event.object_id],
            "reason": reason_of(event),
            "url": (address(PLACES.get(event.kind, ""), event.object_id) or "") if event.pk in linked else "",
        }
        for event in shown
    ]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
