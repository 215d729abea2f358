"""Who may act where: own roles, what is lent, and why not."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from bihuan.core import access
from bihuan.findings.queries.sight import reach
from bihuan.orgs import queries
from bihuan.orgs.models import Delegation, Grant, Post, Substitute, Unit, User
from tests.cast import TODAY, Cast, make_person, make_unit

ONE = timedelta(days=1)


def lend(principal: User, delegate: User, unit: Unit, *, until: date = TODAY) -> Delegation:
    return Delegation.objects.create(
        grant=Grant.objects.get(post__person=principal),
        post=Post.objects.get(person=delegate),
        unit=unit,
        starts_on=TODAY - 5 * ONE,
        ends_on=until,
        reason="出差",
    )


@pytest.fixture
def leader(cast: Cast) -> User:
    return make_person("weiming", "魏明", unit=cast.organisation, role="leader")


@pytest.fixture
def deputy(cast: Cast) -> User:
    return make_person("linshuang", "林霜", unit=cast.safety, role="liaison")


def who(user: User, unit: Unit, day: date = TODAY) -> list[tuple[str, int | None]]:
    return [(one.role, one.principal_id) for one in queries.capacities(user.pk, (unit.pk,), day)[unit.pk]]


def test_own_roles_come_before_lent_ones_and_reach_their_units_only(
    cast: Cast, leader: User, deputy: User
) -> None:
    lend(leader, deputy, cast.safety)
    assert who(leader, cast.environment) == [("leader", None)]
    assert who(deputy, cast.safety) == [("liaison", None), ("leader", leader.pk)]
    assert who(deputy, cast.environment) == []
    assert who(leader, cast.elsewhere) == []


def test_capacities_take_three_queries_whatever_the_number_of_units(
    cast: Cast, leader: User, deputy: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lend(leader, deputy, cast.organisation)
    units = [make_unit(f"{n}号企业", kind="enterprise", parent=cast.organisation).pk for n in range(40)]
    with django_assert_num_queries(3):
        found = queries.capacities(deputy.pk, units, TODAY)
    assert all([one.role for one in found[unit]] == ["leader"] for unit in units)


@pytest.mark.parametrize("broken", ["delegation", "grant", "principal-post", "post", "principal", "person"])
def test_what_is_lent_ends_with_the_first_that_ends(
    cast: Cast, leader: User, deputy: User, broken: str
) -> None:
    lent = lend(leader, deputy, cast.safety, until=TODAY + 9 * ONE)
    assert ("leader", leader.pk) in who(deputy, cast.safety)
    yesterday = TODAY - ONE
    match broken:
        case "delegation":
            Delegation.objects.filter(pk=lent.pk).update(ends_on=yesterday)
        case "grant":
            Grant.objects.filter(pk=lent.grant_id).update(ends_on=yesterday)
        case "principal-post":
            Post.objects.filter(person=leader).update(ends_on=yesterday)
        case "post":
            Post.objects.filter(person=deputy).update(ends_on=yesterday)
        case "principal":
            User.objects.filter(pk=leader.pk).update(is_active=False)
        case "person":
            User.objects.filter(pk=deputy.pk).update(is_active=False)
    assert ("leader", leader.pk) not in who(deputy, cast.safety)
    assert reach(leader, TODAY).organisations == (
        () if broken in ("grant", "principal-post", "principal") else (cast.organisation.pk,)
    )


def test_a_grant_moved_away_from_the_lent_unit_lends_nothing(cast: Cast, leader: User, deputy: User) -> None:
    lent = lend(leader, deputy, cast.safety)
    Grant.objects.filter(pk=lent.grant_id).update(unit=cast.environment)
    assert who(deputy, cast.safety) == [("liaison", None)]
    assert who(deputy, cast.environment) == []


@pytest.mark.parametrize("role", sorted(set(access.ROLES) - access.DELEGABLE))
def test_some_roles_cannot_be_lent_even_by_a_row(cast: Cast, leader: User, deputy: User, role: str) -> None:
    Grant.objects.filter(post__person=leader).update(role=role)
    lend(leader, deputy, cast.organisation)
    assert who(deputy, cast.environment) == []
    assert not queries.sight(deputy, TODAY).roles - {"liaison"}


def test_the_reasons_are_told_apart(cast: Cast, leader: User, deputy: User) -> None:
    def why(step: str, user: User, day: date = TODAY) -> str | None:
        return queries.why_not_acting(step, user.pk, cast.safety.pk, today=day)

    assert why("sign", leader) is None
    assert why("sign", deputy) == "orgs.role-missing"
    lend(leader, deputy, cast.safety)
    assert why("sign", deputy) is None
    assert why("sign", deputy, TODAY + ONE) == "orgs.delegation-ended"
    Grant.objects.filter(post__person=leader).update(ends_on=TODAY - ONE)
    assert why("sign", leader) == "orgs.role-not-now"
    assert why("sign", deputy) == "orgs.delegation-ended"
    Post.objects.filter(person=leader).update(ends_on=TODAY - ONE)
    assert why("sign", leader) == "orgs.post-ended"


def test_a_lent_role_shows_what_the_principal_sees_there(cast: Cast, leader: User, deputy: User) -> None:
    assert reach(deputy, TODAY).organisations == ()
    lend(leader, deputy, cast.organisation)
    assert reach(deputy, TODAY).organisations == (cast.organisation.pk,)
    assert list(queries.sight(deputy, TODAY).organisations) == [cast.organisation.pk]
    assert reach(deputy, TODAY + ONE).organisations == ()


@pytest.mark.parametrize("role", sorted(access.ADMINISTRATORS))
def test_administrators_see_the_directory_and_no_row_of_the_register(cast: Cast, role: str) -> None:
    admin = make_person("sanyuan", "贺守一", unit=cast.organisation, role=role)
    seen = queries.sight(admin, TODAY)
    assert reach(admin, TODAY).organisations == reach(admin, TODAY).units == ()
    assert not seen.units.exists()
    assert not seen.organisations.exists()
    assert queries.units_seen(seen).count() == 3
    assert queries.why_not("read", admin.pk, cast.organisation.pk, today=TODAY) == "orgs.role-missing"


def test_own_units_are_departments_and_what_is_above_them_below_the_organisation(cast: Cast) -> None:
    desk = make_unit("监测科", parent=cast.environment)
    clerk = make_person("muqing", "穆青", unit=desk, role="liaison")
    found = queries.own_units((clerk.pk, cast.office.pk, cast.department_reader.pk), TODAY)
    assert found == {
        clerk.pk: frozenset({desk.pk, cast.environment.pk}),
        cast.office.pk: frozenset(),
        cast.department_reader.pk: frozenset({cast.environment.pk}),
    }
    Post.objects.filter(person=clerk).update(ends_on=TODAY - ONE)
    assert queries.own_units((clerk.pk,), TODAY) == {clerk.pk: frozenset()}


def test_substitutes_stand_in_their_order(cast: Cast, leader: User, deputy: User) -> None:
    for position, person in enumerate((deputy, leader, cast.disabled), 1):
        Substitute.objects.create(
            organisation=cast.organisation, role="leader", person=person, position=position
        )
    assert queries.substitutes(cast.organisation.pk, "leader") == (deputy.pk, leader.pk)
    assert queries.substitutes(cast.organisation.pk, "superior") == ()
