"""The working-day calendar: laws that hold on every calendar, and the shipped years day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.deadlines import (
    BLUE,
    DAYS,
    MONTHS,
    NONE,
    RED,
    WORKING_DAYS,
    YELLOW,
    Calendar,
    Term,
    Thresholds,
    after_months,
    after_working_days,
    colour,
    due,
    working_days_between,
)  # fmt: skip
from bihuan.orgs.queries.calendar import shipped_days, shipped_terms

ONE = timedelta(days=1)
DAY = st.dates(date(2024, 1, 1), date(2028, 12, 31))
CALENDAR = st.dictionaries(DAY, st.booleans(), max_size=60).map(Calendar)
SHIPPED = Calendar({day: one.works for day, one in shipped_days().items()}, frozenset({2025, 2026}))


@given(DAY, st.integers(1, 60), CALENDAR)
def test_the_nth_working_day_is_worked_and_n_lie_up_to_it(start: date, n: int, calendar: Calendar) -> None:
    last = after_working_days(start, n, calendar)
    assert calendar.works(last)
    assert working_days_between(start, last, calendar) == n
    assert working_days_between(start, last - ONE, calendar) == n - 1


@given(DAY, DAY, DAY, CALENDAR)
def test_working_days_add_up_and_turn_round(a: date, b: date, c: date, calendar: Calendar) -> None:
    def between(first: date, last: date) -> int:
        return working_days_between(first, last, calendar)

    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)
    assert between(a, a) == 0


@given(DAY, st.integers(1, 40), st.integers(1, 40), CALENDAR)
def test_a_longer_term_ends_later(start: date, n: int, more: int, calendar: Calendar) -> None:
    for measure in (DAYS, WORKING_DAYS, MONTHS):
        first = due(start, Term(n, measure), calendar).day
        assert start < first < due(start, Term(n + more, measure), calendar).day


@given(DAY, st.integers(1, 120))
def test_months_keep_the_day_or_take_the_last(start: date, n: int) -> None:
    found = after_months(start, n)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == n
    assert found.day == start.day or (found.day < start.day and (found + ONE).day == 1)


@given(DAY, DAY, st.none() | DAY, CALENDAR)
def test_one_colour_and_red_only_after_the_due_day(
    due_on: date, today: date, moved: date | None, calendar: Calendar
) -> None:
    limits = Thresholds(Term(7, DAYS), Term(14, DAYS))
    found = colour(due_on, today=today, moved_on=moved, thresholds=limits, calendar=calendar)
    assert (found == RED) == (due_on < today)
    if found == BLUE:
        assert due_on - today <= 7 * ONE
    if found == YELLOW:
        assert moved is not None and today - moved > 14 * ONE


@pytest.mark.parametrize(
    ("due_on", "moved_on", "expected"),
    [
        (date(2026, 11, 22), None, RED),
        (date(2026, 11, 23), None, BLUE),
        (date(2026, 11, 30), None, BLUE),
        (date(2026, 12, 1), None, NONE),
        (date(2026, 12, 1), date(2026, 11, 9), NONE),
        (date(2026, 12, 1), date(2026, 11, 8), YELLOW),
        (date(2026, 11, 24), date(2026, 11, 8), YELLOW),
        (None, None, NONE),
        (None, date(2026, 1, 1), YELLOW),
    ],
)
def test_the_colours_on_their_border_days(due_on: date | None, moved_on: date | None, expected: str) -> None:
    limits = Thresholds(Term(7, DAYS), Term(14, DAYS))
    today = date(2026, 11, 23)
    assert colour(due_on, today=today, moved_on=moved_on, thresholds=limits, calendar=SHIPPED) == expected


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 9, 24), 1, date(2026, 9, 28)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 10, 9), 1, date(2026, 10, 10)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2025, 1, 27), 1, date(2025, 2, 5)),
    ],
)
def test_holidays_and_worked_week_ends_of_the_shipped_years(start: date, number: int, expected: date) -> None:
    assert due(start, Term(number, WORKING_DAYS), SHIPPED).day == expected


def test_the_shipped_years_have_as_many_days_as_their_notices() -> None:
    days = shipped_days().values()
    count = {
        (year, works): sum(one.day.year == year and one.works is works for one in days)
        for year in (2025, 2026)
        for works in (False, True)
    }
    assert count == {(2025, False): 28, (2025, True): 5, (2026, False): 33, (2026, True): 6}
    assert all(one.source for one in days)
    assert all(one.day.weekday() >= 5 for one in days if one.works)


def test_a_year_without_data_makes_the_result_uncertain() -> None:
    assert due(date(2026, 11, 23), Term(10, WORKING_DAYS), SHIPPED).certain
    assert not due(date(2026, 12, 25), Term(10, WORKING_DAYS), SHIPPED).certain
    assert due(date(2026, 12, 25), Term(10, DAYS), SHIPPED).certain


def test_every_shipped_term_names_its_source() -> None:
    assert all(term.source and term.number > 0 for term in shipped_terms().values())
