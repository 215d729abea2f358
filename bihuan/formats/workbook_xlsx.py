"""A unit's workbook as xlsx, and any office file back as rows: Content ─write→ bytes · bytes ─read→ sheets.

Locked cells, drop-downs and instructions are for the person who fills it in; the hidden column, row and sheet tell
what came back. Every text is written as text, so that none becomes a formula; what is filled in is text as well.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from bihuan.core.source import UnreadableFile
from bihuan.core.workbooks import HIDDEN, LETTERS, SHEETS, STEPS, TASKS, Sheets, key, mark
from bihuan.formats import archive, limits, read_bytes, sniff
from bihuan.formats.xlsx import read_whole

LONGEST_CELL = 32_767
#: Excel takes no longer text in a message beside a cell, and no longer title of it.
LONGEST_MESSAGE, LONGEST_TITLE = 255, 32
HEAD_ROW = 3
#: Points of one line, and of the highest row that Excel knows.
LINE, HIGHEST = 15.0, 409.0
A4 = 9
EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Content:
    """What a workbook holds. `words`: sentences and headings by name; `rows`: by sheet, each (id, texts by column)."""

    code: str
    title: str
    how: Mapping[str, str]
    names: Mapping[str, str]
    headings: Mapping[str, Mapping[str, str]]
    hints: Mapping[str, str]
    answers: Sequence[str]
    rows: Mapping[str, Sequence[tuple[int, Mapping[str, str]]]]


def write(content: Content) -> bytes:
    """Return the workbook."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(file, options)
    dress = _Dress(book)
    for kind in (TASKS, STEPS):
        if kind == TASKS or content.rows[kind]:
            _sheet(book, dress, content, kind)
    hidden = book.add_worksheet(HIDDEN)
    hidden.write_string(0, 0, content.code)
    hidden.protect()
    hidden.very_hidden()
    book.close()
    return file.getvalue()


def read(name: str, data: bytes) -> Sheets:
    """Return the rows of every sheet of a workbook, whichever office program saved it.

    :raises UnreadableFile: as of `formats.read_bytes`; formats.other-than-workbook for anything else
    """
    limits.check_size(data)
    kind = sniff(data, name)
    if kind == "xlsx":
        return read_whole(data)
    if kind not in ("xls", "ods"):
        raise UnreadableFile("formats.other-than-workbook")
    sheets: dict[str, list[tuple[int, Sequence[str]]]] = {}
    for line in read_bytes(name, data).lines:
        sheet, _, cell = (line.place.cell or "").rpartition("!")
        digits = "".join(char for char in cell if char.isdigit())
        sheets.setdefault(sheet, []).append((int(digits or line.place.line), line.cells))
    return sheets


def unpacked(name: str, data: bytes) -> list[tuple[str, bytes]]:
    """Return the files of a zip by their names, any other file as it is.

    :raises UnreadableFile: as of `archive.open_archive`
    """
    if not data.startswith(b"PK\x03\x04") or "[Content_Types].xml" in archive.list_names(data):
        return [(name, data)]
    found = archive.open_archive(data).entries
    return [
        (_readable(inner).rpartition("/")[2], content)
        for inner, content in found.items()
        if not inner.endswith("/") and not inner.startswith("__MACOSX/") and "/." not in f"/{inner}"
    ]


def _readable(name: str) -> str:
    """Return the name in a zip; Windows writes it in the code page of the country and does not say so."""
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


class _Dress:
    """The formats of the cells, made once a workbook."""

    def __init__(self, book: Any) -> None:
        frame = {
            "border": 1,
            "border_color": "#B9B9B0",
            "text_wrap": True,
            "valign": "top",
            "font_size": 10.5,
        }
        self.title = book.add_format({"bold": True, "font_size": 15, "valign": "vcenter"})
        self.how = book.add_format({"text_wrap": True, "valign": "top", "font_size": 10.5})
        self.key = book.add_format({"font_size": 8})
        self.fixed = book.add_format({**frame, "bg_color": "#F0F0EC"})
        self.head = book.add_format({**frame, "bold": True, "bg_color": "#DEDED7", "valign": "vcenter"})
        self.head_free = book.add_format({**frame, "bold": True, "bg_color": "#DCE6EE", "valign": "vcenter"})
        self.free = book.add_format({**frame, "locked": False, "num_format": "@"})
        self.free_day = book.add_format({**frame, "locked": False, "num_format": "yyyy-mm-dd"})


def _sheet(book: Any, dress: _Dress, content: Content, kind: str) -> None:
    sheet = book.add_worksheet(content.names[kind][:31])
    columns, rows = SHEETS[kind], content.rows[kind]
    last = len(columns) - 1
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, None, {"hidden": column.key == "mark"})
        sheet.write_string(HEAD_ROW - 1, at, key(kind, column.key), dress.key)
        head = dress.head_free if column.fill else dress.head
        sheet.write_string(HEAD_ROW, at, content.headings[kind][column.key], head)
    sheet.set_row(HEAD_ROW - 1, None, None, {"hidden": True})
    sheet.merge_range(0, 1, 0, last, "", dress.title)
    sheet.write_string(0, 1, content.title, dress.title)
    sheet.merge_range(1, 1, 1, last, "", dress.how)
    sheet.write_string(1, 1, content.how[kind], dress.how)
    sheet.set_row(0, 28)
    sheet.set_row(1, 16 * (2 + content.how[kind].count("\n")))
    sheet.set_row(HEAD_ROW, 32)
    for row, (pk, texts) in enumerate(rows, HEAD_ROW + 1):
        sheet.write_string(row, 0, mark(LETTERS[kind], pk, content.code), dress.key)
        sheet.set_row(row, _height(texts, kind))
        for at, column in enumerate(columns[1:], 1):
            if column.fill:
                sheet.write_blank(row, at, None, dress.free_day if column.key == "done_on" else dress.free)
            else:
                sheet.write_string(row, at, texts.get(column.key, "")[:LONGEST_CELL], dress.fixed)
    _guides(sheet, content, kind, len(rows))
    _page(sheet, content, last)


def _height(texts: Mapping[str, str], kind: str) -> float:
    """Return the height in points that shows every text of a row; a Chinese character is two wide."""
    lines = 2
    for column in SHEETS[kind]:
        parts = texts.get(column.key, "").split("\n")
        lines = max(lines, sum(1 + 2 * len(part) // column.width for part in parts))
    return min(LINE * lines, HIGHEST)


def _guides(sheet: Any, content: Content, kind: str, count: int) -> None:
    """Put drop-downs and a message beside each cell that is filled in."""
    first, last = HEAD_ROW + 1, HEAD_ROW + max(count, 1)
    for at, column in enumerate(SHEETS[kind]):
        if not column.fill:
            continue
        rule: dict[str, Any] = {"validate": "any"}
        if column.key == "answer":
            rule = {"validate": "list", "source": list(content.answers)}
        elif column.key == "done_on":
            rule = {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
        hint = content.hints[column.key][:LONGEST_MESSAGE]
        rule |= {
            "input_title": content.headings[kind][column.key][:LONGEST_TITLE], "input_message": hint,
            "error_title": content.headings[kind][column.key][:LONGEST_TITLE], "error_message": hint,
        }  # fmt: skip
        sheet.data_validation(first, at, last, at, rule)


def _page(sheet: Any, content: Content, last: int) -> None:
    """Protect the sheet, and lay it out for A4 across."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.print_area(0, 1, sheet.dim_rowmax, last)
    sheet.set_footer("&C&9&P / &N")
