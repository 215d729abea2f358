"""The five steps of closure and the ways back, for one task or many: all or none, each refusal named.

ids ─standings (locked)→ cases ─judge (each)→ one statement for the rows, one event a row
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import F, Model, OuterRef, Subquery

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.closure import ACCEPT, CLAIM, CLOSE, DONE, VERIFY, Answers, Claim, Hand, Judgement, Taking
from bihuan.core.closure_judging import judge
from bihuan.core.findings import DOING, TODO
from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault
from bihuan.findings.actions.saving import filed
from bihuan.findings.actions.states import move
from bihuan.findings.actions.telling import tell_step
from bihuan.findings.models import Closure, Evidence, Task
from bihuan.findings.queries.closing import Standing, hands, limits_of, standings

MOST = 500
#: HTTP status by what a refusal is about; the first fault of a task decides.
STATUS = MappingProxyType({"person": 403, "task": 409})
Refusals = Sequence[tuple[Task, Sequence[FieldFault]]]


class StepRefused(Refused):
    """A step is refused on one task or more, so it is taken on none; `refused` holds each with its faults."""

    def __init__(self, refused: Refusals) -> None:
        task, faults = refused[0]
        first = faults[0]
        if len(refused) == 1:
            super().__init__(first.code, **first.params)
        else:
            super().__init__("closure.not-together", count=len(refused), number=task.number)
        self.refused = tuple(refused)
        self.faults = tuple(faults)
        self.status = STATUS.get(first.field, 422)


@dataclass(frozen=True, slots=True)
class Given:
    """What is given with a step: the claim, the answers of the verifier, the meeting, how and on which day.

    `signer` took the step on paper and is judged in place of who records it.
    """

    claim: Claim | None = None
    answers: Answers | None = None
    note: str = ""
    meeting: str = ""
    via: str = "screen"
    on: date | None = None
    signer: int | None = None


def plan(
    step: str, ids: Collection[int], given: Given, *, actor: Actor, locked: bool = False
) -> tuple[list[tuple[Standing, Judgement]], Refusals]:
    """Return what taking `step` on these tasks would do, and what is refused with every reason. Constant queries."""
    found = standings(ids, meeting=given.meeting, locked=locked)
    person = given.signer or actor.user_id
    held = hands(person, [one.task for one in found], step=step, today=given.on or actor.today)
    return _judged(step, found, held, given, actor)


@transaction.atomic
def take(step: str, ids: Collection[int], given: Given, *, actor: Actor) -> list[Closure]:
    """Take `step` (claim, sign, verify, close, accept) on these tasks, all or none.

    :raises StepRefused: with every reason by task; nothing is written.
    """
    if len(set(ids)) > MOST:
        raise Refused("closure.too-many", most=MOST)
    judged, refused = plan(step, ids, given, actor=actor, locked=True)
    if refused:
        raise StepRefused(refused)
    of_one_organisation([one.task for one, _verdict in judged])
    if not judged:
        return []
    done = _claimed(judged, given, actor) if step == CLAIM else _moved(step, judged, given, actor)
    tell_step(step, [one.task for one, _verdict in judged], actor=actor)
    return done


def of_one_organisation(tasks: Sequence[Task]) -> None:
    """Let pass tasks of one organisation, for one act is filed in one record.

    :raises Refused: when they belong to several.
    """
    if len({task.organisation_id for task in tasks}) > 1:
        raise Refused("closure.several-organisations")


def _judged(
    step: str, found: Sequence[Standing], held: Mapping[int, Hand], given: Given, actor: Actor
) -> tuple[list[tuple[Standing, Judgement]], Refusals]:
    judged, refused = [], []
    limits = {pk: limits_of(pk, actor.today) for pk in {one.task.organisation_id for one in found}}
    for one in found:
        verdict = judge(
            step,
            one.case,
            held[one.task.pk],
            Taking(actor.today, given.on, given.claim, given.answers, limits[one.task.organisation_id]),
        )
        if verdict.faults:
            refused.append((one.task, verdict.faults))
        else:
            judged.append((one, verdict))
    return judged, refused


def _claimed(judged: Sequence[tuple[Standing, Judgement]], given: Given, actor: Actor) -> list[Closure]:
    """Write new attempts; what was not begun has begun with it."""
    if (claim := given.claim) is None:
        raise Refused("closure.end-state")
    made = Closure.objects.bulk_create(
        Closure(
            organisation_id=one.task.organisation_id,
            inspection_id=one.task.inspection_id,
            task=one.task,
            number=(one.closure.number if one.closure else 0) + 1,
            stage="claimed",
            end_state=claim.end_state,
            text=claim.text,
            left_over=claim.left_over,
            left_until=claim.left_until,
            failures=claim.failures,
            review_on=claim.review_on,
            **_taken(CLAIM, verdict, given, actor),
        )
        for one, verdict in judged
    )
    begun = [one.task for one, _verdict in judged if one.task.state == TODO]
    states = restated(begun, actor, {task.pk: DOING for task in begun}) if begun else ([], [])
    seal_steps(actor, "closure.claim", judged, created=[*made, *states[0]], changed=states[1])
    return made


def _moved(
    step: str, judged: Sequence[tuple[Standing, Judgement]], given: Given, actor: Actor
) -> list[Closure]:
    """Write one step on attempts on their way; closing ends their tasks, verifying fixes their evidence."""
    closures = [one.closure for one, _verdict in judged if one.closure is not None]
    fixed: dict[str, Any] = {"stage": DONE[step], "live": step not in (CLOSE, ACCEPT)}
    if step == VERIFY and given.answers is not None:
        fixed |= {
            "sufficient": given.answers.sufficient,
            "appropriate": given.answers.appropriate,
            "verify_note": given.note,
        }
    if step == CLOSE:
        fixed["meeting"] = given.meeting
    changed: list[tuple[Model, Collection[str]]] = []
    created: list[Model] = []
    by_principal: dict[int | None, list[Closure]] = {}
    for (_one, verdict), closure in zip(judged, closures, strict=True):
        by_principal.setdefault(verdict.principal, []).append(closure)
    for principal, rows in by_principal.items():
        values = fixed | _taken(step, Judgement(principal), given, actor)
        Closure.objects.filter(pk__in=[row.pk for row in rows]).update(**values, revision=F("revision") + 1)
        for row in rows:
            for name, value in values.items():
                setattr(row, name, value)
            changed.append((row, tuple(values)))
    if step == VERIFY:
        changed += _fixed_evidence([one.task.pk for one, _verdict in judged])
    if step == CLOSE:
        made, more = _ended(
            [(one.task, closure) for (one, _), closure in zip(judged, closures, strict=True)], actor
        )
        created += made
        changed += more
    seal_steps(actor, f"closure.{step}", judged, created=created, changed=changed)
    return closures


def _taken(step: str, verdict: Judgement, given: Given, actor: Actor) -> dict[str, Any]:
    done = DONE[step]
    return {
        f"{done}_by_id": given.signer or actor.user_id,
        f"{done}_for_id": verdict.principal,
        f"{done}_on": given.on or actor.today,
        f"{done}_at": actor.at,
        f"{done}_via": given.via,
    }


def _fixed_evidence(tasks: Sequence[int]) -> list[tuple[Model, Collection[str]]]:
    """Fix the evidence on which a verification rests: from now on it is revised by a new claim only."""
    rows = list(
        Evidence.objects.select_for_update().filter(
            task__in=tasks, current=True, accepted=False, withdrawn__in=(False,)
        )
    )
    Evidence.objects.filter(pk__in=[row.pk for row in rows]).update(accepted=True, revision=F("revision") + 1)
    for row in rows:
        row.accepted = True
    return [(row, ("accepted",)) for row in rows]


def _ended(
    pairs: Sequence[tuple[Task, Closure]], actor: Actor
) -> tuple[list[Model], list[tuple[Model, Collection[str]]]]:
    """Give tasks the end state that was claimed, from today on; set-based."""
    last = Closure.objects.filter(task=OuterRef("pk")).order_by("-number")
    names = ("left_until", "review_on")
    Task.objects.filter(pk__in=[task.pk for task, _closure in pairs]).update(
        state=Subquery(last.values("end_state")[:1]),
        **{name: Subquery(last.values(name)[:1]) for name in names},
        revision=F("revision") + 1,
    )
    for task, closure in pairs:
        task.state = closure.end_state
        task.left_until, task.review_on = closure.left_until, closure.review_on
    made, old = move([task for task, _closure in pairs], actor=actor)
    changed: list[tuple[Model, Collection[str]]] = [
        (task, ("state", "left_until", "review_on")) for task, _closure in pairs
    ]
    return list(made), [*changed, *((row, ("superseded_at",)) for row in old)]


def restated(
    tasks: Sequence[Task], actor: Actor, states: Mapping[int, str]
) -> tuple[list[Model], list[tuple[Model, Collection[str]]]]:
    """Set the same new state on tasks outside of closing; return what to seal."""
    for state in set(states.values()):
        ids = [pk for pk, one in states.items() if one == state]
        Task.objects.filter(pk__in=ids).update(
            state=state, left_until=None, review_on=None, revision=F("revision") + 1
        )
    for task in tasks:
        task.state, task.left_until, task.review_on = states[task.pk], None, None
    made, old = move(tasks, actor=actor)
    changed: list[tuple[Model, Collection[str]]] = [
        (task, ("state", "left_until", "review_on")) for task in tasks
    ]
    return list(made), [*changed, *((row, ("superseded_at",)) for row in old)]


def seal_steps(
    actor: Actor,
    action: str,
    judged: Sequence[tuple[Standing, Judgement]],
    *,
    created: Sequence[Model],
    changed: Sequence[tuple[Model, Collection[str]]],
    reason: str = "",
) -> None:
    """Seal one act on several tasks, filed in their organisation; nothing was judged, nothing is sealed."""
    if not judged:
        return
    organisation = judged[0][0].task.organisation_id
    record(actor=filed(actor, organisation), action=action, created=created, changed=changed, reason=reason)
