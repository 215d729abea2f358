"""The secretary's one A4 (调度专报): overdue, stuck, please decide; what does not fit is counted, never spilt.

agenda + questions ─brief_of→ Brief ─fitted→ cut to the page ─formats.briefs→ docx, PDF; the printed page shows the same

Heights are in points for text of 10.5 points; they are reckoned a little too high, so that a face which is missing
on a machine does not push the last line over.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

#: The type area: A4 less 16 mm at the top, 12 mm at the foot and 18 mm at each side.
PAGE, LINE_CELLS = 768.0, 46.0
HEAD, TITLE, LINE, HEADING, SIGN = 76.0, 24.0, 15.5, 26.5, 96.0
ROW, ROW_LINE, CELL_PAD = 4.5, 14.7, 1.1
LONGEST_TITLE = 2
TITLE_CELLS = 26.0
OMITTED = "……（从略）"


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the page: its name, its columns with their widths, its rows, and how many are left out.

    `cut`: the column that may be shortened to two lines; names and dates never are.
    """

    key: str
    name: str
    header: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    cut: int = 1
    omitted: int = 0
    unit: str = "项"

    @property
    def total(self) -> int:
        """Return how many rows there are in all."""
        return len(self.rows) + self.omitted


@dataclass(frozen=True, slots=True)
class Brief:
    """The one page: who reports what as of when, the sentence of figures, the tables, what falls due."""

    head: str
    number: str
    issuer: str
    day: str
    title: str
    figures: str
    parts: tuple[Part, ...]
    due: str
    foot: str = ""


def fitted(brief: Brief) -> Brief:
    """Return the page with as many rows as it holds, taken from its tables in turn; the rest is counted."""
    short = [replace(part, rows=tuple(_short(row, part) for row in part.rows)) for part in brief.parts]
    room = PAGE - _fixed(brief)
    taken = [0] * len(short)
    open_parts = set(range(len(short)))
    while open_parts:
        for index in sorted(open_parts):
            part = short[index]
            if taken[index] == len(part.rows):
                open_parts.discard(index)
                continue
            height = _height(part.rows[taken[index]], part.widths)
            if height > room:
                open_parts.discard(index)
                continue
            room -= height
            taken[index] += 1
    parts = tuple(
        replace(part, rows=part.rows[:count], omitted=len(part.rows) - count)
        for part, count in zip(short, taken, strict=True)
    )
    return replace(brief, parts=parts, due=_shortened(brief.due, 3 * LINE_CELLS))


def heading_of(part: Part) -> str:
    """Return the heading of a table with its count, and how many are left out.

    >>> heading_of(Part("late", "逾期", (), (), (("1",),), omitted=2))
    '逾期（3项，列1项，从略2项）'
    """
    if not part.total:
        return f"{part.name}（无）"
    left = f"，列{len(part.rows)}{part.unit}，从略{part.omitted}{part.unit}" if part.omitted else ""
    return f"{part.name}（{part.total}{part.unit}{left}）"


def numbered(brief: Brief) -> list[tuple[str, Part]]:
    """Return the tables under their numbered headings."""
    return [
        (f"{number}、{heading_of(part)}", part)
        for number, part in zip("一二三四五六", brief.parts, strict=False)
    ]


def cells(text: str) -> float:
    """Return how many full-width characters wide a text is.

    >>> cells("17-2江")
    3.0
    """
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def _fixed(brief: Brief) -> float:
    """Return the points that everything but the rows takes: heads, title, figures, headings, due, room to sign."""
    lines = _lines(brief.figures, LINE_CELLS) + _lines(brief.foot, LINE_CELLS)
    if brief.due:
        lines += min(3, _lines(brief.due, LINE_CELLS))
    headings = (len(brief.parts) + (1 if brief.due else 0)) * HEADING
    heads = sum(_height(part.header, part.widths) for part in brief.parts if part.rows)
    return HEAD + TITLE * _lines(brief.title, TITLE_CELLS) + lines * LINE + headings + heads + SIGN


def _height(row: Sequence[str], widths: Sequence[float]) -> float:
    whole = sum(widths)
    most = max(
        _lines(text, LINE_CELLS * width / whole - CELL_PAD) for text, width in zip(row, widths, strict=True)
    )
    return ROW_LINE * most + ROW


def _lines(text: str, width: float) -> int:
    return max(1, math.ceil(cells(text) / max(math.floor(width), 1)))


def _short(row: tuple[str, ...], part: Part) -> tuple[str, ...]:
    width = LINE_CELLS * part.widths[part.cut] / sum(part.widths) - CELL_PAD
    text = _shortened(row[part.cut], LONGEST_TITLE * width)
    return tuple(text if at == part.cut else one for at, one in enumerate(row))


def _shortened(text: str, most: float) -> str:
    """Return `text`, or its beginning with the words that it is cut."""
    if cells(text) <= most:
        return text
    kept = text
    while kept and cells(kept + OMITTED) > most:
        kept = kept[:-1]
    return kept + OMITTED
