"""Closure through the API: the whole way by tokens, refusals as JSON with every reason, paper with two registrars."""

import json
from typing import Any

import pytest
from django.test import Client

from bihuan.files.actions import receive_whole
from bihuan.findings.models import Closure, Task
from bihuan.orgs.models import User
from tests.cast import Cast, actor_for
from tests.closing import PDF, Desk, hand_of, make_desk, make_ready

pytestmark = pytest.mark.django_db
STEPS = ("claim", "sign", "verify", "close", "accept")
BODIES: dict[str, dict[str, Any]] = {
    "claim": {"text": "42户产废企业均已建账。"}, "verify": {"sufficient": True, "appropriate": True},
}  # fmt: skip


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def task(cast: Cast, desk: Desk) -> Task:
    return make_ready(cast, desk)[0]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(user: User, address: str, body: dict[str, Any]) -> Any:
    return client_of(user).post(f"/api/v1/{address}", json.dumps(body), content_type="application/json")


def test_the_whole_way(desk: Desk, task: Task) -> None:
    for step in STEPS:
        answer = post(hand_of(desk, step), f"closure/{step}", {"tasks": [task.pk], **BODIES.get(step, {})})
        assert answer.status_code == 200, answer.content
    told = client_of(desk.superior).get(f"/api/v1/tasks/{task.pk}/closures").json()
    assert (told["stage"], told["next"]) == ("accepted", None)
    assert [
        told["closures"][0][f"{word}_by_id"]
        for word in ("claimed", "signed", "verified", "closed", "accepted")
    ] == [hand_of(desk, step).pk for step in STEPS]


def test_a_refusal_tells_every_reason(desk: Desk, task: Task) -> None:
    answer = post(desk.head, "closure/claim", {"tasks": [task.pk], "end_state": "basically_completed"})
    assert answer.status_code == 422
    body = answer.json()
    assert [fault["code"] for fault in body["faults"]] == [
        "closure.text-missing", "closure.left-over-missing", "closure.left-until-missing",
    ]  # fmt: skip
    assert body["tasks"][0]["number"] == task.number
    assert post(desk.leader, "closure/sign", {"tasks": [task.pk]}).status_code == 409
    assert (
        post(desk.head, "closure/sign", {"tasks": [task.pk]}).json()["faults"][0]["code"]
        == "closure.role-leader"
    )


def test_trying_writes_nothing(desk: Desk, task: Task) -> None:
    answer = post(desk.head, "closure/claim", {"tasks": [task.pk], "text": "已建账。", "try": True})
    assert answer.json() == {"would": [task.pk], "refused": []}
    assert not Closure.objects.exists()


def test_not_in_sight_is_not_there(cast: Cast, desk: Desk, task: Task) -> None:
    for user in (cast.outsider, desk.other_head):
        assert post(user, "closure/claim", {"tasks": [task.pk], "text": "x"}).status_code == 404
    assert post(desk.head, "closure/approve", {"tasks": [task.pk]}).status_code == 404


def test_back_withdrawn_and_reopened(desk: Desk, task: Task) -> None:
    one = {"tasks": [task.pk]}
    post(desk.head, "closure/claim", {**one, **BODIES["claim"]})
    assert post(desk.head, "closure-withdraw", one).status_code == 200
    post(desk.head, "closure/claim", {**one, **BODIES["claim"]})
    assert (
        post(desk.leader, "closure-return", {**one, "reason": "other"}).json()["code"]
        == "closure.reason-unnamed"
    )
    assert (
        post(desk.leader, "closure-return", {**one, "reason": "other", "measure": "建账"}).status_code == 200
    )
    for step in STEPS[:4]:
        post(hand_of(desk, step), f"closure/{step}", {**one, **BODIES.get(step, {})})
    done = post(desk.second_supervisor, "closure-reopen", {**one, "reason": "recheck", "note": "2户无台账"})
    assert done.status_code == 200, done.content
    task.refresh_from_db()
    assert task.state == "doing"


def upload(user: User) -> int:

    return receive_whole([PDF], name="审签单.pdf", size=len(PDF), purpose="sheet", actor=actor_for(user)).pk


def test_a_step_on_paper_by_two_registrars(
    cast: Cast, desk: Desk, task: Task, settings: Any, tmp_path: Any
) -> None:
    settings.BIHUAN_FILES = tmp_path
    answer = post(desk.liaison, f"tasks/{task.pk}/sheets", {"step": "claim", "text": "42户均已建账。"})
    assert answer.status_code == 201, answer.content
    sheet = answer.json()["id"]
    scan = {"signer_id": desk.head.pk, "signed_on": "2026-11-20"}
    own = {"signer_id": cast.office.pk, "signed_on": "2026-11-20", "upload_id": upload(cast.office)}
    assert post(cast.office, f"sheets/{sheet}/bind", own).json()["code"] == "closure.sheet-own-signature"
    assert post(desk.liaison, f"sheets/{sheet}/bind", {**scan, "upload_id": 1}).status_code == 403
    wrong = post(
        cast.office,
        f"sheets/{sheet}/bind",
        {**scan, "signer_id": desk.leader.pk, "upload_id": own["upload_id"]},
    )
    assert wrong.json()["faults"][0]["code"] == "closure.role-unit-head"
    done = post(cast.office, f"sheets/{sheet}/bind", {**scan, "upload_id": own["upload_id"]})
    assert done.status_code == 200, done.content
    assert post(cast.office, f"sheets/{sheet}/confirm", {}).json()["code"] == "closure.sheet-own-binding"
    assert post(desk.second_supervisor, f"sheets/{sheet}/confirm", {}).status_code == 200
    closure = Closure.objects.get(task=task)
    assert (closure.claimed_by, closure.claimed_on.isoformat(), closure.claimed_via) == (
        desk.head,
        "2026-11-20",
        "paper",
    )
    late = post(desk.second_supervisor, f"sheets/{sheet}/confirm", {})
    assert (late.status_code, late.json()["code"]) == (409, "closure.sheet-not-bound")
