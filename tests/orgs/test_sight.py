from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.orgs import queries
from bihuan.orgs.models import Grant, Post, Unit, User
from tests.cast import TODAY, Cast, make_person, make_unit

ONE = timedelta(days=1)


def seen(user: User) -> set[str]:
    return set(queries.units_seen(queries.sight(user, TODAY)).values_list("name", flat=True))


def test_the_office_sees_its_organisation_and_all_below(cast: Cast) -> None:
    assert seen(cast.office) == {"江澜高新区", "生态环境部", "安全生产监管部"}


def test_a_reader_of_one_department_sees_that_department_only(cast: Cast) -> None:
    sight = queries.sight(cast.department_reader, TODAY)
    assert seen(cast.department_reader) == {"生态环境部"}
    assert list(sight.organisations) == []


def test_a_disabled_account_sees_nothing_at_once(cast: Cast) -> None:
    assert seen(cast.disabled) == set()
    User.objects.filter(pk=cast.office.pk).update(is_active=False)
    stale = get_user_model().objects.get(pk=cast.office.pk)
    stale.is_active = True
    assert seen(stale) == set()


def test_nobody_sees_nothing(cast: Cast) -> None:
    sight = queries.sight(None, TODAY)
    assert list(sight.units) == []
    assert not Unit.objects.filter(sight.q(unit="pk")).exists()


@pytest.mark.parametrize("model", [Grant, Post])
def test_sight_ends_after_the_last_day_of_grant_or_post(cast: Cast, model: type[Grant] | type[Post]) -> None:
    where = {"post__person": cast.reader} if model is Grant else {"person": cast.reader}
    model.objects.filter(**where).update(ends_on=TODAY)
    assert seen(cast.reader)
    model.objects.filter(**where).update(ends_on=TODAY - ONE)
    assert not seen(cast.reader)


@pytest.mark.parametrize("model", [Grant, Post])
def test_sight_begins_on_the_first_day_of_grant_and_post(cast: Cast, model: type[Grant] | type[Post]) -> None:
    where = {"post__person": cast.reader} if model is Grant else {"person": cast.reader}
    model.objects.filter(**where).update(starts_on=TODAY + ONE)
    assert not seen(cast.reader)


def test_the_predicate_is_one_statement_whatever_the_number_of_units(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(30):
        make_unit(f"{number}号企业", kind="enterprise", parent=cast.organisation)
    sight = queries.sight(cast.office, TODAY)
    with django_assert_num_queries(1):
        assert Unit.objects.filter(sight.q("pk", unit="pk")).count() == 33


def test_organisation_and_unit_lookups_add_up(cast: Cast) -> None:
    sight = queries.sight(cast.department_reader, TODAY)
    assert set(Post.objects.filter(sight.q("unit__parent", unit="unit"))) == set(
        Post.objects.filter(unit=cast.environment)
    )


def test_the_door_of_a_unit_answers_alike_for_no_unit_and_anothers(cast: Cast) -> None:
    assert queries.unit_for(cast.office, cast.safety.pk, TODAY) == cast.safety
    for number in (cast.elsewhere.pk, 10**9):
        with pytest.raises(NotVisible) as refusal:
            queries.unit_for(cast.office, number, TODAY)
        assert refusal.value.code == "orgs.unit-not-found"


def test_the_door_of_a_person_shows_colleagues_and_oneself(cast: Cast) -> None:
    assert queries.person_for(cast.office, cast.reader.pk, TODAY) == cast.reader
    with pytest.raises(NotVisible):
        queries.person_for(cast.department_reader, cast.reader.pk, TODAY)
    with pytest.raises(NotVisible):
        queries.person_for(cast.office, cast.outsider.pk, TODAY)


def test_only_the_office_may_write_and_only_in_its_units(cast: Cast) -> None:
    assert queries.may_write(cast.office, cast.environment, TODAY)
    assert not queries.may_write(cast.office, cast.elsewhere, TODAY)
    assert not queries.may_write(cast.reader, cast.organisation, TODAY)
    assert not queries.may_write(cast.disabled, cast.organisation, TODAY)
    assert not queries.may_write(None, cast.organisation, TODAY)
    with pytest.raises(NotAllowed) as refusal:
        queries.require("write", cast.reader, cast.organisation, today=TODAY)
    assert refusal.value.code == "orgs.role-missing"


def test_the_office_of_a_department_writes_there_only(cast: Cast) -> None:
    head = make_person("shenjibai", "沈既白", unit=cast.safety, role="office")
    assert queries.may_write(head, cast.safety, TODAY)
    assert not queries.may_write(head, cast.organisation, TODAY)
    assert set(queries.sight(head, TODAY).writable) == {cast.safety.pk}


def test_the_organisation_of_a_unit_is_the_nearest_above(cast: Cast) -> None:
    branch = make_unit("北园", kind="organisation", parent=cast.organisation)
    desk = make_unit("北园环保科", parent=branch)
    assert queries.organisation_of(desk) == branch
    assert queries.organisation_of(branch) == branch
    assert queries.organisation_of(cast.safety) == cast.organisation
