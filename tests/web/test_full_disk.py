"""A disk that fills up in the middle of a write: nothing half-written, nothing doubled, a clear sentence."""

import pytest
from django.db import OperationalError, connection

from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.findings.models import Task
from bihuan.web.middleware import trouble_of
from tests.cast import Cast, make_cast
from tests.findings.browsing import signed_in
from tests.making import make_finding, make_inspection, make_problem


class OfPostgres(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "expected"), [("53100", 507), ("55P03", 503), ("40P01", 503), ("22012", None)]
)
def test_troubles_of_postgresql_are_known_by_their_state(state: str, expected: int | None) -> None:
    error = OperationalError("whatever it says")
    error.__cause__ = OfPostgres(state)
    found = trouble_of(error)
    assert (found[0] if found else None) == expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite can be told how large it may grow")
def test_full_disk_is_told_and_writes_nothing() -> None:
    cast: Cast = make_cast()
    problem = make_problem(cast, make_finding(cast, make_inspection(cast)))
    browser = signed_in(cast.office)
    browser.get("/")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        try:
            for number in range(1, 500):
                before = Task.objects.count()
                fields = {
                    "number": f"15-{number}",
                    "title": f"第{number}项任务",
                    "measures": "措施" * 300,
                    "due_on": "2026-12-31",
                }
                answer = browser.post(f"/problems/{problem.pk}/tasks/new/", fields)
                if answer.status_code != 302:
                    break
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert answer.status_code == 507, answer.content.decode()[:500]
    assert "磁盘已满" in answer.content.decode()
    assert Task.objects.count() == before
    assert [*chain_breaks(), *table_breaks()] == []
    assert browser.post(f"/problems/{problem.pk}/tasks/new/", fields).status_code == 302
