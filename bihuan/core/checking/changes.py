"""Does a change agree with what it leads from and to: 新增7家，由14家增加到21家?"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.amounts import Amount, amounts, overlap, printed
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, params

CUES: Final = re.compile(r"新增|净增|增加|减少|下降|压减|核减")
_CHANGE: Final = re.compile(r"(?:新增|净增|增加|减少|下降|压减|核减)(?!到|至|为)(?:了)?[^,。;、\d]{0,9}$")
_FROM: Final = re.compile(r"(?:由|从)[^,。;、\d]{0,6}$")
_TO: Final = re.compile(r"(?:增加|增|减少|减|下降|降|上升|提高|压减)(?:到|至|为)[^,。;、\d]{0,4}$")
_OLD: Final = re.compile(r"(?:上年同期|去年同期|原已?有?|原来|此前)[^,。;、\d]{0,4}$")
# 现已备案214家, 合计214家: what has come of it.
_NOW: Final = re.compile(r"(?:现(?:已|有|共)|目前(?:已|共)?有?|累计|合计|总计|共计)[^,。;、\d]{0,6}$")
_DUE: Final = re.compile(r"应[^,。;、\d]{1,18}$")
_REST: Final = re.compile(r"其余|剩余|余下|尚|未|另")
_SEVERAL: Final = 8


def changes(passage: Passage, start: int, end: int) -> Iterator[Fault]:
    """Compare the changes of one full sentence with the amounts before and after, where both are printed."""
    by_unit: dict[str, list[tuple[str, Amount]]] = {}
    for amount in amounts(passage.bare, start, end):
        if amount.unit != "%":
            lead = passage.bare[max(start, amount.start - 16) : amount.start]
            by_unit.setdefault(amount.unit, []).append((_role(lead), amount))
    for found in by_unit.values():
        if 3 <= len(found) <= _SEVERAL and not any(amount.rough for _, amount in found):
            yield from _compared(passage, found) or _short_of_due(passage, found, start, end)


def _role(lead: str) -> str:
    """Return what an amount is by the words before it."""
    for role, pattern in (("to", _TO), ("from", _FROM), ("change", _CHANGE), ("old", _OLD), ("to", _NOW)):
        if pattern.search(lead):
            return role
    return ""


def _compared(passage: Passage, found: list[tuple[str, Amount]]) -> list[Fault]:
    """Return the fault of one change that the amounts of its unit do not give."""
    changed = [amount for role, amount in found if role == "change"]
    before = [amount for role, amount in found if role in ("from", "old")]
    after = [amount for role, amount in found if role == "to"] or [a for role, a in found if not role]
    if len(changed) != 1 or len(before) != 1 or not after:
        return []
    if any(_differ(before[0], one, changed[0]) for one in after):
        return []
    values = params(
        before=passage.text[before[0].start : before[0].end], after=passage.text[after[-1].start : after[-1].end],
        change=passage.text[changed[0].start : changed[0].end],
        computed=printed(abs(after[-1].value - before[0].value)),
    )  # fmt: skip
    return [passage.fault("parts-sum", changed[0].start, changed[0].end, variant="change", params=values)]


def _short_of_due(passage: Passage, found: list[tuple[str, Amount]], start: int, end: int) -> Iterator[Fault]:
    """Yield a fault for what was due (应备案214家) when what has come of it is another number."""
    roles = [role for role, _ in found]
    if not {"old", "change", "to"} <= set(roles) or roles[0] or _REST.search(passage.bare, start, end):
        return
    due, now = found[0][1], next(amount for role, amount in found if role == "to")
    if not _DUE.search(passage.bare[max(start, due.start - 20) : due.start]):
        return
    if overlap(due.range(scaled=False), now.range(scaled=False)):
        return
    parts = [amount for role, amount in found if role in ("old", "change")]
    values = params(
        parts="、".join(passage.text[part.start : part.end] for part in parts), sum=printed(now.value),
        whole=passage.text[due.start : due.end], declared=printed(due.value),
        rest=printed(abs(due.value - now.value)),
    )  # fmt: skip
    variant = "short" if now.value < due.value else None
    yield passage.fault("parts-sum", due.start, now.end, variant=variant, params=values)


def _differ(before: Amount, after: Amount, change: Amount) -> bool:
    """Say whether two amounts can differ by `change`."""
    low, high = before.range(scaled=False)
    least, most = after.range(scaled=False)
    reach = change.range(scaled=False)
    return overlap((least - high, most - low), reach) or overlap((low - most, high - least), reach)
