"""Writing a sheet that came back: changes as shown ─same revisions?→ one plan ─all or nothing→ rows and events."""

from collections.abc import Mapping

from django.db import transaction

from bihuan.audit.actor import Actor
from bihuan.core.refusal import Conflict
from bihuan.findings.actions.bulk import NotTogether, locked_tasks, plan, write
from bihuan.findings.actions.saving import Values


@transaction.atomic
def write_back(changes: Mapping[int, tuple[int, Values]], *, actor: Actor) -> int:
    """Write the changes of a sheet: for each task id the revision that the person saw, and the new values.

    Nothing is written when anything fails; what is as it should be is left alone. Returns how many were written.

    :raises Conflict: when a task was changed after the preview.
    :raises NotTogether: when a change is no longer allowed.
    """
    tasks = locked_tasks(changes.keys())
    overtaken = [task.number for task in tasks if task.revision != changes[task.pk][0]]
    if overtaken:
        raise Conflict("findings.sheet-overtaken", count=len(overtaken), number=overtaken[0])
    made = plan(tasks, {pk: values for pk, (_revision, values) in changes.items()})
    if made.refused:
        raise NotTogether(made.refused)
    write(made.changes, action="task.return", actor=actor)
    return len(made.changes)
