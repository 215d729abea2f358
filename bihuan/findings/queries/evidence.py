"""Evidence as it is read: its door, its lists, and what may be asked about each piece.

rows of a page ─shown→ with revisions' number, what was seen of the file, doubts; seven queries, however many rows
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from bihuan.core.evidence.doubts import Elsewhere, Piece, doubts_of, doubts_of_set
from bihuan.core.evidence.likeness import ALIKE, BANDS, alike
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.core.register import first_day
from bihuan.core.source import Remark
from bihuan.files.models import Examination, LikenessKey, StoredFile
from bihuan.files.queries import examinations_of
from bihuan.findings.models import Closure, Evidence, EvidenceNeed, JointUnit, Task
from bihuan.findings.queries.sight import LIVE, Reach, reach
from bihuan.formats.photo import KINDS as PICTURES
from bihuan.orgs.models import User
from bihuan.orgs.queries import Capacity, capacities, roles_in, why_not_acting

#: A text that more files than this resemble is a form that everybody fills; then it says nothing.
MOST_CANDIDATES = 400
OPEN = ("claimed", "signed", "verified", "closed", "accepted")


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece with what was seen of its file, and what may be asked about it."""

    row: Evidence
    seen: Examination | None
    doubts: tuple[Remark, ...]

    @property
    def kind(self) -> str:
        """Return what kind its file is: as it was seen, else as it came in; empty without one."""
        if self.seen is not None:
            return self.seen.kind
        return self.row.file.type if self.row.file else ""


@dataclass(frozen=True, slots=True)
class Hand:
    """As whom a person may add evidence to a task: for which unit, and for whom (None: himself)."""

    unit_id: int | None
    principal_id: int | None


def task_for(user: User, task_id: int, today: date) -> Task:
    """Return a task whose evidence `user` sees.

    :raises NotVisible: when there is none for this person.
    """
    rows = Task.objects.select_related("problem__finding", "inspection", "unit")
    row = rows.filter(reach(user, today).tasks(), pk=task_id).first()
    if row is None:
        raise NotVisible("findings.not-found")
    return row


def evidence_for(user: User, evidence_id: int, today: date) -> Evidence:
    """Return a piece of evidence that `user` sees, current or not.

    :raises NotVisible: when there is none for this person.
    """
    row = rows_seen(reach(user, today)).filter(pk=evidence_id).first()
    if row is None:
        raise NotVisible("findings.not-found")
    return row


def file_of(row: Evidence) -> StoredFile:
    """Return the file of a piece.

    :raises NotVisible: for an entry of something that was not kept.
    """
    if row.file is None:
        raise NotVisible("evidence.no-file")
    return row.file


def rows_seen(seen: Reach) -> QuerySet[Evidence]:
    """Return every piece in sight, with what a list shows of it."""
    rows = Evidence.objects.select_related("file", "need", "task__inspection", "task__unit", "unit", "by")
    if not seen.units:
        return rows.filter(seen.whole())
    return rows.filter(seen.tasks("task__"))


def current(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Return the pieces that hold: neither withdrawn nor replaced by a newer one."""
    return rows.filter(withdrawn__in=LIVE, current=True)


def hand_of(user_id: int | None, task: Task, today: date) -> Hand:
    """Return as whom a person adds to the evidence of a task: its unit, a joint unit, or the office.

    :raises NotAllowed: with the reason when it is none of them.
    """
    joint = list(JointUnit.objects.filter(task=task).values_list("unit_id", flat=True))
    units = [*([task.unit_id] if task.unit_id else []), *joint]
    found = capacities(user_id, {*units, task.organisation_id}, today)
    for unit in units:
        if held := roles_in(found[unit], "report"):
            return Hand(unit, _lender(held))
    if held := roles_in(found[task.organisation_id], "write"):
        return Hand(task.unit_id, _lender(held))
    code = why_not_acting("report", user_id, task.unit_id or task.organisation_id, today=today)
    missing = code in (None, "orgs.role-missing")
    raise NotAllowed("evidence.not-your-unit" if missing else str(code), number=task.number)


def may_add(user: User, task: Task, today: date) -> bool:
    """Tell whether `hand_of` finds a hand."""
    try:
        hand_of(user.pk, task, today)
    except NotAllowed:
        return False
    return True


def stage_of(task: Task) -> str:
    """Return the stage of the task's last attempt to close it; empty when it is not on its way."""
    last = Closure.objects.filter(task=task, stage__in=OPEN).order_by("-number").first()
    return last.stage if last is not None else ""


def needs_of(tasks: Collection[int]) -> dict[int, list[EvidenceNeed]]:
    """Return the checklist of each task, in order. One query."""
    found: dict[int, list[EvidenceNeed]] = defaultdict(list)
    for need in EvidenceNeed.objects.filter(task__in=tasks, withdrawn__in=LIVE).order_by("position", "pk"):
        found[need.task_id].append(need)
    return found


def doubts_of_task(task: Task) -> tuple[Remark, ...]:
    """Return what may be asked about the whole set of a task. Two queries."""
    rows = Evidence.objects.filter(task=task, withdrawn__in=LIVE, current=True)
    pieces = [
        (Piece(pk, proves, not_kept=not_kept), need)
        for pk, proves, not_kept, need in rows.values_list("pk", "proves", "not_kept", "need_id")
    ]
    filled = {need for _, need in pieces}
    missing = [one.title for one in needs_of([task.pk])[task.pk] if not one.optional and one.pk not in filled]
    return doubts_of_set([piece for piece, _ in pieces], missing)


def shown(rows: Sequence[Evidence], seen: Reach) -> list[Shown]:
    """Return the rows with their doubts; the tasks of others are named only where the person sees them."""
    hashes = {row.file.sha256 for row in rows if row.file is not None}
    exams = examinations_of(hashes)
    near = _alike(exams)
    elsewhere = _elsewhere({*hashes, *(other for found in near.values() for other in found)}, rows, seen)
    return [Shown(row, _seen(row, exams), _doubts(row, exams, near, elsewhere)) for row in rows]


def _doubts(
    row: Evidence,
    exams: Mapping[str, Examination],
    near: Mapping[str, Collection[str]],
    elsewhere: Mapping[str, Sequence[tuple[Evidence, bool]]],
) -> tuple[Remark, ...]:
    if row.file is None or row.withdrawn or not row.current:
        return ()
    sha256, seen = row.file.sha256, _seen(row, exams)
    piece = Piece(
        row.pk, row.proves, row.dated_on, row.taken_on,
        photo=seen is not None and seen.kind in PICTURES and row.kind == "photo",
        uploaded_on=timezone.localdate(row.uploaded_at),
    )  # fmt: skip
    same = [_named(*one) for one in elsewhere.get(sha256, ()) if one[0].task_id != row.task_id]
    others = [
        _named(*one)
        for other in near.get(sha256, ())
        for one in elsewhere.get(other, ())
        if one[0].task.unit_id != row.task.unit_id
    ]
    feedback = first_day(row.task.inspection.feedback_on)
    return doubts_of(piece, feedback_on=feedback, same=same, alike=others)


def _named(other: Evidence, visible: bool) -> Elsewhere:
    if not visible:
        return Elsewhere()
    unit = other.task.unit.name if other.task.unit else ""
    return Elsewhere(other.task.number, other.name, unit)


def _elsewhere(
    hashes: Collection[str], rows: Sequence[Evidence], seen: Reach
) -> dict[str, list[tuple[Evidence, bool]]]:
    """Return the current pieces of the same organisations by content, and whether each is seen. One query."""
    organisations = {row.organisation_id for row in rows}
    others = Evidence.objects.filter(
        file__sha256__in=hashes, organisation__in=organisations, withdrawn__in=LIVE, current=True
    ).select_related("file", "task__unit")
    if len(tasks := {row.task_id for row in rows}) == 1:
        others = others.exclude(task__in=tasks)  # a task is never asked about its own files
    found: dict[str, list[tuple[Evidence, bool]]] = defaultdict(list)
    for other in others.order_by("pk"):
        visible = other.organisation_id in seen.organisations or other.task.unit_id in seen.units
        if other.file is not None:
            found[other.file.sha256].append((other, visible))
    return found


def _alike(exams: Mapping[str, Examination]) -> dict[str, list[str]]:
    """Return for each content the others whose words are nearly the same: only those that share a key are compared.

    Two queries.
    """
    own = {one.pk: one for one in exams.values() if one.sketch}
    if not own:
        return {}
    keys = LikenessKey.objects.filter(examination__in=own).values("key")
    rows = LikenessKey.objects.filter(key__in=keys).order_by("pk").values_list("key", "examination_id")
    holders: dict[int, set[int]] = defaultdict(set)
    for key, holder in rows[: (MOST_CANDIDATES + len(own)) * BANDS]:
        holders[key].add(holder)
    pairs = {
        (mine, other)
        for held in holders.values()
        if len(held) > 1
        for mine in held & own.keys()
        for other in held
        if mine != other
    }
    sketches = {
        pk: (sha256, marks)
        for pk, sha256, marks in Examination.objects.filter(pk__in={other for _, other in pairs}).values_list(
            "pk", "sha256", "sketch"
        )
    }
    found: dict[str, list[str]] = defaultdict(list)
    for mine, other in sorted(pairs):
        sha256, marks = sketches[other]
        if marks and alike(own[mine].sketch or (), marks) >= ALIKE:
            found[own[mine].sha256].append(sha256)
    return found


def _seen(row: Evidence, exams: Mapping[str, Examination]) -> Examination | None:
    return exams.get(row.file.sha256) if row.file is not None else None


def _lender(held: Sequence[Capacity]) -> int | None:
    return held[0].principal_id
