"""Slips and letters: numbers without gaps or doubles, the ladder, who issues and answers, what cannot be undone."""

import threading
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection

from bihuan.core.refusal import Conflict, NotAllowed, NotVisible
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import OutsideWait, Recusal, Task
from bihuan.oversight.actions import letters, meetings, replies
from bihuan.oversight.models import Letter, LetterReply, Series
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.letters import proposals
from tests.cast import TODAY, Cast, actor_for, make_cast
from tests.oversight.people import People, make_people, make_tasks


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def people(cast: Cast) -> People:
    return make_people(cast)


def drafted(cast: Cast, kind: str = "reminder", **changes: object) -> Letter:
    values = {
        "kind": kind, "unit_id": cast.environment.pk, "addressee": "生态环境部：", "title": "提醒函", "text": "请办理。",
        **changes,
    }  # fmt: skip
    return letters.draft_letter(cast.organisation, values, actor=actor_for(cast.office))


def issued(cast: Cast, **changes: object) -> Letter:
    return letters.issue_letter(drafted(cast, **changes), actor=actor_for(cast.office))


def test_numbers_run_by_kind_and_year_and_a_void_one_stays(cast: Cast) -> None:
    office = actor_for(cast.office)
    first = issued(cast)
    letters.void_letter(first, reason="对象有误", actor=office)
    assert issued(cast).number == 2
    assert letters.issue_letter(drafted(cast, "talk"), actor=office).number == 1
    next_year = actor_for(cast.office, at=office.at + timedelta(days=60))
    later = letters.issue_letter(drafted(cast), actor=next_year)
    assert (later.year, later.number) == (2027, 1)


def test_a_refused_issue_takes_no_number(cast: Cast) -> None:
    row = drafted(cast, reply_due_on=TODAY)
    later = actor_for(cast.office, at=actor_for(cast.office).at + timedelta(days=3))
    with pytest.raises(Invalid, match="reply-due-past"):
        letters.issue_letter(row, actor=later)
    assert not Series.objects.filter(kind="letter-reminder").exists()
    assert issued(cast).number == 1


def test_what_is_issued_is_never_changed_or_issued_twice(cast: Cast) -> None:
    office, row = actor_for(cast.office), issued(cast)
    with pytest.raises(NotAllowed, match="letter-issued"):
        letters.edit_letter(row, {"text": "另写"}, revision=row.revision, actor=office)
    with pytest.raises(NotAllowed, match="letter-issued"):
        letters.issue_letter(row, actor=office)
    letters.void_letter(row, reason="x", actor=office)
    for step in (
        lambda: letters.void_letter(row, reason="x", actor=office),
        lambda: letters.close_letter(row, note="x", actor=office),
        lambda: letters.deliver_letter(row, letters.Delivery(TODAY, "白露", "hand"), actor=office),
        lambda: replies.reply_to(row, replies.Reply("x", signer="y"), actor=office),
    ):
        with pytest.raises(NotAllowed, match="letter-ended"):
            step()


@pytest.mark.parametrize("who", ["supervision", "group", "leader", "head", "liaison", "superior"])
def test_letters_are_the_offices_and_slips_are_supervisions(cast: Cast, people: People, who: str) -> None:
    actor = actor_for(getattr(people, who))
    with pytest.raises(NotAllowed, match="need-office"):
        letters.issue_letter(drafted(cast), actor=actor)
    make_tasks(cast, date(2026, 11, 20))
    keys = [one.key for one in proposals(cast.organisation, TODAY)]
    if who == "supervision":
        assert len(letters.issue_proposed(cast.organisation, keys, actor=actor)) == 1
    else:
        with pytest.raises(NotAllowed, match="need-supervision"):
            letters.issue_proposed(cast.organisation, keys, actor=actor)
    with pytest.raises(NotAllowed, match="need-supervision"):
        letters.issue_proposed(cast.organisation, keys, actor=actor_for(cast.office))


def test_the_ladder_rises_and_begins_anew_with_another_due_day(cast: Cast, people: People) -> None:
    (task,) = make_tasks(cast, date(2026, 11, 30))
    found = []
    for days in (-8, -7, -6, 1, 2, 3, 4, 15, 40):
        day = date(2026, 11, 30) + timedelta(days=days)
        actor = actor_for(people.supervision, at=actor_for(people.supervision).at + (day - TODAY))
        for one in proposals(cast.organisation, day):
            letters.issue_proposed(cast.organisation, [one.key], actor=actor)
            found.append((days, one.rung.key))
    assert found == [(-7, "t-7"), (1, "t+1"), (3, "t+3"), (15, "t+15")]
    Task.objects.filter(pk=task.pk).update(due_on=date(2027, 1, 20))
    assert [one.rung.key for one in proposals(cast.organisation, date(2027, 1, 22))] == ["t+1"]


def test_who_waits_for_an_outside_body_gets_no_slip_and_is_named(cast: Cast, people: People) -> None:
    one, two = make_tasks(cast, date(2026, 11, 20), date(2026, 11, 20))
    OutsideWait.objects.create(
        task=two, organisation_id=cast.organisation.pk, body="住建局", matter="复函", sent_on=TODAY,
        reply_due_on=TODAY,
    )  # fmt: skip
    (slip,) = proposals(cast.organisation, TODAY)
    assert [task.pk for task in slip.tasks] == [one.pk]
    assert [(task.pk, body) for task, body in slip.held] == [(two.pk, "住建局")]
    (letter,) = letters.issue_proposed(cast.organisation, [slip.key], actor=actor_for(people.supervision))
    assert [row.task_id for row in letter.subjects.all()] == [one.pk]
    with pytest.raises(Conflict, match="proposal-gone"):
        letters.issue_proposed(cast.organisation, [slip.key], actor=actor_for(people.supervision))
    letters.void_letter(letter, reason="有误", actor=actor_for(people.supervision))
    assert [one.key for one in proposals(cast.organisation, TODAY) if one.tasks] == [slip.key]


def test_only_its_unit_answers_and_only_the_issuer_judges(cast: Cast, people: People) -> None:
    row = issued(cast, reply_due_on=TODAY)
    for who in (people.other_head, people.group, people.superior):
        with pytest.raises(NotAllowed, match="need-unit"):
            replies.reply_to(row, replies.Reply("已办"), actor=actor_for(who))
    with pytest.raises(Invalid) as refused:
        replies.reply_to(row, replies.Reply(), actor=actor_for(cast.office))
    assert {fault.code for fault in refused.value.faults} == {
        "oversight.reply-empty",
        "oversight.reply-signer",
    }
    made = replies.reply_to(row, replies.Reply("已办"), actor=actor_for(people.liaison))
    with pytest.raises(NotAllowed, match="letter-answered"):
        replies.reply_to(row, replies.Reply("再报"), actor=actor_for(people.head))
    with pytest.raises(NotAllowed, match="need-office"):
        replies.judge_reply(made, taken=True, actor=actor_for(people.head))
    with pytest.raises(Invalid, match="reason-missing"):
        replies.judge_reply(made, taken=False, actor=actor_for(cast.office))
    replies.judge_reply(made, taken=True, actor=actor_for(cast.office))
    with pytest.raises(NotAllowed, match="reply-judged"):
        replies.judge_reply(made, taken=True, actor=actor_for(cast.office))
    assert LetterReply.objects.count() == 1


def test_a_draft_and_anothers_letter_are_not_seen_by_a_unit(cast: Cast, people: People) -> None:
    draft, sent = drafted(cast), issued(cast)
    assert doors.letter_for(people.head, sent.pk, TODAY) == sent
    for who, row in ((people.head, draft), (people.other_head, sent), (cast.outsider, sent)):
        with pytest.raises(NotVisible):
            doors.letter_for(who, row.pk, TODAY)


def test_whoever_stands_aside_cannot_close_in_that_meeting(cast: Cast, people: People) -> None:
    (task,) = make_tasks(cast, date(2026, 12, 31))
    office = actor_for(cast.office)
    values = {"kind": "special", "title": "专题调度会", "held_on": TODAY}
    row = meetings.call_meeting(cast.organisation, values, actor=office)
    with pytest.raises(NotAllowed, match="meeting-not-held"):
        meetings.close_in_meeting(row, [task.pk], actor=actor_for(people.group))
    meetings.recuse(row, person_id=people.group.pk, problem_id=task.problem_id, reason="亲属", actor=office)
    assert Recusal.objects.get().task_id == task.pk
    row = meetings.hold_meeting(row, actor=office)
    with pytest.raises(Exception, match="closure") as refused:
        meetings.close_in_meeting(row, [task.pk], actor=actor_for(people.group))
    assert "recus" in " ".join(fault.code for fault in refused.value.faults)


@pytest.mark.django_db(transaction=True)
def test_numbers_hold_when_many_issue_at_once() -> None:
    cast = make_cast()
    drafts = [drafted(cast) for _ in range(12)]
    told: list[str] = []

    def issue(row: Letter) -> None:
        try:
            letters.issue_letter(row, actor=actor_for(cast.office))
        except OperationalError as error:  # SQLite: web.middleware tells the person to try again
            told.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=(row,)) for row in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(Letter.objects.filter(state="issued").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) + len(told) == 12
    if connection.vendor == "postgresql":
        assert told == []
