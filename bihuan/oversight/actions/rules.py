"""Setting a rule in place of the usual one, from a day on, with the paper that says so."""

from datetime import date
from typing import Any

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.oversight import rule_faults
from bihuan.core.register import FieldFault
from bihuan.findings.actions.saving import filed, refuse
from bihuan.orgs.models import Unit
from bihuan.oversight.models import Rule
from bihuan.oversight.queries.doors import acting


@transaction.atomic
def set_rule(
    organisation: Unit,
    key: str,
    value: Any,
    *,
    source: str,
    starts_on: date | None = None,
    actor: Actor,
) -> Rule:
    """Set a rule of an organisation from `starts_on` (today) on; the days before keep what held then.

    :raises Invalid: with every fault, among them a day in the past: what was frozen by a rule stays so.
    """
    by = acting("write", actor, organisation.pk)
    day = starts_on or by.today
    faults = rule_faults(key, value, source)
    if len(source) > 300:
        faults.append(FieldFault("source", "findings.too-long", {"most": 300, "length": len(source)}))
    if day < by.today:
        faults.append(FieldFault("starts_on", "oversight.rule-past"))
    refuse(faults)
    Unit.objects.select_for_update().get(pk=organisation.pk)
    row = Rule.objects.filter(organisation=organisation, key=key, starts_on=day).first()
    if row is None:
        row = Rule.objects.create(
            organisation=organisation, key=key, value=value, source=source.strip(), starts_on=day
        )
        record(actor=filed(by, organisation.pk), action="rule.set", created=[row])
        return row
    row.value, row.source, row.revision = value, source.strip(), row.revision + 1
    row.save(update_fields=["value", "source", "revision"])
    record(actor=filed(by, organisation.pk), action="rule.set", changed=[(row, ["value", "source"])])
    return row
