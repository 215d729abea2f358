"""The agenda of a weekly dispatch: what the register shows as of a day, in six sections, frozen when it is held.

register ─oversight.queries.agenda→ Agenda ─frozen→ JSON kept with the dispatch ─thawed→ the same Agenda
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

SECTIONS = ("overdue", "due", "returned", "stalled", "waiting", "decisions")
#: What a person is asked to see to; overdue has a section of its own on the one page.
STUCK = ("waiting", "returned", "stalled")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a task (or a decision) and why it stands here. Dates are ISO text.

    `days`: overdue, left, since the return, without movement, waiting since the letter, or past the decision's due day.
    `note`: the coded reason of a return, the outside body, or the state of a decision; `detail`: what else is said.
    """

    section: str
    number: str
    title: str
    task_id: int | None = None
    decision_id: int | None = None
    unit_id: int | None = None
    unit: str = ""
    leader: str = ""
    due_on: str = ""
    days: int = 0
    note: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda as of the end of a day: the states of all tasks by number, the lines, the thresholds that held."""

    as_of: str
    states: Mapping[str, int]
    lines: tuple[Line, ...]
    thresholds: Mapping[str, int]

    def of(self, section: str) -> tuple[Line, ...]:
        """Return the lines of a section in their order."""
        return tuple(line for line in self.lines if line.section == section)

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many lines each section has."""
        return MappingProxyType({section: len(self.of(section)) for section in SECTIONS})

    @property
    def tasks(self) -> int:
        """Return how many tasks there are."""
        return sum(self.states.values())


def frozen(agenda: Agenda) -> dict[str, Any]:
    """Return the agenda as JSON can keep it."""
    return {
        "as_of": agenda.as_of,
        "states": dict(agenda.states),
        "lines": [asdict(line) for line in agenda.lines],
        "thresholds": dict(agenda.thresholds),
    }


def thawed(kept: Mapping[str, Any]) -> Agenda:
    """Return the agenda that `frozen` kept."""
    return Agenda(
        kept["as_of"],
        MappingProxyType(dict(kept["states"])),
        tuple(Line(**line) for line in kept["lines"]),
        MappingProxyType(dict(kept["thresholds"])),
    )
