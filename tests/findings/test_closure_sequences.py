"""Random people take random steps: no path closes a task without the four persons, and the record tells the tables."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.closure import DONE, RETURN_REASONS, STEPS, Answers
from bihuan.core.findings import END_STATES
from bihuan.core.refusal import Refused
from bihuan.findings.actions.closure import Given, take
from bihuan.findings.actions.closure_back import Return, give_back, reopen, withdraw_claim
from bihuan.findings.actions.states import set_state
from bihuan.findings.models import Blocker, Closure, Evidence, LookAround, Problem, Task, TaskState
from bihuan.orgs.models import Grant, Post, User
from tests import closing
from tests.cast import NOW, TODAY, Cast, actor_for
from tests.closing import BASIC, LONG, Desk, changed, make_desk, make_evidence, make_ready, sealed

pytestmark = pytest.mark.django_db
ENDS = (closing.DONE, BASIC, LONG)


class Play:
    """One random play: people, tasks, and what they try."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.random = random.Random(seed)
        self.cast = cast
        self.desk: Desk = make_desk(cast)
        self.tasks = make_ready(cast, self.desk, count=3)
        several = Post.objects.filter(person=self.desk.second_supervisor).get()
        sealed(
            cast,
            *(
                Grant(post=several, role=role, unit=cast.organisation, starts_on=several.starts_on)
                for role in ("leader", "leading_group", "unit_head")
            ),
        )
        self.people: list[User] = [value for value in vars_of(self.desk) if isinstance(value, User)] + [
            cast.office,
            cast.reader,
            cast.outsider,
        ]
        self.at = NOW
        self.taken = 0

    def act(self) -> None:
        """Try one thing; a refusal must leave everything as it was."""
        self.at += timedelta(hours=self.random.choice((1, 5, 30)))
        self.at = min(self.at, NOW + timedelta(days=60))
        step = self.random.choice(STEPS)
        who = (
            closing.hand_of(self.desk, step)
            if self.random.random() < 0.6
            else self.random.choice(self.people)
        )
        actor = actor_for(who, at=self.at)
        ids = [task.pk for task in self.random.sample(self.tasks, self.random.choice((1, 1, 2, 3)))]
        before = snapshot()
        try:
            if self.random.random() < 0.8:
                take(step, ids, self.given(), actor=actor)
            else:
                self.random.choice(self.moves())(ids, actor)
            self.taken += 1
        except Refused:
            assert snapshot() == before

    def moves(self) -> list[Callable[[list[int], Any], Any]]:
        """Return what may be tried besides steps forward."""
        draw = self.random
        named = Return(
            draw.choice((*RETURN_REASONS, "")),
            measure=draw.choice(("建账", "")),
            to=draw.choice(("", "", "claimed", "signed")),
        )
        return [
            lambda ids, actor: give_back(ids, named, actor=actor),
            lambda ids, actor: withdraw_claim(ids, actor=actor),
            lambda ids, actor: reopen(ids, reason="recheck", note=draw.choice(("不合格", "")), actor=actor),
            lambda ids, actor: self.state(ids[0], actor),
            lambda ids, actor: self.world(ids[0]),
        ]

    def given(self) -> Given:
        yes = self.random.random() < 0.85
        return Given(
            claim=self.random.choice(ENDS), answers=Answers(sufficient=yes, appropriate=yes), meeting=""
        )

    def state(self, pk: int, actor: Any) -> None:
        task = Task.objects.get(pk=pk)
        set_state(
            task,
            self.random.choice(("todo", "doing", "waiting", "completed")),
            revision=task.revision,
            actor=actor,
        )

    def world(self, pk: int) -> None:
        """Change what closure rests on: evidence, cause, look-around, blockers."""
        task = Task.objects.get(pk=pk)
        kind = self.random.randrange(5)
        if kind == 0:
            for row in Evidence.objects.filter(task=task, accepted=False, withdrawn=False):
                changed(self.cast, row, withdrawn=True)
        elif kind == 1:
            make_evidence(
                self.cast,
                task,
                proves=self.random.choice(("result", "process")),
                need=task.needs.first(),
                by=self.desk.liaison,
            )
        elif kind == 2:
            changed(
                self.cast,
                Problem.objects.get(pk=task.problem_id),
                cause=self.random.choice(("", "制度没有落到人。")),
            )
        elif kind == 3:
            row = LookAround.objects.filter(problem=task.problem_id).first()
            assert row is not None
            changed(self.cast, row, withdrawn=not row.withdrawn)
        else:
            open_ = Blocker.objects.filter(problem=task.problem_id, lifted_on=None).first()
            if open_ is not None:
                changed(self.cast, open_, lifted_on=TODAY)
            elif self.random.random() < 0.3:
                sealed(
                    self.cast,
                    Blocker(
                        problem_id=task.problem_id,
                        organisation=self.cast.organisation,
                        reason="不合格",
                        raised_on=TODAY,
                    ),
                )


def vars_of(desk: Desk) -> list[Any]:
    return [getattr(desk, name) for name in Desk.__slots__]


def snapshot() -> Any:
    return (
        list(Closure.objects.order_by("pk").values()),
        list(Task.objects.order_by("pk").values()),
        list(TaskState.objects.order_by("pk").values()),
        list(Evidence.objects.order_by("pk").values()),
    )


def check() -> None:
    """What must hold after every sequence."""
    for closure in Closure.objects.filter(stage__in=("closed", "accepted")).select_related("task"):
        persons = [getattr(closure, f"{DONE[step]}_by_id") for step in STEPS[:4]]
        assert None not in persons
        assert len(set(persons)) == 4
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
    check()
