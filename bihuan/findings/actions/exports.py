"""Taking a list out: list ─findings.exporting→ file ─its sum and its rows→ one sealed event, before it is sent.

The file is made outside the transaction, so that the head of the record is held for a moment only.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.lists import Wish
from bihuan.findings import exporting
from bihuan.findings.actions.saving import filed
from bihuan.findings.exported import Export
from bihuan.findings.models import Inspection
from bihuan.findings.queries.sight import Reach
from bihuan.findings.wording import told
from bihuan.orgs.models import UnitLink


@dataclass(frozen=True, slots=True)
class Taken:
    """A list as a file that disappears when it is closed, and the name under which it is kept."""

    file: IO[bytes]
    name: str


class Passing:
    """Rows on their way into a file, counted as they pass."""

    def __init__(self, rows: Iterable[exporting.Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[exporting.Row]:
        for row in self._rows:
            self.count += 1
            yield row


def take_out(seen: Reach, wish: Wish, suffix: str, *, actor: Actor) -> Taken:
    """Make the list as xlsx or docx and seal that it was taken.

    :raises Refused: when it is too long for a paper.
    """
    passing = Passing(exporting.rows(seen, wish))
    name = f"{told(f'list-{wish.listing.name}')}{seen.today.isoformat()}.{suffix}"
    file: IO[bytes]
    if suffix == "xlsx":
        file = exporting.xlsx(seen, wish, given=passing)
    else:
        file = io.BytesIO(exporting.docx(seen, wish, given=passing))
    seal_export(file, seen, wish, name=name, rows=passing.count, actor=actor)
    return Taken(file, name)


@transaction.atomic
def seal_export(file: IO[bytes], seen: Reach, wish: Wish, *, name: str, rows: int, actor: Actor) -> Export:
    """Seal that this file was taken out, and put it at its beginning again. The file is read once, in pieces."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    organisation = organisation_of(seen, wish)
    row = Export(
        organisation_id=organisation, list=wish.listing.name, name=name, filters=wish.address(page=""),
        rows=rows, sha256=digest, made_by_id=actor.user_id, made_at=actor.at,
    )  # fmt: skip
    row.save(force_insert=True)
    own = actor if organisation is None else filed(actor, organisation)
    record(actor=own, action="list.export", created=[row])
    return row


def organisation_of(seen: Reach, wish: Wish) -> int | None:
    """Return the one organisation whose rows the list holds, None when there may be several. One query at most."""
    if inspection := wish.filters.get("inspection"):
        found: int | None = (
            Inspection.objects.filter(seen.holding("inspection"), pk=int(inspection))
            .values_list("organisation_id", flat=True)
            .first()
        )
        if found is not None:
            return found
    if not seen.units:
        return seen.organisations[0] if len(seen.organisations) == 1 else None
    above = UnitLink.objects.filter(descendant__in=seen.units, ancestor__kind="organisation")
    organisations = {*seen.organisations, *above.values_list("ancestor_id", flat=True)}
    return organisations.pop() if len(organisations) == 1 else None
