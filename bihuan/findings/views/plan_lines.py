"""The lists of a plan, each as one page of lines: look-around, checklist of evidence, milestones.

Once the plan is approved, checklist and milestones are asked for with a reason instead of being written.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from bihuan.audit.actor import Actor
from bihuan.core.refusal import Conflict
from bihuan.findings.actions import plan_changes, plan_items
from bihuan.findings.actions.plan_hands import filling, filling_problem
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.forms import plan as forms
from bihuan.findings.models import Problem, Task
from bihuan.findings.queries import doors
from bihuan.findings.queries import plans as queries
from bihuan.findings.views.editing import both
from bihuan.findings.views.plan_sheets import let
from bihuan.findings.views.sheets import page
from bihuan.orgs.edge import user_of
from bihuan.web import edge
from bihuan.web.catalogue import say

EMPTY_LINES = 3
Lines = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list as a page: its words, the form of a line, what stands there, and the actions that take it."""

    heading: str
    form: type[forms.LineForm]
    names: Sequence[str]
    rows: Iterable[Any]
    owner: Task | Problem
    write: Callable[[Lines, int, Actor], object]
    ask: Callable[[Lines, str, Actor], object] | None = None


@both
def look_around(request: HttpRequest, pk: int) -> HttpResponse:
    """Write where else one looked for the same problem."""
    row = doors.problem_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling_problem(row))
    rows = row.look_arounds.filter(withdrawn=False).order_by("position", "pk")
    return _answer(
        request,
        ListPage(
            _("填写举一反三"), forms.AroundLine, plan_items.LOOK_AROUND, rows, row,
            lambda lines, revision, actor: plan_items.set_look_around(row, lines, revision=revision, actor=actor),
        ),
    )  # fmt: skip


@both
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the checklist of evidence of a task."""
    row = doors.task_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling(row))
    rows = row.needs.filter(withdrawn=False).order_by("position", "pk")
    return _answer(
        request,
        ListPage(
            _("填写佐证清单"), forms.NeedLine, plan_items.NEED, rows, row,
            lambda lines, revision, actor: plan_items.set_needs(row, lines, revision=revision, actor=actor),
            lambda lines, reason, actor: plan_changes.ask_edit(row, {"needs": lines}, reason=reason, actor=actor),
        ),
    )  # fmt: skip


@both
def milestones(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the milestones of a task."""
    row = doors.task_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling(row))
    rows = row.milestones.filter(withdrawn=False).order_by("position", "pk")
    return _answer(
        request,
        ListPage(
            _("填写阶段节点"), forms.PointLine, plan_items.MILESTONE, rows, row,
            lambda lines, revision, actor: plan_items.set_milestones(row, lines, revision=revision, actor=actor),
            lambda lines, reason, actor: plan_changes.ask_edit(
                row, {"milestones": lines}, reason=reason, actor=actor
            ),
        ),
    )  # fmt: skip


def _answer(request: HttpRequest, shown: ListPage) -> HttpResponse:
    """Show the lines with some empty ones; when they were sent, take those that are filled and not marked to go."""
    owner = shown.owner
    locked = shown.ask is not None and bool(queries.locked_inspections([owner.inspection_id]))
    made = formset_factory(shown.form, extra=EMPTY_LINES, can_delete=True, max_num=plan_items.MOST_ROWS)
    initial = [{"id": row.pk, **{name: getattr(row, name) for name in shown.names}} for row in shown.rows]
    formset: Any = made(request.POST or None, initial=initial, prefix="rows")
    for line in formset:
        line.fields["DELETE"].label = _("删去这一行")
    ask = forms.AskForm(request.POST or None) if locked else None
    faults: list[str] = []
    back = page(owner.sealed_as, owner.pk)
    if request.method == "POST" and formset.is_valid() and (ask is None or ask.is_valid()):
        taken = [line for line in formset if line.has_changed() or line.initial.get("id")]
        taken = [line for line in taken if not line.cleaned_data.get("DELETE")]
        lines = [{key: value for key, value in one.cleaned_data.items() if key != "DELETE"} for one in taken]
        try:
            _take(shown, lines, request, ask)
        except Invalid as refused:
            faults = _placed(refused, taken)
        except Conflict as refused:
            faults = [say(refused.code, refused.params, lang=edge.language())]
        else:
            messages.success(request, _("已提出变更申请。") if ask is not None else _("已保存。"))
            return HttpResponseRedirect(back)
    context = {
        "heading": shown.heading, "formset": formset, "ask": ask, "owner": owner, "back": back, "faults_said": faults,
        "revision": request.POST.get("revision") or owner.revision, "is_task": isinstance(owner, Task),
    }  # fmt: skip
    return render(
        request, "findings/plan_lines.html", context, status=422 if request.method == "POST" else 200
    )


def _take(shown: ListPage, lines: Lines, request: HttpRequest, ask: forms.AskForm | None) -> None:
    actor = edge.actor_of(request)
    if ask is not None and shown.ask is not None:
        shown.ask(lines, ask.cleaned_data["reason"], actor)
        return
    revision = request.POST.get("revision", "")
    shown.write(lines, int(revision) if revision.isdecimal() else 0, actor)


def _placed(refused: Invalid, taken: Sequence[Any]) -> list[str]:
    """Put the faults of an action beside their lines; return those that belong to none."""
    rest = []
    for fault in refused.faults:
        at, _dot, field = fault.field.partition(".")
        told = say(fault.code, fault.params, lang=edge.language())
        if at.isdecimal() and int(at) < len(taken) and field in taken[int(at)].fields:
            taken[int(at)].add_error(field, told)
        else:
            rest.append(told)
    return rest
