"""Do totals and rests within a sentence agree with what stands before them?

`part、part，合计 whole` and `whole，part，剩余 rest`
"""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from bihuan.core.checking.amounts import Amount, amounts, overlap, printed, sum_range, total_of
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, params

CUES: Final = re.compile(r"合计|总计|共计|剩余|其余|余下|尚余|还剩|尚有")
_TOGETHER: Final = re.compile(r"(?:合计|总计|共计)[^\d,。;%]{0,6}$")
_LEFT: Final = re.compile(r"(?:剩余|其余|余下|尚余|还剩|尚有)(?:的)?[^\d,。;%]{0,4}$")
# 查明41处，已改造46处: what has been done is not the whole of what was named before it.
_DONE: Final = re.compile(r"[,;]已[^,。;、\d]{1,8}$")
_POSSIBLE_PARTS: Final = 12


def totals_and_rests(passage: Passage, start: int, end: int) -> Iterator[Fault]:
    """Compare every total and every rest of one full sentence with the amounts of its unit before it."""
    before: dict[str, list[Amount]] = {}
    kind = ""
    for amount in amounts(passage.bare, start, end):
        if amount.unit == "%":
            continue
        lead = passage.bare[max(start, amount.start - 10) : amount.start]
        earlier = before.setdefault(amount.unit, [])
        # 合计58家、1260万元: what 、 joins to a total is a total as well.
        if _TOGETHER.search(lead):
            kind = "total"
        elif _LEFT.search(lead):
            kind = "rest"
        elif not lead.endswith("、"):
            kind = ""
        if kind and len(earlier) >= 2 and not any(one.rough for one in (*earlier, amount)):
            yield from _judged(passage, earlier[-_POSSIBLE_PARTS:], amount, kind=kind)
        earlier.append(amount)


def _judged(passage: Passage, earlier: list[Amount], amount: Amount, *, kind: str) -> Iterator[Fault]:
    """Yield a fault when the total or the rest does not follow from what stands before."""
    if kind == "total" and not _adds_up(earlier, amount):
        yield _wrong_total(passage, earlier, amount)
    elif kind == "rest" and not _is_left(passage, earlier, amount):
        yield _wrong_rest(passage, earlier, amount)


def _adds_up(earlier: list[Amount], total: Amount) -> bool:
    """Say whether the last amounts come to `total`, or it repeats a whole that fewer than two parts follow."""
    reach = total.range(scaled=False)
    if any(overlap(sum_range(tuple(earlier[-count:])), reach) for count in range(1, len(earlier) + 1)):
        return True
    return any(amount.value == total.value for amount in earlier[-2:])


def _is_left(passage: Passage, earlier: list[Amount], rest: Amount) -> bool:
    """Say whether `rest` is what one amount leaves of another, or later ones together of an earlier."""
    size = len(earlier)
    taken = {(index, *span) for index in range(size) for span in combinations(range(size + 1), 2)}
    return any(
        _leaves(earlier[index], tuple(earlier[start:stop]), rest)
        for index, start, stop in taken
        if index < start
        or (
            stop - start == 1
            and start != index
            and not _DONE.search(passage.bare[max(0, earlier[index].start - 12) : earlier[index].start])
        )
    )


def _leaves(whole: Amount, parts: tuple[Amount, ...], rest: Amount) -> bool:
    """Say whether `whole` less `parts` can be `rest`."""
    low, high = whole.range(scaled=False)
    least, most = sum_range(parts)
    return overlap((low - most, high - least), rest.range(scaled=False))


def _wrong_total(passage: Passage, earlier: list[Amount], total: Amount) -> Fault:
    """Return the fault of a total that its parts, the last amounts before it, do not come to."""
    parts = _closest(earlier, total)
    values = params(
        parts="、".join(passage.text[part.start : part.end] for part in parts),
        sum=printed(total_of(parts)), whole=passage.text[total.start : total.end],
        declared=printed(total.value),
    )  # fmt: skip
    return passage.fault("parts-sum", total.start, total.end, params=values)


def _closest(earlier: list[Amount], total: Amount) -> list[Amount]:
    """Return the last amounts, two or more, whose sum comes nearest to `total`."""
    tails = [earlier[-count:] for count in range(2, len(earlier) + 1)]
    return min(tails, key=lambda tail: abs(total_of(tail) - total.value))


def _wrong_rest(passage: Passage, earlier: list[Amount], rest: Amount) -> Fault:
    """Return the fault of a rest that the whole and the part before it do not leave."""
    part, whole = sorted(earlier[-2:], key=lambda amount: amount.value)
    values = params(
        whole=passage.text[whole.start : whole.end], part=passage.text[part.start : part.end],
        rest=passage.text[rest.start : rest.end], computed=printed(whole.value - part.value),
    )  # fmt: skip
    return passage.fault("parts-sum", rest.start, rest.end, variant="left", params=values)
