"""The papers of a round: the sheet that two persons take along, and the report (督查情况报告).

Facts ─compose_sheet, compose_report→ Paper; every figure is counted from the items that are handed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.core.paper import (
    Attachment,
    Block,
    Heading,
    Paper,
    Paragraph,
    Table,
    chinese_date,
    chinese_number,
)
from bihuan.core.rounds import FAILS, FULL, HOLDS, RECHECK, UNSEEN

RESULT_WORDS = {HOLDS: "属实", FAILS: "不属实", UNSEEN: "未看到"}
KIND_WORDS = {FULL: "全面督查", "sampled": "抽样督查", RECHECK: "抽查复核"}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a round as a paper has it; `result` is empty while nothing stands."""

    number: str
    title: str
    unit: str
    result: str = ""
    note: str = ""
    persons: tuple[str, str] = ("", "")
    captured: str = ""
    followed: str = ""


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What the papers of a round say; days are ISO text."""

    organisation: str
    inspection: str
    title: str
    kind: str
    starts_on: str
    ends_on: str
    listed: int
    lines: tuple[Line, ...]
    questions: tuple[str, ...]
    digest: str = ""
    seed: str = ""
    draws: tuple[tuple[int, str, str], ...] = ()
    conclusion: str = ""
    reported_on: str = ""
    issuer: str = ""

    def of(self, result: str) -> list[Line]:
        """Return the items with this result."""
        return [line for line in self.lines if line.result == result]


def compose_sheet(facts: RoundFacts) -> Paper:
    """Return the sheet to be filled in by hand: the questions, a row an item, lines for both persons at the end."""
    rows = tuple((line.number, line.title, line.unit, "□属实\n□不属实\n□未看到", "") for line in facts.lines)
    asked = [Paragraph(f"{place}. {question}") for place, question in enumerate(facts.questions, 1)]
    blocks: list[Block] = [
        Paragraph(f"督查时间：{_span(facts)}。方式：{KIND_WORDS[facts.kind]}，共{len(facts.lines)}项。"),
        Paragraph("逐项查看以下内容，不属实的写明看到了什么，未看到的写明原因："),
        *asked,
        Table(("编号", "任务", "责任单位", "结果", "看到的情况"), rows, widths=(0.1, 0.33, 0.17, 0.15, 0.25)),
        Paragraph("检查时间：　　　　年　　月　　日　　时　　分"),
        Paragraph("检查人（签名）：　　　　　检查人（签名）："),
        Paragraph("现场陪同人员（签名）：　　　　　　　　　　"),
    ]
    return Paper(title=f"{facts.title}现场检查表", blocks=tuple(blocks))


def compose_report(facts: RoundFacts) -> Paper:
    """Return the report of a round: how it was done, what was found, what followed, the conclusion, every item."""
    return Paper(
        title=f"关于{facts.title}情况的报告",
        blocks=(*_conduct(facts), *_outcome(facts), *_failures(facts), *_unseen(facts), *_end(facts)),
        attachments=(Attachment("督查项目结果表", (_results(facts.lines),), landscape=True),),
        signed_by=facts.issuer or None,
        signed_on=facts.reported_on or None,
    )


def _conduct(facts: RoundFacts) -> list[Block]:
    how = f"{_span(facts)}，对{facts.inspection}整改任务开展{KIND_WORDS[facts.kind]}。"
    if facts.kind == FULL:
        how += f"列入名单{facts.listed}项，逐项检查，每项由两人进行。"
        return [Heading(1, "一、督查情况"), Paragraph(how)]
    how += f"列入名单{facts.listed}项，抽取{len(facts.lines)}项检查，每项由两人进行。"
    frozen = "名单先行冻结，再公开确定种子，按种子排序抽取，任何人可以重新验算。名单的SHA-256摘要："
    again = [
        Paragraph(f"第{number}次抽样：会上确定“{agreed}”。{f'重抽理由：{reason}' if reason else ''}")
        for number, agreed, reason in facts.draws
    ]
    exact = (
        Paragraph(facts.digest, indented=False),
        Paragraph("种子："),
        Paragraph(facts.seed, indented=False),
    )
    return [
        Heading(1, "一、督查情况"),
        Paragraph(how),
        Paragraph(frozen),
        *exact,
        *(again if len(again) > 1 else ()),
    ]


def _outcome(facts: RoundFacts) -> list[Block]:
    counts = [f"{word}{len(facts.of(result))}项" for result, word in RESULT_WORDS.items() if facts.of(result)]
    return [Heading(1, "二、检查结果"), Paragraph(f"检查{len(facts.lines)}项：{'，'.join(counts)}。")]


def _failures(facts: RoundFacts) -> list[Block]:
    failed = facts.of(FAILS)
    blocks: list[Block] = [Heading(1, "三、发现的问题")]
    if not failed:
        return [*blocks, Paragraph("本轮没有发现不属实的项目。")]
    for place, line in enumerate(failed, 1):
        blocks.append(Heading(2, f"（{chinese_number(place)}）{line.number}　{line.title}（{line.unit}）"))
        blocks.append(Paragraph(_stop(line.note) + (f"处理：{line.followed}。" if line.followed else "")))
    return blocks


def _unseen(facts: RoundFacts) -> list[Block]:
    if not (left := facts.of(UNSEEN)):
        return []
    told = "；".join(f"{line.number}（{line.note.rstrip('。；')}）" for line in left)
    return [Paragraph(f"未看到{len(left)}项：{told}。")]


def _end(facts: RoundFacts) -> list[Block]:
    paragraphs = [Paragraph(text.strip()) for text in facts.conclusion.splitlines() if text.strip()]
    return [Heading(1, "四、意见"), *(paragraphs or [Paragraph("（待形成）")])]


def _results(lines: Sequence[Line]) -> Table:
    rows = tuple(
        (
            line.number, line.title, line.unit, RESULT_WORDS.get(line.result, "未登记"), line.note, line.captured,
            "、".join(filter(None, line.persons)), line.followed,
        )
        for line in lines
    )  # fmt: skip
    head = ("编号", "任务", "责任单位", "结果", "看到的情况", "检查时间", "检查人", "处理")
    return Table(head, rows, widths=(0.07, 0.22, 0.13, 0.08, 0.19, 0.12, 0.1, 0.09))


def _span(facts: RoundFacts) -> str:
    first, last = chinese_date(facts.starts_on), chinese_date(facts.ends_on)
    return first if first == last else f"{first}至{last}"


def _stop(text: str) -> str:
    return text if text.endswith(("。", "！", "？")) or not text else f"{text}。"
