"""Taking a file in: the bytes first, then the row, sealed."""

from collections.abc import Iterable

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.files.models import StoredFile
from bihuan.files.store import keep

LIMIT = 50 * 1024 * 1024


@transaction.atomic
def store_file(chunks: Iterable[bytes], *, actor: Actor, type_: str, limit: int = LIMIT) -> StoredFile:
    """Keep the bytes and return their row; the same content gives the same row and no second event.

    :raises FileRefused: see `store.keep`.
    """
    kept = keep(chunks, limit=limit)
    row, fresh = StoredFile.objects.get_or_create(
        sha256=kept.sha256, defaults={"size": kept.size, "type": type_, "created_at": actor.at}
    )
    if fresh:
        record(actor=actor, action="file.store", created=[row])
    return row
