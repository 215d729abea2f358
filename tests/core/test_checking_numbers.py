"""Sums and rates: any one number changed is told; rounding, 近, 约 and 余 are not."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bihuan.core.checking import Fault, check
from bihuan.core.checking.amounts import Amount, amounts, chinese_number
from bihuan.core.reading import read
from bihuan.core.reading.document import Document, Finding, PlanTask, Problem, TallyFigure
from bihuan.core.source import Line, Place, Source


def tell(sentence: str) -> list[Fault]:
    """Check one sentence as the answer to a problem of a notice."""
    source = Source("a.txt", "txt", (Line("1.问题", Place(1)), Line(sentence, Place(2))))
    problem = Problem("1", "问题", Place(1), response=sentence, response_places=(Place(2),))
    return list(
        check(
            source, Document("a.txt", "notice", findings=(Finding("一", "反馈问题", Place(1), (problem,)),))
        )
    )


def codes(sentence: str, code: str) -> list[str]:
    return [fault.kind for fault in tell(sentence) if fault.code == code]


def tally_faults(line: str, figures: dict[str, tuple[int, str]]) -> list[Fault]:
    source = Source("a.txt", "txt", (Line(line, Place(1)),))
    tally = tuple(TallyFigure(key, value, words, Place(1)) for key, (value, words) in figures.items())
    return [f for f in check(source, Document("a.txt", "notice", tally=tally)) if f.code == "parts-sum"]


counts = st.integers(1, 400)


@given(parts=st.lists(counts, min_size=2, max_size=4), which=st.integers(0, 4), change=st.integers(-30, 30))
def test_any_number_changed_in_a_tally_is_told(parts: list[int], which: int, change: int) -> None:
    keys = ("completed", "basically_completed", "in_progress", "long_term")
    words = ("已完成", "基本完成", "正在推进", "长期整改")
    numbers = [*parts, sum(parts)]
    assume(change != 0 and numbers[which % len(numbers)] + change > 0)

    def faults(values: list[int]) -> list[Fault]:
        told = "，".join(f"{word}{value}个" for word, value in zip(words, values[:-1], strict=False))
        figures = {
            key: (value, f"{word}{value}个") for key, word, value in zip(keys, words, values, strict=False)
        }
        for key in keys[len(values) - 1 :]:
            figures.pop(key, None)
        return tally_faults(
            f"反馈的{values[-1]}项任务，{told}。", figures | {"tasks": (values[-1], f"{values[-1]}项任务")}
        )

    assert faults(numbers) == []
    numbers[which % len(numbers)] += change
    assert [fault.kind for fault in faults(numbers)] == ["parts-sum"]


@given(parts=st.lists(counts, min_size=2, max_size=5), which=st.integers(0, 5), change=st.integers(1, 50))
def test_any_number_changed_in_a_split_whole_is_told(parts: list[int], which: int, change: int) -> None:
    numbers = [sum(parts), *parts]
    kinds = ("党纪处分", "组织处理", "诫勉", "批评教育", "提醒谈话")

    def sentence(values: list[int]) -> str:
        told = "、".join(f"{kind}{value}人" for kind, value in zip(kinds, values[1:], strict=False))
        return f"整改情况：共处理{values[0]}人，其中{told}。"

    assert codes(sentence(numbers), "parts-sum") == []
    numbers[which % len(numbers)] += change
    assert codes(sentence(numbers), "parts-sum") != []


@given(parts=st.lists(counts, min_size=2, max_size=4), which=st.integers(0, 4), change=st.integers(1, 50))
def test_any_number_changed_before_a_total_is_told(parts: list[int], which: int, change: int) -> None:
    numbers = [*parts, sum(parts)]

    def sentence(values: list[int]) -> str:
        told = "，".join(f"第{index}批退还{value}万元" for index, value in enumerate(values[:-1], 1))
        return f"整改情况：{told}，合计{values[-1]}万元。"

    assert codes(sentence(numbers), "parts-sum") == []
    numbers[which % len(numbers)] += change
    tails = [sum(numbers[index:-1]) for index in range(len(numbers) - 1)]
    assume(numbers[-1] not in tails and numbers[-1] not in numbers[:-1])
    assert codes(sentence(numbers), "parts-sum") == ["parts-sum"]


@given(
    whole=st.integers(20, 5000),
    part=st.integers(1, 5000),
    places=st.integers(0, 2),
    change=st.integers(2, 90),
)
def test_a_rate_is_right_when_rounded_and_told_when_changed(
    whole: int, part: int, places: int, change: int
) -> None:
    assume(part < whole)
    unit = Decimal(1).scaleb(-places)
    rate = (Decimal(part) / whole * 100).quantize(unit, ROUND_HALF_UP)
    assert codes(f"整改情况：应处置{whole}亩，已处置{part}亩，处置率{rate}%。", "percent") == []
    wrong = rate + change * unit
    assume(not (places == 0 and change < 2))
    assert codes(f"整改情况：应处置{whole}亩，已处置{part}亩，处置率{wrong}%。", "percent") == ["percent"]


@pytest.mark.parametrize(
    "sentence",
    [
        "应拨付1126亩，已处置848亩，占75.31%，剩余278亩。",
        "应拨付1126亩，已处置848亩，占75.3%。",
        "已拨付近300万元，占应拨付1000万元的35%。",
        "共处理50余人，其中党纪处分20人、诫勉33人。",
        "共处理12人，其中党纪处分3人。",
        "进出口总额3.05亿元，上年同期2.61亿元，同比增长16.9%。",
        "进出口总额3.05亿元，由上年同期的2.61亿元增长16.9%。",
        "收回1986.3万元，占应收回的2043.7万元的97.19%，其余57.4万元待判决。",
        "查出31笔、104.7万元，其中反馈指出16笔、自查发现15笔。",
        "第一批218人，第二批194人，合计412人。",
        "27家企业兑付608万元，加上此前的31家、652万元，合计58家、1260万元。",
        "闲置设备9台，其中调拨5台、恢复使用3台、报废1台。",
        "新增33.33万元、33.33万元、33.33万元，合计100.0万元。",
        "两批共处理三人，其中诫勉两人、批评教育一人。",
        "新增有实绩的企业7家，由14家增加到21家。",
        "溢流1次，上年同期4次，减少3次。",
        "应备案214家，原已备案139家，新增备案75家，现已备案214家。",
        "接收学生1352人，比上年增加386人，其中专科1000人、本科352人。",
        "应付83笔、2140万元，一批拨付61笔、1530万元，二批拨付22笔、610万元，合计83笔、2140万元。",
    ],
)
def test_right_sums_and_rates_pass(sentence: str) -> None:
    assert codes(f"整改情况：{sentence}", "parts-sum") + codes(f"整改情况：{sentence}", "percent") == []


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("共处理12人，其中党纪处分3人、诫勉8人。", "parts-sum.short"),
        ("共处理12人，其中党纪处分3人、诫勉2人。", "parts-sum.rest"),
        ("共处理12人，其中党纪处分13人。", "parts-sum"),
        ("共处理12人，分别为党纪处分3人、诫勉8人。", "parts-sum"),
        ("共处理12人（党纪处分5人、诫勉8人）。", "parts-sum"),
        ("应处置1126亩，已处置848亩，剩余288亩。", "parts-sum.left"),
        ("进出口总额3.05亿元，上年同期2.61亿元，同比增长18.9%。", "percent.growth"),
        ("两批共处理三人，其中诫勉两人、批评教育两人。", "parts-sum"),
        ("查出31笔、104.7万元，其中反馈指出16笔、自查发现19笔。", "parts-sum"),
        ("应支付186户、2736万元，已支付183户、2689.5万元；其余3户、46.9万元。", "parts-sum.left"),
        ("应付83笔，一批拨付64笔，二批拨付22笔，合计83笔。", "parts-sum"),
        ("新增有实绩的企业8家，由14家增加到21家。", "parts-sum.change"),
        ("溢流1次，上年同期4次，减少2次。", "parts-sum.change"),
        ("原已备案139家，新增备案76家，现已备案214家。", "parts-sum.change"),
    ],
)
def test_wrong_sums_and_rates_are_told_in_their_kind(sentence: str, kind: str) -> None:
    assert codes(f"整改情况：{sentence}", kind.partition(".")[0]) == [kind]


def test_a_status_count_without_the_others_only_asks_for_the_rest() -> None:
    faults = tally_faults(
        "反馈的30个问题，已完成20个。", {"problems": (30, "30个问题"), "completed": (20, "已完成20个")}
    )
    assert [(fault.kind, fault.severity, fault.params["rest"]) for fault in faults] == [
        ("parts-sum.rest", "note", 10)
    ]


def test_a_rest_that_is_named_is_no_fault() -> None:
    line = "反馈的30个问题，已完成20个，基本完成6个，其余正在整改。"
    figures = {
        "problems": (30, "30个问题"),
        "completed": (20, "已完成20个"),
        "basically_completed": (6, "基本完成6个"),
    }
    assert tally_faults(line, figures) == []


def test_statuses_may_count_another_unit_than_the_last_total() -> None:
    figures = {
        "problems": (35, "35个问题"), "measures": (120, "120条措施"),
        "completed": (28, "完成28个"), "basically_completed": (7, "基本完成7个"),
    }  # fmt: skip
    assert tally_faults("反馈35个问题，制定120条措施，完成28个，基本完成7个。", figures) == []


def test_a_plan_that_lists_fewer_tasks_than_it_declares_is_told() -> None:
    source = Source(
        "a.xlsx", "xlsx", (Line("分解为3项任务", Place(1)), Line("1\t甲", Place(2)), Line("2\t乙", Place(3)))
    )
    tasks = (PlanTask("1", "甲", Place(2)), PlanTask("2", "乙", Place(3)))
    document = Document("a.xlsx", "plan", tally=(TallyFigure("tasks", 3, "3项任务", Place(1)),), tasks=tasks)
    assert [(f.kind, f.quote) for f in check(source, document)] == [("declared-count.tasks", "3项任务")]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("二十三", 23),
        ("一百零五", 105),
        ("十", 10),
        ("两千", 2000),
        ("三万二", 30002),
        ("十十", None),
        ("", None),
    ],
)
def test_chinese_numbers_are_read(words: str, value: int | None) -> None:
    assert chinese_number(words) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("湘环发〔2020〕27号", []),
        ("第12次会议", []),
        ("1,369.5万元", [("1369.5", "万元")]),
        ("3个月内完成5个", [("5", "个")]),
        ("同比提高2个百分点", []),
        ("统一项目", []),
        ("两家企业", [("2", "家")]),
    ],
)
def test_amounts_are_numbers_that_count(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(str(one.value), one.unit) for one in amounts(text)] == expected


def test_a_printed_number_stands_for_a_range() -> None:
    assert Amount(Decimal("2.86"), "亿元", False, 0, 0).range() == (Decimal("2.855"), Decimal("2.865"))
    assert Amount(Decimal(7), "个", False, 0, 0).range() == (Decimal(7), Decimal(7))


def test_what_is_counted_after_a_rate_in_other_words_is_not_its_part() -> None:
    text = "34个反馈问题全部完成整改，整改率100%，健全完善制度机制15项。"
    source = Source("a.txt", "txt", (Line(text, Place(1)),))
    assert "percent" not in {fault.code for fault in check(source, read(source))}
