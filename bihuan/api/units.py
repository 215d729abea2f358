"""The directory of units: the list in sight, one unit with what lies around it, and the office's steps on it."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Because, Body, Id, Line60, Line200, Places, Word
from bihuan.api.describing import parameters
from bihuan.core.refusal import Refused
from bihuan.orgs import actions, queries
from bihuan.orgs.models import KINDS, Grant, Post, Unit, User
from bihuan.orgs.queries import directory

router = Router(tags=["units"])
MOST = 200
Position = Annotated[int, Field(strict=True, ge=0, le=100_000)]


class NewUnit(Body):
    """A unit below another: organisation, department, enterprise or superior."""

    name: Line200
    kind: Word = "department"
    short_name: Line60 = ""


class ChangedUnit(Body):
    """What of a unit is to be changed."""

    name: Line200 = ""
    short_name: Line60 = ""
    kind: Word = ""
    position: Position = 0


class Move(Body):
    """The unit below which a unit goes with all below it."""

    parent_id: Id


@router.get("/units", openapi_extra=parameters("parent", "kind", *asking.PAGING))
def list_units(request: HttpRequest) -> HttpResponse:
    """List the units in sight; `parent` narrows to those right below one, `kind` to one kind."""
    by = caller(request)
    params = asking.asked(request, ("parent", "kind", *asking.PAGING))
    found = queries.units_seen(by.sight).order_by("parent_id", "position", "pk")
    if (parent := asking.whole(params, "parent")) is not None:
        found = found.filter(parent_id=parent)
    if kind := params.get("kind"):
        if kind not in KINDS:
            raise Refused("findings.unknown-filter", value=kind[:30])
        found = found.filter(kind=kind)
    shown, total, number, size = asking.cut(found, params)
    return answers.page([unit_json(one) for one in shown], total=total, number=number, size=size)


@router.get("/units/{int:unit_id}")
def get_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Return a unit with what lies above and below it, posts in it and grants over it, the first 200 of each."""
    by = caller(request)
    row = queries.unit_for(by.user, unit_id, by.today)
    return answers.json(
        {
            **unit_json(row),
            "above": [{"id": one.pk, "name": one.name} for one in directory.above_in_sight(row, by.sight)],
            "below": [unit_json(one) for one in directory.children_of(row)[:MOST]],
            "posts": [post_json(one, unit=row) for one in directory.posts_in(row)[:MOST]],
            "grants": [grant_json(one) for one in directory.grants_over(row, by.sight)[:MOST]],
        }
    )


@router.post("/units/{int:unit_id}/posts/order")
def order_posts(request: HttpRequest, unit_id: int, body: Places) -> HttpResponse:
    """Set the order of the posts of a unit that have not ended; every one is named once."""
    by = caller(request)
    row = queries.unit_for(by.user, unit_id, by.today)
    queries.require("accounts", by.user, row, today=by.today)
    actions.order_posts(row, order=body.order, actor=by.actor)
    return answers.json([post_json(one, unit=row) for one in directory.posts_to_order(row, by.today)])


@router.post("/units/{int:unit_id}/units")
def create_unit(request: HttpRequest, unit_id: int, body: NewUnit) -> HttpResponse:
    """Create a unit below another."""
    by = caller(request)
    parent = _managed(request, unit_id)
    return answers.created(unit_json(actions.create_unit(parent, **body.dict(), actor=by.actor)))


@router.patch("/units/{int:unit_id}")
def edit_unit(request: HttpRequest, unit_id: int, body: ChangedUnit) -> HttpResponse:
    """Change what a unit is called, its kind or its place among its sisters."""
    by = caller(request)
    return answers.json(
        unit_json(actions.edit_unit(_managed(request, unit_id), values=body.given(), actor=by.actor))
    )


@router.post("/units/{int:unit_id}/move")
def move_unit(request: HttpRequest, unit_id: int, body: Move) -> HttpResponse:
    """Move a unit with all below it."""
    by = caller(request)
    row, parent = _managed(request, unit_id), queries.unit_for(by.user, body.parent_id, by.today)
    return answers.json(unit_json(actions.move_unit(row, parent=parent, actor=by.actor)))


@router.post("/units/{int:unit_id}/close")
def close_unit(request: HttpRequest, unit_id: int, body: Because) -> HttpResponse:
    """Close a unit; it stays in what was, and takes nothing new."""
    by = caller(request)
    return answers.json(
        unit_json(actions.close_unit(_managed(request, unit_id), reason=body.reason, actor=by.actor))
    )


@router.post("/units/{int:unit_id}/reopen")
def reopen_unit(request: HttpRequest, unit_id: int, body: Because) -> HttpResponse:
    """Open a closed unit again."""
    by = caller(request)
    return answers.json(
        unit_json(actions.reopen_unit(_managed(request, unit_id), reason=body.reason, actor=by.actor))
    )


def unit_json(row: Unit) -> dict[str, Any]:
    """Return a unit as JSON."""
    names = ("name", "short_name", "kind", "parent_id", "position", "is_active")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


def post_json(row: Post, *, person: User | None = None, unit: Unit | None = None) -> dict[str, Any]:
    """Return a post as JSON; `person` and `unit` are given where the row comes without them."""
    return {
        "id": row.pk, "person_id": row.person_id, "person": (person or row.person).name, "unit_id": row.unit_id,
        "unit": (unit or row.unit).name, "title": row.title, "starts_on": row.starts_on, "ends_on": row.ends_on,
    }  # fmt: skip


def grant_json(row: Grant) -> dict[str, Any]:
    """Return a grant as JSON; it comes with its unit."""
    return {
        "id": row.pk, "post_id": row.post_id, "role": row.role, "unit_id": row.unit_id, "unit": row.unit.name,
        "starts_on": row.starts_on, "ends_on": row.ends_on,
    }  # fmt: skip


def _managed(request: HttpRequest, unit_id: int) -> Unit:
    """Return a unit in sight over which the caller holds the office."""
    by = caller(request)
    found = queries.unit_for(by.user, unit_id, by.today)
    queries.require("manage", by.user, found, today=by.today)
    return found
