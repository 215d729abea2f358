"""What a preview of a sheet carries into the commit: the rows as typed, signed for one person and one hour."""

from collections.abc import Sequence

from django.core import signing

from bihuan.core.refusal import Refused
from bihuan.orgs.importing.sheet import COLUMNS, Row

SALT = "orgs.importing"
KEPT_SECONDS = 3600


def carry(rows: Sequence[Row], *, organisation_id: int, mode: str, user_id: int | None) -> str:
    """Return the rows as a signed text that only this person can commit."""
    lines = [[row.number, *(row.values[key] for key in COLUMNS)] for row in rows]
    held = {"user": user_id, "organisation": organisation_id, "mode": mode, "rows": lines}
    return signing.dumps(held, salt=SALT, compress=True)


def carried(text: str, *, organisation_id: int, user_id: int | None) -> tuple[list[Row], str]:
    """Return the rows and the mode of a preview.

    :raises Refused: when the text was changed, is an hour old, or was made for somebody or something else.
    """
    try:
        held = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        raise Refused("orgs.import-gone") from None
    if (held["user"], held["organisation"]) != (user_id, organisation_id):
        raise Refused("orgs.import-gone")
    rows = [Row(number, dict(zip(COLUMNS, cells, strict=True))) for number, *cells in held["rows"]]
    return rows, held["mode"]
