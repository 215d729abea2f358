"""Figures: what they are worth, in which unit, of which kind, how exact, of what."""

import pytest

from bihuan.core.reading.figures import figures

ONE = (
    ("拿出200万元支持", ("200万元", 200, "万元", "money", None, None)),
    ("挽回损失1,369.5万元", ("1,369.5万元", 1369.5, "万元", "money", None, None)),
    ("进出口总额2.86亿元", ("2.86亿元", 2.86, "亿元", "money", None, None)),
    ("清退66万余元", ("66万余元", 66, "万元", "money", "over", None)),
    ("组织50余家企业", ("50余家", 50, "家", "count", "over", None)),
    ("培训近300人次", ("300人次", 300, "人次", "count", "near", None)),
    ("约40份材料", ("40份", 40, "份", "count", "about", None)),
    ("检查100人以上", ("100人", 100, "人", "count", "over", None)),
    ("同比增长16.4%", ("16.4%", 16.4, "%", "percent", None, "同比")),
    ("整改完成率98.71%", ("98.71%", 98.71, "%", "percent", None, "整改完成率")),
    ("占应收总额的60%", ("60%", 60, "%", "percent", None, "占应收总额的")),
    ("目前已完成75.35%", ("75.35%", 75.35, "%", "percent", None, None)),
    ("近六成企业", ("六成", 6, "成", "percent", "near", None)),
    ("百分之三十五", ("百分之三十五", 35, "%", "percent", None, None)),
    ("规模将达2万m3/d", ("2万m3/d", 2, "万m3/d", "capacity", None, None)),
    ("建成2000平方米", ("2000平方米", 2000, "平方米", "area", None, None)),
    ("流转1.2万亩", ("1.2万亩", 1.2, "万亩", "area", None, None)),
    ("自9月1日起", ("9月1日", "--09-01", None, "date", None, None)),
    ("于2023年11月2日印发", ("2023年11月2日", "2023-11-02", None, "date", None, None)),
    ("12月底完成", ("12月底", "--12", None, "date", None, None)),
    ("2023年1-9月完成", ("2023年1-9月", "2023-01/2023-09", None, "period", None, None)),
    ("2021-2023年台账", ("2021-2023年", "2021/2023", None, "period", None, None)),
    ("三个方面", ("三个", 3, "个", "count", None, None)),
    ("两家企业", ("两家", 2, "家", "count", None, None)),
    ("执法人员三人", ("三人", 3, "人", "count", None, None)),
    ("依据湘测发〔2022〕12号文件", ("湘测发〔2022〕12号", "湘测发〔2022〕12号", None, "docnumber", None, None)),
    ("《“揭榜〈一〉”实施方案》", ("《“揭榜〈一〉”实施方案》", "“揭榜〈一〉”实施方案", None, "title", None, None)),
    ("《关于转发《管理办法》的通知》", ("《关于转发《管理办法》的通知》", "关于转发《管理办法》的通知", None, "title", None, None)),
)  # fmt: skip

NONE = (
    "第一议题", "进一步加强", "统一部署", "“两个维护”", "每一名干部", "逐一对账", "一律不得", "一批物资", "第57次会议",
    "一方面加强", "“三会一课”", "十分重视", "千方百计",
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ONE)
def test_a_figure_is_read_with_its_unit_and_kind(text: str, expected: tuple[object, ...]) -> None:
    (figure,) = figures(text)
    assert (figure.text, figure.value, figure.unit, figure.kind, figure.approx, figure.base) == expected
    assert text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize("text", NONE)
def test_manners_of_speaking_are_no_figures(text: str) -> None:
    assert figures(text) == ()


def test_several_figures_keep_their_order_and_places() -> None:
    text = "支持6类48项建设，新增企业１家、培训五名同志，完成７５％。"
    assert [(f.text, f.value) for f in figures(text)] == [
        ("6类", 6),
        ("48项", 48),
        ("１家", 1),
        ("五名", 5),
        ("７５％", 75),
    ]
    assert all(text[f.start : f.end] == f.text for f in figures(text))


def test_numbers_inside_book_titles_belong_to_the_title() -> None:
    assert [f.kind for f in figures("印发《2023年三年行动计划（2021-2023年）》5份")] == ["title", "count"]


def test_ordinals_of_a_list_are_no_figures() -> None:
    assert [f.text for f in figures("1、新建管网12公里。\n2.整治5处。\n（3）巡查。")] == ["12公里", "5处"]


def test_a_title_that_is_never_closed_hides_nothing() -> None:
    assert [f.text for f in figures("印发《管理办法，收回3万元")] == ["3万元"]
