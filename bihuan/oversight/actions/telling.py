"""Who is told of what oversight does: those who act for a unit, and whoever a decision was given to."""

from collections.abc import Collection

from django.urls import reverse

from bihuan.audit.actor import Actor
from bihuan.core.access import LIAISON, UNIT_HEAD
from bihuan.core.letters import KINDS, number_text
from bihuan.notify.actions import tell
from bihuan.notify.telling import Telling
from bihuan.orgs.queries import running_grants
from bihuan.oversight.models import Decision, Letter


def holders(unit_id: int, roles: Collection[str], actor: Actor) -> list[int]:
    """Return the people who hold one of these roles over the unit today. One query."""
    grants = running_grants(None, actor.today, anybody=True).filter(
        role__in=roles, unit__links_down__descendant_id=unit_id
    )
    return sorted(set(grants.values_list("post__person_id", flat=True)))


def tell_letter(letter: Letter, roles: Collection[str], *, actor: Actor) -> None:
    """Tell those who hold the roles over the addressed unit that a letter came."""
    telling = Telling(
        "notify.slip-issued",
        {"kind": KINDS[letter.kind].name, "number": number_text(letter.kind, letter.year, letter.number)},
        reverse("oversight:letter", args=[letter.pk]),
        letter.organisation_id,
        f"letter:{letter.pk}",
        holders(letter.unit_id, {*roles, LIAISON, UNIT_HEAD}, actor),
    )
    tell(telling, actor=actor)


def tell_decision(decision: Decision, *, actor: Actor) -> None:
    """Tell whoever a decision was given to; a question that waits for its answer is told to nobody."""
    if decision.asked or decision.due_on is None:
        return
    people = [decision.person_id] if decision.person_id else []
    if not people and decision.unit_id:
        people = [*holders(decision.unit_id, (LIAISON, UNIT_HEAD), actor)]
    telling = Telling(
        "notify.decision-due",
        {"title": decision.text[:60], "due": decision.due_on.isoformat()},
        reverse("oversight:decision", args=[decision.pk]),
        decision.organisation_id,
        f"decision:{decision.pk}:{decision.due_on.isoformat()}",
        people,
    )
    tell(telling, actor=actor)
