"""Steps on paper: a sheet is printed, signed by hand, its scan bound by a registrar, confirmed by a second person.

print ─> printed ─bind→ bound ─confirm→ the step is taken in the signer's name, on the day of the signature
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.chronicle import Value, canonical
from bihuan.core.closure import CLAIM, DONE, STEPS, Answers, Claim
from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.core.register import FieldFault
from bihuan.files.actions import take_uploads
from bihuan.findings.actions.closure import Given, StepRefused, plan, take
from bihuan.findings.actions.saving import Invalid, filed, locked
from bihuan.findings.models import Closure, Evidence, SignSheet, Task
from bihuan.findings.queries.closing import Standing, standings

#: Letters and digits that are not mistaken for one another when a code is read from paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12
#: What the upload of a scan is announced for.
PURPOSE = "sheet"


@dataclass(frozen=True, slots=True)
class Scan:
    """A signed sheet as it came back: the registrar's upload of the scan, who signed when, what the signer answered."""

    upload_id: int
    signer_id: int
    signed_on: date
    answers: Answers | None = None
    note: str = ""


@transaction.atomic
def print_sheet(task: Task, step: str, *, claim: Claim | None = None, actor: Actor) -> SignSheet:
    """Make a sheet for one step of a task, with a code of its own. The step is not taken by it.

    :raises StepRefused: when the task does not wait for this step, or the claim lacks something.
    """
    if step not in STEPS:
        raise Refused("closure.step-unknown")
    one = standings([task.pk], locked=True)[0]
    _, refused = plan(step, [task.pk], _given(step, claim, None), actor=actor)
    about_task = [fault for fault in (refused[0][1] if refused else ()) if fault.field not in PERSONAL]
    if about_task:
        raise StepRefused([(task, about_task)])
    row = SignSheet.objects.create(
        task=task,
        closure=one.closure if step != CLAIM else None,
        organisation_id=task.organisation_id,
        step=step,
        code="".join(secrets.choice(ALPHABET) for _ in range(LENGTH)),
        digest=digest(one, claim),
        printed_by_id=actor.user_id,
        printed_on=actor.today,
        answers=json.dumps(_plain(claim), ensure_ascii=False) if claim is not None else "",
    )
    record(actor=filed(actor, task.organisation_id), action="sheet.print", created=[row])
    return row


@transaction.atomic
def bind(sheet: SignSheet, scan: Scan, *, actor: Actor) -> SignSheet:
    """Bind the scan of a signed sheet; the step is taken when a second person has confirmed it.

    :raises NotAllowed: for the signer and whoever has a part in the claim.
    :raises StepRefused: when the signer may not take the step, with every reason.
    """
    row = judge_binding(sheet, scan, actor=actor)
    [(upload, file)] = take_uploads(
        [scan.upload_id], purpose=PURPOSE, actor=filed(actor, row.organisation_id)
    )
    answers = json.loads(row.answers) if row.answers else {}
    if scan.answers is not None:
        answers |= asdict(scan.answers)
    changes = {
        "state": "bound", "signer_id": scan.signer_id, "signed_on": scan.signed_on, "file_id": file.pk,
        "name": upload.name, "answers": json.dumps(answers, ensure_ascii=False) if answers else "",
        "note": scan.note, "bound_by_id": actor.user_id, "bound_on": actor.today,
    }  # fmt: skip
    return _changed(row, changes, "sheet.bind", actor)


@transaction.atomic
def judge_binding(sheet: SignSheet, scan: Scan, *, actor: Actor) -> SignSheet:
    """Return the sheet locked, when everything but the file itself speaks for binding it; no file need be there yet.

    :raises NotAllowed, StepRefused: as of `bind`.
    """
    row = _open(sheet, "printed", "closure.sheet-not-printed")
    _apart(row, actor, scan.signer_id)
    given = _given(row.step, claim_of(row), scan)
    _, refused = plan(row.step, [row.task_id], given, actor=actor, locked=True)
    if refused:
        raise StepRefused(refused)
    return row


@transaction.atomic
def confirm(sheet: SignSheet, *, actor: Actor) -> SignSheet:
    """Confirm that the scan shows what was bound: the step is taken in the signer's name, on the day of the signature.

    :raises NotAllowed: for who bound it, signed it, or has a part in the claim.
    :raises StepRefused: when the step may not be taken any more, with every reason.
    """
    row = _open(sheet, "bound", "closure.sheet-not-bound")
    if actor.user_id == row.bound_by_id:
        raise NotAllowed("closure.sheet-own-binding")
    _apart(row, actor, row.signer_id)
    answered = _given_again(row)
    found = _changed(
        row,
        {"state": "confirmed", "confirmed_by_id": actor.user_id, "confirmed_on": actor.today},
        "sheet.confirm",
        actor,
    )
    closures = take(row.step, [row.task_id], answered, actor=actor)
    if row.closure_id is None and closures:
        _changed(found, {"closure_id": closures[0].pk}, "sheet.confirm", actor)
    return found


@transaction.atomic
def refuse_sheet(sheet: SignSheet, *, note: str, actor: Actor) -> SignSheet:
    """Put a sheet out of use, printed or bound, with the reason; what was scanned stays kept.

    :raises Invalid: without a reason.
    """
    row = locked(sheet)
    if row.state not in ("printed", "bound"):
        raise Conflict("closure.sheet-done")
    if not note.strip():
        raise Invalid([FieldFault("note", "closure.note-missing")])
    state = "refused" if row.state == "bound" else "void"
    return _changed(row, {"state": state, "note": note}, "sheet.refuse", actor)


def digest(one: Standing, claim: Claim | None) -> str:
    """Return the SHA-256 of what a sheet shows: the task's words, the claim, and the hashes of its evidence."""
    files = Evidence.objects.filter(task=one.task, current=True, withdrawn__in=(False,)).order_by("pk")
    shown = claim or one.case.claim
    body: dict[str, Value] = {
        "task": one.task.pk,
        "number": one.task.number,
        "title": one.task.title,
        "stage": one.case.stage,
        "attempt": one.closure.number if one.closure is not None else 0,
        "claim": _plain(shown) if shown is not None else None,
        "evidence": list(files.values_list("file__sha256", flat=True)),
    }
    return hashlib.sha256(canonical(body)).hexdigest()


def claim_of(sheet: SignSheet) -> Claim | None:
    """Return the claim that a sheet for claiming carries, else None."""
    if sheet.step != CLAIM or not sheet.answers:
        return None
    body: dict[str, Any] = json.loads(sheet.answers)
    days = {
        name: date.fromisoformat(body[name]) if body.get(name) else None
        for name in ("left_until", "review_on")
    }
    return Claim(
        end_state=body["end_state"],
        text=body["text"],
        left_over=body.get("left_over", ""),
        failures=body.get("failures", ""),
        left_until=days["left_until"],
        review_on=days["review_on"],
    )


#: Faults that are about who signs and what he answers: nobody has signed when a sheet is printed.
PERSONAL = frozenset({"person", "sufficient", "appropriate"})


def _given(step: str, claim: Claim | None, scan: Scan | None) -> Given:
    if scan is None:
        return Given(claim=claim, via="paper")
    return Given(
        claim=claim if step == CLAIM else None,
        answers=scan.answers,
        note=scan.note,
        via="paper",
        on=scan.signed_on,
        signer=scan.signer_id,
    )


def _given_again(row: SignSheet) -> Given:
    """Return what was given when the scan was bound."""
    body: Mapping[str, Any] = json.loads(row.answers) if row.answers else {}
    answers = Answers(body.get("sufficient"), body.get("appropriate")) if "sufficient" in body else None
    return Given(
        claim=claim_of(row),
        answers=answers,
        note=row.note,
        via="paper",
        on=row.signed_on,
        signer=row.signer_id,
    )


def _open(sheet: SignSheet, state: str, code: str) -> SignSheet:
    """Return the sheet locked, in this state and still showing what holds.

    :raises Conflict: otherwise.
    """
    row = locked(sheet)
    if row.state != state:
        raise Conflict(code)
    one = standings([row.task_id], locked=True)[0]
    if digest(one, claim_of(row)) != row.digest:
        raise Conflict("closure.sheet-stale", number=one.task.number)
    return row


def _apart(row: SignSheet, actor: Actor, signer_id: int | None) -> None:
    """Let a registrar pass who is neither the signer nor has a part in the claim, himself or for another.

    :raises NotAllowed: for everybody else, and for the console.
    """
    if actor.user_id is None:
        raise NotAllowed("closure.console")
    if actor.user_id == signer_id:
        raise NotAllowed("closure.sheet-own-signature")
    closure: Closure | None = row.closure
    if closure is None:
        return
    parts = {getattr(closure, f"{done}_{side}_id") for done in DONE.values() for side in ("by", "for")}
    if actor.user_id in parts:
        raise NotAllowed("closure.sheet-took-part")


def _changed(row: SignSheet, values: Mapping[str, Any], action: str, actor: Actor) -> SignSheet:
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*values, "revision"])
    record(actor=filed(actor, row.organisation_id), action=action, changed=[(row, tuple(values))])
    return row


def _plain(claim: Claim | None) -> dict[str, Any]:
    if claim is None:
        return {}
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(claim).items()
    }
