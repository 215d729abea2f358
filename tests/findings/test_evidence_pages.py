"""The pages of evidence: by role, without JavaScript, what is refused, the binder and the sheet that comes back."""

import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.audit.models import Event
from bihuan.files.models import Upload
from bihuan.findings.actions.evidence import add_not_kept
from bihuan.findings.models import Evidence, EvidenceOpinion, Export, Task
from bihuan.formats.zip_stream import stream
from bihuan.orgs.models import User
from tests.cast import Cast, actor_for
from tests.closing import Desk, make_desk
from tests.findings.browsing import signed_in
from tests.findings.test_evidence import added
from tests.formats.test_admission import docx, jpeg, xlsx
from tests.making import make_register

pytestmark = pytest.mark.django_db
LONG = "关于江澜高新技术产业开发区生态环境部固体废物规范化管理专项整治工作开展情况的报告" * 3 + ".docx"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.BIHUAN_FILES = tmp_path / "files"
    settings.BIHUAN_CLAMD = "off"


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def task(cast: Cast, desk: Desk) -> Task:
    return make_register(cast, unit_id=cast.environment.pk)[0]


def at(name: str, *args: int) -> str:
    return reverse(f"findings:{name}", args=args)


def get(user: User, name: str, *args: int) -> Any:
    return signed_in(user).get(at(name, *args))


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_each_page_by_role(cast: Cast, desk: Desk, task: Task) -> None:
    (row,) = added(task, desk.liaison, ("a.jpg", jpeg()), kind="photo")
    seen = (
        ("evidence", task.pk),
        ("evidence-piece", row.pk),
        ("evidence-file", row.pk),
        ("evidence-files", task.pk),
    )
    change = (
        ("evidence-add", task.pk), ("evidence-not-kept", task.pk), ("evidence-edit", row.pk),
        ("evidence-revise", row.pk), ("evidence-withdraw", row.pk),
    )  # fmt: skip
    for name, pk in (*seen, *change):
        assert get(cast.outsider, name, pk).status_code == 404
        assert get(desk.other_head, name, pk).status_code == 404
        assert get(desk.liaison, name, pk).status_code == 200
        assert get(desk.supervisor, name, pk).status_code == (403 if (name, pk) in change else 200)
    assert get(desk.liaison, "opinions", task.problem_id).status_code == 403
    assert get(cast.office, "opinions", task.problem_id).status_code == 200
    assert get(cast.outsider, "binder", task.problem_id).status_code == 404
    assert row.name.encode() in get(desk.liaison, "all-evidence").content
    assert row.name.encode() not in get(cast.outsider, "all-evidence").content
    assert row.name.encode() in get(cast.office, "problem-evidence", task.problem_id).content


def test_files_go_in_by_the_plain_form_and_what_is_refused_leaves_the_rest_waiting(
    desk: Desk, task: Task
) -> None:
    client, url = signed_in(desk.liaison), at("evidence-add", task.pk)
    files = [upload("照片.jpg", jpeg()), upload("台账.pdf", b"<!DOCTYPE html>")]
    answer = client.post(url, {"kind": "photo", "files": files})
    assert answer.status_code == 422
    assert "“台账.pdf”的内容是网页，不是PDF" in answer.content.decode()
    assert not Evidence.objects.exists()
    waiting = Upload.objects.get()
    answer = client.post(url, {"kind": "photo", "uploads": [waiting.pk], "dated_on": "2026-09-01"})
    assert answer.status_code == 302
    row = Evidence.objects.get()
    assert (row.name, row.kind, row.proves, str(row.dated_on)) == (
        "照片.jpg",
        "photo",
        "process",
        "2026-09-01",
    )
    assert client.post(url, {"kind": "photo"}).status_code == 422
    assert "还没有选文件" in client.post(url, {"kind": "photo"}).content.decode()
    assert client.post(url, {"kind": "x", "all": "1"}).status_code == 422
    for strange in ("99999999999999999999", "x", "-1", str(10**9)):
        assert client.post(url, {"kind": "photo", "uploads": [strange]}).status_code in (404, 422)


def test_all_waiting_files_are_taken_together(desk: Desk, task: Task) -> None:
    client, url = signed_in(desk.liaison), at("evidence-add", task.pk)
    client.post(url, {"kind": "x", "files": [upload(f"{n}.txt", b"%d" % n) for n in range(5)]})
    assert Upload.objects.exclude(sha256="").count() == 5
    assert "已传5份" in client.get(url).content.decode()
    client.post(url, {"kind": "ledger", "all": "1"})
    assert Evidence.objects.filter(kind="ledger").count() == 5


def test_revising_withdrawing_and_sorting_by_page(desk: Desk, task: Task) -> None:
    (row,) = added(task, desk.liaison, ("a.txt", b"one"))
    client = signed_in(desk.liaison)
    answer = client.post(
        at("evidence-revise", row.pk), {"kind": "ledger", "file": upload("b.svg", b"<svg/>")}
    )
    assert answer.status_code == 422
    answer = client.post(at("evidence-revise", row.pk), {"kind": "ledger", "file": upload("b.txt", b"two")})
    new = Evidence.objects.get(current=True)
    assert answer["Location"] == at("evidence-piece", new.pk)
    assert client.post(at("evidence-edit", new.pk), {"kind": "minutes", "note": "补"}).status_code == 302
    assert client.post(at("evidence-withdraw", new.pk), {"reason": ""}).status_code == 422
    assert client.post(at("evidence-withdraw", new.pk), {"reason": "重复"}).status_code == 302
    page = client.get(at("evidence", task.pk) + "?old=1").content.decode()
    assert page.count(">已撤回<") == 1
    assert page.count(">已有新版<") == 1
    assert "a.txt" not in client.get(at("evidence", task.pk)).content.decode()
    old = client.post(at("evidence-revise", row.pk), {"kind": "ledger", "file": upload("c.txt", b"three")})
    assert old.status_code == 409


def test_not_kept_by_page(desk: Desk, task: Task) -> None:
    client = signed_in(desk.liaison)
    assert (
        client.post(at("evidence-not-kept", task.pk), {"kind": "minutes", "statement": " "}).status_code
        == 422
    )
    client.post(at("evidence-not-kept", task.pk), {"kind": "minutes", "statement": "当时没有纪要。"})
    row = Evidence.objects.get()
    page = client.get(at("evidence-piece", row.pk))
    assert "当时没有纪要。" in page.content.decode()
    assert client.get(at("evidence-file", row.pk)).status_code == 404
    assert client.get(at("evidence-files", task.pk)).status_code == 404


def test_files_are_downloads_and_previews_are_pictures_of_our_own(desk: Desk, task: Task) -> None:
    (row, text, table) = added(
        task,
        desk.liaison,
        ("照片.jpg", jpeg(place=True)),
        ("a.txt", b"x <script>alert(1)</script>"),
        ("b.xlsx", xlsx("=1+1")),
    )
    client = signed_in(desk.supervisor)
    file = client.get(at("evidence-file", row.pk))
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]
    picture = client.get(at("evidence-page", row.pk, 1))
    assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert b"Exif" not in picture.content
    assert client.get(at("evidence-page", row.pk, 2)).status_code == 404
    assert client.get(at("evidence-page", text.pk, 1)).status_code == 404
    assert b"<script>alert" not in client.get(at("evidence-piece", text.pk)).content
    assert client.get(at("evidence-piece", table.pk)).status_code == 200
    assert "照片带有位置" in client.get(at("evidence-piece", row.pk)).content.decode()


def opened(answer: Any) -> zipfile.ZipFile:
    assert answer.status_code == 200, answer.content
    return zipfile.ZipFile(io.BytesIO(body(answer)))


def test_the_binder_holds_everything_and_its_sums_are_right(cast: Cast, desk: Desk, task: Task) -> None:
    added(task, desk.liaison, (LONG, docx("报告")), ("CON.txt", b"x"), ("a?b.txt", b"y"))
    add_not_kept(task, {"statement": "没有留存。"}, actor=actor_for(desk.liaison))
    answer = get(desk.supervisor, "binder", task.problem_id)
    assert "attachment" in answer["Content-Disposition"]
    binder = opened(answer)
    assert binder.testzip() is None
    root = binder.namelist()[0].partition("/")[0]
    sums = binder.read(f"{root}/manifest.sha256").decode().splitlines()
    assert len(sums) == 7
    for line in sums:
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(binder.read(f"{root}/{name}")).hexdigest() == digest
        assert all(len(part.encode()) < 256 for part in name.split("/"))
        assert not set(name) & set('<>:"\\|?*')
    page = binder.read(f"{root}/index.html").decode()
    assert LONG[:195] in page
    assert "没有留存。" in page
    assert "http" not in page.replace("http-equiv", "")
    export = Export.objects.get()
    assert export.sha256 == hashlib.sha256(binder.read(f"{root}/manifest.sha256")).hexdigest()
    assert Event.objects.filter(action="evidence.take").count() == 1


def sheet_of(client: Client, task: Task) -> Any:
    binder = opened(client.get(at("binder", task.problem_id)))
    (name,) = [one for one in binder.namelist() if one.endswith("意见表.xlsx")]
    return load_workbook(io.BytesIO(binder.read(name)))


def saved(book: Any) -> SimpleUploadedFile:
    sink = io.BytesIO()
    book.save(sink)
    return upload("评阅意见表.xlsx", sink.getvalue())


def test_opinions_come_back_by_preview_and_then_exactly_that(cast: Cast, desk: Desk, task: Task) -> None:
    one, two = added(task, desk.liaison, ("a.txt", b"one"), ("b.txt", b"two"))
    client, url = signed_in(cast.office), at("opinions", task.problem_id)
    book = sheet_of(client, task)
    cells = book.active
    cells["D2"], cells["E2"], cells["F2"] = "是", "否", "缺签字页"
    page = client.post(url, {"file": saved(book)})
    assert page.status_code == 200
    assert not EvidenceOpinion.objects.exists()
    carried = page.context["carried"]
    assert (
        client.post(url, {"carried": carried, "reviewer": " ", "given_on": "2026-11-20"}).status_code == 422
    )
    assert (
        client.post(url, {"carried": carried, "reviewer": "市委巡察办", "given_on": "2027-11-20"}).status_code
        == 422
    )
    answer = client.post(url, {"carried": carried, "reviewer": "市委巡察办", "given_on": "2026-11-20"})
    assert answer.status_code == 302
    opinion = EvidenceOpinion.objects.get()
    assert (opinion.evidence_id, opinion.sufficient, opinion.appropriate, opinion.remark) == (
        one.pk,
        True,
        False,
        "缺签字页",
    )
    assert opinion.file is not None
    assert client.post(url, {"carried": carried, "reviewer": "甲", "given_on": "2026-11-20"}).status_code in (
        403,
        404,
    )
    assert "缺签字页" in client.get(at("evidence-piece", one.pk)).content.decode()
    assert two.pk


def test_faults_of_a_sheet_are_told_by_cell_and_nothing_is_written(
    cast: Cast, desk: Desk, task: Task
) -> None:
    added(task, desk.liaison, ("a.txt", b"one"), ("b.txt", b"two"))
    client, url = signed_in(cast.office), at("opinions", task.problem_id)
    book = sheet_of(client, task)
    cells = book.active
    cells["D2"], cells["A3"], cells["G3"], cells["E3"] = "大概", "9-9-01", "E99999", "是"
    page = client.post(url, {"file": saved(book)})
    assert page.status_code == 422
    assert [cell for cell, _ in page.context["cells"]] == ["D2", "A3"]
    for wrong, words in (
        (upload("a.xlsx", xlsx("甲", "乙")), "找不到表头"),
        (upload("a.txt", b"x"), "须是xlsx"),
    ):
        assert words in client.post(url, {"file": wrong}).content.decode()
    assert "还没有选文件" in client.post(url, {}).content.decode()
    assert "一条意见也没有填" in client.post(url, {"file": saved(sheet_of(client, task))}).content.decode()
    assert not EvidenceOpinion.objects.exists()


def test_a_preview_is_its_makers_alone(cast: Cast, desk: Desk, task: Task) -> None:
    added(task, desk.liaison, ("a.txt", b"one"))
    client, url = signed_in(cast.office), at("opinions", task.problem_id)
    book = sheet_of(client, task)
    book.active["D2"] = "是"
    carried = client.post(url, {"file": saved(book)}).context["carried"]
    said = {"carried": carried + "x", "reviewer": "甲", "given_on": "2026-11-20"}
    assert client.post(url, said).status_code == 403
    assert signed_in(desk.liaison).post(url, {**said, "carried": carried}).status_code == 403


CHILD = """
import resource, sys
from datetime import datetime
from bihuan.formats.zip_stream import stream
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
piece = bytes(1 << 20)
sum(map(len, stream([("a", [piece])], at=datetime(2026, 1, 1))))
before = peak()
entries = ((f"{n}.bin", (piece for _ in range(2))) for n in range(200))
sent = sum(map(len, stream(entries, at=datetime(2026, 1, 1))))
print(sent >> 20, peak() - before)
"""


def test_memory_stays_flat_while_a_binder_of_200_files_is_sent() -> None:
    run = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    sent, more = map(int, run.stdout.split())
    assert sent == 400
    assert more < 20


def test_a_zip_is_written_while_it_is_sent_and_opens() -> None:
    pieces = (("甲/大.bin", (b"\0" * 1000 for _ in range(3))), ("乙.txt", [b"abc"]), ("空", []))
    data = b"".join(stream(pieces, at=datetime(2026, 11, 23, tzinfo=UTC)))
    with zipfile.ZipFile(io.BytesIO(data)) as opened_:
        assert opened_.testzip() is None
        assert opened_.read("乙.txt") == b"abc"
        assert [info.file_size for info in opened_.infolist()] == [3000, 3, 0]
