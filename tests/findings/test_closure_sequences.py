"""Random people take random steps: no path closes a task without the four persons, and the record tells the tables.

They lend their rights to one another, set substitutes and change the approved plan in between.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.closure import DONE, STEPS
from bihuan.core.findings import END_STATES
from bihuan.findings.actions.closure import Given, StepRefused, take
from bihuan.findings.models import (
    Closure,
    Task,
    TaskState,
)
from bihuan.orgs.actions.delegations import DelegationDraft, delegate, end_delegation
from bihuan.orgs.models import Grant, Post
from tests import closing
from tests.cast import NOW, TODAY, Cast, actor_for
from tests.findings.playing import Play, snapshot

pytestmark = pytest.mark.django_db


def check() -> None:
    """What must hold after every sequence."""
    for closure in Closure.objects.filter(stage__in=("closed", "accepted")).select_related("task"):
        persons = [getattr(closure, f"{DONE[step]}_by_id") for step in STEPS[:4]]
        assert None not in persons
        assert len(set(persons)) == 4
        sides = [
            {getattr(closure, f"{DONE[step]}_{side}_id") for side in ("by", "for")} - {None}
            for step in STEPS[:4]
        ]
        assert sum(len(side) for side in sides) == len(set().union(*sides)), (
            "who acts and for whom: nobody twice"
        )
        assert closure.sufficient
        assert closure.appropriate
        days = [getattr(closure, f"{DONE[step]}_on") for step in STEPS[:4]]
        assert days == sorted(days)
    for task in Task.objects.exclude(state__in=("todo", "doing", "waiting")):
        last = task.closures.filter(stage__in=("closed", "accepted")).order_by("-number").first()
        assert last is not None
        assert last.end_state == task.state
        assert task.state in END_STATES
    assert not TaskState.objects.filter(state="not_completed").exists()
    assert not list(chain_breaks())
    assert not list(table_breaks())


@given(seed=st.integers(0, 10_000_000))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_way_round_the_four_persons(cast: Cast, seed: int) -> None:
    with transaction.atomic():
        play = Play(cast, seed)
        for _ in range(80):
            play.act()
        assert play.taken
        check()
        transaction.set_rollback(True)


def test_plays_do_close_tasks(cast: Cast) -> None:
    """The test above would show nothing if no play came to an end."""
    play = Play(cast, 7)
    for _ in range(150):
        play.act()
    assert Closure.objects.filter(stage__in=("closed", "accepted", "reopened")).exists()
    assert play.lent
    assert play.closed
    check()


def test_a_delegate_takes_steps_in_a_play(cast: Cast) -> None:
    """Steps taken for somebody else are among what the plays try, and both names are kept."""
    play = Play(cast, 11)
    post = Post.objects.get(person=cast.reader)
    grant = Grant.objects.get(post__person=play.desk.leader)
    draft = DelegationDraft(grant.unit, TODAY, TODAY + timedelta(days=60), "出差")
    lent = delegate(grant, post=post, draft=draft, actor=actor_for(play.desk.leader))
    ids = [task.pk for task in play.tasks]
    take("claim", ids, closing.given_for("claim"), actor=actor_for(play.desk.head))
    take("sign", ids[:1], Given(), actor=actor_for(cast.reader))
    closure = Closure.objects.get(task=ids[0])
    assert (closure.signed_by, closure.signed_for) == (cast.reader, play.desk.leader)
    end_delegation(lent, ends_on=TODAY, reason="提前返岗", actor=actor_for(play.desk.leader))
    tomorrow = actor_for(cast.reader, at=NOW + timedelta(days=1))
    before = snapshot()
    with pytest.raises(StepRefused) as refused:
        take("sign", ids[1:], Given(), actor=tomorrow)
    assert {fault.code for fault in refused.value.faults} == {"orgs.delegation-ended"}
    assert snapshot() == before
    for _ in range(80):
        play.act()
    check()
