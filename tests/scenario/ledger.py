"""What the story says of every day, kept apart from the product: task → days with the state from that day on."""

from bisect import bisect_right
from collections import Counter
from datetime import date


class Ledger:
    """The states of tasks as the people of the story brought them about."""

    def __init__(self) -> None:
        self.days: dict[str, list[tuple[date, str]]] = {}
        self.on_the_day: dict[date, dict[str, int]] = {}

    def put(self, number: str, day: date, state: str) -> None:
        """Write that a task is in `state` from the end of `day` on."""
        held = self.days.setdefault(number, [])
        assert not held or held[-1][0] <= day
        held[:] = [one for one in held if one[0] != day] + [(day, state)]

    def state(self, number: str) -> str:
        return self.days[number][-1][1]

    def counts(self, day: date) -> dict[str, int]:
        """Return how many tasks were in which state at the end of `day`."""
        found: Counter[str] = Counter()
        for held in self.days.values():
            if place := bisect_right(held, day, key=lambda one: one[0]):
                found[held[place - 1][1]] += 1
        return dict(found)
