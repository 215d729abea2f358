"""Superiors' forms: the door, and what the register puts into their cells."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from bihuan.core.form_mapping import Mapped, Value, kind_of_rows, shown, writes
from bihuan.core.refusal import NotVisible, Refused
from bihuan.files.queries import bytes_of
from bihuan.findings.models import Inspection, Problem, Task
from bihuan.findings.queries.sight import LIVE, Reach, reach
from bihuan.findings.queries.tally import tally
from bihuan.findings.wording import category_word, state_word
from bihuan.formats.form_fill import fill_form
from bihuan.orgs.models import User
from bihuan.orgs.queries import require
from bihuan.oversight.models import FormTemplate

STATES = ("completed", "basically_completed", "long_term", "doing", "waiting", "todo")


def forms_seen(seen: Reach) -> QuerySet[FormTemplate]:
    """Return the forms in sight that are in use."""
    return (
        FormTemplate.objects.filter(seen.whole(), withdrawn=False)
        .select_related("file")
        .order_by("name", "pk")
    )


def form_for(user: User, pk: int, today: date, *, write: bool = False) -> FormTemplate:
    """Return a form that `user` sees, or with `write` may map.

    :raises NotVisible: when there is none for this person.
    :raises NotAllowed: when it is seen but not this person's to map.
    """
    found = forms_seen(reach(user, today)).filter(pk=pk).first()
    if found is None:
        raise NotVisible("forms.not-found")
    if write:
        require("write", user, found.organisation_id, today=today)
    return found


def mapped(form: FormTemplate) -> list[Mapped]:
    """Return the mapping of a form. One query."""
    return [Mapped(one.place, one.field, one.repeats) for one in form.cells.order_by("pk")]


def filled(form: FormTemplate, row: Inspection | Problem | Task, seen: Reach, as_of: date) -> bytes:
    """Return the form filled for an inspection, problem or task. A constant number of queries.

    :raises Refused: forms.nothing-mapped, forms.no-room.
    """
    cells = mapped(form)
    if not cells:
        raise Refused("forms.nothing-mapped")
    once = {name: shown(value) for name, value in _once(row, seen, as_of).items()}
    rows = list(_rows(kind_of_rows(cells) or "", row, seen))
    return fill_form(f"form.{form.kind}", bytes_of(form.file), writes(cells, once, rows))


def _once(row: Inspection | Problem | Task, seen: Reach, as_of: date) -> dict[str, str | int | date | None]:
    inspection = row if isinstance(row, Inspection) else row.inspection
    values: dict[str, str | int | date | None] = {
        "inspection.organisation": inspection.organisation.name,
        "filled_on": as_of,
        **{
            f"inspection.{name}": getattr(inspection, name)
            for name in ("title", "authority", "team", "subject", "feedback_on")
        },
    }
    if isinstance(row, Inspection):
        found = tally(inspection, seen, as_of=as_of)
        values |= {
            f"tally.{name}": getattr(found, name)
            for name in ("findings", "problems", "tasks", "institutions")
        }
        values |= {f"tally.{state}": found.of(state) for state in STATES}
        return values
    if isinstance(row, Task):
        return values | _task(row) | _problem(row.problem)
    return values | _problem(row)


def _rows(kind: str, row: Inspection | Problem | Task, seen: Reach) -> Iterable[dict[str, Value]]:
    if kind == "problem" and isinstance(row, Inspection):
        problems = row.problems.filter(seen.holding("problem"), withdrawn__in=LIVE).select_related("finding")
        found = [_problem(one) for one in problems.order_by("position", "pk")]
    elif kind == "task" and not isinstance(row, Task):
        tasks = row.tasks.filter(seen.below(), withdrawn__in=LIVE).select_related("problem__finding", "unit")
        found = [_task(one) | _problem(one.problem) for one in tasks.order_by("position", "pk")]
    else:
        found = []
    for place, values in enumerate(found, 1):
        yield {"row.place": place, **{name: shown(value) for name, value in values.items()}}


def _task(row: Task) -> dict[str, str | int | date | None]:
    return {
        **{
            f"task.{name}": getattr(row, name)
            for name in ("number", "title", "measures", "leader", "first_due_on", "due_on", "expected")
        },  # fmt: skip
        "task.unit": row.unit.name if row.unit else "",
        "task.category": str(category_word(row.category)) if row.category else "",
        "task.state": str(state_word(row.state)),
    }


def _problem(row: Problem) -> dict[str, str | int | date | None]:
    return {
        **{f"problem.{name}": getattr(row, name) for name in ("number", "title", "text", "response")},
        "problem.finding": f"{row.finding.number}{row.finding.title}",
    }
