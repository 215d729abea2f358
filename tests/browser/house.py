"""Bihuan as it is served, and a browser that complains of everything that a person would not see."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.cli.running import Place

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
CHROMIUM = Path("/usr/bin/chromium")
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
STARTS_WITHIN = 60
#: What a browser says in its console for every answer of 4xx, which is a page here and no fault.
REFUSED_LOAD = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@dataclass
class Served:
    """One running `bihuan serve`: where it is and what it has printed."""

    url: str
    place: Place
    process: subprocess.Popen[str]
    printed: list[str] = field(default_factory=list)

    def said(self, pattern: str) -> re.Match[str]:
        """Return what was printed, once it was printed."""
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            if found := re.search(pattern, "".join(self.printed)):
                return found
            if self.process.poll() is not None:
                break
            threading.Event().wait(0.05)
        raise AssertionError(f"`bihuan serve` did not print {pattern}: {''.join(self.printed)}")


@contextmanager
def served(place: Place) -> Iterator[Served]:
    """Run `bihuan serve` on a free port until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bihuan.cli.main", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command, env=environ_of(place), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        running = Served(f"http://127.0.0.1:{port}", place, process)
        listener = threading.Thread(target=_listen, args=(running,), daemon=True)
        listener.start()
        try:
            _wait(running)
            yield running
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
            listener.join(5)


def environ_of(place: Place) -> dict[str, str]:
    """Return what a process of this installation is told."""
    environ = {**os.environ, "BIHUAN_HOME": str(place.home), "BIHUAN_LANG": "zh-Hans"}
    environ.pop("DATABASE_URL", None)
    return environ | ({"DATABASE_URL": place.database_url} if place.database_url else {})


def _listen(running: Served) -> None:
    assert running.process.stdout is not None
    for line in running.process.stdout:
        running.printed.append(line)


def _wait(running: Served) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and running.process.poll() is None:
        try:
            urllib.request.urlopen(f"{running.url}/sign-in/", timeout=5).close()
        except urllib.error.HTTPError as answered:
            answered.close()
            return
        except OSError:
            threading.Event().wait(0.1)
        else:
            return
    raise AssertionError(f"`bihuan serve` did not answer: {''.join(running.printed)}")


@dataclass
class Watch:
    """What went wrong behind the pages of one test."""

    faults: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> BrowserContext:
        """Watch every page of a context."""
        context.on("page", self._page)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        return context

    def _page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED_LOAD.search(message.text):
            self.faults.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # A download ends its navigation, and a page that is left ends what it was loading.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        page = response.request.is_navigation_request() or response.request.resource_type in ("xhr", "fetch")
        if response.status >= 500 or (response.status >= 400 and not page):
            self.faults.append(f"status {response.status}: {response.url}")


@dataclass
class House:
    """A served installation with its accounts: makes watched contexts, signed in or not."""

    running: Served
    browser: Browser
    passwords: dict[str, str]
    signed_in: dict[str, object] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return where it is."""
        return self.running.url

    def visitor(self, watch: Watch, **options: object) -> BrowserContext:
        """Return a context without an account."""
        settings = {"viewport": WIDE, "locale": "zh-CN", "base_url": self.url, **options}
        return watch.over(self.browser.new_context(**settings))

    def person(self, watch: Watch, username: str, **options: object) -> BrowserContext:
        """Return a context signed in as somebody, by the session of the first time."""
        if username not in self.signed_in:
            with self.visitor(watch) as context:
                sign_in(context.new_page(), username, self.passwords[username])
                self.signed_in[username] = context.storage_state()
        return self.visitor(watch, storage_state=self.signed_in[username], **options)


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign in by the form."""
    page.goto("/sign-in/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").click()
    page.wait_for_url("**/")
