"""Plans as files: a version ─paper→ docx or PDF; ─opinion_sheet→ xlsx to be filled in outside and read again.

An opinion sheet is read as it comes back: rows by their hidden mark ─read_opinions→ faults by cell, or opinions.
"""

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.core import signing

from bihuan.core import plans
from bihuan.core.findings import CATEGORIES
from bihuan.core.paper import Paper
from bihuan.core.plan_text import Facts, compose_plan
from bihuan.core.plans import Content, Item
from bihuan.core.refusal import Refused
from bihuan.core.register import LONGEST, FieldFault
from bihuan.core.returned import letters
from bihuan.core.source import Line, Source
from bihuan.findings.models import Plan
from bihuan.web.catalogue import say

SALT, KEPT_SECONDS = "findings.plan.opinions", 3600
MARK, OPINION = "标识", "意见"
HEAD = (MARK, "编号", "反馈问题、具体问题、任务", "整改措施", "责任单位", "牵头领导", "期限", OPINION)
WIDTHS = (14, 9, 44, 44, 18, 12, 12, 50)
MOST_ROWS = 5000


def words() -> dict[str, str]:
    """Return the Chinese words that the paper uses for categories and kinds of proof."""
    found = {f"category:{name}": say(f"findings.category-{name}") for name in CATEGORIES}
    return found | {f"proves:{name}": say(f"plan.proves-{name}") for name in plans.PROVES}


def paper(plan: Plan, content: Content) -> Paper:
    """Return a version as a paper; `plan` comes with its inspection and organisation."""
    held = plan.inspection
    facts = Facts(
        title=plan.title,
        organisation=plan.organisation.name,
        inspection=held.title,
        state=plan.state,
        version=plan.version,
        number=plan.document_number,
        authority=held.authority,
        team=held.team,
        feedback_on=held.feedback_on,
        meeting=plan.meeting,
        approved_on=plan.approved_on.isoformat() if plan.approved_on else "",
        changed=bool(plan.reason),
        words=words(),
    )
    return compose_plan(facts, content)


def opinion_sheet(plan: Plan, content: Content) -> bytes:
    """Return the sheet for opinions on every item of a version. Every cell is text; only the opinions can be typed."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("征求意见表")
    title = book.add_format(
        {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "text_wrap": True}
    )
    head = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#F0F0EC", "text_wrap": True, "valign": "top"}
    )
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    free = book.add_format(
        {"border": 1, "text_wrap": True, "valign": "top", "num_format": "@", "locked": False}
    )
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width, None, {"hidden": True} if at == 0 else {})
    sheet.merge_range(0, 1, 0, len(HEAD) - 1, "", title)
    sheet.write_string(0, 1, f"{plan.title}征求意见表", title)
    sheet.set_row(0, 36)
    for at, word in enumerate(HEAD):
        sheet.write_string(1, at, word, head)
    rows = [(f"P{plan.pk}", "", "对整个方案的意见", "", "", "", ""), *(_row(item) for item in content)]
    for down, row in enumerate(rows, 2):
        for at, text in enumerate(row):
            sheet.write_string(down, at, text[:32_000], cell)
        sheet.write_blank(down, len(HEAD) - 1, None, free)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    sheet.freeze_panes(2, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    book.close()
    return out.getvalue()


def _row(item: Item) -> tuple[str, ...]:
    fields: Mapping[str, Any] = item.fields
    return (
        item.key, str(fields.get("number", "")), str(fields.get("title", "")), str(fields.get("measures", "")),
        str(fields.get("unit", "")), str(fields.get("leader", "")), str(fields.get("due_on", "")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a cell of the sheet: its name (H12), what stands there, a code with its parameters."""

    cell: str
    text: str
    fault: FieldFault


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What an opinion sheet says: opinions as (item key or empty, number, text), or its faults."""

    opinions: tuple[tuple[str, str, str], ...]
    faults: tuple[CellFault, ...]


def read_opinions(source: Source, plan: Plan) -> SheetRead:
    """Return the opinions of a sheet that came back, or every fault by cell.

    :raises Refused: when it is no opinion sheet, or another plan's.
    """
    if source.format != "xlsx":
        raise Refused("plan.sheet-not-xlsx")
    lines = [line for line in source.lines if line.role == "row"]
    start = next((at for at, line in enumerate(lines) if {MARK, OPINION} <= set(_texts(line))), None)
    if start is None:
        raise Refused("plan.sheet-no-head")
    head = _texts(lines[start])
    at_mark, at_text = head.index(MARK), head.index(OPINION)
    items = {item.key: item for item in plans.thawed(plan.content)}
    body = lines[start + 1 : start + 1 + MOST_ROWS]
    foreign = {_at(line, at_mark) for line in body if _at(line, at_mark).startswith("P")} - {f"P{plan.pk}"}
    if any(mark.removeprefix("P").isdecimal() for mark in foreign):
        raise Refused("plan.sheet-other-plan")
    known = {*items, f"P{plan.pk}"}
    opinions, faults, seen = [], [], set[str]()
    for line in body:
        mark, text = _at(line, at_mark), _at(line, at_text)
        if mark and mark in seen:
            faults.append(
                _fault(line, at_mark, mark, FieldFault("item", "plan.sheet-mark-twice", {"mark": mark[:40]}))
            )
        seen.add(mark)
        if not text:
            continue
        there = {"item": (at_mark, mark), "text": (at_text, text[:40])}
        faults += [_fault(line, *there[one.field], one) for one in _row_faults(mark, text, known)]
        item = items.get(mark)
        opinions.append((mark if item else "", str(item.fields.get("number", "")) if item else "", text))
    if not opinions and not faults:
        raise Refused("plan.sheet-empty")
    return SheetRead(tuple(opinions) if not faults else (), tuple(faults))


def _row_faults(mark: str, text: str, known: Collection[str]) -> Iterator[FieldFault]:
    if not mark:
        yield FieldFault("item", "plan.sheet-no-mark")
    elif mark not in known:
        yield FieldFault("item", "plan.sheet-unknown-row", {"mark": mark[:40]})
    if len(text) > LONGEST["text"]:
        yield FieldFault("text", "plan.sheet-long", {"length": len(text), "most": LONGEST["text"]})


def carry(plan: Plan, read: SheetRead, user_id: int | None) -> str:
    """Return what a preview carries to the commit, signed for this person."""
    held = {
        "plan": plan.pk,
        "user": user_id,
        "opinions": [[key, text] for key, _number, text in read.opinions],
    }
    return signing.dumps(held, salt=SALT, compress=True)


def carried(text: str, plan: Plan, user_id: int | None) -> list[dict[str, str]]:
    """Return the opinions that a preview carried.

    :raises Refused: when it is too old, somebody else's or another plan's.
    """
    try:
        held = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature as error:
        raise Refused("findings.sheet-preview-gone") from error
    if held["user"] != user_id or held["plan"] != plan.pk:
        raise Refused("findings.sheet-preview-gone")
    return [{"item": key, "text": opinion} for key, opinion in held["opinions"]]


def _texts(line: Line) -> list[str]:
    return [cell.strip() for cell in line.cells]


def _at(line: Line, at: int) -> str:
    return line.cells[at].strip() if at < len(line.cells) else ""


def _fault(line: Line, at: int, text: str, fault: FieldFault) -> CellFault:
    place = (line.place.cell or "").rpartition("!")[2]
    row = "".join(filter(str.isdigit, place)) or str(line.place.line)
    return CellFault(f"{letters(at)}{row}", text, fault)
