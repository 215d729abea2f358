"""Dispatches, meetings, decisions: their words, their states, and what their values may be."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from bihuan.core.register import FieldFault
from bihuan.core.register import text_faults as printable_faults

PREPARING, HELD, CANCELLED = "preparing", "held", "cancelled"
CALLED = "called"
KINDS = ("special", "leading_group", "supervision", "committee", "other")
MANNERS = ("present", "online", "substitute", "absent", "guest")
ANSWERS = ("agreed", "declined", "changed")
LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "place": 200, "chair": 60, "note": 4000, "title": 200, "topics": 4000, "account": 20000, "text": 2000,
        "person_name": 60, "advice": 1000, "answer_text": 1000, "answered_by": 60, "name": 60, "post": 60,
        "reason": 200, "addressee": 200, "copies": 300, "basis": 300, "signer": 60, "delivered_to": 60,
    }
)  # fmt: skip
LONGEST_TEXT = 20000
MANY_LINES = frozenset({"note", "topics", "account", "text", "advice", "answer_text", "basis", "reason"})


def reference(meeting_id: int) -> str:
    """Return the words by which closures and recusals of the register name a meeting.

    >>> reference(7)
    'meeting:7'
    """
    return f"meeting:{meeting_id}"


def text_faults(
    values: Mapping[str, object], *, required: Collection[str] = (), longest: Mapping[str, int] = LONGEST
) -> Iterator[FieldFault]:
    """Tell which texts are missing, too long, or hold characters that cannot be printed."""
    for field, value in values.items():
        if not isinstance(value, str):
            continue
        if len(value) > longest.get(field, LONGEST_TEXT):
            yield FieldFault(
                field, "findings.too-long", {"most": longest.get(field, LONGEST_TEXT), "length": len(value)}
            )
        judged = "remark" if field in MANY_LINES else "line"
        if any(fault.code == "findings.control-character" for fault in printable_faults({judged: value})):
            yield FieldFault(field, "findings.control-character")
    for field in required:
        value = values.get(field, "")
        if value is None or (isinstance(value, str) and not value.strip()):
            yield FieldFault(field, "findings.required")


def sitting_fault(held_on: date, *, monday: date, today: date) -> FieldFault | None:
    """Return what is wrong with the day on which the dispatch of a week was held."""
    if held_on > today:
        return FieldFault("held_on", "oversight.held-in-future", {"day": held_on.isoformat()})
    if not monday <= held_on <= monday + timedelta(days=6):
        last = monday + timedelta(days=6)
        return FieldFault(
            "held_on", "oversight.held-outside", {"first": monday.isoformat(), "last": last.isoformat()}
        )
    return None


def decision_faults(values: Mapping[str, object], *, held_on: date | None, today: date) -> list[FieldFault]:
    """Return every fault of a decision as it would stand; a tracked one needs who does it and until when."""
    faults = list(text_faults(values, required=("text",)))
    if not values.get("asked"):
        if not values.get("unit_id") and not values.get("person_id") and not values.get("person_name"):
            faults.append(FieldFault("unit_id", "oversight.decision-owner"))
        if values.get("due_on") is None:
            faults.append(FieldFault("due_on", "oversight.decision-due"))
    due, done = values.get("due_on"), values.get("done_on")
    if isinstance(due, date) and held_on is not None and due < held_on:
        faults.append(FieldFault("due_on", "oversight.due-before-sitting", {"day": held_on.isoformat()}))
    if isinstance(done, date) and done > today:
        faults.append(FieldFault("done_on", "findings.done-in-future"))
    return faults
