"""Do the counts by status come to the total that they split: 49 = 39 + 7 + 3?"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params
from bihuan.core.reading.document import TallyFigure
from bihuan.core.source import Place

_STATUSES: Final = ("completed", "basically_completed", "in_progress", "long_term", "not_completed")
_TOTALS: Final = ("tasks", "problems", "specific_problems", "measures", "categories")
_NO_STATUS: Final = re.compile(r"措施|制度|\d$")
# 44项整改事项全部完成: the count is its own whole.
_ALL_DONE: Final = re.compile(r"\d+[个项条类件].*(?:全部|均)")
_SHORT: Final = 14  # characters of one status with its count
_REST_NAMED: Final = re.compile(r"其余|其他|余下|剩余|另有|另外")
# 12个问题共分解为30项任务，已完成…项: what the problems were broken into is what is done.
_BROKEN_INTO: Final = re.compile(r"(?:分解|细化)(?:为|成)\d{1,5} ?项[^,。;、\d]{1,6},[^,。;、\d]{1,8}$")
_PRINTED_TOTAL: Final = re.compile(
    r"(?<![\d.])(?P<value>\d{1,5}) ?(?:个|项|条|类)(?:具体|反馈|分项|整改)?(?:问题|任务|事项|措施)"
)


def status_sums(reading: Reading) -> Iterator[Fault]:
    """Compare the counts by status with the totals of the same line, or of the whole text if it has none."""
    tally = reading.document.tally
    done = next((figure for figure in tally if figure.key == "completed"), None)
    if done is None or _NO_STATUS.search(done.text):
        return
    # Only what stands in one line was written as one sum.
    parts = [figure for figure in tally if figure.key in _STATUSES and figure.place.line == done.place.line]
    if len(parts) == 1 and _ALL_DONE.match(done.text):
        return
    passage = reading.at(done.place)
    start, end = _span(passage, parts)
    wholes = _printed_totals(passage, start) or [one for one in tally if one.key in _TOTALS]
    if not wholes or any(figure.approx for figure in (*parts, *wholes)):
        return
    total = sum(figure.value for figure in parts)
    if not total or any(figure.value == total for figure in wholes):
        return
    whole = min(wholes, key=lambda figure: abs(figure.value - total))
    named = passage is not None and bool(_REST_NAMED.search(passage.bare))
    if total < whole.value and (named or (len(parts) == 1 and reading.cut)):
        return
    variant = "rest" if total < whole.value and len(parts) == 1 else None
    words = "、".join(figure.text for figure in parts)
    values = params(parts=words, sum=total, whole=whole.text, declared=whole.value, rest=whole.value - total)
    if passage is None or end <= start:
        yield reading.fault_of(whole, "parts-sum", values, variant=variant, related=_places(parts))
    else:
        yield passage.fault("parts-sum", start, end, params=values, variant=variant, related=(whole.place,))


def _printed_totals(passage: Passage | None, end: int) -> list[TallyFigure]:
    """Return the totals that stand before the statuses in their own sentence."""
    if passage is None:
        return []
    start = passage.bare.rfind("。", 0, end) + 1
    totals = [
        TallyFigure("problems", int(match["value"]), passage.text[match.start() : match.end()], passage.place)
        for match in _PRINTED_TOTAL.finditer(passage.bare, start, end)
    ]
    status = re.search(r"\d{1,5} ?项", passage.bare[end : end + _SHORT])
    if status and _BROKEN_INTO.search(passage.bare[start : end + status.start()]):
        return totals[-1:]
    return totals


def _span(passage: Passage | None, parts: list[TallyFigure]) -> tuple[int, int]:
    """Return where the first of `parts` begins and the last ends; nothing if one is not there."""
    if passage is None:
        return 0, 0
    starts = [(passage.text.find(figure.text), len(figure.text)) for figure in parts]
    if any(start < 0 for start, _ in starts):
        return 0, 0
    return min(starts)[0], max(start + length for start, length in starts)


def _places(figures: list[TallyFigure]) -> tuple[Place, ...]:
    """Return the places of `figures`, each once."""
    return tuple(dict.fromkeys(figure.place for figure in figures))
