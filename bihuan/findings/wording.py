"""The register's words and marks for the page: states, categories, dates as an official would write them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

from django.utils.html import format_html
from django.utils.safestring import SafeString

from bihuan.core.register import first_day
from bihuan.web.catalogue import say
from bihuan.web.edge import language

MARKS: Mapping[str, str] = MappingProxyType(
    {
        "completed": "done",
        "basically_completed": "basic",
        "long_term": "long",
        "doing": "doing",
        "waiting": "wait",
        "todo": "todo",
        "not_completed": "back",
    }
)


#: How a kind of inspection words its states: state → language → word.
OwnWords: TypeAlias = Mapping[str, Mapping[str, str]]


def told(code: str, **params: str | int) -> str:
    """Return the sentence of ``findings.<code>`` in the language of the page."""
    return say(f"findings.{code}", params, lang=language())


def column_word(listing: str, key: str) -> str:
    """Return the heading of a column; a title is called what the list is of."""
    return told(f"title-of-{listing}" if key == "title" and listing != "tasks" else f"column-{key}")


def state_word(state: str, own: OwnWords | None = None) -> str:
    """Return the word of a task's state, nothing for none.

    `own` are the words of a kind of inspection (`InspectionKind.words`: state → language → word); the catalogue's
    stands for what it does not name.
    """
    if not state:
        return ""
    return (own or {}).get(state, {}).get(language()) or told(f"state-{state}")


def category_word(category: str) -> str:
    """Return the word of a task's category, nothing for none."""
    return told(f"category-{category}") if category else ""


def state_mark(state: str, *, word: str = "") -> SafeString:
    """Return shape and word of a state."""
    return format_html('<span class="mark {}">{}</span>', MARKS.get(state, "todo"), word or state_word(state))


def flag(css: str, word: str) -> SafeString:
    """Return a flag beside a state; it never changes a sum."""
    return format_html('<span class="mark flag {}">{}</span>', css, word)


def day(value: date | None, *, today: date | None = None) -> str:
    """Return a day as people write it, without its year when it is this year's (`today`)."""
    if value is None:
        return ""
    if language() == "en":
        return value.isoformat()
    year = "" if today is not None and value.year == today.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


def tight_day(value: date | None, today: date) -> str:
    """Return a day for a narrow column: without its year when it is this year's, else in figures."""
    if value is None or value.year == today.year:
        return day(value, today=today)
    return value.strftime("%Y.%m.%d")


def partial(value: str) -> str:
    """Return a date to the day or to the month as people write it: 2026年6月12日, 2026年6月."""
    at = first_day(value)
    if at is None or language() == "en":
        return value
    return f"{at.year}年{at.month}月" + (f"{at.day}日" if len(value) > 7 else "")
