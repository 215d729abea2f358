"""What the register takes and what it refuses: values of a row ─*_faults→ every fault at once, by field.

Dates that documents print to the month are text (``2026-06``, ``2026-06-12``); due dates are days.

>>> [fault.code for fault in task_faults({"title": "", "due_on": date(2026, 6, 1)}, feedback_on="2026-06-12")]
['findings.required', 'findings.due-before-feedback']
"""

import dataclasses
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bihuan.core.findings import CATEGORIES, END_STATES, STATES, may_follow
from bihuan.core.source import NO_PARAMS, Params

MODES = ("live", "archive")
LONGEST = MappingProxyType(
    {
        "number": 20, "title": 2000, "text": 20000, "quote": 20000, "response": 40000, "measures": 20000,
        "leader": 60, "expected": 4000, "remark": 4000, "person": 60, "authority": 200, "team": 200,
        "subject": 200, "notice_title": 300, "signed_by": 200, "phone": 100, "post": 200, "email": 200,
        "document_number": 60, "name": 40, "reason": 500, "notice": 200, "cause": 20000, "scope": 2000, "note": 4000,
        "body": 200, "matter": 4000, "letter": 100, "reply": 8000, "meeting": 200, "item": 40, "answer_text": 4000,
        "manner": 100, "basis": 2000, "consent": 500, "next_step": 4000, "obstacle": 4000,
    }
)  # fmt: skip
INSPECTION_DATES = ("starts_on", "ends_on", "feedback_on", "signed_on", "published_on")
MANY_LINES = frozenset(
    {
        "text",
        "quote",
        "response",
        "measures",
        "expected",
        "remark",
        "reason",
        "cause",
        "note",
        "matter",
        "reply",
        "answer_text",
        "basis",
        "next_step",
        "obstacle",
    }
)
EARLIEST, LATEST = 1949, 2100

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_BREAK = re.compile(r"[\r\n\t\u2028\u2029]")
_PARTIAL = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field: a code of the catalogue (`findings.…`) with its parameters."""

    field: str
    code: str
    params: Params = dataclasses.field(default_factory=lambda: NO_PARAMS)


def partial_date_fault(text: str) -> tuple[str, Params] | None:
    """Return what is wrong with a date to the day or to the month, None when it can be.

    >>> partial_date_fault("2026-13")
    ('findings.no-month', {'value': '2026-13', 'month': 13})
    """
    found = _PARTIAL.fullmatch(text)
    if found is None:
        return "findings.not-a-date", {"value": text[:30]}
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    if not 1 <= month <= 12:
        return "findings.no-month", {"value": text, "month": month}
    if not EARLIEST <= year <= LATEST:
        return "findings.year", {"value": text, "first": EARLIEST, "last": LATEST}
    try:
        date(year, month, day)
    except ValueError:
        return "findings.no-day", {"value": text, "month": month, "day": day}
    return None


def first_day(partial: str) -> date | None:
    """Return the first day that a date to the day or month can mean; None for an empty or damaged one.

    >>> first_day("2026-06")
    datetime.date(2026, 6, 1)
    """
    if not partial or partial_date_fault(partial) is not None:
        return None
    year, month, day = (*map(int, partial.split("-")), 1)[:3]
    return date(year, month, day)


def text_faults(values: Mapping[str, object], *, required: Collection[str] = ()) -> Iterator[FieldFault]:
    """Tell which texts are missing, too long, or hold characters that cannot be printed."""
    for field in required:
        value = values.get(field, "")
        if value is None or (isinstance(value, str) and not value.strip()):
            yield FieldFault(field, "findings.required")
    for field, value in values.items():
        if not isinstance(value, str):
            continue
        if (most := LONGEST.get(field)) is not None and len(value) > most:
            yield FieldFault(field, "findings.too-long", {"most": most, "length": len(value)})
        if _CONTROL.search(value) or (field not in MANY_LINES and _BREAK.search(value)):
            yield FieldFault(field, "findings.control-character")


def due_fault(
    due_on: date | None, *, feedback_on: str, category: str, noticed: bool = False
) -> FieldFault | None:
    """Return the fault of a due date before the feedback; only work done at once (立行立改) by a notice may be earlier.

    `noticed`: such a notice is registered, as a letter or as a paper that the task names.
    """
    fed_back = first_day(feedback_on)
    if due_on is None or fed_back is None or due_on >= fed_back or (category == "at_once" and noticed):
        return None
    code = "findings.due-without-notice" if category == "at_once" else "findings.due-before-feedback"
    return FieldFault("due_on", code, {"due": due_on.isoformat(), "feedback": feedback_on})


def task_faults(values: Mapping[str, object], *, feedback_on: str, noticed: bool = False) -> list[FieldFault]:
    """Return every fault of a task's values; `values` holds the whole task as it would stand.

    `noticed`: a letter had it done at once, before the feedback.
    """
    faults = list(text_faults(values, required=[f for f in ("number", "title") if f in values]))
    category = str(values.get("category") or "")
    if category and category not in CATEGORIES:
        faults.append(FieldFault("category", "findings.unknown-category", {"value": category[:30]}))
    due = values.get("due_on")
    if isinstance(due, date):
        if not EARLIEST <= due.year <= LATEST:
            faults.append(
                FieldFault(
                    "due_on", "findings.year", {"value": due.isoformat(), "first": EARLIEST, "last": LATEST}
                )
            )
        else:
            named = noticed or bool(str(values.get("notice") or "").strip())
            fault = due_fault(due, feedback_on=feedback_on, category=category, noticed=named)
            faults += [fault] if fault is not None else []
    return faults


def inspection_faults(values: Mapping[str, object]) -> list[FieldFault]:
    """Return every fault of an inspection's values."""
    faults = list(text_faults(values, required=("title",)))
    if len(str(values.get("title", ""))) > 200:
        faults.append(
            FieldFault("title", "findings.too-long", {"most": 200, "length": len(str(values["title"]))})
        )
    if "mode" in values and values["mode"] not in MODES:
        faults.append(FieldFault("mode", "findings.unknown-mode", {"value": str(values["mode"])[:30]}))
    for field in INSPECTION_DATES:
        value = values.get(field)
        if isinstance(value, str) and value and (fault := partial_date_fault(value)) is not None:
            faults.append(FieldFault(field, *fault))
    faults.extend(
        _orders(values, (("starts_on", "ends_on"), ("ends_on", "feedback_on"), ("signed_on", "published_on")))
    )
    return faults


def institution_faults(values: Mapping[str, object]) -> list[FieldFault]:
    """Return every fault of an institution's values."""
    faults = list(text_faults(values, required=("title",)))
    issued = values.get("issued_on")
    if isinstance(issued, str) and issued and (fault := partial_date_fault(issued)) is not None:
        faults.append(FieldFault("issued_on", *fault))
    if len(str(values.get("title", ""))) > 300:
        faults.append(
            FieldFault("title", "findings.too-long", {"most": 300, "length": len(str(values["title"]))})
        )
    return faults


def state_fault(state: str, following: str) -> FieldFault | None:
    """Return why a person may not set `following` by hand on a task in `state`, None when it may be set."""
    if following not in STATES:
        return FieldFault("state", "findings.unknown-state", {"value": str(following)[:30]})
    if state == following:
        return FieldFault("state", "findings.same-state", {"state": state})
    if state in END_STATES:
        return FieldFault("state", "findings.state-ended", {"state": state})
    if following in END_STATES:
        return FieldFault("state", "findings.state-by-closure", {"state": following})
    if not may_follow(state, following):
        return FieldFault("state", "findings.state-not-by-hand", {"state": following})
    return None


def _orders(values: Mapping[str, object], pairs: Collection[tuple[str, str]]) -> Iterator[FieldFault]:
    for earlier, later in pairs:
        first, second = str(values.get(earlier) or ""), str(values.get(later) or "")
        if not first or not second or partial_date_fault(first) or partial_date_fault(second):
            continue
        shared = min(len(first), len(second))
        if first[:shared] > second[:shared]:
            yield FieldFault(
                later, f"findings.{later.replace('_', '-')}-before", {"earlier": first, "later": second}
            )
