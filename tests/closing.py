"""The people of closure beside the fixed cast, and tasks that are ready to be claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model

from bihuan.audit.actions import record
from bihuan.core.closure import Answers, Claim
from bihuan.files.models import StoredFile
from bihuan.findings.actions.closure import Given, take
from bihuan.findings.models import Closure, Evidence, EvidenceNeed, LookAround, Milestone, Plan, Problem, Task
from bihuan.orgs.models import Grant, Post, Unit, User
from tests.cast import NOW, TODAY, Cast, actor_for, make_person, make_unit
from tests.making import make_register

DONE = Claim("completed", "42户产废企业均已建账，9月起逐月比对。")
BASIC = Claim("basically_completed", "主体完成。", left_over="3户正在补台账。", left_until=date(2027, 3, 31))
LONG = Claim("long_term", "已建立机制。", review_on=date(2027, 1, 31))
#: The scan of a sheet: one empty page.
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
BOTH = Answers(sufficient=True, appropriate=True)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who takes which step. The head, the liaison and the leader belong to 生态环境部 or have it in charge."""

    liaison: User
    head: User
    other_head: User
    leader: User
    other_leader: User
    supervisor: User
    second_supervisor: User
    group: User
    second_group: User
    superior: User
    superior_unit: Unit


def make_desk(cast: Cast) -> Desk:
    """Make the people of closure; the superior's posts lie outside of the organisation."""
    known = {model: set(model.objects.values_list("pk", flat=True)) for model in (Unit, User, Post, Grant)}
    desk = _people(cast, make_unit("云洲市委巡察办", kind="superior"))
    made = [row for model, before in known.items() for row in model.objects.exclude(pk__in=before)]
    with transaction.atomic():
        record(actor=actor_for(cast.office, organisation=cast.organisation), action="test.make", created=made)
    return desk


def _people(cast: Cast, superior: Unit) -> Desk:
    own, environment = cast.organisation, cast.environment
    return Desk(
        liaison=make_person("liuzhiyuan", "刘知远", unit=environment, role="liaison"),
        head=make_person("hemingqu", "贺明渠", unit=environment, role="unit_head"),
        other_head=make_person("shenyibai", "沈一白", unit=cast.safety, role="unit_head"),
        leader=make_person("wenruoshan", "温若山", unit=own, role="leader", over=environment),
        other_leader=make_person("jiangtingyu", "江听雨", unit=own, role="leader", over=cast.safety),
        supervisor=make_person("taosongling", "陶松龄", unit=own, role="supervision"),
        second_supervisor=make_person("yeqingtai", "叶青苔", unit=own, role="supervision"),
        group=make_person("zhouwanli", "周万里", unit=own, role="leading_group"),
        second_group=make_person("duhuaian", "杜怀安", unit=own, role="leading_group"),
        superior=make_person("xieguanlan", "谢观澜", unit=superior, role="superior", over=own),
        superior_unit=superior,
    )


def sealed(cast: Cast, *rows: Model) -> None:
    """Save rows and seal them, as an action would."""
    with transaction.atomic():
        for row in rows:
            row.save(force_insert=True)
        record(actor=actor_for(cast.office, organisation=cast.organisation), action="test.make", created=rows)


def changed(cast: Cast, row: Model, **values: Any) -> None:
    """Change a row and seal it, as an action would."""
    with transaction.atomic():
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        record(
            actor=actor_for(cast.office, organisation=cast.organisation),
            action="test.change",
            changed=[(row, list(values))],
        )


def make_file(cast: Cast, text: str = "报告") -> StoredFile:
    """Make the row of a kept file; its bytes are not there."""
    count = StoredFile.objects.count()
    row = StoredFile(sha256=f"{count:064x}", size=len(text), type="application/pdf", created_at=NOW)
    sealed(cast, row)
    return row


def make_evidence(
    cast: Cast, task: Task, *, proves: str = "result", by: User | None = None, **values: Any
) -> Evidence:
    """Make one piece of evidence of a task."""
    row = Evidence(
        organisation_id=task.organisation_id, task=task, file=make_file(cast), name="固废台账.pdf", proves=proves,
        by=by, unit_id=task.unit_id, uploaded_at=NOW, **values,
    )  # fmt: skip
    sealed(cast, row)
    return row


def make_ready(cast: Cast, desk: Desk, *, count: int = 1, **values: Any) -> list[Task]:
    """Make tasks of 生态环境部 that lack nothing: plan approved, cause, look-around, checklist with its evidence."""
    tasks = make_register(cast, count=count, unit_id=cast.environment.pk, **values)
    plan = Plan(
        inspection_id=tasks[0].inspection_id, organisation=cast.organisation, version=1, state="approved",
        title="整改方案", made_by=cast.office, made_at=NOW, approved_by=desk.group, approved_on=date(2026, 7, 1),
    )  # fmt: skip
    sealed(cast, plan)
    for task in tasks:
        problem = Problem.objects.get(pk=task.problem_id)
        changed(cast, problem, cause="责任没有落到人。")
        need = EvidenceNeed(task=task, position=1, kind="ledger", title="固废台账", proves="result")
        sealed(
            cast,
            LookAround(
                problem=problem,
                organisation=cast.organisation,
                position=1,
                scope="全区产废企业",
                found=2,
                fixed=2,
            ),
            need,
            Milestone(task=task, position=1, title="季度复核", due_on=date(2027, 1, 15)),
        )
        make_evidence(cast, task, need=need, by=desk.liaison)
    return tasks


def given_for(step: str, claim: Claim = DONE, **values: Any) -> Given:
    """Return what is given with a step when nothing is wrong."""
    more: dict[str, Any] = {"claim": {"claim": claim}, "verify": {"answers": BOTH}}.get(step, {})
    return Given(**(more | values))


def hand_of(desk: Desk, step: str) -> User:
    """Return the person who takes a step."""
    return {
        "claim": desk.head, "sign": desk.leader, "verify": desk.supervisor, "close": desk.group, "accept": desk.superior,
    }[step]  # fmt: skip


def walk(desk: Desk, tasks: Sequence[Task], until: str, claim: Claim = DONE) -> list[Closure]:
    """Take every step up to and with `until`, each by its own person."""
    made: list[Closure] = []
    for step in ("claim", "sign", "verify", "close", "accept"):
        made = take(
            step, [task.pk for task in tasks], given_for(step, claim), actor=actor_for(hand_of(desk, step))
        )
        if step == until:
            break
    return made


__all__ = [
    "BASIC",
    "BOTH",
    "DONE",
    "LONG",
    "PDF",
    "TODAY",
    "Desk",
    "changed",
    "given_for",
    "hand_of",
    "make_desk",
    "make_evidence",
    "make_file",
    "make_ready",
    "sealed",
    "walk",
]  # fmt: skip
