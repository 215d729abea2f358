"""The API under /api/v1/: routers by context, one shape of refusal, OpenAPI at /api/v1/openapi.json."""

from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from bihuan import __version__
from bihuan.api import (
    account,
    accounts_held,
    axes,
    calendar,
    charge,
    closure,
    directory,
    dispatches,
    documents,
    drafts,
    evidence,
    groups,
    health,
    home,
    inspections,
    institutions,
    letters,
    meetings,
    notices,
    notifications,
    people,
    plan_changes,
    plans,
    problems,
    progress,
    refusing,
    rounds,
    tasks,
    together,
    units,
    uploads,
    workbooks,
)
from bihuan.api.auth import AUTH, speak
from bihuan.api.describing import described
from bihuan.core.refusal import Refused
from bihuan.orgs.models import User

ROUTERS = (
    home.router,
    inspections.router,
    problems.router,
    tasks.router,
    closure.router,
    axes.router,
    plans.router,
    plan_changes.router,
    institutions.router,
    accounts_held.router,
    together.router,
    documents.router,
    drafts.router,
    dispatches.router,
    meetings.router,
    letters.router,
    notices.router,
    rounds.router,
    units.router,
    people.router,
    charge.router,
    groups.router,
    calendar.router,
    directory.router,
    account.router,
    notifications.router,
    health.router,
    uploads.router,
    evidence.router,
    progress.router,
    workbooks.router,
)


class StrictParser(Parser):
    """Reads bodies by the letter of JSON: no NaN, no lone surrogates, nesting within bounds."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what the body holds."""
        return orjson.loads(request.body)


class Api(NinjaAPI):
    """The API, with answers of our shape also where no route or method fits, and a description of every answer."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Return the description of the API with its refusals."""
        return described(super().get_openapi_schema(**kwargs))

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        routes = super()._get_urls()
        for route in routes:
            if isinstance(route, URLPattern):
                route.callback = nowhere if route.name == "api-root" else _refusing_methods(route.callback)
        return [*routes, re_path("", nowhere, name="nowhere")]


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer an address that leads nowhere."""
    _speak(request)
    return refusing.said("api.nowhere", status=404)


def _refusing_methods(view: Any) -> Any:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found: HttpResponseBase = view(request, *args, **kwargs)
        if found.status_code != 405:
            return found
        _speak(request)
        refused = refusing.said(
            "api.no-method", status=405, method=request.method or "", known=found.headers.get("Allow", "")
        )
        refused.headers["Allow"] = found.headers.get("Allow", "")
        return refused

    return answer


def _speak(request: HttpRequest) -> None:
    speak(request, request.user if isinstance(request.user, User) else None)


api = Api(
    title="Bihuan 闭环",
    version=__version__,
    urls_namespace="api",
    auth=AUTH,
    docs_url=None,
    parser=StrictParser(),
)
for one in ROUTERS:
    api.add_router("", one)

answering: tuple[tuple[type[Exception], Any], ...] = (
    (Refused, refusing.refuse),
    (AuthenticationError, refusing.unknown),
    (ValidationError, refusing.wrong),
    (HttpError, refusing.failed),
)
for kind, answer in answering:
    api.add_exception_handler(kind, answer)
