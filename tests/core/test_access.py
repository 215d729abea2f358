from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.access import STEPS, Holding, roles_on, why_not, why_not_disable

DAY = date(2026, 11, 23)
ONE = timedelta(days=1)


def holding(
    role: str = "office", *, root: int = 1, starts_on: date = DAY, ends_on: date | None = None
) -> Holding:
    return Holding(role, root, starts_on, ends_on)


def test_the_office_may_write_below_its_root() -> None:
    assert why_not("write", [holding()], above=[9, 4, 1], today=DAY) is None


def test_the_office_of_one_unit_may_not_write_in_another() -> None:
    assert why_not("write", [holding()], above=[9, 4, 2], today=DAY) == "orgs.role-missing"


def test_a_reader_may_read_and_not_write() -> None:
    reader = [holding("reader")]
    assert why_not("read", reader, above=[1], today=DAY) is None
    assert why_not("write", reader, above=[1], today=DAY) == "orgs.role-missing"


def test_the_first_and_the_last_day_are_included() -> None:
    grant = [holding(starts_on=DAY, ends_on=DAY)]
    assert why_not("write", grant, above=[1], today=DAY) is None
    assert why_not("write", grant, above=[1], today=DAY - ONE) == "orgs.role-not-now"
    assert why_not("write", grant, above=[1], today=DAY + ONE) == "orgs.role-not-now"


def test_a_holding_taken_back_before_its_first_day_never_runs() -> None:
    taken_back = holding(starts_on=DAY, ends_on=DAY - ONE)
    assert not any(taken_back.runs_on(DAY + ONE * n) for n in range(-3, 4))


def test_roles_are_those_that_run_today() -> None:
    assert roles_on([holding(), holding("reader", starts_on=DAY + ONE)], DAY) == frozenset({"office"})


def test_each_reason_against_disabling_is_told_in_its_order() -> None:
    assert why_not_disable(is_self=True, is_last_office=True, outside=True) == "orgs.disable-self"
    assert why_not_disable(is_self=False, is_last_office=True, outside=True) == "orgs.person-outside"
    assert why_not_disable(is_self=False, is_last_office=True, outside=False) == "orgs.last-office"
    assert why_not_disable(is_self=False, is_last_office=False, outside=False) is None


roots = st.integers(1, 5)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
holdings = st.lists(
    st.builds(Holding, st.sampled_from(["office", "reader", "nobody"]), roots, days, st.none() | days),
    max_size=6,
)


@given(holdings, st.sets(roots), days)
def test_nothing_is_allowed_without_a_running_holding_above(
    held: list[Holding], above: set[int], today: date
) -> None:
    for step, roles in STEPS.items():
        allowed = any(h.role in roles and h.root in above and h.runs_on(today) for h in held)
        assert (why_not(step, held, above=above, today=today) is None) == allowed


@given(holdings, holdings, st.sets(roots), days)
def test_more_holdings_never_take_a_right_away(
    held: list[Holding], more: list[Holding], above: set[int], today: date
) -> None:
    for step in STEPS:
        if why_not(step, held, above=above, today=today) is None:
            assert why_not(step, held + more, above=above, today=today) is None
