"""What two persons found of the items of a round: recorded, confirmed by both, and what follows from it.

drafts ─record_checks→ one row an item ─confirm_checks (each of the two)→ stands ─fails→ return, or proposal to reopen
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.findings import END_STATES
from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.core.register import FieldFault
from bihuan.core.rounds import FAILS, OPEN, RECHECK, Inspector, Looked, check_faults, person_faults
from bihuan.files.models import StoredFile
from bihuan.findings.actions.closure_back import Return, give_back, reopen
from bihuan.findings.actions.saving import Invalid, filed, locked, refuse
from bihuan.findings.models import Closure, ClosureReturn
from bihuan.oversight.models import Round, RoundCheck, RoundItem
from bihuan.oversight.queries.rounds import inspectors, looked, require_open, require_step

AT_ONCE = 500
_NO_ANSWERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """What was found of one item, before it is a row. `over`: the check that it corrects (0: there was none)."""

    item_id: int
    result: str
    first_id: int
    second_id: int
    captured_at: datetime | None
    answers: Mapping[str, str] = field(default_factory=lambda: _NO_ANSWERS)
    reason: str = ""
    note: str = ""
    place: str = ""
    correction: str = ""
    over: int = 0
    file: StoredFile | None = None
    file_name: str = ""


class ChecksRefused(Refused):
    """Some of several checks are wrong, so none is written; `refused` holds the faults of each by item."""

    def __init__(self, refused: Mapping[int, Sequence[FieldFault]], labels: Mapping[int, str]) -> None:
        pk, faults = next(iter(refused.items()))
        super().__init__("rounds.checks-refused", count=len(refused), number=labels.get(pk, ""))
        self.refused = refused


def faults_of(
    drafts: Sequence[CheckDraft], items: Mapping[int, RoundItem], round_: Round, *, actor: Actor
) -> dict[int, list[FieldFault]]:
    """Return every fault of each draft by its item; writes nothing. Few queries, however many drafts."""
    people = inspectors(
        {pk for one in drafts for pk in (one.first_id, one.second_id)},
        round_.kind,
        round_.organisation_id,
        actor.today,
    )
    met = looked([items[one.item_id].task for one in drafts])
    there = dict(
        RoundCheck.objects.filter(item__in=items, current=True).order_by().values_list("item_id", "pk")
    )
    found: dict[int, list[FieldFault]] = {}
    for one in drafts:
        item = items[one.item_id]
        faults = [
            *_values_faults(one, round_, actor),
            *_people_faults(one, people, met[item.task_id]),
            *_over_faults(one, there.get(item.pk, 0)),
        ]
        if faults:
            found[item.pk] = faults
    return found


@transaction.atomic
def record_checks(round_: Round, drafts: Sequence[CheckDraft], *, via: str, actor: Actor) -> list[RoundCheck]:
    """Write what was found of these items, all or none. Whoever records as one of the two has confirmed with it.

    :raises Invalid: with every fault, when it is one draft.
    :raises ChecksRefused: with the faults of each, when they are several.
    :raises Conflict: when somebody else recorded the same item meanwhile.
    """
    row = locked(round_)
    require_step(row.kind, actor.user_id, row.organisation_id, actor.today)
    if len(drafts) > AT_ONCE:
        raise Refused("closure.too-many", most=AT_ONCE)
    items = _items(row, [one.item_id for one in drafts])
    found = faults_of(drafts, items, row, actor=actor)
    if found and len(drafts) == 1:
        _raise_one(next(iter(found.values())))
    if found:
        raise ChecksRefused(found, {pk: item.label for pk, item in items.items()})
    old = list(RoundCheck.objects.select_for_update().filter(item__in=items, current=True))
    RoundCheck.objects.filter(pk__in=[one.pk for one in old]).update(current=False)
    for one in old:
        one.current = False
    made = RoundCheck.objects.bulk_create(_row(one, via, actor) for one in drafts)
    record(
        actor=filed(actor, row.organisation_id),
        action="round.check",
        created=made,
        changed=[(one, ("current",)) for one in old],
    )
    return made


@transaction.atomic
def confirm_checks(ids: Collection[int], *, actor: Actor) -> list[RoundCheck]:
    """Confirm what was found as one of the two persons; what both have confirmed stands, and what follows is done.

    A failure of a round on a claim that is on its way returns the claim; a failed re-check of a closed task waits
    for `reopen_failed`.

    :raises NotAllowed: rounds.not-yours for whoever is not one of the two.
    :raises StepRefused: when a claim may not be returned; nothing is written.
    """
    rows = list(
        RoundCheck.objects.select_for_update(of=("self",))
        .select_related("item__round", "item__task")
        .filter(pk__in=set(ids), current=True)
        .order_by("pk")
    )
    if len(rows) < len(set(ids)):
        raise Conflict("rounds.check-overtaken")
    changed = []
    for row in rows:
        require_open(row.item)
        require_step(row.item.round.kind, actor.user_id, row.item.round.organisation_id, actor.today)
        name = {row.first_id: "first_at", row.second_id: "second_at"}.get(actor.user_id or 0)
        if name is None:
            raise NotAllowed("rounds.not-yours", number=row.item.label)
        if getattr(row, name) is None:
            setattr(row, name, actor.at)
            changed.append((row, name))
    _refuse_changed_people([row for row, _ in changed], actor)
    for name in ("first_at", "second_at"):
        RoundCheck.objects.filter(pk__in=[row.pk for row, one in changed if one == name]).update(
            **{name: actor.at}
        )
    if not changed:
        return []
    organisation = rows[0].item.round.organisation_id
    record(
        actor=filed(actor, organisation),
        action="round.confirm",
        changed=[(row, (name,)) for row, name in changed],
    )
    _follow([row for row, _ in changed if row.first_at and row.second_at and row.result == FAILS], actor)
    return [row for row, _ in changed]


@transaction.atomic
def reopen_failed(check: RoundCheck, *, note: str, actor: Actor) -> RoundCheck:
    """Reopen the closed task of which a re-check failed; a person of the supervision decides it.

    :raises NotAllowed: unless it stands, failed, and was not followed yet.
    :raises StepRefused: as of `findings.actions.closure_back.reopen`.
    """
    row = locked(check)
    item = RoundItem.objects.select_related("round", "task").get(pk=row.item_id)
    if not may_reopen(row, item):
        raise NotAllowed("rounds.nothing-to-reopen", number=item.label)
    words = note.strip() or row.note
    refuse([] if words else [FieldFault("note", "rounds.note")])
    made = reopen([item.task_id], reason="recheck", note=words, source=f"round:{item.round_id}", actor=actor)
    row.reopening = made[0]
    row.save(update_fields=["reopening"])
    record(
        actor=filed(actor, item.round.organisation_id),
        action="round.reopen",
        changed=[(row, ("reopening_id",))],
    )
    return row


def may_reopen(check: RoundCheck, item: RoundItem) -> bool:
    """Tell whether a check proposes to reopen its task: failed, confirmed by both, the task still ended."""
    return bool(
        check.current
        and check.result == FAILS
        and check.first_at
        and check.second_at
        and check.reopening_id is None
        and item.task.state in END_STATES
    )


def _items(row: Round, ids: Sequence[int]) -> dict[int, RoundItem]:
    found = {
        item.pk: item
        for item in RoundItem.objects.select_related("task", "round").filter(round=row, pk__in=ids)
    }
    if len(found) < len(ids):
        raise Refused("rounds.item-elsewhere" if len(set(ids)) == len(ids) else "rounds.item-twice")
    if row.state != OPEN or row.withdrawn:
        raise NotAllowed("rounds.withdrawn" if row.withdrawn else f"rounds.state-{row.state}")
    for item in found.values():
        require_open(item)
    return found


def _values_faults(one: CheckDraft, round_: Round, actor: Actor) -> list[FieldFault]:
    values = {name: getattr(one, name) for name in ("result", "reason", "note", "answers", "captured_at")}
    captured = one.captured_at
    if captured is not None and captured.tzinfo is None:
        captured = values["captured_at"] = captured.replace(tzinfo=ZoneInfo(actor.zone))
    day = captured.astimezone(ZoneInfo(actor.zone)).date() if captured else actor.today
    return check_faults(
        values, questions=round_.questions, starts_on=round_.starts_on, zone_day=day, received=actor.at
    )


def _people_faults(one: CheckDraft, people: Mapping[int, Inspector], met: Looked) -> list[FieldFault]:
    faults = [
        FieldFault(name, "rounds.no-such-person")
        for name, pk in (("first_id", one.first_id), ("second_id", one.second_id))
        if pk not in people
    ]
    return faults or person_faults(people[one.first_id], people[one.second_id], met)


def _over_faults(one: CheckDraft, there: int) -> list[FieldFault]:
    """Return a fault for what stands already: it is corrected only by whoever saw it, with a reason."""
    if one.over != there:
        return [FieldFault("result", "rounds.check-overtaken")]
    if there and not one.correction.strip():
        return [FieldFault("correction", "rounds.correction")]
    return []


def _raise_one(faults: Sequence[FieldFault]) -> None:
    if any(fault.code == "rounds.check-overtaken" for fault in faults):
        raise Conflict("rounds.check-overtaken")
    raise Invalid(faults)


def _row(one: CheckDraft, via: str, actor: Actor) -> RoundCheck:
    captured = one.captured_at
    if captured is not None and captured.tzinfo is None:
        captured = captured.replace(tzinfo=ZoneInfo(actor.zone))
    return RoundCheck(
        item_id=one.item_id,
        result=one.result,
        reason=one.reason if one.result == FAILS else "",
        note=one.note.strip(),
        answers=dict(one.answers),
        place=one.place.strip()[:200],
        captured_at=captured or actor.at,
        received_at=actor.at,
        via=via,
        first_id=one.first_id,
        second_id=one.second_id,
        first_at=actor.at if actor.user_id == one.first_id else None,
        second_at=actor.at if actor.user_id == one.second_id else None,
        recorded_by_id=actor.user_id or 0,
        correction=one.correction.strip()[:500],
        file=one.file,
        file_name=one.file_name[:200],
    )


def _refuse_changed_people(rows: Iterable[RoundCheck], actor: Actor) -> None:
    """Ask again on the day of the confirmation: posts and parts taken may have changed since it was recorded."""
    by_round: dict[int, list[RoundCheck]] = {}
    for row in rows:
        by_round.setdefault(row.item.round_id, []).append(row)
    for group in by_round.values():
        round_ = group[0].item.round
        ids = {pk for row in group for pk in (row.first_id, row.second_id)}
        people = inspectors(ids, round_.kind, round_.organisation_id, actor.today)
        met = looked([row.item.task for row in group])
        for row in group:
            draft = CheckDraft(row.item_id, row.result, row.first_id, row.second_id, row.captured_at)
            refuse(_people_faults(draft, people, met[row.item.task_id]))


def _follow(rows: Sequence[RoundCheck], actor: Actor) -> None:
    """Return the claims that are on their way on tasks of which a round found that they do not hold."""
    due = [row for row in rows if row.item.round.kind != RECHECK]
    on_way = set(
        Closure.objects.filter(
            Q(stage__in=("claimed", "signed", "verified")),
            live=True,
            task__in=[row.item.task_id for row in due],
        ).values_list("task_id", flat=True)
    )
    for row in due:
        if row.item.task_id not in on_way:
            continue
        given = Return(reason=row.reason, note=row.note, measure=row.note)
        made: list[ClosureReturn] = give_back([row.item.task_id], given, actor=actor)
        row.made_return = made[0]
        row.save(update_fields=["made_return"])
        record(
            actor=filed(actor, row.item.round.organisation_id),
            action="round.return",
            changed=[(row, ("made_return_id",))],
        )
