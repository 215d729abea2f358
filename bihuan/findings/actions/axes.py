"""What stands beside closure: blockers of a problem, recusals, disputes and their rulings, reviews of long-term tasks.

Each is a row that is marked when it ends, never deleted; who may is decided here, for oneself or for a principal.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.findings import LONG_TERM
from bihuan.core.refusal import Conflict, NotAllowed
from bihuan.core.register import FieldFault, text_faults
from bihuan.files.actions import take_uploads
from bihuan.findings.actions.saving import Invalid, filed, locked, refuse
from bihuan.findings.models import Blocker, Dispute, LongTermReview, Problem, Recusal, Task
from bihuan.findings.queries.closing import limits_of
from bihuan.orgs.models import Post
from bihuan.orgs.queries.acting import why_not_acting
from bihuan.orgs.queries.sight import running

Row = TypeVar("Row", Blocker, Dispute, Recusal)
#: What the upload of a ruling's paper is announced for.
PURPOSE = "ruling"
RULINGS = ("upheld", "dismissed", "partly")
#: Who may do what beside closure, as steps of access: one of them at the unit is enough. The pages ask the same table.
MAY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "block": ("supervise", "close"),
        "lift": ("supervise", "close"),
        "dispute": ("write", "claim"),
        "rule": ("accept", "write"),
        "recuse": ("write", "supervise", "close"),
        "end-recusal": ("supervise", "close"),
        "review": ("report", "write"),
        "name": ("report", "write"),
        "ask": ("supervise",),
        "see-names": ("report", "restricted"),
    }
)


@transaction.atomic
def raise_blocker(problem: Problem, *, reason: str, source: str = "", actor: Actor) -> Blocker:
    """Stop every task of a problem from being closed (暂不具备销号条件).

    :raises Invalid: without a reason.
    """
    held = locked(problem)
    require_one(MAY["block"], actor, held.organisation_id)
    refuse(list(text_faults({"reason": reason, "name": source}, required=("reason",))))
    return _made(
        Blocker(
            problem=held, organisation_id=held.organisation_id, reason=reason.strip(), source=source.strip(),
            raised_by_id=actor.user_id, raised_on=actor.today,
        ),
        "blocker.raise",
        actor,
    )  # fmt: skip


@transaction.atomic
def lift_blocker(blocker: Blocker, *, note: str, actor: Actor) -> Blocker:
    """Lift a blocker, with the reason; the record names who raised it and who lifted it.

    :raises Conflict: when it was lifted already.
    """
    row = locked(blocker)
    require_one(MAY["lift"], actor, row.organisation_id)
    if row.lifted_on is not None:
        raise Conflict("closure.blocker-lifted")
    refuse(list(text_faults({"reason": note}, required=("reason",))))
    values = {"lifted_by_id": actor.user_id, "lifted_on": actor.today, "lift_note": note.strip()}
    return _changed(row, values, "blocker.lift", actor)


@transaction.atomic
def recuse(
    tasks: Sequence[Task], person_id: int, *, meeting: str = "", reason: str, actor: Actor
) -> list[Recusal]:
    """Keep a person out of what is decided on these tasks, in one meeting or always; oneself, or by who leads the work.

    A recusal that stands already is left as it is.

    :raises Invalid: without a reason, or when the person has no post in the organisation.
    """
    if not tasks:
        return []
    organisation = tasks[0].organisation_id
    if actor.user_id != person_id:
        require_one(MAY["recuse"], actor, organisation)
    faults = list(text_faults({"reason": reason, "name": meeting}, required=("reason",)))
    here = Post.objects.filter(
        running("", actor.today), person_id=person_id, unit__links_up__ancestor=organisation
    )
    if not here.exists():
        faults.append(FieldFault("person_id", "closure.recusal-outside"))
    refuse(faults)
    ids = {task.pk for task in Task.objects.select_for_update().filter(pk__in=[task.pk for task in tasks])}
    standing = set(
        Recusal.objects.filter(
            task__in=ids, person_id=person_id, meeting=meeting, withdrawn=False
        ).values_list("task_id", flat=True)
    )
    rows = Recusal.objects.bulk_create(
        Recusal(
            task_id=pk, organisation_id=organisation, person_id=person_id, meeting=meeting, reason=reason.strip(),
            on=actor.today,
        )
        for pk in sorted(ids - standing)
    )  # fmt: skip
    record(actor=filed(actor, organisation), action="recusal.add", created=rows)
    return rows


@transaction.atomic
def withdraw_recusal(recusal: Recusal, *, reason: str, actor: Actor) -> Recusal:
    """End a recusal, with the reason; never by the person recused.

    :raises NotAllowed: for the person recused.
    """
    row = locked(recusal)
    if actor.user_id == row.person_id:
        raise NotAllowed("closure.recusal-own")
    require_one(MAY["end-recusal"], actor, row.organisation_id)
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    return _changed(row, {"withdrawn": True}, "recusal.withdraw", actor, reason=reason)


@transaction.atomic
def dispute(problem: Problem, *, ground: str, task: Task | None = None, actor: Actor) -> Dispute:
    """Say in writing that a problem, or one task of it, is not accepted, and why. It stays to be done until the ruling.

    :raises Conflict: when the same is disputed already.
    """
    held = locked(problem)
    require_one(MAY["dispute"], actor, (task.unit_id if task else None) or held.organisation_id)
    faults = [replace(one, field="ground") for one in text_faults({"text": ground}, required=("text",))]
    if task is not None and task.problem_id != held.pk:
        faults.append(FieldFault("task_id", "beside.task-elsewhere", {"number": task.number}))
    refuse(faults)
    if Dispute.objects.filter(problem=held, task=task, ruling="", withdrawn=False).exists():
        raise Conflict("closure.dispute-open")
    return _made(
        Dispute(
            problem=held, task=task, organisation_id=held.organisation_id, ground=ground.strip(),
            raised_by_id=actor.user_id, raised_on=actor.today,
        ),
        "dispute.raise",
        actor,
    )  # fmt: skip


@transaction.atomic
def rule(
    row: Dispute,
    *,
    ruling: str,
    text: str,
    ruled_on: date | None = None,
    upload_id: int | None = None,
    actor: Actor,
) -> Dispute:
    """Rule on a dispute: the superior himself, or the office with the superior's paper.

    :raises NotAllowed: for anybody else, and for the office without the paper.
    :raises Conflict: when it is ruled already.
    """
    held = locked(row)
    if not may(("accept",), actor, held.organisation_id):
        require_one(("write",), actor, held.organisation_id)
        if upload_id is None:
            raise NotAllowed("closure.ruling-paper")
    if actor.user_id == held.raised_by_id and upload_id is None:
        raise NotAllowed("closure.ruling-own")
    if held.ruling:
        raise Conflict("closure.dispute-ruled")
    faults = list(text_faults({"text": text}, required=("text",)))
    if ruling not in RULINGS:
        faults.append(FieldFault("ruling", "closure.ruling-unknown"))
    day = ruled_on or actor.today
    if day > actor.today:
        faults.append(FieldFault("ruled_on", "closure.day-ahead", {"day": day.isoformat()}))
    if day < held.raised_on:
        faults.append(FieldFault("ruled_on", "beside.ruled-early", {"day": held.raised_on.isoformat()}))
    refuse(faults)
    file_id = None
    if upload_id is not None:
        [(_upload, file)] = take_uploads(
            [upload_id], purpose=PURPOSE, actor=filed(actor, held.organisation_id)
        )
        file_id = file.pk
    values = {
        "ruling": ruling, "ruling_text": text.strip(), "ruled_by_id": actor.user_id, "ruled_on": day,
        "file_id": file_id,
    }  # fmt: skip
    return _changed(held, values, "dispute.rule", actor)


@transaction.atomic
def review(task: Task, *, text: str, next_on: date | None, actor: Actor) -> LongTermReview:
    """Review a long-term task: what stands, and when the next review is, within the organisation's limit.

    :raises NotAllowed: for a task that is not long-term.
    """
    row = locked(task)
    require_one(MAY["review"], actor, row.unit_id or row.organisation_id)
    if row.state != LONG_TERM:
        raise NotAllowed("closure.review-state", number=row.number)
    faults = list(text_faults({"text": text}, required=("text",)))
    days = limits_of(row.organisation_id, actor.today).review_days
    if next_on is None or not actor.today < next_on <= actor.today + timedelta(days=days):
        raise Invalid([*faults, FieldFault("next_on", "closure.review-missing", {"days": days})])
    refuse(faults)
    made = LongTermReview.objects.create(
        task=row, organisation_id=row.organisation_id, on=actor.today, text=text.strip(), next_on=next_on,
        by_id=actor.user_id, recorded_at=actor.at,
    )  # fmt: skip
    row.review_on, row.revision = next_on, row.revision + 1
    row.save(update_fields=["review_on", "revision"])
    record(
        actor=filed(actor, row.organisation_id),
        action="task.review",
        created=[made],
        changed=[(row, ["review_on"])],
    )
    return made


def may(steps: Collection[str], actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may take one of these steps at a unit, for himself or for a principal."""
    return any(why_not_acting(step, actor.user_id, unit_id, today=actor.today) is None for step in steps)


def require_one(steps: Sequence[str], actor: Actor, unit_id: int) -> None:
    """Let pass who may take one of these steps at the unit, for himself or for a principal.

    :raises NotAllowed: with the reason of the first.
    """
    reasons = [why_not_acting(step, actor.user_id, unit_id, today=actor.today) for step in steps]
    if None not in reasons:
        raise NotAllowed(reasons[0] or "orgs.role-missing")


def _made(row: Row, action: str, actor: Actor) -> Row:
    row.save(force_insert=True)
    record(actor=filed(actor, row.organisation_id), action=action, created=[row])
    return row


def _changed(row: Row, values: Mapping[str, Any], action: str, actor: Actor, *, reason: str = "") -> Row:
    for name, value in values.items():
        setattr(row, name, value)
    names = [*values]
    if isinstance(row, Dispute):
        row.revision += 1
        names.append("revision")
    row.save(update_fields=names)
    changed: list[tuple[Model, Collection[str]]] = [(row, tuple(values))]
    record(actor=filed(actor, row.organisation_id), action=action, changed=changed, reason=reason)
    return row
