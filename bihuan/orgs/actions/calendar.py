"""An organisation's own days and deadlines, beside those that are shipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.deadlines import MEASURES, MOST
from bihuan.orgs import queries
from bihuan.orgs.actions.units import filed, require_manage
from bihuan.orgs.models import CalendarDay, DeadlineRule, Unit
from bihuan.orgs.refusals import WrongInput

YEARS = range(2000, 2100)
MOST_DAYS = 800


@dataclass(frozen=True, slots=True)
class DayDraft:
    """One day that differs from the week: worked or free, by what name."""

    day: date
    works: bool
    name: str


@transaction.atomic
def set_days(organisation: Unit, *, days: Sequence[DayDraft], source: str, actor: Actor) -> tuple[int, int]:
    """Set days of an organisation's calendar, and return how many were new and how many changed.

    A day that is there already takes the new values; the same days again change nothing.

    :raises WrongInput: for a day named twice, without a name, out of reach, or for no source.
    """
    require_manage(actor, organisation)
    organisation = Unit.objects.select_for_update().get(pk=organisation.pk)
    _check_days(days, source.strip())
    standing = {
        row.day: row
        for row in CalendarDay.objects.filter(organisation=organisation, day__in=[one.day for one in days])
    }
    made, changed = [], []
    for one in days:
        values = {"works": one.works, "name": one.name.strip(), "source": source.strip()}
        row = standing.get(one.day)
        if row is None:
            made.append(CalendarDay.objects.create(organisation=organisation, day=one.day, **values))
            continue
        fields = [field for field, value in values.items() if getattr(row, field) != value]
        for field in fields:
            setattr(row, field, values[field])
        if fields:
            changed.append((row, fields))
    CalendarDay.objects.bulk_update([row for row, _fields in changed], ["works", "name", "source"])
    record(actor=filed(actor, organisation), action="calendar.set", created=made, changed=changed)
    return len(made), len(changed)


@transaction.atomic
def drop_day(row: CalendarDay, *, reason: str, actor: Actor) -> None:
    """Take a day of one's own out of the calendar; the shipped day or the week holds again."""
    row = CalendarDay.objects.select_for_update().get(pk=row.pk)
    require_manage(actor, row.organisation_id)
    record(
        actor=filed(actor, row.organisation_id),
        action="calendar.dropped",
        removed=[row],
        reason=reason.strip(),
    )
    row.delete()


@transaction.atomic
def set_rule(
    organisation: Unit, *, code: str, number: int, measure: str, source: str, actor: Actor
) -> DeadlineRule:
    """Set an organisation's own term for a deadline, with the source in which it stands.

    :raises WrongInput: for an unknown deadline or measure, a number out of reach, or no source.
    """
    require_manage(actor, organisation)
    organisation = Unit.objects.select_for_update().get(pk=organisation.pk)
    if code not in queries.shipped_terms():
        raise WrongInput("orgs.deadline-unknown", field="code", name=code)
    if measure not in MEASURES:
        raise WrongInput("orgs.measure-unknown", field="measure", measure=measure)
    if not 1 <= number <= MOST[measure]:
        raise WrongInput("orgs.deadline-number", field="number", most=MOST[measure])
    if not source.strip():
        raise WrongInput("orgs.source-missing", field="source")
    values = {"number": number, "measure": measure, "source": source.strip()}
    row = DeadlineRule.objects.filter(organisation=organisation, code=code).first()
    if row is None:
        row = DeadlineRule.objects.create(organisation=organisation, code=code, **values)
        record(actor=filed(actor, organisation), action="deadline.set", created=[row])
        return row
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, values[field])
    if changed:
        row.save(update_fields=changed)
        record(actor=filed(actor, organisation), action="deadline.set", changed=[(row, changed)])
    return row


@transaction.atomic
def drop_rule(row: DeadlineRule, *, reason: str, actor: Actor) -> None:
    """Go back to the term that is shipped."""
    row = DeadlineRule.objects.select_for_update().get(pk=row.pk)
    require_manage(actor, row.organisation_id)
    record(
        actor=filed(actor, row.organisation_id),
        action="deadline.dropped",
        removed=[row],
        reason=reason.strip(),
    )
    row.delete()


def _check_days(days: Sequence[DayDraft], source: str) -> None:
    if not days:
        raise WrongInput("orgs.calendar-empty", field="days")
    if len(days) > MOST_DAYS:
        raise WrongInput("orgs.calendar-many", field="days", most=MOST_DAYS)
    if not source:
        raise WrongInput("orgs.source-missing", field="source")
    seen: set[date] = set()
    for one in days:
        if one.day.year not in YEARS:
            raise WrongInput("orgs.calendar-year", field="days", day=one.day.isoformat())
        if one.day in seen:
            raise WrongInput("orgs.calendar-twice", field="days", day=one.day.isoformat())
        if not one.name.strip():
            raise WrongInput("orgs.calendar-without-name", field="days", day=one.day.isoformat())
        seen.add(one.day)
