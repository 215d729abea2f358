"""Many tasks together by a page: told beforehand what is refused, all or none; word of it; my work equals its lists."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.findings.actions.closure import take
from bihuan.findings.actions.closure_back import Return, give_back
from bihuan.findings.models import Closure, Recusal
from bihuan.findings.queries.desk import QUEUED, RETURNED
from bihuan.notify.models import Notification
from bihuan.orgs.models import User
from tests.cast import TODAY, Cast, actor_for
from tests.closing import Desk, given_for, hand_of, make_desk, make_ready, sealed, walk
from tests.findings.browsing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def together(user: User, tasks: Any, step: str, **data: str) -> Any:
    body = {"id": [str(task.pk) for task in tasks], "take": step, **data}
    return signed_in(user).post("/closure/together/", body)


def told(user: User) -> list[str]:
    return sorted(Notification.objects.filter(recipient=user).values_list("code", flat=True))


def test_all_or_none_told_beforehand(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=3)
    walk(desk, tasks[:2], "claim")
    page = text_of(signed_in(desk.leader).get("/tasks/?waiting=sign"))
    assert 'formaction="/closure/together/"' in page
    assert 'href="/closure/sign/"' in page
    page = text_of(together(desk.leader, tasks, "sign"))
    assert "1项不能办理，因此一项也不会办理" in page
    assert "不能审签。3-1还没有申请销号。" in page
    assert together(desk.leader, tasks, "sign", do="save").status_code == 409
    assert set(Closure.objects.values_list("stage", flat=True)) == {"claimed"}
    assert "2项现在都没有办理的障碍" in text_of(together(desk.leader, tasks[:2], "sign"))
    assert together(desk.leader, tasks[:2], "sign", do="save").status_code == 302
    assert set(Closure.objects.values_list("stage", flat=True)) == {"signed"}


def test_claims_and_verifications_together(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=2)
    assert together(desk.head, tasks, "claim", do="save", end_state="completed").status_code == 422
    assert (
        together(desk.head, tasks, "claim", do="save", end_state="completed", text="均已建账。").status_code
        == 302
    )
    walk_on = take("sign", [task.pk for task in tasks], given_for("sign"), actor=actor_for(desk.leader))
    assert len(walk_on) == 2
    assert "请回答：佐证材料充分吗？" in text_of(together(desk.supervisor, tasks, "verify", do="check"))
    answers = {"sufficient": "yes", "appropriate": "yes"}
    assert "2项都可以办理" in text_of(together(desk.supervisor, tasks, "verify", do="check", **answers))
    assert together(desk.supervisor, tasks, "verify", do="save", **answers).status_code == 302


def test_in_a_meeting_without_who_is_recused(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=2)
    walk(desk, tasks, "verify")
    meeting = "领导小组第6次专题会议"
    sealed(
        cast,
        Recusal(task=tasks[1], organisation=cast.organisation, person=desk.group, meeting=meeting, on=TODAY),
    )
    answer = together(desk.group, tasks, "close", do="save", meeting=meeting)
    assert answer.status_code == 403
    assert "不能办理。您对2-1应当回避，须由其他人办理。" in text_of(answer)
    assert not Closure.objects.exclude(stage="verified").exists()
    assert together(desk.second_group, tasks, "close", do="save", meeting=meeting).status_code == 302
    assert set(Closure.objects.values_list("stage", "meeting", "closed_via")) == {
        ("closed", meeting, "meeting")
    }


def test_nobody_gets_round_by_many(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=2)
    for step in ("claim", "sign", "verify", "close", "accept"):
        for user in (cast.office, cast.reader, desk.other_head, desk.liaison):
            answer = together(
                user,
                tasks,
                step,
                do="save",
                end_state="completed",
                text="好",
                sufficient="yes",
                appropriate="yes",
            )
            assert answer.status_code in (403, 404), (user.name, step)
        take(step, [task.pk for task in tasks], given_for(step), actor=actor_for(hand_of(desk, step)))
    for body in ({}, {"id": "x"}, {"id": "9" * 30}, {"id": str(tasks[0].pk), "take": "open"}):
        assert signed_in(desk.head).post("/closure/together/", body).status_code in (404, 422)


def test_whose_turn_it_is_is_told(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=2)
    walk(desk, tasks, "claim")
    assert told(desk.leader) == ["notify.to-sign"] * 2
    assert told(desk.other_leader) == []
    walk(desk, [], "claim")
    take("sign", [task.pk for task in tasks], given_for("sign"), actor=actor_for(desk.leader))
    assert told(desk.supervisor) == told(desk.second_supervisor) == ["notify.to-verify"] * 2
    give_back([tasks[0].pk], Return("other", measure="建账"), actor=actor_for(desk.supervisor))
    assert told(desk.head) == told(desk.liaison) == ["notify.returned"]
    row = Notification.objects.get(recipient=desk.head)
    assert row.params["reason"] == "@closure.reason-other"
    page = text_of(signed_in(desk.head).get("/notifications/"))
    assert "任务1-1被退回" in page
    assert "原因：其他" in page


def test_word_costs_the_same_for_many(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=22)
    walk(desk, tasks, "claim")
    counts = []
    for chosen in (tasks[:2], tasks[2:]):
        with CaptureQueriesContext(connection) as found:
            take("sign", [task.pk for task in chosen], given_for("sign"), actor=actor_for(desk.leader))
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_every_count_of_my_work_is_its_list(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=5)
    walk(desk, tasks[:3], "claim")
    walk(desk, tasks[3:4], "verify")
    give_back([tasks[0].pk], Return("other", measure="建账"), actor=actor_for(desk.leader))
    for user in (
        desk.head,
        desk.liaison,
        desk.leader,
        desk.supervisor,
        desk.group,
        desk.superior,
        cast.office,
        cast.reader,
    ):
        browser = signed_in(user)
        home = text_of(browser.get("/"))
        part = home.partition('aria-label="等我办理"')[2].partition("</nav>")[0]
        found = re.findall(r'href="([^"]+)"><b>(\d+)</b>', part)
        assert found, user.name
        for url, number in found:
            page = browser.get(url)
            shown = page.context["page"]
            total = shown.total if hasattr(shown, "total") else shown.paginator.count
            assert total == int(number), (user.name, url)
        came = tuple(f"waiting={word}" for word in (*QUEUED, RETURNED))
        waits = sum(int(number) for url, number in found if url.endswith(came))
        nav = home.partition('aria-label="主导航"')[2].partition("</nav>")[0]
        shown_count = re.search(r'我的工作 ?<span class="c">(\d+)', nav)
        assert (int(shown_count[1]) if shown_count else 0) == waits, user.name
