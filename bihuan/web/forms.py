"""What is wrong with a field, in our words: Django's finding ─code→ a sentence of the catalogue; ours stay.

Django gives its own findings a code; the sentences of our forms and actions come without one.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.http import QueryDict

from bihuan.core.source import Params
from bihuan.web.catalogue import say
from bihuan.web.edge import language

CODES: Mapping[str, str] = MappingProxyType(
    {
        "required": "web.field-required",
        "invalid_choice": "web.field-choice",
        "max_length": "web.field-too-long",
        "min_value": "web.field-least",
        "max_value": "web.field-most",
        "null_characters_not_allowed": "web.field-characters",
        "invalid": "web.field-invalid",
    }
)
#: What is not a value of its kind, the first that fits; a choice is made, not written.
SHAPES: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DateField, "web.field-date"),
    (forms.IntegerField, "web.field-number"),
    (forms.EmailField, "web.field-email"),
)


def choose_from(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Give a field of `form` what may be chosen: pairs of value and words.

    :raises TypeError: for a field that is no choice.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(name)
    field.choices = list(choices)


def choose_row(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Give a field of `form` the rows of which one may be chosen.

    :raises TypeError: for a field that is no choice of rows.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(name)
    field.queryset = rows


def put_in(form: forms.BaseForm, name: str, value: str) -> None:
    """Let a form that was sent show another value in one field than was sent."""
    if isinstance(form.data, QueryDict):
        data = form.data.copy()
        data[name] = value
        form.data = data
    else:
        form.data = {**form.data, name: value}


def words(bound: BoundField) -> list[tuple[str, bool]]:
    """Return the sentences of a field's faults, each with whether it names the field itself."""
    said = []
    for error in bound.errors.as_data():
        code = _code(bound.field, error)
        if code:
            said.append((say(code, _params(bound, error), lang=language()), True))
        else:
            said.extend((str(message), False) for message in error.messages)
    return said


def _code(field: forms.Field, error: ValidationError) -> str:
    if error.code == "required" and isinstance(field, forms.ChoiceField):
        return "web.field-choose"
    if error.code == "invalid":
        return next((code for shape, code in SHAPES if isinstance(field, shape)), CODES["invalid"])
    return CODES.get(error.code or "", "")


def _params(bound: BoundField, error: ValidationError) -> Params:
    given = error.params or {}
    return {
        "label": str(bound.label),
        "value": str(given.get("value", ""))[:40],
        "length": given.get("show_value", 0),
        "limit": given.get("limit_value", 0),
    }
