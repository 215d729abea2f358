"""Numbered headings as a tree, and which numbered paragraphs are lists inside an answer.

rows ─outline→ Outline(nodes in order), each with its own text, its rows, and the answer found under it
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bihuan.core.reading.folding import fold
from bihuan.core.reading.markers import Marker, marker
from bihuan.core.reading.rows import Row

ANSWER = re.compile(
    r"^[▲△◆●■★☆>\-—*(\[【“]*(?:\d{1,2}[.、)])?(?:问题|任务|巡察|目前|具体|主要)?"
    r"(?P<name>整改(?:工作)?(?:落实|完成|进展|推进|具体)?(?:情况|措施|结果|成效|举措|进展|进度|成果)|落实情况"
    r"|完成情况|整改落实|整改完成"
    r"|办理情况|采取的?(?:整改)?措施|落实措施|主要做法)(?:及(?:其)?(?:成效|结果|进展|完成情况))?[)\]】”]*(?:[:：]|——|$)"
)
INLINE_ANSWER = re.compile(
    r"(?<=.)(?<![的于、对和察视将就把])(?P<mark>[\[【(]?整改(?:落实|完成|进展|工作)?(?:情况|措施|结果|成效)[\]】)]?:)"
)
STATUS = re.compile(
    r"^[【\[(]?(?:整改)?(?:完成|落实)?(?:状态|进度|类型)[】\])]?[:：](?P<status>[^。]{1,24})。?$"
    r"|^(?:整改)?完成情况[:：](?P<short>(?:已|未|基本|阶段性|正在|持续|长期)[^。,;]{1,10})。?$"
)
DONE = re.compile(
    r"^(?:目前,?|现)?(?:该|此)(?:项|类)?(?:问题|任务|事项)"
    r"(?P<status>(?:已|正在|基本|均已|持续|长期|尚未|未)[^,。;:]{1,12})"
)
_STOP = re.compile(r"[。!?](?=(?P<rest>.?))")
_ATTACHED = re.compile(r"^(?:附件|附表|附|备注)(?:\d{1,2})?[:：]")
_ASKED = re.compile(r"问题(?:的整改)?$")
_ACTION = re.compile(
    r"(?:完善|加强|制定|开展|健全|强化|组织|召开|建立|推进|落实|修订|严格|督促|印发|深化|细化|压实|规范|提升|加大|加快|优化|聚焦|持续|及时)"
)
_SHAPE = re.compile(
    r"(?:不够|不到位|不足|不强|不深|不实|不高|不严|不力|不规范|差距|短板|薄弱|缺失|问题|滞后|方面|偏差"
    r"|情况)[^。]{0,8}[。]?$|^反馈问题"
)


@dataclass(slots=True)
class Node:
    """A heading while the tree is built: its mark, the row it stands in, and what hangs under it."""

    mark: Marker
    row: Row
    text: str
    cut: int  # where in the row's folded text the heading ends
    parent: "Node | None"
    children: list["Node"] = field(default_factory=list)
    body: list[Row] = field(default_factory=list)
    answered: bool = False

    @property
    def level(self) -> int:
        """Return the depth in the tree, 1 the outermost."""
        return 1 if self.parent is None else self.parent.level + 1


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings in order, and the rows before the first one."""

    nodes: tuple[Node, ...]
    before: tuple[Row, ...]


class _Builder:
    """Decides, row by row, whether a mark is a heading or an item of the answer that is open."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.marks = [marker(row.folded) if row.role == "text" else None for row in rows]
        self.stack: list[Node] = []
        self.nodes: list[Node] = []
        self.before: list[Row] = []
        self.listed: dict[str, int] = {}
        self.attached = False
        self.answering = False  # an answer is open under no heading at all

    def run(self) -> Outline:
        """Walk over all rows once."""
        for position, row in enumerate(self.rows):
            mark = self.marks[position]
            if _ATTACHED.match(row.text):
                self.attached = True
            if (
                mark is not None
                and not self.attached
                and self._names(position, mark)
                and self._is_heading(position, mark)
            ):
                self._open(position, mark)
            else:
                self._keep(row, mark)
        return Outline(tuple(self.nodes), tuple(self.before))

    def _names(self, position: int, mark: Marker) -> bool:
        """Tell whether words follow the mark, in its row or in the next one without a mark."""
        if len(self.rows[position].text) > mark.width:
            return True
        following = position + 1
        return following < len(self.rows) and self.marks[following] is None

    def _open(self, position: int, mark: Marker) -> None:
        """Hang a heading under the nearest one of lower rank."""
        row = self.rows[position]
        while self.stack and self.stack[-1].mark.rank >= mark.rank:
            self.stack.pop()
        parent = self.stack[-1] if self.stack else None
        cut, text = heading_text(row, mark)
        if not text and position + 1 < len(self.rows):
            text = heading_text(self.rows[position + 1], None)[1]  # the number stands on a line of its own
        node = Node(mark, row, text, cut, parent, answered=bool(INLINE_ANSWER.search(row.text)))
        if parent is not None:
            parent.children.append(node)
        self.stack.append(node)
        self.nodes.append(node)
        self.listed = {}
        self.answering = False

    def _keep(self, row: Row, mark: Marker | None) -> None:
        """Keep a row under the open heading; notice where its answer begins."""
        if not self.stack:
            self.before.append(row)
            self.answering = self.answering or bool(ANSWER.match(row.text))
            return
        node = self.stack[-1]
        node.body.append(row)
        answer = ANSWER.match(row.text)
        if answer:
            node.answered = True
            self.listed = {}
            first = marker(fold(row.text, answer.end()))
            if first is not None:
                self.listed[first.style] = first.number
        elif DONE.match(row.text):
            node.answered = True
        elif mark is not None:
            self.listed[mark.style] = mark.number

    def _is_heading(self, position: int, mark: Marker) -> bool:
        """Tell a heading from an item of a list within an answer."""
        if not self.stack and self.answering:
            return mark.style in ("cn", "part") or self._answered_soon(position)
        if self.stack and self._acts(position, mark):
            return False
        if not self.stack or not self.stack[-1].answered:
            return not ANSWER.match(self.rows[position].text)
        sibling = next((node for node in reversed(self.stack) if node.mark.style == mark.style), None)
        counted = self.listed.get(mark.style)
        if mark.style in ("cn", "part"):
            return counted is None
        if sibling is None:
            return self._answered_soon(position)
        follows_list = counted is not None and mark.number == counted + 1
        if mark.number == sibling.mark.number + 1:
            return not follows_list or self._answered_soon(position) or self._shaped(position)
        if follows_list:
            return False
        return mark.number > sibling.mark.number or self._answered_soon(position)

    def _acts(self, position: int, mark: Marker) -> bool:
        """Tell whether a circled item under a problem says what was done: the answer, given without a marker."""
        if mark.style != "circ" or self.stack[-1].mark.style == "circ":
            return False
        text = self.rows[position].text
        return bool(_ASKED.search(self.stack[-1].text) and _ACTION.match(text, mark.width))

    def _answered_soon(self, position: int) -> bool:
        """Tell whether an answer begins before the next mark, within a few rows."""
        if INLINE_ANSWER.search(self.rows[position].text):
            return True
        for later in range(position + 1, min(position + 5, len(self.rows))):
            if ANSWER.match(self.rows[later].text) or STATUS.match(self.rows[later].text):
                return True
            if self.marks[later] is not None:
                return False
        return False

    def _shaped(self, position: int) -> bool:
        """Tell whether a row is worded like a problem."""
        text = self.rows[position].text
        return len(text) < 80 and bool(_SHAPE.search(text))


def outline(rows: Sequence[Row]) -> Outline:
    """Build the tree of headings over the rows of a document's text."""
    return _Builder(rows).run()


def _before_blank(row: Row, start: int, end: int) -> int:
    """Return where a heading ends in a line of several paragraphs: at the first blank behind four characters."""
    folded = row.folded
    return next((i for i in range(start + 4, end) if folded.raw[folded.raw_at(i) - 1].isspace()), end)


def _ends(row: Row, stop: re.Match[str]) -> bool:
    """Tell whether a sign ends the sentence; a half-width ? before a word stands for a lost character."""
    return stop.group() != "?" or not stop["rest"] or row.folded.raw[row.folded.raw_at(stop.start())] == "？"


def heading_text(row: Row, mark: Marker | None) -> tuple[int, str]:
    """Return where a heading ends in its row, and its text as printed, cut at the first sentence end."""
    text, start = row.text, mark.width if mark else 0
    end = next((m.start() for m in _STOP.finditer(text, start) if _ends(row, m)), len(text))
    answer = INLINE_ANSWER.search(text, start, end)
    if answer:
        end = answer.start("mark")
    if row.run_in:
        end = _before_blank(row, start, end)
    return end, row.folded.printed(start, end).strip("*#").rstrip("。．.；;：:，,、 \u3000")
