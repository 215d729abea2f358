"""The checker ends in a result on anything, in time that grows with the length; table, words and docs agree."""

import re
import time
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.checking import CHECKS, SEVERITY, Fault, check
from bihuan.core.checking.severity import KINDS
from bihuan.core.reading import read
from bihuan.core.reading.document import (
    TALLY_KEYS,
    Contact,
    Document,
    Finding,
    Heading,
    InspectionFacts,
    Part,
    PlanTask,
    Problem,
    TallyFigure,
    Unmapped,
)  # fmt: skip
from bihuan.core.source import Line, Place, Source

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "faulty" / "整改通报（有毛病）.txt"

WORDS = (
    "整改情况：", "其中", "合计", "共", "39", "7", "3", "49", "个", "万元", "%", "占", "同比增长", "全部", "所有", "2023年",
    "12月底", "11月2日", "（", "）", "“", "”", "《", "》", "，", "。", "；", "一是", "三是", "巡视", "巡察", "附件2", "详见",
    "电话：", "07305613028", "a@qq.com", "1.", "(一)", "截止目前", "\ufffd", "\u202e", "\x00", "剩余", "由", "至", "。。", "余",
)  # fmt: skip
sentences = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=40).map("".join)
places = st.integers(-2, 40).map(Place)
words = st.one_of(st.sampled_from(("1", "32", "一", "(三)", "3.", "①", "", "问题")), st.text(max_size=8))
dates = st.one_of(
    st.none(), st.sampled_from(("2023-03-15", "2023-04", "2023-11-02", "0001-01-01", "9999-12-31"))
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Source, Document]:
    texts = draw(st.lists(sentences, max_size=8))
    roles = st.sampled_from(("text", "row", "chrome"))
    lines = tuple(Line(text, Place(at + 1), draw(roles)) for at, text in enumerate(texts))
    problem = st.builds(
        Problem, words, words, places, status=st.one_of(st.none(), words), response=st.one_of(st.none(), sentences),
        response_places=st.lists(places, max_size=3).map(tuple),
    )  # fmt: skip
    finding = st.builds(Finding, words, words, places, st.lists(problem, max_size=3).map(tuple))
    kinds = (
        "title",
        "chrome",
        "opening",
        "organisation",
        "tally",
        "contact",
        "signature",
        "attachment",
        "body",
    )
    document = Document(
        "a.txt",
        draw(st.sampled_from(("notice", "feedback", "plan", "audit", "env", "report", "list", "other"))),
        draw(st.one_of(st.none(), words)),
        InspectionFacts(draw(st.sampled_from((None, "巡察", "巡视", "督察"))), None, draw(words), draw(dates), draw(dates), draw(dates)),
        tally=draw(st.lists(st.builds(TallyFigure, st.sampled_from(TALLY_KEYS), st.integers(0, 99), words, places), max_size=6).map(tuple)),
        headings=draw(st.lists(st.builds(Heading, words, words, st.integers(1, 5), places), max_size=6).map(tuple)),
        findings=draw(st.lists(finding, max_size=3).map(tuple)),
        tasks=draw(st.lists(st.builds(PlanTask, words, words, places), max_size=3).map(tuple)),
        parts=draw(st.lists(st.builds(Part, st.sampled_from(kinds), st.none(), places, st.integers(-1, 10**9)), max_size=5).map(tuple)),
        unmapped=draw(st.lists(st.builds(Unmapped, sentences, places), max_size=2).map(tuple)),
        contact=Contact(draw(st.one_of(st.none(), words))),
        signed_by=draw(st.one_of(st.none(), words)), signed_on=draw(dates), published_on=draw(dates),
    )  # fmt: skip
    return Source("a.txt", "txt", lines), document


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_any_document_ends_in_faults_that_quote_it(case: tuple[Source, Document]) -> None:
    source, document = case
    texts = {line.place.line: line.text for line in source.lines}
    faults = check(source, document)
    for fault in faults:
        assert fault.kind in KINDS
        assert fault.severity == SEVERITY[fault.kind, "read"]
        if fault.start is not None:
            assert texts[fault.place.line][fault.start :].startswith(fault.quote)
    assert list(faults) == sorted(faults, key=lambda fault: fault.place.line)
    assert check(source, document, profile="sign")[: len(faults)] is not None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_real_structure_ends_in_a_result(data: st.DataObject) -> None:
    """Lines of the faulty sample shuffled, doubled, cut and filled with other characters."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    chosen = data.draw(st.lists(st.sampled_from(lines), max_size=30))
    text = [line[: data.draw(st.integers(0, len(line)))] + data.draw(sentences) for line in chosen]
    source = Source(
        "a.txt", "txt", tuple(Line(one, Place(at)) for at, one in enumerate(text, 1) if one.strip())
    )
    check(source, read(source))


def seconds(source: Source) -> float:
    """Return the least processor time of three checks: a busy machine only ever adds to it."""
    document = read(source)
    taken = []
    for _ in range(3):
        start = time.process_time()
        check(source, document)
        taken.append(time.process_time() - start)
    return min(taken)


#: One line that repeats what a check looks for: where a careless pattern would look back over all of it.
STRAINS = (
    "整改情况：共处理12人，其中党纪处分3人、诫勉9人，",
    "于12月底完成，",
    "全部所有大幅提升，",
    "第二污水处理厂配套管网总长{n}公里已铺设完成，",
    "“《（",
    "经(jīng)费?的，，",
    "电话07305613028，邮箱a@qq.com，",
    "剩余3户合计5户由2户，占75.35%",
    "澄江高新技术产业开区",
)


@pytest.mark.parametrize("strain", STRAINS)
def test_time_grows_with_the_length(strain: str) -> None:
    def source(times: int) -> Source:
        long = "".join(strain.replace("{n}", str(n)) for n in range(times))
        lines = [
            "澄江高新技术产业开发区关于巡察整改进展情况的通报",
            "一、澄江高新技术产业开发区情况",
            "（一）反馈问题：一。",
            "1.问题。",
            "整改情况：" + long,
            "2025年1月1日",
        ]
        return Source("a.txt", "txt", tuple(Line(one, Place(at)) for at, one in enumerate(lines, 1)))

    seconds(source(50))
    small, large = seconds(source(500)), seconds(source(4000))
    assert large < 8 * 3 * small + 0.3, "eight times the text, and more than three times that in time"


def test_many_short_paragraphs_take_linear_time() -> None:
    def source(times: int) -> Source:
        lines = [
            f"{n}.第{n}个问题不严。\n整改情况：建立第{n}本台账并核对{n}次，清退{n}万元。"
            for n in range(1, times)
        ]
        texts = ["一、情况", "（一）反馈问题：一。", *"\n".join(lines).split("\n")]
        return Source("a.txt", "txt", tuple(Line(one, Place(at)) for at, one in enumerate(texts, 1)))

    seconds(source(50))
    small, large = seconds(source(250)), seconds(source(2000))
    assert large < 8 * 3 * small + 0.3, "eight times the text, and more than three times that in time"


def sentences_of(language: str) -> dict[str, str]:
    path = ROOT / "bihuan" / "web" / "locale" / language / "LC_MESSAGES" / "checking.po"
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id}


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_kind_has_its_sentence_and_every_code_its_label(language: str) -> None:
    known = sentences_of(language)
    assert [kind for kind in KINDS if not known.get(f"checking.{kind}")] == []
    assert [kind for kind in KINDS if not known.get(f"checking.label-{kind.partition('.')[0]}")] == []


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_no_sentence_accuses(language: str) -> None:
    words = re.compile("违规|造假|虚假|弄虚|不实|fraud|false|lie[ds]?\\b|violat", re.IGNORECASE)
    assert [text for text in sentences_of(language).values() if words.search(text)] == []


def test_the_parameters_of_a_sentence_are_those_of_its_fault() -> None:
    known = sentences_of("zh_Hans")
    source_text = SAMPLE.read_text(encoding="utf-8")
    source = Source(
        "a.txt", "txt", tuple(Line(t, Place(n)) for n, t in enumerate(source_text.splitlines(), 1) if t)
    )
    found: tuple[Fault, ...] = check(source, read(source))
    for fault in found:
        wanted = {name for _, name, _, _ in Formatter().parse(known[fault.message_code]) if name}
        assert wanted <= {*fault.params, "quote"}, fault.kind


def test_the_page_of_checks_lists_every_kind_with_its_weights() -> None:
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `([a-z.-]+)` \|.*\| (\w+) \| (\w+) \|$", page)
    assert rows == [(kind, SEVERITY[kind, "read"], SEVERITY[kind, "sign"]) for kind in KINDS]


def test_signing_is_never_laxer_than_reading() -> None:
    weight = {"note": 0, "warning": 1, "error": 2}
    assert [kind for kind in KINDS if weight[SEVERITY[kind, "sign"]] < weight[SEVERITY[kind, "read"]]] == []


def test_every_code_of_the_issue_has_a_check() -> None:
    codes = {kind.partition(".")[0] for kind in KINDS}
    assert codes >= {
        "declared-count", "numbering", "parts-sum", "percent", "date-order", "date-missing", "future-act",
        "reused-measure", "duplicate-text", "absolute-without-figure", "vague-count", "ratio-without-base",
        "input-not-result", "term-mixed", "wording", "contact", "cross-reference", "personal-data", "corrupt-text",
    }  # fmt: skip
    assert len(CHECKS) == 20


def test_every_variant_that_a_check_names_is_in_the_table() -> None:
    for path in (ROOT / "bihuan" / "core" / "checking").glob("*.py"):
        for variant in re.findall(r'variant="([a-z-]+)"', path.read_text(encoding="utf-8")):
            assert any(kind.endswith(f".{variant}") for kind in KINDS), (path.name, variant)
