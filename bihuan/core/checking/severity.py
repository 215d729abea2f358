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
    # kind (code, or code.variant), read, sign
    ("declared-count", "warning", "error"),
    ("declared-count.tasks", "warning", "error"),
    ("declared-count.twice", "warning", "error"),
    ("numbering.gap", "warning", "error"),
    ("numbering.repeat", "error", "error"),
    ("numbering.inline-gap", "warning", "warning"),
    ("numbering.inline-repeat", "warning", "warning"),
    ("numbering.task", "error", "error"),
    ("parts-sum", "error", "error"),
    ("parts-sum.left", "error", "error"),
    ("parts-sum.change", "error", "error"),
    ("parts-sum.beyond", "warning", "error"),
    ("parts-sum.rest", "note", "warning"),
    ("parts-sum.short", "warning", "warning"),
    ("percent", "error", "error"),
    ("percent.growth", "error", "error"),
    ("date-order.ends", "error", "error"),
    ("date-order.feedback", "error", "error"),
    ("date-order.signed", "error", "error"),
    ("date-order.published", "error", "error"),
    ("date-order.impossible", "error", "error"),
    ("date-missing.period", "warning", "error"),
    ("date-missing.feedback", "warning", "error"),
    ("date-missing.signature", "warning", "error"),
    ("date-year", "note", "warning"),
    ("future-act", "warning", "error"),
    ("reused-measure", "warning", "warning"),
    ("duplicate-text.paragraph", "warning", "warning"),
    ("duplicate-text.sentence", "warning", "warning"),
    ("duplicate-text.title", "warning", "warning"),
    ("duplicate-text.phrase", "warning", "warning"),
    ("absolute-without-figure", "warning", "error"),
    ("vague-count", "note", "warning"),
    ("vague-count.word", "note", "warning"),
    ("ratio-without-base", "warning", "warning"),
    ("ratio-without-base.growth", "warning", "warning"),
    ("input-not-result", "warning", "warning"),
    ("input-not-result.activity", "note", "warning"),
    ("answer-missing", "warning", "warning"),
    ("term-mixed", "warning", "error"),
    ("term-mixed.paper", "warning", "error"),
    ("wording.slip", "error", "error"),
    ("wording.usage", "warning", "warning"),
    ("wording.name", "warning", "warning"),
    ("contact.missing", "warning", "warning"),
    ("contact.separator", "warning", "warning"),
    ("contact.area-code", "warning", "warning"),
    ("contact.phone-form", "warning", "warning"),
    ("contact.mobile", "note", "warning"),
    ("contact.private-mail", "warning", "warning"),
    ("contact.mail-form", "warning", "error"),
    ("cross-reference.attachment", "warning", "error"),
    ("cross-reference.problem", "warning", "error"),
    ("cross-reference.part", "warning", "error"),
    ("cross-reference.serial", "warning", "error"),
    ("personal-data.identity", "error", "error"),
    ("personal-data.card", "warning", "error"),
    ("personal-data.mobile", "warning", "error"),
    ("personal-data.name", "warning", "error"),
    ("corrupt-text", "error", "error"),
    ("corrupt-text.control", "error", "error"),
    ("corrupt-text.hidden", "warning", "warning"),
    ("corrupt-text.pinyin", "error", "error"),
    ("corrupt-text.question", "warning", "error"),
    ("corrupt-text.marks", "warning", "error"),
    ("corrupt-text.date", "error", "error"),
    ("corrupt-text.unclosed", "note", "warning"),
    ("cut-off", "warning", "error"),
)

KINDS: Final = tuple(kind for kind, _, _ in _ROWS)
SEVERITY: Final[Mapping[tuple[str, Profile], Severity]] = MappingProxyType(
    {(kind, "read"): read for kind, read, _ in _ROWS} | {(kind, "sign"): sign for kind, _, sign in _ROWS}
)


def severity_of(kind: str, profile: Profile) -> Severity:
    """Return the weight of a kind of fault."""
    return SEVERITY[kind, profile]
