"""The demonstration on the day of the tests: something of every kind, by different people, and a record that folds."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.cli.demonstration import build
from bihuan.core.letters import KINDS
from bihuan.findings.models import (
    Blocker,
    Closure,
    ClosureReturn,
    Comment,
    Dispute,
    Evidence,
    Inspection,
    OutsideWait,
    Plan,
    PlanChange,
    PlanOpinion,
    ProgressReport,
    SignSheet,
    Task,
)  # fmt: skip
from bihuan.notify.models import Notification
from bihuan.orgs.models import Delegation, Group, User
from bihuan.oversight.models import Decision, Dispatch, Letter, Meeting, Round
from tests.cast import NOW, TODAY
from tests.clock import Clock


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.BIHUAN_FILES = tmp_path / "files"


@pytest.mark.django_db
def test_every_page_has_something_to_show() -> None:
    passwords = build()
    assert {"fangjingyi", "hanyifei", "luoxiaoman", "gaoyuanzhou", "hemingqu", "zhouwanli"} <= set(passwords)
    assert not User.objects.filter(username__in=passwords, must_change_password=True).exists()
    live = Inspection.objects.get(mode="live")
    states = Counter(Task.objects.filter(inspection=live).values_list("state", flat=True))
    assert states["completed"] > 30
    assert all(states[one] for one in ("basically_completed", "long_term", "doing", "waiting", "todo"))
    late = Task.objects.filter(state__in=("todo", "doing", "waiting"), due_on__lt=TODAY)
    assert 0 < late.count() < 10
    stages = Counter(Closure.objects.values_list("stage", flat=True))
    assert all(stages[one] for one in ("claimed", "signed", "verified", "closed", "returned"))
    for model in (Blocker, ClosureReturn, Comment, Delegation, Dispute, Evidence, Group, Notification,
                  OutsideWait, PlanOpinion, ProgressReport):  # fmt: skip
        assert model.objects.exists(), model
    assert Plan.objects.filter(state="approved").count() == 1
    assert set(PlanChange.objects.values_list("state", flat=True)) == {"approved", "asked"}
    assert SignSheet.objects.get().state == "confirmed"
    assert set(Letter.objects.values_list("kind", flat=True)) == set(KINDS)
    assert set(Round.objects.values_list("state", flat=True)) == {"reported", "open"}
    assert set(Meeting.objects.values_list("state", flat=True)) == {"held", "called"}
    assert Dispatch.objects.latest("monday").monday == date(2026, 11, 16)
    assert Decision.objects.filter(asked=True, answer="").exists()


@pytest.mark.django_db
def test_the_record_of_the_demonstration_is_whole_and_in_its_order() -> None:
    build()
    assert (list(chain_breaks()), list(table_breaks())) == ([], [])
    moments = list(Event.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] == NOW


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2026, 11, 2), date(2026, 11, 6), date(2027, 2, 28)])
def test_it_can_be_told_on_other_days(clock: Clock, day: date) -> None:
    clock.at = datetime(day.year, day.month, day.day, 0, 20, tzinfo=UTC)
    build()
    assert Plan.objects.filter(state="approved").exists()
    assert list(table_breaks()) == []


@pytest.mark.django_db
def test_before_its_last_chapters_it_is_only_begun(clock: Clock) -> None:
    clock.at = datetime(2026, 3, 2, tzinfo=UTC)
    build()
    assert not Plan.objects.exists()
    assert Task.objects.filter(state="doing").count() == 12
