"""A list as its address: what is known is kept, what is not is refused, nothing is silently shown instead."""

import doctest
from datetime import date

import pytest

from bihuan.core import lists
from bihuan.core.lists import LISTINGS, PROBLEMS, TASKS, due_range, wish
from bihuan.core.refusal import Refused


def test_examples_hold() -> None:
    assert doctest.testmod(lists).failed == 0


def test_an_address_comes_back_as_itself() -> None:
    params = {
        "state": "doing,todo",
        "sort": "-due_on",
        "columns": "number,title,state",
        "page": "3",
        "size": "100",
    }
    wanted = wish(TASKS, params)
    assert wish(TASKS, dict(part.split("=") for part in wanted.address().split("&"))) == wanted


def test_what_is_usual_is_left_out_of_the_address() -> None:
    assert wish(TASKS, {"sort": "number", "page": "1", "size": "50"}).address() == ""


def test_another_order_begins_at_the_first_page() -> None:
    assert wish(TASKS, {"page": "4"}).address(sort="leader") == "sort=leader"


def test_problems_of_several_inspections_show_which_unless_one_is_chosen() -> None:
    mixed, one = wish(PROBLEMS, {}), wish(PROBLEMS, {"inspection": "7"})
    assert "inspection" in mixed.columns
    assert "inspection" not in one.columns
    assert mixed.address(inspection="7") == "inspection=7"
    assert one.address(inspection="") == ""
    assert "inspection" in one.without("inspection").columns
    assert wish(PROBLEMS, {"inspection": "7", "columns": "inspection"}).columns == (
        "number",
        "title",
        "inspection",
    )


def test_columns_that_were_chosen_stay_chosen_under_another_filter() -> None:
    chosen = wish(PROBLEMS, {"columns": "number,title,finding,units,tasks,state"})
    assert chosen.address(state="doing") == "state=doing&columns=number,title,finding,units,tasks,state"
    assert chosen.address(inspection="7") == "inspection=7"
    assert chosen.address(columns="") == ""


def test_a_filter_can_be_taken_out() -> None:
    assert wish(TASKS, {"state": "todo", "leader": "贺明渠"}).address(leader="") == "state=todo"


@pytest.mark.parametrize(
    "params",
    [
        {"state": "finished"},
        {"state": "doing,finished"},
        {"category": "never"},
        {"due": "someday"},
        {"sort": "measures"},
        {"sort": "nothing"},
        {"columns": "number,secret"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "x"},
        {"page": "²"},
        {"size": "7"},
        {"inspection": "1 OR 1=1"},
        {"unit": "-5"},
        {"as_of": "2026-13-01"},
    ],
)
def test_what_a_list_does_not_know_is_refused(params: dict[str, str]) -> None:
    with pytest.raises(Refused):
        wish(TASKS, params)


def test_fixed_columns_stay_however_few_are_chosen() -> None:
    assert wish(TASKS, {"columns": "state"}).columns == ("number", "title", "state")


def test_parameters_of_others_are_not_looked_at() -> None:
    assert wish(PROBLEMS, {"utm_source": "x", "state": "doing"}).filters == {"state": "doing"}


@pytest.mark.parametrize(
    ("word", "today", "expected"),
    [
        ("week", date(2026, 11, 23), (date(2026, 11, 23), date(2026, 11, 29))),
        ("week", date(2026, 11, 29), (date(2026, 11, 29), date(2026, 11, 29))),
        ("month", date(2026, 12, 5), (date(2026, 12, 5), date(2026, 12, 31))),
        ("month", date(2028, 2, 1), (date(2028, 2, 1), date(2028, 2, 29))),
        ("overdue", date(2026, 11, 23), (None, date(2026, 11, 22))),
    ],
)
def test_due_words_mean_days(word: str, today: date, expected: tuple[date | None, date | None]) -> None:
    assert due_range(word, today) == expected


def test_every_list_orders_by_a_column_that_it_has() -> None:
    for listing in LISTINGS.values():
        assert listing.column(listing.order.removeprefix("-")) is not None
