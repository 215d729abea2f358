"""Opinions on a plan: given by a unit or registered for an outside body, then adopted or declined with a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core import plans
from bihuan.core.refusal import NotAllowed
from bihuan.core.register import FieldFault, text_faults
from bihuan.findings.actions.plan_hands import hand
from bihuan.findings.actions.saving import Values, lock_inspection, locked, refuse, unit_fault
from bihuan.findings.models import Plan, PlanOpinion

#: What says that there is nothing to say; it needs no answer.
NOTHING = frozenset({"无", "无意见", "没有意见", "同意", "无修改意见", "无不同意见"})
HEARD = (plans.OPINIONS, plans.REVIEW)


@transaction.atomic
def give_opinion(plan: Plan, values: Values, *, actor: Actor) -> PlanOpinion:
    """Give one's unit's opinion on an item or the whole, or register that of an outside body (office only).

    `values`: unit_id or body; item as ``task:5``, ``problem:3`` or empty; text; received_on (today unless given).

    :raises NotAllowed: when the plan is not out for opinions, or the unit is not the actor's to speak for.
    :raises Invalid: with every fault.
    """
    return give_opinions(plan, [values], actor=actor)[0]


@transaction.atomic
def give_opinions(
    plan: Plan, many: Sequence[Values], *, actor: Actor, file_id: int | None = None
) -> list[PlanOpinion]:
    """Register opinions, all or none; refusals as of `give_opinion`. `file_id`: the sheet on which they came."""
    held = lock_inspection(plan.inspection_id)
    row = locked(plan)
    actor = _speaking(row, many, actor)
    if row.state not in HEARD:
        raise NotAllowed("plan.not-open")
    items = {item.key: item for item in plans.thawed(row.content)}
    there: set[tuple[object, ...]] = set(
        PlanOpinion.objects.filter(plan__inspection_id=held.pk, withdrawn=False).values_list(
            "plan_id", "unit_id", "body", "task_id", "problem_id", "text"
        )
    )
    made, faults = [], []
    for at, values in enumerate(many):
        opinion = _made(row, values, items, actor)
        opinion.file_id = file_id
        same = (row.pk, opinion.unit_id, opinion.body, opinion.task_id, opinion.problem_id, opinion.text)
        found = _faults(row, opinion, values, items, actor)
        found += [FieldFault("text", "plan.opinion-there")] if same in there else []
        there.add(same)
        prefix = f"{at}." if len(many) > 1 else ""
        faults += [FieldFault(f"{prefix}{fault.field}", fault.code, fault.params) for fault in found]
        made.append(opinion)
    refuse(faults)
    PlanOpinion.objects.bulk_create(made)
    record(actor=actor, action="plan_opinion.create", created=made)
    return made


@transaction.atomic
def answer_opinion(opinion: PlanOpinion, answer: str, *, text: str = "", actor: Actor) -> PlanOpinion:
    """Adopt an opinion, or decline it with a reason; it may be answered anew until the plan is approved.

    :raises Invalid: with every fault.
    """
    row, actor = _opened(opinion, actor)
    faults = list(text_faults({"answer_text": text}))
    if answer not in plans.ANSWERS:
        faults.append(FieldFault("answer", "plan.opinion-answer"))
    if answer == plans.DECLINED and not text.strip():
        faults.append(FieldFault("answer_text", "plan.opinion-reason"))
    refuse(faults)
    row.answer, row.answer_text = answer, text.strip()
    row.answered_by_id, row.answered_on, row.revision = actor.user_id, actor.today, row.revision + 1
    sealed = ["answer", "answer_text", "answered_by_id", "answered_on"]
    row.save(update_fields=["answer", "answer_text", "answered_by", "answered_on", "revision"])
    record(actor=actor, action="plan_opinion.answer", changed=[(row, sealed)])
    return row


@transaction.atomic
def withdraw_opinion(opinion: PlanOpinion, *, reason: str, actor: Actor) -> PlanOpinion:
    """Mark an opinion as registered by mistake; the office only.

    :raises Invalid: without a reason.
    """
    row, actor = _opened(opinion, actor)
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    row.withdrawn, row.revision = True, row.revision + 1
    row.save(update_fields=["withdrawn", "revision"])
    record(actor=actor, action="plan_opinion.withdraw", changed=[(row, ["withdrawn"])], reason=reason.strip())
    return row


def _speaking(plan: Plan, many: Sequence[Values], actor: Actor) -> Actor:
    """Return who acts; for an outside body, or several units at once, only the office speaks."""
    units = {values.get("unit_id") for values in many}
    places = [("write", plan.organisation_id)]
    unit = units.pop() if len(units) == 1 else None
    if unit and not unit_fault(unit, plan.organisation_id):
        places.append(("report", unit))
    return hand(actor, places, organisation_id=plan.organisation_id)


def _opened(opinion: PlanOpinion, actor: Actor) -> tuple[PlanOpinion, Actor]:
    held = lock_inspection(opinion.plan.inspection_id)
    row = PlanOpinion.objects.select_for_update().get(pk=opinion.pk)
    actor = hand(actor, [("write", held.organisation_id)], organisation_id=held.organisation_id)
    if row.withdrawn:
        raise NotAllowed("plan.opinion-withdrawn")
    if held.plans.filter(state=plans.APPROVED).exists():
        raise NotAllowed("plan.opinion-answered")
    return row, actor


def _made(plan: Plan, values: Values, items: Mapping[str, plans.Item], actor: Actor) -> PlanOpinion:
    item = items.get(str(values.get("item") or ""))
    text = str(values.get("text") or "").strip()
    nothing = text.rstrip("。") in NOTHING
    day = values.get("received_on") or actor.today
    return PlanOpinion(
        plan=plan,
        organisation_id=plan.organisation_id,
        unit_id=values.get("unit_id"),
        body="" if values.get("unit_id") else str(values.get("body") or "").strip(),
        item=str(item.fields.get("number", ""))[:40] if item else "",
        task_id=item.pk if item and item.kind == "task" else None,
        problem_id=item.pk if item and item.kind == "problem" else None,
        text=text,
        received_on=day,
        given_by_id=actor.user_id,
        answer=plans.ADOPTED if nothing else "",
        answered_on=day if nothing else None,
    )


def _faults(
    plan: Plan, opinion: PlanOpinion, values: Values, items: Mapping[str, plans.Item], actor: Actor
) -> list[FieldFault]:
    given: dict[str, Any] = {"text": opinion.text, "body": opinion.body}
    faults = [*text_faults(given, required=("text",)), *unit_fault(opinion.unit_id, plan.organisation_id)]
    if not opinion.unit_id and not opinion.body:
        faults.append(FieldFault("body", "plan.opinion-body"))
    if values.get("item") and values["item"] not in items:
        faults.append(FieldFault("item", "plan.opinion-item"))
    if opinion.received_on > actor.today:
        faults.append(FieldFault("received_on", "plan.done-future", {"day": opinion.received_on.isoformat()}))
    return faults
