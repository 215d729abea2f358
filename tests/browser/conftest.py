"""One Chromium, one demonstration and one empty installation for the whole folder.

They last as long as this folder's tests: Playwright's loop would forbid the database to tests after it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.house import CHROMIUM, SAMPLES, House, Watch, environ_of, served
from tests.cli.running import new_place

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Real Chromium. Without it these tests fail: what a person sees would be unproved."""
    assert CHROMIUM.is_file(), f"Chromium is not installed at {CHROMIUM}: run `make system`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demonstration(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration as it begins, with everything still to be done, served."""
    place = new_place(tmp_path_factory.mktemp("demonstration"))
    place.run("demo", "--build-only", "--begun")
    passwords = json.loads(Path(place.home, "passwords.json").read_text(encoding="utf-8"))
    passwords["qinyuechuan"] = "Bh-outside-2026-x"
    another = [sys.executable, "-m", "tests.browser.another", "qinyuechuan", passwords["qinyuechuan"]]
    subprocess.run(another, env=environ_of(place), check=True, timeout=60)
    with served(place) as running:
        house = House(running, chromium, passwords)
        _furnish(house)
        yield house


def _furnish(house: House) -> None:
    """Leave one draft open and write one notice, so that every kind of page is there."""
    watch = Watch()
    with house.person(watch, "fangjingyi") as context:
        page = context.new_page()
        page.goto("/documents/import/")
        page.locator("#file").set_input_files(next((SAMPLES / "faulty").glob("*.docx")))
        page.locator("form.up button").click()
        page.wait_for_url("**/documents/drafts/4/")
        page.goto("/inspections/1/notice/")
        page.get_by_role("button", name="写成通报").click()
        page.wait_for_url("**/notices/1/")
    assert watch.faults == []


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Nothing may go wrong behind any page: no script error, no refused style, no failed request."""
    watch = Watch()
    yield watch
    assert watch.faults == []


@pytest.fixture
def office(demonstration: House, watch: Watch) -> Iterator[Page]:
    """A page of the rectification office."""
    with demonstration.person(watch, "fangjingyi") as context:
        yield context.new_page()


@pytest.fixture
def reader(demonstration: House, watch: Watch) -> Iterator[Page]:
    """A page of a person who may see all and change nothing."""
    with demonstration.person(watch, "linxiaoyu") as context:
        yield context.new_page()
