"""What every answer is made of: values ─json→ bytes; rows of a list under the words of the API; files as downloads.

Answers are written straight from values, without a model in between: a list of 100 rows costs less than its query.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.http import content_disposition_header

Row = Mapping[str, Any]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: What the fields of a row are called in the API; every other is called as its model calls it.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "pk": "id",
        "kind_id": "kind",
        "unit__name": "unit",
        "organisation__name": "organisation",
        "problem__number": "problem",
        "problem__title": "problem_title",
        "finding__number": "finding",
        "finding__title": "finding_title",
        "inspection__title": "inspection",
        "inspection__mode": "mode",
        "kind__name": "kind_name",
        "kind__name_en": "kind_name_en",
        "numbers": "problem_numbers",
    }
)
#: What the page needs for itself.
UNSAID = frozenset({"place"})


def json(data: Any, *, status: int = 200) -> HttpResponse:
    """Return the answer that holds `data`; days are ISO, moments carry their offset."""
    return HttpResponse(orjson.dumps(data), status=status, content_type="application/json")


def created(data: Any) -> HttpResponse:
    """Return the answer to a request that made something."""
    return json(data, status=201)


def page(rows: Sequence[Any], *, total: int, number: int, size: int) -> HttpResponse:
    """Return one page of a list, with how many rows there are in all."""
    return json({"total": total, "page": number, "size": size, "rows": rows})


def renamed(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the rows of a list under the words of the API."""
    rows = list(rows)
    if not rows:
        return []
    names = [(key, WORDS.get(key, key)) for key in rows[0] if key not in UNSAID]
    return [{name: row[key] for key, name in names} for row in rows]


def download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """Return a file to be kept, never shown as a page."""
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name)
            or "attachment"
        },
    )
