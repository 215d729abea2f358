"""Institutions (制度) that a response says were made: book titles after a verb of making, to be ticked by a
person.

>>> [(one.title, one.likely) for one in proposed("出台《甲办法》《乙通知》，按《丙规定》执行")]
[('甲办法', True), ('乙通知', False)]
"""

import re
from dataclasses import dataclass

_VERB = "(?:制定|制订|印发|出台|修订|修改|完善|健全|建立)"
_INNER = r"[^《》]{2,120}(?:《[^《》]{1,80}》[^《》]{0,80})?"
_NUMBER = r"[(（][^()（）]{2,40}号[)）]"
_RUN = re.compile(
    rf"{_VERB}[^《》，。；,;]{{0,12}}(?P<run>(?:《{_INNER}》(?:{_NUMBER})?[、和及与以]{{0,2}})+)"
)
_ONE = re.compile(rf"《(?P<title>{_INNER})》(?P<number>{_NUMBER})?")
#: What rules for the long run are called; a plan, a letter or minutes is a paper of one occasion.
INSTITUTION_ENDS = (
    "办法",
    "制度",
    "规定",
    "细则",
    "规则",
    "规程",
    "规范",
    "机制",
    "条例",
    "准则",
    "清单",
    "守则",
    "章程",
    "指引",
    "标准",
    "要求",
    "(试行)",
    "（试行）",
    "指南",
    "流程",
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A title that may be an institution; `likely` when its last word is one of those that institutions
    bear."""

    title: str
    likely: bool
    document_number: str = ""


def proposed(text: str) -> list[Proposed]:
    """Return the titles after a verb of making in the order of the text, each once."""
    found: dict[str, Proposed] = {}
    for run in _RUN.finditer(text):
        for one in _ONE.finditer(run["run"]):
            title = one["title"].strip()
            found.setdefault(
                title,
                Proposed(title, title.endswith(INSTITUTION_ENDS), (one["number"] or "").strip("()（）")),
            )
    return list(found.values())
