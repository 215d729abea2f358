"""For the access table: an inspection whose plan is being made, and one whose plan is approved."""

from datetime import date

from bihuan.findings.actions import (
    accountability,
    institutions,
    plan_changes,
    plan_items,
    plan_opinions,
    plan_versions,
    plan_waits,
)
from bihuan.findings.models import Inspection, Problem, Task
from tests.cast import Cast, actor_for, make_person
from tests.making import make_finding, make_inspection, make_institution, make_problem, make_task

NEEDS = [{"kind": "ledger", "title": "江澜逐户台账", "proves": "result", "optional": False}]


def planned(cast: Cast) -> dict[str, int]:
    """Make both and return the ids of what hangs on them. What is the safety department's says so."""
    actor = actor_for(cast.office)
    draft, _task, _other = _inspection(cast, "江澜在编方案巡察", "p")
    plan = plan_versions.begin_plan(draft, title="江澜整改方案", actor=actor)
    plan = plan_versions.send_plan(plan, "opinions", revision=1, actor=actor)
    hidden = {"unit_id": cast.safety.pk, "text": "安监密语，期限偏紧"}
    opinion = plan_opinions.give_opinion(plan, hidden, actor=actor)
    held, task, other = _inspection(cast, "江澜已批方案巡察", "q")
    done = plan_versions.begin_plan(held, title="江澜已批整改方案", actor=actor)
    for at, to in enumerate(("opinions", "review"), 1):
        done = plan_versions.send_plan(done, to, revision=at, actor=actor)
    group = make_person("cenbai", "岑白", unit=cast.organisation, role="leading_group")
    given = plan_versions.Approval("江澜领导小组第1次会议")
    done = plan_versions.approve_plan(done, given, revision=done.revision, actor=actor_for(group))
    change = plan_changes.ask_extension(other, date(2027, 3, 31), reason="安监密语评审推迟", actor=actor)
    letter = {
        "body": "江澜市局", "matter": "安监密语复核", "sent_on": date(2026, 11, 2), "reply_due_on": date(2026, 12, 2),
    }  # fmt: skip
    wait = plan_waits.begin_wait(Task.objects.get(pk=other.pk), letter, actor=actor)
    milestone = other.milestones.get()
    hidden = make_institution(cast, title="江澜安监密语隐患排查制度", unit_id=cast.safety.pk)
    use = institutions.add_use(
        hidden, {"done_on": date(2026, 11, 2), "text": "江澜安监密语排查40户"}, actor=actor
    )
    counted = {"form": "first", "persons": 3, "decided_on": date(2026, 11, 2), "manner": "安监密语批评教育"}
    entry = accountability.add_accountability(held, counted, actor=actor)
    return {
        "plan_id": plan.pk, "planned_inspection_id": draft.pk, "opinion_id": opinion.pk, "approved_plan_id": done.pk,
        "approved_inspection_id": held.pk, "approved_task_id": task.pk, "approved_problem_id": other.problem_id,
        "hidden_task_id": other.pk, "change_id": change.pk, "wait_id": wait.pk, "milestone_id": milestone.pk,
        "use_id": use.pk, "entry_id": entry.pk,
    }  # fmt: skip


def _inspection(cast: Cast, title: str, mark: str) -> tuple[Inspection, Task, Task]:
    actor = actor_for(cast.office)
    inspection = make_inspection(cast, title=title)
    finding = make_finding(cast, inspection, title="江澜责任落实不严")
    made = []
    for number, unit in ((1, cast.environment), (2, cast.safety)):
        word = "" if unit == cast.environment else "安监密语"
        problem = make_problem(cast, finding, number=f"{mark}{number}", title=f"江澜{word}台账不规范")
        plan_items.set_cause(problem, f"江澜{word}制度不健全", revision=1, actor=actor)
        values = {
            "unit_id": unit.pk, "leader": "贺明渠", "category": "staged", "measures": f"江澜{word}逐户核查",
            "title": f"江澜{word}核查",
        }  # fmt: skip
        task = make_task(cast, Problem.objects.get(pk=problem.pk), **values)
        plan_items.set_needs(task, NEEDS, revision=1, actor=actor)
        points = [{"title": f"江澜{word}样表", "due_on": date(2026, 12, 10)}]
        plan_items.set_milestones(task, points, revision=2, actor=actor)
        made.append(Task.objects.get(pk=task.pk))
    return inspection, made[0], made[1]
