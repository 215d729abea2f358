"""Writing a sheet that came back: changes as shown ─same revisions?→ one plan ─all or nothing→ rows and events."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from bihuan.audit.actor import Actor
from bihuan.core.refusal import Conflict
from bihuan.findings.actions.bulk import NotTogether, Plan, locked_rows, plan, problem_plan, write
from bihuan.findings.actions.saving import Values
from bihuan.findings.models import Problem, Task

Wanted = Mapping[int, tuple[int, Values]]


@transaction.atomic
def write_back(listing: str, changes: Wanted, *, actor: Actor) -> int:
    """Write the changes of a sheet: for each task or problem the revision that the person saw, and the new values.

    Nothing is written when anything fails; what is as it should be is left alone. Returns how many were written.

    :raises Conflict: when a row was changed after the preview.
    :raises NotTogether: when a change is no longer allowed.
    """
    wanted = {pk: values for pk, (_revision, values) in changes.items()}
    made: Plan
    if listing == "problems":
        problems = locked_rows(Problem, changes.keys())
        _same_revisions(problems, changes)
        made = problem_plan(problems, wanted)
    else:
        tasks = locked_rows(Task, changes.keys())
        _same_revisions(tasks, changes)
        made = plan(tasks, wanted)
    if made.refused:
        raise NotTogether(made.refused)
    write(made.changes, action=f"{listing.removesuffix('s')}.return", actor=actor)
    return len(made.changes)


def _same_revisions(rows: Sequence[Task | Problem], changes: Wanted) -> None:
    overtaken = [row.number for row in rows if row.revision != changes[row.pk][0]]
    if overtaken:
        raise Conflict("findings.sheet-overtaken", count=len(overtaken), number=overtaken[0])
