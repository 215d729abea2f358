"""May this person write all of these tasks? The one door to many rows at once."""

from collections.abc import Collection
from datetime import date

from bihuan.core.refusal import NotVisible
from bihuan.findings.models import Task
from bihuan.findings.queries.sight import LIVE, reach
from bihuan.orgs.models import User
from bihuan.orgs.queries import require


def require_write_to_tasks(user: User, ids: Collection[int], today: date) -> None:
    """Let pass whoever sees every one of these tasks and may write in their organisations.

    :raises NotVisible: when one is not there for this person.
    :raises NotAllowed: when one is seen but may not be written.
    """
    rows = Task.objects.filter(reach(user, today).tasks(), pk__in=ids, withdrawn__in=LIVE)
    organisations = dict.fromkeys(rows.values_list("organisation_id", flat=True).order_by("organisation_id"))
    if rows.count() != len(set(ids)):
        raise NotVisible("findings.not-found")
    for organisation in organisations:
        require("write", user, organisation, today=today)
