"""What people of the story do, each a few requests: the office takes documents in, a unit fills, uploads and claims …"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.api.conftest import Caller
from tests.api.world import SAMPLES
from tests.clock import Clock
from tests.closing import PDF
from tests.scenario.ledger import Ledger
from tests.scenario.people import People

STATES = {"已完成": "completed", "基本完成": "basically_completed", "长期整改": "long_term"}
HERE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Told:
    """What the sample table tells of a task: how it ends, and the day on which its unit was done with it."""

    number: str
    end: str
    done_on: date | None


def told() -> dict[str, Told]:
    """Return every task of the samples by its number."""
    found = {}
    for line in (SAMPLES / "source" / "整改任务.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"\d+-\d+", cells[0]):
            done = date.fromisoformat(cells[-1]) if cells[-1] else None
            found[cells[0]] = Told(cells[0], STATES[cells[-2]], done)
    return found


def responses() -> dict[str, str]:
    """Return what the sample notice says of every problem, by its number."""
    lines = (SAMPLES / "整改通报.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, str] = {}
    for place, line in enumerate(lines):
        if line.startswith("整改情况：") and (head := re.match(r"(\d+)\.", lines[place - 1])):
            found[head[1]] = line.removeprefix("整改情况：")
    return found


def policies() -> list[str]:
    """Return the institutions that the sample notice names, in its order."""
    text = (SAMPLES / "整改通报.txt").read_text(encoding="utf-8")
    return list(dict.fromkeys(re.findall(r"《(江澜高新区[^》]+)》", text)))


@dataclass
class Story:
    """Who is there, what is known of the inspection, the clock and the ledger."""

    clock: Clock
    people: People
    ledger: Ledger
    inspection: int = 0
    tasks: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Any] = field(default_factory=dict)
    files: int = 0

    @property
    def office(self) -> Caller:
        return self.people.by("fangjingyi")

    @property
    def today(self) -> date:
        return self.clock.at.astimezone(HERE).date()

    def on(self, month: int, day: int, hour: int = 10) -> None:
        """Let the time pass until this moment, never back."""
        at = datetime(2026, month, day, hour, 30, tzinfo=HERE).astimezone(UTC)
        assert at >= self.clock.at
        self.clock.at = at

    def ids(self, numbers: Iterable[str]) -> list[int]:
        return [self.tasks[number]["id"] for number in numbers]

    def put(self, numbers: Iterable[str], state: str) -> None:
        for number in numbers:
            self.ledger.put(number, self.today, state)

    def by_unit(self, numbers: Iterable[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number in numbers:
            found.setdefault(self.tasks[number]["unit"], []).append(number)
        return found

    # taking documents in

    def take_in(self, name: str, into: int | None = None) -> int:
        held = io.BytesIO((SAMPLES / name).read_bytes())
        held.name = name
        draft = self.office.send(
            "documents", file=held, organisation_id=self.people.organisation, status=201
        )["draft_id"]
        revision = 1
        if into is not None:
            aimed = self.office.post(f"drafts/{draft}/target", {"revision": 1, "inspection_id": into})
            revision = aimed["revision"]
        return self.office.post(f"drafts/{draft}/register", {"revision": revision}, status=201)[
            "inspection_id"
        ]

    def learn(self) -> None:
        """Read what is registered, as the office sees it."""
        rows = self.office.get(f"tasks?inspection={self.inspection}&size=200")["rows"]
        self.tasks = {row["number"]: row for row in rows}
        for finding in self.office.get(f"inspections/{self.inspection}/tree"):
            for problem in finding["problems"]:
                units = [task["unit"] for task in problem["tasks"]]
                self.problems[problem["number"]] = {"id": problem["id"], "unit": units[0]}

    # evidence

    def upload(self, by: Caller, purpose: str, words: str) -> int:
        """Send one file of its own content and return the upload."""
        self.files += 1
        data = PDF + f"\n%{self.files} {words}".encode()
        found = by.post(
            "uploads",
            {"purpose": purpose, "files": [{"name": f"{words[:40]}.pdf", "size": len(data)}]},
            status=201,
        )["rows"][0]
        sent = by.client.patch(
            f"/api/v1/uploads/{found['id']}", data, content_type="application/octet-stream",
            headers={"Upload-Offset": "0"},
        )  # fmt: skip
        assert sent.status_code == 200, sent.content.decode()
        return int(found["id"])

    def prove(self, number: str) -> None:
        """Upload what the checklist of a task asks for, and take it in line by line."""
        task = self.tasks[number]
        by = self.people.filler(task["unit"])
        for need in by.get(f"tasks/{task['id']}/plan")["needs"]:
            if need["optional"]:
                continue
            upload = self.upload(by, f"task:{task['id']}", f"{number}{need['title']}")
            body = {
                "uploads": [upload],
                "need_id": need["id"],
                "kind": need["kind"],
                "proves": need["proves"],
            }
            by.post(f"tasks/{task['id']}/evidence", body, status=201)

    # closing

    def claim(self, numbers: Sequence[str], ends: dict[str, str]) -> None:
        """Let the heads of units claim, together for what ends alike."""
        for unit, own in self.by_unit(numbers).items():
            for end in dict.fromkeys(ends[number] for number in own):
                alike = [number for number in own if ends[number] == end]
                body = {"tasks": self.ids(alike), "end_state": end, "text": "措施已落实，成效见佐证材料。"}
                if end == "basically_completed":
                    body |= {"left_over": "尾项正在办理。", "left_until": "2027-03-31"}
                if end == "long_term":
                    body |= {"review_on": (self.today + timedelta(days=80)).isoformat()}
                self.people.by(self.people.heads[unit]).post("closure/claim", body)
                self.put([one for one in alike if self.ledger.state(one) == "todo"], "doing")

    def sign(self, numbers: Sequence[str]) -> None:
        """Let the leaders in charge sign."""
        by_leader: dict[str, list[str]] = {}
        for unit, own in self.by_unit(numbers).items():
            by_leader.setdefault(self.people.leaders[unit], []).extend(own)
        for leader, own in by_leader.items():
            self.people.by(leader).post("closure/sign", {"tasks": self.ids(own)})

    def verify(self, numbers: Sequence[str], by: str = "person08") -> None:
        body = {"tasks": self.ids(numbers), "sufficient": True, "appropriate": True, "note": "已到现场核对。"}
        self.people.by(by).post("closure/verify", body)

    def on_paper(self, number: str, step: str, signer: str, **answers: bool) -> None:
        """Print a sheet, let it be signed by hand, let the office bind its scan and 沈星野 confirm it."""
        sheet = self.office.post(f"tasks/{self.tasks[number]['id']}/sheets", {"step": step}, status=201)
        scan = self.upload(self.office, "sheet", f"{number}签字单")
        body = {"upload_id": scan, "signer_id": self.people.ids[signer], "signed_on": self.today.isoformat()}
        self.office.post(f"sheets/{sheet['id']}/bind", {**body, **answers})
        self.office.post(f"sheets/{sheet['id']}/confirm", status=403)
        self.people.by("shenxingye").post(f"sheets/{sheet['id']}/confirm")

    def meet(self, title: str, ends: dict[str, str], *, aside: Sequence[str] = ()) -> None:
        """Hold a special meeting and close in it; from what is `aside` the chair stands back and the deputy closes."""
        values = {"organisation_id": self.people.organisation, "kind": "special", "title": title,
                  "held_on": self.today.isoformat(), "chair": "周万里", "inspection_id": self.inspection}  # fmt: skip
        meeting = self.office.post("meetings", values, status=201)["id"]
        there = [{"name": name, "person_id": self.people.ids[account]}
                 for name, account in (("周万里", "zhouwanli"), ("杜怀安", "duhuaian"))]  # fmt: skip
        self.office.post(f"meetings/{meeting}/attendance", {"people": there})
        chair, deputy = self.people.by("zhouwanli"), self.people.by("duhuaian")
        for number in aside:
            body = {
                "person_id": self.people.ids["zhouwanli"],
                "task_id": self.tasks[number]["id"],
                "reason": "曾分管",
            }
            self.office.post(f"meetings/{meeting}/recusals", body, status=201)
        self.office.post(f"meetings/{meeting}/hold", {"account": "逐项研究销号。"})
        if aside:
            chair.post(f"meetings/{meeting}/close", {"ids": self.ids(aside)}, status=403)
            deputy.post(f"meetings/{meeting}/close", {"ids": self.ids(aside)})
        rest = [number for number in ends if number not in aside]
        chair.post(f"meetings/{meeting}/close", {"ids": self.ids(rest)})
        for number, end in ends.items():
            self.ledger.put(number, self.today, end)
