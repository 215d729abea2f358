"""The clock of the cast, a folder for files, and callers with their tokens."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bihuan.orgs.actions import make_token
from bihuan.orgs.models import User
from tests.cast import NOW, Cast, actor_for, make_cast


class Caller:
    """A caller of the API: says method and address, gets JSON, and may expect a status."""

    def __init__(self, secret: str, **headers: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}", **headers})

    def ask(self, method: str, path: str, body: Any = None, **sent: Any) -> Any:
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1/{path}", **data, **sent)

    def get(self, path: str, *, status: int = 200) -> Any:
        return self._judged(self.ask("get", path), status)

    def post(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        return self._judged(self.ask("post", path, {} if body is None else body), status)

    def patch(self, path: str, body: Any, *, status: int = 200) -> Any:
        return self._judged(self.ask("patch", path, body), status)

    def put(self, path: str, body: Any, *, status: int = 200) -> Any:
        return self._judged(self.ask("put", path, body), status)

    def send(self, path: str, *, status: int = 200, **form: Any) -> Any:
        """Send a form with files."""
        return self._judged(self.client.post(f"/api/v1/{path}", form), status)

    def _judged(self, found: Any, status: int) -> Any:
        assert found.status_code == status, found.content.decode(errors="replace")[:800]
        return found.json()


@pytest.fixture
def cast(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cast:
    settings.BIHUAN_FILES = tmp_path / "files"
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return make_cast()


@pytest.fixture
def caller(cast: Cast) -> Callable[..., Caller]:
    def of(user: User, **headers: str) -> Caller:
        secret = make_token(user, name="试用", expires_on=date(2027, 6, 1), actor=actor_for(user))[1]
        return Caller(secret, **headers)

    return of


@pytest.fixture
def office(cast: Cast, caller: Callable[..., Caller]) -> Caller:
    return caller(cast.office)


@pytest.fixture
def outsider(cast: Cast, caller: Callable[..., Caller]) -> Caller:
    return caller(cast.outsider)
