"""Pages for what cannot be shown or done: what happened, what to do; the same for page, part and API."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from bihuan.core.refusal import Refused
from bihuan.core.source import NO_PARAMS, Params
from bihuan.web.catalogue import say
from bihuan.web.edge import language

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Return the answer to a refusal: JSON under /api/, a part for htmx, else a page."""
    return answer(request, refusal.status, refusal.code, refusal.params)


def answer(request: HttpRequest, status: int, code: str, params: Params = NO_PARAMS) -> HttpResponse:
    """Return the page (part, JSON) that says `code` with the given HTTP status."""
    message = say(code, params, lang=language())
    if request.path.startswith("/api/"):
        return JsonResponse({"code": code, "params": dict(params), "message": message}, status=status)
    heading = say(f"web.heading-{status}", lang=language())
    context = {"status": status, "code": code, "heading": heading, "message": message, "back": _back(request)}
    if request.headers.get("HX-Request") == "true":
        response = render(request, "web/parts/refusal.html", context, status=status)
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML show:top"
        return response
    return render(request, "web/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read, or that is too large."""
    if isinstance(exception, TOO_MUCH):
        return answer(request, 413, "web.too-large")
    return answer(request, 400, "web.bad-request")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what this person may not do, when no refusal said more."""
    return answer(request, 403, "web.forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return answer(request, 404, "web.not-found")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours; asks neither the database nor the session, which may be what is broken."""
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"code": "web.fault", "params": {}, "message": say("web.fault", lang=language())}, status=500
        )
    context = {
        "lang": language(),
        "heading": say("web.heading-500"),
        "message": say("web.fault", lang=language()),
    }
    return HttpResponse(render_to_string("web/fault.html", context), status=500)


def _back(request: HttpRequest) -> str:
    """Return the page of ours that led here, so that nothing typed is lost; empty when there was none."""
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/" if request.META.get("SERVER_NAME") else ""
    same = own and referer.startswith(own) and referer != request.build_absolute_uri()
    return referer if same else ""
