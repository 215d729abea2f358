"""The calendar: what is due in sight, day by day, and as a feed that a personal key opens until it is ended."""

from datetime import date, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from bihuan.audit.models import Event
from bihuan.insight.calendar import month
from bihuan.notify.models import Feed
from bihuan.orgs.models import User
from bihuan.oversight.actions import decisions, dispatches
from bihuan.oversight.models import Letter
from tests.cast import NOW, TODAY, Cast, actor_for, make_cast
from tests.clock import Clock
from tests.findings.browsing import signed_in
from tests.making import make_finding, make_inspection, make_problem, make_task


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    problem = make_problem(cast, make_finding(cast, make_inspection(cast)))
    units = (cast.environment, cast.safety)
    for n, days in enumerate((0, 2, -3, 40, 500)):
        make_task(
            cast, problem, number=f"15-{n}", title=f"第{n}项；带,逗号", unit_id=units[n % 2].pk,
            due_on=TODAY + timedelta(days=days), leader="闻人月", remark="不外传",
        )  # fmt: skip
    return cast


def feed_of(user: User) -> str:
    page = signed_in(user).post("/calendar/feed/make/").content.decode()
    return page[page.index("/calendar.ics?key=") :].partition("<")[0]


def test_a_month_is_shown_day_by_day(cast: Cast) -> None:
    browser = signed_in(cast.office)
    page = browser.get("/calendar/").content.decode()
    assert [n for n in range(5) if f"15-{n}" in page] == [0, 1, 2]
    assert "已逾期" in page
    assert "15-3" in browser.get("/calendar/?month=2027-01").content.decode()
    for odd in ("x", "2026-13", "0001-01", "9999-12", "2026-11-01", "%00"):
        assert "15-0" in browser.get(f"/calendar/?month={odd}").content.decode()


def test_a_department_sees_its_own_and_an_outsider_nothing(cast: Cast) -> None:
    page = signed_in(cast.department_reader).get("/calendar/").content.decode()
    assert [n for n in range(5) if f"15-{n}" in page] == [0, 2]
    assert "15-" not in signed_in(cast.outsider).get("/calendar/").content.decode()


def test_a_feed_holds_number_title_and_day_and_nothing_else(cast: Cast) -> None:
    found = Client().get(feed_of(cast.department_reader))
    assert found["Content-Type"].startswith("text/calendar")
    events = list(Calendar.from_ical(found.content).walk("VEVENT"))
    assert [(str(one["summary"]), one.decoded("dtstart")) for one in events] == [
        ("15-2到期：第2项；带,逗号", TODAY - timedelta(days=3)),
        ("15-0到期：第0项；带,逗号", TODAY),
    ]
    assert all(word not in found.content.decode() for word in ("闻人月", "不外传", "生态环境部", "高远舟"))


def test_decisions_and_awaited_replies_stand_beside_the_tasks(cast: Cast, clock: Clock) -> None:
    office, day = actor_for(cast.office), TODAY + timedelta(days=1)
    week = dispatches.prepare(cast.organisation, week_of=TODAY, actor=office)
    for unit in (cast.environment, cast.safety):
        values = {"text": f"{unit.name}议定的事", "unit_id": unit.pk, "due_on": day}
        decisions.add_decision(week, values, actor=office)
    about = {
        "organisation": cast.organisation,
        "unit": cast.environment,
        "addressee": "生态环境部",
        "year": 2026,
    }
    for number, state in enumerate(("issued", "closed", "void"), 1):
        Letter.objects.create(
            **about, kind="red", number=number, title=f"不外传的函{number}", text="请答复", state=state,
            issued_on=TODAY, reply_due_on=day, created_at=NOW,
        )  # fmt: skip
    page = signed_in(cast.department_reader).get("/calendar/").content.decode()
    assert "生态环境部议定的事" in page
    assert "安全生产监管部议定的事" not in page
    assert [n for n in (1, 2, 3) if f"不外传的函{n}" in page] == [1]
    assert "议定的事" not in signed_in(cast.outsider).get("/calendar/").content.decode()
    events = Calendar.from_ical(Client().get(feed_of(cast.department_reader)).content).walk("VEVENT")
    said = [str(one["summary"]) for one in events if one.decoded("dtstart") == day]
    assert said == ["议定事项到期：生态环境部议定的事", "整改督办单（红色）督红〔2026〕1号答复到期"]


@pytest.mark.parametrize("case", ["ended", "replaced", "disabled", "wrong", "none"])
def test_a_key_that_opens_nothing_is_answered_as_if_there_were_none(cast: Cast, case: str) -> None:
    url = feed_of(cast.reader)
    assert Client().get(url).status_code == 200
    if case == "ended":
        signed_in(cast.reader).post("/calendar/feed/end/")
    elif case == "replaced":
        feed_of(cast.reader)
    elif case == "disabled":
        User.objects.filter(pk=cast.reader.pk).update(is_active=False)
    asked = {"wrong": "/calendar.ics?key=bh_0", "none": "/calendar.ics"}.get(case, url)
    assert Client().get(asked).status_code == 404


def test_only_the_hash_of_a_key_is_kept(cast: Cast) -> None:
    secret = feed_of(cast.reader).partition("key=")[2]
    assert secret.startswith("bh_")
    assert secret not in Feed.objects.get().sha256
    assert all(secret not in f"{one.sealed}{one.opened}" for one in Event.objects.all())
    signed_in(cast.reader).post("/calendar/feed/end/")
    assert list(Event.objects.order_by("seq").values_list("action", flat=True))[-2:] == [
        "feed.made",
        "feed.ended",
    ]


def test_whoever_lost_the_right_reads_an_empty_calendar(cast: Cast) -> None:
    url = feed_of(cast.reader)
    cast.reader.posts.update(ends_on=TODAY - timedelta(days=1))
    assert b"VEVENT" not in Client().get(url).content


def test_months_of_every_length() -> None:
    assert [month(date(2028, n, 15))[1].day for n in range(1, 13)] == [
        31,
        29,
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ]
