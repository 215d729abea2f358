"""More rows of every kind beside and below those that the world of the access table names, to see what grows with them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Model

from bihuan.documents.models import Draft, Received
from bihuan.files.models import StoredFile
from bihuan.files.store import keep
from bihuan.findings.findable import findables
from bihuan.findings.models import (
    Accountability,
    Blocker,
    Closure,
    ClosureReturn,
    Comment,
    Dispute,
    Evidence,
    Finding,
    Inspection,
    Institution,
    InstitutionUse,
    Milestone,
    OutsideWait,
    PlanOpinion,
    Problem,
    Recipient,
    Recusal,
    SignSheet,
    Step,
    Task,
    TaskState,
)
from bihuan.jobs.models import Job
from bihuan.notices.models import Notice
from bihuan.notify.models import Notification, Robot
from bihuan.orgs.models import Unit
from bihuan.oversight.models import (
    Assessment,
    Decision,
    Dispatch,
    Letter,
    LetterTask,
    Meeting,
    Round,
    RoundItem,
)
from bihuan.search.actions import put
from tests.api.world import World
from tests.cast import NOW, TODAY, make_person, make_unit


def grow(world: World, size: int) -> None:
    """Put `size` more rows of every kind beside and below those that the addresses name."""
    ids, cast = world.ids, world.cast
    rows = [
        *many(Inspection, ids["inspection_id"], size, lambda row, n: setattr(row, "title", f"第{n}轮巡察")),
        *many(Finding, ids["finding_id"], size, numbered("number")),
        *many(Problem, ids["problem_id"], size, numbered("number")),
        *(tasks := many(Task, ids["task_id"], size, numbered("number"))),
        *many(Institution, ids["institution_id"], size, lambda row, n: setattr(row, "title", f"江澜制度{n}")),
    ]
    put(findables(rows))
    state = TaskState.objects.filter(task_id=ids["task_id"]).latest("pk")
    for task in tasks:
        state.pk, state.task_id = None, task.pk
        state.save()
    many(Step, ids["step_id"], size, numbered("title"))
    many(Notice, ids["notice_id"], size, lambda row, n: setattr(row, "made_at", NOW - timedelta(days=n)))
    _papers(ids, size)
    _told(ids, size)
    _closures(ids, tasks, size)
    _evidence(ids, size)
    _oversight(ids, tasks, size)
    for number in range(size // 10):
        unit = make_unit(
            f"江澜第{number}企业", kind="enterprise", parent=Unit.objects.get(pk=cast.organisation.pk)
        )
        make_person(f"p{number}", f"人员{number}", unit=unit, role="reader")


def many(model: type[Model], pk: int, size: int, change: Callable[[Any, int], None]) -> list[Any]:
    """Return `size` more rows like the row `pk`, each changed so that it may stand beside it."""
    rows = []
    for number in range(1, size + 1):
        row = model._default_manager.get(pk=pk)
        row.pk = None
        change(row, number)
        rows.append(row)
    return model._default_manager.bulk_create(rows)


def numbered(name: str, **more: Any) -> Callable[[Any, int], None]:
    """Return what gives a copied row its own value of `name`."""

    def change(row: Any, number: int) -> None:
        setattr(row, name, f"9{number}")
        row.position = 1000 + number if hasattr(row, "position") else None
        for key, value in more.items():
            setattr(row, key, value)

    return change


def _same(_row: Any, _number: int) -> None:
    """A row like another: nothing of it need differ."""


def _told(ids: Any, size: int) -> None:
    many(Notification, ids["notification_id"], size, lambda row, n: setattr(row, "key", f"k{n}"))
    many(Robot, ids["robot_id"], size, lambda row, n: setattr(row, "name", f"群{n}"))
    many(Job, ids["job_id"], size, lambda row, n: setattr(row, "key", f"k{n}"))


def _files(pk: int, size: int, mark: str) -> list[StoredFile]:
    """Return as many stored files as asked, with their bytes; `mark` tells one lot from another."""

    def own_bytes(row: StoredFile, number: int) -> None:
        kept = keep([f"江澜{mark}{number}".encode()], limit=100)
        row.sha256, row.size = kept.sha256, kept.size

    return many(StoredFile, pk, size, own_bytes)


def _papers(ids: Any, size: int) -> None:
    document = Received.objects.get(pk=ids["document_id"])
    files = _files(document.file_id, size, "文件")

    def own_file(row: Received, number: int) -> None:
        row.file = files[number - 1]

    received = many(Received, document.pk, size, own_file)

    def own_document(row: Draft, number: int) -> None:
        row.document = received[number - 1]

    many(Draft, ids["draft_id"], size, own_document)


def _closures(ids: Any, tasks: list[Task], size: int) -> None:
    """Attempts of the named task that came back, one on its way on every task beside it, and what stands around them."""
    task = Task.objects.get(pk=ids["task_id"])
    of = {
        "organisation_id": task.organisation_id,
        "inspection_id": task.inspection_id,
        "end_state": "completed",
    }
    back = Closure.objects.bulk_create(
        Closure(
            task=task, number=n, live=False, stage="returned", text=f"江澜第{n}次", claimed_on=TODAY, **of
        )
        for n in range(1, size + 1)
    )
    ClosureReturn.objects.bulk_create(
        ClosureReturn(
            closure=one, organisation_id=task.organisation_id, task=task, from_stage="claimed", to_stage="unit",
            reason="other", measure=f"第{one.number}条", on=TODAY, at=NOW,
        )
        for one in back
    )  # fmt: skip
    stages = ("claimed", "signed", "verified")
    Closure.objects.bulk_create(
        Closure(task=one, number=1, stage=stages[n % 3], text=f"江澜第{n}项", claimed_on=TODAY, **of)
        for n, one in enumerate(tasks)
    )
    many(SignSheet, ids["sheet_id"], size, lambda row, n: setattr(row, "code", f"G{n:011}"))
    many(Recusal, ids["recusal_id"], size, lambda row, n: setattr(row, "meeting", f"第{n}次会议"))
    for model, name in (
        (Blocker, "blocker_id"), (Dispute, "dispute_id"), (Recipient, "recipient_id"), (Comment, "comment_id"),
        (OutsideWait, "wait_id"), (Milestone, "milestone_id"), (InstitutionUse, "use_id"),
        (Accountability, "entry_id"), (PlanOpinion, "opinion_id"),
    ):  # fmt: skip
        many(model, ids[name], size, _same)


def _evidence(ids: Any, size: int) -> None:
    """Pieces of the task of the named one and of the named task, each its own file."""
    piece = Evidence.objects.get(pk=ids["evidence_id"])
    assert piece.file_id is not None
    files = _files(piece.file_id, 2 * size, "材料")
    for place, task in enumerate((piece.task_id, ids["task_id"])):

        def own_file(row: Evidence, number: int, place: int = place, task: int = task) -> None:
            row.task_id, row.file, row.position = task, files[place * size + number - 1], number
            row.name = f"江澜材料{number}.txt"

        many(Evidence, piece.pk, size, own_file)


def _oversight(ids: Any, tasks: list[Task], size: int) -> None:
    def own_week(row: Dispatch, number: int) -> None:
        row.number, row.monday = 1000 + number, row.monday - timedelta(weeks=number)

    def own_number(row: Any, number: int) -> None:
        row.number = 1000 + number

    def own_task(row: Any, number: int) -> None:
        row.task = tasks[number - 1]
        if isinstance(row, RoundItem):
            row.label, row.position, row.ticket = f"G{number}", 1000 + number, ""

    many(Dispatch, ids["held_dispatch_id"], size, own_week)
    many(Meeting, ids["meeting_id"], size, own_number)
    many(Decision, ids["decision_id"], size, _same)
    many(Decision, ids["question_id"], size, _same)
    many(Letter, ids["letter_id"], size, own_number)
    many(LetterTask, LetterTask.objects.filter(letter_id=ids["letter_id"]).latest("pk").pk, size, own_task)
    many(Round, ids["round_id"], size, own_number)
    many(RoundItem, ids["round_item_id"], size, own_task)
    many(Assessment, ids["assessment_id"], size, _same)
