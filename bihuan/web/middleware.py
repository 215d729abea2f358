"""The one place where a refusal becomes an answer: Refused ─status→ a page, a part for htmx, or JSON."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from bihuan.core.refusal import Refused
from bihuan.web.errors import answer, refused

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
        """Return the answer to a refusal; every other exception is a fault and rises."""
        return refused(request, exception) if isinstance(exception, Refused) else None
