"""The versions of a plan: begin → send to the units → send for review → approve; each sending freezes what it says.

register ─content_of→ what the plan says now ─frozen→ a version with its digest; what changed since makes the next one
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core import plans
from bihuan.core.plans import Content, Gap
from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.core.register import FieldFault, first_day, text_faults
from bihuan.findings.actions.plan_hands import hand, persons
from bihuan.findings.actions.saving import Invalid, lock_inspection, locked, refuse
from bihuan.findings.models import Inspection, Plan
from bihuan.findings.queries.plans import approved_plan, content_of, noticed, open_plan, unanswered


class PlanGaps(Invalid):
    """The plan lacks something; `gaps` holds all of it, the faults the same with their items as fields."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__([FieldFault(gap.key, gap.code, gap.params) for gap in gaps])
        self.code, self.params = "plan.gaps", {"count": len(gaps)}
        self.gaps = tuple(gaps)


@dataclass(frozen=True, slots=True)
class Approval:
    """Where and when a plan was approved, and the number under which it is sent out."""

    meeting: str
    document_number: str = ""
    approved_on: date | None = None


@transaction.atomic
def begin_plan(inspection: Inspection, *, title: str, document_number: str = "", actor: Actor) -> Plan:
    """Begin the plan of a live inspection.

    :raises Refused: when one is being made or approved already, or the inspection is an archive.
    """
    held = lock_inspection(inspection.pk)
    actor = hand(actor, [("write", held.organisation_id)], organisation_id=held.organisation_id)
    if held.mode != "live":
        raise Refused("plan.archive")
    if (there := approved_plan(held.pk)) is not None:
        raise Conflict("plan.approved-there", version=there.version)
    if (there := open_plan(held.pk)) is not None:
        raise Conflict("plan.open-there", version=there.version)
    values = {"title": title.strip(), "document_number": document_number.strip()}
    faults = list(text_faults(values, required=("title",)))
    if len(values["title"]) > 200:
        faults.append(FieldFault("title", "findings.too-long", {"most": 200, "length": len(values["title"])}))
    refuse(faults)
    plan = Plan.objects.create(**_next(held, actor), **values)
    record(actor=actor, action="plan.create", created=[plan])
    return plan


@transaction.atomic
def send_plan(plan: Plan, to: str, *, revision: int, actor: Actor, reason: str = "") -> Plan:
    """Freeze what the plan says and send it to the units (opinions) or to the outside bodies (review).

    When it was sent before and says something else now, the sending is a new version and the old one is superseded.

    :raises NotAllowed: when it cannot go there from where it is.
    """
    row, held, actor = _opened(plan, revision, actor)
    if to not in (plans.OPINIONS, plans.REVIEW) or to not in plans.MOVES[row.state]:
        raise NotAllowed(f"plan.step-{row.state}")
    refuse(list(text_faults({"reason": reason})))
    content = plans.frozen(content_of(held.pk))
    if row.digest and row.digest != plans.digest(content):
        return _next_version(row, held, content, state=to, reason=reason.strip(), actor=actor)
    fields = ["state", "digest", "made_by_id"]
    row.state, row.content, row.digest = to, content, plans.digest(content)
    row.made_by_id, row.made_at = actor.user_id, actor.at
    row.revision += 1
    row.save(update_fields=["state", "content", "digest", "made_by", "made_at", "revision"])
    record(actor=actor, action=f"plan.{to}", changed=[(row, fields)], reason=reason.strip())
    return row


@transaction.atomic
def approve_plan(plan: Plan, given: Approval, *, revision: int, actor: Actor) -> Plan:
    """Approve the version that was sent for review; from now on it is locked.

    :raises NotAllowed: for whoever is not of the leading group, or made the version himself or for another.
    :raises PlanGaps: while it lacks anything, with all of it.
    :raises Conflict: when the register says something else than what was sent for review.
    """
    row, held = _locked(plan, revision)
    actor = hand(actor, [("approve_plan", held.organisation_id)], organisation_id=held.organisation_id)
    if plans.APPROVED not in plans.MOVES[row.state]:
        raise NotAllowed(f"plan.step-{row.state}")
    if row.made_by_id in set(persons(actor)):
        raise NotAllowed("plan.own-version")
    refuse(_approval_faults(given, held, actor.today))
    content = content_of(held.pk)
    if lacking := gaps_of(held, content):
        raise PlanGaps(lacking)
    if plans.digest(plans.frozen(content)) != row.digest:
        made = plans.difference(plans.thawed(row.content), content)
        count = len(made.added) + len(made.removed) + len(made.changed) or 1
        raise Conflict("plan.changed-since", count=count)
    row.state, row.meeting = plans.APPROVED, given.meeting.strip()
    row.document_number = given.document_number.strip() or row.document_number
    row.approved_by_id, row.approved_for_id = actor.user_id, actor.principal_id
    row.approved_on, row.revision = given.approved_on or actor.today, row.revision + 1
    sealed = ["state", "meeting", "document_number", "approved_by_id", "approved_for_id", "approved_on"]
    row.save(update_fields=[*(name.removesuffix("_id") for name in sealed), "revision"])
    record(actor=actor, action="plan.approve", changed=[(row, sealed)])
    return row


@transaction.atomic
def withdraw_plan(plan: Plan, *, reason: str, revision: int, actor: Actor) -> Plan:
    """Give up a plan that is being made; an approved one stays.

    :raises NotAllowed: when it is approved or not open any more.
    """
    row, _held, actor = _opened(plan, revision, actor)
    if plans.WITHDRAWN not in plans.MOVES[row.state]:
        raise NotAllowed(f"plan.step-{row.state}")
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    row.state, row.reason, row.revision = plans.WITHDRAWN, reason.strip(), row.revision + 1
    row.save(update_fields=["state", "reason", "revision"])
    record(actor=actor, action="plan.withdraw", changed=[(row, ["state", "reason"])])
    return row


def gaps_of(inspection: Inspection, content: Content) -> list[Gap]:
    """Return everything that the plan of an inspection lacks. At most two queries."""
    found = plans.gaps(content, unanswered=unanswered(inspection.pk), feedback_on=inspection.feedback_on)
    early = {int(gap.key.partition(":")[2]) for gap in found if gap.code == "plan.gap-notice"}
    by_letter = noticed(early) if early else set()
    return [
        gap
        for gap in found
        if gap.code != "plan.gap-notice" or int(gap.key.partition(":")[2]) not in by_letter
    ]


def next_approved(old: Plan, *, made_by: int | None, reason: str, actor: Actor) -> Plan:
    """Freeze the next approved version after a change that was decided; the old one is superseded.

    Call it with the inspection locked.
    """
    content = plans.frozen(content_of(old.inspection_id))
    made = _succeed(old, actor)
    made.state, made.content, made.digest = plans.APPROVED, content, plans.digest(content)
    made.meeting, made.reason, made.made_by_id = old.meeting, reason, made_by
    made.approved_by_id, made.approved_for_id = actor.user_id, actor.principal_id
    made.approved_on = actor.today
    made.save(force_insert=True)
    record(actor=actor, action="plan.change", created=[made], changed=[(old, ["state"])])
    return made


def _approval_faults(given: Approval, held: Inspection, today: date) -> list[FieldFault]:
    values = {"meeting": given.meeting, "document_number": given.document_number}
    faults = [
        FieldFault("meeting", "plan.meeting-missing") if fault.code == "findings.required" else fault
        for fault in text_faults(values, required=("meeting",))
    ]
    day, feedback = given.approved_on, first_day(held.feedback_on)
    if day is not None and day > today:
        faults.append(FieldFault("approved_on", "plan.day-future", {"day": day.isoformat()}))
    if day is not None and feedback is not None and day < feedback:
        params = {"day": day.isoformat(), "feedback": held.feedback_on}
        faults.append(FieldFault("approved_on", "plan.day-early", params))
    return faults


def _locked(plan: Plan, revision: int) -> tuple[Plan, Inspection]:
    held = lock_inspection(plan.inspection_id)
    row = locked(plan)
    if row.revision != revision:
        raise Conflict("findings.overtaken")
    return row, held


def _opened(plan: Plan, revision: int, actor: Actor) -> tuple[Plan, Inspection, Actor]:
    row, held = _locked(plan, revision)
    return row, held, hand(actor, [("write", held.organisation_id)], organisation_id=held.organisation_id)


def _next(held: Inspection, actor: Actor) -> dict[str, object]:
    last = held.plans.aggregate(last=Max("version"))["last"] or 0
    return {
        "inspection_id": held.pk, "organisation_id": held.organisation_id, "version": last + 1,
        "made_by_id": actor.user_id, "made_at": actor.at,
    }  # fmt: skip


def _succeed(old: Plan, actor: Actor) -> Plan:
    """Mark the old version as superseded and return the next one, not saved yet."""
    old.state, old.revision = plans.SUPERSEDED, old.revision + 1
    old.save(update_fields=["state", "revision"])
    return Plan(**_next(old.inspection, actor), title=old.title, document_number=old.document_number)


def _next_version(
    old: Plan, held: Inspection, content: str, *, state: str, reason: str, actor: Actor
) -> Plan:
    old.inspection = held
    row = _succeed(old, actor)
    row.state, row.reason, row.content, row.digest = state, reason, content, plans.digest(content)
    row.save(force_insert=True)
    record(actor=actor, action=f"plan.{state}", created=[row], changed=[(old, ["state"])])
    return row
