"""Who asks, on every request: session ─AccountMiddleware→ account, language, frame, actor; or to signing in.

A session ends by itself after 30 minutes without a request and 12 hours after signing in, and at once when
its owner ends it, the password changes or the account is disabled. A page is for accounts unless its view is
marked `login_not_required`; the API answers for itself.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from bihuan.core.refusal import NotAllowed
from bihuan.orgs import sessions
from bihuan.orgs.edge import frame, person_actor, user_of
from bihuan.orgs.models import User
from bihuan.orgs.passwords import must_change
from bihuan.web import catalogue
from bihuan.web.edge import LANGUAGE_COOKIE, LARGE_COOKIE, Frame, language, now, today
from bihuan.web.errors import refused

OPEN_WHILE_OWING = ("orgs:password", "orgs:sign-out")
DJANGO_LANGUAGES = {"zh-Hans": "zh-hans", "en": "en"}


class AccountMiddleware:
    """Lays account, frame, sight and actor on the request, or leads to the page for signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the language of the person."""
        with translation.override(DJANGO_LANGUAGES.get(_language(request), settings.LANGUAGE_CODE)):
            ended = _lay(request)
            if ended:
                messages.warning(request, catalogue.say(ended, lang=language()))
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Lead to signing in, or to the change of a password that is owed."""
        if request.path.startswith("/api/"):
            owing = isinstance(request.user, User) and must_change(request.user, now(request))
            return refused(request, NotAllowed("orgs.password-owed")) if owing else None
        if not getattr(view, "login_required", True):
            return None
        if not isinstance(request.user, User):
            return _to_sign_in(request)
        match = request.resolver_match
        if (
            match is not None
            and match.view_name not in OPEN_WHILE_OWING
            and must_change(request.user, now(request))
        ):
            return HttpResponseRedirect(reverse("orgs:password"))
        return None


def _lay(request: HttpRequest) -> str | None:
    """Lay the person on the request; return the reason when the session has just ended."""
    request.frame = Frame(large=bool(request.COOKIES.get(LARGE_COOKIE)))  # type: ignore[attr-defined]
    if not isinstance(request.user, User):
        return None
    ended = _ended(request)
    if ended:
        logout(request)
        return ended
    request.frame, request.sight = frame(request.user, today(request))  # type: ignore[attr-defined]
    request.actor = person_actor(request.user, now(request))  # type: ignore[attr-defined]
    return None


def _ended(request: HttpRequest) -> str | None:
    """Return why the session may not go on, or None; one query, and a write once a minute."""
    at = now(request)
    return sessions.reason_to_end(sessions.seen(request, user_of(request), at), at)


def _language(request: HttpRequest) -> str:
    if isinstance(request.user, User):
        return request.user.language
    return request.COOKIES.get(LANGUAGE_COOKIE, "zh-Hans")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to signing in and back to this page; a part that htmx asked for moves the whole page there."""
    back = request.get_full_path() if request.method == "GET" and not _by_htmx(request) else "/"
    goal = reverse(settings.LOGIN_URL) + ("?" + urlencode({"next": back}) if back != "/" else "")
    if _by_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": goal})
    return HttpResponseRedirect(goal)


def _by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
