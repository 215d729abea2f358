"""Lists as files: wish ─rows from the database as they come→ xlsx (comes back) or docx (official table).

Every text is written as text, so that none becomes a formula. A sheet of tasks or problems carries a hidden column that
names each row and the revision it shows; the sheet is protected except where it may be changed.
"""

import itertools
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import IO, Any

import xlsxwriter

from bihuan.core.lists import TASKS, Column, Wish
from bihuan.core.paper import Attachment, Paper, Paragraph, Table
from bihuan.core.refusal import Refused
from bihuan.core.returned import MARKS, READERS
from bihuan.findings import cells
from bihuan.findings.queries import lists, others
from bihuan.findings.queries.sight import Reach
from bihuan.findings.wording import category_word, column_word, day, partial, state_word, told
from bihuan.formats.papers import write_paper

CHUNK = 2000
MOST_DOCX_ROWS = 3000
LONGEST_CELL = 32_767  # what a cell of a workbook can hold

Row = Mapping[str, Any]


def xlsx(seen: Reach, wish: Wish, *, given: Iterable[Row] | None = None) -> IO[bytes]:
    """Return the list as a workbook, in a temporary file that disappears when it is closed.

    `given` are its rows, read here otherwise. They go from the database to the file in chunks; the memory does not
    grow with the list.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer that streams it closes it
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }  # fmt: skip
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(told(f"list-{wish.listing.name}")[:31])
    columns = wish.shown()
    letter = MARKS.get(wish.listing.name, "")
    returns, writable = bool(letter), READERS.get(wish.listing.name, {})
    _dress(book, sheet, wish)
    free = book.add_format({"locked": False, "text_wrap": True, "valign": "top"})
    free_day = book.add_format({"locked": False, "num_format": "yyyy-mm-dd", "valign": "top"})
    fixed = book.add_format({"text_wrap": True, "valign": "top"})
    fixed_day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    formats = [(free, free_day) if column.key in writable else (fixed, fixed_day) for column in columns]
    values = _values(wish, columns)
    keys = [column.key for column in columns]
    due = keys.index("due_on") + int(returns) if wish.listing is TASKS and "due_on" in keys else -1
    for at, row in enumerate(rows(seen, wish) if given is None else given, 1):
        if returns:
            sheet.write_string(at, 0, f"{letter}{row['pk']}.{row['revision']}")
        for position, (value, (plain, dated)) in enumerate(
            zip(values(row), formats, strict=True), int(returns)
        ):
            if isinstance(value, date):
                sheet.write_datetime(at, position, value, dated)
                if position == due and row["extended"]:
                    sheet.write_comment(at, position, cells.extended_word(row["extended"]))
            elif isinstance(value, int):
                sheet.write_number(at, position, value, plain)
            elif value:
                sheet.write_string(at, position, value[:LONGEST_CELL], plain)
            else:
                sheet.write_blank(at, position, None, plain)
    book.close()
    file.seek(0)
    return file


def docx(seen: Reach, wish: Wish, *, given: Iterable[Row] | None = None) -> bytes:
    """Return the list as an official table lying across; `given` are its rows, read here otherwise.

    :raises Refused: when it is too long for a paper, rather than cutting it short.
    """
    columns = wish.shown()
    found = list(itertools.islice(rows(seen, wish) if given is None else given, MOST_DOCX_ROWS + 1))
    if len(found) > MOST_DOCX_ROWS:
        raise Refused("findings.docx-too-long", most=MOST_DOCX_ROWS)
    heading = told(f"list-{wish.listing.name}")
    table = Table(
        tuple(column_word(wish.listing.name, column.key) for column in columns),
        tuple(tuple(_printed(wish, column, row) for column in columns) for row in found),
        widths=tuple(float(column.width) for column in columns),
    )
    as_of = wish.filters.get("as_of") or seen.today.isoformat()
    note = Paragraph(told("paper-note", count=len(found), day=partial(as_of)))
    paper = Paper(title=heading, blocks=(note,), attachments=(Attachment(heading, (table,), landscape=True),))
    return write_paper(paper, "docx").content


def rows(seen: Reach, wish: Wish) -> Iterator[Row]:
    """Return all rows of a list in its order, read from the database in chunks."""
    name = wish.listing.name
    if name == "tasks":
        wanted = lists.tasks_wanted(seen, wish)
        if "as_of" in wish.filters:
            yield from _tasks_as_of(seen, wish)
        else:
            yield from wanted.values(*lists.task_values(wish.columns)).iterator(chunk_size=CHUNK)
    elif name == "problems":
        for ids in _chunks(lists.problems_wanted(seen, wish).values_list("pk", flat=True)):
            yield from lists.problem_rows(seen, ids, (*wish.columns, "revision"))
    elif name == "institutions":
        for ids in _chunks(others.institutions_wanted(seen, wish).values_list("pk", flat=True)):
            yield from others.institution_rows(ids)
    else:
        everything = Wish(wish.listing, wish.filters, wish.order, wish.columns, size=1_000_000)
        yield from others.responsibility_page(seen, everything).rows


def _tasks_as_of(seen: Reach, wish: Wish) -> Iterator[Row]:
    for page in itertools.count(1):
        shown = lists.task_page(
            seen, Wish(wish.listing, wish.filters, wish.order, wish.columns, page=page, size=CHUNK)
        )
        yield from shown.rows
        if len(shown.rows) < CHUNK:
            return


def _chunks(ids: Any) -> Iterator[list[int]]:
    stream: Iterable[int] = ids.iterator(chunk_size=CHUNK)
    while chunk := list(itertools.islice(stream, 500)):
        yield chunk


def _values(wish: Wish, columns: tuple[Column, ...]) -> Any:
    """Return the function that gives a row's plain values; words are looked up once, not once a row."""
    makers = [_value_maker(wish, column) for column in columns]
    return lambda row: [maker(row) for maker in makers]


def _value_maker(wish: Wish, column: Column) -> Any:
    if wish.listing is TASKS:
        field = cells.FIELDS.get(column.key, column.key)
        if column.shape in ("state", "category"):
            word = state_word if column.shape == "state" else category_word
            known: dict[str, str] = {}
            return lambda row: known.get(row[field]) or known.setdefault(row[field], word(row[field]))
        return lambda row: row[field]
    return lambda row: cells.raw(wish.listing, column, row)


def _printed(wish: Wish, column: Column, row: Row) -> str:
    value = cells.raw(wish.listing, column, row)
    if isinstance(value, date):
        nth = row["extended"] if wish.listing is TASKS and column.key == "due_on" else 0
        return f"{day(value)}（{cells.extended_word(nth)}）" if nth else day(value)
    if column.shape == "partial":
        return partial(str(value or ""))
    return "" if value is None else str(value)


def _dress(book: Any, sheet: Any, wish: Wish) -> None:
    """Write the headings; for a sheet that comes back, hide the column that names the row and lock what is fixed."""
    listing, columns = wish.listing.name, wish.shown()
    returns = listing in MARKS
    head = book.add_format({"bold": True, "bg_color": "#F0F0EC", "bottom": 1, "valign": "top"})
    if returns:
        sheet.set_column(0, 0, 12, None, {"hidden": True})
        sheet.write_string(0, 0, told("column-mark"), head)
        allowed = (
            "format_columns",
            "format_rows",
            "sort",
            "autofilter",
            "select_locked_cells",
            "select_unlocked_cells",
        )
        sheet.protect("", dict.fromkeys(allowed, True))
    for position, column in enumerate(columns, int(returns)):
        sheet.set_column(position, position, column.width)
        sheet.write_string(0, position, column_word(listing, column.key), head)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
