"""Who was held to account, as counts: only for whoever may read it; and the uses of institutions."""

from datetime import date

from django.db.models import QuerySet

from bihuan.core import accountability as core
from bihuan.core.accountability import READERS, Summary
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.findings.models import Accountability, Inspection, InstitutionUse
from bihuan.findings.queries.doors import inspection_for, institution_for
from bihuan.findings.queries.sight import LIVE
from bihuan.orgs.models import Post, User
from bihuan.orgs.queries.acting import capacities


def may_account(user: User, organisation_id: int, today: date) -> bool:
    """Tell whether `user` may read who was held to account in the organisation."""
    held = capacities(user.pk, {organisation_id}, today)[organisation_id]
    return bool(READERS & {capacity.role for capacity in held})


def inspection_to_account(user: User, inspection_id: int, today: date) -> Inspection:
    """Return an inspection whose accountability `user` may read.

    :raises NotVisible: when the inspection is not seen.
    :raises NotAllowed: for whoever is neither of the office, the leading group, supervision nor the superior.
    """
    row = inspection_for(user, inspection_id, today)
    if not may_account(user, row.organisation_id, today):
        raise NotAllowed("accountability.restricted")
    return row


def accountability_for(user: User, row_id: int, today: date) -> Accountability:
    """Return an entry that `user` may read; refusals as of `inspection_to_account`."""
    row = Accountability.objects.select_related("inspection", "problem").filter(pk=row_id).first()
    if row is None:
        raise NotVisible("findings.not-found")
    inspection_to_account(user, row.inspection_id, today)
    return row


def accountabilities(inspection_id: int) -> QuerySet[Accountability]:
    """Return the entries of an inspection, the latest first."""
    rows = Accountability.objects.filter(inspection_id=inspection_id, withdrawn__in=LIVE)
    return rows.select_related("problem").order_by("-decided_on", "-pk")


def accountability_summary(inspection_id: int) -> Summary:
    """Return the sum by form, for notices; counts and money only. One query."""
    rows = Accountability.objects.filter(inspection_id=inspection_id, withdrawn__in=LIVE)
    return core.summary(core.Row(*row) for row in rows.values_list("form", "persons", "recovered"))


def directory_names(organisation_id: int) -> list[str]:
    """Return the names of everybody who holds or held a post in the organisation. One query."""
    rows = Post.objects.filter(unit__links_up__ancestor_id=organisation_id)
    return list(rows.order_by().values_list("person__name", flat=True).distinct())


def use_for(user: User, use_id: int, today: date) -> InstitutionUse:
    """Return a use of an institution that `user` sees.

    :raises NotVisible: when there is none for this person.
    """
    use = InstitutionUse.objects.select_related("file").filter(pk=use_id).first()
    if use is None:
        raise NotVisible("findings.not-found")
    use.institution = institution_for(user, use.institution_id, today)
    return use
