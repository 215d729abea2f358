"""What happened to a task with its closure, newest first, in plain sentences: 贺明渠审签，同意按已完成申请."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from bihuan.audit.models import Event
from bihuan.audit.queries import values_of
from bihuan.core.closure import DONE, STEPS
from bihuan.findings.closure_words import return_told, say_closure, say_desk
from bihuan.findings.models import Closure, ClosureReturn, Reopening, SignSheet
from bihuan.findings.timeline import MOST, Act, acts
from bihuan.findings.wording import state_word
from bihuan.web.prepared import Question

#: What stands in the act of a step beside the row that says it: the task, its evidence, a claim that was sent back.
SAID_ELSEWHERE = {"task": ("closure.",), "closure": ("closure.return", "closure.reopen", "sheet.")}


def task_timeline(task_id: int) -> list[Act]:
    """Return the acts on a task and on its closure, MOST at most. Eight queries at most."""
    closures = {row.pk: row for row in CLOSURES.rows(task_id)}
    sheets = {row.pk: row for row in SHEETS.rows(task_id)}
    returns: dict[int, ClosureReturn] = {}
    reopenings: dict[int, Reopening] = {}
    if closures:
        rows = ClosureReturn.objects.filter(task=task_id)
        returns = {row.pk: row for row in rows.select_related("evidence", "need", "by", "principal")}
        reopenings = {row.pk: row for row in Reopening.objects.filter(task=task_id).select_related("by")}
    asked = Q(kind="task", object_id=task_id)
    found: Mapping[str, Mapping[int, Any]] = {
        "closure": closures, "sign_sheet": sheets, "closure_return": returns, "reopening": reopenings,
    }  # fmt: skip
    for kind, held in found.items():
        if held:
            asked |= Q(kind=kind, object_id__in=list(held))
    events = [
        event for event in Event.objects.filter(asked).order_by("-seq")[: 3 * MOST] if not _twice(event)
    ]
    return acts(events[:MOST], lambda event, people: _said(event, found, people), _people(events[:MOST]))


CLOSURES = Question(lambda task: Closure.objects.filter(task=task))
SHEETS = Question(lambda task: SignSheet.objects.filter(task=task))


def _twice(event: Event) -> bool:
    return event.action.startswith(SAID_ELSEWHERE.get(event.kind, ("-",)))


def _people(events: Sequence[Event]) -> set[int]:
    """Return those who took a step, whom the sentence names in place of who recorded it."""
    found = set()
    for event in events:
        if event.kind in ("closure", "sign_sheet"):
            found |= {
                value
                for name, value in values_of(event).items()
                if name.endswith(("_by_id", "_for_id", "signer_id"))
            }
    return found - {None}


def _said(
    event: Event, rows: Mapping[str, Mapping[int, Any]], people: Mapping[int, str]
) -> tuple[str, str] | None:
    """Return the sentence of an event of closure and its mark; None for any other."""
    row = rows.get(event.kind, {}).get(event.object_id)
    if row is None:
        return None
    if event.kind == "closure":
        return _step(event, row, people)
    if event.kind == "closure_return":
        told = return_told(row)
        return (
            say_desk(
                "act-return", name=f"{told['who']}{told['principal']}", to=told["to"], reason=told["reason"],
                failed=told["failed"],
            ),
            "hot",
        )  # fmt: skip
    who = people.get(event.actor_id or 0, "")
    if event.kind == "reopening":
        reason = say_closure(f"reason-{row.reason}")
        return say_desk("act-reopen", name=who, reason=reason, note=row.note), "hot"
    verb = event.action.rpartition(".")[2]
    signer = people.get(values_of(event).get("signer_id") or 0, "")
    return say_desk(f"act-sheet-{verb}", name=who, step=say_closure(f"step-{row.step}"), signer=signer), ""


def _step(event: Event, row: Closure, people: Mapping[int, str]) -> tuple[str, str]:
    values = values_of(event)
    verb = event.action.rpartition(".")[2]
    if verb not in STEPS:
        return say_desk("act-withdraw", name=people.get(event.actor_id or 0, "")), ""
    done = DONE[verb]
    name = people.get(values.get(f"{done}_by_id") or 0, "")
    principal = people.get(values.get(f"{done}_for_id") or 0, "")
    if principal:
        name += say_desk("for", name=principal)
    said = say_desk(f"act-{verb}", name=name, state=state_word(row.end_state))
    via = values.get(f"{done}_via") or ""
    if via not in ("", "screen"):
        said += say_desk("act-via", via=say_desk(f"via-{via}"))
    return said, "key"
