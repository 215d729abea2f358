"""The page of rules: thresholds, rhythm, ladder and marks, each with where it comes from; setting one."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bihuan.core.oversight import RULES, Rules
from bihuan.core.refusal import NotVisible
from bihuan.orgs.edge import user_of
from bihuan.oversight.actions.rules import set_rule
from bihuan.oversight.forms.letters import RuleForm
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.rules import rules_of
from bihuan.oversight.views import sheets
from bihuan.oversight.words import told
from bihuan.web import edge


@require_GET
def rules(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Show the rules that hold today for an organisation."""
    today = edge.today(request)
    organisation = doors.organisation_for(user_of(request), organisation_id, today)
    held = rules_of(organisation.pk, today)
    shown = [
        {
            "key": key,
            "name": told(f"rule-{key}"),
            "value": _shown(held, key),
            "source": held.source(key),
            "since": held.since(key),
        }
        for key in RULES
        if key != "ladder"
    ]
    ladder = [
        {
            "rung": rung,
            "when": told("rung-before", days=-rung.days)
            if rung.days < 0
            else told("rung-after", days=rung.days),
            "kind": told(f"letter-{rung.kind}"),
            "to": told("comma").join(told(f"recipient-{role}") for role in rung.to),
        }
        for rung in held.ladder()
    ]
    context = {
        "organisation": organisation,
        "rows": shown,
        "ladder": ladder,
        "ladder_source": held.source("ladder"),
        "office": "write" in sheets.steps_here(request, organisation.pk),
    }
    return render(request, "oversight/rules.html", context)


@sheets.both
def edit(request: HttpRequest, organisation_id: int, key: str) -> HttpResponse:
    """Set a rule from a day on."""
    today = edge.today(request)
    organisation = doors.organisation_for(user_of(request), organisation_id, today)
    doors.acting("write", edge.actor_of(request), organisation.pk)
    if key not in RULES:
        raise NotVisible("oversight.not-found")
    value = rules_of(organisation.pk, today).value(key)
    first = json.dumps(value, ensure_ascii=False, indent=1) if RULES[key].shape == "ladder" else value
    form = RuleForm(request.POST or None, initial={"value": first}, key=key)
    back = reverse("oversight:rules", args=[organisation.pk])

    def step(form: Any) -> str:
        values = form.cleaned_data
        set_rule(
            organisation,
            key,
            form.given(),
            source=values["source"],
            starts_on=values["starts_on"],
            actor=edge.actor_of(request),
        )
        return back

    sheet = sheets.Sheet(told(f"rule-{key}"), _("保存"), back, form, step, _("已保存，自所填日期起生效。"))
    return sheets.answer(request, sheet)


def _shown(held: Rules, key: str) -> str:
    value = held.value(key)
    if RULES[key].shape == "days":
        return told("days", n=value)
    if RULES[key].shape == "number":
        return str(value)
    return str(value) if value else told("nothing-set")
