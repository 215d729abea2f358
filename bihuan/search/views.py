"""The search page. What may be seen is laid on the request by `orgs` (this context lies below it)."""

from types import MappingProxyType

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bihuan.search.index import Seen
from bihuan.search.models import Entry
from bihuan.search.queries import page_found
from bihuan.web.edge import sight_of
from bihuan.web.navigation import address

PAGE = 30
LONGEST = 10  # digits of a page's number
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
    """Show what holds the words of `?q=`, each with its kind and a link. Three queries."""
    query = request.GET.get("q", "").strip()
    units = tuple(sight_of(request).units)
    page = _page(query, Seen(units, units), request.GET.get("page"))
    rows = [{"entry": hit, "url": _url(hit.kind, hit.object_id)} for hit in page]
    return render(request, "search/search.html", {"query": query, "page": page, "rows": rows})


def _page(query: str, seen: Seen, wanted: str | None) -> "Page[Entry]":
    """Return a page of the hits, the last one for a number past the end; it is read and counted in one pass."""
    number = int(wanted) if wanted and wanted.isdecimal() and len(wanted) < LONGEST else 1
    shown, total = page_found(query, seen=seen, start=(max(number, 1) - 1) * PAGE, size=PAGE)
    paginator = Paginator(shown, PAGE)
    paginator.count = total
    if not shown and total:
        number = paginator.num_pages
        shown, _ = page_found(query, seen=seen, start=(number - 1) * PAGE, size=PAGE)
    return Page(shown, max(number, 1) if total else 1, paginator)


def _url(kind: str, object_id: int) -> str:
    return address(PLACES.get(kind, ""), object_id) or ""
