"""What search is told of the objects of the register: rows ─findables→ search.actions.Findable."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Model

from bihuan.findings.models import Finding, Inspection, Institution, JointUnit, Problem, Task
from bihuan.search.actions import Findable, retell, share

Kept = Inspection | Finding | Problem | Task | Institution
#: What lies below an inspection and is told with its title, since several have a problem 1.
BELOW = (Finding, Problem, Task)


def findables(rows: Sequence[Kept]) -> list[Findable]:
    """Return what search is told of `rows`. At most one query, for the titles of inspections not at hand."""
    titles = _titles([row for row in rows if isinstance(row, BELOW)])
    return [_findable(row, titles) for row in rows]


def retitled(changed: Iterable[tuple[Model, Sequence[str]]]) -> None:
    """Tell search of every inspection with a new title, for all that lies below it. One statement for each kind."""
    for row, fields in changed:
        if isinstance(row, Inspection) and "title" in fields:
            for kind in BELOW:
                below = kind._default_manager.filter(inspection=row).order_by()
                retell(kind.sealed_as, below.values("pk"), context=row.title)


def shared(links: Iterable[JointUnit]) -> None:
    """Tell search which units work on the tasks of these links, which were made or removed. Four statements or none."""
    units: dict[int, list[int]] = {link.task_id: [] for link in links}
    if not units:
        return
    for task, unit in JointUnit.objects.filter(task__in=units).values_list("task_id", "unit_id"):
        units[task].append(unit)
    share(Task.sealed_as, units)


def _findable(row: Kept, titles: Mapping[int, str]) -> Findable:
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
        context=titles.get(row.inspection_id, "") if isinstance(row, BELOW) else "",
    )


def _titles(rows: Sequence[Finding | Problem | Task]) -> dict[int, str]:
    at_hand = {
        row.inspection_id: row.inspection.title
        for row in rows
        if row._meta.get_field("inspection").is_cached(row)
    }
    missing = {row.inspection_id for row in rows} - set(at_hand)
    if not missing:
        return at_hand
    return at_hand | dict(Inspection.objects.filter(pk__in=missing).values_list("pk", "title"))


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
