"""The leading and the supervision group: founding, seats, and the founding notice as a paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers
from bihuan.api.auth import caller
from bihuan.api.bodies import PRINTABLE, Body, Day, Id, Line60, Line64, Line200, Places, Text, Word
from bihuan.core.founding import compose_founding
from bihuan.core.refusal import NotVisible
from bihuan.formats.papers import PAPER_FORMATS, write_paper
from bihuan.orgs import actions, queries
from bihuan.orgs.models import Group, Membership

router = Router(tags=["groups"])


class GroupBody(Body):
    """What a group is called and what its founding notice says; one duty a line."""

    name: str = Field("", max_length=120, pattern=PRINTABLE)
    founded_on: Day | None = None
    document_number: Line60 = ""
    addressee: Line200 = ""
    basis: Text = ""
    duties: Text = ""
    office_name: str = Field("", max_length=120, pattern=PRINTABLE)
    office_unit_id: Id | None = None
    office_duties: Text = ""


class NewGroup(GroupBody):
    """A group of an organisation: `kind` is leading or supervision."""

    kind: Word


class NewMember(Body):
    """A seat: head, deputy, member, office_head, office_deputy or office_member; of a person, or only of a name."""

    seat: Word
    person_id: Id | None = None
    name: Line64 = ""
    title: str = Field("", max_length=120, pattern=PRINTABLE)
    starts_on: Day | None = None
    ends_on: Day | None = None


class LastDay(Body):
    """The last day of a seat or group."""

    ends_on: Day


class Dissolved(LastDay):
    """The last day of a group, and why it is dissolved."""

    reason: Line200 = ""


@router.get("/organisations/{int:unit_id}/groups")
def list_groups(request: HttpRequest, unit_id: int) -> HttpResponse:
    """List the groups of an organisation with who sits in them."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    return answers.json(
        {
            "rows": [_group(one, queries.seats_on(one, by.today)) for one in queries.groups_of(organisation)],
            "in_both": queries.in_both(organisation, by.today),
        }
    )


@router.post("/organisations/{int:unit_id}/groups")
def found_group(request: HttpRequest, unit_id: int, body: NewGroup) -> HttpResponse:
    """Found a group; what is not given begins as shipped."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    queries.require("manage", by.user, organisation, today=by.today)
    shipped = queries.shipped_groups().get(body.kind, {})
    values = {
        "name": shipped.get("name", ""), "basis": shipped.get("basis", ""), "duties": shipped.get("duties", ""),
        "office_name": shipped.get("office", ""), "office_duties": shipped.get("office_duties", ""),
        **_values(request, body), "founded_on": body.founded_on or by.today,
    }  # fmt: skip
    group = actions.found_group(organisation, kind=body.kind, values=values, actor=by.actor)
    return answers.created(_group(group, []))


@router.get("/groups/{int:group_id}")
def get_group(request: HttpRequest, group_id: int) -> HttpResponse:
    """Return a group with every seat, earlier ones too."""
    by = caller(request)
    row = queries.group_for(by.user, group_id, by.today)
    return answers.json(_group(row, list(row.memberships.all())))


@router.patch("/groups/{int:group_id}")
def edit_group(request: HttpRequest, group_id: int, body: GroupBody) -> HttpResponse:
    """Change a group and what its notice says."""
    by = caller(request)
    row = _managed(request, group_id)
    group = actions.edit_group(row, values=_values(request, body), actor=by.actor)
    return answers.json(_group(group, queries.seats_on(group, by.today)))


@router.post("/groups/{int:group_id}/dissolve")
def dissolve_group(request: HttpRequest, group_id: int, body: Dissolved) -> HttpResponse:
    """Dissolve a group; its seats end with it."""
    by = caller(request)
    row = _managed(request, group_id)
    group = actions.dissolve_group(row, ends_on=body.ends_on, reason=body.reason, actor=by.actor)
    return answers.json(_group(group, []))


@router.post("/groups/{int:group_id}/members")
def add_member(request: HttpRequest, group_id: int, body: NewMember) -> HttpResponse:
    """Give a seat in a group."""
    by = caller(request)
    row = _managed(request, group_id)
    person = queries.person_for(by.user, body.person_id, by.today) if body.person_id else None
    draft = actions.MemberDraft(**body.dict(exclude={"person_id"}), person=person)
    return answers.created(_seat(actions.add_member(row, draft=draft, actor=by.actor)))


@router.post("/groups/{int:group_id}/order")
def order_members(request: HttpRequest, group_id: int, body: Places) -> HttpResponse:
    """Set the order of a group's seats; every seat is named once."""
    by = caller(request)
    row = _managed(request, group_id)
    actions.order_members(row, order=body.order, actor=by.actor)
    return answers.json(_group(row, list(row.memberships.all())))


@router.post("/memberships/{int:membership_id}/end")
def end_member(request: HttpRequest, membership_id: int, body: LastDay) -> HttpResponse:
    """End a seat."""
    by = caller(request)
    row = queries.membership_for(by.user, membership_id, by.today)
    queries.require("manage", by.user, row.group.organisation, today=by.today)
    return answers.json(_seat(actions.end_member(row, ends_on=body.ends_on, actor=by.actor)))


@router.get("/groups/{int:group_id}/file.{str:suffix}")
def get_group_file(request: HttpRequest, group_id: int, suffix: str) -> HttpResponse:
    """Return the founding notice as docx, pdf or txt."""
    by = caller(request)
    row = queries.group_for(by.user, group_id, by.today)
    if suffix not in PAPER_FORMATS:
        raise NotVisible("orgs.group-not-found")
    paper = compose_founding(queries.founding_of(row))
    written = write_paper(paper, suffix)
    return answers.download(written.content, name=f"{paper.title}.{suffix}", media_type=written.media_type)


def _values(request: HttpRequest, body: GroupBody) -> dict[str, Any]:
    """Return the values that were sent, with the unit of the office in place of its id."""
    by = caller(request)
    values = body.given("kind", "office_unit_id")
    if "office_unit_id" in body.given():
        pk = body.office_unit_id
        values["office_unit"] = queries.unit_for(by.user, pk, by.today) if pk else None
    if values.get("founded_on", True) is None:
        del values["founded_on"]
    return values


def _managed(request: HttpRequest, group_id: int) -> Group:
    by = caller(request)
    row = queries.group_for(by.user, group_id, by.today)
    queries.require("manage", by.user, row.organisation, today=by.today)
    return row


def _group(row: Group, seats: list[Membership]) -> dict[str, Any]:
    names = (
        "kind", "name", "founded_on", "ended_on", "document_number", "addressee", "basis", "duties", "office_name",
        "office_unit_id", "office_duties", "organisation_id",
    )  # fmt: skip
    return {
        "id": row.pk, **{name: getattr(row, name) for name in names}, "members": [_seat(one) for one in seats],
    }  # fmt: skip


def _seat(row: Membership) -> dict[str, Any]:
    names = ("person_id", "name", "title", "seat", "position", "starts_on", "ends_on")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}
