"""The superior's assessment form (评估表): indicators as data, facts from the register, marks by people.

indicators + facts (counted) + scores (given) ─summed→ marks by group, veto or not

Default weights: organisation 15, responsibility 15, tasks 60, satisfaction 10 (practice of several provinces); from how
many untrue facts on the whole is vetoed is a rule (core.oversight, veto-from); a superior's own
indicators take their place as a table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.core.paper import Heading, Paper, Paragraph, Table
from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault

GROUPS = ("organisation", "responsibility", "tasks", "satisfaction")
GROUP_WORDS = {
    "organisation": "组织领导",
    "responsibility": "责任落实",
    "tasks": "任务完成",
    "satisfaction": "群众满意",
}
SCORING, CONCLUDED = "scoring", "concluded"
#: What the register can count for an indicator; `oversight.queries.assessments` has a query of each name.
FACTS = (
    "tasks", "completed", "basically_completed", "long_term", "open", "overdue", "extended", "problems",
    "without_leader", "without_unit", "without_cause", "without_look_around", "plans", "dispatches", "meetings",
    "closed", "returned", "reopened", "without_result", "rounds", "round_failed", "rechecked", "recheck_failed",
    "institutions", "asked", "satisfied", "untrue",
)  # fmt: skip
MOST_INDICATORS = 60


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the form: its code, group, words, full mark, and the facts that are shown beside it."""

    code: str
    group: str
    title: str
    full: int
    facts: tuple[str, ...] = ()


INDICATORS = (
    Indicator("o1", "organisation", "整改工作和督查工作机构健全、职责明确", 4),
    Indicator("o2", "organisation", "整改方案经集体研究批准", 4, ("plans",)),
    Indicator("o3", "organisation", "按周调度，难点有人协调", 4, ("dispatches",)),
    Indicator("o4", "organisation", "召开专题会议研究整改", 3, ("meetings",)),
    Indicator(
        "r1",
        "responsibility",
        "每项任务明确牵头领导和责任单位",
        4,
        ("tasks", "without_leader", "without_unit"),
    ),
    Indicator("r2", "responsibility", "原因分析到位", 4, ("problems", "without_cause")),
    Indicator("r3", "responsibility", "举一反三，同类问题一并整改", 4, ("problems", "without_look_around")),
    Indicator("r4", "responsibility", "失职失责的依规问责", 3),
    Indicator("t1", "tasks", "任务完成情况", 10, ("tasks", "completed", "open")),
    Indicator("t2", "tasks", "按期完成，没有逾期", 5, ("overdue",)),
    Indicator("t3", "tasks", "延期经批准且从严", 2, ("extended",)),
    Indicator("t4", "tasks", "基本完成的写明未尽事项和期限", 5, ("basically_completed",)),
    Indicator("t5", "tasks", "长期整改的有阶段目标和复核", 5, ("long_term",)),
    Indicator("t6", "tasks", "销号程序规范，逐级审核", 10, ("closed", "returned")),
    Indicator("t7", "tasks", "佐证材料真实充分", 5, ("without_result", "untrue")),
    Indicator("t8", "tasks", "督查发现的问题整改到位", 5, ("rounds", "round_failed")),
    Indicator("t9", "tasks", "已销号任务没有反弹", 8, ("rechecked", "recheck_failed", "reopened")),
    Indicator("t10", "tasks", "建章立制并执行", 5, ("institutions",)),
    Indicator("s1", "satisfaction", "涉及的企业和群众满意", 6, ("asked", "satisfied")),
    Indicator("s2", "satisfaction", "群众反映及时办理答复", 4),
)


@dataclass(frozen=True, slots=True)
class Sum:
    """Marks in tenths: what was given and what may be given in all, by group; how many lines have no score yet."""

    given: int
    full: int
    groups: tuple[tuple[str, int, int], ...]
    unscored: int
    vetoed: bool


def frozen(indicators: Sequence[Indicator]) -> list[dict[str, Any]]:
    """Return the indicators as they are kept with an assessment."""
    return [
        {"code": one.code, "group": one.group, "title": one.title, "full": one.full, "facts": list(one.facts)}
        for one in indicators
    ]


def thawed(kept: Sequence[Mapping[str, Any]]) -> list[Indicator]:
    """Return the indicators of an assessment."""
    return [
        Indicator(one["code"], one["group"], one["title"], one["full"], tuple(one["facts"])) for one in kept
    ]


def summed(indicators: Sequence[Indicator], tenths: Mapping[str, int], *, untrue: int, veto_from: int) -> Sum:
    """Add the marks up; `untrue` facts from `veto_from` on veto the whole.

    >>> summed(INDICATORS, {"o1": 35}, untrue=0, veto_from=5).given
    35
    """
    groups = tuple(
        (
            group,
            sum(tenths.get(one.code, 0) for one in indicators if one.group == group),
            10 * sum(one.full for one in indicators if one.group == group),
        )
        for group in dict.fromkeys(one.group for one in indicators)
    )
    return Sum(
        sum(given for _, given, _ in groups),
        sum(full for _, _, full in groups),
        groups,
        sum(one.code not in tenths for one in indicators),
        untrue >= veto_from,
    )


def score_faults(
    indicators: Sequence[Indicator], code: str, tenths: int | None, reason: str
) -> list[FieldFault]:
    """Return every fault of a score: an unknown indicator, a mark out of range, no reason."""
    one = next((one for one in indicators if one.code == code), None)
    if one is None:
        return [FieldFault("indicator", "assessment.no-indicator", {"code": code[:20]})]
    faults = []
    if tenths is None or not 0 <= tenths <= 10 * one.full:
        faults.append(FieldFault("tenths", "assessment.range", {"title": one.title, "full": one.full}))
    if not reason.strip() or len(reason) > 2000:
        faults.append(FieldFault("reason", "assessment.reason", {"title": one.title}))
    return faults


def tenths_of(text: str) -> int | None:
    """Return a mark as tenths; None for what is no mark with at most one decimal.

    >>> [tenths_of(text) for text in ("3.5", "4", "3.55", "x", "-1")]
    [35, 40, None, None, None]
    """
    whole, _mark, part = text.strip().partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 3 and part.isascii() and len(part) <= 1):
        return None
    return int(whole) * 10 + int(part or 0) if part.isdecimal() or not part else None


def marks(tenths: int) -> str:
    """Return tenths as marks.

    >>> marks(35), marks(40)
    ('3.5', '4')
    """
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def read_indicators(rows: Sequence[Sequence[str]]) -> tuple[Indicator, ...]:
    """Return a superior's own indicators from a table: 代码, 类别, 指标, 分值, and perhaps 取数 (names of facts).

    :raises Refused: assessment.table-columns; assessment.table-row, naming every row that is wrong
    """
    head, *body = [[cell.strip() for cell in row] for row in rows] or [[]]
    places = {word: head.index(word) for word in ("代码", "类别", "指标", "分值", "取数") if word in head}
    if not {"代码", "指标", "分值"} <= set(places) or not 1 <= len(body) <= MOST_INDICATORS:
        raise Refused("assessment.table-columns", most=MOST_INDICATORS)
    made: list[Indicator] = []
    wrong: list[int] = []
    for line, row in enumerate(body, 2):
        cells = {word: row[place] if place < len(row) else "" for word, place in places.items()}
        facts = tuple(one for one in cells.get("取数", "").replace("，", ",").split(",") if one.strip())
        facts = tuple(one.strip() for one in facts)
        number = cells["分值"]
        known = {one.code for one in made}
        right = (
            1 <= len(cells["代码"]) <= 20
            and cells["代码"] not in known
            and cells["指标"]
            and set(facts) <= set(FACTS)
        )
        if not right or not (number.isascii() and number.isdecimal() and 1 <= int(number) <= 100):
            wrong.append(line)
            continue
        made.append(Indicator(cells["代码"], cells.get("类别") or "tasks", cells["指标"], int(number), facts))
    if wrong:
        raise Refused("assessment.table-row", rows="、".join(map(str, wrong)))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it stands: what it is of, its lines (indicator, facts in words, tenths, why), its sum, the opinion."""

    title: str
    subject: str
    lines: tuple[tuple[Indicator, str, int | None, str], ...]
    total: Sum
    untrue: int
    veto_from: int
    veto_source: str
    opinion: str = ""
    signed_on: str = ""


def compose_assessment(form: Filled) -> Paper:
    """Return the form as a paper."""
    total = form.total
    rows = tuple(
        (
            GROUP_WORDS.get(one.group, one.group), one.title, str(one.full), facts or "—",
            "" if tenths is None else marks(tenths), reason,
        )
        for one, facts, tenths, reason in form.lines
    )  # fmt: skip
    by_group = "，".join(
        f"{GROUP_WORDS.get(group, group)}{marks(given)}分（满分{marks(full)}分）"
        for group, given, full in total.groups
    )
    words = f"合计{marks(total.given)}分，满分{marks(total.full)}分：{by_group}。"
    veto = f"查实不实事实{form.untrue}项。" + (f"达到{form.veto_from}项，一票否决。" if total.vetoed else "")
    head = ("类别", "指标", "分值", "登记情况", "得分", "评分理由")
    return Paper(
        title=form.title,
        blocks=(
            Paragraph(form.subject),
            Table(head, rows, widths=(0.13, 0.22, 0.08, 0.22, 0.08, 0.27)),
            Heading(1, "评估结果"),
            Paragraph(words),
            Paragraph(f"{veto}（一票否决从{form.veto_from}项起，依据：{form.veto_source}。）"),
            *(Paragraph(text) for text in form.opinion.splitlines() if text.strip()),
        ),
        signed_on=form.signed_on or None,
    )
