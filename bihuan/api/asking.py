"""What a list is asked for: the query of an address ─wanted→ Wish; the same filters, order and columns as the page.

Unlike the page, the API refuses a parameter that the list does not know: a filter misspelt must not show everything.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from bihuan.core.lists import LISTINGS, Wish, wish
from bihuan.core.refusal import Refused

LARGEST_PAGE = 200
USUAL_PAGE = 50
LAST_PAGE = 100_000
PAGING = ("page", "size")


def known(name: str) -> tuple[str, ...]:
    """Return the parameters that the list `name` takes."""
    return (*LISTINGS[name].filters, "sort", "columns", *PAGING)


def wanted(request: HttpRequest, name: str) -> Wish:
    """Return what is wanted of the list `name`.

    :raises Refused: for an unknown parameter or a value that the list does not know.
    """
    listing = LISTINGS[name]
    params = asked(request, known(name))
    number, size = paging(params)
    shown = {key: value for key, value in params.items() if key not in PAGING}
    return replace(wish(listing, shown), page=number, size=size)


def asked(request: HttpRequest, names: Collection[str]) -> dict[str, str]:
    """Return the parameters of an address.

    :raises Refused: for one that is not known, given twice, or holds a NUL character.
    """
    for key, values in request.GET.lists():
        if key not in names:
            raise Refused("api.unknown-parameter", name=key[:40].replace("\x00", ""), known="、".join(names))
        if len(values) > 1:
            raise Refused("api.parameter-twice", name=key)
        if "\x00" in values[0]:
            raise Refused("api.parameter-nul", name=key)
    return request.GET.dict()


def paging(params: dict[str, str]) -> tuple[int, int]:
    """Return the number and the size of the page that is asked for."""
    number = whole(params, "page", most=LAST_PAGE, usual=1)
    return number or 1, whole(params, "size", most=LARGEST_PAGE, usual=USUAL_PAGE) or USUAL_PAGE


def whole(params: dict[str, str], key: str, *, most: int = 2**63 - 1, usual: int | None = None) -> int | None:
    """Return the whole number from 1 to `most` that a parameter holds, `usual` when it is not there.

    :raises Refused: for everything else.
    """
    text = params.get(key, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most):
        raise Refused("api.parameter-number", name=key, value=text[:20], most=most)
    return int(text)


def day(params: dict[str, str], key: str) -> date | None:
    """Return the day that a parameter holds, None when it is not there.

    :raises Refused: when there is no such day.
    """
    text = params.get(key, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else _no_day(text)
    except ValueError:
        return _no_day(text)


def moment(params: dict[str, str], key: str) -> datetime | None:
    """Return the moment (with its offset) that a parameter holds, None when it is not there.

    :raises Refused: when there is no such moment, or it has no offset.
    """
    text = params.get(key, "")
    if not text:
        return None
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1 < found.year < 9999:
        raise Refused("api.parameter-moment", name=key, value=text[:40])
    return found


def cut(rows: QuerySet[Any], params: dict[str, str]) -> tuple[list[Any], int, int, int]:
    """Return the rows of the page asked for, how many there are, the page's number and its size. Two queries."""
    number, size = paging(params)
    total = Paginator(rows, size).count
    return list(rows[(number - 1) * size : number * size]), total, number, size


def _no_day(text: str) -> date:
    raise Refused("findings.not-a-date", value=text[:30])
