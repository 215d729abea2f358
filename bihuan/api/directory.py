"""The directory from a sheet: template, preview with every fault by row and column, commit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile

from bihuan.api import answers
from bihuan.api.auth import caller
from bihuan.api.bodies import Body
from bihuan.core.refusal import Refused
from bihuan.core.source import UnreadableFile
from bihuan.orgs import actions, queries
from bihuan.orgs.importing.carried import carried, carry
from bihuan.orgs.importing.plan import MODES, Plan, plan, standing
from bihuan.orgs.importing.sheet import CellFault, Sheet
from bihuan.orgs.models import Unit
from bihuan.orgs.views.importing import XLSX, read_upload, template_bytes
from bihuan.web.catalogue import say
from bihuan.web.edge import language

router = Router(tags=["directory"])


class FileRefused(Refused):
    """A file cannot be read as a sheet."""


class Carried(Body):
    """What the preview gave back."""

    carried: str


@router.get("/organisations/{int:unit_id}/directory/template.xlsx")
def get_template(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Return the sheet to fill in."""
    _importer(request, unit_id)
    return answers.download(template_bytes(), name="单位人员模板.xlsx", media_type=XLSX)


@router.post("/organisations/{int:unit_id}/directory/preview")
def preview_directory(
    request: HttpRequest, unit_id: int, file: File[UploadedFile], mode: Form[str] = "update"
) -> HttpResponse:
    """Show what a sheet would write (multipart: `file`, `mode` update or skip); nothing is written.

    `carried` goes into the commit; it is empty while faults stand.
    """
    by = caller(request)
    organisation = _importer(request, unit_id)
    if mode not in MODES:
        raise Refused("orgs.import-mode")
    try:
        read = read_upload(file.name or "", file.size or 0, file)
    except UnreadableFile as fault:
        raise FileRefused(fault.code, **fault.params) from fault
    there = standing(organisation, read.rows, user_id=by.user.pk, today=by.today)
    made = plan(read.rows, there, mode=mode, today=by.today)
    held = "" if made.faults else carry(
        read.rows, organisation_id=organisation.pk, mode=mode, user_id=by.user.pk
    )  # fmt: skip
    return answers.json(_shown(read, made, held))


@router.post("/organisations/{int:unit_id}/directory/commit")
def commit_directory(request: HttpRequest, unit_id: int, body: Carried) -> HttpResponse:
    """Write what the preview showed, all or nothing; `codes` holds the start codes of new accounts, told this once."""
    by = caller(request)
    organisation = _importer(request, unit_id)
    rows, mode = carried(body.carried, organisation_id=organisation.pk, user_id=by.user.pk)
    done = actions.import_directory(organisation, rows, mode=mode, actor=by.actor)
    codes = [
        {
            "person_id": one.person.pk, "name": one.person.name, "username": one.person.username,
            "unit": one.unit, "code": one.code,
        }
        for one in done.codes
    ]  # fmt: skip
    return answers.created({**done.counts, "codes": codes})


def _importer(request: HttpRequest, unit_id: int) -> Unit:
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    queries.require("accounts", by.user, organisation, today=by.today)
    return organisation


def _shown(read: Sheet, made: Plan, held: str) -> dict[str, Any]:
    return {
        "rows": len(read.rows),
        "unknown": read.unknown,
        "units": [{"name": name, "parent": parent} for name, parent in made.units],
        "people": [{"username": key, "name": name} for key, (name, _email) in made.people.items()],
        "posts": len(made.posts),
        "grants": len(made.grants),
        "changed": len(made.changed_units) + len(made.changed_people),
        "same": made.same,
        "faults": [_fault(one) for one in made.faults],
        "carried": held,
    }


def _fault(one: CellFault) -> dict[str, Any]:
    return {
        "row": one.row, "column": one.column, "value": one.value, "code": one.code, "params": dict(one.params),
        "message": say(one.code, one.params, lang=language()),
    }  # fmt: skip
