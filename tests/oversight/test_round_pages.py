"""The pages of rounds, from setting one up to its report, and the sheet that is filled in offline."""

import hashlib
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.findings.models import Task
from bihuan.orgs.models import User
from bihuan.oversight.models import Round, RoundCheck
from bihuan.oversight.queries.round_sheets import reason_words
from tests.cast import NOW, Cast, make_cast, make_person
from tests.closing import Desk, make_desk, make_ready, walk
from tests.findings.browsing import signed_in
from tests.oversight.supervising import YES, check, items, open_round

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def tasks(cast: Cast, desk: Desk) -> list[Task]:
    return make_ready(cast, desk, count=6)


@pytest.fixture
def files(settings: Any, tmp_path: Any) -> None:
    settings.BIHUAN_FILES = tmp_path


def at(name: str, *args: object) -> str:
    return reverse(f"oversight:{name}", args=args)


def filled(first: User, second: User, result: str = "holds", **more: Any) -> dict[str, Any]:
    answers = {f"q{place}": "yes" for place in range(len(YES))} if result == "holds" else {}
    return {
        "over": 0, "result": result, "first_id": first.pk, "second_id": second.pk, "captured_at": "2026-11-23T09:10",
        **answers, **more,
    }  # fmt: skip


def test_a_sampled_round_by_its_pages(desk: Desk, tasks: list[Task], files: None) -> None:
    one, two = signed_in(desk.supervisor), signed_in(desk.second_supervisor)
    assert "还没有督查" in one.get(at("rounds")).content.decode()
    made = one.post(
        at("new-round"),
        {
            "inspection_id": tasks[0].inspection_id, "kind": "sampled", "title": "第一轮督查", "starts_on": "2026-11-20",
            "ends_on": "2026-11-30", "asked": "\n".join(YES), "strata": ["unit", "risk"], "heavy": "3",
        },
    )  # fmt: skip
    row = Round.objects.get()
    assert made.url == at("round", row.pk)
    assert row.weights == {"重点": 3, "一般": 1}
    one.post(at("round-freeze", row.pk))
    row.refresh_from_db()
    text = one.get(at("round-list", row.pk, "csv")).content
    assert hashlib.sha256(text).hexdigest() == row.digest
    refused = one.post(at("round-draw", row.pk), {"agreed": "", "size": "9"})
    assert refused.status_code == 422
    assert "会上公开确定的内容" in refused.content.decode()
    assert "不能抽9行" in one.post(at("round-draw", row.pk), {"agreed": "3", "size": "9"}).content.decode()
    one.post(at("round-draw", row.pk), {"agreed": "3-5-1-6-2", "size": "2"})
    page = one.get(at("round", row.pk)).content.decode()
    row.refresh_from_db()
    assert (
        f"bihuan sample --seed &#x27;{row.seed}&#x27; --size 2 --strata unit,risk --weights 重点=3,一般=1"
        in page
    )
    for item in items(row):
        photo = SimpleUploadedFile("现场.png", PNG, content_type="image/png")
        done = one.post(
            at("round-item", item.pk), filled(desk.supervisor, desk.second_supervisor, photo=photo)
        )
        assert done.status_code == 302, done.content.decode()
    assert "待确认" in two.get(at("round", row.pk)).content.decode()
    two.post(at("round-confirm", row.pk), {"id": [str(one.pk) for one in RoundCheck.objects.all()]})
    assert b"\x89PNG" in b"".join(
        two.get(at("round-photo", RoundCheck.objects.latest("pk").pk)).streaming_content
    )
    assert one.post(at("round-report", row.pk), {"conclusion": ""}).status_code == 422
    one.post(at("round-report", row.pk), {"conclusion": "总体落实。"})
    report = one.get(at("round-paper", row.pk, "report", "docx"))
    assert report.status_code == 200
    assert report.content[:2] == b"PK"
    assert one.get(at("round-paper", row.pk, "report", "pdf")).content[:4] == b"%PDF"


def test_the_form_says_every_fault_beside_its_field(desk: Desk, tasks: list[Task], files: None) -> None:
    row = open_round(desk, tasks)
    client = signed_in(desk.supervisor)
    item = items(row)[0]
    bad = filled(desk.supervisor, desk.supervisor, "fails")
    page = client.post(at("round-item", item.pk), bad)
    words = page.content.decode()
    assert page.status_code == 422
    for sentence in ("请选择原因", "请写明看到了什么", "检查须由两人进行", "还有3条没有回答"):
        assert sentence in words
    script = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", content_type="image/png")
    page = client.post(
        at("round-item", item.pk), filled(desk.supervisor, desk.second_supervisor, photo=script)
    )
    assert page.status_code == 422
    assert not RoundCheck.objects.exists()


def test_who_sees_and_who_may(cast: Cast, desk: Desk, tasks: list[Task]) -> None:
    walk(desk, tasks[:2], "close")
    third = make_person("lingxi", "凌夕", unit=cast.organisation, role="supervision")
    row = open_round(desk, tasks, "recheck", size=2)
    check(row, items(row)[0], desk.second_supervisor, third, "fails")
    for person, status in (
        (cast.outsider, 404),
        (desk.head, 404),
        (cast.office, 200),
        (desk.superior, 200),
        (desk.group, 200),
    ):
        assert signed_in(person).get(at("round", row.pk)).status_code == status
    for person, status in ((cast.outsider, 404), (desk.head, 404), (cast.office, 403), (desk.group, 403)):
        client = signed_in(person)
        assert client.post(at("round-freeze", row.pk)).status_code == status
        assert client.post(at("round-item", items(row)[0].pk), {}).status_code == status
        assert client.get(at("new-round")).status_code == 403
    for person, seen in (
        (cast.office, False),
        (desk.superior, False),
        (desk.group, True),
        (desk.supervisor, True),
    ):
        client = signed_in(person)
        assert ("各单位抽查复核结果" in client.get(at("round", row.pk)).content.decode()) is seen
        assert ("抽查复核的不属实比例" in client.get(at("rounds")).content.decode()) is seen


def sheet_back(client: Client, row: Round, rows: Sequence[dict[str, str]], *, change: Any = None) -> Any:
    """Fill in the downloaded sheet, save it with another writer, and send it back."""
    book = load_workbook(io.BytesIO(client.get(at("round-paper", row.pk, "sheet", "xlsx")).content))
    sheet = book["检查表"]
    head = [cell.value for cell in sheet[1]]
    assert sheet.column_dimensions["A"].hidden
    assert sheet.protection.sheet
    for line, values in enumerate(rows, 2):
        for word, value in values.items():
            sheet.cell(line, head.index(word) + 1, value)
    if change:
        change(sheet)
    file = io.BytesIO()
    book.save(file)
    upload = SimpleUploadedFile("检查表.xlsx", file.getvalue())
    return client.post(at("round-import", row.pk), {"file": upload})


def line(first: str = "陶松龄", second: str = "叶青苔", result: str = "属实", **more: str) -> dict[str, str]:
    answers = dict.fromkeys(YES, "是" if result == "属实" else "否")
    return {
        **answers,
        "结果": result,
        "检查时间": "2026-11-22 15:30",
        "检查人": first,
        "另一检查人": second,
        **more,
    }


def carried(page: Any) -> str:
    return page.context["shown"].carried


def test_a_sheet_filled_offline_keeps_both_times(desk: Desk, tasks: list[Task]) -> None:
    row = open_round(desk, tasks)
    client = signed_in(desk.supervisor)
    fails = line(result="不属实", 不属实的原因="措施没有落实", 看到的情况="+1没有台账")

    fails["不属实的原因"] = next(word for word, code in reason_words().items() if code == "measure-not-done")
    page = sheet_back(client, row, [line(), fails])
    assert page.status_code == 200, page.content.decode()
    assert len(page.context["rows"]) == 2
    assert not RoundCheck.objects.exists()
    client.post(at("round-import", row.pk), {"carried": carried(page)})
    made = list(RoundCheck.objects.order_by("pk"))
    assert [one.result for one in made] == ["holds", "fails"]
    assert {(one.captured_at.isoformat(), one.received_at == NOW, one.via) for one in made} == {
        ("2026-11-22T07:30:00+00:00", True, "workbook")
    }
    again = client.post(at("round-import", row.pk), {"carried": carried(page)})
    assert again.status_code in (409, 422)
    assert RoundCheck.objects.count() == 2


def test_faults_and_conflicts_are_shown_before_anything_is_written(desk: Desk, tasks: list[Task]) -> None:
    row = open_round(desk, tasks)
    client = signed_in(desk.supervisor)
    bad = [line(), line(result="大概"), line(first="没有此人"), line(检查时间="昨天"), line(second="陶松龄")]
    page = sheet_back(client, row, bad)
    words = page.content.decode()
    assert page.status_code == 422
    for sentence in ("“大概”不认识", "没有“没有此人”", "“昨天”看不懂", "检查须由两人进行"):
        assert sentence in words
    assert {one["row"] for one in page.context["faults"]} == {3, 4, 5, 6}
    assert not RoundCheck.objects.exists()

    def late(sheet: Any) -> None:
        check(
            row, items(row)[0], desk.second_supervisor, desk.supervisor, captured_at=NOW - timedelta(hours=1)
        )

    page = sheet_back(client, row, [line(), line()], change=late)
    assert [number for number, _word, _check in page.context["conflicts"]] == ["1-1"]
    assert [one["label"] for one in page.context["rows"]] == ["2-1"]
    client.post(at("round-import", row.pk), {"carried": carried(page)})
    assert RoundCheck.objects.filter(current=True).count() == 2


def test_a_sheet_that_is_none_is_said(desk: Desk, tasks: list[Task]) -> None:
    row, other = open_round(desk, tasks), open_round(desk, tasks, title="第二轮")
    client = signed_in(desk.supervisor)

    def moved(sheet: Any) -> None:
        sheet.delete_cols(6)

    def strange(sheet: Any) -> None:
        sheet["A2"] = f"R{row.pk}-999999-0"

    def elsewhere(sheet: Any) -> None:
        sheet["A2"] = f"R{other.pk}-1-0"

    assert "检查表缺少这些列" in sheet_back(client, row, [], change=moved).content.decode()
    assert "不属于本轮样本" in sheet_back(client, row, [], change=strange).content.decode()
    assert "另一轮督查" in sheet_back(client, row, [], change=elsewhere).content.decode()
    page = client.post(at("round-import", row.pk), {"file": SimpleUploadedFile("a.xlsx", b"hello")})
    assert page.status_code == 422
    assert client.post(at("round-import", row.pk), {"carried": "x"}).status_code == 422
