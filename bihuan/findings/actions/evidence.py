"""Evidence of a task: added, sorted, revised, withdrawn; nothing of it is ever overwritten.

uploads ─add→ pieces, sealed · piece ─revise→ a newer piece beside the old one · accepted by a verification: fixed
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.evidence.rules import FIXED_STAGES, evidence_faults
from bihuan.core.plan_rules import KINDS
from bihuan.core.refusal import Conflict, NotAllowed
from bihuan.core.register import FieldFault, text_faults
from bihuan.files.actions import take_uploads
from bihuan.files.models import StoredFile, Upload
from bihuan.files.queries import examinations_of
from bihuan.findings.actions.saving import filed, locked, refuse
from bihuan.findings.models import Evidence, Task
from bihuan.findings.queries.evidence import Hand, hand_of, needs_of, stage_of
from bihuan.findings.queries.sight import LIVE

Values = Mapping[str, Any]
SORTED = ("kind", "proves", "dated_on", "need_id", "note")


class EvidenceFixed(Conflict):
    """A verification rests on the evidence, or a newer piece stands in its place: this one changes no more."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of uploads: the new pieces, and the names of those whose file the task had already."""

    rows: tuple[Evidence, ...]
    already: tuple[str, ...]


def purpose_of(task_id: int) -> str:
    """Return the purpose under which files are uploaded for a task."""
    return f"task:{task_id}"


@transaction.atomic
def add_evidence(task: Task, uploads: Collection[int], values: Values, *, actor: Actor) -> Added:
    """Take uploads into the evidence of a task, all with the same facts. Set-based.

    :raises NotAllowed: for whoever is not of its units.
    :raises EvidenceFixed: while a verification rests on the set.
    :raises Invalid: with every fault of the facts.
    """
    held, hand, actor = _open(task, actor)
    values = _usual(values)
    refuse(_faults(held, values, actor))
    taken = take_uploads(uploads, purpose=purpose_of(task.pk), actor=actor)
    known = set(_current(held).values_list("file_id", flat=True))
    fresh: dict[int, tuple[Upload, StoredFile]] = {}
    already = []
    for upload, file in taken:
        if file.pk in known or file.pk in fresh:
            already.append(upload.name)
        else:
            fresh[file.pk] = (upload, file)
    seen = examinations_of([file.sha256 for _, file in fresh.values()])
    start = _last(held)
    rows = [
        Evidence(
            **_base(held, hand, actor), **values, file=file, name=upload.name, position=start + number,
            taken_on=seen[file.sha256].taken_on if file.sha256 in seen else None,
        )
        for number, (upload, file) in enumerate(fresh.values(), 1)
    ]  # fmt: skip
    Evidence.objects.bulk_create(rows)
    record(actor=actor, action="evidence.add", created=rows)
    return Added(tuple(rows), tuple(already))


@transaction.atomic
def add_not_kept(task: Task, values: Values, *, actor: Actor) -> Evidence:
    """Enter that something was not kept at that time, with a statement in place of a file.

    :raises NotAllowed, EvidenceFixed, Invalid: as of `add_evidence`.
    """
    held, hand, actor = _open(task, actor)
    values = _usual(values)
    statement = str(values.get("statement", ""))
    refuse(_faults(held, {"statement": "", **values}, actor))
    name = str(values.get("name") or statement.strip().splitlines()[0])[:200]
    row = Evidence(
        **_base(held, hand, actor), **{**values, "name": name}, not_kept=True, position=_last(held) + 1
    )
    row.save(force_insert=True)
    record(actor=actor, action="evidence.absent", created=[row])
    return row


@transaction.atomic
def sort_evidence(rows: Sequence[Evidence], values: Values, *, actor: Actor) -> list[Evidence]:
    """Give pieces of one task the same kind, what they prove, day, checklist line or note. Set-based.

    :raises NotAllowed, EvidenceFixed, Invalid: as of `add_evidence`; nothing is written then.
    """
    if not rows:
        return []
    task, _, actor = _open(rows[0].task, actor)
    given = {name: values[name] for name in SORTED if name in values}
    refuse(_faults(task, given, actor))
    now = list(
        Evidence.objects.select_for_update().filter(pk__in=[row.pk for row in rows], task=task).order_by("pk")
    )
    if len(now) < len(rows):
        raise NotAllowed("evidence.one-task")
    for row in now:
        _changeable(row)
    changes = [(row, [name for name in given if getattr(row, name) != given[name]]) for row in now]
    changes = [(row, names) for row, names in changes if names]
    for row, names in changes:
        for name in names:
            setattr(row, name, given[name])
    Evidence.objects.filter(pk__in=[row.pk for row, _ in changes]).update(**given, revision=F("revision") + 1)
    record(actor=actor, action="evidence.sort", changed=changes)
    return [row for row, _ in changes]


@transaction.atomic
def revise_evidence(old: Evidence, upload_id: int, values: Values, *, actor: Actor) -> Evidence:
    """Put a newer file in place of a piece: a new piece beside the old one, which stays and is marked.

    :raises NotAllowed, EvidenceFixed, Invalid: as of `add_evidence`.
    """
    held, task, hand, actor = judge_revision(old, values, actor=actor)
    given = {name: values[name] for name in SORTED if name in values}
    ((upload, file),) = take_uploads([upload_id], purpose=purpose_of(task.pk), actor=actor)
    if file.pk == held.file_id:
        raise NotAllowed("evidence.same-content", name=upload.name)
    seen = examinations_of([file.sha256]).get(file.sha256)
    facts = {name: getattr(held, name) for name in SORTED} | given
    row = Evidence(
        **_base(task, hand, actor), **facts, file=file, name=upload.name, position=held.position, revises=held,
        number=held.number + 1, taken_on=seen.taken_on if seen else None,
    )  # fmt: skip
    held.current = False
    held.revision += 1
    held.save(update_fields=["current", "revision"])
    row.save(force_insert=True)
    record(actor=actor, action="evidence.revise", created=[row], changed=[(held, ["current"])])
    return row


@transaction.atomic
def judge_revision(old: Evidence, values: Values, *, actor: Actor) -> tuple[Evidence, Task, Hand, Actor]:
    """Return a piece locked, with whoever may revise it so; no file need be there yet.

    :raises NotAllowed, EvidenceFixed, Invalid: as of `add_evidence`.
    """
    task, hand, actor = _open(old.task, actor=actor)
    held = locked(old)
    _changeable(held)
    refuse(_faults(task, {name: values[name] for name in SORTED if name in values}, actor))
    return held, task, hand, actor


@transaction.atomic
def withdraw_evidence(row: Evidence, reason: str, *, actor: Actor) -> Evidence:
    """Withdraw a piece with a reason: it stays, marked, and counts no more.

    :raises NotAllowed, EvidenceFixed, Invalid: as of `add_evidence`.
    """
    _, _, actor = _open(row.task, actor)
    held = locked(row)
    _changeable(held)
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    held.withdrawn = True
    held.revision += 1
    held.save(update_fields=["withdrawn", "revision"])
    record(actor=actor, action="evidence.withdraw", changed=[(held, ["withdrawn"])], reason=reason)
    return held


def _open(task: Task, actor: Actor) -> tuple[Task, Hand, Actor]:
    """Lock a task whose evidence may change, and return who acts on it, for whom, filed under its organisation."""
    held = locked(task)
    hand = hand_of(actor.user_id, held, actor.today)
    if (stage := stage_of(held)) in FIXED_STAGES:
        raise EvidenceFixed(f"evidence.fixed-{stage}", number=held.number)
    actor = filed(actor, held.organisation_id)
    return held, hand, replace(actor, principal_id=hand.principal_id or actor.principal_id)


def _changeable(row: Evidence) -> None:
    """Let pass a piece that may still change.

    :raises EvidenceFixed: when a verification rests on it, or a newer piece stands in its place.
    """
    if row.withdrawn:
        raise NotAllowed("findings.withdrawn-row")
    if row.accepted:
        raise EvidenceFixed("evidence.accepted", name=row.name)
    if not row.current:
        raise EvidenceFixed("evidence.revised", name=row.name)


def _usual(values: Values) -> dict[str, Any]:
    """Return the values with what is usual for their kind."""
    kind = str(values.get("kind") or "document")
    proves = values.get("proves") or (KINDS[kind].proves if kind in KINDS else "")
    return {**values, "kind": kind, "proves": proves}


def _faults(task: Task, values: Values, actor: Actor) -> list[FieldFault]:
    needs = [need.pk for need in needs_of([task.pk])[task.pk]] if values.get("need_id") else []
    return evidence_faults(values, kinds=KINDS, needs=needs, today=actor.today)


def _base(task: Task, hand: Hand, actor: Actor) -> dict[str, Any]:
    return {
        "organisation_id": task.organisation_id, "task": task, "unit_id": hand.unit_id, "by_id": actor.user_id,
        "uploaded_at": actor.at,
    }  # fmt: skip


def _current(task: Task) -> Any:
    return Evidence.objects.filter(task=task, current=True, withdrawn__in=LIVE)


def _last(task: Task) -> int:
    return Evidence.objects.filter(task=task).aggregate(last=Max("position"))["last"] or 0
