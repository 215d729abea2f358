"""Workbooks of units: given out, taken out, returned together as one preview, and written as accepted."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Reason, Text
from bihuan.api.describing import parameters
from bihuan.core.workbook_merge import Answer, Given, Said, UnitMerge
from bihuan.core.workbooks import Note
from bihuan.findings.actions import workbooks as actions
from bihuan.findings.book_words import reminder, tell
from bihuan.findings.models import Workbook
from bihuan.findings.queries import doors
from bihuan.findings.queries import workbooks as queries
from bihuan.findings.views.workbooks import book_answer, pack_answer, sent

router = Router(tags=["workbooks"])


class NewWorkbooks(Body):
    """The period for which workbooks are made, and the day until which they come back."""

    period: Text
    due_on: Day | None = None


class WithdrawnWorkbooks(Reason):
    """The period whose workbooks that have not come back are withdrawn."""

    period: Text


class Choice(Body):
    """Which of the answers to a task or step is taken: its place in the preview from 0, -1 for none."""

    task_id: Id | None = None
    step_id: Id | None = None
    choice: int


class AcceptedWorkbooks(Body):
    """What a preview carried, the workbooks that are left out, and a choice where copies differ."""

    carried: str
    left_out: list[Id] = []
    choices: list[Choice] = []


@router.get("/inspections/{int:inspection_id}/workbooks", openapi_extra=parameters("period"))
def list_workbooks(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """List the periods of an inspection, and the workbooks of one (the newest when none is named) with a reminder."""
    by = caller(request)
    params = asking.asked(request, ("period",))
    row = doors.inspection_for(by.user, inspection_id, by.today, write=True)
    found = queries.periods(row.pk)
    wanted = params.get("period") or (found[0].name if found else "")
    books = list(queries.workbooks_of(row.pk, wanted))
    due = books[0].due_on if books else None
    return answers.json(
        {
            "periods": [
                {"period": one.name, "due_on": one.due_on, "given": one.given, "returned": one.returned}
                for one in found
            ],
            "period": wanted,
            "rows": [_book(book) for book in books],
            "reminder": reminder(row, wanted, due, books) if books else "",
        }
    )


@router.post("/inspections/{int:inspection_id}/workbooks")
def make_workbooks(request: HttpRequest, inspection_id: int, body: NewWorkbooks) -> HttpResponse:
    """Make a workbook for each unit with open tasks that has none for this period."""
    by = caller(request)
    row = doors.inspection_for(by.user, inspection_id, by.today, write=True)
    made = actions.make_workbooks(row, body.period, body.due_on, actor=by.actor)
    return answers.created({"made": [_book(book) for book in made]})


@router.post("/inspections/{int:inspection_id}/workbooks/withdraw")
def withdraw_workbooks(request: HttpRequest, inspection_id: int, body: WithdrawnWorkbooks) -> HttpResponse:
    """Withdraw the workbooks of a period that have not come back."""
    by = caller(request)
    row = doors.inspection_for(by.user, inspection_id, by.today, write=True)
    gone = actions.withdraw_workbooks(row, body.period, body.reason, actor=by.actor)
    return answers.json({"withdrawn": [book.pk for book in gone]})


@router.get("/inspections/{int:inspection_id}/workbooks/all.zip", openapi_extra=parameters("period"))
def get_workbooks(request: HttpRequest, inspection_id: int) -> StreamingHttpResponse:
    """Return all workbooks of a period as a zip."""
    by = caller(request)
    params = asking.asked(request, ("period",))
    row = doors.inspection_for(by.user, inspection_id, by.today, write=True)
    return pack_answer(row, params.get("period", ""), request)


@router.get("/workbooks/{int:workbook_id}/file")
def get_workbook_file(request: HttpRequest, workbook_id: int) -> HttpResponse:
    """Return the xlsx of a workbook as it was given out."""
    by = caller(request)
    return book_answer(queries.workbook_for(by.user, workbook_id, by.today))


@router.post("/inspections/{int:inspection_id}/workbooks/returned")
def read_returned(
    request: HttpRequest, inspection_id: int, period: Form[str], files: File[list[UploadedFile]]
) -> HttpResponse:
    """Show what returned files (multipart: `period`, `files`, zip too) would bring; nothing is written."""
    by = caller(request)
    row = doors.inspection_for(by.user, inspection_id, by.today, write=True)
    made = actions.preview(row, period, sent(files), actor=by.actor)
    return answers.json(
        {
            "units": [_unit(one) for one in made.merge.units],
            "missing": [_missing(one) for one in made.merge.missing],
            "others": [_note(name, note) for name, note in made.merge.others],
            "carried": made.carried,
        }
    )


@router.post("/inspections/{int:inspection_id}/workbooks/returned/commit")
def commit_returned(request: HttpRequest, inspection_id: int, body: AcceptedWorkbooks) -> HttpResponse:
    """Write exactly what was accepted of a preview, all or nothing; it holds for an hour and for its caller only."""
    by = caller(request)
    row = doors.inspection_for(by.user, inspection_id, by.today, write=True)
    accepted = actions.Accepted(
        frozenset(body.left_out),
        {one.task_id: one.choice for one in body.choices if one.task_id},
        {one.step_id: one.choice for one in body.choices if one.step_id},
    )
    done = actions.take_returned(row, body.carried, accepted, actor=by.actor)
    return answers.json({"reports": done.reports, "steps": done.steps, "workbooks": done.units})


def _book(row: Workbook) -> dict[str, Any]:
    return {
        "id": row.pk, "unit_id": row.unit_id, "unit": row.unit.name, "period": row.period, "due_on": row.due_on,
        "tasks": row.rows, "made_at": row.made_at, "returned_on": row.returned_on,
    }  # fmt: skip


def _missing(one: Given) -> dict[str, Any]:
    return {"workbook_id": one.pk, "unit_id": one.unit_id, "unit": one.unit}


def _unit(one: UnitMerge) -> dict[str, Any]:
    return {
        **_missing(one.given),
        "files": [{"name": name, "sha256": sha256} for name, sha256 in one.files],
        "tasks": [
            {"task_id": pk, "answers": [_said(said) for said in found]} for pk, found in one.tasks.items()
        ],
        "steps": [
            {"step_id": pk, "answers": [_said(said) for said in found]} for pk, found in one.steps.items()
        ],
        "same": one.same,
        "notes": [_note(name, note) for name, note in one.notes],
    }


def _said(one: Said) -> dict[str, Any]:
    value: Answer | date = one.value
    told = (
        {name: getattr(value, name) for name in Answer.__slots__}
        if isinstance(value, Answer)
        else {"done_on": value}
    )
    return {**told, "held": one.held, "places": [{"file": name, "cell": cell} for name, cell in one.places]}


def _note(name: str, note: Note) -> dict[str, Any]:
    return {
        "file": name, "cell": note.cell, "code": note.code, "params": dict(note.params), "message": tell(note),
        "left": note.left,
    }  # fmt: skip
