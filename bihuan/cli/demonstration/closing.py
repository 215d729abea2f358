"""Closing in the demonstration: most tasks go all the way by four people, the others stop where a page shows them."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from bihuan.cli.demonstration import files
from bihuan.cli.demonstration.stage import Stage, told
from bihuan.core.closure import Answers, Claim
from bihuan.core.findings import BASIC, COMPLETED, LONG_TERM
from bihuan.core.meetings import HELD
from bihuan.files.actions import receive_whole
from bihuan.findings.actions import axes, closure, progress, recipients, sheets
from bihuan.findings.actions.closure import Given
from bihuan.findings.actions.closure_back import Return, give_back
from bihuan.findings.actions.evidence import add_evidence, purpose_of
from bihuan.findings.models import Evidence, Task
from bihuan.orgs.models import User
from bihuan.oversight.actions import meetings
from bihuan.oversight.models import Meeting

MEETINGS = (date(2026, 8, 3), date(2026, 8, 17), date(2026, 9, 1), date(2026, 9, 16), date(2026, 10, 14))
#: Tasks that are not closed in the first five meetings, with what becomes of them instead.
LATE = ("6-2", "8-1", "17-3", "13-3", "17-2", "32-1", "26-2", "15-3", "21-2", "10-2")
CLAIMED, SIGNED, VERIFIED = ("21-2",), ("10-2",), ("6-2",)
RETURNED, OVERDUE = ("26-2",), ("32-1",)
CLOSED_LAST = ("8-1",)
ON_PAPER = "22-1"
VERIFIER = "hanyifei"
RECUSED = "zhouwanli"


def prove(stage: Stage, task: Task) -> None:
    """Upload what the checklist of a task asks for, and a picture."""
    by = stage.filler(task.unit_id or 0)
    unit = task.unit.name if task.unit else ""
    for need in task.needs.filter(withdrawn=False).order_by("position"):
        if need.kind == "minutes":
            continue
        name, data = _file(stage, task, need.kind, need.title, unit)
        upload = receive_whole([data], name=name, size=len(data), purpose=purpose_of(task.pk), actor=by)
        facts = {"kind": need.kind, "proves": need.proves, "need_id": need.pk, "dated_on": stage.day}
        add_evidence(task, [upload.pk], facts, actor=by)


def _file(stage: Stage, task: Task, kind: str, title: str, unit: str) -> tuple[str, bytes]:
    name = f"{task.number}{title}"
    if kind == "photo":
        return f"{name}.png", files.picture(task.pk * 7 + stage.day.toordinal())
    if kind in ("ledger", "voucher"):
        rows = [(str(row), f"第{row}项", "已核查，与实际一致", stage.day.isoformat()) for row in range(1, 9)]
        return f"{name}.xlsx", files.ledger(f"{unit}：{task.title}", rows)
    if kind == "signed_page":
        return f"{name}.pdf", files.scan(f"{task.number} {stage.day}")
    return f"{name}.docx", files.report(title, f"{task.title}。{task.measures}", unit, stage.day.isoformat())


def claim(stage: Stage, tasks: Sequence[Task], end: str | None = None) -> None:
    """Let the heads of units claim, each the tasks of the own unit that end alike."""
    ends = {task.pk: end or told()[task.number].end for task in tasks}
    keyed = sorted(tasks, key=lambda task: (task.unit_id or 0, ends[task.pk]))
    for (unit, state), group in groupby(keyed, key=lambda task: (task.unit_id or 0, ends[task.pk])):
        given = Claim(
            state,
            "各项措施均已落实，成效与佐证材料相符。",
            left_over="尾项正在办理，已明确责任人和时限。" if state == BASIC else "",
            left_until=stage.today + timedelta(days=60) if state == BASIC else None,
            review_on=stage.day + timedelta(days=80) if state == LONG_TERM else None,
        )
        closure.take("claim", [task.pk for task in group], Given(claim=given), actor=stage.head(unit))


def sign(stage: Stage, tasks: Sequence[Task]) -> None:
    """Let the leaders in charge sign."""
    keyed = sorted(tasks, key=lambda task: task.unit_id or 0)
    for unit, group in groupby(keyed, key=lambda task: task.unit_id or 0):
        closure.take("sign", [task.pk for task in group], Given(), actor=stage.leader(unit))


def verify(stage: Stage, tasks: Sequence[Task]) -> None:
    """Let the supervision verify."""
    given = Given(answers=Answers(sufficient=True, appropriate=True), note="已到现场核对，台账与实物一致。")
    closure.take("verify", [task.pk for task in tasks], given, actor=stage.by(VERIFIER))


def sign_on_paper(stage: Stage, task: Task) -> None:
    """Let the leader sign by hand: the office binds the scan, another one of the supervision confirms it."""
    sheet = sheets.print_sheet(task, "sign", actor=stage.office())
    data = files.scan(f"sheet {task.number}")
    upload = receive_whole(
        [data], name=f"{task.number}签字单.pdf", size=len(data), purpose=sheets.PURPOSE, actor=stage.office()
    )
    signer = stage.leader(task.unit_id or 0).user_id or 0
    sheet = sheets.bind(sheet, sheets.Scan(upload.pk, signer, stage.day), actor=stage.office())
    sheets.confirm(sheet, actor=stage.by("shenxingye"))


def close_batches(stage: Stage, day: date) -> None:
    """Bring to a meeting what its units were done with before it: claimed, signed, verified, closed."""
    numbers = [
        number
        for number, one in told().items()
        if number not in LATE and one.done_on is not None and (day - one.done_on).days in _window(day)
    ]
    stage.on(day - timedelta(days=3))
    for task in stage.tasks(numbers):
        prove(stage, task)
    claim(stage, stage.tasks(numbers))
    stage.on(day - timedelta(days=2))
    sign(stage, [task for task in stage.tasks(numbers) if task.number != ON_PAPER])
    if ON_PAPER in numbers:
        sign_on_paper(stage, stage.task(ON_PAPER))
    stage.on(day - timedelta(days=1))
    verify(stage, stage.tasks(numbers))
    stage.on(day, 14)
    meet(stage, f"巡察整改专题会议（{day.month}月）", numbers)


def _window(day: date) -> range:
    """Return how many days before a meeting a unit may have been done for it: since the meeting before."""
    earlier = [one for one in MEETINGS if one < day]
    return range((day - earlier[-1]).days if earlier else 400)


def meet(stage: Stage, title: str, numbers: Sequence[str]) -> Meeting:
    """Hold a special meeting on the day and close in it."""
    values = {
        "kind": "special", "title": title, "held_on": stage.day, "place": "管委会第一会议室", "chair": "周万里",
        "topics": "研究分项任务销号", "inspection_id": stage.live.pk,
    }  # fmt: skip
    row = meetings.call_meeting(stage.organisation, values, actor=stage.office())
    people = User.objects.filter(username__in=("zhouwanli", "duhuaian", "chengliyan", VERIFIER)).order_by(
        "pk"
    )
    there = [
        {
            "name": one.name,
            "person_id": one.pk,
            "post": "",
            "manner": "present",
            "reason": "",
            "unit_id": None,
        }
        for one in people
    ]
    meetings.set_attendance(row, there, actor=stage.office())
    row = meetings.hold_meeting(row, account="逐项听取责任单位、督查办汇报，研究销号。", actor=stage.office())
    if row.state == HELD and numbers:
        ids = [task.pk for task in stage.tasks(numbers)]
        meetings.close_in_meeting(row, ids, actor=stage.by("zhouwanli"))
    return row


def prove_last(stage: Stage) -> None:
    """Upload for the tasks that stop on their way."""
    for task in stage.tasks((*CLAIMED, *SIGNED, *VERIFIED, *RETURNED, *CLOSED_LAST)):
        prove(stage, task)


def claim_last(stage: Stage) -> None:
    """Claim and sign them, but the one that is claimed only now."""
    numbers = (*SIGNED, *VERIFIED, *RETURNED, *CLOSED_LAST)
    claim(stage, stage.tasks(numbers))
    sign(stage, stage.tasks(numbers))


def verify_last(stage: Stage) -> None:
    """Verify some, and return one for a piece of its evidence."""
    verify(stage, stage.tasks([*VERIFIED, *CLOSED_LAST]))
    for task in stage.tasks(RETURNED):
        piece = Evidence.objects.filter(task=task, current=True, withdrawn=False).earliest("pk")
        given = Return("evidence-doubtful", "台账第5行与采购合同金额不一致。", evidence_id=piece.pk)
        give_back([task.pk], given, actor=stage.by(VERIFIER))


def meet_last(stage: Stage) -> None:
    """Close a long-term task in the latest special meeting; one more is claimed."""
    meet(stage, "巡察整改专题会议（长期事项）", CLOSED_LAST)
    claim(stage, stage.tasks(CLAIMED), COMPLETED)


def stand_beside(stage: Stage) -> None:
    """What stands beside closure: a dispute, a blocker, a recusal, a review, who is owed something; progress."""
    overdue = stage.task(OVERDUE[0])
    unit = overdue.unit_id or 0
    axes.dispute(
        overdue.problem, ground="其中一处排污口在园区界外，属邻区管辖。", task=overdue, actor=stage.head(unit)
    )
    axes.raise_blocker(
        overdue.problem, reason="10月复测一项指标未达标", source="第三方监测报告", actor=stage.by(VERIFIER)
    )
    axes.recuse(
        [overdue], User.objects.get(username=RECUSED).pk, reason="曾分管这项工作。", actor=stage.office()
    )
    lasting = next(task for task in stage.tasks() if task.state == LONG_TERM)
    axes.review(
        lasting, text="机制每月运行，本季度抽查4次，没有发现反复。", next_on=stage.today + timedelta(days=60),
        actor=stage.filler(lasting.unit_id or 0),
    )  # fmt: skip
    owed = stage.task("17-3")
    names = [
        {"name": name, "owed": "退还接管保证金", "amount": 120_000}
        for name in ("江澜精铸有限公司", "云湾纸业有限公司", "白桦电子有限公司", "临港冷链有限公司")
    ]
    recipients.add_recipients(owed, names, actor=stage.head(owed.unit_id or 0))
    going = [task for task in stage.tasks() if task.state == "doing"]
    for place, task in enumerate(going):
        words = {"text": "正在按计划推进，本周完成现场核查。", "next_step": "下周汇总台账。"}
        said = {"unchanged": True} if place % 2 else words
        progress.report_progress([task.pk], said, actor=stage.filler(task.unit_id or 0))
