"""What every edit of the register shares.

Lock the row, compare revisions, write only what changed, seal, index.

values ─save→ locked row ─same revision?→ update_fields ─record→ event ─put→ search
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Max, Model, Q, QuerySet

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.core.register import FieldFault
from bihuan.findings.findable import findables, retitled
from bihuan.findings.models import Finding, Inspection, Institution, Problem, Step, Task
from bihuan.orgs.models import UnitLink
from bihuan.search.actions import put

Values = Mapping[str, Any]
Row = TypeVar("Row", Inspection, Finding, Problem, Task, Institution)
Held = TypeVar("Held", bound=Model)


class Invalid(Refused):
    """What was given is wrong: `faults` holds every fault by field, the refusal itself says the first."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__(faults[0].code, **faults[0].params)
        self.faults = tuple(faults)


class Overtaken(Conflict):
    """Someone saved the row after this person read it.

    `row` is what stands now, `values` what was to be saved.
    """

    def __init__(self, row: Model, values: Values) -> None:
        super().__init__("findings.overtaken")
        self.row = row
        self.values = values


def filed(actor: Actor, organisation_id: int) -> Actor:
    """Return the actor whose act is filed in the record of this organisation."""
    return replace(actor, organisation_id=organisation_id)


def locked(row: Held) -> Held:
    """Return the row as it stands now, locked until the transaction ends.

    :raises NotAllowed: when it was withdrawn meanwhile.
    """
    now = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if getattr(now, "withdrawn", False):
        raise NotAllowed("findings.withdrawn-row")
    return now


def refuse(faults: Sequence[FieldFault]) -> None:
    """Let pass what has no fault.

    :raises Invalid: with all faults.
    """
    if faults:
        raise Invalid(faults)


def created(row: Row, *, actor: Actor) -> Row:
    """Save a new row, seal it and let it be found."""
    row.save(force_insert=True)
    record(actor=filed(actor, row.organisation_id), action=f"{row.sealed_as}.create", created=[row])
    put(findables([row]))
    return row


def save(row: Row, values: Values, *, revision: int, actor: Actor) -> Row:
    """Write what differs of `values` to a locked row; nothing differs, nothing is written or sealed.

    :raises Overtaken: when `row` is no longer at `revision`.
    """
    changed: list[str] = [name for name in values if getattr(row, name) != values[name]]
    if row.revision != revision:
        raise Overtaken(row, values)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    record(actor=filed(actor, row.organisation_id), action=f"{row.sealed_as}.edit", changed=[(row, changed)])
    put(findables([row]))
    retitled([(row, changed)])
    return row


def unit_fault(unit_id: Any, organisation_id: int) -> list[FieldFault]:
    """Return the fault of a unit that does not belong to the organisation; none for no unit."""
    if unit_id is None or unit_id == organisation_id:
        return []
    inside = UnitLink.objects.filter(
        ancestor_id=organisation_id, descendant_id=unit_id, descendant__is_active=True
    ).exists()
    return [] if inside else [FieldFault("unit_id", "findings.unit-outside")]


def number_fault(row: Finding | Problem | Task, number: Any) -> list[FieldFault]:
    """Return the fault of a number that another row of the inspection has.

    Call it with the inspection locked.
    """
    taken = type(row)._default_manager.filter(inspection_id=row.inspection_id, number=number, withdrawn=False)
    if not number or not taken.exclude(pk=row.pk).exists():
        return []
    return [FieldFault("number", "findings.number-taken", {"number": str(number)[:20]})]


def position_after(rows: QuerySet[Any], before: Q) -> int:
    """Return the position of a new row that follows those of `rows` that meet `before`. Two queries.

    At the end it is the next number; in between it shares the position of the row before it and follows by its id,
    so that no other row has to be written (and sealed) for it.
    """
    last: int = rows.filter(before).aggregate(last=Max("position"))["last"] or 0
    return last if rows.filter(position__gt=last).exists() else last + 1


def lock_inspection(inspection_id: int) -> Inspection:
    """Lock an inspection, so that two people cannot give the same number at once."""
    found = Inspection.objects.select_for_update().get(pk=inspection_id)
    if found.withdrawn:
        raise NotAllowed("findings.withdrawn-row")
    return found


def statements_at_once() -> int:
    """Return how many rows one IN list may name on this database."""
    return min(connection.features.max_query_params or 10_000, 10_000)


def whole(
    row: Finding | Problem | Task | Inspection | Institution | Step, values: Values
) -> dict[str, object]:
    """Return the row's sealed state as it would stand with `values`."""
    return {name: values.get(name, getattr(row, name)) for name in row.sealed_fields} | dict(values)
