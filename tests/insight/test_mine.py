"""My work, for everybody: each number is the number of rows of the list that it leads to."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest

from bihuan.findings.actions.closure_back import Return, give_back
from bihuan.findings.actions.sheets import print_sheet
from bihuan.findings.models import SignSheet, Task
from bihuan.orgs.models import User
from bihuan.oversight.actions import decisions, dispatches
from bihuan.oversight.models import Decision
from tests.cast import TODAY, Cast, actor_for, make_person
from tests.clock import Clock
from tests.closing import BASIC, LONG, Desk, changed, make_desk, make_ready, walk
from tests.findings.browsing import signed_in

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a(?: class="[^"]*")? href="(/[^"]*)"><b>(\d+)</b>([^<]*)')
ROLES = (
    "liaison", "head", "other_head", "leader", "other_leader", "supervisor", "group", "superior", "office", "reader",
    "department_reader", "outsider", "enterprise",
)  # fmt: skip


@pytest.fixture
def desk(cast: Cast, clock: Clock) -> Desk:
    desk = make_desk(cast)
    tasks = make_ready(cast, desk, count=10)
    for number, step in enumerate(("claim", "sign", "verify", "close")):
        walk(desk, tasks[number : number + 1], step)
    walk(desk, tasks[4:5], "claim")
    give_back([tasks[4].pk], Return("other", measure="建账"), actor=actor_for(desk.leader))
    walk(desk, tasks[5:6], "close", LONG)
    walk(desk, tasks[6:7], "close", BASIC)
    changed(cast, Task.objects.get(pk=tasks[5].pk), review_on=TODAY - timedelta(days=1))
    changed(cast, Task.objects.get(pk=tasks[6].pk), left_until=TODAY - timedelta(days=1))
    changed(cast, Task.objects.get(pk=tasks[7].pk), due_on=TODAY - timedelta(days=2))
    _decide(cast, desk)
    return desk


def _decide(cast: Cast, desk: Desk) -> None:
    office = actor_for(cast.office)
    row = dispatches.prepare(cast.organisation, week_of=TODAY, actor=office)
    late, week = TODAY - timedelta(days=9), TODAY + timedelta(days=2)
    given = [
        {"text": "逐户核对", "unit_id": cast.environment.pk, "due_on": week},
        {"text": "补齐台账", "unit_id": cast.environment.pk, "due_on": late},
        {"text": "培训企业", "unit_id": cast.safety.pk, "due_on": week},
        {"text": "来年再看", "unit_id": cast.environment.pk, "due_on": TODAY + timedelta(days=60)},
        {"text": "领导包保", "person_id": desk.leader.pk, "due_on": week},
        {"text": "请定牵头单位", "asked": True, "advice": "由生态环境部牵头", "due_on": week},
        {"text": "已办的事", "unit_id": cast.environment.pk, "due_on": late},
    ]
    made = [decisions.add_decision(row, values, actor=office) for values in given]
    decisions.finish_decision(made[-1], done_on=TODAY, note="办结", actor=office)


def shown(user: User) -> Mapping[str, int]:
    """Return the numbers of the page by their words, each compared with its list."""
    browser = signed_in(user)
    found = LINK.findall(browser.get("/").content.decode())
    for url, number, word in found:
        page = browser.get(url.replace("&amp;", "&"))
        assert page.status_code == 200, url
        if "page" in page.context:
            rows = page.context["page"]
            total = rows.total if hasattr(rows, "total") else rows.paginator.count
            assert total == int(number), (user.name, word, url)
    return {word: int(number) for _url, number, word in found}


@pytest.fixture
def everybody(cast: Cast, desk: Desk) -> Mapping[str, User]:
    made = {"enterprise": make_person("qiye", "企业员", unit=cast.environment, role="enterprise")}
    return {name: made.get(name) or getattr(desk, name, None) or getattr(cast, name) for name in ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_every_number_is_that_of_its_list(everybody: Mapping[str, User], role: str) -> None:
    found = shown(everybody[role])
    assert (role in ("outsider", "other_leader")) == (not found)


def test_who_has_what_to_do(everybody: Mapping[str, User]) -> None:
    own = shown(everybody["liaison"])
    assert (own["待办"], own["被退回"], own["逾期"], own["议定事项待办结"]) == (4, 1, 1, 2)
    assert "待办" not in shown(everybody["leader"])
    assert shown(everybody["leader"])["议定事项待办结"] == 1
    assert shown(everybody["other_head"])["议定事项待办结"] == 1
    assert shown(everybody["office"])["议定事项待办结"] == 4
    group = shown(everybody["group"])
    assert (group["待销号"], group["请领导小组决定"]) == (1, 1)
    assert "请领导小组决定" not in shown(everybody["office"])
    for who, word in (("leader", "待审签"), ("supervisor", "待核查"), ("superior", "待认可")):
        assert shown(everybody[who])[word] >= 1


def test_sheets_are_counted_as_they_are_listed(cast: Cast, desk: Desk) -> None:
    task = Task.objects.filter(closures__stage="claimed").first()
    assert task is not None
    print_sheet(task, "sign", actor=actor_for(cast.office))
    assert SignSheet.objects.count() == 1
    assert shown(cast.office)["审签单待登记"] == 1


def test_an_answered_question_is_tracked(cast: Cast, desk: Desk) -> None:
    asked = Decision.objects.get(asked=True)
    decisions.answer_decision(asked, "agreed", actor=actor_for(desk.group))
    assert shown(desk.group)["请领导小组决定"] == 0
    assert shown(cast.office)["议定事项待办结"] == 5
