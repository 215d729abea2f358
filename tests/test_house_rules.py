"""House rules that no linter knows. Each rule says why; a tripwire by pattern, not a proof."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "bihuan"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
APPS = sorted(path.parent for path in PACKAGE.glob("*/apps.py"))

#: Where rows are written besides actions: none of these tables is sealed, or the write is the sealing itself.
WRITERS = {
    "audit/actions.py": "the record itself",
    "search/actions.py": "the index follows from the tables and is not sealed",
    "search/index.py": "the index follows from the tables and is not sealed",
    "files/backup.py": "seals that a backup was made or restored",
    "orgs/sessions.py": "sessions are not sealed",
    "findings/marking.py": "saves a workbook, not a row",
    "notify/work.py": "which letter carries a notification and whether a robot spoke is not sealed",
    "api/auth.py": "the day on which a token was last used is not sealed",
}
WRITES = re.compile(
    r"\.(?:save|bulk_create|bulk_update|get_or_create|update_or_create)\(|objects(?:\.\w+\([^()]*\))*\.(?:create|update|delete)\("
)
CLOCKS = re.compile(r"\b(?:datetime\.now|datetime\.utcnow|date\.today|time\.time|timezone\.now|localdate)\(")


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def is_actions(path: Path) -> bool:
    return path.name == "actions.py" or path.parent.name == "actions"


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_stay_short(path: Path) -> None:
    """A reader holds 400 lines in mind; the tail of a project's file lengths tells how it will be to work in."""
    limit = 500 if "tests" in path.parts else 400
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", [path for path in SOURCES if not is_actions(path)], ids=name)
def test_rows_are_written_in_actions_only(path: Path) -> None:
    """One place to write: whatever changes the database leaves an event."""
    if name(path) in WRITERS or path.relative_to(PACKAGE).parts[0] in ("core", "formats"):
        return
    hits = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if WRITES.search(line)]
    assert hits == []


def public_functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def is_atomic(function: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)


ACTIONS = [
    (path, function)
    for path in SOURCES
    if is_actions(path)
    for function in public_functions(path)
    if is_atomic(function)
]
#: Actions that write only what is not sealed (docs/accounts.md lists the tables), or before anyone is known.
WITHOUT_RECORD = {
    "set_preferences",
    "start_totp",
    "use_recovery",
    "use_code",
    "save_view",
    "delete_view",
    "drop_view",
    "try_again",
    "tell_all",
    "mark_read",
    "set_wishes",
}


@pytest.mark.parametrize(
    ("path", "function"), ACTIONS, ids=lambda value: value.name if isinstance(value, ast.FunctionDef) else ""
)
def test_actions_say_who_acts_and_record_it(path: Path, function: ast.FunctionDef) -> None:
    """Every action takes keyword-only `actor` and reaches `record`, itself or through a function of its module."""
    if function.name in WITHOUT_RECORD:
        return
    assert "actor" in [argument.arg for argument in function.args.kwonlyargs], (
        "actor is not a keyword-only argument"
    )
    module = {
        node.name: ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    reached, todo = set(), [function.name]
    while todo:
        body = module.get(todo.pop(), "")
        if re.search(r"\brecord\(|\b(?:_seal|new_code|seal\w*)\(|actor=", body.split("\n", 1)[-1]):
            return
        todo += [called for called in module if called not in reached and re.search(rf"\b{called}\(", body)]
        reached.update(todo)
    pytest.fail(f"{function.name} reaches no record()")


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.relative_to(PACKAGE).parts[0] in ("core", "formats")], ids=name
)
def test_core_and_formats_read_no_clock(path: Path) -> None:
    """The clock is read once at the edge, so that every decision can be told again for any day."""
    assert not CLOCKS.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.name == "models.py" or p.parent.name == "models"], ids=name
)
def test_models_carry_no_literal_choices_or_help(path: Path) -> None:
    """Each edit of them would be a migration."""
    assert not re.search(r"\b(?:choices|help_text)=", path.read_text(encoding="utf-8"))


def test_apps_hold_the_same_files() -> None:
    """Knowing one context is knowing all."""
    usual = {
        "__init__.py",
        "apps.py",
        "models.py",
        "actions.py",
        "queries.py",
        "forms.py",
        "views.py",
        "urls.py",
    }
    folders = {
        "actions",
        "models",
        "queries",
        "views",
        "forms",
        "templates",
        "templatetags",
        "static",
        "locale",
        "migrations",
        "__pycache__",
    }
    known = {
        "audit": {"actor.py", "sealing.py", "statistics.py"},
        "files": {"store.py", "backup.py", "examining.py", "parts.py", "previews.py", "scanning.py"},
        "search": {"index.py"},
        "jobs": {"running.py"},
        "notify": {"robots.py", "telling.py", "work.py"},
        "web": {
            "catalogue.py",
            "context.py",
            "contributed.py",
            "edge.py",
            "errors.py",
            "middleware.py",
            "navigation.py",
            "prepared.py",
            "starting.py",
        },
        "orgs": {
            "codes.py",
            "data",
            "edge.py",
            "importing",
            "mail.py",
            "middleware.py",
            "passwords.py",
            "refusals.py",
            "sessions.py",
            "words.py",
        },
        "findings": {
            "binder.py",
            "book_words.py",
            "evidence_words.py",
            "cells.py",
            "closure_timeline.py",
            "closure_words.py",
            "exported.py",
            "exporting.py",
            "findable.py",
            "importing",
            "marking.py",
            "plan_papers.py",
            "reminders.py",
            "returning.py",
            "timeline.py",
            "wording.py",
        },
        "documents": {"checking.py", "exports.py"},
        "insight": {"calendar.py"},
        "oversight": {"reminders.py", "words.py"},
        "api": None,
    }
    odd = {}
    for app in APPS:
        if (more := known.get(app.name, set())) is None:
            continue
        found = {path.name for path in app.iterdir()} - usual - folders - more
        if found:
            odd[app.name] = sorted(found)
    assert odd == {}


def test_names_say_what_a_thing_is() -> None:
    """`utils` and `helpers` are where things go that nobody placed."""
    bad = re.compile(r"(?:^|_)(?:utils?|helpers?|managers?|handlers?|services?|misc|common)(?:_|\.|$)")
    assert [name(path) for path in SOURCES if bad.search(path.name)] == []


def test_every_core_module_has_tests() -> None:
    """A decision that nothing tests is a guess."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in TESTS)
    missing = []
    for path in SOURCES:
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] != "core" or path.name == "__init__.py":
            continue
        package, module = ".".join(("bihuan", *parts[:-1])), parts[-1]
        used = (f"{package}.{module}", f"from {package} import") if len(parts) <= 2 else (f"{package}",)
        if not any(word in tests for word in used):
            missing.append(name(path))
    assert missing == []


def test_templates_hold_no_style_or_script_of_their_own() -> None:
    """The content policy forbids them; `--n` is the only inline style."""
    bad = []
    for path in PACKAGE.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        styles = re.findall(r'style="([^"]*)"', text)
        if "<style" in text or re.search(r"<script(?![^>]*\bsrc=)", text) or re.search(r"\son\w+=", text):
            bad.append(name(path))
        bad += [f"{name(path)}: {style}" for style in styles if not style.startswith("--n:")]
    assert bad == []
