"""The numbers that a document declares for itself as a whole.

Passage of what stands outside the answers ─tally→ TallyFigure(key, value, …), ─as_of→ the date they speak for
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from bihuan.core.reading import tally_words as words
from bihuan.core.reading.dates import settle, tokens
from bihuan.core.reading.document import TALLY_KEYS, TallyFigure
from bihuan.core.reading.numerals import whole
from bihuan.core.reading.passage import Passage

_SENTENCE = re.compile(r"[^。!?\n]+")
_COUNTING = frozenset("问任措方制机章完整类表事")
_BACK = 3000  # characters before 截至 in which its year is looked for
_LONGEST = 2000  # a sentence longer than this is a damaged text, not a declaration
_CLAUSE = re.compile(r"[,;:。]")
_STOPS = re.compile(r"[;。]")
_ITEM = re.compile(r"[,;:。、]")
_FED_BACK = re.compile(r"反馈|指出|提出|交办|查出|反映|发现")
_SOLVED = re.compile(
    r"(?:解决|化解|处理|纠正|帮助|协调|排查|整治|办理)(?:了|出)?(?:实际|突出|重点|群众|各类|难点|历史遗留)*$"
)
_RHETORIC = re.compile(
    r"从(?!严)|(?<!体现)(?<!表现)(?<!集中)在$|围绕|着眼|聚焦|抓好|做好|做到|坚持|强调|要求|就$"
)
_SPEAKS = re.compile(r"反馈|指出|问题|梳理|细化|分解|提出|整改|发现")
_ANSWERED = re.compile(r"反馈|指出|问题|任务|事项|梳理|细化|分解|提出|整改|发现|完成|办结|销号")
_PROBLEMS = ("problems", "specific_problems", "manifestations")
_VAGUE = frozenset("一")  # 一个, 一项 are manners of speaking here, not declarations


@dataclass(frozen=True, slots=True)
class _Found:
    """One number found, and how surely it speaks of the whole document."""

    key: str
    value: int
    start: int
    end: int
    approx: str | None
    weight: int


def tally(outside: Passage | None) -> tuple[TallyFigure, ...]:
    """Return the declared numbers, one a key, in the order of TALLY_KEYS."""
    if outside is None:
        return ()
    text = outside.text
    best: dict[str, _Found] = {}
    rivals: set[str] = set()
    sentences = list(_sentences(text))
    for found in chain.from_iterable(_nouns(text, *sentence) for sentence in sentences):
        _take(found, best, rivals)
    totals = {best[key].value for key in (*_PROBLEMS, "tasks") if key in best}
    for begin, end in sentences:
        for found in chain(
            _policies(text, begin, end),
            _all_done(text, begin, end, totals),
            _states(text, begin, end, totals),
        ):
            _take(found, best, rivals)
    for key in rivals:
        del best[key]
    _rank_problems(best)
    return tuple(
        TallyFigure(key, f.value, outside.printed(f.start, f.end), outside.place(f.start), f.approx)
        for key in TALLY_KEYS
        if (f := best.get(key)) is not None
    )


def _rank_problems(best: dict[str, _Found]) -> None:
    """Give 问题, 具体问题 and 具体表现 their keys: the widest printed counts the problems, the next the specific."""
    surest = max((best[name].weight for name in _PROBLEMS[1:] if name in best), default=0)
    if "problems" in best and surest - best["problems"].weight > 1:
        del best["problems"]  # a passing mention beside what was fed back
    found = [best.pop(name) for name in _PROBLEMS if name in best]
    for name, count in zip(_PROBLEMS[:2], found, strict=False):
        best[name] = count


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences that may count something."""
    for sentence in _SENTENCE.finditer(text):
        if sentence.end() - sentence.start() <= _LONGEST and not _COUNTING.isdisjoint(sentence.group()):
            yield sentence.span()


def _take(found: _Found, best: dict[str, _Found], rivals: set[str]) -> None:
    """Keep the surest number of each key, the first among equals; rules made twice without a total are rivals."""
    old = best.get(found.key)
    if old is None or found.weight > old.weight:
        best[found.key] = found
        rivals.discard(found.key)
    elif found.key == "policies" and found.value != old.value and found.weight == old.weight:
        rivals.add(found.key)


def _nouns(text: str, begin: int, end: int) -> Iterator[_Found]:
    """Yield counts of aspects, categories, problems, tasks and measures."""
    if not words.TOPIC.search(text, begin, end):
        return
    for match in words.NOUN.finditer(text, begin, end):
        key = match.lastgroup or ""
        digits, approx, start = _counted(match)
        value = None if digits in _VAGUE else whole(digits)
        lead = text[max(begin, match.start() - 60) : match.start()]
        clause = _CLAUSE.split(lead[-24:])[-1]
        if value is None or words.FOREIGN.search(clause) or words.FOREIGN.search(match.group()):
            continue
        if not _fits(key, lead, text[match.end() : match.end() + 14]):
            continue
        weight = 2 + 2 * bool(_FED_BACK.search(lead)) + bool(re.search(r"反馈|指出", lead))
        weight -= 2 * bool(words.PARTIAL.search(clause) or words.STATED.match(text, match.end()))
        if key == "measures" and (re.search(r"细化|分解", lead[-6:]) or "具体" in match.group()):
            weight += 2
        yield _Found(key, value, start, match.end(), approx or words.inexact(clause), weight)


def _fits(key: str, lead: str, tail: str) -> bool:
    """Tell whether a count is a declared one and not a topic, a success, or a part."""
    if key in ("aspects", "categories"):
        if lead.endswith(("分为", "分成", "分")) and not tail.startswith(("指出", "反馈", "提出", "查找")):
            return False
        if words.COUNTS_ON.match(tail):
            return True
        if _RHETORIC.search(lead[-6:]) and not tail.startswith(("指出", "反馈", "提出", "查找")):
            return False
        return bool(_SPEAKS.search(lead + tail))
    if key in _PROBLEMS and _SOLVED.search(lead):
        return False
    return not tail.startswith(("线索", "导向"))


def _counted(match: re.Match[str]) -> tuple[str, str | None, int]:
    """Return the number of a match as printed, its inexactness, and where it begins."""
    for name, value in match.groupdict().items():
        if value is not None and len(name) <= 2 and not name.endswith("x"):
            return value, "over" if match[f"{name}x"] else None, match.start(name)
    return "", None, match.start()


def _all_done(text: str, begin: int, end: int, totals: set[int]) -> Iterator[_Found]:
    """Yield the count of 33个问题全部整改到位: all of them are done."""
    done = words.ALL_DONE.search(text, begin, end)
    if done and not words.SUBSET.search(text, max(begin, done.start() - 40), done.end()):
        value = whole(done["n"])
        if value is not None and done["n"] not in _VAGUE and (not totals or value in totals):
            yield _Found("completed", value, done.start("n"), done.end(), None, 3)


def _states(text: str, begin: int, end: int, totals: set[int]) -> Iterator[_Found]:
    """Yield status counts: 已完成28个 and 28个已完成."""
    last = begin
    for match in words.STATE.finditer(text, begin, end):
        if match.start() < last:
            continue
        lead = text[max(begin, match.start() - 40) : match.start()]
        item = _ITEM.split(lead)[-1]
        after = words.AFTER_STATE.match(text, match.end(), min(end, match.end() + 60))
        found = (
            _counted_after(match, after, item, listed=last > begin)
            if after
            else _counted_before(text, end, match, item)
        )
        if found is None:
            continue
        last = found.end
        if _of_a_part(text, begin, match.start(), totals):
            continue
        weight = found.weight - 2 * bool(words.SUBSET.search(lead))
        yield replace(found, weight=weight)


def _of_a_part(text: str, begin: int, end: int, totals: set[int]) -> bool:
    """Tell whether a status follows the count of a part: 党建方面反馈的9个问题,已完成8个."""
    lead = _STOPS.split(text[max(begin, end - 60) : end])[-1]
    counted = words.OF_PART.findall(lead)
    return bool(totals and counted) and whole(counted[-1]) not in totals


def _counted_after(match: re.Match[str], after: re.Match[str], item: str, *, listed: bool) -> _Found | None:
    """Return the count of 已完成28个; None for a manner of speaking or a count of something else.

    Behind another status of the sentence 一个 is a count as well: 已完成八个,长期坚持一个.
    """
    value = whole(after["n"]) if after["u"] or after["n"].isdigit() else None
    if value is None or (after["n"] in _VAGUE and not listed) or words.FOREIGN.search(item):
        return None
    return _Found(
        match.lastgroup or "", value, match.start(), after.end(), "over" if after["nx"] else None, 3
    )


def _counted_before(text: str, end: int, match: re.Match[str], item: str) -> _Found | None:
    """Return the count of 28个已完成; None when the words before hold no count alone."""
    before = words.BEFORE_STATE.match(item)
    if before is None or (match.end() < end and text[match.end()] not in ",;。、)"):
        return None
    value = whole(before["n"])
    if value is None or before["n"] in _VAGUE:
        return None
    start = match.start() - len(item) + before.start("n")
    return _Found(match.lastgroup or "", value, start, match.end(), None, 2)


def _policies(text: str, begin: int, end: int) -> Iterator[_Found]:
    """Yield the count of rules made."""
    for match in words.POLICY.finditer(text, begin, end):
        digits, approx, start = _counted(match)
        value = None if digits in _VAGUE else whole(digits)
        if value is None or words.USED.search(text, max(begin, match.start() - 12), start):
            continue
        listed = text[start - 1] in "等》"
        if words.MADE.search(text, max(begin, match.start() - (120 if listed else 30)), match.end()):
            weight = (
                1
                + 2 * bool(words.SUMS_UP.search(text, begin, end))
                + 2 * ("建章立制" in match.group() or match["w"] is not None)
                - listed
            )
            yield _Found("policies", value, match.start(), match.end(), approx, weight)


def as_of(
    outside: Passage | None, figures: tuple[TallyFigure, ...], *, until: str | None = None
) -> str | None:
    """Return the date printed behind 截至 where the document counts, before `until`; None when it prints none."""
    if outside is None or not figures:
        return None
    text = outside.text
    for match in words.AS_OF.finditer(text):
        found = tokens(match["when"])
        rest = text[match.end() : match.end() + 120].partition("。")[0]
        if not found or not re.search(r"\d|[一二三四五六七八九十]个", rest) or not _ANSWERED.search(rest):
            continue
        earlier = [
            t
            for t in tokens(text[max(0, match.start() - _BACK) : match.start()])
            if t.readings[0][0] is not None and not t.mangled
        ]
        if found[0].readings[0][0] is None and earlier:
            settled = settle([earlier[-1], found[0]])[1]
            if settled and until and settled > until:  # the date before it is a later one: 公示时间
                settled = f"{int(settled[:4]) - 1}{settled[4:]}"
            return settled
        return settle([found[0]])[0]
    return None
