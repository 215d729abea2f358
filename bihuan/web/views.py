"""Pages without data: help, and the language and size of type for somebody who is not signed in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from bihuan.core.refusal import NotVisible
from bihuan.web.catalogue import LANGUAGES
from bihuan.web.edge import LANGUAGE_COOKIE, LARGE_COOKIE

TOPICS = ("start", "import", "lists", "task", "check", "write", "people", "record", "keys", "secret")
YEAR = 365 * 24 * 3600


@login_not_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """Show the help: one section a topic, each with its own anchor."""
    topics = [(topic, f"web.help-{topic}-title", f"web.help-{topic}") for topic in TOPICS]
    return render(request, "web/help.html", {"topics": topics})


@login_not_required
@require_GET
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the language of this browser; an account has its own, chosen among its settings."""
    if code not in LANGUAGES:
        raise NotVisible("web.not-found")
    return _kept(request, LANGUAGE_COOKIE, code)


@login_not_required
@require_GET
def choose_size(request: HttpRequest) -> HttpResponse:
    """Switch this browser to large type or back."""
    return _kept(request, LARGE_COOKIE, "" if request.COOKIES.get(LARGE_COOKIE) else "1")


def _kept(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    goal = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}):
        goal = "/"
    response = HttpResponseRedirect(goal)
    response.set_cookie(
        cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response
