import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from bihuan.core.source import Source, UnreadableFile
from bihuan.formats import limits, read_bytes
from bihuan.formats.xlsx_sheet import column_index, column_name
from tests.formats.read_samples import zipped

KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def built(fill: Callable[[Any], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        fill(book)
    return buffer.getvalue()


def read_sheet(write: Callable[[Any, Any], None]) -> Source:
    return read_bytes("a.xlsx", built(lambda book: write(book, book.add_worksheet("清单"))))


def raw_book(rows: str, *, sheets: str = "", more: dict[str, str] | None = None) -> bytes:
    """A workbook with one sheet of the given XML."""
    link = f'<Relationship Id="r1" Type="{KINDS}/worksheet" Target="worksheets/sheet1.xml"/>'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships><Relationship Id="r1" Type="{KINDS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns:r="{KINDS}"><sheets>{sheets}<sheet name="表" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f"<Relationships>{link}</Relationships>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
            **(more or {}),
        }
    )


def only_cell(value: object, number_format: str) -> str:
    def write(book: Any, sheet: Any) -> None:
        style = book.add_format({"num_format": number_format})
        write_one = (
            sheet.write_datetime if isinstance(value, (dt.datetime, dt.date, dt.time)) else sheet.write
        )
        write_one(0, 0, value, style)

    return read_sheet(write).lines[0].text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (50000, "General", "50000"), (1.0, "General", "1"), (0.1 + 0.2, "General", "0.3"), (-3.5, "General", "-3.5"),
        (1e20, "General", "100000000000000000000"), (13800138000, "General", "13800138000"),
        (0.7535, "0.00%", "75.35%"), (0.5, "0%", "50%"), (1234.5, "#,##0.00", "1234.5"), (7, "000", "007"),
        (200, '0"万元"', "200"), (5, '[Red]0;[Magenta]-0', "5"), (3, "@", "3"), (3, '0.00_);[Red](0.00)', "3"),
        (dt.date(2024, 9, 30), "yyyy-mm-dd", "2024-09-30"), (dt.date(2024, 9, 30), 'yyyy"年"m"月"d"日"', "2024-09-30"),
        (dt.date(2024, 9, 30), 'yyyy"年"m"月"', "2024-09"), (dt.date(2024, 9, 30), "[$-804]yyyy/m/d;@", "2024-09-30"),
        (dt.datetime.fromisoformat("2024-09-30T16:11"), "yyyy/m/d h:mm", "2024-09-30 16:11"), (dt.time(8, 30), "h:mm", "08:30"),
    ],
)  # fmt: skip
def test_cell_is_shown_as_the_sheet_shows_it(value: object, number_format: str, text: str) -> None:
    assert only_cell(value, number_format) == text


def test_days_counted_from_1904_are_the_same_days() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"date_1904": True}) as book:
        book.add_worksheet().write_datetime(
            0, 0, dt.datetime.fromisoformat("2024-09-30"), book.add_format({"num_format": "yyyy-mm-dd"})
        )
    assert read_bytes("a.xlsx", buffer.getvalue()).lines[0].text == "2024-09-30"


def test_blank_rows_and_columns_keep_their_places() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write(2, 1, "甲")
        sheet.write(5, 0, "乙")

    first, second = read_sheet(write).lines
    assert (first.cells, first.place.cell, first.place.line) == (("", "甲"), "清单!A3", 3)
    assert (second.cells, second.place.cell, second.place.line) == (("乙",), "清单!A6", 6)


def test_merged_cells_are_filled_once_and_breaks_become_spaces() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 2, "整改\n任务")
        sheet.write(0, 3, "右")

    assert read_sheet(write).lines[0].cells == ("整改 任务", "", "", "右")


def test_sheets_follow_each_other_and_hidden_ones_are_named() -> None:
    def fill(book: Any) -> None:
        for name in ("甲表", "隐表", "乙表"):
            book.add_worksheet(name).write(0, 0, name)
        book.get_worksheet_by_name("隐表").hide()

    source = read_bytes("a.xlsx", built(fill))
    assert [(line.text, line.place.line, line.place.cell) for line in source.lines] == [
        ("甲表", 1, "甲表!A1"), ("乙表", 2, "乙表!A1"),
    ]  # fmt: skip
    assert [(warning.code, warning.params["sheet"]) for warning in source.warnings] == [
        ("formats.hidden-sheet", "隐表")
    ]


def test_hidden_rows_are_read_with_a_warning() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "甲")
        sheet.write(1, 0, "乙")
        sheet.set_row(1, None, None, {"hidden": True})

    source = read_sheet(write)
    assert [line.text for line in source.lines] == ["甲", "乙"]
    assert [(warning.code, warning.params["count"]) for warning in source.warnings] == [
        ("formats.hidden-rows", 1)
    ]


def test_formulas_give_their_results_and_their_troubles_are_placed() -> None:
    book = openpyxl.Workbook()
    book.active.append(["甲", "=1+1"])
    buffer = io.BytesIO()
    book.save(buffer)
    (warning,) = read_bytes("a.xlsx", buffer.getvalue()).warnings
    assert (warning.code, warning.params["cell"]) == ("formats.formula-without-value", "Sheet!B1")

    def write(book: Any, sheet: Any) -> None:
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(0, 1, "=A0", None, "#REF!")

    source = read_sheet(write)
    assert source.lines[0].cells == ("2", "#REF!")
    assert [(warning.code, warning.params["cell"]) for warning in source.warnings] == [
        ("formats.cell-error", "清单!B1")
    ]


def test_rich_text_inline_text_and_readings_are_told_apart() -> None:
    strings = "<sst><si><r><t>巡</t></r><r><t>察</t></r><rPh><t>xún</t></rPh></si></sst>"
    rels = (
        f'<Relationships><Relationship Id="r1" Type="{KINDS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{KINDS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c t="inlineStr"><is><t>整改</t></is></c><c t="b"><v>1</v></c></row>'
    data = raw_book(rows, more={"xl/_rels/workbook.xml.rels": rels, "xl/sharedStrings.xml": strings})
    assert read_bytes("a.xlsx", data).lines[0].cells == ("巡察", "整改", "TRUE")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1" t="s"><v>99</v></c><c r="B1"><v>x</v></c></row>',
        '<row r="9999999999"><c r="ZZZZ9"><v>1</v></c></row>',
        '<row r="-1"><c r="&#65;1" s="77"><v>1e999</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row><c r="C1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    ],
)
def test_damaged_references_do_no_harm(rows: str) -> None:
    assert read_bytes("a.xlsx", raw_book(rows)).lines


def test_cells_at_the_far_corner_cost_no_memory() -> None:
    lines = read_bytes("a.xlsx", raw_book('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')).lines
    assert (len(lines), len(lines[0].cells), lines[0].place.line) == (1, 16_384, 1_048_576)


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELLS", 50_000)
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 5))
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("a.xlsx", raw_book(rows))
    assert refusal.value.code == "formats.too-many-cells"


@pytest.mark.parametrize("missing", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_workbook_without_its_parts_is_refused(missing: str) -> None:
    data = raw_book("<row><c><v>1</v></c></row>").replace(
        missing.encode(), missing.replace("xl", "xx").encode()
    )
    with pytest.raises(UnreadableFile):
        read_bytes("a.xlsx", data)


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_columns_have_their_letters(index: int, name: str) -> None:
    assert (column_name(index), column_index(name, 0)) == (name, index)


def test_thousand_rows_are_read() -> None:
    def write(book: Any, sheet: Any) -> None:
        for row in range(1_000):
            sheet.write_row(
                row, 0, [row, "供水保障任务推进不快", *(f"单元格{row % 7}" for _ in range(10)), 1.5]
            )

    data = built(lambda book: write(book, book.add_worksheet()))
    assert len(read_bytes("a.xlsx", data).lines) == 1_000
