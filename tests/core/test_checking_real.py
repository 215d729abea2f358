"""The checker on what people really wrote: the real notice, the excerpts, and the samples with and without faults."""

import tomllib
from pathlib import Path

import pytest

from bihuan.core.checking import CHECKS, Fault, check
from bihuan.core.reading import read
from bihuan.formats import read_file

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
FAULTY = SAMPLES / "faulty" / "整改通报（有毛病）.txt"


def faults_in(path: Path, **changes: str) -> tuple[Fault, ...]:
    source = read_file(path)
    return check(source, read(source), **changes)


def told(faults: tuple[Fault, ...], code: str) -> list[tuple[int, str]]:
    return [(fault.place.line, fault.quote) for fault in faults if fault.code == code]


@pytest.fixture(scope="module")
def real(shared: Path) -> tuple[Fault, ...]:
    return faults_in(shared / "notices" / "miluo-2023.txt")


#: code, line, words that the quotation holds (facts of the notice; its sentences stay outside the project)
EXPECTED = (
    ("declared-count", 13, "14个"),
    ("future-act", 163, "12月底"),
    ("reused-measure", 163, "污水处理厂"),
    ("contact", 175, "07305613028"),
    ("contact", 175, "@qq.com"),
    ("ratio-without-base", 39, "75.35%"),
    ("ratio-without-base", 47, "16.4%"),
    ("absolute-without-figure", 65, "所有"),
    ("absolute-without-figure", 99, "全部"),
    ("absolute-without-figure", 103, "全部"),
    ("vague-count", 31, "50余"),
    ("vague-count", 149, "60余"),
    ("vague-count", 149, "30余"),
    ("term-mixed", 11, "巡视"),
    ("wording", 39, "截止目前"),
    ("wording", 69, "截止目前"),
    ("wording", 139, "财经经律"),
    ("wording", 175, "开区管委会"),
    ("input-not-result", 69, "签订服务协议"),
)


@pytest.mark.parametrize(("code", "line", "words"), EXPECTED)
def test_the_real_notice_shows_what_is_wrong_with_it(
    real: tuple[Fault, ...], code: str, line: int, words: str
) -> None:
    assert any(at == line and words in quote for at, quote in told(real, code)), told(real, code)


def test_the_real_notice_adds_up(real: tuple[Fault, ...]) -> None:
    assert told(real, "parts-sum") == []
    assert told(real, "percent") == []


def test_the_count_names_both_lists_and_the_measure_its_first_use(real: tuple[Fault, ...]) -> None:
    count = next(fault for fault in real if fault.code == "declared-count")
    assert (count.params["declared"], count.params["findings"], count.params["problems"]) == (14, 10, 32)
    measure = next(fault for fault in real if fault.code == "reused-measure")
    assert (measure.params["number"], measure.params["other"]) == ("32", "16")
    assert [place.line for place in measure.related] == [85]


def test_the_real_notice_names_another_inspection_without_fault(real: tuple[Fault, ...]) -> None:
    """The province's 巡视 in the opening is rightly called so; only line 11 calls this 巡察 otherwise."""
    assert [line for line, _ in told(real, "term-mixed")] == [11]


def test_set_phrases_with_absolute_words_are_no_claims(real: tuple[Fault, ...]) -> None:
    lines = {line for line, _ in told(real, "absolute-without-figure")}
    # 全面从严治党, 全体党员, rules with 所有 and 一律, titles that hold 全面.
    assert lines.isdisjoint({11, 19, 107, 109, 111, 113, 117, 139, 143, 149, 169})


def test_every_quotation_can_be_found_where_it_is_said_to_stand(shared: Path) -> None:
    for path in (shared / "notices" / "miluo-2023.txt", FAULTY):
        source = read_file(path)
        lines = {line.place.line: line.text for line in source.lines}
        for fault in check(source, read(source)):
            assert fault.start is not None
            assert lines[fault.place.line][fault.start :].startswith(fault.quote)
            assert all(place.line in lines for place in fault.related)


#: What an official would be shown for each excerpt; the excerpts break off, so that most end in cut-off.
EXCERPTS = {
    "001": {"date-missing", "wording"},
    "002": {"corrupt-text", "cut-off"},
    "003": {"cut-off"},
    "005": {"cut-off", "date-missing"},
    "011": {"cut-off", "date-year", "wording"},
    "013": {"cut-off"},
    "018": {"cut-off"},
    "020": {"cut-off"},
    "026": {"cut-off", "ratio-without-base"},
    "034": {"cut-off"},
    "039": {"cut-off", "date-year"},
    "041": {"cut-off"},
    "044": {"corrupt-text", "cut-off"},
    "049": {"cross-reference"},
    "067": {"cut-off"},
}


@pytest.mark.parametrize("name", EXCERPTS)
def test_an_excerpt_shows_only_what_an_official_would_agree_to(shared: Path, name: str) -> None:
    faults = faults_in(shared / "notices" / "excerpts" / f"{name}.txt")
    assert {fault.code for fault in faults} <= EXCERPTS[name]


@pytest.mark.parametrize("name", ["整改通报.txt", "整改通报.docx", "反馈意见.docx", "整改方案任务表.xlsx"])
def test_a_sample_has_nothing_wrong_with_it(name: str) -> None:
    found = faults_in(SAMPLES / name, profile="sign")
    assert [(fault.kind, fault.quote) for fault in found if fault.severity != "note"] == []


def planted() -> list[tuple[str, str]]:
    table = tomllib.loads((SAMPLES / "source" / "毛病.toml").read_text(encoding="utf-8"))
    return [(fault["code"], fault["put"]) for fault in table["fault"]]


@pytest.mark.parametrize("suffix", ["txt", "docx"])
def test_every_fault_that_was_put_into_the_sample_is_found_in_its_line(suffix: str) -> None:
    source = read_file(FAULTY.with_suffix(f".{suffix}"))
    found = check(source, read(source))
    missing = []
    for code, put in planted():
        first = put.removeprefix("#### ").split("。")[0]
        lines = {line.place.line for line in source.lines if first in line.text}
        if not any(fault.code == code and fault.place.line in lines for fault in found):
            missing.append((code, put))
    assert missing == []


def test_the_sample_shows_no_fault_that_nobody_put_in() -> None:
    assert {fault.code for fault in faults_in(FAULTY)} == {code for code, _ in planted()}


def test_every_check_finds_something_somewhere(shared: Path) -> None:
    """A check that never speaks on real papers is dead weight."""
    paths = [FAULTY, shared / "notices" / "miluo-2023.txt", *(shared / "notices" / "excerpts").glob("*.txt")]
    codes = {fault.code for path in paths for fault in faults_in(path)}
    assert len(codes) >= len(CHECKS)


#: file, printed number, another number in its stead: each is a part, a whole or a rate of a sum.
CHANGED = (
    ("miluo-2023.txt", "整改39个", "整改38个"), ("miluo-2023.txt", "完成整改7个", "完成整改9个"),
    ("miluo-2023.txt", "整改3个", "整改2个"), ("miluo-2023.txt", "49项", "48项"),
    ("excerpts/001.txt", "688个", "689个"), ("excerpts/001.txt", "697个", "698个"),
    ("excerpts/001.txt", "98.71%", "98.17%"), ("excerpts/005.txt", "28个", "27个"),
    ("excerpts/005.txt", "35个", "36个"), ("excerpts/011.txt", "整改5个", "整改6个"),
    ("excerpts/020.txt", "336个", "436个"), ("excerpts/034.txt", "19个", "18个"),
    ("excerpts/034.txt", "76%", "67%"), ("excerpts/034.txt", "25个", "24个"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "printed", "changed"), CHANGED)
def test_one_number_changed_in_a_real_sum_is_told(
    shared: Path, tmp_path: Path, name: str, printed: str, changed: str
) -> None:
    text = (shared / "notices" / name).read_text(encoding="utf-8")
    right, wrong = tmp_path / "right.txt", tmp_path / "wrong.txt"
    right.write_text(text, encoding="utf-8")
    wrong.write_text(text.replace(printed, changed, 1), encoding="utf-8")

    def sums(path: Path) -> list[Fault]:
        return [
            fault
            for fault in faults_in(path)
            if fault.code in ("parts-sum", "percent") and fault.severity == "error"
        ]

    assert sums(right) == []
    assert sums(wrong) != []
