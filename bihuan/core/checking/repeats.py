"""Is one measure given for two problems, or a text printed twice?

Clauses are compared by the pieces of six characters that they share; a piece that very many clauses hold
names nothing and is left out, so that the time grows with the length of the document and not with its square.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import BLOT, Passage, Reading, Stretch, params

LEAST: Final = 12  # characters of a clause that says enough to be a measure
_PIECE: Final = 6
_SHORT_ANSWER: Final = 60
_ALIKE: Final = 0.75
_COMMON: Final = 12  # a piece in more clauses than this is a set phrase
_NOT_WORDS: Final = re.compile(r"[^一-鿿A-Za-z0-9%]")
_LABEL: Final = re.compile(
    r"^(?:整改(?:落实|完成|进展)?情况:|[一二三四五六七八九十]{1,3}是|\(?\d{1,2}[.)、])+"
)
_CIRCUMSTANCE: Final = re.compile(
    r"^(?:在|按照|根据|依据|通过|以|围绕|针对|对照|为).*(?:上|中|下|后|时|要求|规定|精神|部署|原则|重点|目标|契机|抓手|问题)$"
)
_DATED: Final = re.compile(r"(?:计划)?于?(?:\d+[年月日])+[前内起]?|\d")
_SET_PHRASE: Final = re.compile(
    r"主体责任|政治责任|一岗双责|第一责任人|政治站位|举一反三|长效机制|全面从严治党|两个维护|四个意识|两个确立|"
    r"思想自觉|行动自觉|习近平|二十大|组织领导|统筹推进|真抓实干|落到实处|落地见效"
)
_DOUBLED: Final = re.compile(r"(?P<words>[一-鿿]{2,12})(?P=words)")
_DOUBLED_ONE: Final = re.compile(
    r"(的的|了了|和和|是是(?!非)|(?<!实实)在在|对对|与与|为为|将将|把把|及及|或或|并并|由由|以以)(?!士|确)"
)
_LEGIT: Final = re.compile(r"一|逐|[0-9]|层层|年年|天天|个个|件件|人人|处处|时时|研究|讨论|检查|考虑|调查")
_LEAST_PARAGRAPH: Final = 15
_LEAST_SENTENCE: Final = 20


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of an answer: its words without signs, and where it stands."""

    words: str
    passage: Passage
    stretch: Stretch


def check_reused_measure(reading: Reading) -> Iterator[Fault]:
    """Find clauses of two answers that say the same; neighbours that repeat together are one fault."""
    clauses = [clause for passage in reading.responses() for clause in _clauses(passage)]
    shared: list[tuple[_Clause, _Clause]] = []
    holders: dict[str, list[int]] = {}
    exact: dict[str, int] = {}
    for index, clause in enumerate(clauses):
        other = _earlier_like(clause, clauses, holders, exact)
        if other is not None:
            shared.append((clause, other))
        exact.setdefault(clause.words, index)
        for piece in _pieces(clause.words):
            holders.setdefault(piece, []).append(index)
    yield from _merged(reading, shared)


def _clauses(passage: Passage) -> Iterator[_Clause]:
    """Yield the clauses that are long and particular enough to be a measure."""
    if passage.problem is None:
        return
    whole = _whole_answer(passage)
    if whole is not None:
        yield whole
    for stretch in passage.clauses():
        plain = passage.plain[stretch.start : stretch.end]
        label = _LABEL.match(plain)
        start = stretch.start + (label.end() if label else 0)
        words = _NOT_WORDS.sub("", passage.plain[start : stretch.end])
        own = passage.bare[start : stretch.end].replace(BLOT, "")
        if len(_DATED.sub("", words)) < LEAST or len(own) < LEAST * 2 // 3:
            continue
        if not (_SET_PHRASE.search(words) or _CIRCUMSTANCE.search(words)):
            yield _Clause(words, passage, Stretch(start, stretch.end))


def _whole_answer(passage: Passage) -> _Clause | None:
    """Return a short answer as one clause, because it may be copied whole although no clause of it is long."""
    label = _LABEL.match(passage.plain)
    start, end = label.end() if label else 0, len(passage.plain.rstrip())
    words = _NOT_WORDS.sub("", passage.plain[start:end])
    if _PIECE <= len(words) <= _SHORT_ANSWER:
        return _Clause(words, passage, Stretch(start, end))
    return None


def _earlier_like(
    clause: _Clause, clauses: list[_Clause], holders: dict[str, list[int]], exact: dict[str, int]
) -> _Clause | None:
    """Return an earlier clause of another problem that says the same, None when there is none."""
    same = exact.get(clause.words)
    if same is not None and clauses[same].passage.problem != clause.passage.problem:
        return clauses[same]
    pieces = _pieces(clause.words)
    votes: Counter[int] = Counter()
    for piece in pieces:
        indexes = holders.get(piece, ())
        if len(indexes) <= _COMMON:
            votes.update(indexes)
    for index, votes_for in votes.most_common(3):
        other = clauses[index]
        longer = max(len(pieces), len(_pieces(other.words)))
        if other.passage.problem != clause.passage.problem and votes_for >= _ALIKE * longer:
            return other
    return None


def _pieces(words: str) -> frozenset[str]:
    """Return every piece of six characters."""
    return frozenset(words[index : index + _PIECE] for index in range(len(words) - _PIECE + 1))


def _merged(reading: Reading, shared: list[tuple[_Clause, _Clause]]) -> Iterator[Fault]:
    """Yield one fault for each run of clauses of a line that repeats the same earlier problem."""
    told: dict[tuple[int, int | None], tuple[_Clause, _Clause, int]] = {}
    for clause, other in shared:
        key = (clause.passage.place.line, other.passage.problem)
        if key in told:
            first, source, end = told[key]
            near = clause.stretch.start - end <= 2
            told[key] = (first, source, clause.stretch.end if near else end)
        else:
            told[key] = (clause, other, clause.stretch.end)
    for clause, other, end in told.values():
        here, there = clause.passage.problem, other.passage.problem
        if here is None or there is None:
            continue
        values = params(
            number=reading.problems[here].number, other=reading.problems[there].number,
            line=other.passage.place.line,
        )  # fmt: skip
        yield clause.passage.fault(
            "reused-measure", clause.stretch.start, end, params=values, related=(other.passage.place,)
        )


def check_duplicate_text(reading: Reading) -> Iterator[Fault]:
    """Find a paragraph, a problem's title or a phrase that is printed twice."""
    yield from _paragraphs(reading)
    yield from _titles(reading)
    for passage in reading.body():
        yield from _phrases(passage)
    yield from _sentences(reading)


def _paragraphs(reading: Reading) -> Iterator[Fault]:
    """Find paragraphs of running text that are equal word for word."""
    first: dict[str, Passage] = {}
    for passage in reading.body():
        if passage.role in ("row", "title", "heading", "problem", "signature", "date"):
            continue
        words = passage.plain.strip()
        if len(words) < _LEAST_PARAGRAPH or words == fold_title(reading):
            continue
        # An answer copied to another problem is a reused measure.
        other = first.setdefault(words, passage)
        if other is not passage and other.problem == passage.problem:
            yield passage.fault(
                "duplicate-text", 0, min(len(passage.text), 60), variant="paragraph",
                params=params(line=other.place.line), related=(other.place,),
            )  # fmt: skip


def fold_title(reading: Reading) -> str:
    """Return the document's title as its line would be compared, empty when it has none."""
    return (reading.document.title or "").strip()


def _titles(reading: Reading) -> Iterator[Fault]:
    """Find two problems with one title."""
    first: dict[str, int] = {}
    for index, problem in enumerate(reading.problems):
        words = _NOT_WORDS.sub("", problem.title)
        passage = reading.at(problem.place)
        other = reading.problems[first.setdefault(words, index)]
        if len(words) < _PIECE or other is problem or passage is None:
            continue
        start = max(passage.text.find(problem.title), 0)
        values = params(number=problem.number, other=other.number, line=other.place.line)
        yield passage.fault(
            "duplicate-text", start, min(len(passage.text), start + len(problem.title)), variant="title",
            params=values, related=(other.place,),
        )  # fmt: skip


def _phrases(passage: Passage) -> Iterator[Fault]:
    """Find words that are typed twice, one after the other."""
    for pattern, length in ((_DOUBLED, 0), (_DOUBLED_ONE, 1)):
        for match in pattern.finditer(passage.bare):
            words = match.group()[:length] if length else match["words"]
            if length or not _LEGIT.search(words) and len(set(words)) > 1:
                yield passage.fault(
                    "duplicate-text", match.start(), match.end(), variant="phrase", proposal=words
                )


def _sentences(reading: Reading) -> Iterator[Fault]:
    """Find a sentence that stands twice outside the answers, or twice in the answer to one problem."""
    first: dict[tuple[str, int | None], Passage] = {}
    for passage in reading.body():
        if passage.role in ("row", "title", "problem"):
            continue
        whole = passage.plain.strip()
        # What a heading says first is its title; text may run on behind it.
        for stretch in islice(passage.sentences(), int(passage.role == "heading"), None):
            words = passage.plain[stretch.start : stretch.end]
            if len(words) < _LEAST_SENTENCE:
                continue
            key = (_LABEL.sub("", words), passage.problem)
            other = first.get(key)
            # Two paragraphs that are equal as wholes are told as paragraphs.
            if other is not None and (other is passage or other.plain.strip() != whole):
                values = params(line=other.place.line)
                yield passage.fault(
                    "duplicate-text", stretch.start, stretch.end, variant="sentence", params=values,
                    related=(other.place,),
                )  # fmt: skip
            first.setdefault(key, passage)
