"""The sheet of units, people, posts and roles: the template to fill in, and a returned file ─read_sheet→ rows.

One row is one post of a person (or a unit alone); the same person may stand in several rows.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import xlsxwriter

from bihuan.core.refusal import Refused
from bihuan.core.source import Line, Source

#: Columns in the order of the template, with the words under which each may come back.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "unit": ("单位全称", "单位", "单位名称", "Unit"),
        "parent": ("上级单位", "上级", "Parent unit"),
        "short_name": ("单位简称", "简称", "Short name"),
        "kind": ("单位类别", "类别", "Kind of unit"),
        "name": ("姓名", "Name"),
        "username": ("账号", "帐号", "Account"),
        "title": ("职务", "Post"),
        "starts_on": ("任职开始", "任职日期", "Post since"),
        "email": ("电子邮箱", "邮箱", "E-mail"),
        "role": ("角色", "权限", "Role"),
        "over": ("角色范围", "范围", "Role over"),
    }
)
WIDTHS = (28, 22, 14, 12, 12, 16, 18, 14, 24, 24, 28)
MOST_ROWS = 10_000
HEADER_WITHIN = 20
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
LONGEST = MappingProxyType(
    {
        "unit": 200,
        "parent": 200,
        "short_name": 60,
        "name": 64,
        "username": 64,
        "title": 60,
        "email": 254,
        "over": 200,
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was typed: `number` is its row in the sheet, `values` has a text for every column."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong where: the row of the sheet, the column's key, what stands there, and the sentence's code."""

    row: int
    column: str
    value: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a returned file, and the headings that no column has, with what stood below them first."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]


def template(kinds: Sequence[str], roles: Sequence[str], lines: Sequence[str]) -> bytes:
    """Return the sheet to fill in, with drop-downs for kinds and roles, and a second sheet that says how."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#E8ECEF", "border": 1, "text_wrap": True})
    day, text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("单位和人员")
    for at, (words, width) in enumerate(zip(COLUMNS.values(), WIDTHS, strict=True)):
        sheet.set_column(at, at, width, day if words[0] == "任职开始" else text)
        sheet.write_string(0, at, words[0], head)
    sheet.freeze_panes(1, 0)
    keys = list(COLUMNS)
    for key, choices in (("kind", kinds), ("role", roles)):
        at = keys.index(key)
        sheet.data_validation(
            1, at, MOST_ROWS, at, {"validate": "list", "source": list(choices), "error_type": "warning"}
        )
    notes = book.add_worksheet("填写说明")
    notes.set_column(0, 0, 90)
    for at, line in enumerate(lines):
        notes.write_string(at, 0, line, book.add_format({"text_wrap": True}))
    book.close()
    return file.getvalue()


def read_sheet(source: Source) -> Sheet:
    """Return the rows of the first sheet that has our headings.

    :raises Refused: for another kind of file, no headings, a heading that stands twice, or too many rows.
    """
    if source.format != "xlsx":
        raise Refused("orgs.import-format", format=source.format)
    lines = [line for line in source.lines if line.role == "row"]
    at, columns = _header(lines)
    body = [line for line in lines[at + 1 :] if _sheet_of(line) == _sheet_of(lines[at])]
    rows = []
    for line in body:
        cells = [cell.strip() for cell in line.cells]
        values = {key: cells[place] if place < len(cells) else "" for key, place in columns.items()}
        if any(values.values()):
            rows.append(Row(_number(line), {key: values.get(key, "") for key in COLUMNS}))
    if not rows:
        raise Refused("orgs.import-empty")
    if len(rows) > MOST_ROWS:
        raise Refused("orgs.import-long", most=MOST_ROWS)
    known = set(columns.values())
    heads = enumerate(lines[at].cells)
    unknown = tuple(cell.strip() for place, cell in heads if cell.strip() and place not in known)
    return Sheet(tuple(rows), unknown)


def day_of(text: str) -> date | None:
    """Return the day that a cell holds, None where it holds none.

    >>> day_of("2026年1月5日"), day_of("2026-13-05")
    (datetime.date(2026, 1, 5), None)
    """
    match = DATE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        found = date(*map(int, match.groups()))
    except ValueError:
        return None
    return found if 1900 <= found.year < 2100 else None


def shape_faults(row: Row) -> list[CellFault]:
    """Return what is wrong with a row by itself: what is missing beside what is there, too long, or no day."""
    values = row.values
    found = [
        CellFault(row.number, key, values[key][:40], "orgs.import-too-long", {"most": most})
        for key, most in LONGEST.items()
        if len(values[key]) > most
    ]
    found += [
        CellFault(row.number, key, values[key], "orgs.import-unprintable")
        for key in COLUMNS
        if not values[key].isprintable()
    ]
    needed = ["unit"]
    if any(values[key] for key in ("name", "username", "title", "starts_on", "email", "role", "over")):
        needed += ["name", "username", "title"]
    if values["over"]:
        needed.append("role")
    found += [CellFault(row.number, key, "", "orgs.import-missing") for key in needed if not values[key]]
    if values["starts_on"] and day_of(values["starts_on"]) is None:
        found.append(CellFault(row.number, "starts_on", values["starts_on"], "orgs.import-day"))
    if any(sign.isspace() for sign in values["username"]):
        found.append(CellFault(row.number, "username", values["username"], "orgs.username-unusable"))
    return found


def _header(lines: Sequence[Line]) -> tuple[int, Mapping[str, int]]:
    """Return where the headings stand and which column each key has."""
    words = {word.casefold(): key for key, names in COLUMNS.items() for word in names}
    for at, line in enumerate(lines):
        if _number(line) > HEADER_WITHIN:
            continue
        columns: dict[str, int] = {}
        for place, cell in enumerate(line.cells):
            key = words.get("".join(cell.split()).casefold()) or words.get(" ".join(cell.split()).casefold())
            if key is None:
                continue
            if key in columns:
                raise Refused("orgs.import-column-twice", column=COLUMNS[key][0])
            columns[key] = place
        if "unit" in columns and len(columns) > 1:
            return at, columns
    raise Refused("orgs.import-no-header", columns="、".join(names[0] for names in COLUMNS.values()))


def _sheet_of(line: Line) -> str:
    return (line.place.cell or "").rpartition("!")[0]


def _number(line: Line) -> int:
    digits = "".join(char for char in (line.place.cell or "").rpartition("!")[2] if char.isdigit())
    return int(digits) if digits else line.place.line
