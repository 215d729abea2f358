"""What is refused: each case arranged in a world of its own, and the code by which it must be refused.

A case says who tries which step of `bihuan.cli.step.STEPS` on what; every way in (API, command, page; one task or
many) must answer the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bihuan.core.closure import Claim
from bihuan.findings.actions import plan_changes
from bihuan.findings.actions.sheets import print_sheet
from bihuan.findings.models import Blocker, Evidence, EvidenceNeed, LookAround, Problem, Recusal, Task
from bihuan.orgs.models import Delegation, Grant, Post, User
from tests.cast import TODAY, Cast, actor_for, make_person
from tests.closing import Desk, changed, make_desk, make_evidence, make_ready, sealed, walk

YESTERDAY = TODAY - timedelta(days=1)
CLAIM = {"text": "42户产废企业均已建账。"}
ANSWERS = {"sufficient": True, "appropriate": True}


@dataclass
class World:
    """Two tasks that lack nothing: `task` is what a case spoils, `sound` goes along in bulk."""

    cast: Cast
    desk: Desk
    task: Task
    sound: Task

    def until(self, step: str) -> None:
        """Take both tasks up to and with `step`."""
        walk(self.desk, [self.task, self.sound], step)


@dataclass(frozen=True)
class Try:
    """One attempt: who, which step, on what id or tasks, with what."""

    user: User
    step: str
    body: dict[str, Any] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True)
class Case:
    """A refusal: its name in both languages, how it comes about, and its code."""

    key: str
    zh: str
    en: str
    code: str
    arrange: Callable[[World], Try]


def make_world(cast: Cast) -> World:
    desk = make_desk(cast)
    task, sound = make_ready(cast, desk, count=2)
    return World(cast, desk, task, sound)


def _claim(world: World, user: User | None = None) -> Try:
    return Try(user or world.desk.head, "claim", CLAIM)


def no_evidence(world: World) -> Try:
    changed(world.cast, Evidence.objects.get(task=world.task), withdrawn=True)
    return _claim(world)


def process_only(world: World) -> Try:
    changed(world.cast, Evidence.objects.get(task=world.task), proves="process")
    return _claim(world)


def need_missing(world: World) -> Try:
    sealed(
        world.cast,
        EvidenceNeed(task=world.task, position=2, kind="signed_page", title="专家签字页", proves="result"),
    )
    return _claim(world)


def no_cause(world: World) -> Try:
    changed(world.cast, Problem.objects.get(pk=world.task.problem_id), cause="")
    return _claim(world)


def no_look_around(world: World) -> Try:
    changed(world.cast, LookAround.objects.get(problem=world.task.problem_id), withdrawn=True)
    return _claim(world)


def no_owner(world: World) -> Try:
    world.task.unit_id = None
    changed(world.cast, world.task)
    Task.objects.filter(pk=world.task.pk).update(unit_id=None)
    Grant.objects.filter(post__person=world.desk.head).update(unit=world.cast.organisation)
    return _claim(world)


def not_in_charge(world: World) -> Try:
    world.until("claim")
    Grant.objects.create(
        post=Post.objects.get(person=world.desk.other_leader), role="reader", unit=world.cast.organisation,
        starts_on=date(2020, 1, 1),
    )  # fmt: skip
    return Try(world.desk.other_leader, "sign")


def own_claim_verified(world: World) -> Try:
    world.until("sign")
    post = Post.objects.get(person=world.desk.head)
    Grant.objects.create(
        post=post, role="supervision", unit=world.cast.organisation, starts_on=date(2020, 1, 1)
    )
    return Try(world.desk.head, "verify", ANSWERS)


def own_unit_verified(world: World) -> Try:
    world.until("sign")
    inside = make_person(
        "muxiqiao", "穆溪桥", unit=world.cast.environment, role="supervision", over=world.cast.organisation
    )
    return Try(inside, "verify", ANSWERS)


def own_work_verified(world: World) -> Try:
    make_evidence(world.cast, world.task, by=world.desk.supervisor)
    make_evidence(world.cast, world.sound, by=world.desk.liaison)
    world.until("sign")
    return Try(world.desk.supervisor, "verify", ANSWERS)


def unverified_closed(world: World) -> Try:
    world.until("sign")
    return Try(world.desk.group, "close")


def blocked_closed(world: World) -> Try:
    world.until("verify")
    own = {"organisation": world.cast.organisation, "reason": "抽查不合格", "raised_on": TODAY}
    sealed(world.cast, Blocker(problem_id=world.task.problem_id, **own))
    return Try(world.desk.group, "close")


def closed_twice(world: World) -> Try:
    walk(world.desk, [world.task], "close")
    walk(world.desk, [world.sound], "verify")
    return Try(world.desk.group, "close")


def accepted_by_requester(world: World) -> Try:
    world.until("close")
    post = Post.objects.get(person=world.desk.head)
    Grant.objects.create(post=post, role="superior", unit=world.cast.organisation, starts_on=date(2020, 1, 1))
    return Try(world.desk.head, "accept")


def step_skipped(world: World) -> Try:
    world.until("claim")
    return Try(world.desk.supervisor, "verify", ANSWERS)


def signed_unclaimed(world: World) -> Try:
    return Try(world.desk.leader, "sign")


def back_without_reason(world: World) -> Try:
    world.until("sign")
    return Try(world.desk.supervisor, "return", {"measure": "建账"})


def back_without_name(world: World) -> Try:
    world.until("sign")
    return Try(world.desk.supervisor, "return", {"reason": "evidence-missing"})


def reopened_without_reason(world: World) -> Try:
    world.until("close")
    return Try(world.desk.supervisor, "reopen", {"note": "不合格"})


def answers_missing(world: World) -> Try:
    world.until("sign")
    return Try(world.desk.supervisor, "verify")


def not_sufficient(world: World) -> Try:
    world.until("sign")
    return Try(world.desk.supervisor, "verify", {"sufficient": False, "appropriate": True})


def recused(world: World) -> Try:
    world.until("verify")
    sealed(
        world.cast,
        Recusal(
            task=world.task,
            organisation=world.cast.organisation,
            person=world.desk.group,
            meeting="第3次专题会",
            on=TODAY,
        ),
    )
    return Try(world.desk.group, "close", {"meeting": "第3次专题会"})


def post_left(world: World) -> Try:
    Post.objects.filter(person=world.desk.head).update(ends_on=YESTERDAY)
    post = Post.objects.create(
        person=world.desk.head, unit=world.cast.organisation, title="调研员", starts_on=TODAY
    )
    Grant.objects.create(post=post, role="reader", unit=world.cast.organisation, starts_on=TODAY)
    return _claim(world)


def delegation_ended(world: World) -> Try:
    world.until("claim")
    grant = Grant.objects.get(post__person=world.desk.leader)
    post = Post.objects.get(person=world.cast.reader)
    Delegation.objects.create(
        grant=grant, post=post, unit=grant.unit, starts_on=date(2026, 10, 1), ends_on=YESTERDAY, reason="出差",
    )  # fmt: skip
    return Try(world.cast.reader, "sign")


def delegate_took_part(world: World) -> Try:
    """Who claimed may not sign for the leader either."""
    world.until("claim")
    grant = Grant.objects.get(post__person=world.desk.leader)
    post = Post.objects.get(person=world.desk.head)
    Delegation.objects.create(
        grant=grant, post=post, unit=grant.unit, starts_on=YESTERDAY, ends_on=TODAY + timedelta(days=9), reason="出差",
    )  # fmt: skip
    return Try(world.desk.head, "sign")


def plan_edited(world: World) -> Try:
    body = {"measures": "改写措施", "revision": Task.objects.get(pk=world.task.pk).revision}
    return Try(world.cast.office, "edit-task", body, world.task.pk)


def plan_added(world: World) -> Try:
    return Try(world.cast.office, "add-task", {"number": "9-9", "title": "另加一项"}, world.task.problem_id)


def plan_deleted(world: World) -> Try:
    return Try(world.cast.office, "withdraw-task", {"reason": "不要了"}, world.task.pk)


def first_due_shortened(world: World) -> Try:
    body = {"due_on": "2026-12-01", "revision": Task.objects.get(pk=world.task.pk).revision}
    return Try(world.cast.office, "edit-task", body, world.task.pk)


def first_due_deleted(world: World) -> Try:
    body = {"first_due_on": None, "revision": Task.objects.get(pk=world.task.pk).revision}
    return Try(world.cast.office, "edit-task", body, world.task.pk)


def state_written(world: World) -> Try:
    body = {"state": "completed", "revision": Task.objects.get(pk=world.task.pk).revision}
    return Try(world.cast.office, "state", body, world.task.pk)


def extension_earlier(world: World) -> Try:
    return Try(world.desk.head, "extend", {"due_on": "2026-12-01", "reason": "想提前"}, world.task.pk)


def own_extension(world: World) -> Try:
    """Whoever asked for the extension now holds the rank that decides."""
    asked = plan_changes.ask_extension(
        world.task, date(2027, 2, 28), reason="汛期延误", actor=actor_for(world.desk.head)
    )
    post = Post.objects.get(person=world.desk.head)
    Grant.objects.create(post=post, role="leader", unit=world.cast.environment, starts_on=date(2020, 1, 1))
    return Try(world.desk.head, "decide", {"agreed": True, "revision": asked.revision}, asked.pk)


def evidence_replaced(world: World) -> Try:
    """A verification rests on it: neither a newer file nor its withdrawal is taken."""
    world.until("verify")
    piece = Evidence.objects.get(task=world.task)
    return Try(world.desk.liaison, "withdraw-evidence", {"reason": "换一份"}, piece.pk)


def evidence_revised(world: World) -> Try:
    world.until("verify")
    piece = Evidence.objects.get(task=world.task)
    return Try(world.desk.liaison, "revise-evidence", {"upload": 1}, piece.pk)


def own_signature_bound(world: World) -> Try:
    claim = Claim("completed", "42户产废企业均已建账。")
    sheet = print_sheet(world.task, "claim", claim=claim, actor=actor_for(world.desk.liaison))
    post = Post.objects.get(person=world.desk.head)
    Grant.objects.create(post=post, role="office", unit=world.cast.organisation, starts_on=date(2020, 1, 1))
    body = {"upload_id": 1, "signer_id": world.desk.head.pk, "signed_on": TODAY.isoformat()}
    return Try(world.desk.head, "bind", body, sheet.pk)


def unknown_state(world: World) -> Try:
    body = {"state": "nearly", "revision": Task.objects.get(pk=world.task.pk).revision}
    return Try(world.cast.office, "state", body, world.task.pk)


def month_13(world: World) -> Try:
    return Try(world.desk.head, "extend", {"due_on": "2026-13-05", "reason": "汛期"}, world.task.pk)


def due_before_feedback(world: World) -> Try:
    plan = world.task.inspection.plans.get()
    changed(world.cast, plan, state="superseded")
    body = {"due_on": "2026-01-05", "revision": Task.objects.get(pk=world.task.pk).revision}
    return Try(world.cast.office, "edit-task", body, world.task.pk)


def number_twice(world: World) -> Try:
    changed(world.cast, world.task.inspection.plans.get(), state="superseded")
    body = {"number": world.task.number, "title": "另加一项"}
    return Try(world.cast.office, "add-task", body, world.task.problem_id)


CASES = (
    Case("no-evidence", "没有佐证材料就申请", "claim without evidence", "closure.no-evidence", no_evidence),
    Case("process-only", "只有过程材料就申请", "claim with process evidence only", "closure.process-only", process_only),
    Case("need-missing", "清单缺项就申请", "claim with a gap in the checklist", "closure.need-missing", need_missing),
    Case("no-cause", "没有原因分析就申请", "claim without cause", "closure.no-cause", no_cause),
    Case("no-look-around", "没有举一反三就申请", "claim without look-around", "closure.no-look-around", no_look_around),
    Case("not-in-charge", "审签不分管单位的申请", "sign for a unit not in charge", "closure.not-in-charge-leader", not_in_charge),
    Case("own-claim", "核查自己的申请", "verify one's own claim", "closure.took-claimed", own_claim_verified),
    Case("own-unit", "核查本单位的任务", "verify work of one's own unit", "closure.own-unit", own_unit_verified),
    Case("own-work", "核查自己填报过的任务", "verify work in which one took part", "closure.own-work", own_work_verified),
    Case("unverified", "没有核查就销号", "close unverified", "closure.not-verified", unverified_closed),
    Case("blocked", "暂不具备条件时销号", "close with a blocker", "closure.blocked", blocked_closed),
    Case("twice", "销号两次", "close twice", "closure.already-closed", closed_twice),
    Case("requester", "申请人自己认可", "accept as the requester", "closure.took-claimed", accepted_by_requester),
    Case("skip", "跳过审签直接核查", "skip a step", "closure.not-signed", step_skipped),
    Case("unclaimed", "没有申请就审签", "sign what was not claimed", "closure.not-claimed", signed_unclaimed),
    Case("no-reason", "没有原因就退回", "go back without a reason", "closure.reason-missing", back_without_reason),
    Case("no-name", "退回时不指明材料或措施", "return without naming what failed", "closure.reason-unnamed", back_without_name),
    Case("reopen", "没有原因就重新打开", "reopen without a reason", "closure.reason-missing", reopened_without_reason),
    Case("no-answers", "不回答两问就核查", "verify without the two answers", "closure.sufficient-missing", answers_missing),
    Case("not-sufficient", "材料不充分仍通过核查", "pass what is not sufficient", "closure.sufficient-no", not_sufficient),
    Case("recused", "回避的人在会上销号", "close in a meeting from which one is recused", "closure.recused", recused),
    Case("post-left", "离任以后申请", "act after leaving the post", "orgs.post-ended", post_left),
    Case("delegation-ended", "委托期满以后审签", "act under a delegation that has ended", "orgs.delegation-ended", delegation_ended),
    Case("delegate", "申请人代牵头领导审签", "sign one's own claim as a delegate", "closure.took-claimed", delegate_took_part),
    Case("plan-edit", "修改已批准的方案", "edit an approved plan", "plan.locked", plan_edited),
    Case("plan-add", "向已批准的方案加任务", "add to an approved plan", "plan.locked", plan_added),
    Case("plan-delete", "从已批准的方案撤任务", "delete from an approved plan", "plan.locked", plan_deleted),
    Case("first-due", "缩短首定期限", "shorten the first due date", "plan.locked", first_due_shortened),
    Case("first-due-gone", "删除首定期限", "delete the first due date", "api.field-unknown", first_due_deleted),
    Case("not-later", "借延期缩短期限", "shorten by an extension", "plan.first-due", extension_earlier),
    Case("own-extension", "批准自己申请的延期", "extend as one's own approver", "plan.own-change", own_extension),
    Case("evidence-gone", "撤下已核查的材料", "withdraw verified evidence", "evidence.fixed-verified", evidence_replaced),
    Case("evidence-new", "替换已核查的文件", "replace a file behind its hash", "evidence.fixed-verified", evidence_revised),
    Case("own-signature", "登记自己签字的扫描件", "bind a scan of one's own signature", "closure.sheet-own-signature", own_signature_bound),
    Case("unknown-state", "写没有的状态", "write a state that there is not", "findings.unknown-state", unknown_state),
    Case("month-13", "十三月", "month 13", "api.field-day", month_13),
    Case("due-early", "期限早于反馈", "a due date before the feedback", "findings.due-before-feedback", due_before_feedback),
    Case("number", "两项任务同一编号", "two tasks with one number", "findings.number-taken", number_twice),
    Case("state", "直接把状态写成已完成", "write the state completed", "findings.state-by-closure", state_written),
)  # fmt: skip
BY_NAME = {case.key: case for case in CASES}
__all__ = ["BY_NAME", "CASES", "Case", "Try", "User", "World", "make_world"]
