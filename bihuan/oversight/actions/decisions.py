"""What a dispatch or meeting decided: written down, laid before the group, answered, done, withdrawn."""

from datetime import date

from django.db import transaction
from django.db.models import Max

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.meetings import ANSWERS, CANCELLED, decision_faults, text_faults
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.core.register import FieldFault
from bihuan.findings.actions.saving import filed, refuse
from bihuan.orgs.models import User
from bihuan.oversight.actions.saving import (
    Sitting,
    Values,
    change,
    locked,
    needed,
    reference_faults,
)
from bihuan.oversight.actions.telling import tell_decision
from bihuan.oversight.models import Decision, Dispatch
from bihuan.oversight.queries.doors import acting

EDITABLE = (
    "text", "unit_id", "person_id", "person_name", "task_id", "due_on", "note", "advice", "asked",
)  # fmt: skip


@transaction.atomic
def add_decision(sitting: Sitting, values: Values, *, actor: Actor) -> Decision:
    """Write down a decision, or with ``asked`` a question for the leading group, after the last one.

    :raises Invalid: with every fault.
    """
    by = acting("write", actor, sitting.organisation_id)
    held = locked(sitting)
    if held.state == CANCELLED:
        raise NotAllowed("oversight.sitting-cancelled")
    _refuse(values, held, by)
    last = held.decisions.aggregate(last=Max("position"))["last"] or 0
    kept = {name: value for name, value in values.items() if name in EDITABLE}
    row = Decision.objects.create(
        organisation_id=held.organisation_id,
        dispatch=held if isinstance(held, Dispatch) else None,
        meeting=None if isinstance(held, Dispatch) else held,
        position=last + 1,
        **kept,
    )
    record(actor=filed(by, row.organisation_id), action="decision.create", created=[row])
    tell_decision(row, actor=by)
    return row


@transaction.atomic
def edit_decision(decision: Decision, values: Values, *, revision: int, actor: Actor) -> Decision:
    """Change a decision that is not done, refusals as of `add_decision`; the answer of the group is not changed here.

    :raises Overtaken: when somebody changed it since `revision`.
    """
    by = acting("write", actor, decision.organisation_id)
    row = locked(decision, revision=revision, values=values)
    _open(row)
    kept = {name: value for name, value in values.items() if name in EDITABLE}
    if row.answer and kept.get("text", row.text) != row.text:
        raise NotAllowed("oversight.decision-answered")
    _refuse({name: getattr(row, name) for name in EDITABLE} | kept, _sitting(row), by)
    return change(row, kept, action="decision.edit", actor=by)


@transaction.atomic
def answer_decision(
    decision: Decision,
    answer: str,
    *,
    text: str = "",
    answered_by: str = "",
    answered_on: date | None = None,
    actor: Actor,
) -> Decision:
    """Answer a question laid before the group: agreed, declined or changed (then `text` says how).

    A member of the leading group answers himself; the office registers what a member wrote on paper, naming him and
    the day.

    :raises Invalid: with every fault.
    :raises NotAllowed: when it was answered, is no question, or for anybody else.
    """
    row = locked(decision)
    faults = list(text_faults({"answer_text": text, "answered_by": answered_by}))
    by, own = _answering(row, actor)
    if not row.asked:
        raise NotAllowed("oversight.decision-not-asked")
    if row.answer:
        raise NotAllowed("oversight.decision-answered")
    if answer not in ANSWERS:
        faults.append(FieldFault("answer", "oversight.answer-unknown", {"value": answer[:20]}))
    if answer == "changed" and not text.strip():
        faults.append(FieldFault("answer_text", "oversight.answer-text"))
    if not own and not answered_by.strip():
        faults.append(FieldFault("answered_by", "oversight.answer-by"))
    day = (answered_on or by.today) if not own else by.today
    if day > by.today:
        faults.append(FieldFault("answered_on", "findings.done-in-future"))
    refuse(faults)
    name = _name(by) if own else answered_by.strip()
    values = {"answer": answer, "answer_text": text.strip(), "answered_by": name, "answered_on": day}
    return change(row, values, action="decision.answer", actor=by)


@transaction.atomic
def finish_decision(decision: Decision, *, done_on: date, note: str, actor: Actor) -> Decision:
    """Say on which day a decision was done, and what came of it; the office, or the unit that it was given to.

    :raises Invalid: for a day in the future, or without a word on what came of it.
    """
    row = locked(decision)
    by = finishing(row, actor)
    if row.withdrawn or (row.asked and row.answer in ("", "declined")):
        raise NotAllowed("oversight.decision-not-tracked")
    if row.done_on is not None:
        raise NotAllowed("oversight.decision-done")
    faults = list(text_faults({"note": note}, required=("note",)))
    if done_on > by.today:
        faults.append(FieldFault("done_on", "findings.done-in-future"))
    refuse(faults)
    return change(row, {"done_on": done_on, "note": note.strip()}, action="decision.finish", actor=by)


@transaction.atomic
def withdraw_decision(decision: Decision, *, reason: str, actor: Actor) -> Decision:
    """Mark a decision as withdrawn; it stays in the record."""
    by = acting("write", actor, decision.organisation_id)
    row = locked(decision)
    _open(row)
    return change(row, {"withdrawn": True}, action="decision.withdraw", actor=by, reason=needed(reason))


def _refuse(values: Values, sitting: Sitting, by: Actor) -> None:
    """Refuse faulty values; an owner by name stands in for a person without an account."""
    faults = decision_faults(values, held_on=sitting.held_on, today=by.today)
    refuse([*faults, *reference_faults(values, sitting.organisation_id)])


def _open(row: Decision) -> None:
    if row.withdrawn:
        raise NotAllowed("findings.withdrawn-row")
    if row.done_on is not None:
        raise NotAllowed("oversight.decision-done")


def _sitting(row: Decision) -> Sitting:
    sitting = row.dispatch or row.meeting
    if sitting is None:
        raise NotVisible("findings.not-found")
    return sitting


def _answering(row: Decision, actor: Actor) -> tuple[Actor, bool]:
    """Return who answers, and whether as a member of the group; else it is the office that registers a paper."""
    try:
        return acting("close", actor, row.organisation_id), True
    except NotAllowed as refused:
        try:
            return acting("write", actor, row.organisation_id), False
        except NotAllowed:
            raise refused from None


def finishing(row: Decision, actor: Actor) -> Actor:
    """Let pass whoever may say that a decision was done: its person, its unit, the office.

    :raises NotAllowed: for everybody else.
    """
    if row.person_id is not None and row.person_id == actor.user_id:
        return actor
    if row.unit_id is not None:
        try:
            return acting("report", actor, row.unit_id)
        except NotAllowed:
            pass
    return acting("write", actor, row.organisation_id)


def _name(by: Actor) -> str:
    return (
        User.objects.filter(pk=by.principal_id or by.user_id or 0).values_list("name", flat=True).first()
        or ""
    )
