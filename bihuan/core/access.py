"""What a person may do where: holdings + step + the units above the object ─why_not→ None, or the reason.

A holding is a grant with the days on which both the grant and its post run. Seeing is decided in the database
by the same rule (`orgs.queries.sight`); doing is decided here. The words on the screen are configuration.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

OFFICE = "office"
READER = "reader"
LIAISON = "liaison"
UNIT_HEAD = "unit_head"
LEADER = "leader"
SUPERVISION = "supervision"
LEADING_GROUP = "leading_group"
SUPERIOR = "superior"
ENTERPRISE = "enterprise"
SYSTEM_ADMIN = "system_admin"
SECURITY_ADMIN = "security_admin"
AUDIT_ADMIN = "audit_admin"

ADMINISTRATORS = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN})
WORKING = (
    OFFICE, READER, LIAISON, UNIT_HEAD, LEADER, SUPERVISION, LEADING_GROUP, SUPERIOR, ENTERPRISE,
)  # fmt: skip
ROLES = (*WORKING, SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN)

#: What may be handed on for a period. An office has several people, and a reader is granted: neither needs it.
DELEGABLE = frozenset({LIAISON, UNIT_HEAD, LEADER, SUPERVISION, LEADING_GROUP, SUPERIOR})

STEPS = MappingProxyType(
    {
        "read": frozenset(WORKING),
        "write": frozenset({OFFICE}),
        "manage": frozenset({OFFICE}),
        "accounts": frozenset({SYSTEM_ADMIN, OFFICE}),
        "rights": frozenset({SECURITY_ADMIN, OFFICE}),
        "record": frozenset({AUDIT_ADMIN, OFFICE}),
        "report": frozenset({LIAISON, UNIT_HEAD}),
        "claim": frozenset({UNIT_HEAD}),
        "sign": frozenset({LEADER}),
        "verify": frozenset({SUPERVISION}),
        "supervise": frozenset({SUPERVISION}),
        "close": frozenset({LEADING_GROUP}),
        "approve_plan": frozenset({LEADING_GROUP}),
        "accept": frozenset({SUPERIOR}),
        "sample": frozenset({SUPERIOR, SUPERVISION}),
        "restricted": frozenset({OFFICE, SUPERVISION, LEADING_GROUP, SUPERIOR, AUDIT_ADMIN}),
        "sheet": frozenset({OFFICE, LIAISON, UNIT_HEAD, LEADER, SUPERVISION, LEADING_GROUP}),
        "countersign": frozenset({OFFICE, SUPERVISION, LEADING_GROUP}),
    }
)

#: Kinds of the record that hold who was held to account and who was owed something.
RESTRICTED = frozenset({"accountability", "recipient"})

#: The office does these only until an administrator for them is appointed over the organisation.
HANDED_OVER = MappingProxyType({"accounts": SYSTEM_ADMIN, "rights": SECURITY_ADMIN})


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


def why_not(
    step: str,
    holdings: Iterable[Holding],
    *,
    above: Collection[int],
    today: date,
    appointed: Collection[str] = (),
) -> str | None:
    """Return None when a holding allows `step` on an object below the units `above`, else the reason.

    `appointed` are the administrators' roles that somebody holds there today: the office's step is then theirs.

    >>> why_not("write", [Holding("reader", 1, date(2026, 1, 1))], above=[1, 7], today=date(2026, 2, 1))
    'orgs.role-missing'
    """
    roles = STEPS[step]
    here = [holding for holding in holdings if holding.root in above and holding.role in roles]
    handed = HANDED_OVER.get(step) in appointed
    running = {holding.role for holding in here if holding.runs_on(today)}
    if running - ({OFFICE} if handed else set()):
        return None
    if running:
        return f"orgs.{step}-handed-over"
    return "orgs.role-not-now" if here else "orgs.role-missing"


def why_not_hold(role: str, others: Iterable[str]) -> str | None:
    """Return None when an account that has the roles `others` may have `role` over the same organisation as well.

    >>> why_not_hold("audit_admin", ["office"]), why_not_hold("office", ["reader"])
    ('orgs.administrator-works', None)
    """
    there = frozenset(others) - {role}
    if role in ADMINISTRATORS:
        if there & ADMINISTRATORS:
            return "orgs.two-administrators"
        return "orgs.administrator-works" if there else None
    return "orgs.works-administrator" if there & ADMINISTRATORS else None


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
