"""Closure: the whole way, every refusal, the ways back; nothing is written when something is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.closure import Answers, Claim
from bihuan.findings.actions.closure import Given, StepRefused, take
from bihuan.findings.actions.closure_back import Return, give_back, reopen, withdraw_claim
from bihuan.findings.models import (
    Blocker,
    Closure,
    Evidence,
    LookAround,
    PlanChange,
    Problem,
    Recipient,
    Recusal,
    Task,
)
from bihuan.orgs.models import DeadlineRule, Post
from tests.cast import TODAY, Cast, actor_for, make_person
from tests.closing import (
    BASIC,
    DONE,
    LONG,
    Desk,
    changed,
    given_for,
    hand_of,
    make_desk,
    make_evidence,
    make_ready,
    sealed,
    walk,
)

pytestmark = pytest.mark.django_db
STEPS = ("claim", "sign", "verify", "close", "accept")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def task(cast: Cast, desk: Desk) -> Task:
    return make_ready(cast, desk)[0]


def codes(refusal: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [fault.code for fault in refusal.value.faults]


def refused(step: str, task: Task, user: Any, given: Given | None = None) -> list[str]:
    """Return the codes by which a step is refused, having seen that nothing was written."""
    before = Event.objects.count(), list(Closure.objects.values()), list(Task.objects.values())
    with pytest.raises(StepRefused) as refusal:
        take(step, [task.pk], given or given_for(step), actor=actor_for(user))
    assert before == (Event.objects.count(), list(Closure.objects.values()), list(Task.objects.values()))
    return codes(refusal)


def test_the_whole_way(desk: Desk, task: Task) -> None:
    closure = walk(desk, [task], "accept")[0]
    closure.refresh_from_db()
    assert closure.stage == "accepted"
    assert [
        getattr(closure, f"{done}_by") for done in ("claimed", "signed", "verified", "closed", "accepted")
    ] == [
        desk.head,
        desk.leader,
        desk.supervisor,
        desk.group,
        desk.superior,
    ]
    task.refresh_from_db()
    assert task.state == "completed"
    assert Evidence.objects.get(task=task).accepted
    assert not list(chain_breaks())
    assert not list(table_breaks())


@pytest.mark.parametrize(
    ("claim", "state"), [(DONE, "completed"), (BASIC, "basically_completed"), (LONG, "long_term")]
)
def test_the_three_end_states(desk: Desk, task: Task, claim: Claim, state: str) -> None:
    walk(desk, [task], "close", claim)
    task.refresh_from_db()
    assert (task.state, task.left_until, task.review_on) == (state, claim.left_until, claim.review_on)
    assert list(
        task.states.filter(effective_until=None, superseded_at=None).values_list("state", flat=True)
    ) == [state]


def test_a_weaker_end_can_be_claimed_again(desk: Desk, task: Task) -> None:
    walk(desk, [task], "close", LONG)
    second = walk(desk, [task], "close", DONE)[0]
    task.refresh_from_db()
    assert (task.state, second.number, task.review_on) == ("completed", 2, None)


def test_steps_out_of_order(desk: Desk, task: Task) -> None:
    assert refused("sign", task, desk.leader) == ["closure.not-claimed"]
    assert refused("verify", task, desk.supervisor) == ["closure.not-signed"]
    assert refused("close", task, desk.group) == ["closure.not-verified"]
    assert refused("accept", task, desk.superior) == ["closure.not-closed"]
    for number, step in enumerate(STEPS):
        take(step, [task.pk], given_for(step), actor=actor_for(hand_of(desk, step)))
        for earlier in STEPS[: number + 1]:
            found = refused(earlier, task, hand_of(desk, earlier))
            assert set(found) & {
                f"closure.already-{word}" for word in ("claimed", "signed", "verified", "closed", "accepted")
            } or (found == ["closure.ended"])


def test_every_step_needs_its_role(cast: Cast, desk: Desk, task: Task) -> None:
    people = [
        cast.office,
        cast.reader,
        desk.liaison,
        desk.head,
        desk.leader,
        desk.supervisor,
        desk.group,
        desk.superior,
    ]
    for step in STEPS:
        for person in people:
            if person != hand_of(desk, step):
                found = refused(step, task, person)
                assert any(code.startswith("closure.role-") for code in found), (step, person, found)
        take(step, [task.pk], given_for(step), actor=actor_for(hand_of(desk, step)))


def test_another_units_head_and_leader(desk: Desk, task: Task) -> None:
    assert refused("claim", task, desk.other_head) == ["closure.not-in-charge-unit-head"]
    walk(desk, [task], "claim")
    assert refused("sign", task, desk.other_leader) == ["closure.not-in-charge-leader"]


@pytest.mark.parametrize("first", STEPS)
@pytest.mark.parametrize("second", STEPS)
def test_no_person_takes_two_steps(cast: Cast, desk: Desk, task: Task, first: str, second: str) -> None:
    """Somebody who holds every role takes one step; every later step is refused to him."""
    if STEPS.index(second) <= STEPS.index(first):
        return
    many = make_person("quannengzhe", "全能者", unit=cast.organisation, role="unit_head")
    post = Post.objects.get(person=many)
    for role in ("leader", "supervision", "leading_group", "superior"):
        post.grants.create(role=role, unit=cast.organisation, starts_on=date(2020, 1, 1))
    for step in STEPS[: STEPS.index(second)]:
        take(
            step, [task.pk], given_for(step), actor=actor_for(many if step == first else hand_of(desk, step))
        )
    word = {"claim": "claimed", "sign": "signed", "verify": "verified", "close": "closed"}[first]
    assert f"closure.took-{word}" in refused(second, task, many)


def test_a_verifier_of_the_own_unit_or_of_own_work(cast: Cast, desk: Desk, task: Task) -> None:
    inside = make_person(
        "muxiqiao", "穆溪桥", unit=cast.environment, role="supervision", over=cast.organisation
    )
    make_evidence(cast, task, by=desk.second_supervisor)
    walk(desk, [task], "sign")
    assert refused("verify", task, inside) == ["closure.own-unit"]
    assert refused("verify", task, desk.second_supervisor) == ["closure.own-work"]


def test_who_left_the_post_and_the_console(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    Post.objects.filter(person=desk.leader).update(ends_on=TODAY - timedelta(days=1))
    assert refused("sign", task, desk.leader) == ["orgs.post-ended"]
    with pytest.raises(StepRefused) as refusal:
        take(
            "sign",
            [task.pk],
            Given(),
            actor=actor_for(cast.office).__class__(None, "console:root", actor_for(cast.office).at),
        )
    assert codes(refusal) == ["closure.console"]


def test_what_a_claim_must_show(cast: Cast, desk: Desk, task: Task) -> None:
    evidence = Evidence.objects.get(task=task)
    changed(cast, evidence, proves="process")
    assert refused("claim", task, desk.head) == ["closure.process-only"]
    changed(cast, evidence, withdrawn=True)
    assert refused("claim", task, desk.head) == ["closure.no-evidence", "closure.need-missing"]
    changed(cast, evidence, withdrawn=False, proves="result")
    problem = Problem.objects.get(pk=task.problem_id)
    changed(cast, problem, cause=" ")
    changed(cast, LookAround.objects.get(problem=problem), withdrawn=True)
    assert refused("claim", task, desk.head) == ["closure.no-cause", "closure.no-look-around"]


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (Claim("closed", "好"), "closure.end-state"),
        (Claim("completed", " "), "closure.text-missing"),
        (Claim("basically_completed", "好", left_until=date(2027, 1, 1)), "closure.left-over-missing"),
        (Claim("basically_completed", "好", left_over="3户", left_until=TODAY), "closure.left-until-missing"),
        (Claim("long_term", "好"), "closure.review-missing"),
        (Claim("long_term", "好", review_on=TODAY + timedelta(days=91)), "closure.review-missing"),
    ],
)
def test_what_a_claim_must_say(desk: Desk, task: Task, claim: Claim, code: str) -> None:
    assert refused("claim", task, desk.head, Given(claim=claim)) == [code]


def test_the_organisation_sets_its_own_time_to_the_next_review(cast: Cast, desk: Desk, task: Task) -> None:
    DeadlineRule.objects.create(
        organisation=cast.organisation,
        code="long_term_review",
        number=60,
        measure="days",
        source="本单位规定",
    )
    late = Given(claim=Claim("long_term", "好", review_on=TODAY + timedelta(days=61)))
    with pytest.raises(StepRefused) as refusal:
        take("claim", [task.pk], late, actor=actor_for(desk.head))
    assert refusal.value.faults[0].params == {"days": 60}


def test_what_stands_in_the_way(cast: Cast, desk: Desk, task: Task) -> None:
    blocker = Blocker(
        problem_id=task.problem_id, organisation=cast.organisation, reason="抽查不合格", raised_on=TODAY
    )
    sealed(cast, blocker)
    assert refused("claim", task, desk.head) == ["closure.blocked"]
    changed(cast, blocker, lifted_on=TODAY)
    change = PlanChange(
        inspection_id=task.inspection_id, organisation=cast.organisation, kind="extend", task=task, reason="汛期",
        rank="leader", asked_on=TODAY, asked_at=actor_for(cast.office).at,
    )  # fmt: skip
    sealed(cast, change)
    assert refused("claim", task, desk.head) == ["closure.change-open"]


def test_recipients_are_asked_before_completed(cast: Cast, desk: Desk, task: Task) -> None:
    changed(cast, task, owed=True)
    assert refused("claim", task, desk.head) == ["closure.recipients-not-asked"]
    one = Recipient(task=task, organisation=cast.organisation, name="某户", sampled=True)
    sealed(cast, one)
    assert refused("claim", task, desk.head) == ["closure.recipients-open"]
    changed(cast, one, confirmed=False)
    assert refused("claim", task, desk.head) == ["closure.recipients-deny"]
    changed(cast, one, confirmed=True)
    walk(desk, [task], "claim")


def test_an_unapproved_plan_stops_closing_but_not_at_once(cast: Cast, desk: Desk, task: Task) -> None:
    plan = task.inspection.plans.get()
    changed(cast, plan, state="superseded")
    walk(desk, [task], "verify")
    assert refused("close", task, desk.group) == ["closure.no-plan"]
    changed(cast, task, category="at_once")
    take("close", [task.pk], given_for("close"), actor=actor_for(desk.group))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (None, ["closure.sufficient-missing", "closure.appropriate-missing"]),
        (Answers(sufficient=False, appropriate=True), ["closure.sufficient-no"]),
        (Answers(sufficient=True, appropriate=False), ["closure.appropriate-no"]),
    ],
)
def test_verifying_answers_both_questions(
    desk: Desk, task: Task, answers: Answers | None, expected: list[str]
) -> None:
    walk(desk, [task], "sign")
    assert refused("verify", task, desk.supervisor, Given(answers=answers)) == expected


def test_recused_in_a_meeting(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "verify")
    sealed(
        cast,
        Recusal(
            task=task, organisation=cast.organisation, person=desk.group, meeting="第3次专题会", on=TODAY
        ),
    )
    meeting = Given(meeting="第3次专题会", via="meeting")
    assert refused("close", task, desk.group, meeting) == ["closure.recused"]
    take("close", [task.pk], meeting, actor=actor_for(desk.second_group))
    assert Closure.objects.get(task=task).meeting == "第3次专题会"


def test_a_return_needs_a_coded_reason_that_names_something(desk: Desk, task: Task) -> None:
    walk(desk, [task], "sign")
    actor = actor_for(desk.supervisor)
    for given, expected in (
        (Return(""), ["closure.reason-missing", "closure.reason-unnamed"]),
        (Return("evidence-missing"), ["closure.reason-unnamed"]),
        (Return("evidence-missing", evidence_id=99_999), ["closure.reason-elsewhere"]),
        (Return("other", measure="建账", to="verified"), ["closure.no-way-back"]),
    ):
        with pytest.raises(StepRefused) as refusal:
            give_back([task.pk], given, actor=actor)
        assert codes(refusal) == expected


def test_back_to_the_unit_and_claimed_again(desk: Desk, task: Task) -> None:
    walk(desk, [task], "verify")
    give_back([task.pk], Return("not-effective", measure="逐月比对"), actor=actor_for(desk.group))
    assert not Evidence.objects.get(task=task).accepted
    again = walk(desk, [task], "close")[0]
    assert again.number == 2
    assert not list(table_breaks())


def test_back_by_one_step(desk: Desk, task: Task) -> None:
    walk(desk, [task], "sign")
    give_back(
        [task.pk], Return("figures-differ", measure="户数", to="claimed"), actor=actor_for(desk.supervisor)
    )
    closure = Closure.objects.get(task=task)
    assert (closure.stage, closure.live, closure.signed_by, closure.signed_on) == (
        "claimed",
        True,
        None,
        None,
    )
    for step in ("sign", "verify", "close"):
        take(step, [task.pk], given_for(step), actor=actor_for(hand_of(desk, step)))
    assert not list(table_breaks())


def test_only_whose_turn_it_is_returns(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    for person in (cast.office, desk.head, desk.group, desk.other_leader, desk.superior):
        with pytest.raises(StepRefused):
            give_back([task.pk], Return("other", measure="建账"), actor=actor_for(person))
    give_back([task.pk], Return("other", measure="建账"), actor=actor_for(desk.leader))


def test_the_superior_returns_what_was_closed(desk: Desk, task: Task) -> None:
    walk(desk, [task], "close")
    give_back([task.pk], Return("not-effective", measure="建账"), actor=actor_for(desk.superior))
    task.refresh_from_db()
    assert (task.state, Closure.objects.get(task=task).stage) == ("doing", "returned")
    assert not list(table_breaks())


def test_a_claim_is_withdrawn_until_it_is_signed(desk: Desk, task: Task) -> None:
    walk(desk, [task], "claim")
    withdraw_claim([task.pk], actor=actor_for(desk.head))
    walk(desk, [task], "sign")
    with pytest.raises(StepRefused) as refusal:
        withdraw_claim([task.pk], actor=actor_for(desk.head))
    assert codes(refusal) == ["closure.no-withdraw"]


def test_reopened_by_supervision_with_a_reason(desk: Desk, task: Task) -> None:
    walk(desk, [task], "accept")
    for reason, note, expected in (
        ("", "x", "closure.reason-missing"),
        ("recheck", " ", "closure.note-missing"),
    ):
        with pytest.raises(StepRefused) as refusal:
            reopen([task.pk], reason=reason, note=note, actor=actor_for(desk.second_supervisor))
        assert codes(refusal) == [expected]
    reopen(
        [task.pk], reason="recheck", note="抽查5户，2户没有台账。", actor=actor_for(desk.second_supervisor)
    )
    task.refresh_from_db()
    assert task.state == "doing"
    assert walk(desk, [task], "close")[0].number == 2
    assert not list(table_breaks())


def test_many_together_all_or_none(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=4)
    walk(desk, tasks[:3], "claim")
    with pytest.raises(StepRefused) as refusal:
        take("sign", [task.pk for task in tasks], Given(), actor=actor_for(desk.leader))
    assert [(task.number, faults[0].code) for task, faults in refusal.value.refused] == [
        ("4-1", "closure.not-claimed")
    ]
    assert set(Closure.objects.values_list("stage", flat=True)) == {"claimed"}
    for step in ("sign", "verify", "close"):
        take(step, [task.pk for task in tasks[:3]], given_for(step), actor=actor_for(hand_of(desk, step)))
    assert set(Task.objects.values_list("state", flat=True)) == {"completed", "todo"}
    assert not list(table_breaks())


def test_as_many_queries_for_thirty_as_for_three(cast: Cast, desk: Desk) -> None:
    tasks = make_ready(cast, desk, count=33)
    walk(desk, tasks, "verify")
    counts = []
    for chosen in (tasks[:3], tasks[3:]):
        with CaptureQueriesContext(connection) as found:
            take("close", [task.pk for task in chosen], Given(), actor=actor_for(desk.group))
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("claimed_by", "signed_by"),
        ("claimed_for", "verified_by"),
        ("signed_by", "closed_for"),
        ("verified_by", "accepted_by"),
    ],
)
def test_the_database_keeps_the_persons_apart(desk: Desk, task: Task, one: str, other: str) -> None:
    closure = walk(desk, [task], "accept")[0]
    person = getattr(closure, f"{one}_id") or desk.liaison.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Closure.objects.filter(pk=closure.pk).update(**{f"{one}_id": person, f"{other}_id": person})


@pytest.mark.parametrize("missing", ["claimed_by", "signed_by", "verified_by", "closed_by", "sufficient"])
def test_the_database_closes_nothing_without_the_four(desk: Desk, task: Task, missing: str) -> None:
    closure = walk(desk, [task], "close")[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Closure.objects.filter(pk=closure.pk).update(**{missing: None})
