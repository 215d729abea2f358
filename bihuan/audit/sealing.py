"""Which tables are sealed, and how a row's values are put into canonical form.

A sealed model says so itself: `sealed_as` (the kind's code word), `sealed_fields` (every field that makes up its state,
foreign keys as ``parent_id``) and `veiled_fields` (personal data and free text, sealed as salted commitments).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from django.apps import apps
from django.db.models import Model

from bihuan.core.chronicle import Value


class Sealed(Protocol):
    """A row of a sealed model, as those who tell of it need it."""

    pk: Any
    sealed_as: ClassVar[str]
    sealed_fields: ClassVar[tuple[str, ...]]


@lru_cache(maxsize=1)
def sealed_models() -> Mapping[str, type[Model]]:
    """Return every sealed model by its code word."""
    found = {}
    for model in apps.get_models():
        if (word := getattr(model, "sealed_as", None)) is not None:
            found[word] = model
    return MappingProxyType(found)


def plain(value: Any) -> Value:
    """Return `value` in canonical form: dates as ISO text, moments in UTC, decimals as text.

    :raises TypeError: for a type that has no canonical form.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")
