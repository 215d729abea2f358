"""Finding: entries that hold every word of the query, as far as the person may see them."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.expressions import RawSQL

from bihuan.search.index import matching
from bihuan.search.models import Entry, Reader

MOST_WORDS = 100


def shared_with(units: Iterable[int]) -> Q:
    """Return the predicate of the entries that the people of these units see besides their own."""
    return Q(pk__in=Reader.objects.filter(unit_id__in=units).values("entry_id"))


def found(query: str, *, visible: Q) -> QuerySet[Entry]:
    """Return the visible entries that hold every phrase of `query` (its first 100 characters), by kind and number."""
    sql = matching(query[:MOST_WORDS])
    if sql is None:
        return Entry.objects.none()
    return Entry.objects.filter(visible, pk__in=RawSQL(*sql)).order_by("kind", "object_id")  # noqa: S611 - our own SQL


def page_found(query: str, *, visible: Q, start: int, size: int) -> tuple[list[Entry], int]:
    """Return a page of what is found, and how much there is in all. Two queries; three past the end.

    The many that are counted and put in order are only numbers; titles are read for the page.
    """
    hits = found(query, visible=visible)
    counted = hits.annotate(total=Window(Count("*"))).values_list("pk", "total")
    shown = list(counted[start : start + size])
    total = shown[0][1] if shown else hits.count() if start else 0
    entries = Entry.objects.in_bulk([pk for pk, _ in shown])
    return [entries[pk] for pk, _ in shown if pk in entries], total
