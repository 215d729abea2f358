"""Inspections: list, detail, tree, tally as of a day, declared figures; beginning one and changing it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Id, Partial, Revision, Text
from bihuan.api.describing import parameters
from bihuan.findings.actions import editing
from bihuan.findings.queries import choices, doors, others, tree
from bihuan.findings.queries.tally import declared_for, tally

router = Router(tags=["inspections"])


class InspectionFacts(Body):
    """The facts of an inspection. Dates are to the day or to the month."""

    title: Text = ""
    kind: Text = ""
    authority: Text = ""
    team: Text = ""
    subject: Text = ""
    starts_on: Partial = ""
    ends_on: Partial = ""
    feedback_on: Partial = ""
    notice_title: Text = ""
    signed_by: Text = ""
    signed_on: Partial = ""
    published_on: Partial = ""
    phone: Text = ""
    post: Text = ""
    email: Text = ""

    def values(self) -> dict[str, Any]:
        """Return what was sent, as the action takes it."""
        given = self.given("organisation_id", "revision")
        return {"kind_id" if name == "kind" else name: value for name, value in given.items()}


class NewInspection(InspectionFacts):
    """A live inspection, begun by hand in an organisation."""

    organisation_id: Id
    title: Text
    kind: Text


class ChangedInspection(InspectionFacts):
    """New facts of an inspection, beside the revision that was read."""

    revision: Revision


@router.get(
    "/inspections",
    openapi_extra=parameters(*asking.known("inspections")),
)
def list_inspections(request: HttpRequest) -> HttpResponse:
    """List the inspections in sight with what is registered under each."""
    wish = asking.wanted(request, "inspections")
    found = others.inspection_page(caller(request).reach(), wish)
    return answers.page(answers.renamed(found.rows), total=found.total, number=wish.page, size=wish.size)


@router.post("/inspections")
def create_inspection(request: HttpRequest, body: NewInspection) -> HttpResponse:
    """Begin a live inspection by hand."""
    by = caller(request)
    organisation = doors.organisation_to_write(by.user, body.organisation_id, by.today)
    row = editing.create_inspection(body.values(), organisation_id=organisation.pk, actor=by.actor)
    return answers.created(rows.plain(row))


@router.get("/inspections/{int:inspection_id}")
def get_inspection(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Return an inspection."""
    by = caller(request)
    return answers.json(rows.inspection_detail(doors.inspection_for(by.user, inspection_id, by.today)))


@router.patch("/inspections/{int:inspection_id}")
def edit_inspection(request: HttpRequest, inspection_id: int, body: ChangedInspection) -> HttpResponse:
    """Change the facts of an inspection; 409 with both versions when somebody was faster."""
    by = caller(request)
    row = doors.inspection_for(by.user, inspection_id, by.today, write=True)
    changed = editing.edit_inspection(row, body.values(), revision=body.revision, actor=by.actor)
    return answers.json(rows.plain(changed))


@router.get("/inspections/{int:inspection_id}/tree")
def get_tree(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Return findings › problems › tasks in sight, each with the state that follows from below."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.inspection_for(by.user, inspection_id, by.today)
    branches = tree.tree(row, by.reach(), whole=True)
    return answers.json([_branch(branch) for branch in branches])


@router.get("/inspections/{int:inspection_id}/tally", openapi_extra=parameters("as_of", "known_at"))
def get_tally(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Count the tasks by the state that held at the end of `as_of` (today), as known at `known_at` (now)."""
    by = caller(request)
    params = asking.asked(request, ("as_of", "known_at"))
    row = doors.inspection_for(by.user, inspection_id, by.today)
    as_of, known_at = asking.day(params, "as_of") or by.today, asking.moment(params, "known_at")
    counted = tally(row, by.reach(), as_of=as_of, known_at=known_at)
    return answers.json(
        {
            "as_of": counted.as_of,
            "known_at": known_at,
            "findings": counted.findings,
            "problems": counted.problems,
            "tasks": counted.tasks,
            "institutions": counted.institutions,
            "states": dict(counted.parts),
        }
    )


@router.get("/inspections/{int:inspection_id}/declared")
def list_declared(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """List the figures that documents declare for an inspection, each with its words and line."""
    by = caller(request)
    asking.asked(request, ())
    row = doors.inspection_for(by.user, inspection_id, by.today)
    return answers.json(
        [
            {
                "id": one.pk, "key": one.key, "value": one.value, "as_of": one.as_of, "quote": one.quote,
                "line": one.line, "document_id": one.document_id, "document": one.document.name,
            }
            for one in declared_for(row, by.reach())
        ]
    )  # fmt: skip


@router.get("/kinds")
def list_kinds(request: HttpRequest) -> HttpResponse:
    """List the kinds of inspection of this installation."""
    asking.asked(request, ())
    return answers.json(
        [{"code": one.code, "name": one.name, "name_en": one.name_en} for one in choices.kinds()]
    )


def _branch(branch: tree.Branch) -> dict[str, Any]:
    return {
        "id": branch.finding["pk"],
        "number": branch.finding["number"],
        "title": branch.finding["title"],
        "states": dict(branch.counts),
        "tasks": branch.task_count,
        "overdue": branch.late,
        "problems": [
            {
                "id": problem["pk"], "number": problem["number"], "title": problem["title"],
                "state": "" if problem["bare"] else problem["state"],
                "declared_state": problem["declared_state"], "tasks": answers.renamed(problem["tasks"]),
            }
            for problem in branch.problems
        ],
    }  # fmt: skip
