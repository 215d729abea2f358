"""What can be told: the codes with their parameters, and the value that upper layers hand over.

The sentence of each code stands in the catalogue area `notify`; robots say only the words under `CODES` and numbers.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from bihuan.core.source import Params
from bihuan.web.catalogue import say

#: code → the parameters that its sentence needs.
CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "notify.task-assigned": ("number", "title"),
        "notify.to-sign": ("number", "title"),
        "notify.to-verify": ("number", "title"),
        "notify.to-close": ("number", "title"),
        "notify.to-accept": ("number", "title"),
        "notify.returned": ("number", "title", "reason"),
        "notify.accepted": ("number", "title"),
        "notify.overdue": ("number", "title", "due"),
        "notify.due-soon": ("number", "title", "due"),
        "notify.mentioned": ("person", "number", "title"),
        "notify.decision-due": ("title", "due"),
        "notify.slip-issued": ("kind", "number"),
        "notify.opinion-wanted": ("title",),
        "notify.delegation-given": ("person", "starts", "ends"),
        "notify.dispatch-missed": ("week",),
        "notify.job-failed": ("kind",),
        "notify.long-term-review-due": ("number", "title", "due"),
        "notify.left-over": ("number", "title", "due"),
        "notify.outside-reply": ("number", "title", "due"),
        "notify.sheet-to-confirm": ("number", "title"),
        "notify.letter-overdue": ("kind", "number", "due"),
        "notify.extension-asked": ("number", "title", "due"),
        "notify.plan-change-asked": ("title",),
    }
)
LONGEST_KEY = 160
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to be told to some people. `url` is an address of this site; `key` tells it apart for ever.

    Without recipients it is still counted for the robots of the organisation.

    :raises ValueError: for a code without a parameter that its sentence needs, or an address elsewhere.
    """

    code: str
    params: Params
    url: str
    organisation_id: int
    key: str
    recipients: Collection[int] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        if missing := set(CODES[self.code]) - set(self.params):
            raise ValueError(f"{self.code} lacks {sorted(missing)}")
        if not self.url.startswith("/") or self.url.startswith(("//", "/\\")):
            raise ValueError(f"not an address of this site: {self.url}")
        if not 0 < len(self.key) <= LONGEST_KEY:
            raise ValueError(f"a key has 1 to {LONGEST_KEY} characters")


def sentence(code: str, params: Params, *, lang: str) -> str:
    """Return what was told as a sentence; @ before a parameter names a code, an ISO day is told in words."""
    return say(code, {name: _said(value, lang) for name, value in params.items()}, lang=lang)


def _said(value: str | int | float | None, lang: str) -> str | int | float | None:
    if isinstance(value, str) and value.startswith("@"):
        return say(value[1:], lang=lang)
    if isinstance(value, str) and (day := DAY.fullmatch(value)) and lang != "en":
        return f"{int(day[1])}年{int(day[2])}月{int(day[3])}日"
    return value


#: Where reminders come from: the day and the settings of the schedule → everything that is due to be told.
Source = Callable[[date, Mapping[str, Any]], Sequence[Telling]]
