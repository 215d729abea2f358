"""The measures in an answer: 一是 二是 … where it has them, else its clauses.

paragraph ─measures→ Measure(text, place)
"""

import re
from collections.abc import Iterator

from bihuan.core.reading.document import Measure
from bihuan.core.reading.folding import folded
from bihuan.core.source import Place

# What stands before the first numeral is looked at behind it: a pattern that begins with letters is searched fast.
_LISTED = re.compile(r"[一二三四五六七八九十](?<![^。;!?:,\s].)[一二三四五六七八九十]?(?:是|要)(?!否|方面)")
_CLAUSE = re.compile(r"[。;!?\n]+[”’)]?")
_NUMBERED = re.compile(r"^(?:\d{1,2}[.、]|\(\d{1,2}\)|[①-⑳])")


def measures(printed: str, place: Place, half: str | None = None) -> Iterator[Measure]:
    """Yield the measures of one paragraph, as printed, without their ordinals and final stops.

    `half` is the paragraph in half-width simplified characters, of the same length, where it is known already.
    """
    text = folded(printed) if half is None else half
    marks = [match.start() for match in _LISTED.finditer(text)]
    if len(marks) >= 2 or (marks and marks[0] == 0):
        stops = [*marks[1:], len(text)]
        lead = _cut(printed, 0, marks[0])
        if lead:
            yield Measure(lead, place)
        for start, stop in zip(marks, stops, strict=True):
            width = text[start:stop].find("是")
            wanted = text[start:stop].find("要")
            skip = min(w for w in (width, wanted) if w >= 0) + 1
            item = _cut(printed, start + skip, stop)
            if item:
                yield Measure(item, place)
        return
    begin = 0
    for stop in (*(m.end() for m in _CLAUSE.finditer(text)), len(text)):
        item = _cut(printed, begin, stop)
        if item:
            yield Measure(_NUMBERED.sub("", item), place)
        begin = stop


def _cut(printed: str, start: int, stop: int) -> str:
    """Return a stretch without white space and stops at its ends."""
    return printed[start:stop].strip().rstrip("。；;!！").strip()
