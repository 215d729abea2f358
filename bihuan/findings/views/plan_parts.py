"""What of the plan stands on the pages of a task and a problem: lists, letters, changes, and who may fill them in."""

from datetime import date
from typing import Any

from bihuan.core.findings import OPEN_STATES
from bihuan.core.plan_rules import ASKED
from bihuan.findings.models import Problem, Task
from bihuan.findings.queries import plans as queries
from bihuan.findings.views.plan_asking import change_words
from bihuan.findings.wording import day
from bihuan.web import edge
from bihuan.web.catalogue import say


def task_part(row: Task, *, fills: bool, today: date) -> dict[str, Any]:
    """Return the plan's part of a task's page. Six queries."""
    lang = edge.language()
    return {
        "locked": bool(queries.locked_inspections([row.inspection_id])),
        "fills": fills,
        "open": row.state in OPEN_STATES,
        "extended": say("plan.extended", {"nth": row.extended}, lang=lang) if row.extended else "",
        "needs": [
            {
                "row": one,
                "kind": say(f"plan.kind-{one.kind}", lang=lang),
                "proves": say(f"plan.proves-{one.proves}", lang=lang),
            }
            for one in queries.NEEDS.rows(row.pk)
        ],
        "milestones": [
            {
                "row": one,
                "due": day(one.due_on, today=today),
                "done": day(one.done_on, today=today),
                "late": one.done_on is None and one.due_on < today,
            }
            for one in queries.MILESTONES.rows(row.pk)
        ],
        "waits": [
            {
                "row": one,
                "sent": day(one.sent_on, today=today),
                "due": day(one.reply_due_on, today=today),
                "replied": day(one.replied_on, today=today),
                "late": one.replied_on is None and one.reply_due_on < today,
            }
            for one in queries.WAITS.rows(row.pk)
        ],
        "changes": [
            {"row": one, "words": change_words(one), "waiting": one.state == ASKED}
            for one in queries.CHANGES.rows(row.pk)
        ],
    }


def problem_part(row: Problem, *, fills: bool) -> dict[str, Any]:
    """Return the plan's part of a problem's page. Two queries."""
    return {
        "locked": bool(queries.locked_inspections([row.inspection_id])),
        "fills": fills,
        "around": list(row.look_arounds.filter(withdrawn=False).order_by("position", "pk")),
    }
