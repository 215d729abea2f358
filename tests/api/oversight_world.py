"""What oversight has in the world of the access table: a dispatch, a meeting, letters to both departments."""

from datetime import date

from bihuan.findings.models import Task
from bihuan.oversight.actions import decisions, dispatches, letters, meetings
from bihuan.oversight.actions.replies import Reply, reply_to
from bihuan.oversight.models import LetterReply
from tests.cast import TODAY, Cast, actor_for


def make_oversight(cast: Cast, task: Task, word: str) -> dict[str, int]:
    """Make one of each through the real actions; `word` stands in every text. Letters go to the other department."""
    office = actor_for(cast.office)
    prepared = dispatches.prepare(cast.organisation, week_of=TODAY, actor=office)
    held = dispatches.prepare(cast.organisation, week_of=date(2026, 11, 17), actor=office)
    held = dispatches.hold(held, held_on=date(2026, 11, 18), values={"place": word}, actor=office)
    called = _meeting(cast, word)
    meeting = meetings.hold_meeting(_meeting(cast, word), actor=office)
    meetings.set_attendance(meeting, [{"name": word, "manner": "present"}], actor=office)
    given = {"text": f"{word}限期完成", "unit_id": cast.safety.pk, "due_on": TODAY, "task_id": task.pk}
    decision = decisions.add_decision(held, given, actor=office)
    question = decisions.add_decision(meeting, {"text": f"{word}是否延期", "asked": True}, actor=office)
    draft = _letter(cast, task, word)
    letter = letters.issue_letter(_letter(cast, task, word), actor=office)
    answered = letters.issue_letter(_letter(cast, task, word), actor=office)
    reply: LetterReply = reply_to(answered, Reply(text=word, signer=word), actor=office)
    return {
        "dispatch_id": prepared.pk, "held_dispatch_id": held.pk, "meeting_id": called.pk,
        "held_meeting_id": meeting.pk, "decision_id": decision.pk, "question_id": question.pk,
        "draft_letter_id": draft.pk, "letter_id": letter.pk, "reply_id": reply.pk,
    }  # fmt: skip


def _meeting(cast: Cast, word: str):
    values = {"kind": "special", "title": f"{word}专题会", "held_on": TODAY}
    return meetings.call_meeting(cast.organisation, values, actor=actor_for(cast.office))


def _letter(cast: Cast, task: Task, word: str):
    values = {
        "kind": "reminder", "unit_id": cast.safety.pk, "addressee": f"{word}：", "title": f"{word}提醒函",
        "text": word, "reply_due_on": date(2026, 11, 30),
    }  # fmt: skip
    return letters.draft_letter(cast.organisation, values, task_ids=[task.pk], actor=actor_for(cast.office))
