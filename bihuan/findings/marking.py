"""A sheet with faults handed back: the person's own workbook ─faults by cell→ red cells, comments, a list of faults.

It is made from the upload in the request that found the faults and goes out with the page; nothing is kept.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from bihuan.findings.wording import told

RED = PatternFill("solid", fgColor="FFF4B6B6")
MOST_MARKED = 1000
COMMENT_SIZE = (260, 90)


@dataclass(frozen=True, slots=True)
class Marked:
    """One fault in words: its cell (``F12``), the heading of its column, and what is wrong and what to do."""

    cell: str
    column: str
    text: str
    message: str


def marked(content: bytes, sheet: str, faults: Sequence[Marked]) -> bytes | None:
    """Return the workbook with its faults marked in `sheet`, or None when it cannot be opened for writing.

    The rows stay where they are, so that every place in the list of faults is the same in the sheet.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError):
        return None
    page = book[sheet] if sheet in book.sheetnames else book.active
    if not isinstance(page, Worksheet):
        return None
    for fault in faults[:MOST_MARKED]:
        place = fault.cell if fault.cell[:1].isalpha() else f"A{fault.cell}"
        cell = page[place]
        cell.fill = RED
        if not isinstance(cell, MergedCell):
            before = f"{cell.comment.text}\n" if cell.comment else ""
            width, height = COMMENT_SIZE
            cell.comment = Comment(before + fault.message, told("marked-author"), height=height, width=width)
    if (old := told("marked-sheet")) in book.sheetnames:
        del book[old]
    _list(book.create_sheet(old, 0), faults)
    book.active = 0
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _list(page: Worksheet, faults: Sequence[Marked]) -> None:
    """Write row, column, content and fault; every text as a text, so that none becomes a formula."""
    heads = [told(f"marked-{word}") for word in ("row", "column", "text", "fault")]
    rows = [heads, *([_row(one.cell), one.column, one.text, one.message] for one in faults)]
    for at, row in enumerate(rows, 1):
        for position, text in enumerate(row, 1):
            cell = page.cell(at, position)
            cell.value = text
            cell.data_type = "s"
    for letter, width in zip("ABCD", (8, 18, 40, 70), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"


def _row(cell: str) -> str:
    return "".join(filter(str.isdigit, cell))
