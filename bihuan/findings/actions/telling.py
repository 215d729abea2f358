"""Who is told of a step of closure: tasks + step ─tell_step→ the holders of the next role at their units.

Set-based: two questions for the holders and one statement for what is told, however many tasks.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from django.urls import reverse

from bihuan.audit.actor import Actor
from bihuan.core.access import LEADER, LEADING_GROUP, LIAISON, SUPERIOR, SUPERVISION, UNIT_HEAD
from bihuan.core.closure import ACCEPT, CLAIM, CLOSE, SIGN, VERIFY
from bihuan.findings.models import Task
from bihuan.notify.actions import tell_all
from bihuan.notify.telling import Telling
from bihuan.orgs.queries import holders

LONGEST_TITLE = 60
UNIT = (LIAISON, UNIT_HEAD)
#: What is told after a step, and to the holders of which roles at the unit.
AFTER = MappingProxyType(
    {
        CLAIM: ("notify.to-sign", (LEADER,)),
        SIGN: ("notify.to-verify", (SUPERVISION,)),
        VERIFY: ("notify.to-close", (LEADING_GROUP,)),
        CLOSE: ("notify.to-accept", (SUPERIOR,)),
        ACCEPT: ("notify.accepted", UNIT),
    }
)
#: The step that is to be taken again, when a claim goes back by one, by the stage it goes back to.
AGAIN = MappingProxyType({"claimed": CLAIM, "signed": SIGN})


def tell_step(step: str, tasks: Sequence[Task], *, actor: Actor) -> None:
    """Tell those whose turn it is now."""
    code, roles = AFTER[step]
    _tell(code, roles, tasks, {}, actor)


def tell_return(tasks: Sequence[Task], *, reason: str, to: str = "", actor: Actor) -> None:
    """Tell the unit that its task came back, or who is to decide again that it is his turn."""
    if to:
        tell_step(AGAIN[to], tasks, actor=actor)
    else:
        _tell("notify.returned", UNIT, tasks, {"reason": f"@closure.reason-{reason}"}, actor)


def _tell(
    code: str, roles: Collection[str], tasks: Sequence[Task], more: Mapping[str, str], actor: Actor
) -> None:
    people = holders({task.unit_id or task.organisation_id for task in tasks}, roles, actor.today)
    tell_all([_telling(code, roles, task, people, more, actor) for task in tasks], actor=actor)


def _telling(
    code: str,
    roles: Collection[str],
    task: Task,
    people: Mapping[tuple[int, str], Collection[int]],
    more: Mapping[str, str],
    actor: Actor,
) -> Telling:
    unit = task.unit_id or task.organisation_id
    found = {person for role in roles for person in people.get((unit, role), ())}
    return Telling(
        code,
        {"number": task.number, "title": task.title[:LONGEST_TITLE], **more},
        reverse("findings:task", args=[task.pk]),
        task.organisation_id,
        f"{code}:{task.pk}:{actor.at.isoformat()}",
        sorted(found - {actor.user_id}),
    )
