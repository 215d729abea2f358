"""Many hands at once: of fifty attempts at each step one happens; who comes late is told so in a sentence."""

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.closure import Answers
from bihuan.core.refusal import Refused
from bihuan.files.actions import receive_whole
from bihuan.files.models import Upload
from bihuan.findings.actions import sheets
from bihuan.findings.actions.closure import take
from bihuan.findings.actions.plan_versions import Approval, approve_plan
from bihuan.findings.actions.recipients import add_recipients, draw_recipients
from bihuan.findings.models import Closure, Plan, Recipient, SignSheet, Task
from bihuan.web.middleware import trouble_of
from tests.cast import TODAY, actor_for, make_cast
from tests.closing import PDF, given_for, hand_of, make_desk, make_ready, walk
from tests.findings.planning import in_review, make_crew, make_plan_tasks

STEPS = ("claim", "sign", "verify", "close", "accept")


def at_once(many: int, act: Callable[[], object]) -> Counter[str]:
    """Run `act` in many threads that start together; count what became of each."""
    gate = threading.Barrier(many)
    found: Counter[str] = Counter()
    lock = threading.Lock()

    def one() -> None:
        gate.wait()
        try:
            act()
            said = "done"
        except Refused as refused:
            said = refused.code
        except OperationalError as error:
            trouble = trouble_of(error)
            said = trouble[1] if trouble else repr(error)
        finally:
            connections.close_all()
        with lock:
            found[said] += 1

    threads = [threading.Thread(target=one) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def hands() -> int:
    return 50 if connection.vendor == "postgresql" else 8


def nothing_broken() -> None:
    assert not list(chain_breaks())
    assert not list(table_breaks())


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_and_each_step_happens_once() -> None:
    many = hands()
    cast = make_cast()
    desk = make_desk(cast)
    tasks = [task.pk for task in make_ready(cast, desk, count=3)]
    for step in STEPS:
        actor = actor_for(hand_of(desk, step))
        found = at_once(many, lambda step=step, actor=actor: take(step, tasks, given_for(step), actor=actor))
        assert found.pop("done") == 1
        assert set(found) <= {"closure.not-together", "web.busy"}, found
    assert Closure.objects.count() == 3
    assert set(Closure.objects.values_list("stage", flat=True)) == {"accepted"}
    assert set(Task.objects.values_list("state", flat=True)) == {"completed"}
    assert not list(chain_breaks())
    assert not list(table_breaks())


@pytest.mark.django_db(transaction=True)
def test_fifty_draw_together_and_the_sample_is_drawn_once() -> None:
    """The same seed and list: every hand sees the same three, who are marked and sealed once."""
    cast = make_cast()
    desk = make_desk(cast)
    (task,) = make_ready(cast, desk)
    people = [{"name": f"{number}号商行"} for number in range(40)]
    add_recipients(task, people, actor=actor_for(desk.liaison))
    drawn: list[tuple[int, ...]] = []

    def draw() -> None:
        rows = draw_recipients(task, size=3, seed="3-5-1-6-2", actor=actor_for(desk.supervisor))
        drawn.append(tuple(row.pk for row in rows))

    found = at_once(hands(), draw)
    assert found.pop("done") >= 1
    assert set(found) <= {"web.busy"}, found
    assert set(drawn) == {
        tuple(Recipient.objects.filter(sampled=True).order_by("pk").values_list("pk", flat=True))
    }
    assert len(drawn[0]) == 3
    assert Event.objects.filter(action="recipient.draw", kind="recipient").count() == 3
    nothing_broken()


@pytest.mark.django_db(transaction=True)
def test_fifty_approve_and_one_approval_stands() -> None:
    cast = make_cast()
    crew = make_crew(cast)
    plan = in_review(cast, make_plan_tasks(cast)[0].inspection)
    given = Approval("党工委会议", "江高党〔2026〕21号")
    group = (crew.group, crew.other_group) * hands()
    actors = [actor_for(one) for one in group]
    found = at_once(hands(), lambda: approve_plan(plan, given, revision=plan.revision, actor=actors.pop()))
    assert found.pop("done") == 1
    assert set(found) <= {"findings.overtaken", "plan.step-approved", "web.busy"}, found
    assert list(Plan.objects.values_list("state", "version")) == [("approved", plan.version)]
    assert Event.objects.filter(action="plan.approve").count() == 1
    nothing_broken()


@pytest.mark.django_db(transaction=True)
def test_fifty_bind_and_confirm_and_each_happens_once(tmp_path: Path, settings: Any) -> None:
    """Each with a scan of their own: one is bound, the others stay uploads of whoever sent them."""
    settings.BIHUAN_FILES = tmp_path / "files"
    cast = make_cast()
    desk = make_desk(cast)
    tasks = make_ready(cast, desk)
    walk(desk, tasks, "sign")
    sheet = sheets.print_sheet(tasks[0], "verify", actor=actor_for(desk.liaison))
    office = actor_for(cast.office)
    scans = [PDF + b"\n%%%d" % number for number in range(hands())]
    uploads = [
        receive_whole([data], name="扫描件.pdf", size=len(data), purpose=sheets.PURPOSE, actor=office).pk
        for data in scans
    ]

    def bind() -> None:
        both = Answers(sufficient=True, appropriate=True)
        scan = sheets.Scan(uploads.pop(), desk.supervisor.pk, TODAY, both, "")
        sheets.bind(sheet, scan, actor=office)

    found = at_once(hands(), bind)
    assert found.pop("done") == 1
    assert set(found) <= {"closure.sheet-not-printed", "web.busy"}, found
    assert Upload.objects.count() == hands() - 1
    confirming = actor_for(desk.group)
    found = at_once(hands(), lambda: sheets.confirm(sheet, actor=confirming))
    assert found.pop("done") == 1
    assert set(found) <= {"closure.sheet-not-bound", "web.busy"}, found
    assert SignSheet.objects.get().state == "confirmed"
    assert Closure.objects.get().verified_by == desk.supervisor
    nothing_broken()
