"""Rows joined into one folded text, with the way back to what is printed: sentences may run over paragraph ends.

rows ─passage→ Passage(text) ─printed(start, end)→ the raw characters     ─place(start)→ where they stand
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.core.reading.rows import Row
from bihuan.core.source import Place


@dataclass(frozen=True, slots=True)
class Passage:
    """Several rows as one text. `starts[i]` is where `rows[i]` begins in `text`."""

    text: str
    rows: tuple[Row, ...]
    starts: tuple[int, ...]

    def place(self, index: int) -> Place:
        """Return where the character at `index` stands."""
        return self.rows[self._row(index)].place

    def printed(self, start: int, end: int) -> str:
        """Return the characters as printed."""
        parts = []
        for number in range(self._row(start), self._row(max(start, end - 1)) + 1):
            row, begin = self.rows[number], self.starts[number]
            first, last = max(start - begin, 0), min(end - begin, len(row.text))
            parts.append(row.folded.printed(first, last))
        return "".join(parts)

    def _row(self, index: int) -> int:
        return max(bisect_right(self.starts, index) - 1, 0)


def passage(rows: Sequence[Row], *, glue: str = "", longest: int | None = None) -> Passage | None:
    """Join rows, with `glue` of one character or none between them, cut at `longest`; None when there are none."""
    if not rows:
        return None
    starts, parts, length = [], [], 0
    for row in rows:
        starts.append(length)
        parts.append(row.text)
        length += len(row.text) + len(glue)
    return Passage(glue.join(parts)[:longest], tuple(rows), tuple(starts))
