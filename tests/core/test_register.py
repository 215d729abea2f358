"""What the register refuses, on both sides of each limit."""

import doctest
from datetime import date

import pytest

from bihuan.core import register
from bihuan.core.register import (
    due_fault,
    first_day,
    inspection_faults,
    institution_faults,
    partial_date_fault,
    state_fault,
    task_faults,
    text_faults,
)


def test_examples_hold() -> None:
    assert doctest.testmod(register).failed == 0


@pytest.mark.parametrize("good", ["2026-06", "2026-12", "2028-02-29", "1949-01-01"])
def test_dates_to_the_day_or_month_pass(good: str) -> None:
    assert partial_date_fault(good) is None


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("2026-13", "no-month"), ("2026-00", "no-month"), ("2026-02-30", "no-day"), ("2027-02-29", "no-day"),
        ("2026-6", "not-a-date"), ("去年", "not-a-date"), ("1848-01", "year"), ("2101-01", "year"),
    ],
)  # fmt: skip
def test_dates_that_are_none_are_refused(bad: str, code: str) -> None:
    fault = partial_date_fault(bad)
    assert fault is not None
    assert code in fault[0]


def test_a_month_means_its_first_day() -> None:
    assert first_day("2026-06") == date(2026, 6, 1)
    assert first_day("") is None


def test_a_due_date_on_the_feedback_day_passes_and_the_day_before_does_not() -> None:
    assert due_fault(date(2026, 6, 12), feedback_on="2026-06-12", category="") is None
    assert due_fault(date(2026, 6, 11), feedback_on="2026-06-12", category="") is not None
    fault = due_fault(date(2026, 6, 11), feedback_on="2026-06-12", category="at_once")
    assert fault is not None and fault.code == "findings.due-without-notice"
    at_once = due_fault(date(2026, 6, 11), feedback_on="2026-06-12", category="at_once", noticed=True)
    assert at_once is None
    assert due_fault(date(2026, 6, 11), feedback_on="2026-06-12", category="staged", noticed=True) is not None
    assert due_fault(date(2026, 6, 11), feedback_on="", category="") is None


def test_the_longest_text_passes_and_one_more_does_not() -> None:
    assert list(text_faults({"leader": "长" * 60})) == []
    assert [fault.code for fault in text_faults({"leader": "长" * 61})] == ["findings.too-long"]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "\u202eabc", "a\nb"])
def test_control_characters_and_breaks_in_a_line_are_refused(text: str) -> None:
    assert [fault.code for fault in text_faults({"title": text})] == ["findings.control-character"]


def test_a_text_of_many_lines_may_break() -> None:
    assert list(text_faults({"measures": "一是\n二是\r\n三是\t完成"})) == []


def test_every_fault_of_an_inspection_is_told() -> None:
    values = {
        "title": "",
        "mode": "dead",
        "starts_on": "2026-05-01",
        "ends_on": "2026-04-30",
        "feedback_on": "2026-13",
    }
    assert {fault.field for fault in inspection_faults(values)} == {"title", "mode", "ends_on", "feedback_on"}


def test_a_month_and_a_day_within_it_are_in_order() -> None:
    assert inspection_faults({"title": "巡察", "starts_on": "2026-04", "ends_on": "2026-04-01"}) == []


def test_an_institution_needs_a_name_and_a_true_date() -> None:
    assert [fault.field for fault in institution_faults({"title": " ", "issued_on": "2026-00"})] == [
        "title",
        "issued_on",
    ]


def test_a_task_of_an_unknown_category_is_refused() -> None:
    assert [fault.code for fault in task_faults({"title": "改", "category": "x"}, feedback_on="")] == [
        "findings.unknown-category"
    ]


def test_open_states_follow_each_other_and_ends_are_earned() -> None:
    assert state_fault("todo", "doing") is None
    assert state_fault("doing", "completed") is not None
    assert state_fault("completed", "doing") is not None
    assert state_fault("not_completed", "doing") is not None
