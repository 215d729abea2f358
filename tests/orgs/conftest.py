"""A clock that only tests can set, and the cast."""

from datetime import datetime, timedelta

import pytest

from tests.cast import NOW, Cast, make_cast


class Clock:
    """The moment that every part of the program reads."""

    def __init__(self) -> None:
        self.at: datetime = NOW

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for place in ("django.utils.timezone.now", "axes.attempts.now", "axes.handlers.proxy.now"):
        monkeypatch.setattr(place, lambda: clock.at)
    return clock


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()
