"""An approved plan is locked: what it fixes is changed by a change that was asked for and decided, never directly."""

from collections.abc import Mapping
from typing import Any

from bihuan.core.plan_rules import LOCKED_FINDING, LOCKED_PROBLEM, LOCKED_TASK
from bihuan.core.register import FieldFault
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import Finding, Problem, Task
from bihuan.findings.queries.plans import locked_inspections

LOCKED: Mapping[type, frozenset[str]] = {Task: LOCKED_TASK, Problem: LOCKED_PROBLEM, Finding: LOCKED_FINDING}


class PlanLocked(Invalid):
    """The approved plan fixes what was to be changed; seen, but not to be done in this way."""

    status = 403


def lock_faults(row: Task | Problem | Finding, values: Mapping[str, Any]) -> list[FieldFault]:
    """Return a fault for each field that an approved plan fixes and that `values` would change. No query."""
    fixed = LOCKED[type(row)]
    return [
        FieldFault(name, "plan.first-due-kept" if name == "first_due_on" else "plan.locked")
        for name, value in values.items()
        if name in fixed and getattr(row, name) != value
    ]


def require_open(inspection_id: int, field: str = "") -> None:
    """Let what an approved plan fixes be changed only while there is none. Call it with the inspection locked.

    :raises PlanLocked: when the plan is approved.
    """
    if locked_inspections([inspection_id]):
        raise PlanLocked([FieldFault(field, "plan.locked")])


def require_unlocked(row: Task | Problem | Finding, values: Mapping[str, Any]) -> None:
    """Let values pass that the approved plan does not fix. At most one query.

    :raises PlanLocked: with every fixed field that would change.
    """
    faults = lock_faults(row, values)
    if faults and locked_inspections([row.inspection_id]):
        raise PlanLocked(faults)
