"""Where the document's own text begins and ends between what the page prints round it.

rows ─frame→ Frame(head, text, tail, furniture inside the text)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.core.reading.chrome import is_chrome
from bihuan.core.reading.markers import marker
from bihuan.core.reading.rows import Row
from bihuan.core.reading.title import looks_like_title

_BEGINS = re.compile(
    r"^(?:根据|按照|依据|为(?:深入|全面|认真|了|切实|贯彻)|自?(?:19|20)\d{2}年[^,。]{0,30}[,日]|近日|日前"
    r"|\d{1,2}月\d{1,2}日|现将|经)"
)
_DATE = re.compile(r"^\(?(?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日)?\)?$")
_OWN = re.compile(r"巡[察视]|整改|审计|督察|统一部署")
_END = re.compile(
    r"^(?:责任编辑|责编|编辑:|上一[篇条]|下一[篇条]|相关(?:阅读|链接|文章|新闻)|友情链接|版权所有"
    r"|主办(?:单位)?:|扫一扫|打印本页|分享到)"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows of a page: `head` before the text (title among it), `text`, `aside`: furniture in it and behind it."""

    head: tuple[Row, ...]
    text: tuple[Row, ...]
    aside: tuple[Row, ...]


def frame(rows: Sequence[Row]) -> Frame:
    """Part the page's furniture from the document's text."""
    begin = next((row.index for row in rows if _is_text(row)), len(rows))
    begin = _behind_notice(rows, _broken_begin(rows, begin))
    head, rest = rows[:begin], list(rows[begin:])
    end = _text_end(rest)
    text: list[Row] = []
    aside = list(rest[end:])
    for row in rest[:end]:
        (aside if is_chrome(row) else text).append(row)
    return Frame(tuple(head), tuple(text), tuple(aside))


def _broken_begin(rows: Sequence[Row], begin: int) -> int:
    """Return where the first sentence begins when a page has broken it into short lines."""
    for back in range(begin - 1, max(begin - 5, -1), -1):
        row = rows[back]
        if len(row.text) > 60 or is_chrome(row, head=True) or looks_like_title(row):
            return begin
        if row.text.startswith(("根据", "按照", "依据")):
            return back
    return begin


def _behind_notice(rows: Sequence[Row], begin: int) -> int:
    """Return where the text begins when a sentence of the site (use another browser …) stands above the title."""
    length = 0
    for position in range(begin, min(begin + 12, len(rows))):
        row = rows[position]
        if position > begin and len(row.text) < 130 and looks_like_title(row, surely=True):
            return next((r.index for r in rows[position + 1 :] if _is_text(r)), begin)
        length += len(row.text)
        if length > 200 or _OWN.search(row.text) or marker(row.folded) is not None:
            break
    return begin


def _is_text(row: Row) -> bool:
    """Tell whether the document's text begins with this row."""
    text = row.text
    if is_chrome(row, head=True):
        return False
    if row.role == "row":
        return sum(1 for cell in row.cells if cell.strip()) > 2 or "。" in text
    if marker(row.folded) is not None:
        return True
    if "。" not in text and (len(text) < 130 and looks_like_title(row)):
        return False
    if _BEGINS.match(text) and ("," in text or "。" in text):
        return True
    return (
        "。" in text
        or ("," in text and len(text) > 50)
        or text.startswith(("整改任务:", "整改情况:", "反馈问题"))
    )


def _text_end(rest: Sequence[Row]) -> int:
    """Return where the page's furniture behind the text begins."""
    end = len(rest)
    while end and is_chrome(rest[end - 1], head=True) and not _DATE.match(rest[end - 1].text):
        end -= 1
    for position in range(max(0, end - 40), end):
        if _END.match(rest[position].text) and position > 1:
            return position
    return end
