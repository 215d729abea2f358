"""The plan of the demonstration: groups founded, why and where else, checklists, opinions, approval, one change."""

from datetime import date, timedelta
from typing import Any

from bihuan.cli.demonstration.stage import Stage
from bihuan.findings.actions import plan_changes, plan_items, plan_waits
from bihuan.findings.actions.bulk import change_tasks
from bihuan.findings.actions.plan_opinions import answer_opinion, give_opinion
from bihuan.findings.actions.plan_versions import Approval, approve_plan, begin_plan, send_plan
from bihuan.findings.models import Task
from bihuan.orgs.actions.groups import MemberDraft, add_member, found_group
from bihuan.orgs.models import Unit, User
from bihuan.oversight.actions.rules import set_rule

#: Both groups: kind, name, number of the founding notice, seat → account.
GROUPS = (
    (
        "leading", "巡察整改工作领导小组", "江高党〔2026〕18号",
        (("head", "zhouwanli"), ("deputy", "duhuaian"), ("member", "chengliyan")),
    ),
    (
        "supervision", "督查工作领导小组", "江高党〔2026〕19号",
        (("head", "dingshouzheng"), ("member", "hanyifei"), ("member", "luzhixing")),
    ),
)  # fmt: skip
LONG = ("6-2", "8-1", "17-3")
WAITING = "13-3"
EXTENDED = "17-2"


def found_groups(stage: Stage) -> None:
    """Found both groups, and say from which week on dispatches are held."""
    for kind, name, number, seats in GROUPS:
        values = {"name": name, "founded_on": stage.day, "document_number": number}
        group = found_group(stage.organisation, kind=kind, values=values, actor=stage.office())
        for seat, username in seats:
            draft = MemberDraft(seat=seat, person=User.objects.get(username=username))
            add_member(group, draft=draft, actor=stage.office())
    source = "整改工作领导小组第一次会议纪要"
    day = date(2026, 7, 13).isoformat()
    set_rule(stage.organisation, "dispatch-from", day, source=source, actor=stage.office())


def fill_in(stage: Stage) -> None:
    """Let the units write causes, look-arounds, checklists and milestones."""
    tasks = stage.tasks()
    unit_of = {task.problem_id: task.unit_id or 0 for task in reversed(tasks)}
    for problem in stage.problems():
        by = stage.filler(unit_of[problem.pk])
        words = f"{problem.title}，主要是责任没有落到岗位，日常检查没有覆盖到位，制度执行缺少核对。"
        row = plan_items.set_cause(problem, words, revision=problem.revision, actor=by)
        number = problem.position % 4
        around = [{"scope": "本单位同类事项逐项对照", "found": number, "fixed": number // 2}]
        plan_items.set_look_around(row, around, revision=row.revision, actor=by)
    for task in tasks:
        by = stage.filler(task.unit_id or 0)
        if int(task.number.partition("-")[0]) % 5 == 0:
            plan_items.usual_needs(task, revision=task.revision, actor=by)
        else:
            lines: list[dict[str, Any]] = [
                {"kind": "ledger", "title": "逐项核查台账", "proves": "result"},
                {"kind": "photo", "title": "现场照片", "proves": "process", "optional": True},
            ]
            plan_items.set_needs(task, lines, revision=task.revision, actor=by)
        if task.category == "continuous":
            stones = [{"title": "第一次复核", "due_on": task.due_on}]
            plan_items.set_milestones(stage.task(task.number), stones, revision=task.revision + 1, actor=by)


def approve(stage: Stage) -> None:
    """Hear the units and the outside bodies, and let the leading group approve."""
    stage.on(date(2026, 7, 8))
    plan = begin_plan(stage.live, title="江澜高新区党工委巡察整改方案", actor=stage.office())
    plan = send_plan(plan, "opinions", revision=plan.revision, actor=stage.office())
    unit = Unit.objects.get(name="产业发展部")
    said = [
        give_opinion(plan, {"unit_id": unit.pk, "text": text}, actor=stage.head(unit.pk))
        for text in ("建议写明部门会签的时限。", "5-1的完成时限建议延到年底。")
    ]
    answer_opinion(said[0], "adopted", actor=stage.office())
    answer_opinion(said[1], "declined", text="反馈意见要求三个月内办结，时限不变。", actor=stage.office())
    stage.on(date(2026, 7, 9))
    plan = send_plan(plan, "review", revision=plan.revision, actor=stage.office())
    for body in ("市委巡察办", "市纪委监委", "市委组织部"):
        values = {"body": body, "text": "同意。请压实牵头领导责任，逐项明确佐证材料。"}
        answer_opinion(give_opinion(plan, values, actor=stage.office()), "adopted", actor=stage.office())
    stage.on(date(2026, 7, 10))
    given = Approval("党工委会议（2026年第14次）", "江高党〔2026〕21号")
    approve_plan(plan, given, revision=plan.revision, actor=stage.by("zhouwanli"))


def begin(stage: Stage) -> None:
    """Let everything but the long items begin."""
    ids = [task.pk for task in stage.tasks() if task.number not in LONG]
    change_tasks(ids, {"state": "doing"}, actor=stage.office())


def wait(stage: Stage) -> None:
    """Let one task wait for the city, whose reply is late."""
    task = stage.task(WAITING)
    values = {
        "body": "市应急管理局", "matter": "派员参加设计诊断验收", "letter": "江高安函〔2026〕11号",
        "sent_on": stage.day, "reply_due_on": stage.day + timedelta(days=30),
    }  # fmt: skip
    plan_waits.begin_wait(task, values, actor=stage.filler(task.unit_id or 0))


def extend(stage: Stage, number: str, days: int, reason: str) -> None:
    """Ask for a later day, counted from today; the leader in charge agrees."""
    task = stage.task(number)
    unit = task.unit_id or 0
    until = stage.today + timedelta(days=days)
    asked = plan_changes.ask_extension(task, until, reason=reason, actor=stage.head(unit))
    plan_changes.decide_change(asked, agreed=True, note="", revision=asked.revision, actor=stage.leader(unit))


def ask_change(stage: Stage, task: Task) -> None:
    """Ask for other measures, not decided yet."""
    values = {"measures": f"{task.measures}每月末由牵头领导听取一次汇报。"}
    plan_changes.ask_edit(task, values, reason="加密调度，防止拖延。", actor=stage.head(task.unit_id or 0))
