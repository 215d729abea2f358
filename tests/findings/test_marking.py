"""A sheet with faults goes back to the person with each fault marked, and comes in again once it is put right."""

import base64
import io
import re

import openpyxl

from bihuan.findings.marking import Marked, marked
from tests.cast import Cast
from tests.findings.browsing import signed_in
from tests.findings.test_exchange import cell, commit, exported, sent
from tests.making import make_register


def handed_back(page: str) -> openpyxl.Workbook:
    found = re.search(r'href="data:[^;]+;base64,([^"]+)" download="([^"]+)"', page)
    assert found is not None
    assert found[2].endswith(".xlsx")
    return openpyxl.load_workbook(io.BytesIO(base64.b64decode(found[1])))


def test_each_fault_is_red_and_commented_in_the_same_rows(cast: Cast) -> None:
    make_register(cast, count=2)
    client = signed_in(cast.office)
    book = exported(client)
    wrong = cell(book, 3, "期限")
    wrong.value = "2026-13-05"
    cell(book, 2, "状态").value = "=1+1"
    back = handed_back(sent(client, book).content.decode())
    listed, sheet = back.worksheets
    assert listed.title == "错误"
    assert [one.value for one in listed[3]] == [
        "3",
        "期限",
        "2026-13-05",
        "没有13月。请改为2026-12-05一类的日期。",
    ]
    assert all(one.data_type != "f" for row in listed for one in row)
    assert sheet[wrong.coordinate].fill.fgColor.rgb == "FFF4B6B6"
    assert "没有13月" in sheet[wrong.coordinate].comment.text
    assert [one.value for one in sheet["B"]] == [one.value for one in book.active["B"]]


def test_the_marked_sheet_is_taken_again_once_it_is_put_right(cast: Cast) -> None:
    make_register(cast, count=2)
    client = signed_in(cast.office)
    book = exported(client)
    wrong = cell(book, 3, "牵头领导").coordinate, cell(book, 3, "期限").coordinate
    book.active[wrong[0]].value, book.active[wrong[1]].value = "贺明渠", "下周"
    back = handed_back(sent(client, book).content.decode())
    back.worksheets[1][wrong[1]].value = "2027-01-15"
    page = sent(client, back).content.decode()
    assert "<ins>贺明渠</ins>" in page
    assert commit(client, page).status_code == 302


def test_a_file_that_cannot_be_opened_for_writing_gives_no_marked_one() -> None:
    assert marked(b"PK nothing", "Sheet", [Marked("A1", "期限", "x", "y")]) is None
