"""What a list can be narrowed to, and a person's saved views: short lists for the filters, each from an index."""

from django.db import connection
from django.db.models import QuerySet

from bihuan.findings.models import Inspection, InspectionKind, Institution, SavedView, Task
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.orgs.models import Unit, UnitLink

MOST_UNITS = 200
MOST_LEADERS = 60
MOST_INSPECTIONS = 60
MOST_VIEWS = 30

#: The names of leaders in order, each found as the least above the one before.
LEAPS = """
WITH RECURSIVE names(leader) AS (
  SELECT MIN(leader) FROM findings_task WHERE organisation_id = %s AND withdrawn = %s AND leader > %s
  UNION ALL
  SELECT (SELECT MIN(leader) FROM findings_task WHERE organisation_id = %s AND withdrawn = %s AND leader > names.leader)
  FROM names WHERE names.leader IS NOT NULL
)
SELECT leader FROM names WHERE leader IS NOT NULL LIMIT %s
"""

Choice = tuple[str, str]


def unit_choices(seen: Reach) -> list[Choice]:
    """Return the active units in sight in the order of the directory, MOST_UNITS at most. One query."""
    inside = UnitLink.objects.filter(ancestor__in=seen.organisations).order_by().values("descendant_id")
    rows = Unit.objects.filter(pk__in=inside, is_active=True) | Unit.objects.filter(
        pk__in=seen.units, is_active=True
    )
    return [
        (str(pk), name) for pk, name in rows.order_by("position", "pk").values_list("pk", "name")[:MOST_UNITS]
    ]


def organisation_units(organisation_id: int) -> list[Choice]:
    """Return the active units of one organisation, itself first. One query."""
    links = UnitLink.objects.filter(ancestor_id=organisation_id, descendant__is_active=True)
    rows = links.order_by("depth", "descendant__position", "descendant_id").values_list(
        "descendant_id", "descendant__name"
    )
    return [(str(pk), name) for pk, name in rows]


def leader_choices(seen: Reach) -> list[str]:
    """Return the lead leaders named by tasks in sight, MOST_LEADERS at most. One query.

    In one organisation it leaps from name to name on the index, for DISTINCT would read every task (on PostgreSQL
    30 ms at 50,000). Whoever sees many organisations types the name.
    """
    if len(seen.organisations) == 1 and not seen.units:
        with connection.cursor() as cursor:
            cursor.execute(
                LEAPS, [seen.organisations[0], False, "", seen.organisations[0], False, MOST_LEADERS]
            )
            return [name for (name,) in cursor.fetchall()]
    if len(seen.organisations) > 1:
        return []
    rows = Task.objects.filter(seen.tasks(), withdrawn__in=LIVE, leader__gt="").order_by("leader")
    return list(rows.values_list("leader", flat=True).distinct()[:MOST_LEADERS])


def inspection_choices(seen: Reach) -> list[Choice]:
    """Return the newest inspections in sight. One query."""
    rows = Inspection.objects.filter(seen.holding("inspection"), withdrawn__in=LIVE).order_by(
        "-feedback_on", "-pk"
    )
    return [(str(pk), title) for pk, title in rows.values_list("pk", "title")[:MOST_INSPECTIONS]]


def other_institutions(row: Institution) -> list[Choice]:
    """Return the newest institutions of the same organisation that may have taken this one's place. One query."""
    rows = Institution.objects.filter(organisation_id=row.organisation_id, withdrawn__in=LIVE).exclude(
        pk=row.pk
    )
    return [
        (str(pk), title[:60]) for pk, title in rows.order_by("-pk").values_list("pk", "title")[:MOST_UNITS]
    ]


def kinds() -> QuerySet[InspectionKind]:
    """Return the kinds of inspection in their order."""
    return InspectionKind.objects.order_by("position", "code")


def saved_views(seen: Reach, listing: str) -> list[SavedView]:
    """Return the person's saved views of a list. One query."""
    return list(SavedView.objects.filter(owner_id=seen.user_id, list=listing).order_by("pk")[:MOST_VIEWS])
