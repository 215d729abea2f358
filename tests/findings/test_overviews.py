"""整改方案 and 填报表 across inspections: what stands on them, narrowed, for whom."""

import pytest
from django.urls import reverse

from bihuan.findings.actions import plan_opinions, plan_versions
from bihuan.findings.actions.workbooks import make_workbooks
from bihuan.findings.models import Workbook
from bihuan.orgs.models import User
from tests.cast import TODAY, Cast, actor_for, make_person
from tests.findings.browsing import signed_in
from tests.making import make_finding, make_inspection, make_problem, make_task

pytestmark = pytest.mark.django_db


def page(user: User, name: str, query: str = "") -> str:
    response = signed_in(user).get(reverse(f"findings:{name}") + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def shared(cast: Cast) -> Cast:
    inspection = make_inspection(cast, title="江澜园区巡察")
    problem = make_problem(cast, make_finding(cast, inspection))
    for number, unit in enumerate((cast.environment, cast.safety), 1):
        make_task(cast, problem, number=f"1-{number}", unit_id=unit.pk)
    actor = actor_for(cast.office)
    plan = plan_versions.begin_plan(inspection, title="江澜整改方案", actor=actor)
    plan = plan_versions.send_plan(plan, "opinions", revision=1, actor=actor)
    given = {"unit_id": cast.safety.pk, "text": "期限偏紧"}
    plan_opinions.give_opinion(plan, given, actor=actor)
    make_inspection(cast, title="无方案巡察")
    make_workbooks(inspection, "2026年11月", TODAY, actor=actor)
    Workbook.objects.filter(unit=cast.environment).update(returned_on=TODAY)
    return cast


def test_the_plans_say_how_they_stand_and_are_narrowed_by_it(shared: Cast) -> None:
    whole = page(shared.office, "plans")
    assert "江澜园区巡察" in whole
    assert "无方案巡察" in whole
    assert "意见待答复1条" in whole
    assert "/file.docx" in whole
    assert "无方案巡察" not in page(shared.office, "plans", "?state=opinions")
    assert "江澜园区巡察" not in page(shared.office, "plans", "?state=none")
    assert "没有这样的整改方案" in page(shared.office, "plans", "?state=approved")
    assert "江澜园区巡察" in page(shared.office, "plans", "?state=nonsense")


def test_who_sees_one_unit_only_reads_of_its_own_opinions_and_gets_no_paper(shared: Cast) -> None:
    part = page(shared.department_reader, "plans")
    assert "江澜园区巡察" in part
    assert "无方案巡察" not in part
    assert "意见待答复" not in part
    assert "/file.docx" not in part
    assert "江澜" not in page(shared.outsider, "plans")


def test_the_workbooks_name_who_is_missing(shared: Cast) -> None:
    whole = page(shared.office, "books")
    assert "应交2家，已交1家" in whole
    assert "安全生产监管部</a>" in whole
    assert "生态环境部</a>" not in whole
    assert "2026年11月" in page(shared.office, "books", "?show=out")
    assert "没有这样的填报表" in page(shared.office, "books", "?show=late")
    Workbook.objects.filter(returned_on=None).update(due_on="2026-11-01")
    assert "逾期" in page(shared.office, "books", "?show=late")
    assert "还没有发过填报表" in page(shared.outsider, "books")


def test_the_head_of_a_unit_finds_its_own_workbook_and_no_way_to_the_office(shared: Cast) -> None:
    head = make_person("shenyibai", "沈一白", unit=shared.safety, role="unit_head")
    own = page(head, "books")
    assert "应交1家，已交0家" in own
    book = Workbook.objects.get(unit=shared.safety)
    assert reverse("findings:workbook-file", args=[book.pk]) in own
    assert reverse("findings:workbooks", args=[book.inspection_id]) not in own
