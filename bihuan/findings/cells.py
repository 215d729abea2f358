"""The cells of every list: a row and a column ─raw→ a plain value (for sheets) ─html→ what the page shows.

Rows are made here, not in a template: fifty rows of eight cells are a page's largest cost.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from bihuan.core.lists import INSPECTIONS, PROBLEMS, RESPONSIBILITIES, TASKS, Column, Listing, Wish
from bihuan.findings.queries.tree import is_late, lapsed_since
from bihuan.findings.wording import category_word, day, flag, partial, state_mark, state_word, told
from bihuan.web.catalogue import say
from bihuan.web.edge import language

Row = Mapping[str, Any]
Raw = str | int | date | None

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "problem": "problem__number",
        "problem_title": "problem__title",
        "inspection": "inspection__title",
        "unit": "unit__name",
        "organisation": "organisation__name",
        "issued": "issued_on",
        "feedback": "feedback_on",
    }
)
DETAIL: Mapping[str, str] = MappingProxyType(
    {
        "tasks": "findings:task",
        "problems": "findings:problem",
        "institutions": "findings:institution",
        "inspections": "findings:inspection",
    }
)
#: How each column stands in a row on a phone: classes of the stylesheet.
NARROW: Mapping[str, str] = MappingProxyType(
    {
        "number": "w2 nb id",
        "unit": "w2 nb",
        "due_on": "w2 nb",
        "state": "nb st",
        "leader": "off nb",
        "last_due": "w2 nb",
    }
)


@dataclass(frozen=True, slots=True)
class Dress:
    """What the rows of one page need besides their values. Addresses are made once, not for each row."""

    listing: Listing
    columns: Sequence[Column]
    today: date
    pick: bool = False
    tasks_url: str = ""
    problems_url: str = ""
    detail_url: str = ""
    inspection: str = ""


def dress(wish: Wish, today: date, *, pick: bool = False) -> Dress:
    """Return what the rows of this list need."""
    name = wish.listing.name
    detail = reverse(DETAIL[name], args=[0]).removesuffix("0/") if name in DETAIL else ""
    scope = wish.filters.get("inspection", "")
    tasks, problems = reverse("findings:tasks"), reverse("findings:problems")
    return Dress(wish.listing, wish.shown(), today, pick, tasks, problems, detail, scope)


def raw(listing: Listing, column: Column, row: Row) -> Raw:
    """Return the plain value of a cell: text, a number, a day, the word of a state or category."""
    if listing.name == "problems" and column.key == "finding":
        return f"{row['finding__number']} {row['finding__title']}"
    if column.key == "units":
        return "、".join(row["units"])
    if column.key == "kind":
        return str(row["kind__name_en" if language() == "en" else "kind__name"])
    if column.shape == "state":
        return state_word(row[column.key]) or declared_word(row)
    if column.shape == "category":
        return category_word(row[column.key])
    value: Raw = row[FIELDS.get(column.key, column.key)]
    return value


def declared_word(row: Row) -> str:
    """Return how a notice words the state of a problem that has no tasks here, marked as declared."""
    words = row.get("declared_state", "")
    return told("declared-state", words=words) if words else told("no-tasks")


def rows_html(rows: Sequence[Row], dressed: Dress) -> SafeString:
    """Return the table rows of a page."""
    return format_html_join("\n", "{}", ((_row(row, dressed),) for row in rows))


def _row(row: Row, dressed: Dress) -> SafeString:
    late = dressed.listing is TASKS and is_late(row, dressed.today)
    cells = format_html_join(
        "", "{}", ((_cell(row, column, dressed, late=late),) for column in dressed.columns)
    )
    pick: SafeString | str = ""
    if dressed.pick:
        pick = format_html(
            '<td role="cell" class="pick"><input type="checkbox" name="id" value="{}" aria-label="{}"></td>',
            row["pk"], told("pick-row", number=row["number"]),
        )  # fmt: skip
    return format_html('<tr role="row" class="{}">{}{}</tr>', "hot" if late else "", pick, cells)


def _cell(row: Row, column: Column, dressed: Dress, *, late: bool) -> SafeString:
    if column.key == "title":
        url = f"{dressed.detail_url}{row['pk']}/"
        archive = dressed.listing is INSPECTIONS and row["mode"] == "archive"
        return format_html(
            '<th role="rowheader" scope="row" class="ttl plain"><a href="{}">{}</a>{}</th>',
            url,
            _untitled(row["title"]),
            format_html(" {}", _archive()) if archive else "",
        )
    shown = MAKERS.get((dressed.listing.name, column.key), _plain)(row, column, dressed)
    if dressed.listing is PROBLEMS and column.key == "inspection" and row["inspection__mode"] == "archive":
        shown = format_html("{} {}", shown, _archive())
    if column.shape == "state" and late:
        days = (dressed.today - row["due_on"]).days
        shown = format_html("{} {}", shown, flag("late", told("overdue-days", days=days)))
    if dressed.listing is TASKS and column.key == "state" and (since := lapsed_since(row, dressed.today)):
        days = (dressed.today - since).days
        shown = format_html("{} {}", shown, flag("late", told(f"lapsed-{row['state']}", days=days)))
    if dressed.listing is TASKS and column.key == "due_on" and row["extended"]:
        shown = format_html("{} {}", shown, flag("late", extended_word(row["extended"])))
    if dressed.listing is RESPONSIBILITIES and column.key == "unit":
        return format_html('<th role="rowheader" scope="row" class="ttl">{}</th>', shown)
    narrow = "num" if column.shape == "number" else NARROW.get(column.key, "off")
    if column.shape == "number":
        label = told(f"column-{column.key}")
        return format_html('<td role="cell" class="num" data-l="{}">{}</td>', label, shown)
    return format_html('<td role="cell" class="{}">{}</td>', narrow, shown)


def extended_word(nth: int) -> str:
    """Return how often a due date was extended, nothing for never."""
    return say("plan.extended", {"nth": nth}, lang=language()) if nth else ""


def _archive() -> SafeString:
    return format_html('<span class="tag">{}</span>', told("mode-archive"))


def _plain(row: Row, column: Column, dressed: Dress) -> SafeString | str:
    if column.shape == "state":
        state = row[column.key]
        return state_mark(state) if state else format_html('<span class="soft">{}</span>', declared_word(row))
    value = raw(dressed.listing, column, row)
    if column.shape == "partial":
        return partial(str(value or ""))
    if isinstance(value, date):
        return day(value, today=dressed.today)
    return conditional_escape("" if value is None else str(value))


def _count(row: Row, column: Column, dressed: Dress) -> SafeString | str:
    """Return a number of the responsibility list as a link to the same rows."""
    number = row[column.key]
    if not number:
        return "0"
    more = {"tasks": "", "overdue": "&state=open&due=overdue"}.get(column.key, f"&state={column.key}")
    unit = f"own_unit={row['unit_id'] or 'none'}&leader={row['leader'] or 'none'}"
    scope = f"&inspection={dressed.inspection}" if dressed.inspection else ""
    if column.key == "problems":
        return format_html('<a href="{}?{}{}">{}</a>', dressed.problems_url, unit, scope, number)
    return format_html('<a href="{}?{}{}{}">{}</a>', dressed.tasks_url, unit, more, scope, number)


def _inspection_count(row: Row, column: Column, dressed: Dress) -> SafeString | str:
    more = {"ended": "&state=completed,basically_completed,long_term", "overdue": "&state=open&due=overdue"}
    if not row[column.key]:
        return "0"
    url = dressed.problems_url if column.key == "problems" else dressed.tasks_url
    query = f"inspection={row['pk']}{more.get(column.key, '')}"
    return format_html('<a href="{}?{}">{}</a>', url, query, row[column.key])


def _untitled(title: str) -> str:
    """Return a title as a list shows it, without its closing full stop."""
    return title.removesuffix("。")


Maker = Callable[[Row, Column, Dress], SafeString | str]
MAKERS: Mapping[tuple[str, str], Maker] = MappingProxyType(
    {
        **{
            (RESPONSIBILITIES.name, column.key): _count
            for column in RESPONSIBILITIES.columns
            if column.shape == "number"
        },
        **{
            (INSPECTIONS.name, column.key): _inspection_count
            for column in INSPECTIONS.columns
            if column.shape == "number"
        },
    }
)
