"""The ladder of slips (督办): which rung a task has reached, and whether it is held back.

due day + day + rungs issued already ─reached→ the highest rung not issued yet, or None

>>> reached(rungs_of(USUAL), due_on=date(2026, 11, 20), today=date(2026, 11, 23), issued=frozenset()).key
't+3'
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

SLIPS = ("blue", "yellow", "red")
RECIPIENTS = ("liaison", "unit_head", "leader", "leading_group")
MOST_RUNGS = 10

#: Seven days before: the unit is reminded; after that the circle of those who are told grows.
USUAL: tuple[Mapping[str, Any], ...] = (
    {"key": "t-7", "days": -7, "kind": "blue", "to": ("liaison", "unit_head"), "reply_days": 7},
    {"key": "t+1", "days": 1, "kind": "yellow", "to": ("unit_head",), "reply_days": 5},
    {"key": "t+3", "days": 3, "kind": "yellow", "to": ("unit_head", "leader"), "reply_days": 3},
    {
        "key": "t+15",
        "days": 15,
        "kind": "red",
        "to": ("unit_head", "leader", "leading_group"),
        "reply_days": 3,
    },
)


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: `days` after the due day (negative: before) a slip of `kind` to `to`, answered in `reply_days`."""

    key: str
    days: int
    kind: str
    to: tuple[str, ...]
    reply_days: int


def rungs_of(value: Sequence[Mapping[str, Any]]) -> tuple[Rung, ...]:
    """Return the rungs of a ladder that has no fault, the earliest first."""
    rungs = [
        Rung(str(one["key"]), int(one["days"]), str(one["kind"]), tuple(one["to"]), int(one["reply_days"]))
        for one in value
    ]
    return tuple(sorted(rungs, key=lambda rung: rung.days))


def ladder_fault(value: Sequence[Any]) -> str | None:
    """Return what is wrong with a ladder as a word: shape, twice, kind, to, days, easier; None when it holds."""
    try:
        if len(value) > MOST_RUNGS:
            return "shape"
        rungs = rungs_of(value)
    except (KeyError, TypeError, ValueError):
        return "shape"
    if len({rung.key for rung in rungs}) < len(rungs) or len({rung.days for rung in rungs}) < len(rungs):
        return "twice"
    if any(not 1 <= len(rung.key) <= 20 or not rung.key.isprintable() for rung in rungs):
        return "shape"
    if any(rung.kind not in SLIPS for rung in rungs):
        return "kind"
    if any(not rung.to or not set(rung.to) <= set(RECIPIENTS) for rung in rungs):
        return "to"
    if any(not -60 <= rung.days <= 365 or not 1 <= rung.reply_days <= 90 for rung in rungs):
        return "days"
    order = [SLIPS.index(rung.kind) for rung in rungs]
    return "easier" if order != sorted(order) else None


def reached(rungs: Sequence[Rung], *, due_on: date, today: date, issued: Collection[str]) -> Rung | None:
    """Return the rung that is due today: the highest one reached, unless it or a higher one was issued.

    A rung that was passed over is not made up for: who is three days late gets the slip of three days, not two slips.
    """
    late = (today - due_on).days
    there = [rung for rung in rungs if rung.days <= late]
    if not there:
        return None
    highest = there[-1]
    known = [rung.key for rung in rungs]
    if any(known.index(key) >= known.index(highest.key) for key in issued if key in known):
        return None
    return highest
