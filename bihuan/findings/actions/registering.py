"""A corrected draft becomes part of the register: everything in one transaction, or nothing.

draft row locked ─importing.preview→ no fault left? ─importing.rows→ rows ─insert→ tables ─record→ sealed
─put→ found
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Model

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.audit.statistics import refresh_statistics
from bihuan.core.draft_matching import Known, matched
from bihuan.core.drafting import Tree, from_json, to_json
from bihuan.core.refusal import NotVisible, Refused
from bihuan.documents.actions import DraftClosed, DraftConflict, open_draft
from bihuan.documents.models import Draft
from bihuan.findings.actions.inserting import insert
from bihuan.findings.actions.plan_lock import require_open
from bihuan.findings.actions.saving import lock_inspection
from bihuan.findings.findable import findables, retitled, shared
from bihuan.findings.importing.preview import SKIP, preview, unit_names, units_of
from bihuan.findings.importing.rows import Builder, Changed, Rows
from bihuan.findings.models import Finding, Inspection, Institution, JointUnit, Problem, Task
from bihuan.orgs.models import Unit
from bihuan.orgs.queries import require_actor
from bihuan.search.actions import put

FINDABLE = (Inspection, Finding, Problem, Task, Institution)
CHANGED_AT_ONCE = 200
MANY = 500  # rows after which SQLite is asked to look at its indexes again


class RegistrationRefused(Refused):
    """A draft cannot be registered yet; its page tells every fault."""


@transaction.atomic
def register(draft_id: int, *, actor: Actor, revision: int | None = None) -> Inspection:
    """Write the draft into the register and return its inspection; a draft that is registered stays as it is.

    A constant number of statements, but for the index of search (one in 166 rows on SQLite).

    :raises NotAllowed: when the actor does not hold the office.
    :raises RegistrationRefused: while a fault stands against it.
    :raises DraftConflict: when the draft is no longer at `revision`, the one that was seen.
    :raises DraftClosed: when it was dropped or withdrawn.
    :raises PlanLocked: when the inspection that it adds to has an approved plan.
    """
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    require_actor("write", actor, draft.organisation_id)
    if draft.state == "registered" and draft.inspection_id:
        return Inspection.objects.get(pk=draft.inspection_id)
    if draft.state != "open":
        raise DraftClosed(f"documents.draft-{draft.state}")
    if revision is not None and draft.revision != revision:
        raise DraftConflict("documents.draft-changed")
    _lock(draft)
    seen = preview(draft)
    if seen.blocked:
        errors = [fault for fault in seen.faults if fault.severity == "error"]
        raise RegistrationRefused("documents.register-blocked", count=len(errors))
    actor = replace(actor, organisation_id=draft.organisation_id)
    if seen.choice == SKIP and seen.target is not None and seen.tree.mode != "tasks":
        _close(draft, seen.target, batch=0, actor=actor)
        return seen.target
    if seen.target is not None:
        require_open(lock_inspection(seen.target.pk).pk)
    rows = Builder(draft, seen, actor).rows()
    batch = _write(rows, actor=actor)
    if sum(map(len, rows.made)) > MANY:
        transaction.on_commit(refresh_statistics)
    _close(draft, rows.inspection, batch=batch, actor=actor)
    return rows.inspection


@transaction.atomic
def aim(draft_id: int, inspection_id: int, *, revision: int, actor: Actor) -> Draft:
    """Say into which inspection a plan goes; its rows are matched to the problems there, its new units
    ticked.

    :raises NotVisible: when there is no such live inspection in the organisation.
    :raises DraftConflict: when the draft is no longer at `revision`.
    """
    draft = open_draft(draft_id, actor=actor, revision=revision)
    found = Inspection.objects.filter(
        pk=inspection_id, organisation_id=draft.organisation_id, mode="live", withdrawn=False
    ).first()
    if found is None or draft.mode != "tasks":
        raise NotVisible("findings.not-found")
    tree = _matched(from_json(draft.tree), found)
    draft.tree, draft.inspection_id, draft.changed_at = to_json(tree), found.pk, actor.at
    draft.revision += 1
    draft.save(update_fields=["tree", "inspection_id", "changed_at", "revision"])
    actor = replace(actor, organisation_id=draft.organisation_id)
    record(actor=actor, action="draft.aim", changed=[(draft, ["inspection_id"])])
    return draft


def _matched(tree: Tree, inspection: Inspection) -> Tree:
    rows = Problem.objects.filter(inspection=inspection, withdrawn=False).order_by("position")
    known = [Known(pk, number, title) for pk, number, title in rows.values_list("pk", "number", "title")]
    tree = matched(tree, known)
    units = units_of(inspection.organisation_id)
    fresh = [name for name in unit_names(tree.registered()) if name not in units]
    root = tree.root.with_facts({"new_units": "\n".join(fresh), "feedback_on": inspection.feedback_on})
    return replace(tree, nodes=(root, *tree.nodes[1:]))


def _lock(draft: Draft) -> None:
    """Lock what the preview looks at.

    The organisation, so that two drafts of one inspection cannot both be new, and the inspection added to.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=draft.organisation_id)
    if draft.mode == "tasks":
        list(Inspection.objects.select_for_update().filter(pk=draft.inspection_id or 0))


def _write(rows: Rows, *, actor: Actor) -> int:
    """Write, seal and index all rows; return the batch."""
    insert(rows.units)
    insert(rows.links)
    for table in rows.made:
        insert(table)
    _write_changes(rows.changed)
    if rows.removed:
        JointUnit.objects.filter(pk__in=[row.pk for row in rows.removed]).delete()
    made: list[Model] = [*rows.units, *(row for table in rows.made for row in table)]
    batch = record(
        actor=actor, action="import.register", created=made, changed=rows.changed, removed=rows.removed
    )
    put(findables(_findable(made)), new=True)
    put(findables(_findable(row for row, _ in rows.changed)))
    shared(row for row in (*made, *rows.removed) if isinstance(row, JointUnit))
    retitled(rows.changed)
    return batch


def _write_changes(changed: Iterable[Changed]) -> None:
    by_table: dict[type[Model], list[Changed]] = {}
    for row, fields in changed:
        by_table.setdefault(type(row), []).append((row, fields))
    for table, of_table in by_table.items():
        names = sorted({name for _, fields in of_table for name in fields} | {"revision"})
        table._default_manager.bulk_update([row for row, _ in of_table], names, batch_size=CHANGED_AT_ONCE)


def _findable(rows: Iterable[Model]) -> list[Any]:
    return [row for row in rows if isinstance(row, FINDABLE)]


def _close(draft: Draft, inspection: Inspection, *, batch: int, actor: Actor) -> None:
    """Mark the draft as registered, in the record too."""
    draft.state, draft.batch, draft.changed_at = "registered", batch, actor.at
    draft.inspection_id = inspection.pk
    draft.revision += 1
    draft.save(update_fields=["state", "batch", "inspection_id", "changed_at", "revision"])
    record(actor=actor, action="draft.register", changed=[(draft, ["state", "batch", "inspection_id"])])
