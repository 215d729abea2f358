"""What people are told: once, in a constant number of statements, shown to them alone and only while they belong."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.notify.models import Notification
from bihuan.notify.telling import CODES, Telling, sentence
from bihuan.orgs.models import Post
from tests.cast import NOW, TODAY, Cast
from tests.findings.browsing import signed_in

Say = Callable[..., None]


def test_the_same_key_is_told_once_to_each(cast: Cast, say: Say) -> None:
    say("one", recipients=[cast.reader.pk, cast.reader.pk])
    say("one", recipients=[cast.reader.pk, cast.office.pk])
    say("two")
    told = Notification.objects.values_list("recipient_id", "key")
    assert sorted(told) == sorted([(cast.reader.pk, "one"), (cast.office.pk, "one"), (cast.reader.pk, "two")])


def test_telling_nobody_writes_nothing(cast: Cast, say: Say) -> None:
    say(recipients=[])
    assert not Notification.objects.exists()


@pytest.mark.usefixtures("with_mail")
def test_many_are_told_in_as_many_statements_as_few(cast: Cast, say: Say) -> None:
    counts = []
    for n, people in enumerate(
        ([cast.reader.pk], [cast.reader.pk, cast.office.pk, cast.department_reader.pk])
    ):
        with CaptureQueriesContext(connection) as asked:
            say(f"k{n}", recipients=people)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""]
)
def test_an_address_elsewhere_is_refused(cast: Cast, say: Say, url: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        say(url=url)


def test_a_sentence_without_its_parameters_is_refused(cast: Cast, say: Say) -> None:
    with pytest.raises(ValueError, match="lacks"):
        say(params={"number": "1"})
    with pytest.raises(KeyError):
        say(code="notify.unknown")
    with pytest.raises(ValueError, match="key"):
        say("k" * 161)


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_code_makes_a_sentence_and_a_count(code: str, lang: str) -> None:
    params = dict.fromkeys(CODES[code], "某事")
    assert "某事" in sentence(code, params, lang=lang)
    assert "3" in sentence(f"{code}-count", {"n": 3}, lang=lang)
    Telling(code, params, "/", 1, "k")


def test_a_parameter_may_itself_be_a_code() -> None:
    said = sentence("notify.job-failed", {"kind": "@jobs.kind-notify-letter"}, lang="zh-Hans")
    assert "发送信件" in said


def test_the_page_lists_unread_first_and_the_frame_counts_the_same(cast: Cast, say: Say) -> None:
    for n in range(3):
        say(f"k{n}", recipients=[cast.reader.pk, cast.office.pk])
    browser = signed_in(cast.reader)
    page = browser.get("/notifications/").content.decode()
    assert '消息<span class="c">3</span>' in page
    first = Notification.objects.get(recipient=cast.reader, key="k1")
    gone = browser.post(f"/notifications/{first.pk}/go/")
    assert (gone.status_code, gone.headers["Location"]) == (302, "/tasks/1/")
    page = browser.get("/notifications/").content.decode()
    assert '消息<span class="c">2</span>' in page
    assert page.index("台账k0") < page.index("台账k1")
    assert "台账k1" not in browser.get("/notifications/?unread=1").content.decode()
    browser.post("/notifications/read/")
    assert "消息<span" not in browser.get("/notifications/").content.decode()
    assert Notification.objects.filter(recipient=cast.office, read_at=None).count() == 3


def test_the_count_in_the_frame_costs_no_query(cast: Cast, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(cast.reader)
    browser.get("/account/")
    counts = []
    for waiting in ({}, {"notify:list": "bihuan.notify.queries.unread_count"}):
        monkeypatch.setattr("django.conf.settings.BIHUAN_WAITING", waiting)
        with CaptureQueriesContext(connection) as asked:
            browser.get("/account/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_somebody_elses_is_not_there(cast: Cast, say: Say) -> None:
    say()
    row = Notification.objects.get()
    browser = signed_in(cast.office)
    assert browser.post(f"/notifications/{row.pk}/go/").status_code == 404
    browser.post("/notifications/read/", {"id": row.pk})
    row.refresh_from_db()
    assert row.read_at is None


def test_whoever_left_is_shown_nothing_of_the_organisation(cast: Cast, say: Say) -> None:
    say()
    browser = signed_in(cast.reader)
    Post.objects.filter(person=cast.reader).update(ends_on=TODAY - timedelta(days=1))
    assert "台账" not in browser.get("/notifications/").content.decode()
    assert browser.post(f"/notifications/{Notification.objects.get().pk}/go/").status_code == 404


def test_a_department_is_told_of_its_organisation_above(cast: Cast, say: Say) -> None:
    say(recipients=[cast.department_reader.pk, cast.outsider.pk])
    assert "台账" in signed_in(cast.department_reader).get("/notifications/").content.decode()
    assert "台账" not in signed_in(cast.outsider).get("/notifications/").content.decode()


@pytest.mark.parametrize("given", ["x", "-1", "９", "1" * 30, ""])
def test_an_id_that_is_none_is_refused(cast: Cast, given: str) -> None:
    assert signed_in(cast.reader).post("/notifications/read/", {"id": given}).status_code == 422


def test_what_is_told_cannot_break_the_page(cast: Cast, say: Say) -> None:
    say(params={"number": "<b>", "title": "{number} <script>alert(1)</script>", "due": "@@"})
    page = signed_in(cast.reader).get("/notifications/").content.decode()
    assert "<script>alert" not in page
    assert "{number} &lt;script&gt;" in page


def test_wishes_are_kept_and_halves_of_quiet_hours_refused(cast: Cast) -> None:
    browser = signed_in(cast.reader)
    good = {"letters": "at_once", "quiet_from": "20:00", "quiet_to": "08:00"}
    assert browser.post("/notifications/wishes/", good).status_code == 302
    page = browser.get("/notifications/wishes/").content.decode()
    assert 'value="20:00"' in page
    for bad in ({"quiet_to": ""}, {"quiet_to": "20:00"}, {"letters": "hourly"}, {"quiet_from": "25:00"}):
        assert browser.post("/notifications/wishes/", {**good, **bad}).status_code == 422
    assert NOW.date() == date(2026, 11, 23)
