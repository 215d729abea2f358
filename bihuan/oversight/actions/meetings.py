"""Special meetings: called, held, who was there and who stood aside, and the closing of tasks in them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.closure import CLOSE
from bihuan.core.meetings import CALLED, CANCELLED, HELD, KINDS, MANNERS, reference, text_faults
from bihuan.core.refusal import NotAllowed
from bihuan.core.register import FieldFault
from bihuan.findings.actions.closure import Given, take
from bihuan.findings.actions.saving import filed, refuse
from bihuan.findings.models import Closure, Recusal, Task
from bihuan.orgs.models import Unit
from bihuan.oversight.actions.numbering import next_number
from bihuan.oversight.actions.saving import (
    Sitting,
    Values,
    change,
    in_state,
    known_person,
    locked,
    needed,
    reference_faults,
)
from bihuan.oversight.models import Attendance, Dispatch, Meeting, MeetingRecusal
from bihuan.oversight.queries.doors import acting

EDITABLE = ("title", "held_on", "place", "chair", "topics", "account", "inspection_id")
MOST_PEOPLE = 300


@transaction.atomic
def call_meeting(organisation: Unit, values: Values, *, actor: Actor) -> Meeting:
    """Call a meeting under the next number of its kind.

    :raises Invalid: with every fault.
    """
    by = acting("write", actor, organisation.pk)
    kind = str(values.get("kind") or "")
    faults = _faults(values, organisation.pk)
    if kind not in KINDS:
        faults.append(FieldFault("kind", "oversight.meeting-kind", {"value": kind[:20]}))
    refuse(faults)
    row = Meeting.objects.create(
        organisation=organisation,
        kind=kind,
        number=next_number(organisation.pk, f"meeting-{kind}"),
        recorder_id=by.user_id,
        created_at=by.at,
        **{name: value for name, value in values.items() if name in EDITABLE},
    )
    record(actor=filed(by, organisation.pk), action="meeting.call", created=[row])
    return row


@transaction.atomic
def edit_meeting(meeting: Meeting, values: Values, *, revision: int, actor: Actor) -> Meeting:
    """Change a meeting that was not cancelled; the day of one that was held stays.

    :raises Invalid: with every fault.
    :raises Overtaken: when somebody changed it since `revision`.
    """
    by = acting("write", actor, meeting.organisation_id)
    row = locked(meeting, revision=revision, values=values)
    in_state(row, (CALLED, HELD), "oversight.sitting-cancelled")
    whole = {name: getattr(row, name) for name in EDITABLE} | dict(values)
    faults = _faults(whole, row.organisation_id)
    if row.state == HELD and whole["held_on"] != row.held_on:
        faults.append(FieldFault("held_on", "oversight.day-kept"))
    refuse(faults)
    kept = {name: value for name, value in values.items() if name in EDITABLE}
    return change(row, kept, action="meeting.edit", actor=by)


@transaction.atomic
def hold_meeting(meeting: Meeting, *, account: str = "", actor: Actor) -> Meeting:
    """Say that a meeting was held on its day; `account` is what was said there, for the minutes.

    :raises NotAllowed: before its day, or when it was held or cancelled.
    """
    by = acting("write", actor, meeting.organisation_id)
    row = locked(meeting)
    in_state(row, (CALLED,), "oversight.meeting-ended")
    if row.held_on > by.today:
        raise NotAllowed("oversight.meeting-ahead", day=row.held_on.isoformat())
    refuse(list(text_faults({"account": account})))
    values = {"state": HELD} | ({"account": account.strip()} if account.strip() else {})
    return change(row, values, action="meeting.hold", actor=by)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, reason: str, actor: Actor) -> Meeting:
    """Cancel a meeting that was called; its number stays.

    :raises NotAllowed: when it was held, cancelled, or has decisions.
    """
    by = acting("write", actor, meeting.organisation_id)
    row = locked(meeting)
    in_state(row, (CALLED,), "oversight.meeting-ended")
    if row.decisions.filter(withdrawn=False).exists():
        raise NotAllowed("oversight.has-decisions")
    return change(row, {"state": CANCELLED}, action="meeting.cancel", actor=by, reason=needed(reason))


@transaction.atomic
def set_attendance(sitting: Sitting, people: Sequence[Values], *, actor: Actor) -> list[Attendance]:
    """Set who was to be there: what is new is added, what is left out is marked as withdrawn, the rest stays.

    Each of `people`: name (or person_id), post, manner, reason, unit_id. Constant statements.

    :raises Invalid: with every fault, each under ``people`` with the place in the list.
    """
    by = acting("write", actor, sitting.organisation_id)
    held = locked(sitting)
    if held.state == CANCELLED:
        raise NotAllowed("oversight.sitting-cancelled")
    refuse(list(_people_faults(people, held.organisation_id)))
    link: dict[str, Any] = {"dispatch" if isinstance(held, Dispatch) else "meeting": held}
    there = list(Attendance.objects.filter(**link, withdrawn=False).order_by("position", "pk"))
    known = {_same(row): row for row in there}
    wanted = [
        Attendance(
            **link, position=at,
            **{"post": "", "reason": "", "name": "", **{key: value for key, value in one.items() if value is not None}},
        )
        for at, one in enumerate(people, 1)
    ]  # fmt: skip
    kept = {_same(row) for row in wanted} & set(known)
    gone = [row for key, row in known.items() if key not in kept]
    for row in gone:
        row.withdrawn = True
    Attendance.objects.filter(pk__in=[row.pk for row in gone]).update(withdrawn=True)
    made = Attendance.objects.bulk_create(row for row in wanted if _same(row) not in kept)
    record(
        actor=filed(by, held.organisation_id),
        action="attendance.set",
        created=made,
        changed=[(row, ["withdrawn"]) for row in gone],
    )
    return [*(known[key] for key in kept), *made]


@transaction.atomic
def recuse(
    meeting: Meeting,
    *,
    person_id: int,
    task_id: int | None = None,
    problem_id: int | None = None,
    reason: str,
    actor: Actor,
) -> MeetingRecusal:
    """Write down that a person stands aside from a task, or from every task of a problem, in this meeting.

    Closing refuses the person from then on: one row a task stands in the register.

    :raises Invalid: with every fault.
    """
    by = acting("write", actor, meeting.organisation_id)
    row = locked(meeting)
    if row.state == CANCELLED:
        raise NotAllowed("oversight.sitting-cancelled")
    faults = list(text_faults({"reason": reason}, required=("reason",)))
    if not known_person(person_id, row.organisation_id):
        faults.append(FieldFault("person_id", "oversight.person-outside"))
    tasks = _tasks_of(row.organisation_id, task_id, problem_id)
    if not tasks:
        faults.append(FieldFault("task_id", "oversight.task-outside"))
    refuse(faults)
    made = MeetingRecusal.objects.create(
        meeting=row, person_id=person_id, task_id=task_id, problem_id=None if task_id else problem_id,
        reason=reason.strip(),
    )  # fmt: skip
    known = Recusal.objects.filter(person_id=person_id, meeting=reference(row.pk), withdrawn=False)
    there = set(known.filter(task__in=tasks).values_list("task_id", flat=True))
    rows = Recusal.objects.bulk_create(
        Recusal(
            task_id=task, organisation_id=row.organisation_id, person_id=person_id, meeting=reference(row.pk),
            reason=reason.strip(), on=row.held_on,
        )
        for task in tasks
        if task not in there
    )  # fmt: skip
    record(actor=filed(by, row.organisation_id), action="meeting.recuse", created=[made, *rows])
    return made


@transaction.atomic
def close_in_meeting(meeting: Meeting, task_ids: Collection[int], *, actor: Actor) -> list[Closure]:
    """Close verified tasks in a meeting that was held: all or none, by a member of the leading group.

    :raises StepRefused: with every reason by task; nothing is written.
    :raises NotAllowed: when the meeting was not held, or a task is not of its organisation.
    """
    row = locked(meeting)
    in_state(row, (HELD,), "oversight.meeting-not-held")
    refuse([] if task_ids else [FieldFault("tasks", "oversight.nothing-chosen")])
    known = Task.objects.filter(pk__in=task_ids, organisation_id=row.organisation_id, withdrawn=False)
    if known.count() != len(set(task_ids)):
        raise NotAllowed("oversight.task-outside")
    return take(CLOSE, task_ids, Given(meeting=reference(row.pk), via="meeting", on=row.held_on), actor=actor)


def _faults(values: Values, organisation_id: int) -> list[FieldFault]:
    faults = list(text_faults(values, required=("title",)))
    if values.get("held_on") is None:
        faults.append(FieldFault("held_on", "findings.required"))
    return [*faults, *reference_faults(values, organisation_id)]


def _people_faults(people: Sequence[Values], organisation_id: int) -> Iterable[FieldFault]:
    if len(people) > MOST_PEOPLE:
        yield FieldFault("people", "oversight.people-many", {"most": MOST_PEOPLE})
        return
    seen = set()
    for at, one in enumerate(people, 1):
        name = str(one.get("name") or "").strip()
        for fault in text_faults(one, required=("name",)):
            yield FieldFault(
                "people", "oversight.person-fault", {"place": at, "name": name[:20], "field": fault.field}
            )
        if one.get("manner") not in MANNERS:
            yield FieldFault("people", "oversight.manner-unknown", {"place": at, "name": name[:20]})
        if (key := (name, one.get("post"))) in seen:
            yield FieldFault("people", "oversight.person-twice", {"place": at, "name": name[:20]})
        seen.add(key)
        if one.get("person_id") and not known_person(int(one["person_id"]), organisation_id):
            yield FieldFault("people", "oversight.person-stranger", {"place": at, "name": name[:20]})


def _same(row: Attendance) -> tuple[object, ...]:
    return row.name, row.person_id, row.post, row.unit_id, row.manner, row.reason


def _tasks_of(organisation_id: int, task_id: int | None, problem_id: int | None) -> list[int]:
    rows = Task.objects.filter(organisation_id=organisation_id, withdrawn=False)
    if task_id is not None:
        return list(rows.filter(pk=task_id).values_list("pk", flat=True))
    return list(rows.filter(problem_id=problem_id).values_list("pk", flat=True)) if problem_id else []
