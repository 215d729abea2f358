"""Reading a sheet that came back: its header by words, its cells by kind, every fault by place."""

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import returned
from bihuan.core.returned import Header, Words, header, letters, read_row, repeated

WORDS = {
    "编号": "number",
    "任务": "title",
    "期限": "due_on",
    "状态": "state",
    "责任单位": "unit",
    "系统编号": "mark",
    "类别": "category",
}
MEANT = Words({"整改中": "doing"}, {"持续": "continuous"}, {"生态环境部": 7})


def found(*cells: str) -> Header:
    made = header([cells], WORDS)
    assert made is not None
    return made


def test_examples_hold() -> None:
    assert doctest.testmod(returned).failed == 0


def test_a_header_is_found_under_a_title_and_with_blanks_in_its_words() -> None:
    made = header([("任务清单",), (), ("编 号", "任　务", "期\n限")], WORDS)
    assert made is not None
    assert (made.index, list(made.columns.values())) == (2, ["number", "title", "due_on"])


def test_a_sheet_without_a_header_has_none() -> None:
    assert header([("一", "二"), ("三",)], WORDS) is None


def test_a_column_twice_is_told() -> None:
    assert repeated(found("编号", "期限", "期限")) == ["due_on"]


@pytest.mark.parametrize(
    "text", ["2026-12-05", "2026/12/5", "2026.12.5", "2026年12月5日", "2026-12-05 00:00:00"]
)
def test_days_are_read_however_they_are_written(text: str) -> None:
    row, faults = read_row(["1", text], found("编号", "期限"), MEANT, row=2)
    assert (row.values["due_on"], faults) == (date(2026, 12, 5), [])


@pytest.mark.parametrize(
    ("word", "text", "code"),
    [
        ("期限", "2026-13-05", "no-month"), ("期限", "2026-02-30", "no-day"), ("期限", "月底", "not-a-day"),
        ("状态", "完成了", "state"), ("状态", "", "state"), ("类别", "偶尔", "category"), ("责任单位", "生态环境局", "unit-near"),
        ("责任单位", "zzz", "unit"), ("系统编号", "T1", "mark"), ("系统编号", "T1.2.3", "mark"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_named(word: str, text: str, code: str) -> None:
    _row, faults = read_row(["1", text], found("编号", word), MEANT, row=9)
    assert [(fault.cell, fault.code) for fault in faults] == [("B9", f"findings.sheet-{code}")]


def test_a_short_row_is_read_as_empty_cells() -> None:
    row, faults = read_row(["1"], found("编号", "任务"), MEANT, row=2)
    assert (row.values["title"], faults) == ("", [])


@given(st.integers(min_value=0, max_value=16_383))
def test_letters_name_every_column_of_a_sheet_once(position: int) -> None:
    name = letters(position)
    value = 0
    for char in name:
        value = value * 26 + ord(char) - 64
    assert value == position + 1


@given(st.lists(st.text(max_size=30), max_size=8))
def test_no_row_breaks_the_reader(cells: list[str]) -> None:
    read_row(cells, found("系统编号", "编号", "任务", "期限", "状态", "责任单位", "类别"), MEANT, row=3)
