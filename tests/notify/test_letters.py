"""Letters: at once or once a day, never in quiet hours, each thing in one letter only."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail

from bihuan.audit.actor import Actor
from bihuan.jobs.models import Job
from bihuan.notify import work
from bihuan.notify.actions import set_wishes
from bihuan.notify.models import Notification
from bihuan.orgs.models import User
from tests.cast import NOW, Cast, actor_for
from tests.notify.conftest import WORKER

pytestmark = pytest.mark.usefixtures("with_mail")
Say = Callable[..., None]


def wish(
    user: User, letters: str, starts: time | None = None, ends: time | None = None, *, weekends: bool = True
) -> None:
    set_wishes(letters=letters, quiet_from=starts, quiet_to=ends, weekends=weekends, actor=actor_for(user))


def send_all(at: datetime = NOW) -> int:
    """Do every letter that is due; return how many jobs there were."""
    jobs = list(Job.objects.filter(kind="notify.letter", done_at=None, due_at__lte=at).order_by("pk"))
    for job in jobs:
        work.send_letter(job.payload, WORKER, at)
        Job.objects.filter(pk=job.pk).update(done_at=at)
    return len(jobs)


def test_at_once_means_one_letter_with_everything(cast: Cast, say: Say) -> None:
    wish(cast.reader, "at_once")
    for key in ("a", "b", "c"):
        say(key)
    assert send_all() == 3
    (letter,) = mail.outbox
    assert letter.to == ["luo@example.org"]
    assert "您有3条新消息" in letter.subject
    assert all(f"台账{key}" in letter.body for key in "abc")
    assert "https://bihuan.example/" in letter.body
    say("a")
    assert send_all() == 0


def test_without_a_choice_there_is_one_letter_a_day(cast: Cast, say: Say) -> None:
    say("a")
    assert not Job.objects.exists()
    for _ in range(2):
        work.digest({}, WORKER, NOW)
        send_all(NOW + timedelta(days=1))
    assert len(mail.outbox) == 1
    work.digest({}, Actor(None, "job:test", NOW + timedelta(days=1)), NOW + timedelta(days=1))
    assert send_all(NOW + timedelta(days=2)) == 0


def test_what_was_read_before_goes_into_no_letter(cast: Cast, say: Say) -> None:
    say("a")
    Notification.objects.update(read_at=NOW)
    work.digest({}, WORKER, NOW)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 11, 23, 4, 0, tzinfo=UTC), datetime(2026, 11, 23, 4, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 14, 0, tzinfo=UTC), datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
        (datetime(2026, 11, 20, 14, 0, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_put_the_letter_off(cast: Cast, say: Say, at: datetime, due: datetime) -> None:
    wish(cast.reader, "at_once", time(20), time(8), weekends=False)
    say("a", actor=Actor(None, "job:test", at))
    assert Job.objects.get().due_at == due
    send_all(due - timedelta(seconds=1))
    assert mail.outbox == []
    send_all(due)
    assert len(mail.outbox) == 1


def test_a_letter_that_was_held_up_into_quiet_hours_waits_again(cast: Cast, say: Say) -> None:
    wish(cast.reader, "at_once", time(20), time(8))
    say("a")
    night = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    assert send_all(night) == 1
    assert mail.outbox == []
    morning = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert Job.objects.get(done_at=None).due_at == morning
    send_all(morning)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("case", ["none", "no address", "disabled", "no mail"])
def test_whoever_cannot_or_will_not_have_letters_gets_none(
    cast: Cast, say: Say, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case == "none":
        wish(cast.reader, "none")
    elif case == "no address":
        User.objects.filter(pk=cast.reader.pk).update(email="")
    elif case == "disabled":
        User.objects.filter(pk=cast.reader.pk).update(is_active=False)
    else:
        monkeypatch.setattr(work, "is_set_up", lambda: False)
    say("a")
    work.digest({}, WORKER, NOW)
    assert not Job.objects.exists()
    work.send_letter({"recipient": cast.reader.pk, "letter": "l"}, WORKER, NOW)
    assert mail.outbox == []
    assert Notification.objects.get().mailed_at is None


def test_two_letters_never_carry_the_same(cast: Cast, say: Say) -> None:
    say("a")
    Notification.objects.update(letter="first")  # claimed by a worker that is just sending
    say("b")
    work.send_letter({"recipient": cast.reader.pk, "letter": "second"}, WORKER, NOW)
    work.send_letter({"recipient": cast.reader.pk, "letter": "first"}, WORKER, NOW)  # taken over
    assert [("台账a" in one.body, "台账b" in one.body) for one in mail.outbox] == [
        (False, True),
        (True, False),
    ]


def test_a_mail_server_that_is_away_is_tried_again(
    cast: Cast, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    say("a")

    def refuse(self: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(work.LetterRefused):
            work.send_letter({"recipient": cast.reader.pk, "letter": "l"}, WORKER, NOW)
    assert Notification.objects.get().mailed_at is None
    work.send_letter({"recipient": cast.reader.pk, "letter": "l"}, WORKER, NOW)
    assert len(mail.outbox) == 1


def test_a_letter_is_in_the_language_of_its_reader(cast: Cast, say: Say) -> None:
    User.objects.filter(pk=cast.reader.pk).update(language="en")
    say("a")
    work.send_letter({"recipient": cast.reader.pk, "letter": "l"}, WORKER, NOW)
    assert "you have 1 new notification in Bihuan" in mail.outbox[0].body


def test_a_line_break_in_a_name_is_no_new_header(cast: Cast, say: Say) -> None:
    say("a", params={"number": "1\nBcc: x@evil.example", "title": "t", "due": "d"})
    work.send_letter({"recipient": cast.reader.pk, "letter": "l"}, WORKER, NOW)
    assert mail.outbox[0].recipients() == ["luo@example.org"]


def test_that_a_job_was_given_up_is_told_once_a_day(cast: Cast) -> None:
    job = Job.objects.create(kind="notify.letter", key="x", made_at=NOW, due_at=NOW)
    for _ in range(3):
        work.tell_failure(job, NOW)
    told = Notification.objects.values_list("recipient__username", "code", "url")
    assert set(told) == {(name, "notify.job-failed", "/health/") for name in ("fangjingyi", "guchangfeng")}
    assert len(told) == 2
