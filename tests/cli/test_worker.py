"""`bihuan worker` and the worker beside `bihuan serve`: begun again when it is lost, gone when the pages go."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.running import Place, new_place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = new_place(tmp_path / "home")
    place.run("migrate")
    return place


@pytest.fixture
def serving(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """Pages with a worker beside them, answering."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "BIHUAN_HOME": str(place.home), "DATABASE_URL": place.database_url}
    command = [sys.executable, "-m", "bihuan.cli.main", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        eventually(lambda: answers(port))
        yield process
        if process.poll() is None:
            process.terminate()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def eventually(holds: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.2)


def below(pid: int) -> list[int]:
    """Return the processes that `pid` began and that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(path.parent.name))
    return found


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def keeper_of(process: subprocess.Popen[bytes]) -> int:
    """Return the child of the server that has a child of its own: it keeps the worker."""
    eventually(lambda: any(below(child) for child in below(process.pid)))
    return next(child for child in below(process.pid) if below(child))


def test_a_worker_ends_when_nothing_is_due_or_its_time_is_over(place: Place) -> None:
    assert place.run("worker", "--once").stdout == "办理后台任务0项。\n"
    assert place.run("worker", "--for", "1", lang="en").stdout == "0 jobs were worked on.\n"


def test_a_worker_refuses_tables_of_another_version(tmp_path: Path) -> None:
    bare = new_place(tmp_path / "bare")
    assert bare.run("worker", "--once", check=False).returncode == 1


def test_the_worker_beside_the_pages_is_begun_again_and_stops_with_them(
    serving: subprocess.Popen[bytes],
) -> None:
    keeper = keeper_of(serving)
    (first,) = below(keeper)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: below(keeper) not in ([], [first]))
    (second,) = below(keeper)
    serving.terminate()
    assert serving.wait(timeout=60) == 0
    eventually(lambda: not runs(keeper) and not runs(second))


def test_when_the_pages_are_killed_the_worker_goes_too(serving: subprocess.Popen[bytes]) -> None:
    keeper = keeper_of(serving)
    (worker,) = below(keeper)
    serving.kill()
    serving.wait(timeout=60)
    eventually(lambda: not runs(keeper) and not runs(worker))
