"""The sign-off sheet of one step of closure (审签单): facts ─compose_sheet→ the paper that is signed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bihuan.core.closure import ACCEPT, CLAIM, CLOSE, SIGN, VERIFY
from bihuan.core.findings import BASIC, COMPLETED, LONG_TERM
from bihuan.core.paper import Blank, Block, Code, Heading, Paper, Paragraph, Table, chinese_date

TITLES = {
    CLAIM: "销号申请单", SIGN: "销号审签单", VERIFY: "销号核查单", CLOSE: "销号审批单", ACCEPT: "整改结果认可单",
}  # fmt: skip
SIGNERS = {
    CLAIM: "责任单位负责人", SIGN: "牵头领导", VERIFY: "督查办核查人", CLOSE: "领导小组负责人",
    ACCEPT: "上级机关负责人",
}  # fmt: skip
ENDS = {COMPLETED: "已完成", BASIC: "基本完成", LONG_TERM: "长期整改"}
PROVES = {"result": "结果", "process": "过程"}
#: So many beginning characters of a hash tell files apart on paper.
HASH_SHOWN = 12
#: A sheet lists so many pieces; the rest is counted.
MOST_PIECES = 60
OPINION_LINES = 3


class Piece(NamedTuple):
    """A piece of evidence as the sheet lists it; without a file its hash is empty."""

    name: str
    proves: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a sheet shows. Days are ISO text; `earlier` are the steps taken: word, name, day."""

    step: str
    code: str
    address: str
    organisation: str
    number: str
    task: str
    unit: str
    due: str
    problem: str
    attempt: int
    end_state: str
    text: str
    left_over: str = ""
    left_until: str = ""
    review_on: str = ""
    pieces: Sequence[Piece] = ()
    earlier: Sequence[tuple[str, str, str]] = ()
    printed_on: str = ""


def compose_sheet(facts: SheetFacts) -> Paper:
    """Return the sheet: what is decided on, by which evidence, and room for opinion, signature and day."""
    rows = [
        ("单位", facts.organisation),
        ("任务", f"{facts.number} {facts.task}"),
        ("责任单位", facts.unit),
        ("整改期限", chinese_date(facts.due) if facts.due else "未定"),
        ("问题原文", facts.problem),
        ("申请", f"第{facts.attempt}次申请，申请为{ENDS.get(facts.end_state, facts.end_state)}"),
        ("整改情况", facts.text),
    ]
    if facts.left_over:
        until = f"（{chinese_date(facts.left_until)}前完成）" if facts.left_until else ""
        rows.append(("还剩什么", f"{facts.left_over}{until}"))
    if facts.review_on:
        rows.append(("下次复核", chinese_date(facts.review_on)))
    rows += [(f"{word}人", f"{name}　{chinese_date(day)}") for word, name, day in facts.earlier]
    blocks: list[Block] = [
        Code(facts.address, (f"编号：{facts.code}", f"核对地址：{facts.address}", *_printed(facts))),
        Table(("项目", "内容"), tuple(rows), widths=(1.0, 5.0)),
        Heading(1, f"{SIGNERS[facts.step]}意见"),
    ]
    if facts.step == VERIFY:
        blocks += [
            Paragraph("材料是否充分：□充分　　□不充分"),
            Paragraph("整改是否适当：□适当　　□不适当"),
        ]
    blocks += [
        Blank(OPINION_LINES),
        Paragraph("签字：＿＿＿＿＿＿＿　　日期：　　　年　　月　　日"),
        Heading(1, "佐证材料"),
    ]
    return Paper(TITLES[facts.step], (*blocks, *_evidence(facts)))


def _printed(facts: SheetFacts) -> tuple[str, ...]:
    return (f"打印日期：{chinese_date(facts.printed_on)}",) if facts.printed_on else ()


def _evidence(facts: SheetFacts) -> list[Block]:
    if not facts.pieces:
        return [Paragraph("没有材料。")]
    rows = tuple(
        (
            str(number),
            one.name,
            PROVES.get(one.proves, one.proves),
            one.sha256[:HASH_SHOWN] or "当时未留存",
        )
        for number, one in enumerate(facts.pieces[:MOST_PIECES], 1)
    )
    made: list[Block] = [
        Table(("序号", "材料", "证明", "文件校验码前12位"), rows, widths=(0.7, 3.7, 0.8, 2.0))
    ]
    if len(facts.pieces) > MOST_PIECES:
        made.append(Paragraph(f"另有{len(facts.pieces) - MOST_PIECES}份，见系统。"))
    return made
