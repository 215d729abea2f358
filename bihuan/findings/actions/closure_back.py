"""The ways back: a claim returned with a coded reason, withdrawn by who made it, a closed task reopened.

All or none, set-based, as the steps forward (`closure`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db import transaction
from django.db.models import F, Model

from bihuan.audit.actor import Actor
from bihuan.core.closure import DONE, STEPS, Hand, Judgement
from bihuan.core.closure_judging import judge_return
from bihuan.core.findings import DOING, END_STATES
from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault
from bihuan.findings.actions.closure import MOST, StepRefused, of_one_organisation, restated, seal_steps
from bihuan.findings.actions.telling import tell_return
from bihuan.findings.models import Closure, ClosureReturn, Evidence, EvidenceNeed, Reopening, Task
from bihuan.findings.queries.closing import Standing, hands, standings

Changes = list[tuple[Model, Collection[str]]]


@dataclass(frozen=True, slots=True)
class Return:
    """Why a claim goes back: a code of RETURN_REASONS, what failed (evidence, checklist line or measure), a note.

    `to`: the stage it goes back to, empty for the unit.
    """

    reason: str
    note: str = ""
    evidence_id: int | None = None
    need_id: int | None = None
    measure: str = ""
    to: str = ""

    @property
    def named(self) -> bool:
        """Tell whether something is named that failed."""
        return self.evidence_id is not None or self.need_id is not None or bool(self.measure.strip())


@transaction.atomic
def give_back(ids: Collection[int], given: Return, *, actor: Actor) -> list[ClosureReturn]:
    """Return claims to the unit, or by one step. What was closed and is returned by the superior opens again.

    :raises StepRefused: with every reason by task; nothing is written.
    """
    found = _found(ids)
    strange = _strange(found, given)
    judged = _judge("return", found, given, actor, more=strange)
    rows = ClosureReturn.objects.bulk_create(
        ClosureReturn(
            closure=one.closure,
            organisation_id=one.task.organisation_id,
            task=one.task,
            from_stage=one.case.stage,
            to_stage=given.to or "unit",
            reason=given.reason,
            evidence_id=given.evidence_id,
            need_id=given.need_id,
            measure=given.measure,
            note=given.note,
            by_id=actor.user_id,
            principal_id=verdict.principal,
            on=actor.today,
            at=actor.at,
        )
        for one, verdict in judged
    )
    changed = _sent_back([one.closure for one, _ in judged if one.closure], given.to)
    made, more = _opened([one.task for one, _ in judged if one.task.state in END_STATES], actor)
    changed += more
    if not given.to:
        changed += _freed([one.task.pk for one, _ in judged])
    seal_steps(actor, "closure.return", judged, created=[*rows, *made], changed=changed, reason=given.note)
    tell_return([one.task for one, _ in judged], reason=given.reason, to=given.to, actor=actor)
    return rows


@transaction.atomic
def withdraw_claim(ids: Collection[int], *, reason: str = "", actor: Actor) -> list[Closure]:
    """Take claims back before they are signed; the attempt stays, marked.

    :raises StepRefused: with every reason by task; nothing is written.
    """
    found = _found(ids)
    judged = _judge("withdraw", found, Return(""), actor)
    closures = [one.closure for one, _ in judged if one.closure]
    Closure.objects.filter(pk__in=[row.pk for row in closures]).update(
        stage="withdrawn", live=False, revision=F("revision") + 1
    )
    for row in closures:
        row.stage, row.live = "withdrawn", False
    changed: Changes = [(row, ("stage", "live")) for row in closures]
    seal_steps(actor, "closure.withdraw", judged, created=[], changed=changed, reason=reason)
    return closures


@transaction.atomic
def reopen(
    ids: Collection[int], *, reason: str, note: str, source: str = "", actor: Actor
) -> list[Reopening]:
    """Take up closed tasks again: a re-check failed, a problem came back, the superior or a mistake demands it.

    :raises StepRefused: with every reason by task; nothing is written.
    """
    found = _found(ids)
    missing = {one.task.pk: [FieldFault("note", "closure.note-missing")] for one in found if not note.strip()}
    judged = _judge("reopen", found, Return(reason), actor, more=missing)
    rows = Reopening.objects.bulk_create(
        Reopening(
            closure=one.closure,
            organisation_id=one.task.organisation_id,
            task=one.task,
            reason=reason,
            note=note,
            source=source,
            by_id=actor.user_id,
            principal_id=verdict.principal,
            on=actor.today,
            at=actor.at,
        )
        for one, verdict in judged
    )
    closures = [one.closure for one, _ in judged if one.closure]
    Closure.objects.filter(pk__in=[row.pk for row in closures]).update(
        stage="reopened", live=False, revision=F("revision") + 1
    )
    for row in closures:
        row.stage, row.live = "reopened", False
    changed: Changes = [(row, ("stage", "live")) for row in closures]
    made, more = _opened([one.task for one, _ in judged], actor)
    changed += [*more, *_freed([one.task.pk for one, _ in judged])]
    seal_steps(actor, "closure.reopen", judged, created=[*rows, *made], changed=changed, reason=note)
    tell_return([one.task for one, _ in judged], reason=reason, actor=actor)
    return rows


def _found(ids: Collection[int]) -> list[Standing]:
    if len(set(ids)) > MOST:
        raise Refused("closure.too-many", most=MOST)
    found = standings(ids, locked=True)
    of_one_organisation([one.task for one in found])
    return found


def _judge(
    step: str,
    found: Sequence[Standing],
    given: Return,
    actor: Actor,
    *,
    more: Mapping[int, Sequence[FieldFault]] = MappingProxyType({}),
) -> list[tuple[Standing, Judgement]]:
    held = hands(actor.user_id, [one.task for one in found], step=step, today=actor.today)
    judged: list[tuple[Standing, Judgement]] = []
    refused: list[tuple[Task, Sequence[FieldFault]]] = []
    for one in found:
        hand: Hand = held[one.task.pk]
        verdict = judge_return(step, one.case, hand, to=given.to, reason=given.reason, named=given.named)
        faults = [*verdict.faults, *more.get(one.task.pk, ())]
        if faults:
            refused.append((one.task, faults))
        else:
            judged.append((one, verdict))
    if refused:
        raise StepRefused(refused)
    return judged


def _strange(found: Sequence[Standing], given: Return) -> dict[int, list[FieldFault]]:
    """Return a fault for each task to which the named evidence or checklist line does not belong."""
    fault = FieldFault("measure", "closure.reason-elsewhere")
    owners: set[int] = {one.task.pk for one in found}
    if given.evidence_id is not None:
        owners &= set(Evidence.objects.filter(pk=given.evidence_id).values_list("task_id", flat=True))
    if given.need_id is not None:
        owners &= set(EvidenceNeed.objects.filter(pk=given.need_id).values_list("task_id", flat=True))
    return {one.task.pk: [fault] for one in found if one.task.pk not in owners}


def _sent_back(closures: Sequence[Closure], to: str) -> Changes:
    """Write where claims went back to; a step that is to be taken again is emptied, its return and events keep it."""
    values: dict[str, object] = {"stage": to, "live": True} if to else {"stage": "returned", "live": False}
    if to:
        emptied = STEPS[[DONE[step] for step in STEPS].index(to) + 1]
        for part in ("by_id", "for_id", "on", "at"):
            values[f"{DONE[emptied]}_{part}"] = None
        values[f"{DONE[emptied]}_via"] = ""
        if DONE[emptied] == "verified":
            values |= {"sufficient": None, "appropriate": None, "verify_note": ""}
    Closure.objects.filter(pk__in=[row.pk for row in closures]).update(**values, revision=F("revision") + 1)
    for row in closures:
        for name, value in values.items():
            setattr(row, name, value)
    return [(row, tuple(values)) for row in closures]


def _opened(tasks: Sequence[Task], actor: Actor) -> tuple[list[Model], Changes]:
    return restated(tasks, actor, {task.pk: DOING for task in tasks}) if tasks else ([], [])


def _freed(tasks: Sequence[int]) -> Changes:
    """Let the unit revise its evidence again; what was accepted stays in the record."""
    rows = list(Evidence.objects.select_for_update().filter(task__in=tasks, current=True, accepted=True))
    Evidence.objects.filter(pk__in=[row.pk for row in rows]).update(
        accepted=False, revision=F("revision") + 1
    )
    for row in rows:
        row.accepted = False
    return [(row, ("accepted",)) for row in rows]
