"""Does the declared number of problems or tasks agree with what the document lists?"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Reading, params

_RETOLD: Final = re.compile(r"(?:反馈|指出|移交)(?:意见)?(?:中|的|了|问题)?")
_PROBLEM_COUNT: Final = re.compile(
    r"(?<![\d.])(?P<number>\d{1,5})(?:个|项|条)(?P<what>具体问题|反馈问题|问题)(?!线索)"
)


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
    if not listed:
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
    """Find a second number of problems fed back that differs from the first."""
    declared = {figure.value: figure for figure in reading.document.tally if "problems" in figure.key}
    if not declared or any(figure.approx for figure in declared.values()):
        return
    known = {*declared, len(reading.problems), len(reading.document.findings)}
    first = next(iter(declared.values()))
    for passage in reading.body():
        if passage.role not in ("opening", "organisation", "tally", "follow_up"):
            continue
        for match in _PROBLEM_COUNT.finditer(passage.bare):
            before = passage.bare[max(0, match.start() - 16) : match.start()]
            retold = _RETOLD.search(before) and not re.search(r"[,。;其整解]", before)
            if retold and int(match["number"]) not in known:
                values = params(first=first.value, second=int(match["number"]), line=first.place.line)
                yield passage.fault(
                    "declared-count", match.start(), match.end(), variant="twice", params=values,
                    related=(first.place,),
                )  # fmt: skip
