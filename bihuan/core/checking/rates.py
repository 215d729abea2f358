"""Do printed rates agree with the numbers that they are computed from?"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Final

from bihuan.core.checking.amounts import Amount, amounts, rate_fits, total_of
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params

_RATE: Final = re.compile(r"率|占|比例|比重")
_GROWTH: Final = re.compile(r"(?:增长|增加|上升|提高|提升|下降|减少|降低|压减|下滑)(?:了|幅度为|率为)?\s?$")
_EARLIER: Final = re.compile(r"(?:上年|去年|上一年)(?:同期|度|全年)?(?:的|为|是)?$|由\s?$|从\s?$")
_POSSIBLE_PARTS: Final = 12


def check_percent(reading: Reading) -> Iterator[Fault]:
    """Find a rate that its own numbers do not give."""
    for passage in reading.body():
        if "%" in passage.bare:
            for sentence in passage.sentences():
                yield from _rates(passage, sentence.start, sentence.end)


def _rates(passage: Passage, start: int, end: int) -> Iterator[Fault]:
    """Compare every percentage of one sentence with the counts beside it."""
    text = passage.bare
    found = list(amounts(text, start, end))
    for rate in (amount for amount in found if amount.unit == "%" and not amount.rough):
        before = text[max(start, rate.start - 14) : rate.start].rpartition(",")[2]
        if _GROWTH.search(before):
            yield from _growth(passage, found, rate)
        elif _RATE.search(before):
            yield from _share(passage, found, rate)


def _share(passage: Passage, found: list[Amount], rate: Amount) -> Iterator[Fault]:
    """Compare a share with every pair of counts of the unit that is counted last before it."""
    last = next(
        (amount for amount in reversed(found) if amount.unit != "%" and amount.end <= rate.start), None
    )
    if last is None:
        return
    group = [
        amount for amount in found
        if _kind(amount) == _kind(last) and (amount.start < rate.start or amount.unit == last.unit)
    ][:_POSSIBLE_PARTS]  # fmt: skip
    if len(group) < 2 or any(amount.rough for amount in group):
        return
    pairs = [
        (part, whole)
        for whole, part in permutations(group, 2)
        if part.in_yuan().value <= whole.in_yuan().value
    ]
    if any(_fits(part, whole, rate) for part, whole in pairs) or _sum_fits(group, rate):
        return
    whole = max((whole for _, whole in pairs), key=_value)
    part = max((part for part, other in pairs if other == whole), key=_value)
    yield from _wrong_rate(passage, part, whole, rate, variant=None)


def _kind(amount: Amount) -> str:
    """Return the unit, those that are used for one another in one sentence taken for one."""
    return "个" if amount.unit in ("项", "条", "件") else amount.in_yuan().unit


def _value(amount: Amount) -> Decimal:
    """Return the value by which amounts of one kind compare."""
    return amount.in_yuan().value


def _fits(part: Amount, whole: Amount, rate: Amount, *, growth: bool = False) -> bool:
    """Say whether the rate follows from two amounts, money of any unit brought to one."""
    return rate_fits(part.in_yuan(), whole.in_yuan(), rate, growth=growth)


def _sum_fits(group: list[Amount], rate: Amount) -> bool:
    """Say whether the first amount is the whole and the next two or three together are the part."""
    first, *others = group
    for count in (2, 3):
        if len(others) >= count:
            value = total_of(amount.in_yuan() for amount in others[:count])
            if _fits(replace(first.in_yuan(), value=value), first, rate):
                return True
    return False


def _growth(passage: Passage, found: list[Amount], rate: Amount) -> Iterator[Fault]:
    """Compare a growth rate with the two amounts, where the sentence marks which one is the earlier."""
    text = passage.bare
    earlier = [
        amount
        for amount in found
        if amount.unit != "%" and _EARLIER.search(text[max(0, amount.start - 8) : amount.start])
    ]
    if len(earlier) != 1 or earlier[0].rough:
        return
    later = [
        amount for amount in found
        if _kind(amount) == _kind(earlier[0]) and amount != earlier[0] and amount.start < rate.start
    ]  # fmt: skip
    if len(later) == 1 and not later[0].rough and not _fits(later[0], earlier[0], rate, growth=True):
        yield from _wrong_rate(passage, later[0], earlier[0], rate, variant="growth")


def _wrong_rate(
    passage: Passage, part: Amount, whole: Amount, rate: Amount, *, variant: str | None
) -> Iterator[Fault]:
    """Yield the fault of a rate with the value that its numbers give."""
    if not whole.value:
        return
    exact = _value(part) / _value(whole) * 100 - (100 if variant else 0)
    computed = abs(exact).quantize(Decimal(1).scaleb(int(rate.value.as_tuple().exponent)))
    values = params(
        part=passage.text[part.start : part.end], whole=passage.text[whole.start : whole.end],
        rate=passage.text[rate.start : rate.end], computed=f"{computed}%",
    )  # fmt: skip
    yield passage.fault(
        "percent", rate.start, rate.end, variant=variant, params=values, proposal=f"{computed}%"
    )
