"""Who is in charge: responsible units, delegations, substitutes and who decides, the three administrators."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Line200
from bihuan.api.describing import parameters
from bihuan.api.units import grant_json
from bihuan.core.refusal import NotVisible
from bihuan.orgs import actions, queries
from bihuan.orgs.actions.rights import DECIDING
from bihuan.orgs.models import Delegation, Unit, User

router = Router(tags=["charge"])


class NewDelegation(Body):
    """To whom a grant is lent (by a post), over what (`unit_id` empty: all of it), from when to when, and why."""

    post_id: Id
    unit_id: Id | None = None
    starts_on: Day
    ends_on: Day
    reason: Line200


class EndedDelegation(Body):
    """The last day of a delegation; the day before its start: it never ran."""

    ends_on: Day
    reason: Line200 = ""


class Order(Body):
    """The people who step in, in their order; none takes the order back."""

    person_ids: list[Id] = Field(max_length=100)


class Three(Body):
    """The posts of the three administrators, and from when."""

    system_admin: Id
    security_admin: Id
    audit_admin: Id
    starts_on: Day


@router.get("/organisations/{int:unit_id}/responsible", openapi_extra=parameters("missing", *asking.PAGING))
def list_responsible(request: HttpRequest, unit_id: int) -> HttpResponse:
    """List the responsible units with liaison, head and leader; `missing` lists those that lack that role."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    params = asking.asked(request, ("missing", *asking.PAGING))
    found = queries.responsible_units(organisation, by.today, missing=params.get("missing", ""))
    shown, total, number, size = asking.cut(found, params)
    rows = [
        {
            "id": one.unit.pk,
            "name": one.unit.name,
            **{
                role: [
                    {"grant_id": grant.pk, "person_id": grant.post.person_id, "name": grant.post.person.name}
                    for grant in grants
                ]
                for role, grants in one.grants.items()
            },
            "missing": one.missing,
        }
        for one in queries.charges(shown, by.today)
    ]
    return answers.page(rows, total=total, number=number, size=size)


@router.get("/organisations/{int:unit_id}/portfolios")
def list_portfolios(request: HttpRequest, unit_id: int) -> HttpResponse:
    """List the leaders with the units in their charge."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    return answers.json(
        [
            {
                **person_json(person),
                "units": [{"id": one.unit_id, "name": one.unit.name, "grant_id": one.pk} for one in grants],
            }
            for person, grants in queries.portfolios(organisation, by.today)
        ]
    )


@router.get("/organisations/{int:unit_id}/deciders")
def list_deciders(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Tell for each deciding role who holds it, who steps in in which order, and the superior who is left."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    return answers.json(
        [
            {
                "role": one.role,
                "people": one.people,
                "holders": [person_json(person) for person in one.names],
                "substitutes": [person_json(person) for person in one.substitutes],
                "superiors": [person_json(person) for person in one.superiors],
                "stuck": one.stuck,
            }
            for one in queries.deciders(organisation, by.today, DECIDING)
        ]
    )


@router.put("/organisations/{int:unit_id}/substitutes/{str:role}")
def set_substitutes(request: HttpRequest, unit_id: int, role: str, body: Order) -> HttpResponse:
    """Set who decides, in this order, when whoever holds the role may not."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    queries.require("rights", by.user, organisation, today=by.today)
    there = {one.pk: one for one in queries.people_of_units(by.user, by.today).filter(pk__in=body.person_ids)}
    if missing := [pk for pk in body.person_ids if pk not in there]:
        raise NotVisible("orgs.person-not-found", person=missing[0])
    people = [there[pk] for pk in body.person_ids]
    rows = actions.set_substitutes(organisation, role=role, people=people, actor=by.actor)
    return answers.json([{"position": one.position, **person_json(there[one.person_id])} for one in rows])


@router.get("/organisations/{int:unit_id}/administrators")
def list_administrators(request: HttpRequest, unit_id: int) -> HttpResponse:
    """List the administrators over the organisation, today's and those to come."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    return answers.json(
        [
            {**grant_json(one), "person": person_json(one.post.person)}
            for one in queries.administrators_of(organisation.pk, by.today)
        ]
    )


@router.post("/organisations/{int:unit_id}/administrators")
def appoint_administrators(request: HttpRequest, unit_id: int, body: Three) -> HttpResponse:
    """Appoint all three administrators at once; accounts and rights are theirs from then on."""
    by = caller(request)
    organisation = queries.organisation_for(by.user, unit_id, by.today)
    for step in ("accounts", "rights"):
        queries.require(step, by.user, organisation, today=by.today)
    posts = {
        role: queries.post_for(by.user, post_id, by.today)
        for role, post_id in body.dict(exclude={"starts_on"}).items()
    }
    made = actions.appoint_administrators(organisation, posts=posts, starts_on=body.starts_on, actor=by.actor)
    return answers.created([grant_json(one) for one in made])


@router.get("/delegations", openapi_extra=parameters(*asking.PAGING))
def list_delegations(request: HttpRequest) -> HttpResponse:
    """List the delegations that the caller made, got or sees, the latest first."""
    by = caller(request)
    params = asking.asked(request, asking.PAGING)
    shown, total, number, size = asking.cut(queries.delegations_seen(by.user, by.today), params)
    return answers.page([_delegation(one) for one in shown], total=total, number=number, size=size)


@router.post("/grants/{int:grant_id}/delegations")
def delegate(request: HttpRequest, grant_id: int, body: NewDelegation) -> HttpResponse:
    """Lend a grant to another person's post for some days; the principal or whoever manages the rights."""
    by = caller(request)
    grant = queries.grant_for(by.user, grant_id, by.today)
    post = queries.post_for(by.user, body.post_id, by.today)
    unit: Unit = queries.unit_for(by.user, body.unit_id, by.today) if body.unit_id else grant.unit
    draft = actions.DelegationDraft(unit, body.starts_on, body.ends_on, body.reason)
    return answers.created(_delegation(actions.delegate(grant, post=post, draft=draft, actor=by.actor)))


@router.post("/delegations/{int:delegation_id}/end")
def end_delegation(request: HttpRequest, delegation_id: int, body: EndedDelegation) -> HttpResponse:
    """End a delegation early."""
    by = caller(request)
    row = queries.delegation_for(by.user, delegation_id, by.today)
    ended = actions.end_delegation(row, ends_on=body.ends_on, reason=body.reason, actor=by.actor)
    return answers.json(_delegation(ended))


def person_json(row: User) -> dict[str, Any]:
    """Return who a person is, in short."""
    return {"id": row.pk, "name": row.name, "username": row.username}


def _delegation(row: Delegation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "grant_id": row.grant_id,
        "role": row.grant.role,
        "principal": person_json(row.grant.post.person),
        "delegate": person_json(row.post.person),
        "unit_id": row.unit_id,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "reason": row.reason,
    }
