"""What an official paper is: titles in lines, dates and numerals, text that a page can show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.paper import chinese_date, chinese_number, clean_text, title_lines


@pytest.mark.parametrize(
    ("iso", "printed"),
    [("2024-09-05", "2024年9月5日"), ("2024-12-31", "2024年12月31日"), ("2024-09", "2024年9月")],
)
def test_a_date_is_printed_without_leading_zeros_and_no_finer_than_known(iso: str, printed: str) -> None:
    assert chinese_date(iso) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0, "零"),
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (110, "一百一十"),
        (204, "二百零四"),
    ],
)
def test_numerals_are_written_as_headings_use_them(value: int, printed: str) -> None:
    assert chinese_number(value) == printed


def test_a_number_beyond_headings_is_written_in_digits() -> None:
    assert (chinese_number(999), chinese_number(1000)) == ("九百九十九", "1000")


@given(st.text())
def test_clean_text_is_one_line_and_cleaning_it_again_changes_nothing(text: str) -> None:
    cleaned = clean_text(text)
    assert "\n" not in cleaned
    assert clean_text(cleaned) == cleaned


def test_marks_that_turn_the_direction_of_writing_are_left_out() -> None:
    assert clean_text("已完成\u202e93\u202c项\x07") == "已完成93项"


def test_a_short_title_stays_on_one_line() -> None:
    assert title_lines("关于巡察整改进展情况的通报") == ("关于巡察整改进展情况的通报",)


def test_a_long_title_is_broken_before_its_matter_and_within_no_word() -> None:
    title = "某某市生态环境保护综合执法局党组关于市委常规巡察反馈意见整改进展情况的通报"
    lines = title_lines(title)
    assert "".join(lines) == title
    assert any(line.startswith("关于") for line in lines)
    assert not any(line.endswith(("整", "巡", "情", "反")) for line in lines)


def test_a_title_that_is_no_title_is_cut_at_once() -> None:
    assert len(title_lines("关于整改的通报" * 10_000)) == -(-70_000 // 19)


@given(st.text(st.sampled_from("关于巡察整改的通报2024“”（）、某市局A"), min_size=1, max_size=120))
def test_title_lines_lose_nothing_and_none_is_too_long(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(0 < len(line) <= 19 for line in lines)
