import json

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation

from bihuan.core.refusal import Conflict, NotAllowed, NotVisible, Refused
from bihuan.web import errors
from bihuan.web.middleware import RefusalMiddleware
from bihuan.web.templatetags.parts import after
from tests.cast import Cast

FACTORY = RequestFactory()


def refuse(refusal: Refused, path: str = "/units/", **headers: str):
    request: HttpRequest = FACTORY.get(path, headers=headers)
    return RefusalMiddleware(lambda _: None).process_exception(request, refusal)


@pytest.mark.parametrize(
    ("refusal", "status", "heading"),
    [
        (NotAllowed("orgs.role-missing"), 403, "不能这样做"),
        (NotVisible("orgs.unit-not-found"), 404, "没有找到"),
        (Conflict("orgs.last-office"), 409, "别人刚改过"),
        (Refused("orgs.unit-without-name"), 422, "没有办成"),
    ],
)
def test_a_refusal_becomes_a_page_with_its_status(refusal: Refused, status: int, heading: str) -> None:
    response = refuse(refusal)
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in response.content.decode()
    assert refusal.code in response.content.decode()


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}])
def test_a_refusal_does_not_say_its_heading_twice(lang: str, headers: dict[str, str]) -> None:
    heading = {"zh-hans": "文件没有收", "en": "The file was not taken"}[lang]
    refusal = Refused("formats.inflates-too-much", limit=200)
    refusal.status = 415
    with translation.override(lang):
        page = refuse(refusal, **headers).content.decode()
        said = json.loads(refuse(refusal, "/api/v1/files").content)["message"]
    alert = page.partition('role="alert"')[2]
    assert page.count(f"{heading}。") == page.count(f"{heading}. ") == 0
    assert {"zh-hans": "<p>文件解压后超过200 MB", "en": "<p>It inflates to more than 200 MB"}[lang] in alert
    assert said.startswith(heading)


def test_a_sentence_that_only_begins_like_its_heading_is_left_whole() -> None:
    assert after("没有保存了的内容。", "没有保存") == "没有保存了的内容。"
    assert after("没有保存。", "没有保存") == "没有保存。"
    assert after("没有保存。请再提交。", "没有保存") == "请再提交。"


def test_under_the_api_it_becomes_json() -> None:
    response = refuse(Refused("orgs.unit-name-taken", name="环保局"), "/api/v1/units")
    body = json.loads(response.content)
    assert (response.status_code, body["code"], body["params"]) == (
        422,
        "orgs.unit-name-taken",
        {"name": "环保局"},
    )
    assert "环保局" in body["message"]


def test_for_htmx_it_becomes_a_part_with_a_place_of_its_own() -> None:
    response = refuse(NotAllowed("orgs.role-missing"), hx_request="true")
    assert response.headers["HX-Retarget"] == "#messages"
    assert "<html" not in response.content.decode()
    assert 'role="alert"' in response.content.decode()


def test_a_fault_is_no_refusal() -> None:
    assert RefusalMiddleware(lambda _: None).process_exception(FACTORY.get("/"), ValueError()) is None


def test_what_is_too_large_says_so() -> None:
    too_large = errors.bad_request(FACTORY.post("/units/"), RequestDataTooBig())
    assert too_large.status_code == 413
    assert "超过了上限" in too_large.content.decode()
    assert errors.bad_request(FACTORY.get("/"), SuspiciousOperation()).status_code == 400


def test_the_page_of_a_fault_asks_no_database(django_assert_num_queries, db: None) -> None:
    with django_assert_num_queries(0):
        response = errors.server_error(FACTORY.get("/units/"))
    assert response.status_code == 500
    assert "没有写入" in response.content.decode()
    api = errors.server_error(FACTORY.get("/api/v1/units"))
    assert json.loads(api.content)["code"] == "web.fault"


def test_a_fault_in_a_page_is_told_and_nothing_is_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bihuan.orgs.actions.units.record", fails)
    client = Client(raise_request_exception=False)
    client.force_login(cast.office)
    response = client.post(
        f"/units/{cast.organisation.pk}/add/", {"name": "财政金融部", "kind": "department"}
    )
    assert response.status_code == 500
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM orgs_unit WHERE name = %s", ["财政金融部"])
        assert cursor.fetchone()[0] == 0


def test_an_unknown_address_is_a_page_in_the_persons_frame(cast: Cast, client: Client) -> None:
    client.force_login(cast.reader)
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert "罗小满" in page.content.decode()
    assert 'aria-label="主导航"' in page.content.decode()


def test_an_old_form_is_told_to_be_opened_again(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.office)
    response = client.post(
        f"/units/{cast.organisation.pk}/add/", {"name": "财政金融部", "kind": "department"}
    )
    assert response.status_code == 403
    assert "请重新打开本页" in response.content.decode()


def test_a_method_that_a_page_does_not_take_is_a_page_too(cast: Cast, client: Client) -> None:
    client.force_login(cast.reader)
    response = client.get("/sign-out/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "请从页面上的按钮进入" in response.content.decode()


def test_the_way_back_is_offered_only_to_our_own_pages() -> None:
    ours = errors.answer(
        FACTORY.get("/x/", headers={"referer": "http://testserver/units/"}), 404, "web.not-found"
    )
    theirs = errors.answer(
        FACTORY.get("/x/", headers={"referer": "http://evil.example/"}), 404, "web.not-found"
    )
    assert 'href="http://testserver/units/"' in ours.content.decode()
    assert "evil" not in theirs.content.decode()
