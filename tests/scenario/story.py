"""The story in the order of its days, from the feedback of June to the notice of November."""

from datetime import date

from tests.scenario.acts import Story, policies, responses, told

#: Day of each special meeting; a task is closed in the first one after its unit was done with it; long ones,
#: and the one that rebounds, in the last.
MEETINGS = (
    date(2026, 8, 3), date(2026, 8, 17), date(2026, 9, 1), date(2026, 9, 16), date(2026, 10, 14), date(2026, 11, 16),
)  # fmt: skip
WAITING = "17-2"
EXTENDED = "5-1"
CONTESTED = "24-1"
ON_PAPER = "22-1"
REBOUND = "12-1"
REFUSED = ("11-1", "28-1")


def batches() -> dict[date, dict[str, str]]:
    """Return what is closed in which meeting: number → end state."""
    found: dict[date, dict[str, str]] = {day: {} for day in MEETINGS}
    for one in told().values():
        day = next(
            day for day in MEETINGS if one.done_on is not None and day >= one.done_on or day == MEETINGS[-1]
        )
        found[day][one.number] = one.end
    found[MEETINGS[-1]][REBOUND] = "completed"
    return found


def registers(story: Story) -> None:
    """15 June to 6 July: the feedback is registered, then the plan of 49 tasks."""
    story.on(6, 16)
    story.inspection = story.take_in("反馈意见.docx")
    story.on(7, 6)
    assert story.take_in("整改方案任务表.xlsx", story.inspection) == story.inspection
    story.learn()
    story.put(story.tasks, "todo")


def plans(story: Story) -> None:
    """7 to 10 July: units say why and where else; the plan is heard, reviewed outside and approved."""
    story.on(7, 7)
    for number, one in story.problems.items():
        by = story.people.filler(one["unit"])
        at = f"problems/{one['id']}"
        body = {"cause": f"第{number}个问题：责任没有落到人，制度没有管住事。"}
        revision = by.put(f"{at}/cause", {**body, "revision": by.get(f"{at}/plan")["revision"]})["revision"]
        rows = [{"scope": "对照问题自查本单位同类事项", "found": 2, "fixed": 1}]
        by.put(f"{at}/look-around", {"rows": rows, "revision": revision})
    for number, task in story.tasks.items():
        by = story.people.filler(task["unit"])
        if int(number.split("-")[0]) % 4 == 0:
            by.post(f"tasks/{task['id']}/needs/usual", {"revision": 1})
        else:
            line = {"kind": "ledger", "title": "办结台账", "proves": "result"}
            by.put(f"tasks/{task['id']}/needs", {"rows": [line], "revision": 1})
        if task["category"] == "continuous":
            stones = [{"title": "复核一次", "due_on": task["due_on"]}]
            revision = by.get(f"tasks/{task['id']}/plan")["revision"]
            by.put(f"tasks/{task['id']}/milestones", {"rows": stones, "revision": revision})
    story.on(7, 8)
    plan = story.office.post(f"inspections/{story.inspection}/plan", {"title": "巡察整改方案"}, status=201)
    plan = story.office.post(f"plans/{plan['id']}/send", {"to": "opinions", "revision": plan["revision"]})
    heard = {"text": "建议写明部门会签时限。", "unit_id": story.people.units["产业发展部"]}
    said = story.people.by("person12").post(f"plans/{plan['id']}/opinions", heard, status=201)
    story.office.post(f"opinions/{said['id']}/answer", {"answer": "adopted"})
    story.on(7, 9)
    plan = story.office.post(f"plans/{plan['id']}/send", {"to": "review", "revision": plan["revision"]})
    heard = {"text": "同意，请压实牵头领导责任。", "body": "市纪委监委", "received_on": "2026-07-09"}
    said = story.office.post(f"plans/{plan['id']}/opinions", heard, status=201)
    story.office.post(f"opinions/{said['id']}/answer", {"answer": "adopted"})
    story.on(7, 10)
    given = {"meeting": "党工委会议", "document_number": "江高党〔2026〕21号", "revision": plan["revision"]}
    story.office.post(f"plans/{plan['id']}/approve", given, status=403)
    story.people.by("zhouwanli").post(f"plans/{plan['id']}/approve", given)


def begins(story: Story) -> None:
    """13 July: everything but the long items is begun; the office says so for many at once."""
    story.on(7, 13)
    begun = [number for number in story.tasks if number not in ("6-2", "8-1", "17-3")]
    story.office.post("tasks/bulk", {"ids": story.ids(begun), "values": {"state": "doing"}})
    story.put(begun, "doing")


def waits(story: Story) -> None:
    """20 August: one task waits for the city's permit until its reply of 25 September."""
    by = story.people.filler(story.tasks[WAITING]["unit"])
    letter = {"body": "市住建局", "matter": "占道施工许可", "letter": "江高建函〔2026〕7号",
              "sent_on": "2026-08-20", "reply_due_on": "2026-09-20"}  # fmt: skip
    story.on(8, 20)
    wait = by.post(f"tasks/{story.tasks[WAITING]['id']}/waits", letter, status=201)
    story.put([WAITING], "waiting")
    story.tasks[WAITING]["wait"] = wait["id"]


def replied(story: Story) -> None:
    story.on(9, 25)
    by = story.people.filler(story.tasks[WAITING]["unit"])
    body = {"replied_on": "2026-09-25", "reply": "同意占道施工。"}
    by.post(f"waits/{story.tasks[WAITING]['wait']}/reply", body)
    story.put([WAITING], "doing")


def extends(story: Story) -> None:
    """22 September: a later day is asked for and the leader in charge decides; who asked may not."""
    story.on(9, 22)
    task = story.tasks[EXTENDED]
    head = story.people.by(story.people.heads[task["unit"]])
    body = {"due_on": "2026-10-12", "reason": "拍卖公告期未满。"}
    asked = head.post(f"tasks/{task['id']}/extension", body, status=201)
    decided = {"agreed": True, "revision": asked["revision"]}
    head.post(f"plan-changes/{asked['id']}/decide", decided, status=403)
    story.people.by(story.people.leaders[task["unit"]]).post(f"plan-changes/{asked['id']}/decide", decided)


def closes(story: Story, ends: dict[str, str]) -> None:
    """Bring a batch to its meeting: proved and claimed three days before, signed, verified, closed on the day."""
    numbers = list(ends)
    for number in numbers:
        story.prove(number)
    story.claim(numbers, ends)
    for number in set(REFUSED) & set(numbers):
        _returned(story, number, ends)
    signed = [number for number in numbers if number != ON_PAPER]
    story.sign(signed)
    if ON_PAPER in numbers:
        story.on_paper(ON_PAPER, "sign", "person01")
        story.on_paper(ON_PAPER, "verify", "person08", sufficient=True, appropriate=True)
    story.verify(signed)


def _returned(story: Story, number: str, ends: dict[str, str]) -> None:
    """Let the supervision return a claim, first without a reason, and the unit claim it once more."""
    ids = story.ids([number])
    by = story.people.by("luzhixing")
    by.post("closure-return", {"tasks": ids}, status=422)
    body = {"tasks": ids, "reason": "measure-not-done", "measure": "逐户核对", "note": "两户没有核对记录。"}
    by.post("closure-return", body)
    story.prove(number)
    story.claim([number], ends)


def dispatch(story: Story) -> None:
    """Hold the dispatch of the week, with a decision that is done a week later."""
    body = {"organisation_id": story.people.organisation, "week_of": story.today.isoformat()}
    made = story.office.post("dispatches", {**body, "inspection_id": story.inspection}, status=201)
    story.office.post(
        f"dispatches/{made['id']}/hold", {"held_on": story.today.isoformat(), "chair": "周万里"}
    )
    words = {
        "text": "逐项过一遍本月到期任务。",
        "unit_id": story.people.units["产业发展部"],
        "due_on": "2026-11-10",
    }
    decision = story.office.post(f"dispatches/{made['id']}/decisions", words, status=201)
    done = {"done_on": story.today.isoformat(), "note": "已逐项核对。"}
    story.people.by("person12").post(f"decisions/{decision['id']}/finish", done)


def round_of(story: Story, kind: str, title: str, *, fails: str = "", size: int = 0) -> None:
    """Carry a round through: list frozen, sample drawn, looked at by two, confirmed by both, reported."""
    first, second = story.people.by("luzhixing"), story.people.by("shenxingye")
    today = story.today.isoformat()
    values = {"kind": kind, "title": title, "starts_on": today, "ends_on": today}
    made = first.post(f"inspections/{story.inspection}/rounds", values, status=201)
    at = f"rounds/{made['id']}"
    first.post(f"{at}/freeze")
    if size:
        first.post(f"{at}/draw", {"agreed": "3-5-1-6-2", "size": size})
    held = first.get(at)
    two = [story.people.ids[name] for name in ("luzhixing", "shenxingye")]
    checks = []
    for item in held["listed"]:
        good = item["label"] != fails
        one = {"item_id": item["id"], "first_id": two[0], "second_id": two[1], "captured_at": story.clock.at.isoformat(),
               "result": "holds" if good else "fails",
               "answers": dict.fromkeys(held["questions"], "yes" if good else "no")}  # fmt: skip
        checks.append(one if good else {**one, "reason": "not-effective", "note": "现场发现反弹。"})
    done = first.post(f"{at}/checks", {"checks": checks}, status=201)
    first.post(f"{at}/report", {"conclusion": "总体落实。"}, status=422)
    second.post(f"{at}/confirm", {"ids": [one["id"] for one in done]})
    for check, item in zip(done, held["listed"], strict=True):
        if item["label"] == fails:
            first.post(f"round-checks/{check['id']}/reopen", {"note": "现场发现反弹。"})
            story.put([fails], "doing")
    first.post(f"{at}/report", {"conclusion": "总体落实，个别反弹已重新列入。"})


def institutes(story: Story, place: int) -> None:
    """Register one of the institutions that the notice names."""
    body = {"organisation_id": story.people.organisation, "inspection_id": story.inspection,
            "title": policies()[place], "issued_on": story.today.isoformat()}  # fmt: skip
    story.office.post("institutions", body, status=201)


def answers(story: Story) -> None:
    """18 November: the office writes what was done about every problem, for the notice."""
    story.on(11, 18)
    found = responses()
    for number, one in story.problems.items():
        row = story.office.get(f"problems/{one['id']}")
        body = {"response": found[number], "revision": row["revision"]}
        story.office.patch(f"problems/{one['id']}", body)
