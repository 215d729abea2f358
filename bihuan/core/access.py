"""What a person may do where: holdings + step + the units above the object ─why_not→ None, or the reason.

A holding is a grant with the days on which both the grant and its post run. Seeing is decided in the database
by the same rule (`orgs.queries.sight`); doing is decided here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

OFFICE = "office"
READER = "reader"

STEPS = MappingProxyType(
    {
        "read": frozenset({OFFICE, READER}),
        "write": frozenset({OFFICE}),
        "manage": frozenset({OFFICE}),
    }
)


@dataclass(frozen=True, slots=True)
class Holding:
    """A role over the unit `root` and all below it, from `starts_on` to `ends_on`, both days included."""

    role: str
    root: int
    starts_on: date
    ends_on: date | None = None

    def runs_on(self, day: date) -> bool:
        """Tell whether the holding runs on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def roles_on(holdings: Iterable[Holding], today: date) -> frozenset[str]:
    """Return the roles that run today, wherever they hold.

    >>> roles_on([Holding("office", 1, date(2026, 1, 1), date(2026, 1, 31))], date(2026, 2, 1))
    frozenset()
    """
    return frozenset(holding.role for holding in holdings if holding.runs_on(today))


def why_not(step: str, holdings: Iterable[Holding], *, above: Collection[int], today: date) -> str | None:
    """Return None when a holding allows `step` on an object below the units `above`, else the reason.

    >>> why_not("write", [Holding("reader", 1, date(2026, 1, 1))], above=[1, 7], today=date(2026, 2, 1))
    'orgs.role-missing'
    """
    here = [holding for holding in holdings if holding.root in above]
    if any(holding.role in STEPS[step] for holding in here if holding.runs_on(today)):
        return None
    if any(holding.role in STEPS[step] for holding in here):
        return "orgs.role-not-now"
    return "orgs.role-missing"


def why_not_disable(*, is_self: bool, is_last_office: bool, outside: bool) -> str | None:
    """Return None when the office may disable an account, else the reason.

    `outside` says that the account holds a post or grant in a unit which the office does not manage.
    """
    if is_self:
        return "orgs.disable-self"
    if outside:
        return "orgs.person-outside"
    if is_last_office:
        return "orgs.last-office"
    return None
