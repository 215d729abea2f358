"""Who calls the API: a personal token in `Authorization: Bearer …`, or the session of a signed-in page.

request ─TokenAuth | PageAuth→ account, actor and language laid on the request ─caller→ the views
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja.security import HttpBearer, SessionAuth

from bihuan.audit.actor import Actor
from bihuan.findings.queries.sight import Reach, reach_of
from bihuan.orgs.edge import person_actor
from bihuan.orgs.models import Token, User
from bihuan.orgs.queries import Sight, token_for
from bihuan.web import edge


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as whom the act is recorded, and on what day."""

    user: User
    actor: Actor
    today: date

    @property
    def sight(self) -> Sight:
        """Return what the caller sees; its roles are not read, for no view of the API asks for them."""
        return Sight(user_id=self.user.pk, today=self.today, roles=frozenset())

    def reach(self) -> Reach:
        """Return what the caller sees of the register. Two queries."""
        return reach_of(self.sight)


class TokenAuth(HttpBearer):
    """A personal token: it may what its owner may, until it expires, is revoked, or the account is disabled."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the owner and lay the actor on the request, or None. One query, one write a day."""
        speak(request, None)
        today = edge.today(request)
        found = token_for(token.strip(), today)
        if found is None:
            return None
        if found.last_used_on != today:
            Token.objects.filter(pk=found.pk).update(last_used_on=today)
        request.user = found.user
        request.actor = person_actor(found.user, edge.now(request), token_id=found.pk)  # type: ignore[attr-defined]
        speak(request, found.user)
        return found.user


class PageAuth(SessionAuth):
    """The session of a signed-in page; CSRF is checked."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """Return who is signed in, or None; AccountMiddleware has refused whoever owes a new password."""
        user = request.user if isinstance(request.user, User) else None
        speak(request, user)
        return user


AUTH = (TokenAuth(), PageAuth(csrf=True))


def caller(request: HttpRequest) -> Caller:
    """Return who calls; every route but the description of the API has passed AUTH."""
    user: Any = request.user
    return Caller(user, edge.actor_of(request), edge.today(request))


def speak(request: HttpRequest, user: User | None) -> None:
    """Answer in the language that the header asks for, else the account's, else Chinese.

    AccountMiddleware puts back the language of the thread when the request ends.
    """
    translation.activate(asked_language(request) or ("en" if user and user.language == "en" else "zh-hans"))


def asked_language(request: HttpRequest) -> str:
    """Return `zh-hans` or `en` as `Accept-Language` prefers, empty when it names neither."""
    for name, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if name.startswith("en"):
            return "en"
        if name.startswith("zh"):
            return "zh-hans"
    return ""
