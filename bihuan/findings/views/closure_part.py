"""The closure of one task as its page shows it: steps, claim, returns, what is still missing, the one next button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.core.access import LIAISON, UNIT_HEAD
from bihuan.core.access import STEPS as ACCESS
from bihuan.core.closure import CLAIM, WEAKER, Answers, Claim, Hand, Taking, next_step
from bihuan.core.closure_judging import judge, judge_return
from bihuan.core.findings import BASIC, COMPLETED
from bihuan.core.register import FieldFault
from bihuan.findings.closure_words import (
    claim_told,
    reopening_told,
    return_told,
    say_closure,
    say_desk,
    stops,
    told_once,
)
from bihuan.findings.models import Task
from bihuan.findings.queries.attempts import Attempts, attempts_of
from bihuan.findings.queries.closing import ROLES, Standing, hands, standings
from bihuan.orgs.edge import user_of
from bihuan.web import edge

BOTH = Answers(sufficient=True, appropriate=True)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, and what this person may do: `missing` is about the task, `why` about the person."""

    step: str | None
    missing: Sequence[FieldFault]
    why: Sequence[FieldFault]
    free: bool


def section(request: HttpRequest, task: Task) -> dict[str, Any] | None:
    """Return what the page of a task shows of its closure; nothing for an archive, which closes nothing."""
    if task.inspection.mode != "live" or task.withdrawn:
        return None
    today, user = edge.today(request), user_of(request)
    one = standings([task.pk])[0]
    attempts = attempts_of(task)
    hand = hands(user.pk, [one.task], step="", today=today)[
        task.pk
    ]  # why a role was lost is said by the step itself
    turn = turn_of(one, hand, today)
    current = one.closure if one.case.stage else None
    return {
        "stops": stops(one.closure, one.case, attempts.posts),
        "number": (one.closure.number if one.closure else 0) + (0 if one.case.stage else 1),
        "current": claim_told(current) if current else None,
        "step": turn.step,
        "step_word": say_closure(f"step-{turn.step}") if turn.step else "",
        "missing": told_once(turn.missing),
        "why": told_once(turn.why),
        "go": _go(task, turn),
        "more": _more(one, hand, turn),
        "prints": bool(turn.step) and turn.step != CLAIM and not turn.missing and _may_print(hand),
        "returns": [return_told(row) for row in attempts.returns],
        "reopenings": [reopening_told(row) for row in attempts.reopenings],
        "earlier": _earlier(attempts, one),
    }


def turn_of(one: Standing, hand: Hand, today: date) -> Turn:
    """Return whose turn it is and everything that stands in the way, told beforehand."""
    step = next_step(one.case)
    if step is None:
        return Turn(None, (), (), free=False)
    if step != CLAIM:
        faults = judge(step, one.case, hand, Taking(today, answers=BOTH)).faults
        why = [fault for fault in faults if fault.field == "person"]
        missing = [fault for fault in faults if fault.field != "person"]
        return Turn(step, missing, why, free=not faults)
    full = judge(CLAIM, one.case, hand, Taking(today, claim=Claim(COMPLETED, "—"))).faults
    later = today + timedelta(days=1)
    weaker = Claim(BASIC, "—", left_over="—", left_until=later)
    least = judge(CLAIM, one.case, hand, Taking(today, claim=weaker))
    why = [fault for fault in full if fault.field == "person"]
    return Turn(step, [fault for fault in full if fault.field != "person"], why, free=not least.faults)


def drafts(hand: Hand) -> bool:
    """Tell whether the person may write down a claim: the head who sends it, the liaison who prints it."""
    return bool({role for role, _principal in hand.roles} & {UNIT_HEAD, LIAISON})


def _may_print(hand: Hand) -> bool:
    return bool({role for role, _principal in hand.roles} & ACCESS["sheet"])


def _go(task: Task, turn: Turn) -> dict[str, str] | None:
    if not turn.free or turn.step is None:
        return None
    return {"url": _url(task, turn.step), "word": say_desk(f"go-{turn.step}")}


def _url(task: Task, step: str) -> str:
    if step == CLAIM:
        return reverse("findings:closure-claim", args=[task.pk])
    return reverse("findings:closure-step", args=[task.pk, step])


def _more(one: Standing, hand: Hand, turn: Turn) -> list[dict[str, str]]:
    """Return the other ways open to this person: draft, claim again, take back, return, take up again."""
    task, case, found = one.task, one.case, []
    roles = {role for role, _principal in hand.roles}
    if turn.step == CLAIM and not turn.free and drafts(hand):
        found.append((_("填写申请"), _url(task, CLAIM)))
    if (
        turn.step != CLAIM
        and case.state in WEAKER
        and (one.closure is None or not one.closure.live)
        and UNIT_HEAD in roles
    ):
        found.append((_("再次申请"), _url(task, CLAIM)))
    if not judge_return("withdraw", case, hand).faults:
        found.append((_("撤回申请"), reverse("findings:closure-withdraw", args=[task.pk])))
    held = turn.step is not None and ROLES[turn.step] in roles and turn.free
    if not held and not judge_return("return", case, hand, reason="other").faults:
        found.append((_("退回"), reverse("findings:closure-return", args=[task.pk])))
    if not judge_return("reopen", case, hand, reason="mistake").faults:
        found.append((_("重新打开"), reverse("findings:closure-reopen", args=[task.pk])))
    return [{"word": word, "url": url} for word, url in found]


def _earlier(attempts: Attempts, one: Standing) -> list[dict[str, Any]]:
    """Return the attempts that are over, each with its claim."""
    current = one.closure.pk if one.closure is not None and one.case.stage else 0
    return [claim_told(row) for row in attempts.closures if row.pk != current]
