"""Do parts come to their whole?

Source: DESIGN §4.9 (a notice cannot be signed while parts do not add up).
"""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from bihuan.core.checking import beyond, changes, spread, totals
from bihuan.core.checking.amounts import Amount, amounts, overlap, printed, sum_range, total_of
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.listed import SPLIT_ENDS, parts_of, rest_is_named, segments_after
from bihuan.core.checking.passages import Passage, Reading, params
from bihuan.core.checking.tallies import status_sums

_SPLIT: Final = re.compile(r"其中|分别为|分别是|包括")
_AMONG: Final = re.compile(r"其中")
_BRACKET: Final = re.compile(r"\(([^()]{4,200})\)")
_CLAUSE_SIGNS: Final = ",:"
_POSSIBLE_PARTS: Final = 12
_NEAR: Final = 12
_LISTED: Final = 3  # so many parts make a list that was meant to be whole
_HALVES: Final = 2
_CHANGE: Final = re.compile(r"(?:新增|净增|增加|减少|增长|下降|多|少)(?:了)?\s?$")
# Kinds that one person or thing can be of at once: 35岁以下10名，大专以上13名.
_CROSSING: Final = re.compile(r"岁|学历|女|少数民族|党员|职称|以上|以下|大专|本科|研究生|硕士|博士|\d%")
_ITEMS: Final = 40
_FULL_SENTENCE: Final = re.compile(r"[^。!?]+")
_LONGEST: Final = 3000

_JUDGES: Final = (
    (totals.CUES, totals.totals_and_rests),
    (changes.CUES, changes.changes),
    (beyond.CUES, beyond.beyond),
)


def check_parts_sum(reading: Reading) -> Iterator[Fault]:
    """Find parts that do not come to their whole, in the tally and in any sentence."""
    yield from status_sums(reading)
    last = reading.passages[-1].place.line if reading.cut else None
    for passage in reading.body():
        for fault in _in_passage(passage):
            # What is missing of a sum may have stood in what was cut off.
            if fault.variant != "rest" or passage.place.line != last:
                yield fault
    if not reading.cut:
        yield from _spread(reading)


def _in_passage(passage: Passage) -> Iterator[Fault]:
    """Judge every sum of one line: wholes that are split, totals, rests and changes."""
    if any(sign in passage.bare for sign in ("其中", "分别", "包括", "(")):
        for sentence in passage.sentences():
            yield from _split_whole(passage, sentence.start, sentence.end)
        yield from _split_further(passage)
    for cues, judge in _JUDGES:
        if cues.search(passage.bare):
            for match in _FULL_SENTENCE.finditer(passage.bare):
                if len(match.group()) <= _LONGEST:
                    yield from judge(passage, match.start(), match.end())


def _split_whole(passage: Passage, start: int, end: int) -> Iterator[Fault]:
    """Compare `whole，其中 part、part` and `whole(part、part)` within one sentence."""
    text = passage.bare
    for match in _SPLIT.finditer(text, start, end):
        stop = SPLIT_ENDS.search(text, match.end(), end)
        wholes = _wholes(text, start, match.start())
        for whole in wholes.values():
            if _CHANGE.search(text, max(start, whole.start - _NEAR), whole.start):
                # 接收1352人，比上年增加386人，其中 …: the parts split what stands before the change.
                continue
            parts = _parts(
                text, match.end(), stop.start() if stop else end, unit=whole.unit, beside=set(wholes)
            )
            yield from _compare(passage, whole, parts, complete=match.group().startswith("分别"))
    for match in _BRACKET.finditer(text, start, end):
        wholes = _wholes(text, start, match.start())
        last = max(wholes.values(), key=lambda amount: amount.end, default=None)
        if last is not None and match.start() - last.end <= _NEAR and "其中" not in match.group():
            parts = _parts(text, match.start() + 1, match.end() - 1, unit=last.unit, beside={last.unit})
            yield from _compare(passage, last, parts, complete=False)


def _split_further(passage: Passage) -> Iterator[Fault]:
    """Compare a whole with parts in the next sentence or behind semicolons."""
    text = passage.bare
    for match in _AMONG.finditer(text):
        start = _sentence_start(text, match.start())
        behind = start == match.start()
        segments = segments_after(text, match.end())
        if behind:
            start = _sentence_start(text, max(0, start - 1))
        elif len(segments) == 1:
            continue
        for whole in _wholes(text, start, match.start()).values():
            if not _CHANGE.search(text, max(start, whole.start - _NEAR), whole.start):
                parts = parts_of(text, segments, whole, next_sentence=behind)
                yield from _compare(passage, whole, parts[:_POSSIBLE_PARTS], complete=False)


def _spread(reading: Reading) -> Iterator[Fault]:
    """Compare a whole at the end of a paragraph with the numbered items of the same answer below it."""
    for index, passage in enumerate(reading.passages):
        found = spread.LEADS.search(passage.bare) if passage.role == "response" else None
        if found is None:
            continue
        below = _below(reading, index)
        for whole in _wholes(
            passage.bare, _sentence_start(passage.bare, found.start()), found.start()
        ).values():
            items = () if whole.rough else spread.parts_below(whole, below)
            if items:
                yield _not_the_items(passage, whole, items)
                break


def _below(reading: Reading, index: int) -> tuple[Passage, ...]:
    """Return the paragraphs of the same answer that follow a passage, as many as a list may have."""
    problem = reading.passages[index].problem
    following = reading.passages[index + 1 : index + 1 + _ITEMS]
    return tuple(takewhile(lambda one: one.role == "response" and one.problem == problem, following))


def _not_the_items(passage: Passage, whole: Amount, items: tuple[tuple[Passage, Amount], ...]) -> Fault:
    """Return the fault of a whole to which the items below it do not come."""
    total = total_of(part for _, part in items)
    values = params(
        parts="、".join(item.text[part.start : part.end] for item, part in items),
        sum=printed(total), whole=passage.text[whole.start : whole.end],
        declared=printed(whole.value), rest=printed(abs(whole.value - total)),
    )  # fmt: skip
    return passage.fault(
        "parts-sum", whole.start, whole.end, params=values,
        variant="short" if total < whole.value else None, related=tuple(item.place for item, _ in items),
    )  # fmt: skip


def _sentence_start(text: str, place: int) -> int:
    """Return where the sentence begins that holds `place`; a semicolon ends a sentence as well."""
    start = max(
        0, place - _LONGEST, *(text.rfind(sign, max(0, place - _LONGEST), place) + 1 for sign in "。;!?")
    )
    return start + len(text[start:place]) - len(text[start:place].lstrip())


def _wholes(text: str, start: int, end: int) -> dict[str, Amount]:
    """Return the amounts of the last clause before `end` that has any, by unit: 31笔、104.7万元，其中."""
    found = [amount for amount in amounts(text, max(start, end - _LONGEST), end) if amount.unit != "%"]
    if not found:
        return {}
    clause = max(text.rfind(sign, start, found[-1].start) for sign in _CLAUSE_SIGNS)
    return {amount.unit: amount for amount in found if amount.start > clause}


def _parts(text: str, start: int, end: int, *, unit: str, beside: set[str]) -> tuple[Amount, ...]:
    """Return the amounts of `unit` that are named one after the other, those of units `beside` it passed over."""
    found = []
    for amount in amounts(text, start, end):
        if amount.unit == unit:
            found.append(amount)
        elif found and amount.unit != "%" and amount.unit not in beside:
            break
    return tuple(found[:_POSSIBLE_PARTS])


def _compare(
    passage: Passage, whole: Amount, parts: tuple[Amount, ...], *, complete: bool
) -> Iterator[Fault]:
    """Yield a fault when `parts` cannot come to `whole`."""
    if not parts or whole.rough or any(part.rough for part in parts):
        return
    low, high = sum_range(parts)
    least, most = whole.range(scaled=False)
    between = passage.bare[whole.end : parts[-1].end + _NEAR]
    if low > most and _CROSSING.search(between) and all(part.value <= whole.value for part in parts):
        return
    if overlap((low, high), (least, most)) or (len(parts) == 1 and high < least):
        return
    total = total_of(parts)
    variant = None
    if high < least and not complete:
        if rest_is_named(passage.bare, parts[-1].end):
            return
        # Many parts, or parts that make most of the whole, were meant to be all of it.
        variant = "short" if len(parts) >= _LISTED or _HALVES * total >= whole.value else "rest"
    values = params(
        parts="、".join(passage.text[part.start : part.end] for part in parts),
        sum=printed(total), whole=passage.text[whole.start : whole.end],
        declared=printed(whole.value), rest=printed(abs(whole.value - total)),
    )  # fmt: skip
    yield passage.fault("parts-sum", whole.start, parts[-1].end, variant=variant, params=values)
