"""Finding: entries that hold every word of the query, as far as the person may see them."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from bihuan.search import index
from bihuan.search.index import Seen, matching
from bihuan.search.models import Entry, Reader
from bihuan.web.prepared import Question

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


def page_found(query: str, *, seen: Seen, start: int, size: int) -> tuple[list[Entry], int]:
    """Return a page of what is found, and how much there is in all. Two queries; three past the end.

    The many that are counted and put in order are only numbers; titles are read for the page.
    """
    asked = query[:MOST_WORDS]
    shown = index.page(asked, seen, start=start, size=size)
    first = shown or (index.page(asked, seen, start=0, size=1) if start else [])
    entries = {entry.pk: entry for entry in ENTRIES.rows(tuple(pk for pk, _ in shown))}
    return [entries[pk] for pk, _ in shown if pk in entries], first[0][1] if first else 0


ENTRIES = Question(lambda pks: Entry.objects.filter(pk__in=pks))
