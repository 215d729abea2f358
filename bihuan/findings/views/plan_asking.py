"""Asking for a change of an approved plan, and deciding it."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.core import plan_rules, plans
from bihuan.findings.actions import plan_changes
from bihuan.findings.actions.plan_hands import filling, filling_problem
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.forms import first_values
from bihuan.findings.forms import plan as forms
from bihuan.findings.models import PlanChange
from bihuan.findings.queries import choices, doors
from bihuan.findings.queries import plans as queries
from bihuan.findings.views.editing import both
from bihuan.findings.views.plan_sheets import let, plan_url
from bihuan.findings.views.sheets import Sheet, answer, page
from bihuan.findings.wording import category_word, partial
from bihuan.orgs.edge import user_of
from bihuan.orgs.models import Unit
from bihuan.web import edge
from bihuan.web.catalogue import say


def _sheet(request: HttpRequest, heading: str, back: str, form: Any, saver: Any) -> HttpResponse:
    sheet = Sheet(
        heading, back, form, saver, verb=_("提出申请"), lead=_("由有权的人批准后生效，形成方案的新版本。"),
        done=_("已提出变更申请。"),
    )  # fmt: skip
    return answer(request, sheet)


def change_url(row: PlanChange) -> str:
    """Return the address of a change."""
    return reverse("findings:plan-change", args=[row.pk])


@both
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a later due date."""
    row = doors.task_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling(row))
    form = forms.ExtensionForm(request.POST or None)
    actor = edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> str:
        return change_url(plan_changes.ask_extension(row, actor=actor, **values))

    heading = _("申请%(number)s第%(nth)s次延期") % {"number": row.number, "nth": row.extended + 1}
    return _sheet(request, heading, page("task", pk), form, save)


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for other values of a task."""
    row = doors.task_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling(row))
    joint = list(row.joint_units.order_by("pk").values_list("unit_id", flat=True))
    units = choices.organisation_units(row.organisation_id)
    initial = {**first_values(forms.ChangeForm, row), "joint_unit_ids": joint}
    form = forms.ChangeForm(request.POST or None, initial=initial, units=units)
    actor = edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> str:
        reason = values.pop("reason")
        if sorted(values["joint_unit_ids"]) == sorted(joint):
            del values["joint_unit_ids"]
        return change_url(plan_changes.ask_edit(row, values, reason=reason, actor=actor))

    heading = _("申请变更%(number)s") % {"number": row.number}
    return _sheet(request, heading, page("task", pk), form, save)


@both
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that a task is taken out of the plan."""
    row = doors.task_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling(row))
    form = forms.AskForm(request.POST or None)
    actor = edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> str:
        return change_url(plan_changes.ask_withdrawal(row, actor=actor, **values))

    heading = _("申请撤销%(number)s") % {"number": row.number}
    return _sheet(request, heading, page("task", pk), form, save)


@both
def addition(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for one more task of a problem."""
    row = doors.problem_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling_problem(row))
    form = forms.AdditionForm(request.POST or None, units=choices.organisation_units(row.organisation_id))
    actor = edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> str:
        reason = values.pop("reason")
        return change_url(plan_changes.ask_addition(row, values, reason=reason, actor=actor))

    return _sheet(request, _("申请增加任务"), page("problem", pk), form, save)


@require_GET
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a change: what, why, whose it is to decide, and what became of it."""
    row = queries.change_for(user_of(request), pk, edge.today(request))
    return _shown(request, row)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a change or decline it."""
    row = queries.change_for(user_of(request), pk, edge.today(request))
    note, revision = request.POST.get("note", ""), request.POST.get("revision", "")
    agreed = request.POST.get("agreed") == "yes"
    try:
        plan_changes.decide_change(
            row,
            agreed=agreed,
            note=note,
            revision=int(revision) if revision.isdecimal() else 0,
            actor=edge.actor_of(request),
        )
    except Invalid as refused:
        faults = [say(one.code, one.params, lang=edge.language()) for one in refused.faults]
        return _shown(request, row, faults=faults, note=note)
    messages.success(request, _("已同意，方案形成新的版本。") if agreed else _("已答复不同意。"))
    return HttpResponseRedirect(plan_url(row.inspection_id))


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one asked for."""
    row = queries.change_for(user_of(request), pk, edge.today(request))
    plan_changes.take_back_change(row, actor=edge.actor_of(request))
    messages.success(request, _("已撤回申请。"))
    return HttpResponseRedirect(change_url(row))


def _shown(request: HttpRequest, row: PlanChange, *, faults: Any = (), note: str = "") -> HttpResponse:
    context = {
        "row": row,
        "words": change_words(row),
        "rows": change_rows(row),
        "faults_said": faults,
        "note": note,
        "waiting": row.state == plan_rules.ASKED,
        "own": user_of(request).pk in (row.asked_by_id, row.asked_for_id),
    }
    return render(request, "findings/plan_change.html", context, status=422 if faults else 200)


def change_words(row: PlanChange) -> dict[str, str]:
    """Return the words of a change: what kind, which state, who decides."""
    lang = edge.language()
    return {
        "kind": say(f"plan.change-{row.kind}", {"nth": row.nth}, lang=lang),
        "state": say(f"plan.change-{row.state}", lang=lang),
        "rank": say(f"plan.role-{row.rank}", lang=lang),
    }


def change_rows(row: PlanChange) -> list[dict[str, Any]]:
    """Return each field of a change with old and new, words marked. One query for the names of units."""
    values = json.loads(row.changes or "{}")
    units = {
        pk
        for name, pair in values.items()
        if name in ("unit_id", "joint_unit_ids")
        for one in pair
        for pk in (one if isinstance(one, list) else [one])
        if pk
    }
    names = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {}
    return [
        {
            "field": say(f"plan.field-{name}", lang=edge.language()),
            "parts": plans.marked(_text(name, old, names), _text(name, new, names)),
        }
        for name, (old, new) in values.items()
    ]


def _text(name: str, value: Any, names: dict[int, str]) -> str:
    if name == "unit_id":
        return names.get(value, "")
    if name == "joint_unit_ids":
        return "、".join(names.get(one, "") for one in value or ())
    if name == "category":
        return category_word(value or "")
    if name.endswith("_on"):
        return partial(value or "")
    return plans.lines(value)
