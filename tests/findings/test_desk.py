"""What waits for a person: every count equals its list, and nobody is asked who took an earlier step."""

from datetime import date, timedelta

import pytest

from bihuan.core.lists import TASKS, WAITS, wish
from bihuan.findings.actions.closure_back import Return, give_back
from bihuan.findings.models import Closure, Task
from bihuan.findings.queries import desk as desks
from bihuan.findings.queries.lists import task_page
from bihuan.findings.queries.sight import reach
from bihuan.orgs.models import Delegation, Grant, Post, User
from bihuan.orgs.queries import holders, sight
from tests.cast import TODAY, Cast, actor_for, make_person
from tests.closing import BASIC, LONG, Desk, changed, make_desk, make_ready, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def listed(user: User, **filters: str) -> list[str]:
    page = task_page(reach(user, TODAY), wish(TASKS, filters))
    assert page.total == len(page.rows)
    return [row["number"] for row in page.rows]


def counted(user: User) -> dict[str, int]:
    return dict(desks.counts(reach(user, TODAY), sight(user, TODAY).roles))


def everybody(desk: Desk) -> list[User]:
    return [
        desk.liaison, desk.head, desk.other_head, desk.leader, desk.other_leader, desk.supervisor, desk.group,
        desk.superior,
    ]  # fmt: skip


def test_each_step_waits_for_its_own_people(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=6)
    walk(desk, tasks[:1], "claim")
    walk(desk, tasks[1:2], "sign")
    walk(desk, tasks[2:3], "verify")
    walk(desk, tasks[3:4], "close")
    walk(desk, tasks[4:5], "claim")
    give_back([tasks[4].pk], Return("other", measure="建账"), actor=actor_for(desk.leader))
    assert listed(desk.leader, waiting="sign") == ["1-1"]
    assert listed(desk.supervisor, waiting="verify") == ["2-1"]
    assert listed(desk.group, waiting="close") == ["3-1"]
    assert listed(desk.superior, waiting="accept") == ["4-1"]
    assert listed(desk.head, waiting="returned") == ["5-1"]
    assert listed(desk.liaison, waiting="returned") == ["5-1"]
    assert listed(desk.other_leader, waiting="sign") == []
    assert listed(desk.other_head, waiting="returned") == []
    for stage, number in zip(
        ("claimed", "signed", "verified", "closed", "returned"), range(1, 6), strict=True
    ):
        assert listed(cast.office, stage=stage) == [f"{number}-1"]
    for user in [*everybody(desk), cast.office, cast.reader]:
        for word, number in counted(user).items():
            assert number == len(listed(user, waiting=word)), (user.name, word)
        frame = desks.waiting_count(user.pk, TODAY, sight(user, TODAY).roles)
        assert frame == sum(
            len(listed(user, waiting=word)) for word in WAITS if word not in ("lapsed", "todo")
        )


def test_who_took_an_earlier_step_is_not_asked_for_the_next(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=2)
    walk(desk, tasks, "sign")
    post = Post.objects.filter(person=desk.leader).get()
    Grant.objects.create(
        post=post, role="supervision", unit=cast.organisation, starts_on=date(2020, 1, 1), ends_on=None
    )
    assert desks.queue("verify", reach(desk.leader, TODAY)) == []
    assert desks.queue("verify", reach(desk.second_supervisor, TODAY)) == [task.pk for task in tasks]


def test_a_substitute_is_asked_while_the_delegation_runs(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk)
    walk(desk, tasks, "claim")
    deputy = make_person("daiban", "代班人", unit=cast.organisation, role="reader")
    lent = Delegation.objects.create(
        grant=Grant.objects.get(post__person=desk.leader),
        post=Post.objects.get(person=deputy),
        unit=cast.environment,
        starts_on=TODAY,
        ends_on=TODAY,
    )
    assert desks.queue("sign", reach(deputy, TODAY)) == [tasks[0].pk]
    assert deputy.pk in holders([cast.environment.pk], ["leader"], TODAY)[cast.environment.pk, "leader"]
    Delegation.objects.filter(pk=lent.pk).update(
        ends_on=TODAY - timedelta(days=1), starts_on=TODAY - timedelta(days=1)
    )
    assert desks.queue("sign", reach(deputy, TODAY)) == []


def test_a_weaker_end_claimed_again_waits_once(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk)
    walk(desk, tasks, "close", LONG)
    walk(desk, tasks, "claim")
    assert listed(desk.superior, waiting="accept") == []
    assert listed(desk.leader, waiting="sign") == ["1-1"]
    assert Closure.objects.count() == 2


def test_what_lapsed(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=3)
    walk(desk, tasks[:1], "close", LONG)
    walk(desk, tasks[1:2], "close", BASIC)
    assert listed(cast.office, waiting="lapsed") == []
    changed(cast, Task.objects.get(pk=tasks[0].pk), review_on=TODAY - timedelta(days=1))
    changed(cast, Task.objects.get(pk=tasks[1].pk), left_until=TODAY - timedelta(days=1))
    assert listed(cast.office, waiting="lapsed") == ["1-1", "2-1"]
    assert counted(cast.reader) == {"lapsed": 2}
