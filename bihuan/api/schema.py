"""The API under /api/v1/: routers by context, one shape of refusal, OpenAPI at /api/v1/openapi.json."""

from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from bihuan import __version__
from bihuan.api import (
    account,
    documents,
    drafts,
    home,
    inspections,
    institutions,
    notices,
    people,
    problems,
    refusing,
    tasks,
    together,
    units,
)
from bihuan.api.auth import AUTH
from bihuan.core.refusal import Refused

ROUTERS = (
    inspections.router,
    problems.router,
    tasks.router,
    institutions.router,
    together.router,
    documents.router,
    drafts.router,
    notices.router,
    units.router,
    people.router,
    account.router,
    home.router,
)


class StrictParser(Parser):
    """Reads bodies by the letter of JSON: no NaN, no lone surrogates, nesting within bounds."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 - whatever JSON can hold
        """Return what the body holds."""
        return orjson.loads(request.body)


api = NinjaAPI(
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
