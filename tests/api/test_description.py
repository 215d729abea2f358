"""The description of the API is valid, complete and documented, and no request that it allows ends in a fault of ours."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.core import NotSet

from bihuan.api.schema import api
from tests.api.conftest import Caller
from tests.api.world import World, standing_world
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = api.get_openapi_schema(path_prefix="/api/v1/")
#: Every route as a person writes it: method and address with the names of its parameters.
ROUTES = sorted(
    f"{method.upper()} {path.removeprefix('/api/v1')}"
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
)


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_is_documented(route: str) -> None:
    assert f"`{route}`" in (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_nothing_is_documented_that_is_not_there() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", text, re.MULTILINE)) == set(ROUTES)


def test_every_route_says_what_it_does_and_how_it_refuses() -> None:
    for methods in DESCRIPTION["paths"].values():
        for operation in methods.values():
            assert operation["description"]
            assert {"200", "401", "403", "404", "409", "422"} <= set(operation["responses"])
            assert operation["security"]


def test_the_description_is_given_to_anybody(cast: Cast, office: Caller) -> None:
    found = office.get("openapi.json")
    assert found["paths"].keys() == DESCRIPTION["paths"].keys()


SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), standing_world(tmp_path_factory.mktemp("files")) as world:
        yield world


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_ends_in_a_fault_of_ours(operation: Any, world: World) -> None:
    """What the description allows, and what it forbids, is answered as the description says."""
    client = Client(
        headers={"Authorization": f"Bearer {world.secrets['office']}"}, raise_request_exception=False
    )
    allowed = set(DESCRIPTION["paths"][operation.path][operation.method]["responses"])

    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        found = send(client, case)
        assert str(found.status_code) in allowed, found.content[:500]
        if found.status_code >= 400:
            assert set(found.json()) >= {"code", "params", "message"}

    ask()


def send(client: Client, case: Any) -> Any:
    """Send a generated case as a program would."""
    url = case.formatted_path + ("?" + urlencode(case.query, doseq=True) if case.query else "")
    if case.body is None or isinstance(case.body, NotSet):
        return client.generic(case.method, url)
    if case.media_type == "multipart/form-data":
        file = SimpleUploadedFile("文件.txt", str(case.body).encode(errors="replace"))
        return client.post(url, {"file": file, "organisation_id": "1"})
    return client.generic(case.method, url, json.dumps(case.body), content_type="application/json")
