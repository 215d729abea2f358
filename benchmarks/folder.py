"""`python -m benchmarks.folder --gb 2 --files 5000`: a whole folder of evidence through a real browser and a real server.

made folder ─Chromium, input of the page→ server, killed half way and started again ─→ the rest ─chosen again→ nothing is
sent twice ─收下材料→ evidence. Prints what the progress bar said, the memory of the server and how long each part took.
"""

import argparse
import base64
import io
import os
import random
import signal
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.seeding import PASSWORD
from benchmarks.serving import free_port, memory_mb, place, running, seed, workers

CHROMIUM = Path("/usr/bin/chromium")
SEGMENT = 60_000
FOLDERS = 20
WAIT = 3600.0
#: Every file is so many times the usual size: a folder holds many small papers, photos and a few films of a phone.
SIZES = (0.2, 0.4, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 2.4)
DOCX = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="jpeg" ContentType="image/jpeg"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>',
}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
)


@dataclass
class Course:
    """What was seen along the way: the resident memory of the server each half second, and where the bar stood."""

    pid: int = 0
    highest: float = 0.0
    at_rest: float = 0.0
    done: bool = False
    bar: list[int] = field(default_factory=list)

    def watch(self) -> None:
        """Look at the memory until all is done."""
        while not self.done:
            try:
                self.highest = max(self.highest, memory_mb(self.pid)) if self.pid else self.highest
            except (OSError, TypeError):
                self.highest = max(self.highest, 0.0)  # between the kill and the new start nobody is there
            time.sleep(0.5)


def main() -> int:
    """Make the folder, send it, and print what was seen."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.folder")
    parser.add_argument("--gb", type=float, default=2.0)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--picture", default="", help="where to put a picture of the page half way")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-folder-") as made, place(args.database) as environ:
        size = fill(Path(made), files=args.files, size=int(args.gb * (1 << 30)))
        say(f"{args.files:,} files, {size / (1 << 30):.2f} GB, {args.database}")
        task = seed(environ, 100)["task"] + 1  # the first one has evidence of its own
        send(Path(made), environ, task=task, files=args.files, size=size, picture=args.picture)
    return 0


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


# the folder


def fill(folder: Path, *, files: int, size: int) -> int:
    """Write photos, papers and tables of all sizes into folders; returns how many bytes they have."""
    chance, usual, written = random.Random(11), size // files, 0
    photo = _photo()
    for number in range(files):
        inside = folder / f"{number % FOLDERS + 1:02}号问题"
        inside.mkdir(exist_ok=True)
        noise = chance.randbytes(int(usual * SIZES[number % len(SIZES)]))
        suffix, content = _content(number, photo, noise)
        (inside / f"材料{number:05}.{suffix}").write_bytes(content)
        written += len(content)
    return written


def _content(number: int, photo: bytes, noise: bytes) -> tuple[str, bytes]:
    kind = number % 10
    if kind < 6:
        return "jpg", _larger(photo, noise)
    text = base64.b64encode(noise)[: len(noise)]
    if kind < 8:
        return "pdf", PDF + b"4 0 obj<</Length %d>>stream\n" % len(
            text
        ) + text + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    if kind == 8:
        return "docx", _docx(number, _larger(photo, noise))
    lines = [text[at : at + 76] for at in range(0, len(text), 76)]
    return "txt", f"第{number}号情况报告\n".encode() + b"\n".join(lines)


def _photo() -> bytes:
    image, sink = Image.new("RGB", (640, 480), "green"), io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:09:01 10:00:00"
    image.save(sink, "JPEG", exif=exif)
    return sink.getvalue()


def _larger(photo: bytes, noise: bytes) -> bytes:
    """Put noise into segments of a photo that programs pass over."""
    parts = [noise[at : at + SEGMENT] for at in range(0, len(noise), SEGMENT)]
    segments = b"".join(b"\xff\xef" + (len(part) + 2).to_bytes(2, "big") + part for part in parts)
    return photo[:2] + segments + photo[2:]


def _docx(number: int, picture: bytes) -> bytes:
    sink = io.BytesIO()
    words = '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    words += f"<w:p><w:r><w:t>第{number}号整改情况报告</w:t></w:r></w:p></w:body></w:document>"
    with zipfile.ZipFile(sink, "w") as file:
        for name, content in {**DOCX, "word/document.xml": words}.items():
            file.writestr(name, content)
        file.writestr("word/media/image1.jpeg", picture)
    return sink.getvalue()


# the sending


def send(folder: Path, environ: dict[str, str], *, task: int, files: int, size: int, picture: str) -> None:
    """Send the folder through the page, with the server killed half way."""
    port, course = free_port(), Course()
    watcher = threading.Thread(target=course.watch, daemon=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(600_000)
        with serving(environ, port) as pid:
            course.pid, course.at_rest = pid, memory_mb(pid)
            watcher.start()
            sign_in(page, port)
            page.goto(f"http://127.0.0.1:{port}/tasks/{task}/evidence/add/")
            started = time.monotonic()
            page.locator("#folder").set_input_files(folder)
            until(page, course, 50)
            half = time.monotonic() - started
            say(
                f"half after {half:.0f} s ({size / 2 / half / (1 << 20):.1f} MB a second); the server is killed"
            )
            kill(pid)
        page.wait_for_timeout(1500)
        note(page, "cut")
        if picture:
            page.screenshot(path=picture)
        with serving(environ, port) as pid:
            course.pid = pid
            again = time.monotonic()
            until(page, course, 100)
            wait(page, lambda: "处理完" in sentence(page))
            note(page, "end")
            say(f"the rest after {time.monotonic() - again:.0f} s more; refused: {refused(page)}")
            finish(page, folder, files)
            course.done = True
            say(f"the bar stood at {course.bar}")
            say(
                f"memory of the worker: {course.at_rest:.0f} MB at rest, {course.highest:.0f} MB at most, {memory_mb(pid):.0f} MB after"
            )
        browser.close()


def finish(page: Page, folder: Path, files: int) -> None:
    """Choose the same folder again after leaving the page, then take everything in."""
    started = time.monotonic()
    page.reload()
    page.locator("#folder").set_input_files(folder)
    wait(page, lambda: "处理完" in sentence(page))
    note(page, "chosen again")
    say(f"chosen again: {time.monotonic() - started:.0f} s")
    started = time.monotonic()
    page.get_by_role("button", name="收下材料").click()
    page.wait_for_url("**/evidence/")
    said = page.locator(".say.done").first.inner_text()
    say(f"taken in after {time.monotonic() - started:.1f} s: {said.strip()} (of {files:,})")


def until(page: Page, course: Course, percent: int) -> None:
    """Wait until the progress bar stands at `percent`, and keep where it stood at each tenth."""
    for step in range(len(course.bar) * 10 + 10, percent + 1, 10):
        wait(page, partial(reached, page, step))
        course.bar.append(round(bar(page)))


def wait(page: Page, true: Callable[[], bool]) -> None:
    """Look twice a second until it is so; the page forbids what Playwright would wait with."""
    ends = time.monotonic() + WAIT
    while not true():
        if time.monotonic() > ends:
            raise SystemExit(f"nothing for an hour: {sentence(page)}")
        page.wait_for_timeout(500)


def reached(page: Page, percent: int) -> bool:
    return bar(page) >= percent


def bar(page: Page) -> float:
    return float(page.locator("progress").evaluate("bar => bar.value"))


def sentence(page: Page) -> str:
    return page.locator("[data-sentence]").inner_text()


def note(page: Page, when: str) -> None:
    say(f"{when}: {sentence(page)}")


def refused(page: Page) -> int:
    return page.locator("[data-refused] li").count()


def sign_in(page: Page, port: int) -> None:
    page.goto(f"http://127.0.0.1:{port}/sign-in/")
    page.locator("[name=username]").fill("benchmark")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"http://127.0.0.1:{port}/")


@contextmanager
def serving(environ: dict[str, str], port: int) -> Iterator[int]:
    """Serve at a port that stays the same over a cut."""
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
        yield pid


def kill(pid: int) -> None:
    """End the server as a power cut does, its workers first."""
    for one in {*workers(pid), pid}:
        os.kill(one, signal.SIGKILL)


if __name__ == "__main__":
    raise SystemExit(main())
