"""How many questions each address asks of the database: as kept in query_counts.json, whether there is little or much.

Every address of the access table that reads is counted, as the office, with 10 and with 200 more rows of every kind;
only a list taken out whole is not, for it is sealed and read in pieces. A number that both databases do not share is kept as one for each.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.documents.models import Draft, Received
from bihuan.files.models import StoredFile
from bihuan.findings.findable import findables
from bihuan.findings.models import Finding, Inspection, Institution, Problem, Step, Task, TaskState
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit
from bihuan.search.actions import put
from tests.api.api_rows import API
from tests.api.page_rows import OPEN, PAGES, Row
from tests.api.world import World, standing_world
from tests.cast import NOW, make_person, make_unit
from tests.findings.browsing import signed_in
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


def many(model: type[Model], pk: int, size: int, change: Callable[[Any, int], None]) -> list[Any]:
    """Return `size` more rows like the row `pk`, each changed so that it may stand beside it."""
    rows = []
    for number in range(1, size + 1):
        row = model._default_manager.get(pk=pk)  # noqa: SLF001 - whichever model it is
        row.pk = None
        change(row, number)
        rows.append(row)
    return model._default_manager.bulk_create(rows)  # noqa: SLF001


def numbered(name: str, **more: Any) -> Callable[[Any, int], None]:
    """Return what gives a copied row its own value of `name`."""

    def change(row: Any, number: int) -> None:
        setattr(row, name, f"9{number}")
        row.position = 1000 + number if hasattr(row, "position") else None
        for key, value in more.items():
            setattr(row, key, value)

    return change


def grow(world: World, size: int) -> None:
    """Put `size` more rows of every kind beside and below those that the addresses name."""
    ids, cast = world.ids, world.cast
    rows = [
        *many(Inspection, ids["inspection_id"], size, lambda row, n: setattr(row, "title", f"第{n}轮巡察")),
        *many(Finding, ids["finding_id"], size, numbered("number")),
        *many(Problem, ids["problem_id"], size, numbered("number")),
        *(tasks := many(Task, ids["task_id"], size, numbered("number"))),
        *many(Institution, ids["institution_id"], size, lambda row, n: setattr(row, "title", f"江澜制度{n}")),
    ]
    put(findables(rows))
    state = TaskState.objects.filter(task_id=ids["task_id"]).latest("pk")
    for task in tasks:
        state.pk, state.task_id = None, task.pk
        state.save()
    many(Step, ids["step_id"], size, numbered("title"))
    many(Notice, ids["notice_id"], size, lambda row, n: setattr(row, "made_at", NOW - timedelta(days=n)))
    _papers(ids, size)
    for number in range(size // 10):
        unit = make_unit(
            f"江澜第{number}企业", kind="enterprise", parent=Unit.objects.get(pk=cast.organisation.pk)
        )
        make_person(f"p{number}", f"人员{number}", unit=unit, role="reader")


def _papers(ids: Any, size: int) -> None:
    document = Received.objects.get(pk=ids["document_id"])
    files = many(StoredFile, document.file_id, size, lambda row, n: setattr(row, "sha256", f"{n:064x}"))

    def own_file(row: Received, number: int) -> None:
        row.file = files[number - 1]

    received = many(Received, document.pk, size, own_file)

    def own_document(row: Draft, number: int) -> None:
        row.document = received[number - 1]

    many(Draft, ids["draft_id"], size, own_document)


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
            b"".join(found.streaming_content) if found.streaming else found.content  # type: ignore[attr-defined]
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
