"""Setting up a round, freezing its list, drawing from it, reporting on it.

list ─freeze→ digest told ─text agreed in public→ seed = text + digest ─draw once→ sample; each draw is kept and sealed
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.refusal import NotAllowed, Refused
from bihuan.core.register import FieldFault, text_faults
from bihuan.core.rounds import (
    FROZEN,
    FULL,
    HIGH,
    OPEN,
    ORDINARY,
    PREPARING,
    QUESTIONS,
    REPORTED,
    STRATA,
    round_faults,
)
from bihuan.core.sampling import Sample, bound_seed, draw, list_digest, ticket
from bihuan.findings.actions.saving import Overtaken, filed, lock_inspection, locked, refuse
from bihuan.findings.models import Inspection
from bihuan.oversight.models import Round, RoundCheck, RoundDraw, RoundItem
from bihuan.oversight.queries.rounds import candidates, listed, require_step

Values = Mapping[str, Any]
LONGEST_AGREED = 130
SETTABLE = ("kind", "title", "starts_on", "ends_on", "questions", "strata", "weights")


@transaction.atomic
def create_round(inspection: Inspection, values: Values, *, actor: Actor) -> Round:
    """Set up a round of a live inspection; it gets the next number.

    :raises Invalid: with every fault.
    :raises NotAllowed: for whoever may not lead a round of this kind, and for an archive.
    """
    held = lock_inspection(inspection.pk)
    given = {"questions": list(QUESTIONS), "strata": list(STRATA), "weights": {}, **values}
    refuse([*round_faults(given), *_strata_faults(given)])
    require_step(given["kind"], actor.user_id, held.organisation_id, actor.today)
    if held.mode != "live":
        raise NotAllowed("rounds.archive")
    last = Round.objects.filter(inspection=held).aggregate(last=Max("number"))["last"] or 0
    row = Round.objects.create(
        organisation_id=held.organisation_id,
        inspection=held,
        number=last + 1,
        made_by_id=actor.user_id or 0,
        created_at=actor.at,
        **given,
    )
    record(actor=filed(actor, row.organisation_id), action="round.create", created=[row])
    return row


@transaction.atomic
def edit_round(round_: Round, values: Values, *, revision: int, actor: Actor) -> Round:
    """Change a round whose list is not frozen yet.

    :raises Invalid: with every fault.
    :raises Overtaken: when somebody changed it since `revision`.
    """
    row = _held(round_, PREPARING, actor)
    if row.revision != revision:
        raise Overtaken(row, values)
    whole = {name: values.get(name, getattr(row, name)) for name in SETTABLE}
    refuse([*round_faults(whole), *_strata_faults(whole)])
    require_step(whole["kind"], actor.user_id, row.organisation_id, actor.today)
    return _save(row, whole, "round.edit", actor=actor)


@transaction.atomic
def freeze_list(round_: Round, *, actor: Actor) -> Round:
    """Freeze the list of a round as the register stands; a full round is open with it, every item to be looked at.

    :raises Refused: rounds.nothing-to-list.
    """
    lock_inspection(round_.inspection_id)
    row = _held(round_, PREPARING, actor)
    found = candidates(row.inspection_id, row.kind)
    if not found:
        raise Refused(f"rounds.nothing-to-list-{row.kind}")
    is_full = row.kind == FULL
    items = RoundItem.objects.bulk_create(
        RoundItem(
            round=row,
            task=one.task,
            label=one.task.number,
            position=place,
            unit_id=one.task.unit_id,
            unit_name=one.task.unit.name if one.task.unit else "",
            risk=one.risk,
            state=one.task.state,
            closure_id=one.closure_id,
            chosen=is_full,
        )
        for place, one in enumerate(found, 1)
    )
    digest = list_digest([one.item(row.strata) for one in found], strata=row.strata)
    values = {
        "digest": digest,
        "items": len(items),
        "state": OPEN if is_full else FROZEN,
        "size": len(items) if is_full else 0,
    }
    return _save(row, values, "round.freeze", actor=actor, created=items)


@transaction.atomic
def draw_sample(round_: Round, *, agreed: str, size: int, reason: str = "", actor: Actor) -> Round:
    """Draw the sample with the text agreed in public. Drawing once more needs a reason, another text, and no checks.

    :raises Invalid: with every fault.
    :raises Refused: as of `core.sampling.draw`.
    """
    row = locked(round_)
    _entitled(row, actor)
    if row.state not in (FROZEN, OPEN) or row.kind == FULL:
        raise NotAllowed("rounds.nothing-to-draw" if row.kind == FULL else f"rounds.state-{row.state}")
    agreed, reason = agreed.strip(), reason.strip()
    refuse(_draw_faults(row, agreed, reason))
    sample = draw(
        listed(row), seed=bound_seed(agreed, row.digest), size=size, strata=row.strata, weights=row.weights
    )
    if sample.digest != row.digest:
        raise NotAllowed("rounds.list-changed")
    made = RoundDraw.objects.create(
        round=row,
        number=row.drawn + 1,
        agreed=agreed,
        seed=sample.seed,
        size=size,
        labels=[one.item.id for one in sample.drawn],
        reason=reason,
        by_id=actor.user_id or 0,
        at=actor.at,
    )
    items = _numbered(row, sample)
    values = {"agreed": agreed, "seed": sample.seed, "size": size, "drawn": row.drawn + 1, "state": OPEN}
    changed = [(item, ("ticket", "rank", "chosen")) for item in items]
    return _save(row, values, "round.draw", actor=actor, created=[made], changed=changed, reason=reason)


@transaction.atomic
def report_round(round_: Round, *, conclusion: str, actor: Actor) -> Round:
    """Conclude a round; from then on nothing of it is changed.

    :raises Refused: rounds.left-open while an item is not looked at or not confirmed by both.
    """
    row = _held(round_, OPEN, actor)
    refuse(
        list(text_faults({"remark": conclusion}))
        or ([] if conclusion.strip() else [FieldFault("conclusion", "findings.required")])
    )
    chosen = RoundItem.objects.filter(round=row, chosen=True).count()
    standing = RoundCheck.objects.filter(
        item__round=row, item__chosen=True, current=True, first_at__isnull=False, second_at__isnull=False
    ).count()
    if standing < chosen:
        raise Refused("rounds.left-open", count=chosen - standing)
    values = {"conclusion": conclusion.strip(), "reported_on": actor.today, "state": REPORTED}
    return _save(row, values, "round.report", actor=actor)


@transaction.atomic
def withdraw_round(round_: Round, *, reason: str, actor: Actor) -> Round:
    """Withdraw a round in which nothing was looked at yet; it stays, marked.

    :raises Invalid: without a reason.
    """
    row = locked(round_)
    _entitled(row, actor)
    refuse([] if reason.strip() else [FieldFault("reason", "findings.required")])
    if RoundCheck.objects.filter(item__round=row).exists():
        raise NotAllowed("rounds.checked")
    return _save(row, {"withdrawn": True}, "round.withdraw", actor=actor, reason=reason.strip()[:500])


def _held(round_: Round, state: str, actor: Actor) -> Round:
    """Return the round, locked, in this state and this person's to lead."""
    row = locked(round_)
    _entitled(row, actor)
    if row.state != state:
        raise NotAllowed(f"rounds.state-{row.state}")
    return row


def _entitled(row: Round, actor: Actor) -> None:
    require_step(row.kind, actor.user_id, row.organisation_id, actor.today)


def _save(row: Round, values: Values, action: str, *, actor: Actor, **more: Any) -> Round:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    others = more.pop("changed", ())
    record(actor=filed(actor, row.organisation_id), action=action, changed=[(row, changed), *others], **more)
    return row


def _strata_faults(values: Values) -> list[FieldFault]:
    strata, weights = values["strata"], values["weights"]
    faults = []
    if any(one not in STRATA for one in strata) or len(set(strata)) < len(strata):
        faults.append(FieldFault("strata", "rounds.strata", {"known": "、".join(STRATA)}))
    for value, weight in weights.items():
        if value not in (HIGH, ORDINARY) or type(weight) is not int or not 1 <= weight <= 100:
            faults.append(FieldFault("weights", "rounds.weight", {"value": str(value)[:20]}))
    return faults


def _draw_faults(row: Round, agreed: str, reason: str) -> list[FieldFault]:
    faults = []
    if not agreed or len(agreed) > LONGEST_AGREED or not agreed.isprintable():
        faults.append(FieldFault("agreed", "rounds.agreed", {"longest": LONGEST_AGREED}))
    if row.state != OPEN:
        return faults
    if not reason or len(reason) > 500:
        faults.append(FieldFault("reason", "rounds.redraw-reason"))
    if row.draws.filter(agreed=agreed).exists():
        faults.append(FieldFault("agreed", "rounds.same-seed"))
    if RoundCheck.objects.filter(item__round=row).exists():
        faults.append(FieldFault("agreed", "rounds.checked"))
    return faults


def _numbered(row: Round, sample: Sample) -> list[RoundItem]:
    """Write ticket, rank and whether it was drawn to every item; return the items that changed. Two statements."""
    tickets = {one.item.id: one for one in sample.tickets}
    drawn = {one.item.id for one in sample.drawn}
    items = list(RoundItem.objects.select_for_update().filter(round=row).order_by("position"))
    for item in items:
        one = tickets[item.label]
        item.ticket, item.rank, item.chosen = ticket(sample.seed, item.label), one.rank, item.label in drawn
    RoundItem.objects.bulk_update(items, ["ticket", "rank", "chosen"], batch_size=500)
    return items
