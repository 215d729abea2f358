"""The search page finds what the person may see, and nothing else."""

from typing import Any

import pytest

from bihuan.findings.actions import editing, plan_items, removing
from bihuan.findings.findable import findables, shared
from bihuan.findings.models import Inspection, JointUnit, Problem, Task
from bihuan.search.models import Entry, Reader
from tests.cast import Cast, actor_for, make_cast
from tests.findings.browsing import signed_in
from tests.making import make_finding, make_inspection, make_problem, make_register, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    make_register(cast, title="核对危险废物转移联单", category="at_once", unit_id=cast.environment.pk)
    return cast


def at_another_unit(cast: Cast, count: int) -> list[Task]:
    """Return new tasks of a unit that the reader of a department does not see."""
    values = {"title": "清理渗滤液收集池", "unit_id": cast.safety.pk}
    problem = Problem.objects.get()
    return [make_task(cast, problem, number=f"9-{number}", **values) for number in range(count)]


def hits(cast: Cast, who: str, query: str) -> str:
    answer = signed_in(getattr(cast, who)).get("/search/", {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("who", ["office", "reader", "department_reader"])
def test_who_sees_the_task_finds_it(cast: Cast, who: str) -> None:
    page = hits(cast, who, "转移联单")
    assert "核对危险废物转移联单" in page
    assert "/tasks/" in page


def test_hits_of_two_inspections_say_which_they_are_of(cast: Cast) -> None:
    other = make_inspection(cast, title="云洲市委营商环境专项巡察")
    make_problem(cast, make_finding(cast, other))
    page = hits(cast, "office", "工业固废台账")
    assert "<small>云洲市委园区专项巡察</small>" in page
    assert "<small>云洲市委营商环境专项巡察</small>" in page


def test_a_new_title_of_an_inspection_stands_under_its_hits(cast: Cast) -> None:
    inspection = Inspection.objects.get()
    values = {"title": "云洲市委园区专项巡察（第二轮）"}
    editing.edit_inspection(inspection, values, revision=1, actor=actor_for(cast.office))
    contexts = Entry.objects.exclude(kind="inspection").values_list("kind", "context")
    assert set(contexts) == {(kind, values["title"]) for kind in ("finding", "problem", "task")}


def test_the_titles_of_many_rows_take_one_query_and_none_when_at_hand(
    cast: Cast, django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        task = Task.objects.select_related("inspection").get()
    with django_assert_num_queries(0):
        findables([task, task.inspection])
    rows = [Task.objects.get(), Task.objects.get()]
    with django_assert_num_queries(1):
        assert {one.context for one in findables(rows)} == {"云洲市委园区专项巡察"}


def test_people_of_a_joint_unit_find_its_tasks_as_long_as_it_works_on_them(cast: Cast) -> None:
    task, other = at_another_unit(cast, 2)
    office, found = actor_for(cast.office), f"/tasks/{task.pk}/"
    assert found not in hits(cast, "department_reader", "渗滤液")
    plan_items.set_joint_units(task, [cast.environment.pk], actor=office)
    page = hits(cast, "department_reader", "渗滤液")
    assert found in page
    assert f"/tasks/{other.pk}/" not in page
    assert "没有找到" in hits(cast, "outsider", "渗滤液")
    plan_items.set_joint_units(task, [], actor=office)
    assert found not in hits(cast, "department_reader", "渗滤液")
    plan_items.set_joint_units(task, [cast.environment.pk], actor=office)
    removing.withdraw_row(task, reason="重复登记", actor=office)
    assert found not in hits(cast, "department_reader", "渗滤液")
    assert not Reader.objects.exists()


def test_joint_units_of_many_tasks_are_told_in_four_statements(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    links = [JointUnit.objects.create(task=task, unit=cast.environment) for task in at_another_unit(cast, 5)]
    with django_assert_num_queries(4):
        shared(links)
    assert Reader.objects.count() == 5
    with django_assert_num_queries(0):
        shared([])


def test_outsider_finds_nothing(cast: Cast) -> None:
    assert "没有找到" in hits(cast, "outsider", "转移联单")


@pytest.mark.parametrize("query", ["", "！", "'", '"', "a" * 500, "\x00", "%", "转移 不存在的词"])
def test_odd_queries_are_answered(cast: Cast, query: str) -> None:
    assert "核对危险废物" not in hits(cast, "office", query)


def test_nobody_is_led_to_signing_in(client, cast: Cast) -> None:
    assert client.get("/search/?q=x").status_code == 302
