"""What closure is judged by: tasks ─cases→ `core.closure.Case` each; person + tasks ─hands→ `core.closure.Hand` each.

A constant number of queries, however many tasks. `held` cases are read under the lock of their tasks.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bihuan.core.closure import DONE, STEPS, Case, Claim, Hand, Limits, Proof
from bihuan.core.deadlines import WORKING_DAYS, Calendar, due
from bihuan.core.findings import END_STATES
from bihuan.core.refusal import NotVisible
from bihuan.findings.models import (
    Blocker,
    Closure,
    Evidence,
    EvidenceNeed,
    JointUnit,
    LookAround,
    Milestone,
    Plan,
    PlanChange,
    ProgressReport,
    Recipient,
    Recusal,
    Task,
)
from bihuan.orgs.models import Post
from bihuan.orgs.queries import calendar_of, deadlines_of
from bihuan.orgs.queries.acting import capacities, own_units, why_not_acting
from bihuan.orgs.queries.sight import running, running_grants

LIVE = (False,)
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
    rows = Task.objects.select_related("problem", "inspection", "organisation", "unit")
    if locked:
        rows = rows.select_for_update(of=("self",)).order_by("pk")
    tasks = {task.pk: task for task in rows.filter(pk__in=ids)}
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
    persons = {user_id, *principals}
    own = MappingProxyType(own_units(persons, today))
    posts = Post.objects.filter(
        running("", today),
        person__in=persons,
        unit__links_up__ancestor__in={task.organisation_id for task in tasks},
    )
    inside = frozenset(posts.order_by().values_list("person_id", flat=True))
    elsewhere = frozenset(running_grants(user_id, today).values_list("role", flat=True))
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
    people = [f"{done}_{part}" for done in DONE.values() for part in ("by", "for")]
    return list(Closure.objects.filter(task=task).select_related(*people).order_by("-number"))


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
    ids = [task.pk for task in tasks]
    problems = {task.problem_id for task in tasks}
    last = _last_closures(ids, locked=locked)
    proofs = _proofs(tasks)
    joint = _grouped(JointUnit.objects.filter(task__in=ids).values_list("task_id", "unit_id"))
    recused = _grouped(
        Recusal.objects.filter(task__in=ids, withdrawn__in=LIVE, meeting__in={"", meeting}).values_list(
            "task_id", "person_id"
        )
    )
    worked = _grouped(
        [
            *Evidence.objects.filter(task__in=ids, withdrawn__in=LIVE).values_list("task_id", "by_id"),
            *ProgressReport.objects.filter(task__in=ids, withdrawn__in=LIVE).values_list("task_id", "by_id"),
        ]
    )
    blocked = set(
        Blocker.objects.filter(problem__in=problems, lifted_on=None).values_list("problem_id", flat=True)
    )
    asked = set(PlanChange.objects.filter(task__in=ids, state="asked").values_list("task_id", flat=True))
    approved = set(
        Plan.objects.filter(
            inspection__in={task.inspection_id for task in tasks}, state="approved"
        ).values_list("inspection_id", flat=True)
    )
    made = []
    for task in tasks:
        closure = last.get(task.pk)
        units = frozenset({*joint[task.pk], *((task.unit_id,) if task.unit_id else ())})
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
                    proof=proofs[task.pk],
                    worked=worked[task.pk],
                    recused=recused[task.pk],
                    blocked=task.problem_id in blocked,
                    change_open=task.pk in asked,
                    plan_approved=task.inspection_id in approved,
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


def _last_closures(ids: Sequence[int], *, locked: bool) -> dict[int, Closure]:
    rows = Closure.objects.filter(task__in=ids).order_by("task_id", "number")
    return {row.task_id: row for row in (rows.select_for_update() if locked else rows)}


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


def _proofs(tasks: Sequence[Task]) -> dict[int, Proof]:
    ids = [task.pk for task in tasks]
    needs: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for pk, task, title in EvidenceNeed.objects.filter(
        task__in=ids, withdrawn__in=LIVE, optional=False
    ).values_list("pk", "task_id", "title"):
        needs[task].append((pk, title))
    filled: set[int] = set()
    results: dict[int, int] = defaultdict(int)
    processes: dict[int, int] = defaultdict(int)
    for task, need, proves, not_kept in Evidence.objects.filter(
        task__in=ids, withdrawn__in=LIVE, current=True
    ).values_list("task_id", "need_id", "proves", "not_kept"):
        filled.add(need)
        counted = results if proves == "result" and not not_kept else processes
        counted[task] += 1
    looked = set(
        LookAround.objects.filter(
            problem__in={task.problem_id for task in tasks}, withdrawn__in=LIVE
        ).values_list("problem_id", flat=True)
    )
    answers: dict[int, list[bool | None]] = defaultdict(list)
    for task, confirmed in Recipient.objects.filter(
        task__in=ids, withdrawn__in=LIVE, sampled=True
    ).values_list("task_id", "confirmed"):
        answers[task].append(confirmed)
    stones = _grouped(Milestone.objects.filter(task__in=ids, withdrawn__in=LIVE).values_list("task_id", "pk"))
    return {
        task.pk: Proof(
            missing=tuple(title for pk, title in sorted(needs[task.pk]) if pk not in filled),
            results=results[task.pk],
            processes=processes[task.pk],
            cause=bool(task.problem.cause.strip()),
            look_around=task.problem_id in looked,
            asked=len(answers[task.pk]),
            confirmed=answers[task.pk].count(True),
            denied=answers[task.pk].count(False),
            milestones=len(stones[task.pk]),
        )
        for task in tasks
    }


def _grouped(pairs: Iterable[tuple[int, int | None]]) -> defaultdict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for key, value in pairs:
        if value is not None:
            found[key].add(value)
    made: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    made.update({key: frozenset(values) for key, values in found.items()})
    return made
