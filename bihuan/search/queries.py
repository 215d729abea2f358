"""Finding: entries that hold every word of the query, as far as the person may see them."""

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from bihuan.search.index import matching
from bihuan.search.models import Entry

MOST_WORDS = 100


def found(query: str, *, visible: Q) -> QuerySet[Entry]:
    """Return the visible entries that hold every phrase of `query` (its first 100 characters), by kind and number."""
    sql = matching(query[:MOST_WORDS])
    if sql is None:
        return Entry.objects.none()
    return Entry.objects.filter(visible, pk__in=RawSQL(*sql)).order_by("kind", "object_id")  # noqa: S611 - our own SQL
