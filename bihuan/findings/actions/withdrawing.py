"""A wrong import is taken back whole: what it made is marked, what it changed gets its former values again.

Only as long as nobody has worked on it: an event after the batch on any of its rows, or a row added to one
of them, stands against it. Nothing is erased; what is marked is no longer counted, listed or found.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Exists, Field, Model, OuterRef

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.audit.models import Event
from bihuan.audit.queries import values_of
from bihuan.core.plans import APPROVED, OPEN, SUPERSEDED
from bihuan.core.refusal import Refused
from bihuan.documents.actions import DraftClosed
from bihuan.documents.models import Draft
from bihuan.findings.actions.inserting import give_numbers, insert
from bihuan.findings.findable import findables, retitled, shared
from bihuan.findings.models import (
    Aspect,
    Declared,
    EvidenceNeed,
    Finding,
    Inspection,
    Institution,
    JointUnit,
    LookAround,
    Milestone,
    OutsideWait,
    Passage,
    Plan,
    Problem,
    Step,
    Task,
)
from bihuan.findings.queries.plans import locked_inspections
from bihuan.orgs.queries import require_actor
from bihuan.search.actions import put, take_out

#: What a batch may hold that can be marked; units stay in the directory, states follow their task.
MARKED: Mapping[str, type[Model]] = MappingProxyType(
    {
        "task": Task,
        "institution": Institution,
        "problem": Problem,
        "finding": Finding,
        "aspect": Aspect,
        "passage": Passage,
        "declared": Declared,
        "inspection": Inspection,
    }
)
FOUND = ("inspection", "finding", "problem", "task", "institution")
#: Rows that others may have added: what they hang on, by the kind of the row that they name.
ADDED: tuple[tuple[type[Model], str, str], ...] = (
    (Finding, "inspection", "inspection"),
    (Problem, "finding", "finding"),
    (Task, "problem", "problem"),
    (Step, "task", "task"),
    (Institution, "inspection", "inspection"),
    (Institution, "problem", "problem"),
    (LookAround, "problem", "problem"),
    (Milestone, "task", "task"),
    (EvidenceNeed, "task", "task"),
    (OutsideWait, "task", "task"),
    (Plan, "inspection", "inspection"),
    (Draft, "inspection_id", "inspection"),
)
#: What of them still counts; of every other table, what is not withdrawn.
LIVING: Mapping[type[Model], Mapping[str, Any]] = MappingProxyType(
    {Draft: {"state": "registered"}, Plan: {"state__in": (*OPEN, APPROVED, SUPERSEDED)}}
)
CHANGED_AT_ONCE = 200


class WithdrawalRefused(Refused):
    """An import cannot be taken back any more; its objects are changed one by one instead."""

    status = 409


@dataclass(slots=True)
class Batch:
    """What a registration did: ids made by kind, events that changed what was there, joint units that it removed."""

    made: dict[str, list[int]] = field(default_factory=dict)
    changed: list[Event] = field(default_factory=list)
    removed: list[Event] = field(default_factory=list)


@transaction.atomic
def withdraw(draft_id: int, *, actor: Actor, reason: str) -> Draft:
    """Take back everything that a registration did; the same file may then be imported again.

    :raises NotAllowed: when the actor does not hold the office.
    :raises DraftClosed: when it is not registered.
    :raises WithdrawalRefused: when somebody has worked on it, or no reason is given.
    """
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    require_actor("write", actor, draft.organisation_id)
    if draft.state != "registered":
        raise DraftClosed(f"documents.draft-{draft.state}")
    if not reason.strip():
        raise WithdrawalRefused("documents.withdraw-no-reason")
    if draft.inspection_id:
        list(Inspection.objects.select_for_update().filter(pk=draft.inspection_id))
    batch = _batch(draft)
    if (code := _why_not(draft, batch)) is not None:
        raise WithdrawalRefused(code)
    actor = replace(actor, organisation_id=draft.organisation_id)
    marked, restored = _mark(batch.made), list(_restored(draft, batch))
    _write_restored(restored)
    again, gone = _joint_units(draft, batch)
    record(
        actor=actor,
        action="import.withdraw",
        created=again,
        changed=[*((row, ["withdrawn"]) for row in marked), *restored],
        removed=gone,
        reason=reason.strip(),
    )
    for kind in FOUND:
        take_out(kind, batch.made.get(kind, ()))
    put(findables([row for row, _ in restored]))
    shared([*again, *gone])
    retitled(restored)
    draft.state, draft.changed_at = "withdrawn", actor.at
    draft.revision += 1
    draft.save(update_fields=["state", "changed_at", "revision"])
    record(actor=actor, action="draft.withdraw", changed=[(draft, ["state"])], reason=reason.strip())
    return draft


def why_not_withdraw(draft: Draft) -> str | None:
    """Return None while a registration can be taken back, else the code that says why not."""
    if draft.state != "registered":
        return f"documents.draft-{draft.state}"
    return _why_not(draft, _batch(draft))


def _batch(draft: Draft) -> Batch:
    """Return what the batch did; an object without an event before it was made by it."""
    found = Batch()
    if not draft.batch:
        return found
    before = Event.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"), seq__lt=draft.batch)
    events = Event.objects.filter(batch=draft.batch).annotate(known=Exists(before)).order_by("seq")
    for event in events:
        if not event.known:
            found.made.setdefault(event.kind, []).append(event.object_id)
        elif json.loads(event.sealed).get("gone"):
            found.removed.append(event)
        else:
            found.changed.append(event)
    return found


def _why_not(draft: Draft, batch: Batch) -> str | None:
    if not (batch.made or batch.changed or batch.removed):
        return "documents.withdraw-nothing"
    if draft.inspection_id and locked_inspections([draft.inspection_id]):
        return "plan.locked"
    events = Event.objects.filter(batch=draft.batch).exclude(kind="unit")
    later = Event.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"), seq__gt=draft.batch)
    worked = events.filter(Exists(later.exclude(batch=draft.batch))).exists()
    return "documents.withdraw-worked-on" if worked or _added(draft, batch.made) else None


def _added(draft: Draft, made: Mapping[str, list[int]]) -> bool:
    """Return whether somebody added a row to one of the batch's."""
    for model, link, kind in ADDED:
        if not (above := made.get(kind)):
            continue
        living = LIVING.get(model, {"withdrawn": False})
        rows = model._default_manager.filter(**{f"{link}__in": above}, **living)
        if model is Draft:
            rows = rows.exclude(pk=draft.pk)
        own = set(made.get(getattr(model, "sealed_as", ""), ()))
        if any(pk not in own for pk in rows.values_list("pk", flat=True)):
            return True
    own = set(made.get("joint_unit", ()))
    joint = JointUnit.objects.filter(task__in=made.get("task", ())).values_list("pk", flat=True)
    return any(pk not in own for pk in joint)


def _mark(made: Mapping[str, list[int]]) -> list[Model]:
    """Mark what the batch made as withdrawn and return the rows."""
    marked: list[Model] = []
    for kind, model in MARKED.items():
        rows = list(model._default_manager.filter(pk__in=made.get(kind, ())))
        model._default_manager.filter(pk__in=made.get(kind, ())).update(withdrawn=True)
        for row in rows:
            row.withdrawn = True  # type: ignore[attr-defined]
        marked += rows
    return marked


def _restored(draft: Draft, batch: Batch) -> Iterator[tuple[Any, list[str]]]:
    """Yield the rows that the batch changed with their former values, and the fields that it had changed."""
    for kind in sorted({event.kind for event in batch.changed}):
        events = {event.object_id: event for event in batch.changed if event.kind == kind}
        former = _former(kind, list(events), draft.batch)
        columns = {one.attname: one for one in MARKED[kind]._meta.concrete_fields}
        for row in MARKED[kind]._default_manager.filter(pk__in=list(events)).order_by("pk"):
            values = former[row.pk]
            names = [
                name for name in json.loads(events[row.pk].sealed)["set"] if _is_known(values, columns[name])
            ]
            for name in names:
                setattr(row, name, columns[name].to_python(values[name]))
            row.revision += 1  # type: ignore[attr-defined]
            yield row, names


def _is_known(values: Mapping[str, Any], column: "Field[Any, Any]") -> bool:
    """Tell whether the record still holds the former value; a text that was erased by law cannot come back."""
    return column.attname in values and (values[column.attname] is not None or column.null)


def _former(kind: str, ids: Sequence[int], batch: int) -> dict[int, dict[str, Any]]:
    """Fold the events before the batch into the values that objects had."""
    found: dict[int, dict[str, Any]] = {pk: {} for pk in ids}
    for event in Event.objects.filter(kind=kind, object_id__in=ids, seq__lt=batch).order_by("seq"):
        found[event.object_id].update(values_of(event))
    return found


def _write_restored(restored: Sequence[tuple[Any, list[str]]]) -> None:
    for model in {type(row) for row, _ in restored}:
        of_table = [(row, names) for row, names in restored if type(row) is model]
        names = sorted({name.removesuffix("_id") for _, names in of_table for name in names} | {"revision"})
        model._default_manager.bulk_update([row for row, _ in of_table], names, batch_size=CHANGED_AT_ONCE)


def _joint_units(draft: Draft, batch: Batch) -> tuple[list[JointUnit], list[JointUnit]]:
    """Give tasks that were there their joint units again; return those made again and those taken off."""
    new = set(batch.made.get("task", ()))
    gone = [
        row
        for row in JointUnit.objects.filter(pk__in=batch.made.get("joint_unit", ()))
        if row.task_id not in new
    ]
    pks = [row.pk for row in gone]
    JointUnit.objects.filter(pk__in=pks).delete()
    former = _former("joint_unit", [event.object_id for event in batch.removed], draft.batch)
    again = [JointUnit(task_id=values["task_id"], unit_id=values["unit_id"]) for values in former.values()]
    give_numbers(again)
    insert(again)
    return again, gone
