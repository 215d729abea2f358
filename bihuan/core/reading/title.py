"""The document's own title among the lines before its text.

head rows ─find_title→ Title(text as printed, rows that carry it)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.core.reading.chrome import is_chrome
from bihuan.core.reading.folding import folded
from bihuan.core.reading.rows import Row

_LONGEST = 400  # a longer line holds no title
_GENRE = re.compile(r"巡察|巡视|巡查|审计|督察|督查|督导|整改|反馈|检查|销号|环保")
_END = (
    r"(?:通报|报告|公示|公告|公开|情况说明|说明|函|情况|方案|通知|意见|清单|计划|决定|办法|汇报|一览表|台账"
    r"|表|反馈|规定|细则|规则|条例|制度|指引|手册)"
)
_ENDED = re.compile(rf"{_END}(?:\([^)]{{1,20}}\))?$")
_STRONG_END = re.compile(
    r"(?:通报|报告|公示|公告|方案|函|情况说明|通知|清单|一览表|办法|规定|细则|条例)(?:\([^)]{1,20}\))?$"
)
_NEWS = re.compile(
    r"向[^,。]{2,60}(?:反馈|通报)|反馈(?:会|意见|情况|工作)|(?:集中|完成|全面)反馈|召开[^,。]{0,30}(?:会|工作)"
    r"|接受[^,。]{0,20}巡[察视]"
)
_LABEL = re.compile(r"^(?:标\s*题|文件名称|信息名称|名\s*称|题\s*名)\s*[:|]\s*")
_INNER = re.compile(
    r"(?<=\S)\s+(?:标\s*题|文件名称|信息名称|名\s*称)\s*[:：]\s*(?P<title>\S.{6,118}?)(?=\s+\S{2,8}[:：]|$)"
)
_TAG = re.compile(r"^(?:[•·●■◆#*>\-\s]+|【[^】]{1,16}】\s*|\[[^\]]{1,12}\]\s*)+")
_META = re.compile(
    r"(?:\s{2,}|\s+(?=\d{4}-)|[(\[]?(?:发布|发表|公布|更新|成文)(?:时间|日期|机构)|[(\[]?(?:信息"
    r"|文章)?来源\s*[:：]|[(\[]?(?:日期|时间"
    r"|作者|编辑|浏览\S{0,2}|点击\S{0,2}|字号|字体)\s*[:：]|\s(?:来源|作者|编辑)\s"
    r"|(?<=[报告示况函案知单])[(\[（【]?(?=20\d{2}[-/.年]\d{1,2}[-/.月]\d))"
)
_SITE = re.compile(
    r"\s*[-_—|–]+\s*[^-_—|]{2,30}(?:网|网站|政府|门户|平台|委员会|监委|局|官网|医院|大学|学院|公司)$"
)
_NEIGHBOUR = re.compile(
    r"(?:^|[\s\[【(（])[上下]一[条篇][\]】)）]?$"
)  # a link to another document stands before it
_COLUMN = re.compile(r"(?:网|网站|专栏|专题|栏目|频道|公开栏|要闻|动态|首页|门户|平台)$")
_NAME = re.compile(r"(?:办公室|委员会|领导小组|纪委监委|监委|巡察办|巡视办|审计局|审计厅|巡察组|巡视组)$")
_BODY = re.compile(r"(?:委员会|党组|党委|党工委|工委|总支部?|支部|支部委员会)$")
_OPENED = re.compile(r"关于")


@dataclass(frozen=True, slots=True)
class Title:
    """The title as printed, and the indexes of the rows that carry it (more than one when it is broken or repeated)."""

    text: str | None
    rows: tuple[int, ...]


def find_title(head: Sequence[Row]) -> Title:
    """Return the best title among the rows before the text; site names and column names are not titles."""
    best: tuple[int, str, tuple[int, ...]] | None = None
    for position, row in enumerate(head):
        for text, used in _candidates(head, position, row):
            score = _score(text)
            if score and (best is None or score > best[0] or (score == best[0] and len(used) > len(best[2]))):
                best = (score, text, used)
    if best is None:
        return Title(None, ())
    again = _squeezed(best[1])
    carrying = {*best[2], *(row.index for row in head if again in _squeezed(row.folded.spaced))}
    return Title(best[1], tuple(sorted(carrying)))


def looks_like_title(row: Row, *, surely: bool = False) -> bool:
    """Tell whether a row reads like a title although it may be as long as a sentence."""
    return _score(_clean(row.folded.raw[row.folded.shift : row.folded.stop])) > (4 if surely else 1)


def _candidates(head: Sequence[Row], position: int, row: Row) -> list[tuple[str, tuple[int, ...]]]:
    """Return the texts that the row offers: itself, its table cells, and itself joined with its neighbours."""
    raw = row.folded.raw[row.folded.shift : row.folded.stop]
    if row.run_in and len(raw) <= _LONGEST:
        return [(_clean(word), (row.index,)) for word in raw.split() if len(word) >= 8]
    if len(raw) > _LONGEST or any(sign in raw for sign in ">»›") or _NEIGHBOUR.search(raw):
        return []
    if "|" in raw or "｜" in raw or "\t" in raw:
        cells = re.split(r"[|｜\t]", raw)
        return [(_clean(cell), (row.index,)) for cell in cells if cell.strip()]
    own = _clean(raw)
    inner = _INNER.search(raw)
    if inner:
        return [(_clean(inner["title"]), (row.index,))]
    offered: list[tuple[str, tuple[int, ...]]] = [(own, (row.index,))] if own else []
    joined = own
    used: tuple[int, ...] = (row.index,)
    before = head[position - 1] if position else None
    after = head[position + 1] if position + 1 < len(head) else None
    if before and own.startswith("关于") and _is_body(before):
        joined, used = _clean(before.folded.printed()) + joined, (before.index, *used)
    folded = fold_ends(joined)
    if after and _OPENED.search(folded) and not _ENDED.search(folded) and _is_rest(after):
        joined, used = joined + _clean(after.folded.printed()), (*used, after.index)
    if len(used) > 1:
        offered.append((joined, used))
    return offered


def _is_body(row: Row) -> bool:
    """Tell whether a row is the name of a party body standing alone above its title."""
    return len(row.text) <= 40 and bool(_BODY.search(row.text)) and not is_chrome(row, head=True)


def _is_rest(row: Row) -> bool:
    """Tell whether a row is the second half of a broken title."""
    return len(row.text) <= 40 and bool(_ENDED.search(row.text)) and not is_chrome(row, head=True)


def _clean(raw: str) -> str:
    """Cut tags, labels, and what a page prints behind a title."""
    text = _TAG.sub("", raw.strip())
    text = _TAG.sub("", _LABEL.sub("", text))
    for meta in _META.finditer(text, 6):
        if not meta.group().isspace() or _ENDED.search(fold_ends(text[: meta.start()])):
            text = text[: meta.start()]
            break
    shorter = _SITE.sub("", text)
    return (shorter if len(shorter) >= 10 else text).strip(" \u3000\t|>•·")


def fold_ends(text: str) -> str:
    """Return the text without white space and with half-width brackets, to test how it ends."""
    return "".join(folded(text).split())


def _score(raw: str) -> int:
    """Weigh a candidate: 0 is no title, 6 certainly one."""
    text = fold_ends(raw)
    if (
        not 8 <= len(text) <= 120
        or "。" in text
        or text.startswith(("根据", "按照", "现将"))
        or text.count(",") + text.count("，") > 2
    ):
        return 0
    if (
        _NAME.search(text)
        or not _GENRE.search(text)
        or _COLUMN.search(text)
        or re.search(r"[:：]", text[:8])
        or "@" in text
    ):
        return 0
    named, ended = "关于" in text, bool(_ENDED.search(text))
    if named and ended:
        return 6 if text.index("关于") < len(text) - 8 else 4
    if len(text) >= 12 and _STRONG_END.search(text):
        return 5
    if len(text) >= 10 and _NEWS.search(text):
        return 3
    if len(text) >= 14 and ended:
        return 3
    return 1 if len(text) >= 12 else 0


def _squeezed(text: str) -> str:
    """Return the text without white space and quotation marks, for comparing."""
    return re.sub(r"[\s“”\"‘’'「」]", "", text.replace("（", "(").replace("）", ")").replace("：", ":"))
