"""The clock that only tests can set."""

from datetime import datetime, timedelta

from tests.cast import NOW


class Clock:
    """The moment that every part of the program reads."""

    def __init__(self) -> None:
        self.at: datetime = NOW

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)
