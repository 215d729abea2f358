"""Who was owed something by a task: named by the unit, drawn and asked by the supervision office.

The answers count only for who was drawn; the unit neither draws nor writes answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.refusal import Conflict, NotAllowed
from bihuan.core.register import FieldFault, text_faults
from bihuan.core.sampling import LONGEST_SEED, Item, draw
from bihuan.findings.actions.axes import MAY, require_one
from bihuan.findings.actions.saving import filed, locked, refuse
from bihuan.findings.models import Closure, Recipient, Task
from bihuan.orgs.queries.acting import own_units

HOW = ("phone", "visit", "letter", "message")
MOST = 5000


@transaction.atomic
def add_recipients(task: Task, people: Sequence[Mapping[str, Any]], *, actor: Actor) -> list[Recipient]:
    """Name people or firms who are owed something (name, contact, owed, amount in fen); the task is marked so.

    :raises Invalid: with every fault, the field says the row: ``3.name``.
    """
    row = locked(task)
    require_one(MAY["name"], actor, row.unit_id or row.organisation_id)
    _not_on_its_way(row)
    faults = []
    for number, one in enumerate(people, 1):
        texts = {"name": one.get("name", ""), "phone": one.get("contact", ""), "remark": one.get("owed", "")}
        faults += [
            replace(fault, field=f"{number}.{fault.field}")
            for fault in text_faults(texts, required=("name",))
        ]
        if not 0 <= int(one.get("amount") or 0) < 10**14:
            faults.append(FieldFault(f"{number}.amount", "closure.recipient-amount"))
    if not people or len(people) > MOST:
        faults.append(FieldFault("people", "closure.recipients-count", {"most": MOST}))
    refuse(faults)
    rows = Recipient.objects.bulk_create(
        Recipient(
            task=row, organisation_id=row.organisation_id, name=str(one["name"]).strip(),
            contact=str(one.get("contact", "")).strip(), owed=str(one.get("owed", "")).strip(),
            amount=int(one.get("amount") or 0),
        )
        for one in people
    )  # fmt: skip
    changed = [] if row.owed else [(row, ["owed"])]
    if changed:
        row.owed, row.revision = True, row.revision + 1
        row.save(update_fields=["owed", "revision"])
    record(actor=filed(actor, row.organisation_id), action="recipient.add", created=rows, changed=changed)
    return rows


@transaction.atomic
def draw_recipients(task: Task, *, size: int, seed: str, actor: Actor) -> list[Recipient]:
    """Draw who is asked, by a seed that was said in public (core.sampling); who was drawn before stays drawn.

    :raises Invalid: without a seed or with a size that the list has not.
    """
    row = locked(task)
    require_one(MAY["ask"], actor, row.organisation_id)
    require_other_unit(row, actor)
    people = list(Recipient.objects.select_for_update().filter(task=row, withdrawn=False).order_by("pk"))
    faults = []
    if not seed.strip() or len(seed) > LONGEST_SEED:
        faults.append(FieldFault("seed", "closure.seed-missing", {"most": LONGEST_SEED}))
    if not 1 <= size <= len(people):
        faults.append(FieldFault("size", "closure.sample-size", {"count": len(people)}))
    refuse(faults)
    drawn = {
        ticket.item.id
        for ticket in draw([Item(str(one.pk)) for one in people], seed=seed.strip(), size=size).drawn
    }
    rows = [one for one in people if str(one.pk) in drawn and not one.sampled]
    Recipient.objects.filter(pk__in=[one.pk for one in rows]).update(sampled=True)
    for one in rows:
        one.sampled = True
    record(
        actor=filed(actor, row.organisation_id), action="recipient.draw",
        changed=[(one, ["sampled"]) for one in rows], reason=seed.strip(),
    )  # fmt: skip
    return [one for one in people if one.sampled]


@transaction.atomic
def answer_recipient(
    recipient: Recipient,
    *,
    confirmed: bool | None,
    how: str,
    note: str = "",
    asked_on: date | None = None,
    actor: Actor,
) -> Recipient:
    """Write what somebody who was drawn said: got it or not; by the supervision office, not of the unit.

    :raises Conflict: when the person was not drawn, or the claim is already closed on that answer.
    """
    row = locked(recipient)
    require_one(MAY["ask"], actor, row.organisation_id)
    task = locked(Task.objects.get(pk=row.task_id))
    require_other_unit(task, actor)
    if not row.sampled:
        raise Conflict("closure.recipient-not-drawn")
    faults = [replace(fault, field="note") for fault in text_faults({"remark": note})]
    if confirmed is None:
        faults.append(FieldFault("confirmed", "closure.recipient-answer"))
    if how not in HOW:
        faults.append(FieldFault("how", "closure.recipient-how"))
    day = asked_on or actor.today
    if day > actor.today:
        faults.append(FieldFault("asked_on", "closure.day-ahead", {"day": day.isoformat()}))
    refuse(faults)
    values = {
        "confirmed": confirmed,
        "how": how,
        "note": note.strip(),
        "asked_on": day,
        "asked_by_id": actor.user_id,
    }
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*values, "revision"])
    record(actor=filed(actor, row.organisation_id), action="recipient.answer", changed=[(row, [*values])])
    return row


@transaction.atomic
def withdraw_recipient(recipient: Recipient, *, reason: str, actor: Actor) -> Recipient:
    """Strike somebody who was named by mistake, with the reason; never one who was drawn.

    :raises Conflict: for one who was drawn.
    """
    row = locked(recipient)
    task = locked(Task.objects.get(pk=row.task_id))
    require_one(MAY["name"], actor, task.unit_id or task.organisation_id)
    if row.sampled:
        raise Conflict("closure.recipient-drawn")
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    row.withdrawn, row.revision = True, row.revision + 1
    row.save(update_fields=["withdrawn", "revision"])
    record(
        actor=filed(actor, row.organisation_id), action="recipient.withdraw", changed=[(row, ["withdrawn"])],
        reason=reason,
    )  # fmt: skip
    return row


def _not_on_its_way(task: Task) -> None:
    """Let pass a task of which no claim is on its way: the list of who is owed would change under it.

    :raises Conflict: otherwise.
    """
    if Closure.objects.filter(task=task, live=True).exists():
        raise Conflict("closure.already-claimed", number=task.number)


def require_other_unit(task: Task, actor: Actor) -> None:
    """Let pass who does not belong to the task's unit.

    :raises NotAllowed: otherwise.
    """
    if actor.user_id is None:
        raise NotAllowed("closure.console")
    if task.unit_id in own_units((actor.user_id,), actor.today)[actor.user_id]:
        raise NotAllowed("closure.own-unit", number=task.number)
