"""A wrong import is taken back whole: its rows are marked, not erased, and no longer counted, listed or
found.

Only as long as nobody has worked on it: an event after the batch on any of its rows, or a row added to one
of them, stands against it.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from django.db import transaction
from django.db.models import Exists, Model, OuterRef

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.audit.models import Event
from bihuan.core.refusal import Refused
from bihuan.documents.actions import DraftClosed
from bihuan.documents.models import Draft
from bihuan.findings.models import (
    Aspect,
    Declared,
    Finding,
    Inspection,
    Institution,
    JointUnit,
    Passage,
    Problem,
    Step,
    Task,
)
from bihuan.orgs.queries import require_actor
from bihuan.search.actions import take_out

#: What a batch may hold that can be marked; units stay in the directory, states and joint units follow
# their task.
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
    (Draft, "inspection_id", "inspection"),
)


class WithdrawalRefused(Refused):
    """An import cannot be taken back any more; its objects are changed one by one instead."""

    status = 409


@transaction.atomic
def withdraw(draft_id: int, *, actor: Actor, reason: str) -> Draft:
    """Mark everything that a registration made as withdrawn; the same file may then be imported again.

    :raises NotAllowed: when the actor does not hold the office.
    :raises DraftClosed: when it is not registered.
    :raises WithdrawalRefused: when somebody has worked on it, or it changed what was there before.
    """
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    require_actor("write", actor, draft.organisation_id)
    if draft.state != "registered":
        raise DraftClosed(f"documents.draft-{draft.state}")
    if not reason.strip():
        raise WithdrawalRefused("documents.withdraw-no-reason")
    if draft.inspection_id:
        list(Inspection.objects.select_for_update().filter(pk=draft.inspection_id))
    made = _made(draft)
    if (code := _why_not(draft, made)) is not None:
        raise WithdrawalRefused(code)
    actor = replace(actor, organisation_id=draft.organisation_id)
    changed = []
    for kind, model in MARKED.items():
        rows = list(model._default_manager.filter(pk__in=made.get(kind, ())))
        for row in rows:
            row.withdrawn = True  # type: ignore[attr-defined]
        model._default_manager.filter(pk__in=made.get(kind, ())).update(withdrawn=True)
        changed += [(row, ["withdrawn"]) for row in rows]
    record(actor=actor, action="import.withdraw", changed=changed, reason=reason.strip())
    for kind in FOUND:
        take_out(kind, made.get(kind, ()))
    draft.state, draft.changed_at = "withdrawn", actor.at
    draft.revision += 1
    draft.save(update_fields=["state", "changed_at", "revision"])
    record(actor=actor, action="draft.withdraw", changed=[(draft, ["state"])], reason=reason.strip())
    return draft


def why_not_withdraw(draft: Draft) -> str | None:
    """Return None while a registration can be taken back, else the code that says why not."""
    if draft.state != "registered":
        return f"documents.draft-{draft.state}"
    return _why_not(draft, _made(draft))


def _made(draft: Draft) -> dict[str, list[int]]:
    """Return the ids of the rows that the batch holds, by kind."""
    found: dict[str, list[int]] = {}
    if draft.batch:
        events = Event.objects.filter(batch=draft.batch).order_by("seq")
        for kind, object_id in events.values_list("kind", "object_id"):
            found.setdefault(kind, []).append(object_id)
    return found


def _why_not(draft: Draft, made: Mapping[str, list[int]]) -> str | None:
    if not made:
        return "documents.withdraw-nothing"
    batch = Event.objects.filter(batch=draft.batch).exclude(kind="unit")
    same = Event.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    if batch.filter(Exists(same.filter(seq__lt=draft.batch))).exists():
        return "documents.withdraw-changed-others"
    if batch.filter(Exists(same.filter(seq__gte=draft.batch).exclude(batch=draft.batch))).exists():
        return "documents.withdraw-worked-on"
    return "documents.withdraw-worked-on" if _added(draft, made) else None


def _added(draft: Draft, made: Mapping[str, list[int]]) -> bool:
    """Return whether somebody added a row to one of the batch's."""
    for model, link, kind in ADDED:
        if not (above := made.get(kind)):
            continue
        rows = model._default_manager.filter(**{f"{link}__in": above})
        living = {"state": "registered"} if model is Draft else {"withdrawn": False}
        rows = rows.filter(**living)
        if model is Draft:
            rows = rows.exclude(pk=draft.pk)
        own = set(made.get(getattr(model, "sealed_as", ""), ()))
        if any(pk not in own for pk in rows.values_list("pk", flat=True)):
            return True
    joint = JointUnit.objects.filter(task__in=made.get("task", ())).values_list("pk", flat=True)
    return any(pk not in set(made.get("joint_unit", ())) for pk in joint)
