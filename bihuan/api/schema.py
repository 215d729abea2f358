"""The API under /api/v1/: routers by context, one error shape, OpenAPI at /api/v1/openapi.json."""

import json

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bihuan import __version__
from bihuan.api.auth import AUTH
from bihuan.core.refusal import Refused
from bihuan.web.errors import answer, refused

api = NinjaAPI(
    title="Bihuan 闭环",
    version=__version__,
    urls_namespace="api",
    auth=AUTH,
    docs_url=None,
)


@api.exception_handler(Refused)
def refuse(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer a refusal with its code, parameters and sentence."""
    return refused(request, refusal)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
    """Answer a call without a valid token or session."""
    return answer(request, 401, "api.sign-in")


@api.exception_handler(ValidationError)
def wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a call whose fields are wrong: all of them, each with its place."""
    faults = [
        {"field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]), "message": str(one["msg"])}
        for one in error.errors
    ]
    response = answer(request, 422, "api.wrong-fields", {"count": len(faults)})
    body = {**_body(response), "faults": faults}
    return api.create_response(request, body, status=422)


@api.exception_handler(HttpError)
def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the framework itself refuses, such as a body that is not JSON."""
    code = "api.bad-body" if error.status_code == 400 else "api.refused"
    return answer(request, error.status_code, code)


def _body(response: HttpResponse) -> dict[str, object]:
    return dict(json.loads(response.content))
