"""Weekly dispatches and what was decided: agenda as of any day, missed weeks, decisions, papers."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Reason, Revision, Text, Word, Yes
from bihuan.api.describing import parameters
from bihuan.api.rows import plain
from bihuan.core.agenda import frozen
from bihuan.core.meetings import HELD
from bihuan.core.minutes import compose_minutes
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.findings.queries.doors import inspection_for
from bihuan.formats.briefs import write_brief
from bihuan.formats.papers import write_paper
from bihuan.oversight.actions import decisions, dispatches, meetings
from bihuan.oversight.models import Attendance, Decision, Dispatch
from bihuan.oversight.queries import doors, due
from bihuan.oversight.queries.agenda import agenda_of
from bihuan.oversight.queries.papers import agenda_for, brief_of, minutes_of
from bihuan.oversight.queries.rhythm import missed_weeks
from bihuan.oversight.queries.rules import rules_of

router = Router(tags=["dispatches"])


class NewDispatch(Body):
    """The week (any day of it) that a dispatch is prepared for; without an inspection it is about all live ones."""

    organisation_id: Id
    week_of: Day
    inspection_id: Id | None = None


class DispatchFacts(Body):
    """Where a dispatch meets, who chairs it, a note."""

    place: Text = ""
    chair: Text = ""
    note: Text = ""


class ChangedDispatch(DispatchFacts):
    """New facts beside the revision that was read."""

    revision: Revision


class HeldDispatch(DispatchFacts):
    """That a dispatch was held, and as of when its agenda is frozen (the day itself)."""

    held_on: Day
    as_of: Day | None = None


class Person(Body):
    """Somebody of the list; `manner`: present, online, substitute, absent or guest."""

    name: Text
    person_id: Id | None = None
    post: Text = ""
    unit_id: Id | None = None
    manner: Word = "present"
    reason: Text = ""


class People(Body):
    """Who was to be there: the whole list, in its order."""

    people: list[Person]


class DecisionFacts(Body):
    """A decision; with `asked` a question laid before the leading group, with the office's `advice`."""

    text: Text = ""
    unit_id: Id | None = None
    person_id: Id | None = None
    person_name: Text = ""
    due_on: Day | None = None
    task_id: Id | None = None
    asked: Yes = False
    advice: Text = ""


class ChangedDecision(DecisionFacts):
    """New facts beside the revision that was read."""

    revision: Revision


class Answer(Body):
    """What the group answers: agreed, declined or changed; name and day for an answer from a paper."""

    answer: Word
    text: Text = ""
    answered_by: Text = ""
    answered_on: Day | None = None


class Done(Body):
    """When a decision was done, and what came of it."""

    done_on: Day
    note: Text


@router.get("/dispatches", openapi_extra=parameters(*asking.PAGING))
def list_dispatches(request: HttpRequest) -> HttpResponse:
    """List the dispatches in sight, the latest first."""
    by = caller(request)
    params = asking.asked(request, asking.PAGING)
    shown, total, number, size = asking.cut(doors.dispatches_seen(by.reach()), params)
    rows = [{key: value for key, value in plain(row).items() if key != "agenda"} for row in shown]
    return answers.page(rows, total=total, number=number, size=size)


@router.post("/dispatches")
def prepare_dispatch(request: HttpRequest, body: NewDispatch) -> HttpResponse:
    """Prepare the dispatch of a week, under the next number."""
    by = caller(request)
    organisation = doors.organisation_for(by.user, body.organisation_id, by.today)
    one = inspection_for(by.user, body.inspection_id, by.today) if body.inspection_id else None
    made = dispatches.prepare(organisation, week_of=body.week_of, inspection=one, actor=by.actor)
    return answers.created(plain(made))


@router.get("/dispatches/{int:dispatch_id}")
def get_dispatch(request: HttpRequest, dispatch_id: int) -> HttpResponse:
    """Return a dispatch with its agenda (frozen, or as of today), attendance and decisions."""
    by = caller(request)
    row = doors.dispatch_for(by.user, dispatch_id, by.today)
    return answers.json(
        {
            **plain(row),
            "agenda": frozen(agenda_for(row, by.today)),
            "attendance": [plain(one) for one in _attendance(dispatch=row)],
            "decisions": [plain(one) for one in row.decisions.filter(withdrawn=False).order_by("position")],
        }
    )


@router.get("/dispatches/{int:dispatch_id}/agenda", openapi_extra=parameters("as_of"))
def get_agenda(request: HttpRequest, dispatch_id: int) -> HttpResponse:
    """Return the agenda as the register shows it at the end of `as_of` (today), whatever was frozen."""
    by = caller(request)
    day = asking.day(asking.asked(request, ("as_of",)), "as_of") or by.today
    row = doors.dispatch_for(by.user, dispatch_id, by.today)
    rules = rules_of(row.organisation_id, day)
    return answers.json(frozen(agenda_of(row.organisation_id, row.inspection_id, min(day, by.today), rules)))


@router.patch("/dispatches/{int:dispatch_id}")
def edit_dispatch(request: HttpRequest, dispatch_id: int, body: ChangedDispatch) -> HttpResponse:
    """Change place, chair or note."""
    by = caller(request)
    row = doors.dispatch_for(by.user, dispatch_id, by.today)
    changed = dispatches.edit_dispatch(row, body.given("revision"), revision=body.revision, actor=by.actor)
    return answers.json(plain(changed))


@router.post("/dispatches/{int:dispatch_id}/hold")
def hold_dispatch(request: HttpRequest, dispatch_id: int, body: HeldDispatch) -> HttpResponse:
    """Say that a dispatch was held, and freeze its agenda."""
    by = caller(request)
    row = doors.dispatch_for(by.user, dispatch_id, by.today)
    values = body.given("held_on", "as_of")
    held = dispatches.hold(row, held_on=body.held_on, as_of=body.as_of, values=values, actor=by.actor)
    return answers.json(plain(held))


@router.post("/dispatches/{int:dispatch_id}/cancel")
def cancel_dispatch(request: HttpRequest, dispatch_id: int, body: Reason) -> HttpResponse:
    """Cancel a dispatch that is prepared; its number stays."""
    by = caller(request)
    row = doors.dispatch_for(by.user, dispatch_id, by.today)
    return answers.json(plain(dispatches.cancel_dispatch(row, reason=body.reason, actor=by.actor)))


@router.post("/dispatches/{int:dispatch_id}/attendance")
def set_dispatch_attendance(request: HttpRequest, dispatch_id: int, body: People) -> HttpResponse:
    """Set who was to be at a dispatch."""
    by = caller(request)
    row = doors.dispatch_for(by.user, dispatch_id, by.today)
    made = meetings.set_attendance(row, [one.dict() for one in body.people], actor=by.actor)
    return answers.json([plain(one) for one in made])


@router.get("/dispatches/{int:dispatch_id}/{str:what}.{str:suffix}")
def get_dispatch_file(request: HttpRequest, dispatch_id: int, what: str, suffix: str) -> HttpResponse:
    """Return the one A4 (`brief`) or the minutes as docx or pdf."""
    by = caller(request)
    row = doors.dispatch_for(by.user, dispatch_id, by.today)
    if what not in ("brief", "minutes") or suffix not in ("docx", "pdf"):
        raise NotVisible("oversight.not-found")
    if what == "minutes" and row.state != HELD:
        raise NotAllowed("oversight.not-held")
    agenda = agenda_for(row, by.today)
    if what == "brief":
        written = write_brief(brief_of(row, agenda), suffix)
    else:
        written = write_paper(compose_minutes(minutes_of(row, agenda)), suffix)
    name = f"{'整改调度专报' if what == 'brief' else '整改调度会纪要'}第{row.number}期.{suffix}"
    return answers.download(written.content, name=name, media_type=written.media_type)


@router.get("/organisations/{int:organisation_id}/missed-weeks", openapi_extra=parameters("until"))
def list_missed_weeks(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """List the Mondays of the weeks that had no dispatch by the end of `until` (today)."""
    by = caller(request)
    until = asking.day(asking.asked(request, ("until",)), "until") or by.today
    organisation = doors.organisation_for(by.user, organisation_id, by.today)
    return answers.json({"until": until, "missed": missed_weeks(organisation, until)})


@router.post("/dispatches/{int:dispatch_id}/decisions")
def add_dispatch_decision(request: HttpRequest, dispatch_id: int, body: DecisionFacts) -> HttpResponse:
    """Write down a decision of a dispatch, or a question for the leading group."""
    by = caller(request)
    row = doors.dispatch_for(by.user, dispatch_id, by.today)
    return answers.created(plain(decisions.add_decision(row, body.given(), actor=by.actor)))


@router.get("/decisions", openapi_extra=parameters("show", *asking.PAGING))
def list_decisions(request: HttpRequest) -> HttpResponse:
    """List the decisions in sight: `show` all, open, late, due (the caller's own of this week), done or asked."""
    by = caller(request)
    params = asking.asked(request, ("show", *asking.PAGING))
    shown_by = {
        "": Q(), "all": Q(), "open": due.OPEN, "late": due.OPEN & Q(due_on__lt=by.today),
        "due": due.mine(by.user.pk, by.today, due.due_by(by.today)),
        "done": Q(done_on__isnull=False), "asked": due.ASKED,
    }  # fmt: skip
    if params.get("show", "") not in shown_by:
        raise NotVisible("oversight.not-found")
    rows = doors.decisions_seen(by.reach()).filter(shown_by[params.get("show", "")]).order_by("due_on", "pk")
    shown, total, number, size = asking.cut(rows, params)
    return answers.page([plain(one) for one in shown], total=total, number=number, size=size)


@router.get("/decisions/{int:decision_id}")
def get_decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Return a decision."""
    by = caller(request)
    return answers.json(plain(doors.decision_for(by.user, decision_id, by.today)))


@router.patch("/decisions/{int:decision_id}")
def edit_decision(request: HttpRequest, decision_id: int, body: ChangedDecision) -> HttpResponse:
    """Change a decision that is not done."""
    row, by = _decision(request, decision_id)
    changed = decisions.edit_decision(row, body.given("revision"), revision=body.revision, actor=by.actor)
    return answers.json(plain(changed))


@router.post("/decisions/{int:decision_id}/answer")
def answer_decision(request: HttpRequest, decision_id: int, body: Answer) -> HttpResponse:
    """Answer a question laid before the leading group."""
    row, by = _decision(request, decision_id)
    given = body.dict()
    changed = decisions.answer_decision(row, given.pop("answer"), actor=by.actor, **given)
    return answers.json(plain(changed))


@router.post("/decisions/{int:decision_id}/finish")
def finish_decision(request: HttpRequest, decision_id: int, body: Done) -> HttpResponse:
    """Say that a decision was done."""
    row, by = _decision(request, decision_id)
    changed = decisions.finish_decision(row, done_on=body.done_on, note=body.note, actor=by.actor)
    return answers.json(plain(changed))


@router.post("/decisions/{int:decision_id}/withdraw")
def withdraw_decision(request: HttpRequest, decision_id: int, body: Reason) -> HttpResponse:
    """Withdraw a decision; it stays in the record."""
    row, by = _decision(request, decision_id)
    return answers.json(plain(decisions.withdraw_decision(row, reason=body.reason, actor=by.actor)))


def _decision(request: HttpRequest, decision_id: int) -> tuple[Decision, Any]:
    by = caller(request)
    return doors.decision_for(by.user, decision_id, by.today), by


def _attendance(**link: Dispatch) -> Any:
    return Attendance.objects.filter(**link, withdrawn=False).order_by("position", "pk")
