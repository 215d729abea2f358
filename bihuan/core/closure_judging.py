"""Whether a step of closure may be taken, and everything against it.

case + hand + what is claimed ─judge→ Judgement(principal, faults). Nothing here reads a clock or a table.
"""

from collections.abc import Iterator
from datetime import timedelta

from bihuan.core.closure import (
    ACCEPT,
    ALREADY,
    CLAIM,
    CLOSE,
    DONE,
    MOVES,
    NOT_YET,
    PREVIOUS,
    REOPEN_REASONS,
    RETURN_REASONS,
    RETURNS,
    STEPS,
    VERIFY,
    WEAKER,
    Answers,
    Case,
    Claim,
    Hand,
    Judgement,
    Taking,
)
from bihuan.core.findings import BASIC, COMPLETED, END_STATES, LONG_TERM, WAITING
from bihuan.core.register import FieldFault


def judge(step: str, case: Case, hand: Hand, given: Taking) -> Judgement:
    """Return whether `hand` may take `step` on `case`, with every reason against it."""
    principal, faults = _person(step, case, hand)
    faults += _standing(step, case)
    faults += _day(case, given)
    wanted = given.claim if step == CLAIM else case.claim
    if step == CLAIM:
        faults += _wording(case, given)
    if step == VERIFY:
        faults += _answered(given.answers)
    if step in (CLAIM, VERIFY, CLOSE) and wanted is not None:
        faults += _substance(case, wanted)
    if step == CLOSE and not case.plan_approved and not case.at_once:
        faults.append(FieldFault("task", "closure.no-plan", {"number": case.number}))
    return Judgement(None if faults else principal, tuple(faults))


def judge_return(
    step: str, case: Case, hand: Hand, *, to: str = "", reason: str = "", named: bool = True
) -> Judgement:
    """Return whether `hand` may give `case` back (`step`: return, withdraw, reopen), with every reason against it.

    `to` is the stage it goes back to, empty for the unit. `named`: an evidence, a checklist line or a measure is named.
    """
    moves = [move for move in RETURNS if move.step == step and case.stage in move.before]
    wanted = tuple(move.role for move in moves or RETURNS if move.step == step)
    held = [(role, principal) for role, principal in hand.roles if role in wanted]
    faults: list[FieldFault] = []
    if not held:
        faults.append(_missing(wanted[0], hand))
    elif step == "return" and all(_is_claimant(case, hand.person, principal) for _role, principal in held):
        faults.append(FieldFault("person", "closure.own-claim", {"number": case.number}))
    faults += _base(case)
    if not moves:
        faults.append(FieldFault("task", f"closure.no-{step}", {"number": case.number}))
    if to and PREVIOUS.get(case.stage) != to:
        faults.append(FieldFault("to", "closure.no-way-back", {"number": case.number}))
    if step == "return" and reason not in RETURN_REASONS:
        faults.append(FieldFault("reason", "closure.reason-missing"))
    if step == "return" and not named:
        faults.append(FieldFault("measure", "closure.reason-unnamed"))
    if step == "reopen" and reason not in REOPEN_REASONS:
        faults.append(FieldFault("reason", "closure.reason-missing"))
    return Judgement(held[0][1] if held and not faults else None, tuple(faults))


def _base(case: Case) -> Iterator[FieldFault]:
    if case.withdrawn:
        yield FieldFault("task", "findings.withdrawn-row")
    if not case.live:
        yield FieldFault("task", "closure.archive")


def _standing(step: str, case: Case) -> Iterator[FieldFault]:
    """Yield what the task's stage and state have against the step."""
    yield from _base(case)
    number = {"number": case.number}
    order = tuple(DONE[one] for one in STEPS)
    again = step == CLAIM and case.stage in ("closed", "accepted") and case.state in WEAKER
    if case.stage not in MOVES[step].before and not again:
        reached = order.index(case.stage) if case.stage in order else -1
        if step == CLAIM and case.state in END_STATES and reached >= order.index("closed"):
            yield FieldFault("task", "closure.ended", number)
        elif reached >= order.index(DONE[step]):
            yield FieldFault("task", ALREADY[step], number)
        else:
            yield FieldFault("task", NOT_YET[step], number)
    if step == CLAIM and case.unit is None:
        yield FieldFault("task", "closure.no-unit", number)
    if step == CLAIM and not case.due:
        yield FieldFault("task", "closure.no-due", number)
    if step == ACCEPT:
        return
    if case.state == WAITING:
        yield FieldFault("task", "closure.waiting", number)
    if case.blocked:
        yield FieldFault("task", "closure.blocked", number)
    if case.change_open:
        yield FieldFault("task", "closure.change-open", number)


def _person(step: str, case: Case, hand: Hand) -> tuple[int | None, list[FieldFault]]:
    """Return for whom the hand may take the step, or why it may not: the role first, then who did what before."""
    if hand.person is None:
        return None, [FieldFault("person", "closure.console")]
    role = MOVES[step].role
    held = sorted({principal or 0 for held_role, principal in hand.roles if held_role == role})
    if not held:
        return None, [_missing(role, hand)]
    against: list[FieldFault] = []
    for principal in held:
        found = list(_conflicts(step, case, hand, principal or None))
        if not found:
            return principal or None, []
        against = against or found
    return None, against


def _missing(role: str, hand: Hand) -> FieldFault:
    if hand.person is None:
        return FieldFault("person", "closure.console")
    if role in hand.lost:
        return FieldFault("person", hand.lost[role])
    if role in hand.elsewhere:
        return FieldFault("person", f"closure.not-in-charge-{role.replace('_', '-')}")
    return FieldFault("person", f"closure.role-{role.replace('_', '-')}")


def _conflicts(step: str, case: Case, hand: Hand, principal: int | None) -> Iterator[FieldFault]:
    """Yield why these two persons, who acts and for whom, may not take the step: they stood on another side before."""
    persons = {person for person in (hand.person, principal) if person is not None}
    number = {"number": case.number}
    for earlier, (by, for_) in case.took.items() if step != CLAIM else ():
        if earlier != step and persons & {by, for_}:
            yield FieldFault("person", f"closure.took-{DONE[earlier]}", number)
    units: frozenset[int] = frozenset().union(*(hand.own.get(person, frozenset()) for person in persons))
    if step == VERIFY and units & case.units:
        yield FieldFault("person", "closure.own-unit", number)
    if step == VERIFY and persons & case.worked:
        yield FieldFault("person", "closure.own-work", number)
    if step == ACCEPT and persons & hand.inside:
        yield FieldFault("person", "closure.accept-inside", number)
    if step != CLAIM and persons & case.recused:
        yield FieldFault("person", "closure.recused", number)


def _is_claimant(case: Case, person: int | None, principal: int | None) -> bool:
    claimants = {one for one in case.took.get(CLAIM, ()) if one is not None}
    return bool(claimants & {person, principal})


def _day(case: Case, given: Taking) -> Iterator[FieldFault]:
    on, most = given.on, given.limits.backdate_days
    if on is None:
        return
    if on > given.today:
        yield FieldFault("on", "closure.day-ahead", {"day": on.isoformat()})
    if on < given.today - timedelta(days=most):
        yield FieldFault("on", "closure.day-far-back", {"day": on.isoformat(), "days": most})
    if case.last_on is not None and on < case.last_on:
        yield FieldFault(
            "on", "closure.day-before-step", {"day": on.isoformat(), "last": case.last_on.isoformat()}
        )


def _answered(answers: Answers | None) -> Iterator[FieldFault]:
    given = answers or Answers()
    for name, answer in (("sufficient", given.sufficient), ("appropriate", given.appropriate)):
        if answer is None:
            yield FieldFault(name, f"closure.{name}-missing")
        elif not answer:
            yield FieldFault(name, f"closure.{name}-no")


def _wording(case: Case, given: Taking) -> Iterator[FieldFault]:
    """Yield what is wrong with the claim's own words and dates."""
    claim, day, most = given.claim, given.on or given.today, given.limits.review_days
    if claim is None or claim.end_state not in END_STATES:
        yield FieldFault("end_state", "closure.end-state")
        return
    if not claim.text.strip():
        yield FieldFault("text", "closure.text-missing")
    if claim.end_state == BASIC:
        if not claim.left_over.strip():
            yield FieldFault("left_over", "closure.left-over-missing")
        if claim.left_until is None or claim.left_until <= day:
            yield FieldFault("left_until", "closure.left-until-missing")
    if claim.end_state == LONG_TERM:
        latest = day + timedelta(days=most)
        if claim.review_on is None or not day < claim.review_on <= latest:
            yield FieldFault("review_on", "closure.review-missing", {"days": most})
        if not case.proof.milestones:
            yield FieldFault("task", "closure.no-milestones", {"number": case.number})


def _substance(case: Case, claim: Claim) -> Iterator[FieldFault]:
    """Yield what the task lacks to end so: evidence by checklist, a result among it, cause, look-around, recipients."""
    number = {"number": case.number}
    proof = case.proof
    if not proof.results and not proof.processes:
        yield FieldFault("evidence", "closure.no-evidence", number)
    elif not proof.results:
        yield FieldFault("evidence", "closure.process-only", number)
    if proof.missing and claim.end_state == COMPLETED:
        yield FieldFault(
            "evidence",
            "closure.need-missing",
            {**number, "title": proof.missing[0], "count": len(proof.missing)},
        )
    if not proof.cause:
        yield FieldFault("cause", "closure.no-cause", number)
    if not proof.look_around:
        yield FieldFault("look_around", "closure.no-look-around", number)
    if claim.end_state == COMPLETED and case.owed:
        if not proof.asked:
            yield FieldFault("recipients", "closure.recipients-not-asked", number)
        elif proof.denied:
            yield FieldFault("recipients", "closure.recipients-deny", {**number, "count": proof.denied})
        elif proof.confirmed < proof.asked:
            yield FieldFault(
                "recipients", "closure.recipients-open", {**number, "count": proof.asked - proof.confirmed}
            )
