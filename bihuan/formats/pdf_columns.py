"""Tell running text in two columns from lines that run over the whole page and from tables without rules.

pages ─in_columns→ lines above, the left column, the right column, lines below; None for a page of one column

A table without rules has a white band too, but its cells seldom reach its edge: in running text nearly every line does.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bihuan.formats.pdf_lines import Glyph, PrintedLine, by_baseline, print_lines

Band = tuple[float, float]  # left and right edge of the white between the columns, in points

_GUTTER = 1.2  # character widths that the band is wide at least
_SHARE = 0.6  # of the page's lines that the band must part
_LEAST = 8  # lines so parted
_FULL = 0.6  # of the lines of a column that must reach its edge
_NEAR = 1.5  # character widths that count as reaching it
_NARROWEST = 10  # character widths of a column
_UNEQUAL = 1.33
_FOLIO = 10  # characters of a page number, which belongs to no column


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands on one baseline, left and right of the band; `across` says that it is crossed."""

    left: list[Glyph]
    right: list[Glyph]
    across: bool

    @property
    def glyphs(self) -> list[Glyph]:
        return [*self.left, *self.right]

    @property
    def parted(self) -> bool:
        return bool(self.left and self.right) and not self.across


def in_columns(
    glyphs: Sequence[Glyph], page: int, known: Band | None
) -> tuple[list[PrintedLine], Band] | None:
    """Return the lines of a page of two columns in the order of reading, and its band; None when it has not two.

    Behind a page in columns, whose band is `known`, a page need not be full to be read as the ones before it.
    """
    baselines = [[g for g in row if not g.char.isspace()] for row in by_baseline(glyphs)]
    baselines = [row for row in baselines if row]
    widths = [g.x1 - g.x0 for row in baselines for g in row if "\u4e00" <= g.char <= "\u9fff"]
    if not widths:
        return None
    size = max(statistics.median(widths), 1.0)
    band = _band(baselines, size)
    rows = _rows(baselines, band) if band else []
    parted = [index for index, row in enumerate(rows) if row.parted]
    if band is None or len(parted) < max(_LEAST, _SHARE * len(rows)):
        if known is None:
            return None
        band, rows = known, _rows(baselines, known)
        parted = [index for index, row in enumerate(rows) if not row.across and not _is_folio(row)]
        if not parted:
            return None
    first, last = _block(rows, parted[0], parted[-1])
    block = rows[first : last + 1]
    if any(row.across for row in block) or not _is_running(block, size):
        return None
    above = [g for row in rows[:first] for g in row.glyphs]
    below = [g for row in rows[last + 1 :] for g in row.glyphs]
    columns = [g for row in block for g in row.left], [g for row in block for g in row.right]
    found = []
    for column, part in ((0, above), (1, columns[0]), (2, columns[1]), (0, below)):
        found += [replace(line, column=column) for line in print_lines(part, page)]
    return found, band


def _rows(baselines: Sequence[Sequence[Glyph]], band: Band) -> list[_Row]:
    """Part every line at the band."""
    return [_parted(row, *band) for row in baselines]


def _band(baselines: Sequence[Sequence[Glyph]], size: float) -> Band | None:
    """Return the white band that most lines leave near the middle."""
    low, high = min(g.x0 for row in baselines for g in row), max(g.x1 for row in baselines for g in row)
    middle, reach = (low + high) / 2, (high - low) / 8
    gaps = []
    for row in baselines:
        ordered = sorted(row, key=lambda g: g.x0)
        for one, other in zip(ordered, ordered[1:], strict=False):
            if other.x0 - one.x1 >= _GUTTER * size and abs((one.x1 + other.x0) / 2 - middle) <= reach:
                gaps.append((one.x1, other.x0))
    if len(gaps) < _SHARE * len(baselines):
        return None
    # Short lines leave more white than the band; the narrow half of the gaps shows it.
    ordered_gaps = sorted(gaps, key=lambda gap: gap[1] - gap[0])[: max(len(gaps) // 2, 1)]
    left = statistics.median(gap[0] for gap in ordered_gaps)
    right = statistics.median(gap[1] for gap in ordered_gaps)
    return (left, right) if right > left else None


def _parted(row: Sequence[Glyph], left: float, right: float) -> _Row:
    """Part a line at the band; a line with ink in the middle of it runs across."""
    middle, slack = (left + right) / 2, (right - left) / 4
    across = any(g.x0 < middle + slack and g.x1 > middle - slack for g in row)
    return _Row([g for g in row if g.x1 <= middle], [g for g in row if g.x1 > middle], across)


def _block(rows: Sequence[_Row], first: int, last: int) -> tuple[int, int]:
    """Return the first and last line of the columns: one may be longer than the other."""
    while first and not rows[first - 1].across and not _is_folio(rows[first - 1]):
        first -= 1
    while last + 1 < len(rows) and not rows[last + 1].across and not _is_folio(rows[last + 1]):
        last += 1
    return first, last


def _is_folio(row: _Row) -> bool:
    return len(row.glyphs) <= _FOLIO and any(g.char.isdigit() for g in row.glyphs)


def _is_running(block: Sequence[_Row], size: float) -> bool:
    """Tell whether both columns are about as wide and most of their lines reach the edge."""
    widths = []
    for side in ([row.left for row in block if row.left], [row.right for row in block if row.right]):
        if not side:
            continue
        start = min(g.x0 for row in side for g in row)
        ends = [max(g.x1 for g in row) for row in side]
        reaching = sum(1 for end in ends if end >= max(ends) - _NEAR * size)
        if reaching < _FULL * len(ends):
            return False
        widths.append(max(ends) - start)
    return min(widths) >= _NARROWEST * size and max(widths) <= _UNEQUAL * min(widths)
