"""Whose rows a person sees in the register.

Account + day ─reach→ the one predicate of every list, sum and export.

The sets of `orgs.queries.sight` are read once here as numbers: organisations whose every row is seen,
and single units
whose own tasks are seen. With plain numbers a list is answered from its index, which a subquery would
not allow.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from bihuan.findings.models import Task
from bihuan.orgs.models import Unit, UnitLink, User
from bihuan.orgs.queries import Sight, running_grants, sight

#: What is not withdrawn, for `withdrawn__in`: ``withdrawn=False`` becomes NOT in SQL, which SQLite takes to no index.
LIVE = (False,)


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
        return seen | Q(**{f"{prefix}unit_id__in": self.units}) if self.units else seen

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
        own = Task.objects.filter(**{link: OuterRef("pk")}, unit_id__in=self.units, withdrawn__in=LIVE)
        return seen | Q(Exists(own))

    def whole(self, organisation: str = "organisation") -> Q:
        """Return the predicate of rows whose whole organisation is seen."""
        if len(self.organisations) == 1:
            return Q(**{f"{organisation}_id": self.organisations[0]})
        return Q(**{f"{organisation}_id__in": self.organisations})


def reach(user: User | None, today: date) -> Reach:
    """Return what `user` sees of the register today. Three queries."""
    return reach_of(sight(user, today))


def reach_of(seen: Sight) -> Reach:
    """Return what a sight means for the register. Two queries."""
    if seen.user_id is None:
        return Reach(None, seen.today, ())
    organisations = Unit.objects.filter(pk__in=seen.organisations).order_by("pk").values_list("pk", flat=True)
    single = (
        UnitLink.objects.filter(
            ancestor__in=running_grants(seen.user_id, seen.today).values("unit_id"),
            ancestor__kind__in=("department", "enterprise"),
        )
        .order_by()
        .values_list("descendant_id", flat=True)
        .distinct()
    )
    return Reach(seen.user_id, seen.today, tuple(organisations), tuple(single))
