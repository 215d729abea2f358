"""A fault found in a document: a code with parameters, the words quoted, and where they stand."""

from dataclasses import dataclass
from typing import Literal

from bihuan.core.source import NO_PARAMS, Params, Place

Severity = Literal["error", "warning", "note"]
Profile = Literal["read", "sign"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `quote` is cut from the line at `place` exactly as printed, so that it can be found again there.

    `code` names the sentence ``checking.<code>`` of the catalogue; `params` fill it. `related` are other places that the
    fault speaks of (the second use of a measure, the heading that a count contradicts). `proposal` is the wording that
    could stand instead of `quote`, None when a person must decide.
    """

    code: str
    quote: str
    place: Place
    params: Params = NO_PARAMS
    related: tuple[Place, ...] = ()
    proposal: str | None = None
