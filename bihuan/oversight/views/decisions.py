"""Pages of decisions: the list, one decision, writing one down, answering, finishing, withdrawing."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bihuan.core.refusal import NotVisible
from bihuan.findings.models import Task
from bihuan.findings.queries.choices import organisation_units
from bihuan.findings.queries.sight import LIVE, reach_of
from bihuan.orgs.edge import sight_of, user_of
from bihuan.oversight.actions import decisions as actions
from bihuan.oversight.forms.sittings import AnswerForm, DecisionForm, FinishForm, QuestionForm, WhyForm
from bihuan.oversight.models import Decision, Dispatch, Meeting
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.due import ASKED, OPEN, due_by, mine
from bihuan.oversight.views import sheets
from bihuan.web import edge


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """Show the decisions in sight: those open, those overdue, those that this person has to see to this week, those
    done, or the questions without an answer.
    """
    today = edge.today(request)
    show = request.GET.get("show", "open")
    kinds = {
        "open": OPEN,
        "due": mine(user_of(request).pk, today, due_by(today)),
        "late": OPEN & Q(due_on__lt=today),
        "done": Q(done_on__isnull=False),
        "asked": ASKED,
    }
    rows = doors.decisions_seen(reach_of(sight_of(request))).filter(kinds.get(show, OPEN))
    page = Paginator(rows.order_by("due_on", "pk"), 50).get_page(request.GET.get("page"))
    return render(request, "oversight/decisions.html", {"page": page, "show": show, "today": today})


@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a decision, and what this person may do with it."""
    today = edge.today(request)
    row = doors.decision_for(user_of(request), pk, today)
    steps = sheets.steps_here(request, row.organisation_id)
    own = row.person_id == user_of(request).pk or bool(
        row.unit_id and "report" in sheets.steps_here(request, row.unit_id)
    )
    tracked = not (row.asked and row.answer in ("", "declined"))
    context = {
        "row": row,
        "office": "write" in steps,
        "answerable": row.asked and not row.answer and bool(steps & {"close", "write"}),
        "finishable": tracked and row.done_on is None and (own or "write" in steps),
        "late": bool(tracked and row.done_on is None and row.due_on and row.due_on < today),
        "whole": row.organisation_id in reach_of(sight_of(request)).organisations,
    }
    return render(request, "oversight/decision.html", context)


@sheets.both
def new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Write down a decision of a dispatch or meeting, or a question with ``asked=1``."""
    sitting = _sitting(request, kind, pk)
    doors.acting("write", edge.actor_of(request), sitting.organisation_id)
    asks = request.GET.get("asked") == "1"
    form = (QuestionForm if asks else DecisionForm)(
        request.POST or None, **row_choices(sitting.organisation_id)
    )

    def step(form: Any) -> str:
        actions.add_decision(sitting, form.values(), actor=edge.actor_of(request))
        return _back(sitting)

    sheet = sheets.Sheet(
        _("请领导小组决定") if asks else _("登记议定事项"), _("保存"), _back(sitting), form, step,
        _("已登记。"),
    )  # fmt: skip
    return sheets.answer(request, sheet)


@sheets.both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a decision that is not done."""
    row = _own(request, pk)
    names = ("text", "unit_id", "person_id", "person_name", "due_on", "task_id", "advice", "revision")
    kind = QuestionForm if row.asked else DecisionForm
    form = kind(
        request.POST or None,
        initial={name: getattr(row, name) for name in names},
        **row_choices(row.organisation_id),
    )

    def step(form: Any) -> str:
        revision = form.cleaned_data["revision"] or 0
        actions.edit_decision(row, form.values(), revision=revision, actor=edge.actor_of(request))
        return _page(row)

    return sheets.answer(
        request, sheets.Sheet(_("修改议定事项"), _("保存"), _page(row), form, step, _("已保存。"))
    )


@sheets.both
def respond(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question, or write down the answer from a paper."""
    row = doors.decision_for(user_of(request), pk, edge.today(request))
    if not sheets.steps_here(request, row.organisation_id) & {"close", "write"}:
        doors.acting("close", edge.actor_of(request), row.organisation_id)

    def step(form: Any) -> str:
        values = form.values()
        actions.answer_decision(row, values.pop("answer"), actor=edge.actor_of(request), **values)
        return _page(row)

    form = AnswerForm(request.POST or None)
    sheet = sheets.Sheet(_("批示"), _("登记批示"), _page(row), form, step, _("已登记批示。"), sub=row.text)
    return sheets.answer(request, sheet)


@sheets.both
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a decision was done."""
    row = doors.decision_for(user_of(request), pk, edge.today(request))
    actions.finishing(row, edge.actor_of(request))
    form = FinishForm(request.POST or None, initial={"done_on": edge.today(request)})

    def step(form: Any) -> str:
        actions.finish_decision(row, actor=edge.actor_of(request), **form.values())
        return _page(row)

    sheet = sheets.Sheet(
        _("办结议定事项"), _("登记办结"), _page(row), form, step, _("已登记办结。"), sub=row.text
    )
    return sheets.answer(request, sheet)


@sheets.both
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a decision."""
    row = _own(request, pk)
    sitting = row.dispatch or row.meeting

    def step(form: Any) -> str:
        actions.withdraw_decision(row, reason=form.values()["reason"], actor=edge.actor_of(request))
        return _back(sitting) if sitting else reverse("oversight:decisions")

    sheet = sheets.Sheet(
        _("撤回议定事项"), _("撤回"), _page(row), WhyForm(request.POST or None), step, _("已撤回，记录仍可查。"),
        sub=row.text, grave=True,
    )  # fmt: skip
    return sheets.answer(request, sheet)


def _sitting(request: HttpRequest, kind: str, pk: int) -> Dispatch | Meeting:
    user, today = user_of(request), edge.today(request)
    if kind == "dispatch":
        return doors.dispatch_for(user, pk, today)
    if kind == "meeting":
        return doors.meeting_for(user, pk, today)
    raise NotVisible("oversight.not-found")


def _own(request: HttpRequest, pk: int) -> Decision:
    row = doors.decision_for(user_of(request), pk, edge.today(request))
    doors.acting("write", edge.actor_of(request), row.organisation_id)
    return row


def row_choices(organisation_id: int) -> dict[str, Any]:
    """Return the units, people and open tasks of an organisation as choices. Three queries."""
    tasks = (
        Task.objects.filter(
            organisation_id=organisation_id, withdrawn__in=LIVE, inspection__mode="live",
            state__in=("todo", "doing", "waiting"),
        )
        .order_by("inspection_id", "position")
        .values_list("pk", "number", "title")[:500]
    )  # fmt: skip
    return {
        "units": organisation_units(organisation_id),
        "people": sheets.people_of(organisation_id),
        "tasks": [(str(pk), f"{number} {title[:30]}") for pk, number, title in tasks],
    }


def _page(row: Decision) -> str:
    return reverse("oversight:decision", args=[row.pk])


def _back(sitting: Dispatch | Meeting) -> str:
    return reverse(
        f"oversight:{'dispatch' if isinstance(sitting, Dispatch) else 'meeting'}", args=[sitting.pk]
    )
