"""Out as a sheet and back again: the same rows, every fault by cell, nothing written before it was shown."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.findings.actions import tasks as actions
from bihuan.findings.models import Task
from tests.cast import Cast, actor_for
from tests.findings.browsing import signed_in
from tests.making import make_finding, make_inspection, make_problem, make_register, make_task


def exported(client: Client, **query: str) -> openpyxl.Workbook:
    answer = client.get(reverse("findings:export", args=["tasks", "xlsx"]), query)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def sent(client: Client, book: openpyxl.Workbook, **more: str):
    buffer = io.BytesIO()
    book.save(buffer)
    file = SimpleUploadedFile("任务清单.xlsx", buffer.getvalue())
    return client.post(reverse("findings:import-back"), {"file": file, **more})


def columns(book: openpyxl.Workbook) -> dict[str, int]:
    return {cell.value: cell.column for cell in book.active[1]}


def cell(book: openpyxl.Workbook, row: int, word: str):
    return book.active.cell(row, columns(book)[word])


def commit(client: Client, page: str, **more: str):
    carried = re.search(r'name="carried" value="([^"]+)"', page)
    assert carried is not None
    return client.post(reverse("findings:import-back"), {"carried": carried[1], **more})


def test_a_sheet_that_comes_back_unchanged_writes_nothing(cast: Cast) -> None:
    make_register(cast, count=3)
    client = signed_in(cast.office)
    book = exported(client)
    before = Event.objects.count()
    page = sent(client, book).content.decode()
    assert "表格与登记一致" in page
    assert Event.objects.count() == before


def test_changed_cells_are_shown_old_and_new_and_then_written_at_once(cast: Cast) -> None:
    first, second, third = make_register(cast, count=3)
    client = signed_in(cast.office)
    book = exported(client)
    cell(book, 2, "牵头领导").value = "贺明渠"
    cell(book, 2, "责任单位").value = "生态环境部"
    cell(book, 3, "期限").value = date(2027, 1, 15)
    cell(book, 4, "状态").value = "整改中"
    page = sent(client, book).content.decode()
    assert "<ins>贺明渠</ins>" in page
    assert "<del>2026年12月31日</del> <ins>2027年1月15日</ins>" in page
    assert Task.objects.filter(leader="贺明渠").count() == 0
    assert commit(client, page).status_code == 302
    now = {task.pk: task for task in Task.objects.all()}
    assert (now[first.pk].leader, now[first.pk].unit_id) == ("贺明渠", cast.environment.pk)
    assert (now[second.pk].due_on, now[second.pk].first_due_on) == (date(2027, 1, 15), date(2026, 12, 31))
    assert (now[third.pk].state, now[third.pk].leader) == ("doing", "")
    assert [*chain_breaks(), *table_breaks()] == []


@pytest.mark.parametrize(
    ("word", "value", "said"),
    [
        ("期限", "2026-13-05", "没有13月"),
        ("期限", "2026-02-30", "2月没有30日"),
        ("期限", "下周", "不是日期"),
        ("期限", "2026-06-01", "早于反馈日期"),
        ("期限", None, "期限不能清空"),
        ("状态", "完成了", "没有这个状态"),
        ("状态", "已完成", "须经申请、审签、核查、销号"),
        ("状态", None, "没有这个状态"),
        ("责任单位", "生态环境局", "名册中相近的：生态环境部"),
        ("编号", "99-9", "与系统编号对不上"),
        ("任务", None, "请填写"),
        ("系统编号", "T999999.1", "没有这项任务"),
        ("系统编号", "X1", "系统编号被改动"),
    ],
)
def test_a_wrong_cell_is_named_by_its_place_and_nothing_is_written(
    cast: Cast, word: str, value: object, said: str
) -> None:
    make_register(cast, count=2)
    client = signed_in(cast.office)
    book = exported(client)
    cell(book, 2, "牵头领导").value = "贺明渠"
    cell(book, 3, word).value = value
    answer = sent(client, book)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    named = "编号" if said == "没有这项任务" else word
    assert 'class="nb id">' + openpyxl.utils.get_column_letter(columns(book)[named]) + "3<" in page
    assert "一行也没有写入" in page
    assert not Task.objects.filter(leader="贺明渠").exists()


def test_all_faults_are_told_at_once(cast: Cast) -> None:
    make_register(cast, count=2)
    client = signed_in(cast.office)
    book = exported(client)
    cell(book, 2, "期限").value = "2026-13-05"
    cell(book, 2, "状态").value = "完成了"
    cell(book, 3, "责任单位").value = "环保局"
    assert "发现3处错误，分布在2行" in sent(client, book).content.decode()


def test_another_organisations_task_is_refused_by_its_number(cast: Cast) -> None:
    make_register(cast)
    office, outsider = signed_in(cast.office), signed_in(cast.outsider)
    book = exported(office)
    cell(book, 2, "牵头领导").value = "顾长风"
    answer = sent(outsider, book)
    assert answer.status_code == 422
    assert "没有这项任务" in answer.content.decode()


def test_a_column_that_no_list_knows_is_named_and_must_be_left_with_a_word(cast: Cast) -> None:
    make_register(cast)
    client = signed_in(cast.office)
    book = exported(client)
    book.active.cell(1, 20).value = "分管联系人"
    book.active.cell(2, 20).value = "罗小满"
    cell(book, 2, "牵头领导").value = "贺明渠"
    page = sent(client, book).content.decode()
    assert "T列“分管联系人”" in page
    assert commit(client, page, unknown="").status_code == 422
    assert commit(client, page, unknown="left").status_code == 302
    assert Task.objects.get().leader == "贺明渠"


def test_a_progress_of_minus_500_is_refused(cast: Cast) -> None:
    make_register(cast)
    client = signed_in(cast.office)
    book = exported(client)
    book.active.cell(1, 20).value = "进度"
    book.active.cell(2, 20).value = -500
    assert "本表不设进度百分比" in sent(client, book).content.decode()


def test_a_newer_edit_of_somebody_else_is_shown_not_overwritten(cast: Cast) -> None:
    task = make_register(cast)[0]
    client = signed_in(cast.office)
    book = exported(client)
    actions.edit_task(task, {"leader": "沈既白"}, revision=1, actor=actor_for(cast.office))
    cell(book, 2, "牵头领导").value = "贺明渠"
    answer = sent(client, book)
    assert answer.status_code == 422
    assert "导出之后有人改过，现在是“沈既白”" in answer.content.decode()


def test_an_edit_between_preview_and_commit_stops_the_whole_sheet(cast: Cast) -> None:
    first, second = make_register(cast, count=2)
    client = signed_in(cast.office)
    book = exported(client)
    cell(book, 2, "牵头领导").value = "贺明渠"
    cell(book, 3, "牵头领导").value = "贺明渠"
    page = sent(client, book).content.decode()
    actions.edit_task(second, {"remark": "已约谈"}, revision=1, actor=actor_for(cast.office))
    assert commit(client, page).status_code == 409
    assert not Task.objects.filter(leader="贺明渠").exists()


def test_the_same_commit_sent_twice_writes_once(cast: Cast) -> None:
    make_register(cast)
    client = signed_in(cast.office)
    book = exported(client)
    cell(book, 2, "牵头领导").value = "贺明渠"
    page = sent(client, book).content.decode()
    assert commit(client, page).status_code == 302
    assert commit(client, page).status_code == 409
    assert Task.objects.get().revision == 2


def test_a_sheet_without_hidden_numbers_is_matched_within_the_inspection_that_is_named(cast: Cast) -> None:
    task = make_register(cast)[0]
    client = signed_in(cast.office)
    book = openpyxl.Workbook()
    book.active.append(["江澜高新区任务清单"])
    book.active.append(["任务编号", "牵头 领导"])
    book.active.append(["1-1", "贺明渠"])
    assert "没有选择属于哪次巡察" in sent(client, book).content.decode()
    page = sent(client, book, inspection=str(task.inspection_id)).content.decode()
    assert commit(client, page).status_code == 302
    assert Task.objects.get().leader == "贺明渠"


def test_a_row_twice_is_refused(cast: Cast) -> None:
    make_register(cast)
    client = signed_in(cast.office)
    book = exported(client)
    book.active.append([one.value for one in book.active[2]])
    assert "与第2行重复" in sent(client, book).content.decode()


def test_a_title_that_looks_like_a_formula_stays_a_text(cast: Cast) -> None:
    problem = make_problem(cast, make_finding(cast, make_inspection(cast)))
    make_task(cast, problem, title='=HYPERLINK("http://x","y")')
    book = exported(signed_in(cast.office))
    assert cell(book, 2, "任务").data_type == "s"
    assert cell(book, 2, "任务").value.startswith("=HYPERLINK")


def test_the_column_that_names_the_task_is_hidden_and_locked(cast: Cast) -> None:
    make_register(cast)
    book = exported(signed_in(cast.office))
    sheet = book.active
    assert sheet.column_dimensions["A"].hidden
    assert sheet.protection.sheet
    assert sheet["A2"].protection.locked
    assert not cell(book, 2, "牵头领导").protection.locked


def test_dates_are_dates_and_the_filter_holds(cast: Cast) -> None:
    make_register(cast, count=2)
    client = signed_in(cast.office)
    book = exported(client, text="没有这样的任务")
    assert book.active.max_row == 1
    assert cell(exported(client), 2, "期限").is_date


@pytest.mark.parametrize("name", ["tasks", "problems", "responsibilities", "institutions"])
@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_every_list_goes_out_as_sheet_and_paper(cast: Cast, name: str, suffix: str) -> None:
    make_register(cast, count=2, unit_id=cast.environment.pk)
    url = reverse("findings:export", args=[name, suffix])
    assert signed_in(cast.reader).get(url).status_code == 200
    assert (
        signed_in(cast.office).get(url, {"inspection": "1"} if name != "institutions" else {}).status_code
        == 200
    )


def test_a_reader_may_not_bring_a_sheet_back_and_an_unknown_export_is_not_there(cast: Cast) -> None:
    make_register(cast)
    client = signed_in(cast.reader)
    assert client.get(reverse("findings:import-back")).status_code == 403
    assert client.get(reverse("findings:export", args=["tasks", "exe"])).status_code == 404
    assert client.get(reverse("findings:export", args=["nothing", "xlsx"])).status_code == 404


def test_a_file_that_is_no_sheet_gets_a_clear_answer(cast: Cast) -> None:
    client = signed_in(cast.office)
    for content in (b"", b"hello", b"%PDF-1.4 x", b"<html><p>x</p></html>"):
        file = SimpleUploadedFile("任务.xlsx", content)
        answer = client.post(reverse("findings:import-back"), {"file": file})
        assert answer.status_code == 422
        assert "表格没有收" in answer.content.decode()
