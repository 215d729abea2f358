"""The pages of dispatches, meetings and letters, as their people see them."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.oversight.models import Decision, Dispatch, Letter, Meeting
from tests.cast import Cast, make_cast
from tests.oversight.people import People, make_people, make_tasks

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def people(cast: Cast) -> People:
    return make_people(cast)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def post(client: Client, name: str, *args: object, **body: object) -> object:
    return client.post(reverse(f"oversight:{name}", args=args), body)


def text(client: Client, name: str, *args: object) -> str:
    found = client.get(reverse(f"oversight:{name}", args=args))
    assert found.status_code == 200, found.content[:300]
    return found.content.decode()


def test_a_dispatch_from_preparing_to_its_minutes(cast: Cast, people: People) -> None:
    make_tasks(cast, date(2026, 11, 20), date(2026, 11, 27))
    client = signed_in(cast.office)
    assert "准备周调度" in text(client, "dispatches")
    text(client, "prepare")
    post(client, "prepare", organisation_id=cast.organisation.pk, week_of="2026-11-23")
    row = Dispatch.objects.get()
    shown = text(client, "dispatch", row.pk)
    assert "逾期3天" in shown and "还有4天到期" in shown
    post(
        client,
        "new-decision",
        "dispatch",
        row.pk,
        text="限期完成",
        unit_id=cast.environment.pk,
        due_on="2026-11-27",
    )
    asked = reverse("oversight:new-decision", args=["dispatch", row.pk]) + "?asked=1"
    client.post(asked, {"text": "1-1是否发黄色督办单", "advice": "发"})
    question = Decision.objects.get(asked=True)
    group = signed_in(people.group)
    assert "批示" in text(group, "decision", question.pk)
    post(group, "answer-decision", question.pk, answer="agreed")
    post(
        client,
        "dispatch-attendance",
        row.pk,
        present="方静宜 主任\n沈既白 负责人 线上",
        absent="贺明渠 副主任 出差",
        guest="",
    )
    assert row.attendance.filter(person__isnull=False).count() == 3
    refused = post(client, "hold-dispatch", row.pk, held_on="2026-11-29", place="", chair="", note="")
    assert refused.status_code == 422
    post(client, "hold-dispatch", row.pk, held_on="2026-11-23", place="三楼", chair="陆知行", note="")
    assert "11月23日召开" in text(client, "dispatch", row.pk)
    for what in ("brief", "minutes"):
        for suffix in ("docx", "pdf"):
            found = client.get(reverse("oversight:dispatch-file", args=[row.pk, what, suffix]))
            assert found.status_code == 200 and len(found.content) > 5000
    brief = text(client, "brief", row.pk)
    assert "请决定（1件）" in brief and "逾期（1项）" in brief


def test_a_meeting_with_people_recusals_and_minutes(cast: Cast, people: People) -> None:
    (task,) = make_tasks(cast, date(2026, 12, 20))
    client = signed_in(cast.office)
    post(
        client, "new-meeting", organisation_id=cast.organisation.pk, kind="special", title="生态环境整改专题调度会",
        held_on="2026-11-23", place="二楼", chair="贺明渠", topics="研究固废台账\n研究排污口", account="会议听取汇报。",
    )  # fmt: skip
    row = Meeting.objects.get()
    post(client, "recuse", row.pk, person_id=people.group.pk, task_id=task.pk, reason="分管该部门")
    assert task.recusals.get().meeting == f"meeting:{row.pk}"
    post(client, "hold-meeting", row.pk)
    shown = text(client, "meeting", row.pk)
    assert "研究排污口" in shown and "分管该部门" in shown
    assert "待销号" in text(signed_in(people.group), "meeting", row.pk)
    found = client.get(reverse("oversight:meeting-file", args=[row.pk, "docx"]))
    assert found.status_code == 200


def test_a_slip_from_the_ladder_to_its_reply(cast: Cast, people: People) -> None:
    make_tasks(cast, date(2026, 11, 20))
    supervision = signed_in(people.supervision)
    assert "黄色督办单" in text(supervision, "proposed")
    key = f"{cast.environment.pk}:t+3"
    assert post(signed_in(cast.office), "proposed", key=[key]).status_code == 403
    post(supervision, "proposed", key=[key])
    row = Letter.objects.get()
    assert (row.kind, row.year, row.number, row.state) == ("yellow", 2026, 1, "issued")
    assert "没有应发的督办单" in text(supervision, "proposed")
    post(
        supervision,
        "deliver-letter",
        row.pk,
        delivered_on="2026-11-23",
        delivered_to="白露",
        delivered_how="hand",
    )
    head = signed_in(people.head)
    assert "督黄〔2026〕1号" in text(head, "letters")
    post(head, "reply-letter", row.pk, text="已完成验收。", signer="", replied_on="")
    row.refresh_from_db()
    assert row.state == "replied"
    reply = row.replies.get()
    post(supervision, "judge-reply", reply.pk, taken="no", reason="没有附验收单")
    row.refresh_from_db()
    assert row.state == "delivered"
    post(head, "reply-letter", row.pk, text="补附验收单。", signer="", replied_on="")
    post(supervision, "judge-reply", row.replies.last().pk, taken="yes", reason="")
    post(supervision, "close-letter", row.pk, note="")
    shown = text(supervision, "letter", row.pk)
    assert "已办结" in shown and "没有附验收单" in shown
    for suffix in ("docx", "pdf"):
        assert supervision.get(reverse("oversight:letter-file", args=[row.pk, suffix])).status_code == 200
    other = signed_in(people.other_head)
    assert other.get(reverse("oversight:letter", args=[row.pk])).status_code == 404


def test_a_rule_is_set_with_its_source_and_shown(cast: Cast) -> None:
    client = signed_in(cast.office)
    pk = cast.organisation.pk
    assert "14天" in text(client, "rules", pk)
    refused = post(client, "edit-rule", pk, "stalled-after", value="0", source="", starts_on="")
    assert refused.status_code == 422
    post(client, "edit-rule", pk, "stalled-after", value="10", source="江高党办〔2026〕8号", starts_on="")
    shown = text(client, "rules", pk)
    assert "10天" in shown and "江高党办〔2026〕8号" in shown
    ladder = '[{"key": "a", "days": 1, "kind": "red", "to": ["leader"], "reply_days": 3}, {"key": "b", "days": 2, "kind": "blue", "to": ["leader"], "reply_days": 3}]'
    refused = post(client, "edit-rule", pk, "ladder", value=ladder, source="x", starts_on="")
    assert "越往后只能越严" in refused.content.decode()
