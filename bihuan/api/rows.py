"""The rows of the register as JSON: a row ─plain→ its own fields; ─*_detail→ with what hangs on it.

Field names are those of the glossary; ids end in `_id`, the name beside is without it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from bihuan.api.answers import WORDS
from bihuan.audit.sealing import Sealed
from bihuan.core.findings import derived
from bihuan.findings.models import (
    Finding,
    Inspection,
    Institution,
    Problem,
    Task,
)
from bihuan.findings.queries import lists, tree
from bihuan.findings.queries.sight import Reach

Json = dict[str, Any]

#: Fields that an answer holds besides the sealed ones.
BESIDE = ("revision", "created_at")


@cache
def fields_of(model: type[Sealed]) -> tuple[str, ...]:
    """Return the fields of a sealed model that the API tells: its id, what is sealed of it, and what stands beside."""
    return "pk", *model.sealed_fields, *(name for name in BESIDE if hasattr(model, name))


def plain(row: Sealed) -> Json:
    """Return the row's own fields. No query."""
    return {WORDS.get(name, name): getattr(row, name) for name in fields_of(type(row))}


def said(values: Mapping[str, Any]) -> Json:
    """Return values as the API names them."""
    return {WORDS.get(name, name): value for name, value in values.items()}


def inspection_detail(row: Inspection) -> Json:
    """Return an inspection with the names of its kind and organisation. No query."""
    return {
        **plain(row),
        "kind_name": row.kind.name,
        "kind_name_en": row.kind.name_en,
        "organisation": row.organisation.name,
        "document": row.document.name if row.document else None,
    }


def finding_detail(row: Finding, reach: Reach) -> Json:
    """Return a finding with the problems in sight below it. Three queries."""
    problems = lists.problem_rows(reach, tree.finding_problems(row, reach), ())
    return {
        **plain(row),
        "inspection": row.inspection.title,
        "aspect": row.aspect.title if row.aspect else None,
        "problems": [
            {
                "id": one["pk"], "number": one["number"], "title": one["title"], "state": one["state"],
                "declared_state": one["declared_state"], "tasks": one["tasks"], "units": one["units"],
                "last_due": one["last_due"],
            }
            for one in problems
        ],
    }  # fmt: skip


def problem_detail(row: Problem, reach: Reach) -> Json:
    """Return a problem with its tasks in sight and its institutions. Two queries."""
    tasks = tree.problem_tasks(row, reach)
    return {
        **plain(row),
        "finding": row.finding.number,
        "finding_title": row.finding.title,
        "inspection": row.inspection.title,
        "state": derived([one["state"] for one in tasks]) if tasks else "",
        "tasks": [{WORDS.get(key, key): value for key, value in one.items()} for one in tasks],
        "institutions": list(
            row.institutions.filter(reach.whole(), withdrawn=False).order_by("pk").values("id", "title")
        ),
    }


def task_detail(row: Task) -> Json:
    """Return a task with its joint units and steps. Two queries."""
    return {
        **plain(row),
        "unit": row.unit.name if row.unit else None,
        "problem": row.problem.number,
        "problem_title": row.problem.title,
        "finding_id": row.problem.finding_id,
        "inspection": row.inspection.title,
        "joint_units": [{"unit_id": unit, "unit": name} for unit, name in tree.JOINT_UNITS.rows(row.pk)],
        "steps": [plain(step) for step in tree.STEPS.rows(row.pk)],
    }


def institution_detail(row: Institution) -> Json:
    """Return an institution with the names of what it belongs to. No query."""
    return {
        **plain(row),
        "unit": row.unit.name if row.unit else None,
        "problem": row.problem.number if row.problem else None,
        "inspection": row.inspection.title if row.inspection else None,
    }


def history(rows: Iterable[tuple[str, date, date | None, datetime, datetime | None]]) -> list[Json]:
    """Return the states of a task in two times, the first first."""
    names = ("state", "effective_on", "effective_until", "recorded_at", "superseded_at")
    return [dict(zip(names, row, strict=True)) for row in rows]
