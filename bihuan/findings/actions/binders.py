"""Taking a binder or all files of a task out: that it was taken is sealed before the first byte leaves."""

from dataclasses import dataclass

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.findings.actions.saving import filed
from bihuan.findings.exported import Export


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken out: ``binder`` or ``evidence``, its name, of which object, how many files, and their digest."""

    what: str
    name: str
    of: str
    files: int
    sha256: str


@transaction.atomic
def seal_taken(taken: Taken, *, organisation_id: int, actor: Actor) -> Export:
    """Seal that a binder or the files of a task were taken out of an organisation."""
    row = Export(
        organisation_id=organisation_id, list=taken.what, name=taken.name[:100], filters=taken.of,
        rows=taken.files, sha256=taken.sha256, made_by_id=actor.user_id, made_at=actor.at,
    )  # fmt: skip
    row.save(force_insert=True)
    record(actor=filed(actor, organisation_id), action="evidence.take", created=[row])
    return row
