"""Reading rounds: the door, the list that is frozen, what was found, who may look at what.

The whole organisation sees its rounds; how often each unit failed is for the leading group and the supervision only.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from bihuan.core import access
from bihuan.core.findings import END_STATES
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.core.rounds import (
    FAILS,
    HOLDS,
    OPEN,
    RECHECK,
    STEP,
    UNSEEN,
    Inspector,
    Looked,
    Rate,
    rates,
    risk_of,
)
from bihuan.core.sampling import Item
from bihuan.findings.models import Closure, ClosureReturn, Evidence, JointUnit, ProgressReport, Task
from bihuan.findings.models.closure import DONE
from bihuan.findings.queries.sight import LIVE, Reach, reach
from bihuan.orgs.models import User
from bihuan.orgs.queries import above, capacities, own_units, roles_in, running, why_not_acting
from bihuan.oversight.models import Round, RoundCheck, RoundItem
from bihuan.oversight.queries.rules import rules_of

RATES_SEEN_BY = frozenset({access.SUPERVISION, access.LEADING_GROUP})
_SEEN = Q(checks__current=True, checks__first_at__isnull=False, checks__second_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is: items to look at, looked at, of these not holding, not seen, and waiting for a person."""

    chosen: int = 0
    checked: int = 0
    failed: int = 0
    unseen: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A drawn item with what stands of it: the current check, None while nobody looked."""

    item: RoundItem
    check: RoundCheck | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task as it goes into the list of a round."""

    task: Task
    risk: str
    closure_id: int | None

    def item(self, strata: Sequence[str]) -> Item:
        """Return the row of the list."""
        return list_item(self.task.number, self.task.unit.name if self.task.unit else "", self.risk, strata)


def list_item(label: str, unit: str, risk: str, strata: Sequence[str]) -> Item:
    """Return a row of the list with the values of the strata that the round has."""
    values = {"unit": unit or "—", "risk": risk}
    return Item(label, tuple(values[name] for name in strata))


def rounds_seen(seen: Reach) -> QuerySet[Round]:
    """Return the rounds in sight, newest first."""
    return (
        Round.objects.filter(seen.whole(), inspection__withdrawn__in=LIVE)
        .select_related("inspection")
        .order_by("withdrawn", "-starts_on", "-pk")
    )


def round_for(user: User, pk: int, today: date, *, write: bool = False) -> Round:
    """Return a round that `user` sees, or with `write` may lead.

    :raises NotVisible: when there is none for this person.
    :raises NotAllowed: when it is seen but not this person's to lead, or was withdrawn.
    """
    found = (
        rounds_seen(reach(user, today))
        .select_related("inspection", "organisation", "made_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotVisible("rounds.not-found")
    if write:
        require_step(found.kind, user.pk, found.organisation_id, today)
        if found.withdrawn:
            raise NotAllowed("rounds.withdrawn")
    return found


def item_for(user: User, pk: int, today: date, *, write: bool = False) -> RoundItem:
    """Return a drawn item of a round, refusals as of `round_for`; with `write` of a round that is open.

    :raises NotAllowed: also for an item that was not drawn, and a round that is not open.
    """
    rows = RoundItem.objects.select_related("round__inspection", "task__problem", "task__unit", "unit")
    found = rows.filter(reach(user, today).whole("round__organisation"), pk=pk).first()
    if found is None:
        raise NotVisible("rounds.not-found")
    if write:
        require_step(found.round.kind, user.pk, found.round.organisation_id, today)
        require_open(found)
    return found


def check_for(user: User, pk: int, today: date) -> RoundCheck:
    """Return what was found of an item, in sight.

    :raises NotVisible: when there is none for this person.
    """
    rows = RoundCheck.objects.select_related("item__round", "item__task", "first", "second", "file")
    found = rows.filter(reach(user, today).whole("item__round__organisation"), pk=pk).first()
    if found is None:
        raise NotVisible("rounds.not-found")
    return found


def require_open(item: RoundItem) -> None:
    """Let an item pass that is to be looked at now.

    :raises NotAllowed: when its round is not open, or it was not drawn.
    """
    if item.round.withdrawn:
        raise NotAllowed("rounds.withdrawn")
    if item.round.state != OPEN:
        raise NotAllowed(f"rounds.state-{item.round.state}")
    if not item.chosen:
        raise NotAllowed("rounds.not-drawn", number=item.label)


def require_step(kind: str, user_id: int | None, organisation_id: int, today: date) -> None:
    """Let pass whoever may lead a round of this kind in the organisation.

    :raises NotAllowed: with the reason.
    """
    if (reason := why_not_acting(STEP[kind], user_id, organisation_id, today=today)) is not None:
        raise NotAllowed(reason)


def may_lead(kind: str, user_id: int | None, organisation_id: int, today: date) -> bool:
    """Tell whether the person may lead a round of this kind in the organisation."""
    return why_not_acting(STEP[kind], user_id, organisation_id, today=today) is None


def candidates(inspection_id: int, kind: str) -> list[Candidate]:
    """Return what the list of a round holds: every task, or in a re-check those that ended. Three queries."""
    rows = Task.objects.filter(inspection=inspection_id, withdrawn__in=LIVE).select_related("unit")
    if kind == RECHECK:
        rows = rows.filter(state__in=END_STATES)
    tasks = list(rows.order_by("position", "pk"))
    returned = dict(
        ClosureReturn.objects.filter(task__inspection=inspection_id)
        .order_by()
        .values_list("task_id")
        .annotate(count=Count("pk"))
    )
    closed = dict(
        Closure.objects.filter(inspection=inspection_id, stage__in=("closed", "accepted"))
        .order_by("number")
        .values_list("task_id", "pk")
    )
    return [
        Candidate(
            task,
            risk_of(extended=_extended(task), returned=returned.get(task.pk, 0), state=task.state),
            closed.get(task.pk),
        )
        for task in tasks
    ]


def _extended(task: Task) -> bool:
    return task.first_due_on is not None and task.due_on is not None and task.due_on > task.first_due_on


def items_of(round_: Round) -> list[LookedAt]:
    """Return the drawn items of a round with what was found of each. Two queries."""
    rows = RoundItem.objects.filter(round=round_, chosen=True).select_related("task", "unit")
    items = list(rows.order_by("position", "pk"))
    checks = {
        check.item_id: check
        for check in RoundCheck.objects.filter(item__round=round_, current=True).select_related(
            "first", "second", "recorded_by", "file"
        )
    }
    return [LookedAt(item, checks.get(item.pk)) for item in items]


def listed(round_: Round) -> list[Item]:
    """Return the frozen list as `core.sampling` takes it. One query."""
    rows = RoundItem.objects.filter(round=round_).order_by("position", "pk")
    return [
        list_item(row.label, row.unit_name, row.risk, round_.strata)
        for row in rows.only("label", "unit_name", "risk")
    ]


def progress(rounds: Iterable[int]) -> dict[int, Progress]:
    """Return how far each round is. One query."""
    standing = _SEEN
    rows = (
        RoundItem.objects.filter(round__in=list(rounds), chosen=True)
        .order_by()
        .values_list("round_id")
        .annotate(
            chosen_count=Count("pk", distinct=True),
            checked=Count("pk", filter=standing, distinct=True),
            failed=Count("pk", filter=standing & Q(checks__result=FAILS), distinct=True),
            unseen=Count("pk", filter=standing & Q(checks__result=UNSEEN), distinct=True),
            noted=Count("pk", filter=Q(checks__current=True), distinct=True),
        )
    )
    return {
        pk: Progress(chosen, checked, failed, unseen, noted - checked)
        for pk, chosen, checked, failed, unseen, noted in rows
    }


def waiting_for(user_id: int, round_: Round) -> list[int]:
    """Return the checks of a round that this person, as one of the two, has not confirmed yet. One query."""
    mine = Q(first_id=user_id, first_at=None) | Q(second_id=user_id, second_at=None)
    rows = RoundCheck.objects.filter(mine, item__round=round_, current=True)
    return list(rows.order_by("item__position").values_list("pk", flat=True))


def entitled(kind: str, organisation_id: int, today: date) -> list[User]:
    """Return everybody who may look at items in a round of this kind, by name; delegates are not listed."""
    held = {
        "posts__grants__role__in": access.STEPS[STEP[kind]],
        "posts__grants__unit__in": above(organisation_id),
    }
    return list(
        User.objects.filter(
            running("posts__", today), running("posts__grants__", today), is_active=True, **held
        )
        .distinct()
        .order_by("name", "pk")
    )


def inspectors(ids: Collection[int], kind: str, organisation_id: int, today: date) -> dict[int, Inspector]:
    """Return each person with whom he or she acts for and the own units of both. Few queries a person."""
    people = {user.pk: user for user in User.objects.filter(pk__in=ids, is_active=True)}
    acting = {
        pk: roles_in(capacities(pk, (organisation_id,), today)[organisation_id], STEP[kind]) for pk in people
    }
    principals = {pk: (found[0].principal_id or 0) if found else 0 for pk, found in acting.items()}
    units = own_units({*people, *filter(None, principals.values())}, today)
    return {
        pk: Inspector(
            pk,
            people[pk].name,
            bool(acting[pk]),
            principals[pk],
            units[pk] | units.get(principals[pk], frozenset()),
        )
        for pk in people
    }


def looked(tasks: Sequence[Task]) -> dict[int, Looked]:
    """Return for each task its units and everybody who took part in it. Four queries."""
    ids = [task.pk for task in tasks]
    units: defaultdict[int, set[int]] = defaultdict(set)
    took: defaultdict[int, set[int]] = defaultdict(set)
    for task in tasks:
        units[task.pk] |= {task.unit_id} if task.unit_id else set()
    for task_id, unit_id in JointUnit.objects.filter(task__in=ids).values_list("task_id", "unit_id"):
        units[task_id].add(unit_id)
    columns = [f"{step}_{part}_id" for step in DONE for part in ("by", "for")]
    for task_id, *people in Closure.objects.filter(task__in=ids).values_list("task_id", *columns):
        took[task_id] |= {person for person in people if person}
    for model in (Evidence, ProgressReport):
        for task_id, person in model.objects.filter(task__in=ids, by__isnull=False).values_list(
            "task_id", "by_id"
        ):
            took[task_id].add(person)
    return {pk: Looked(frozenset(units[pk]), frozenset(took[pk])) for pk in ids}


def sees_rates(roles: Collection[str]) -> bool:
    """Tell whether somebody with these roles is shown how often each unit failed."""
    return bool(RATES_SEEN_BY & frozenset(roles))


def rates_seen(user: User, organisation_id: int, today: date) -> bool:
    """Tell whether `user` is shown how often the units of this organisation failed."""
    held = capacities(user.pk, (organisation_id,), today)[organisation_id]
    return sees_rates([one.role for one in held])


def rates_of(round_: Round) -> list[Rate]:
    """Return how often the items of each unit did not hold in a round, as far as confirmed. Three queries."""
    confidence = rules_of(round_.organisation_id, round_.ends_on).number("recheck-confidence")
    return _rates(RoundItem.objects.filter(round=round_), confidence)


def rates_of_organisation(organisation_id: int, today: date) -> list[Rate]:
    """Return how often closed items of each unit did not hold in all re-checks together. Three queries."""
    return _rates(
        RoundItem.objects.filter(
            round__organisation=organisation_id, round__kind=RECHECK, round__withdrawn=False
        ),
        rules_of(organisation_id, today).number("recheck-confidence"),
    )


def _rates(items: QuerySet[RoundItem], confidence: int) -> list[Rate]:
    rows = (
        items.filter(chosen=True)
        .order_by("unit__position", "unit_name")
        .values_list("unit_id", "unit_name")
        .annotate(
            all=Count("pk", distinct=True),
            held=Count("pk", filter=_SEEN & Q(checks__result=HOLDS), distinct=True),
            failed=Count("pk", filter=_SEEN & Q(checks__result=FAILS), distinct=True),
            place=F("unit__position"),
        )
    )
    spread: list[tuple[int | None, str, str | None]] = []
    for unit, name, count, held, failed, _place in rows:
        results = [HOLDS] * held + [FAILS] * failed
        spread += [(unit, name, result) for result in (*results, *([None] * (count - len(results))))]
    return rates(spread, confidence=confidence)


def named(ids: Iterable[int]) -> Mapping[int, str]:
    """Return the names of people. One query."""
    return dict(User.objects.filter(pk__in=set(ids)).values_list("pk", "name"))
