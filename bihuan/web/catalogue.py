"""The sentences for people: one catalogue a language, found by code, the same for page, API and command.

code + parameters ─say→ ``locale/<language>/LC_MESSAGES/<area>.po``, area = the code's prefix → a sentence
"{count} {count:row|rows}" ─say→ "1 row", "2 rows": what stands behind the colon is chosen by the number

`.po` files are compiled by `make setup` (Babel); without a compiled file the `.po` itself is read, so that a fresh
checkout speaks too. No Django is needed here.
"""

import gettext
import string
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from bihuan.core.source import NO_PARAMS, Params

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("zh-Hans", "en")


class _Formatter(string.Formatter):
    """Fills a sentence; a field ``{count:row|rows}`` becomes the word for one or the word for more."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, chooses, more = format_spec.partition("|")
        if chooses:
            return one if str(value) == "1" else more
        return format(value, format_spec)


_FORMATTER = _Formatter()


def say(code: str, params: Params = NO_PARAMS, *, lang: str = "zh-Hans") -> str:
    """Return the sentence of `code` in `lang` (zh-Hans or en), filled with `params`; the code itself without one."""
    sentence = _sentences(code.partition(".")[0], lang)(code)
    return _FORMATTER.vformat(sentence, (), params) if params and sentence != code else sentence


@cache
def _sentences(area: str, lang: str) -> Callable[[str], str]:
    """Return what gives the sentence of a code of one area in one language, and the code itself without one."""
    folder = LOCALE / lang.replace("-", "_") / "LC_MESSAGES"
    compiled, source = folder / f"{area}.mo", folder / f"{area}.po"
    if compiled.exists() and (not source.exists() or compiled.stat().st_mtime >= source.stat().st_mtime):
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file).gettext
    found: dict[str, str] = {}
    if source.exists():
        with source.open("rb") as file:
            found = {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return lambda code: found.get(code, code)
