"""Workbooks of units: given out for a period, all returned files shown as one preview, taken over as accepted.

open tasks ─make_workbooks→ one a unit · files ─preview→ Merge, `carried` ─accepted→ ─take_returned→ reports, days
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from typing import Any

from django.core import signing
from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.findings import OPEN_STATES
from bihuan.core.refusal import Conflict, NotAllowed, NotVisible, Refused
from bihuan.core.register import FieldFault, text_faults
from bihuan.core.source import UnreadableFile
from bihuan.core.workbook_merge import Answer, File, Merge, Said, chosen, merge
from bihuan.core.workbooks import ALPHABET, CODE_LENGTH, Note, read_book
from bihuan.findings.actions.saving import filed, lock_inspection, refuse
from bihuan.findings.book_words import step_cells, task_cells, words
from bihuan.findings.models import Inspection, ProgressReport, Step, Task, Workbook
from bihuan.findings.queries.progress import last_reports, open_steps
from bihuan.findings.queries.sight import LIVE
from bihuan.findings.queries.workbooks import given_of, now_of, said_since, tasks_by_unit, workbooks_of
from bihuan.formats.workbook_xlsx import read, unpacked

SALT = "findings.workbooks"
KEPT_SECONDS = 3600
MOST_FILES = 300
LONGEST_PERIOD = 40


@dataclass(frozen=True, slots=True)
class Preview:
    """What returned files would bring; `carried` goes to the commit, empty when there is nothing to take."""

    period: str
    merge: Merge
    carried: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a person accepted of a preview: units left out, and the choice (index, -1 for none) by task and step."""

    left_out: frozenset[int] = frozenset()
    tasks: Mapping[int, int] | None = None
    steps: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: reports, steps that are done now, and workbooks that count as returned."""

    reports: int
    steps: int
    units: int


@transaction.atomic
def make_workbooks(
    inspection: Inspection, period: str, due_on: date | None, *, actor: Actor
) -> list[Workbook]:
    """Make a workbook for each unit with open tasks that has none for this period; those that exist stay as they are.

    :raises NotAllowed: for an archive, whose tasks are declared.
    :raises Invalid: with every fault.
    :raises Refused: when no unit has an open task.
    """
    held = lock_inspection(inspection.pk)
    if held.mode != "live":
        raise NotAllowed("books.archive")
    period = period.strip()
    faults = list(text_faults({"period": period}, required=("period",)))
    if len(period) > LONGEST_PERIOD:
        faults.append(
            FieldFault("period", "findings.too-long", {"most": LONGEST_PERIOD, "length": len(period)})
        )
    if due_on is not None and due_on < actor.today:
        faults.append(FieldFault("due_on", "books.due-past"))
    refuse(faults)
    there = set(workbooks_of(held.pk, period).values_list("unit_id", flat=True))
    units = {unit: tasks for unit, tasks in tasks_by_unit(held).items() if unit is not None}
    if not units:
        raise Refused("books.no-open-tasks")
    fresh = {unit: tasks for unit, tasks in units.items() if unit not in there}
    every = [task.pk for tasks in fresh.values() for task in tasks]
    last, steps = last_reports(every), open_steps(every)
    rows = []
    for tasks in fresh.values():
        base = {
            "tasks": [[task.pk, task_cells(task, last.get(task.pk))] for task in tasks],
            "steps": [[step.pk, step_cells(task, step)] for task in tasks for step in steps.get(task.pk, ())],
        }
        rows.append(
            Workbook(
                inspection=held, organisation_id=held.organisation_id, unit=tasks[0].unit, code=_new_code(),
                period=period, due_on=due_on, rows=len(tasks), base=json.dumps(base, ensure_ascii=False),
                made_by_id=actor.user_id, made_at=actor.at,
            )
        )  # fmt: skip
    Workbook.objects.bulk_create(rows)
    record(actor=filed(actor, held.organisation_id), action="workbook.make", created=rows)
    return rows


@transaction.atomic
def withdraw_workbooks(inspection: Inspection, period: str, reason: str, *, actor: Actor) -> list[Workbook]:
    """Withdraw the workbooks of a period that nobody has returned, so that new ones can be made. Set-based.

    :raises NotVisible: when there is none.
    :raises Invalid: without a reason.
    """
    lock_inspection(inspection.pk)
    rows = list(
        Workbook.objects.select_for_update()
        .filter(inspection=inspection, period=period, withdrawn__in=LIVE, returned_on=None)
        .order_by("pk")
    )
    if not rows:
        raise NotVisible("findings.not-found")
    refuse(list(text_faults({"reason": reason}, required=("reason",))))
    for row in rows:
        row.withdrawn = True
    Workbook.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn=True)
    by = filed(actor, inspection.organisation_id)
    record(
        actor=by, action="workbook.withdraw", changed=[(row, ["withdrawn"]) for row in rows], reason=reason
    )
    return rows


def preview(
    inspection: Inspection, period: str, files: Sequence[tuple[str, bytes]], *, actor: Actor
) -> Preview:
    """Return what returned files would bring; nothing is written. A constant number of queries.

    :raises NotVisible: when nothing was given out for this period.
    :raises Refused: without a file, or with too many.
    """
    known = words()
    read_in = [_file(name, data, known) for packed in files for name, data in _unpacked(*packed)]
    if not read_in:
        raise Refused("books.no-file")
    if len(read_in) > MOST_FILES:
        raise Refused("books.too-many-files", most=MOST_FILES, count=len(read_in))
    given = given_of(workbooks_of(inspection.pk, period))
    if not given:
        raise NotVisible("findings.not-found")
    codes = [file.book.code for file in read_in if file.book is not None]
    made = merge(read_in, given, now_of(inspection, given, codes, actor.today), known)
    return Preview(period, made, _carry(inspection, made, actor.user_id))


@transaction.atomic
def take_returned(inspection: Inspection, carried: str, accepted: Accepted, *, actor: Actor) -> Written:
    """Write exactly what was accepted of a preview, all or nothing; what was written before is not written again.

    :raises Refused: when the preview is an hour old, of another person or inspection, or something is left to choose.
    :raises Conflict: when a task or step that is concerned has ended since the preview.
    """
    books = _opened(inspection, carried, actor.user_id)
    lock_inspection(inspection.pk)
    books = [one for one in books if one["pk"] not in accepted.left_out]
    tasks: dict[int, tuple[int, Answer]] = {}
    days: dict[int, tuple[int, date]] = {}
    for one in books:
        tasks |= {pk: (one["pk"], Answer(*value)) for pk, value in _picked(one["tasks"], accepted.tasks)}
        days |= {
            pk: (one["pk"], date.fromisoformat(value)) for pk, value in _picked(one["steps"], accepted.steps)
        }
    held = {
        row.pk: row
        for row in Workbook.objects.select_for_update()
        .filter(pk__in=[one["pk"] for one in books], inspection=inspection, withdrawn__in=LIVE)
        .order_by("pk")
    }
    if len(held) != len(books):
        raise Conflict("books.given-anew")
    reports = _reports(tasks, held, actor)
    steps = _steps(days)
    came = {one["pk"]: one["sha256"] for one in books}
    touched = {tasks[row.task_id][0] for row in reports} | {days[row.pk][0] for row in steps}
    for pk in touched:
        held[pk].returned_on, held[pk].returned_sha256 = actor.today, came[pk]
    back = [held[pk] for pk in sorted(touched)]
    ProgressReport.objects.bulk_create(reports)
    Step.objects.bulk_update(steps, ["done_on", "revision"])
    Workbook.objects.bulk_update(back, ["returned_on", "returned_sha256"])
    changed = (
        [(row, ["done_on"]) for row in steps],
        [(row, ["returned_on", "returned_sha256"]) for row in back],
    )
    by = filed(actor, inspection.organisation_id)
    record(actor=by, action="workbook.return", created=reports, changed=[*changed[0], *changed[1]])
    return Written(len(reports), len(steps), len(back))


def _reports(
    tasks: Mapping[int, tuple[int, Answer]], books: Mapping[int, Workbook], actor: Actor
) -> list[ProgressReport]:
    """Return the reports that the answers make, without those that are there; the tasks are locked.

    :raises Conflict: naming tasks that have ended, moved or were withdrawn since.
    """
    said = said_since(list(books))
    new = {
        pk: (book, answer)
        for pk, (book, answer) in tasks.items()
        if answer not in said.get((books[book].unit_id, pk), ())
    }
    rows = list(Task.objects.select_for_update().filter(pk__in=new).order_by("pk"))
    lost = [
        row.number
        for row in rows
        if row.withdrawn or row.state not in OPEN_STATES or row.unit_id != books[new[row.pk][0]].unit_id
    ]
    if lost:
        raise Conflict("books.ended-since", numbers="、".join(lost))
    return [
        ProgressReport(
            task=row, organisation_id=row.organisation_id, unit_id=row.unit_id, reported_on=actor.today,
            unchanged=answer.unchanged, text=answer.text, next_step=answer.next_step, obstacle=answer.obstacle,
            via="workbook", by_id=actor.user_id, recorded_at=actor.at,
        )
        for row in rows
        for answer in [new[row.pk][1]]
    ]  # fmt: skip


def _steps(days: Mapping[int, tuple[int, date]]) -> list[Step]:
    """Return the steps with their days, without those that have them; they are locked.

    :raises Conflict: when one was withdrawn or done on another day since.
    """
    rows = list(Step.objects.select_for_update().filter(pk__in=days).order_by("pk"))
    rows = [row for row in rows if row.done_on != days[row.pk][1]]
    lost = [row.title for row in rows if row.withdrawn or row.done_on is not None]
    if lost:
        raise Conflict("books.step-since", title=lost[0][:60])
    for row in rows:
        row.done_on = days[row.pk][1]
        row.revision += 1
    return rows


def _picked(found: Sequence[Any], choices: Mapping[int, int] | None) -> list[tuple[int, Any]]:
    picked = []
    for pk, values, held in found:
        at = chosen(len(values), held, (choices or {}).get(pk))
        if at is not None:
            picked.append((pk, values[at]))
    return picked


def _carry(inspection: Inspection, made: Merge, user_id: int | None) -> str:
    """Return what could be taken as a signed text that only this person can commit."""
    books = [
        {
            "pk": one.given.pk, "sha256": one.files[0][1],
            "tasks": [_plain(pk, said) for pk, said in one.tasks.items()],
            "steps": [_plain(pk, said) for pk, said in one.steps.items()],
        }
        for one in made.units
        if one.tasks or one.steps
    ]  # fmt: skip
    if not books:
        return ""
    body = {"user": user_id, "inspection": inspection.pk, "books": books}
    return signing.dumps(body, salt=SALT, compress=True)


def _plain(pk: int, said: Sequence[Said]) -> list[Any]:
    values = [
        list(astuple(one.value)) if isinstance(one.value, Answer) else one.value.isoformat() for one in said
    ]
    return [pk, values, next((at for at, one in enumerate(said) if one.held), None)]


def _opened(inspection: Inspection, carried: str, user_id: int | None) -> list[dict[str, Any]]:
    try:
        body = signing.loads(carried, salt=SALT, max_age=timedelta(seconds=KEPT_SECONDS))
    except signing.BadSignature:
        raise Refused("findings.sheet-preview-gone") from None
    if body["user"] != user_id or body["inspection"] != inspection.pk:
        raise Refused("findings.sheet-preview-gone")
    books: list[dict[str, Any]] = body["books"]
    return books


def _unpacked(name: str, data: bytes) -> list[tuple[str, bytes]]:
    """Return the files of a zip, any other file as it is: what is wrong with that is said when it is read."""
    try:
        return unpacked(name, data)
    except UnreadableFile:
        return [(name, data)]


def _file(name: str, data: bytes, known: Any) -> File:
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        return File(name, sha256, read_book(read(name, data), known))
    except UnreadableFile as wrong:
        return File(name, sha256, fault=Note(wrong.code, params=wrong.params, left=True))


def _new_code() -> str:
    return "BH" + "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
