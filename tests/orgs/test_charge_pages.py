"""The forms of delegation, administrators, groups, calendar and sheet as a browser sends them."""

import io

import openpyxl
import pytest
from django.test import Client

from bihuan.audit.models import Event
from bihuan.orgs.importing.sheet import COLUMNS
from bihuan.orgs.models import Delegation, Grant, Group, Membership, Unit, User
from tests.cast import TODAY, Cast, make_person


def client(user: User) -> Client:
    found = Client()
    found.force_login(user)
    return found


def sheet(*rows: tuple[str, ...]) -> io.BytesIO:
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in ([words[0] for words in COLUMNS.values()], *rows):
        made.active.append(list(row))
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    file.name = "人员.xlsx"
    return file


def test_a_leader_delegates_on_the_page_and_takes_it_back(cast: Cast) -> None:
    leader = make_person("weiming", "魏明", unit=cast.organisation, role="leader")
    deputy = make_person("linshuang", "林霜", unit=cast.safety, role="liaison")
    grant = Grant.objects.get(post__person=leader)
    sent = {"person": "林霜", "unit": "", "starts_on": TODAY, "ends_on": "2026-12-01", "reason": "出差"}
    wrong = client(leader).post(f"/grants/{grant.pk}/delegate/", {**sent, "person": "无此人", "ends_on": ""})
    assert wrong.status_code == 422
    assert "无此人" in wrong.content.decode()
    assert client(deputy).post(f"/grants/{grant.pk}/delegate/", sent).status_code == 404
    assert client(leader).post(f"/grants/{grant.pk}/delegate/", sent).status_code == 302
    made = Delegation.objects.get()
    assert (made.post.person, made.unit) == (deputy, cast.organisation)
    page = client(deputy).post(f"/grants/{grant.pk}/delegate/", sent)
    assert page.status_code == 403
    assert "受托的权限不能再委托" in page.content.decode()
    end = f"/delegations/{made.pk}/end/"
    assert client(deputy).post(end, {"ends_on": TODAY}).status_code == 403
    assert client(leader).post(end, {"ends_on": TODAY}).status_code == 302
    assert "赴" not in client(leader).get("/delegations/").content.decode()


def test_the_office_appoints_the_three_and_then_only_reads(cast: Cast) -> None:
    for name in ("jiayi", "yier", "bingsan"):
        make_person(name, name, unit=cast.organisation, role="reader")
    Grant.objects.filter(post__person__username__in=("jiayi", "yier", "bingsan")).delete()
    url = f"/organisations/{cast.organisation.pk}/administrators/"
    sent = {"system_admin": "jiayi", "security_admin": "yier", "audit_admin": "jiayi", "starts_on": TODAY}
    wrong = client(cast.office).post(url, sent)
    assert wrong.status_code == 422
    assert "不能兼任两员" in wrong.content.decode()
    assert client(cast.office).post(url, {**sent, "audit_admin": "bingsan"}).status_code == 302
    assert "jiayi" in client(cast.office).get(url).content.decode()
    assert client(cast.office).post(url, sent).status_code == 403
    assert client(cast.office).get(f"/units/{cast.safety.pk}/people/add/").status_code == 403
    system = User.objects.get(username="jiayi")
    assert client(system).get(f"/units/{cast.safety.pk}/people/add/").status_code == 200


def test_a_group_is_founded_and_its_notice_taken(cast: Cast) -> None:
    office = client(cast.office)
    url = f"/organisations/{cast.organisation.pk}/groups/leading/found/"
    assert "整改工作领导小组" in office.get(url).content.decode()
    sent = {
        "name": "整改工作领导小组",
        "founded_on": TODAY,
        "duties": "审定方案",
        "office_unit": "生态环境部",
    }
    assert office.post(url, sent).status_code == 302
    group = Group.objects.get()
    assert group.office_unit == cast.environment
    assert (
        office.post(f"/groups/{group.pk}/members/add/", {"seat": "head", "name": "贺明渠"}).status_code == 302
    )
    assert (
        office.post(f"/groups/{group.pk}/members/add/", {"seat": "head", "name": "魏明"}).status_code == 409
    )
    assert Membership.objects.count() == 1
    for suffix, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert office.get(f"/groups/{group.pk}/file.{suffix}").content.startswith(begins)
    assert office.get(f"/groups/{group.pk}/file.exe").status_code == 404


def test_a_sheet_is_previewed_with_its_faults_then_written_with_codes(cast: Cast) -> None:
    office, url = client(cast.office), f"/organisations/{cast.organisation.pk}/import/"
    bad = sheet(("新部", "", "", "车间", "甲", "jia", "员", "昨天", "", "皇帝", ""))
    page = office.post(url, {"file": bad, "mode": "update"})
    assert page.status_code == 422
    for words in ("单位类别", "车间", "任职开始", "昨天", "角色", "皇帝", "一行也没有写入"):
        assert words in page.content.decode()
    good = sheet(("新部", "", "", "部门", "甲一", "jia", "员", "2026-01-05", "", "联络员", ""))
    page = office.post(url, {"file": good, "mode": "update"})
    assert page.status_code == 200
    assert not Unit.objects.filter(name="新部").exists()
    carried = page.context["carried"]
    assert client(cast.outsider).post(f"{url}commit/", {"carried": carried}).status_code == 404
    count = Event.objects.count()
    assert office.post(f"{url}commit/", {"carried": carried[:-3] + "xxx"}).status_code == 422
    assert Event.objects.count() == count
    done = office.post(f"{url}commit/", {"carried": carried})
    assert done.status_code == 200
    assert done.context["done"].codes[0].code in done.content.decode()
    assert office.post(f"{url}commit/", {"carried": carried}).context["done"].codes == ()
    text = io.BytesIO(b"unit,name")
    text.name = "a.csv"
    assert office.post(url, {"file": text, "mode": "update"}).status_code == 422


@pytest.mark.parametrize("year", ["2026", "2027", "x", "99999", "-1"])
def test_the_calendar_answers_any_year(cast: Cast, year: str) -> None:
    url = f"/organisations/{cast.organisation.pk}/calendar/?year={year}"
    page = client(cast.office).get(url)
    assert page.status_code == 200
    assert "2027年还没有数据" in page.content.decode()
