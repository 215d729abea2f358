"""The lists of the register as data: which columns each has, what can be filtered, and a list as its address.

address ─wish→ Wish (filters, order, columns, page) ─address→ the same address, canonical; no database here

>>> wish(TASKS, {"state": "doing", "sort": "-due_on"}).address(page=2)
'state=doing&sort=-due_on&page=2'
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlencode

from bihuan.core.findings import CATEGORIES, STATES
from bihuan.core.refusal import Refused

Shape = Literal["text", "date", "state", "category", "number", "partial"]
SIZES = (50, 100)
DUES = ("week", "month", "overdue", "none")
#: Where the newest attempt to close a task stands, and what waits for the person who asks.
STAGES = ("claimed", "signed", "verified", "closed", "accepted", "returned")
WAITS = ("todo", "sign", "verify", "close", "accept", "returned", "lapsed")
LONGEST_TEXT = 100
LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Its heading is the catalogue's ``findings.column-<key>``.

    `width` is in characters of a sheet.
    """

    key: str
    shape: Shape = "text"
    sorts: bool = False
    shown: bool = True
    fixed: bool = False
    width: int = 14
    #: The field of the row that this column writes when a sheet comes back; empty for what cannot be
    #: changed so.
    writes: str = ""
    #: The filters that make the column say the same in every row: under one of them it is not shown at first.
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One kind of list: its name in addresses, its columns in order, its filters and its first order."""

    name: str
    columns: tuple[Column, ...]
    filters: tuple[str, ...]
    order: str

    def column(self, key: str) -> Column | None:
        """Return the column with this key."""
        return next((column for column in self.columns if column.key == key), None)

    def first_columns(self, filters: Mapping[str, str]) -> tuple[str, ...]:
        """Return the keys of the columns shown under these filters unless others were chosen."""
        return tuple(
            column.key for column in self.columns if column.shown and filters.keys().isdisjoint(column.alike)
        )


TASKS = Listing(
    "tasks",
    (
        Column("number", sorts=True, fixed=True, width=9, writes="number"),
        Column("title", sorts=True, fixed=True, width=48, writes="title"),
        Column("problem", shown=False, width=9),
        Column("problem_title", shown=False, width=36),
        Column("inspection", shown=False, width=28),
        Column("unit", sorts=True, width=18, writes="unit"),
        Column("leader", sorts=True, width=12, writes="leader"),
        Column("category", "category", sorts=True, shown=False, width=10, writes="category"),
        Column("first_due_on", "date", sorts=True, shown=False, width=12),
        Column("due_on", "date", sorts=True, width=12, writes="due_on"),
        Column("extended", "number", shown=False, width=8),
        Column("state", "state", sorts=True, width=11, writes="state"),
        Column("measures", shown=False, width=48, writes="measures"),
        Column("expected", shown=False, width=30, writes="expected"),
        Column("remark", shown=False, width=24, writes="remark"),
    ),
    (
        "inspection", "problem", "unit", "own_unit", "leader", "state", "stage", "waiting", "category", "due", "text",
        "as_of",
    ),
    "number",
)  # fmt: skip
PROBLEMS = Listing(
    "problems",
    (
        Column("number", sorts=True, fixed=True, width=9),
        Column("title", sorts=True, fixed=True, width=48),
        Column("finding", width=36),
        Column("inspection", width=28, alike=("inspection", "finding")),
        Column("units", width=24),
        Column("tasks", "number", width=8),
        Column("last_due", "date", shown=False, width=12),
        Column("state", "state", width=11),
        Column("text", shown=False, width=48),
        Column("response", shown=False, width=60),
    ),
    ("inspection", "finding", "unit", "own_unit", "leader", "state", "text"),
    "number",
)  # fmt: skip
RESPONSIBILITIES = Listing(
    "responsibilities",
    (
        Column("unit", fixed=True, width=20),
        Column("leader", fixed=True, width=12),
        Column("problems", "number", width=8),
        Column("tasks", "number", width=8),
        Column("completed", "number", width=8),
        Column("basically_completed", "number", width=8),
        Column("long_term", "number", width=8),
        Column("open", "number", width=8),
        Column("overdue", "number", width=8),
        Column("numbers", shown=False, width=40),
    ),
    ("inspection", "unit", "leader"),
    "unit",
)  # fmt: skip
INSTITUTIONS = Listing(
    "institutions",
    (
        Column("title", sorts=True, fixed=True, width=44),
        Column("document_number", sorts=True, width=20),
        Column("issued", "partial", sorts=True, width=12),
        Column("unit", sorts=True, width=18),
        Column("problem", width=9),
        Column("inspection", width=28),
    ),
    ("inspection", "unit", "text"),
    "title",
)  # fmt: skip
INSPECTIONS = Listing(
    "inspections",
    (
        Column("title", sorts=True, fixed=True, width=40),
        Column("kind", width=10),
        Column("organisation", width=20),
        Column("feedback", "partial", sorts=True, width=12),
        Column("problems", "number", width=8),
        Column("tasks", "number", width=8),
        Column("ended", "number", width=8),
        Column("overdue", "number", width=8),
    ),
    ("kind", "mode", "text"),
    "-feedback",
)  # fmt: skip

LISTINGS: Mapping[str, Listing] = MappingProxyType(
    {listing.name: listing for listing in (TASKS, PROBLEMS, RESPONSIBILITIES, INSTITUTIONS, INSPECTIONS)}
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to see of a list. `filters` holds only what narrows it."""

    listing: Listing
    filters: Mapping[str, str]
    order: str
    columns: tuple[str, ...]
    page: int = 1
    size: int = SIZES[0]

    @property
    def sort_key(self) -> str:
        """Return the key of the column that the list is ordered by."""
        return self.order.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Tell whether the order is turned round."""
        return self.order.startswith("-")

    @property
    def chosen_columns(self) -> bool:
        """Tell whether other columns were chosen than stand there at first."""
        return self.columns != self.listing.first_columns(self.filters)

    def shown(self) -> tuple[Column, ...]:
        """Return the chosen columns in the list's own order."""
        return tuple(column for column in self.listing.columns if column.key in self.columns)

    def address(self, **changes: str | int) -> str:
        """Return the query of this list's address, with `changes`; an empty value takes a filter out.

        Any change but the page's begins at page 1 again. What is as it would be anyway is left out.
        """
        usual = {"sort": self.listing.order, "page": "1", "size": str(SIZES[0])}
        parts = {**self.filters, "sort": self.order, "size": str(self.size)}
        parts["page"] = str(self.page) if not changes else "1"
        parts.update({key: str(value) for key, value in changes.items()})
        filters = {key: parts[key] for key in self.listing.filters if parts.get(key)}
        usual["columns"] = ",".join(self.listing.first_columns(filters))
        if self.chosen_columns and "columns" not in changes:
            parts["columns"] = ",".join(self.columns)
        return urlencode(
            {key: value for key, value in parts.items() if value and usual.get(key) != value}, safe=","
        )

    def without(self, *keys: str) -> "Wish":
        """Return the wish with some filters taken out."""
        filters = {key: value for key, value in self.filters.items() if key not in keys}
        columns = self.columns if self.chosen_columns else self.listing.first_columns(filters)
        return replace(self, filters=filters, columns=columns, page=1)


def wish(listing: Listing, params: Mapping[str, str]) -> Wish:
    """Return the wish that an address holds.

    Parameters that no list knows (as a tracker's) are not looked at.

    :raises Refused: for a value that a filter, the order or a column does not know, so that nothing is
        shown which
        was not asked for.
    """
    filters = {}
    for key in listing.filters:
        value = params.get(key, "").strip()
        if value:
            filters[key] = _checked(listing, key, value)
    order = params.get("sort", "") or listing.order
    column = listing.column(order.removeprefix("-"))
    if order != listing.order and (column is None or not column.sorts):
        raise Refused("findings.unknown-order", value=order[:30])
    return Wish(
        listing, filters, order, _columns(listing, params.get("columns", ""), filters),
        page=_whole("page", params.get("page") or "1", LAST_PAGE),
        size=_size(params.get("size") or str(SIZES[0])),
    )  # fmt: skip


def due_range(word: str, today: date) -> tuple[date | None, date | None]:
    """Return the first and last due day that `word` (week, month, overdue) means, None where it is open.

    What is left of the week or month counts; what lies before today is overdue or done.

    >>> due_range("week", date(2026, 11, 25))
    (datetime.date(2026, 11, 25), datetime.date(2026, 11, 29))
    """
    if word == "week":
        return today, today + timedelta(days=6 - today.weekday())
    if word == "month":
        following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return today, following - timedelta(days=1)
    return None, today - timedelta(days=1)


def _checked(listing: Listing, key: str, value: str) -> str:
    known: Mapping[str, tuple[str, ...]] = {
        "state": STATES, "category": (*CATEGORIES, "none"), "due": DUES, "mode": ("live", "archive"),
        "stage": STAGES, "waiting": WAITS,
    }  # fmt: skip
    if key in known and not set(value.split(",")) <= set(known[key]) | (
        {"open"} if key == "state" else set()
    ):
        raise Refused("findings.unknown-filter", value=value[:30])
    if key in ("inspection", "problem", "finding", "unit", "own_unit") and value != "none":
        return str(_whole(key, value, 2**62))
    if key == "as_of":
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise Refused("findings.not-a-date", value=value[:30]) from None
    return value[:LONGEST_TEXT]


def _whole(key: str, value: str, most: int) -> int:
    if not (value.isascii() and value.isdecimal() and 1 <= int(value[:20]) <= most):
        raise Refused("findings.unknown-filter", value=f"{key}={value[:20]}")
    return int(value)


def _size(value: str) -> int:
    if value not in map(str, SIZES):
        raise Refused("findings.unknown-filter", value=f"size={value[:20]}")
    return int(value)


def _columns(listing: Listing, value: str, filters: Mapping[str, str]) -> tuple[str, ...]:
    if not value:
        return listing.first_columns(filters)
    chosen = set(value.split(","))
    if unknown := chosen - {column.key for column in listing.columns}:
        raise Refused("findings.unknown-column", value=min(unknown)[:30])
    return tuple(column.key for column in listing.columns if column.key in chosen or column.fixed)
