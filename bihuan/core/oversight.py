"""Thresholds, rhythm and marks of oversight as data: each with its usual value and where that comes from.

An organisation sets its own value from a day on, naming its paper; what it does not set is the usual value.

>>> Rules(()).days("stalled-after")
14
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from bihuan.core.ladder import USUAL, Rung, ladder_fault, rungs_of
from bihuan.core.register import FieldFault
from bihuan.core.sampling import QUANTILES

NO_RULING = "无统一规定，系统缺省值，可依本单位督查督办办法改定"
WEEKLY = "整改通报通行做法“一周一调度”，系统缺省值"
LAYOUT = "GB/T 9704—2012 发文字号的写法，系统缺省值"
VETO = "整改评估通行做法：5项以上上报事实不实的一票否决（几省评估办法，系统缺省值）"
CONFIDENCE = "统计抽样通行做法取95%的置信水平，系统缺省值"
LONGEST_TEXT = 60
NOTHING: Mapping[str, tuple[Any, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RuleKind:
    """One rule: its shape (days, number, day, text or ladder), its usual value, where that comes from, and its bounds.

    A number with `choices` is one of these.
    """

    key: str
    shape: str
    usual: Any
    source: str
    least: int = 0
    most: int = 365
    choices: tuple[int, ...] = ()


RULES: Mapping[str, RuleKind] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            RuleKind("dispatch-from", "day", None, WEEKLY),
            RuleKind("due-within", "days", 7, WEEKLY, least=1, most=60),
            RuleKind("stalled-after", "days", 14, NO_RULING, least=1),
            RuleKind("waiting-late", "days", 0, NO_RULING),
            RuleKind("waiting-most", "days", 30, NO_RULING, least=1),
            RuleKind("reply-days", "days", 7, NO_RULING, least=1, most=90),
            RuleKind("ladder", "ladder", USUAL, NO_RULING),
            RuleKind("letter-mark", "text", "", LAYOUT),
            RuleKind("issuer-office", "text", "整改工作领导小组办公室", NO_RULING),
            RuleKind("veto-from", "number", 5, VETO, least=1, most=99),
            RuleKind("recheck-confidence", "number", 95, CONFIDENCE, choices=tuple(QUANTILES)),
            RuleKind("issuer-supervision", "text", "督查工作领导小组办公室", NO_RULING),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What an organisation set: the value of `key` from `starts_on` on, and its paper."""

    key: str
    value: Any
    source: str
    starts_on: date


class Rules:
    """The rules that hold for one organisation on one day."""

    def __init__(
        self,
        settings: Iterable[Setting],
        *,
        on: date = date.max,
        usual: Mapping[str, tuple[Any, str]] = NOTHING,
    ) -> None:
        """Take what was set; `usual`: values with their sources that stand in place of the shipped ones."""
        self._usual = {key: (kind.usual, kind.source) for key, kind in RULES.items()} | dict(usual)
        self._set = {
            one.key: one
            for one in sorted(settings, key=lambda one: one.starts_on)
            if one.starts_on <= on and one.key in RULES
        }

    def value(self, key: str) -> Any:
        """Return what holds for a rule."""
        return self._set[key].value if key in self._set else self._usual[key][0]

    def source(self, key: str) -> str:
        """Return where the value comes from."""
        return self._set[key].source if key in self._set else self._usual[key][1]

    def since(self, key: str) -> date | None:
        """Return since when the organisation's own value holds, None for the usual one."""
        return self._set[key].starts_on if key in self._set else None

    def days(self, key: str) -> int:
        """Return a number of days."""
        return int(self.value(key))

    def number(self, key: str) -> int:
        """Return a number that counts something else than days."""
        return int(self.value(key))

    def text(self, key: str) -> str:
        """Return a text."""
        return str(self.value(key))

    def day(self, key: str) -> date | None:
        """Return a day, None when none is set."""
        value = self.value(key)
        return date.fromisoformat(value) if value else None

    def ladder(self) -> tuple[Rung, ...]:
        """Return the ladder, the earliest rung first."""
        return rungs_of(self.value("ladder"))


def rule_faults(key: str, value: Any, source: str) -> list[FieldFault]:
    """Return every fault of a value for a rule; a value of one's own needs its source."""
    kind = RULES.get(key)
    if kind is None:
        return [FieldFault("key", "oversight.rule-unknown", {"key": key[:40]})]
    faults = [] if source.strip() else [FieldFault("source", "oversight.rule-source")]
    fault = {
        "days": _days_fault,
        "number": _days_fault,
        "day": _day_fault,
        "text": _text_fault,
        "ladder": _ladder_fault,
    }[kind.shape](kind, value)
    return [*faults, fault] if fault else faults


def _days_fault(kind: RuleKind, value: Any) -> FieldFault | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if kind.choices:
        chosen = whole and value in kind.choices
        words = "、".join(map(str, kind.choices))
        return None if chosen else FieldFault("value", "oversight.rule-choice", {"choices": words})
    if whole and kind.least <= value <= kind.most:
        return None
    return FieldFault("value", "oversight.rule-days", {"least": kind.least, "most": kind.most})


def _day_fault(_kind: RuleKind, value: Any) -> FieldFault | None:
    if value is None:
        return None
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return FieldFault("value", "oversight.rule-day")
    return None


def _text_fault(_kind: RuleKind, value: Any) -> FieldFault | None:
    if isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable():
        return None
    return FieldFault("value", "oversight.rule-text", {"most": LONGEST_TEXT})


def _ladder_fault(_kind: RuleKind, value: Any) -> FieldFault | None:
    fault = ladder_fault(value) if isinstance(value, Sequence) and not isinstance(value, str) else "shape"
    return FieldFault("value", f"oversight.ladder-{fault}") if fault else None
