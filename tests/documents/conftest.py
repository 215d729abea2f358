"""A cast, files kept in a folder of the test, and documents that were read of small texts."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bihuan.core import reading
from bihuan.core.reading.document import Document
from bihuan.core.source import Line, Source
from bihuan.documents import actions
from bihuan.documents.actions import Arrival, receive
from tests.cast import Cast, actor_for, make_cast
from tests.core import draft_samples as samples


@pytest.fixture
def cast(db: None, settings, tmp_path: Path) -> Cast:
    settings.BIHUAN_FILES = tmp_path / "files"
    return make_cast()


@pytest.fixture
def arrive(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Arrival]:
    """Receive a document that is understood as given, whatever the reader thinks of its text."""

    def bring(
        document: Document, lines: Sequence[Line], *, actor=None, mode=None, data: bytes = b""
    ) -> Arrival:
        source = Source(document.name, "docx", tuple(lines))
        monkeypatch.setattr(actions, "read_bytes", lambda name, content: source)
        monkeypatch.setattr(reading, "read", lambda read: document, raising=False)
        return receive(
            data or document.name.encode(), name=document.name, organisation=cast.organisation,
            actor=actor or actor_for(cast.office), mode=mode,
        )  # fmt: skip

    return bring


@pytest.fixture
def feedback(arrive: Callable[..., Arrival]) -> Arrival:
    return arrive(samples.feedback(), samples.FEEDBACK_LINES)


@pytest.fixture
def notice(arrive: Callable[..., Arrival]) -> Arrival:
    return arrive(samples.notice(), samples.NOTICE_LINES)


@pytest.fixture
def live(cast: Cast, feedback: Arrival):
    """The inspection that the feedback gives."""
    from bihuan.findings.actions.registering import register  # noqa: PLC0415 - needs the apps

    return register(feedback.draft.pk, actor=actor_for(cast.office))
