"""Pages of special meetings: list, one meeting, who was there, who stood aside, tasks closed in it, minutes."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.core.meetings import HELD, reference
from bihuan.core.minutes import compose_minutes
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.findings.models import Closure, Problem
from bihuan.findings.queries.sight import LIVE, reach_of
from bihuan.formats.papers import write_paper
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.queries import require_any
from bihuan.oversight.actions import meetings as actions
from bihuan.oversight.forms.sittings import (
    AttendanceForm,
    MeetingForm,
    NewMeetingForm,
    RecuseForm,
    WhyForm,
    lines_of,
)
from bihuan.oversight.models import Meeting
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.papers import minutes_of
from bihuan.oversight.views import sheets
from bihuan.oversight.views.decisions import row_choices
from bihuan.oversight.words import told
from bihuan.web import edge

MOST_TO_CLOSE = 200


@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """Show the meetings in sight."""
    rows = doors.meetings_seen(reach_of(sight_of(request)))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    organisation = sheets.one_organisation(request)
    steps = sheets.steps_here(request, organisation.pk) if organisation else frozenset()
    shown = [(row, told(f"meeting-{row.kind}")) for row in page]
    return render(
        request, "oversight/meetings.html", {"page": page, "rows": shown, "office": "write" in steps}
    )


@sheets.both
def new(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    require_any(user_of(request), edge.today(request))
    form = NewMeetingForm(
        request.POST or None,
        initial={"held_on": edge.today(request)},
        organisations=sheets.organisations(request),
        inspections=sheets.inspections(request),
    )

    def step(form: Any) -> str:
        values = form.values()
        organisation = doors.organisation_for(
            user_of(request), values.pop("organisation_id"), edge.today(request)
        )
        row = actions.call_meeting(organisation, values, actor=edge.actor_of(request))
        return _page(row)

    sheet = sheets.Sheet(_("召集会议"), _("召集"), reverse("oversight:meetings"), form, step, _("已召集。"))
    return sheets.answer(request, sheet)


@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a meeting: topics, people, recusals, decisions, and what waits to be closed in it."""
    today = edge.today(request)
    row = doors.meeting_for(user_of(request), pk, today)
    steps = sheets.steps_here(request, row.organisation_id)
    closures = Closure.objects.filter(organisation_id=row.organisation_id).select_related(
        "task__unit", "verified_by"
    )
    if row.inspection_id:
        closures = closures.filter(inspection_id=row.inspection_id)
    waiting = closures.filter(live=True, stage="verified", task__withdrawn__in=LIVE)
    context = {
        "row": row,
        "kind": told(f"meeting-{row.kind}"),
        "topics": [line for line in row.topics.splitlines() if line.strip()],
        "account": [line for line in row.account.splitlines() if line.strip()],
        "attendance": row.attendance.filter(withdrawn=False).order_by("position", "pk"),
        "recusals": row.recusals.filter(withdrawn=False)
        .select_related("person", "task", "problem")
        .order_by("pk"),
        "decisions": row.decisions.filter(withdrawn=False)
        .select_related("unit", "person", "task")
        .order_by("position"),
        "closed": closures.filter(meeting=reference(row.pk), stage__in=("closed", "accepted")).order_by("pk"),
        "waiting": waiting.order_by("task__inspection_id", "task__position")[:MOST_TO_CLOSE]
        if "close" in steps and row.state == HELD
        else [],
        "office": "write" in steps,
        "group": "close" in steps,
        "held": row.state == HELD,
        "called": row.state == "called",
    }
    return render(request, "oversight/meeting.html", context)


@sheets.both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a meeting."""
    row = _own(request, pk)
    names = ("title", "held_on", "place", "chair", "inspection_id", "topics", "account", "revision")
    form = MeetingForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in names},
        inspections=sheets.inspections(request),
    )

    def step(form: Any) -> str:
        revision = form.cleaned_data["revision"] or 0
        actions.edit_meeting(row, form.values(), revision=revision, actor=edge.actor_of(request))
        return _page(row)

    return sheets.answer(
        request, sheets.Sheet(_("修改会议"), _("保存"), _page(row), form, step, _("已保存。"))
    )


@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a meeting was held."""
    row = _own(request, pk)
    actions.hold_meeting(row, actor=edge.actor_of(request))
    return sheets.went(request, _("已登记召开。"), "oversight:meeting", pk)


@sheets.both
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a meeting that was called."""
    row = _own(request, pk)

    def step(form: Any) -> str:
        actions.cancel_meeting(row, reason=form.values()["reason"], actor=edge.actor_of(request))
        return reverse("oversight:meetings")

    sheet = sheets.Sheet(
        _("取消会议"),
        _("取消会议"),
        _page(row),
        WhyForm(request.POST or None),
        step,
        _("已取消，次数保留。"),
        grave=True,
    )
    return sheets.answer(request, sheet)


@sheets.both
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who was there."""
    row = _own(request, pk)
    first = lines_of(list(row.attendance.filter(withdrawn=False).order_by("position", "pk")))

    def step(form: Any) -> str:
        people = form.people(sheets.known_names(row.organisation_id))
        actions.set_attendance(row, people, actor=edge.actor_of(request))
        return _page(row)

    form = AttendanceForm(request.POST or None, initial=first)
    sheet = sheets.Sheet(_("登记到会"), _("保存到会人员"), _page(row), form, step, _("已保存到会人员。"))
    return sheets.answer(request, sheet)


@sheets.both
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who stands aside from what."""
    row = _own(request, pk)
    problems = Problem.objects.filter(
        organisation_id=row.organisation_id, withdrawn__in=LIVE, inspection__mode="live"
    )
    known = row_choices(row.organisation_id)
    form = RecuseForm(
        request.POST or None,
        people=known["people"],
        tasks=known["tasks"],
        problems=[
            (str(key), f"{number} {title[:30]}")
            for key, number, title in problems.order_by("inspection_id", "position").values_list(
                "pk", "number", "title"
            )[:500]
        ],
    )

    def step(form: Any) -> str:
        actions.recuse(row, actor=edge.actor_of(request), **form.values())
        return _page(row)

    sheet = sheets.Sheet(
        _("登记回避"),
        _("登记回避"),
        _page(row),
        form,
        step,
        _("已登记回避，回避人不能在这次会议上销号这些任务。"),
    )
    return sheets.answer(request, sheet)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the chosen tasks in the meeting, all or none."""
    row = doors.meeting_for(user_of(request), pk, edge.today(request))
    doors.acting("close", edge.actor_of(request), row.organisation_id)
    ids = [int(one) for one in request.POST.getlist("id") if one.isdecimal() and len(one) < 18]
    closed = actions.close_in_meeting(row, ids, actor=edge.actor_of(request))
    return sheets.went(request, _("已在会上销号%(n)s项。") % {"n": len(closed)}, "oversight:meeting", pk)


@require_GET
def file(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """Give the minutes as docx or PDF."""
    row = doors.meeting_for(user_of(request), pk, edge.today(request))
    if suffix not in ("docx", "pdf"):
        raise NotVisible("oversight.not-found")
    if row.state != HELD:
        raise NotAllowed("oversight.not-held")
    paper = compose_minutes(minutes_of(row))
    return sheets.attached(write_paper(paper, suffix), f"{paper.title}.{suffix}")


def _own(request: HttpRequest, pk: int) -> Meeting:
    row = doors.meeting_for(user_of(request), pk, edge.today(request))
    doors.acting("write", edge.actor_of(request), row.organisation_id)
    return row


def _page(row: Meeting) -> str:
    return reverse("oversight:meeting", args=[row.pk])
