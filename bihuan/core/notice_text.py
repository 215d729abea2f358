"""The text of a notice of progress, composed from what the register holds.

register or archive ─notices.queries→ NoticeFacts ─compose_notice→ Paper ─formats.papers→ txt, docx, PDF

Every number printed is one of `Tally` or a number of a finding or problem; nothing is counted, rounded
or guessed here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bihuan.core.paper import Block, Heading, Paper, Paragraph, chinese_date, chinese_number, clean_text
from bihuan.core.wording import full_width

Mode = Literal["live", "archive"]


@dataclass(frozen=True, slots=True)
class Opening:
    """The inspection. `authority` is what ordered it (某省委、某市委巡察工作统一部署); dates are ISO
    text, day or month.

    `kind` is as printed (专项巡察, 审计, 环保督察 …); `short` is how the text calls the subject after
    the first time.
    """

    subject: str
    kind: str = "巡察"
    short: str | None = None
    authority: str | None = None
    team: str | None = None
    starts_on: str | None = None
    ends_on: str | None = None
    feedback_on: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of the whole notice; None is not printed, 0 is. `as_of` is the day they were true
    (ISO text).
    """

    aspects: int | None = None
    problems: int | None = None
    specific_problems: int | None = None
    tasks: int | None = None
    completed: int | None = None
    basically_completed: int | None = None
    in_progress: int | None = None
    long_term: int | None = None
    not_completed: int | None = None
    policies: int | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeProblem:
    """A problem as the notice prints it: `response` is paragraphs, `status` the word of the office, if
    it prints one.
    """

    number: str
    title: str
    response: tuple[str, ...] = ()
    status: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeFinding:
    """A finding with its problems. `number` is the ordinal as printed without brackets (一), or None
    to count on.
    """

    title: str
    problems: tuple[NoticeProblem, ...]
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the organisation or follow-up part; with a `heading` it becomes an item （一）,
    （二） ….
    """

    text: str
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class PublicContact:
    """Where the public answers; what is None is not printed."""

    phone: str | None = None
    post: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """All that a notice says. `declared_in` names the document whose figures an archive repeats."""

    opening: Opening
    tally: Tally
    findings: tuple[NoticeFinding, ...]
    title: str | None = None
    organisation: tuple[Passage, ...] = ()
    follow_up: tuple[Passage, ...] = ()
    contact: PublicContact = field(default_factory=PublicContact)
    signed_by: str | None = None
    signed_on: str | None = None
    mode: Mode = "live"
    declared_in: str | None = None


# key of Tally → the words around its number, in the order of the sentence
_SCOPE = (("aspects", "{}个方面"), ("problems", "{}个问题"), ("specific_problems", "{}个具体问题"))
_STATES = (
    ("completed", "已完成{}项"), ("basically_completed", "基本完成{}项"), ("in_progress", "正在整改{}项"),
    ("long_term", "长期整改{}项"), ("not_completed", "未完成{}项"),
)  # fmt: skip


def compose_notice(facts: NoticeFacts, *, office_copy: bool = False) -> Paper:
    """Return the notice as a paper, in the order of the genre, with full-width punctuation.

    An `office_copy` ends with a sentence saying whose figures these are; a copy for the public does not.
    """
    parts: list[tuple[str, list[Block]]] = [
        ("组织整改落实情况", [*_passages(facts.organisation or _plain_organisation(facts)), *_tally(facts)]),
        (f"{_matter(facts)}反馈问题整改情况", list(_findings(facts.findings))),
        ("后续整改安排", list(_passages(facts.follow_up or _plain_follow_up(facts.tally)))),
    ]
    blocks: list[Block] = [Paragraph(_line(_opening(facts.opening)))]
    for index, (heading, content) in enumerate(((h, c) for h, c in parts if c), 1):
        blocks += [Heading(1, f"{chinese_number(index)}、{heading}"), *content]
    blocks += _contact(facts.contact)
    if office_copy:
        blocks.append(Paragraph(_line(_provenance(facts))))
    return Paper(
        title=_line(
            facts.title or notice_title(facts.signed_by or facts.opening.subject, facts.opening.kind)
        ),
        blocks=tuple(blocks),
        signed_by=_line(facts.signed_by) if facts.signed_by else None,
        signed_on=facts.signed_on,
    )


def notice_title(issuer: str, kind: str) -> str:
    """Return the title of a notice of progress issued by `issuer` on an inspection of `kind`.

    >>> notice_title("某县某局党组", "巡察")
    '某县某局党组关于巡察整改进展情况的通报'
    """
    return f"{issuer}关于{_kind_word(kind)}整改进展情况的通报"


def _line(text: str) -> str:
    """Return `text` as one printable line with the marks of Chinese text."""
    return full_width(clean_text(text))


def _sentence(text: str) -> str:
    """Return `text` as a line that ends like a sentence."""
    line = _line(text)
    return line if line.endswith(tuple("。！？；…：")) or line[-2:] in {"。”", "！”", "？”"} else f"{line}。"


def _kind_word(kind: str) -> str:
    """Return the bare word of an inspection kind: 巡察 of 专项巡察; the kind itself when it holds none
    of them.
    """
    return next((word for word in ("巡视", "巡察", "审计", "督察", "督查", "检查") if word in kind), kind)


def _matter(facts: NoticeFacts) -> str:
    """Return the word by which the second part names the inspection."""
    return _kind_word(facts.opening.kind)


def _opening(opening: Opening) -> str:
    """Return the opening paragraph; what is not known leaves no trace in it."""
    short = opening.short or opening.subject
    calls = f"（以下简称“{opening.short}”）" if opening.short and opening.short != opening.subject else ""
    team = opening.team or ""
    begun = (
        f"{team}对{opening.subject}{calls}进行了{opening.kind}"
        if team
        else f"{opening.subject}{calls}接受了{opening.kind}"
    )
    sentence = "，".join(
        text for text in (_basis(opening), period(opening.starts_on, opening.ends_on), begun) if text
    )
    word = _kind_word(opening.kind)
    if opening.feedback_on:
        told = f"{team}向{short}反馈了{word}意见" if team else f"{short}收到了{word}反馈意见"
        sentence += f"。{chinese_date(opening.feedback_on)}，{told}"
    return f"{sentence}。按照有关规定，现将{word}整改进展情况予以公布。"


def _basis(opening: Opening) -> str:
    """Return the clause that names the authority, empty when none is known."""
    if not opening.authority:
        return ""
    return f"根据{opening.authority}" + (
        "" if opening.authority.endswith(("部署", "安排", "要求", "计划")) else "统一部署"
    )


def period(starts_on: str | None, ends_on: str | None) -> str:
    """Return the time of an inspection as printed; the year is not repeated.

    >>> period("2024-03-04", "2024-05-06"), period("2023-12", None)
    ('2024年3月4日至5月6日', '2023年12月')
    """
    if not starts_on or not ends_on:
        return chinese_date(starts_on or ends_on or "") if starts_on or ends_on else ""
    end = chinese_date(ends_on)
    return f"{chinese_date(starts_on)}至{end.partition('年')[2] if starts_on[:4] == ends_on[:4] else end}"


def _passages(passages: tuple[Passage, ...]) -> Iterator[Block]:
    """Give each passage as a paragraph, or as a numbered item with its text running on after the heading."""
    count = 0
    for passage in passages:
        texts = [line for raw in passage.text.splitlines() if (line := _line(raw))]
        if passage.heading:
            count += 1
            yield Heading(
                2, f"（{chinese_number(count)}）{_sentence(passage.heading)}", texts[0] if texts else ""
            )
            texts = texts[1:]
        for text in texts:
            yield Paragraph(text)


def _tally(facts: NoticeFacts) -> list[Block]:
    """Return the tally sentence from the figures that are known, nothing when none is."""
    tally = facts.tally
    scope = "".join(
        words.format(value) for key, words in _SCOPE if (value := getattr(tally, key)) is not None
    )
    states = [words.format(value) for key, words in _STATES if (value := getattr(tally, key)) is not None]
    clauses = []
    if scope:
        clauses.append(
            f"{_matter(facts)}反馈的{scope}"
            + ("" if tally.tasks is None else f"共分解为{tally.tasks}项整改任务")
        )
    elif tally.tasks is not None:
        clauses.append(f"共有{tally.tasks}项整改任务")
    clauses += states
    text = "，".join(clauses)
    if tally.policies is not None:
        text += ("；" if text else "") + f"建立完善制度{tally.policies}项"
    if not text:
        return []
    as_of = f"截至{chinese_date(tally.as_of)}" if tally.as_of else "截至目前"
    return [Paragraph(_line(f"{as_of}，{text}。"))]


def _findings(findings: tuple[NoticeFinding, ...]) -> Iterator[Block]:
    """Give the findings, their problems and the answers to them."""
    for index, finding in enumerate(findings, 1):
        yield Heading(
            2,
            f"（{finding.number or chinese_number(index)}）反馈问题：{_sentence(_bare(finding.title, '反馈问题'))}",
        )
        for problem in finding.problems:
            yield Heading(3, f"{problem.number}.{_sentence(problem.title)}")
            yield from _response(problem)


def _response(problem: NoticeProblem) -> Iterator[Block]:
    """Give the status, if the office prints one, and the answer; a problem without an answer prints none."""
    if problem.status:
        yield Paragraph(f"整改状态：{_sentence(problem.status)}")
    texts = [line for raw in problem.response for part in raw.splitlines() if (line := _line(part))]
    for index, text in enumerate(texts):
        yield Paragraph(text if index else f"整改情况：{_bare(text, '整改情况')}")


def _bare(text: str, label: str) -> str:
    """Return `text` without the label that the notice prints itself, as text pasted from a notice
    brings it along.
    """
    return text.removeprefix(f"{label}：").removeprefix(f"{label}:")


def _plain_organisation(facts: NoticeFacts) -> tuple[Passage, ...]:
    """Return what can be said of the organisation when the register holds no text on it: only what it
    knows.
    """
    short = facts.opening.short or facts.opening.subject
    word = _matter(facts)
    return (Passage(f"{short}对{word}反馈意见逐项登记，按反馈问题、具体问题和整改情况逐条对应说明。"),)


def _plain_follow_up(tally: Tally) -> tuple[Passage, ...]:
    """Return the follow-up when the register holds no text on it: what is left, by its figures, and
    nothing promised.
    """
    left = [words.format(value) for key, words in _STATES[1:] if (value := getattr(tally, key))]
    if not left:
        return (Passage("整改事项的后续情况继续登记备查。"),)
    return (Passage(f"尚需继续推进的整改任务为：{'，'.join(left)}。进展情况继续逐项登记。"),)


def _contact(contact: PublicContact) -> list[Block]:
    """Return the paragraph that asks the public to answer, nothing when no way to answer is known."""
    ways = [("联系电话", contact.phone), ("电子邮箱", contact.email), ("邮政信箱", contact.post)]
    known = "；".join(f"{name}：{clean_text(value)}" for name, value in ways if value)
    if not known:
        return []
    return [Paragraph(f"欢迎干部群众监督整改工作，有意见建议可通过以下方式反映。{known}。")]


def _provenance(facts: NoticeFacts) -> str:
    """Return the sentence of the office copy on where its figures come from."""
    if facts.mode == "archive":
        source = f"《{facts.declared_in}》" if facts.declared_in else "原文件"
        return f"（内部留存：本件所列总数为{source}申报的数字，未经本台账核算。）"
    as_of = chinese_date(facts.tally.as_of) if facts.tally.as_of else "起草之日"
    return f"（内部留存：本件所列总数由整改台账按{as_of}的状态统计得出。）"
