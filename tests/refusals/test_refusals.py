"""Every refusal by every way in: API, page and command, one task and many; nothing is written, the code is its own."""

import html
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client

from bihuan.cli.main import main
from bihuan.cli.step import STEPS
from bihuan.core import access
from bihuan.orgs.actions import make_token
from bihuan.web.catalogue import say
from tests.cast import Cast, actor_for, make_cast, make_person
from tests.findings.browsing import signed_in
from tests.refusals.cases import CASES, Case, Try, World, make_world
from tests.refusals.pages import BY_FIELD, NO_FIELD, TOGETHER, Post, post_of, post_together

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).resolve().parents[2] / "docs" / "refusals.md"
FIRST = ("claim", "sign", "verify", "close", "accept", "return", "reopen")
#: Whose rows a refusal leaves as they are.
KEPT = ("findings", "files", "audit", "oversight", "notify", "jobs", "search")


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cast:
    monkeypatch.setattr(settings, "BIHUAN_FILES", tmp_path / "files")
    return make_cast()


def snapshot() -> Any:
    """Return every row of the register, of files and of the record, and every file on the disk."""
    rows = {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for app in KEPT
        for model in apps.get_app_config(app).get_models()
    }
    return rows, sorted(str(path) for path in Path(settings.BIHUAN_FILES).rglob("*") if path.is_file())


def body_of(attempt: Try, world: World, *, bulk: bool) -> dict[str, Any]:
    """Return what is sent; a step of closure names its tasks."""
    if attempt.step not in FIRST:
        return attempt.body
    return {**attempt.body, "tasks": [world.task.pk, world.sound.pk] if bulk else [world.task.pk]}


def told_by(answer: Any) -> dict[str, str]:
    """Return the sentences of a refusal by their codes."""
    said = answer.json()
    faults = [*said.get("faults", ()), *(fault for task in said.get("tasks", ()) for fault in task["faults"])]
    return {one["code"]: one["message"] for one in [said, *faults]}


def by_api(attempt: Try, world: World, *, bulk: bool) -> Any:
    method, address = STEPS[attempt.step]
    body = json.dumps(body_of(attempt, world, bulk=bulk))
    address = "/api/v1/" + address.format(id=attempt.id)
    return signed_in(attempt.user).generic(method, address, body, content_type="application/json")


def by_page(client: Client, sent: Post) -> Any:
    return client.post(sent.address, dict(sent.data))


def by_command(attempt: Try, world: World) -> int:
    body = body_of(attempt, world, bulk=False)
    tasks = [str(pk) for pk in body.pop("tasks", ())] if "tasks" in body else []
    words = {True: "yes", False: "no", None: "null"}
    values = [
        f"{name}={words[value] if value is None or isinstance(value, bool) else value}"
        for name, value in body.items()
    ]
    given = [part for value in values for part in ("--set", value)]
    return main(["step", attempt.step, *tasks, "--id", str(attempt.id), *given])


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_the_api_and_the_page_refuse(case: Case, world: World) -> None:
    """One task and, for a step of closure, many; the page answers in the very sentence of the API."""
    attempt = case.arrange(world)
    browser = signed_in(attempt.user)
    told: dict[bool, str] = {}
    before = snapshot()
    for bulk in (False, True) if attempt.step in FIRST else (False,):
        answer = by_api(attempt, world, bulk=bulk)
        assert answer.status_code in (403, 409, 422), answer.content
        assert case.code in told_by(answer), answer.json()
        told[bulk] = told_by(answer)[case.code]
    if case.key not in NO_FIELD:
        answer = by_page(browser, post_of(attempt, world, browser))
        assert answer.status_code in (403, 409, 422), (answer.status_code, text_of(answer)[:2000])
        assert BY_FIELD.get(case.key, told[False]) in text_of(answer), text_of(answer)
    if attempt.step in TOGETHER:
        answer = by_page(browser, post_together(attempt, world))
        assert answer.status_code in (403, 409, 422), (answer.status_code, text_of(answer)[:2000])
        assert told[True] in text_of(answer), text_of(answer)
    assert snapshot() == before


@pytest.mark.parametrize("key", sorted(NO_FIELD))
def test_no_page_has_a_field_for_it(key: str, world: World) -> None:
    """What the page does not offer is not taken by it either, when it is posted all the same."""
    attempt = {case.key: case for case in CASES}[key].arrange(world)
    browser = signed_in(attempt.user)
    form = browser.get(f"/tasks/{attempt.id}/edit/").context["form"]
    assert not set(attempt.body) - {"revision"} & set(form.fields)
    kept = {one.html_name: one.value() for one in form if one.value() is not None}
    task = list(type(world.task).objects.order_by("pk").values())
    by_page(browser, Post(f"/tasks/{attempt.id}/edit/", {**kept, "first_due_on": ""}))
    assert list(type(world.task).objects.order_by("pk").values()) == task


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_the_command_refuses(
    case: Case, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    attempt = case.arrange(world)
    actor = actor_for(attempt.user)
    secret = make_token(attempt.user, name="命令行", expires_on=date(2027, 6, 1), actor=actor)[1]
    monkeypatch.setenv("BIHUAN_TOKEN", secret)
    before = snapshot()
    assert by_command(attempt, world) == 1
    told = capsys.readouterr().err
    assert told.strip()
    if not case.code.startswith("api."):
        assert say(case.code).partition("{")[0] in told
    assert snapshot() == before


ADMINISTRATORS = tuple(sorted(access.ADMINISTRATORS))
ROLES = (
    "office",
    "reader",
    "liaison",
    "unit_head",
    "leader",
    "supervision",
    "leading_group",
    "superior",
    *ADMINISTRATORS,
)
ALLOWED = {
    "claim": "unit_head",
    "sign": "leader",
    "verify": "supervision",
    "close": "leading_group",
    "accept": "superior",
}
BEFORE = {"claim": "", "sign": "claim", "verify": "sign", "close": "verify", "accept": "close"}
BODIES: dict[str, dict[str, Any]] = {
    "claim": {"text": "均已建账。"},
    "verify": {"sufficient": True, "appropriate": True},
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", ALLOWED)
def test_each_step_by_each_role(step: str, role: str, world: World) -> None:
    """Whoever has not the role is refused, administrators among them, who do not even see the task.

    By the API and the page, for one task and for both.
    """
    home = world.cast.safety if step == "verify" else world.cast.organisation
    home = world.desk.superior_unit if role == "superior" else home
    person = make_person("linshi", "林石", unit=home, role=role, over=world.cast.organisation)
    if BEFORE[step]:
        world.until(BEFORE[step])
    attempt = Try(person, step, BODIES.get(step, {}))
    browser = signed_in(person)
    before = snapshot()
    if role == ALLOWED[step]:
        allowed_by_every_way(attempt, world, browser, before)
        return
    for answer in (
        by_api(attempt, world, bulk=False), by_api(attempt, world, bulk=True),
        by_page(browser, post_of(attempt, world, browser)), by_page(browser, post_together(attempt, world)),
    ):  # fmt: skip
        assert answer.status_code == (404 if role in ADMINISTRATORS else 403), text_of(answer)
    assert snapshot() == before


def allowed_by_every_way(attempt: Try, world: World, browser: Client, before: Any) -> None:
    """The same requests by who has the role do what they say: the refusals above are not of a broken form."""
    ways: tuple[Callable[[], Any], ...] = (
        lambda: by_api(attempt, world, bulk=False), lambda: by_api(attempt, world, bulk=True),
        lambda: by_page(browser, post_of(attempt, world, browser)),
        lambda: by_page(browser, post_together(attempt, world)),
    )  # fmt: skip
    for way in ways:
        with transaction.atomic():
            answer = way()
            assert answer.status_code in (200, 302), text_of(answer)
            assert snapshot() != before
            transaction.set_rollback(True)


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    said = [say(case.code) for case in CASES]
    assert [sentence for sentence, case in zip(said, CASES, strict=True) if sentence == case.code] == []


def page_told(case: Case) -> str:
    """Return what the table says of the page."""
    if case.key in NO_FIELD:
        return NO_FIELD[case.key]
    return BY_FIELD.get(case.key, "同左")


def table() -> str:
    """Return docs/refusals.md as it must stand."""
    lines = [
        "# What is refused",
        "",
        "Made from `tests/refusals`, where each line is tried through the API and the page, on one task and, for the steps",
        "of closure, on many, and through `bihuan step`; every row, the record and every file stay as they were.",
        "`BIHUAN_WRITE_TABLES=1 pytest tests/refusals` writes it anew. Page: 同左, the page answers in the same sentence.",
        "",
        "| attempt | 尝试 | refused by | 答复 | page 页面 | in English |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {case.en} | {case.zh} | `{case.code}` | {say(case.code)} | {page_told(case)} | {say(case.code, lang='en')} |"
        for case in CASES
    ]
    lines += [
        "",
        "## Who has not the role",
        "",
        "Each step by each role, through the API and the page, one task and two: ✓ it is taken; 403 refused with the reason;",
        "404 who does not even see the task.",
        "",
        f"| role | {' | '.join(ALLOWED)} |",
        f"|---|{'---|' * len(ALLOWED)}",
    ]
    lines += [f"| `{role}` | {' | '.join(outcome(role, step) for step in ALLOWED)} |" for role in ROLES]
    return "\n".join(lines) + "\n"


def outcome(role: str, step: str) -> str:
    if role == ALLOWED[step]:
        return "✓"
    return "404" if role in ADMINISTRATORS else "403"


def test_the_table_in_the_documents_is_this_one() -> None:
    if os.environ.get("BIHUAN_WRITE_TABLES"):
        TABLE.write_text(table(), encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == table()
