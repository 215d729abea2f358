"""Any one number changed in a sum of the sample notice, or in a notice that the register writes, is told."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.checking import Fault, check
from bihuan.core.notice_text import NoticeFacts, compose_notice
from bihuan.core.reading import read
from bihuan.formats import read_bytes
from bihuan.formats.papers import write_paper
from tests.core.test_checking_written import live_notices

SAMPLE = (Path(__file__).resolve().parents[2] / "samples" / "整改通报.txt").read_text(encoding="utf-8")
CHANGES = (-3, -2, -1, 1, 2, 5, 10)

#: Sums as they stand in the sample, 【】 around every number that the others give.
FORMS = (
    "应备案安全生产责任制的【214】家企业，原已备案【139】家，新增备案【75】家，现已备案【214】家",
    "约谈【9】家企业。其中补足投资的【5】家，补足金额8600万元；签订补充协议重新约定期限的【3】家，"
    "首期指标已达到；解除合同的【1】家",
    "【3】处水质达标。其中【2】处已验收并移交运维单位，【1】处的验收组",
    "对基本完成的【7】项任务",
    "对长期整改的【3】项任务",
    "对已完成的【39】项任务",
    "已完成整改【39】个，基本完成整改【7】个，长期整改【3】个，建章立制【25】项",
    "分解为【49】项分项任务",
    "【32】个具体问题【49】项分项任务，已完成",
    "对【25】项制度逐项",
    "未通过电子卖场的【31】笔、104.7万元，其中反馈指出【16】笔、自查发现【15】笔",
    "查明混接点【41】处，已改造【36】处，剩余【5】处",
)

#: The same in a written notice: what is counted, and where a change must be seen.
WRITTEN = re.compile(r"(?:共分解为|共有)(\d+)项整改任务|(?:已完成|基本完成|正在整改|长期整改|未完成)(\d+)项")


def faults_in(text: str) -> list[Fault]:
    source = read_bytes("通报.txt", text.encode())
    return list(check(source, read(source)))


def changed(form: str) -> list[tuple[str, str]]:
    """Return the form as printed with each of its numbers changed in turn."""
    plain = re.sub("[【】]", "", form)
    found = []
    for match in re.finditer(r"【(\d+)】", form):
        for change in CHANGES:
            value = int(match[1]) + change
            if value > 0:
                wrong = form[: match.start()] + str(value) + form[match.end() :]
                found.append((plain, re.sub("[【】]", "", wrong)))
    return found


@pytest.mark.parametrize("form", FORMS)
def test_each_number_of_a_sum_in_the_sample_is_told_when_it_is_changed(form: str) -> None:
    missed = []
    for plain, wrong in changed(form):
        assert plain in SAMPLE
        line = SAMPLE[: SAMPLE.index(plain)].count("\n") + 1
        found = faults_in(SAMPLE.replace(plain, wrong, 1))
        if not any(line in (fault.place.line, *(place.line for place in fault.related)) for fault in found):
            missed.append(wrong)
    assert missed == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=live_notices(), which=st.integers(0, 5), change=st.integers(1, 30))
def test_each_number_of_the_tally_of_a_written_notice_is_told_when_it_is_changed(
    facts: NoticeFacts, which: int, change: int
) -> None:
    text = write_paper(compose_notice(facts), "txt").content.decode("utf-8-sig")
    begin = text.find("截至")
    numbers = list(WRITTEN.finditer(text, max(begin, 0), text.find("。", begin)))
    if not facts.tally.tasks or len(numbers) < 3:
        return
    match = numbers[which % len(numbers)]
    group = 1 if match[1] else 2
    wrong = text[: match.start(group)] + str(int(match[group]) + change) + text[match.end(group) :]
    line = text[: match.start()].count("\n") + 1
    assert any(line in (f.place.line, *(p.line for p in f.related)) for f in faults_in(wrong)), (
        wrong.splitlines()[line - 1]
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "共处理12人，其中党纪处分3人；约谈10人。",
        "制定制度6个。其中，乡村振兴领域反馈问题13个，已完成12个；党建领域反馈问题9个，已完成9个。",
        "巡察反馈问题22个。其中，乡村振兴领域13个，已完成12个；党建领域9个，全部完成。",
        "抽查9家，其中合格的5家；整改后合格的4家；另抽查外县的2家。",
        "应检查214家，原已检查100家，新增检查75家，现已检查175家，其余39家12月检查。",
        "发现隐患30条。其中已改正的28条、2条等主管部门批复。",
        "查出32笔，其中反馈指出16笔、自查发现15笔，其余1笔正在核对。",
    ],
)
def test_what_only_looks_like_parts_of_a_whole_is_no_fault(sentence: str) -> None:
    lines = SAMPLE.splitlines()
    answer = next(index for index, line in enumerate(lines) if line.startswith("整改情况："))
    lines[answer] += sentence
    assert [f.kind for f in faults_in("\n".join(lines)) if f.code in ("parts-sum", "declared-count")] == []


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ("对已完成的39项任务", "对已完成的38项任务", "已完成任务"),
        ("对25项制度逐项", "对24项制度逐项", "制度"),
        ("分解为49项分项任务", "分解为48项分项任务", "分项任务"),
    ],
)
def test_a_number_told_otherwise_names_what_it_counts(right: str, wrong: str, what: str) -> None:
    told = [fault for fault in faults_in(SAMPLE.replace(right, wrong)) if fault.variant == "twice"]
    assert [fault.params["what"] for fault in told] == [what]


def test_parts_that_plainly_lack_something_are_to_be_checked() -> None:
    found = faults_in(SAMPLE.replace("卖场的31笔", "卖场的32笔"))
    assert [(fault.kind, fault.severity) for fault in found] == [("parts-sum.short", "warning")]
