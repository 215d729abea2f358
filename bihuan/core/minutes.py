"""Minutes (纪要) of a dispatch or meeting: who was there, what was laid before it, what was decided.

facts ─compose_minutes→ Paper: red head without a number of the paper, no seal (GB/T 9704-2012, 10.3)
"""

from dataclasses import dataclass

from bihuan.core.paper import (
    Blank,
    Block,
    Heading,
    Imprint,
    Paper,
    Paragraph,
    RedHead,
    chinese_date,
    chinese_number,
)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody of the list: name and post, how they took part, and why not."""

    name: str
    post: str
    manner: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: what, who, until when."""

    text: str
    owner: str
    due_on: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """What the minutes say. Dates are ISO text; `items` are paragraphs under their headings."""

    head: str
    number: str
    title: str
    held_on: str
    place: str
    chair: str
    recorder: str
    issuer: str
    present: tuple[Present, ...]
    items: tuple[tuple[str, tuple[str, ...]], ...]
    decisions: tuple[Decided, ...]
    recusals: tuple[str, ...] = ()


def compose_minutes(facts: MinutesFacts) -> Paper:
    """Return the minutes as an official paper."""
    where = f"在{facts.place}" if facts.place else ""
    who = f"，{facts.chair}主持" if facts.chair else ""
    blocks: list[Block] = [
        Paragraph(f"{chinese_date(facts.held_on)}，{facts.title}{where}召开{who}。纪要如下：")
    ]
    number = 0
    for heading, paragraphs in facts.items:
        number += 1
        blocks.append(Heading(1, f"{chinese_number(number)}、{heading}"))
        blocks.extend(Paragraph(text) for text in paragraphs)
    number += 1
    blocks.append(Heading(1, f"{chinese_number(number)}、议定事项"))
    if not facts.decisions:
        blocks.append(Paragraph("本次会议没有议定事项。"))
    blocks.extend(
        Paragraph(f"（{chinese_number(place)}）{_sentence(one)}")
        for place, one in enumerate(facts.decisions, 1)
    )
    blocks.extend(_list(facts))
    return Paper(
        title=f"{facts.title}纪要",
        blocks=tuple(blocks),
        head=RedHead(facts.head, facts.number),
        imprint=Imprint(printed_by=facts.issuer, printed_on=facts.held_on),
    )


def _sentence(one: Decided) -> str:
    """Return a decision as a sentence: what, then who until when."""
    text = one.text.rstrip("。；;")
    until = f"{chinese_date(one.due_on)}前完成" if one.due_on else ""
    tail = "，".join(part for part in (f"由{one.owner}负责" if one.owner else "", until) if part)
    return f"{text}。{tail}。" if tail else f"{text}。"


def _list(facts: MinutesFacts) -> list[Block]:
    """Return the lists at the end, a line free above: present, absent with the reason, guests, recusals, the recorder.

    Source: GB/T 9704-2012 10.3 (黑体 for the word, 仿宋 for the names).
    """
    here = [one for one in facts.present if one.manner in ("present", "online", "substitute")]
    groups = (
        ("出席", here),
        ("请假", [one for one in facts.present if one.manner == "absent"]),
        ("列席", [one for one in facts.present if one.manner == "guest"]),
    )
    blocks: list[Block] = []
    for word, people in groups:
        if people:
            blocks.append(Heading(1, word, f"：{'、'.join(_name(one) for one in people)}"))
    blocks.extend(Heading(1, "回避", f"：{text}") for text in facts.recusals)
    if facts.recorder:
        blocks.append(Heading(1, "记录", f"：{facts.recorder}"))
    return [Blank(), *blocks]


def _name(one: Present) -> str:
    beside = [
        part
        for part in (one.post, {"online": "线上", "substitute": "代"}.get(one.manner, ""), one.reason)
        if part
    ]
    return f"{one.name}（{'，'.join(beside)}）" if beside else one.name
