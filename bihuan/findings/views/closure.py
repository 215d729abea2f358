"""The pages of closure: the claim of a unit, the decision on each later step, and the ways back."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.core.closure import CLAIM, Hand, Taking
from bihuan.core.closure_judging import judge, judge_return
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.core.register import FieldFault
from bihuan.findings.actions import sheets
from bihuan.findings.actions.closure import Given, StepRefused, take
from bihuan.findings.actions.closure_back import give_back, reopen, withdraw_claim
from bihuan.findings.closure_words import (
    changed_since,
    claim_told,
    return_told,
    say_closure,
    say_desk,
    stops,
    told_once,
)
from bihuan.findings.evidence_words import piece_told, tell
from bihuan.findings.forms.closure import (
    ClaimForm,
    ClosureForm,
    DecisionForm,
    ReopenForm,
    ReturnForm,
    WithdrawForm,
)
from bihuan.findings.models import Evidence, SignSheet, Task
from bihuan.findings.queries import attempts as tried
from bihuan.findings.queries import desk, doors
from bihuan.findings.queries import evidence as proofs
from bihuan.findings.queries.closing import Standing, claim_of, hands, standings
from bihuan.findings.queries.sight import LIVE, Reach, reach_of
from bihuan.findings.views.closure_part import Turn, drafts, turn_of
from bihuan.findings.wording import day
from bihuan.orgs.edge import sight_of, user_of
from bihuan.web import edge

PIECES = 50
both = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Seen:
    """One task as a page of closure needs it: its standing, who looks at it, and whose turn it is."""

    task: Task
    one: Standing
    hand: Hand
    turn: Turn


@both
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the head of the unit claim, and the liaison write the claim down and print its sheet."""
    seen = _seen(request, pk, CLAIM)
    if not drafts(seen.hand):
        raise _not_allowed(seen.turn.why) or NotAllowed("closure.role-unit-head")
    drafted = tried.last_drafted(seen.task)
    first = _first(seen, drafted)
    form = ClaimForm(request.POST if request.method == "POST" else None, initial=first)
    if done := _tried(form, lambda: _claimed(request, seen, form)):
        return done
    context = {
        "task": seen.task,
        "form": form,
        "missing": told_once(seen.turn.missing) if not form.is_bound else [],
        "may_claim": not [fault for fault in seen.turn.why if fault.field == "person"],
        "drafted": drafted,
        "number": (seen.one.closure.number if seen.one.closure else 0) + 1,
        "stops": stops(None, seen.one.case, {}),
    }
    return render(request, "findings/closure/claim.html", context, status=_status(form))


@both
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Show a claim with everything that speaks for and against it, and take the step or give it back."""
    if step not in desk.QUEUED:
        raise NotVisible("closure.step-unknown")
    seen = _seen(request, pk, step)
    if seen.turn.step == step and (refusal := _not_allowed(seen.turn.why)):
        raise refusal
    sent, returning = request.method == "POST", request.POST.get("decision") == "return"
    typed = request.POST.dict() if sent else {}
    form = DecisionForm(request.POST if sent and not returning else None, step=step, initial=typed)
    back = _return_form(request, seen, sent=sent and returning)
    if not sent:
        return _page(request, seen, step, form, back)

    def act() -> HttpResponse:
        return _given_back(request, seen, back, step) if returning else _passed(request, seen, step, form)

    return _tried(back if returning else form, act) or _page(request, seen, step, form, back)


@both
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a claim back without being its next: the supervision office may at every stage."""
    seen = _seen(request, pk, "return")
    refused = judge_return("return", seen.one.case, seen.hand, reason="other").faults
    if refusal := _not_allowed(refused):
        raise refusal
    back = _return_form(request, seen, sent=request.method == "POST")
    done = _tried(back, lambda: _given_back(request, seen, back, ""))
    return done or _page(request, seen, "", None, back)


@both
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a claim back before it is signed."""

    def save(seen: Seen, form: ClosureForm) -> str:
        withdraw_claim([pk], reason=form.cleaned_data["reason"], actor=edge.actor_of(request))
        return say_desk("done-withdraw", number=seen.task.number)

    return _small(request, pk, "withdraw", WithdrawForm, save)


@both
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a closed task up again."""

    def save(seen: Seen, form: ClosureForm) -> str:
        reopen([pk], **form.values(), actor=edge.actor_of(request))
        return say_desk("done-reopen", number=seen.task.number)

    return _small(request, pk, "reopen", ReopenForm, save)


@require_GET
def queue(request: HttpRequest, step: str) -> HttpResponse:
    """Lead to the first claim that waits for this person at a step."""
    if step not in desk.QUEUED:
        raise NotVisible("closure.step-unknown")
    return HttpResponseRedirect(_following(request, step))


def _seen(request: HttpRequest, pk: int, step: str) -> Seen:
    user, today = user_of(request), edge.today(request)
    task = doors.task_for(user, pk, today)
    one = standings([pk])[0]
    hand = hands(user.pk, [task], step=step, today=today)[pk]
    return Seen(task, one, hand, turn_of(one, hand, today))


def _not_allowed(faults: Sequence[FieldFault]) -> NotAllowed | None:
    for fault in faults:
        if fault.field == "person":
            return NotAllowed(fault.code, **fault.params)
    return None


def _first(seen: Seen, drafted: SignSheet | None) -> dict[str, Any]:
    """Return what the form of a claim begins with: the liaison's draft, else the words of the attempt before."""
    known = sheets.claim_of(drafted) if drafted is not None else None
    if known is None and seen.one.closure is not None:
        known = claim_of(seen.one.closure)
    return asdict(known) if known is not None else {}


def _tried(form: ClosureForm, act: Callable[[], HttpResponse]) -> HttpResponse | None:
    """Do what a form asks for; its faults and every refusal go into the form, with the status that they mean."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act()
    except StepRefused as refused:
        form.take(refused.faults)
        form.status = refused.status
        return None


def _claimed(request: HttpRequest, seen: Seen, form: ClaimForm) -> HttpResponse:
    actor = edge.actor_of(request)
    if request.POST.get("do") == "print":
        sheet = sheets.print_sheet(seen.task, CLAIM, claim=form.claim(), actor=actor)
        return HttpResponseRedirect(reverse("findings:sheet", args=[sheet.pk]))
    take(CLAIM, [seen.task.pk], Given(claim=form.claim()), actor=actor)
    messages.success(request, say_desk("done-claim", number=seen.task.number))
    return HttpResponseRedirect(reverse("findings:task", args=[seen.task.pk]))


def _status(*forms: ClosureForm | None) -> int:
    return next((form.status for form in forms if form is not None and form.is_bound), 200)


def _return_form(request: HttpRequest, seen: Seen, *, sent: bool) -> ReturnForm:
    pieces = Evidence.objects.filter(task=seen.task, withdrawn__in=LIVE, current=True)
    return ReturnForm(
        request.POST if sent else None,
        initial=request.POST.dict(),
        stage=seen.one.case.stage,
        evidence=list(pieces.order_by("position", "pk").values_list("pk", "name")),
        needs=[(need.pk, need.title) for need in proofs.needs_of([seen.task.pk])[seen.task.pk]],
    )


def _passed(request: HttpRequest, seen: Seen, step: str, form: DecisionForm) -> HttpResponse:
    meeting = form.cleaned_data.get("meeting", "")
    given = Given(
        answers=form.answers(),
        note=form.cleaned_data.get("verify_note", ""),
        meeting=meeting,
        via="meeting" if meeting else "screen",
    )
    following = _following(request, step, after=seen.task.pk)
    take(step, [seen.task.pk], given, actor=edge.actor_of(request))
    messages.success(request, say_desk(f"done-{step}", number=seen.task.number))
    return HttpResponseRedirect(following)


def _given_back(request: HttpRequest, seen: Seen, back: ReturnForm, step: str) -> HttpResponse:
    here = reverse("findings:task", args=[seen.task.pk])
    following = _following(request, step, after=seen.task.pk) if step else here
    given = back.given()
    give_back([seen.task.pk], given, actor=edge.actor_of(request))
    where = say_desk(f"back-{given.to or 'unit'}")
    messages.success(request, say_desk("done-return", number=seen.task.number, where=where))
    return HttpResponseRedirect(following)


def _following(request: HttpRequest, step: str, *, after: int = 0) -> str:
    """Return the address of the next claim that waits at this step, else of the task just done or of the list."""
    ids = desk.queue(step, reach_of(sight_of(request)))
    at = ids.index(after) if after in ids else 0
    rest = [pk for pk in (*ids[at:], *ids[:at]) if pk != after]
    if rest:
        return reverse("findings:closure-step", args=[rest[0], step])
    if after:
        return reverse("findings:task", args=[after])
    return f"{reverse('findings:tasks')}?waiting={step}"


def _page(
    request: HttpRequest, seen: Seen, step: str, form: DecisionForm | None, back: ReturnForm
) -> HttpResponse:
    task, one = seen.task, seen.one
    attempts = tried.attempts_of(task)
    reach = reach_of(sight_of(request))
    rows = proofs.rows_seen(reach).filter(task=task, withdrawn__in=LIVE, current=True)
    page = Paginator(rows.order_by("position", "pk"), PIECES).get_page(request.GET.get("page"))
    open_ = not step or step == seen.turn.step
    missing = seen.turn.missing if open_ else _early(step, seen, edge.today(request))
    context = {
        "task": task, "step": step, "form": form, "back": back,
        "heading": say_closure(f"step-{step}") if step else _("退回"),
        "pass_word": say_desk(f"pass-{step}") if step else "",
        "stops": stops(one.closure, one.case, attempts.posts),
        "claim": claim_told(one.closure) if one.closure and one.case.stage else None,
        "needs": proofs.needs_of([task.pk])[task.pk],
        "pieces": [piece_told(piece) for piece in proofs.shown(list(page.object_list), reach)],
        "page": page,
        "set_doubts": [tell(doubt) for doubt in proofs.doubts_of_task(task)],
        "last": _last(attempts, one),
        "blocked": told_once(missing) if step else [], "open": open_,
        "may_pass": bool(step) and open_ and not seen.turn.missing,
        "due": day(task.due_on),
        **_place(request, step, task.pk, reach),
    }  # fmt: skip
    return render(request, "findings/closure/step.html", context, status=_status(form, back))


def _early(step: str, seen: Seen, today: date) -> list[FieldFault]:
    """Return why it is not the turn of this step."""
    faults = judge(step, seen.one.case, seen.hand, Taking(today)).faults
    return [fault for fault in faults if fault.field == "task"]


def _last(attempts: tried.Attempts, one: Standing) -> dict[str, Any] | None:
    """Return the last review: why it came back, what differs since, what was asked for and whether it is there."""
    if one.closure is None or not attempts.returns:
        return None
    row = attempts.returns[0]
    before = next((old for old in attempts.closures if old.number < one.closure.number), None)
    since = tried.evidence_since(one.task, row.at)
    return {
        "return": return_told(row),
        "answered": tried.answered(row),
        "changed": changed_since(before, one.closure) if before is not None else [],
        "same_words": before is not None,
        "since": since,
    }


def _place(request: HttpRequest, step: str, pk: int, reach: Reach) -> dict[str, Any]:
    """Return where this claim stands among those that wait for the person."""
    ids = desk.queue(step, reach) if step else []
    if pk not in ids:
        return {"total": 0}
    at = ids.index(pk)
    urls = [reverse("findings:closure-step", args=[one, step]) for one in ids]
    return {
        "at": at + 1,
        "total": len(ids),
        "previous": urls[at - 1] if at else "",
        "following": urls[at + 1] if at + 1 < len(ids) else "",
    }


def _small(
    request: HttpRequest, pk: int, way: str, make: type[ClosureForm], save: Callable[[Seen, Any], str]
) -> HttpResponse:
    """Show a small form of one way back; when it was sent and is right, take it."""
    seen = _seen(request, pk, way)
    faults = judge_return(way, seen.one.case, seen.hand, reason="mistake").faults
    if refusal := _not_allowed(faults):
        raise refusal
    form = make(request.POST if request.method == "POST" else None)

    def act() -> HttpResponse:
        messages.success(request, save(seen, form))
        return HttpResponseRedirect(reverse("findings:task", args=[pk]))

    if done := _tried(form, act):
        return done
    context = {
        "task": seen.task, "form": form, "heading": say_desk(f"way-{way}"), "lead": say_desk(f"lead-{way}"),
        "blocked": told_once(faults) if not form.is_bound else [],
    }  # fmt: skip
    return render(request, "findings/closure/back.html", context, status=_status(form))
