"""Robots: the vendors' own forms, addresses that lead nowhere else, counts and never content."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from bihuan.audit.models import Event
from bihuan.core.refusal import NotAllowed, Refused
from bihuan.jobs.models import Job
from bihuan.notify import robots, work
from bihuan.notify.actions import add_robot, edit_robot, set_robot_active, try_robot
from bihuan.notify.models import Robot
from bihuan.notify.robots import Call, RobotRefused, call, check, post
from bihuan.notify.telling import Telling
from bihuan.orgs.refusals import StepRefused, WrongInput
from tests.cast import NOW, Cast, actor_for
from tests.findings.browsing import signed_in
from tests.notify.conftest import WORKER

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=e9a8118c"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0f1e2d3c"
TEXT = {"title": "闭环整改提醒（11月23日）", "text": "逾期3项。请登录系统查看。"}


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator["Vendor"]:
    """A vendor on this machine, allowed as an intranet host."""
    vendor = Vendor()
    hosts = (f"http://127.0.0.1:{vendor.port}",)
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, robot_hosts=hosts))
    yield vendor
    vendor.server.shutdown()
    vendor.server.server_close()


class Vendor:
    """Answers as it is told to and keeps what was sent."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.status, self.answer = 200, b'{"errcode":0,"errmsg":"ok"}'
        vendor = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                vendor.seen.append((self.path, json.loads(body)))
                self.send_response(vendor.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(vendor.answer)

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answering)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cgi-bin/webhook/send?key=1"


def test_wecom_takes_text() -> None:
    message = call("wecom", WECOM, **TEXT, secret="", at=NOW)
    assert message.url == WECOM
    assert message.body == {"msgtype": "text", "text": {"content": f"{TEXT['title']}\n{TEXT['text']}"}}


def test_dingtalk_takes_markdown_and_a_signature_in_the_address() -> None:
    message = call("dingtalk", DINGTALK, **TEXT, secret="SEC123", at=NOW)
    assert message.body == {
        "msgtype": "markdown",
        "markdown": {"title": TEXT["title"], "text": f"#### {TEXT['title']}\n\n{TEXT['text']}"},
    }
    asked = parse_qs(urlsplit(message.url).query)
    assert asked["access_token"] == ["e9a8118c"]
    assert asked["timestamp"] == ["1795401000000"]
    # printf '1795401000000\nSEC123' | openssl dgst -sha256 -hmac SEC123 -binary | base64
    assert asked["sign"] == ["d1rUZ14DC5tB99/hFOTenSt6dibtljM2XEinf80V4oY="]
    assert call("dingtalk", DINGTALK, **TEXT, secret="", at=NOW).url == DINGTALK


def test_feishu_takes_text_and_a_signature_in_the_body() -> None:
    message = call("feishu", FEISHU, **TEXT, secret="abc", at=NOW)
    assert message.url == FEISHU
    assert message.body == {
        "timestamp": "1795401000",
        # printf '' | openssl dgst -sha256 -mac HMAC -macopt key:$'1795401000\nabc' -binary | base64
        "sign": "bWFFJWKi4OKH3plOgHDXBaYISwuOj1c0XanvjU4ZXwI=",
        "msg_type": "text",
        "content": {"text": f"{TEXT['title']}\n{TEXT['text']}"},
    }
    assert set(call("feishu", FEISHU, **TEXT, secret="", at=NOW).body) == {"msg_type", "content"}


def test_a_long_text_is_cut_between_characters() -> None:
    body = call("wecom", WECOM, title="t", text="项" * 5000, secret="", at=NOW).body
    assert len(body["text"]["content"].encode()) < 2048


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://127.0.0.1/cgi-bin/webhook/send?key=1",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/robot/send?access_token=1",
        "https://oapi.dingtalk.com.evil.example/robot/send?access_token=1",
        "https://oapi.dingtalk.com@evil.example/robot/send?access_token=1",
        "https://evil.example/?https://oapi.dingtalk.com/robot/send?access_token=1",
        "https://evil.example#@open.feishu.cn/open-apis/bot/v2/hook/1",
        "https://open.feishu.cn:22/open-apis/bot/v2/hook/1",
        "https://open.feishu.cn:x/open-apis/bot/v2/hook/1",
        "https://open.feishu.cn/open-apis/bot/v2/hook/../../../admin",
        "https://open.feishu.cn\\@evil.example/open-apis/bot/v2/hook/1",
        "https://open.feishu.cn/open-apis/bot/v2/hook/1\r\nHost: evil.example",
        "https://open.feishu.cn/other",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://оapi.dingtalk.com/robot/send?access_token=1",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_",
        "//oapi.dingtalk.com/robot/send?access_token=1",
    ],
)
def test_an_address_that_is_not_the_vendors_is_refused_and_never_called(
    kind: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.create_connection", never)
    with pytest.raises(WrongInput):
        check(kind, url)
    with pytest.raises(WrongInput):
        post(kind, Call(url, {}))


@pytest.mark.parametrize(("kind", "url"), [("wecom", WECOM), ("dingtalk", DINGTALK), ("feishu", FEISHU)])
def test_the_vendors_own_addresses_pass(kind: str, url: str) -> None:
    check(kind, url)
    others = {"wecom": DINGTALK, "dingtalk": FEISHU, "feishu": WECOM}
    with pytest.raises(WrongInput):
        check(kind, others[kind])


def test_an_allowed_host_is_called_and_the_path_is_still_the_vendors(vendor: Vendor) -> None:
    post("wecom", call("wecom", vendor.url, **TEXT, secret="", at=NOW))
    assert vendor.seen[0][0] == "/cgi-bin/webhook/send?key=1"
    with pytest.raises(WrongInput):
        check("wecom", f"http://127.0.0.1:{vendor.port}/admin?key=1")


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [
        (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', "notify.robot-answer"),
        (200, b'{"code":19021,"msg":"sign match fail"}', "notify.robot-answer"),
        (200, b"<html>", "notify.robot-answer"),
        (200, b"[]", "notify.robot-answer"),
        (302, b"", "notify.robot-status"),
        (500, b"", "notify.robot-status"),
    ],
)
def test_what_the_vendor_does_not_take_is_said(vendor: Vendor, status: int, answer: bytes, code: str) -> None:
    vendor.status, vendor.answer = status, answer
    with pytest.raises(RobotRefused) as refused:
        post("wecom", call("wecom", vendor.url, **TEXT, secret="", at=NOW))
    assert refused.value.code == code
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("answer", [b'{"code":0,"msg":"success"}', b'{"StatusCode":0}'])
def test_what_feishu_takes_is_understood(vendor: Vendor, answer: bytes) -> None:
    vendor.answer = answer
    post("wecom", Call(vendor.url, {}))


def test_a_vendor_that_is_away_is_said(vendor: Vendor) -> None:
    vendor.server.shutdown()
    vendor.server.server_close()
    with pytest.raises(RobotRefused) as refused:
        post("wecom", Call(vendor.url, {}))
    assert refused.value.code == "notify.robot-unreachable"


def test_a_robot_says_counts_and_no_content(cast: Cast, vendor: Vendor) -> None:
    robot = add_robot(
        cast.organisation, kind="wecom", name="整改群", url=vendor.url, actor=actor_for(cast.office)
    )
    add_robot(cast.elsewhere, kind="wecom", name="别处", url=vendor.url, actor=actor_for(cast.outsider))

    def source(today: object, wanted: object) -> list[Telling]:
        params = {"number": "15-1", "title": "闻人月的台账", "due": "2026-11-20"}
        organisation = cast.organisation.pk
        return [Telling("notify.overdue", params, "/", organisation, f"k{n}") for n in range(3)]

    speak = work.robots_daily((source,))
    for _ in range(2):
        speak({}, WORKER, NOW)
    job = Job.objects.get()
    assert job.payload == {"robot": robot.pk, "counts": {"notify.overdue": 3}}
    work.robot(job.payload, WORKER, NOW)
    assert vendor.seen[0][1] == {
        "msgtype": "text",
        "text": {"content": "闭环整改提醒（11月23日）\n逾期3项。请登录系统查看。"},
    }
    robot.refresh_from_db()
    assert (robot.error, robot.sent_at) == ("", NOW)


def test_why_a_robot_was_not_heard_stands_beside_it(cast: Cast, vendor: Vendor) -> None:
    robot = add_robot(
        cast.organisation, kind="wecom", name="整改群", url=vendor.url, actor=actor_for(cast.office)
    )
    vendor.answer = b'{"errcode":45009}'
    with pytest.raises(RobotRefused):
        work.robot({"robot": robot.pk, "counts": {}}, WORKER, NOW)
    robot.refresh_from_db()
    assert (robot.error, robot.answer) == ("notify.robot-answer", 45009)
    assert "45009" in signed_in(cast.office).get("/robots/").content.decode()
    set_robot_active(robot, active=False, actor=actor_for(cast.office))
    work.robot({"robot": robot.pk, "counts": {}}, WORKER, NOW)
    assert len(vendor.seen) == 1
    robot.refresh_from_db()
    with pytest.raises(StepRefused):
        try_robot(robot, actor=actor_for(cast.office))


def test_a_host_that_is_allowed_no_longer_is_not_called(cast: Cast, vendor: Vendor, monkeypatch: Any) -> None:
    robot = add_robot(
        cast.organisation, kind="wecom", name="整改群", url=vendor.url, actor=actor_for(cast.office)
    )
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, robot_hosts=()))
    with pytest.raises(Refused):
        work.robot({"robot": robot.pk, "counts": {}}, WORKER, NOW)
    assert vendor.seen == []


def test_address_and_secret_are_neither_sealed_nor_shown(cast: Cast) -> None:
    office = actor_for(cast.office)
    robot = add_robot(
        cast.organisation, kind="dingtalk", name="群", url=DINGTALK, secret="SECRET9", actor=office
    )
    robot = edit_robot(robot, name="新群", secret="SECRET8", actor=office)
    sealed = "".join(f"{one.sealed}{one.opened}" for one in Event.objects.all())
    browser = signed_in(cast.office)
    pages = "".join(browser.get(url).content.decode() for url in ("/robots/", f"/robots/{robot.pk}/edit/"))
    pages += browser.get("/api/v1/robots").content.decode()
    for secret in ("e9a8118c", "SECRET9", "SECRET8"):
        assert secret not in sealed
        assert secret not in pages


def test_a_new_address_ends_the_old_secret(cast: Cast) -> None:
    office = actor_for(cast.office)
    robot = add_robot(cast.organisation, kind="dingtalk", name="群", url=DINGTALK, secret="old", actor=office)
    assert edit_robot(robot, name="群", actor=office).secret == "old"
    assert edit_robot(robot, name="群", url=f"{DINGTALK}2", actor=office).secret == ""
    with pytest.raises(WrongInput):
        edit_robot(robot, name="群", url=WECOM, actor=office)
    assert Robot.objects.get().url == f"{DINGTALK}2"


def test_who_gives_rights_there_sets_robots_up_and_nobody_else(cast: Cast) -> None:
    values = {"kind": "wecom", "name": "群", "url": WECOM}
    for person in (cast.reader, cast.department_reader, cast.outsider, cast.disabled):
        with pytest.raises(NotAllowed):
            add_robot(cast.organisation, **values, actor=actor_for(person))
    with pytest.raises(WrongInput):
        add_robot(cast.environment, **values, actor=actor_for(cast.office))
    with pytest.raises(WrongInput):
        add_robot(cast.organisation, **{**values, "name": " "}, actor=actor_for(cast.office))
    assert not Robot.objects.exists()


def test_the_pages_of_robots(cast: Cast) -> None:
    browser = signed_in(cast.office)
    sent = {
        "organisation": cast.organisation.pk,
        "kind": "feishu",
        "name": "工作群",
        "url": FEISHU,
        "secret": "s",
    }
    bad = browser.post("/robots/add/", {**sent, "url": "https://127.0.0.1/"})
    assert bad.status_code == 422
    assert "https://open.feishu.cn/open-apis/bot/v2/hook/" in bad.content.decode()
    assert browser.post("/robots/add/", {**sent, "organisation": cast.elsewhere.pk}).status_code == 422
    assert browser.post("/robots/add/", sent).status_code == 302
    robot = Robot.objects.get()
    assert browser.post(f"/robots/{robot.pk}/try/").status_code == 302
    assert Job.objects.get().payload == {"robot": robot.pk, "counts": {}}
    assert browser.post(f"/robots/{robot.pk}/edit/", {"name": "新名"}).status_code == 302
    assert browser.post(f"/robots/{robot.pk}/switch/", {"active": "0"}).status_code == 302
    page = browser.get("/robots/").content.decode()
    assert "新名" in page
    assert "已停用" in page
    assert set(robots.HOMES) == {"wecom", "dingtalk", "feishu"}
