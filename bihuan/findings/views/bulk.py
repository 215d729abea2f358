"""Changing the ticked tasks together: ticks ─→ form ─→ what would change, what is refused ─→ all of it, or nothing."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bihuan.core.findings import CATEGORIES, OPEN_STATES
from bihuan.core.refusal import Refused
from bihuan.findings.actions import bulk
from bihuan.findings.forms import Choices, day_field, words
from bihuan.findings.models import Problem, Task
from bihuan.findings.queries import choices
from bihuan.findings.queries.writing import require_write_to_tasks
from bihuan.findings.timeline import shown_value
from bihuan.findings.wording import category_word, state_word, told
from bihuan.orgs.edge import user_of
from bihuan.web import edge
from bihuan.web.catalogue import say
from bihuan.web.forms import choose_from

SHOWN = 50


class BulkForm(forms.Form):
    """The values that all ticked tasks are given; only the fields that are ticked are changed."""

    unit_id = forms.TypedChoiceField(label=_("责任单位"), coerce=int, empty_value=None, required=False)
    leader = words(_("牵头领导"))
    category = forms.ChoiceField(label=_("类别"), required=False)
    due_on = day_field(_("期限"))
    state = forms.ChoiceField(label=_("状态"), required=False)
    remark = words(_("备注"), long=True)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "unit_id", [("", "—"), *units])
        choose_from(self, "category", [("", "—"), *((word, category_word(word)) for word in CATEGORIES)])
        choose_from(self, "state", [(state, state_word(state)) for state in OPEN_STATES])


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Show the form, then the plan, then do it; nothing is written while one task is refused."""
    ids = _ids(request)
    require_write_to_tasks(user_of(request), ids, edge.today(request))
    tasks = list(
        Task.objects.filter(pk__in=ids).select_related("inspection", "unit").order_by("position", "pk")
    )
    organisations = {task.organisation_id for task in tasks}
    if len(organisations) > 1:
        raise Refused("findings.bulk-organisations")
    step = request.POST.get("step", "")
    chosen = [name for name in bulk.TOGETHER if name in request.POST.getlist("change")]
    units = choices.organisation_units(tasks[0].organisation_id)
    form = BulkForm(request.POST if step else None, units=units)
    if not step or not chosen or not form.is_valid():
        fault = told("bulk-nothing") if step and not chosen else ""
        return _page(request, tasks, form, chosen=chosen, fault=fault)
    values = {name: form.cleaned_data[name] for name in chosen}
    if step == "save":
        count = bulk.change_tasks(ids, values, actor=edge.actor_of(request))
        messages.success(request, told("bulk-done", count=count))
        return HttpResponseRedirect(reverse("findings:tasks"))
    made = bulk.plan(tasks, {task.pk: values for task in tasks})
    return _page(request, tasks, form, chosen=chosen, plan=_planned(made, values, dict(units)))


def _ids(request: HttpRequest) -> list[int]:
    """Return the numbers of the ticked tasks.

    :raises Refused: when none is ticked, too many are, or one is no number.
    """
    given = request.POST.getlist("id")
    if not given:
        raise Refused("findings.bulk-none")
    if len(given) > bulk.MOST:
        raise Refused("findings.bulk-too-many", most=bulk.MOST, count=len(given))
    if not all(one.isascii() and one.isdecimal() and len(one) < 19 for one in given):
        raise Refused("findings.unknown-filter", value="id")
    return sorted({int(one) for one in given})


def _planned(made: bulk.Plan, values: Mapping[str, Any], units: Mapping[str, str]) -> Mapping[str, Any]:
    names = {int(pk): name for pk, name in units.items()}
    return MappingProxyType(
        {
            "count": len(made.changes),
            "same": made.same,
            "refused": [
                {
                    "number": task.number,
                    "title": task.title,
                    "reasons": [say(fault.code, fault.params, lang=edge.language()) for fault in faults],
                }
                for task, faults in made.refused[:SHOWN]
            ],
            "refused_count": len(made.refused),
            "values": [
                (told(f"field-{name.removesuffix('_id')}"), shown_value(name, _plain(value), names))
                for name, value in values.items()
            ],
            "rows": [
                {
                    "number": one.row.number,
                    "title": one.row.title,
                    "old": [
                        shown_value(name, _plain(getattr(one.row, name)), _own_unit(one.row))
                        for name in one.values
                        if name in values
                    ],
                }
                for one in made.changes[:SHOWN]
            ],
            "more": max(0, len(made.changes) - SHOWN),
        }
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _own_unit(row: Task | Problem) -> Mapping[int, str]:
    return {row.unit_id: row.unit.name} if isinstance(row, Task) and row.unit_id and row.unit else {}


def _page(
    request: HttpRequest,
    tasks: list[Task],
    form: BulkForm,
    *,
    chosen: list[str],
    plan: Any = None,
    fault: str = "",
) -> HttpResponse:
    context = {
        "tasks": tasks,
        "count": len(tasks),
        "ids": [task.pk for task in tasks],
        "shown": tasks[:SHOWN],
        "form": form,
        "fields": [(form[name], name in chosen) for name in bulk.TOGETHER],
        "chosen": chosen,
        "plan": plan,
        "fault": fault,
    }
    refused = fault or form.errors or (plan and plan["refused_count"])
    return render(request, "findings/bulk.html", context, status=422 if refused else 200)
