"""The cast, as in the tests of `orgs`."""

from tests.orgs.conftest import cast

__all__ = ["cast"]
