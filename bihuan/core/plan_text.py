"""A plan as an official paper: facts + content ─compose_plan→ Paper with the three lists annexed, lying across.

Before approval it says for whom it is (draft for opinions, for review); nothing is written that the register lacks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bihuan.core.paper import (
    Attachment,
    Block,
    Heading,
    Paper,
    Paragraph,
    RedHead,
    Table,
    chinese_date,
    chinese_number,
    clean_text,
)
from bihuan.core.plans import APPROVED, OPINIONS, REVIEW, SUPERSEDED, Content, Item

#: What stands behind the title while a plan is not approved.
STAMPS: Mapping[str, str] = MappingProxyType({OPINIONS: "（征求意见稿）", REVIEW: "（送审稿）"})
APPROVED_ONCE = (APPROVED, SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the paper says beside its items. Days are ISO text; of a version `changed` since, the day of that change.

    `words` name categories and kinds of evidence.
    """

    title: str
    organisation: str
    inspection: str
    state: str
    version: int
    number: str = ""
    authority: str = ""
    team: str = ""
    feedback_on: str = ""
    meeting: str = ""
    approved_on: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    changed: bool = False


def compose_plan(facts: Facts, content: Content) -> Paper:
    """Return the plan as a paper: what was found, what is done about it by whom until when, and the three lists."""
    finished = facts.state in APPROVED_ONCE
    issuer = clean_text(facts.organisation)
    return Paper(
        title=clean_text(facts.title) + ("" if finished else STAMPS.get(facts.state, "（草稿）")),
        blocks=(*_opening(facts, content), *_body(facts, content), *_closing(facts)),
        head=RedHead(issuer, clean_text(facts.number)) if finished and facts.number else None,
        attachments=(
            Attachment("问题清单", (_problems(content),), landscape=True),
            Attachment("任务清单", (_tasks(facts, content),), landscape=True),
            Attachment("责任清单", (_responsibilities(content),), landscape=True),
        ),
        signed_by=issuer if finished else None,
        signed_on=facts.approved_on if finished and facts.approved_on else None,
        sealed=finished,
    )


def _opening(facts: Facts, content: Content) -> Iterator[Block]:
    count = {kind: sum(item.kind == kind for item in content) for kind in ("finding", "problem", "task")}
    who = clean_text(facts.team or facts.authority)
    when = chinese_date(facts.feedback_on) if facts.feedback_on else ""
    fed = f"{when}，{who}反馈了意见。" if when and who else f"{when}反馈了意见。" if when else ""
    yield Heading(1, "一、反馈问题")
    yield Paragraph(
        f"{fed}反馈意见指出{count['finding']}个方面的反馈问题，梳理为{count['problem']}个具体问题，"
        f"制定{count['task']}项整改任务（见附件1至3）。"
        if count["finding"]
        else f"{fed}"
    )
    yield Heading(1, "二、整改任务和措施")


def _body(facts: Facts, content: Content) -> Iterator[Block]:
    at = 0
    for item in content:
        title = clean_text(str(item.fields.get("title", ""))).rstrip("。")
        if item.kind == "finding":
            at += 1
            yield Heading(2, f"（{chinese_number(at)}）{title}")
        elif item.kind == "problem":
            yield Heading(3, f"{clean_text(str(item.fields['number']))}.{title}")
            yield from _said("原因分析：", str(item.fields.get("cause", "")))
            yield from _looked(item)
        else:
            yield Paragraph(f"任务{clean_text(str(item.fields['number']))}：{title}。")
            yield from _said("整改措施：", str(item.fields.get("measures", "")))
            yield Paragraph(_answering(facts, item))
            yield from _said("预期成效：", str(item.fields.get("expected", "")))
            yield from _asked(facts, item)


def _closing(facts: Facts) -> Iterator[Block]:
    yield Heading(1, "三、方案的执行和变更")
    approved = ""
    if facts.state in APPROVED_ONCE and facts.meeting:
        on, meeting = chinese_date(facts.approved_on) if facts.approved_on else "", clean_text(facts.meeting)
        approved = (
            f"本方案由{meeting}批准。{on}按权限批准变更，形成第{facts.version}版。"
            if facts.changed
            else f"本方案（第{facts.version}版）{f'于{on}' if on else ''}由{meeting}批准。"
        )
    yield Paragraph(
        f"{approved}方案批准后，增减任务，调整措施、责任和期限，须说明理由，按权限批准，形成新的版本。首定期限一直保留。"
    )


def _said(head: str, text: str) -> Iterator[Block]:
    parts = [clean_text(part) for part in text.splitlines()]
    parts = [part for part in parts if part]
    for at, part in enumerate(parts):
        yield Paragraph((head if at == 0 else "") + part + ("" if part[-1] in "。；，：！？" else "。"))


def _looked(item: Item) -> Iterator[Block]:
    parts = []
    for one in item.fields.get("look_around", ()):
        found = f"发现{one['found']}处，已整改{one['fixed']}处" if one["found"] else "未发现同类问题"
        parts.append(f"{clean_text(one['scope'])}，{found}")
    if parts:
        yield Paragraph(f"举一反三：{'；'.join(parts)}。")


def _answering(facts: Facts, item: Item) -> str:
    fields = item.fields
    parts = [
        ("牵头领导", clean_text(str(fields.get("leader", "")))),
        ("责任单位", clean_text(str(fields.get("unit", "")))),
        ("配合单位", "、".join(clean_text(name) for name in fields.get("joint_units", ()))),
        ("类别", facts.words.get(f"category:{fields.get('category', '')}", "")),
        ("完成时限", _day(fields.get("due_on"))),
    ]
    extended = (
        f"（第{fields['extended']}次延期，首定期限{_day(fields.get('first_due_on'))}）"
        if fields.get("extended")
        else ""
    )
    return "；".join(f"{name}：{value}" for name, value in parts if value) + f"{extended}。"


def _asked(facts: Facts, item: Item) -> Iterator[Block]:
    points = [
        f"{_day(one['due_on'])}前{clean_text(one['title'])}" for one in item.fields.get("milestones", ())
    ]
    if points:
        yield Paragraph(f"阶段节点：{'；'.join(points)}。")
    needs = [
        f"{clean_text(one['title'])}（{facts.words.get('proves:' + one['proves'], '')}"
        f"{'，可缺' if one['optional'] else ''}）"
        for one in item.fields.get("needs", ())
    ]
    if needs:
        yield Paragraph(f"佐证材料：{'、'.join(needs)}。")


def _problems(content: Content) -> Table:
    findings = {item.key: item for item in content if item.kind == "finding"}
    rows = []
    for item in content:
        if item.kind == "problem":
            looked = [
                f"{one['scope']}，发现{one['found']}处，整改{one['fixed']}处"
                for one in item.fields.get("look_around", ())
            ]
            above = findings.get(str(item.fields.get("above")))
            title = f"{above.fields['number']} {above.fields['title']}" if above else ""
            rows.append(
                _cells(
                    title, item.fields["number"], item.fields["title"], item.fields.get("cause", ""),
                    "；".join(looked),
                )
            )  # fmt: skip
    return Table(
        ("反馈问题", "编号", "具体问题", "原因分析", "举一反三"),
        tuple(rows),
        widths=(2.6, 0.9, 3.4, 3.4, 2.4),
    )


def _tasks(facts: Facts, content: Content) -> Table:
    rows = [
        _cells(
            item.fields["number"], item.fields["title"], item.fields.get("measures", ""), item.fields.get("leader", ""),
            item.fields.get("unit", ""), "、".join(item.fields.get("joint_units", ())),
            facts.words.get(f"category:{item.fields.get('category', '')}", ""), _tight(item.fields.get("due_on")),
            item.fields.get("expected", ""),
        )
        for item in content
        if item.kind == "task"
    ]  # fmt: skip
    header = ("编号", "任务", "整改措施", "牵头领导", "责任单位", "配合单位", "类别", "期限", "预期成效")
    return Table(header, tuple(rows), widths=(1.1, 2.4, 3.1, 1.6, 2.1, 2.1, 1.6, 1.95, 1.8))


def _responsibilities(content: Content) -> Table:
    answers: dict[tuple[str, str], list[Item]] = {}
    for item in content:
        if item.kind == "task":
            key = (str(item.fields.get("unit", "")), str(item.fields.get("leader", "")))
            answers.setdefault(key, []).append(item)
    rows = []
    for (unit, leader), items in answers.items():
        last = max((str(item.fields.get("due_on", "")) for item in items), default="")
        joint = dict.fromkeys(name for item in items for name in item.fields.get("joint_units", ()))
        numbers = "、".join(str(item.fields["number"]) for item in items)
        rows.append(_cells(unit, leader, len(items), numbers, "、".join(joint), _tight(last)))
    header = ("责任单位", "牵头领导", "任务数", "任务编号", "配合单位", "最后期限")
    return Table(header, tuple(rows), widths=(2.8, 1.5, 1.1, 3.9, 2.9, 1.7))


def _cells(*values: object) -> tuple[str, ...]:
    return tuple(clean_text(str(value)) for value in values)


def _day(value: object) -> str:
    return chinese_date(str(value)) if value else ""


def _tight(value: object) -> str:
    """Return a day for a narrow column, which no line break tears apart."""
    return str(value).replace("-", ".") if value else ""
