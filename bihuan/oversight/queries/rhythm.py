"""Which weeks had no dispatch: from the week after the first live inspection was registered, while tasks are open."""

from datetime import date, timedelta

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from bihuan.core.findings import OPEN_STATES
from bihuan.core.meetings import HELD
from bihuan.core.weeks import WEEK, missed, monday_of
from bihuan.findings.models import Inspection, Task, TaskState
from bihuan.findings.queries.sight import LIVE
from bihuan.orgs.models import Unit
from bihuan.oversight.models import Dispatch
from bihuan.oversight.queries.rules import rules_of, works_of


def missed_weeks(organisation: Unit | int, until: date) -> list[date]:
    """Return the Mondays of the weeks without a dispatch by the end of `until`, oldest first. At most seven queries.

    A week counts once its last working day has passed. It was due from the day that the organisation set
    (``dispatch-from``), else from the week after its first live inspection was registered or its first dispatch, and
    as long as a task was open.
    """
    pk = organisation if isinstance(organisation, int) else organisation.pk
    rows = Dispatch.objects.filter(organisation_id=pk)
    held = set(rows.filter(state=HELD, held_on__lte=until).values_list("monday", flat=True))
    first = rules_of(pk, until).day("dispatch-from") or _first(pk, held)
    last = _last(pk, until)
    return missed(first, last, held, working=works_of(pk)) if first is not None and last is not None else []


def _first(organisation_id: int, held: set[date]) -> date | None:
    begun = _live(organisation_id).aggregate(first=Min("created_at"))["first"]
    days = [monday_of(timezone.localdate(begun)) + WEEK] if begun else []
    return min([*days, *held], default=None)


def _last(organisation_id: int, until: date) -> date | None:
    """Return the day until which a dispatch is due: `until`, or the end of the week before the last task was ended."""
    tasks = Task.objects.filter(inspection__in=_live(organisation_id), withdrawn__in=LIVE)
    if tasks.filter(state__in=OPEN_STATES).exists():
        return until
    states = TaskState.objects.filter(task__in=tasks, superseded_at=None, effective_until=None)
    ended: date | None = states.aggregate(last=Max("effective_on"))["last"]
    return min(until, monday_of(ended) - timedelta(days=1)) if ended else None


def _live(organisation_id: int) -> QuerySet[Inspection]:
    return Inspection.objects.filter(organisation_id=organisation_id, mode="live", withdrawn__in=LIVE)
