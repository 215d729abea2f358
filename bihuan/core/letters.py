"""Slips (督办单) and letters: their kinds, who issues them, their states, their numbers, and the paper they are.

draft → issued → delivered → replied → closed; void from any of them but draft, the number stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bihuan.core.meetings import text_faults
from bihuan.core.paper import (
    Block,
    Imprint,
    Paper,
    Paragraph,
    RedHead,
    Table,
    chinese_date,
)
from bihuan.core.register import FieldFault

DRAFT, ISSUED, DELIVERED, REPLIED, CLOSED, VOID = "draft", "issued", "delivered", "replied", "closed", "void"
STATES = (DRAFT, ISSUED, DELIVERED, REPLIED, CLOSED, VOID)
#: A reply is awaited in these.
AWAITED = (ISSUED, DELIVERED)
WAYS = ("hand", "system", "post", "exchange", "read_out")
#: A table in the letter holds so many tasks; the rest is counted.
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind: the step of access that issues it, its short mark in numbers, and the name on the paper."""

    key: str
    step: str
    mark: str
    name: str


KINDS: Mapping[str, LetterKind] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            LetterKind("blue", "supervise", "督蓝", "整改督办单（蓝色）"),
            LetterKind("yellow", "supervise", "督黄", "整改督办单（黄色）"),
            LetterKind("red", "supervise", "督红", "整改督办单（红色）"),
            LetterKind("supervision", "supervise", "督办", "整改督办单"),
            LetterKind("reminder", "write", "提醒", "整改提醒函"),
            LetterKind("talk", "write", "约谈", "约谈通知"),
            LetterKind("immediate", "write", "立改", "立行立改通知书"),
        )
    }
)

#: What may follow what.
FOLLOWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        DRAFT: (ISSUED,),
        ISSUED: (DELIVERED, REPLIED, CLOSED, VOID),
        DELIVERED: (REPLIED, CLOSED, VOID),
        REPLIED: (DELIVERED, CLOSED, VOID),
        CLOSED: (),
        VOID: (),
    }
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A task that a letter is about, as it is printed; dates are ISO text."""

    number: str
    title: str
    due_on: str
    late: int


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter says. `number` is empty for a draft."""

    kind: str
    issuer: str
    organisation: str
    number: str
    addressee: str
    title: str
    text: str
    basis: str
    subjects: tuple[Subject, ...]
    reply_due_on: str
    issued_on: str
    signer: str
    copies: str


def number_text(kind: str, year: int | None, number: int | None, *, mark: str = "") -> str:
    """Return the number of a letter as it is printed, nothing for a draft.

    >>> number_text("red", 2026, 3, mark="江高整")
    '江高整督红〔2026〕3号'
    """
    return f"{mark}{KINDS[kind].mark}〔{year}〕{number}号" if year and number else ""


def may_become(state: str, following: str) -> bool:
    """Tell whether a letter in `state` may come to `following`."""
    return following in FOLLOWS.get(state, ())


def letter_faults(values: Mapping[str, object], *, today: date) -> list[FieldFault]:
    """Return every fault of a letter's values as they would stand."""
    faults = list(text_faults(values, required=("kind", "addressee", "title", "text")))
    kind = values.get("kind")
    if kind and kind not in KINDS:
        faults.append(FieldFault("kind", "oversight.letter-kind", {"value": str(kind)[:30]}))
    due = values.get("reply_due_on")
    if isinstance(due, date) and due < today:
        faults.append(FieldFault("reply_due_on", "oversight.reply-due-past", {"day": due.isoformat()}))
    return faults


def usual_text(kind: str, subjects: tuple[Subject, ...], *, as_of: str, reply_due_on: str) -> str:
    """Return the text that a slip begins with; a person may change it while it is a draft."""
    day, until = chinese_date(as_of), chinese_date(reply_due_on)
    late = sum(1 for one in subjects if one.late > 0)
    if late == len(subjects) and late:
        what = f"你单位牵头的下列{late}项整改任务已经逾期"
    elif late:
        what = f"你单位牵头的下列{len(subjects)}项整改任务中，{late}项已经逾期，其余临近期限"
    else:
        what = f"你单位牵头的下列{len(subjects)}项整改任务临近期限，尚未销号"
    ask = {
        "blue": "请抓紧推进，按期申请销号；确有困难的，请在到期前说明原因。",
        "yellow": "请查明原因，明确完成时间和责任人，尽快完成整改。",
        "red": "请主要负责人亲自研究，查明原因和责任，立即采取措施完成整改。",
    }.get(kind, "请按要求抓紧办理。")
    return f"截至{day}，{what}。{ask}\n请于{until}前书面回复办理情况。"


def compose_letter(facts: LetterFacts) -> Paper:
    """Return the letter as an official paper."""
    blocks: list[Block] = []
    if facts.basis.strip():
        blocks.append(Paragraph(facts.basis.strip()))
    blocks.extend(Paragraph(line.strip()) for line in facts.text.splitlines() if line.strip())
    if facts.subjects:
        blocks.append(_subjects(facts.subjects))
        left = len(facts.subjects) - MOST_ROWS
        if left > 0:
            blocks.append(Paragraph(f"另有{left}项从略，见整改任务清单。"))
    if facts.reply_due_on and chinese_date(facts.reply_due_on) not in facts.text:
        blocks.append(Paragraph(f"请于{chinese_date(facts.reply_due_on)}前书面回复。"))
    return Paper(
        title=facts.title,
        blocks=tuple(blocks),
        head=RedHead(facts.issuer, facts.number or None),
        addressee=facts.addressee,
        signed_by=facts.issuer,
        signed_on=facts.issued_on or None,
        sealed=bool(facts.number),
        imprint=_imprint(facts) if facts.copies.strip() and facts.issued_on else None,
    )


def _imprint(facts: LetterFacts) -> Imprint:
    """Return the closing strip; a full stop stands behind the last of those who get a copy."""
    copies = facts.copies.strip().rstrip("。")
    return Imprint(copies_to=f"{copies}。", printed_by=facts.issuer, printed_on=facts.issued_on)


def _subjects(subjects: tuple[Subject, ...]) -> Table:
    rows = tuple(
        (
            one.number,
            one.title,
            chinese_date(one.due_on) if one.due_on else "未定",
            f"逾期{one.late}天" if one.late > 0 else "未到期",
        )
        for one in subjects[:MOST_ROWS]
    )
    return Table(("编号", "任务", "期限", "情况"), rows, widths=(1, 3.9, 2.3, 1.4))
