"""What every edit of the register shares.

Lock the row, compare revisions, write only what changed, seal, index.

values ─save→ locked row ─same revision?→ update_fields ─record→ event ─put→ search
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import Model, QuerySet

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.audit.sealing import Sealed
from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.core.register import FieldFault
from bihuan.findings.findable import findables, retitled
from bihuan.findings.models import Finding, Inspection, Institution, Problem, Step, Task
from bihuan.findings.queries.sight import LIVE
from bihuan.orgs.models import UnitLink
from bihuan.search.actions import put
from bihuan.web.prepared import Question

Values = Mapping[str, Any]
Row = TypeVar("Row", Inspection, Finding, Problem, Task, Institution)
Held = TypeVar("Held", bound=Model)


class Versioned(Sealed, Protocol):
    """A sealed row that counts how often it was changed."""

    revision: Any


class Invalid(Refused):
    """What was given is wrong: `faults` holds every fault by field, the refusal itself says the first."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__(faults[0].code, **faults[0].params)
        self.faults = tuple(faults)


class Overtaken(Conflict):
    """Someone saved the row after this person read it.

    `row` is what stands now, `values` what was to be saved.
    """

    def __init__(self, row: Versioned, values: Values) -> None:
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
    now: Held | None = _locking(type(row)).first(row.pk)
    if now is None:
        raise ObjectDoesNotExist
    if getattr(now, "withdrawn", False):
        raise NotAllowed("findings.withdrawn-row")
    return now


@cache
def _locking(model: type[Model]) -> Question[Any]:
    return Question(lambda pk: model._default_manager.select_for_update().filter(pk=pk))


@cache
def _numbered(model: type[Model]) -> Question[tuple[int]]:
    def make(inspection: int, number: str) -> QuerySet[Any, tuple[int]]:
        rows = model._default_manager.filter(inspection_id=inspection, number=number, withdrawn__in=LIVE)
        return rows.values_list("pk")

    return Question(make)


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
    if not number:
        return []
    taken = _numbered(type(row)).rows(row.inspection_id, number)
    if not any(pk != row.pk for (pk,) in taken):
        return []
    return [FieldFault("number", "findings.number-taken", {"number": str(number)[:20]})]


def position_after(model: type[Problem | Task], held: Finding | Problem, *, above: str) -> int:
    """Return the position of a new row of `model` that follows those of its inspection up to `held`, which it names
    `above`. Two queries.

    At the end it is the next number; in between it shares the position of the row before it and follows by its id,
    so that no other row has to be written (and sealed) for it.
    """
    before = _last(model, f"{above}__position__lte").first(held.inspection_id, held.position) or (0,)
    after = _last(model, "position__gt").first(held.inspection_id, before[0])
    return before[0] if after else before[0] + 1


@cache
def _last(model: type[Problem | Task], condition: str) -> Question[tuple[int]]:
    """Return the question for the last position in an inspection under a condition."""

    def make(inspection: int, position: int) -> QuerySet[Any, tuple[int]]:
        rows = model._default_manager.filter(inspection_id=inspection, withdrawn__in=LIVE)
        return rows.filter(**{condition: position}).order_by("-position").values_list("position")[:1]

    return Question(make)


def lock_inspection(inspection_id: int) -> Inspection:
    """Lock an inspection, so that two people cannot give the same number at once."""
    found: Inspection | None = _locking(Inspection).first(inspection_id)
    if found is None:
        raise Inspection.DoesNotExist
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
