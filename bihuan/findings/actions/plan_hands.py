"""Who takes a step of a plan, himself or for another: actor + steps ─hand→ actor with principal, or a refusal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bihuan.audit.actor import Actor
from bihuan.core.refusal import NotAllowed
from bihuan.findings.actions.saving import filed
from bihuan.findings.models import Problem, Task
from bihuan.findings.queries.plans import units_of_problems
from bihuan.orgs.queries.acting import capacities, roles_in, why_not_acting

#: A step of core.access, taken at a unit.
Place = tuple[str, int]


def hand(actor: Actor, places: Sequence[Place], *, organisation_id: int) -> Actor:
    """Return the actor filed in the organisation, with the principal when it acts for one.

    The console passes where the office would; it never reports, decides or approves.

    :raises NotAllowed: when none of the steps is the actor's to take today.
    """
    acting = filed(actor, organisation_id)
    if actor.user_id is None and actor.label.startswith("console:"):
        if any(step == "write" for step, _unit in places):
            return acting
        raise NotAllowed("plan.not-by-console")
    held = capacities(actor.user_id, {unit for _step, unit in places}, actor.today)
    for step, unit in places:
        for capacity in roles_in(held[unit], step):
            return replace(acting, principal_id=capacity.principal_id)
    reasons = [why_not_acting(step, actor.user_id, unit, today=actor.today) for step, unit in places]
    told = [reason for reason in reasons if reason not in (None, "orgs.role-missing")]
    raise NotAllowed(told[0] if told and told[0] else "orgs.role-missing")


def filling(task: Task) -> list[Place]:
    """Return who may fill in a task: its organisation's office, its unit's liaison officer and head."""
    own = [("report", task.unit_id)] if task.unit_id else []
    return [("write", task.organisation_id), *own]


def filling_problem(problem: Problem) -> list[Place]:
    """Return who may fill in a problem: the office, and whoever reports for a unit with a task of it. One query."""
    own = [("report", unit) for unit in sorted(units_of_problems([problem.pk]))]
    return [("write", problem.organisation_id), *own]


def persons(actor: Actor) -> Iterable[int]:
    """Yield the persons behind an act: who did it, and for whom."""
    yield from (one for one in (actor.user_id, actor.principal_id) if one is not None)
