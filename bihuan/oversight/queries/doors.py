"""The one door to each object of oversight, and who may take which step there.

Not in sight is NotVisible (404); in sight but not this person's to do NotAllowed (403), with the reason. Whoever acts
for another by delegation is recorded with the principal.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from bihuan.audit.actor import Actor
from bihuan.core.letters import DRAFT, KINDS
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.findings.queries.sight import Reach, reach
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import capacities, roles_in, why_not_acting
from bihuan.oversight.models import Decision, Dispatch, Letter, LetterReply, Meeting

#: The steps of oversight, and the sentence for whoever may not take them.
NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "write": "oversight.need-office",
        "supervise": "oversight.need-supervision",
        "close": "oversight.need-group",
        "report": "oversight.need-unit",
    }
)
Row = TypeVar("Row", bound=Model)


def acting(step: str, actor: Actor, unit_id: int) -> Actor:
    """Return the actor, with the principal when the step is taken by delegation. Three queries.

    The console passes, for it acts under its own name in the record.

    :raises NotAllowed: with the reason when this person may not take `step` in the unit today.
    """
    if actor.user_id is None and actor.label.startswith("console:"):
        return actor
    found = roles_in(capacities(actor.user_id, (unit_id,), actor.today)[unit_id], step)
    if not found:
        reason = why_not_acting(step, actor.user_id, unit_id, today=actor.today) or "orgs.role-missing"
        raise NotAllowed(NEEDS[step] if reason == "orgs.role-missing" else reason)
    return replace(actor, principal_id=found[0].principal_id)


def may(step: str, user: User, unit_id: int, today: date) -> bool:
    """Tell whether the person may take `step` in the unit today, himself or for another."""
    return bool(roles_in(capacities(user.pk, (unit_id,), today)[unit_id], step))


def steps_of(user: User, unit_id: int, today: date) -> frozenset[str]:
    """Return the steps of oversight that the person may take in the unit today. Three queries."""
    held = capacities(user.pk, (unit_id,), today)[unit_id]
    return frozenset(step for step in NEEDS if roles_in(held, step))


def organisation_for(user: User, organisation_id: int, today: date) -> Unit:
    """Return an organisation of which the person sees every object.

    :raises NotVisible: when there is none for this person.
    """
    unit = Unit.objects.filter(pk=organisation_id, kind="organisation").first()
    if unit is None or unit.pk not in reach(user, today).organisations:
        raise NotVisible("oversight.not-found")
    return unit


def dispatches_seen(seen: Reach) -> QuerySet[Dispatch]:
    """Return the dispatches in sight, the latest first; who sees a department only sees none."""
    rows = Dispatch.objects.filter(seen.whole()).select_related("organisation", "inspection", "secretary")
    return rows.order_by("-monday", "-pk")


def dispatch_for(user: User, dispatch_id: int, today: date) -> Dispatch:
    """Return a dispatch in sight.

    :raises NotVisible: when there is none for this person.
    """
    return _found(dispatches_seen(reach(user, today)).filter(pk=dispatch_id))


def meetings_seen(seen: Reach) -> QuerySet[Meeting]:
    """Return the meetings in sight, the latest first."""
    rows = Meeting.objects.filter(seen.whole()).select_related("organisation", "inspection", "recorder")
    return rows.order_by("-held_on", "-pk")


def meeting_for(user: User, meeting_id: int, today: date) -> Meeting:
    """Return a meeting in sight.

    :raises NotVisible: when there is none for this person.
    """
    return _found(meetings_seen(reach(user, today)).filter(pk=meeting_id))


def decisions_seen(seen: Reach) -> QuerySet[Decision]:
    """Return the decisions in sight: of the organisation, or given to an own unit or to the person."""
    own = Q(unit_id__in=seen.units) | Q(person_id=seen.user_id)
    return Decision.objects.filter(seen.whole() | own, withdrawn=False).select_related(
        "dispatch", "meeting", "unit", "person", "task", "organisation"
    )


def decision_for(user: User, decision_id: int, today: date) -> Decision:
    """Return a decision in sight.

    :raises NotVisible: when there is none for this person.
    """
    return _found(decisions_seen(reach(user, today)).filter(pk=decision_id))


def letters_seen(seen: Reach) -> QuerySet[Letter]:
    """Return the letters in sight, the latest first: of the organisation, or issued to an own unit."""
    own = Q(unit_id__in=seen.units) & ~Q(state=DRAFT)
    rows = Letter.objects.filter(seen.whole() | own if seen.units else seen.whole())
    return rows.select_related("organisation", "unit", "inspection", "issued_by", "drafted_by").order_by(
        "-issued_on", "-pk"
    )


def letter_for(user: User, letter_id: int, today: date) -> Letter:
    """Return a letter in sight.

    :raises NotVisible: when there is none for this person.
    """
    return _found(letters_seen(reach(user, today)).filter(pk=letter_id))


def reply_for(user: User, reply_id: int, today: date) -> LetterReply:
    """Return a reply to a letter in sight.

    :raises NotVisible: when there is none for this person.
    """
    seen = letters_seen(reach(user, today)).order_by().values("pk")
    return _found(LetterReply.objects.filter(pk=reply_id, letter__in=seen).select_related("letter", "file"))


def issuing(letter: Letter, actor: Actor) -> Actor:
    """Let whoever issues letters of this kind pass.

    :raises NotAllowed: for everybody else.
    """
    return acting(KINDS[letter.kind].step, actor, letter.organisation_id)


def _found(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise NotVisible("oversight.not-found")
    return row
