"""Rounds of supervision: set up, freeze, draw, record, confirm, reopen, report; assessments and forms."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Line200, Reason, Revision, Text, Word
from bihuan.api.describing import parameters
from bihuan.core import assessment as scoring
from bihuan.core.refusal import NotVisible
from bihuan.core.round_papers import compose_report, compose_sheet
from bihuan.core.sampling import list_text
from bihuan.findings.queries import doors
from bihuan.findings.queries.sight import reach_of
from bihuan.formats.papers import write_paper
from bihuan.orgs.queries import sight
from bihuan.oversight.actions import assessments as marking
from bihuan.oversight.actions import round_checks, rounds
from bihuan.oversight.models import Assessment, Round, RoundCheck
from bihuan.oversight.queries import assessments as facts
from bihuan.oversight.queries import forms as form_queries
from bihuan.oversight.queries import round_facts
from bihuan.oversight.queries import rounds as queries

router = Router(tags=["rounds"])
ROUND = (
    "inspection_id", "number", "kind", "title", "starts_on", "ends_on", "questions", "strata", "weights", "state",
    "digest", "items", "size", "agreed", "seed", "drawn", "conclusion", "reported_on", "withdrawn", "revision",
)  # fmt: skip
CHECK = (
    "item_id", "current", "result", "reason", "note", "answers", "place", "captured_at", "received_at", "via",
    "first_id", "second_id", "first_at", "second_at", "correction", "made_return_id", "reopening_id",
)  # fmt: skip
TYPES = {"xlsx": answers.XLSX, "docx": answers.DOCX}


class RoundFacts(Body):
    """The setup of a round; its list is made when it is frozen."""

    kind: Word = ""
    title: Line200 = ""
    starts_on: Day | None = None
    ends_on: Day | None = None
    questions: list[Line200] | None = None
    strata: list[Word] | None = None
    weights: dict[str, int] | None = None

    def values(self, *but: str) -> dict[str, Any]:
        """Return what was sent and is not null."""
        return {name: value for name, value in self.given(*but).items() if value is not None}


class ChangedRound(RoundFacts):
    """New facts of a round, beside the revision that was read."""

    revision: Revision


class Seed(Body):
    """The text agreed in public and how many to draw; `reason` for drawing once more."""

    agreed: Text
    size: Id
    reason: Text = ""


class Found(Body):
    """What two persons found of an item. `over`: the check that is corrected."""

    item_id: Id
    result: Word
    first_id: Id
    second_id: Id
    captured_at: datetime
    answers: dict[str, str] = {}
    reason: Word = ""
    note: Text = ""
    place: Text = ""
    correction: Text = ""
    over: int = 0


class FoundMany(Body):
    """What was found of several items, written together or not at all."""

    checks: list[Found]


class Ids(Body):
    """Checks to be confirmed by the caller as one of the two persons."""

    ids: list[Id]


class Note(Body):
    """Why; empty takes the note of the check."""

    note: Text = ""


class Conclusion(Body):
    """The conclusion of a round, or the opinion of an assessment."""

    conclusion: Text


class NewAssessment(Body):
    """An assessment of an inspection as of a day, by the usual indicators."""

    title: Line200
    as_of: Day


class Mark(Body):
    """A mark in tenths and why."""

    indicator: Word
    tenths: int
    reason: Text


class Marks(Body):
    """Marks, given together or not at all."""

    scores: list[Mark]


@router.get("/rounds", openapi_extra=parameters("inspection", *asking.PAGING))
def list_rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds in sight, the newest first, with how far each is."""
    by = caller(request)
    params = asking.asked(request, ("inspection", *asking.PAGING))
    found = queries.rounds_seen(by.reach())
    if (inspection := asking.whole(params, "inspection")) is not None:
        found = found.filter(inspection_id=inspection)
    shown, total, number, size = asking.cut(found, params)
    done = queries.progress([one.pk for one in shown])
    return answers.page(
        [_round(one, done.get(one.pk)) for one in shown], total=total, number=number, size=size
    )


@router.post("/inspections/{int:inspection_id}/rounds")
def create_round(request: HttpRequest, inspection_id: int, body: RoundFacts) -> HttpResponse:
    """Set up a round."""
    by = caller(request)
    inspection = doors.inspection_for(by.user, inspection_id, by.today)
    return answers.created(_round(rounds.create_round(inspection, body.values(), actor=by.actor)))


@router.get("/rounds/{int:round_id}")
def get_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """Return a round with its draws, its items and what was found of each; rates for whoever is shown them."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today)
    seen = queries.rates_seen(by.user, row.organisation_id, by.today)
    return answers.json(
        {
            **_round(row, queries.progress([row.pk]).get(row.pk)),
            "draws": list(
                row.draws.order_by("number").values(
                    "number", "agreed", "seed", "size", "labels", "reason", "at"
                )
            ),
            "listed": [_item(one) for one in queries.items_of(row)],
            "rates": [{**_rate(one)} for one in queries.rates_of(row)] if seen else None,
        }
    )


@router.patch("/rounds/{int:round_id}")
def edit_round(request: HttpRequest, round_id: int, body: ChangedRound) -> HttpResponse:
    """Change a round whose list is not frozen."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today, write=True)
    return answers.json(
        _round(rounds.edit_round(row, body.values("revision"), revision=body.revision, actor=by.actor))
    )


@router.post("/rounds/{int:round_id}/freeze")
def freeze_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """Freeze the list; its digest is told before anybody knows the seed."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today, write=True)
    return answers.json(_round(rounds.freeze_list(row, actor=by.actor)))


@router.get("/rounds/{int:round_id}/list")
def get_round_list(request: HttpRequest, round_id: int) -> HttpResponse:
    """Return the frozen list as CSV, of which SHA-256 is the digest."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today)
    if not row.digest:
        raise NotVisible("rounds.not-found")
    text = list_text(queries.listed(row), strata=row.strata).encode()
    return answers.download(text, name=f"{row.title}.csv", media_type="text/csv; charset=utf-8")


@router.post("/rounds/{int:round_id}/draw")
def draw_round(request: HttpRequest, round_id: int, body: Seed) -> HttpResponse:
    """Draw the sample with the text agreed in public."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today, write=True)
    made = rounds.draw_sample(row, agreed=body.agreed, size=body.size, reason=body.reason, actor=by.actor)
    return answers.json(_round(made))


@router.post("/rounds/{int:round_id}/checks")
def record_checks(request: HttpRequest, round_id: int, body: FoundMany) -> HttpResponse:
    """Record what was found of items, all or none."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today, write=True)
    drafts = [round_checks.CheckDraft(**one.dict()) for one in body.checks]
    made = round_checks.record_checks(row, drafts, via="api", actor=by.actor) if drafts else []
    return answers.created([_check(one) for one in made])


@router.post("/rounds/{int:round_id}/confirm")
def confirm_checks(request: HttpRequest, round_id: int, body: Ids) -> HttpResponse:
    """Confirm checks as one of their two persons; a failure returns a claim that is on its way."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today, write=True)
    own = set(RoundCheck.objects.filter(pk__in=body.ids, item__round=row).values_list("pk", flat=True))
    if own != set(body.ids):
        raise NotVisible("rounds.not-found")
    return answers.json([_check(one) for one in round_checks.confirm_checks(body.ids, actor=by.actor)])


@router.post("/round-checks/{int:check_id}/reopen")
def reopen_failed(request: HttpRequest, check_id: int, body: Note) -> HttpResponse:
    """Reopen the closed task of which a re-check failed."""
    by = caller(request)
    row = queries.check_for(by.user, check_id, by.today)
    queries.require_step(row.item.round.kind, by.user.pk, row.item.round.organisation_id, by.today)
    return answers.json(_check(round_checks.reopen_failed(row, note=body.note, actor=by.actor)))


@router.post("/rounds/{int:round_id}/report")
def report_round(request: HttpRequest, round_id: int, body: Conclusion) -> HttpResponse:
    """Conclude a round."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today, write=True)
    return answers.json(_round(rounds.report_round(row, conclusion=body.conclusion, actor=by.actor)))


@router.get("/rounds/{int:round_id}/{name}.{suffix}")
def get_round_paper(request: HttpRequest, round_id: int, name: str, suffix: str) -> HttpResponse:
    """Return the sheet to be filled in by hand or the report, as docx or PDF."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today)
    composer = {"sheet": compose_sheet, "report": compose_report}.get(name)
    wanted = ("reported",) if name == "report" else ("open", "reported")
    if composer is None or suffix not in ("docx", "pdf") or row.state not in wanted:
        raise NotVisible("rounds.not-found")
    written = write_paper(composer(round_facts.facts(row)), suffix)
    return answers.download(written.content, name=f"{row.title}.{suffix}", media_type=written.media_type)


@router.post("/rounds/{int:round_id}/withdraw")
def withdraw_round(request: HttpRequest, round_id: int, body: Reason) -> HttpResponse:
    """Withdraw a round in which nothing was looked at yet."""
    by = caller(request)
    row = queries.round_for(by.user, round_id, by.today, write=True)
    return answers.json(_round(rounds.withdraw_round(row, reason=body.reason, actor=by.actor)))


@router.post("/inspections/{int:inspection_id}/assessments")
def begin_assessment(request: HttpRequest, inspection_id: int, body: NewAssessment) -> HttpResponse:
    """Begin an assessment."""
    by = caller(request)
    inspection = doors.inspection_for(by.user, inspection_id, by.today)
    made = marking.begin_assessment(inspection, title=body.title, as_of=body.as_of, actor=by.actor)
    return answers.created(_assessment(made))


@router.get("/assessments/{int:assessment_id}")
def get_assessment(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Return an assessment: its indicators, the facts as counted, the marks."""
    by = caller(request)
    return answers.json(_assessment(facts.assessment_for(by.user, assessment_id, by.today)))


@router.post("/assessments/{int:assessment_id}/scores")
def give_scores(request: HttpRequest, assessment_id: int, body: Marks) -> HttpResponse:
    """Give marks with their reasons."""
    by = caller(request)
    row = facts.assessment_for(by.user, assessment_id, by.today, write=True)
    given: dict[str, tuple[int | None, str]] = {
        one.indicator: (one.tenths, one.reason) for one in body.scores
    }
    marking.give_scores(row, given, actor=by.actor)
    return answers.json(_assessment(row))


@router.post("/assessments/{int:assessment_id}/conclude")
def conclude_assessment(request: HttpRequest, assessment_id: int, body: Conclusion) -> HttpResponse:
    """Conclude an assessment; its facts are frozen."""
    by = caller(request)
    row = facts.assessment_for(by.user, assessment_id, by.today, write=True)
    return answers.json(
        _assessment(marking.conclude_assessment(row, opinion=body.conclusion, actor=by.actor))
    )


@router.get("/forms/{int:form_id}/filled", openapi_extra=parameters("of"))
def fill_form(request: HttpRequest, form_id: int) -> HttpResponse:
    """Return a superior's form filled for the inspection, problem or task `of`."""
    by = caller(request)
    params = asking.asked(request, ("of",))
    row = form_queries.form_for(by.user, form_id, by.today)
    of = asking.whole(params, "of") or 0
    door: Any = {"inspection": doors.inspection_for, "problem": doors.problem_for, "task": doors.task_for}[
        row.subject
    ]
    seen = reach_of(sight(by.user, by.today))
    made = form_queries.filled(row, door(by.user, of, by.today), seen, by.today)
    return answers.download(made, name=f"{row.name}.{row.kind}", media_type=TYPES[row.kind])


def _round(row: Round, done: queries.Progress | None = None) -> dict[str, Any]:
    told = {"id": row.pk, **{name: getattr(row, name) for name in ROUND}}
    if done is not None:
        told |= {name: getattr(done, name) for name in ("chosen", "checked", "failed", "unseen", "waiting")}
    return told


def _item(one: queries.LookedAt) -> dict[str, Any]:
    names = ("task_id", "label", "unit_id", "unit_name", "risk", "state", "ticket", "rank")
    item = one.item
    return {
        "id": item.pk,
        **{name: getattr(item, name) for name in names},
        "check": _check(one.check) if one.check else None,
    }


def _check(row: RoundCheck) -> dict[str, Any]:
    return {"id": row.pk, **{name: getattr(row, name) for name in CHECK}}


def _rate(one: Any) -> dict[str, Any]:
    names = ("unit", "name", "drawn", "seen", "failed", "low", "high", "confidence")
    return {name: getattr(one, name) for name in names}


def _assessment(row: Assessment) -> dict[str, Any]:
    names = ("inspection_id", "title", "as_of", "indicators", "state", "opinion", "concluded_on")
    asked = [fact for one in row.indicators for fact in one["facts"]]
    counted = (
        row.facts if row.facts is not None else facts.counts([*asked, "untrue"], row.inspection, row.as_of)
    )
    scores = list(
        row.scores.filter(current=True).order_by("pk").values("indicator", "tenths", "reason", "by_id", "at")
    )
    veto_from, veto_source = facts.veto_of(row)
    total = scoring.summed(
        scoring.thawed(row.indicators),
        {one["indicator"]: one["tenths"] for one in scores},
        untrue=counted.get("untrue", 0),
        veto_from=veto_from,
    )
    return {
        "id": row.pk, **{name: getattr(row, name) for name in names},
        "facts": {name: count for name, count in counted.items() if name != facts.VETO},
        "veto_from": veto_from, "veto_source": veto_source, "scores": scores,
        "tenths": total.given, "full": total.full, "unscored": total.unscored, "vetoed": total.vetoed,
    }  # fmt: skip
