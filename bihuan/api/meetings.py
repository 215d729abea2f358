"""Special meetings: called, held, people, recusals, decisions, tasks closed in them, minutes."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking
from bihuan.api.auth import Caller, caller
from bihuan.api.bodies import Body, Day, Id, Reason, Revision, Text, Word
from bihuan.api.describing import parameters
from bihuan.api.dispatches import DecisionFacts, People
from bihuan.api.rows import plain
from bihuan.core.meetings import HELD
from bihuan.core.minutes import compose_minutes
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.formats.papers import write_paper
from bihuan.oversight.actions import decisions, meetings
from bihuan.oversight.models import Meeting
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.papers import minutes_of

router = Router(tags=["meetings"])


class MeetingFacts(Body):
    """The facts of a meeting."""

    title: Text = ""
    held_on: Day | None = None
    place: Text = ""
    chair: Text = ""
    topics: Text = ""
    account: Text = ""
    inspection_id: Id | None = None


class NewMeeting(MeetingFacts):
    """A meeting that is called; `kind`: special, leading_group, supervision, committee or other."""

    organisation_id: Id
    kind: Word
    title: Text
    held_on: Day


class ChangedMeeting(MeetingFacts):
    """New facts beside the revision that was read."""

    revision: Revision


class HeldMeeting(Body):
    """That a meeting was held; `account` is what was said there."""

    account: Text = ""


class NewRecusal(Body):
    """Who stands aside from a task, or from every task of a problem."""

    person_id: Id
    task_id: Id | None = None
    problem_id: Id | None = None
    reason: Text


class Chosen(Body):
    """The tasks that are closed in a meeting, all or none."""

    ids: list[Id]


@router.get("/meetings", openapi_extra=parameters(*asking.PAGING))
def list_meetings(request: HttpRequest) -> HttpResponse:
    """List the meetings in sight, the latest first."""
    by = caller(request)
    params = asking.asked(request, asking.PAGING)
    shown, total, number, size = asking.cut(doors.meetings_seen(by.reach()), params)
    return answers.page([plain(one) for one in shown], total=total, number=number, size=size)


@router.post("/meetings")
def call_meeting(request: HttpRequest, body: NewMeeting) -> HttpResponse:
    """Call a meeting under the next number of its kind."""
    by = caller(request)
    organisation = doors.organisation_for(by.user, body.organisation_id, by.today)
    made = meetings.call_meeting(organisation, body.given("organisation_id"), actor=by.actor)
    return answers.created(plain(made))


@router.get("/meetings/{int:meeting_id}")
def get_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Return a meeting with its attendance, recusals and decisions."""
    row, _by = _meeting(request, meeting_id)
    return answers.json(
        {
            **plain(row),
            "attendance": [
                plain(one) for one in row.attendance.filter(withdrawn=False).order_by("position", "pk")
            ],
            "recusals": [plain(one) for one in row.recusals.filter(withdrawn=False).order_by("pk")],
            "decisions": [plain(one) for one in row.decisions.filter(withdrawn=False).order_by("position")],
        }
    )


@router.patch("/meetings/{int:meeting_id}")
def edit_meeting(request: HttpRequest, meeting_id: int, body: ChangedMeeting) -> HttpResponse:
    """Change a meeting."""
    row, by = _meeting(request, meeting_id)
    changed = meetings.edit_meeting(row, body.given("revision"), revision=body.revision, actor=by.actor)
    return answers.json(plain(changed))


@router.post("/meetings/{int:meeting_id}/hold")
def hold_meeting(request: HttpRequest, meeting_id: int, body: HeldMeeting) -> HttpResponse:
    """Say that a meeting was held."""
    row, by = _meeting(request, meeting_id)
    return answers.json(plain(meetings.hold_meeting(row, account=body.account, actor=by.actor)))


@router.post("/meetings/{int:meeting_id}/cancel")
def cancel_meeting(request: HttpRequest, meeting_id: int, body: Reason) -> HttpResponse:
    """Cancel a meeting that was called; its number stays."""
    row, by = _meeting(request, meeting_id)
    return answers.json(plain(meetings.cancel_meeting(row, reason=body.reason, actor=by.actor)))


@router.post("/meetings/{int:meeting_id}/attendance")
def set_meeting_attendance(request: HttpRequest, meeting_id: int, body: People) -> HttpResponse:
    """Set who was to be at a meeting."""
    row, by = _meeting(request, meeting_id)
    made = meetings.set_attendance(row, [one.dict() for one in body.people], actor=by.actor)
    return answers.json([plain(one) for one in made])


@router.post("/meetings/{int:meeting_id}/recusals")
def recuse(request: HttpRequest, meeting_id: int, body: NewRecusal) -> HttpResponse:
    """Write down who stands aside; closing in this meeting refuses the person for these tasks."""
    row, by = _meeting(request, meeting_id)
    return answers.created(plain(meetings.recuse(row, actor=by.actor, **body.dict())))


@router.post("/meetings/{int:meeting_id}/decisions")
def add_meeting_decision(request: HttpRequest, meeting_id: int, body: DecisionFacts) -> HttpResponse:
    """Write down a decision of a meeting."""
    row, by = _meeting(request, meeting_id)
    return answers.created(plain(decisions.add_decision(row, body.given(), actor=by.actor)))


@router.post("/meetings/{int:meeting_id}/close")
def close_in_meeting(request: HttpRequest, meeting_id: int, body: Chosen) -> HttpResponse:
    """Close verified tasks in a meeting that was held, all or none, as a member of the leading group."""
    row, by = _meeting(request, meeting_id)
    doors.acting("close", by.actor, row.organisation_id)
    return answers.json({"closed": len(meetings.close_in_meeting(row, body.ids, actor=by.actor))})


@router.get("/meetings/{int:meeting_id}/minutes.{str:suffix}")
def get_meeting_minutes(request: HttpRequest, meeting_id: int, suffix: str) -> HttpResponse:
    """Return the minutes of a meeting that was held as docx or pdf."""
    row, _by = _meeting(request, meeting_id)
    if suffix not in ("docx", "pdf"):
        raise NotVisible("oversight.not-found")
    if row.state != HELD:
        raise NotAllowed("oversight.not-held")
    paper = compose_minutes(minutes_of(row))
    written = write_paper(paper, suffix)
    return answers.download(written.content, name=f"{paper.title}.{suffix}", media_type=written.media_type)


def _meeting(request: HttpRequest, meeting_id: int) -> tuple[Meeting, Caller]:
    by = caller(request)
    return doors.meeting_for(by.user, meeting_id, by.today), by
