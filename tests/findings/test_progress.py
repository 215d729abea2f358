"""Reports by exception, steps of one's own tasks, and the pages of units and of workbooks."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.audit.models import Event
from bihuan.core.refusal import NotAllowed
from bihuan.findings.actions.progress import report_progress, withdraw_report
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import JointUnit, ProgressReport, Step, Task, Workbook
from tests.cast import Cast, actor_for
from tests.closing import Desk, make_desk
from tests.findings.books import PERIOD, Given, filled, give
from tests.findings.browsing import signed_in
from tests.making import make_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def own(cast: Cast, desk: Desk) -> list[Task]:
    return make_register(cast, count=3, unit_id=cast.environment.pk)


def at(name: str, *args: int) -> str:
    return reverse(f"findings:{name}", args=args)


def test_one_tick_for_many_and_a_text_for_one(desk: Desk, own: list[Task]) -> None:
    actor, ids = actor_for(desk.liaison), [task.pk for task in own]
    assert len(report_progress(ids, {"unchanged": True}, actor=actor)) == 3
    assert report_progress(ids, {"unchanged": True}, actor=actor) == []
    [made] = report_progress(ids[:1], {"text": " 已培训42户。 ", "next_step": "逐月比对"}, actor=actor)
    assert (made.text, made.unit_id, made.unchanged) == ("已培训42户。", own[0].unit_id, False)
    assert Event.objects.filter(action="progress.report").count() == 4


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"unchanged": True, "text": "x"}, "books.unchanged-with-text"),
        ({"text": "  "}, "books.text-missing"),
        ({"text": "x" * 20001}, "findings.too-long"),
        ({"text": "x\x07"}, "findings.control-character"),
    ],
)
def test_wrong_reports(desk: Desk, own: list[Task], values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as wrong:
        report_progress([own[0].pk], values, actor=actor_for(desk.liaison))
    assert code in {fault.code for fault in wrong.value.faults}
    assert not ProgressReport.objects.exists()


def test_who_reports(cast: Cast, desk: Desk, own: list[Task]) -> None:
    for user in (desk.other_head, desk.supervisor, desk.leader, cast.reader, cast.outsider):
        with pytest.raises(NotAllowed):
            report_progress([own[0].pk], {"unchanged": True}, actor=actor_for(user))
    JointUnit.objects.create(task=own[0], unit=cast.safety)
    [joint] = report_progress([own[0].pk], {"unchanged": True}, actor=actor_for(desk.other_head))
    [office] = report_progress([own[0].pk], {"unchanged": True}, actor=actor_for(cast.office))
    assert (joint.unit_id, office.unit_id) == (cast.safety.pk, cast.environment.pk)
    with pytest.raises(NotAllowed):
        report_progress([own[0].pk, own[1].pk], {"text": "x"}, actor=actor_for(desk.other_head))
    assert ProgressReport.objects.count() == 2


def test_closed_tasks_report_nothing(desk: Desk, own: list[Task]) -> None:
    Task.objects.filter(pk=own[1].pk).update(state="completed")
    with pytest.raises(NotAllowed, match="books.ended") as refused:
        report_progress([task.pk for task in own], {"unchanged": True}, actor=actor_for(desk.liaison))
    assert refused.value.params["numbers"] == own[1].number
    assert not ProgressReport.objects.exists()


def test_a_report_is_withdrawn_with_a_reason(desk: Desk, own: list[Task]) -> None:
    actor = actor_for(desk.liaison)
    [row] = report_progress([own[0].pk], {"unchanged": True}, actor=actor)
    with pytest.raises(Invalid):
        withdraw_report(row, " ", actor=actor)
    assert withdraw_report(row, "报错了", actor=actor).withdrawn
    assert len(report_progress([own[0].pk], {"unchanged": True}, actor=actor)) == 1


def test_the_page_of_a_unit(cast: Cast, desk: Desk, own: list[Task]) -> None:
    liaison = signed_in(desk.liaison)
    body = liaison.get(at("unit-tasks")).content.decode()
    assert all(task.number in body for task in own)
    assert at("evidence-add", own[0].pk) in body
    assert own[0].title not in signed_in(desk.other_head).get(at("unit-tasks")).content.decode()
    liaison.post(at("unit-tasks"), {"tasks": [own[0].pk]})
    assert ProgressReport.objects.count() == 1
    liaison.post(at("unit-tasks"), {"all": "1"})
    assert ProgressReport.objects.count() == 3
    assert signed_in(cast.outsider).post(at("unit-tasks"), {"tasks": [own[0].pk]}).status_code == 404
    assert signed_in(desk.supervisor).post(at("unit-tasks"), {"tasks": [own[0].pk]}).status_code == 403


def test_the_page_of_a_report(cast: Cast, desk: Desk, own: list[Task]) -> None:
    liaison, pk = signed_in(desk.liaison), own[0].pk
    assert liaison.get(at("progress", pk)).status_code == 200
    assert liaison.post(at("progress", pk), {"text": ""}).status_code == 422
    assert liaison.post(at("progress", pk), {"text": "已培训。"}).status_code == 302
    row = ProgressReport.objects.get()
    assert "已培训。" in liaison.get(at("task", pk)).content.decode()
    assert liaison.post(at("withdraw-report", row.pk), {"reason": "报错了"}).status_code == 302
    for user, status in ((cast.outsider, 404), (desk.other_head, 404), (desk.supervisor, 403)):
        assert signed_in(user).get(at("progress", pk)).status_code == status
        assert signed_in(user).get(at("withdraw-report", row.pk)).status_code == status


def test_units_set_their_own_steps(cast: Cast, desk: Desk, own: list[Task]) -> None:
    liaison = signed_in(desk.liaison)
    assert liaison.post(at("new-step", own[0].pk), {"title": "发样表", "person": "刘知远"}).status_code == 302
    step = Step.objects.get()
    done = {"title": "发样表", "done_on": "2026-11-20", "revision": 1}
    assert liaison.post(at("edit-step", step.pk), done).status_code == 302
    late = liaison.post(at("edit-step", step.pk), {**done, "title": "发完样表"})
    assert late.status_code == 409 and "发完样表" in late.content.decode()
    step.refresh_from_db()
    assert (step.done_on, step.revision) == (date(2026, 11, 20), 2)
    for user, status in ((cast.outsider, 404), (desk.other_head, 404), (desk.supervisor, 403)):
        assert signed_in(user).get(at("new-step", own[0].pk)).status_code == status
        assert signed_in(user).get(at("edit-step", step.pk)).status_code == status
    assert liaison.get(at("edit-task", own[0].pk)).status_code == 403


def test_the_pages_of_workbooks(cast: Cast) -> None:
    given: Given = give(cast)
    office, pk = signed_in(cast.office), given.inspection.pk
    page = office.get(at("workbooks", pk)).content.decode()
    assert "应交3家，已交0家，还有3家未交：第1责任单位、第2责任单位、第3责任单位。请2026年11月30日前" in page
    pack = b"".join(office.get(at("workbook-pack", pk), {"period": PERIOD}).streaming_content)
    files = [
        SimpleUploadedFile("各家.zip", pack),
        SimpleUploadedFile("一.xlsx", filled(given.file(0), "甲", "无变化")),
    ]
    files.append(SimpleUploadedFile("一改.xlsx", filled(given.file(0), "乙", "无变化")))
    answer = office.post(at("returned-workbooks", pk), {"period": PERIOD, "files": files})
    text, made = answer.content.decode(), answer.context["made"]
    assert "两份说法不同，请选一份" in text and "一改.xlsx" in text and not ProgressReport.objects.exists()
    form = {"carried": made.carried, "period": PERIOD, "made": given.rows[0].pk, "units": given.rows[0].pk}
    assert office.post(at("returned-workbooks", pk), form).status_code == 422
    task = given.of(0)[0].pk
    assert office.post(at("returned-workbooks", pk), {**form, f"task-{task}": "1"}).status_code == 302
    assert ProgressReport.objects.get(task=task).text == "乙"
    assert Workbook.objects.get(pk=given.rows[0].pk).returned_on is not None
    assert office.post(at("returned-workbooks", pk), {"period": PERIOD}).status_code == 422
    assert office.post(at("workbooks", pk), {"period": "12月", "due_on": "2026-11-01"}).status_code == 422
    assert office.post(at("workbooks", pk), {"period": "12月", "due_on": ""}).status_code == 302
    assert office.post(at("withdraw-workbooks", pk) + "?period=12月", {"reason": "重发"}).status_code == 302
    for user, status in ((cast.outsider, 404), (cast.reader, 403)):
        assert signed_in(user).get(at("workbooks", pk)).status_code == status
        assert signed_in(user).get(at("workbook-pack", pk), {"period": PERIOD}).status_code == status
        assert signed_in(user).post(at("returned-workbooks", pk), {"period": PERIOD}).status_code == status
