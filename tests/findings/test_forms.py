"""The forms: saved, refused beside their fields, conflicts side by side, many at once or none."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.findings.actions import tasks as actions
from bihuan.findings.models import Finding, Inspection, Institution, Problem, Step, Task
from tests.cast import Cast, actor_for
from tests.findings.browsing import signed_in
from tests.making import make_inspection, make_register

TASK = {"number": "1-1", "title": "培训产废企业并逐户发放台账样表", "due_on": "2026-12-31"}


def posted(client: Client, name: str, args: list[object], **values: object):
    return client.post(reverse(f"findings:{name}", args=args), values)


def test_a_register_is_made_by_hand_from_page_to_page(cast: Cast) -> None:
    client = signed_in(cast.office)
    own = str(cast.organisation.pk)
    posted(
        client,
        "new-inspection",
        [],
        organisation_id=own,
        title="环保督察",
        kind_id="huanbao",
        feedback_on="2026-06",
    )
    inspection = Inspection.objects.get()
    posted(client, "new-finding", [inspection.pk], number="一", title="固废管理有差距", quote="抽查18家。")
    posted(client, "new-problem", [Finding.objects.get().pk], number="1", title="台账不全")
    posted(client, "new-task", [Problem.objects.get().pk], **TASK, unit_id=str(cast.environment.pk))
    posted(client, "new-step", [Task.objects.get().pk], title="发放样表", due_on="2026-12-01")
    posted(
        client,
        "new-institution",
        [],
        organisation_id=own,
        title="固废管理制度",
        inspection_id=str(inspection.pk),
    )
    assert (Task.objects.get().unit_id, Step.objects.get().title) == (cast.environment.pk, "发放样表")
    assert Institution.objects.get().inspection_id == inspection.pk
    page = client.get(reverse("findings:inspection", args=[inspection.pk])).content.decode()
    assert "固废管理有差距" in page
    assert "2026年6月" in page
    assert [*chain_breaks(), *table_breaks()] == []


def test_faults_stand_beside_their_fields_and_what_was_typed_stays(cast: Cast) -> None:
    task = make_register(cast)[0]
    client = signed_in(cast.office)
    answer = posted(
        client, "edit-task", [task.pk], **{**TASK, "due_on": "2026-06-01", "leader": "贺明渠"}, revision=1
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "期限2026-06-01早于反馈日期2026-06-12" in page
    assert 'value="贺明渠"' in page
    assert "id_due_on" in page


def test_month_13_is_no_date(cast: Cast) -> None:
    task = make_register(cast)[0]
    client = signed_in(cast.office)
    assert (
        posted(client, "edit-task", [task.pk], **{**TASK, "due_on": "2026-13-01"}, revision=1).status_code
        == 422
    )
    inspection = task.inspection
    answer = posted(
        client,
        "edit-inspection",
        [inspection.pk],
        title="巡察",
        kind_id="xuncha",
        feedback_on="2026-13",
        revision=1,
    )
    assert "没有13月" in answer.content.decode()


def test_a_conflict_shows_both_versions_and_who_wrote_the_other(cast: Cast) -> None:
    task = make_register(cast)[0]
    client = signed_in(cast.office)
    actions.edit_task(task, {"leader": "沈既白"}, revision=1, actor=actor_for(cast.outsider))
    answer = posted(client, "edit-task", [task.pk], **TASK, leader="贺明渠", revision=1)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<ins>贺明渠</ins>" in page
    assert "<del>沈既白</del>" in page
    assert "顾长风" in page
    assert Task.objects.get().leader == "沈既白"
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision is not None
    assert (
        posted(client, "edit-task", [task.pk], **TASK, leader="贺明渠", revision=revision[1]).status_code
        == 302
    )
    assert Task.objects.get().leader == "贺明渠"


def test_an_edit_without_a_revision_is_a_conflict(cast: Cast) -> None:
    task = make_register(cast)[0]
    assert posted(signed_in(cast.office), "edit-task", [task.pk], **TASK, leader="贺明渠").status_code == 409


def test_a_state_is_set_and_an_end_is_refused(cast: Cast) -> None:
    task = make_register(cast)[0]
    client = signed_in(cast.office)
    assert posted(client, "set-state", [task.pk], state="doing", revision=1).status_code == 302
    refused = posted(client, "set-state", [task.pk], state="completed", revision=2)
    assert refused.status_code == 422
    assert "须经申请、审签、核查、销号" in refused.content.decode()
    assert posted(client, "set-state", [task.pk], state="todo", revision=1).status_code == 409
    assert posted(client, "set-state", [task.pk], state="", revision=2).status_code == 422


def test_a_row_is_withdrawn_with_a_reason_and_stays_readable(cast: Cast) -> None:
    task = make_register(cast)[0]
    client = signed_in(cast.office)
    assert posted(client, "withdraw", ["task", task.pk], reason="").status_code == 422
    assert posted(client, "withdraw", ["task", task.pk], reason="重复登记").status_code == 302
    page = client.get(reverse("findings:task", args=[task.pk])).content.decode()
    assert "已撤回" in page
    assert "重复登记" in page
    assert client.get(reverse("findings:edit-task", args=[task.pk])).status_code == 403
    assert client.get(reverse("findings:withdraw", args=["person", 1])).status_code == 404


def bulk(client: Client, ids: list[int], **values: object):
    return client.post(reverse("findings:bulk"), {"id": ids, **values})


def test_many_tasks_are_changed_after_the_change_was_shown(cast: Cast) -> None:
    tasks = make_register(cast, count=3)
    ids = [task.pk for task in tasks]
    client = signed_in(cast.office)
    assert bulk(client, ids).status_code == 200
    shown = bulk(
        client, ids, step="check", change=["leader", "unit_id"], leader="贺明渠", unit_id=cast.safety.pk
    )
    assert "将改3项任务" in shown.content.decode()
    assert not Task.objects.filter(leader="贺明渠").exists()
    before = Event.objects.count()
    saved = bulk(
        client, ids, step="save", change=["leader", "unit_id"], leader="贺明渠", unit_id=cast.safety.pk
    )
    assert saved.status_code == 302
    assert Task.objects.filter(leader="贺明渠", unit=cast.safety, revision=2).count() == 3
    assert Event.objects.count() == before + 3
    assert [*chain_breaks(), *table_breaks()] == []


def test_one_refused_task_stops_all_and_says_why(cast: Cast) -> None:
    tasks = make_register(cast, count=3)
    Task.objects.filter(pk=tasks[1].pk).update(state="completed")
    client = signed_in(cast.office)
    for step in ("check", "save"):
        answer = bulk(client, [task.pk for task in tasks], step=step, change=["state"], state="doing")
        assert answer.status_code == 422
        assert "2-1" in answer.content.decode()
    assert not Task.objects.filter(state="doing").exists()


def test_a_bulk_change_keeps_the_first_due_date(cast: Cast) -> None:
    tasks = make_register(cast, count=2, due_on=None)
    actions.edit_task(tasks[0], {"due_on": date(2026, 9, 30)}, revision=1, actor=actor_for(cast.office))
    client = signed_in(cast.office)
    bulk(client, [task.pk for task in tasks], step="save", change=["due_on"], due_on="2026-12-31")
    first = list(Task.objects.order_by("pk").values_list("first_due_on", "due_on"))
    assert first == [(date(2026, 9, 30), date(2026, 12, 31)), (date(2026, 12, 31), date(2026, 12, 31))]
    assert [*chain_breaks(), *table_breaks()] == []


def test_a_bulk_change_of_state_keeps_the_history(cast: Cast) -> None:
    tasks = make_register(cast, count=4)
    client = signed_in(cast.office)
    assert (
        bulk(client, [task.pk for task in tasks], step="save", change=["state"], state="waiting").status_code
        == 302
    )
    assert Task.objects.filter(state="waiting").count() == 4
    assert [*chain_breaks(), *table_breaks()] == []


@pytest.mark.parametrize("ids", [[], ["x"], ["99999999"], [str(n) for n in range(1, 502)]])
def test_ticks_that_name_nothing_or_too_much_are_refused(cast: Cast, ids: list[str]) -> None:
    make_register(cast)
    answer = signed_in(cast.office).post(reverse("findings:bulk"), {"id": ids})
    assert answer.status_code in (404, 422)


def test_others_may_not_change_many(cast: Cast) -> None:
    ids = [task.pk for task in make_register(cast, count=2)]
    values = {"step": "save", "change": ["leader"], "leader": "顾长风"}
    assert bulk(signed_in(cast.reader), ids, **values).status_code == 403
    assert bulk(signed_in(cast.outsider), ids, **values).status_code == 404
    assert bulk(signed_in(cast.disabled), ids, **values).status_code == 302
    assert not Task.objects.filter(leader="顾长风").exists()


def test_the_same_form_sent_twice_makes_one_row(cast: Cast) -> None:
    inspection = make_inspection(cast)
    client = signed_in(cast.office)
    for expected in (302, 422):
        assert (
            posted(client, "new-finding", [inspection.pk], number="一", title="固废管理有差距").status_code
            == expected
        )
    assert Finding.objects.count() == 1


def test_an_inspection_begun_in_anothers_organisation_is_refused(cast: Cast) -> None:
    client = signed_in(cast.office)
    answer = posted(
        client, "new-inspection", [], organisation_id=str(cast.elsewhere.pk), title="巡察", kind_id="xuncha"
    )
    assert answer.status_code == 422
    assert posted(signed_in(cast.reader), "new-inspection", [], title="巡察").status_code == 403
    assert not Inspection.objects.exists()
