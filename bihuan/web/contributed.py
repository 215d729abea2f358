"""What the apps above add to a page of an app below: place + row ─makers→ parts, in the order of the apps.

An app fills it in its `AppConfig.ready`; the page shows what is there (``{% contributed "task" row %}``) and knows
nobody by name, so that nothing flows backwards by import.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Part:
    """What is added to a page: a template, and what it is given beside the page's own context."""

    template: str
    context: Mapping[str, Any]


#: Makes the part for a row, None when there is nothing to show to this person.
Maker = Callable[[HttpRequest, Any], Part | None]

_MAKERS: dict[str, dict[str, Maker]] = defaultdict(dict)


def contribute(place: str, name: str, maker: Maker) -> None:
    """Add a maker at a place under a name of its own; the same name again takes its place."""
    _MAKERS[place][name] = maker


def parts_of(place: str, request: HttpRequest, row: Any) -> list[Part]:
    """Return what is shown at a place for a row."""
    made = [maker(request, row) for maker in _MAKERS[place].values()]
    return [one for one in made if one is not None]
