"""Progress as it is read: who may report on which task, the last report of each, and the open tasks of one's units."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.core.access import STEPS as ROLES
from bihuan.core.findings import OPEN_STATES
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.findings.models import JointUnit, ProgressReport, Step, Task
from bihuan.findings.queries.evidence import Hand, task_for
from bihuan.findings.queries.sight import LIVE, reach
from bihuan.orgs.models import User
from bihuan.orgs.queries import capacities, roles_in, units_held, why_not_acting

#: How many reports of a task its page shows.
MOST_SHOWN = 30


def hands(user_id: int | None, tasks: Collection[Task], today: date) -> dict[int, Hand]:
    """Return as whom a person reports on each task: its unit, a joint unit, or the office; nothing where as nobody.

    Five queries, however many tasks.
    """
    units: dict[int, list[int]] = {task.pk: [task.unit_id] if task.unit_id else [] for task in tasks}
    for task_id, unit in (
        JointUnit.objects.filter(task__in=units).order_by("pk").values_list("task_id", "unit_id")
    ):
        units[task_id].append(unit)
    every = {unit for own in units.values() for unit in own} | {task.organisation_id for task in tasks}
    acting = capacities(user_id, every, today)
    found: dict[int, Hand] = {}
    for task in tasks:
        for unit in units[task.pk]:
            if held := roles_in(acting[unit], "report"):
                found[task.pk] = Hand(unit, held[0].principal_id)
                break
        else:
            if held := roles_in(acting[task.organisation_id], "write"):
                found[task.pk] = Hand(task.unit_id, held[0].principal_id)
    return found


def required_hands(user_id: int | None, tasks: Sequence[Task], today: date) -> dict[int, Hand]:
    """Return `hands` of every task.

    :raises NotAllowed: with the reason, when one of them is not this person's to report on.
    """
    found = hands(user_id, tasks, today)
    for task in tasks:
        if task.pk not in found:
            code = why_not_acting("report", user_id, task.unit_id or task.organisation_id, today=today)
            missing = code in (None, "orgs.role-missing")
            raise NotAllowed("books.not-your-unit" if missing else str(code), number=task.number)
    return found


def task_to_report(user: User, task_id: int, today: date) -> Task:
    """Return a task on which `user` may report, and whose steps he may set.

    :raises NotVisible: when there is none for this person.
    :raises NotAllowed: when it is seen but not of an own unit, or withdrawn.
    """
    task = task_for(user, task_id, today)
    required_hands(user.pk, [task], today)
    if task.withdrawn:
        raise NotAllowed("findings.withdrawn-row")
    return task


def tasks_to_report(user: User, ids: Collection[int], today: date) -> list[int]:
    """Return the numbers of tasks in sight, each once.

    :raises NotVisible: when one of them is not there for this person.
    """
    wanted = set(ids)
    seen = reach(user, today)
    joint = JointUnit.objects.filter(unit_id__in=seen.units).values("task_id")
    rows = Task.objects.filter(seen.tasks() | Q(pk__in=joint), pk__in=wanted)
    if rows.count() < len(wanted):
        raise NotVisible("findings.not-found")
    return sorted(wanted)


def step_to_report(user: User, step_id: int, today: date) -> Step:
    """Return a step of a task on which `user` may report; refusals as of `task_to_report`."""
    step = Step.objects.select_related("task__inspection").filter(pk=step_id).first()
    if step is None:
        raise NotVisible("findings.not-found")
    task_to_report(user, step.task_id, today)
    if step.withdrawn:
        raise NotAllowed("findings.withdrawn-row")
    return step


def report_for(user: User, report_id: int, today: date) -> ProgressReport:
    """Return a report on a task that `user` sees.

    :raises NotVisible: when there is none for this person.
    """
    row = ProgressReport.objects.select_related("task", "unit", "by").filter(pk=report_id).first()
    if row is None:
        raise NotVisible("findings.not-found")
    task_for(user, row.task_id, today)
    return row


def reports_of(task_id: int) -> QuerySet[ProgressReport]:
    """Return the reports on a task, the newest first."""
    return ProgressReport.objects.filter(task=task_id).select_related("unit", "by").order_by("-pk")


def last_reports(tasks: Collection[int]) -> Mapping[int, ProgressReport]:
    """Return the last report on each task. One query."""
    newer = ProgressReport.objects.filter(task=OuterRef("task"), withdrawn__in=LIVE, pk__gt=OuterRef("pk"))
    rows = ProgressReport.objects.filter(~Exists(newer), task__in=tasks, withdrawn__in=LIVE)
    return {row.task_id: row for row in rows}


def open_steps(tasks: Collection[int]) -> Mapping[int, list[Step]]:
    """Return the steps of each task that are not done, in order. One query."""
    found: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(task__in=tasks, withdrawn__in=LIVE, done_on=None).order_by(
        "position", "pk"
    ):
        found[step.task_id].append(step)
    return found


def unit_tasks(user: User, today: date) -> QuerySet[Task]:
    """Return the open tasks of the units for which a person reports, the next due first."""
    held = units_held(user.pk, ROLES["report"], today)
    joint = JointUnit.objects.filter(unit__in=held).values("task_id")
    rows = Task.objects.filter(Q(unit__in=held) | Q(pk__in=joint), withdrawn__in=LIVE, state__in=OPEN_STATES)
    rows = rows.filter(inspection__mode="live", inspection__withdrawn__in=LIVE)
    return rows.select_related("inspection", "unit").order_by("due_on", "inspection_id", "position", "pk")
