"""What stands beside closure, through the API: blockers, disputes, recusals, recipients, reviews, remarks."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bihuan.audit.queries import table_breaks
from bihuan.core.closure import Limits
from bihuan.files.actions import receive_whole
from bihuan.findings.models import Comment, Recipient, Task
from bihuan.findings.queries.closing import limits_of
from bihuan.notify.models import Notification
from bihuan.orgs.models import DeadlineRule, User
from tests.cast import TODAY, Cast, actor_for
from tests.closing import LONG, PDF, Desk, make_desk, make_ready, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def task(cast: Cast, desk: Desk) -> Task:
    return make_ready(cast, desk)[0]


def post(user: User, address: str, body: dict[str, Any], *, expect: int | str = 0) -> Any:
    """Post, and check the status or the code of the refusal."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json")
    if isinstance(expect, str):
        found = answer.json()
        assert expect in [found["code"], *(one["code"] for one in found.get("faults", ()))], found
    else:
        assert answer.status_code == (expect or answer.status_code), answer.content
        assert answer.status_code < 300 or expect, answer.content
    return answer.json()


def test_a_blocker_stops_and_is_lifted(cast: Cast, desk: Desk, task: Task) -> None:
    at = f"problems/{task.problem_id}/blockers"
    post(cast.office, at, {"reason": "抽查不合格"}, expect=403)
    post(desk.supervisor, at, {"reason": " "}, expect="findings.required")
    made = post(desk.supervisor, at, {"reason": "抽查3户，1户无台账", "source": "第2轮督查"})
    post(desk.head, "closure/claim", {"tasks": [task.pk], "text": "已建账"}, expect="closure.blocked")
    post(cast.outsider, f"blockers/{made['id']}/lift", {"reason": "x"}, expect=404)
    post(desk.supervisor, f"blockers/{made['id']}/lift", {"reason": "复查合格"})
    post(
        desk.supervisor,
        f"blockers/{made['id']}/lift",
        {"reason": "复查合格"},
        expect="closure.blocker-lifted",
    )
    post(desk.head, "closure/claim", {"tasks": [task.pk], "text": "已建账"})
    assert not list(table_breaks())


def test_a_dispute_and_its_ruling(cast: Cast, desk: Desk, task: Task, settings: Any, tmp_path: Any) -> None:
    settings.BIHUAN_FILES = tmp_path
    at = f"problems/{task.problem_id}/disputes"
    post(desk.supervisor, at, {"ground": "不是本单位职责"}, expect=403)
    made = post(cast.office, at, {"ground": "该事项2024年已划转市局。"})
    post(cast.office, at, {"ground": "再提一次"}, expect="closure.dispute-open")
    ruling = {"ruling": "dismissed", "text": "职责划转前的问题仍由你单位整改。"}
    post(cast.office, f"disputes/{made['id']}/rule", ruling, expect="closure.ruling-paper")
    post(desk.supervisor, f"disputes/{made['id']}/rule", ruling, expect=403)
    post(
        desk.superior,
        f"disputes/{made['id']}/rule",
        {**ruling, "ruling": "no"},
        expect="closure.ruling-unknown",
    )
    paper = receive_whole(
        [PDF], name="答复.pdf", size=len(PDF), purpose="ruling", actor=actor_for(cast.office)
    )
    done = post(cast.office, f"disputes/{made['id']}/rule", {**ruling, "upload_id": paper.pk})
    assert done["file_id"]
    post(desk.superior, f"disputes/{made['id']}/rule", ruling, expect="closure.dispute-ruled")
    assert not list(table_breaks())


def test_recusals(cast: Cast, desk: Desk, task: Task) -> None:
    body = {
        "tasks": [task.pk],
        "person_id": desk.group.pk,
        "meeting": "第3次专题会",
        "reason": "曾任该部部长",
    }
    post(desk.liaison, "recusals", body, expect=403)
    post(cast.office, "recusals", {**body, "person_id": desk.superior.pk}, expect="closure.recusal-outside")
    [made] = post(desk.group, "recusals", body)
    assert post(cast.office, "recusals", body) == []
    post(desk.group, f"recusals/{made['id']}/withdraw", {"reason": "误登"}, expect="closure.recusal-own")
    post(desk.second_group, f"recusals/{made['id']}/withdraw", {"reason": "误登"})
    assert not list(table_breaks())


def test_recipients_are_named_by_the_unit_and_asked_by_supervision(desk: Desk, task: Task) -> None:
    at = f"tasks/{task.pk}/recipients"
    people = [
        {"name": f"第{number}户", "contact": "0730-000000", "amount": 120_000} for number in range(1, 8)
    ]
    post(desk.supervisor, at, {"people": people}, expect=403)
    post(
        desk.liaison, at, {"people": [{"name": " "}, {"name": "x", "amount": 5}]}, expect="findings.required"
    )
    post(desk.liaison, at, {"people": people})
    post(
        desk.head,
        "closure/claim",
        {"tasks": [task.pk], "text": "已退"},
        expect="closure.recipients-not-asked",
    )
    post(desk.liaison, f"{at}/draw", {"size": 2, "seed": "3-5-1"}, expect=403)
    post(desk.supervisor, f"{at}/draw", {"size": 9, "seed": "3-5-1"}, expect="closure.sample-size")
    drawn = post(desk.supervisor, f"{at}/draw", {"size": 2, "seed": "3-5-1"})
    assert [one["id"] for one in drawn] == [
        one["id"] for one in post(desk.supervisor, f"{at}/draw", {"size": 2, "seed": "3-5-1"})
    ]
    spared = Recipient.objects.filter(sampled=False).first()
    assert spared is not None
    answer = {"confirmed": True, "how": "phone"}
    post(desk.supervisor, f"recipients/{spared.pk}/answer", answer, expect="closure.recipient-not-drawn")
    post(desk.head, f"recipients/{drawn[0]['id']}/answer", answer, expect=403)
    for one in drawn:
        post(desk.supervisor, f"recipients/{one['id']}/answer", answer)
        post(
            desk.liaison,
            f"recipients/{one['id']}/withdraw",
            {"reason": "误登"},
            expect="closure.recipient-drawn",
        )
    post(desk.liaison, f"recipients/{spared.pk}/withdraw", {"reason": "误登"})
    post(desk.head, "closure/claim", {"tasks": [task.pk], "text": "已退"})
    assert not list(table_breaks())


def test_a_long_term_task_is_reviewed_within_the_limit(desk: Desk, task: Task) -> None:
    at = f"tasks/{task.pk}/reviews"
    body = {"text": "机制运行正常。", "next_on": (TODAY + timedelta(days=60)).isoformat()}
    post(desk.liaison, at, body, expect="closure.review-state")
    walk(desk, [task], "close", LONG)
    late = (TODAY + timedelta(days=91)).isoformat()
    post(desk.liaison, at, {**body, "next_on": late}, expect="closure.review-missing")
    post(desk.liaison, at, body)
    task.refresh_from_db()
    assert task.review_on == TODAY + timedelta(days=60)
    assert not list(table_breaks())


def test_remarks_tell_who_is_mentioned(cast: Cast, desk: Desk, task: Task) -> None:
    body = {"text": "请补签字页。", "mentioned": [desk.liaison.pk]}
    post(cast.outsider, f"comments/task/{task.pk}", body, expect=404)
    post(
        cast.reader,
        f"comments/task/{task.pk}",
        {**body, "mentioned": [cast.outsider.pk]},
        expect="closure.mentioned-outside",
    )
    made = post(cast.reader, f"comments/task/{task.pk}", body)
    assert Notification.objects.get().recipient_id == desk.liaison.pk
    post(cast.office, f"comments/{made['id']}/withdraw", {}, expect="closure.comment-own")
    post(cast.reader, f"comments/{made['id']}/withdraw", {})
    assert Comment.objects.get().withdrawn
    assert not list(table_breaks())


def test_limits_are_the_deadlines_of_the_organisation(cast: Cast) -> None:
    def of(**terms: tuple[int, str]) -> Limits:
        DeadlineRule.objects.all().delete()
        for code, (number, measure) in terms.items():
            DeadlineRule.objects.create(
                organisation=cast.organisation, code=code, number=number, measure=measure, source="本单位规定"
            )
        return limits_of(cast.organisation.pk, TODAY)

    assert of() == Limits(review_days=90, backdate_days=30)
    assert of(long_term_review=(60, "days"), paper_backdate=(1, "months")) == Limits(60, 30)
    assert of(long_term_review=(5, "working_days")) == Limits(7, 30)
    assert limits_of(cast.elsewhere.pk, TODAY) == Limits(90, 30)


def test_the_record_hides_who_was_owed_from_readers(cast: Cast, desk: Desk, task: Task) -> None:
    post(desk.liaison, f"tasks/{task.pk}/recipients", {"people": [{"name": "某家具厂"}]})
    for user, seen in ((cast.reader, False), (desk.supervisor, True), (cast.office, True)):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert ("某家具厂" in client.get("/api/v1/record?size=200").content.decode()) is seen
        assert client.get(f"/api/v1/tasks/{task.pk}/recipients").status_code == (200 if seen else 403)
