"""Waiting for an outside body: the letter and until when a reply is due ─begin→ the task waits ─reply→ it goes on."""

from datetime import date

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.findings import DOING, OPEN_STATES, WAITING
from bihuan.core.refusal import NotAllowed
from bihuan.core.register import FieldFault, text_faults
from bihuan.findings.actions.plan_hands import filling, hand
from bihuan.findings.actions.saving import Values, locked, refuse
from bihuan.findings.actions.states import set_state
from bihuan.findings.models import OutsideWait, Task


@transaction.atomic
def begin_wait(task: Task, values: Values, *, actor: Actor) -> OutsideWait:
    """Register a letter to an outside body; the task waits from today on.

    `values`: body, matter, letter, sent_on, reply_due_on.

    :raises Invalid: with every fault.
    :raises NotAllowed: when the task has ended, or is not the actor's to fill in.
    """
    held = locked(task)
    actor = hand(actor, filling(held), organisation_id=held.organisation_id)
    if held.state not in OPEN_STATES:
        raise NotAllowed("findings.task-ended")
    faults = list(text_faults(values, required=("body", "matter", "sent_on", "reply_due_on")))
    sent, due = values.get("sent_on"), values.get("reply_due_on")
    if sent is not None and sent > actor.today:
        faults.append(FieldFault("sent_on", "plan.wait-future", {"day": sent.isoformat()}))
    if sent is not None and due is not None and due < sent:
        params = {"due": due.isoformat(), "sent": sent.isoformat()}
        faults.append(FieldFault("reply_due_on", "plan.wait-order", params))
    refuse(faults)
    same = {name: values.get(name) or "" for name in ("body", "letter", "matter")}
    if held.waits.filter(withdrawn=False, replied_on=None, **same).exists():
        refuse([FieldFault("letter", "plan.wait-there", {"body": same["body"]})])
    wait = OutsideWait.objects.create(task=held, organisation_id=held.organisation_id, **values)
    record(actor=actor, action="outside_wait.create", created=[wait])
    if held.state != WAITING:
        set_state(held, WAITING, revision=held.revision, actor=actor)
    return wait


@transaction.atomic
def reply_wait(wait: OutsideWait, *, replied_on: date, reply: str, actor: Actor) -> OutsideWait:
    """Register the reply; when nothing else is waited for, the task is in progress again.

    :raises Invalid: with every fault.
    """
    task, row, actor = _opened(wait, actor)
    faults = list(text_faults({"reply": reply}, required=("reply",)))
    if replied_on > actor.today:
        faults.append(FieldFault("replied_on", "plan.done-future", {"day": replied_on.isoformat()}))
    if replied_on < row.sent_on:
        params = {"day": replied_on.isoformat(), "sent": row.sent_on.isoformat()}
        faults.append(FieldFault("replied_on", "plan.reply-early", params))
    refuse(faults)
    row.replied_on, row.reply, row.revision = replied_on, reply.strip(), row.revision + 1
    row.save(update_fields=["replied_on", "reply", "revision"])
    record(actor=actor, action="outside_wait.reply", changed=[(row, ["replied_on", "reply"])])
    _go_on(task, actor)
    return row


@transaction.atomic
def withdraw_wait(wait: OutsideWait, *, reason: str, actor: Actor) -> OutsideWait:
    """Mark a letter as registered by mistake.

    :raises Invalid: without a reason.
    """
    task, row, actor = _opened(wait, actor)
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    row.withdrawn, row.revision = True, row.revision + 1
    row.save(update_fields=["withdrawn", "revision"])
    record(actor=actor, action="outside_wait.withdraw", changed=[(row, ["withdrawn"])], reason=reason.strip())
    _go_on(task, actor)
    return row


def _opened(wait: OutsideWait, actor: Actor) -> tuple[Task, OutsideWait, Actor]:
    task = locked(wait.task)
    row = locked(wait)
    actor = hand(actor, filling(task), organisation_id=task.organisation_id)
    if row.replied_on is not None:
        raise NotAllowed("plan.wait-replied")
    return task, row, actor


def _go_on(task: Task, actor: Actor) -> None:
    if task.state == WAITING and not task.waits.filter(withdrawn=False, replied_on=None).exists():
        set_state(task, DOING, revision=task.revision, actor=actor)
