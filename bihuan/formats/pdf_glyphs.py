"""Take characters and drawn lines from a PDF page, turned so that most of its text reads upright.

page of pdfium ─take_page→ PageInk(glyphs, rules, height)
"""

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

from bihuan.core.source import UnreadableFile
from bihuan.formats import limits
from bihuan.formats.pdf_lines import Glyph
from bihuan.formats.pdf_tables import Rule

_NO_CHARACTER = frozenset({0, 0xFFFD, 0xFFFE, 0xFFFF})
_ASLANT = 0.12  # radians off the nearest quarter turn; watermarks lie aslant
_MOST_SHAPES = 4_000
_FARTHEST = 100_000.0  # points; the largest page that PDF allows has 14,400


@dataclass(frozen=True, slots=True)
class PageInk:
    """What was taken from one page: points, y growing upwards, text upright."""

    glyphs: list[Glyph]
    rules: list[Rule]
    height: float


@dataclass(frozen=True, slots=True)
class _Quarter:
    """A turn by quarters: how many, and the size of the page before it."""

    turns: int
    width: float
    height: float

    def box(self, left: float, bottom: float, right: float, top: float) -> Rule:
        """Return a box as it lies after the turn."""
        if self.turns == 1:
            return Rule(bottom, self.width - right, top, self.width - left)
        if self.turns == 2:
            return Rule(self.width - right, self.height - top, self.width - left, self.height - bottom)
        if self.turns == 3:
            return Rule(self.height - top, left, self.height - bottom, right)
        return Rule(left, bottom, right, top)


def take_page(page: Any, *, room: int) -> PageInk:
    """Return the ink of a page; characters that do not run as most do (watermarks, side notes) are left out.

    The page's own rotation plays no part: what counts is how the text runs.

    :raises UnreadableFile: formats.too-many-characters, when the page holds more than `room`
    """
    width, height = page.get_size()
    if page.get_rotation() in (90, 270):
        width, height = height, width
    found = _characters(page, room)
    turns = Counter(turn for turn, *_ in found).most_common(1)[0][0] if found else 0
    quarter = _Quarter(turns, width, height)
    glyphs = []
    for turn, char, box, baseline in found:
        if turn == turns:
            lying = quarter.box(*box)
            base = quarter.box(*baseline, *baseline)
            glyphs.append(Glyph(char, lying.x0, lying.x1, base.y0, lying.y1 - lying.y0))
    rules = [quarter.box(*bounds) for bounds in _shapes(page)]
    return PageInk(glyphs, rules, width if turns % 2 else height)


_Found = tuple[int, str, tuple[float, float, float, float], tuple[float, float]]


def _characters(page: Any, room: int) -> list[_Found]:
    """Return (quarter turns, character, box, origin) of the characters that run along a side of the page."""
    textpage = page.get_textpage()
    handle = textpage.raw
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    count = raw.FPDFText_CountChars(handle)
    if count > room:
        raise UnreadableFile("formats.too-many-characters", limit=limits.CHARACTERS)
    found: list[_Found] = []
    for index in range(count):
        code = raw.FPDFText_GetUnicode(handle, index)
        if code in (10, 13) or raw.FPDFText_IsGenerated(handle, index) == 1:
            continue
        # PDFium counts the angle clockwise.
        angle = raw.FPDFText_GetCharAngle(handle, index) / (math.pi / 2)
        raw.FPDFText_GetLooseCharBox(handle, index, box)
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        place = (box.left, box.bottom, box.right, box.top)
        if not _is_real(angle, x.value, y.value, *place):
            continue
        turns = round(angle)
        if abs(angle - turns) > _ASLANT:
            continue
        char = "\ufffd" if code in _NO_CHARACTER else chr(code)
        found.append((-turns % 4, char, place, (x.value, y.value)))
    textpage.close()
    return found


def _is_real(*values: float) -> bool:
    """Tell whether a damaged matrix left every value a number of a page's order."""
    return all(-_FARTHEST < value < _FARTHEST for value in values)


def _shapes(page: Any) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the drawn shapes, none when there are too many for a table."""
    shapes: list[tuple[float, float, float, float]] = []
    for shape in page.get_objects([raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        bounds = shape.get_bounds()
        if _is_real(*bounds):
            shapes.append(bounds)
        if len(shapes) > _MOST_SHAPES:
            return []
    return shapes
