"""Making and editing by hand: inspection, finding, problem, institution. Tasks and steps: `tasks`.

values ─core.register→ all faults at once, else ─saving→ row, event, index
"""

from django.db import transaction
from django.db.models import Max

from bihuan.audit.actor import Actor
from bihuan.core.register import FieldFault, inspection_faults, institution_faults, text_faults
from bihuan.findings.actions.plan_lock import require_open, require_unlocked
from bihuan.findings.actions.saving import (
    Values,
    created,
    lock_inspection,
    locked,
    number_fault,
    position_after,
    refuse,
    save,
    unit_fault,
    whole,
)
from bihuan.findings.models import Aspect, Finding, Inspection, InspectionKind, Institution, Problem
from bihuan.orgs.models import Unit


@transaction.atomic
def create_inspection(values: Values, *, organisation_id: int, actor: Actor) -> Inspection:
    """Begin a live inspection by hand; an archive comes in by import only.

    :raises Invalid: with every fault; the same form sent twice is one.
    """
    _lock(organisation_id)
    faults = [*inspection_faults(values), *_kind_fault(values.get("kind_id"))]
    same = {name: values.get(name) or "" for name in ("kind_id", "title", "feedback_on")}
    if Inspection.objects.filter(
        organisation_id=organisation_id, mode="live", withdrawn=False, **same
    ).exists():
        faults.append(FieldFault("title", "findings.inspection-there"))
    refuse(faults)
    row = Inspection(organisation_id=organisation_id, mode="live", created_at=actor.at, **values)
    return created(row, actor=actor)


@transaction.atomic
def edit_inspection(inspection: Inspection, values: Values, *, revision: int, actor: Actor) -> Inspection:
    """Change the facts of an inspection.

    :raises Invalid: with every fault.
    :raises Overtaken: when somebody changed it since `revision`.
    """
    row = locked(inspection)
    kind = _kind_fault(values["kind_id"]) if "kind_id" in values else []
    refuse([*inspection_faults(whole(row, values)), *kind])
    return save(row, values, revision=revision, actor=actor)


@transaction.atomic
def add_finding(inspection: Inspection, values: Values, *, actor: Actor) -> Finding:
    """Add a finding at the end of an inspection.

    :raises Invalid: with every fault.
    :raises PlanLocked: when the plan is approved.
    """
    held = lock_inspection(inspection.pk)
    require_open(held.pk)
    last = held.findings.aggregate(last=Max("position"))["last"] or 0
    row = Finding(inspection=held, organisation_id=held.organisation_id, position=last + 1, **values)
    refuse(
        [
            *text_faults(values, required=("number", "title")),
            *number_fault(row, row.number),
            *_aspect_fault(row),
        ]
    )
    return created(row, actor=actor)


@transaction.atomic
def edit_finding(finding: Finding, values: Values, *, revision: int, actor: Actor) -> Finding:
    """Change a finding; refusals as of `edit_inspection`, PlanLocked for what the approved plan fixes."""
    lock_inspection(finding.inspection_id)
    row = locked(finding)
    require_unlocked(row, values)
    faults = [
        *text_faults(whole(row, values), required=("number", "title")),
        *number_fault(row, values.get("number")),
    ]
    refuse(faults)
    return save(row, values, revision=revision, actor=actor)


@transaction.atomic
def add_problem(finding: Finding, values: Values, *, actor: Actor) -> Problem:
    """Add a problem after the last one of its finding.

    :raises Invalid: with every fault.
    :raises PlanLocked: when the plan is approved.
    """
    inspection = lock_inspection(finding.inspection_id)
    require_open(finding.inspection_id)
    held = locked(finding)
    row = Problem(
        finding=held,
        inspection=inspection,
        organisation_id=held.organisation_id,
        position=position_after(Problem, held, above="finding"),
        **values,
    )
    refuse([*text_faults(values, required=("number", "title")), *number_fault(row, row.number)])
    return created(row, actor=actor)


@transaction.atomic
def edit_problem(problem: Problem, values: Values, *, revision: int, actor: Actor) -> Problem:
    """Change a problem; refusals as of `edit_inspection`, PlanLocked for what the approved plan fixes."""
    lock_inspection(problem.inspection_id)
    row = locked(problem)
    require_unlocked(row, values)
    faults = [
        *text_faults(whole(row, values), required=("number", "title")),
        *number_fault(row, values.get("number")),
    ]
    refuse(faults)
    return save(row, values, revision=revision, actor=actor)


@transaction.atomic
def add_institution(values: Values, *, organisation_id: int, actor: Actor) -> Institution:
    """Add an institution to an organisation, with the inspection and problem that it answers where known.

    :raises Invalid: with every fault; the same form sent twice is one.
    """
    _lock(organisation_id)
    row = Institution(organisation_id=organisation_id, **values)
    faults = [
        *institution_faults(values),
        *_institution_links(row),
        *_institution_life(row),
        *unit_fault(row.unit_id, organisation_id),
    ]
    same = {name: getattr(row, name) for name in ("inspection_id", "problem_id", "title", "document_number")}
    if Institution.objects.filter(organisation_id=organisation_id, withdrawn=False, **same).exists():
        faults.append(FieldFault("title", "findings.institution-there"))
    refuse(faults)
    return created(row, actor=actor)


@transaction.atomic
def edit_institution(institution: Institution, values: Values, *, revision: int, actor: Actor) -> Institution:
    """Change an institution; refusals as of `edit_inspection`."""
    row = locked(institution)
    would = Institution(organisation_id=row.organisation_id, **{**_links(row), **values})
    would.pk = row.pk
    faults = [*institution_faults(whole(row, values)), *_institution_links(would), *_institution_life(would)]
    refuse([*faults, *unit_fault(would.unit_id, row.organisation_id)])
    return save(row, values, revision=revision, actor=actor)


def _lock(organisation_id: int) -> None:
    """Let one after the other add to an organisation, so that the second sees what the first has added."""
    Unit.objects.select_for_update(no_key=True).get(pk=organisation_id)


def _kind_fault(kind_id: object) -> list[FieldFault]:
    if InspectionKind.objects.filter(pk=kind_id).exists():
        return []
    return [FieldFault("kind_id", "findings.unknown-kind", {"value": str(kind_id)[:20]})]


def _aspect_fault(row: Finding) -> list[FieldFault]:
    if row.aspect_id is None:
        return []
    own = Aspect.objects.filter(pk=row.aspect_id, inspection_id=row.inspection_id, withdrawn=False).exists()
    return [] if own else [FieldFault("aspect_id", "findings.link-outside")]


def _links(row: Institution) -> dict[str, object]:
    names = (
        "inspection_id",
        "problem_id",
        "unit_id",
        "number",
        "effective_on",
        "review_on",
        "superseded_by_id",
    )
    return {name: getattr(row, name) for name in names}


def _institution_life(row: Institution) -> list[FieldFault]:
    """Return the faults of its number, its dates, and of what took its place. At most three queries."""
    faults = []
    others = Institution.objects.filter(organisation_id=row.organisation_id, withdrawn=False).exclude(
        pk=row.pk
    )
    if row.number and others.filter(number=row.number).exists():
        faults.append(FieldFault("number", "findings.number-taken", {"number": row.number}))
    if row.effective_on and row.review_on and row.review_on < row.effective_on:
        faults.append(FieldFault("review_on", "institutions.review-early"))
    if row.superseded_by_id:
        found = others.filter(pk=row.superseded_by_id).first()
        if found is None:
            faults.append(FieldFault("superseded_by_id", "findings.link-outside"))
        elif row.pk and _leads_to(found, row.pk):
            faults.append(FieldFault("superseded_by_id", "institutions.superseded-circle"))
    return faults


def _leads_to(found: Institution, pk: int) -> bool:
    """Return whether what took the place of `found`, and so on, is the institution `pk`."""
    seen: set[int] = set()
    at: Institution | None = found
    while at is not None and at.pk not in seen:
        seen.add(at.pk)
        if at.superseded_by_id == pk:
            return True
        at = at.superseded_by
    return False


def _institution_links(row: Institution) -> list[FieldFault]:
    """Return the faults of links that lead to another organisation, or to a problem of another inspection."""
    faults = []
    owner = {"organisation_id": row.organisation_id, "withdrawn": False}
    if row.inspection_id and not Inspection.objects.filter(pk=row.inspection_id, **owner).exists():
        faults.append(FieldFault("inspection_id", "findings.link-outside"))
    if row.problem_id:
        problem = Problem.objects.filter(pk=row.problem_id, **owner).first()
        if problem is None or (row.inspection_id and problem.inspection_id != row.inspection_id):
            faults.append(FieldFault("problem_id", "findings.link-outside"))
    return faults
