"""Evidence of a task: who may change it, what stays, what is asked about it, and that no list costs more for more rows."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.audit.models import Event
from bihuan.audit.queries import table_breaks
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.files.actions import receive_whole
from bihuan.files.models import Upload
from bihuan.findings.actions import evidence as actions
from bihuan.findings.actions.closure import take
from bihuan.findings.actions.evidence import EvidenceFixed, add_evidence, purpose_of
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import Evidence, EvidenceNeed, JointUnit, Task
from bihuan.findings.queries import evidence as queries
from bihuan.findings.queries.sight import reach
from bihuan.orgs.models import User
from tests.cast import TODAY, Cast, actor_for
from tests.closing import Desk, given_for, make_desk, make_ready, sealed, walk
from tests.core.test_evidence import report
from tests.formats.test_admission import docx, jpeg
from tests.making import make_register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.BIHUAN_FILES = tmp_path / "files"
    settings.BIHUAN_CLAMD = "off"


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def task(cast: Cast, desk: Desk) -> Task:
    return make_register(cast, unit_id=cast.environment.pk)[0]


def sent(task: Task, by: User, *files: tuple[str, bytes]) -> list[int]:
    """Upload files for a task and return their numbers."""
    return [
        receive_whole([data], name=name, size=len(data), purpose=purpose_of(task.pk), actor=actor_for(by)).pk
        for name, data in files
    ]


def added(task: Task, by: User, *files: tuple[str, bytes], **values: Any) -> list[Evidence]:
    return list(add_evidence(task, sent(task, by, *files), values, actor=actor_for(by)).rows)


def codes(row: Evidence, by: User) -> list[str]:
    fresh = Evidence.objects.select_related(
        "file", "need", "task__inspection", "task__unit", "unit", "by"
    ).get(pk=row.pk)
    (one,) = queries.shown([fresh], reach(by, TODAY))
    return [doubt.code for doubt in one.doubts]


def told(row: Evidence, by: User) -> Any:
    (one,) = queries.shown([queries.evidence_for(by, row.pk, TODAY)], reach(by, TODAY))
    return one.doubts


def test_files_are_taken_sealed_and_told_when_they_are_there_already(desk: Desk, task: Task) -> None:
    rows = added(task, desk.liaison, ("1.jpg", jpeg()), ("说明.txt", "说明".encode()), kind="photo")
    assert [(row.proves, row.position, row.unit_id) for row in rows] == [
        ("process", 1, task.unit_id), ("process", 2, task.unit_id),
    ]  # fmt: skip
    assert rows[0].taken_on == date(2026, 9, 1)
    again = add_evidence(
        task, sent(task, desk.liaison, ("另名.jpg", jpeg())), {}, actor=actor_for(desk.liaison)
    )
    assert (again.rows, again.already) == ((), ("另名.jpg",))
    assert Event.objects.filter(kind="evidence").count() == 2
    assert not Upload.objects.exists()
    assert list(table_breaks()) == []


def test_liaison_head_joint_unit_and_office_may_and_nobody_else(cast: Cast, desk: Desk, task: Task) -> None:
    for number, user in enumerate((desk.liaison, desk.head, cast.office)):
        assert added(task, user, (f"{number}.txt", f"{number}".encode()))
    for user in (desk.other_head, desk.leader, desk.supervisor, desk.group, desk.superior, cast.reader):
        with pytest.raises(NotAllowed) as refused:
            added(task, user, ("x.txt", user.username.encode()))
        assert refused.value.code == "evidence.not-your-unit"
    sealed(cast, JointUnit(task=task, unit=cast.safety))
    (row,) = added(task, desk.other_head, ("j.txt", b"joint"))
    assert row.unit_id == cast.safety.pk


def test_doors_are_closed_to_outsiders_and_open_to_joint_units(cast: Cast, desk: Desk, task: Task) -> None:
    (row,) = added(task, desk.liaison, ("a.txt", b"a"))
    for user in (cast.outsider, desk.other_head):
        with pytest.raises(NotVisible):
            queries.task_for(user, task.pk, TODAY)
        with pytest.raises(NotVisible):
            queries.evidence_for(user, row.pk, TODAY)
    sealed(cast, JointUnit(task=task, unit=cast.safety))
    assert queries.task_for(desk.other_head, task.pk, TODAY) == task
    assert queries.evidence_for(desk.other_head, row.pk, TODAY) == row


def test_a_revision_stands_beside_the_old_one(desk: Desk, task: Task) -> None:
    (old,) = added(task, desk.liaison, ("1.txt", b"one"), kind="ledger", dated_on=date(2026, 9, 1))
    (upload,) = sent(task, desk.liaison, ("2.txt", b"two"))
    new = actions.revise_evidence(old, upload, {}, actor=actor_for(desk.liaison))
    old.refresh_from_db()
    assert (old.current, new.current, new.number, new.kind, new.dated_on) == (
        False,
        True,
        2,
        "ledger",
        date(2026, 9, 1),
    )
    (again,) = sent(task, desk.liaison, ("3.txt", b"three"))
    with pytest.raises(EvidenceFixed) as refused:
        actions.revise_evidence(old, again, {}, actor=actor_for(desk.liaison))
    assert refused.value.code == "evidence.revised"
    (same,) = sent(task, desk.liaison, ("4.txt", b"two"))
    with pytest.raises(NotAllowed):
        actions.revise_evidence(new, same, {}, actor=actor_for(desk.liaison))
    assert list(table_breaks()) == []


def test_withdrawing_needs_a_reason_and_leaves_the_row(desk: Desk, task: Task) -> None:
    (row,) = added(task, desk.liaison, ("1.txt", b"one"))
    with pytest.raises(Invalid):
        actions.withdraw_evidence(row, " ", actor=actor_for(desk.liaison))
    actions.withdraw_evidence(row, "传错了", actor=actor_for(desk.liaison))
    assert Evidence.objects.get().withdrawn
    with pytest.raises(NotAllowed):
        actions.withdraw_evidence(row, "再撤", actor=actor_for(desk.liaison))


def test_not_kept_is_an_entry_with_a_statement(desk: Desk, task: Task) -> None:
    with pytest.raises(Invalid):
        actions.add_not_kept(task, {"statement": " "}, actor=actor_for(desk.liaison))
    row = actions.add_not_kept(
        task, {"statement": "2024年以前只口头布置。\n王工知情。"}, actor=actor_for(desk.liaison)
    )
    assert (row.name, row.not_kept, row.file_id) == ("2024年以前只口头布置。", True, None)


def test_every_fault_of_the_facts_is_told_and_the_uploads_stay(desk: Desk, task: Task) -> None:
    uploads = sent(task, desk.liaison, ("1.txt", b"one"))
    wrong = {"kind": "x", "proves": "y", "dated_on": date(2027, 1, 1), "need_id": 99, "note": "长" * 3000}
    with pytest.raises(Invalid) as refused:
        add_evidence(task, uploads, wrong, actor=actor_for(desk.liaison))
    assert {fault.field for fault in refused.value.faults} == set(wrong)
    assert Upload.objects.count() == 1
    with pytest.raises(NotVisible):
        add_evidence(task, [*uploads, 10**6], {}, actor=actor_for(desk.liaison))
    assert Upload.objects.count() == 1
    assert not Evidence.objects.exists()


def test_what_a_verification_rests_on_cannot_change(cast: Cast, desk: Desk) -> None:
    (task,) = make_ready(cast, desk)
    row = Evidence.objects.get(task=task)
    walk(desk, [task], "sign")
    (extra,) = added(task, desk.liaison, ("补.txt", b"more"))
    actions.withdraw_evidence(extra, "不需要", actor=actor_for(desk.liaison))
    take("verify", [task.pk], given_for("verify"), actor=actor_for(desk.supervisor))
    uploads = sent(task, desk.liaison, ("新.txt", b"new"))
    tries: Iterable[Any] = (
        lambda who: add_evidence(task, uploads, {}, actor=who),
        lambda who: actions.add_not_kept(task, {"statement": "没有"}, actor=who),
        lambda who: actions.revise_evidence(row, uploads[0], {}, actor=who),
        lambda who: actions.withdraw_evidence(row, "改", actor=who),
        lambda who: actions.sort_evidence([row], {"proves": "process"}, actor=who),
    )
    for attempt in tries:
        for user in (desk.liaison, cast.office):
            with pytest.raises(EvidenceFixed):
                attempt(actor_for(user))
    assert Evidence.objects.filter(task=task, withdrawn=False).count() == 1


def test_many_are_sorted_in_one_statement(cast: Cast, desk: Desk, task: Task) -> None:
    need = EvidenceNeed(task=task, position=1, kind="ledger", title="台账", proves="result")
    sealed(cast, need)
    rows = added(task, desk.liaison, *((f"{n}.txt", f"{n}".encode()) for n in range(5)))
    changed = actions.sort_evidence(
        rows, {"proves": "process", "need_id": need.pk}, actor=actor_for(desk.liaison)
    )
    assert len(changed) == 5
    assert set(Evidence.objects.values_list("proves", "need_id")) == {("process", need.pk)}
    assert actions.sort_evidence(rows, {"proves": "process"}, actor=actor_for(desk.liaison)) == []
    assert list(table_breaks()) == []


def test_what_may_be_asked(cast: Cast, desk: Desk) -> None:
    task, other = make_register(cast, count=2, unit_id=cast.environment.pk)
    Task.objects.filter(pk=other.pk).update(unit=cast.safety)
    other.refresh_from_db()
    text = report(5)
    copied = text.replace(text[:4], "安全生产")
    (undated, before, fine) = [
        added(task, desk.liaison, (name, jpeg(taken)), kind="photo")[0]
        for name, taken in (
            ("a.jpg", None),
            ("b.jpg", "2025:01:02 08:00:00"),
            ("c.jpg", "2026:09:01 08:00:00"),
        )
    ]
    (early,) = added(
        task, desk.liaison, ("方案.docx", docx(text)), kind="document", dated_on=date(2026, 1, 5)
    )
    (same,) = added(other, desk.other_head, ("别名.docx", docx(text)), kind="document")
    (near,) = added(other, desk.other_head, ("报告.docx", docx(copied)), kind="document")
    supervisor = desk.supervisor
    assert codes(undated, supervisor) == ["evidence.photo-undated"]
    assert codes(before, supervisor) == ["evidence.photo-before"]
    assert codes(fine, supervisor) == []
    assert "evidence.before-feedback" in codes(early, supervisor)
    assert "evidence.alike-named" in codes(early, supervisor)
    assert "evidence.alike-named" in codes(near, supervisor)
    assert same.pk
    named = [dict(one.params) for one in told(early, supervisor) if one.code == "evidence.alike-named"]
    assert {one["name"] for one in named} >= {"报告.docx"}
    hidden = [one.code for one in told(early, desk.liaison) if one.code.startswith("evidence.alike")]
    assert hidden == ["evidence.alike-elsewhere"]


def test_the_same_file_elsewhere_is_asked_about(cast: Cast, desk: Desk) -> None:
    task, other = make_register(cast, count=2, unit_id=cast.environment.pk)
    (one,) = added(task, desk.liaison, ("a.jpg", jpeg()))
    added(other, desk.liaison, ("b.jpg", jpeg()))
    (doubt,) = told(one, desk.supervisor)
    assert (doubt.code, doubt.params["number"], doubt.params["name"]) == (
        "evidence.same-named",
        "2-1",
        "b.jpg",
    )


def test_the_set_is_asked_about_too(cast: Cast, desk: Desk, task: Task) -> None:
    assert [one.code for one in queries.doubts_of_task(task)] == ["evidence.nothing-yet"]
    sealed(cast, EvidenceNeed(task=task, position=1, kind="ledger", title="专家签字页", proves="result"))
    sealed(
        cast, EvidenceNeed(task=task, position=2, kind="photo", title="照片", proves="process", optional=True)
    )
    added(task, desk.liaison, ("a.jpg", jpeg()), kind="photo")
    assert [(one.code, one.params.get("title")) for one in queries.doubts_of_task(task)] == [
        ("evidence.need-missing", "专家签字页"), ("evidence.process-only", None),
    ]  # fmt: skip


def test_a_list_of_200_asks_as_few_queries_as_one_of_2(desk: Desk, task: Task) -> None:
    counts = []
    for size in (2, 198):
        start = Evidence.objects.count()
        files = [
            (f"{n}.txt", (report(n) if n % 20 == 0 else f"{n}").encode()) for n in range(start, start + size)
        ]
        added(task, desk.liaison, *files)
        seen = reach(desk.supervisor, TODAY)
        with CaptureQueriesContext(connection) as asked:
            found = queries.shown(list(queries.rows_seen(seen).filter(task=task)), seen)
        counts.append(len(asked))
    assert len(found) == 200
    assert counts[0] == counts[1] <= 6
