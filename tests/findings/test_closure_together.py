"""Many hands at once: of fifty attempts at each step one happens; who comes late is told so in a sentence."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, connections

from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.refusal import Refused
from bihuan.findings.actions.closure import take
from bihuan.findings.models import Closure, Task
from bihuan.web.middleware import trouble_of
from tests.cast import actor_for, make_cast
from tests.closing import given_for, hand_of, make_desk, make_ready

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


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_and_each_step_happens_once() -> None:
    many = 50 if connection.vendor == "postgresql" else 8
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
