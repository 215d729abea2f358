"""One random play of closure: people, tasks, and what they try; each refusal is looked at for what it left."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bihuan.core.closure import RETURN_REASONS, STEPS, Answers
from bihuan.core.refusal import Refused
from bihuan.findings.actions.closure import Given, take
from bihuan.findings.actions.closure_back import Return, give_back, reopen, withdraw_claim
from bihuan.findings.actions.plan_changes import ask_extension, decide_change
from bihuan.findings.actions.states import set_state
from bihuan.findings.models import (
    Blocker,
    Closure,
    Evidence,
    LookAround,
    Plan,
    PlanChange,
    Problem,
    Task,
    TaskState,
)
from bihuan.orgs.actions.delegations import DelegationDraft, delegate, end_delegation
from bihuan.orgs.actions.rights import set_substitutes
from bihuan.orgs.models import Delegation, Grant, Post, Substitute, User
from tests import closing
from tests.cast import NOW, TODAY, Cast, actor_for
from tests.closing import BASIC, LONG, Desk, changed, make_desk, make_evidence, make_ready, sealed

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
        self.taken = self.lent = self.closed = 0

    def saw(self, step: str, ids: list[int]) -> None:
        """Look at what stands at the moment of closing: result, cause, look-around, nothing that blocks."""
        for task in Task.objects.filter(pk__in=ids, closures__stage="closed") if step == "close" else ():
            if task.closures.filter(stage="closed", closed_at=self.at).exists():
                self.closed += 1
                assert task.evidence.filter(proves="result", withdrawn=False, current=True).exists()
                assert task.problem.cause
                assert LookAround.objects.filter(problem=task.problem_id, withdrawn=False).exists()
                assert not Blocker.objects.filter(problem=task.problem_id, lifted_on=None).exists()

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
            if self.random.random() < 0.75:
                take(step, ids, self.given(), actor=actor)
            else:
                self.random.choice(self.moves())(ids, actor)
            self.taken += 1
            self.saw(step, ids)
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
            lambda ids, actor: self.world(ids[0]),
            lambda ids, actor: self.lend(actor),
            lambda ids, actor: self.lend(actor),
            lambda ids, actor: self.take_back(actor),
            lambda ids, actor: self.substitutes(),
            lambda ids, actor: self.plan(ids[0], actor),
        ]

    def lend(self, actor: Any) -> None:
        """Lend a grant of one person to another for some days; who was lent something is asked more often."""
        grant = self.random.choice(list(Grant.objects.select_related("post", "unit").order_by("pk")))
        post = self.random.choice(list(Post.objects.select_related("person").order_by("pk")))
        on = actor.today
        draft = DelegationDraft(grant.unit, on, on + timedelta(days=self.random.choice((0, 3, 30))), "出差")
        whose = self.random.choice((actor, actor_for(grant.post.person, at=self.at)))
        delegate(grant, post=post, draft=draft, actor=whose)
        self.people.append(post.person)
        self.lent += 1

    def take_back(self, actor: Any) -> None:
        rows = list(Delegation.objects.select_related("grant__post__person").order_by("pk"))
        if rows:
            one = self.random.choice(rows)
            whose = actor_for(one.grant.post.person, at=self.at)
            end_delegation(one, ends_on=actor.today, reason="提前返岗", actor=whose)

    def substitutes(self) -> None:
        """Set who decides next at a step."""
        own = [user for user in self.people if user not in (self.cast.outsider, self.desk.superior)]
        people = list(dict.fromkeys(self.random.choices(own, k=2)))
        role = self.random.choice(("leader", "supervision", "leading_group"))
        office = actor_for(self.cast.office, at=self.at)
        set_substitutes(self.cast.organisation, role=role, people=people, actor=office)

    def plan(self, pk: int, actor: Any) -> None:
        """Ask for a later due date, or decide on what was asked for."""
        asked = PlanChange.objects.filter(state="asked").order_by("pk").first()
        if asked is None:
            due = TODAY + timedelta(days=self.random.choice((-400, 200, 400)))
            ask_extension(Task.objects.get(pk=pk), due, reason="汛期延误", actor=actor)
        else:
            deciding = self.random.choice((actor, actor_for(self.desk.leader, at=self.at)))
            agreed = self.random.random() < 0.7
            decide_change(asked, agreed=agreed, note="同意", revision=asked.revision, actor=deciding)

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
            looked = LookAround.objects.filter(problem=task.problem_id).first()
            assert looked is not None
            changed(self.cast, looked, withdrawn=not looked.withdrawn)
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
        list(Delegation.objects.order_by("pk").values()),
        list(Substitute.objects.order_by("pk").values()),
        list(PlanChange.objects.order_by("pk").values()),
        list(Plan.objects.order_by("pk").values()),
    )
