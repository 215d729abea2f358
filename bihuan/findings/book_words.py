"""Workbooks in words: headings and instructions of a sheet, what its words mean, remarks, the reminder."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault
from bihuan.core.source import Params
from bihuan.core.workbook_merge import Answer, Given
from bihuan.core.workbooks import CHANGED, SHEETS, STEPS, TASKS, UNCHANGED, Note, Words
from bihuan.findings.models import Inspection, ProgressReport, Step, Task, Workbook
from bihuan.findings.wording import day, state_word
from bihuan.formats.workbook_xlsx import Content
from bihuan.web.catalogue import LANGUAGES, say
from bihuan.web.edge import language


def say_books(code: str, **params: str | int) -> str:
    """Return the sentence of ``books.<code>`` in the language of the page."""
    return say(f"books.{code}", params, lang=language())


def tell(one: Note | FieldFault | Refused) -> str:
    """Return the sentence of a remark, fault or refusal; days as an official writes them."""
    return say(one.code, _shown(one.params), lang=language())


def words() -> Words:
    """Return what the words of a workbook mean, in every language that one may have been made in."""
    headings: dict[str, dict[str, str]] = {TASKS: {}, STEPS: {}}
    for kind, columns in SHEETS.items():
        for lang in (*[one for one in LANGUAGES if one != language()], language()):
            for column in columns:
                headings[kind]["".join(_heading(kind, column.key, lang).split())] = column.key
    answers = {
        "".join(say(f"books.answer-{one}", lang=lang).split()): one
        for lang in LANGUAGES
        for one in (UNCHANGED, CHANGED)
    }
    return Words(headings, answers)


def task_cells(task: Task, last: ProgressReport | None) -> dict[str, str]:
    """Return the locked cells of a task."""
    return {
        "number": task.number, "title": task.title, "measures": task.measures,
        "due_on": task.due_on.isoformat() if task.due_on else "", "state": state_word(task.state),
        "last": report_line(last) if last else "",
    }  # fmt: skip


def step_cells(task: Task, step: Step) -> dict[str, str]:
    """Return the locked cells of a step."""
    return {
        "number": task.number, "title": step.title, "person": step.person,
        "due_on": step.due_on.isoformat() if step.due_on else "",
    }  # fmt: skip


def report_line(report: ProgressReport) -> str:
    """Return a report in one cell: its day and what it says."""
    said = say_books("answer-unchanged") if report.unchanged else report.text
    return f"{report.reported_on.isoformat()}　{said}"


def content(row: Workbook, given: Given) -> Content:
    """Return what the xlsx of a workbook holds, as it was given out."""
    due = say_books("until", day=day(row.due_on)) if row.due_on else ""
    return Content(
        code=row.code,
        title=say_books(
            "sheet-title", inspection=row.inspection.title, period=row.period, unit=row.unit.name
        ),
        how={kind: say_books(f"how-{kind}", due=due) for kind in SHEETS},
        names={kind: say_books(f"sheet-{kind}") for kind in SHEETS},
        headings={
            kind: {column.key: _heading(kind, column.key, language()) for column in columns}
            for kind, columns in SHEETS.items()
        },
        hints={
            column.key: say_books(f"hint-{column.key}")
            for columns in SHEETS.values()
            for column in columns
            if column.fill
        },
        answers=[say_books("answer-unchanged"), say_books("answer-changed")],
        rows={TASKS: list(given.tasks.items()), STEPS: list(given.steps.items())},
    )


def book_name(row: Workbook) -> str:
    """Return the file name of a workbook."""
    return f"{say_books('file-name', unit=row.unit.name, period=row.period)}.xlsx".replace("/", "-")


def reminder(inspection: Inspection, period: str, due_on: date | None, rows: Sequence[Workbook]) -> str:
    """Return a text for any chat: how many units have returned, which have not, until when. Units, never people."""
    late = [row.unit.name for row in rows if row.returned_on is None]
    params: dict[str, str | int] = {
        "inspection": inspection.title, "period": period, "given": len(rows), "returned": len(rows) - len(late),
        "missing": len(late), "units": say_books("comma").join(late),
        "due": say_books("until", day=day(due_on)) if due_on else "",
    }  # fmt: skip
    return say_books("reminder" if late else "reminder-done", **params)


def value_word(value: Answer | date) -> dict[str, Any]:
    """Return what a preview shows of an answer or a day."""
    if not isinstance(value, Answer):
        return {"text": say_books("done-on", day=day(value))}
    return {
        "text": say_books("answer-unchanged") if value.unchanged else value.text,
        "next_step": value.next_step, "obstacle": value.obstacle, "unchanged": value.unchanged,
    }  # fmt: skip


def _heading(kind: str, key: str, lang: str) -> str:
    return say(f"books.step-{key}" if kind == STEPS and key == "title" else f"books.column-{key}", lang=lang)


def _shown(params: Params) -> Params:
    if "day" not in params:
        return params
    return {
        **params,
        "day": day(date.fromisoformat(str(params["day"])))
        if len(str(params["day"])) == 10
        else params["day"],
    }
