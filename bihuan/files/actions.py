"""Taking a file in: the bytes first, then the row, sealed."""

import hashlib
from collections.abc import Iterable

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.files.models import StoredFile
from bihuan.files.store import keep, leftovers, path_of

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


def forget_unless_kept(data: bytes) -> None:
    """Remove the bytes of a file whose transaction was rolled back; what the register names stays."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not StoredFile.objects.filter(sha256=sha256).exists():
        path_of(sha256).unlink(missing_ok=True)


def sweep(*, older_than: float) -> int:
    """Remove what uploads and refused imports left before `older_than` (seconds since 1970): half files, and contents
    that no row names. Returns how many. Not sealed: nothing of the register is touched."""
    removed = 0
    for path in leftovers(older_than=older_than):
        if path.parent.name == "incoming" or not StoredFile.objects.filter(sha256=path.name).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed
