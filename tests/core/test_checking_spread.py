"""More undone than there was, and parts that stand in paragraphs below their whole. All figures are invented."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bihuan.core.checking import Fault, check
from bihuan.core.reading import read
from tests.core.reading_sources import from_text

HEAD = """中共柏岭县水利局党组关于县委巡察整改进展情况的通报
根据县委统一部署，2025年3月3日至5月16日，县委第二巡察组对县水利局党组进行了巡察。6月20日反馈了巡察意见。
一、巡察反馈问题整改情况
1.违规发放津补贴。
整改情况："""
TAIL = """
2.工程结算不及时。
整改情况：完成结算14项。
中共柏岭县水利局党组
2025年12月22日
"""


def sums(answer: str) -> list[Fault]:
    source = from_text(HEAD + answer + TAIL)
    return [fault for fault in check(source, read(source)) if fault.code == "parts-sum"]


@pytest.mark.parametrize(
    "answer",
    [
        "2021年以来违规发放津补贴120万元，已收回150万元。",
        "经排查，超标准发放加班费3.6万元，涉及24人，目前已全部清退4.1万元。",
        "排查发现问题12个，已完成整改15个。",
        "拖欠工程款98万元，已支付99.5万元。",
        "查出多付款项9.8万元；现已追回98.6万元。",
        "挪用专项资金1.2亿元，已归还13000万元。",
    ],
)
def test_more_undone_than_there_was_is_told(answer: str) -> None:
    assert [fault.kind for fault in sums(answer)] == ["parts-sum.beyond"]


@pytest.mark.parametrize(
    "answer",
    [
        "违规发放津补贴120万元，已收回120万元。",
        "违规发放津补贴120万元，涉及34人，已收回87.5万元。",
        "违规发放津补贴120万元，已连同利息收回121.4万元。",
        "计划发放补贴120万元，已发放150万元。",
        "排查发现问题12个，举一反三后已完成整改15个。",
        "应收租金约120万元，已收回121万元。",
        "挪用专项资金1.2亿元，已归还12000万元。",
        "建成管网12公里，已整改15公里。",
        "发现漏点46处、破损41处，已整改87处。",
        "反馈的32个问题、49项任务，已完成整改39个。",
        "拖欠工程款98万元，已支付97.5万元。2024年拖欠的12万元，已支付12万元。",
        "违规发放120万元。已收回往年多发的150万元。",
    ],
)
def test_what_may_be_so_is_not_told(answer: str) -> None:
    assert [fault for fault in sums(answer) if fault.kind == "parts-sum.beyond"] == []


ITEMS = ("津补贴", "招待费", "差旅费", "培训费")


def listed(numbers: list[int], mark: str, lead: str = "其中：") -> str:
    told = "\n".join(
        mark.format(n=n, c="一二三四"[n - 1], r="①②③④"[n - 1]) + f"{item}{value}万元。"
        for n, (item, value) in enumerate(zip(ITEMS, numbers[1:], strict=False), 1)
    )
    return f"经核查，共清退{numbers[0]}万元，{lead}\n{told}"


@pytest.mark.parametrize("mark", ["（{n}）", "{r}", "{c}是"])
@given(
    parts=st.lists(st.integers(1, 400), min_size=2, max_size=4),
    which=st.integers(0, 4),
    change=st.integers(1, 50),
)
def test_any_number_changed_in_items_below_their_whole_is_told(
    mark: str, parts: list[int], which: int, change: int
) -> None:
    numbers = [sum(parts), *parts]
    assert sums(listed(numbers, mark)) == []
    numbers[which % len(numbers)] += change
    assume(numbers[0] not in [sum(numbers[1:count]) for count in range(3, len(numbers) + 1)])
    (fault,) = sums(listed(numbers, mark))
    assert fault.quote == f"{numbers[0]}万元"
    assert len(fault.related) == len(parts)


@pytest.mark.parametrize(
    "answer",
    [
        "共清退50万元，其中：\n（1）津补贴20万元。\n（2）招待费10万元。\n（3）其余款项由财务科核对。",
        "共清退50万元，其中：\n（1）津补贴约20万元。\n（2）招待费10万元。",
        "共清退50万元，其中：\n（1）津补贴20万元。",
        "共清退50万元。\n（1）制定办法2项，退还20万元。\n（2）招待费10万元。",
        "共清退50万元，其中：\n津补贴20万元。\n招待费10万元。",
        "共清退50万元、31笔，其中：\n（1）津补贴20万元、11笔。\n（2）招待费30万元、20笔。",
    ],
)
def test_open_lists_are_not_told(answer: str) -> None:
    assert sums(answer) == []


def test_each_unit_of_a_whole_is_compared() -> None:
    told = "共清退50万元、31笔，其中：\n（1）津补贴20万元、11笔。\n（2）招待费30万元、21笔。"
    assert [fault.quote for fault in sums(told)] == ["31笔"]
