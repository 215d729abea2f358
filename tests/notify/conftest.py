"""The cast with addresses, an installation that sends mail, and a hand to tell things with."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from bihuan.audit.actor import Actor
from bihuan.notify.actions import tell
from bihuan.notify.telling import Telling
from bihuan.orgs.models import User
from tests.cast import NOW, Cast, make_cast

WORKER = Actor(None, "job:test", NOW)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    User.objects.filter(pk=cast.reader.pk).update(email="luo@example.org")
    User.objects.filter(pk=cast.office.pk).update(email="fang@example.org")
    return cast


@pytest.fixture
def with_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(settings.ENVIRONMENT, mail_url="smtp://mail.example", site="https://bihuan.example/")
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)


@pytest.fixture
def say(cast: Cast) -> Callable[..., None]:
    """Tell the reader something, unless the test says otherwise."""

    def telling(key: str = "k", *, actor: Actor = WORKER, **changes: Any) -> None:
        values: dict[str, Any] = {
            "recipients": [cast.reader.pk],
            "code": "notify.due-soon",
            "params": {"number": "15-1", "title": f"台账{key}", "due": "2026-11-30"},
            "url": "/tasks/1/",
            "organisation_id": cast.organisation.pk,
            **changes,
        }
        tell(Telling(key=key, **values), actor=actor)

    return telling
