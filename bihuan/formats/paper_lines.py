"""Lines of an official paper on its grid: which characters stand together, and how far apart.

runs of text in faces ─break_lines→ GridLine … each filled to the edge ─paper_pdf→ page

Source: GB/T 9704-2012 5.2.3 (一般每面排22行，每行排28个字，并撑满版心); GB/T 15834-2011 5.1 for the
marks that may not
begin or end a line.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bihuan.core.paper import Table, title_lines
from bihuan.formats.fonts import Face

MM = 72 / 25.4
LINE_WIDTH = 156 * MM  # points
LINES_A_PAGE = 22
PITCH = 225 * MM / LINES_A_PAGE
CELLS = 28
CELL = LINE_WIDTH / CELLS
BODY_SIZE = 16.0  # 3号
MARK_LEAST = 22.0  # an issuer's mark is never smaller than a title
MARK_STEP = 1.25  # from line to line of a mark, in its size

_NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—％%‰℃°·,.;:?!)]}")
_NOT_LAST = frozenset("（《〈「『【〔“‘￥$([{")
_PAIRED = frozenset("—…")
_WIDEST = 0.15  # ems between characters, beyond which a line is left short
_SHORT = 8.0  # cells of what stays on one line in a table
_OPENING = frozenset("（《〈「『【〔“‘")

_ADDRESS_PARTS = re.compile(r"[^@./\-_?&=:]*[@./\-_?&=:]+|[^@./\-_?&=:]+")

Width = Callable[[Face, str], float]


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one face."""

    face: Face
    text: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """One printed line: `tracking` between characters is in points; `bare` begins with a bracket at
    the margin.
    """

    runs: tuple[Run, ...]
    tracking: float
    bare: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never broken: a Chinese character, a Latin word, a pair of dashes. `width` is in ems."""

    face: Face
    text: str
    width: float
    chars: int


def break_lines(
    runs: tuple[Run, ...],
    width: Width,
    *,
    indent: float = 0.0,
    measure: float = LINE_WIDTH,
    size: float = BODY_SIZE,
) -> tuple[GridLine, ...]:
    """Break `runs` into lines of `measure` points, the first one `indent` points shorter.

    A full-width character takes one cell of the grid (15.79 pt at 16 pt), so that a line of Chinese
    holds 28. A line
    that a mark or a word made shorter is spread to the edge; the last one is not. `width` gives ems.
    """
    pieces = list(_pieces(runs, width))
    lines: list[GridLine] = []
    at = 0
    while at < len(pieces):
        room = measure - (0.0 if lines else indent)
        end = _line_end(pieces, at, room, size)
        last = end == len(pieces)
        lines.append(_set_line(pieces[at:end], room, size, fill=not last))
        at = end
        while at < len(pieces) and pieces[at].text == " ":
            at += 1  # a blank at the break is not carried over
    return tuple(lines)


def squeeze(size: float) -> float:
    """Return the tracking that sets characters of `size` points on the grid of 28 a line."""
    return (CELL - BODY_SIZE) * size / BODY_SIZE


def _pieces(runs: tuple[Run, ...], width: Width) -> Iterator[_Piece]:
    """Give the unbreakable pieces of `runs`; a word too long for half a line is broken anywhere."""
    for run in runs:
        held = ""
        for cluster in _clusters(run.text):
            if held and not _together(held, cluster):
                yield from _cut(run.face, held, width)
                held = ""
            held += cluster
        if held:
            yield from _cut(run.face, held, width)


def _clusters(text: str) -> Iterator[str]:
    """Give the characters of `text` with the marks that combine with them."""
    held = ""
    for char in text:
        joins = unicodedata.combining(char) or char in "\u200d\ufe0e\ufe0f" or held.endswith("\u200d")
        if held and not joins:
            yield held
            held = ""
        held += char
    if held:
        yield held


def _together(held: str, cluster: str) -> bool:
    """Tell whether `cluster` may not be parted from `held`: letters of a word, figures, a pair of dashes."""
    if cluster in _PAIRED:
        return held == cluster
    return _is_narrow(held[-1]) and _is_narrow(cluster[0])


def _is_narrow(char: str) -> bool:
    """Tell whether `char` belongs to a Latin word or figure."""
    return char > " " and unicodedata.east_asian_width(char) in {"Na", "N", "H"}


def _cut(face: Face, text: str, width: Width) -> Iterator[_Piece]:
    """Give `text` as one piece; longer than half a line by its parts; what is still too long by character.

    An address is parted as late as that because the break cannot be told from a blank when the page is read.
    """
    whole = sum(width(face, char) for char in text) <= CELLS / 2
    for part in [text] if whole else _ADDRESS_PARTS.findall(text):
        total = sum(width(face, char) for char in part)
        if total <= CELLS / 2:
            yield _Piece(face, part, total, len(part))
            continue
        for cluster in _clusters(part):
            yield _Piece(face, cluster, sum(width(face, char) for char in cluster), len(cluster))


def _advance(piece: _Piece, size: float) -> float:
    """Return the points that a piece takes on the grid."""
    return piece.width * size + squeeze(size) * piece.chars


def _line_end(pieces: list[_Piece], start: int, room: float, size: float) -> int:
    """Return where the line that begins at `start` ends: as far as it goes, less what may not be
    parted there.
    """
    end, used = start, 0.0
    while end < len(pieces) and (used := used + _advance(pieces[end], size)) <= room + 0.05:
        end += 1
    if end == len(pieces):
        return end
    if end == start:
        return start + 1
    cut = end
    while cut > start + 1 and not _may_part(pieces[cut - 1].text, pieces[cut].text):
        cut -= 1
    # Nothing but marks that may not be parted: the line is cut where it is full.
    return cut if _may_part(pieces[cut - 1].text, pieces[cut].text) else end


def _may_part(before: str, after: str) -> bool:
    """Tell whether a line may end with `before` and the next begin with `after`."""
    if before == " " or after == " ":
        return True
    return after[0] not in _NOT_FIRST and before[-1] not in _NOT_LAST


def _set_line(pieces: list[_Piece], room: float, size: float, *, fill: bool) -> GridLine:
    """Set the pieces of one line; `fill` spreads them over `room`."""
    while fill and len(pieces) > 1 and pieces[-1].text == " ":
        pieces = pieces[:-1]
    runs: list[Run] = []
    for piece in pieces:
        if runs and runs[-1].face == piece.face:
            runs[-1] = Run(piece.face, runs[-1].text + piece.text)
        else:
            runs.append(Run(piece.face, piece.text))
    tracking = squeeze(size)
    chars = sum(piece.chars for piece in pieces)
    gaps = chars - len(runs)  # the printer spaces the characters within a run
    if fill and gaps > 0:
        left = room - sum(piece.width for piece in pieces) * size
        # A full line keeps its last character in a cell of its own; a short one is spread to the very edge.
        wanted = left / chars if left < 0 else left / gaps
        # A line that a long word left half empty is not spread: its characters would fall apart.
        tracking = wanted if wanted <= _WIDEST * size else tracking
    return GridLine(tuple(runs), tracking, bare=pieces[0].text[0] in _OPENING)


def mark_lines(issuer: str) -> tuple[tuple[str, ...], float]:
    """Return the lines of an issuer's mark and their size in points: one line while it is large, else several.

    Source: GB/T 9704-2012 7.2.4 leaves the size to the issuer (以醒目、美观、庄重为原则).

    >>> mark_lines("江澜高新区")
    (('江澜高新区',), 48.0)
    """
    size = min(48.0, LINE_WIDTH / max(len(issuer), 1))
    if size >= MARK_LEAST:
        return (issuer,), size
    return title_lines(issuer, cells=int(LINE_WIDTH / MARK_LEAST)), MARK_LEAST


def cells_of(text: str) -> float:
    """Return about how many cells of the grid `text` takes: half a cell for a Latin letter or figure."""
    return sum(0.5 if char < "\u2000" else 1.0 for char in text)


def column_shares(table: Table) -> list[float]:
    """Return the share of the width that each column takes.

    A column is as wide as most of its texts ask for; one long text in it breaks rather than starving
    the others, and
    a short word or a date stays on one line. Each has more than that, for the space beside its rules.
    """
    if table.widths:
        return [width / sum(table.widths) for width in table.widths]
    wishes = []
    for at, head in enumerate(table.header):
        lengths = [cells_of(row[at]) for row in table.rows if at < len(row)] or [0.0]
        longest = max(*lengths, cells_of(head))
        wishes.append(min(max(2.0, min(longest, _SHORT), 0.7 * sum(lengths) / len(lengths)), 24.0) + 1.5)
    return [wish / sum(wishes) for wish in wishes]


def short_columns(table: Table) -> list[bool]:
    """Tell for each column whether all its texts are short: such a column is centred."""
    return [
        all(cells_of(row[at]) <= _SHORT for row in table.rows if at < len(row))
        for at in range(len(table.header))
    ]
