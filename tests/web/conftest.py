"""The clock and the cast, as in the tests of `orgs`."""

from tests.orgs.conftest import cast, clock

__all__ = ["cast", "clock"]
