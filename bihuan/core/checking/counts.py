"""Does the declared number of problems or tasks agree with what the document lists?"""

from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Reading, params
from bihuan.core.checking.retold import told_twice

_LIST: Final = 2  # one numbered line is no list


def check_declared_count(reading: Reading) -> Iterator[Fault]:
    """Find a declared number of problems or tasks that the list in the same document does not have."""
    if reading.document.kind not in ("notice", "feedback", "plan"):
        return
    yield from _against_problems(reading)
    yield from _against_tasks(reading)
    yield from told_twice(reading)


def _against_problems(reading: Reading) -> Iterator[Fault]:
    """Compare the declared number of problems with the findings and problems listed."""
    findings, listed = len(reading.document.findings), len(reading.problems)
    if listed < _LIST:
        return
    for figure in reading.document.tally:
        if figure.key not in ("problems", "specific_problems") or figure.approx:
            continue
        if figure.value in (findings, listed) or (reading.cut and figure.value > listed):
            continue
        related = (reading.problems[0].place, reading.problems[-1].place)
        values = params(declared=figure.value, findings=findings, problems=listed)
        yield reading.fault_of(figure, "declared-count", values, variant=None, related=related)


def _against_tasks(reading: Reading) -> Iterator[Fault]:
    """Compare the declared number of tasks with the rows of a plan."""
    rows = reading.document.tasks
    for figure in reading.document.tally if rows else ():
        if figure.key == "tasks" and not figure.approx and figure.value != len(rows):
            related = (rows[0].place, rows[-1].place)
            values = params(declared=figure.value, tasks=len(rows))
            yield reading.fault_of(figure, "declared-count", values, variant="tasks", related=related)
