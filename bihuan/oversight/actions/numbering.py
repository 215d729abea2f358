"""Running numbers without gaps or doubles: the row of the series is locked until the transaction ends."""

from bihuan.oversight.models import Series


def next_number(organisation_id: int, kind: str, *, year: int = 0) -> int:
    """Return the next number of a series; call it inside the transaction that uses the number. Three statements.

    A transaction that fails gives its number back, so that none is missing.
    """
    Series.objects.get_or_create(organisation_id=organisation_id, kind=kind, year=year)
    row = Series.objects.select_for_update().get(organisation_id=organisation_id, kind=kind, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
