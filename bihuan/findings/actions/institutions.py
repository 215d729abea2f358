"""What shows that an institution is carried out (执行佐证): what was done by it, on which day, with which paper."""

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.refusal import NotAllowed
from bihuan.core.register import FieldFault, text_faults
from bihuan.findings.actions.plan_hands import Place, hand
from bihuan.findings.actions.saving import Values, locked, refuse
from bihuan.findings.models import Institution, InstitutionUse


def places(row: Institution) -> list[Place]:
    """Return who may say that an institution was used: the office, and whoever reports for its owner."""
    own = [("report", row.unit_id)] if row.unit_id else []
    return [("write", row.organisation_id), *own]


@transaction.atomic
def add_use(
    institution: Institution, values: Values, *, actor: Actor, file_id: int | None = None
) -> InstitutionUse:
    """Register a use of an institution. `values`: done_on, text, name (of the file).

    :raises Invalid: with every fault.
    :raises NotAllowed: for whoever is neither of the office nor of its owner.
    """
    row = locked(institution)
    actor = hand(actor, places(row), organisation_id=row.organisation_id)
    faults = list(text_faults(values, required=("done_on", "text")))
    day = values.get("done_on")
    if day is not None and day > actor.today:
        faults.append(FieldFault("done_on", "plan.done-future", {"day": day.isoformat()}))
    if day is not None and row.effective_on is not None and day < row.effective_on:
        params = {"day": day.isoformat(), "effective": row.effective_on.isoformat()}
        faults.append(FieldFault("done_on", "institutions.use-early", params))
    same = {"done_on": day, "text": str(values.get("text") or "").strip()}
    if day is not None and row.uses.filter(withdrawn=False, **same).exists():
        faults.append(FieldFault("text", "institutions.use-there"))
    refuse(faults)
    use = InstitutionUse.objects.create(
        institution=row,
        organisation_id=row.organisation_id,
        file_id=file_id,
        name=str(values.get("name") or ""),
        **same,
    )
    record(actor=actor, action="institution_use.create", created=[use])
    return use


@transaction.atomic
def withdraw_use(use: InstitutionUse, *, reason: str, actor: Actor) -> InstitutionUse:
    """Mark a use as registered by mistake.

    :raises Invalid: without a reason.
    """
    institution = locked(use.institution)
    row = InstitutionUse.objects.select_for_update().get(pk=use.pk)
    actor = hand(actor, places(institution), organisation_id=row.organisation_id)
    if row.withdrawn:
        raise NotAllowed("findings.withdrawn-row")
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    row.withdrawn, row.revision = True, row.revision + 1
    row.save(update_fields=["withdrawn", "revision"])
    record(
        actor=actor, action="institution_use.withdraw", changed=[(row, ["withdrawn"])], reason=reason.strip()
    )
    return row
