"""How much each kind of fault weighs, in one table.

`error` is only what is provably wrong; what a person must judge is a warning, what may be done better a
note. `read` is the profile for a paper as it came in; `sign` is the one for a paper about to be signed and
published (DESIGN §4.9).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bihuan.core.checking.fault import Profile, Severity

_ROWS: Final[tuple[tuple[str, Severity, Severity], ...]] = (
    # kind (code, or code.variant where a variant weighs otherwise), read, sign
    ("declared-count", "warning", "error"),
    ("numbering", "error", "error"),
    ("numbering.gap", "warning", "error"),
    ("numbering.inline-gap", "warning", "warning"),
    ("numbering.inline-repeat", "warning", "warning"),
    ("parts-sum", "error", "error"),
    ("parts-sum.rest", "note", "warning"),
    ("percent", "error", "error"),
    ("date-order", "error", "error"),
    ("date-missing", "warning", "error"),
    ("date-year", "note", "warning"),
    ("future-act", "warning", "error"),
    ("reused-measure", "warning", "warning"),
    ("duplicate-text", "warning", "warning"),
    ("absolute-without-figure", "warning", "error"),
    ("vague-count", "note", "warning"),
    ("ratio-without-base", "warning", "warning"),
    ("input-not-result", "warning", "warning"),
    ("input-not-result.activity", "note", "warning"),
    ("term-mixed", "warning", "error"),
    ("wording", "warning", "warning"),
    ("wording.slip", "error", "error"),
    ("contact", "warning", "warning"),
    ("contact.mobile", "note", "warning"),
    ("contact.mail-form", "warning", "error"),
    ("cross-reference", "warning", "error"),
    ("personal-data", "warning", "error"),
    ("personal-data.identity", "error", "error"),
    ("corrupt-text", "error", "error"),
    ("corrupt-text.hidden", "warning", "warning"),
    ("corrupt-text.question", "warning", "error"),
    ("corrupt-text.marks", "warning", "error"),
    ("corrupt-text.unclosed", "note", "warning"),
    ("cut-off", "warning", "error"),
)

SEVERITY: Final[Mapping[tuple[str, Profile], Severity]] = MappingProxyType(
    {(kind, "read"): read for kind, read, _ in _ROWS} | {(kind, "sign"): sign for kind, _, sign in _ROWS}
)


def severity_of(kind: str, profile: Profile) -> Severity:
    """Return the weight of a kind of fault: its own row, else the row of its code."""
    own = SEVERITY.get((kind, profile))
    return own if own is not None else SEVERITY[kind.partition(".")[0], profile]
