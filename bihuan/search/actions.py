"""Keeping the index in step: called by the actions of whatever can be found, in their transaction.

Not sealed: it can be made again from the tables.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from bihuan.search import index
from bihuan.search.models import Entry, Reader


@dataclass(frozen=True, slots=True)
class Findable:
    """What search is told of an object. `text` is searched besides the title; `context` is shown under it."""

    kind: str
    object_id: int
    organisation_id: int
    title: str
    text: str = ""
    unit_id: int | None = None
    context: str = ""


def put(rows: Sequence[Findable], *, new: bool = False) -> None:
    """Index the rows, changed or (nothing is looked for under them) new. A constant number of statements."""
    if not rows:
        return
    entries = Entry.objects.bulk_create(
        [
            Entry(
                kind=row.kind, object_id=row.object_id, organisation_id=row.organisation_id, unit_id=row.unit_id,
                title=row.title, context=row.context[:300],
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["organisation_id", "unit_id", "title", "context"],
    )  # fmt: skip
    told = zip(entries, rows, strict=True)
    index.write(((entry, f"{row.title}\n{row.text}") for entry, row in told), new=new)


def retell(kind: str, object_ids: QuerySet[Any], *, context: str) -> None:
    """Show another context under objects that were told before. One statement."""
    Entry.objects.filter(kind=kind, object_id__in=object_ids).update(context=context[:300])


def share(kind: str, units: Mapping[int, Collection[int]]) -> None:
    """Say which units see objects besides their own, in place of what was said before. Three statements."""
    entries = Entry.objects.filter(kind=kind, object_id__in=units).values_list("object_id", "pk")
    told = dict(entries)
    Reader.objects.filter(entry_id__in=told.values()).delete()
    Reader.objects.bulk_create(
        Reader(entry_id=pk, unit_id=unit) for object_id, pk in told.items() for unit in units[object_id]
    )


def take_out(kind: str, object_ids: Collection[int]) -> None:
    """Take objects out of search, as when their import was withdrawn."""
    entries = Entry.objects.filter(kind=kind, object_id__in=object_ids)
    pks = list(entries.values_list("pk", flat=True))
    index.erase(pks)
    Reader.objects.filter(entry_id__in=pks).delete()
    entries.delete()
