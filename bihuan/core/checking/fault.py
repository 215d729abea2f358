"""A fault found in a document: a code with parameters, the words quoted, and where they stand."""

from dataclasses import dataclass, field
from typing import Literal

from bihuan.core.source import NO_PARAMS, Params, Place

Severity = Literal["error", "warning", "note"]
Profile = Literal["read", "sign"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `quote` is cut from the line at `place` exactly as printed, so that it can be found again
    there.

    `code` with `variant` names the sentence ``checking.<code>`` or ``checking.<code>.<variant>`` of the
    catalogue; `params` fill it. `related` are other places that the fault speaks of (the second use of a
    measure, the heading that a count contradicts). `proposal` is the wording that could stand instead of
    `quote`, None when a person must decide. `start` is the character in the line where `quote` begins (a
    line may hold the same words twice). `severity` is filled by `check` for the profile that was asked for.
    """

    code: str
    quote: str
    place: Place
    params: Params = field(default_factory=lambda: NO_PARAMS)
    related: tuple[Place, ...] = ()
    proposal: str | None = None
    variant: str | None = None
    start: int | None = None
    severity: Severity = "note"

    @property
    def kind(self) -> str:
        """Return code and variant as one name, the key of the severity table and of the catalogue."""
        return f"{self.code}.{self.variant}" if self.variant else self.code

    @property
    def message_code(self) -> str:
        """Return the code under which the catalogue keeps the sentence for this fault."""
        return f"checking.{self.kind}"
