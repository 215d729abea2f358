"""Does the declared number of problems or tasks agree with what the document lists?"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params
from bihuan.core.reading.document import TallyFigure

_LIST: Final = 2  # one numbered line is no list
_RETOLD: Final = re.compile(r"反馈|指出|移交|分解|细化|形成")
_PART_OF: Final = re.compile(r"其中|其余|已|完成|正在|基本|长期|整改(?!任务)|解决|个方面[,、]|[,。;]$")
_PROBLEM_COUNT: Final = re.compile(r"(?<![\d.])(?P<number>\d{1,5}) ?(?:个|项|条)(?:具体|反馈)?问题(?!线索)")
_TASK_COUNT: Final = re.compile(r"(?<![\d.])(?P<number>\d{1,5}) ?(?:个|项)(?:分项|整改)任务")


def check_declared_count(reading: Reading) -> Iterator[Fault]:
    """Find a declared number of problems or tasks that the list in the same document does not have."""
    if reading.document.kind not in ("notice", "feedback", "plan"):
        return
    yield from _against_problems(reading)
    yield from _against_tasks(reading)
    yield from _told_twice(reading)


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


def _told_twice(reading: Reading) -> Iterator[Fault]:
    """Find a second number of problems fed back, or of tasks, that differs from the first."""
    listed = {len(reading.problems), len(reading.document.findings)}
    tally = reading.document.tally
    problems = [figure for figure in tally if figure.key in ("problems", "specific_problems")]
    tasks = [figure for figure in tally if figure.key == "tasks"]
    for passage in reading.body():
        if passage.role in ("opening", "organisation", "tally", "follow_up"):
            yield from _others(passage, _PROBLEM_COUNT, problems, listed)
            yield from _others(passage, _TASK_COUNT, tasks, set())


def _others(
    passage: Passage, pattern: re.Pattern[str], figures: list[TallyFigure], listed: set[int]
) -> Iterator[Fault]:
    """Yield the numbers of one paragraph that count the same as `figures` and differ from all of them."""
    if not figures or any(figure.approx for figure in figures):
        return
    first, known = figures[0], {figure.value for figure in figures} | listed
    for match in pattern.finditer(passage.bare):
        before = passage.bare[max(0, match.start() - 16) : match.start()]
        if int(match["number"]) in known or not _RETOLD.search(before) or _PART_OF.search(before):
            continue
        values = params(first=first.value, second=int(match["number"]), line=first.place.line)
        yield passage.fault(
            "declared-count",
            match.start(),
            match.end(),
            variant="twice",
            params=values,
            related=(first.place,),
        )
