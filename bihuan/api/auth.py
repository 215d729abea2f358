"""Who calls the API: a personal token in `Authorization: Bearer …`, or the session of a signed-in page."""

import hashlib

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from bihuan.audit.actor import Actor
from bihuan.orgs.models import Token, User
from bihuan.web import edge


class TokenAuth(HttpBearer):
    """A personal token: it may what its owner may, until it expires, is revoked, or the account is disabled."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the owner and lay the actor on the request, or None. One query, one write a day."""
        today = edge.today(request)
        found = (
            Token.objects.select_related("user")
            .filter(
                sha256=hashlib.sha256(token.strip().encode()).hexdigest(),
                revoked_at=None,
                expires_on__gte=today,
                user__is_active=True,
            )
            .first()
        )
        if found is None:
            return None
        if found.last_used_on != today:
            Token.objects.filter(pk=found.pk).update(last_used_on=today)
        request.user = found.user
        request.actor = Actor(found.user_id, f"token:{found.pk}/person:{found.user_id}", edge.now(request))  # type: ignore[attr-defined]
        return found.user


class PageAuth(SessionAuth):
    """The session of a signed-in page; CSRF is checked."""


AUTH = (TokenAuth(), PageAuth(csrf=True))
