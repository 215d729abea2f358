"""What a page offers a person: a link is shown to whom the page behind it opens, asked by what that page asks.

Without the role nothing is asked; with it, two or three questions.
"""

from django.http import HttpRequest

from bihuan.core.access import OFFICE, STEPS
from bihuan.core.refusal import NotAllowed
from bihuan.findings.actions.plan_hands import Place, hand
from bihuan.orgs.edge import user_of
from bihuan.orgs.queries import may_write
from bihuan.web import edge


def keeps(request: HttpRequest, organisation_id: int) -> bool:
    """Tell whether the person holds the office of the organisation today."""
    has_role = OFFICE in edge.frame_of(request).roles
    return has_role and may_write(user_of(request), organisation_id, edge.today(request))


def may_take(request: HttpRequest, organisation_id: int, *places: Place) -> bool:
    """Tell whether the person may take one of these steps today, himself or for another."""
    roles = edge.frame_of(request).roles
    if not any(STEPS[step] & roles for step, _unit in places):
        return False
    try:
        hand(edge.actor_of(request), places, organisation_id=organisation_id)
    except NotAllowed:
        return False
    return True
