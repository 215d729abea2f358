"""The caller's own account: who am I, language, password, second step, sessions, tokens."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Line60, Word, Yes
from bihuan.api.people import person_json
from bihuan.core.refusal import Conflict
from bihuan.orgs import actions, queries, sessions
from bihuan.orgs.models import Token
from bihuan.orgs.queries import directory

router = Router(tags=["account"])
Secret = Annotated[str, Field(max_length=256)]


class TwoStepOn(Conflict):
    """The second step is on already; it is switched off before another device is confirmed."""


class Preferences(Body):
    """Language and size of type."""

    language: Literal["zh-Hans", "en"]
    large_type: Yes = False


class ChangedPassword(Body):
    """A new password in place of the old one."""

    old: Secret
    new: Secret


class Digits(Body):
    """The six digits that confirm a device."""

    token: Word


class Password(Body):
    """The password once more."""

    password: Secret


class NewToken(Body):
    """What a token is for, and its last day, within a year."""

    name: Annotated[Line60, Field(min_length=1)]
    expires_on: Day


@router.get("/account")
def get_account(request: HttpRequest) -> HttpResponse:
    """Return the caller's account with posts and grants."""
    by = caller(request)
    asking.asked(request, ())
    return answers.json(
        {
            **person_json(by.user),
            "language": by.user.language,
            "large_type": by.user.large_type,
            "totp": queries.has_totp(by.user),
            "recovery_codes_left": directory.recovery_left(by.user),
            "grants": [
                {"role": one.role, "unit_id": one.root, "starts_on": one.starts_on, "ends_on": one.ends_on}
                for one in queries.holdings(by.user.pk)
            ],
        }
    )


@router.patch("/account")
def set_preferences(request: HttpRequest, body: Preferences) -> HttpResponse:
    """Set language and size of type."""
    user = actions.set_preferences(caller(request).user, language=body.language, large_type=body.large_type)
    return answers.json({"language": user.language, "large_type": user.large_type})


@router.post("/account/password")
def change_password(request: HttpRequest, body: ChangedPassword) -> HttpResponse:
    """Change the password; every session but the one that asks ends."""
    by = caller(request)
    changed = actions.change_password(by.user, old=body.old, new=body.new, actor=by.actor)
    if _by_page(request):
        sessions.renew(request, changed, by.actor.at)
    else:
        sessions.end_all(changed.pk, by.actor.at)
    return answers.json({"password_changed_at": changed.password_changed_at})


@router.post("/account/two-step")
def start_two_step(request: HttpRequest) -> HttpResponse:
    """Begin the second step: `address` (otpauth://…) is for the device; it holds only after it was confirmed.

    :raises TwoStepOn: when it is on.
    """
    by = caller(request)
    if queries.has_totp(by.user):
        raise TwoStepOn("api.two-step-on")
    return answers.created({"address": actions.start_totp(by.user).config_url})


@router.post("/account/two-step/confirm")
def confirm_two_step(request: HttpRequest, body: Digits) -> HttpResponse:
    """Switch the second step on; the recovery codes are told this once."""
    by = caller(request)
    return answers.json({"recovery_codes": actions.confirm_totp(by.user, token=body.token, actor=by.actor)})


@router.post("/account/two-step/off")
def drop_two_step(request: HttpRequest, body: Password) -> HttpResponse:
    """Switch the second step off."""
    by = caller(request)
    actions.drop_totp(by.user, password=body.password, actor=by.actor)
    return answers.json({"totp": False})


@router.get("/account/sessions")
def list_sessions(request: HttpRequest) -> HttpResponse:
    """List the caller's running sessions."""
    by = caller(request)
    asking.asked(request, ())
    return answers.json(
        [
            {
                "id": record.pk, "device": record.device, "address": record.address, "this": mine,
                "created_at": record.created_at, "last_seen_at": record.last_seen_at,
            }
            for record, mine in sessions.own(request, by.user, by.actor.at)
        ]
    )  # fmt: skip


@router.post("/account/sessions/end")
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End every session of the caller but the one that asks."""
    by = caller(request)
    return answers.json({"ended": sessions.end_others(request, by.user, by.actor.at)})


@router.post("/account/sessions/{int:session_id}/end")
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of the caller's sessions."""
    by = caller(request)
    sessions.end_one(by.user, session_id, by.actor.at)
    return answers.json({"ended": 1})


@router.get("/tokens")
def list_tokens(request: HttpRequest) -> HttpResponse:
    """List the caller's tokens that still work; a secret is never told again."""
    by = caller(request)
    asking.asked(request, ())
    return answers.json([_token(one) for one in directory.tokens_of(by.user, by.today)])


@router.post("/tokens")
def make_token(request: HttpRequest, body: NewToken) -> HttpResponse:
    """Make a token; `secret` is told this once."""
    by = caller(request)
    token, secret = actions.make_token(by.user, name=body.name, expires_on=body.expires_on, actor=by.actor)
    return answers.created({**_token(token), "secret": secret})


@router.post("/tokens/{int:token_id}/revoke")
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of the caller's tokens at once."""
    by = caller(request)
    token = actions.revoke_token(by.user, token_id=token_id, actor=by.actor)
    return answers.json({"id": token.pk, "revoked_at": token.revoked_at})


def _token(row: Token) -> dict[str, Any]:
    names = ("name", "prefix", "created_at", "last_used_on", "expires_on")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


def _by_page(request: HttpRequest) -> bool:
    """Tell whether a signed-in page asks, and not a token."""
    return not request.headers.get("Authorization")
