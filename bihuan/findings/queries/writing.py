"""May this person write all of these tasks or problems? The one door to many rows at once."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from types import MappingProxyType

from django.db.models import QuerySet

from bihuan.core.refusal import NotVisible
from bihuan.findings.models import Problem, Task
from bihuan.findings.queries.sight import LIVE, reach
from bihuan.orgs.models import User
from bihuan.orgs.queries import require


def require_write_to_tasks(user: User, ids: Collection[int], today: date) -> None:
    """Let pass whoever sees every one of these tasks and may write in their organisations.

    :raises NotVisible: when one is not there for this person.
    :raises NotAllowed: when one is seen but may not be written.
    """
    seen = reach(user, today)
    _require_write(Task.objects.filter(seen.tasks(), withdrawn__in=LIVE), user, ids, today)


def require_write_to_problems(user: User, ids: Collection[int], today: date) -> None:
    """Let pass whoever sees every one of these problems and may write in their organisations.

    :raises NotVisible: when one is not there for this person.
    :raises NotAllowed: when one is seen but may not be written.
    """
    seen = reach(user, today)
    _require_write(Problem.objects.filter(seen.holding("problem"), withdrawn__in=LIVE), user, ids, today)


#: Whoever may write the rows of a list that comes back.
REQUIRED: Mapping[str, Callable[[User, Collection[int], date], None]] = MappingProxyType(
    {"tasks": require_write_to_tasks, "problems": require_write_to_problems}
)


def _require_write(
    held: QuerySet[Task] | QuerySet[Problem], user: User, ids: Collection[int], today: date
) -> None:
    rows = held.filter(pk__in=ids)
    organisations = dict.fromkeys(rows.values_list("organisation_id", flat=True).order_by("organisation_id"))
    if rows.count() != len(set(ids)):
        raise NotVisible("findings.not-found")
    for organisation in organisations:
        require("write", user, organisation, today=today)
