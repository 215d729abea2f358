"""A superior's form filled: the mapped cells hold what was said, everything else is what it was."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Pt
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.datavalidation import DataValidation

from bihuan.core.form_mapping import Mapped, Write, kind_of_rows, mapping_faults, row_fields, shown, writes
from bihuan.core.refusal import Refused
from bihuan.core.source import UnreadableFile
from bihuan.formats.form_fill import fill_form, read_form


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "评估表"
    sheet["A1"] = "整改情况表"
    sheet["A1"].font = Font(name="黑体", size=20)
    sheet.merge_cells("A1:D1")
    sheet["A2"], sheet["C2"] = "单位", "任务数"
    sheet["D2"].font = Font(bold=True)
    sheet.append(["序号", "任务", "单位", "状态"])
    for line in range(4, 8):
        for column in "ABCD":
            sheet[f"{column}{line}"].border = Border(left=Side("thin"))
    sheet["A8"], sheet["D8"] = "合计", "=D2*2"
    sheet.column_dimensions["B"].width = 33
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = "1:3"
    sheet.add_data_validation(DataValidation(type="list", formula1='"已完成,整改中"', sqref="D4:D7"))
    book.create_sheet("说明")["A1"] = "不要动"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def document() -> bytes:
    paper = Document()
    paper.add_paragraph("填表说明")
    table = paper.add_table(rows=3, cols=3)
    table.style = "Table Grid"
    for place, word in enumerate(("序号", "任务", "状态")):
        table.cell(0, place).text = word
    run = table.cell(1, 1).paragraphs[0].add_run("（任务名称）")
    run.font.name, run.font.size, run.bold = "仿宋", Pt(14), True
    table.cell(2, 0).merge(table.cell(2, 2)).text = "经办人："
    paper.add_paragraph("完")
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def bare(data: bytes, part: str, places: set[str]) -> bytes:
    """Return a sheet as canonical XML without the content and type of some cells."""
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(part))
    for cell in list(root.iter("{*}c")):
        if cell.get("r") in places:
            for child in list(cell):
                cell.remove(child)
            cell.attrib.pop("t", None)
    return etree.tostring(root, method="c14n")


def others(data: bytes, but: set[str]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist() if name not in but}


WRITES = [
    Write("评估表!B2", ("江澜高新区<&>",)),
    Write("评估表!D2", (49,)),
    Write("评估表!A4", (1, 2, 3), repeats=True),
    Write("评估表!B4", ("=1+1", "第二\n行", None), repeats=True),
]
FILLED = {"B2", "D2", "A4", "A5", "A6", "B4", "B5", "B6"}


def test_a_workbook_keeps_all_but_its_mapped_cells() -> None:
    data = workbook()
    made = fill_form("表.xlsx", data, WRITES)
    sheet = "xl/worksheets/sheet1.xml"
    assert others(made, {sheet, "xl/workbook.xml"}) == others(data, {sheet, "xl/workbook.xml"})
    assert zipfile.ZipFile(io.BytesIO(made)).namelist() == zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert _added_only(data, made, sheet)
    back = load_workbook(io.BytesIO(made))["评估表"]
    assert (back["B2"].value, back["D2"].value, back["D2"].font.bold) == ("江澜高新区<&>", 49, True)
    assert [back[f"B{line}"].value for line in (4, 5, 6)] == ["=1+1", "第二\n行", None]
    assert back["B4"].data_type == "s"
    assert (back["D8"].value, back.column_dimensions["B"].width, back.print_title_rows) == (
        "=D2*2",
        33,
        "$1:$3",
    )
    assert back["B5"].border.left.style == "thin"


def _added_only(data: bytes, made: bytes, part: str) -> bool:
    """A cell that the form left out may be added; the rest is the same."""
    old = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(part))
    there = {cell.get("r") for cell in old.iter("{*}c")}
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(made)).read(part))
    for cell in list(root.iter("{*}c")):
        if cell.get("r") not in there:
            assert cell.get("r") in FILLED
            cell.getparent().remove(cell)
    stripped = io.BytesIO()
    with zipfile.ZipFile(stripped, "w") as file:
        file.writestr(part, etree.tostring(root))
    return bare(stripped.getvalue(), part, FILLED) == bare(data, part, FILLED)


def test_rows_that_do_not_fit_are_refused_and_formulas_are_kept() -> None:
    with pytest.raises(Refused) as refused:
        fill_form("表.xlsx", workbook(), [Write("评估表!A4", tuple(range(5)), repeats=True)])
    assert (refused.value.code, refused.value.params["room"]) == ("forms.no-room", 4)
    with pytest.raises(Refused, match=r"forms\.formula"):
        fill_form("表.xlsx", workbook(), [Write("评估表!D8", (1,))])
    with pytest.raises(Refused, match=r"forms\.place"):
        fill_form("表.xlsx", workbook(), [Write("没有!A1", (1,))])


def test_a_document_keeps_the_run_formatting_and_grows_by_rows() -> None:
    data = document()
    made = fill_form(
        "表.docx",
        data,
        [Write("T1R3C1", ("经办人：方静宜",)), Write("T1R2C1", (1, 2, 3), repeats=True),
         Write("T1R2C2", ("甲", "乙\n二", "丙"), repeats=True)],
    )  # fmt: skip
    assert others(made, {"word/document.xml"}) == others(data, {"word/document.xml"})
    table = Document(io.BytesIO(made)).tables[0]
    assert [[cell.text for cell in row.cells][:2] for row in table.rows][1:4] == [
        ["1", "甲"],
        ["2", "乙\n二"],
        ["3", "丙"],
    ]
    assert table.rows[4].cells[0].text == "经办人：方静宜"
    for line in (1, 2, 3):
        run = table.cell(line, 1).paragraphs[0].runs[0]
        assert (run.font.size, run.bold) == (Pt(14), True)
    assert [one.text for one in Document(io.BytesIO(made)).paragraphs] == ["填表说明", "完"]


def test_the_grid_shows_what_may_be_clicked() -> None:
    kind, grid = read_form("表.xlsx", workbook())
    assert (kind, [table.name for table in grid]) == ("xlsx", ["评估表", "说明"])
    assert (grid[0].rows[0][0].columns, len(grid[0].rows[0])) == (4, 3)
    assert [cell.place for row in grid[0].rows for cell in row if cell.why_not] == ["评估表!D8"]
    kind, grid = read_form("表.docx", document())
    assert (kind, [cell.text for cell in grid[0].rows[0]]) == ("docx", ["序号", "任务", "状态"])
    assert grid[0].rows[2][0].columns == 3


@pytest.mark.parametrize(
    ("name", "data"), [("a.txt", b"x"), ("a.pdf", b"%PDF-1.4"), ("a.xlsx", b"PK\x03\x04")]
)
def test_what_is_no_form_is_said(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_form(name, data)


def test_a_document_without_tables_is_said() -> None:
    file = io.BytesIO()
    Document().save(file)
    with pytest.raises(UnreadableFile, match="form-without-table"):
        read_form("a.docx", file.getvalue())


def test_every_fault_of_a_mapping_is_named() -> None:
    _kind, grid = read_form("表.xlsx", workbook())
    cells = [
        Mapped("评估表!Z99", "tally.tasks"),
        Mapped("评估表!D8", "tally.tasks"),
        Mapped("评估表!B2", "password"),
        Mapped("评估表!B2", "tally.tasks"),
        Mapped("评估表!A4", "task.number", repeats=True),
        Mapped("评估表!B5", "problem.text", repeats=True),
    ]
    codes = {fault.code for fault in mapping_faults(cells, subject="inspection", grid=grid)}
    assert codes == {
        "forms.place", "forms.formula", "forms.field", "forms.place-twice", "forms.rows-apart", "forms.rows-mixed",
    }  # fmt: skip
    assert kind_of_rows([Mapped("a", "problem.title", True)]) == "problem"
    assert row_fields("task") == ()
    assert writes([Mapped("a", "x"), Mapped("b", "y", True)], {"x": 1}, [{"y": "一"}, {}]) == [
        Write("a", (1,)), Write("b", ("一", None), repeats=True),
    ]  # fmt: skip
    assert shown(None) == ""


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_opens_what_was_filled(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(fill_form("表.xlsx", workbook(), WRITES))
    soffice = shutil.which("soffice")
    assert soffice is not None
    command = [
        soffice,
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/p",
        "--convert-to",
        "csv",
        "--outdir",
    ]
    subprocess.run(
        [*command, str(tmp_path), str(tmp_path / "a.xlsx")], check=True, capture_output=True, timeout=120
    )
    text = (tmp_path / "a.csv").read_bytes().decode("utf-8", "replace")
    assert "49" in text
    assert "98" in text  # the formula was computed anew
