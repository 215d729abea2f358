"""Whose rows a person sees in the register.

Account + day ─reach→ the one predicate of every list, sum and export.

The sets of `orgs.queries.sight` are read once here as numbers: organisations whose every row is seen, and single units
whose tasks are seen, those that they lead and those that they work on (配合单位). With plain numbers a list is answered
from its index, which a subquery would not allow; only people of single units pay for the subquery of joint units.
"""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.core import access
from bihuan.findings.models import JointUnit, Task
from bihuan.orgs.models import User
from bihuan.orgs.queries import Sight

#: What is not withdrawn, for `withdrawn__in`: ``withdrawn=False`` becomes NOT in SQL, which SQLite takes to no index.
LIVE = (False,)

#: `Sight.units` and `Sight.organisations` in one statement: it is asked by every request, and to make it from the
#: models took longer than any other part of a short answer. What is held: own grants, and grants that are lent.
REACHED = """
WITH given (unit_id) AS (
  SELECT grant_.unit_id
  FROM orgs_grant AS grant_
  JOIN orgs_post AS post ON post.id = grant_.post_id
  JOIN orgs_user AS person ON person.id = post.person_id
  WHERE post.person_id = %(user)s AND person.is_active = %(yes)s
    AND grant_.role NOT IN (%(system)s, %(security)s, %(audit)s)
    AND grant_.starts_on <= %(day)s AND (grant_.ends_on IS NULL OR grant_.ends_on >= %(day)s)
    AND post.starts_on <= %(day)s AND (post.ends_on IS NULL OR post.ends_on >= %(day)s)
  UNION
  SELECT lent.unit_id
  FROM orgs_delegation AS lent
  JOIN orgs_post AS post ON post.id = lent.post_id
  JOIN orgs_user AS person ON person.id = post.person_id
  JOIN orgs_grant AS grant_ ON grant_.id = lent.grant_id
  JOIN orgs_post AS from_post ON from_post.id = grant_.post_id
  JOIN orgs_user AS principal ON principal.id = from_post.person_id
  WHERE post.person_id = %(user)s AND person.is_active = %(yes)s AND principal.is_active = %(yes)s
    AND grant_.role NOT IN (%(system)s, %(security)s, %(audit)s)
    AND lent.starts_on <= %(day)s AND lent.ends_on >= %(day)s
    AND post.starts_on <= %(day)s AND (post.ends_on IS NULL OR post.ends_on >= %(day)s)
    AND grant_.starts_on <= %(day)s AND (grant_.ends_on IS NULL OR grant_.ends_on >= %(day)s)
    AND from_post.starts_on <= %(day)s AND (from_post.ends_on IS NULL OR from_post.ends_on >= %(day)s)
)
SELECT DISTINCT below.id, below.kind, held.kind
FROM given
JOIN orgs_unit AS held ON held.id = given.unit_id
JOIN orgs_unitlink AS link ON link.ancestor_id = given.unit_id
JOIN orgs_unit AS below ON below.id = link.descendant_id
WHERE below.kind = 'organisation' OR held.kind IN ('department', 'enterprise')
ORDER BY below.id
"""

#: Who sees nothing of the register by that grant, as the statement names them.
ADMINISTRATORS = MappingProxyType(
    {"system": access.SYSTEM_ADMIN, "security": access.SECURITY_ADMIN, "audit": access.AUDIT_ADMIN}
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What one person sees of the register today."""

    user_id: int | None
    today: date
    organisations: tuple[int, ...]
    units: tuple[int, ...] = ()

    def tasks(self, prefix: str = "") -> Q:
        """Return the predicate of the tasks in sight; `prefix` leads from the model to Task."""
        seen = self.whole(f"{prefix}organisation")
        return seen | self._own(prefix) if self.units else seen

    def below(self, prefix: str = "") -> Q:
        """Return the predicate of tasks in sight below rows that are in sight already.

        For whoever sees the whole organisation that is no condition at all, and the index of the row above is taken.
        """
        return self.tasks(prefix) if self.units else Q()

    def holding(self, link: str, *, organisation: str = "organisation") -> Q:
        """Return the predicate of rows whose organisation is seen, or that hold a task in sight by `link`."""
        seen = self.whole(organisation)
        if not self.units:
            return seen
        own = Task.objects.filter(self._own(), **{link: OuterRef("pk")}, withdrawn__in=LIVE)
        return seen | Q(Exists(own))

    def joint(self) -> QuerySet[JointUnit, int]:
        """Return the numbers of the tasks on which a unit in sight works with the lead unit."""
        return JointUnit.objects.filter(unit_id__in=self.units).values_list("task_id", flat=True)

    def whole(self, organisation: str = "organisation") -> Q:
        """Return the predicate of rows whose whole organisation is seen."""
        if len(self.organisations) == 1:
            return Q(**{f"{organisation}_id": self.organisations[0]})
        return Q(**{f"{organisation}_id__in": self.organisations})

    def _own(self, prefix: str = "") -> Q:
        return Q(**{f"{prefix}unit_id__in": self.units}) | Q(**{f"{prefix}pk__in": self.joint()})


def reach(user: User | None, today: date) -> Reach:
    """Return what `user` sees of the register today. One query."""
    return _read(user.pk if user is not None and user.is_active else None, today)


def reach_of(seen: Sight) -> Reach:
    """Return what a sight means for the register. One query."""
    return _read(seen.user_id, seen.today)


def _read(user_id: int | None, today: date) -> Reach:
    if user_id is None:
        return Reach(None, today, ())
    day = connection.ops.adapt_datefield_value(today)
    with connection.cursor() as cursor:
        cursor.execute(REACHED, {"user": user_id, "yes": True, "day": day, **ADMINISTRATORS})
        found = cursor.fetchall()
    organisations = dict.fromkeys(pk for pk, kind, _held in found if kind == "organisation")
    single = dict.fromkeys(pk for pk, _kind, held in found if held in ("department", "enterprise"))
    return Reach(user_id, today, tuple(organisations), tuple(single))
