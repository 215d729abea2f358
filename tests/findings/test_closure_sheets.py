"""Steps on paper by pages: printed, taken out as a file, bound with a scan, confirmed by a second person."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.audit.queries import table_breaks
from bihuan.findings.models import Closure, SignSheet, Task
from tests.cast import Cast, make_person
from tests.closing import Desk, changed, make_desk, make_ready, walk
from tests.findings.browsing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.BIHUAN_FILES", tmp_path / "files")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def task(cast: Cast, desk: Desk) -> Task:
    return make_ready(cast, desk)[0]


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def printed(user: Any, task: Task, step: str) -> SignSheet:
    answer = signed_in(user).post(f"/tasks/{task.pk}/sheets/{step}/")
    assert answer.status_code == 302, text_of(answer)
    return SignSheet.objects.latest("pk")


def scan_of(user: Any, sheet: SignSheet) -> SimpleUploadedFile:
    answer = signed_in(user).get(f"/sheets/{sheet.pk}/sheet.pdf")
    assert answer.content.startswith(b"%PDF")
    return SimpleUploadedFile("审签单扫描.pdf", answer.content, "application/pdf")


def bound(cast: Cast, desk: Desk, sheet: SignSheet, **changes: Any) -> Any:
    body = {
        "file": scan_of(cast.office, sheet), "signer_id": str(desk.leader.pk), "signed_on": "2026-11-20", "note": "同意。",
    }  # fmt: skip
    return signed_in(cast.office).post(f"/sheets/{sheet.pk}/bind/", {**body, **changes})


def test_a_leader_signs_on_paper(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    Closure.objects.update(claimed_on="2026-11-19")
    sheet = printed(desk.liaison, task, "sign")
    page = text_of(signed_in(desk.liaison).get(f"/sheets/{sheet.pk}/"))
    for words in ("销号审签单", sheet.code, "42户产废企业均已建账", "固废台账.pdf", "<svg"):
        assert words in page
    assert (
        signed_in(cast.reader).get(f"/sheets/code/{sheet.code.lower()}/").headers["Location"]
        == f"/sheets/{sheet.pk}/"
    )
    assert signed_in(cast.office).get("/sheets/?waiting=bind").content.decode().count(sheet.code) == 1
    answer = bound(cast, desk, sheet)
    assert answer.status_code == 302, text_of(answer)
    assert Closure.objects.get().stage == "claimed"
    confirming = signed_in(desk.supervisor)
    assert sheet.code in confirming.get("/sheets/?waiting=confirm").content.decode()
    page = text_of(confirming.get(f"/sheets/{sheet.pk}/confirm/"))
    assert "确认一致" in page
    assert f"/sheets/{sheet.pk}/scan/pages/1/" in page
    assert confirming.get(f"/sheets/{sheet.pk}/scan/pages/1/").headers["Content-Type"] == "image/jpeg"
    assert b"".join(confirming.get(f"/sheets/{sheet.pk}/scan/").streaming_content).startswith(b"%PDF")
    assert confirming.post(f"/sheets/{sheet.pk}/confirm/").status_code == 302
    closure = Closure.objects.get()
    assert (closure.stage, closure.signed_by, closure.signed_via) == ("signed", desk.leader, "paper")
    page = text_of(signed_in(desk.head).get(f"/tasks/{task.pk}/"))
    assert "温若山审签，同意按已完成申请（纸质办理）" in page
    assert confirming.post(f"/sheets/{sheet.pk}/confirm/").status_code == 409


def test_the_three_persons(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    Closure.objects.update(claimed_on="2026-11-19")
    sheet = printed(desk.leader, task, "sign")
    for person in (desk.leader, desk.head, cast.reader, desk.superior):
        assert signed_in(person).post(f"/sheets/{sheet.pk}/bind/", {}).status_code == 403
    assert bound(cast, desk, sheet).status_code == 302
    answer = signed_in(cast.office).post(f"/sheets/{sheet.pk}/confirm/")
    assert answer.status_code == 403
    assert "不能确认。扫描件由您登记，须由另一人确认。" in text_of(answer)
    assert signed_in(desk.leader).post(f"/sheets/{sheet.pk}/confirm/").status_code == 403
    assert Closure.objects.get().stage == "claimed"


def test_faults_of_a_binding_stand_at_their_fields(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "sign")
    Closure.objects.update(claimed_on="2026-11-18", signed_on="2026-11-19")
    sheet = printed(desk.supervisor, task, "verify")
    other = str(desk.supervisor.pk)
    answer = bound(cast, desk, sheet, signer_id=other, signed_on="2026-11-30", sufficient="yes")
    page = text_of(answer)
    assert answer.status_code == 422
    assert "2026年11月30日还没有到" in page
    assert "请回答：整改是否适当？" in page
    fake = SimpleUploadedFile("扫描.pdf", b"<html>no</html>", "application/pdf")
    answer = bound(
        cast,
        desk,
        sheet,
        signer_id=other,
        signed_on="2026-11-20",
        sufficient="yes",
        appropriate="yes",
        file=fake,
    )
    assert answer.status_code == 422
    assert SignSheet.objects.get().state == "printed"
    outside = make_person("waibu", "外部人", unit=cast.organisation, role="reader")
    assert bound(cast, desk, sheet, signer_id=str(outside.pk)).status_code == 422


def test_a_sheet_goes_stale(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    sheet = printed(desk.liaison, task, "sign")
    changed(cast, Task.objects.get(pk=task.pk), title="改过的任务")
    browser = signed_in(cast.office)
    assert "打印以后有改动" in text_of(browser.get(f"/sheets/{sheet.pk}/"))
    assert browser.get(f"/sheets/{sheet.pk}/sheet.pdf").status_code == 409
    assert browser.post(f"/sheets/{sheet.pk}/refuse/", {"note": ""}).status_code == 422
    assert browser.post(f"/sheets/{sheet.pk}/refuse/", {"note": "任务改名"}).status_code == 302
    assert SignSheet.objects.get().state == "void"


def test_the_claim_of_a_liaison_on_paper(cast: Cast, desk: Desk, task: Task) -> None:
    body = {"end_state": "completed", "text": "42户均已建账。", "do": "print"}
    answer = signed_in(desk.liaison).post(f"/tasks/{task.pk}/closure/claim/", body)
    assert answer.status_code == 302
    sheet = SignSheet.objects.get()
    assert "42户均已建账。" in text_of(signed_in(desk.liaison).get(f"/sheets/{sheet.pk}/"))
    page = text_of(signed_in(desk.head).get(f"/tasks/{task.pk}/closure/claim/"))
    assert "刘知远2026年11月23日所拟的申请" in page
    assert "42户均已建账。" in page
    assert bound(cast, desk, sheet, signer_id=str(desk.head.pk)).status_code == 302
    assert signed_in(desk.supervisor).post(f"/sheets/{sheet.pk}/confirm/").status_code == 302
    assert Closure.objects.get().claimed_by == desk.head
    assert not list(table_breaks())


@pytest.mark.parametrize("suffix", ["docx", "pdf", "txt"])
def test_long_names_stay_on_the_sheet(cast: Cast, desk: Desk, task: Task, suffix: str) -> None:
    walk(desk, [task], "claim")
    changed(cast, Task.objects.get(pk=task.pk), title="很长的任务名称" * 30)
    sheet = printed(desk.liaison, task, "sign")
    assert signed_in(cast.reader).get(f"/sheets/{sheet.pk}/sheet.{suffix}").status_code == 200
    assert signed_in(cast.reader).get(f"/sheets/{sheet.pk}/sheet.exe").status_code == 404
    assert signed_in(cast.outsider).get(f"/sheets/{sheet.pk}/sheet.{suffix}").status_code == 404
    assert signed_in(cast.reader).post(f"/tasks/{task.pk}/sheets/sign/").status_code == 403
