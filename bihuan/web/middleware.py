"""The one place where a refusal becomes an answer: Refused ─status→ a page, a part for htmx, or JSON."""

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from bihuan.core.refusal import Refused
from bihuan.web.errors import answer, refused

LOGGER = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Answers a `Refused` that a view let rise, and tells the browser to keep no copy of what it shows."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            allowed = response.headers["Allow"]
            response = answer(request, 405, "web.method")
            response.headers["Allow"] = allowed
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if getattr(request, "frame", None) is not None and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the answer to a refusal, or to a database that cannot write now; every other exception rises."""
        if isinstance(exception, Refused):
            return refused(request, exception)
        if isinstance(exception, OperationalError) and (trouble := trouble_of(exception)) is not None:
            LOGGER.error("the database cannot write: %s", trouble[1])
            return answer(request, *trouble)
        return None


def trouble_of(error: OperationalError) -> tuple[int, str] | None:
    """Return status and code for a full disk or a database that is busy; None for every other fault of it."""
    state, text = getattr(error.__cause__, "sqlstate", None), str(error).lower()
    if state == "53100" or "disk is full" in text:
        return 507, "web.disk-full"
    if (
        state in ("55P03", "40P01", "53300")
        or "database is locked" in text
        or "database table is locked" in text
    ):
        return 503, "web.busy"
    return None
