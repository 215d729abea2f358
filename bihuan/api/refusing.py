"""How a request is refused: always JSON with `code`, `params`, `message`; all faults with their fields; both versions.

`current` and `yours` stand beside a conflict, so that the caller can decide without another request.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from bihuan.api import answers, rows
from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault
from bihuan.findings.actions.bulk import NotTogether
from bihuan.findings.actions.closure import StepRefused
from bihuan.findings.actions.saving import Invalid, Overtaken
from bihuan.orgs.refusals import PasswordRefused, WrongInput
from bihuan.web.catalogue import say
from bihuan.web.edge import language
from bihuan.web.errors import TOO_MUCH

#: What pydantic calls a fault → the code that says it, with the parameters taken from its context.
CODES: Mapping[str, str] = MappingProxyType(
    {
        "missing": "api.field-missing",
        "extra_forbidden": "api.field-unknown",
        "string_too_long": "api.field-long",
        "string_pattern_mismatch": "api.field-nul",
        "string_type": "api.field-text",
        "int_type": "api.field-number",
        "int_parsing": "api.field-number",
        "int_from_float": "api.field-number",
        "greater_than_equal": "api.field-range",
        "less_than_equal": "api.field-range",
        "bool_type": "api.field-yes-no",
        "bool_parsing": "api.field-yes-no",
        "date_parsing": "api.field-day",
        "date_from_datetime_parsing": "api.field-day",
        "date_type": "api.field-day",
        "list_type": "api.field-list",
        "too_long": "api.field-many",
        "too_short": "api.field-few",
        "dict_type": "api.field-object",
        "model_type": "api.field-object",
        "model_attributes_type": "api.field-object",
        "literal_error": "api.field-choice",
        "email": "api.field-email",
    }
)
MOST_FAULTS = 100


def body_of(code: str, params: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return what every refusal says."""
    return {"code": code, "params": dict(params), "message": say(code, params, lang=language()), **more}


def said(code: str, *, status: int, **params: Any) -> HttpResponse:
    """Return the refusal that a code says."""
    return answers.json(body_of(code, params), status=status)


def refuse(_: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer a refusal with its code, parameters and sentence, and everything that is wrong."""
    return answers.json(body_of(refusal.code, refusal.params, **_more(refusal)), status=refusal.status)


def wrong(_: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a call whose fields are wrong: all of them, each with its place."""
    faults = [_said(one) for one in error.errors[:MOST_FAULTS]]
    params = {"count": len(error.errors)}
    return answers.json(body_of("api.wrong-fields", params, faults=faults), status=422)


def failed(_: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the framework itself refuses, such as a body that is not JSON, or too large."""
    if isinstance(error.__cause__, TOO_MUCH):
        return said("web.too-large", status=413)
    if error.status_code == 400:
        return said("api.bad-body", status=400)
    if error.status_code == 403:
        return said("api.no-csrf", status=403)
    return said("api.refused", status=error.status_code)


def unknown(_: HttpRequest, __: Exception) -> HttpResponse:
    """Answer a call without a valid token or session."""
    answer = said("api.sign-in", status=401)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def faults_said(faults: Iterable[FieldFault]) -> list[dict[str, Any]]:
    """Return faults by field, each with its sentence."""
    return [
        {"field": answers.WORDS.get(fault.field, fault.field), **body_of(fault.code, fault.params)}
        for fault in faults
    ]


def tasks_said(refused: Sequence[tuple[Any, Sequence[FieldFault]]]) -> list[dict[str, Any]]:
    """Return the rows that were refused, each with every reason."""
    return [
        {"id": row.pk, "number": row.number, "faults": faults_said(faults)}
        for row, faults in refused[:MOST_FAULTS]
    ]


def _more(refusal: Refused) -> dict[str, Any]:
    """Return what a refusal tells besides its sentence."""
    if isinstance(refusal, NotTogether | StepRefused):
        return {"tasks": tasks_said(refusal.refused), "faults": faults_said(refusal.faults)}
    if isinstance(refusal, Invalid):
        return {"faults": faults_said(refusal.faults)}
    if isinstance(refusal, Overtaken):
        return {"current": rows.plain(refusal.row), "yours": rows.said(refusal.values)}
    if isinstance(refusal, PasswordRefused):
        return {"faults": [{"field": "new", **body_of(one.code, one.params)} for one in refusal.remarks]}
    if isinstance(refusal, WrongInput) and refusal.field:
        return {"faults": [{"field": refusal.field, **body_of(refusal.code, refusal.params)}]}
    return {}


def _said(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fault of a field, found by the framework, in our words."""
    loc = [str(part) for part in one["loc"]]
    field = ".".join(loc[2:] if loc[0] == "body" and len(loc) > 2 else loc[1:]) or loc[0]
    context = one.get("ctx", {})
    params = {
        "limit": context.get(
            "max_length", context.get("min_length", context.get("le", context.get("ge", "")))
        ),
        "choices": str(context.get("expected", "")),
    }
    code = CODES.get(one["type"], "api.field-wrong")
    told = {key: value for key, value in params.items() if value != ""}
    return {"field": field, **body_of(code, {"field": field, **params}), "params": told}
