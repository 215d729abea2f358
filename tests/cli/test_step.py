"""`bihuan step` on this machine's data: a refusal tells every reason and exits 1; wrong use exits 2."""

from datetime import date

import pytest

from bihuan.cli import step
from bihuan.cli.main import main
from bihuan.findings.models import Closure, Task
from bihuan.orgs.actions import make_token
from bihuan.orgs.models import User
from tests.cast import Cast, actor_for, make_cast
from tests.closing import Desk, make_desk, make_ready

#: A request of its own closes the connection that a test would keep open in one transaction.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def task(cast: Cast, desk: Desk) -> Task:
    return make_ready(cast, desk)[0]


def signed_in(user: User, monkeypatch: pytest.MonkeyPatch) -> None:

    secret = make_token(user, name="命令行", expires_on=date(2027, 6, 1), actor=actor_for(user))[1]
    monkeypatch.setenv("BIHUAN_TOKEN", secret)


def test_a_claim_and_its_signature(
    desk: Desk, task: Task, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in(desk.head, monkeypatch)
    assert main(["step", "claim", str(task.pk), "--set", "text=42户均已建账。"]) == 0
    assert main(["step", "sign", str(task.pk)]) == 1
    assert "只有牵头领导可以审签" in capsys.readouterr().err
    signed_in(desk.leader, monkeypatch)
    assert main(["step", "sign", str(task.pk)]) == 0
    assert Closure.objects.get(task=task).stage == "signed"
    assert main(["step", "status", "--id", str(task.pk)]) == 0
    assert '"next": "verify"' in capsys.readouterr().out


def test_every_reason_is_told(
    desk: Desk, task: Task, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in(desk.head, monkeypatch)
    assert main(["--lang", "en", "step", "claim", str(task.pk), "--set", "end_state=long_term"]) == 1
    told = capsys.readouterr().err
    assert "Say what was done" in told
    assert "next review" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["step", "confirm"], "--id"),
        (["step", "claim", "1", "--set", "text"], "读不懂"),
        (["step", "claim", "1", "--json", "/nowhere.json"], "读不懂"),
        (["step", "claim", "1", "--server", "file:///etc/passwd"], "连不上"),
        (["step", "claim", "1", "--server", "http://127.0.0.1:9"], "连不上"),
    ],
)
def test_wrong_use(
    words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIHUAN_TOKEN", "x")
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_without_a_token(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("BIHUAN_TOKEN", raising=False)
    assert main(["step", "sign", "1"]) == 2
    assert "BIHUAN_TOKEN" in capsys.readouterr().err


def test_a_token_that_is_not_valid(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIHUAN_TOKEN", "bihuan_falsch")
    assert main(["step", "sign", "1"]) == 1
    assert step.STEPS["sign"][0] == "POST"
