"""Slips and letters: drafted, issued under the next number of kind and year, delivered, closed, made void.

A person issues every one, singly or a few that the ladder proposes at once; the machine never does.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.letters import (
    CLOSED,
    DELIVERED,
    DRAFT,
    ISSUED,
    KINDS,
    VOID,
    WAYS,
    letter_faults,
    may_become,
    usual_text,
)
from bihuan.core.meetings import text_faults
from bihuan.core.refusal import Conflict, NotAllowed
from bihuan.core.register import FieldFault
from bihuan.findings.actions.saving import Invalid, filed, refuse
from bihuan.findings.models import Task
from bihuan.orgs.models import Unit
from bihuan.oversight.actions.numbering import next_number
from bihuan.oversight.actions.saving import Values, change, in_state, locked, needed, reference_faults
from bihuan.oversight.actions.telling import tell_letter
from bihuan.oversight.models import Letter, LetterTask
from bihuan.oversight.queries.doors import acting, issuing
from bihuan.oversight.queries.letters import Proposal, proposals, subject

EDITABLE = (
    "kind", "unit_id", "inspection_id", "addressee", "copies", "title", "text", "basis", "signer", "reply_due_on",
)  # fmt: skip
MOST_TASKS = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """To whom a letter was handed, when, and how (one of core.letters.WAYS)."""

    on: date
    to: str
    how: str


@transaction.atomic
def draft_letter(
    organisation: Unit, values: Values, *, task_ids: Collection[int] = (), actor: Actor
) -> Letter:
    """Draft a letter to a unit about some tasks or none; it has no number yet.

    :raises Invalid: with every fault.
    :raises NotAllowed: for whoever does not issue letters of this kind.
    """
    kind = str(values.get("kind") or "")
    if kind not in KINDS:
        raise Invalid([FieldFault("kind", "oversight.letter-kind", {"value": kind[:30]})])
    by = acting(KINDS[kind].step, actor, organisation.pk)
    _refuse(values, organisation.pk, by)
    tasks = _tasks(organisation.pk, task_ids)
    row = Letter.objects.create(
        organisation=organisation,
        drafted_by_id=by.user_id,
        created_at=by.at,
        **{name: value for name, value in values.items() if name in EDITABLE},
    )
    subjects = _subjects(row, tasks)
    record(actor=filed(by, organisation.pk), action="letter.draft", created=[row, *subjects])
    return row


@transaction.atomic
def edit_letter(letter: Letter, values: Values, *, revision: int, actor: Actor) -> Letter:
    """Change a draft; once issued a letter is never changed.

    :raises Invalid: with every fault.
    :raises Overtaken: when somebody changed it since `revision`.
    """
    issuing(letter, actor)
    row = locked(letter, revision=revision, values=values)
    in_state(row, (DRAFT,), "oversight.letter-issued")
    kept = {name: value for name, value in values.items() if name in EDITABLE}
    whole = {name: getattr(row, name) for name in EDITABLE} | kept
    if whole["kind"] not in KINDS:
        refuse([FieldFault("kind", "oversight.letter-kind", {"value": str(whole["kind"])[:30]})])
    by = acting(KINDS[str(whole["kind"])].step, actor, row.organisation_id)
    _refuse(whole, row.organisation_id, by)
    return change(row, kept, action="letter.edit", actor=by)


@transaction.atomic
def issue_letter(letter: Letter, *, actor: Actor) -> Letter:
    """Issue a draft under the next number of its kind and this year, and tell the unit.

    :raises Invalid: when a reply is due before today.
    :raises NotAllowed: when it was issued already.
    """
    by = issuing(letter, actor)
    row = locked(letter)
    in_state(row, (DRAFT,), "oversight.letter-issued")
    _refuse({name: getattr(row, name) for name in EDITABLE}, row.organisation_id, by)
    number = next_number(row.organisation_id, f"letter-{row.kind}", year=by.today.year)
    values = {
        "state": ISSUED, "year": by.today.year, "number": number, "issued_on": by.today, "issued_by_id": by.user_id,
    }  # fmt: skip
    issued = change(row, values, action="letter.issue", actor=by)
    tell_letter(issued, (), actor=by)
    return issued


@transaction.atomic
def issue_proposed(organisation: Unit, keys: Collection[str], *, actor: Actor) -> list[Letter]:
    """Issue the slips that the ladder proposes today under these keys (unit:rung), all or none.

    :raises Conflict: ``oversight.proposal-gone`` when one is no longer proposed (somebody issued it, a task ended).
    :raises NotAllowed: for whoever does not hold supervision.
    """
    by = acting("supervise", actor, organisation.pk)
    refuse([] if keys else [FieldFault("keys", "oversight.nothing-chosen")])
    Unit.objects.select_for_update().get(pk=organisation.pk)
    due = {one.key: one for one in proposals(organisation, by.today) if one.tasks}
    if gone := [key for key in keys if key not in due]:
        raise Conflict("oversight.proposal-gone", count=len(gone))
    chosen = [due[key] for key in dict.fromkeys(keys)]
    letters = [_slip(organisation, one, by) for one in chosen]
    subjects = [
        row for letter, one in zip(letters, chosen, strict=True) for row in _subjects(letter, one.tasks)
    ]
    record(actor=filed(by, organisation.pk), action="letter.issue", created=[*letters, *subjects])
    for letter, one in zip(letters, chosen, strict=True):
        tell_letter(letter, one.rung.to, actor=by)
    return letters


@transaction.atomic
def deliver_letter(letter: Letter, delivery: Delivery, *, actor: Actor) -> Letter:
    """Write down to whom an issued letter was handed, when and how.

    :raises Invalid: with every fault.
    """
    by = issuing(letter, actor)
    row = locked(letter)
    _follows(row, DELIVERED)
    faults = list(text_faults({"delivered_to": delivery.to}, required=("delivered_to",)))
    if delivery.how not in WAYS:
        faults.append(FieldFault("delivered_how", "oversight.way-unknown", {"value": delivery.how[:20]}))
    if row.issued_on is not None and not row.issued_on <= delivery.on <= by.today:
        faults.append(
            FieldFault("delivered_on", "oversight.delivered-when", {"issued": row.issued_on.isoformat()})
        )
    refuse(faults)
    values = {
        "state": DELIVERED, "delivered_on": delivery.on, "delivered_to": delivery.to.strip(),
        "delivered_how": delivery.how,
    }  # fmt: skip
    return change(row, values, action="letter.deliver", actor=by)


@transaction.atomic
def close_letter(letter: Letter, *, note: str = "", actor: Actor) -> Letter:
    """Close a letter: what it asked for was answered, or (with a note why) needs no answer.

    :raises Invalid: without a note when a reply is due and none stands.
    """
    by = issuing(letter, actor)
    row = locked(letter)
    _follows(row, CLOSED)
    answered = row.replies.exclude(taken=False).exists()
    if row.reply_due_on is not None and not answered and not note.strip():
        refuse([FieldFault("note", "oversight.close-note")])
    refuse(list(text_faults({"note": note})))
    values: dict[str, Any] = {"state": CLOSED, "closed_on": by.today}
    if note.strip():
        values["note"] = note.strip()
    return change(row, values, action="letter.close", actor=by)


@transaction.atomic
def void_letter(letter: Letter, *, reason: str, actor: Actor) -> Letter:
    """Make an issued letter void; its number stays taken and the ladder may propose its slip again."""
    by = issuing(letter, actor)
    row = locked(letter)
    if row.state == DRAFT:
        raise NotAllowed("oversight.letter-draft")
    _follows(row, VOID)
    return change(row, {"state": VOID}, action="letter.void", actor=by, reason=needed(reason))


def _follows(row: Letter, state: str) -> None:
    if row.state == DRAFT:
        raise NotAllowed("oversight.letter-draft")
    if not may_become(row.state, state):
        raise NotAllowed("oversight.letter-ended")


def _refuse(values: Values, organisation_id: int, by: Actor) -> None:
    faults = [*letter_faults(values, today=by.today), *reference_faults(values, organisation_id)]
    if not values.get("unit_id"):
        faults.append(FieldFault("unit_id", "findings.required"))
    refuse(faults)


def _tasks(organisation_id: int, ids: Collection[int]) -> list[Task]:
    rows = list(
        Task.objects.filter(pk__in=ids, organisation_id=organisation_id, withdrawn=False).order_by("pk")[
            : MOST_TASKS + 1
        ]
    )
    if len(rows) != len(set(ids)) or len(rows) > MOST_TASKS:
        refuse([FieldFault("tasks", "oversight.task-outside")])
    return rows


def _subjects(letter: Letter, tasks: Iterable[Task]) -> list[LetterTask]:
    return LetterTask.objects.bulk_create(
        LetterTask(letter=letter, task=task, due_on=task.due_on) for task in tasks
    )


def _slip(organisation: Unit, one: Proposal, by: Actor) -> Letter:
    """Make an issued slip of what the ladder proposes, in its usual words."""
    kind = KINDS[one.rung.kind]
    inspections = {task.inspection_id for task in one.tasks}
    lines = tuple(subject(task, task.due_on, by.today) for task in one.tasks)
    return Letter.objects.create(
        organisation=organisation,
        inspection_id=inspections.pop() if len(inspections) == 1 else None,
        kind=kind.key,
        year=by.today.year,
        number=next_number(organisation.pk, f"letter-{kind.key}", year=by.today.year),
        unit_id=one.unit_id,
        addressee=f"{one.unit}：",
        copies=_copies(one),
        title=kind.name,
        text=usual_text(
            kind.key, lines, as_of=by.today.isoformat(), reply_due_on=one.reply_due_on.isoformat()
        ),
        rung=one.rung.key,
        state=ISSUED,
        drafted_by_id=by.user_id,
        issued_by_id=by.user_id,
        issued_on=by.today,
        reply_due_on=one.reply_due_on,
        created_at=by.at,
    )


def _copies(one: Proposal) -> str:
    """Return to whom the slip goes besides the unit: the lead leaders by name, the leading group."""
    leaders = sorted({task.leader for task in one.tasks if task.leader}) if "leader" in one.rung.to else []
    group = ["整改工作领导小组"] if "leading_group" in one.rung.to else []
    return "，".join([*leaders, *group])[:300]
