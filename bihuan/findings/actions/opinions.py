"""Opinions of reviewers on evidence: the sheet that came back ─preview→ changes or faults ─commit→ rows, sealed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.evidence.opinions import Opinion, OpinionFault, read_opinions
from bihuan.core.refusal import NotAllowed, Refused
from bihuan.core.register import FieldFault
from bihuan.core.source import UnreadableFile
from bihuan.files.actions import take_uploads
from bihuan.files.models import Upload
from bihuan.files.store import path_of
from bihuan.findings.actions.saving import filed, refuse
from bihuan.findings.binder import parts_of
from bihuan.findings.models import Evidence, EvidenceOpinion, Problem
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.findings.returning import row_number
from bihuan.formats import read_bytes

SALT = "findings.opinions"
KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class OpinionPreview:
    """What a sheet would bring: its opinions, each with its piece, or its faults; `carried` goes to the commit."""

    found: tuple[tuple[Opinion, Evidence], ...]
    faults: tuple[OpinionFault, ...]
    carried: str


def purpose_of(problem_id: int) -> str:
    """Return the purpose under which a sheet of opinions is uploaded."""
    return f"opinions:{problem_id}"


def preview_opinions(problem: Problem, upload: Upload, seen: Reach) -> OpinionPreview:
    """Read a sheet that was uploaded; nothing is written.

    :raises Refused: when it cannot be read, or is no sheet.
    """
    try:
        source = read_bytes(upload.name, path_of(upload.sha256).read_bytes())
    except UnreadableFile as fault:
        raise Refused(fault.code, **fault.params) from fault
    if source.format not in ("xlsx", "xls"):
        raise Refused("evidence.sheet-format")
    pieces = {one.row.pk: one for part in parts_of(problem, seen) for one in part.pieces}
    known = {
        "mark": {f"E{pk}": pk for pk in pieces},
        "number": {one.number: pk for pk, one in pieces.items()},
    }
    rows = [
        (row_number(line.place.cell, line.place.line), line.cells)
        for line in source.lines
        if line.role == "row"
    ]
    found, faults = read_opinions(rows, known)
    if not found and not faults:
        raise Refused("evidence.sheet-empty")
    held = [asdict(one) for one in found]
    carried = (
        "" if faults else signing.dumps([seen.user_id, problem.pk, upload.pk, held], salt=SALT, compress=True)
    )
    return OpinionPreview(tuple((one, pieces[one.mark].row) for one in found), tuple(faults), carried)


@transaction.atomic
def keep_opinions(
    problem: Problem, carried: str, *, reviewer: str, given_on: date, actor: Actor
) -> list[EvidenceOpinion]:
    """Write exactly what a preview showed, with the sheet itself as its source.

    :raises NotAllowed: when the preview is another's, too old, or of another problem.
    :raises Invalid: with the faults of reviewer and day.
    """
    try:
        user, of, upload, held = signing.loads(carried, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature as error:
        raise NotAllowed("evidence.sheet-again") from error
    if user != actor.user_id or of != problem.pk:
        raise NotAllowed("evidence.sheet-again")
    refuse(_faults(reviewer, given_on, actor.today))
    actor = filed(actor, problem.organisation_id)
    ((_, file),) = take_uploads([upload], purpose=purpose_of(problem.pk), actor=actor)
    live = Evidence.objects.select_for_update().filter(
        pk__in=[one["mark"] for one in held], task__problem=problem, withdrawn__in=LIVE
    )
    there = set(live.values_list("pk", flat=True))
    if any(one["mark"] not in there for one in held):
        raise NotAllowed("evidence.sheet-again")
    rows = EvidenceOpinion.objects.bulk_create(
        _opinion(one, problem, file, reviewer.strip(), given_on, actor) for one in held
    )
    record(actor=actor, action="evidence.opinions", created=rows)
    return rows


def _opinion(
    one: dict[str, Any], problem: Problem, file: Any, reviewer: str, given_on: date, actor: Actor
) -> EvidenceOpinion:
    return EvidenceOpinion(
        evidence_id=one["mark"], organisation_id=problem.organisation_id, sufficient=one["sufficient"],
        appropriate=one["appropriate"], remark=one["remark"], reviewer=reviewer, given_on=given_on,
        by_id=actor.user_id, file=file, recorded_at=actor.at,
    )  # fmt: skip


def _faults(reviewer: str, given_on: date, today: date) -> Sequence[FieldFault]:
    faults = []
    if not reviewer.strip():
        faults.append(FieldFault("reviewer", "evidence.reviewer-missing"))
    if len(reviewer) > 100:
        faults.append(FieldFault("reviewer", "evidence.too-long", {"most": 100}))
    if given_on > today:
        faults.append(FieldFault("given_on", "evidence.given-future"))
    return faults
