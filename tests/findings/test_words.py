"""No word is missing: every code in both languages, every sentence of the templates in English."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

import bihuan.findings
from bihuan.core.findings import CATEGORIES, STATES
from bihuan.core.lists import DUES, LISTINGS
from bihuan.web.catalogue import LANGUAGES, say

HOME = Path(bihuan.findings.__file__).parent
CODES = re.compile(r'"findings\.([a-z_-]+)"|told\(\s*"([a-z_-]+)"')
SENTENCES = re.compile(
    r'\{% translate "([^"]*)"|\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}', re.DOTALL
)
NOT_CODES = {
    "inspections",
    "tasks",
    "problems",
    "institutions",
    "institution",
    "task",
    "problem",
    "finding",
    "inspection",
}


def own_files() -> list[Path]:
    here = [*HOME.glob("*.py"), *HOME.glob("queries/*.py"), *HOME.glob("views/*.py")]
    actions = [
        HOME / "actions" / f"{name}.py"
        for name in ("bulk", "editing", "importing_back", "removing", "saving", "states", "tasks", "views")
    ]
    core = HOME.parent / "core"
    return [*here, *actions, core / "lists.py", core / "register.py", core / "returned.py"]


def codes() -> set[str]:
    found = {code or told for path in own_files() for code, told in CODES.findall(path.read_text())}
    named = {f"state-{state}" for state in (*STATES, "open")} | {f"category-{word}" for word in CATEGORIES}
    named |= {f"due-{word}" for word in DUES} | {"mode-live", "mode-archive"}
    for listing in LISTINGS.values():
        named |= {f"list-{listing.name}", f"empty-{listing.name}"}
        named |= {f"column-{column.key}" for column in listing.columns} | {
            f"filter-{key}" for key in listing.filters
        }
    views = {path.stem for path in own_files()}
    return {code for code in found | named if not code.endswith("-")} - NOT_CODES - views - {"returned"}


def test_every_code_is_said_in_both_languages() -> None:
    missing = [
        (code, lang)
        for code in sorted(codes())
        for lang in LANGUAGES
        if say(f"findings.{code}", lang=lang) == f"findings.{code}"
    ]
    assert missing == []


def test_every_sentence_of_the_templates_is_english_too() -> None:
    with (HOME / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    names = [
        "bulk",
        "finding",
        "form",
        "import",
        "import_preview",
        "inspection",
        "institution",
        "list",
        "problem",
        "task",
    ]
    templates = [HOME / f"templates/findings/{name}.html" for name in names]
    missing = set()
    for path in [*templates, HOME / "templates/findings/parts/source.html"]:
        for plain, block in SENTENCES.findall(path.read_text()):
            sentence = plain or re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", block)
            if sentence not in known:
                missing.add(sentence)
    assert missing == set()
