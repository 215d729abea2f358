"""Slips and letters: proposals of the ladder, drafts, issue, delivery, reply; and the rules of oversight."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import JsonValue

from bihuan.api import answers, asking
from bihuan.api.auth import Caller, caller
from bihuan.api.bodies import Body, Day, Id, Reason, Revision, Text, Word, Yes
from bihuan.api.describing import parameters
from bihuan.api.rows import plain
from bihuan.core.letters import KINDS, STATES, compose_letter
from bihuan.core.oversight import RULES
from bihuan.core.refusal import NotVisible
from bihuan.formats.papers import write_paper
from bihuan.oversight.actions import letters as actions
from bihuan.oversight.actions.replies import Reply, judge_reply, reply_to, stored
from bihuan.oversight.actions.rules import set_rule
from bihuan.oversight.models import Letter
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.letters import facts_of, number_of, overdue, proposals
from bihuan.oversight.queries.rules import rules_of

router = Router(tags=["letters"])


class LetterFacts(Body):
    """The facts of a letter; `kind` as in the list of kinds in docs/oversight.md."""

    kind: Word = ""
    unit_id: Id | None = None
    inspection_id: Id | None = None
    addressee: Text = ""
    copies: Text = ""
    title: Text = ""
    text: Text = ""
    basis: Text = ""
    signer: Text = ""
    reply_due_on: Day | None = None


class NewLetter(LetterFacts):
    """A draft, with the tasks that it is about."""

    organisation_id: Id
    kind: Word
    unit_id: Id
    addressee: Text
    title: Text
    text: Text
    tasks: list[Id] = []


class ChangedLetter(LetterFacts):
    """New facts of a draft beside the revision that was read."""

    revision: Revision


class Proposed(Body):
    """The slips to issue, by the keys of their proposals, all or none."""

    keys: list[Text]


class Delivered(Body):
    """To whom a letter was handed, when and how: hand, system, post, exchange or read_out."""

    delivered_on: Day
    delivered_to: Text
    delivered_how: Word


class Judged(Body):
    """Whether a reply stands; given back it needs a reason."""

    taken: Yes
    reason: Text = ""


class Note(Body):
    """Why a letter is closed without a reply that stands."""

    note: Text = ""


class NewRule(Body):
    """The value of a rule from a day on (today), and the paper that says so."""

    value: JsonValue = None
    source: Text
    starts_on: Day | None = None


@router.get("/letters", openapi_extra=parameters("kind", "state", *asking.PAGING))
def list_letters(request: HttpRequest) -> HttpResponse:
    """List the letters in sight; `state` may also be `late`: the reply is overdue."""
    by = caller(request)
    params = asking.asked(request, ("kind", "state", *asking.PAGING))
    rows = doors.letters_seen(by.reach())
    kind, state = params.get("kind", ""), params.get("state", "")
    if (kind and kind not in KINDS) or (state and state not in (*STATES, "late")):
        raise NotVisible("oversight.not-found")
    rows = rows.filter(kind=kind) if kind else rows
    if state:
        rows = rows.filter(overdue(by.today)) if state == "late" else rows.filter(state=state)
    shown, total, number, size = asking.cut(rows, params)
    return answers.page([plain(one) for one in shown], total=total, number=number, size=size)


@router.post("/letters")
def draft_letter(request: HttpRequest, body: NewLetter) -> HttpResponse:
    """Draft a letter; it is numbered when it is issued."""
    by = caller(request)
    organisation = doors.organisation_for(by.user, body.organisation_id, by.today)
    values = body.given("organisation_id", "tasks")
    made = actions.draft_letter(organisation, values, task_ids=body.tasks, actor=by.actor)
    return answers.created(plain(made))


@router.get("/organisations/{int:organisation_id}/proposed-slips")
def list_proposed_slips(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """List the slips that the ladder asks for today; `held` names tasks that wait for an outside body."""
    by = caller(request)
    organisation = doors.organisation_for(by.user, organisation_id, by.today)
    rows = [
        {
            "key": one.key, "unit_id": one.unit_id, "unit": one.unit, "rung": one.rung.key, "kind": one.rung.kind,
            "to": one.rung.to, "reply_due_on": one.reply_due_on, "tasks": [task.pk for task in one.tasks],
            "held": [{"task_id": task.pk, "body": body} for task, body in one.held],
        }
        for one in proposals(organisation, by.today)
    ]  # fmt: skip
    return answers.json(rows)


@router.post("/organisations/{int:organisation_id}/proposed-slips")
def issue_proposed_slips(request: HttpRequest, organisation_id: int, body: Proposed) -> HttpResponse:
    """Issue slips that the ladder proposes, all or none; 409 when one is no longer due."""
    by = caller(request)
    organisation = doors.organisation_for(by.user, organisation_id, by.today)
    made = actions.issue_proposed(organisation, body.keys, actor=by.actor)
    return answers.created([plain(one) for one in made])


@router.get("/letters/{int:letter_id}")
def get_letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Return a letter with its printed number, its tasks and its replies."""
    row, by = _letter(request, letter_id)
    rules = rules_of(row.organisation_id, row.issued_on or by.today)
    return answers.json(
        {
            **plain(row),
            "number_text": number_of(row, rules),
            "tasks": list(row.subjects.order_by("pk").values("task_id", "due_on")),
            "replies": [plain(one) for one in row.replies.order_by("pk")],
        }
    )


@router.patch("/letters/{int:letter_id}")
def edit_letter(request: HttpRequest, letter_id: int, body: ChangedLetter) -> HttpResponse:
    """Change a draft."""
    row, by = _letter(request, letter_id)
    changed = actions.edit_letter(row, body.given("revision"), revision=body.revision, actor=by.actor)
    return answers.json(plain(changed))


@router.post("/letters/{int:letter_id}/issue")
def issue_letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Issue a draft under the next number of its kind and year."""
    row, by = _letter(request, letter_id)
    return answers.json(plain(actions.issue_letter(row, actor=by.actor)))


@router.post("/letters/{int:letter_id}/deliver")
def deliver_letter(request: HttpRequest, letter_id: int, body: Delivered) -> HttpResponse:
    """Write down the delivery of an issued letter."""
    row, by = _letter(request, letter_id)
    delivery = actions.Delivery(body.delivered_on, body.delivered_to, body.delivered_how)
    return answers.json(plain(actions.deliver_letter(row, delivery, actor=by.actor)))


@router.post("/letters/{int:letter_id}/reply")
def reply_to_letter(
    request: HttpRequest,
    letter_id: int,
    text: Form[Text] = "",
    signer: Form[Text] = "",
    replied_on: Form[Day | None] = None,
    file: File[UploadedFile | None] = None,
) -> HttpResponse:
    """Answer a letter (multipart) as its unit; as the issuer, write down a reply that came on paper."""
    row, by = _letter(request, letter_id)
    kept = None
    if file is not None:
        if not doors.may("report", by.user, row.unit_id, by.today):
            doors.issuing(row, by.actor)
        kept = stored(
            file.chunks(), name=file.name or "", organisation_id=row.organisation_id, actor=by.actor
        )
    reply = Reply(text, kept, (file.name or "") if file else "", signer, replied_on)
    return answers.created(plain(reply_to(row, reply, actor=by.actor)))


@router.post("/letters/replies/{int:reply_id}/judge")
def judge_letter_reply(request: HttpRequest, reply_id: int, body: Judged) -> HttpResponse:
    """Let a reply stand, or give it back with a reason."""
    by = caller(request)
    row = doors.reply_for(by.user, reply_id, by.today)
    return answers.json(plain(judge_reply(row, taken=body.taken, note=body.reason, actor=by.actor)))


@router.post("/letters/{int:letter_id}/close")
def close_letter(request: HttpRequest, letter_id: int, body: Note) -> HttpResponse:
    """Close a letter."""
    row, by = _letter(request, letter_id)
    return answers.json(plain(actions.close_letter(row, note=body.note, actor=by.actor)))


@router.post("/letters/{int:letter_id}/void")
def void_letter(request: HttpRequest, letter_id: int, body: Reason) -> HttpResponse:
    """Make an issued letter void; its number stays taken."""
    row, by = _letter(request, letter_id)
    return answers.json(plain(actions.void_letter(row, reason=body.reason, actor=by.actor)))


@router.get("/letters/{int:letter_id}/file.{str:suffix}")
def get_letter_file(request: HttpRequest, letter_id: int, suffix: str) -> HttpResponse:
    """Return a letter as docx or pdf."""
    row, by = _letter(request, letter_id)
    if suffix not in ("docx", "pdf"):
        raise NotVisible("oversight.not-found")
    facts = facts_of(row, by.today)
    written = write_paper(compose_letter(facts), suffix)
    name = f"{facts.number}{row.title}.{suffix}"
    return answers.download(written.content, name=name, media_type=written.media_type)


@router.get("/organisations/{int:organisation_id}/oversight-rules")
def list_oversight_rules(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """List the rules of oversight that hold today: value, source, and since when the organisation's own holds."""
    by = caller(request)
    organisation = doors.organisation_for(by.user, organisation_id, by.today)
    held = rules_of(organisation.pk, by.today)
    rows: list[dict[str, Any]] = [
        {"key": key, "value": held.value(key), "source": held.source(key), "since": held.since(key)}
        for key in RULES
    ]
    return answers.json(rows)


@router.post("/organisations/{int:organisation_id}/oversight-rules/{str:key}")
def set_oversight_rule(request: HttpRequest, organisation_id: int, key: str, body: NewRule) -> HttpResponse:
    """Set a rule of oversight from a day on, with the paper that says so."""
    by = caller(request)
    organisation = doors.organisation_for(by.user, organisation_id, by.today)
    made = set_rule(
        organisation, key, body.value, source=body.source, starts_on=body.starts_on, actor=by.actor
    )
    return answers.json(plain(made))


def _letter(request: HttpRequest, letter_id: int) -> tuple[Letter, Caller]:
    by = caller(request)
    return doors.letter_for(by.user, letter_id, by.today), by
