"""What is measured: each operation as a person's page and as a program's call, with the figure to reach.

Targets: DESIGN §7 (docs/tour.md names them), in milliseconds at 50,000 tasks.
"""

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import xlsxwriter

from benchmarks.seeding import PASSWORD, SECRET, closing
from benchmarks.serving import Answer, Client

ROWS = 1000
WARMED = 8
WORKBOOKS = 15


@dataclass(frozen=True)
class Operation:
    """One thing to measure. `once` does it and gives the answer.

    It is done WARMED times before it counts, so that each of the server's threads has asked its database twice and the
    statements are prepared; what cannot be done so often (`most`), once.
    """

    name: str
    once: Callable[[int], Answer]
    target: float = 0
    most: int = 100
    expected: tuple[int, ...] = (200,)

    @property
    def warmed(self) -> int:
        """How often it is done before it counts."""
        return WARMED if self.most >= WARMED * 2 else 1

    def run(self, repeat: int) -> tuple[list[float], float]:
        """Return the seconds of every repetition, and the size of the last answer in KB."""
        for _ in range(self.warmed):
            answer = self.once(0)
        times = []
        for turn in range(1, min(repeat, self.most) + 1):
            answer = self.once(turn)
            times.append(answer.seconds)
        if answer.status not in self.expected:
            raise SystemExit(f"{self.name}: {answer.status} {answer.body[:500]!r}")
        return times, len(answer.body) / 1024


def operations(port: int, made: dict[str, int]) -> Iterator[Operation]:
    """Give every operation, pages first, then the API."""
    yield from _pages(port, made)
    yield from _calls(port, made)


def _pages(port: int, made: dict[str, int]) -> Iterator[Operation]:
    page = Client(port)
    page.sign_in("benchmark", PASSWORD)
    unit = made["unit"]

    def form(fields: list[tuple[str, str]], path: str) -> Answer:
        body = urlencode(fields).encode()
        return page.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded")

    yield Operation(
        "page: task list, filtered and sorted",
        lambda _: page.ask("GET", f"/tasks/?unit={unit}&state=doing&sort=due_on"),
        36,
    )
    yield Operation("page: task list, first of all", lambda _: page.ask("GET", "/tasks/"), 60)
    yield Operation("page: task list, deep", lambda _: page.ask("GET", f"/tasks/?page={made['pages']}"), 60)
    yield Operation("page: task list by leader", lambda _: page.ask("GET", "/tasks/?sort=leader"), 60)
    yield Operation("page: task list by title", lambda _: page.ask("GET", "/tasks/?sort=title"), 60)
    yield Operation("page: task list as of a day", lambda _: page.ask("GET", "/tasks/?as_of=2026-09-30"))
    yield Operation("page: task", lambda _: page.ask("GET", f"/tasks/{made['task']}/"), 30)
    yield Operation("page: problem", lambda _: page.ask("GET", f"/problems/{made['problem']}/"), 30)
    yield Operation(
        "page: evidence of a task, 200 files",
        lambda _: page.ask("GET", f"/tasks/{made['task']}/evidence/"),
        60,
    )
    yield Operation(
        "page: binder of 200 files, 20 MB",
        lambda _: page.ask("GET", f"/problems/{made['problem']}/binder.zip"),
        most=5,
    )
    yield Operation("page: inspection", lambda _: page.ask("GET", f"/inspections/{made['inspection']}/"))
    yield Operation(
        "page: search 僵尸企业", lambda _: page.ask("GET", "/search/?" + urlencode({"q": "僵尸企业"})), 40
    )
    yield Operation(
        "page: search, rare words", lambda _: page.ask("GET", "/search/?" + urlencode({"q": "第1-777项"})), 40
    )
    yield Operation("page: home (dashboard)", lambda _: page.ask("GET", "/"), 40)
    yield Operation("page: record of changes", lambda _: page.ask("GET", "/record/"))
    yield Operation(
        "page: create a task",
        lambda turn: form(
            [("number", f"9{uuid.uuid4().hex[:8]}"), ("title", f"新增任务{turn}"), ("due_on", "2026-12-31")],
            f"/problems/{made['problem']}/tasks/new/",
        ),
        20,
        expected=(302,),
    )
    ids = [("id", str(pk)) for pk in range(made["task"], made["task"] + 100)]

    def bulk(turn: int) -> Answer:
        return form(
            [*ids, ("step", "save"), ("change", "remark"), ("remark", f"第{turn}次批量修改")], "/tasks/bulk/"
        )

    yield Operation("page: bulk change of 100", bulk, 200, most=10, expected=(302,))
    yield from _closing_pages(port, made)


def _closing_pages(port: int, made: dict[str, int]) -> Iterator[Operation]:
    """What the leading group does: its work, what a step would do, and closing 100 tasks with every check and event."""
    page = Client(port)
    page.sign_in("closes", PASSWORD)

    def together(turn: int, **do: str) -> Answer:
        ids = [("id", str(pk)) for pk in closing.lot(made["closing"], turn)]
        body = urlencode([*ids, ("take", "close"), *do.items()]).encode()
        return page.ask("POST", "/closure/together/", body, Content_Type="application/x-www-form-urlencoded")

    yield Operation("page: my work", lambda _: page.ask("GET", "/"), 60)
    yield Operation("page: bulk close of 100, asked beforehand", lambda _: together(0), 200, most=10)
    yield Operation(
        "page: bulk close of 100",
        lambda turn: together(turn, do="save", meeting="第12次会议"),
        200,
        most=closing.LOTS // 2 - 1,
        expected=(302,),
    )


def _calls(port: int, made: dict[str, int]) -> Iterator[Operation]:
    api = Client(port, {"Authorization": f"Bearer {SECRET}"})
    unit, base = made["unit"], "/api/v1"

    def send(path: str, body: object) -> Answer:
        return api.ask("POST", f"{base}{path}", json.dumps(body).encode(), Content_Type="application/json")

    yield Operation(
        "api: 100 tasks, filtered and sorted",
        lambda _: api.ask("GET", f"{base}/tasks?size=100&unit={unit}&state=doing&sort=due_on"),
        15,
    )
    yield Operation(
        "api: 200 pieces of evidence with doubts",
        lambda _: api.ask("GET", f"{base}/tasks/{made['task']}/evidence?size=200"),
        60,
    )
    yield Operation("api: task", lambda _: api.ask("GET", f"{base}/tasks/{made['task']}"), 3.5)
    yield Operation(
        "api: search 僵尸企业", lambda _: api.ask("GET", f"{base}/search?q={quote('僵尸企业')}"), 10
    )
    yield Operation("api: home (dashboard)", lambda _: api.ask("GET", f"{base}/home"), 40)
    yield Operation(
        "api: create a task, sealed",
        lambda turn: send(
            f"/problems/{made['problem']}/tasks",
            {"number": f"8{uuid.uuid4().hex[:8]}", "title": f"接口任务{turn}", "due_on": "2026-12-31"},
        ),
        6.8,
        expected=(200, 201),
    )
    ids = list(range(made["task"], made["task"] + 100))
    yield Operation(
        "api: bulk change of 100, sealed",
        lambda turn: send("/tasks/bulk", {"ids": ids, "values": {"remark": f"第{turn}次接口批量"}}),
        most=10,
    )
    group = Client(port, {"Authorization": f"Bearer {closing.SECRET}"})

    def close(turn: int) -> Answer:
        body = {"tasks": closing.lot(made["closing"], closing.LOTS // 2 + turn), "meeting": "第12次会议"}
        return group.ask(
            "POST", f"{base}/closure/close", json.dumps(body).encode(), Content_Type="application/json"
        )

    yield Operation("api: bulk close of 100, sealed", close, 200, most=closing.LOTS // 2 - 1)
    yield from _workbooks(api, made)
    yield from _imports(api, made)
    yield Operation(
        "api: export of all as xlsx", lambda _: api.ask("GET", f"{base}/tasks/export.xlsx"), 6000, most=2
    )


def _workbooks(api: Client, made: dict[str, int]) -> Iterator[Operation]:
    """Workbooks of 15 units come back in one folder: read, compared with what was given out, previewed."""
    path, period = f"/api/v1/inspections/{made['inspection']}/workbooks", "2026-11"
    body = json.dumps({"period": period}).encode()
    api.ask("POST", path, body, Content_Type="application/json")
    given = io.BytesIO(api.ask("GET", f"{path}/all.zip?period={period}").body)
    returned = io.BytesIO()
    with zipfile.ZipFile(given) as of_all, zipfile.ZipFile(returned, "w") as of_some:
        for name in of_all.namelist()[:WORKBOOKS]:
            of_some.writestr(name, of_all.read(name))
    yield Operation(
        "api: merge of 15 workbooks, previewed",
        lambda _: _upload(
            api, f"{path}/returned", returned.getvalue(), "all.zip", field="files", period=period
        ),
        most=5,
    )


def _imports(api: Client, made: dict[str, int]) -> Iterator[Operation]:
    """A plan of 1,000 rows: read and previewed, then registered with every event."""
    drafts: list[dict[str, int]] = []

    def send(path: str, body: object) -> Answer:
        return api.ask("POST", f"/api/v1{path}", json.dumps(body).encode(), Content_Type="application/json")

    def preview(turn: int) -> Answer:
        content = plan(made["problem_number"], len(drafts) + 1)
        taken = _upload(
            api, "/api/v1/documents", content, f"plan{turn}.xlsx", organisation_id=made["organisation"]
        )
        draft = json.loads(taken.body)
        aimed = send(
            f"/drafts/{draft['draft_id']}/target",
            {"inspection_id": made["inspection"], "revision": draft["revision"]},
        )
        if aimed.status != 200:
            return aimed
        drafts.append({"id": draft["draft_id"], "revision": json.loads(aimed.body)["revision"]})
        return Answer(aimed.status, aimed.body, taken.seconds + aimed.seconds, {})

    waiting = iter(drafts)

    def register(_: int) -> Answer:
        draft = next(waiting)
        return send(f"/drafts/{draft['id']}/register", {"revision": draft["revision"]})

    yield Operation("api: plan of 1,000 rows, read and previewed", preview, most=3)
    yield Operation(
        "api: plan of 1,000 rows, registered and sealed", register, 450, most=3, expected=(200, 201)
    )


def plan(problem: str, turn: int) -> bytes:
    """Return a plan of 1,000 new tasks as xlsx."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("任务")
        sheet.write_row(
            0,
            0,
            ["任务编号", "具体问题", "整改任务", "整改措施", "牵头领导", "牵头单位", "整改类型", "完成时限"],
        )
        for row in range(1, ROWS + 1):
            sheet.write_row(
                row, 0,
                [f"{problem}-{turn}{row:04}", f"{problem}.问题", f"第{turn}批第{row}项任务", "逐户核对；限期补齐。", "程立岩", "第1部", "分阶段", "2026-12-31"],
            )  # fmt: skip
    return stream.getvalue()


def _upload(
    api: Client, path: str, content: bytes, name: str, *, field: str = "file", **fields: int | str
) -> Answer:
    """Send one file with its fields as a form would."""
    mark = uuid.uuid4().hex
    parts = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    parts += f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    body = parts.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return api.ask("POST", path, body, Content_Type=f"multipart/form-data; boundary={mark}")
