import re

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from bihuan.orgs import actions
from bihuan.orgs.models import OneTimeCode, SessionRecord, User
from tests.cast import PASSWORD, Cast, actor_for
from tests.clock import Clock

WRONG = "账号或密码不对。"


def enter(client: Client, username: str = "luoxiaoman", password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def inside(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def test_the_right_password_leads_to_where_the_person_wanted(cast: Cast, client: Client) -> None:
    assert client.get("/units/").headers["Location"] == "/sign-in/?next=%2Funits%2F"
    response = enter(client, next="/units/")
    assert (response.status_code, response.headers["Location"]) == (302, "/units/")
    assert inside(client)


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_signing_in_never_leads_elsewhere(cast: Cast, client: Client, goal: str) -> None:
    assert enter(client, next=goal).headers["Location"] == "/"


def test_the_account_is_found_in_any_case_and_width(cast: Cast, client: Client) -> None:
    assert enter(client, username=" ＬｕｏXiaoMan ").status_code == 302


def test_unknown_disabled_and_wrong_get_the_same_words(cast: Cast) -> None:
    def words(username: str, password: str) -> str:
        text = enter(Client(), username, password).content.decode()
        return re.sub(r'value="[^"]*"|id_\w+', "", text)

    pages = {words(*pair) for pair in (("luoxiaoman", "x"), ("nobody", "x"), ("taojinghe", PASSWORD))}
    assert len(pages) == 1
    assert WRONG in pages.pop()


@pytest.mark.parametrize("username", ["luoxiaoman", "nobody"])
def test_five_failures_lock_the_account_for_ten_minutes(
    cast: Cast, client: Client, clock: Clock, username: str
) -> None:
    for left in (4, 3, 2, 1):
        response = enter(client, username, "x")
        assert f"还可以试{left}次，之后锁定10分钟" in response.content.decode()
    assert enter(client, username, "x").status_code == 423
    locked = enter(client, username)
    assert locked.status_code == 423
    assert "锁定10分钟" in locked.content.decode()
    clock.passes(minutes=10, seconds=1)
    assert enter(client, username).status_code == (302 if username == "luoxiaoman" else 422)


def test_one_locked_account_leaves_the_others_alone(cast: Cast, client: Client) -> None:
    for _ in range(5):
        enter(client, "luoxiaoman", "x")
    assert enter(client, "fangjingyi").status_code == 302


def test_a_session_ends_after_thirty_idle_minutes(cast: Cast, client: Client, clock: Clock) -> None:
    enter(client)
    clock.passes(minutes=29)
    assert inside(client)
    clock.passes(minutes=30)
    assert inside(client)
    clock.passes(minutes=30, seconds=1)
    assert not inside(client)
    assert "30分钟没有操作" in client.get("/sign-in/").content.decode()


def test_a_session_ends_after_twelve_hours_however_busy(cast: Cast, client: Client, clock: Clock) -> None:
    enter(client)
    for _ in range(24):
        clock.passes(minutes=29, seconds=59)
        assert inside(client)
    clock.passes(minutes=1)
    assert not inside(client)


def test_reading_writes_once_a_minute_only(cast: Cast, client: Client, clock: Clock) -> None:
    enter(client)
    before = SessionRecord.objects.get().last_seen_at
    clock.passes(seconds=59)
    inside(client)
    assert SessionRecord.objects.get().last_seen_at == before
    clock.passes(seconds=2)
    inside(client)
    assert SessionRecord.objects.get().last_seen_at == clock.at


def test_signing_out_ends_the_session(cast: Cast, client: Client) -> None:
    enter(client)
    key = client.cookies["sessionid"].value
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    client.cookies["sessionid"] = key
    assert not inside(client)


def test_a_person_ends_another_device_or_all_others(cast: Cast) -> None:
    here, there, third = (
        Client(),
        Client(),
        Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Edg/120"}),
    )
    for client in (here, there, third):
        enter(client)
    page = here.get("/account/").content.decode()
    assert "Edge Windows" in page
    other = SessionRecord.objects.order_by("pk")[1]
    here.post(f"/account/sessions/{other.pk}/end/")
    assert (inside(here), inside(there), inside(third)) == (True, False, True)
    here.post("/account/sessions/end/")
    assert (inside(here), inside(third)) == (True, False)


def test_nobody_ends_anothers_session(cast: Cast) -> None:
    mine, theirs = Client(), Client()
    enter(mine)
    enter(theirs, "fangjingyi")
    record = SessionRecord.objects.get(user=cast.office)
    assert mine.post(f"/account/sessions/{record.pk}/end/").status_code == 404
    assert inside(theirs)


def test_changing_the_password_ends_the_other_sessions(cast: Cast) -> None:
    here, there = Client(), Client()
    enter(here)
    enter(there)
    values = {"old": PASSWORD, "new": "Baishui-2026", "again": "Baishui-2026"}
    assert here.post("/account/password/", values).status_code == 302
    assert (inside(here), inside(there)) == (True, False)
    assert enter(Client()).status_code == 422
    assert enter(Client(), password="Baishui-2026").status_code == 302


def test_disabling_ends_everything_at_once(cast: Cast, client: Client) -> None:
    enter(client)
    _token, secret = actions.make_token(
        cast.reader, name="导出", expires_on=actor_for(cast.reader).today, actor=actor_for(cast.reader)
    )
    actions.disable_person(User.objects.get(pk=cast.reader.pk), reason="调离", actor=actor_for(cast.office))
    assert not inside(client)
    assert enter(client).status_code == 422
    actions.enable_person(User.objects.get(pk=cast.reader.pk), reason="调回", actor=actor_for(cast.office))
    assert not inside(client)


def test_a_due_password_comes_before_everything_else(cast: Cast, client: Client, clock: Clock) -> None:
    clock.passes(days=91)
    enter(client)
    response = client.get("/units/")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/password/")
    assert client.get("/api/v1/inspections").status_code in (403, 404)
    assert client.get("/account/password/").status_code == 200
    values = {"old": PASSWORD, "new": "Baishui-2026", "again": "Baishui-2026"}
    client.post("/account/password/", values)
    assert client.get("/units/").status_code == 200


def switch_on(client: Client, user: User, clock: Clock) -> tuple[TOTPDevice, list[str]]:
    page = client.get("/account/two-step/").content.decode()
    device = TOTPDevice.objects.get(user=user)
    assert "<svg" in page
    response = client.post("/account/two-step/", {"token": digits(device, clock)})
    codes = re.findall(r"<li>((?:\w{4}-){5}\w{4})</li>", response.content.decode())
    return TOTPDevice.objects.get(user=user, confirmed=True), codes


def digits(device: TOTPDevice, clock: Clock) -> str:
    return f"{totp(device.bin_key, device.step, device.t0, device.digits, 0):06d}"


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Let the phone and django-otp read the clock of the test."""
    monkeypatch.setattr("time.time", lambda: clock.at.timestamp())
    monkeypatch.setattr("django_otp.oath.time", lambda: clock.at.timestamp())


@pytest.mark.usefixtures("phone")
def test_the_second_step_is_asked_for_once_switched_on(cast: Cast, client: Client, clock: Clock) -> None:
    enter(client)
    device, codes = switch_on(client, cast.reader, clock)
    assert len(codes) == 8
    fresh = Client()
    missing = enter(fresh)
    assert missing.status_code == 422
    assert "启用了两步验证" in missing.content.decode()
    used = digits(device, clock)
    assert enter(fresh, token=used).status_code == 422
    clock.passes(seconds=31)
    assert enter(fresh, token=digits(device, clock)).status_code == 302
    assert inside(fresh)


@pytest.mark.usefixtures("phone")
def test_six_digits_and_recovery_codes_work_once(cast: Cast, client: Client, clock: Clock) -> None:
    enter(client)
    device, codes = switch_on(client, cast.reader, clock)
    clock.passes(seconds=31)
    token = digits(device, clock)
    assert enter(Client(), token=token).status_code == 302
    assert enter(Client(), token=token).status_code == 422
    clock.passes(minutes=1)
    assert enter(Client(), token=codes[0].lower()).status_code == 302
    assert enter(Client(), token=codes[0]).status_code == 422
    assert OneTimeCode.objects.filter(purpose="recovery", used_at=None).count() == 7


@pytest.mark.usefixtures("phone")
def test_switching_it_off_asks_for_the_password(cast: Cast, client: Client, clock: Clock) -> None:
    enter(client)
    switch_on(client, cast.reader, clock)
    assert client.post("/account/two-step/off/", {"password": "x"}).status_code == 422
    assert TOTPDevice.objects.filter(confirmed=True).exists()
    assert client.post("/account/two-step/off/", {"password": PASSWORD}).status_code == 302
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert not OneTimeCode.objects.filter(purpose="recovery", used_at=None).exists()
    assert enter(Client()).status_code == 302


@pytest.mark.usefixtures("phone")
def test_the_office_frees_a_person_whose_phone_is_lost(cast: Cast, client: Client, clock: Clock) -> None:
    enter(client)
    switch_on(client, cast.reader, clock)
    code = actions.issue_reset(cast.reader, without_totp=True, actor=actor_for(cast.office))
    values = {"username": "luoxiaoman", "code": code, "new": "Baishui-2026", "again": "Baishui-2026"}
    assert Client().post("/code/", values).status_code == 302
    assert enter(Client(), password="Baishui-2026").status_code == 302


def test_wrong_digits_do_not_switch_it_on(cast: Cast, client: Client) -> None:
    enter(client)
    client.get("/account/two-step/")
    assert client.post("/account/two-step/", {"token": "000000"}).status_code == 422
    assert not TOTPDevice.objects.filter(confirmed=True).exists()


def test_a_failed_attempt_keeps_no_password(cast: Cast, client: Client) -> None:
    enter(client, "luoxiaoman", "Secret-Geheim-1")
    kept = " ".join(str(row) for row in AccessAttempt.objects.values())
    assert "luoxiaoman" in kept
    assert "Geheim" not in kept


def test_signing_in_sweeps_what_ran_out_long_ago(cast: Cast, clock: Clock) -> None:
    enter(Client())
    clock.passes(hours=25)
    enter(Client(), "fangjingyi")
    assert SessionRecord.objects.count() == 1
