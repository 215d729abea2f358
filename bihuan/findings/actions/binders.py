"""Taking a binder or all files of a task out: that it was taken is sealed before the first byte leaves."""

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.findings.actions.saving import filed
from bihuan.findings.exported import Export


@transaction.atomic
def seal_taken(  # noqa: PLR0913 - the facts of one row
    what: str, *, organisation_id: int, name: str, of: str, rows: int, sha256: str, actor: Actor
) -> Export:
    """Seal that a binder (``binder``) or the files of a task (``evidence``) were taken out."""
    row = Export(
        organisation_id=organisation_id, list=what, name=name[:100], filters=of, rows=rows, sha256=sha256,
        made_by_id=actor.user_id, made_at=actor.at,
    )  # fmt: skip
    row.save(force_insert=True)
    record(actor=filed(actor, organisation_id), action="evidence.take", created=[row])
    return row
