"""People: the list in sight, one person with posts and grants, and what the office does with accounts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Because, Body, Day, Email, Id, Line60, Line64, Word, Yes
from bihuan.api.describing import parameters
from bihuan.api.units import grant_json, post_json
from bihuan.orgs import actions, queries
from bihuan.orgs.models import User
from bihuan.orgs.queries import directory

router = Router(tags=["people"])


class NewPerson(Body):
    """A person with a first post in a unit; `role` may stay empty: no grant of its own."""

    name: Line64
    username: Line64
    title: Line60
    starts_on: Day
    role: Word = ""
    email: Email = ""


class ChangedPerson(Body):
    """A person's name and address."""

    name: Line64
    email: Email = ""


class NewPost(Body):
    """A post in a unit, from one day and perhaps to another, both included."""

    unit_id: Id
    title: Line60
    starts_on: Day
    ends_on: Day | None = None


class NewGrant(Body):
    """A role over a unit and all below it, from one day and perhaps to another, both included."""

    unit_id: Id
    role: Word
    starts_on: Day
    ends_on: Day | None = None


class End(Body):
    """The last day of a post or grant; the day before its start: it never ran."""

    ends_on: Day


class Reset(Body):
    """What a reset takes away beside the password: `without_totp` also switches the second step off."""

    without_totp: Yes = False


@router.get("/people", openapi_extra=parameters("q", "disabled", *asking.PAGING))
def list_people(request: HttpRequest) -> HttpResponse:
    """List the people in sight; `q` finds by name, account or unit, `disabled=1` shows disabled accounts only."""
    by = caller(request)
    params = asking.asked(request, ("q", "disabled", *asking.PAGING))
    words = params.get("q", "").strip()
    found = directory.people_found(by.sight, words=words, disabled=params.get("disabled") == "1")
    shown, total, number, size = asking.cut(found, params)
    rows = [
        {**person_json(one), "posts": [post_json(post, person=one) for post in posts]}
        for one, posts in directory.with_posts(shown, by.sight)
    ]
    return answers.page(rows, total=total, number=number, size=size)


@router.get("/people/{int:person_id}")
def get_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Return a person with posts and grants; `manages` tells whether the caller may change the account."""
    by = caller(request)
    row = queries.person_for(by.user, person_id, by.today)
    return answers.json(
        {
            **person_json(row),
            "totp": queries.has_totp(row),
            "manages": not queries.outside(by.user.pk, row, by.today),
            "posts": [
                {**post_json(post, person=row), "grants": [grant_json(grant) for grant in post.grants.all()]}
                for post in directory.posts_of(row, by.sight)
            ],
        }
    )


@router.post("/units/{int:unit_id}/people")
def create_person(request: HttpRequest, unit_id: int, body: NewPerson) -> HttpResponse:
    """Create an account with a first post in the unit; `code` is its start code, told this once."""
    by = caller(request)
    unit = queries.unit_for(by.user, unit_id, by.today)
    queries.require("accounts", by.user, unit, today=by.today)
    person, code = actions.create_person(unit, draft=actions.PersonDraft(**body.dict()), actor=by.actor)
    return answers.created({**person_json(person), "code": code})


@router.patch("/people/{int:person_id}")
def edit_person(request: HttpRequest, person_id: int, body: ChangedPerson) -> HttpResponse:
    """Change a person's name and address."""
    row = _managed(request, person_id)
    values = {"email": row.email, **body.given()}
    return answers.json(person_json(actions.edit_person(row, **values, actor=caller(request).actor)))


@router.post("/people/{int:person_id}/posts")
def add_post(request: HttpRequest, person_id: int, body: NewPost) -> HttpResponse:
    """Give a person a post in a unit of the office."""
    by = caller(request)
    row = queries.person_for(by.user, person_id, by.today)
    queries.require_any(by.user, by.today, "accounts")
    unit = queries.unit_for(by.user, body.unit_id, by.today)
    values = body.dict(exclude={"unit_id"})
    return answers.created(post_json(actions.add_post(row, unit=unit, **values, actor=by.actor)))


@router.post("/posts/{int:post_id}/end")
def end_post(request: HttpRequest, post_id: int, body: End) -> HttpResponse:
    """End a post and with it the grants that it carries."""
    by = caller(request)
    post = queries.post_for(by.user, post_id, by.today)
    queries.require("accounts", by.user, post.unit_id, today=by.today)
    return answers.json(post_json(actions.end_post(post, ends_on=body.ends_on, actor=by.actor)))


@router.post("/posts/{int:post_id}/grants")
def give_grant(request: HttpRequest, post_id: int, body: NewGrant) -> HttpResponse:
    """Give a post a role over a unit and all below it."""
    by = caller(request)
    post = queries.post_for(by.user, post_id, by.today)
    queries.require("rights", by.user, post.unit_id, today=by.today)
    overseen = queries.overseen(post, by.today).filter(pk=body.unit_id).first()
    unit = overseen or queries.unit_for(by.user, body.unit_id, by.today)
    values = body.dict(exclude={"unit_id"})
    return answers.created(grant_json(actions.give_grant(post, unit=unit, **values, actor=by.actor)))


@router.post("/grants/{int:grant_id}/end")
def end_grant(request: HttpRequest, grant_id: int, body: End) -> HttpResponse:
    """End a grant."""
    by = caller(request)
    grant = queries.grant_for(by.user, grant_id, by.today)
    queries.require("rights", by.user, queries.kept_at(grant, by.user.pk, by.today), today=by.today)
    return answers.json(grant_json(actions.end_grant(grant, ends_on=body.ends_on, actor=by.actor)))


@router.post("/people/{int:person_id}/disable")
def disable_person(request: HttpRequest, person_id: int, body: Because) -> HttpResponse:
    """Disable an account at once: its sessions and tokens end."""
    row = _managed(request, person_id)
    changed = actions.disable_person(row, reason=body.reason, actor=caller(request).actor)
    return answers.json(person_json(changed))


@router.post("/people/{int:person_id}/enable")
def enable_person(request: HttpRequest, person_id: int, body: Because) -> HttpResponse:
    """Enable a disabled account again; its tokens stay revoked."""
    row = _managed(request, person_id)
    changed = actions.enable_person(row, reason=body.reason, actor=caller(request).actor)
    return answers.json(person_json(changed))


@router.post("/people/{int:person_id}/reset")
def reset_person(request: HttpRequest, person_id: int, body: Reset) -> HttpResponse:
    """Make a one-time code with which the person sets a new password; it is told this once."""
    row = _managed(request, person_id)
    code = actions.issue_reset(row, without_totp=body.without_totp, actor=caller(request).actor)
    return answers.created({"id": row.pk, "code": code})


def person_json(row: User) -> dict[str, Any]:
    """Return a person as JSON."""
    names = ("username", "name", "email", "is_active", "must_change_password", "created_at")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


def _managed(request: HttpRequest, person_id: int) -> User:
    """Return a person in sight whose account the caller manages."""
    by = caller(request)
    found = queries.person_for(by.user, person_id, by.today)
    queries.require_person(by.user, found, by.today)
    return found
