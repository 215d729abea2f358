"""Workbooks as they are read: their doors, what is put into one, what was given out, and what holds now.

inspection + period ─given_of→ what was given out · ─now_of→ what holds; a constant number of queries
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet

from bihuan.core.access import STEPS as ROLES
from bihuan.core.findings import OPEN_STATES
from bihuan.core.refusal import NotVisible
from bihuan.core.source import Params
from bihuan.core.workbook_merge import Answer, Given, Now
from bihuan.findings.models import Inspection, ProgressReport, Step, Task, Workbook
from bihuan.findings.queries.sight import LIVE, reach
from bihuan.orgs.models import User
from bihuan.orgs.queries import units_held


@dataclass(frozen=True, slots=True)
class Period:
    """A period of an inspection for which workbooks were given out."""

    name: str
    due_on: date | None
    given: int
    returned: int


def workbooks_seen(user: User, today: date) -> QuerySet[Workbook]:
    """Return the workbooks of inspections that `user` sees whole, and of the units for which he reports."""
    held = units_held(user.pk, ROLES["report"], today)
    whole = Q(organisation__in=reach(user, today).organisations)
    return Workbook.objects.select_related("inspection", "unit").filter(whole | Q(unit__in=held))


def workbook_for(user: User, workbook_id: int, today: date) -> Workbook:
    """Return a workbook of an inspection that `user` sees whole, or of a unit for which he reports.

    :raises NotVisible: when there is none for this person.
    """
    row = workbooks_seen(user, today).filter(pk=workbook_id).first()
    if row is None:
        raise NotVisible("findings.not-found")
    return row


def workbooks_of(inspection_id: int, period: str) -> QuerySet[Workbook]:
    """Return the workbooks of a period, in the order of the directory."""
    rows = Workbook.objects.filter(inspection=inspection_id, period=period, withdrawn__in=LIVE)
    return rows.select_related("inspection", "unit").order_by("unit__position", "unit_id")


def own_workbooks(user: User, today: date) -> QuerySet[Workbook]:
    """Return the workbooks that the units for which a person reports have not returned."""
    held = units_held(user.pk, ROLES["report"], today)
    rows = Workbook.objects.filter(unit__in=held, returned_on=None, withdrawn__in=LIVE)
    return rows.select_related("inspection", "unit").order_by("due_on", "pk")


def periods(inspection_id: int) -> list[Period]:
    """Return the periods of an inspection, the newest first. One query."""
    rows = Workbook.objects.filter(inspection=inspection_id, withdrawn__in=LIVE).values("period")
    found = rows.annotate(
        due=Min("due_on"), given=Count("pk"), returned=Count("pk", filter=Q(returned_on__isnull=False)),
        newest=Max("pk"),
    )  # fmt: skip
    return [
        Period(row["period"], row["due"], row["given"], row["returned"]) for row in found.order_by("-newest")
    ]


def tasks_by_unit(inspection: Inspection) -> Mapping[int | None, list[Task]]:
    """Return the open tasks of an inspection by lead unit, None for those without one. One query."""
    rows = Task.objects.filter(inspection=inspection, withdrawn__in=LIVE, state__in=OPEN_STATES)
    found: dict[int | None, list[Task]] = defaultdict(list)
    for task in rows.select_related("unit").order_by("position", "pk"):
        found[task.unit_id].append(task)
    return found


def given_of(rows: Iterable[Workbook]) -> list[Given]:
    """Return what was given out."""
    found = []
    for row in rows:
        base = json.loads(row.base)
        found.append(
            Given(
                row.pk, row.code, row.unit_id, row.unit.name, {pk: cells for pk, cells in base["tasks"]},
                {pk: cells for pk, cells in base["steps"]}, row.returned_on,
            )
        )  # fmt: skip
    return found


def now_of(inspection: Inspection, given: Sequence[Given], codes: Iterable[str], today: date) -> Now:
    """Return what holds now of the tasks and steps that were given out, and whose the other `codes` are.

    Four queries.
    """
    owner = {pk: one.unit_id for one in given for pk in one.tasks}
    closed = {}
    rows = Task.objects.filter(pk__in=owner).values_list("pk", "state", "withdrawn", "unit_id")
    for pk, state, withdrawn, unit in rows:
        if withdrawn or state not in OPEN_STATES:
            closed[pk] = "books.task-withdrawn" if withdrawn else "books.task-ended"
        elif unit != owner[pk]:
            closed[pk] = "books.task-moved"
    steps = Step.objects.filter(pk__in=[pk for one in given for pk in one.steps]).select_related("task")
    done, ended = {}, set()
    for step in steps:
        done[step.pk] = step.done_on
        if step.withdrawn or step.task.withdrawn or step.task.state not in OPEN_STATES:
            ended.add(step.pk)
    known = {one.code for one in given}
    strangers = [code for code in set(codes) if code and code not in known]
    return Now(
        today, closed, said_since([one.pk for one in given]), done, ended, _elsewhere(inspection, strangers)
    )


def said_since(workbooks: Sequence[int]) -> dict[tuple[int, int], set[Answer]]:
    """Return what came by workbook since these were given out, by unit and task. One query."""
    given = Workbook.objects.filter(pk__in=workbooks)
    found: dict[tuple[int, int], set[Answer]] = defaultdict(set)
    first = given.aggregate(first=Min("made_at"))["first"]
    if first is None:
        return found
    rows = ProgressReport.objects.filter(
        task__inspection__in=given.values("inspection"),
        via="workbook",
        withdrawn__in=LIVE,
        recorded_at__gte=first,
    )
    for row in rows.only("unit_id", "task_id", "unchanged", "text", "next_step", "obstacle"):
        if row.unit_id is not None:
            found[row.unit_id, row.task_id].add(Answer(row.unchanged, row.text, row.next_step, row.obstacle))
    return found


def _elsewhere(inspection: Inspection, codes: Sequence[str]) -> dict[str, tuple[str, Params]]:
    """Return what is said of workbooks of this organisation that belong to another period or inspection."""
    rows = Workbook.objects.filter(code__in=codes, organisation=inspection.organisation_id)
    found: dict[str, tuple[str, Params]] = {}
    for row in rows.select_related("inspection", "unit"):
        params = {"unit": row.unit.name, "period": row.period, "inspection": row.inspection.title}
        if row.withdrawn:
            found[row.code] = "books.other-withdrawn", params
        elif row.inspection_id != inspection.pk:
            found[row.code] = "books.other-inspection", params
        else:
            found[row.code] = "books.other-period", params
    return found
