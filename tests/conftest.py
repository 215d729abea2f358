"""What every test has: fast hashing, the shared notices where they are, and a flush that respects the sealed events."""

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection

from tests.clock import Clock

SHARED = Path(__file__).resolve().parents[2] / "shared"


#: The same examples on every machine and no clock: a busy machine is not a fault. `--hypothesis-profile explore` looks further.
hypothesis.settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("same")


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name no test by bytes: a packed file holds the second it was packed in, and no two workers would agree."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real notices beside the checkout; tests that need it say so when it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared (the real notices) beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Let the flush after a transactional test empty the sealed table, and put back what migrations wrote."""
    from bihuan.findings.models import InspectionKind  # noqa: PLC0415 - apps are ready only now

    with django_db_blocker.unblock():
        kinds = list(InspectionKind.objects.all())
    flush = type(connection.ops).execute_sql_flush

    def flush_all(self, sql_list):
        guard = None
        if self.connection.vendor == "sqlite":
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_event_kept'")
                guard = cursor.fetchone()
                if guard:
                    cursor.execute("DROP TRIGGER audit_event_kept")
        flush(self, sql_list)
        with self.connection.cursor() as cursor:
            if guard:
                cursor.execute(guard[0])
            cursor.execute("DELETE FROM search_grams")
        InspectionKind.objects.bulk_create(kinds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", flush_all)
        yield


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The moment of every test, so that a test of today still passes in a year."""
    clock = Clock()
    for place in ("django.utils.timezone.now", "axes.attempts.now", "axes.handlers.proxy.now"):
        monkeypatch.setattr(place, lambda: clock.at)
    return clock
