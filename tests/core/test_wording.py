"""Full-width marks in Chinese text, and nothing else changed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.wording import full_width

MIXED = st.text(st.sampled_from("中文整改项年A b1,.:;?!()\"'“”‘’（），。：50%/-@#\n "), max_size=60)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("已完成(49项),占比75.35%.", "已完成（49项），占比75.35%。"),
        ('落实"第一议题"制度', "落实“第一议题”制度"),
        ('报道"推动"四网合一"落实"被转载', "报道“推动”四网合一“落实”被转载"),
        ("报道“推动“四网合一”落实”被转载", "报道“推动‘四网合一’落实”被转载"),
        ("会议9:30召开,到会1,234人;支出3.5万元", "会议9:30召开，到会1,234人；支出3.5万元"),
        (
            "联系电话:0730-1234567;邮箱:abc.d@qq.com,网址http://a.cn/b?c=1,请反映",
            "联系电话：0730-1234567；邮箱：abc.d@qq.com，网址http://a.cn/b?c=1，请反映",
        ),
        ("将达2万m3/d,12月底完成", "将达2万m3/d，12月底完成"),
        ("《党委(党组)规定(试行)》", "《党委（党组）规定（试行）》"),
        ("湘环发〔2020〕27号", "湘环发〔2020〕27号"),
        ("完成４９项，占７５％", "完成49项，占75%"),
        ('ISO 9001:2015, see (a) "b"', 'ISO 9001:2015, see (a) "b"'),
        ("1.理论学习不够.", "1.理论学习不够。"),
        ('他说:"it\'s ok"', "他说：“it's ok”"),
        ('只有一个"引号', '只有一个"引号'),
    ],
)
def test_marks_become_full_width_only_in_chinese(typed: str, printed: str) -> None:
    assert full_width(typed) == printed


@given(MIXED)
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    assert full_width(full_width(text)) == full_width(text)


@given(MIXED)
def test_no_word_or_figure_changes(text: str) -> None:
    def words(value: str) -> list[str]:
        return re.findall(r"[A-Za-z0-9%\u4e00-\u9fff]+", value)

    assert words(full_width(text)) == words(text)
    assert len(full_width(text)) == len(text)


@given(st.text(st.sampled_from("abcXYZ0189,.:;?!()\"' "), max_size=60))
def test_text_without_chinese_stays_as_it_is(text: str) -> None:
    assert full_width(text) == text


@given(st.text(max_size=80))
def test_any_text_comes_out_as_long_as_it_went_in(text: str) -> None:
    assert len(full_width(text)) == len(text)
