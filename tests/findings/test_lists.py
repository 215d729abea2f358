"""Lists and tallies: every number equals the rows behind it; as of any day."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from bihuan.core.findings import derived
from bihuan.core.lists import PROBLEMS, RESPONSIBILITIES, TASKS, wish
from bihuan.findings.actions import removing, states
from bihuan.findings.actions import tasks as actions
from bihuan.findings.models import Inspection, Problem, SavedView, Task, TaskState
from bihuan.findings.queries import reach
from bihuan.findings.queries.choices import leader_choices
from bihuan.findings.queries.lists import problem_page, task_page
from bihuan.findings.queries.others import responsibility_page
from bihuan.findings.queries.tally import states_as_of, tally
from tests.cast import TODAY, Cast, actor_for
from tests.findings.browsing import signed_in
from tests.making import make_finding, make_inspection, make_problem, make_register, make_task


def numbers(page) -> list[str]:
    return [row["number"] for row in page.rows]


def wanted(cast: Cast, **params: str) -> list[str]:
    return numbers(task_page(reach(cast.office, TODAY), wish(TASKS, params)))


def test_filters_narrow_and_orders_order(cast: Cast) -> None:
    first, second, third = make_register(cast, count=3, due_on=None)
    actor = actor_for(cast.office)
    first = actions.edit_task(
        first, {"due_on": date(2026, 11, 20), "unit_id": cast.safety.pk}, revision=1, actor=actor
    )
    actions.edit_task(
        second,
        {"due_on": date(2026, 11, 29), "leader": "贺明渠", "category": "staged"},
        revision=1,
        actor=actor,
    )
    states.set_state(first, "doing", revision=2, actor=actor)
    assert wanted(cast) == ["1-1", "2-1", "3-1"]
    assert wanted(cast, sort="-number") == ["3-1", "2-1", "1-1"]
    assert wanted(cast, sort="due_on") == ["1-1", "2-1", "3-1"]
    assert wanted(cast, sort="-due_on") == ["2-1", "1-1", "3-1"]
    assert wanted(cast, due="overdue") == ["1-1"]
    assert wanted(cast, due="week") == ["2-1"]
    assert wanted(cast, due="none") == ["3-1"]
    assert wanted(cast, state="doing") == ["1-1"]
    assert wanted(cast, state="open") == ["1-1", "2-1", "3-1"]
    assert wanted(cast, unit=str(cast.organisation.pk)) == ["1-1"]
    assert wanted(cast, unit=str(cast.environment.pk)) == []
    assert wanted(cast, unit="none") == ["2-1", "3-1"]
    assert wanted(cast, leader="贺明渠") == ["2-1"]
    assert wanted(cast, category="staged") == ["2-1"]
    assert wanted(cast, text="台账样表") == ["1-1", "2-1", "3-1"]
    assert wanted(cast, text="贺明渠") == ["2-1"]
    assert wanted(cast, inspection=str(first.inspection_id), problem=str(third.problem_id)) == ["3-1"]


@pytest.mark.parametrize(
    "sort", ["number", "title", "unit", "leader", "category", "first_due_on", "due_on", "state"]
)
def test_every_order_shows_every_row_once(cast: Cast, sort: str) -> None:
    make_register(cast, count=7)
    seen = reach(cast.office, TODAY)
    for way in (sort, f"-{sort}"):
        whole = numbers(task_page(seen, wish(TASKS, {"sort": way, "size": "100"})))
        assert sorted(whole) == sorted(f"{n}-1" for n in range(1, 8))


def test_a_new_task_stands_after_its_problems_last(cast: Cast) -> None:
    tasks = make_register(cast, count=3)
    make_task(cast, tasks[0].problem, number="1-2")
    assert wanted(cast) == ["1-1", "1-2", "2-1", "3-1"]


def test_withdrawn_rows_are_neither_listed_nor_counted(cast: Cast) -> None:
    task = make_register(cast, count=2)[0]
    removing.withdraw_row(task, reason="误录", actor=actor_for(cast.office))
    assert wanted(cast) == ["2-1"]
    assert tally(task.inspection, reach(cast.office, TODAY), as_of=TODAY).tasks == 1


def test_a_department_sees_only_its_own_tasks_everywhere(cast: Cast) -> None:
    finding = make_finding(cast, make_inspection(cast))
    for number, unit in (("1", cast.environment), ("2", cast.safety)):
        make_task(cast, make_problem(cast, finding, number=number), number=f"{number}-1", unit_id=unit.pk)
    seen = reach(cast.department_reader, TODAY)
    assert numbers(task_page(seen, wish(TASKS, {}))) == ["1-1"]
    assert numbers(problem_page(seen, wish(PROBLEMS, {}))) == ["1"]
    assert tally(finding.inspection, seen, as_of=TODAY).tasks == 1


def test_the_tally_is_told_as_of_any_day_and_as_known_at_any_moment(cast: Cast) -> None:
    task = make_register(cast, count=2)[0]
    TaskState.objects.update(effective_on=date(2026, 7, 1), recorded_at=datetime(2026, 7, 1, 4, tzinfo=UTC))
    states.set_state(task, "doing", revision=1, actor=actor_for(cast.office))
    seen = reach(cast.office, TODAY)
    inspection = task.inspection
    assert tally(inspection, seen, as_of=TODAY).parts == (("doing", 1), ("todo", 1))
    assert tally(inspection, seen, as_of=date(2026, 11, 22)).parts == (("todo", 2),)
    assert tally(inspection, seen, as_of=date(2026, 6, 30)).tasks == 0
    known = datetime(2026, 11, 1, tzinfo=UTC)
    assert tally(inspection, seen, as_of=TODAY, known_at=known).parts == (("todo", 2),)
    assert states_as_of(inspection, TODAY) == {"doing": 1, "todo": 1}


def test_every_number_of_the_inspection_leads_to_as_many_rows(cast: Cast) -> None:
    first, second, _third = make_register(cast, count=3, due_on=date(2026, 11, 1))
    TaskState.objects.update(effective_on=date(2026, 7, 1))
    states.set_state(first, "doing", revision=1, actor=actor_for(cast.office))
    states.set_state(second, "waiting", revision=1, actor=actor_for(cast.office))
    client = signed_in(cast.office)
    for query in ({}, {"as_of": "2026-08-01"}, {"as_of": "2026-11-23"}):
        page = client.get(reverse("findings:inspection", args=[first.inspection_id]), query).content.decode()
        links = re.findall(r'<a href="([^"]+)"><b>(\d+)</b>', page)
        assert links
        for url, count in links:
            shown = client.get(url.replace("&amp;", "&")).content.decode()
            assert f"共{count}项" in shown, url
        assert sum(int(count) for _url, count in links[1:]) == int(links[0][1])


def test_the_state_of_a_problem_follows_from_its_tasks_in_sql_as_in_core(cast: Cast) -> None:
    finding = make_finding(cast, make_inspection(cast))
    kinds = ["todo", "doing", "waiting", "completed", "basically_completed", "long_term", "not_completed"]
    sets = [(), *[(a,) for a in kinds], *[(a, b) for a in kinds for b in kinds if a < b]]
    expected: dict[str, set[str]] = {}
    for index, held in enumerate(sets, 1):
        problem = make_problem(cast, finding, number=str(index))
        for n, state in enumerate(held):
            task = make_task(cast, problem, number=f"{index}-{n}")
            Task.objects.filter(pk=task.pk).update(state=state)
        expected.setdefault(derived(held), set()).add(str(index))
    seen = reach(cast.office, TODAY)
    for state, own in expected.items():
        page = problem_page(seen, wish(PROBLEMS, {"state": state, "size": "100"}))
        assert set(numbers(page)) == own, state


def test_who_answers_for_what_adds_up_and_leads_to_the_rows(cast: Cast) -> None:
    finding = make_finding(cast, make_inspection(cast))
    for number in range(1, 6):
        unit = cast.environment if number < 4 else cast.safety
        make_task(
            cast,
            make_problem(cast, finding, number=str(number)),
            number=f"{number}-1",
            unit_id=unit.pk,
            leader="贺明渠",
        )
    page = responsibility_page(
        reach(cast.office, TODAY), wish(RESPONSIBILITIES, {"columns": "problems,tasks,numbers"})
    )
    assert [(row["unit__name"], row["tasks"], row["problems"], row["numbers"]) for row in page.rows] == [
        ("生态环境部", 3, 3, "1、2、3"),
        ("安全生产监管部", 2, 2, "4、5"),
    ]
    client = signed_in(cast.office)
    shown = client.get(reverse("findings:responsibilities")).content.decode()
    links = re.findall(r'<td role="cell" class="num"[^>]*><a href="([^"]+)">(\d+)</a>', shown)
    assert len(links) == 6
    for url, count in links:
        assert f"共{count}项" in client.get(url.replace("&amp;", "&")).content.decode()


def test_views_are_saved_for_one_person_only(cast: Cast) -> None:
    make_register(cast)
    office, reader = signed_in(cast.office), signed_in(cast.reader)
    answer = office.post(
        reverse("findings:save-view", args=["tasks"]), {"name": "逾期", "with-due": "overdue"}
    )
    assert answer["Location"] == "/tasks/?due=overdue"
    view = SavedView.objects.get()
    assert "逾期" in office.get(reverse("findings:tasks")).content.decode()
    assert reader.post(reverse("findings:drop-view", args=[view.pk])).status_code == 404
    assert office.post(reverse("findings:drop-view", args=[view.pk])).status_code == 302
    assert not SavedView.objects.exists()


def test_columns_are_chosen_by_their_ticks(cast: Cast) -> None:
    client = signed_in(cast.office)
    url = reverse("findings:columns", args=["tasks"])
    assert (
        client.get(url, {"column": ["state"], "due": "week"})["Location"]
        == "/tasks/?due=week&columns=number,title,state"
    )


def test_an_unknown_filter_is_refused_with_a_sentence(cast: Cast) -> None:
    answer = signed_in(cast.office).get(reverse("findings:tasks"), {"state": "done"})
    assert answer.status_code == 422
    assert "不认识筛选条件“done”" in answer.content.decode()


def test_one_problem_has_the_tasks_it_shows(cast: Cast) -> None:
    task = make_register(cast)[0]
    make_task(cast, Problem.objects.get(), number="1-2")
    page = signed_in(cast.reader).get(reverse("findings:problem", args=[task.problem_id])).content.decode()
    assert '任务 <span class="n-of">2</span>' in page


def test_leaders_to_choose_from_are_those_named_once_each(cast: Cast) -> None:
    finding = make_finding(cast, make_inspection(cast))
    for number, leader in enumerate(("贺明渠", "沈既白", "贺明渠", "", "程立岩"), 1):
        make_task(cast, make_problem(cast, finding, number=str(number)), number=f"{number}-1", leader=leader)
    assert sorted(leader_choices(reach(cast.office, TODAY))) == sorted(["贺明渠", "沈既白", "程立岩"])
    assert leader_choices(reach(cast.outsider, TODAY)) == []
    assert leader_choices(reach(cast.department_reader, TODAY)) == []


def test_problems_of_two_inspections_say_which_they_are_of(cast: Cast) -> None:
    live, kept = make_inspection(cast), make_inspection(cast, title="云洲市委专项巡察")
    Inspection.objects.filter(pk=kept.pk).update(mode="archive")
    for inspection in (live, kept):
        make_problem(cast, make_finding(cast, inspection))
    client, url = signed_in(cast.office), reverse("findings:problems")
    both = client.get(url).content.decode()
    assert re.findall(
        r'<td role="cell" class="off">云洲市委专项巡察 <span class="tag">存档</span></td>', both
    )
    assert f'<td role="cell" class="off">{live.title}</td>' in both
    one = client.get(url, {"inspection": live.pk}).content.decode()
    assert f'<td role="cell" class="off">{live.title}</td>' not in one


def test_an_ended_task_that_let_its_agreed_day_pass_is_flagged_and_found(cast: Cast) -> None:
    review, left, kept = make_register(cast, count=3, due_on=None)
    for row, values in (
        (review, {"state": "long_term", "review_on": TODAY - timedelta(days=3)}),
        (left, {"state": "basically_completed", "left_until": TODAY - timedelta(days=2)}),
        (kept, {"state": "long_term", "review_on": TODAY}),
    ):
        Task.objects.filter(pk=row.pk).update(**values)
    page = signed_in(cast.office).get("/tasks/").content.decode()
    assert (page.count("复核逾期"), page.count("剩余事项逾期2天")) == (1, 1)
    assert "复核逾期3天" in page
    assert wanted(cast, waiting="lapsed") == [review.number, left.number]
    then = signed_in(cast.office).get("/tasks/?as_of=2026-11-01").content.decode()
    assert "复核逾期" not in then
