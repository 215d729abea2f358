import gzip
import re
from pathlib import Path
from types import MappingProxyType

import pytest
from django.test import Client, RequestFactory

import bihuan
from bihuan.web.edge import Frame
from bihuan.web.navigation import navigation
from tests.cast import Cast

STATIC = Path(bihuan.__file__).parent / "web" / "static"
TOO_NEW = (
    ":is(",
    ":where(",
    ":has(",
    "inset:",
    "aspect-ratio:",
    "@layer",
    "@container",
    "100dvh",
    "color-mix(",
)


def words(client: Client, page: str = "/units/") -> list[str]:
    nav = re.search(r'<nav class="nav".*?</nav>', client.get(page).content.decode(), re.DOTALL)
    assert nav
    return re.findall(r'<li><a href="/[^"]*"(?: aria-current="page")?>([^<]+)', nav[0])


def test_the_office_imports_and_a_reader_does_not(cast: Cast, client: Client) -> None:
    client.force_login(cast.office)
    assert words(client)[:4] == ["我的工作", "消息", "日历", "导入文件"]
    client.force_login(cast.reader)
    assert "导入文件" not in words(client)
    assert words(client)[-5:-1] == ["制度", "单位和人员", "变更记录", "帮助"]


#: The order of interface/INTERFACE.md, each entry that exists; others stand between and behind.
ORDERS = {
    "office": ("我的工作", "导入文件", "巡察", "任务清单", "整改方案", "调度", "通报", "单位和人员", "变更记录", "帮助"),
    "supervision": ("我的工作", "巡察", "任务清单", "核查", "督查轮次", "调度", "通报", "单位和人员", "变更记录", "帮助"),
    "unit_head": ("我的工作", "本单位任务", "佐证材料", "填报表", "帮助"),
    "liaison": ("我的工作", "本单位任务", "佐证材料", "填报表", "帮助"),
    "leader": ("我的工作", "分管任务", "调度", "通报"),
    "leading_group": ("我的工作", "调度专报", "任务清单", "通报"),
    "superior": ("巡察", "任务清单", "待认可", "抽查复核"),
}  # fmt: skip


@pytest.mark.parametrize("role", ORDERS)
def test_the_entries_of_a_role_stand_in_its_order(role: str, cast: Cast, client: Client) -> None:
    cast.reader.posts.get().grants.update(role=role)
    client.force_login(cast.reader)
    shown = words(client)
    assert [word for word in shown if word in ORDERS[role]] == list(ORDERS[role])
    assert len(set(shown)) == len(shown)


def test_what_waits_is_counted_beside_the_entry_only_of_whoever_takes_one_step() -> None:
    waiting = MappingProxyType({"insight:home": 4})
    request = RequestFactory().get("/")

    def counts(*roles: str) -> dict[str, int]:
        frame = Frame(roles=frozenset(roles), waiting=waiting)
        return {link.word: link.waiting for _group, links in navigation(request, frame) for link in links}

    assert counts("supervision")["核查"] == 4
    assert counts("supervision", "leader")["核查"] == 0
    assert counts("superior")["待认可"] == 4


def test_somebody_without_a_right_has_the_help_only(cast: Cast, client: Client) -> None:
    cast.reader.posts.get().grants.update(role="reader", ends_on="2021-01-01")
    client.force_login(cast.reader)
    assert words(client)[:-1] == ["帮助"]


@pytest.mark.parametrize("page", ["/units/", "/people/"])
def test_the_current_entry_is_marked_on_its_pages(cast: Cast, client: Client, page: str) -> None:
    client.force_login(cast.office)
    assert re.findall(r'aria-current="page">([^<]+)</a>', client.get(page).content.decode()) == ["单位和人员"]


def test_an_address_that_does_not_exist_yet_is_left_out(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "bihuan.web.navigation.address", lambda name: "/units/" if name == "orgs:units" else None
    )
    client.force_login(cast.office)
    assert words(client)[:-1] == ["单位和人员"]


@pytest.mark.parametrize("page", ["/sign-in/", "/help/", "/units/", "/nowhere/"])
def test_every_page_carries_its_safety(cast: Cast, client: Client, page: str) -> None:
    client.force_login(cast.office)
    headers = client.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "no-store" in headers["Cache-Control"]


def test_a_page_weighs_under_sixty_kilobytes(cast: Cast, client: Client) -> None:
    client.force_login(cast.office)
    files = ["bihuan/bihuan.css", "bihuan/bihuan.js", "vendor/htmx.min.js", "bihuan/icon.svg"]
    parts = [client.get("/units/").content, *((STATIC / name).read_bytes() for name in files)]
    assert sum(len(gzip.compress(part)) for part in parts) < 60_000


def test_the_stylesheet_stays_within_chromium_86() -> None:
    text = (STATIC / "bihuan" / "bihuan.css").read_text(encoding="utf-8").partition("*/")[2]
    assert [word for word in TOO_NEW if word in text] == []
    assert not re.search(r"\{[^{}]*&\s*[.:#\w]", text)


def test_every_class_of_a_template_stands_in_the_stylesheet() -> None:
    css = (STATIC / "bihuan" / "bihuan.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", css))
    own = [Path(bihuan.__file__).parent / app / "templates" for app in ("web", "orgs")]
    used = set()
    for path in (page for folder in own for page in folder.rglob("*.html")):
        text = re.sub(r"{%.*?%}|{{.*?}}", " ", path.read_text(encoding="utf-8"))
        for names in re.findall(r'class="([^"]*)"', text):
            used |= set(names.split())
    assert used - known == set()


@pytest.mark.parametrize(("code", "html"), [("en", '<html lang="en">'), ("zh-Hans", '<html lang="zh-Hans">')])
def test_a_visitor_chooses_the_language(cast: Cast, client: Client, code: str, html: str) -> None:
    response = client.get(f"/language/{code}/?next=/sign-in/", headers={"accept-language": "en"})
    assert response.headers["Location"] == "/sign-in/"
    assert html in client.get("/sign-in/").content.decode()


def test_chinese_is_the_language_whatever_the_browser_asks_for(cast: Cast, client: Client) -> None:
    page = client.get("/sign-in/", headers={"accept-language": "en-GB"}).content.decode()
    assert '<html lang="zh-Hans">' in page


@pytest.mark.parametrize(
    "goal", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_choice_never_leads_elsewhere(client: Client, db: None, goal: str) -> None:
    for page in ("/language/en/", "/large/"):
        assert client.get(page, {"next": goal}).headers["Location"] == "/"


def test_an_unknown_language_is_not_found(client: Client, db: None) -> None:
    assert client.get("/language/fr/").status_code == 404


def test_large_type_goes_on_and_off(cast: Cast, client: Client) -> None:
    client.get("/large/?next=/sign-in/")
    assert 'class="large"' in client.get("/sign-in/").content.decode()
    client.get("/large/?next=/sign-in/")
    assert 'class="large"' not in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("code", ["zh-Hans", "en"])
def test_the_help_speaks_on_every_topic(client: Client, db: None, code: str) -> None:
    client.get(f"/language/{code}/")
    page = client.get("/help/").content.decode()
    assert page.count("<section") == 10
    assert "web.help" not in page


def test_htmx_asks_for_signing_in_with_the_whole_page(cast: Cast, client: Client) -> None:
    response = client.get("/units/", headers={"hx-request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/sign-in/")
