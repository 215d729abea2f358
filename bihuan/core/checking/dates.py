"""Do the dates of a document follow one another, and is anything told as done that lies after the signature?

Source: DESIGN §7 (a due date before the feedback, a month 13); Regulation on Inspection Work, art. on
disclosure.
"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.days import Day, days
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.opening import printed_dates
from bihuan.core.checking.passages import Passage, Reading, params

_STEPS: Final = ("starts_on", "ends_on", "feedback_on", "signed_on", "published_on")
_PLANNED: Final = re.compile(
    r"计划|预计|拟于|拟在|将于|将在|力争|争取|目标|下一步|下步|后续|确保|要求|规定|明确|承诺|约定|限期|有望|届时|"
    r"起施行|起实施|长期|期到|期至|每年|起执行|起实行|有效期|到期|期限"
)
_NEAR: Final = 300
_OPEN: Final = re.compile(r"长期|正在|持续|推进|基本|阶段|未|部分")
_ANNOUNCES: Final = re.compile(r"现将|予以公布|向社会公[布开]|予以通报|通报如下|公布如下")


def check_date_order(reading: Reading) -> Iterator[Fault]:
    """Find dates of the inspection, the feedback, the signature and the publication that go backwards."""
    dated = [(step, day) for step, day in _known_dates(reading).items() if day]
    for index, (step, day) in enumerate(dated):
        for _, other in dated[:index]:
            length = min(len(day), len(other))
            if day[:length] < other[:length]:
                values = params(later=_spoken(day), earlier=_spoken(other))
                yield from _at_date(reading, day, step.removesuffix("_on"), values)
                break
    yield from _impossible(reading)


def _known_dates(reading: Reading) -> dict[str, str | None]:
    """Return the date of each step: as the reader understood it, else as the opening prints it."""
    facts, document = reading.document.inspection, reading.document
    known = (facts.starts_on, facts.ends_on, facts.feedback_on, document.signed_on, document.published_on)
    dates = dict(zip(_STEPS, known, strict=True))
    for step, printed in printed_dates(reading).items():
        dates[step] = dates[step] or printed.iso
    return dates


def _impossible(reading: Reading) -> Iterator[Fault]:
    """Find dates that no calendar has."""
    for passage in reading.body():
        if "月" in passage.plain or "-" in passage.plain or "/" in passage.plain:
            for day in days(passage.bare):
                if not day.possible and (day.day is None or passage.plain[day.end - 1] != "号"):
                    yield passage.fault("date-order", day.start, day.end, variant="impossible")


def _at_date(reading: Reading, iso: str, variant: str, values: object) -> Iterator[Fault]:
    """Yield the fault where the date is printed, else at the beginning of the document."""
    place = _find_date(reading, iso)
    if place is not None:
        passage, day = place
        yield passage.fault("date-order", day.start, day.end, variant=variant, params=values)
        return
    passage_or_none = next(reading.body(), None)
    if passage_or_none is not None:
        end = min(len(passage_or_none.text), 40)
        yield passage_or_none.fault("date-order", 0, end, variant=variant, params=values)


def _find_date(reading: Reading, iso: str) -> tuple[Passage, Day] | None:
    """Return where `iso` is printed, page furniture included because a publication date stands there."""
    partly = None
    for passage in reading.passages:
        if not ("月" in passage.plain or "-" in passage.plain or "/" in passage.plain):
            continue
        for day in days(passage.plain):
            if not day.possible:
                continue
            if day.year is not None and iso.startswith(day.iso()):
                return passage, day
            if partly is None and day.year is None and day.iso(int(iso[:4])) == iso:
                partly = (passage, day)
    return partly


def check_date_missing(reading: Reading) -> Iterator[Fault]:
    """Find a notice or feedback document that does not say when it was inspected, told, or signed."""
    document = reading.document
    if document.kind not in ("notice", "feedback"):
        return
    dates = _known_dates(reading)
    # News about inspections has no such sentence and owes nobody its dates.
    opening = next((p for p in reading.body() if p.role == "opening" and _ANNOUNCES.search(p.plain)), None)
    if document.kind == "notice" and opening is not None:
        if not dates["starts_on"]:
            yield _whole(opening, "date-missing", "period")
        if not dates["feedback_on"]:
            yield _whole(opening, "date-missing", "feedback")
        else:
            yield from _feedback_year(opening, dates["feedback_on"])
    last = next((p for p in reversed(reading.passages) if p.role != "chrome"), None)
    owed = opening is not None or document.kind == "feedback"
    if owed and not (document.signed_on or document.published_on or reading.cut) and last is not None:
        yield _whole(last, "date-missing", "signature")


def _feedback_year(opening: Passage, feedback_on: str) -> Iterator[Fault]:
    """Find a feedback date that is printed without its year."""
    printed = [day for day in days(opening.plain) if day.possible and day.iso(0)[5:] == feedback_on[5:]]
    if printed and all(day.year is None for day in printed):
        day = printed[-1]
        proposal = f"{feedback_on[:4]}年{opening.text[day.start : day.end]}"
        yield opening.fault(
            "date-year", day.start, day.end, proposal=proposal, params=params(year=feedback_on[:4])
        )


def check_future_act(reading: Reading) -> Iterator[Fault]:
    """Find an act dated after the signature that an answer tells without saying that it is still planned."""
    dates = _known_dates(reading)
    signed = dates["signed_on"] or dates["published_on"]
    if not signed:
        return
    known_from = dates["feedback_on"] or dates["starts_on"]
    for passage in reading.responses():
        status = reading.problems[passage.problem].status if passage.problem is not None else None
        if (status and _OPEN.search(status)) or not ("月" in passage.bare or "年" in passage.bare):
            continue
        for day in days(passage.bare):
            year = day.year or _year_meant(day, signed, known_from)
            if day.possible and year and not day.last(year)[: len(signed)] <= signed:
                yield from _told_as_done(passage, day, signed, year)


def _year_meant(day: Day, signed: str, known_from: str | None) -> int | None:
    """Return the year of a date printed without one: the last that is past, unless that lies before the
    inspection.

    An answer tells what was done after the feedback, so that an earlier December cannot be meant.
    """
    year = int(signed[:4])
    if day.possible and day.last(year)[: len(signed)] <= signed:
        return None
    return year if known_from and day.last(year - 1)[: len(known_from)] < known_from else None


def _told_as_done(passage: Passage, day: Day, signed: str, year: int) -> Iterator[Fault]:
    """Yield the fault unless the sentence says that the act is planned or the date begins a span."""
    bare, first, end = passage.bare, max(0, day.start - _NEAR), min(len(passage.bare), day.end + _NEAR)
    start = max(first, *(bare.rfind(sign, first, day.start) + 1 for sign in "。;!?"))
    stop = min((at for sign in "。;!?" if (at := bare.find(sign, day.end, end)) >= 0), default=end)
    if _PLANNED.search(bare, start, stop) or re.match(r"[-—至到]", bare[day.end : day.end + 1]):
        return
    comma = bare.find(",", day.end, stop)
    end = comma if comma >= 0 else stop
    words = passage.text[day.start : end]
    values = params(signed=_spoken(signed), date=passage.text[day.start : day.end], year=year)
    yield passage.fault("future-act", day.start, end, params=values, proposal=f"计划于{words}")


def _whole(passage: Passage, code: str, variant: str) -> Fault:
    """Return a fault that quotes the beginning of a paragraph."""
    start = len(passage.text) - len(passage.text.lstrip())
    end = next((clause.end for clause in passage.clauses()), len(passage.text))
    return passage.fault(code, start, max(start, min(end, start + 60)), variant=variant)


def _spoken(iso: str) -> str:
    """Return an ISO date as documents print it: 2023年11月2日."""
    year, month, *day = iso.split("-")
    return f"{year}年{int(month)}月" + (f"{int(day[0])}日" if day else "")
