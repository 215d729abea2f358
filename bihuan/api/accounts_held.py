"""Uses of institutions, and who was held to account, as counts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Line200, Reason, Revision, Text, Word
from bihuan.core import accountability as core
from bihuan.core.register import FieldFault
from bihuan.findings.actions import accountability, institutions
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import Accountability
from bihuan.findings.queries import accountability as queries
from bihuan.findings.queries import doors

router = Router(tags=["institutions"])


class Use(Body):
    """What was done by an institution."""

    done_on: Day
    text: Text


class Held(Body):
    """How many persons in which form, and money recovered in yuan (``1234.50``); never a name.

    Forms: first, second, third, fourth, criminal, case, organisational, talk.
    """

    problem_id: Id | None = None
    form: Word = ""
    manner: Line200 = ""
    persons: int = 0
    recovered: Word = "0"
    decided_on: Day | None = None
    basis: Text = ""


class ChangedHeld(Held):
    """New values of an entry, beside the revision that was read."""

    revision: Revision


@router.get("/institutions/{int:institution_id}/uses")
def list_uses(request: HttpRequest, institution_id: int) -> HttpResponse:
    """List what shows that an institution is carried out, the latest first."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.institution_for(by.user, institution_id, by.today)
    found = row.uses.filter(withdrawn=False).order_by("-done_on", "-pk")
    return answers.json([rows.plain(use) for use in found])


@router.post("/institutions/{int:institution_id}/uses")
def add_use(request: HttpRequest, institution_id: int, body: Use) -> HttpResponse:
    """Register a use of an institution."""
    by = caller(request)
    row = doors.institution_for(by.user, institution_id, by.today)
    return answers.created(rows.plain(institutions.add_use(row, body.given(), actor=by.actor)))


@router.post("/institution-uses/{int:use_id}/withdraw")
def withdraw_use(request: HttpRequest, use_id: int, body: Reason) -> HttpResponse:
    """Mark a use as registered by mistake."""
    by = caller(request)
    use = queries.use_for(by.user, use_id, by.today)
    return answers.json(rows.plain(institutions.withdraw_use(use, reason=body.reason, actor=by.actor)))


@router.get("/inspections/{int:inspection_id}/accountability")
def list_accountability(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Return the entries of an inspection and their sum by form."""
    by = caller(request)
    asking.asked(request, ())
    row = queries.inspection_to_account(by.user, inspection_id, by.today)
    found = queries.accountability_summary(row.pk)
    summed = {"persons": dict(found.persons), "four_forms": found.four_forms, "recovered": found.yuan}
    return answers.json({"rows": [_said(one) for one in queries.accountabilities(row.pk)], "summary": summed})


@router.post("/inspections/{int:inspection_id}/accountability")
def add_accountability(request: HttpRequest, inspection_id: int, body: Held) -> HttpResponse:
    """Register how many were held to account in which form."""
    by = caller(request)
    row = queries.inspection_to_account(by.user, inspection_id, by.today)
    return answers.created(_said(accountability.add_accountability(row, _values(body), actor=by.actor)))


@router.patch("/accountability/{int:row_id}")
def edit_accountability(request: HttpRequest, row_id: int, body: ChangedHeld) -> HttpResponse:
    """Change an entry."""
    by = caller(request)
    row = queries.accountability_for(by.user, row_id, by.today)
    changed = accountability.edit_accountability(row, _values(body), revision=body.revision, actor=by.actor)
    return answers.json(_said(changed))


@router.post("/accountability/{int:row_id}/withdraw")
def withdraw_accountability(request: HttpRequest, row_id: int, body: Reason) -> HttpResponse:
    """Mark an entry as registered by mistake."""
    by = caller(request)
    row = queries.accountability_for(by.user, row_id, by.today)
    return answers.json(
        _said(accountability.withdraw_accountability(row, reason=body.reason, actor=by.actor))
    )


def _values(body: Held) -> dict[str, Any]:
    values = body.given("revision")
    if "recovered" in values:
        fen = core.fen(values["recovered"])
        if fen is None:
            raise Invalid(
                [FieldFault("recovered", "accountability.amount", {"value": values["recovered"][:20]})]
            )
        values["recovered"] = fen
    return values


def _said(row: Accountability) -> dict[str, Any]:
    return {**rows.plain(row), "recovered": core.yuan(row.recovered)}
