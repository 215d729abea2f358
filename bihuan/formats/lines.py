"""Collect lines with their ordinals, one rule for every format.

paragraphs and rows in reading order ─LineCollector→ Line, Line, …
"""

import re
from collections.abc import Sequence

from bihuan.core.source import Line, LineRole, Place, UnreadableFile
from bihuan.formats import limits

# White space that no one sees at the edge of a paragraph: the ideographic space, marks of byte order
# and zero width.
_EDGES = " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000\ufeff\u200b\u2060"

# Characters that are set without spaces between them: Chinese, its punctuation, full-width forms,
# circled numbers.
CHINESE = re.compile(
    "[\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2014\u2018-\u201d\u2026\u2460-\u24ff"
    "\U00020000-\U0003ffff]"
)

# What begins so below a title is a line of its own: the date, a note, a subtitle.
OWN_LINE = "（(【[〔—－-"


def tidy(text: str) -> str:
    """Return `text` without white space and invisible marks at both ends."""
    return text.strip(_EDGES).strip()


def join_lines(texts: Sequence[str]) -> str:
    """Return printed lines as one text: words get their space back, Chinese is joined, a soft hyphen goes."""
    joined = texts[0] if texts else ""
    for text in texts[1:]:
        words = not CHINESE.match(joined[-1]) and not CHINESE.match(text[0])
        if words and joined[-1] in "\u00ad\u2010":
            joined = joined[:-1] + text
        else:
            joined += (" " if words and joined[-1] not in "-/@_" else "") + text
    return joined


class LineCollector:
    """Number what is added from 1 and keep what is not blank. A blank paragraph uses up its ordinal."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.ordinal = 0
        self._characters = 0

    def add(
        self,
        text: str,
        *,
        role: LineRole = "text",
        page: int | None = None,
        cell: str | None = None,
        level: int | None = None,
    ) -> None:
        """Add one paragraph."""
        self.ordinal += 1
        text = tidy(text)
        if text:
            self._keep(Line(text, Place(self.ordinal, page, cell), role, level=level))

    def add_row(self, cells: Sequence[str], *, page: int | None = None, cell: str | None = None) -> None:
        """Add one table row; empty cells at its end are left off, line breaks in a cell become spaces."""
        self.ordinal += 1
        row = [text if text.isalnum() else " ".join(tidy(text).split()) for text in cells]
        while row and not row[-1]:
            row.pop()
        if row:
            self._keep(Line("\t".join(row), Place(self.ordinal, page, cell), "row", tuple(row)))

    def _keep(self, line: Line) -> None:
        self._characters += len(line.text)
        if len(self.lines) >= limits.LINES:
            raise UnreadableFile("formats.too-many-lines", limit=limits.LINES)
        if self._characters > limits.CHARACTERS:
            raise UnreadableFile("formats.too-many-characters", limit=limits.CHARACTERS)
        self.lines.append(line)
