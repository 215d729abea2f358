"""What stands beside closure: blockers, disputes, recusals, recipients, long-term reviews and remarks."""

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Line200, Reason, Text, Word, Yes
from bihuan.api.describing import parameters
from bihuan.findings.actions import axes, comments, recipients
from bihuan.findings.queries import axes as doors_beside
from bihuan.findings.queries import doors
from bihuan.oversight.queries import remarks

router = Router(tags=["beside closure"])


class Blocked(Body):
    """Why no task of a problem may be closed now, and where that was found."""

    reason: Text
    source: Line200 = ""


class Disputed(Body):
    """Why a problem, or one task of it, is not accepted."""

    ground: Text
    task_id: Id | None = None


class Ruled(Body):
    """The superior's ruling: upheld, dismissed or partly. The office needs the paper (an upload, purpose ruling)."""

    ruling: Word
    text: Text
    ruled_on: Day | None = None
    upload_id: Id | None = None


class Recused(Body):
    """Who takes no part in what is decided on tasks, in one meeting or always, and why."""

    tasks: list[Id] = Field(min_length=1, max_length=500)
    person_id: Id
    meeting: Line200 = ""
    reason: Text


class Owed(Body):
    """Somebody who is owed something; `amount` in fen."""

    name: Line200
    contact: Line200 = ""
    owed: Text = ""
    amount: int = Field(default=0, ge=0, lt=10**14)


class People(Body):
    """People or firms who are owed something by a task."""

    people: list[Owed] = Field(min_length=1, max_length=recipients.MOST)


class Drawn(Body):
    """How many are asked, and the seed that was said in public."""

    size: int = Field(ge=1, le=recipients.MOST)
    seed: Line200


class Answered(Body):
    """What somebody who was drawn said: got it or not; asked by phone, visit, letter or message."""

    confirmed: Yes
    how: Word
    note: Text = ""
    asked_on: Day | None = None


class Reviewed(Body):
    """What stands on a long-term task, and when the next review is."""

    text: Text
    next_on: Day


class Remark(Body):
    """A remark on an object, with people mentioned; they must see it."""

    text: Text
    mentioned: list[Id] = Field(default=[], max_length=comments.MOST_MENTIONED)


@router.get("/problems/{int:problem_id}/blockers")
def list_blockers(request: HttpRequest, problem_id: int) -> HttpResponse:
    """List the blockers of a problem, newest first."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.problem_for(by.user, problem_id, by.today)
    return answers.json([rows.plain(one) for one in row.blockers.order_by("-pk")])


@router.post("/problems/{int:problem_id}/blockers")
def raise_blocker(request: HttpRequest, problem_id: int, body: Blocked) -> HttpResponse:
    """Stop every task of a problem from being closed."""
    by = caller(request)
    row = doors.problem_for(by.user, problem_id, by.today)
    return answers.created(
        rows.plain(axes.raise_blocker(row, reason=body.reason, source=body.source, actor=by.actor))
    )


@router.post("/blockers/{int:blocker_id}/lift")
def lift_blocker(request: HttpRequest, blocker_id: int, body: Reason) -> HttpResponse:
    """Lift a blocker."""
    by = caller(request)
    row = doors_beside.blocker_for(by.user, blocker_id, by.today)
    return answers.json(rows.plain(axes.lift_blocker(row, note=body.reason, actor=by.actor)))


@router.get("/problems/{int:problem_id}/disputes")
def list_disputes(request: HttpRequest, problem_id: int) -> HttpResponse:
    """List the disputes on a problem, newest first."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.problem_for(by.user, problem_id, by.today)
    return answers.json([rows.plain(one) for one in row.disputes.order_by("-pk")])


@router.post("/problems/{int:problem_id}/disputes")
def raise_dispute(request: HttpRequest, problem_id: int, body: Disputed) -> HttpResponse:
    """Say in writing that a problem or one task of it is not accepted."""
    by = caller(request)
    row = doors.problem_for(by.user, problem_id, by.today)
    task = doors.task_for(by.user, body.task_id, by.today) if body.task_id is not None else None
    return answers.created(rows.plain(axes.dispute(row, ground=body.ground, task=task, actor=by.actor)))


@router.post("/disputes/{int:dispute_id}/rule")
def rule_dispute(request: HttpRequest, dispute_id: int, body: Ruled) -> HttpResponse:
    """Rule on a dispute."""
    by = caller(request)
    row = doors_beside.dispute_for(by.user, dispute_id, by.today)
    return answers.json(rows.plain(axes.rule(row, actor=by.actor, **body.dict())))


@router.get("/tasks/{int:task_id}/recusals")
def list_recusals(request: HttpRequest, task_id: int) -> HttpResponse:
    """List who takes no part in what is decided on a task."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.task_for(by.user, task_id, by.today)
    return answers.json([rows.plain(one) for one in row.recusals.order_by("pk")])


@router.post("/recusals")
def recuse(request: HttpRequest, body: Recused) -> HttpResponse:
    """Keep a person out of what is decided on tasks."""
    by = caller(request)
    found = [doors.task_for(by.user, pk, by.today) for pk in body.tasks]
    made = axes.recuse(found, body.person_id, meeting=body.meeting, reason=body.reason, actor=by.actor)
    return answers.created([rows.plain(one) for one in made])


@router.post("/recusals/{int:recusal_id}/withdraw")
def withdraw_recusal(request: HttpRequest, recusal_id: int, body: Reason) -> HttpResponse:
    """End a recusal."""
    by = caller(request)
    row = doors_beside.recusal_for(by.user, recusal_id, by.today)
    return answers.json(rows.plain(axes.withdraw_recusal(row, reason=body.reason, actor=by.actor)))


@router.get("/tasks/{int:task_id}/recipients")
def list_recipients(request: HttpRequest, task_id: int) -> HttpResponse:
    """List who was owed something by a task, and what they said; for the unit and those who lead or check the work."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.task_for(by.user, task_id, by.today)
    axes.require_one(axes.MAY["see-names"], by.actor, row.unit_id or row.organisation_id)
    return answers.json([rows.plain(one) for one in row.recipients.order_by("pk")])


@router.post("/tasks/{int:task_id}/recipients")
def add_recipients(request: HttpRequest, task_id: int, body: People) -> HttpResponse:
    """Name people or firms who are owed something."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    made = recipients.add_recipients(row, [one.dict() for one in body.people], actor=by.actor)
    return answers.created([rows.plain(one) for one in made])


@router.post("/tasks/{int:task_id}/recipients/draw")
def draw_recipients(request: HttpRequest, task_id: int, body: Drawn) -> HttpResponse:
    """Draw who is asked."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    drawn = recipients.draw_recipients(row, size=body.size, seed=body.seed, actor=by.actor)
    return answers.json([rows.plain(one) for one in drawn])


@router.post("/recipients/{int:recipient_id}/answer")
def answer_recipient(request: HttpRequest, recipient_id: int, body: Answered) -> HttpResponse:
    """Write what somebody who was drawn said."""
    by = caller(request)
    row = doors_beside.recipient_for(by.user, recipient_id, by.today)
    return answers.json(rows.plain(recipients.answer_recipient(row, actor=by.actor, **body.dict())))


@router.post("/recipients/{int:recipient_id}/withdraw")
def withdraw_recipient(request: HttpRequest, recipient_id: int, body: Reason) -> HttpResponse:
    """Strike somebody who was named by mistake."""
    by = caller(request)
    row = doors_beside.recipient_for(by.user, recipient_id, by.today)
    return answers.json(rows.plain(recipients.withdraw_recipient(row, reason=body.reason, actor=by.actor)))


@router.get("/tasks/{int:task_id}/reviews")
def list_reviews(request: HttpRequest, task_id: int) -> HttpResponse:
    """List the reviews of a long-term task, newest first."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.task_for(by.user, task_id, by.today)
    return answers.json([rows.plain(one) for one in row.reviews.order_by("-pk")])


@router.post("/tasks/{int:task_id}/reviews")
def add_review(request: HttpRequest, task_id: int, body: Reviewed) -> HttpResponse:
    """Review a long-term task."""
    by = caller(request)
    row = doors.task_for(by.user, task_id, by.today)
    return answers.created(rows.plain(axes.review(row, text=body.text, next_on=body.next_on, actor=by.actor)))


@router.get("/comments", openapi_extra=parameters("kind", "id"))
def list_comments(request: HttpRequest) -> HttpResponse:
    """List the remarks on an object, newest first.

    `kind` and `id` name it: an inspection, finding, problem, task, evidence, institution, dispatch, meeting, decision,
    letter or round.
    """
    by = caller(request)
    wanted = asking.asked(request, ("kind", "id"))
    number = wanted.get("id", "")
    subject = remarks.subject_for(
        by.user,
        wanted.get("kind", ""),
        int(number) if number.isdecimal() and len(number) < 19 else 0,
        by.today,
    )
    return answers.json([rows.plain(one) for one in doors_beside.comments_on(subject)])


@router.post("/comments/{kind}/{int:object_id}")
def add_comment(request: HttpRequest, kind: str, object_id: int, body: Remark) -> HttpResponse:
    """Write a remark; who is mentioned is told."""
    by = caller(request)
    subject = remarks.subject_for(by.user, kind, object_id, by.today)
    made = comments.comment(
        subject, text=body.text, mentioned=body.mentioned, sees=remarks.seeing(kind, object_id, by.today),
        url=f"/remarks/{kind}/{object_id}/", actor=by.actor,
    )  # fmt: skip
    return answers.created(rows.plain(made))


@router.post("/comments/{int:comment_id}/withdraw")
def withdraw_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Withdraw one's own remark."""
    by = caller(request)
    row = remarks.comment_for(by.user, comment_id, by.today)
    return answers.json(rows.plain(comments.withdraw_comment(row, actor=by.actor)))
