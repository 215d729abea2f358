"""Every refusal by every way in: API and command, one task and many; nothing is written, and the code is its own."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bihuan.audit.models import Event
from bihuan.cli.main import main
from bihuan.cli.step import STEPS
from bihuan.core import access
from bihuan.findings.models import Closure, Evidence, PlanChange, Task
from bihuan.orgs.actions import make_token
from bihuan.web.catalogue import say
from tests.cast import Cast, actor_for, make_cast, make_person
from tests.refusals.cases import CASES, Case, Try, World, make_world

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).resolve().parents[2] / "docs" / "refusals.md"
FIRST = ("claim", "sign", "verify", "close", "accept", "return", "reopen")


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def snapshot() -> Any:
    return (
        list(Task.objects.order_by("pk").values()), list(Closure.objects.order_by("pk").values()),
        list(Evidence.objects.order_by("pk").values()), list(PlanChange.objects.order_by("pk").values()),
    )  # fmt: skip


def body_of(attempt: Try, world: World, *, bulk: bool) -> dict[str, Any]:
    """Return what is sent; a step of closure names its tasks."""
    if attempt.step not in FIRST:
        return attempt.body
    return {**attempt.body, "tasks": [world.task.pk, world.sound.pk] if bulk else [world.task.pk]}


def codes_of(answer: Any) -> set[str]:
    said = answer.json()
    faults = [*said.get("faults", ()), *(fault for task in said.get("tasks", ()) for fault in task["faults"])]
    return {said["code"], *(fault["code"] for fault in faults)}


@pytest.mark.parametrize("bulk", [False, True], ids=["one", "many"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_the_api_refuses(case: Case, bulk: bool, world: World) -> None:
    attempt = case.arrange(world)
    if bulk and attempt.step not in FIRST:
        return
    before = snapshot(), Event.objects.count()
    method, address = STEPS[attempt.step]
    client = Client()
    client.force_login(attempt.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.generic(
        method,
        "/api/v1/" + address.format(id=attempt.id),
        json.dumps(body_of(attempt, world, bulk=bulk)),
        content_type="application/json",
    )
    assert answer.status_code in (403, 409, 422), answer.content
    assert case.code in codes_of(answer), answer.json()
    assert (snapshot(), Event.objects.count()) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_the_command_refuses(
    case: Case, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    attempt = case.arrange(world)
    secret = make_token(
        attempt.user, name="命令行", expires_on=date(2027, 6, 1), actor=actor_for(attempt.user)
    )[1]
    monkeypatch.setenv("BIHUAN_TOKEN", secret)
    before = snapshot()
    body = body_of(attempt, world, bulk=False)
    tasks = [str(pk) for pk in body.pop("tasks", ())]
    values = [
        f"{name}={'yes' if value is True else 'no' if value is False else 'null' if value is None else value}"
        for name, value in body.items()
    ]
    words = [
        "step",
        attempt.step,
        *tasks,
        "--id",
        str(attempt.id),
        *(part for value in values for part in ("--set", value)),
    ]
    assert main(words) == 1
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
BODIES = {"claim": {"text": "均已建账。"}, "verify": {"sufficient": True, "appropriate": True}}


@pytest.mark.parametrize("bulk", [False, True], ids=["one", "many"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", ALLOWED)
def test_each_step_by_each_role(step: str, role: str, bulk: bool, world: World) -> None:
    """Whoever has not the role is refused, administrators among them, who do not even see the task."""
    home = world.cast.safety if step == "verify" else world.cast.organisation
    over = world.cast.organisation
    if role == "superior":
        home = world.desk.superior_unit
    person = make_person("linshi", "林石", unit=home, role=role, over=over)
    if BEFORE[step]:
        world.until(BEFORE[step])
    before = snapshot()
    tasks = [world.task.pk, world.sound.pk] if bulk else [world.task.pk]
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(
        f"/api/v1/closure/{step}", {"tasks": tasks, **BODIES.get(step, {})}, content_type="application/json"
    )
    if role == ALLOWED[step]:
        assert answer.status_code == 200, answer.content
        return
    assert answer.status_code == (404 if role in ADMINISTRATORS else 403), answer.content
    assert snapshot() == before


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    said = [say(case.code) for case in CASES]
    assert [sentence for sentence, case in zip(said, CASES, strict=True) if sentence == case.code] == []


def table() -> str:
    """Return docs/refusals.md as it must stand."""
    lines = [
        "# What is refused",
        "",
        "Made from `tests/refusals/cases.py`, where each line is tried through the API and `bihuan step`, on one task and",
        "on many, and through the page; nothing is written. `BIHUAN_WRITE_TABLES=1 pytest tests/refusals` writes it anew.",
        "",
        "| attempt | 尝试 | refused by | 答复 | in English |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {case.en} | {case.zh} | `{case.code}` | {say(case.code)} | {say(case.code, lang='en')} |"
        for case in CASES
    ]
    return "\n".join(lines) + "\n"


def test_the_table_in_the_documents_is_this_one() -> None:
    if os.environ.get("BIHUAN_WRITE_TABLES"):
        TABLE.write_text(table(), encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == table()
