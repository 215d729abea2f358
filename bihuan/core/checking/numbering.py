"""Do the numbers of headings, of tasks and of 一是、二是 follow one another?

Arabic numbers run on across headings in one document and start again under each heading in another; both are
right.
"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.amounts import chinese_number
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, fold, params
from bihuan.core.reading.document import Heading

_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MARKER: Final = re.compile(
    r"(?P<before>[(第]?)(?P<number>\d{1,4}|[一二三四五六七八九十百]{1,5})(?P<after>[).、,]?.?)"
)
_INLINE: Final = re.compile(
    r"(?:^|(?<=[。;:,!?\s]))(?P<number>[一二三四五六七八九十]{1,3})(?P<kind>是|要)(?!一)"
)
_NUMBERS: Final = "一二三四五六七八九十"


def check_numbering(reading: Reading) -> Iterator[Fault]:
    """Find gaps and repeats in the numbers of headings, of 一是/二是 in an answer, and of a plan's tasks."""
    yield from _headings(reading)
    yield from _inline(reading)
    yield from _tasks(reading)


def _headings(reading: Reading) -> Iterator[Fault]:
    """Follow each style of heading number; a higher heading between two lets the lower ones start again."""
    seen: dict[str, tuple[int, Heading]] = {}
    opened: dict[str, bool] = {}
    for heading in reading.document.headings:
        read = _read_marker(heading.marker)
        if read is None:
            continue
        style, number = read
        if style in seen:
            yield from _follow(reading, heading, number, last=seen[style], reopened=opened[style])
        seen[style] = (number, heading)
        for other, (_, before) in seen.items():
            opened[other] = other != style and (opened.get(other, False) or before.level > heading.level)


def _follow(
    reading: Reading, heading: Heading, number: int, *, last: tuple[int, Heading], reopened: bool
) -> Iterator[Fault]:
    """Judge one number after the last one of its style."""
    before, other = last
    if number == before + 1 or (number == 1 and (reopened or before > 1)):
        return
    passage = reading.at(heading.place)
    if passage is None:
        return
    variant = "gap" if number > before + 1 or (reopened and number < before) else "repeat"
    start = max(passage.text.find(heading.marker), 0)
    end = min(len(passage.text), start + len(heading.marker) + len(heading.text), start + 40)
    values = params(marker=heading.marker, last=other.marker, line=other.place.line)
    yield passage.fault("numbering", start, end, variant=variant, params=values, related=(other.place,))


def _read_marker(marker: str) -> tuple[str, int] | None:
    """Return style and number of a marker: ``("(一)", 3)`` for （三）; None when it holds no number."""
    plain = fold(marker.strip())
    if plain and plain[0] in _CIRCLED:
        return "①", _CIRCLED.index(plain[0]) + 1
    match = _MARKER.fullmatch(plain)
    if match is None:
        return None
    digits = match["number"]
    number = int(digits) if digits.isdigit() else chinese_number(digits)
    kind = "1" if digits.isdigit() else "一"
    return None if number is None else (f"{match['before']}{kind}{match['after']}", number)


def _inline(reading: Reading) -> Iterator[Fault]:
    """Follow 一是、二是 and 一要、二要 within one answer or one paragraph after another."""
    last: tuple[str, int, object] | None = None
    for passage in reading.body():
        owner = passage.problem if passage.role == "response" else passage.place.line
        for match in _INLINE.finditer(passage.bare):
            number = chinese_number(match["number"])
            if number is None:
                continue
            same = last is not None and last[0] == match["kind"] and last[2] == owner
            before = last[1] if last is not None and same else None
            if before is not None and number not in (1, before + 1):
                yield _out_of_step(passage, match, number, before)
            last = (match["kind"], number, owner)


def _out_of_step(passage: Passage, match: re.Match[str], number: int, before: int) -> Fault:
    """Return the fault of an inline number that does not follow the one before."""
    words = match["number"] + match["kind"]
    expected = (_NUMBERS[before] if before < len(_NUMBERS) else str(before + 1)) + match["kind"]
    variant = "inline-gap" if number > before + 1 else "inline-repeat"
    end = min(len(passage.text), match.end() + 12)
    values = params(marker=words, expected=expected)
    return passage.fault("numbering", match.start("number"), end, variant=variant, params=values)


def _tasks(reading: Reading) -> Iterator[Fault]:
    """Find two tasks of a plan with one number."""
    first: dict[str, int] = {}
    for task in reading.document.tasks:
        passage = reading.at(task.place)
        if task.number in first and task.number and passage is not None:
            start = max(passage.text.find(task.number), 0)
            values = params(marker=task.number, last=task.number, line=first[task.number])
            yield passage.fault("numbering", start, start + len(task.number), variant="task", params=values)
        first.setdefault(task.number, task.place.line)
