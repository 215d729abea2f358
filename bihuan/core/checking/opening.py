"""The dates of the opening sentence as they are printed, also when they contradict each other.

A reader leaves out dates that cannot be true together; whoever checks has to see them all the same.
"""

import re
from dataclasses import dataclass
from typing import Final

from bihuan.core.checking.days import Day, days
from bihuan.core.checking.passages import Passage, Reading

_SPAN: Final = re.compile(r"\s*(?:至|到|—{1,2}|－|-|~)\s*")
_TOLD: Final = re.compile(r"反馈(?:了|情况|意见)|反饋")
_REACH: Final = 80


@dataclass(frozen=True, slots=True)
class Printed:
    """A date of the opening with its ISO text; without a printed year it takes that of the date before."""

    iso: str
    passage: Passage
    day: Day


def printed_dates(reading: Reading) -> dict[str, Printed]:
    """Return starts_on, ends_on and feedback_on as far as the opening prints them."""
    found: dict[str, Printed] = {}
    for passage in reading.passages:
        if passage.role == "opening":
            for step, printed in _of_passage(passage).items():
                found.setdefault(step, printed)
    return found


def _of_passage(passage: Passage) -> dict[str, Printed]:
    """Return the first span of a paragraph and the first date whose sentence tells of the feedback."""
    found: dict[str, Printed] = {}
    year: int | None = None
    before: Day | None = None
    for day in days(passage.plain):
        year = day.year if day.year is not None else year
        if year is None or not day.possible:
            continue
        printed = Printed(day.iso(year), passage, day)
        spans = before is not None and bool(_SPAN.fullmatch(passage.plain, before.end, day.start))
        if spans and before is not None and "ends_on" not in found:
            found["starts_on"] = Printed(before.iso(year), passage, before)
            found["ends_on"] = printed
        elif not spans and "feedback_on" not in found and _tells(passage.plain, day.end):
            found["feedback_on"] = printed
        before = day
    return found


def _tells(plain: str, end: int) -> bool:
    """Say whether the sentence behind a date tells of the feedback and of no other date."""
    stop = plain.find("。", end, end + _REACH)
    words = plain[end : stop if stop >= 0 else end + _REACH]
    return bool(_TOLD.search(words)) and not any(True for _ in days(words))
