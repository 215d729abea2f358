"""Workbooks in the hands of units: fifteen units with tasks, filled files, and what people do to a file before it returns."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook as Book
from openpyxl import load_workbook

from bihuan.findings.actions.tasks import add_step
from bihuan.findings.actions.workbooks import make_workbooks
from bihuan.findings.book_words import content
from bihuan.findings.models import Inspection, Task, Workbook
from bihuan.findings.queries.workbooks import given_of
from bihuan.formats.workbook_xlsx import write
from tests.cast import Cast, actor_for, make_unit
from tests.making import make_finding, make_inspection, make_problem, make_task

PERIOD = "2026年11月"
DUE = date(2026, 11, 30)
FIRST = 5  # the row of the first task


@dataclass(frozen=True, slots=True)
class Given:
    """What was given out: the inspection, its workbooks, and the tasks of each unit."""

    inspection: Inspection
    rows: list[Workbook]
    tasks: dict[int, list[Task]]

    def file(self, at: int) -> bytes:
        """Return the workbook of a unit as it was given out."""
        return write(content(self.rows[at], given_of([self.rows[at]])[0]))

    def of(self, at: int) -> list[Task]:
        """Return the tasks of a workbook."""
        return self.tasks[self.rows[at].unit_id]


def give(cast: Cast, *, units: int = 3, each: int = 3) -> Given:
    """Make units with tasks, each with a step, and give out their workbooks."""
    inspection = make_inspection(cast)
    problem = make_problem(cast, make_finding(cast, inspection))
    tasks: dict[int, list[Task]] = {}
    for at in range(1, units + 1):
        unit = make_unit(f"第{at}责任单位", parent=cast.organisation)
        own = [
            make_task(
                cast,
                problem,
                number=f"{at}-{n}",
                title=f"=第{n}项台账",
                measures="-逐户核对\n+逐月比对",
                unit_id=unit.pk,
            )
            for n in range(1, each + 1)
        ]
        add_step(own[0], {"title": "逐户发放样表", "person": "刘知远"}, actor=actor_for(cast.office))
        tasks[unit.pk] = own
    rows = make_workbooks(inspection, PERIOD, DUE, actor=actor_for(cast.office))
    return Given(inspection, rows, tasks)


def edited(data: bytes, change: Callable[[Book], None]) -> bytes:
    """Return a workbook after a person has worked on it."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def filled(data: bytes, *said: str, step: str | None = None, start: int = 0) -> bytes:
    """Return a workbook with one answer a row: 无变化 as one, any other text as what was done, empty for none."""

    def fill(book: Any) -> None:
        sheet = book["任务"]
        for row, text in enumerate(said, FIRST + start):
            if text == "无变化":
                sheet.cell(row, 8, text)
            elif text:
                sheet.cell(row, 8, "有进展")
                sheet.cell(row, 9, text)
        if step:
            book["步骤"].cell(FIRST, 6, step)

    return edited(data, fill)
