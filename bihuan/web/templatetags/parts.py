"""The parts of which every page is made; known to every template without loading. docs/parts.md shows each.

A part is one template under web/parts/ and one tag here; its markup and rules are those of the model pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Widget
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bihuan.web import catalogue, forms
from bihuan.web.contributed import parts_of
from bihuan.web.edge import language

register = template.Library()

MARKS: Mapping[str, str] = MappingProxyType(
    {
        "todo": "todo",
        "doing": "doing",
        "completed": "done",
        "basically_completed": "basic",
        "long_term": "long",
        "in_progress": "doing",
        "not_completed": "doing",
        "not_started": "todo",
        "waiting": "wait",
        "returned": "back",
        "overdue": "late",
        "doubt": "doubt",
    }
)
GROUPED = (CheckboxSelectMultiple, RadioSelect)


@dataclass(frozen=True, slots=True)
class Share:
    """One summand of a tally: a state, its number, and the address of its rows (may be empty)."""

    state: str
    number: int
    url: str = ""

    @property
    def css(self) -> str:
        """Return the class that gives the state its shape and colour."""
        return MARKS.get(self.state, "doing")

    @property
    def word(self) -> str:
        """Return the state in the language of the page."""
        return state_word(self.state)


@register.simple_tag
def say(code: str, **params: Any) -> str:
    """Return the sentence of a code in the language of the page: ``{% say "orgs.last-office" %}``."""
    return catalogue.say(code, {name: str(value) for name, value in params.items()}, lang=language())


@register.filter
def after(message: str, heading: str) -> str:
    """Return a sentence without the words of the heading that it stands under: ``{{ message|after:heading }}``."""
    rest = message.removeprefix(heading)
    cut = rest.lstrip("。.：: ")
    return cut if heading and cut and rest not in (message, cut) else message


@register.filter
def state_word(state: str) -> str:
    """Return the word of a state in the language of the page."""
    return catalogue.say(f"web.state-{state}", lang=language())


@register.simple_tag
def mark(state: str, word: str = "") -> SafeString:
    """Return the mark of a state, shape and word: ``{% mark task.state %}``."""
    return format_html('<span class="mark {}">{}</span>', MARKS.get(state, state), word or state_word(state))


@register.simple_tag
def flag(css: str, word: str) -> SafeString:
    """Return a flag beside a state: ``{% flag "late" "逾期6天" %}``; it never changes a sum."""
    return format_html('<span class="mark flag {}">{}</span>', MARKS.get(css, css), word)


@register.inclusion_tag("web/parts/tally.html")
def tally(
    shares: Iterable[Share | tuple[Any, ...]], *, unit: str, url: str = "", small: bool = False
) -> dict[str, Any]:
    """Show the sum written out and the bar: ``{% tally shares unit="项任务" url=all_url %}``.

    `shares` are `Share`s or (state, number, url) in the order of the sum; summands of 0 are left out. `small`
    shows the bar with a legend, for narrow places.
    """
    parts = [part if isinstance(part, Share) else Share(*part) for part in shares]
    return {
        "shares": [part for part in parts if part.number],
        "total": sum(part.number for part in parts),
        "unit": unit,
        "url": url,
        "small": small,
    }


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, hint: str = "", *, css: str = "") -> dict[str, Any]:
    """Show a form's field with label, hint and fault: ``{% field form.name "写全称。" %}``."""
    ident, hint = bound.auto_id or bound.html_name, hint or str(bound.help_text or "")
    marks = {"aria-describedby": " ".join(_described(ident, hint=hint, fault=bool(bound.errors)))}
    if bound.errors:
        marks["aria-invalid"] = "true"
    widget: Widget = bound.field.widget
    grouped = isinstance(widget, GROUPED)
    return {
        "field": bound,
        "errors": [text for text, _ in forms.words(bound)],
        "ident": ident,
        "hint": hint,
        "css": css,
        "grouped": grouped,
        "tick": isinstance(widget, CheckboxInput),
        "input": ""
        if grouped
        else bound.as_widget(attrs={name: text for name, text in marks.items() if text}),
    }


def _described(ident: str, *, hint: str, fault: bool) -> list[str]:
    return [f"{ident}-hint"] * bool(hint) + [f"{ident}-fault"] * fault


@register.inclusion_tag("web/parts/faults.html")
def faults(form: BaseForm, heading: str = "") -> dict[str, Any]:
    """Show above a form what is wrong with it, each fault a link to its field."""
    named = [
        (bound.auto_id or bound.html_name, bound.label, forms.words(bound)) for bound in form if bound.errors
    ]
    general = list(form.non_field_errors()) if form.is_bound else []
    return {"general": general, "named": named, "heading": heading, "count": len(general) + len(named)}


@register.inclusion_tag("web/parts/crumb.html")
def crumb(*steps: str) -> dict[str, Any]:
    """Show where the page is: ``{% crumb url "巡察" "清单" %}``, address and word by turns, the page last."""
    pairs = list(zip(steps[0:-1:2], steps[1:-1:2], strict=True))
    return {"pairs": pairs, "last": steps[-1]}


@register.inclusion_tag("web/parts/crumb.html")
def crumb_of(steps: Sequence[str]) -> dict[str, Any]:
    """Show where the page is, from a list made by the view."""
    return crumb(*steps)


@register.inclusion_tag("web/parts/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any], *, unit: str = "", key: str = "page") -> dict[str, Any]:
    """Show range and total, then previous and next; the address keeps its other filters."""
    query = context["request"].GET.copy()
    address = {}
    for name, number in (("previous", page.number - 1), ("next", page.number + 1)):
        query[key] = str(number)
        address[name] = f"?{query.urlencode()}"
    return {"page": page, "unit": unit, "address": address}


@register.simple_tag(takes_context=True)
def contributed(context: Context, place: str, row: Any) -> SafeString:
    """Show what the apps above add to this page: ``{% contributed "task" row %}``."""
    request = context["request"]
    made = parts_of(place, request, row)
    return format_html_join(
        "", "{}", ((render_to_string(one.template, {**one.context}, request),) for one in made)
    )


@register.inclusion_tag("web/parts/timeline.html")
def timeline(rows: Sequence[Any], empty: str = "") -> dict[str, Any]:
    """Show acts, newest first: each has `at`, `text`, perhaps `who`, `url`, `css` (key, hot)."""
    return {"rows": rows, "empty": empty}


@register.inclusion_tag("web/parts/help.html")
def help_here(*codes: str) -> dict[str, Any]:
    """Show help in place, closed until asked for: ``{% help_here "orgs.help-units" %}``."""
    return {"sentences": [catalogue.say(code, lang=language()) for code in codes]}


@register.inclusion_tag("web/parts/th.html", takes_context=True)
def th(context: Context, word: str, key: str = "", *, css: str = "") -> dict[str, Any]:
    """Show the head of a column; with `key` it sorts by ``?sort=key``, a second time by ``?sort=-key``."""
    request = context["request"]
    now = request.GET.get("sort", "")
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "") if key else ""
    goal = f"-{key}" if now == key else key
    return {"request": request, "word": word, "key": key, "order": order, "goal": goal, "css": css}


@register.simple_tag
def url_if(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a name, or nothing while there is none."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a day in full: 2026年11月23日, or 23 November 2026."""
    if value is None:
        return ""
    at = _local(value)
    return f"{at.year}年{at.month}月{at.day}日" if language() != "en" else f"{at.day} {_month(at)} {at.year}"


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Return a day without its year: 11月23日, or 23 November."""
    if value is None:
        return ""
    at = _local(value)
    return f"{at.month}月{at.day}日" if language() != "en" else f"{at.day} {_month(at)}"


@register.filter
def moment(value: datetime | None) -> str:
    """Return a day with the time of day: 2026年11月23日14:32."""
    if value is None:
        return ""
    at = timezone.localtime(value)
    return f"{day(at)}{' ' if language() == 'en' else ''}{at.hour:02}:{at.minute:02}"


@register.filter
def iso(value: date | datetime | None) -> str:
    """Return a day or moment for the `datetime` of a time element and the value of a date input."""
    return "" if value is None else value.isoformat()


@register.filter
def comma(value: int | None) -> str:
    """Return a number with thousands commas, for tables."""
    return "" if value is None else f"{value:,}"


@register.simple_tag
def table_roles() -> SafeString:
    """Return the role that a table with class stack must name, since its display is changed on phones."""
    return mark_safe('role="table"')


def _local(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _month(at: date) -> str:
    return at.strftime("%B")
