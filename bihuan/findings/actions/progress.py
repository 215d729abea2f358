"""Reports of progress by exception: one tick for one task or many, or a text. A wrong one is withdrawn, never changed.

Steps are in `tasks`, workbooks in `workbooks`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.findings import OPEN_STATES
from bihuan.core.refusal import NotAllowed
from bihuan.core.register import text_faults
from bihuan.core.workbooks import progress_faults
from bihuan.findings.actions.saving import filed, locked, refuse
from bihuan.findings.models import ProgressReport, Task
from bihuan.findings.queries.progress import required_hands
from bihuan.findings.queries.sight import LIVE

Values = Mapping[str, Any]
TEXTS = ("text", "next_step", "obstacle")
SAID = ("unchanged", *TEXTS)


@transaction.atomic
def report_progress(
    tasks: Collection[int], values: Values, *, actor: Actor, via: str = "page"
) -> list[ProgressReport]:
    """Report the same on tasks, all or none; what a unit said already today is not said twice. Set-based.

    :raises NotAllowed: for a task of another unit, and for tasks that have ended or were withdrawn.
    :raises Invalid: with every fault.
    """
    said: dict[str, str | bool] = {"unchanged": bool(values.get("unchanged"))}
    said |= {name: str(values.get(name) or "").strip() for name in TEXTS}
    held = list(Task.objects.select_for_update().filter(pk__in=tasks).order_by("pk"))
    own = required_hands(actor.user_id, held, actor.today)
    _open(held)
    refuse(progress_faults(said))
    today = ProgressReport.objects.filter(task__in=held, reported_on=actor.today, withdrawn__in=LIVE)
    there = set(today.filter(**said).values_list("task_id", "unit_id"))
    rows = [
        ProgressReport(
            task=task, organisation_id=task.organisation_id, unit_id=own[task.pk].unit_id, reported_on=actor.today,
            via=via, by_id=actor.user_id, recorded_at=actor.at, **said,
        )
        for task in held
        if (task.pk, own[task.pk].unit_id) not in there
    ]  # fmt: skip
    ProgressReport.objects.bulk_create(rows)
    filed_under: dict[tuple[int, int | None], list[ProgressReport]] = defaultdict(list)
    for row in rows:
        filed_under[row.organisation_id, own[row.task_id].principal_id].append(row)
    for (organisation, principal), made in filed_under.items():
        by = replace(filed(actor, organisation), principal_id=principal or actor.principal_id)
        record(actor=by, action="progress.report", created=made)
    return rows


@transaction.atomic
def withdraw_report(report: ProgressReport, reason: str, *, actor: Actor) -> ProgressReport:
    """Withdraw a report with a reason: it stays, marked, and is not the last word any more.

    :raises NotAllowed: for whoever may not report on the task, and once the task has ended.
    :raises Invalid: without a reason.
    """
    task = locked(report.task)
    hand = required_hands(actor.user_id, [task], actor.today)[task.pk]
    _open([task])
    row = locked(report)
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    by = replace(filed(actor, row.organisation_id), principal_id=hand.principal_id or actor.principal_id)
    record(actor=by, action="progress.withdraw", changed=[(row, ["withdrawn"])], reason=reason)
    return row


def _open(tasks: Sequence[Task]) -> None:
    """Let pass tasks on which reports are taken.

    :raises NotAllowed: naming those that have ended.
    """
    if any(task.withdrawn for task in tasks):
        raise NotAllowed("findings.withdrawn-row")
    ended = [task.number for task in tasks if task.state not in OPEN_STATES]
    if ended:
        raise NotAllowed("books.ended", numbers="、".join(ended), count=len(ended))
