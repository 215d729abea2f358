"""Files by hash: once, whole, or not at all."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bihuan.audit.actor import Actor
from bihuan.audit.models import Event
from bihuan.files import store
from bihuan.files.actions import forget_unless_kept, store_file, sweep
from bihuan.files.models import StoredFile
from bihuan.files.queries import bytes_of
from bihuan.files.store import FileRefused

pytestmark = pytest.mark.django_db
ACTOR = Actor(None, "console:tester", datetime(2026, 11, 22, 4, 0, tzinfo=UTC))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.BIHUAN_FILES = tmp_path
    return tmp_path


def left_over(folder: Path) -> list[Path]:
    return list((folder / "incoming").glob("*"))


def test_same_content_is_kept_once_and_sealed_once() -> None:
    first = store_file([b"abc", b"def"], actor=ACTOR, type_="text/plain")
    again = store_file([b"abcdef"], actor=ACTOR, type_="text/plain")
    assert first == again
    assert bytes_of(first) == b"abcdef"
    assert Event.objects.filter(kind="file").count() == 1
    assert store.verify(first.sha256)


def test_too_large_and_empty_leave_nothing(folder: Path) -> None:
    for chunks, code in (([b"x" * 10] * 3, "files.too-large"), ([], "files.empty")):
        with pytest.raises(FileRefused) as refused:
            store_file(chunks, actor=ACTOR, type_="x", limit=25)
        assert refused.value.code == code
    assert left_over(folder) == []
    assert StoredFile.objects.count() == 0


def test_upload_cut_off_leaves_nothing(folder: Path) -> None:
    def cut_off():
        yield b"abc"
        raise ConnectionResetError

    with pytest.raises(FileRefused):
        store_file(cut_off(), actor=ACTOR, type_="x")
    assert left_over(folder) == []


def test_full_disk_is_told_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(FileRefused) as refused:
        store_file([b"abc"], actor=ACTOR, type_="x")
    assert refused.value.code == "files.no-room"
    assert left_over(folder) == []
    assert StoredFile.objects.count() == 0


def test_what_a_killed_process_left_is_swept(folder: Path) -> None:
    (folder / "incoming").mkdir()
    (folder / "incoming" / "half").write_bytes(b"x")
    row = store_file([b"kept"], actor=ACTOR, type_="x")
    store.keep([b"rolled back"], limit=100)
    assert sweep(older_than=0) == 0
    assert sweep(older_than=2**40) == 2
    assert store.verify(row.sha256)


def test_bytes_of_a_refused_file_are_forgotten_and_kept_ones_stay() -> None:
    kept = store.keep([b"refused"], limit=100)
    forget_unless_kept(b"refused")
    assert not kept.path.exists()
    row = store_file([b"abc"], actor=ACTOR, type_="x")
    forget_unless_kept(b"abc")
    assert store.verify(row.sha256)


def test_damaged_content_is_noticed() -> None:
    row = store_file([b"abc"], actor=ACTOR, type_="x")
    store.path_of(row.sha256).write_bytes(b"abd")
    assert not store.verify(row.sha256)
