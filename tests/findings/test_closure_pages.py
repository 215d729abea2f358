"""The pages of closure: the whole way by pages, what stands in the way told beforehand, and no way round by POST."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bihuan.core.closure import diagram
from bihuan.findings.models import Blocker, Closure, ClosureReturn, Evidence, Recusal, Task
from bihuan.orgs.models import Delegation, Grant, Post, User
from bihuan.web.catalogue import say
from tests.cast import TODAY, Cast, make_person
from tests.closing import BASIC, Desk, changed, hand_of, make_desk, make_evidence, make_ready, sealed, walk
from tests.findings.browsing import signed_in

pytestmark = pytest.mark.django_db
PASS = {"decision": "pass"}
VERIFIED = {**PASS, "sufficient": "yes", "appropriate": "yes"}
BACK = {"decision": "return", "reason": "evidence-missing", "measure": "逐户建账", "note": "补2家"}
QUEUED = ("sign", "verify", "close", "accept")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def task(cast: Cast, desk: Desk) -> Task:
    return make_ready(cast, desk)[0]


def url(task: Task, way: str) -> str:
    return f"/tasks/{task.pk}/closure/{way}/"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def sent(user: User, task: Task, way: str, **data: str) -> Any:
    return signed_in(user).post(url(task, way), data)


def body_for(step: str) -> dict[str, str]:
    return {
        "claim": {"end_state": "completed", "text": "42户均已建账。", "do": "claim"},
        "verify": VERIFIED,
    }.get(step, PASS)


def test_the_whole_way_by_pages(desk: Desk, task: Task) -> None:
    for step, word in (
        ("claim", "申请销号"), ("sign", "审签"), ("verify", "核查"), ("close", "办理销号"), ("accept", "办理认可"),
    ):  # fmt: skip
        person = hand_of(desk, step)
        page = text_of(signed_in(person).get(f"/tasks/{task.pk}/"))
        assert page.count('class="btn go"') == 1, step
        assert f'<a class="btn go" href="{url(task, step)}">{word}</a>' in page
        assert signed_in(person).get(url(task, step)).status_code == 200
        answer = sent(person, task, step, **body_for(step))
        assert answer.status_code == 302, text_of(answer)
    assert Closure.objects.get().stage == "accepted"
    page = text_of(signed_in(desk.head).get(f"/tasks/{task.pk}/"))
    for person in (desk.head, desk.leader, desk.supervisor, desk.group, desk.superior):
        assert person.name in page


def test_what_is_missing_is_told_beforehand(cast: Cast, desk: Desk, task: Task) -> None:
    changed(cast, Evidence.objects.get(task=task), withdrawn=True)
    page = text_of(signed_in(desk.head).get(f"/tasks/{task.pk}/"))
    assert "还差什么" in page
    assert "1-1还没有佐证材料，请先上传。" in page
    assert 'class="btn go"' not in page
    other = text_of(signed_in(cast.reader).get(f"/tasks/{task.pk}/"))
    assert "不能申请销号。只有责任单位负责人可以申请，请报本单位负责人。" in other


def test_a_claim_keeps_what_was_typed_and_says_all_faults(desk: Desk, task: Task) -> None:
    answer = sent(
        desk.head,
        task,
        "claim",
        end_state="basically_completed",
        text="",
        failures="固废台账齐全",
        do="claim",
    )
    page = text_of(answer)
    assert answer.status_code == 422
    for sentence in (
        "请写明做了什么、结果怎样。",
        "基本完成的，请写明还剩什么。",
        "基本完成的，请写明剩余部分哪天前完成。",
    ):
        assert sentence in page
    assert "固废台账齐全" in page
    assert not Closure.objects.exists()


def test_the_liaison_drafts_and_cannot_claim(desk: Desk, task: Task) -> None:
    page = text_of(signed_in(desk.liaison).get(url(task, "claim")))
    assert 'value="claim"' not in page
    answer = sent(desk.liaison, task, "claim", end_state="completed", text="已建账", do="claim")
    assert answer.status_code == 403
    assert not Closure.objects.exists()


@pytest.mark.parametrize("step", ["claim", *QUEUED])
def test_nobody_else_takes_a_step_by_post(cast: Cast, desk: Desk, task: Task, step: str) -> None:
    before = {"sign": "claim", "verify": "sign", "close": "verify", "accept": "close"}.get(step)
    if before:
        walk(desk, [task], before)
    stage = Closure.objects.values_list("stage", flat=True).first()
    people = [
        cast.office, cast.reader, desk.liaison, desk.head, desk.other_head, desk.leader, desk.other_leader, desk.supervisor,
        desk.group, desk.superior,
    ]  # fmt: skip
    for person in people:
        if person == hand_of(desk, step):
            continue
        browser = signed_in(person)
        seen = browser.get(f"/tasks/{task.pk}/").status_code
        answer = browser.post(url(task, step), body_for(step))
        assert answer.status_code == (403 if seen == 200 else 404), (person.name, step)
        if step != "claim" or person != desk.liaison:
            assert browser.get(url(task, step)).status_code == answer.status_code
    assert Closure.objects.values_list("stage", flat=True).first() == stage
    assert Client().post(url(task, step), body_for(step)).status_code == 302


@pytest.mark.parametrize("step", QUEUED)
def test_a_step_out_of_turn_is_refused(desk: Desk, task: Task, step: str) -> None:
    person = hand_of(desk, step)
    page = signed_in(person).get(url(task, step))
    assert page.status_code == 200
    assert "现在不能办理" in text_of(page)
    assert sent(person, task, step, **body_for(step)).status_code == 409


def test_answers_of_the_verifier(desk: Desk, task: Task) -> None:
    walk(desk, [task], "sign")
    page = text_of(sent(desk.supervisor, task, "verify", **PASS))
    assert "请回答：佐证材料充分吗？" in page
    answer = sent(desk.supervisor, task, "verify", **{**VERIFIED, "sufficient": "no", "verify_note": "缺2份"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "材料不充分的不能通过核查，请写明原因退回。" in page
    assert "缺2份" in page


@pytest.mark.parametrize("step", QUEUED)
def test_a_return_names_what_failed(desk: Desk, task: Task, step: str) -> None:
    walk(desk, [task], {"sign": "claim", "verify": "sign", "close": "verify", "accept": "close"}[step])
    person = hand_of(desk, step)
    page = text_of(sent(person, task, step, decision="return", note="请补"))
    assert "请选择原因。" in page
    assert "请写明是哪份材料、清单哪一项或哪条措施不行。" in page
    assert "请补" in page
    assert sent(person, task, step, **BACK).status_code == 302
    row = ClosureReturn.objects.get()
    assert (row.reason, row.measure, row.note, row.to_stage) == (
        "evidence-missing",
        "逐户建账",
        "补2家",
        "unit",
    )
    assert "逐户建账" in text_of(signed_in(desk.head).get(f"/tasks/{task.pk}/"))


def test_a_return_by_one_step(desk: Desk, task: Task) -> None:
    walk(desk, [task], "verify")
    assert sent(desk.group, task, "close", **BACK, to="signed").status_code == 302
    assert Closure.objects.get().stage == "signed"


def test_the_supervision_returns_at_any_stage(desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    assert sent(desk.head, task, "return", **BACK).status_code == 403
    assert sent(desk.supervisor, task, "return", reason="other").status_code == 422
    assert sent(desk.supervisor, task, "return", **BACK).status_code == 302
    assert Closure.objects.get().stage == "returned"


def test_withdraw_and_reopen(desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    assert sent(desk.leader, task, "withdraw").status_code == 403
    assert sent(desk.head, task, "withdraw").status_code == 302
    assert sent(desk.head, task, "withdraw").status_code == 409
    walk(desk, [task], "close")
    assert sent(desk.head, task, "reopen", reason="mistake", note="错").status_code == 403
    page = text_of(sent(desk.second_supervisor, task, "reopen", source="抽查"))
    assert "请选择原因。" in page
    assert "请写明原因。" in page
    assert (
        sent(desk.second_supervisor, task, "reopen", reason="recheck", note="2户没有台账").status_code == 302
    )
    task.refresh_from_db()
    assert task.state == "doing"
    assert "2户没有台账" in text_of(signed_in(desk.head).get(f"/tasks/{task.pk}/"))


def test_the_difference_since_the_last_review(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "sign", BASIC)
    piece = Evidence.objects.get(task=task)
    sent(
        desk.supervisor,
        task,
        "verify",
        decision="return",
        reason="evidence-doubtful",
        evidence_id=str(piece.pk),
    )
    make_evidence(cast, task, by=desk.liaison)
    walk(desk, [task], "sign")
    page = text_of(signed_in(desk.supervisor).get(url(task, "verify")))
    assert "与上次核查相比" in page
    assert "<del>基本</del>" in page or "<del>基本完成</del>" in page
    assert "第2次申请，申请为已完成" in page
    assert "没有新材料" in page


def test_blocked_and_recused_are_told(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "verify")
    sealed(
        cast,
        Blocker(
            problem=task.problem,
            organisation=cast.organisation,
            reason="等判决",
            raised_on=TODAY,
            raised_by=cast.office,
        ),
    )
    page = text_of(signed_in(desk.group).get(url(task, "close")))
    assert "现在不能通过，可以退回" in page
    assert sent(desk.group, task, "close", **PASS).status_code == 409
    sealed(cast, Recusal(task=task, organisation=cast.organisation, person=desk.second_group, on=TODAY))
    assert sent(desk.second_group, task, "close", **PASS).status_code == 403


def test_one_after_the_other(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=3)
    walk(desk, tasks, "claim")
    browser = signed_in(desk.leader)
    assert browser.get("/closure/sign/").headers["Location"] == url(tasks[0], "sign")
    page = text_of(browser.get(url(tasks[1], "sign")))
    assert "第2件，共3件" in page
    assert f'rel="prev" href="{url(tasks[0], "sign")}"' in page
    assert f'rel="next" href="{url(tasks[2], "sign")}"' in page
    assert browser.post(url(tasks[1], "sign"), PASS).headers["Location"] == url(tasks[2], "sign")
    assert browser.post(url(tasks[2], "sign"), PASS).headers["Location"] == url(tasks[0], "sign")
    assert browser.post(url(tasks[0], "sign"), PASS).headers["Location"] == f"/tasks/{tasks[0].pk}/"
    assert browser.get("/closure/sign/").headers["Location"] == "/tasks/?waiting=sign"
    assert browser.get("/closure/claim/").status_code == 404


def test_the_diagram_of_the_document_is_the_one_of_the_steps() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "closure.md").read_text(encoding="utf-8")
    assert diagram() in text


def test_a_deputy_signs_for_the_leader_while_it_runs(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    deputy = make_person("daiban", "代班人", unit=cast.organisation, role="reader")
    lent = Delegation.objects.create(
        grant=Grant.objects.get(post__person=desk.leader), post=Post.objects.get(person=deputy), unit=cast.environment,
        starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1),
    )  # fmt: skip
    refused = sent(deputy, task, "sign", **PASS)
    assert refused.status_code == 403
    assert say("orgs.delegation-ended") in text_of(refused)
    Delegation.objects.filter(pk=lent.pk).update(ends_on=TODAY)
    assert "href" in text_of(signed_in(deputy).get(f"/tasks/{task.pk}/"))
    assert sent(deputy, task, "sign", **PASS).status_code == 302
    closure = Closure.objects.get()
    assert (closure.signed_by, closure.signed_for) == (deputy, desk.leader)
    page = text_of(signed_in(desk.head).get(f"/tasks/{task.pk}/"))
    assert "代班人（代温若山）" in page
    assert "代班人（代温若山）审签，同意按已完成申请" in page


def test_who_left_the_post_is_refused(desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    browser = signed_in(desk.leader)
    Post.objects.filter(person=desk.leader).update(ends_on=TODAY - timedelta(days=1))
    assert browser.post(url(task, "sign"), PASS).status_code == 404
    assert Closure.objects.get().stage == "claimed"


def test_no_own_work_is_verified(cast: Cast, desk: Desk, task: Task) -> None:
    make_evidence(cast, task, by=desk.second_supervisor)
    walk(desk, [task], "sign")
    answer = sent(desk.second_supervisor, task, "verify", **VERIFIED)
    assert answer.status_code == 403
    assert "您填报过1-1的进展或材料" in text_of(answer)


def test_nothing_odd_gets_in(desk: Desk, task: Task) -> None:
    walk(desk, [task], "sign")
    for body in (
        {"decision": "return", "reason": "evidence-missing", "evidence_id": "999999"},
        {"decision": "return", "reason": "odd", "measure": "x"},
        {"decision": "return", "reason": "other", "measure": "x" * 5000},
        {"decision": "return", "reason": "other", "measure": "x", "to": "verified"},
        {"decision": "pass", "sufficient": "maybe", "appropriate": "yes"},
        {},
    ):
        assert sent(desk.supervisor, task, "verify", **body).status_code == 422, body
    assert sent(desk.supervisor, task, "claimed").status_code == 404
    page = text_of(sent(desk.supervisor, task, "verify", decision="return", note="<script>x</script>"))
    assert "<script>x" not in page
