"""Join the printed lines of a PDF into paragraphs and set page furniture apart.

printed lines by page ─fill→ paragraphs (a first line is indented or follows a line that ended early), chrome
Source: GB/T 9704-2012 7.3.3, the body is indented two characters and runs back to the margin.
"""

import re
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from bihuan.formats.lines import CHINESE, LineCollector, join_lines
from bihuan.formats.pdf_lines import PrintedLine

_PAGE_NUMBER = re.compile(
    r"[-—–―·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?[-—–―·•\s]*"
    r"|第\s*\d{1,4}\s*页\s*[,，/、]?\s*共\s*\d{1,4}\s*页|\d{1,4}\s*/\s*\d{1,4}|Page\s+\d{1,4}(?:\s+of\s+\d{1,4})?",
    re.IGNORECASE,
)
# What cannot be parted by a line break: opening marks, then a word or one character, then closing marks.
_CHUNK = re.compile(
    r"[“‘（《〈「『【〔(\[]*(?:[!-'*-~]+|.)[，。、；：？！”’）》〉」』】〕…—%％,.;:?!)\]]*", re.DOTALL
)
_INDENT = 1.2
_SIZE_CHANGE = 0.08
_TITLE_SIZE = 1.1
_LOOSE = 1.55
_EDGE_LINES = 2
_REPEATED_SHARE = 0.4
_MARGIN_BAND = 0.13


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the body is set.

    Margins by page and column, character size, distance of lines, usual indent of a first line.
    """

    left: dict[tuple[int, int], float]
    right: dict[tuple[int, int], float]
    size: float
    leading: float
    indent: float


def fill(collector: LineCollector, pages: list[list[PrintedLine]], heights: list[float]) -> None:
    """Add the paragraphs of all pages to `collector`, what stands in the margins as chrome."""
    furniture = _furniture(pages, heights) | _repeated_heads(pages)
    pages = _mended(pages, furniture)
    body = [[line for line in lines if id(line) not in furniture] for lines in pages]
    if not any(body):
        body, furniture = pages, set()
    layout = _layout(body)
    paragraph: list[PrintedLine] = []
    margin: list[PrintedLine] = []
    for lines, all_lines in zip(body, pages, strict=True):
        for line in lines:
            if paragraph and _begins(line, paragraph, layout):
                _add(collector, paragraph)
                _add_chrome(collector, margin)
                paragraph = []
            paragraph.append(line)
        margin += [line for line in all_lines if id(line) in furniture]
    _add(collector, paragraph)
    _add_chrome(collector, margin)


def _add(collector: LineCollector, paragraph: list[PrintedLine]) -> None:
    if paragraph and paragraph[0].cells:
        collector.add_row(paragraph[0].cells, page=paragraph[0].page)
    elif paragraph:
        collector.add(join_lines([line.text for line in paragraph]), page=paragraph[0].page)


def _add_chrome(collector: LineCollector, margin: list[PrintedLine]) -> None:
    """Add what waited for the paragraph that runs across the page to end."""
    for line in margin:
        collector.add(line.text, role="chrome", page=line.page)
    margin.clear()


def _begins(line: PrintedLine, paragraph: list[PrintedLine], layout: _Layout) -> bool:
    """Tell whether `line` begins a paragraph after the lines collected so far."""
    before = paragraph[-1]
    if len(line.parts) > 1 or len(before.parts) > 1 or line.cells or before.cells:
        return True
    if abs(line.size - before.size) > _SIZE_CHANGE * max(line.size, before.size):
        return True
    if line.frame == before.frame and before.y - line.y > _LOOSE * max(layout.leading, 1.2 * line.size):
        return True
    if line.size > _TITLE_SIZE * layout.size and _is_centred(line, layout) and _is_centred(before, layout):
        return False
    indent = (line.x0 - layout.left[line.frame]) / layout.size
    if indent >= _INDENT and not _hangs(line, paragraph, layout):
        return True
    return _ended_early(before, line, layout)


def _hangs(line: PrintedLine, paragraph: list[PrintedLine], layout: _Layout) -> bool:
    """Tell whether `line` continues a paragraph whose lines after the first are set in, as in lists."""
    offset = (line.x0 - layout.left[line.frame]) / layout.size
    first = (paragraph[0].x0 - layout.left[paragraph[0].frame]) / layout.size
    if abs(offset - layout.indent) < 0.3 or line.frame != paragraph[0].frame:
        return False
    if len(paragraph) > 1:
        return abs(line.x0 - paragraph[-1].x0) < 0.3 * layout.size
    return 0.4 < offset - first < 4


def _ended_early(before: PrintedLine, line: PrintedLine, layout: _Layout) -> bool:
    """Tell whether `before` was ended by its author: the next chunk would still have had room."""
    found = _CHUNK.match(line.text)
    chunk = found.group() if found else ""
    width = sum(1.0 if CHINESE.match(char) else 0.5 for char in chunk) * line.size
    return before.x1 + width <= layout.right[before.frame] - 0.6 * line.size


def _is_centred(line: PrintedLine, layout: _Layout) -> bool:
    middle = (layout.left[line.frame] + layout.right[line.frame]) / 2
    return abs((line.x0 + line.x1) / 2 - middle) < 1.2 * line.size


def _layout(pages: list[list[PrintedLine]]) -> _Layout:
    pages = [[line for line in page if not line.cells] for page in pages]
    lines = [line for page in pages for line in page]
    if not lines:
        return _Layout({}, {}, 1.0, 1.0, 2.0)
    size = _usual_size(lines)
    body = [line for line in lines if abs(line.size - size) <= _SIZE_CHANGE * size] or lines
    left = _edge([line.x0 for line in body], size, outermost=min)
    right = _edge([line.x1 for line in body], size, outermost=max)
    lefts: dict[tuple[int, int], float] = {}
    rights: dict[tuple[int, int], float] = {}
    for frame in {line.frame for line in lines}:
        own = [line for line in body if line.frame == frame]
        if frame[1] and own:
            lefts[frame] = _edge([line.x0 for line in own], size, outermost=min)
            rights[frame] = _edge([line.x1 for line in own], size, outermost=max)
        else:
            # Mirrored margins move the page's own edge a little; a page of few lines keeps the document's.
            lefts[frame] = _near([line.x0 for line in own], left, size, outermost=min)
            rights[frame] = _near([line.x1 for line in own], right, size, outermost=max)
    gaps = [
        a.y - b.y for page in pages for a, b in zip(page, page[1:], strict=False) if 0 < a.y - b.y < 4 * size
    ]
    leading = statistics.median_low(gaps) if gaps else 1.8 * size
    indents = Counter(round((line.x0 - lefts[line.frame]) / size * 2) / 2 for line in body)
    usual = [(count, indent) for indent, count in indents.items() if _INDENT <= indent <= 4]
    return _Layout(lefts, rights, size, leading, max(usual)[1] if usual else 2.0)


def _usual_size(lines: list[PrintedLine]) -> float:
    """Return the size in which most characters are set."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size * 2) / 2] += len(line.text)
    return counts.most_common(1)[0][0] or 1.0


def _edge(values: list[float], size: float, *, outermost: Callable[[list[float]], float]) -> float:
    """Return the outermost edge that several lines share, so that one stray line does not move the margin."""
    ordered = sorted(values, reverse=outermost([0.0, 1.0]) == 1.0)
    company = min(3, len(ordered)) - 1
    for index in range(len(ordered) - company):
        if abs(ordered[index + company] - ordered[index]) <= 0.6 * size:
            return ordered[index]
    return ordered[0]


def _near(
    values: list[float], usual: float, size: float, *, outermost: Callable[[list[float]], float]
) -> float:
    near = [value for value in values if abs(value - usual) <= size]
    if not near:
        return usual
    return outermost(near)


def _repeated_heads(pages: list[list[PrintedLine]]) -> set[int]:
    """Return the identities of the head rows that a table prints again on each page it runs over."""
    found: set[int] = set()
    head: tuple[str, ...] = ()
    for lines in pages:
        rows = [line for line in lines if line.cells]
        for index, row in enumerate(rows):
            if row.cells == head and index == 0:
                found.add(id(row))
            elif index == 0 and len(row.cells) != len(head):
                head = row.cells
    return found


def _mended(pages: list[list[PrintedLine]], furniture: set[int]) -> list[list[PrintedLine]]:
    """Join a table row that a page break cut in two.

    The rest has no number and follows a sentence left open.
    """
    last: tuple[int, int] | None = None
    mended = [list(lines) for lines in pages]
    for number, lines in enumerate(mended):
        body = [index for index, line in enumerate(lines) if id(line) not in furniture]
        first = lines[body[0]] if body else None
        if last is not None and first is not None and _continues(first, mended[last[0]][last[1]]):
            above = mended[last[0]][last[1]]
            cells = tuple(
                join_lines([text for text in pair if text])
                for pair in zip(above.cells, first.cells, strict=True)
            )
            mended[last[0]][last[1]] = replace(above, cells=cells, text="\t".join(cells))
            del lines[body[0]]
            body = [index - 1 for index in body[1:]]
        if body:
            last = (number, body[-1])
    return mended


def _continues(first: PrintedLine, above: PrintedLine) -> bool:
    if not first.cells or len(first.cells) != len(above.cells) or first.cells[0]:
        return False
    pairs = [(before, rest) for before, rest in zip(above.cells, first.cells, strict=True) if rest]
    return all(before for before, _ in pairs) and any(before[-1] not in "。；！？" for before, _ in pairs)


def _furniture(pages: list[list[PrintedLine]], heights: list[float]) -> set[int]:
    """Return the identities of the lines that are running heads, feet and page numbers."""
    found: set[int] = set()
    repeated: dict[tuple[str, int], list[PrintedLine]] = {}
    for lines, height in zip(pages, heights, strict=True):
        for index, line in enumerate(lines):
            place = min(index, len(lines) - 1 - index)
            in_margin = not _MARGIN_BAND * height < line.y < (1 - _MARGIN_BAND) * height
            if place < _EDGE_LINES and in_margin and not line.cells:
                if place == 0 and _PAGE_NUMBER.fullmatch(line.text):
                    found.add(id(line))
                key = re.sub(r"\d+", "#", line.text), round(line.y / 8)
                repeated.setdefault(key, []).append(line)
    filled = sum(1 for lines in pages if lines)
    for same in repeated.values():
        if len(same) >= 2 and len(same) >= _REPEATED_SHARE * filled:
            found.update(id(line) for line in same)
    return found
