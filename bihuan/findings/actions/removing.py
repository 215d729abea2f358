"""Withdrawing single rows by hand: marked with a reason, never deleted.

What hangs below is withdrawn with it.
"""

from django.db import transaction
from django.db.models import Model

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.findings import END_STATES
from bihuan.core.register import FieldFault, text_faults
from bihuan.findings.actions.plan_lock import require_open
from bihuan.findings.actions.saving import filed, lock_inspection, locked, refuse
from bihuan.findings.models import Finding, Institution, Problem, Step, Task
from bihuan.search.actions import take_out


@transaction.atomic
def withdraw_row(
    row: Finding | Problem | Task | Institution | Step, *, reason: str, actor: Actor, decided: bool = False
) -> int:
    """Withdraw one row and what hangs below it; return how many rows were withdrawn. Ended tasks stay.

    `decided`: a change of the approved plan that was decided is carried out.

    :raises Invalid: without a reason, or while a task below has ended.
    :raises PlanLocked: when it stands in an approved plan.
    """
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    organisation_id = row.task.organisation_id if isinstance(row, Step) else row.organisation_id
    if isinstance(row, Finding | Problem | Task):
        lock_inspection(row.inspection_id)
        if not decided:
            require_open(row.inspection_id, "reason")
    rows = _with_all_below(locked(row))
    ended = [str(one.number) for one in rows if isinstance(one, Task) and one.state in END_STATES]
    if ended:
        refuse([FieldFault("reason", "findings.withdraw-ended", {"count": len(ended), "number": ended[0]})])
    for model in {type(one) for one in rows}:
        ids = [one.pk for one in rows if type(one) is model]
        model._default_manager.filter(pk__in=ids).update(withdrawn=True)
        take_out(model.sealed_as, ids)  # type: ignore[attr-defined]
    for one in rows:
        one.withdrawn = True  # type: ignore[attr-defined]
    record(
        actor=filed(actor, organisation_id),
        action=f"{row.sealed_as}.withdraw",
        changed=[(one, ["withdrawn"]) for one in rows],
        reason=reason.strip(),
    )
    return len(rows)


def _with_all_below(row: Model) -> list[Model]:
    rows: list[Model] = [row]
    if isinstance(row, Finding):
        rows += Problem.objects.filter(finding=row, withdrawn=False)
        rows += Task.objects.filter(problem__finding=row, withdrawn=False)
    if isinstance(row, Problem):
        rows += Task.objects.filter(problem=row, withdrawn=False)
    return rows
