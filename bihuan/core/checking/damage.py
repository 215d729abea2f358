"""Is the text damaged: lost or foreign characters, inserted pinyin, doubled marks, dates with signs lost?

Damage is pointed out and never repaired silently.
"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params

_LOST: Final = re.compile("\ufffd+|锟斤拷|烫烫烫|屯屯屯")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]+")
# The library that reads PDF puts U+0002 where a line ended in a hyphen.
_CONTROL_PDF: Final = re.compile(_CONTROL.pattern.replace("\x00-\x08", "\x00\x01\x03-\x08"))
_HIDDEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]+")
_PINYIN: Final = re.compile(r"[一-鿿]\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ]{1,6}\)")
_TONED: Final = re.compile(r"[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ]")
_QUESTION: Final = re.compile(r"(?<=[一-鿿])\?{1,3}(?=[一-鿿])")
_ASKS: Final = re.compile(r"(?:吗|呢|么|何|谁|哪|什么|怎|几|是否|能否|可否)[^。?]{0,20}$")
_MARKS: Final = re.compile(
    r",{2,}|。{2,}|、{2,}|;{2,}|:{2,}|,。|。,|、。|。、|,、|、,|;,|,;|;。|。;|:。|,:(?!\d)|!。|\?。"
)
_MANGLED: Final = re.compile(
    r"(?<![\d.年月/第〔-])(?:(?:19|20)\d{2}[0-3]?\d{1,3}|[4-9]\d{2}|1[0-2]?\d{2}|\d{4})日(?=[,至到起前。\-上,]|[一-鿿])|"
    r"(?<!\d)(?:19|20)\d{2}年\d{2,3}日"
)
_PAIRS: Final = (("“", "”"), ("《", "》"), ("(", ")"))
_LONG: Final = 20000


def check_corrupt_text(reading: Reading) -> Iterator[Fault]:
    """Find damage, at most one fault of each kind a line."""
    for passage in reading.body():
        control = _CONTROL_PDF if reading.source.format == "pdf" else _CONTROL
        for pattern, variant in ((_LOST, None), (control, "control"), (_HIDDEN, "hidden")):
            yield from _first(passage, pattern, variant, spread=2)
        yield from _pinyin(passage)
        yield from _questions(passage)
        for match in _MARKS.finditer(passage.plain):
            proposal = _single(passage, match)
            yield passage.fault(
                "corrupt-text", match.start(), match.end(), variant="marks", proposal=proposal
            )
        yield from _first(passage, _MANGLED, "date", spread=0)
    yield from _unclosed(reading)
    if reading.cut:
        yield from _cut(reading)


def _first(
    passage: Passage, pattern: re.Pattern[str], variant: str | None, *, spread: int
) -> Iterator[Fault]:
    """Yield one fault for all that a pattern finds in the line, quoting the first with its neighbours."""
    match = pattern.search(passage.plain)
    if match is None:
        return
    count = sum(1 for _ in pattern.finditer(passage.plain))
    start, end = max(0, match.start() - spread), min(len(passage.text), match.end() + spread)
    yield passage.fault("corrupt-text", start, end, variant=variant, params=params(count=count))


def _pinyin(passage: Passage) -> Iterator[Fault]:
    """Find pinyin put in after characters: one with a tone mark, or several."""
    found = list(_PINYIN.finditer(passage.plain))
    if len(found) > 1 or any(_TONED.search(match.group()) for match in found):
        values = params(count=len(found))
        yield passage.fault("corrupt-text", found[0].start(), found[0].end(), variant="pinyin", params=values)


def _questions(passage: Passage) -> Iterator[Fault]:
    """Find a question mark inside a sentence that asks nothing: what is left of a lost character."""
    for match in _QUESTION.finditer(passage.bare):
        before = passage.bare[max(0, match.start() - 30) : match.start()]
        if not _ASKS.search(before):
            start, end = max(0, match.start() - 2), min(len(passage.text), match.end() + 2)
            yield passage.fault("corrupt-text", start, end, variant="question")


def _single(passage: Passage, match: re.Match[str]) -> str:
    """Return the mark that was probably meant: the stronger of the two."""
    marks = passage.text[match.start() : match.end()]
    return next((mark for mark in marks if mark in "。！？"), marks[0])


def _unclosed(reading: Reading) -> Iterator[Fault]:
    """Find a quotation mark, book title or bracket that a paragraph opens and does not close."""
    own = [p for p in reading.body() if p.role != "row" and len(p.text) < _LONG]
    for passage in own[:-1] if reading.cut else own:
        for opening, closing in _PAIRS:
            if passage.plain.count(opening) <= passage.plain.count(closing):
                continue
            at = _left_open(passage.plain, opening, closing)
            if at is not None:
                end = min(len(passage.text), at + 16)
                values = params(mark=passage.text[at])
                yield passage.fault("corrupt-text", at, end, variant="unclosed", params=values)


def _left_open(plain: str, opening: str, closing: str) -> int | None:
    """Return where the first mark stands that is opened and never closed, None when all are."""
    waiting = []
    for at, sign in enumerate(plain):
        if sign == opening:
            waiting.append(at)
        elif sign == closing and waiting:
            waiting.pop()
    return waiting[0] if waiting else None


def _cut(reading: Reading) -> Iterator[Fault]:
    """Yield the fault of a text that breaks off, quoting its last words."""
    last = list(reading.body())[-1]
    end = len(last.text.rstrip())
    yield last.fault("cut-off", max(0, end - 14), end)
