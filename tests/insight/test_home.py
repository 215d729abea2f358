"""The first page: what waits, what is due, how the inspections stand; every number equals its list."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from bihuan.findings.queries.sight import reach
from bihuan.insight import queries
from bihuan.orgs.queries import sight
from tests.cast import Cast
from tests.findings.browsing import signed_in
from tests.making import make_finding, make_inspection, make_problem, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(cast: Cast) -> None:
    today = timezone.localdate()
    finding = make_finding(cast, make_inspection(cast))
    problem = make_problem(cast, finding)
    dues = {
        "1": today - timedelta(days=3),
        "2": today,
        "3": queries.week_end(today) + timedelta(days=1),
        "4": None,
    }
    for number, due in dues.items():
        unit = cast.environment if number == "1" else cast.safety
        make_task(
            cast,
            problem,
            number=f"15-{number}",
            title=f"第{number}项任务",
            due_on=due,
            unit_id=unit.pk,
            category="at_once",
        )


def test_nobody_is_led_to_signing_in(client, cast: Cast) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_empty_register_says_where_to_begin(cast: Cast) -> None:
    page = signed_in(cast.office).get("/").content.decode()
    assert "从一份文件开始" in page
    assert "导入文件" in page
    assert "整改办登记之后就会出现" in signed_in(cast.reader).get("/").content.decode()


def test_every_number_equals_the_list_it_leads_to(cast: Cast, register: None) -> None:
    browser = signed_in(cast.office)
    page = browser.get("/").content.decode()
    links = re.findall(r'<a class="[^"]*" href="(/tasks/\?[^"]*)"><b>(\d+)</b>', page) + re.findall(
        r'<a href="(/tasks/\?[^"]*)"><b>(\d+)</b>', page
    )
    assert len(links) >= 3
    for url, number in links:
        rows = browser.get(url.replace("&amp;", "&")).content.decode()
        assert f"共{number}项" in rows, url


def test_due_tasks_are_shown_oldest_first(cast: Cast, register: None) -> None:
    seen = reach(cast.office, timezone.localdate())
    assert [task.number for task in queries.due(seen)] == ["15-1", "15-2"]


def test_who_sees_one_department_counts_its_tasks_only(cast: Cast, register: None) -> None:
    today = timezone.localdate()
    seen = reach(cast.department_reader, today)
    counted = queries.counts(seen, sight(cast.department_reader, today))
    assert (counted.open, counted.overdue) == (1, 1)
    page = signed_in(cast.department_reader).get("/").content.decode()
    assert "第1项任务" in page
    assert "第2项任务" not in page


def test_outsider_sees_nothing_of_it(cast: Cast, register: None) -> None:
    page = signed_in(cast.outsider).get("/").content.decode()
    assert "第1项任务" not in page
    assert "专项巡察" not in page


def test_number_of_queries_does_not_grow(cast: Cast, register: None, django_assert_max_num_queries) -> None:
    browser = signed_in(cast.office)
    with django_assert_max_num_queries(17):
        browser.get("/")
    for index in range(6):
        finding = make_finding(
            cast, make_inspection(cast, title=f"第{index}轮", feedback_on=f"2025-0{index + 1}-01")
        )
        make_task(cast, make_problem(cast, finding), category="at_once", due_on=timezone.localdate())
    with django_assert_max_num_queries(17):
        browser.get("/")
