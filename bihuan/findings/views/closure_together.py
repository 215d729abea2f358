"""One step on many tasks: ticks ─→ what would be refused and why, told beforehand ─→ all of them, or none."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from bihuan.core.closure import CLAIM, CLOSE, MOVES, STEPS, VERIFY, Claim
from bihuan.core.findings import COMPLETED
from bihuan.core.refusal import NotVisible, Refused
from bihuan.core.register import FieldFault
from bihuan.findings.actions.closure import MOST, Given, Refusals, StepRefused, plan, take
from bihuan.findings.closure_words import say_closure, say_desk, told_once
from bihuan.findings.forms.closure import ClaimForm, DecisionForm
from bihuan.findings.models import Task
from bihuan.findings.queries import doors
from bihuan.findings.views.closure_part import BOTH
from bihuan.orgs.edge import user_of
from bihuan.web import edge

SHOWN = 50
#: What is asked about with a step, when nothing was typed yet: only what no words can mend is then refused.
TRIAL = {CLAIM: Given(claim=Claim(COMPLETED, "—")), VERIFY: Given(answers=BOTH)}


def steps_together(roles: frozenset[str]) -> list[tuple[str, str]]:
    """Return the steps that somebody with these roles may take on many tasks, with their words."""
    return [(step, say_closure(f"step-{step}")) for step in STEPS if MOVES[step].role in roles]


@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Show what a step on the ticked tasks would do; take it when that was seen and nothing is refused."""
    ids = doors.tasks_for(user_of(request), _ids(request), edge.today(request))
    step, do = request.POST.get("take", ""), request.POST.get("do", "")
    if step not in STEPS:
        raise NotVisible("closure.step-unknown")
    form: ClaimForm | DecisionForm
    if step == CLAIM:
        form = ClaimForm(request.POST if do else None)
    else:
        form = DecisionForm(request.POST if do else None, step=step)
    if form.is_bound and not form.is_valid():
        return _page(request, ids, step, form, planned=None)
    given = _given(step, form) if do else TRIAL.get(step, Given())
    actor = edge.actor_of(request)
    if do == "save":
        try:
            take(step, ids, given, actor=actor)
        except StepRefused as refused:
            form.status = refused.status
            return _page(request, ids, step, form, planned=(0, refused.refused))
        messages.success(request, say_desk(f"many-{step}", count=len(ids)))
        return HttpResponseRedirect(reverse("findings:tasks"))
    judged, refused_tasks = plan(step, ids, given, actor=actor)
    return _page(request, ids, step, form, planned=(len(judged), refused_tasks), checked=bool(do))


def _ids(request: HttpRequest) -> list[int]:
    """Return the ticked tasks.

    :raises Refused: when none is ticked, too many are, or one is no number.
    """
    given = request.POST.getlist("id")
    if not given:
        raise Refused("findings.bulk-none")
    if len(given) > MOST:
        raise Refused("closure.too-many", most=MOST)
    if not all(one.isascii() and one.isdecimal() and len(one) < 19 for one in given):
        raise Refused("findings.unknown-filter", value="id")
    return [int(one) for one in given]


def _given(step: str, form: ClaimForm | DecisionForm) -> Given:
    if isinstance(form, ClaimForm):
        return Given(claim=form.claim())
    meeting = form.cleaned_data.get("meeting", "")
    return Given(
        answers=form.answers() if step == VERIFY else None,
        note=form.cleaned_data.get("verify_note", ""),
        meeting=meeting,
        via="meeting" if meeting else "screen",
    )


def _page(
    request: HttpRequest,
    ids: Sequence[int],
    step: str,
    form: ClaimForm | DecisionForm,
    *,
    planned: tuple[int, Refusals] | None,
    checked: bool = False,
) -> HttpResponse:
    allowed, refused = planned or (0, ())
    tasks = Task.objects.filter(pk__in=ids).select_related("unit").order_by("position", "pk")
    context = {
        "ids": ids, "count": len(ids), "step": step, "step_word": say_closure(f"step-{step}"), "form": form,
        "tasks": tasks[:SHOWN], "more": max(0, len(ids) - SHOWN), "refused_count": len(refused),
        "refused": [_told(task, faults) for task, faults in refused[:SHOWN]],
        "go": bool(allowed) and not refused and (checked or not _asks(step)),
        "checked": checked, "ready": bool(allowed) and not refused,
    }  # fmt: skip
    bad = refused or (form.is_bound and not form.is_valid())
    status = form.status if bad and form.is_bound else 200
    return render(request, "findings/closure/together.html", context, status=status)


def _asks(step: str) -> bool:
    """Tell whether the step needs words or answers before it can be seen what it does."""
    return step in (CLAIM, VERIFY, CLOSE)


def _told(task: Task, faults: Sequence[FieldFault]) -> dict[str, Any]:
    return {"number": task.number, "title": task.title, "reasons": told_once(faults)}
