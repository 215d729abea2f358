"""What oversight adds to pages of the register: a task's letters and decisions, the ways on from an inspection."""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from bihuan.core.access import OFFICE, STEPS
from bihuan.core.rounds import STEP
from bihuan.findings.models import Inspection, Task
from bihuan.findings.queries.sight import Reach, reach_of
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.queries import may_write
from bihuan.oversight.models import Decision, Letter, LetterTask
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.letters import number_of
from bihuan.oversight.queries.rounds import may_lead
from bihuan.oversight.queries.rules import rules_of
from bihuan.oversight.views.letters import letter_row
from bihuan.web import edge
from bihuan.web.contributed import Part, contribute
from bihuan.web.prepared import Question

#: Of each kind so many are shown on a task's page; the lists hold all.
MOST = 20


def contribute_all() -> None:
    """Add what oversight has to say to the pages below."""
    contribute("task", "oversight", of_task)
    contribute("inspection-ways", "oversight", of_inspection)


def of_task(request: HttpRequest, task: Task) -> Part | None:
    """Return the letters about a task and what was decided about it, as far as this person sees them.

    Most tasks have neither, which one short question tells.
    """
    if not TOLD_OF.rows(task.pk):
        return None
    seen, today = reach_of(sight_of(request)), edge.today(request)
    letters = _letters(seen, task)
    rules = rules_of(task.organisation_id, today) if letters else None
    decided = list(doors.decisions_seen(seen).filter(task=task).order_by("done_on", "due_on", "pk")[:MOST])
    if not letters and not decided:
        return None
    rows = [letter_row(row, number_of(row, rules), today) for row in letters] if rules else []
    return Part("oversight/parts/of_task.html", {"letters": rows, "decisions": decided})


def of_inspection(request: HttpRequest, inspection: Inspection) -> Part | None:
    """Return the ways on from a live inspection: its rounds and dispatches, and beginning one of each."""
    if inspection.mode != "live" or inspection.withdrawn:
        return None
    user, today, roles = user_of(request), edge.today(request), edge.frame_of(request).roles
    owner = inspection.organisation_id
    leads = any(STEPS[step] & roles for step in STEP.values()) and any(
        may_lead(kind, user.pk, owner, today) for kind in STEP
    )
    prepares = OFFICE in roles and may_write(user, owner, today)
    if not leads and not prepares:
        return None
    return Part(
        "oversight/parts/of_inspection.html",
        {"inspection": inspection, "leads": leads, "prepares": prepares},
    )


def _letters(seen: Reach, task: Task) -> list[Letter]:
    about = LetterTask.objects.filter(letter=OuterRef("pk"), task=task)
    return list(doors.letters_seen(seen).filter(Exists(about))[:MOST])


def _told_of(task: int) -> QuerySet[LetterTask, tuple[int]]:
    decided = Decision.objects.filter(task=task, withdrawn=False).order_by().values_list("pk")
    return LetterTask.objects.filter(task=task).order_by().values_list("pk").union(decided, all=True)


TOLD_OF = Question(_told_of)
