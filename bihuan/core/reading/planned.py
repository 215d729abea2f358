"""Plans and follow-ups written as labelled lines: 整改任务：… 整改措施：… 责任单位：… 完成时限：…

heading with labelled lines ─planned_tasks→ PlanTask     labelled lines ─followed_up→ Finding
"""

import re
from collections.abc import Iterator, Sequence

from bihuan.core.reading.dates import only_date
from bihuan.core.reading.document import Finding, PlanTask, Problem
from bihuan.core.reading.figures import figures
from bihuan.core.reading.folding import fold
from bihuan.core.reading.measures import measures
from bihuan.core.reading.outline import Node
from bihuan.core.reading.rows import Row
from bihuan.core.reading.sections import descend

_LABELS = (
    ("measures", r"(?:具体)?整改措施|工作措施|具体措施|措施"),
    ("expected", r"整改目标|预期成效|目标"),
    ("lead_leader", r"牵头领导|责任领导|分管领导|责任人"),
    ("lead_unit", r"牵头单位|责任单位|牵头部门|责任部门|整改责任单位"),
    ("joint", r"配合单位|协办单位|参与单位|配合部门"),
    ("due", r"完成时限|整改时限|整改期限|完成时间|时限"),
    ("category", r"整改类型|任务类型"),
    ("status", r"完成情况|整改状态|整改进展"),
    ("title", r"整改任务|任务|整改事项"),
)
_LABEL = re.compile(
    "[【(]?(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS) + ")[】)]?[:：]"
)
FOLLOWS = re.compile(
    r"^[【(]?(?:(?P<problem>整改任务|反馈问题|督察反馈(?:的)?问题|问题描述|具体问题|整改问题|存在问题"
    r"|反馈意见)(?:\([^)]*\))?"
    r"|(?P<expected>整改目标|整改要求|整改时限|责任单位|整改责任单位)|(?P<measures>整改措施)|"
    r"(?P<response>整改(?:完成|落实|进展|工作)?情况|完成情况|整改成效|整改结果|整改落实及成效))[】)]?[:：]"
)
_SERIAL = re.compile(r"(?:序号|编号|第)(?P<number>[一二三四五六七八九十百\d]{1,5})(?:项|号)?")
_PROBLEM_HEAD = re.compile(
    r"(?:督察|审计|检查)?(?:反馈|存在|交办)?(?:的)?(?:问题|整改任务)(?:情况|描述|概况|基本情况)?$|整改任务$"
)
_ANSWER_HEAD = re.compile(r"(?:落实|完成|整改|进展)(?:情况|成效|结果)$|整改措施$")
_UNITS = re.compile(r"[、,，;；\s]+")


def planned_tasks(node: Node) -> Iterator[PlanTask]:
    """Yield the task that the labelled lines under a heading make up, none without measures, unit or date."""
    found: dict[str, str] = {}
    for row in (node.row, *node.body):
        marks = list(_LABEL.finditer(row.text))
        for mark, following in zip(marks, (*marks[1:], None), strict=False):
            name = mark.lastgroup
            if name and name not in found:
                stop = following.start() if following else len(row.text)
                found[name] = row.folded.printed(mark.end(), stop).rstrip("。;；")
    if len(found) < 2 or not {"measures", "due", "lead_unit"}.intersection(found):
        return
    parent = node.parent
    due = only_date(fold(found["due"]).text) if "due" in found else None
    yield PlanTask(
        number=node.mark.ordinal,
        title=found.get("title") or node.text,
        place=node.row.place,
        problem_number=node.mark.ordinal,
        problem_title=node.text,
        finding_title=parent.text if parent else None,
        measures=found.get("measures"),
        lead_leader=found.get("lead_leader"),
        lead_unit=found.get("lead_unit"),
        joint_units=tuple(unit for unit in _UNITS.split(found.get("joint", "")) if unit),
        category=found.get("category"),
        due_on=due,
        expected=found.get("expected"),
        status=found.get("status"),
        other=(("完成时限", found["due"]),) if "due" in found and due is None else (),
    )


def followed_up(rows: Sequence[Row], tops: Sequence[Node], title: str | None) -> Iterator[Finding]:
    """Yield the finding that a follow-up of one task tells, in labelled lines or under headings (整改任务 …)."""
    texts = _labelled(rows)
    if "problem" not in texts or "response" not in texts:
        texts = _headed(tops)
    if not texts.get("problem") or not texts.get("response"):
        return
    problem, given = texts["problem"], texts["response"]
    serial = _SERIAL.search(fold(title).text) if title else None
    number = serial["number"] if serial else ""
    words = "\n".join(_unlabelled(row) for row in problem).rstrip("。")
    answers = [(text, row.place) for row in given if (text := _unlabelled(row))]
    response = "\n".join(text for text, _ in answers)
    told = Problem(
        number,
        words,
        problem[0].place,
        response=response or None,
        response_places=tuple(place for _, place in answers),
        measures=tuple(measure for text, place in answers for measure in measures(text, place)),
        figures=figures(response),
    )
    yield Finding(number, words, problem[0].place, (told,))


def _labelled(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows that each label opens."""
    texts: dict[str, list[Row]] = {}
    current: str | None = None
    for row in rows:
        mark = FOLLOWS.match(row.text)
        if mark:
            current = mark.lastgroup
        if current:
            texts.setdefault(current, []).append(row)
    return texts


def _headed(tops: Sequence[Node]) -> dict[str, list[Row]]:
    """Return the rows under the headings that name the problem and the answer."""
    texts: dict[str, list[Row]] = {}
    for top in tops:
        heading = top.row.folded.text[top.mark.width : top.cut]
        name = (
            "problem"
            if _PROBLEM_HEAD.match(heading)
            else "response"
            if _ANSWER_HEAD.search(heading)
            else None
        )
        if name:
            inner = [row for node in descend(top) if node is not top for row in (node.row, *node.body)]
            texts.setdefault(name, []).extend([*top.body, *inner])
    return texts


def _unlabelled(row: Row) -> str:
    """Return a row as printed, without the label that it begins with."""
    mark = FOLLOWS.match(row.text)
    return row.folded.printed(mark.end()) if mark else row.folded.printed()
