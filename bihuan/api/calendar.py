"""The working-day calendar and the deadlines of an organisation, each day and term with its source."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Because, Body, Day, Line60, Line200, Word, Yes
from bihuan.api.describing import parameters
from bihuan.core.deadlines import MEASURES, MOST, Term, due, working_days_between
from bihuan.core.refusal import Refused
from bihuan.orgs import actions, queries
from bihuan.orgs.models import Unit

router = Router(tags=["calendar"])


class OneDay(Body):
    """A day that differs from the week: worked or free, by what name."""

    day: Day
    works: Yes
    name: Line60


class Days(Body):
    """Days of the organisation's own, with the document in which they stand."""

    days: list[OneDay] = Field(max_length=800)
    source: Line200


class OneTerm(Body):
    """So many days, working_days or months, with the document in which that stands."""

    number: int = Field(strict=True, ge=1, le=10_000)
    measure: Word
    source: Line200


@router.get("/organisations/{int:unit_id}/calendar", openapi_extra=parameters("year"))
def get_calendar(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Return the days that differ from the week, of one `year` or of all, and the years that have data."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    year = asking.whole(asking.asked(request, ("year",)), "year", most=2099)
    rows = [
        {"id": one.row_id, "day": one.day, "works": one.works, "name": one.name, "source": one.source}
        for one in queries.days_of(organisation.pk).values()
        if year in (None, one.day.year)
    ]
    return answers.json({"years": sorted(queries.calendar_of(organisation.pk).years), "rows": rows})


@router.post("/organisations/{int:unit_id}/calendar")
def set_days(request: HttpRequest, unit_id: int, body: Days) -> HttpResponse:
    """Set days of the organisation's own; those that are there already take the new values."""
    by = caller(request)
    organisation = _managed(request, unit_id)
    days = [actions.DayDraft(one.day, one.works, one.name[:40]) for one in body.days]
    made, changed = actions.set_days(organisation, days=days, source=body.source, actor=by.actor)
    return answers.created({"created": made, "changed": changed})


@router.post("/calendar-days/{int:day_id}/drop")
def drop_day(request: HttpRequest, day_id: int, body: Because) -> HttpResponse:
    """Take a day of the organisation's own out of the calendar."""
    by = caller(request)
    row = queries.calendar_day_for(by.user, day_id, by.today)
    queries.require("manage", by.user, row.organisation, today=by.today)
    actions.drop_day(row, reason=body.reason, actor=by.actor)
    return answers.json({"dropped": 1})


@router.get(
    "/organisations/{int:unit_id}/calendar/due",
    openapi_extra=parameters("from", "number", "measure", "to"),
)
def get_due(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Reckon: the last day of `number` `measure` that begin on `from`, or the working days from there up to `to`.

    `certain` is false where working days of a year without data were counted.
    """
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    params = asking.asked(request, ("from", "number", "measure", "to"))
    calendar = queries.calendar_of(organisation.pk)
    start = asking.day(params, "from") or by.today
    if (last := asking.day(params, "to")) is not None:
        if abs((last - start).days) > MOST["days"]:
            raise Refused("orgs.deadline-number", most=MOST["days"])
        known = calendar.knows(min(start, last), max(start, last))
        return answers.json({"working_days": working_days_between(start, last, calendar), "certain": known})
    measure = params.get("measure", "working_days")
    if measure not in MEASURES:
        raise Refused("orgs.measure-unknown", measure=measure[:40])
    number = asking.whole(params, "number", most=MOST[measure], usual=1) or 1
    found = due(start, Term(number, measure), calendar)
    return answers.json({"due_on": found.day, "certain": found.certain})


@router.get("/organisations/{int:unit_id}/deadlines")
def list_deadlines(request: HttpRequest, unit_id: int) -> HttpResponse:
    """List the deadlines of an organisation with their terms and sources."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    return answers.json(
        [
            {
                "id": one.row_id,
                "code": code,
                **_term(one.term),
                "shipped": None if one.row_id is None else _term(one.shipped),
            }
            for code, one in queries.deadlines_of(organisation.pk).items()
        ]
    )


@router.put("/organisations/{int:unit_id}/deadlines/{str:code}")
def set_deadline(request: HttpRequest, unit_id: int, code: str, body: OneTerm) -> HttpResponse:
    """Set the organisation's own term for a deadline."""
    by = caller(request)
    organisation = _managed(request, unit_id)
    row = actions.set_rule(organisation, code=code, **body.dict(), actor=by.actor)
    return answers.json({"id": row.pk, "code": row.code, **_term(Term(row.number, row.measure, row.source))})


@router.post("/deadline-rules/{int:rule_id}/drop")
def drop_deadline(request: HttpRequest, rule_id: int, body: Because) -> HttpResponse:
    """Go back to the term that is shipped."""
    by = caller(request)
    row = queries.deadline_rule_for(by.user, rule_id, by.today)
    queries.require("manage", by.user, row.organisation, today=by.today)
    actions.drop_rule(row, reason=body.reason, actor=by.actor)
    return answers.json({"dropped": 1})


def _managed(request: HttpRequest, unit_id: int) -> Unit:
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    queries.require("manage", by.user, organisation, today=by.today)
    return organisation


def _term(term: Term) -> dict[str, Any]:
    return {"number": term.number, "measure": term.measure, "source": term.source}
