"""Weeks, ladder and the one page, told for any day and any length of names."""

from datetime import date, timedelta

import pypdfium2
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.brief import Brief, Part, fitted, heading_of
from bihuan.core.ladder import USUAL, ladder_fault, reached, rungs_of
from bihuan.core.oversight import RULES, rule_faults
from bihuan.core.weeks import MOST, missed, monday_of, weeks
from bihuan.formats.briefs import write_brief

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
RUNGS = rungs_of(USUAL)


def workdays(day: date) -> bool:
    return day.weekday() < 5


@given(DAYS, DAYS, st.sets(DAYS, max_size=20))
def test_a_week_is_held_or_missed_or_not_over(first: date, until: date, days: set[date]) -> None:
    held = {monday_of(day) for day in days}
    found = missed(first, until, held, working=workdays)
    assert found == sorted(set(found)) and len(found) <= MOST
    assert not set(found) & held
    over = [monday for monday in weeks(first, until) if monday + timedelta(days=4) <= until]
    assert found == [monday for monday in over if monday not in held][-MOST:]


@given(DAYS, DAYS)
def test_a_week_without_a_working_day_is_never_missed(first: date, until: date) -> None:
    assert missed(first, until, set(), working=lambda day: False) == []


@given(DAYS, st.lists(st.integers(-20, 60), max_size=12))
def test_no_rung_is_due_twice_and_none_below_one_that_was_issued(due: date, walk: list[int]) -> None:
    issued: list[str] = []
    order = [rung.key for rung in RUNGS]
    for days in walk:
        rung = reached(RUNGS, due_on=due, today=due + timedelta(days=days), issued=issued)
        if rung is not None:
            assert rung.days <= days
            assert all(order.index(rung.key) > order.index(key) for key in issued)
            issued.append(rung.key)


def test_a_ladder_gets_no_milder_and_names_each_rung_once() -> None:
    one = dict(USUAL[0])
    assert ladder_fault(USUAL) is None
    assert ladder_fault([one, one]) == "twice"
    assert ladder_fault([{**one, "kind": "red"}, {**one, "key": "b", "days": 9}]) == "easier"
    assert ladder_fault([{**one, "to": []}]) == "to"
    assert ladder_fault([{**one, "kind": "pink"}]) == "kind"
    assert ladder_fault([{**one, "days": 999}]) == "days"
    assert ladder_fault([{"key": "a"}]) == "shape" and ladder_fault([7]) == "shape"


def test_every_rule_names_its_source_and_its_usual_value_is_one() -> None:
    for key, kind in RULES.items():
        assert kind.source and rule_faults(key, kind.usual, kind.source) == []
    assert [fault.code for fault in rule_faults("due-within", True, " ")] == [
        "oversight.rule-source", "oversight.rule-days",
    ]  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 40), st.integers(1, 120), st.integers(1, 40), st.integers(1, 400))
def test_the_one_page_stays_one_page_and_counts_what_it_leaves_out(
    count: int, title: int, unit: int, due: int
) -> None:
    row = ("17-2", "整" * title, "部" * unit, "沈既白", "16天", "2026年11月13日")
    parts = (
        Part("overdue", "逾期", ("编号", "事项", "责任单位", "牵头领导", "逾期", "期限"), (2.4, 10, 6, 3.6, 3, 4), (row,) * count),
        Part("stuck", "卡住", ("编号", "事项", "责任单位", "牵头领导", "卡在"), (2.4, 10, 6, 3.6, 7), (row[:5],) * count),
    )  # fmt: skip
    made = fitted(
        Brief("整改调度专报", "第1期", "整改办", "2026年11月23日", "逾期", "截至今天。", parts, "到期" * due)
    )
    assert [part.total for part in made.parts] == [count, count]
    assert all(("从略" in heading_of(part)) == bool(part.omitted) for part in made.parts)
    document = pypdfium2.PdfDocument(write_brief(made, "pdf").content)
    assert len(document) == 1
