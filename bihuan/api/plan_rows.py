"""Plans as JSON: a version with its items, opinions, changes, the lists of a task and a problem."""

import json
from typing import Any

from bihuan.api import rows
from bihuan.core import plans
from bihuan.core.plans import Content, Difference, Gap, Item
from bihuan.findings.models import Inspection, Plan, PlanChange, PlanOpinion, Problem, Task
from bihuan.findings.queries import plans as queries
from bihuan.findings.queries.sight import Reach
from bihuan.web.catalogue import say
from bihuan.web.edge import language

Json = dict[str, Any]


def version(plan: Plan) -> Json:
    """Return a version without its content, with the names of who made and approved it."""
    return {
        **rows.plain(plan),
        "made_at": plan.made_at,
        "made_by": plan.made_by.name if plan.made_by else None,
        "approved_by": plan.approved_by.name if plan.approved_by else None,
        "approved_for": plan.approved_for.name if plan.approved_for else None,
    }


def item(one: Item) -> Json:
    """Return an item of a plan."""
    return {"key": one.key, "kind": one.kind, "id": one.pk, **one.fields}


def gap(one: Gap) -> Json:
    """Return what a plan lacks, with its sentence."""
    return {
        "code": one.code, "key": one.key, "params": dict(one.params),
        "message": say(one.code, one.params, lang=language()),
    }  # fmt: skip


def difference(made: Difference) -> Json:
    """Return how two versions differ: items added and removed, and each changed field, old and new, words marked."""
    return {
        "added": [item(one) for one in made.added],
        "removed": [item(one) for one in made.removed],
        "changed": [
            {
                "key": key,
                "field": field,
                "old": old,
                "new": new,
                "parts": [
                    {"is": verb, "text": text}
                    for verb, text in plans.marked(plans.lines(old), plans.lines(new))
                ],
            }
            for key, fields in made.changed.items()
            for field, (old, new) in fields.items()
        ],
    }


def opinion(row: PlanOpinion) -> Json:
    """Return an opinion with the names beside its ids."""
    return {
        **rows.plain(row),
        "version": row.plan.version,
        "unit": row.unit.name if row.unit else None,
        "given_by": row.given_by.name if row.given_by else None,
        "answered_by": row.answered_by.name if row.answered_by else None,
    }


def change(row: PlanChange) -> Json:
    """Return a change that was asked for, its values as JSON."""
    return {
        **rows.plain(row),
        "changes": {
            name: {"old": old, "new": new} for name, (old, new) in json.loads(row.changes or "{}").items()
        },
        "task": row.task.number if row.task else None,
        "problem": row.problem.number if row.problem else None,
        "asked_by": row.asked_by.name if row.asked_by else None,
        "decided_by": row.decided_by.name if row.decided_by else None,
        "decided_for": row.decided_for.name if row.decided_for else None,
    }


def of_inspection(row: Inspection, seen: Reach, lacking: list[Gap], content: Content) -> Json:
    """Return how the plan of an inspection stands. `lacking` is told to whoever sees the whole organisation."""
    found = queries.versions(row.pk)
    return {
        "inspection_id": row.pk,
        "state": next((plan.state for plan in found if plan.state not in ("superseded", "withdrawn")), None),
        "locked": any(plan.state == plans.APPROVED for plan in found),
        "versions": [version(plan) for plan in found],
        "gaps": [gap(one) for one in lacking],
        "proposed": {
            category: {"due_on": day, "source": source}
            for category, (day, source) in queries.proposals(row).items()
        },
        "items": [item(one) for one in queries.part_of(content, seen, row.organisation_id)],
    }


def of_task(row: Task) -> Json:
    """Return the lists of a task that belong to its plan. Five queries."""
    live = {"withdrawn": False}
    return {
        "task_id": row.pk,
        "revision": row.revision,
        "extended": row.extended,
        "first_due_on": row.first_due_on,
        "due_on": row.due_on,
        "joint_units": list(row.joint_units.order_by("pk").values("unit_id", "unit__name")),
        "needs": [rows.plain(one) for one in row.needs.filter(**live).order_by("position", "pk")],
        "milestones": [rows.plain(one) for one in row.milestones.filter(**live).order_by("position", "pk")],
        "waits": [rows.plain(one) for one in row.waits.filter(**live).order_by("sent_on", "pk")],
        "locked": bool(queries.locked_inspections([row.inspection_id])),
    }


def of_problem(row: Problem) -> Json:
    """Return the cause and the look-around of a problem. Two queries."""
    return {
        "problem_id": row.pk,
        "revision": row.revision,
        "cause": row.cause,
        "look_around": [
            rows.plain(one) for one in row.look_arounds.filter(withdrawn=False).order_by("position", "pk")
        ],
        "locked": bool(queries.locked_inspections([row.inspection_id])),
    }
