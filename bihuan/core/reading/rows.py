"""The source as rows to read: one a paragraph, more where a page has run several paragraphs into one line.

Source ─rows→ Row(index, line, folded text, place)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.core.reading.folding import Folded, fold
from bihuan.core.source import Line, Place, Source

LONG = 120  # shorter lines are one paragraph; longer ones may be several run together
_MARK = (
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、](?!\d)"
    r"|[（(]\d{1,2}[)）]|[①-⑳])"
)
_ANSWER = r"整改(?:落实|完成|进展|工作)?(?:情况|状态|措施)[:：]"
_GAPS = re.compile(rf"[ \t\u3000\xa0]{{2,}}|[ \t\u3000\xa0](?={_MARK}|{_ANSWER})|\r\n?|\n|\u2028|\x0b|\x0c")
_STOPPED = re.compile(
    rf"(?<=[。；;！!？?])(?={_ANSWER}|[（(][一二三四五六七八九十]{{1,3}}[)）]|[一二三四五六七八九十]{{1,3}}、)"
)
_DATED = frozenset("0123456789年月日")
_BEGIN = re.compile(r"(?:根据|按照)(?:[^,，。\n]{2,40}(?:部署|安排|要求|计划)|《[^《》\n]{4,60}》)")
_FURNITURE = re.compile(r"发布(?:时间|日期)|来源|作者|浏览|字号|点击|编辑|通报|报告|公示")


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph. `line` is the index of its line in the source; `run_in`: the line held several."""

    index: int
    line: int
    place: Place
    folded: Folded
    role: str
    cells: tuple[str, ...] = ()
    level: int | None = None
    run_in: bool = False

    @property
    def text(self) -> str:
        """Return the folded text."""
        return self.folded.text


def rows(source: Source) -> list[Row]:
    """Turn the lines of a source into rows, in order; blank stretches give none."""
    found: list[Row] = []
    for number, line in enumerate(source.lines):
        pieces = [folded for folded in _folded(line) if folded.text]
        for folded in pieces:
            run_in = len(pieces) > 1
            found.append(
                Row(len(found), number, line.place, folded, line.role, line.cells, line.level, run_in)
            )
    return found


def _folded(line: Line) -> Iterator[Folded]:
    """Fold a line whole, or each paragraph of it."""
    if line.role != "text" or (len(line.text) < LONG and "\n" not in line.text):
        yield fold(line.text)
        return
    for start, stop in _pieces(line.text):
        yield fold(line.text, start, stop)


def _within(raw: str, gap: re.Match[str]) -> bool:
    """Tell whether blanks stand within a date or before a point: they part no paragraphs."""
    before, after = raw[gap.start() - 1 : gap.start()], raw[gap.end() : gap.end() + 1]
    dated = before in _DATED and (after in _DATED or after in "至到-—起底初")
    return "\n" not in gap.group() and bool(before and after) and (dated or after in "，,。；;、：:）)")


def _pieces(raw: str) -> Iterator[tuple[int, int]]:
    """Cut a long line where blanks, an item after a full stop, or the opening sentence show a lost paragraph end."""
    cuts = {match.end() for match in _GAPS.finditer(raw) if not _within(raw, match)}
    cuts.update(match.start() for match in _STOPPED.finditer(raw))
    begin = _BEGIN.search(raw, 0, 600)
    if begin and begin.start() and _FURNITURE.search(raw, 0, begin.start()):
        cuts.add(begin.start())
    start = 0
    for cut in sorted(cuts):
        if cut > start:
            yield start, cut
            start = cut
    if start < len(raw):
        yield start, len(raw)
