"""What each section of a document is about.

Outline ─sections→ {top node: organisation | rectification | findings | follow_up | body}
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from bihuan.core.reading.document import DocumentKind
from bihuan.core.reading.outline import Node

SectionKind = Literal["organisation", "rectification", "findings", "follow_up", "body"]

_ORGANISED = re.compile(
    r"组织(?:领导|整改|开展|落实|推动|实施)|主体责任|责任担当|政治担当|政治责任|第一责任|工作开展|基本情况"
    r"|总体情况|工作情况|部署|站位|思想认识|高度重视|加强领导|履职|扛(?:起"
    r"|牢|实)|主要(?:做法|措施)|认识"
)
_RECTIFIED = re.compile(
    r"问题[^。]{0,12}(?:整改|落实|导向)|反馈(?:的)?(?:意见|问题|事项)[^。]{0,16}(?:整改|落实|情况)"
    r"|整改(?:任务)?(?:落实|进展|完成|具体"
    r"|工作进展)(?:情况)?|整改见行|整改成效|具体整改|逐项|逐条|重点(?:任务|问题)|抓(?:好|实)[^。]{0,8}整改"
    r"|问题整改|整改情况"
)
_FOLLOWS = re.compile(
    r"下一?步|下阶段|后续|继续|持续|今后|长效|巩固|深化(?:后续)?整改|努力方向|工作打算|常态"
)
_FOUND = re.compile(
    r"(?:存在|发现|反馈|指出)(?:的)?(?:主要|突出|具体)?问题|问题和不足|主要问题|突出问题|具体问题"
)
_ADVISED = re.compile(
    r"意见建议|整改(?:意见|建议|要求)|工作建议|意见和建议|几点(?:意见|建议|要求)|总体评价|基本评价|基本情况"
    r"|工作成效|主要成绩"
)
_ITEMS = re.compile(r"问题|反馈|意见|逐[项条]|任务|事项|具体|方面")
_SHAPED = re.compile(
    r"(?:不够|不到位|不足|不强|不深|不实|不高|不严|不力|不规范|差距|短板|薄弱|缺失|问题|滞后|偏差|弱化|虚化"
    r"|缺位)[^。]{0,12}$|方面$"
)


def sections(nodes: Sequence[Node], kind: DocumentKind) -> dict[int, SectionKind]:
    """Return what each outermost heading is about, keyed by ``id(node)``."""
    answered = any(node.answered for node in nodes)
    tops = [node for node in nodes if node.parent is None]
    found = {
        id(top): _about(top, kind, answered=answered, first=index == 0) for index, top in enumerate(tops)
    }
    if kind == "notice" and tops and _only_introduces(tops[0]):
        found[id(tops[0])] = "organisation"
    return found


def _only_introduces(first: Node) -> bool:
    """Tell whether the first heading tells of the work and not of the problems."""
    inner = list(descend(first))
    texts = [node.row.folded.text[node.mark.width : node.cut] for node in inner]
    if any(node.answered for node in inner) or _ITEMS.search(texts[0]):
        return False
    return not any(_SHAPED.search(text) or text.startswith("关于") for text in texts)


def _about(top: Node, kind: DocumentKind, *, answered: bool, first: bool) -> SectionKind:
    """Judge one outermost heading by the answers under it, then by its words."""
    text = top.row.folded.text[top.mark.width : top.cut]
    if any(node.answered for node in descend(top)):
        return "rectification"
    if kind == "feedback":
        return _in_feedback(top, text)
    if text.startswith("反馈问题") or (
        top.mark.style not in ("cn", "part") and _SHAPED.search(text) and not _ORGANISED.search(text)
    ):
        return "rectification"
    if not first and _FOLLOWS.search(text) and not re.search(r"问题|反馈意见", text):
        return "follow_up"
    if "反馈" in text and _RECTIFIED.search(text):
        return "rectification"
    if _ORGANISED.search(text):
        return "organisation"
    if _RECTIFIED.search(text):
        return "rectification"
    return "body"


def _in_feedback(top: Node, text: str) -> SectionKind:
    """Judge a section of a feedback document: findings, or praise and advice."""
    if _ADVISED.search(text) and not _FOUND.search(text):
        return "body"
    if _FOUND.search(text) or _SHAPED.search(text) or any(_SHAPED.search(node.text) for node in top.children):
        return "findings"
    return "body"


def names_finding(top: Node) -> bool:
    """Tell whether an outermost heading names a finding itself: 关于…问题, …方面, …不到位."""
    text = top.row.folded.text[top.mark.width : top.cut]
    if _FOUND.search(text) or re.search(r"(?:整改|落实|进展|完成)[^。]{0,6}情况", text):
        return False
    return bool(re.match(r"(?:反馈问题|关于[“\"]?.{2,60}问题)", text) or _SHAPED.search(text))


def descend(node: Node) -> Iterator[Node]:
    """Yield a heading and all under it, in order, without recursion."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children))
