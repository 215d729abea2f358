"""Pages of the weekly dispatch: the list with its missed weeks, one dispatch, its one A4, its minutes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bihuan.core.agenda import SECTIONS, Agenda
from bihuan.core.brief import numbered
from bihuan.core.meetings import HELD
from bihuan.core.minutes import compose_minutes
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.core.weeks import monday_of
from bihuan.findings.queries import inspection_for
from bihuan.findings.queries.sight import reach_of
from bihuan.findings.wording import partial
from bihuan.formats.briefs import write_brief
from bihuan.formats.papers import write_paper
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.queries import require_any
from bihuan.oversight.actions import dispatches as actions
from bihuan.oversight.actions.meetings import set_attendance
from bihuan.oversight.forms.sittings import (
    AttendanceForm,
    DispatchForm,
    HoldForm,
    PrepareForm,
    WhyForm,
    lines_of,
)
from bihuan.oversight.models import Dispatch
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.papers import agenda_for, brief_of, minutes_of
from bihuan.oversight.queries.rhythm import missed_weeks
from bihuan.oversight.views import sheets
from bihuan.oversight.words import said, told
from bihuan.web import edge

MOST_LINES = 100
PAPERS = ("brief", "minutes")
#: The classes of the columns of the one page, by its tables.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "overdue": ("k1", "k2", "k3", "k4", "k5", "k6"),
        "stuck": ("k1", "k2", "k3", "k4", "k8"),
        "asked": ("k1", "k2", "k7", "k8"),
    }
)


@require_GET
def dispatches(request: HttpRequest) -> HttpResponse:
    """Show the dispatches in sight, and the weeks that had none."""
    today = edge.today(request)
    organisation = sheets.one_organisation(request)
    rows = doors.dispatches_seen(reach_of(sight_of(request)))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    steps = sheets.steps_here(request, organisation.pk) if organisation else frozenset()
    this_week = organisation and any(
        row.monday == monday_of(today) and row.state != "cancelled" and row.organisation_id == organisation.pk
        for row in page
    )
    context = {
        "page": page,
        "organisation": organisation,
        "missed": missed_weeks(organisation, today) if organisation else [],
        "office": "write" in steps,
        "waiting": "write" in steps and not this_week,
    }
    return render(request, "oversight/dispatches.html", context)


@sheets.both
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare the dispatch of a week."""
    today = edge.today(request)
    require_any(user_of(request), today)
    form = PrepareForm(
        request.POST or None,
        initial={
            "week_of": request.GET.get("week") or today,
            "inspection_id": request.GET.get("inspection", ""),
        },
        organisations=sheets.organisations(request),
        inspections=sheets.inspections(request),
    )

    def step(form: Any) -> str:
        values = form.values()
        one = values["inspection_id"]
        row = actions.prepare(
            doors.organisation_for(user_of(request), values["organisation_id"], today),
            week_of=values["week_of"],
            inspection=inspection_for(user_of(request), one, today) if one else None,
            actor=edge.actor_of(request),
        )
        return reverse("oversight:dispatch", args=[row.pk])

    sheet = sheets.Sheet(
        _("准备周调度"), _("准备"), reverse("oversight:dispatches"), form, step,
        _("已准备。议程由登记自动生成，召开后冻结。"),
    )  # fmt: skip
    return sheets.answer(request, sheet)


@require_GET
def dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a dispatch: its agenda, the questions for the group, who was there, what was decided."""
    today = edge.today(request)
    row = doors.dispatch_for(user_of(request), pk, today)
    agenda = agenda_for(row, today)
    steps = sheets.steps_here(request, row.organisation_id)
    decisions = list(
        row.decisions.filter(withdrawn=False).select_related("unit", "person", "task").order_by("position")
    )
    context = {
        "row": row,
        "agenda": agenda,
        "sections": _sections(agenda, whole=request.GET.get("all") == "1"),
        "questions": [one for one in decisions if one.asked],
        "decisions": [one for one in decisions if not one.asked],
        "attendance": row.attendance.filter(withdrawn=False).order_by("position", "pk"),
        "office": "write" in steps,
        "group": "close" in steps,
        "prepared": row.state == "preparing",
        "held": row.state == HELD,
    }
    return render(request, "oversight/dispatch.html", context)


@sheets.both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change place, chair and note."""
    row = _own(request, pk)
    first = {"place": row.place, "chair": row.chair, "note": row.note, "revision": row.revision}

    def step(form: Any) -> str:
        revision = form.cleaned_data["revision"] or 0
        actions.edit_dispatch(row, form.values(), revision=revision, actor=edge.actor_of(request))
        return _page(row)

    form = DispatchForm(request.POST or None, initial=first)
    sheet = sheets.Sheet(_("修改周调度"), _("保存"), _page(row), form, step, _("已保存。"))
    return sheets.answer(request, sheet)


@sheets.both
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the dispatch was held; its agenda is frozen."""
    row = _own(request, pk)
    first = {"held_on": edge.today(request), "place": row.place, "chair": row.chair, "note": row.note}

    def step(form: Any) -> str:
        values = form.values()
        held_on, as_of = values.pop("held_on"), values.pop("as_of")
        actions.hold(row, held_on=held_on, as_of=as_of, values=values, actor=edge.actor_of(request))
        return _page(row)

    form = HoldForm(request.POST or None, initial=first)
    sheet = sheets.Sheet(
        _("登记召开"), _("登记召开并冻结议程"), _page(row), form, step, _("已登记召开，议程已按所填日期冻结。"),
        sub=_("冻结后议程不再随登记变化，专报和纪要以它为准。"),
    )  # fmt: skip
    return sheets.answer(request, sheet)


@sheets.both
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a dispatch that is prepared."""
    row = _own(request, pk)

    def step(form: Any) -> str:
        actions.cancel_dispatch(row, reason=form.values()["reason"], actor=edge.actor_of(request))
        return reverse("oversight:dispatches")

    sheet = sheets.Sheet(
        _("取消周调度"), _("取消这次调度"), _page(row), WhyForm(request.POST or None), step, _("已取消，期号保留。"),
        grave=True,
    )  # fmt: skip
    return sheets.answer(request, sheet)


@sheets.both
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who was there."""
    row = _own(request, pk)
    first = lines_of(list(row.attendance.filter(withdrawn=False).order_by("position", "pk")))

    def step(form: Any) -> str:
        people = form.people(sheets.known_names(row.organisation_id))
        set_attendance(row, people, actor=edge.actor_of(request))
        return _page(row)

    form = AttendanceForm(request.POST or None, initial=first)
    sheet = sheets.Sheet(_("登记到会"), _("保存到会人员"), _page(row), form, step, _("已保存到会人员。"))
    return sheets.answer(request, sheet)


@require_GET
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the one A4 as it is printed."""
    today = edge.today(request)
    row = doors.dispatch_for(user_of(request), pk, today)
    made = brief_of(row, agenda_for(row, today))
    return render(
        request,
        "oversight/brief.html",
        {
            "row": row,
            "brief": made,
            "parts": [(heading, part, COLUMNS[part.key]) for heading, part in numbered(made)],
        },
    )


@require_GET
def file(request: HttpRequest, pk: int, what: str, suffix: str) -> HttpResponse:
    """Give the one A4 or the minutes as docx or PDF."""
    today = edge.today(request)
    row = doors.dispatch_for(user_of(request), pk, today)
    if what not in PAPERS or suffix not in ("docx", "pdf"):
        raise NotVisible("oversight.not-found")
    agenda = agenda_for(row, today)
    if what == "brief":
        return sheets.attached(
            write_brief(brief_of(row, agenda), suffix), told("file-brief", number=row.number) + f".{suffix}"
        )
    if row.state != HELD:
        raise NotAllowed("oversight.not-held")
    paper = compose_minutes(minutes_of(row, agenda))
    return sheets.attached(write_paper(paper, suffix), f"{paper.title}.{suffix}")


def _own(request: HttpRequest, pk: int) -> Dispatch:
    """Return a dispatch that the person of the request keeps.

    :raises NotAllowed: for everybody but the office.
    """
    row = doors.dispatch_for(user_of(request), pk, edge.today(request))
    doors.acting("write", edge.actor_of(request), row.organisation_id)
    return row


def _page(row: Dispatch) -> str:
    return reverse("oversight:dispatch", args=[row.pk])


def _sections(agenda: Agenda, *, whole: bool) -> list[dict[str, Any]]:
    found = []
    for section in SECTIONS:
        lines = agenda.of(section)
        shown = lines if whole else lines[:MOST_LINES]
        found.append(
            {
                "key": section,
                "name": told(f"section-{section}"),
                "empty": told(f"empty-{section}"),
                "lines": [(line, partial(line.due_on), said(line)) for line in shown],
                "count": len(lines),
                "omitted": len(lines) - len(shown),
                "hot": section == "overdue",
            }
        )
    return found
