"""The five lists: address ─wish→ page of rows ─→ one template; printed whole on demand; saved as a person's view."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from bihuan.core.access import OFFICE
from bihuan.core.findings import CATEGORIES, STATES
from bihuan.core.lists import DUES, LISTINGS, STAGES, Column, Listing, Wish, wish
from bihuan.core.refusal import NotVisible
from bihuan.core.returned import MARKS
from bihuan.findings import cells
from bihuan.findings.actions import views as saved
from bihuan.findings.queries import choices, desk, lists, others
from bihuan.findings.queries.doors import saved_view_for
from bihuan.findings.queries.lists import ListPage
from bihuan.findings.queries.sight import Reach, reach_of
from bihuan.findings.views.closure_together import steps_together
from bihuan.findings.wording import category_word, column_word, partial, state_word, told
from bihuan.orgs.edge import sight_of, user_of
from bihuan.web import edge
from bihuan.web.catalogue import say

PRINT_SIZE = 2000
PAGES: Mapping[str, Callable[[Reach, Wish], ListPage]] = MappingProxyType(
    {
        "tasks": lists.task_page,
        "problems": lists.problem_page,
        "responsibilities": others.responsibility_page,
        "institutions": others.institution_page,
        "inspections": others.inspection_page,
    }
)
#: The lists that can be exported, and the one whose rows are changed together.
EXPORTED = ("tasks", "problems", "responsibilities", "institutions")
CHANGED_TOGETHER = "tasks"
#: Filters that nobody chooses here: a link came with them, and they can be taken away.
FIXED = ("as_of", "problem", "finding", "own_unit", "waiting")


@require_GET
def show(request: HttpRequest, name: str) -> HttpResponse:
    """Show one page of a list; with ``print=1`` all of it (PRINT_SIZE at most) on a page of its own."""
    seen = reach_of(sight_of(request))
    listing = LISTINGS[name]
    wanted = wish(listing, request.GET.dict())
    printing = request.GET.get("print") == "1"
    if printing:
        wanted = Wish(listing, wanted.filters, wanted.order, wanted.columns, size=PRINT_SIZE)
    page = PAGES[name](seen, wanted)
    office = OFFICE in edge.frame_of(request).roles
    steps = steps_together(edge.frame_of(request).roles) if name == CHANGED_TOGETHER and not printing else []
    pick = name == CHANGED_TOGETHER and not printing and (office or bool(steps))
    waits = wanted.filters.get("waiting", "")
    queue = waits if waits in desk.QUEUED else ""
    context = {
        "name": name,
        "wish": wanted,
        "page": page,
        "printing": printing,
        "rows": cells.rows_html(page.rows, cells.dress(wanted, seen.today, pick=pick)),
        "heads": [_head(wanted, column) for column in wanted.shown()],
        "pick": pick,
        "office_picks": pick and office,
        "steps": steps,
        "queue": queue,
        "heading": told(f"list-{name}"),
        "sub": told("list-total", total=page.total),
        "empty": told(f"empty-{name}") if not wanted.filters else told("empty-filtered"),
        "as_of": partial(wanted.filters.get("as_of", "")),
        "exported": name in EXPORTED,
        "query": wanted.address(page=""),
        "office": office,
        "returns": name in MARKS,
        "column_count": len(wanted.columns) + pick,
    }
    if not printing:
        context |= _controls(seen, wanted)
        context["following"] = f"?{wanted.address(page=wanted.page + 1)}" if wanted.page < page.count else ""
    return render(request, "findings/list.html", context)


@require_GET
def columns(request: HttpRequest, name: str) -> HttpResponse:
    """Turn the ticks of the column chooser into the list's address."""
    listing = listing_named(name)
    params = request.GET.dict()
    params["columns"] = ",".join(request.GET.getlist("column"))
    return HttpResponseRedirect(f"{reverse(f'findings:{name}')}?{wish(listing, params).address()}")


@require_POST
def save_view(request: HttpRequest, name: str) -> HttpResponse:
    """Save the list as it stands as a view of the person."""
    params = {
        key: request.POST.get(f"with-{key}", "")
        for key in (*LISTINGS[name].filters, "sort", "columns", "size")
    }
    view = saved.save_view(name, request.POST.get("name", ""), params, actor=edge.actor_of(request))
    messages.success(request, told("view-saved", name=view.name))
    return HttpResponseRedirect(f"{reverse(f'findings:{name}')}?{view.query}")


@require_POST
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget one of the person's own views."""
    view = saved_view_for(user_of(request), view_id)
    saved.drop_view(view, actor=edge.actor_of(request))
    messages.success(request, told("view-dropped", name=view.name))
    return HttpResponseRedirect(reverse(f"findings:{view.list}"))


def listing_named(name: str) -> Listing:
    """Return the list with this name.

    :raises NotVisible: when there is none.
    """
    if name not in LISTINGS:
        raise NotVisible("findings.not-found")
    return LISTINGS[name]


def _head(wanted: Wish, column: Column) -> dict[str, str]:
    order = ""
    if wanted.sort_key == column.key:
        order = "descending" if wanted.descending else "ascending"
    goal = f"-{column.key}" if order == "ascending" else column.key
    return {
        "key": column.key,
        "word": column_word(wanted.listing.name, column.key),
        "url": f"?{wanted.address(sort=goal)}" if column.sorts else "",
        "order": order,
        "css": "num" if column.shape == "number" else "",
    }


def _controls(seen: Reach, wanted: Wish) -> dict[str, Any]:
    """Return the filters, columns and saved views of a list."""
    shown = [_filter(seen, wanted, key) for key in wanted.listing.filters if key not in FIXED]
    fixed = [
        {
            "word": told(f"filter-{key}"),
            "value": value
            if key == "as_of"
            else say(f"desk.mine-{value}", lang=edge.language())
            if key == "waiting"
            else "",
            "url": f"?{wanted.address(**{key: ''})}",
        }
        for key, value in wanted.filters.items()
        if key in FIXED
    ]
    views = choices.saved_views(seen, wanted.listing.name)
    return {
        "filters": shown,
        "fixed": fixed,
        "views": [(view, f"?{view.query}", view.query == wanted.address(page="")) for view in views],
        "keep": _kept(wanted),
        "columns": [
            {
                "key": column.key,
                "word": column_word(wanted.listing.name, column.key),
                "on": column.key in wanted.columns,
                "fixed": column.fixed,
            }
            for column in wanted.listing.columns
        ],
        "previous": f"?{wanted.address(page=wanted.page - 1)}" if wanted.page > 1 else "",
    }


def _filter(seen: Reach, wanted: Wish, key: str) -> dict[str, Any]:
    value = wanted.filters.get(key, "")
    options = _options(seen, key)
    word = dict(options).get(value, value)
    return {
        "key": key,
        "word": told(f"filter-{key}"),
        "value": value,
        "value_word": word,
        "url": f"?{wanted.address(**{key: ''})}",
        "options": options,
        "keep": [(name, kept) for name, kept in _kept(wanted) if name != key],
    }


def _options(seen: Reach, key: str) -> list[tuple[str, str]]:
    none = ("none", told("filter-none"))
    makers: Mapping[str, Callable[[], list[tuple[str, str]]]] = {
        "inspection": lambda: choices.inspection_choices(seen),
        "unit": lambda: [*choices.unit_choices(seen), none],
        "leader": lambda: _leaders(seen, none),
        "state": lambda: [("open", told("state-open")), *((state, state_word(state)) for state in STATES)],
        "category": lambda: [*((word, category_word(word)) for word in CATEGORIES), none],
        "due": lambda: [(word, told(f"due-{word}")) for word in DUES],
        "stage": lambda: [(word, told(f"stage-{word}")) for word in STAGES],
        "mode": lambda: [(word, told(f"mode-{word}")) for word in ("live", "archive")],
        "kind": lambda: [
            (kind.code, kind.name_en if edge.language() == "en" else kind.name) for kind in choices.kinds()
        ],
    }
    return makers[key]() if key in makers else []


def _leaders(seen: Reach, none: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the names to choose from; none at all means that the name is typed."""
    names = choices.leader_choices(seen)
    return [*((name, name) for name in names), none] if names else []


def _kept(wanted: Wish) -> list[tuple[str, str]]:
    """Return what a form of the list must carry so that only its own part changes."""
    kept = list(wanted.filters.items())
    if wanted.order != wanted.listing.order:
        kept.append(("sort", wanted.order))
    if wanted.chosen_columns:
        kept.append(("columns", ",".join(wanted.columns)))
    return kept
