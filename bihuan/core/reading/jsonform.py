"""A document as the JSON that `bihuan read --json` prints.

Document ─asdict→ dict of text, numbers, lists; Source of the form: DESIGN §6.
"""

from typing import Any

from bihuan.core.reading.document import Document, Figure, Finding, PlanTask, Problem
from bihuan.core.source import Place


def asdict(document: Document) -> dict[str, Any]:
    """Return the document as plain values; a warning has its code and parameters, the message is the catalogue's."""
    facts = document.inspection
    return {
        "file": document.name,
        "kind": document.kind,
        "title": document.title,
        "inspection": {
            "kind": facts.kind, "team": facts.team, "subject": facts.subject, "starts_on": facts.starts_on,
            "ends_on": facts.ends_on, "feedback_on": facts.feedback_on,
        },
        "as_of": document.as_of,
        "tally": {figure.key: figure.value for figure in document.tally},
        "headings": [
            {"marker": h.marker, "text": h.text, "level": h.level, "place": _place(h.place)} for h in document.headings
        ],
        "findings": [_finding(finding) for finding in document.findings],
        "tasks": [_task(task) for task in document.tasks],
        "parts": [
            {"kind": p.kind, "title": p.title, "place": _place(p.place), "end_line": p.end_line} for p in document.parts
        ],
        "unmapped": [{"text": u.text, "place": _place(u.place)} for u in document.unmapped],
        "contact": {
            "phone": document.contact.phone, "post": document.contact.post, "email": document.contact.email,
        },
        "signed_by": document.signed_by,
        "signed_on": document.signed_on,
        "published_on": document.published_on,
        "warnings": [
            {"code": w.code, "params": dict(w.params), "place": _place(w.place)} for w in document.warnings
        ],
    }  # fmt: skip


def _place(place: Place | None) -> dict[str, Any] | None:
    """Return page, line and cell as far as the format has them."""
    if place is None:
        return None
    found: dict[str, Any] = {"line": place.line}
    if place.page is not None:
        found["page"] = place.page
    if place.cell is not None:
        found["cell"] = place.cell
    return found


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "number": finding.number,
        "title": finding.title,
        "aspect": finding.aspect,
        "place": _place(finding.place),
        "problems": [_problem(problem) for problem in finding.problems],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    """Return a problem; its `text` is the title, followed by the description that a feedback document gives."""
    return {
        "number": problem.number,
        "title": problem.title,
        "text": f"{problem.title}。{problem.text}" if problem.text else problem.title,
        "status": problem.status,
        "response": problem.response,
        "place": _place(problem.place),
        "measures": [{"text": m.text, "place": _place(m.place)} for m in problem.measures],
        "figures": [_figure(figure) for figure in problem.figures],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "text": figure.text, "value": figure.value, "unit": figure.unit, "kind": figure.kind,
        "approx": figure.approx, "base": figure.base, "start": figure.start, "end": figure.end,
    }  # fmt: skip


def _task(task: PlanTask) -> dict[str, Any]:
    return {
        "number": task.number, "title": task.title, "place": _place(task.place),
        "problem_number": task.problem_number,
        "problem_title": task.problem_title, "finding_title": task.finding_title, "measures": task.measures,
        "lead_leader": task.lead_leader, "lead_unit": task.lead_unit, "joint_units": list(task.joint_units),
        "category": task.category, "due_on": task.due_on, "expected": task.expected, "status": task.status,
        "other": [list(pair) for pair in task.other],
    }  # fmt: skip
