"""Who gets what at every address: pages, files, exports, search, record and the whole API, in one table.

An address that is not in the table fails; content of another organisation is looked for in every answer.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.api.page_rows import Row
from tests.api.rows import API, PAGES
from tests.api.world import OTHERS, OWN, ROLES, SAFETY, SAMPLES, World, standing_world

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: Whose words each role must never read.
FOREIGN = {
    "nobody": (OWN, OTHERS), "outsider": (OWN,), "department": (OTHERS, SAFETY), "reader": (OTHERS,),
    "office": (OTHERS,), "disabled": (OWN, OTHERS),
}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), standing_world(tmp_path_factory.mktemp("files")) as world:
        yield world


def addresses(resolver: Any, prefix: str = "") -> Iterator[str]:
    """Yield the full name of every address."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield f"{prefix}{pattern.name}"


def test_every_address_stands_in_the_table() -> None:
    known = {row.name for row in PAGES} | {f"api:{row.name}" for row in API}
    assert set(addresses(get_resolver())) == known


def label(row: Row) -> str:
    return " ".join(filter(None, (row.name, row.method, "".join(row.args.values()), row.query)))


@pytest.mark.django_db
@pytest.mark.parametrize("row", PAGES, ids=label)
def test_pages_answer_each_person_as_the_table_says(row: Row, world: World) -> None:
    def ask(role: str) -> Any:
        client = Client()
        if (user := world.people[role]) is not None:
            client.force_login(user, backend=BACKEND)
        body = filled(row.body, world) or None
        return getattr(client, row.method)(address(row.name, row, world), body)

    judge(row, ask)


@pytest.mark.django_db
@pytest.mark.parametrize("row", API, ids=label)
def test_the_api_answers_each_caller_as_the_table_says(row: Row, world: World) -> None:
    url = address(f"api:{row.name}", row, world)

    def ask(role: str) -> Any:
        headers = {"Authorization": f"Bearer {world.secrets[role]}"} if role in world.secrets else {}
        client = Client(headers=headers)
        if row.method == "get":
            return client.get(url)
        if isinstance(row.body, str) and row.body.startswith("multipart:"):
            return client.post(url, upload(row.body, world))
        body = {"carried": world.extra["carried"]} if row.body == "carried" else filled(row.body, world)
        data = json.dumps(body) if body is not None else b""
        return getattr(client, row.method)(url, data, content_type="application/json")

    judge(row, ask, refusals=True)


def address(name: str, row: Row, world: World) -> str:
    """Return the address of a row; a value that begins with ' stands for itself, every other names an object."""
    args = {key: value[1:] if value[0] == "'" else world.ids[value] for key, value in row.args.items()}
    return reverse(name, kwargs=args) + (f"?{row.query}" if row.query else "")


def filled(body: Any, world: World) -> Any:
    """Return a body with ids in place of their names."""
    if isinstance(body, dict):
        return {key: filled(value, world) for key, value in body.items()}
    if isinstance(body, list):
        return [filled(value, world) for value in body]
    return world.ids.get(body, body) if isinstance(body, str) else body


def upload(what: str, world: World) -> dict[str, Any]:
    """Return the form that carries a file."""
    if what == "multipart:reply":
        return {"text": "已办理。", "signer": "白露"}
    if what == "multipart:books":
        file = io.BytesIO(world.extra["sheet"])
        file.name = "任务.xlsx"
        return {"files": file, "period": "2026年11月"}
    if what == "multipart:sheet":
        file = io.BytesIO(world.extra["sheet"])
        file.name = "任务.xlsx"
        return {"file": file}
    file = io.BytesIO((Path(SAMPLES) / "整改方案任务表.xlsx").read_bytes())
    file.name = "方案.xlsx"
    return {"file": file, "organisation_id": world.ids["organisation_id"]}


def judge(row: Row, ask: Callable[[str], Any], *, refusals: bool = False) -> None:
    """Ask as each role, apart from each other, and check the status, the refusal, and whose words are read."""
    statuses, read = [], {}
    for role in ROLES:
        with transaction.atomic():
            found = ask(role)
            content = b"".join(found.streaming_content) if found.streaming else found.content
            transaction.set_rollback(True)
        statuses.append(str(found.status_code))
        text = words_in(content)
        if foreign := [word for word in FOREIGN[role] if word in text and not row.query.endswith(word)]:
            read[role] = foreign
        if refusals and found.status_code >= 400:
            assert set(found.json()) >= {"code", "params", "message"}
    assert " ".join(statuses) == row.expect
    assert read == {}


def words_in(content: bytes) -> str:
    """Return what an answer says: its text, or the texts of all parts of a docx or xlsx."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
