"""Registering who was held to account: how many in which form, and money recovered; a name is refused."""

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.accountability import faults
from bihuan.core.refusal import Conflict
from bihuan.core.register import FieldFault, first_day, text_faults
from bihuan.findings.actions.plan_hands import hand
from bihuan.findings.actions.saving import Values, lock_inspection, locked, refuse
from bihuan.findings.models import Accountability, Inspection, Problem
from bihuan.findings.queries.accountability import directory_names

FIELDS = ("problem_id", "form", "manner", "persons", "recovered", "decided_on", "basis")


@transaction.atomic
def add_accountability(inspection: Inspection, values: Values, *, actor: Actor) -> Accountability:
    """Register an entry; `recovered` in fen.

    :raises Invalid: with every fault; `accountability.name` when a text holds a name of the directory.
    """
    held = lock_inspection(inspection.pk)
    actor = hand(actor, [("write", held.organisation_id)], organisation_id=held.organisation_id)
    given = {"form": "", "decided_on": None, "persons": 0, "recovered": 0, **values}
    refuse(_faults(given, held, actor))
    row = Accountability(
        inspection=held,
        organisation_id=held.organisation_id,
        recorded_at=actor.at,
        **{n: given[n] for n in given},
    )
    row.save(force_insert=True)
    record(actor=actor, action="accountability.create", created=[row])
    return row


@transaction.atomic
def edit_accountability(
    row: Accountability, values: Values, *, revision: int, actor: Actor
) -> Accountability:
    """Change an entry; refusals as of `add_accountability`.

    :raises Conflict: when somebody changed it since `revision`.
    """
    held = lock_inspection(row.inspection_id)
    now = locked(row)
    actor = hand(actor, [("write", held.organisation_id)], organisation_id=held.organisation_id)
    if now.revision != revision:
        raise Conflict("findings.overtaken")
    refuse(_faults({name: getattr(now, name) for name in FIELDS} | dict(values), held, actor))
    changed = [name for name, value in values.items() if getattr(now, name) != value]
    if not changed:
        return now
    for name in changed:
        setattr(now, name, values[name])
    now.revision += 1
    now.save(update_fields=[*changed, "revision"])
    record(actor=actor, action="accountability.edit", changed=[(now, changed)])
    return now


@transaction.atomic
def withdraw_accountability(row: Accountability, *, reason: str, actor: Actor) -> Accountability:
    """Mark an entry as registered by mistake.

    :raises Invalid: without a reason, or when the reason names somebody of the directory.
    """
    held = lock_inspection(row.inspection_id)
    now = locked(row)
    actor = hand(actor, [("write", held.organisation_id)], organisation_id=held.organisation_id)
    named = faults({"manner": reason}, directory_names(held.organisation_id))
    told = [FieldFault("reason", one.code, one.params) for one in named if one.code == "accountability.name"]
    refuse([*text_faults({"reason": reason}, required=("reason",)), *told])
    now.withdrawn, now.revision = True, now.revision + 1
    now.save(update_fields=["withdrawn", "revision"])
    record(
        actor=actor, action="accountability.withdraw", changed=[(now, ["withdrawn"])], reason=reason.strip()
    )
    return now


def _faults(values: Values, held: Inspection, actor: Actor) -> list[FieldFault]:
    found = faults(values, directory_names(held.organisation_id))
    day, feedback = values.get("decided_on"), first_day(held.starts_on or held.feedback_on)
    if day is not None and day > actor.today:
        found.append(FieldFault("decided_on", "plan.done-future", {"day": day.isoformat()}))
    if day is not None and feedback is not None and day < feedback:
        params = {"day": day.isoformat(), "feedback": feedback.isoformat()}
        found.append(FieldFault("decided_on", "plan.done-early", params))
    problem = values.get("problem_id")
    own = {"pk": problem, "inspection_id": held.pk, "withdrawn": False}
    if problem and not Problem.objects.filter(**own).exists():
        found.append(FieldFault("problem_id", "findings.link-outside"))
    return found
