"""Put the characters of a PDF page into printed lines.

glyphs in any order ─print_lines→ lines from the top, each with its text, edges, baseline and size
"""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bihuan.formats.lines import CHINESE

_SAME_LINE = 0.45
_COLUMN_GAP = 1.6
_WORD_GAP = 0.18
_WIDE_GAP = 0.75


class Glyph(NamedTuple):
    """One character: left and right edge of its advance, baseline, height of its box, in points."""

    char: str
    x0: float
    x1: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line as printed; a row of a ruled table has `cells`.

    `size` is the width of a Chinese character in it; `parts` are (left edge, text) between wide gaps.
    """

    page: int
    x0: float
    x1: float
    y: float
    size: float
    text: str
    parts: tuple[tuple[float, str], ...]
    cells: tuple[str, ...] = ()
    column: int = 0  # 1 and 2 on a page of two columns

    @property
    def frame(self) -> tuple[int, int]:
        """Return what the line's margins belong to: its page and column."""
        return self.page, self.column


def print_lines(glyphs: list[Glyph], page: int) -> list[PrintedLine]:
    """Return the printed lines of a page from top to bottom."""
    lines = [_line(sorted(row, key=lambda g: g.x0), page) for row in by_baseline(glyphs)]
    return [line for line in lines if line is not None]


def by_baseline(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Return the characters that stand on one baseline together, from top to bottom."""
    rows: list[list[Glyph]] = []
    # A character of no height comes from damaged fonts; it would never share a line with another.
    for glyph in sorted(glyphs, key=lambda g: (-g.y, g.x0)):
        near = rows and rows[-1][0].y - glyph.y <= _SAME_LINE * max(
            min(glyph.height, rows[-1][0].height), 1.0
        )
        if near:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return rows


def _line(row: list[Glyph], page: int) -> PrintedLine | None:
    inked = [glyph for glyph in row if not glyph.char.isspace()]
    if not inked:
        return None
    size = _size(inked)
    parts: list[tuple[float, list[str]]] = [(inked[0].x0, [])]
    before: Glyph | None = None
    space = False
    for glyph in row:
        if glyph.char.isspace():
            space = before is not None
            continue
        if before is not None and glyph.char == before.char and abs(glyph.x0 - before.x0) < 0.2 * size:
            continue  # drawn twice to look bold
        gap = glyph.x0 - before.x1 if before else 0.0
        if before and gap > _COLUMN_GAP * size:
            parts.append((glyph.x0, []))
        elif before and (space or _is_gap(before.char, glyph.char, gap / size)):
            parts[-1][1].append(" ")
        parts[-1][1].append(glyph.char)
        before, space = glyph, False
    texts = tuple((left, _whole("".join(chars))) for left, chars in parts)
    text = "\t".join(text for _, text in texts)
    return PrintedLine(page, inked[0].x0, max(g.x1 for g in inked), inked[0].y, size, text, texts)


def _is_gap(left: str, right: str, gap: float) -> bool:
    """Tell whether a gap (in character widths) stands for a space.

    Words need little, Chinese is never set apart.
    """
    words = not CHINESE.match(left) and not CHINESE.match(right)
    return gap > (_WORD_GAP if words else _WIDE_GAP)


def _size(glyphs: list[Glyph]) -> float:
    """Return the character size: the advance of Chinese characters, else what the height suggests."""
    widths = [g.x1 - g.x0 for g in glyphs if "\u4e00" <= g.char <= "\u9fff" and g.x1 > g.x0]
    if widths:
        return max(statistics.median(widths), 1.0)
    return max(statistics.median(g.height for g in glyphs) * 0.8, 1.0)


def _whole(text: str) -> str:
    """Join surrogates, which PDFium gives one by one, and drop those that stand alone."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
