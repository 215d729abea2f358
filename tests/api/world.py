"""Two organisations with something of every kind in each, and everybody who may or may not see it, with a token."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from bihuan.core.lists import TASKS, wish
from bihuan.documents.actions import receive
from bihuan.files.actions import Announced, open_uploads, receive_whole
from bihuan.files.models import Upload
from bihuan.findings import exporting
from bihuan.findings.actions import editing, tasks
from bihuan.findings.actions.evidence import add_evidence, purpose_of
from bihuan.findings.actions.registering import register
from bihuan.findings.actions.views import save_view
from bihuan.findings.models import Blocker, Comment, Dispute, Recipient, Recusal, SignSheet, Task
from bihuan.findings.queries import reach
from bihuan.findings.returning import preview
from bihuan.formats import read_bytes
from bihuan.jobs.models import Job
from bihuan.notices.actions import write_notice
from bihuan.notify.actions import add_robot, tell
from bihuan.notify.models import Notification, Robot
from bihuan.notify.telling import Telling
from bihuan.orgs.actions import make_token
from bihuan.orgs.models import Grant, Post, SessionRecord, User
from tests.api.books_world import make_books
from tests.api.orgs_world import organised
from tests.api.oversight_world import make_oversight
from tests.api.plan_world import planned
from tests.api.round_world import make_rounds
from tests.cast import NOW, TODAY, Cast, actor_for, make_cast, make_person
from tests.making import make_finding, make_inspection, make_institution, make_problem, make_task

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
#: What stands in everything of the organisation, of the other one, and of the other department only.
OWN, OTHERS, SAFETY = "江澜", "白石渡", "安监密语"
ROLES = ("nobody", "outsider", "department", "reader", "office", "disabled")


@dataclass(frozen=True)
class World:
    """Everything that a row of the access table can name, by the name of its parameter."""

    cast: Cast
    ids: Mapping[str, int]
    secrets: Mapping[str, str]
    people: Mapping[str, User | None]
    extra: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def standing_world(files: Path) -> Iterator[World]:
    """Make the world for a whole module, with its clock and its folder of files, and take it back afterwards."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr("django.conf.settings.BIHUAN_FILES", files)
        patch.setattr("django.utils.timezone.now", lambda: NOW)
        yield make_world()
        transaction.set_rollback(True)


def make_world() -> World:
    """Make both organisations with something of every kind, through the real actions."""
    cast = make_cast()
    people = {
        "nobody": None, "outsider": cast.outsider, "department": cast.department_reader, "reader": cast.reader,
        "office": cast.office, "disabled": cast.disabled,
    }  # fmt: skip
    secrets = {
        role: make_token(user, name="表格", expires_on=date(2027, 6, 1), actor=actor_for(user))[1]
        for role, user in people.items()
        if user
    }
    ids = _own(cast)
    _elsewhere(cast)
    sheet = _sheet(cast)
    extra = {"sheet": sheet, "carried": _carried(cast, sheet)}
    return World(cast, ids, secrets, people, extra)


def _own(cast: Cast) -> dict[str, int]:
    actor = actor_for(cast.office)
    inspection = make_inspection(cast, title=f"{OWN}园区专项巡察", feedback_on="2026-05-11")
    finding = make_finding(cast, inspection, title=f"{OWN}生态环境保护责任落实不严")
    seen = make_problem(cast, finding, number="1", title=f"{OWN}固废台账不规范")
    unseen = make_problem(cast, finding, number="2", title=f"{OWN}{SAFETY}隐患排查不到位")
    own_task = make_task(
        cast, seen, number="1-1", title=f"{OWN}逐户发放台账样表", unit_id=cast.environment.pk
    )
    task = make_task(
        cast, unseen, number="2-1", title=f"{OWN}{SAFETY}逐企排查隐患", unit_id=cast.safety.pk, remark=SAFETY
    )
    step = tasks.add_step(task, {"title": f"{OWN}{SAFETY}列出企业名单"}, actor=actor)
    institution = make_institution(cast, title=f"{OWN}{SAFETY}固体废物管理制度", inspection_id=inspection.pk)
    feedback = _receive(cast, "反馈意见.docx")
    registered = register(feedback.pk, actor=actor)
    assert registered.pk != inspection.pk
    notice = write_notice(inspection.pk, actor=actor, as_of=TODAY)
    view = save_view("tasks", f"{OWN}未开始", {"state": "todo"}, actor=actor)
    colleague = make_person("shenxingye", "沈星野", unit=cast.safety, role="reader")
    post = Post.objects.get(person=colleague)
    token = make_token(cast.office, name="作废", expires_on=date(2027, 6, 1), actor=actor)[0]
    session = SessionRecord.objects.create(
        user=colleague, key_sha256="0" * 64, created_at=NOW, last_seen_at=NOW, device=f"{OWN}电脑"
    )
    robot, notification, job = _told(cast)
    open_draft = _receive(cast, "整改通报.docx")
    return planned(cast) | organised(cast) | make_oversight(cast, task, f"{OWN}{SAFETY}") | make_rounds(cast, inspection, f"{OWN}{SAFETY}") | make_books(cast, inspection, own_task) | {
        "inspection_id": inspection.pk, "finding_id": finding.pk, "problem_id": unseen.pk, "task_id": task.pk,
        "own_task_id": own_task.pk, "own_problem_id": seen.pk, "step_id": step.pk,
        "institution_id": institution.pk, "registered_draft_id": feedback.pk, "draft_id": open_draft.pk,
        "document_id": feedback.document_id, "notice_id": notice.pk, "view_id": view.pk,
        "unit_id": cast.safety.pk, "person_id": colleague.pk, "post_id": post.pk, "token_id": token.pk,
        "grant_id": Grant.objects.get(post=post).pk, "organisation_id": cast.organisation.pk,
        "parent_id": cast.environment.pk, "session_id": session.pk,
        "upload_id": _upload(cast), "evidence_id": _evidence(cast, own_task), "sheet_id": _sign_sheet(task), **_beside(task, cast),
        "robot_id": robot.pk, "notification_id": notification.pk, "job_id": job.pk,
    }  # fmt: skip


def _told(cast: Cast) -> tuple[Robot, Notification, Job]:
    """Make a robot, a notification of the office, and a job that was given up."""
    actor = actor_for(cast.office)
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
    robot = add_robot(cast.organisation, kind="wecom", name=f"{OWN}整改群", url=url, actor=actor)
    params = {"number": "1-1", "title": f"{OWN}{SAFETY}台账样表"}
    told = Telling("notify.to-verify", params, "/tasks/", cast.organisation.pk, "world", [cast.office.pk])
    tell(told, actor=actor)
    job = Job.objects.create(kind="notify.robot", key="given up", made_at=NOW, due_at=NOW, failed_at=NOW)
    return robot, Notification.objects.get(), job


def _sign_sheet(task: Task) -> int:
    row = SignSheet.objects.create(
        task=task, organisation_id=task.organisation_id, step="sign", code="WORLD2345678", digest="0" * 64,
        printed_on=TODAY,
    )  # fmt: skip
    return row.pk


def _evidence(cast: Cast, task: Task) -> int:
    data, actor = f"{OWN}逐户发放台账的说明".encode(), actor_for(cast.office)
    upload = receive_whole(
        [data], name=f"{OWN}说明.txt", size=len(data), purpose=purpose_of(task.pk), actor=actor
    )
    return add_evidence(task, [upload.pk], {"kind": "document"}, actor=actor).rows[0].pk


def _beside(task: Task, cast: Cast) -> dict[str, int]:
    own = {"organisation_id": task.organisation_id}
    blocker = Blocker.objects.create(problem_id=task.problem_id, reason=OWN, raised_on=TODAY, **own)
    dispute = Dispute.objects.create(problem_id=task.problem_id, ground=OWN, raised_on=TODAY, **own)
    recusal = Recusal.objects.create(task=task, person=cast.reader, meeting=OWN, on=TODAY, **own)
    recipient = Recipient.objects.create(task=task, name=OWN, **own)
    remark = Comment.objects.create(kind="task", object_id=task.pk, text=OWN, at=NOW, **own)
    return {
        "blocker_id": blocker.pk, "dispute_id": dispute.pk, "recusal_id": recusal.pk,
        "recipient_id": recipient.pk, "comment_id": remark.pk,
    }  # fmt: skip


def _upload(cast: Cast) -> int:
    (upload,) = open_uploads([Announced(f"{OWN}照片.jpg", 1000)], purpose="", actor=actor_for(cast.office))
    assert isinstance(upload, Upload)
    return upload.pk


def _elsewhere(cast: Cast) -> None:
    actor = actor_for(cast.outsider)
    inspection = make_inspection(cast, title=f"{OTHERS}经开区巡察", organisation=cast.elsewhere)
    finding = editing.add_finding(inspection, {"number": "一", "title": f"{OTHERS}反馈问题"}, actor=actor)
    problem = editing.add_problem(finding, {"number": "1", "title": f"{OTHERS}具体问题"}, actor=actor)
    tasks.add_task(problem, {"number": "1-1", "title": f"{OTHERS}逐户发放台账样表"}, actor=actor)
    values = {"title": f"{OTHERS}固体废物管理制度", "inspection_id": inspection.pk}
    editing.add_institution(values, organisation_id=cast.elsewhere.pk, actor=actor)
    write_notice(inspection.pk, actor=actor, as_of=TODAY)


def _receive(cast: Cast, name: str) -> Any:
    data = (SAMPLES / name).read_bytes()
    return receive(
        data, name=f"{OWN}{name}", organisation=cast.organisation, actor=actor_for(cast.office)
    ).draft


def _sheet(cast: Cast) -> bytes:
    with exporting.xlsx(reach(cast.office, TODAY), wish(TASKS, {})) as file:
        return file.read()


def _carried(cast: Cast, sheet: bytes) -> str:
    return preview(read_bytes("任务.xlsx", sheet), reach(cast.office, TODAY), inspection_id=None).carried
