"""Do parts that stand in paragraphs of their own come to the whole that the paragraph before them names?

`整改情况：共清退126.4万元，其中：` ─ `1.津补贴88.2万元。` ─ `2.招待费21.7万元。` …
"""

import re
from collections.abc import Iterable
from typing import Final

from bihuan.core.checking.amounts import Amount, amounts, overlap, sum_range
from bihuan.core.checking.passages import Passage

# The whole stands at the end of its paragraph, and the paragraph says that its parts follow.
LEADS: Final = re.compile(r"(?:其中|分别为|分别是|包括|具体为|具体是|具体如下|明细如下|分项如下)[:,]?\s*$")
_ITEM: Final = re.compile(r"\s*(?:(\()\d{1,2}\)|([①-⑳])|\d{1,2}([.、])|([一二三四五六七八九十])是)")
_REST: Final = re.compile(r"其余|其他|余下|剩余|还有|尚有|另有|另外|同时|此外|等")
_LONGEST: Final = 400


def parts_below(whole: Amount, following: Iterable[Passage]) -> tuple[tuple[Passage, Amount], ...]:
    """Return the part that each item below names, the first amount of the unit; none when they can be read to fit.

    Items carry one numbering; what stands behind them and names a rest leaves the sum open.
    """
    found: list[tuple[Passage, Amount]] = []
    every: list[Amount] = []
    style = None
    for passage in following:
        mark = _ITEM.match(passage.bare)
        own = [one for one in amounts(passage.bare[:_LONGEST]) if one.unit == whole.unit]
        if _REST.search(passage.bare):
            return ()
        if mark is None or not own or style not in (None, mark.lastindex):
            break
        style = mark.lastindex
        found.append((passage, own[0]))
        every.extend(own)
    reach = whole.range(scaled=False)
    firsts = tuple(part for _, part in found)
    if len(found) < 2 or any(part.rough for part in every):
        return ()
    readings = [firsts[:count] for count in range(2, len(firsts) + 1)]
    if any(overlap(sum_range(parts), reach) for parts in (*readings, tuple(every))):
        return ()
    return tuple(found)
