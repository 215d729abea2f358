"""The notice that founds a group: facts ─compose_founding→ Paper ─formats.papers→ docx, PDF, txt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bihuan.core.paper import Block, Heading, Paper, Paragraph, RedHead, chinese_number, clean_text

HEAD, DEPUTY, MEMBER = "head", "deputy", "member"
OFFICE_HEAD, OFFICE_DEPUTY, OFFICE_MEMBER = "office_head", "office_deputy", "office_member"
SEATS = (HEAD, DEPUTY, MEMBER, OFFICE_HEAD, OFFICE_DEPUTY, OFFICE_MEMBER)
OFFICE_SEATS = (OFFICE_HEAD, OFFICE_DEPUTY, OFFICE_MEMBER)

#: How the paper calls the seats, in the language of the paper.
_LABELS = {
    HEAD: "组长", DEPUTY: "副组长", MEMBER: "成员",
    OFFICE_HEAD: "主任", OFFICE_DEPUTY: "副主任", OFFICE_MEMBER: "成员",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seat:
    """One member as the paper names him: the seat, the name, and the unit and title that stand behind it."""

    seat: str
    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Founding:
    """What the notice says. `duties` and `office_duties` hold one duty a line; `signed_on` is ISO text."""

    organisation: str
    group: str
    seats: tuple[Seat, ...]
    signed_on: str
    basis: str = ""
    duties: str = ""
    office: str = ""
    office_place: str = ""
    office_duties: str = ""
    addressee: str = ""
    number: str = ""


def compose_founding(facts: Founding) -> Paper:
    """Return the paper; a part of which nothing is known is left out and the rest is numbered without a gap."""
    name = clean_text(facts.group)
    title = f"关于成立{name}的通知"
    basis = clean_text(facts.basis).rstrip("。；，,; ")
    opening = f"{basis}，决定成立{name}。现将有关事项通知如下：" if basis else (
        f"经研究，决定成立{name}。现将有关事项通知如下："
    )  # fmt: skip
    parts: list[tuple[str, list[Block]]] = [
        ("组成人员", list(_members(facts.seats, SEATS[:3]))),
        ("主要职责", list(_numbered(facts.duties))),
        ("工作机构", list(_office(facts))),
    ]
    blocks: list[Block] = [Paragraph(opening)]
    for place, (heading, below) in enumerate((part for part in parts if part[1]), 1):
        blocks.append(Heading(1, f"{chinese_number(place)}、{heading}"))
        blocks.extend(below)
    number = clean_text(facts.number)
    return Paper(
        title=title,
        blocks=tuple(blocks),
        head=RedHead(clean_text(facts.organisation), number) if number else None,
        addressee=f"{to}：" if (to := clean_text(facts.addressee).rstrip("：:")) else None,
        signed_by=clean_text(facts.organisation),
        signed_on=facts.signed_on,
        sealed=True,
    )


def _members(seats: Sequence[Seat], wanted: Sequence[str]) -> Iterator[Paragraph]:
    """Yield one paragraph a kind of seat, in the order of the seats: 组长：某某（职务）。"""
    for seat in wanted:
        named = [_person(one) for one in seats if one.seat == seat]
        if named:
            yield Paragraph(f"{_LABELS[seat]}：{'、'.join(named)}。")


def _person(one: Seat) -> str:
    title = clean_text(one.title)
    return f"{clean_text(one.name)}（{title}）" if title else clean_text(one.name)


def _numbered(text: str) -> Iterator[Block]:
    """Yield one paragraph a line, numbered when there is more than one; a number that was typed goes."""
    lines = [clean_text(line) for line in text.splitlines()]
    lines = [line for line in lines if line]
    for place, line in enumerate(lines, 1):
        closed = line if line.endswith(("。", "；", "：")) else f"{line}。"
        yield Paragraph(f"（{chinese_number(place)}）{closed}" if len(lines) > 1 else closed)


def _office(facts: Founding) -> Iterator[Block]:
    office = clean_text(facts.office)
    if not office:
        return
    place = clean_text(facts.office_place)
    yield Paragraph(
        f"下设{office}，设在{place}，负责日常工作。" if place else f"下设{office}，负责日常工作。"
    )
    yield from _members(facts.seats, OFFICE_SEATS)
    duties = list(_numbered(facts.office_duties))
    if duties:
        yield Paragraph(f"{office}的职责：")
        yield from duties
