"""What closure is judged by: tasks ─cases→ `core.closure.Case` each; person + tasks ─hands→ `core.closure.Hand` each.

A constant number of queries, however many tasks. `held` cases are read under the lock of their tasks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import QuerySet

from bihuan.core.closure import DONE, STEPS, Case, Claim, Hand, Limits
from bihuan.core.deadlines import WORKING_DAYS, Calendar, due
from bihuan.core.findings import END_STATES
from bihuan.core.refusal import NotVisible
from bihuan.findings.models import (
    Closure,
    Task,
)
from bihuan.findings.queries.closing_facts import facts_of
from bihuan.orgs.models import Grant, Post
from bihuan.orgs.queries import calendar_of, deadlines_of
from bihuan.orgs.queries.acting import capacities, own_units, why_not_acting
from bihuan.orgs.queries.sight import running, running_grants
from bihuan.web.prepared import Question

ENDED = ("closed", "accepted")


@dataclass(frozen=True, slots=True)
class Standing:
    """A task with its last attempt to close it (None: none yet) and the case that they make."""

    task: Task
    closure: Closure | None
    case: Case


def limits_of(organisation_id: int, today: date) -> Limits:
    """Return the limits of closure by the organisation's deadlines, in days from today. One query.

    A second one where a deadline is counted in working days.
    """
    rules = deadlines_of(organisation_id)
    terms = [rules[code].term for code in ("long_term_review", "paper_backdate")]
    counted = any(term.measure == WORKING_DAYS for term in terms)
    calendar = calendar_of(organisation_id) if counted else Calendar()
    review, backdate = ((due(today, term, calendar).day - today).days for term in terms)
    return Limits(review_days=review, backdate_days=backdate)


def standings(ids: Collection[int], *, meeting: str = "", locked: bool = False) -> list[Standing]:
    """Return how these tasks stand, in the order of `ids`; with `locked` nobody else can move them until we are done.

    :raises NotVisible: when one of them is not there.
    """
    tasks = {task.pk: task for task in (TASKS_HELD if locked else TASKS).rows(tuple(ids))}
    if len(tasks) < len(set(ids)):
        raise NotVisible("findings.not-found")
    ordered = [tasks[pk] for pk in dict.fromkeys(ids)]
    return _stand(ordered, meeting=meeting, locked=locked)


def hands(user_id: int | None, tasks: Sequence[Task], *, step: str, today: date) -> dict[int, Hand]:
    """Return what one person is at each of these tasks today; why a role was lost is asked for one task only."""
    if user_id is None:
        return {task.pk: Hand(None) for task in tasks}
    units = {task.pk: task.unit_id or task.organisation_id for task in tasks}
    found = capacities(user_id, set(units.values()), today)
    principals = {
        capacity.principal_id
        for held in found.values()
        for capacity in held
        if capacity.principal_id is not None
    }
    persons = (user_id, *principals)
    own = MappingProxyType(own_units(persons, today))
    inside = frozenset(
        person for (person,) in INSIDE.rows(persons, tuple({task.organisation_id for task in tasks}), today)
    )
    elsewhere = frozenset(role for (role,) in ROLES_HELD.rows(user_id, today))
    lost: Mapping[str, str] = {}
    made = {}
    for task in tasks:
        roles = tuple((capacity.role, capacity.principal_id) for capacity in found[units[task.pk]])
        if not lost and step in ROLES and ROLES[step] not in {role for role, _principal in roles}:
            code = why_not_acting(step, user_id, units[task.pk], today=today)
            lost = {ROLES[step]: code} if code not in (None, "orgs.role-missing") else {"": ""}
        made[task.pk] = Hand(user_id, roles, own, inside, elsewhere, lost)
    return made


def closures_of(task: Task) -> list[Closure]:
    """Return every attempt to close a task with its people, newest first. One query."""
    return CLOSURES.rows(task.pk)


def _tasks(ids: Sequence[int]) -> QuerySet[Task]:
    return Task.objects.select_related("problem", "inspection", "organisation", "unit").filter(pk__in=ids)


def _closures(task: int) -> QuerySet[Closure]:
    people = [f"{done}_{part}" for done in DONE.values() for part in ("by", "for")]
    return Closure.objects.filter(task=task).select_related(*people).order_by("-number")


def _inside(persons: Sequence[int], organisations: Sequence[int], today: date) -> QuerySet[Post, tuple[int]]:
    """Return those of the persons who hold a post today somewhere in one of the organisations."""
    posts = Post.objects.filter(
        running("", today), person__in=persons, unit__links_up__ancestor__in=organisations
    )
    return posts.order_by().values_list("person_id")


def _roles_held(user_id: int, today: date) -> QuerySet[Grant, tuple[str]]:
    return running_grants(user_id, today).values_list("role")


TASKS = Question(_tasks)
TASKS_HELD = Question(lambda ids: _tasks(ids).select_for_update(of=("self",)).order_by("pk"))
CLOSURES = Question(_closures)
INSIDE = Question(_inside)
ROLES_HELD = Question(_roles_held)


#: The role of each step, for the question why it is not held any more.
ROLES = MappingProxyType(
    {
        "claim": "unit_head",
        "sign": "leader",
        "verify": "supervision",
        "close": "leading_group",
        "accept": "superior",
    }
)


def _stand(tasks: Sequence[Task], *, meeting: str, locked: bool) -> list[Standing]:
    facts = facts_of(tasks, meeting=meeting, locked=locked)
    made = []
    for task in tasks:
        closure = facts.last.get(task.pk)
        units = frozenset({*facts.joint[task.pk], *((task.unit_id,) if task.unit_id else ())})
        made.append(
            Standing(
                task,
                closure,
                Case(
                    task=task.pk,
                    number=task.number,
                    state=task.state,
                    unit=task.unit_id,
                    units=units,
                    stage=stage_of(task, closure),
                    took=_took(closure),
                    last_on=_last_on(closure),
                    claim=claim_of(closure) if closure is not None and closure.live else None,
                    proof=facts.proofs[task.pk],
                    worked=facts.worked[task.pk],
                    recused=facts.recused[task.pk],
                    blocked=task.problem_id in facts.blocked,
                    change_open=task.pk in facts.asked,
                    plan_approved=task.inspection_id in facts.approved,
                    at_once=task.category == "at_once",
                    due=task.first_due_on is not None,
                    owed=task.owed,
                    live=task.inspection.mode == "live",
                    withdrawn=task.withdrawn or task.inspection.withdrawn,
                ),
            )
        )
    return made


def stage_of(task: Task, closure: Closure | None) -> str:
    """Return the stage of a task: that of its last attempt while it is on its way or holds, else empty."""
    if closure is None:
        return ""
    return closure.stage if closure.live or (closure.stage in ENDED and task.state in END_STATES) else ""


def claim_of(closure: Closure) -> Claim:
    """Return what was claimed."""
    return Claim(
        closure.end_state,
        closure.text,
        closure.left_over,
        closure.left_until,
        closure.failures,
        closure.review_on,
    )


def _took(closure: Closure | None) -> Mapping[str, tuple[int | None, int | None]]:
    if closure is None or closure.stage in ("returned", "withdrawn", "reopened"):
        return MappingProxyType({})
    sides = {
        step: (getattr(closure, f"{DONE[step]}_by_id"), getattr(closure, f"{DONE[step]}_for_id"))
        for step in STEPS
    }
    return MappingProxyType({step: side for step, side in sides.items() if side != (None, None)})


def _last_on(closure: Closure | None) -> date | None:
    if closure is None or not closure.live:
        return None
    days = [getattr(closure, f"{DONE[step]}_on") for step in STEPS]
    return max((day for day in days if day is not None), default=None)
