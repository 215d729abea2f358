"""Who acts, and when: read once at the edge and handed down, so that nothing below looks at a clock."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts and at what moment. `at` is aware (UTC); `zone` is where the day of the act is told.

    `label` names the kind of hand: ``person:12``, ``token:7/person:12`` or ``console:root``. `principal_id` is
    the person for whom a delegate acts. `organisation_id` is where the act is filed in the record of changes.
    """

    user_id: int | None
    label: str
    at: datetime
    zone: str = "Asia/Shanghai"
    principal_id: int | None = None
    organisation_id: int | None = None

    @property
    def today(self) -> date:
        """Return the local day of the act."""
        return self.at.astimezone(ZoneInfo(self.zone)).date()
