"""One way to show and take a form: sheet + form + step → the page with every fault, or the step's answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from bihuan.core.refusal import Refused
from bihuan.orgs.refusals import CodeRefused, PasswordRefused, StepRefused, WrongInput
from bihuan.web import catalogue
from bihuan.web.edge import language

SAID_ON_THE_FORM = (WrongInput, StepRefused, PasswordRefused, CodeRefused)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of a form's page. `hints` are catalogue codes by field; `grave` marks what ends something;
    `more` is what a page of its own shows beside the form."""

    heading: str
    button: str
    back: str = ""
    sub: str = ""
    crumb: tuple[str, ...] = ()
    help: str = ""
    hints: Mapping[str, str] | None = None
    grave: bool = False
    more: Mapping[str, Any] | None = None


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, even if nothing; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def take(
    request: HttpRequest,
    form: Form,
    *,
    sheet: Sheet,
    step: Callable[[dict[str, Any]], HttpResponse],
    page: str = "",
) -> HttpResponse:
    """Run `step` with the form's values; show the page when nothing was sent, or with what is wrong."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return step(form.cleaned_data)
            except SAID_ON_THE_FORM as refusal:
                status = refusal.status
                _say_on(form, refusal)
    hints = sheet.hints or {}
    rows = [(bound, hints.get(bound.name, "")) for bound in form]
    context = {"form": form, "rows": rows, "sheet": sheet}
    return render(request, page or "orgs/sheet.html", context, status=status)


def _say_on(form: Form, refusal: Refused) -> None:
    """Lay a refusal on the field that it names, each remark on a password of its own."""
    if isinstance(refusal, PasswordRefused):
        for remark in refusal.remarks:
            form.add_error("new", catalogue.say(remark.code, remark.params, lang=language()))
        return
    field = refusal.field if isinstance(refusal, WrongInput) and refusal.field in form.fields else None
    if isinstance(refusal, CodeRefused):
        field = "code"
    form.add_error(field, catalogue.say(refusal.code, refusal.params, lang=language()))
