"""How many questions each address asks of the database: as kept in query_counts.json, whether there is little or much.

Every address of the access table that reads is counted, as the office, with 10 and with 200 more rows of every kind;
only a list taken out whole is not, for it is sealed and read in pieces. A number that both databases do not share is kept as one for each.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.page_rows import OPEN, Row
from tests.api.rows import API, PAGES
from tests.api.world import World, standing_world
from tests.findings.browsing import signed_in
from tests.growing import grow
from tests.test_access_table import address

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("query_counts.json")
OFFICE = -2  # the place of the office among the roles of the access table


def reading(rows: tuple[Row, ...], before: str) -> dict[str, Row]:
    """Return the rows that only read and that the office is shown, by the name kept in the file."""
    shown = [
        row
        for row in rows
        if row.method == "get" and row.expect.split()[OFFICE] == "200" and "export" not in row.name
    ]
    return {
        " ".join(
            filter(None, (before + row.name, *(v[1:] for v in row.args.values() if v[0] == "'"), row.query))
        ): row
        for row in shown
    }


#: Beside the table: a list narrowed and ordered, as a page and by the API.
NARROWED = tuple(
    Row(name, "get", {}, OPEN, query="state=open&sort=-due_on&category=none")
    for name in ("findings:tasks", "api:list_tasks")
)
ROWS = {**reading(PAGES, ""), **reading(NARROWED, ""), **reading(API, "api:")}


@pytest.fixture(params=[10, 200])
def grown(request: Any, db: None, tmp_path: Path) -> Any:
    with standing_world(tmp_path) as world:
        grow(world, request.param)
        yield world


def counted(client: Client, url: str) -> int:
    """Return how many questions the second visit asks."""
    for turn in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            found = client.get(url)
            b"".join(found.streaming_content) if found.streaming else found.content
        assert found.status_code == 200, (url, turn)
    return len(queries)


def test_every_address_asks_as_many_questions_as_the_repository_says(grown: World) -> None:
    page = signed_in(grown.cast.office)
    api = Client(headers={"Authorization": f"Bearer {grown.secrets['office']}"})
    asked = {
        name: counted(api if name.startswith("api:") else page, address(name.partition(" ")[0], row, grown))
        for name, row in ROWS.items()
    }
    kept = json.loads(KEPT.read_text())
    wanted = {name: of(kept.get(name)) for name in ROWS}
    assert asked == wanted, json.dumps({k: v for k, v in asked.items() if v != wanted[k]}, indent=2)


def of(kept: Any) -> Any:
    """Return the number kept for the database of this run."""
    return kept[connection.vendor] if isinstance(kept, dict) else kept
