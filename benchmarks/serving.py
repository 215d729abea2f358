"""A server of its own for each measurement, and one sequential client that keeps its connection."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from tests.plugin import start_postgres

BASELINE = """
def application(environ, start_response):
    body = b"x" * 20000
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""


@dataclass
class Answer:
    """One answer: status, body and how long it took, in seconds until the last byte."""

    status: int
    body: bytes
    seconds: float
    headers: dict[str, str]


@dataclass
class Client:
    """One sequential client on loopback."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send one request and read the whole answer."""
        started = time.perf_counter()
        self.connection.request(
            method, path, body, {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        )
        response = self.connection.getresponse()
        content = response.read()
        return Answer(response.status, content, time.perf_counter() - started, dict(response.getheaders()))

    def sign_in(self, username: str, password: str) -> None:
        """Sign in on the page and keep the cookies."""
        cookies: dict[str, str] = {}
        self.headers["Referer"] = f"http://127.0.0.1:{self.port}/"
        _, page = self._visit("GET", None, cookies)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None:
            raise SystemExit("the benchmark found no form for signing in")
        fields = {"csrfmiddlewaretoken": token[1].decode(), "username": username, "password": password}
        status, _ = self._visit("POST", urlencode(fields).encode(), cookies)
        if status != 302:
            raise SystemExit(f"the benchmark could not sign in: {status}")
        self.headers["X-CSRFToken"] = cookies["csrftoken"]

    def _visit(self, method: str, body: bytes | None, cookies: dict[str, str]) -> tuple[int, bytes]:
        """Ask the page for signing in, and take over the cookies that it sets."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, "/sign-in/", body, {**self.headers, **kind})
        response = self.connection.getresponse()
        page = response.read()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                cookies[key] = rest.partition(";")[0]
        self.headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in cookies.items())
        return response.status, page


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def workers(pid: int) -> list[int]:
    """Return the worker processes of `pid`."""
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] or [pid]


def memory_mb(pid: int) -> float:
    """Return the largest resident set among the worker processes of `pid`, in MB."""
    sizes = [
        int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{child}/status").read_text())[1])  # type: ignore[index]
        for child in workers(pid)
    ]
    return max(sizes) / 1024


def computed_seconds(pid: int) -> float:
    """Return how long the worker processes of `pid` have had a processor, in all their threads."""
    threads = (path for child in workers(pid) for path in Path(f"/proc/{child}/task").glob("*/schedstat"))
    return sum(int(path.read_text().split()[0]) for path in threads) / 1e9


@contextmanager
def place(vendor: str) -> Iterator[dict[str, str]]:
    """Give the environment of an empty installation on `vendor`."""
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder:
        environ = {**os.environ, "BIHUAN_HOME": folder, "BIHUAN_SECRET_KEY": "for-benchmarks-only"}
        environ.pop("DATABASE_URL", None)
        if vendor == "postgresql":
            environ["DATABASE_URL"] = start_postgres()
            host = environ["DATABASE_URL"].partition("host=")[2]
            with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as server:
                server.execute("CREATE DATABASE bihuan")
        yield environ


def seed(environ: dict[str, str], tasks: int) -> dict[str, int]:
    """Fill the installation and return the numbers of what was made."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.seeding", str(tasks)],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def server(environ: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve the installation with one worker; give its process and port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "bihuan.cli.main",
        "serve",
        "--port",
        str(port),
        "--workers",
        "1",
        "--threads",
        "4",
    ]
    with running(command, environ, port) as pid:
        yield pid, port


@contextmanager
def baseline_server() -> Iterator[int]:
    """Serve 20 KB that cost nothing, by the same program: what a page can cost at least on this machine now."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "nothing.py").write_text(BASELINE)
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "4", "-k", "gthread",
                   "--no-control-socket", "--chdir", folder, "nothing:application"]  # fmt: skip
        with running(command, dict(os.environ), port):
            yield port


@contextmanager
def running(command: list[str], environ: dict[str, str], port: int) -> Iterator[int]:
    """Run a server until the block ends; wait until it answers."""
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(1200):
            if process.poll() is not None:
                raise SystemExit(f"the server stopped: {process.stderr.read().decode()[-2000:]}")  # type: ignore[union-attr]
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            raise SystemExit("the server did not begin to answer within two minutes")
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)
