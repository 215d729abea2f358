"""The whole way with files as they come: read, drafted, registered, imported again, withdrawn."""

from pathlib import Path

import pytest

from bihuan.audit.models import Event
from bihuan.audit.queries import table_breaks
from bihuan.core.draft_faults import counts
from bihuan.documents.actions import receive
from bihuan.documents.models import Draft
from bihuan.documents.queries import lines_of_draft, tree_of_draft
from bihuan.findings.actions.registering import aim, register
from bihuan.findings.actions.withdrawing import withdraw
from bihuan.findings.importing.preview import preview
from bihuan.findings.models import Declared, Finding, Institution, Problem, Task
from bihuan.orgs.models import Unit
from tests.cast import actor_for

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
DECLARED = {
    "aspects": 3, "tasks": 49, "completed": 39, "basically_completed": 7, "long_term": 3, "policies": 25,
}  # fmt: skip


def bring(cast, path: Path):
    return receive(
        path.read_bytes(), name=path.name, organisation=cast.organisation, actor=actor_for(cast.office)
    )


def declared() -> dict[str, int]:
    return dict(Declared.objects.filter(withdrawn=False).values_list("key", "value"))


def owned(draft: Draft) -> bool:
    lines = sorted(line for node in tree_of_draft(draft).nodes for line in node.lines)
    return lines == sorted(line.place.line for line in lines_of_draft(draft))


@pytest.mark.shared
def test_the_real_notice_from_upload_to_withdrawal(cast, shared):
    actor, path = actor_for(cast.office), shared / "notices" / "miluo-2023.txt"
    arrival = bring(cast, path)
    assert owned(arrival.draft)
    assert all(node.fact("chrome") for node in tree_of_draft(arrival.draft).of_kind("unmapped"))
    assert not preview(arrival.draft).blocked
    inspection = register(arrival.draft.pk, actor=actor)
    assert (inspection.mode, inspection.starts_on, inspection.feedback_on) == (
        "archive",
        "2023-03-15",
        "2023-07-25",
    )
    assert (Finding.objects.count(), Problem.objects.count(), Task.objects.count()) == (10, 32, 0)
    assert [
        int(number) for number in Problem.objects.order_by("position").values_list("number", flat=True)
    ] == [*range(1, 33)]
    assert declared() == {**DECLARED, "problems": 14}
    assert not Problem.objects.filter(response="").exists()
    events = Event.objects.count()
    assert bring(cast, path).outcome == "registered"
    assert Event.objects.count() == events
    withdraw(arrival.draft.pk, actor=actor, reason="核对后重新导入")
    again = bring(cast, path)
    assert (again.outcome, again.draft.pk != arrival.draft.pk) == ("new", True)
    register(again.draft.pk, actor=actor)
    assert Problem.objects.filter(withdrawn=False).count() == 32
    assert list(table_breaks()) == []


def test_the_sample_notice_is_an_archive_with_its_institutions(cast):
    arrival = bring(cast, SAMPLES / "整改通报.docx")
    assert owned(arrival.draft)
    register(arrival.draft.pk, actor=actor_for(cast.office))
    assert declared() == {**DECLARED, "problems": 32}
    assert Institution.objects.count() == 25
    assert Task.objects.count() == 0


def test_the_sample_feedback_is_a_live_inspection_with_three_aspects(cast):
    arrival = bring(cast, SAMPLES / "反馈意见.docx")
    assert owned(arrival.draft)
    assert not any(row.differs for row in counts(tree_of_draft(arrival.draft)))
    inspection = register(arrival.draft.pk, actor=actor_for(cast.office))
    assert (inspection.mode, inspection.aspects.count(), inspection.problems.count()) == ("live", 3, 32)
    assert not Problem.objects.filter(text="").exists()


def test_the_sample_plan_goes_into_the_inspection_of_the_sample_feedback(cast):
    actor = actor_for(cast.office)
    inspection = register(bring(cast, SAMPLES / "反馈意见.docx").draft.pk, actor=actor)
    draft = bring(cast, SAMPLES / "整改方案任务表.xlsx").draft
    draft = aim(draft.pk, inspection.pk, revision=draft.revision, actor=actor)
    assert not preview(draft).blocked, preview(draft).faults[:3]
    register(draft.pk, actor=actor)
    assert Task.objects.count() == 49
    assert {len(problem.tasks.all()) for problem in Problem.objects.all()} == {1, 2, 3}
    task = Task.objects.get(number="15-2")
    assert (task.problem.number, task.unit.name, task.leader) == ("15", "生态环境部", "贺明渠")
    assert (str(task.due_on), task.category) == ("2026-09-30", "staged")
    assert Unit.objects.filter(parent=cast.organisation, is_active=True).count() == 15
    assert list(table_breaks()) == []
