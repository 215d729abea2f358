"""A round from its list to its report: frozen before the seed, drawn once, looked at by two who may."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.core.sampling import draw, list_text
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import Closure, ClosureReturn, Task
from bihuan.orgs.models import User
from bihuan.oversight.actions.round_checks import ChecksRefused, confirm_checks, record_checks, reopen_failed
from bihuan.oversight.actions.rounds import (
    create_round,
    draw_sample,
    edit_round,
    freeze_list,
    report_round,
    withdraw_round,
)
from bihuan.oversight.models import Round, RoundCheck, RoundItem
from bihuan.oversight.queries.rounds import candidates, listed, progress, rates_of, rates_seen
from tests.cast import TODAY, Cast, actor_for, make_cast, make_person
from tests.closing import Desk, changed, make_desk, make_ready, walk
from tests.oversight.supervising import check, found, items, make_round, open_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def tasks(cast: Cast, desk: Desk) -> list[Task]:
    made = make_ready(cast, desk, count=8)
    for task in made[5:]:
        changed(cast, task, unit=cast.safety)
    return made


@pytest.fixture
def third(cast: Cast, desk: Desk) -> User:
    return make_person("lingxi", "凌夕", unit=cast.organisation, role="supervision")


def codes(refused: Any) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def test_the_list_stands_before_the_seed_and_the_draw_can_be_repeated(desk: Desk, tasks: list[Task]) -> None:
    row = make_round(desk, tasks)
    with pytest.raises(NotAllowed, match=r"rounds\.state-preparing"):
        draw_sample(row, agreed="3-5-1", size=3, actor=actor_for(desk.supervisor))
    row = freeze_list(row, actor=actor_for(desk.supervisor))
    text = list_text(listed(row), strata=row.strata)
    assert (row.state, row.items) == ("frozen", 8)
    assert row.digest == hashlib.sha256(text.encode()).hexdigest()
    row = draw_sample(row, agreed=" 3-5-1-6-2 ", size=4, actor=actor_for(desk.supervisor))
    assert row.seed == f"3-5-1-6-2+{row.digest}"
    expected = draw(listed(row), seed=row.seed, size=4, strata=row.strata)
    assert {item.label for item in items(row)} == {one.item.id for one in expected.drawn}
    assert all(
        item.ticket == hashlib.sha256(f"{row.seed},{item.label}".encode()).hexdigest()
        for item in RoundItem.objects.filter(round=row)
    )


def test_a_list_is_what_it_was_though_the_register_moves_on(
    cast: Cast, desk: Desk, tasks: list[Task]
) -> None:
    row = freeze_list(make_round(desk, tasks), actor=actor_for(desk.supervisor))
    changed(cast, tasks[0], unit=cast.safety, due_on=date(2027, 6, 1))
    draw_sample(row, agreed="6-6-6", size=3, actor=actor_for(desk.supervisor))
    row.refresh_from_db()
    assert hashlib.sha256(list_text(listed(row), strata=row.strata).encode()).hexdigest() == row.digest


def test_drawing_again_needs_a_reason_another_text_and_no_checks(desk: Desk, tasks: list[Task]) -> None:
    row = open_round(desk, tasks, "sampled", size=3)
    act = actor_for(desk.supervisor)
    with pytest.raises(Invalid) as refused:
        draw_sample(row, agreed="3-5-1-6-2", size=3, actor=act)
    assert codes(refused) == ["rounds.redraw-reason", "rounds.same-seed"]
    row = draw_sample(row, agreed="1-1-1", size=4, reason="抽中的单位当日停电。", actor=act)
    assert [(one.number, one.agreed, one.reason) for one in row.draws.order_by("number")] == [
        (1, "3-5-1-6-2", ""),
        (2, "1-1-1", "抽中的单位当日停电。"),
    ]
    assert len(items(row)) == 4
    check(row, items(row)[0], desk.supervisor, desk.second_supervisor)
    with pytest.raises(Invalid, match=r"rounds\.checked"):
        draw_sample(row, agreed="2-2-2", size=4, reason="再抽", actor=act)


@pytest.mark.parametrize("agreed", ["", "  ", "x" * 131, "1\n2", "1\u200b2"])
def test_a_seed_is_a_text_that_can_be_read_out(desk: Desk, tasks: list[Task], agreed: str) -> None:
    row = freeze_list(make_round(desk, tasks), actor=actor_for(desk.supervisor))
    with pytest.raises(Invalid, match=r"rounds\.agreed"):
        draw_sample(row, agreed=agreed, size=3, actor=actor_for(desk.supervisor))


def test_who_may_lead_a_round(cast: Cast, desk: Desk, tasks: list[Task]) -> None:
    values = {"kind": "full", "title": "督查", "starts_on": TODAY, "ends_on": TODAY}
    inspection = tasks[0].inspection
    for person in (
        cast.office,
        cast.reader,
        desk.head,
        desk.leader,
        desk.group,
        desk.superior,
        cast.outsider,
    ):
        with pytest.raises(NotAllowed, match=r"orgs\.role-missing"):
            create_round(inspection, values, actor=actor_for(person))
    create_round(inspection, {**values, "kind": "recheck"}, actor=actor_for(desk.superior))
    assert create_round(inspection, values, actor=actor_for(desk.supervisor)).number == 2


def test_a_round_is_refused_with_every_fault(desk: Desk, tasks: list[Task]) -> None:
    with pytest.raises(Invalid) as refused:
        make_round(
            desk,
            tasks,
            "other",
            title="",
            ends_on=date(2026, 11, 1),
            questions=[],
            strata=["x"],
            weights={"重点": 0},
        )
    assert sorted(codes(refused)) == sorted(
        [
            "findings.required",
            "rounds.kind",
            "rounds.ends-before-start",
            "rounds.questions",
            "rounds.strata",
            "rounds.weight",
        ]
    )


def test_a_frozen_round_is_not_edited(desk: Desk, tasks: list[Task]) -> None:
    row = make_round(desk, tasks)
    row = edit_round(row, {"title": "第二轮督查"}, revision=row.revision, actor=actor_for(desk.supervisor))
    row = freeze_list(row, actor=actor_for(desk.supervisor))
    with pytest.raises(NotAllowed, match=r"rounds\.state-frozen"):
        edit_round(row, {"title": "x"}, revision=row.revision, actor=actor_for(desk.supervisor))
    with pytest.raises(NotAllowed, match=r"rounds\.state-frozen"):
        freeze_list(row, actor=actor_for(desk.supervisor))


def test_two_persons_who_may(cast: Cast, desk: Desk, tasks: list[Task], third: User) -> None:
    row = open_round(desk, tasks)
    item = items(row)[0]
    inside = make_person("guyan", "顾言", unit=cast.environment, role="supervision", over=cast.organisation)
    for second, code in (
        (desk.supervisor, "rounds.one-person"),
        (desk.head, "rounds.not-entitled"),
        (inside, "rounds.own-unit"),
    ):
        with pytest.raises(Invalid) as refused:
            check(row, item, desk.supervisor, second)
        assert code in codes(refused)
    walk(desk, [tasks[0]], "verify")
    with pytest.raises(Invalid, match=r"rounds\.took-part"):
        check(row, item, desk.supervisor, third)
    assert check(row, item, third, desk.second_supervisor).first_at is not None
    assert not RoundCheck.objects.exclude(item=item).exists()


def test_what_was_found_is_judged_whole(desk: Desk, tasks: list[Task]) -> None:
    row = open_round(desk, tasks)
    item = items(row)[0]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"result": "maybe"}, "rounds.result"),
        ({"result": "fails", "reason": "", "note": "没有"}, "rounds.reason"),
        ({"result": "fails", "note": " "}, "rounds.note"),
        ({"result": "unseen"}, "rounds.note"),
        ({"answers": {}}, "rounds.unanswered"),
        ({"answers": {"别的": "yes"}}, "rounds.answer"),
        ({"answers": dict.fromkeys(row.questions, "no")}, "rounds.holds-with-no"),
        ({"captured_at": None}, "rounds.captured-missing"),
        ({"captured_at": datetime(2026, 11, 24, tzinfo=UTC)}, "rounds.captured-later"),
        ({"captured_at": datetime(2026, 11, 1, tzinfo=UTC)}, "rounds.captured-before"),
    ]
    for changes, code in cases:
        with pytest.raises(Invalid) as refused:
            check(row, item, desk.supervisor, desk.second_supervisor, **changes)
        assert code in codes(refused), code
    assert not RoundCheck.objects.exists()


def test_a_failure_returns_the_claim_when_both_have_confirmed(
    desk: Desk, tasks: list[Task], third: User
) -> None:
    walk(desk, tasks[:1], "sign")
    row = open_round(desk, tasks)
    made = check(row, items(row)[0], desk.second_supervisor, third, "fails")
    assert Closure.objects.get(task=tasks[0]).stage == "signed"
    with pytest.raises(NotAllowed, match=r"rounds\.not-yours"):
        confirm_checks([made.pk], actor=actor_for(desk.supervisor))
    confirm_checks([made.pk], actor=actor_for(third))
    made.refresh_from_db()
    back = ClosureReturn.objects.get(task=tasks[0])
    assert (made.made_return_id, back.reason, back.to_stage) == (back.pk, "measure-not-done", "unit")
    assert Closure.objects.get(task=tasks[0]).stage == "returned"
    assert confirm_checks([made.pk], actor=actor_for(third)) == []


def test_a_failed_recheck_proposes_and_a_person_reopens(
    cast: Cast, desk: Desk, tasks: list[Task], third: User
) -> None:
    walk(desk, tasks[:3], "close")
    row = open_round(desk, tasks, "recheck", size=1)
    assert row.items == 3
    item = items(row)[0]
    made = check(row, item, desk.second_supervisor, third, "fails")
    with pytest.raises(NotAllowed, match=r"rounds\.nothing-to-reopen"):
        reopen_failed(made, note="", actor=actor_for(third))
    confirm_checks([made.pk], actor=actor_for(third))
    item.task.refresh_from_db()
    assert item.task.state == "completed"
    made = reopen_failed(made, note="台账又断了。", actor=actor_for(desk.second_supervisor))
    item.task.refresh_from_db()
    assert (item.task.state, made.reopening is not None) == ("doing", True)
    with pytest.raises(NotAllowed):
        reopen_failed(made, note="", actor=actor_for(third))
    rate = rates_of(row)[0]
    assert (rate.name, rate.drawn, rate.seen, rate.failed, rate.low, rate.high) == (
        "生态环境部",
        1,
        1,
        1,
        206,
        1000,
    )
    assert rates_seen(desk.group, cast.organisation.pk, TODAY)
    assert not rates_seen(cast.office, cast.organisation.pk, TODAY)
    assert not rates_seen(desk.superior, cast.organisation.pk, TODAY)


def test_a_correction_says_why_and_meets_no_other(desk: Desk, tasks: list[Task]) -> None:
    row = open_round(desk, tasks)
    item = items(row)[0]
    old = check(row, item, desk.supervisor, desk.second_supervisor)
    with pytest.raises(Conflict):
        check(row, item, desk.supervisor, desk.second_supervisor, "fails")
    with pytest.raises(Invalid, match=r"rounds\.correction"):
        check(row, item, desk.supervisor, desk.second_supervisor, "fails", over=old.pk)
    new = check(
        row, item, desk.supervisor, desk.second_supervisor, "fails", over=old.pk, correction="看错了楼层。"
    )
    assert list(RoundCheck.objects.filter(item=item, current=True)) == [new]
    with pytest.raises(Conflict, match=r"rounds\.check-overtaken"):
        confirm_checks([old.pk], actor=actor_for(desk.second_supervisor))


def test_many_at_once_are_written_together_or_not_at_all(desk: Desk, tasks: list[Task]) -> None:
    row = open_round(desk, tasks)
    people = (desk.supervisor, desk.second_supervisor)
    drafts = [found(item, *people) for item in items(row)]
    bad = [*drafts[:-2], found(items(row)[-2], *people, "unseen"), found(items(row)[-1], *people, result="x")]
    with pytest.raises(ChecksRefused) as refused:
        record_checks(row, bad, via="workbook", actor=actor_for(desk.supervisor))
    assert len(refused.value.refused) == 2
    with pytest.raises(Refused, match=r"rounds\.item-twice"):
        record_checks(row, [drafts[0], drafts[0]], via="workbook", actor=actor_for(desk.supervisor))
    assert not RoundCheck.objects.exists()
    made = record_checks(row, drafts, via="workbook", actor=actor_for(desk.supervisor))
    assert progress([row.pk])[row.pk].waiting == 8
    confirm_checks([one.pk for one in made], actor=actor_for(desk.second_supervisor))
    assert progress([row.pk])[row.pk].checked == 8


def test_a_round_is_reported_when_every_item_was_seen(cast: Cast, desk: Desk, tasks: list[Task]) -> None:
    row = open_round(desk, tasks, "sampled", size=3)
    act = actor_for(desk.supervisor)
    with pytest.raises(Refused, match=r"rounds\.left-open"):
        report_round(row, conclusion="总体落实。", actor=act)
    made = [check(row, one, desk.supervisor, desk.second_supervisor) for one in items(row)]
    confirm_checks([one.pk for one in made], actor=actor_for(desk.second_supervisor))
    with pytest.raises(Invalid):
        report_round(row, conclusion=" ", actor=act)
    row = report_round(row, conclusion="总体落实。", actor=act)
    assert (row.state, row.reported_on) == ("reported", TODAY)
    with pytest.raises(NotAllowed, match=r"rounds\.state-reported"):
        check(row, items(row)[0], desk.supervisor, desk.second_supervisor, over=made[0].pk, correction="x")
    with pytest.raises(NotAllowed, match=r"rounds\.checked"):
        withdraw_round(row, reason="x", actor=act)
    assert list(chain_breaks()) == []
    assert [one for one in table_breaks() if "round" in str(one)] == []
    assert Event.objects.filter(action="round.check").count() == 3


def test_nothing_is_drawn_where_nothing_is(desk: Desk, tasks: list[Task]) -> None:
    with pytest.raises(Refused, match=r"rounds\.nothing-to-list-recheck"):
        freeze_list(make_round(desk, tasks, "recheck"), actor=actor_for(desk.supervisor))
    assert Round.objects.get().state == "preparing"


def test_risk_is_told_from_the_register(cast: Cast, desk: Desk, tasks: list[Task]) -> None:
    changed(cast, tasks[1], due_on=date(2027, 5, 1))
    walk(desk, tasks[2:3], "sign")
    row = open_round(desk, tasks)
    made = check(row, items(row)[2], desk.supervisor, desk.second_supervisor, "fails")
    confirm_checks([made.pk], actor=actor_for(desk.second_supervisor))
    risks = {one.task.number: one.risk for one in candidates(tasks[0].inspection_id, "full")}
    assert [number for number, risk in risks.items() if risk == "重点"] == ["2-1", "3-1"]
