"""Drafts: what was read of a document, corrected by edits as words, registered or dropped, taken back whole.

An edit is `{"verb", "node", "values"}`, the same words as the page's forms: change, split, merge, move, renumber, skip,
unskip, assign, mode. Many edits in one request are done all or none.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import At, Body, Id, Reason, Revision, Text
from bihuan.api.describing import parameters
from bihuan.core.draft_edits import MOST_EDITS, Edit
from bihuan.documents import exports
from bihuan.documents.actions import drop_draft, edit_draft, read_again
from bihuan.documents.models import Draft
from bihuan.documents.queries import draft_for, drafts_seen, tree_of_draft
from bihuan.findings.actions.registering import aim, register
from bihuan.findings.actions.withdrawing import why_not_withdraw, withdraw
from bihuan.findings.importing.preview import preview
from bihuan.formats.papers import write_paper
from bihuan.web import edge
from bihuan.web.catalogue import say

router = Router(tags=["drafts"])


class OneEdit(Body):
    """One change of a draft; all values are text."""

    verb: Text
    node: Text
    values: dict[Text, Text] = {}


class Edits(Body):
    """Changes of a draft in their order, beside the revision that was read."""

    revision: Revision
    edits: list[OneEdit] = Field(max_length=MOST_EDITS)


class ReadAgain(Body):
    """The mode in which a draft begins again: live, archive or tasks."""

    revision: Revision
    mode: Text


class Aim(Body):
    """The live inspection into which a plan goes."""

    revision: Revision
    inspection_id: Id


@router.get("/drafts", openapi_extra=parameters("state", *asking.PAGING))
def list_drafts(request: HttpRequest) -> HttpResponse:
    """List the drafts on which the caller may work, the last changed first."""
    by = caller(request)
    params = asking.asked(request, ("state", *asking.PAGING))
    found = drafts_seen(by.user, by.today)
    if params.get("state"):
        found = found.filter(state=params["state"])
    shown, total, number, size = asking.cut(found, params)
    return answers.page([_draft(one) for one in shown], total=total, number=number, size=size)


@router.get("/drafts/{int:draft_id}")
def get_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Return a draft: its tree, the lines of its document, what a registration would do, what stands against it."""
    by = caller(request)
    return answers.json(_whole(draft_for(by.user, draft_id, by.today)))


@router.post("/drafts/{int:draft_id}/edits")
def edit(request: HttpRequest, draft_id: int, body: Edits) -> HttpResponse:
    """Do the edits in order, all or none."""
    by = caller(request)
    draft = draft_for(by.user, draft_id, by.today)
    edits = [Edit(one.verb, one.node, one.values) for one in body.edits]
    changed = edit_draft(draft.pk, edits, revision=body.revision, actor=by.actor)
    return answers.json(_whole(changed, lines=False))


@router.post("/drafts/{int:draft_id}/read-again")
def begin_again(request: HttpRequest, draft_id: int, body: ReadAgain) -> HttpResponse:
    """Begin the draft again in another mode; corrections made so far are given up."""
    by = caller(request)
    draft = draft_for(by.user, draft_id, by.today)
    changed = read_again(draft.pk, mode=body.mode, revision=body.revision, actor=by.actor)
    return answers.json(_whole(changed, lines=False))


@router.post("/drafts/{int:draft_id}/target")
def choose_target(request: HttpRequest, draft_id: int, body: Aim) -> HttpResponse:
    """Say into which inspection a plan goes."""
    by = caller(request)
    draft = draft_for(by.user, draft_id, by.today)
    changed = aim(draft.pk, body.inspection_id, revision=body.revision, actor=by.actor)
    return answers.json(_whole(changed, lines=False))


@router.post("/drafts/{int:draft_id}/register")
def register_draft(request: HttpRequest, draft_id: int, body: At) -> HttpResponse:
    """Write the draft into the register, whole or not at all, and return its inspection."""
    by = caller(request)
    draft = draft_for(by.user, draft_id, by.today)
    inspection = register(draft.pk, actor=by.actor, revision=body.revision)
    return answers.created({"inspection_id": inspection.pk, "inspection": rows.plain(inspection)})


@router.post("/drafts/{int:draft_id}/drop")
def drop(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Give a draft up; its document stays."""
    by = caller(request)
    draft = draft_for(by.user, draft_id, by.today)
    return answers.json(_draft(drop_draft(draft.pk, actor=by.actor)))


@router.post("/drafts/{int:draft_id}/withdraw")
def withdraw_import(request: HttpRequest, draft_id: int, body: Reason) -> HttpResponse:
    """Take a registration back whole, as long as nobody has worked on it."""
    by = caller(request)
    draft = draft_for(by.user, draft_id, by.today)
    return answers.json(_draft(withdraw(draft.pk, actor=by.actor, reason=body.reason)))


@router.get("/drafts/{int:draft_id}/breakdown")
def get_breakdown(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Return the breakdown of a draft as xlsx."""
    by = caller(request)
    tree = tree_of_draft(draft_for(by.user, draft_id, by.today))
    return answers.download(exports.breakdown(tree), name=_name("breakdown"), media_type=answers.XLSX)


@router.get("/drafts/{int:draft_id}/outline")
def get_outline(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Return the outline of a plan for a draft as docx."""
    by = caller(request)
    tree = tree_of_draft(draft_for(by.user, draft_id, by.today))
    written = write_paper(exports.outline(tree), "docx")
    return answers.download(written.content, name=_name("outline"), media_type=answers.DOCX)


def _name(what: str) -> str:
    return say(f"documents.name-{what}", lang=edge.language())


def _draft(row: Draft) -> dict[str, Any]:
    return {
        "id": row.pk,
        "organisation_id": row.organisation_id,
        "document_id": row.document_id,
        "document": row.document.name,
        "mode": row.mode,
        "state": row.state,
        "revision": row.revision,
        "inspection_id": row.inspection_id,
        "made_by_id": row.made_by_id,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
    }


def _whole(draft: Draft, *, lines: bool = True) -> dict[str, Any]:
    """Return a draft with its tree and, while it is open, its preview."""
    answer = {**_draft(draft), "tree": draft.tree}
    if lines:
        names = ("line", "text", "page", "cell", "role")
        answer["lines"] = [dict(zip(names, line, strict=True)) for line in draft.lines]
    if draft.state == "open":
        answer["preview"] = _preview(draft)
    elif draft.state == "registered":
        answer["why_not_withdraw"] = why_not_withdraw(draft)
    return answer


def _preview(draft: Draft) -> dict[str, Any]:
    seen = preview(draft)
    lang = edge.language()
    return {
        "blocked": seen.blocked,
        "made": dict(seen.made),
        "there": {node: row.pk for node, row in seen.there.items()},
        "same_inspections": [{"id": row.pk, "title": row.title} for row in seen.same],
        "unknown_units": seen.unknown_units,
        "new_units": seen.new_units,
        "faults": [
            {
                "node": one.node, "severity": one.severity, "code": one.code, "params": dict(one.params),
                "message": say(one.code, one.params, lang=lang),
            }
            for one in seen.faults
        ],
    }  # fmt: skip
