"""Do parts come to their whole?

Source: DESIGN §4.9 (a notice cannot be signed while parts do not add up).
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Final

from bihuan.core.checking.amounts import Amount, amounts, overlap, sum_range
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params
from bihuan.core.reading.document import TallyFigure
from bihuan.core.source import Place

_STATUSES: Final = ("completed", "basically_completed", "in_progress", "long_term", "not_completed")
_TOTALS: Final = ("tasks", "problems", "specific_problems", "measures", "categories")
_NO_STATUS: Final = re.compile(r"措施|制度")
_REST_NAMED: Final = re.compile(r"其余|其他|余下|剩余|另有|另外")
_SPLIT: Final = re.compile(r"其中|分别为|分别是|包括")
_SPLIT_ENDS: Final = re.compile(r"其中|另有|另外|同时|共计|合计|总计|同比|比上年|较上年|[(]")
_POSSIBLE_PARTS: Final = 12
_FULL_SENTENCE: Final = re.compile(r"[^。!?]+")
_LONGEST: Final = 3000
_TOGETHER: Final = re.compile(r"合计|总计|共计")
_TOGETHER_BEFORE: Final = re.compile(r"(?:合计|总计|共计)[^\d,。;%]{0,6}$")
_LEFT: Final = re.compile(r"剩余|其余|余下|尚余|还剩|尚有")
_LEFT_BEFORE: Final = re.compile(r"(?:剩余|其余|余下|尚余|还剩|尚有)(?:的)?[^\d,。;%]{0,4}$")


def check_parts_sum(reading: Reading) -> Iterator[Fault]:
    """Find parts that do not come to their whole, in the tally and in any sentence with 其中."""
    told: set[int] = set()
    for fault in _statuses(reading):
        told.add(fault.place.line)
        yield fault
    for passage in reading.body():
        if any(sign in passage.bare for sign in ("其中", "分别", "包括", "(")):
            for sentence in passage.sentences():
                yield from _split_whole(passage, sentence.start, sentence.end)
        if _TOGETHER.search(passage.bare) or _LEFT.search(passage.bare):
            for match in _FULL_SENTENCE.finditer(passage.bare):
                if len(match.group()) <= _LONGEST:
                    yield from _added(passage, match.start(), match.end())


def _statuses(reading: Reading) -> Iterator[Fault]:
    """Compare the counts by status with the total that they split."""
    tally = reading.document.tally
    done = next((figure for figure in tally if figure.key == "completed"), None)
    wholes = [figure for figure in tally if figure.key in _TOTALS]
    if done is None or not wholes:
        return
    # Only what stands in one line was written as one sum.
    parts = [figure for figure in tally if figure.key in _STATUSES and figure.place.line == done.place.line]
    if any(figure.approx for figure in (*parts, *wholes)) or _NO_STATUS.search(done.text):
        return
    total = sum(figure.value for figure in parts)
    if any(figure.value == total for figure in wholes):
        return
    whole = min(wholes, key=lambda figure: abs(figure.value - total))
    words = "、".join(figure.text for figure in parts)
    values = params(parts=words, sum=total, whole=whole.text, declared=whole.value, rest=whole.value - total)
    passage = reading.at(parts[-1].place)
    named = passage is not None and bool(_REST_NAMED.search(passage.bare))
    if total < whole.value and (named or (len(parts) == 1 and reading.cut)):
        return
    variant = "rest" if total < whole.value and len(parts) == 1 else None
    start, end = _span(passage, parts)
    if passage is None or end <= start:
        yield reading.fault_of(whole, "parts-sum", values, variant=variant, related=_places(parts))
    else:
        yield passage.fault("parts-sum", start, end, params=values, variant=variant, related=(whole.place,))


def _span(passage: Passage | None, parts: list[TallyFigure]) -> tuple[int, int]:
    """Return where the first of `parts` begins and the last ends; nothing if one is not there."""
    if passage is None:
        return 0, 0
    starts = [(passage.text.find(figure.text), len(figure.text)) for figure in parts]
    if any(start < 0 for start, _ in starts):
        return 0, 0
    return min(starts)[0], max(start + length for start, length in starts)


def _split_whole(passage: Passage, start: int, end: int) -> Iterator[Fault]:
    """Compare `whole，其中 part、part` and `whole(part、part)` within one sentence."""
    text = passage.bare
    for match in _SPLIT.finditer(text, start, end):
        stop = _SPLIT_ENDS.search(text, match.end(), end)
        whole = _last(amounts(text, start, match.start()))
        parts = _parts(text, match.end(), stop.start() if stop else end, whole)
        yield from _compare(passage, whole, parts, complete=match.group().startswith("分别"))
    for match in re.finditer(r"\(([^()]{4,200})\)", text[start:end]):
        opening = start + match.start()
        whole = _last(amounts(text, start, opening))
        if whole is not None and 0 <= opening - whole.end <= 12:
            parts = _parts(text, opening + 1, start + match.end() - 1, whole)
            if "其中" not in match.group():
                yield from _compare(passage, whole, parts, complete=False)


def _parts(text: str, start: int, end: int, whole: Amount | None) -> tuple[Amount, ...]:
    """Return the amounts of the whole's unit that are named one after the other."""
    if whole is None:
        return ()
    found = []
    for amount in amounts(text, start, end):
        if amount.unit == whole.unit:
            found.append(amount)
        elif found and amount.unit == "%":
            continue
        elif found:
            break
    return tuple(found[:_POSSIBLE_PARTS])


def _compare(
    passage: Passage, whole: Amount | None, parts: tuple[Amount, ...], *, complete: bool
) -> Iterator[Fault]:
    """Yield a fault when `parts` cannot come to `whole`."""
    if whole is None or not parts or whole.unit == "%" or whole.rough or any(part.rough for part in parts):
        return
    low, high = sum_range(parts)
    least, most = whole.range(scaled=False)
    if overlap((low, high), (least, most)) or (len(parts) == 1 and high < least):
        return
    variant = "rest" if high < least and not complete else None
    words = "、".join(passage.text[part.start : part.end] for part in parts)
    total = sum((part.value for part in parts), Decimal())
    values = params(
        parts=words, sum=_printed(total), whole=passage.text[whole.start : whole.end],
        declared=_printed(whole.value), rest=_printed(abs(whole.value - total)),
    )  # fmt: skip
    yield passage.fault("parts-sum", whole.start, parts[-1].end, variant=variant, params=values)


def _added(passage: Passage, start: int, end: int) -> Iterator[Fault]:
    """Compare `part、part，合计 whole` and `whole，part，剩余 rest` within one full sentence."""
    before: dict[str, list[Amount]] = {}
    total_stands = False
    for amount in amounts(passage.bare, start, end):
        if amount.unit == "%":
            continue
        lead = passage.bare[max(start, amount.start - 10) : amount.start]
        earlier = before.setdefault(amount.unit, [])
        # 合计58家、1260万元: the second amount is a total as well.
        total_stands = bool(_TOGETHER_BEFORE.search(lead)) or (total_stands and lead.endswith("、"))
        known = len(earlier) >= 2 and not any(one.rough for one in (*earlier, amount))
        if known and total_stands and not _adds_up(earlier, amount):
            yield _wrong_total(passage, earlier, amount)
        elif known and _LEFT_BEFORE.search(lead) and not _is_left(earlier, amount):
            yield _wrong_rest(passage, earlier, amount)
        earlier.append(amount)


def _adds_up(earlier: list[Amount], total: Amount) -> bool:
    """Say whether the last two or more amounts come to `total`, or `total` repeats one of them."""
    tail = tuple(earlier[-_POSSIBLE_PARTS:])
    sums = (sum_range(tail[-count:]) for count in range(1, len(tail) + 1))
    return any(overlap(one, total.range(scaled=False)) for one in sums) or _equals_any(tail, total)


def _equals_any(amounts_before: tuple[Amount, ...], total: Amount) -> bool:
    """Say whether `total` was printed before."""
    return any(amount.value == total.value for amount in amounts_before)


def _is_left(earlier: list[Amount], rest: Amount) -> bool:
    """Say whether `rest` is what one amount leaves of another, or later ones together of an earlier."""
    tail = earlier[-_POSSIBLE_PARTS:]
    taken = {(index, *span) for index in range(len(tail)) for span in combinations(range(len(tail) + 1), 2)}
    return any(
        _leaves(tail[index], tuple(tail[start:stop]), rest)
        for index, start, stop in taken
        if index < start or (stop - start == 1 and start != index)
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
        sum=_printed(sum((part.value for part in parts), Decimal())),
        whole=passage.text[total.start : total.end], declared=_printed(total.value),
    )  # fmt: skip
    return passage.fault("parts-sum", total.start, total.end, params=values)


def _closest(earlier: list[Amount], total: Amount) -> list[Amount]:
    """Return the last amounts, two or more, whose sum comes nearest to `total`."""
    tails = [earlier[-count:] for count in range(2, min(len(earlier), _POSSIBLE_PARTS) + 1)]
    return min(tails, key=lambda tail: abs(sum((part.value for part in tail), Decimal()) - total.value))


def _wrong_rest(passage: Passage, earlier: list[Amount], rest: Amount) -> Fault:
    """Return the fault of a rest that the whole and the part before it do not leave."""
    part, whole = sorted(earlier[-2:], key=lambda amount: amount.value)
    values = params(
        whole=passage.text[whole.start : whole.end], part=passage.text[part.start : part.end],
        rest=passage.text[rest.start : rest.end], computed=_printed(abs(whole.value - part.value)),
    )  # fmt: skip
    return passage.fault("parts-sum", rest.start, rest.end, variant="left", params=values)


def _places(figures: list[TallyFigure]) -> tuple[Place, ...]:
    """Return the places of `figures`, each once."""
    return tuple(dict.fromkeys(figure.place for figure in figures))


def _last(found: Iterator[Amount]) -> Amount | None:
    """Return the last amount that is no percentage."""
    return next((amount for amount in reversed(list(found)) if amount.unit != "%"), None)


def _printed(value: Decimal) -> str:
    """Return `value` without trailing zeros and without exponent."""
    return f"{value.normalize():f}"
