"""Write a notice, read it back: tally, numbers, titles, responses and dates come back as they went in."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.notice_text import (
    NoticeFacts,
    NoticeFinding,
    NoticeProblem,
    Opening,
    Passage,
    PublicContact,
    Tally,
    compose_notice,
)
from bihuan.core.reading import read
from bihuan.core.reading.document import Document
from bihuan.formats import read_bytes
from bihuan.formats.papers import PAPER_FORMATS, write_paper

FORMATS = tuple(PAPER_FORMATS)
SAMPLE = Path(__file__).parents[1] / "samples" / "整改通报.txt"
REAL = Path(__file__).parents[2] / "shared" / "notices" / "miluo-2023.txt"
TALLY_KEYS = (
    "aspects",
    "problems",
    "specific_problems",
    "tasks",
    "completed",
    "basically_completed",
    "in_progress",
    "long_term",
    "not_completed",
    "policies",
)

# Characters and clauses that are no numeral, no marker and no word of the genre's own frame.
_WORDS = st.text(
    st.sampled_from(
        "园企业安全设施环保统计招商服务采购接待制度清廉氛围党员学习培训档案河道桥梁学校医院农田水利"
    ),
    min_size=4,
    max_size=14,
)
_FIGURES = st.sampled_from(
    ["走访企业12家", "占75.35%", "投入1,234.5万元", "于9:30开会", "达到2万m3/d", "减少“四风”3起"]
)
_CLAUSE = st.one_of(_WORDS, _WORDS, st.tuples(_WORDS, _FIGURES).map("".join))
_SENTENCE = st.lists(_CLAUSE, min_size=1, max_size=5).map(lambda clauses: "，".join(clauses) + "。")
_RESPONSE = st.lists(_SENTENCE, min_size=1, max_size=4).map("".join)
_TITLE = st.one_of(_WORDS, st.tuples(_WORDS, _WORDS).map("，".join), _WORDS.map(lambda text: f"“{text}”不够"))
_DAY = st.dates(min_value=date(2019, 1, 1), max_value=date(2028, 12, 31))
_COUNT = st.none() | st.integers(0, 400)


@st.composite
def registers(draw: st.DrawFn) -> NoticeFacts:
    """Draw a register: some findings with their problems, figures that may be missing, dates in order."""
    start, end, feedback, as_of, signed = sorted(draw(st.lists(_DAY, min_size=5, max_size=5, unique=True)))
    findings: list[NoticeFinding] = []
    number = 0
    for _ in range(draw(st.integers(1, 11))):
        problems = []
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            response = tuple(draw(st.lists(_RESPONSE, min_size=1, max_size=2)))
            status = draw(st.none() | st.sampled_from(["已完成", "基本完成", "长期整改"]))
            problems.append(NoticeProblem(str(number), draw(_TITLE), response, status))
        findings.append(NoticeFinding(draw(_TITLE), tuple(problems)))
    tally = Tally(
        **{key: draw(_COUNT) for key in TALLY_KEYS if key != "specific_problems"}, as_of=as_of.isoformat()
    )
    return NoticeFacts(
        Opening(
            subject="清江市临港园区党工委",
            short="临港园区党工委",
            kind=draw(st.sampled_from(["巡察", "专项巡察", "常规巡察"])),
            authority="清江市委巡察工作",
            team="清江市委第三巡察组",
            starts_on=start.isoformat(),
            ends_on=end.isoformat(),
            feedback_on=feedback.isoformat(),
        ),
        tally,
        tuple(findings),
        organisation=tuple(Passage(text) for text in draw(st.lists(_RESPONSE, max_size=2))),
        follow_up=tuple(Passage(text) for text in draw(st.lists(_RESPONSE, max_size=2))),
        contact=PublicContact("0730-1234567", "清江市临港大道1号", "office@example.gov.cn"),
        signed_by="中共清江市临港园区工作委员会",
        signed_on=signed.isoformat(),
    )


def folded(text: str | None) -> str:
    """Return `text` without white space and differences of width."""
    return "".join(unicodedata.normalize("NFKC", text or "").split()).rstrip("。")


def write_then_read(facts: NoticeFacts, format: str) -> Document:
    """Write the notice of `facts` as a file and read the file."""
    written = write_paper(compose_notice(facts), format)
    return read(read_bytes(f"通报.{format}", written.content))


def assert_same(facts: NoticeFacts, found: Document) -> None:
    """Compare what was written with what was read."""
    opening, tally = facts.opening, facts.tally
    assert {key: found.counted(key) for key in TALLY_KEYS} == {key: getattr(tally, key) for key in TALLY_KEYS}
    assert [folded(finding.title) for finding in found.findings] == [folded(f.title) for f in facts.findings]
    written = [problem for finding in facts.findings for problem in finding.problems]
    read_back = [problem for finding in found.findings for problem in finding.problems]
    assert [problem.number for problem in read_back] == [problem.number for problem in written]
    assert [folded(p.title) for p in read_back] == [folded(p.title) for p in written]
    assert [folded(p.response) for p in read_back] == [folded("".join(p.response)) for p in written]
    assert [folded(p.status) for p in read_back] == [folded(p.status) for p in written]
    seen = found.inspection
    assert (seen.starts_on, seen.ends_on, seen.feedback_on) == (
        opening.starts_on,
        opening.ends_on,
        opening.feedback_on,
    )
    assert (seen.team, seen.subject) == (opening.team, opening.subject)
    assert (folded(found.signed_by), found.signed_on) == (folded(facts.signed_by), facts.signed_on)
    if tally.tasks is not None or tally.problems is not None:
        assert found.as_of == tally.as_of
    contact = (found.contact.phone, found.contact.post, found.contact.email)
    assert contact == (facts.contact.phone, facts.contact.post, facts.contact.email)


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(facts=registers())
def test_a_generated_register_comes_back_equal(format: str, facts: NoticeFacts) -> None:
    assert_same(facts, write_then_read(facts, format))


def facts_of(document: Document) -> NoticeFacts:
    """Make the facts of an archive from a notice that was read, as an import and a later write do."""
    seen = document.inspection
    tally = {key: document.counted(key) for key in TALLY_KEYS}
    return NoticeFacts(
        Opening(
            subject=seen.subject or "",
            kind=seen.kind or "巡察",
            team=seen.team,
            starts_on=seen.starts_on,
            ends_on=seen.ends_on,
            feedback_on=seen.feedback_on,
        ),
        Tally(**tally, as_of=document.as_of),
        tuple(
            NoticeFinding(
                finding.title,
                tuple(
                    NoticeProblem(p.number, p.title, ((p.response or ""),), p.status)
                    for p in finding.problems
                ),
                finding.number,
            )
            for finding in document.findings
        ),
        contact=PublicContact(document.contact.phone, document.contact.post, document.contact.email),
        signed_by=document.signed_by,
        signed_on=document.signed_on,
        mode="archive",
    )


@pytest.mark.parametrize("format", FORMATS)
def test_the_sample_notice_comes_back_equal(format: str) -> None:
    facts = facts_of(read(read_bytes(SAMPLE.name, SAMPLE.read_bytes())))
    assert len(facts.findings) == 10
    assert_same(facts, write_then_read(facts, format))


@pytest.mark.shared
@pytest.mark.parametrize("format", FORMATS)
def test_the_real_notice_comes_back_equal(format: str) -> None:
    if not REAL.exists():
        pytest.skip(f"{REAL} is not beside this checkout")
    facts = facts_of(read(read_bytes(REAL.name, REAL.read_bytes())))
    assert sum(len(finding.problems) for finding in facts.findings) == 32
    assert_same(facts, write_then_read(facts, format))
