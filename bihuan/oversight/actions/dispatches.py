"""The weekly dispatch: prepared by the office, held with its agenda frozen, or cancelled with a reason."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.agenda import frozen
from bihuan.core.meetings import CANCELLED, HELD, PREPARING, sitting_fault, text_faults
from bihuan.core.refusal import Conflict, NotAllowed
from bihuan.core.register import FieldFault
from bihuan.core.weeks import monday_of
from bihuan.findings.actions.saving import filed, refuse
from bihuan.findings.models import Inspection
from bihuan.orgs.models import Unit
from bihuan.oversight.actions.numbering import next_number
from bihuan.oversight.actions.saving import Values, change, in_state, locked, needed, reference_faults
from bihuan.oversight.models import Dispatch
from bihuan.oversight.queries.agenda import agenda_of
from bihuan.oversight.queries.doors import acting
from bihuan.oversight.queries.rules import rules_of


@transaction.atomic
def prepare(
    organisation: Unit, *, week_of: date, inspection: Inspection | None = None, actor: Actor
) -> Dispatch:
    """Prepare the dispatch of the week of a day, under the next number.

    :raises NotAllowed: for whoever does not hold the office.
    :raises Invalid: for a week after the next one, or one in which no such thing was kept yet.
    :raises Conflict: ``oversight.week-taken`` when there is one already.
    """
    by = acting("write", actor, organisation.pk)
    monday = monday_of(week_of)
    if monday > monday_of(by.today) + timedelta(days=7):
        refuse([FieldFault("week_of", "oversight.week-ahead")])
    if inspection is not None:
        refuse(reference_faults({"inspection_id": inspection.pk}, organisation.pk))
    same = Dispatch.objects.filter(organisation=organisation, monday=monday, inspection=inspection)
    if same.exclude(state=CANCELLED).exists():
        raise Conflict("oversight.week-taken", monday=monday.isoformat())
    try:
        row = Dispatch.objects.create(
            organisation=organisation,
            inspection=inspection,
            number=next_number(organisation.pk, "dispatch"),
            monday=monday,
            secretary_id=by.user_id,
            created_at=by.at,
        )
    except IntegrityError as error:
        raise Conflict("oversight.week-taken", monday=monday.isoformat()) from error
    record(actor=filed(by, organisation.pk), action="dispatch.prepare", created=[row])
    return row


@transaction.atomic
def edit_dispatch(dispatch: Dispatch, values: Values, *, revision: int, actor: Actor) -> Dispatch:
    """Change place, chair or note of a dispatch that was not cancelled.

    :raises Invalid: with every fault.
    :raises Overtaken: when somebody changed it since `revision`.
    """
    by = acting("write", actor, dispatch.organisation_id)
    row = locked(dispatch, revision=revision, values=values)
    in_state(row, (PREPARING, HELD), "oversight.dispatch-cancelled")
    refuse(list(text_faults(values)))
    return change(row, values, action="dispatch.edit", actor=by)


@transaction.atomic
def hold(
    dispatch: Dispatch, *, held_on: date, as_of: date | None = None, values: Values, actor: Actor
) -> Dispatch:
    """Say that the dispatch was held, and freeze its agenda as the register showed it at the end of `as_of`.

    `as_of` is the day itself unless an earlier day is given; the past is read as it was, however late it is recorded.

    :raises Invalid: for a day outside the week or in the future, or faulty texts.
    :raises NotAllowed: when it was held or cancelled already.
    """
    by = acting("write", actor, dispatch.organisation_id)
    row = locked(dispatch)
    in_state(row, (PREPARING,), "oversight.dispatch-ended")
    day = as_of or held_on
    faults = list(text_faults(values))
    if (fault := sitting_fault(held_on, monday=row.monday, today=by.today)) is not None:
        faults.append(fault)
    if day > held_on:
        faults.append(FieldFault("as_of", "oversight.as-of-after"))
    refuse(faults)
    rules = rules_of(row.organisation_id, day)
    agenda = frozen(agenda_of(row.organisation_id, row.inspection_id, day, rules))
    fixed = {**values, "held_on": held_on, "as_of": day, "agenda": agenda, "state": HELD}
    return change(row, fixed, action="dispatch.hold", actor=by)


@transaction.atomic
def cancel_dispatch(dispatch: Dispatch, *, reason: str, actor: Actor) -> Dispatch:
    """Cancel a dispatch that is prepared; its number stays, and the week counts as one without.

    :raises NotAllowed: when it was held, cancelled, or has decisions.
    """
    by = acting("write", actor, dispatch.organisation_id)
    row = locked(dispatch)
    in_state(row, (PREPARING,), "oversight.dispatch-ended")
    if row.decisions.filter(withdrawn=False).exists():
        raise NotAllowed("oversight.has-decisions")
    return change(row, {"state": CANCELLED}, action="dispatch.cancel", actor=by, reason=needed(reason))
