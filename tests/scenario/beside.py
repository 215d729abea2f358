"""What stands beside closure in the story: progress without burden, people who were owed something, who answered for it."""

import io
from datetime import date

from tests.findings.books import filled
from tests.scenario.acts import Story

PERIOD = "2026年7月"
#: The task whose money goes to people, three of whom are asked.
OWED = "9-1"


def ticks(story: Story) -> None:
    """27 July: every unit says with one tick that nothing has changed; a second tick of the day writes nothing."""
    story.on(7, 27)
    open_ = [number for number in story.tasks if story.ledger.state(number) == "doing"]
    for unit, own in story.by_unit(open_).items():
        by = story.people.filler(unit)
        said = by.post("progress", {"tasks": story.ids(own), "unchanged": True}, status=201)
        assert len(said["reports"]) == len(own)
        assert by.post("progress", {"tasks": story.ids(own), "unchanged": True}, status=201)["reports"] == []


def returned(story: Story) -> None:
    """31 July: workbooks are given out; two come back, one of them filled, and exactly what was accepted is written."""
    story.on(7, 31)
    at = f"inspections/{story.inspection}/workbooks"
    story.office.post(at, {"period": PERIOD, "due_on": "2026-08-03"}, status=201)
    books = story.office.get(f"{at}?period={PERIOD}")["rows"]
    files = []
    for place, book in enumerate(books[:2]):
        data = story.office.client.get(f"/api/v1/workbooks/{book['id']}/file").content
        file = io.BytesIO(filled(data, "已逐户核对，发现的问题正在整改。") if place == 0 else data)
        file.name = f"{book['unit']}回收.xlsx"
        files.append(file)
    shown = story.office.send(f"{at}/returned", period=PERIOD, files=files)
    assert len(shown["units"]) == 2
    assert {one["unit"] for one in shown["missing"]} == {book["unit"] for book in books[1:]}, (
        "an untouched one has not come back"
    )
    done = story.office.post(f"{at}/returned/commit", {"carried": shown["carried"]})
    assert (done["reports"], done["workbooks"]) == (1, 1)


def names(story: Story) -> None:
    """14 July: the unit names who is owed something; the supervision draws three by a seed that was said in public."""
    story.on(7, 14)
    task = story.tasks[OWED]
    by = story.people.filler(task["unit"])
    people = [{"name": f"{name}商行", "owed": "工程尾款", "amount": 1_250_000} for name in "甲乙丙丁戊己庚辛"]
    by.post(f"tasks/{task['id']}/recipients", {"people": people}, status=201)
    sample = {"size": 3, "seed": "3-5-1-6-2"}
    by.post(f"tasks/{task['id']}/recipients/draw", sample, status=403)
    drawn = story.people.by("luzhixing").post(f"tasks/{task['id']}/recipients/draw", sample)
    task["drawn"] = [one["id"] for one in drawn]
    assert len(task["drawn"]) == 3


def confirms(story: Story) -> None:
    """30 July: before the drawn have said that they got it the task cannot be claimed as completed; then it can."""
    story.on(7, 30)
    task = story.tasks[OWED]
    head = story.people.by(story.people.heads[task["unit"]])
    body = {"tasks": [task["id"]], "end_state": "completed", "text": "尾款全部付清。"}
    refused = head.post("closure/claim", body, status=422)
    codes = {fault["code"] for one in refused["tasks"] for fault in one["faults"]}
    assert any("recipient" in code for code in codes), codes
    for one in task["drawn"]:
        said = {"confirmed": True, "how": "phone", "note": "已到账。"}
        head.post(f"recipients/{one}/answer", said, status=403)
        story.people.by("luzhixing").post(f"recipients/{one}/answer", said)


def held_to_account(story: Story) -> None:
    """10 November: who was held to account, as counts and money; a unit does not read it."""
    story.on(11, 10)
    at = f"inspections/{story.inspection}/accountability"
    for form, persons, recovered in (
        ("first", 6, "0"),
        ("second", 2, "48600.50"),
        ("talk", 9, "0"),
    ):
        body = {
            "form": form,
            "persons": persons,
            "recovered": recovered,
            "decided_on": "2026-11-09",
            "basis": "纪工委决定",
        }
        story.office.post(at, {**body, "manner": "谈话提醒" if form == "talk" else ""}, status=201)
    assert story.people.filler(story.tasks[OWED]["unit"]).ask("get", at).status_code in (403, 404)


def accepts(story: Story, day: date = date(2026, 11, 17)) -> None:
    """17 November: the superior accepts what was completed; whoever asked for it may not."""
    story.on(day.month, day.day)
    ids = story.ids(number for number in story.tasks if story.ledger.state(number) == "completed")
    story.people.by("zhouwanli").post("closure/accept", {"tasks": ids[:1]}, status=403)
    story.people.by("xieguanlan").post("closure/accept", {"tasks": ids})
