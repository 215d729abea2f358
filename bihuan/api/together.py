"""Many rows at once: tasks changed together, lists exported whole, a sheet that comes back previewed and written."""

from collections.abc import Collection
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import Field

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Text, Yes
from bihuan.api.describing import parameters
from bihuan.core.lists import LISTINGS, wish
from bihuan.core.refusal import NotAllowed, NotVisible, Refused
from bihuan.core.source import UnreadableFile
from bihuan.documents.actions import DocumentRefused
from bihuan.findings.actions import bulk
from bihuan.findings.actions.exports import take_out
from bihuan.findings.actions.importing_back import write_back
from bihuan.findings.models import Task
from bihuan.findings.queries.writing import REQUIRED, require_write_to_tasks
from bihuan.findings.returning import Preview, carried, preview
from bihuan.formats import read_bytes
from bihuan.formats.limits import MEGABYTE
from bihuan.orgs.queries import require_any
from bihuan.web import edge
from bihuan.web.catalogue import say

router = Router(tags=["together"])
EXPORTED = ("tasks", "problems", "responsibilities", "institutions")
TYPES = {"xlsx": answers.XLSX, "docx": answers.DOCX}
MOST_BYTES = 20 * MEGABYTE


class SheetRefused(Refused):
    """A sheet cannot be read as a task list; nothing of it was written."""


class SameValues(Body):
    """The values that all tasks are given; only what is sent is changed."""

    unit_id: Id | None = None
    leader: Text = ""
    category: Text = ""
    due_on: Day | None = None
    state: Text = ""
    remark: Text = ""


class Together(Body):
    """Tasks of one organisation and what all of them are given. `try` only tells what would happen."""

    ids: list[Id] = Field(min_length=1, max_length=bulk.MOST)
    values: SameValues
    only_try: Yes = False


class Carried(Body):
    """What the preview of a sheet carried: exactly these changes are written, or none."""

    carried: str


@router.post("/tasks/bulk")
def change_tasks(request: HttpRequest, body: Together) -> HttpResponse:
    """Change up to 500 tasks together, all or none; `only_try` tells what would happen and writes nothing."""
    by = caller(request)
    values = body.values.given()
    if not values:
        raise Refused("api.bulk-nothing")
    ids = sorted(set(body.ids))
    require_write_to_tasks(by.user, ids, by.today)
    _one_organisation(ids)
    if not body.only_try:
        return answers.json({"changed": bulk.change_tasks(ids, values, actor=by.actor)})
    tasks = list(Task.objects.filter(pk__in=ids).select_related("inspection").order_by("pk"))
    plan = bulk.plan(tasks, dict.fromkeys(ids, values))
    if plan.refused:
        raise bulk.NotTogether(plan.refused)
    return answers.json({"changed": 0, "would_change": len(plan.changes), "same": plan.same})


@router.get("/{str:name}/export.{str:suffix}", openapi_extra=parameters("sort", "columns"))
def export_list(request: HttpRequest, name: str, suffix: str) -> FileResponse:
    """Export a list whole as xlsx (streamed) or docx, with the filters, order and columns of its page.

    That it was taken is written into the record of changes. Lists: tasks, problems, responsibilities, institutions.
    """
    if name not in EXPORTED or suffix not in TYPES:
        raise NotVisible("findings.not-found")
    listing = LISTINGS[name]
    by = caller(request)
    reach = by.reach()
    wanted = wish(listing, asking.asked(request, (*listing.filters, "sort", "columns")))
    made = take_out(reach, wanted, suffix, actor=by.actor)
    return FileResponse(made.file, as_attachment=True, filename=made.name, content_type=TYPES[suffix])


@router.post("/tasks/import")
def preview_sheet(
    request: HttpRequest, file: File[UploadedFile], inspection: Form[int | None] = None
) -> HttpResponse:
    """Show what a sheet of tasks or problems would change (multipart: `file`); nothing is written.

    Without the hidden column of our export, rows are found by their number in `inspection`. `carried` goes into the
    commit; it is empty while faults stand.
    """
    by = caller(request)
    require_any(by.user, by.today)
    if (file.size or 0) > MOST_BYTES:
        raise SheetRefused("findings.sheet-too-large", most=MOST_BYTES // MEGABYTE)
    try:
        source = read_bytes(file.name or "", file.read())
    except UnreadableFile as fault:
        raise DocumentRefused(fault.code, **fault.params) from fault
    return answers.json(_shown(preview(source, by.reach(), inspection_id=inspection)))


@router.post("/tasks/import/commit")
def commit_sheet(request: HttpRequest, body: Carried) -> HttpResponse:
    """Write what a preview carried, all or nothing; it holds for an hour and for its caller only."""
    by = caller(request)
    held = carried(body.carried, by.user.pk)
    REQUIRED[held.listing](by.user, held.changes.keys(), by.today)
    return answers.json({"changed": write_back(held.listing, held.changes, actor=by.actor)})


def _one_organisation(ids: Collection[int]) -> None:
    if Task.objects.filter(pk__in=ids).values("organisation_id").order_by().distinct().count() > 1:
        raise NotAllowed("findings.bulk-organisations")


def _shown(made: Preview) -> dict[str, Any]:
    lang = edge.language()
    return {
        "list": made.listing,
        "rows": made.rows,
        "same": made.same,
        "faults": [
            {
                "cell": one.cell, "column": one.column, "text": one.text, "code": one.code,
                "params": dict(one.params), "message": say(one.code, one.params, lang=lang),
            }
            for one in made.faults
        ],
        "unknown_columns": [
            {"column": letters, "heading": word, "rows": count, "first": first}
            for letters, word, count, first in made.unknown
        ],
        "changes": [{**one, "field": one["field"].removeprefix("findings.field-")} for one in made.changes],
        "carried": made.carried,
    }  # fmt: skip
