"""Where the demonstration plays: who acts on which day, the tasks by their numbers, and how each came out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.audit.actor import Actor
from bihuan.cli.demonstration.people import SAMPLES
from bihuan.core.access import LEADER, LIAISON, UNIT_HEAD
from bihuan.findings.models import Inspection, Problem, Task
from bihuan.orgs.edge import person_actor
from bihuan.orgs.models import Grant, Unit, User

ENDS = {"已完成": "completed", "基本完成": "basically_completed", "长期整改": "long_term"}


@dataclass(frozen=True, slots=True)
class Told:
    """What the samples tell of a task: how it ends, the day on which its unit was done with it."""

    end: str
    done_on: date | None


@dataclass
class Stage:
    """The organisation and its live inspection, and the moment up to which the story is told."""

    organisation: Unit
    live: Inspection
    now: datetime
    at: datetime
    _who: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the real day, at which the story ends."""
        return self.now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()

    @property
    def day(self) -> date:
        """Return the day of the story."""
        return self.at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()

    def on(self, day: date, hour: int = 10) -> None:
        """Let the time pass until this moment, never back and never beyond now."""
        local = datetime.combine(day, time(hour, 10), ZoneInfo(settings.TIME_ZONE))
        self.at = min(max(self.at + timedelta(minutes=1), local.astimezone(UTC)), self.now)

    def ago(self, days: int, hour: int = 10) -> None:
        """Let the time pass until so many days before today."""
        self.on(self.today - timedelta(days=days), hour)

    def by(self, username: str) -> Actor:
        """Return somebody as actor at this moment, filed under the organisation."""
        return replace(
            person_actor(User.objects.get(username=username), self.at), organisation_id=self.organisation.pk
        )

    def office(self) -> Actor:
        """Return the office as actor."""
        return self.by("fangjingyi")

    def head(self, unit_id: int) -> Actor:
        """Return the head of a unit as actor."""
        return self.by(self._holder(UNIT_HEAD, unit_id))

    def leader(self, unit_id: int) -> Actor:
        """Return the leader in charge of a unit as actor."""
        return self.by(self._holder(LEADER, unit_id))

    def filler(self, unit_id: int) -> Actor:
        """Return who fills in for a unit: its liaison officer, or its head where there is none."""
        return self.by(self._holder(LIAISON, unit_id) or self._holder(UNIT_HEAD, unit_id))

    def _holder(self, role: str, unit_id: int) -> str:
        key = (role, unit_id)
        if key not in self._who:
            found = Grant.objects.filter(role=role, unit=unit_id).values_list(
                "post__person__username", flat=True
            )
            self._who[key] = found.first() or ""
        return self._who[key]

    def tasks(self, numbers: Iterable[str] | None = None) -> list[Task]:
        """Return tasks of the live inspection as they stand, all or by number."""
        rows = Task.objects.filter(inspection=self.live, withdrawn=False).select_related("unit", "problem")
        return list((rows if numbers is None else rows.filter(number__in=list(numbers))).order_by("position"))

    def task(self, number: str) -> Task:
        """Return one task."""
        return self.tasks([number])[0]

    def problems(self) -> list[Problem]:
        """Return the problems of the live inspection."""
        return list(Problem.objects.filter(inspection=self.live, withdrawn=False).order_by("position"))


def told() -> dict[str, Told]:
    """Return how every task of the samples comes out, by its number."""
    found = {}
    for line in (SAMPLES / "source" / "整改任务.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"\d+-\d+", cells[0]):
            done = date.fromisoformat(cells[-1]) if cells[-1] else None
            found[cells[0]] = Told(ENDS[cells[-2]], done)
    return found


def responses() -> dict[str, str]:
    """Return what the sample notice says of every problem, by its number."""
    lines = (SAMPLES / "整改通报.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, str] = {}
    for place, line in enumerate(lines):
        if line.startswith("整改情况：") and (head := re.match(r"(\d+)\.", lines[place - 1])):
            found[head[1]] = line.removeprefix("整改情况：")
    return found


def policies() -> list[str]:
    """Return the institutions that the sample notice names."""
    text = (SAMPLES / "整改通报.txt").read_text(encoding="utf-8")
    return list(dict.fromkeys(re.findall(r"《(江澜高新区[^》]+)》", text)))
