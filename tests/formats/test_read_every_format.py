"""The same invented text through every format gives the same paragraphs."""

import io

import pytest
import xlsxwriter

from bihuan.core.source import Line, Source
from bihuan.formats import read_bytes, read_file
from tests.formats.read_samples import PARAGRAPHS, TABLE, docx_file, html_file, pdf_file, text_file

FILES = {
    "通报.txt": lambda: text_file().encode(),
    "通报.html": html_file,
    "通报.docx": docx_file,
    "通报.pdf": pdf_file,
}


def folded(text: str) -> str:
    return "".join(text.split())


def body(source: Source) -> list[Line]:
    return [line for line in source.lines if line.role != "chrome"]


@pytest.mark.parametrize("name", FILES)
def test_same_paragraphs_come_from_every_format(name: str) -> None:
    source = read_bytes(name, FILES[name]())
    texts = [line.text for line in body(source) if line.role == "text"]
    assert [folded(text) for text in texts] == [folded(text) for text in PARAGRAPHS]
    assert source.warnings == ()


@pytest.mark.parametrize("name", ["通报.html", "通报.docx", "通报.pdf"])
def test_same_table_rows_come_from_every_format_with_tables(name: str) -> None:
    rows = [line for line in read_bytes(name, FILES[name]()).lines if line.role == "row"]
    assert [row.cells for row in rows] == list(TABLE)
    assert [row.text for row in rows] == ["\t".join(row) for row in TABLE]


@pytest.mark.parametrize("name", FILES)
def test_places_rise_and_are_never_shared(name: str) -> None:
    numbers = [line.place.line for line in read_bytes(name, FILES[name]()).lines]
    assert numbers == sorted(set(numbers))
    assert numbers[0] >= 1


@pytest.mark.parametrize("name", FILES)
def test_no_line_is_blank_or_broken(name: str) -> None:
    for line in read_bytes(name, FILES[name]()).lines:
        assert line.text.strip()
        assert len(line.text.splitlines()) == 1


def test_workbook_gives_the_rows_with_their_cells_as_places() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("清单")
        for number, row in enumerate(TABLE):
            sheet.write_row(number, 0, row)
    lines = read_bytes("清单.xlsx", buffer.getvalue()).lines
    assert [line.cells for line in lines] == list(TABLE)
    assert [line.place.cell for line in lines] == ["清单!A1", "清单!A2", "清单!A3"]


def test_file_is_read_from_its_path(tmp_path) -> None:
    path = tmp_path / "通报.txt"
    path.write_text(text_file(), encoding="gb18030")
    assert [line.text for line in read_file(path).lines] == list(PARAGRAPHS)
