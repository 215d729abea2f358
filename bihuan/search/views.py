"""The search page. What may be seen is laid on the request by `orgs` (this context lies below it)."""

from types import MappingProxyType

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bihuan.search.models import Entry
from bihuan.search.queries import found, page_found, shared_with
from bihuan.web.edge import sight_of
from bihuan.web.navigation import address

PAGE = 30
#: kind of entry → name of the address that shows it
PLACES = MappingProxyType(
    {
        "inspection": "findings:inspection",
        "finding": "findings:finding",
        "problem": "findings:problem",
        "task": "findings:task",
        "institution": "findings:institution",
    }
)


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what holds the words of `?q=`, each with its kind and a link. Two queries."""
    query = request.GET.get("q", "").strip()
    seen = sight_of(request)
    visible = seen.q("organisation_id", unit="unit_id") | shared_with(seen.units)
    page = _page(query, visible, request.GET.get("page"))
    rows = [{"entry": hit, "url": _url(hit.kind, hit.object_id)} for hit in page]
    return render(request, "search/search.html", {"query": query, "page": page, "rows": rows})


def _page(query: str, visible: Q, wanted: str | None) -> "Page[Entry]":
    """Return a page of the hits; the first is read and counted in one pass over the index."""
    paginator = Paginator(found(query, visible=visible), PAGE)
    if wanted not in (None, "", "1"):
        return paginator.get_page(wanted)
    shown, paginator.count = page_found(query, visible=visible, start=0, size=PAGE)
    return Page(shown, 1, paginator)


def _url(kind: str, object_id: int) -> str:
    return address(PLACES.get(kind, ""), object_id) or ""
