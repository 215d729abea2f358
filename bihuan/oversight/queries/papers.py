"""What the papers of a dispatch or meeting say, always in Chinese: the one A4, and the minutes.

dispatch ─brief_of→ Brief (fitted to the page); dispatch or meeting ─minutes_of→ MinutesFacts
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bihuan.core.agenda import STUCK, Agenda, Line, thawed
from bihuan.core.brief import Brief, Part, fitted
from bihuan.core.meetings import HELD, reference
from bihuan.core.minutes import Decided, MinutesFacts, Present
from bihuan.core.oversight import Rules
from bihuan.core.paper import chinese_date
from bihuan.findings.models import Closure
from bihuan.findings.queries.tally import IN_SUM
from bihuan.oversight.models import Decision, Dispatch, Meeting
from bihuan.oversight.queries.agenda import agenda_of
from bihuan.oversight.queries.rules import rules_of
from bihuan.oversight.words import said
from bihuan.web.catalogue import say

CHINESE = "zh-Hans"
OVERDUE = ("编号", "事项", "责任单位", "牵头领导", "逾期", "期限")
STUCK_HEAD = ("编号", "事项", "责任单位", "牵头领导", "卡在")
ASKED = ("序", "事项", "整改办建议", "请批示")


def agenda_for(dispatch: Dispatch, today: date) -> Agenda:
    """Return the agenda of a dispatch: frozen when it was held, else as the register shows it today."""
    if dispatch.agenda is not None:
        return thawed(dispatch.agenda)
    rules = rules_of(dispatch.organisation_id, today)
    return agenda_of(dispatch.organisation_id, dispatch.inspection_id, today, rules)


def brief_of(dispatch: Dispatch, agenda: Agenda) -> Brief:
    """Return the one A4 of a dispatch, fitted to its page. Four queries."""
    rules = rules_of(dispatch.organisation_id, dispatch.held_on or dispatch.monday)
    asked = list(dispatch.decisions.filter(asked=True, withdrawn=False).order_by("position"))
    parts = (
        Part(
            "overdue",
            "逾期",
            OVERDUE,
            (2.4, 8.6, 5.8, 3.6, 2.8, 5.6),
            tuple(map(_overdue, agenda.of("overdue"))),
        ),
        Part("stuck", "卡住", STUCK_HEAD, (2.4, 8.6, 5.8, 3.6, 8.4), _stuck(agenda)),
        Part("asked", "请决定", ASKED, (1.6, 12, 9, 6.4), tuple(map(_asked, asked)), unit="件"),
    )
    due = "；".join(
        f"{chinese_date(line.due_on)}，{line.number}（{line.unit or '未定单位'}）"
        for line in agenda.of("due")
    )
    day = dispatch.held_on or date.fromisoformat(agenda.as_of)
    return fitted(
        Brief(
            head="整改调度专报",
            number=f"第{dispatch.number}期",
            issuer=_issuer(dispatch, rules),
            day=chinese_date(day.isoformat()),
            title=f"逾期{agenda.counts['overdue']}项，卡住{len(_stuck(agenda))}项，请决定{len(asked)}件",
            figures=_figures(dispatch, agenda),
            parts=parts,
            due=f"{due}。" if due else "",
            foot="分送：领导小组组长、副组长。内部资料，用后存档。",
        )
    )


def minutes_of(sitting: Dispatch | Meeting, agenda: Agenda | None = None) -> MinutesFacts:
    """Return what the minutes of a dispatch or meeting that was held say. At most five queries."""
    held_on = sitting.held_on
    rules = rules_of(sitting.organisation_id, held_on or date.max)
    rows = sitting.decisions.filter(withdrawn=False).exclude(asked=True, answer__in=("", "declined"))
    decided = rows.select_related("unit", "person").order_by("position", "pk")
    name = sitting.organisation.name
    minutes = MinutesFacts(
        head=f"{name}会议纪要",
        number=f"第{sitting.number}期",
        title="",
        held_on=held_on.isoformat() if held_on else "",
        place=sitting.place,
        chair=sitting.chair,
        recorder="",
        issuer=_issuer(sitting, rules),
        present=_present(sitting),
        items=(),
        decisions=tuple(_decided(row) for row in decided),
    )
    if isinstance(sitting, Dispatch):
        return replace(
            minutes,
            head=f"{name}整改调度会纪要",
            title=f"{name}整改周调度会（第{sitting.number}期）",
            recorder=sitting.secretary.name if sitting.secretary else "",
            items=_dispatch_items(sitting, agenda),
        )
    return replace(
        minutes,
        title=sitting.title,
        recorder=sitting.recorder.name if sitting.recorder else "",
        items=_meeting_items(sitting),
        recusals=_recusals(sitting),
    )


def _issuer(sitting: Dispatch | Meeting, rules: Rules) -> str:
    return f"{sitting.organisation.name}{rules.text('issuer-office')}"


def _figures(dispatch: Dispatch, agenda: Agenda) -> str:
    """Return the sentence of figures: the sum written out, and what became of what was decided before."""
    words = "、".join(
        f"{say(f'findings.state-{state}', lang=CHINESE)}{agenda.states[state]}"
        for state in IN_SUM
        if agenda.states.get(state)
    )
    what = dispatch.inspection.title if dispatch.inspection else f"{dispatch.organisation.name}在办整改任务"
    decided = agenda.of("decisions")
    done = sum(1 for line in decided if line.note == "done")
    before = f"前期议定{len(decided)}件，办结{done}件。" if decided else ""
    sums = f"：{words}" if words else ""
    return f"截至{chinese_date(agenda.as_of)}，{what}{agenda.tasks}项{sums}。{before}"


def _overdue(line: Line) -> tuple[str, ...]:
    return (
        line.number, line.title, line.unit or "未定", line.leader or "未定", f"{line.days}天",
        chinese_date(line.due_on),
    )  # fmt: skip


def _stuck(agenda: Agenda) -> tuple[tuple[str, ...], ...]:
    """Return what is stuck, each task once: waiting before returned before not moved."""
    rows: dict[int | None, tuple[str, ...]] = {}
    for section in STUCK:
        for line in agenda.of(section):
            rows.setdefault(
                line.task_id,
                (
                    line.number,
                    line.title,
                    line.unit or "未定",
                    line.leader or "未定",
                    said(line, lang=CHINESE),
                ),
            )
    return tuple(rows.values())


def _asked(row: Decision) -> tuple[str, ...]:
    answer = {"agreed": "同意", "declined": "不同意", "changed": row.answer_text}.get(
        row.answer, "□同意 □不同意"
    )
    return (str(row.position), row.text, row.advice, answer)


def _present(sitting: Dispatch | Meeting) -> tuple[Present, ...]:
    rows = sitting.attendance.filter(withdrawn=False).order_by("position", "pk")
    return tuple(Present(row.name, row.post, row.manner, row.reason) for row in rows)


def _decided(row: Decision) -> Decided:
    owner = row.unit.name if row.unit else (row.person.name if row.person else row.person_name)
    text = f"{row.text}（{row.answer_text}）" if row.answer == "changed" else row.text
    return Decided(text, owner, row.due_on.isoformat() if row.due_on else "")


def _dispatch_items(dispatch: Dispatch, agenda: Agenda | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if agenda is None:
        return ()
    items: list[tuple[str, tuple[str, ...]]] = [("整改进展", (_figures(dispatch, agenda),))]
    named = (
        ("overdue", "逾期事项"),
        ("returned", "退回事项"),
        ("stalled", "没有进展的事项"),
        ("waiting", "等待外部答复的事项"),
    )
    for section, heading in named:
        lines = agenda.of(section)
        if lines:
            items.append((f"{heading}（{len(lines)}项）", _lines(lines)))
    if dispatch.note:
        items.append(("会议情况", tuple(line for line in dispatch.note.splitlines() if line.strip())))
    return tuple(items)


def _lines(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(
        f"{line.number}　{line.title.rstrip('。')}。{line.unit or '未定单位'}，{said(line, lang=CHINESE)}。"
        for line in lines
    )


def _meeting_items(meeting: Meeting) -> tuple[tuple[str, tuple[str, ...]], ...]:
    items = []
    for heading, text in (("会议议题", meeting.topics), ("会议情况", meeting.account)):
        if lines := tuple(line.strip() for line in text.splitlines() if line.strip()):
            items.append((heading, lines))
    closed = (
        Closure.objects.filter(meeting=reference(meeting.pk), organisation_id=meeting.organisation_id)
        .filter(stage__in=("closed", "accepted"))
        .select_related("task")
        .order_by("task__inspection_id", "task__position")
    )
    if meeting.state == HELD and (numbers := [row.task.number for row in closed]):
        text = f"会议同意{'、'.join(numbers)}共{len(numbers)}项任务销号。"
        items.append(("销号事项", (text,)))
    return tuple(items)


def _recusals(meeting: Meeting) -> tuple[str, ...]:
    rows = meeting.recusals.filter(withdrawn=False).select_related("person", "task", "problem").order_by("pk")
    named = ((row, row.task or row.problem) for row in rows)
    return tuple(f"{row.person.name}回避{one.number if one else ''}（{row.reason}）" for row, one in named)
