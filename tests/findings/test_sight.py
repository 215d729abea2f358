"""What a person sees of the register: the one statement finds what the sets of the directory hold."""

from datetime import timedelta

from django.test import Client

from bihuan.findings.models import JointUnit, Problem, Task
from bihuan.findings.queries import reach
from bihuan.findings.queries.sight import reach_of
from bihuan.orgs.models import Grant, Post, UnitLink
from bihuan.orgs.queries import running_grants, sight
from tests.cast import TODAY, Cast, make_person, make_unit
from tests.making import make_register


def test_one_statement_finds_what_the_directory_says(cast: Cast) -> None:
    superior = make_unit("江澜市", kind="superior")
    below = make_unit("江澜县", kind="organisation", parent=superior)
    make_unit("江澜县财政局", parent=below)
    enterprise = make_unit("江澜水务公司", kind="enterprise", parent=below)
    team = make_unit("江澜水务公司一部", parent=enterprise)
    people = [
        make_person("above", "许若谷", unit=superior, role="reader"),
        make_person("water", "沈既白", unit=enterprise, role="reader"),
        make_person("both", "丁守正", unit=team, role="office", over=below),
    ]
    for person in (
        *people,
        cast.office,
        cast.reader,
        cast.department_reader,
        cast.outsider,
        cast.disabled,
        None,
    ):
        seen = sight(person, TODAY)
        single = UnitLink.objects.filter(
            ancestor__in=running_grants(seen.user_id, TODAY).values("unit_id"),
            ancestor__kind__in=("department", "enterprise"),
        ).values_list("descendant_id", flat=True)
        found = reach(person, TODAY)
        assert set(found.organisations) == set(seen.organisations)
        assert set(found.units) == set(single)
        assert found == reach_of(seen)
    assert reach(people[0], TODAY).organisations == (below.pk,)
    assert reach(people[1], TODAY).units == (enterprise.pk, team.pk)


def test_what_has_ended_or_not_begun_shows_nothing(cast: Cast) -> None:
    assert reach(cast.office, TODAY).organisations == (cast.organisation.pk,)
    Grant.objects.filter(post__person=cast.office).update(ends_on=TODAY)
    Post.objects.filter(person=cast.reader).update(ends_on=TODAY - timedelta(days=1))
    Grant.objects.filter(post__person=cast.department_reader).update(starts_on=TODAY + timedelta(days=1))
    assert reach(cast.office, TODAY).organisations == (cast.organisation.pk,)
    assert reach(cast.office, TODAY + timedelta(days=1)).organisations == ()
    assert reach(cast.reader, TODAY).organisations == ()
    assert reach(cast.department_reader, TODAY).units == ()
    assert reach(cast.disabled, TODAY).organisations == ()


def test_people_of_a_joint_unit_see_its_tasks_and_nothing_more(client: Client, cast: Cast) -> None:
    task, other = make_register(cast, count=2, unit_id=cast.safety.pk)
    page = f"/tasks/{task.pk}/"
    client.force_login(cast.department_reader)
    assert client.get(page).status_code == 404
    JointUnit.objects.create(task=task, unit=cast.environment)
    assert client.get(page).status_code == 200
    assert client.get(f"/tasks/{other.pk}/").status_code == 404
    assert client.get(f"/problems/{task.problem_id}/").status_code == 200
    assert client.get(f"/problems/{other.problem_id}/").status_code == 404
    seen = reach(cast.department_reader, TODAY)
    assert list(Task.objects.filter(seen.tasks())) == [task]
    assert list(Problem.objects.filter(seen.holding("problem"))) == [task.problem]
    client.force_login(cast.outsider)
    assert client.get(page).status_code == 404


def test_joint_units_cost_nothing_for_who_sees_the_whole(cast: Cast) -> None:
    seen = reach(cast.office, TODAY)
    asked = (Task.objects.filter(seen.tasks()), Problem.objects.filter(seen.holding("problem")))
    assert not any("joint" in str(rows.query) for rows in asked)
