"""The problem list comes back as a sheet like the task list; the list of responsibilities is refused with the reason."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.findings.actions import editing
from bihuan.findings.models import Problem
from tests.cast import Cast, actor_for
from tests.findings.browsing import signed_in
from tests.findings.test_exchange import cell, columns, commit, sent
from tests.making import make_register

ALL = "number,title,finding,inspection,units,tasks,last_due,state,text,response"


def exported(client: Client, name: str = "problems", **query: str) -> openpyxl.Workbook:
    answer = client.get(reverse("findings:export", args=[name, "xlsx"]), query)
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_an_unchanged_problem_list_writes_nothing(cast: Cast) -> None:
    make_register(cast, count=3, unit_id=cast.environment.pk)
    client = signed_in(cast.office)
    book = exported(client, columns=ALL)
    before = Event.objects.count()
    assert "表格与登记一致" in sent(client, book).content.decode()
    assert Event.objects.count() == before


def test_changed_problems_are_shown_old_and_new_and_written_at_once(cast: Cast) -> None:
    make_register(cast, count=2)
    client = signed_in(cast.office)
    book = exported(client, columns=ALL)
    cell(book, 2, "具体问题").value = "危废台账管理不规范"
    cell(book, 3, "整改情况").value = "已建立台账，逐户核对。"
    page = sent(client, book).content.decode()
    assert "<del>工业固废台账管理不规范</del> <ins>危废台账管理不规范</ins>" in page
    assert commit(client, page).status_code == 302
    first, second = Problem.objects.order_by("number")
    assert (first.title, first.revision) == ("危废台账管理不规范", 2)
    assert (second.response, second.revision) == ("已建立台账，逐户核对。", 2)
    assert Event.objects.filter(action="problem.return").count() == 2
    assert [*chain_breaks(), *table_breaks()] == []
    assert commit(client, page).status_code == 409


@pytest.mark.parametrize(
    ("word", "value", "said"),
    [
        ("具体问题", None, "请填写"),
        ("具体问题", "长" * 2001, "2000"),
        ("编号", "99", "与系统编号对不上"),
        ("系统编号", "P999999.1", "没有这个问题"),
        ("系统编号", "T1.1", "系统编号被改动"),
        ("状态", "已完成", "这一列由任务得出"),
        ("任务数", "7", "这一列由任务得出"),
        ("反馈问题", "别的问题", "这一列不能用表格修改"),
    ],
)
def test_a_wrong_cell_of_a_problem_is_named(cast: Cast, word: str, value: object, said: str) -> None:
    make_register(cast, count=3)
    client = signed_in(cast.office)
    book = exported(client, columns=ALL)
    cell(book, 2, "整改情况").value = "已改"
    cell(book, 3, word).value = value
    answer = sent(client, book)
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    named = "编号" if said == "没有这个问题" else word
    assert f'class="nb id">{openpyxl.utils.get_column_letter(columns(book)[named])}3<' in page
    assert not Problem.objects.filter(response="已改").exists()


def test_a_newer_edit_of_a_problem_is_shown_and_not_overwritten(cast: Cast) -> None:
    problem = make_register(cast)[0].problem
    client = signed_in(cast.office)
    book = exported(client)
    editing.edit_problem(problem, {"title": "新的名称"}, revision=1, actor=actor_for(cast.office))
    cell(book, 2, "具体问题").value = "表格里的名称"
    answer = sent(client, book)
    assert answer.status_code == 422
    assert "导出之后有人改过，现在是“新的名称”" in answer.content.decode()


def test_problems_without_hidden_numbers_are_matched_within_the_inspection_that_is_named(cast: Cast) -> None:
    problem = make_register(cast)[0].problem
    client = signed_in(cast.office)
    book = openpyxl.Workbook()
    book.active.append(["问题编号", "具体问题", "整改情况", "联系人"])
    book.active.append([problem.number, problem.title, "已改", "罗小满"])
    page = sent(client, book, inspection=str(problem.inspection_id)).content.decode()
    assert "D列“联系人”" in page
    assert commit(client, page, unknown="left").status_code == 302
    assert Problem.objects.get().response == "已改"


def test_another_organisations_problem_is_not_there(cast: Cast) -> None:
    make_register(cast)
    book = exported(signed_in(cast.office))
    cell(book, 2, "具体问题").value = "别的"
    answer = sent(signed_in(cast.outsider), book)
    assert (answer.status_code, "没有这个问题" in answer.content.decode()) == (422, True)


def test_a_responsibility_list_is_refused_with_the_reason_and_the_way(cast: Cast) -> None:
    make_register(cast, leader="贺明渠", unit_id=cast.environment.pk)
    client = signed_in(cast.office)
    answer = sent(client, exported(client, "responsibilities"))
    assert answer.status_code == 422
    assert "责任清单由任务汇总得出，不能改。请改任务清单" in answer.content.decode()


def test_the_api_takes_a_problem_list_back(cast: Cast) -> None:
    make_register(cast)
    client = signed_in(cast.office)
    book = exported(client)
    cell(book, 2, "具体问题").value = "危废台账管理不规范"
    buffer = io.BytesIO()
    book.save(buffer)
    shown = client.post("/api/v1/tasks/import", {"file": SimpleUploadedFile("问题.xlsx", buffer.getvalue())})
    assert (shown.status_code, shown.json()["list"]) == (200, "problems")
    done = client.post(
        "/api/v1/tasks/import/commit", {"carried": shown.json()["carried"]}, "application/json"
    )
    assert done.json() == {"changed": 1}
    assert Problem.objects.get().title == "危废台账管理不规范"
