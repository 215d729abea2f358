"""What every change of oversight shares: lock, compare revisions, write what changed, seal."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Manager

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.refusal import NotAllowed
from bihuan.core.register import FieldFault
from bihuan.findings.actions.saving import Overtaken, filed, refuse, unit_fault
from bihuan.findings.models import Inspection, Task
from bihuan.orgs.models import Post, User
from bihuan.oversight.models import Decision, Dispatch, Letter, Meeting

Values = Mapping[str, Any]
Row = TypeVar("Row", bound=Dispatch | Meeting | Decision | Letter)
Sitting = Dispatch | Meeting


def locked(row: Row, *, revision: int | None = None, values: Values | None = None) -> Row:
    """Return the row as it stands now, locked until the transaction ends.

    :raises Overtaken: when it is no longer at `revision`.
    """
    rows: Manager[Any] = type(row)._default_manager
    now: Row = rows.select_for_update().get(pk=row.pk)
    if revision is not None and now.revision != revision:
        raise Overtaken(now, values or {})
    return now


def change(row: Row, values: Values, *, action: str, actor: Actor, reason: str = "") -> Row:
    """Write what differs of `values` to a locked row and seal it; nothing differs, nothing is written."""
    changed: list[str] = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    record(actor=filed(actor, row.organisation_id), action=action, changed=[(row, changed)], reason=reason)
    return row


def needed(reason: str) -> str:
    """Return a reason that is one.

    :raises Invalid: without.
    """
    refuse([] if reason.strip() else [FieldFault("reason", "oversight.reason-missing")])
    return reason.strip()


def in_state(row: Sitting | Letter, states: Sequence[str], code: str) -> None:
    """Let pass a row in one of these states.

    :raises NotAllowed: with `code` for any other.
    """
    if row.state not in states:
        raise NotAllowed(code)


def reference_faults(values: Values, organisation_id: int) -> list[FieldFault]:
    """Return the faults of what is referred to: unit, person, task and inspection must be of the organisation."""
    faults = unit_fault(values.get("unit_id"), organisation_id)
    person = values.get("person_id")
    if person is not None and not known_person(person, organisation_id):
        faults.append(FieldFault("person_id", "oversight.person-outside"))
    task = values.get("task_id")
    if (
        task is not None
        and not Task.objects.filter(pk=task, organisation_id=organisation_id, withdrawn=False).exists()
    ):
        faults.append(FieldFault("task_id", "oversight.task-outside"))
    one = values.get("inspection_id")
    if (
        one is not None
        and not Inspection.objects.filter(pk=one, organisation_id=organisation_id, withdrawn=False).exists()
    ):
        faults.append(FieldFault("inspection_id", "oversight.inspection-outside"))
    return faults


def known_person(person_id: int, organisation_id: int) -> bool:
    """Tell whether an account that works holds or held a post in the organisation."""
    posts = Post.objects.filter(person_id=person_id, unit__links_up__ancestor_id=organisation_id)
    return posts.exists() and User.objects.filter(pk=person_id, is_active=True).exists()
