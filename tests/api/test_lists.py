"""Lists, tallies and files of the API say the same as the register."""

from datetime import date

import pytest

from bihuan.findings.actions.states import set_state
from tests.api.conftest import Caller
from tests.cast import Cast, actor_for
from tests.making import make_institution, make_register

pytestmark = pytest.mark.django_db


def test_pages_of_a_list_hold_every_row_once(office: Caller, cast: Cast) -> None:
    make_register(cast, count=7)
    pages = [office.get(f"tasks?size=3&page={number}") for number in (1, 2, 3, 4)]
    assert [page["total"] for page in pages] == [7] * 4
    assert [row["number"] for page in pages for row in page["rows"]] == [f"{n}-1" for n in range(1, 8)]


def test_a_list_filters_and_sorts_as_the_page(office: Caller, cast: Cast) -> None:
    tasks = make_register(cast, count=3)
    office.patch(f"tasks/{tasks[1].pk}", {"revision": 1, "unit_id": cast.safety.pk, "leader": "闻人月"})
    office.patch(f"tasks/{tasks[2].pk}", {"revision": 1, "due_on": "2026-11-24"})
    assert [row["number"] for row in office.get("tasks?sort=-number")["rows"]] == ["3-1", "2-1", "1-1"]
    assert [row["id"] for row in office.get(f"tasks?unit={cast.safety.pk}")["rows"]] == [tasks[1].pk]
    assert [row["id"] for row in office.get("tasks?leader=闻人月")["rows"]] == [tasks[1].pk]
    assert [row["id"] for row in office.get("tasks?due=week")["rows"]] == [tasks[2].pk]
    row = office.get("tasks?columns=number,title,measures,inspection&size=1")["rows"][0]
    assert (row["measures"], row["inspection"]) == ("", "云洲市委园区专项巡察")


def test_a_tally_is_of_any_day_as_known_at_any_moment(office: Caller, cast: Cast) -> None:
    task = make_register(cast, count=2)[0]
    set_state(task, "doing", revision=1, actor=actor_for(cast.office))
    at = f"inspections/{task.inspection_id}/tally"
    assert office.get(at)["states"] == {"doing": 1, "todo": 1}
    assert office.get(f"{at}?as_of=2026-11-22")["tasks"] == 0
    assert office.get(f"{at}?known_at=2026-01-01T00:00:00%2B08:00")["tasks"] == 0
    assert office.get(f"{at}?known_at=2026-12-01T00:00:00Z")["tasks"] == 2
    states = office.get(f"tasks/{task.pk}/states")
    assert [(one["state"], one["superseded_at"] is None) for one in states] == [
        ("todo", False),
        ("doing", True),
    ]


def test_details_hold_what_hangs_below(office: Caller, cast: Cast) -> None:
    task = make_register(cast, unit_id=cast.safety.pk)[0]
    step = office.post(f"tasks/{task.pk}/steps", {"title": "列名单", "due_on": "2026-12-01"}, status=201)
    made = make_institution(cast, problem_id=task.problem_id, inspection_id=task.inspection_id)
    found = office.get(f"tasks/{task.pk}")
    assert (found["unit"], found["problem"], found["steps"]) == ("安全生产监管部", "1", [step])
    problem = office.get(f"problems/{task.problem_id}")
    assert (problem["state"], problem["tasks"][0]["id"], problem["institutions"]) == (
        "todo", task.pk, [{"id": made.pk, "title": made.title}],
    )  # fmt: skip
    assert office.get(f"findings/{problem['finding_id']}")["problems"][0]["tasks"] == 1
    tree = office.get(f"inspections/{task.inspection_id}/tree")
    assert tree[0]["problems"][0]["tasks"][0]["number"] == "1-1"


def test_home_search_and_record_agree_with_the_register(office: Caller, cast: Cast) -> None:
    tasks = make_register(cast, count=3, due_on=date(2026, 11, 25))
    home = office.get("home")
    assert (home["counts"]["open"], home["counts"]["this_week"], len(home["due"])) == (3, 3, 3)
    assert home["standings"][0]["states"] == {"todo": 3}
    assert office.get("search?q=台账样表")["total"] == 3
    record = office.get(f"record?kind=task&object={tasks[0].pk}")
    assert [(row["action"], row["name"]) for row in record["rows"]] == [("task.create", "方静宜")]
    assert record["rows"][0]["set"]["title"] == tasks[0].title


def test_the_readers_of_one_department_get_its_tasks_only(cast: Cast, office: Caller, caller) -> None:
    tasks = make_register(cast, count=2)
    office.patch(f"tasks/{tasks[0].pk}", {"revision": 1, "unit_id": cast.environment.pk})
    office.patch(f"tasks/{tasks[1].pk}", {"revision": 1, "unit_id": cast.safety.pk})
    department = caller(cast.department_reader)
    assert [row["id"] for row in department.get("tasks")["rows"]] == [tasks[0].pk]
    assert department.get(f"inspections/{tasks[0].inspection_id}/tally")["tasks"] == 1
    assert department.get("responsibilities")["rows"][0]["tasks"] == 1
    assert department.get("search?q=台账样表")["total"] == 1
    assert department.get("record")["total"] == 0


def test_a_saved_view_is_the_address_of_its_list(office: Caller) -> None:
    body = {"list": "tasks", "name": "未开始", "query": {"state": "todo", "sort": "-due_on"}}
    view = office.post("views", body, status=201)
    assert office.get("views") == [{**view, "query": "state=todo&sort=-due_on"}]
    assert (
        office.post("views", {**body, "query": {"state": "no"}}, status=422)["code"]
        == "findings.unknown-filter"
    )
    assert office.ask("delete", f"views/{view['id']}").json() == {"dropped": view["id"]}
    assert office.get("views") == []
