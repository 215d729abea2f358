"""Files on their way in: in order, resumed, examined when whole, and nothing left of what is refused."""

import errno
import os
import resource
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bihuan.audit.actor import Actor
from bihuan.audit.models import Event
from bihuan.core.refusal import NotVisible
from bihuan.files import actions, parts, scanning
from bihuan.files.actions import (
    Announced,
    drop_upload,
    open_uploads,
    receive_whole,
    send_chunk,
    sweep,
    sweep_uploads,
    take_uploads,
)
from bihuan.files.models import Examination, LikenessKey, StoredFile, Upload
from bihuan.files.parts import OffsetRefused, received
from bihuan.files.queries import bytes_of
from bihuan.files.store import FileRefused, path_of
from tests.cast import NOW
from tests.formats.test_admission import EICAR, docx, jpeg, zipped

pytestmark = pytest.mark.django_db
ACTOR = Actor(7, "person:7", NOW)
OTHER = Actor(8, "person:8", NOW)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.BIHUAN_FILES = tmp_path / "files"
    settings.BIHUAN_CLAMD = "off"
    settings.BIHUAN_UPLOAD_FREE_MB = 1
    return tmp_path / "files"


def begun(data: bytes, name: str = "说明.txt", *, actor: Actor = ACTOR, purpose: str = "task:1") -> Upload:
    (upload,) = open_uploads([Announced(name, len(data))], purpose=purpose, actor=actor)
    assert isinstance(upload, Upload), upload
    return upload


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_in_pieces_is_whole_examined_and_taken_once() -> None:
    data = "整改说明。".encode() * 100
    upload = begun(data)
    assert send_chunk(upload, [data[:100]], offset=0, actor=ACTOR) == 100
    assert not Upload.objects.get().sha256
    assert send_chunk(upload, [data[100:]], offset=100, actor=ACTOR) == len(data)
    assert Upload.objects.get().kind == "txt"
    assert StoredFile.objects.count() == 0
    ((_, file),) = take_uploads([upload.pk], purpose="task:1", actor=ACTOR)
    assert bytes_of(file) == data
    assert Event.objects.filter(kind="file").count() == 1
    assert not Upload.objects.exists()
    with pytest.raises(NotVisible):
        take_uploads([upload.pk], purpose="task:1", actor=ACTOR)


def test_after_a_cut_the_same_file_goes_on_where_it_stopped() -> None:
    data = b"x" * 1000

    def cut() -> Iterator[bytes]:
        yield data[:300]
        raise ConnectionResetError

    upload = begun(data)
    with pytest.raises(FileRefused):
        send_chunk(upload, cut(), offset=0, actor=ACTOR)
    again = begun(data)
    assert again.pk == upload.pk
    assert received(again.token) == 300
    send_chunk(again, [data[300:]], offset=300, actor=ACTOR)
    assert path_of(Upload.objects.get().sha256).read_bytes() == data
    assert begun(data).sha256
    assert send_chunk(Upload.objects.get(), [b"more"], offset=0, actor=ACTOR) == 1000


def test_a_wrong_offset_writes_nothing_and_says_the_true_one() -> None:
    upload = begun(b"x" * 100)
    send_chunk(upload, [b"x" * 10], offset=0, actor=ACTOR)
    for offset in (0, 5, 11, 10_000):
        with pytest.raises(OffsetRefused) as refused:
            send_chunk(upload, [b"y"], offset=offset, actor=ACTOR)
        assert refused.value.params["offset"] == 10
    assert received(upload.token) == 10


def test_of_two_chunks_at_once_one_is_written() -> None:
    upload = begun(b"x" * 100)
    entered, go = threading.Event(), threading.Event()

    def slow() -> Iterator[bytes]:
        entered.set()
        go.wait(5)
        yield b"x" * 50

    first = threading.Thread(target=lambda: parts.append(upload.token, slow(), offset=0, size=100))
    first.start()
    entered.wait(5)
    with pytest.raises(OffsetRefused) as refused:
        parts.append(upload.token, [b"y" * 50], offset=0, size=100)
    go.set()
    first.join()
    assert refused.value.code == "files.upload-busy"
    assert received(upload.token) == 50


def test_more_than_was_announced_and_more_than_a_request_may_carry_are_refused() -> None:
    upload = begun(b"x" * 100)
    with pytest.raises(FileRefused) as refused:
        send_chunk(upload, [b"x" * 90, b"x" * 20], offset=0, actor=ACTOR)
    assert refused.value.code == "files.upload-too-much"
    large = begun(b"x" * (20 << 20), "大.txt")
    with pytest.raises(FileRefused) as refused:
        send_chunk(large, [b"x" * (5 << 20)] * 2, offset=0, actor=ACTOR)
    assert refused.value.code == "files.chunk-too-large"


def test_a_full_disk_keeps_what_can_be_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    upload = begun(b"x" * 100)
    send_chunk(upload, [b"x" * 10], offset=0, actor=ACTOR)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(parts.os, "fsync", full)
        with pytest.raises(FileRefused) as refused:
            send_chunk(upload, [b"x" * 10], offset=10, actor=ACTOR)
    assert refused.value.code == "files.no-room"
    there = received(upload.token)
    send_chunk(upload, [b"x" * (100 - there)], offset=there, actor=ACTOR)
    assert Upload.objects.get().sha256


def test_a_disk_that_must_keep_room_and_ones_own_limit_refuse_beforehand(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BIHUAN_UPLOAD_OPEN_MB = 1
    small, large = Announced("a.txt", 600 << 10), Announced("b.txt", 600 << 10)
    first, second = open_uploads([small, large], purpose="", actor=ACTOR)
    assert isinstance(first, Upload)
    assert isinstance(second, FileRefused)
    assert second.code == "files.upload-no-room"
    assert isinstance(open_uploads([large], purpose="", actor=OTHER)[0], Upload)
    settings.BIHUAN_UPLOAD_FREE_MB = 10**9
    assert isinstance(open_uploads([Announced("c.txt", 1)], purpose="", actor=OTHER)[0], FileRefused)
    settings.BIHUAN_UPLOAD_FILE_MB = 1
    (refused,) = open_uploads([Announced("d.txt", 2 << 20)], purpose="", actor=OTHER)
    assert isinstance(refused, FileRefused)
    assert refused.code == "files.too-large"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("台账.pdf", b"<!DOCTYPE html><html>x", "files.name-lies-page"),
        ("毒.txt", EICAR.encode(), "files.harmful"),
        ("图.png", b"<svg><script>1</script></svg>", "files.svg"),
        ("通知.docx", docx("秘 密 ★ 1 年", "关于……的通知"), "files.classified"),
        ("通知.docx", docx("机密", "关于……的通知"), "files.classified"),
        ("通知.txt", "密级：秘密\n正文".encode(), "files.classified"),
        ("包.zip", zipped({"内/通知.docx": docx("绝密★")}), "files.classified"),
        ("坏.jpg", b"\xff\xd8\xff\xe0junk", "files.picture-broken"),
        ("坏.pdf", b"%PDF-1.7 nothing", "formats.broken-pdf"),
        ("包.zip", zipped({"../a.txt": b"x"}), "files.archive-path"),
    ],
)  # fmt: skip
def test_nothing_is_left_of_a_refused_file(name: str, data: bytes, code: str, folder: Path) -> None:
    upload = begun(data, name)
    with pytest.raises(FileRefused) as refused:
        send_chunk(upload, [data], offset=0, actor=ACTOR)
    assert refused.value.code == code
    assert left(folder) == []
    assert not Upload.objects.exists()
    assert not Examination.objects.exists()
    assert not Event.objects.exists()
    with pytest.raises(FileRefused):
        receive_whole([data], name=name, size=len(data), purpose="", actor=ACTOR)
    assert left(folder) == []
    assert not Upload.objects.exists()


def test_an_installation_declared_for_it_keeps_a_marked_paper(settings: Any) -> None:
    settings.BIHUAN_CLASSIFIED = True
    data = docx("秘密★1年")
    assert receive_whole([data], name="通知.docx", size=len(data), purpose="", actor=ACTOR).sha256


def test_prose_about_secrets_is_taken() -> None:
    data = docx("保密工作情况", "严守国家秘密，全年无泄密。", "商业秘密")
    assert receive_whole([data], name="说明.docx", size=len(data), purpose="", actor=ACTOR).sha256


def test_names_keep_no_path_and_folders_no_way_up() -> None:
    announced = Announced("..\\..\\etc/台账\u202e.txt", 3, folder="a/../../b")
    (upload,) = open_uploads([announced], purpose="", actor=ACTOR)
    assert isinstance(upload, Upload)
    assert (upload.name, upload.folder) == ("台账.txt", "a/b")


def test_what_was_seen_of_a_photo_is_kept_once() -> None:
    data = jpeg(place=True)
    for name in ("1.jpg", "2.jpg"):
        assert receive_whole([data], name=name, size=len(data), purpose="task:1", actor=ACTOR).kind == "jpeg"
    seen = Examination.objects.get()
    assert (str(seen.taken_on), seen.has_place, seen.scan, seen.readable) == (
        "2026-09-01",
        True,
        "none",
        False,
    )
    uploads = take_uploads(Upload.objects.values_list("pk", flat=True), purpose="task:1", actor=ACTOR)
    assert len({file.pk for _, file in uploads}) == 1


def test_nobody_sends_takes_or_drops_the_upload_of_another() -> None:
    upload = begun(b"abc")
    drop_upload(upload, actor=ACTOR)
    mine = begun(b"abc")
    send_chunk(mine, [b"abc"], offset=0, actor=ACTOR)
    for actor, purpose in ((OTHER, "task:1"), (ACTOR, "task:2")):
        with pytest.raises(NotVisible):
            take_uploads([mine.pk], purpose=purpose, actor=actor)
    drop_upload(mine, actor=OTHER)
    assert Upload.objects.filter(pk=mine.pk).exists()


def test_what_nobody_took_is_swept_and_what_waits_is_not(folder: Path) -> None:
    half, whole, taken = begun(b"x" * 100, "半.txt"), begun(b"whole", "整.txt"), begun(b"taken", "收.txt")
    send_chunk(half, [b"x"], offset=0, actor=ACTOR)
    send_chunk(whole, [b"whole"], offset=0, actor=ACTOR)
    send_chunk(taken, [b"taken"], offset=0, actor=ACTOR)
    take_uploads([taken.pk], purpose="task:1", actor=ACTOR)
    assert sweep(older_than=2**40) == 0
    assert sweep_uploads(now=NOW + timedelta(days=6)) == 0
    assert sweep_uploads(now=NOW + timedelta(days=8)) == 2
    assert sweep(older_than=2**40) == 1
    assert [path.read_bytes() for path in left(folder)] == [b"taken"]


def test_what_a_killed_look_into_an_archive_left_is_swept(folder: Path) -> None:
    (folder / "incoming" / "look-abc").mkdir(parents=True)
    (folder / "incoming" / "look-abc" / "entry").write_bytes(b"x")
    assert sweep(older_than=2**40) == 1
    assert left(folder) == []


def test_nobody_announces_files_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_OPEN", 2)
    open_uploads([Announced("a.txt", 1), Announced("b.txt", 1)], purpose="", actor=ACTOR)
    (refused,) = open_uploads([Announced("c.txt", 1)], purpose="", actor=ACTOR)
    assert isinstance(refused, FileRefused)


def test_a_scanner_that_finds_something_refuses_and_one_that_is_silent_is_told(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    settings.BIHUAN_CLAMD = str(tmp_path / "no-socket")
    assert scanning.scan(path, "a.txt") == "none"
    for answer, wanted in (("stream: OK", "clean"), ("INSTREAM size limit exceeded. ERROR", "none")):
        monkeypatch.setattr(scanning, "_asked", lambda *_, answer=answer: answer)
        assert scanning.scan(path, "a.txt") == wanted
    monkeypatch.setattr(scanning, "_asked", lambda *_: "stream: Win.Test FOUND")
    with pytest.raises(FileRefused) as refused:
        scanning.scan(path, "a.txt")
    assert refused.value.params == {"name": "a.txt", "found": "Win.Test"}


def test_clamd_is_spoken_to_as_it_expects(tmp_path: Path, settings: Any) -> None:
    heard = bytearray()
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "clamd"))
    server.listen()

    def serve() -> None:
        link, _ = server.accept()
        with link:
            while not heard.endswith(b"\0\0\0\0"):
                heard.extend(link.recv(65536))
            link.sendall(b"stream: OK\0")

    thread = threading.Thread(target=serve)
    thread.start()
    settings.BIHUAN_CLAMD = str(tmp_path / "clamd")
    (tmp_path / "a").write_bytes(b"hello")
    assert scanning.scan(tmp_path / "a", "a") == "clean"
    thread.join()
    server.close()
    assert bytes(heard) == b"zINSTREAM\0\0\0\0\x05hello\0\0\0\0"


def test_likeness_is_written_once_a_content() -> None:
    data = "".join(chr(0x4E00 + n * 7 % 5000) for n in range(600)).encode()
    for name in ("1.txt", "2.txt"):
        receive_whole([data], name=name, size=len(data), purpose="", actor=ACTOR)
    assert LikenessKey.objects.count() == 16


CHILD = """
import os, resource, sys
sys.path.insert(0, os.getcwd())
import django
from django.conf import settings
django.setup()
from pathlib import Path
from bihuan.files import parts, examining
settings.BIHUAN_FILES = Path(sys.argv[1])
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
def send(token, size, first):
    done, piece = 0, b"\\0" * (1 << 20)
    while done < size:
        step = [first] + [piece] * 7 if not done else [piece] * 8
        done = parts.append(token, iter(step), offset=done, size=size + (8 << 20))
    examining.examine(parts.part_of(token), token + ".mp4")
    parts.seal(token)
head = (b"\\0\\0\\0\\x18ftypmp42").ljust(1 << 20, b"\\0")
send("a" * 32, 8 << 20, head)
for n in range(500):
    parts.append(f"s{n}", [b"text %d" % n], offset=0, size=100)
    examining.examine(parts.part_of(f"s{n}"), "a.txt")
    parts.seal(f"s{n}")
before = peak()
send("b" * 32, 1 << 30, head)
print(peak() - before)
"""


def test_memory_stays_flat_however_large_the_file(tmp_path: Path) -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bihuan.config.settings", "BIHUAN_CLAMD": "off"}
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path / "store")],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 24, f"{run.stdout} MB more for 1 GB; {resource.RUSAGE_SELF}"


def test_five_hundred_files_are_announced_in_a_handful_of_queries(
    django_assert_max_num_queries: Any,
) -> None:
    files = [Announced(f"{n}.txt", 10, folder=f"{n % 30}号") for n in range(500)]
    with django_assert_max_num_queries(12):
        found = open_uploads(files, purpose="task:1", actor=ACTOR)
    assert len({one.pk for one in found if isinstance(one, Upload)}) == 500
    with django_assert_max_num_queries(4):
        again = open_uploads(files, purpose="task:1", actor=ACTOR)
    assert [one.pk for one in again] == [one.pk for one in found]


def test_a_lost_race_for_the_same_file_leads_to_one_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    real = actions._room

    def meanwhile(actor: Actor) -> int:
        monkeypatch.setattr(actions, "_room", real)
        open_uploads([Announced("a.txt", 3)], purpose="", actor=actor)
        return real(actor)

    monkeypatch.setattr(actions, "_room", meanwhile)
    (found,) = open_uploads([Announced("a.txt", 3)], purpose="", actor=ACTOR)
    assert isinstance(found, Upload)
    assert Upload.objects.count() == 1
