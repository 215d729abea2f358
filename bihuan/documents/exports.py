"""What a draft is worth at once, before anything is registered: lists as a workbook, the plan's outline.

Tree ─breakdown→ xlsx (problem, task and responsibility lists, what a person must say left empty), ─outline→ Paper
These are papers of the office, so they are always in Chinese; a filled task list comes back as a plan.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from types import MappingProxyType
from typing import Any

import xlsxwriter

from bihuan.core.drafting import Node, Tree
from bihuan.core.paper import Attachment, Block, Heading, Paper, Paragraph, Table
from bihuan.web.catalogue import say

#: Columns by sheet with their widths in characters; the words are documents.column-….
SHEETS: Mapping[str, tuple[tuple[str, int], ...]] = MappingProxyType(
    {
        "problems": (("aspect", 18), ("finding", 28), ("number", 6), ("problem", 34), ("text", 60)),
        "tasks": (
            ("finding", 22),
            ("problem", 28),
            ("task_number", 9),
            ("task", 34),
            ("measures", 40),
            ("leader", 10),
            ("unit", 16),
            ("joint", 16),
            ("category", 10),
            ("due_on", 12),
            ("expected", 24),
            ("remark", 12),
        ),
        "responsibilities": (
            ("number", 6),
            ("problem", 40),
            ("leader", 12),
            ("unit", 20),
            ("joint", 24),
            ("person", 12),
            ("due_on", 12),
        ),
    }
)
CELL_LIMIT = 32_000


def told(code: str, **params: str | int) -> str:
    """Return the Chinese words of a code of this file."""
    return say(f"documents.{code}", params)


def breakdown(tree: Tree) -> bytes:
    """Return the workbook of the three lists. Every cell is text, so nothing in a document acts as a
    formula."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    looks = {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
        "head": book.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#F0F0EC"}
        ),
        "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"}),
    }
    rows = _rows(tree)
    for name, columns in SHEETS.items():
        _sheet(book, name, columns, rows[name], looks=looks, title=tree.root.title)
    book.close()
    return out.getvalue()


def _sheet(
    book: Any,
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str]],
    *,
    looks: Mapping[str, Any],
    title: str,
) -> None:
    sheet = book.add_worksheet(told(f"sheet-{name}"))
    sheet.set_landscape()
    sheet.set_paper(9 if name != "tasks" else 8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.freeze_panes(2, 0)
    sheet.merge_range(0, 0, 0, len(columns) - 1, "", looks["title"])
    sheet.write_string(0, 0, f"{title}{told(f'sheet-{name}')}", looks["title"])
    sheet.set_row(0, 30)
    for at, (key, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, told(f"column-{key}"), looks["head"])
    for down, row in enumerate(rows, 2):
        for at, text in enumerate(row):
            sheet.write_string(down, at, text[:CELL_LIMIT], looks["cell"])


def _rows(tree: Tree) -> dict[str, list[list[str]]]:
    """Return the rows of the three sheets; what only a person can say stays empty."""
    by_id = {node.id: node for node in tree.nodes}
    children = tree.children()
    problems: list[list[str]] = []
    tasks: list[list[str]] = []
    responsibilities: list[list[str]] = []
    for node in tree.registered():
        if node.kind == "task" and node.parent == tree.root.id:
            tasks.append(_task_row(node, finding="", problem=node.fact("problem_title"), number=node.number))
        if node.kind != "problem":
            continue
        finding = by_id[node.parent]
        aspect = by_id[finding.parent]
        above = f"（{finding.number}）{finding.title}"
        named = f"{node.number}.{node.title}"
        problems.append(
            [aspect.title if aspect.kind == "aspect" else "", above, node.number, node.title, node.text]
        )
        responsibilities.append([node.number, node.title, "", "", "", "", ""])
        own = [one for one in children[node.id] if one.kind == "task"]
        for at, task in enumerate(own or [Node("", "task", title=told("export-task", title=node.title))], 1):
            tasks.append(
                _task_row(task, finding=above, problem=named, number=task.number or f"{node.number}-{at}")
            )
    return {"problems": problems, "tasks": tasks, "responsibilities": responsibilities}


def _task_row(task: Node, *, finding: str, problem: str, number: str) -> list[str]:
    facts = [
        task.fact(key) for key in ("leader", "unit", "joint", "category", "due_on", "expected", "remark")
    ]
    return [finding, problem, number, task.title, task.measures, *facts]


def outline(tree: Tree) -> Paper:
    """Return the outline of a plan: every problem with what has to be written under it, and the task list
    to fill."""
    root = tree.root
    blocks: list[Block] = [
        Heading(1, told("outline-aims")),
        Paragraph(told("outline-to-fill")),
        Heading(1, told("outline-tasks")),
    ]
    for node in tree.registered():
        if node.kind == "finding":
            blocks.append(Heading(2, f"（{node.number}）{node.title}"))
        elif node.kind == "problem":
            blocks.append(Heading(3, f"{node.number}.{node.title}"))
            blocks += [
                Paragraph(told(f"outline-{part}")) for part in ("task", "measures", "responsible", "due")
            ]
    blocks += [Heading(1, told("outline-care")), Paragraph(told("outline-to-fill"))]
    kept = (2, 3, 4, 6, 7, 9)
    header = tuple(told(f"column-{SHEETS['tasks'][at][0]}") for at in kept)
    rows = tuple(tuple(row[at] for at in kept) for row in _rows(tree)["tasks"])
    table = Table(header, rows, widths=(1.2, 4.0, 4.0, 2.0, 2.0, 1.8))
    return Paper(
        title=told(
            "outline-title", subject=root.fact("subject"), team=root.fact("team") or root.fact("kind")
        ),
        blocks=tuple(blocks),
        attachments=(Attachment(told("sheet-tasks"), (table,), landscape=True),),
        signed_by=root.fact("subject") or None,
    )
