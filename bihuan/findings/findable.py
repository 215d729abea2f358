"""What search is told of each object of the register: a row ─findable→ search.actions.Findable."""

from bihuan.findings.models import Finding, Inspection, Institution, Problem, Task
from bihuan.search.actions import Findable

Kept = Inspection | Finding | Problem | Task | Institution


def findable(row: Kept) -> Findable:
    """Return what search is told of `row`.

    A task or institution is also found by whoever sees only its unit.
    """
    number = "" if isinstance(row, Inspection | Institution) else row.number
    return Findable(
        kind=row.sealed_as,
        object_id=row.pk,
        organisation_id=row.organisation_id,
        title=f"{number} {row.title}".strip(),
        text="\n".join(part for part in _texts(row) if part),
        unit_id=row.unit_id if isinstance(row, Task | Institution) else None,
    )


def _texts(row: Kept) -> tuple[str, ...]:
    if isinstance(row, Inspection):
        return row.authority, row.team, row.subject, row.notice_title
    if isinstance(row, Finding):
        return (row.quote,)
    if isinstance(row, Problem):
        return row.text, row.response
    if isinstance(row, Task):
        return row.measures, row.leader, row.expected, row.remark
    return (row.document_number,)
