"""The rules that hold for an organisation, and on which days it works."""

from datetime import date

from bihuan.core.oversight import Rules, Setting
from bihuan.core.weeks import Working
from bihuan.orgs.queries.calendar import calendar_of, thresholds_of
from bihuan.oversight.models import Rule


def rules_of(organisation_id: int, on: date) -> Rules:
    """Return the rules of an organisation on a day. Two queries.

    What is near and what is stuck is told by the organisation's terms (docs of `orgs`) unless it is set here.
    """
    rows = Rule.objects.filter(organisation_id=organisation_id, starts_on__lte=on)
    terms = thresholds_of(organisation_id)
    named = {"due-within": terms.near, "stalled-after": terms.stuck}
    usual = {key: (term.number, term.source) for key, term in named.items() if term.measure == "days"}
    settings = (Setting(row.key, row.value, row.source, row.starts_on) for row in rows)
    return Rules(settings, on=on, usual=usual)


def works_of(organisation_id: int) -> Working:
    """Return what tells whether the organisation works on a day: its calendar, with holidays and worked weekends."""
    return calendar_of(organisation_id).works
