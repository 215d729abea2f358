"""Every address of `orgs`: who gets it, who is told no, and who is told that there is no such thing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from bihuan.audit.actor import Actor
from bihuan.orgs import actions
from bihuan.orgs.models import Grant, Post, Unit, UnitLink, User
from bihuan.orgs.urls import urlpatterns
from tests.api import orgs_rows
from tests.cast import NOW, PASSWORD, TODAY, Cast, make_person, make_unit

OK, GO, NO, NONE = 200, 302, 403, 404
ROLES = ("office", "reader", "department_reader", "outsider", "disabled", "nobody")

#: name: (what stands in the address, one status a role). A disabled account is nobody.
GETS: dict[str, tuple[Callable[[Cast], list[int]], tuple[int, ...]]] = {
    "account": (lambda cast: [], (OK, OK, OK, OK, GO, GO)),
    "password": (lambda cast: [], (OK, OK, OK, OK, GO, GO)),
    "two-step": (lambda cast: [], (OK, OK, OK, OK, GO, GO)),
    "two-step-off": (lambda cast: [], (OK, OK, OK, OK, GO, GO)),
    "add-token": (lambda cast: [], (OK, OK, OK, OK, GO, GO)),
    "units": (lambda cast: [], (OK, OK, OK, OK, GO, GO)),
    "people": (lambda cast: [], (OK, OK, OK, OK, GO, GO)),
    "unit": (lambda cast: [cast.safety.pk], (OK, OK, NONE, NONE, GO, GO)),
    "add-unit": (lambda cast: [cast.safety.pk], (OK, NO, NONE, NONE, GO, GO)),
    "edit-unit": (lambda cast: [cast.safety.pk], (OK, NO, NONE, NONE, GO, GO)),
    "move-unit": (lambda cast: [cast.safety.pk], (OK, NO, NONE, NONE, GO, GO)),
    "close-unit": (lambda cast: [cast.safety.pk], (OK, NO, NONE, NONE, GO, GO)),
    "reopen-unit": (lambda cast: [cast.safety.pk], (OK, NO, NONE, NONE, GO, GO)),
    "add-person": (lambda cast: [cast.safety.pk], (OK, NO, NONE, NONE, GO, GO)),
    "order-posts": (lambda cast: [cast.safety.pk], (OK, NO, NONE, NONE, GO, GO)),
    "person": (lambda cast: [cast.department_reader.pk], (OK, OK, OK, NONE, GO, GO)),
    "edit-person": (lambda cast: [cast.department_reader.pk], (OK, NO, NO, NONE, GO, GO)),
    "add-post": (lambda cast: [cast.department_reader.pk], (OK, NO, NO, NONE, GO, GO)),
    "disable-person": (lambda cast: [cast.department_reader.pk], (OK, NO, NO, NONE, GO, GO)),
    "enable-person": (lambda cast: [cast.department_reader.pk], (OK, NO, NO, NONE, GO, GO)),
    "reset-person": (lambda cast: [cast.department_reader.pk], (OK, NO, NO, NONE, GO, GO)),
    "end-post": (lambda cast: [post(cast.reader).pk], (OK, NO, NONE, NONE, GO, GO)),
    "add-grant": (lambda cast: [post(cast.reader).pk], (OK, NO, NONE, NONE, GO, GO)),
    "end-grant": (lambda cast: [grant(cast.reader).pk], (OK, NO, NONE, NONE, GO, GO)),
    "sign-in": (lambda cast: [], (OK, OK, OK, OK, OK, OK)),
    "code": (lambda cast: [], (OK, OK, OK, OK, OK, OK)),
    "forgot": (lambda cast: [], (OK, OK, OK, OK, OK, OK)),
    "first": (lambda cast: [], (NONE, NONE, NONE, NONE, NONE, NONE)),
}
POST_ONLY = {"sign-out", "end-session", "end-sessions", "revoke-token"}


def post(user: User) -> Post:
    return Post.objects.get(person=user)


def grant(user: User) -> Grant:
    return Grant.objects.get(post__person=user)


def client_of(cast: Cast, role: str) -> Client:
    client = Client()
    if role != "nobody":
        client.force_login(getattr(cast, role))
    return client


def address(name: str, numbers: list[int]) -> str:
    route = next(str(pattern.pattern) for pattern in urlpatterns if pattern.name == name)
    for number in numbers[: route.count("<")]:
        start, end = route.index("<"), route.index(">")
        route = f"{route[:start]}{number}{route[end + 1 :]}"
    return "/" + route


def test_every_address_stands_in_the_table() -> None:
    elsewhere = {row.name.removeprefix("orgs:") for row in orgs_rows.PAGES}
    assert {pattern.name for pattern in urlpatterns} == set(GETS) | POST_ONLY | elsewhere


@pytest.mark.parametrize("name", GETS)
def test_each_person_gets_what_the_table_says(cast: Cast, name: str) -> None:
    numbers, expected = GETS[name]
    found = tuple(client_of(cast, role).get(address(name, numbers(cast))).status_code for role in ROLES)
    assert found == expected


@pytest.mark.parametrize("name", [name for name, (_, row) in GETS.items() if row[1] == NO])
def test_a_wrong_role_or_outsider_changes_nothing_by_sending(cast: Cast, name: str) -> None:
    numbers, expected = GETS[name]
    before = (
        list(Unit.objects.order_by("pk").values()),
        list(User.objects.order_by("pk").values("name", "is_active")),
        list(Post.objects.order_by("pk").values()),
    )
    everything = {
        "name": "改", "kind": "department", "position": "1", "parent": cast.organisation.name, "reason": "试",
        "username": "new", "title": "试", "starts_on": "2026-11-23", "ends_on": "2026-11-23", "role": "office",
        "unit": cast.organisation.name,
    }  # fmt: skip
    for role, status in zip(ROLES[1:4], expected[1:4], strict=True):
        assert client_of(cast, role).post(address(name, numbers(cast)), everything).status_code == status
    assert (
        list(Unit.objects.order_by("pk").values()),
        list(User.objects.order_by("pk").values("name", "is_active")),
        list(Post.objects.order_by("pk").values()),
    ) == before


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_what_changes_something_is_not_opened_by_a_link(cast: Cast, name: str) -> None:
    assert client_of(cast, "office").get(address(name, [1])).status_code == 405


def test_a_refusal_says_why_and_whom_to_ask(cast: Cast) -> None:
    page = client_of(cast, "reader").get(f"/units/{cast.safety.pk}/edit/").content.decode()
    assert "您在这个单位没有办理这一步的权限" in page
    assert "orgs.role-missing" in page


def test_a_unit_is_registered_renamed_moved_and_closed_on_the_page(cast: Cast) -> None:
    client = client_of(cast, "office")
    made = client.post(
        f"/units/{cast.organisation.pk}/add/",
        {"name": "财政金融部", "short_name": "财金部", "kind": "department"},
    )
    unit = Unit.objects.get(name="财政金融部")
    assert made.headers["Location"] == f"/units/{unit.pk}/"
    assert "已登记财政金融部。" in client.get(made.headers["Location"]).content.decode()
    client.post(
        f"/units/{unit.pk}/edit/",
        {"name": "财政金融局", "short_name": "", "kind": "department", "position": 7},
    )
    client.post(f"/units/{unit.pk}/move/", {"parent": "生态环境部"})
    client.post(f"/units/{unit.pk}/close/", {"reason": "合并"})
    unit.refresh_from_db()
    assert (unit.name, unit.parent, unit.is_active) == ("财政金融局", cast.environment, False)
    client.post(f"/units/{unit.pk}/reopen/", {"reason": "拆分"})
    unit.refresh_from_db()
    assert unit.is_active


def test_a_refused_step_stands_on_the_form_with_what_was_typed(cast: Cast) -> None:
    client = client_of(cast, "office")
    response = client.post(
        f"/units/{cast.organisation.pk}/add/",
        {"name": "生态环境部", "short_name": "环保", "kind": "department"},
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "同一上级下面已有“生态环境部”" in page
    assert 'value="环保"' in page
    assert 'aria-invalid="true"' in page
    closing = client.post(f"/units/{cast.environment.pk}/close/", {"reason": "撤并"})
    assert closing.status_code == 409
    assert "1人在任" in closing.content.decode()


def test_every_empty_field_is_named_at_once(cast: Cast) -> None:
    page = client_of(cast, "office").post(f"/units/{cast.safety.pk}/people/add/", {}).content.decode()
    assert "没有保存，有4处要改" in page
    for field in ("name", "username", "title", "starts_on"):
        assert f'href="#id_{field}"' in page


def test_a_person_is_registered_and_sets_a_password_by_the_code(cast: Cast) -> None:
    values = {
        "name": "蒋予安",
        "username": "jiangyuan",
        "title": "联络员",
        "starts_on": "2026-11-23",
        "role": "reader",
    }
    page = client_of(cast, "office").post(f"/units/{cast.safety.pk}/people/add/", values).content.decode()
    code = page.partition('<output class="code mono">')[2].partition("<")[0]
    new = {"username": "jiangyuan", "code": code, "new": "Baishui-2026", "again": "Baishui-2026"}
    assert Client().post("/code/", {**new, "again": "x"}).status_code == 422
    assert Client().post("/code/", {**new, "code": "x"}).status_code == 403
    fresh = Client()
    assert fresh.post("/code/", new).headers["Location"] == "/sign-in/"
    assert fresh.post("/sign-in/", {"username": "jiangyuan", "password": "Baishui-2026"}).status_code == 302
    assert "安全生产监管部" in fresh.get("/units/").content.decode()
    assert "生态环境部" not in fresh.get("/units/").content.decode()


def test_posts_and_rights_are_given_and_ended_on_the_page(cast: Cast) -> None:
    client, person = client_of(cast, "office"), cast.department_reader
    client.post(
        f"/people/{person.pk}/posts/add/",
        {"unit": "安全生产监管部", "title": "副部长", "starts_on": "2026-11-23"},
    )
    second = Post.objects.get(person=person, unit=cast.safety)
    given = {"role": "reader", "unit": "安全生产监管部", "starts_on": "2026-11-23", "ends_on": "2026-12-31"}
    client.post(f"/posts/{second.pk}/grants/add/", given)
    right = Grant.objects.get(post=second)
    assert (right.unit, right.ends_on) == (cast.safety, TODAY + timedelta(days=38))
    client.post(f"/grants/{right.pk}/end/", {"ends_on": "2026-11-22"})
    client.post(f"/posts/{second.pk}/end/", {"ends_on": "2026-11-23"})
    right.refresh_from_db()
    second.refresh_from_db()
    assert (right.ends_on, second.ends_on) == (TODAY - timedelta(days=1), TODAY)


def test_a_unit_typed_must_be_one_that_the_office_manages(cast: Cast) -> None:
    client = client_of(cast, "office")
    values = {"unit": "白石渡经开区", "title": "副部长", "starts_on": "2026-11-23"}
    response = client.post(f"/people/{cast.reader.pk}/posts/add/", values)
    assert response.status_code == 422
    assert "您管理的范围内没有“白石渡经开区”" in response.content.decode()


def test_an_account_is_disabled_and_enabled_on_the_page(cast: Cast) -> None:
    client, theirs = client_of(cast, "office"), client_of(cast, "reader")
    assert theirs.get("/units/").status_code == OK
    client.post(f"/people/{cast.reader.pk}/disable/", {"reason": "调离"})
    assert theirs.get("/units/").status_code == GO
    assert "罗小满" in client.get("/people/?off=1").content.decode()
    assert "罗小满" not in client.get("/people/").content.decode()
    client.post(f"/people/{cast.reader.pk}/enable/", {"reason": "调回"})
    assert "罗小满" in client.get("/people/").content.decode()


def test_the_list_of_people_finds_by_name_account_and_unit(cast: Cast) -> None:
    client = client_of(cast, "office")
    for words in ("罗小", "XiaoMan", "江澜"):
        assert "罗小满" in client.get("/people/", {"q": words}).content.decode()
    assert "没有找到与“顾长风”相符的人员" in client.get("/people/", {"q": "顾长风"}).content.decode()


def test_a_token_is_shown_once_and_revoked(cast: Cast) -> None:
    client = client_of(cast, "reader")
    page = client.post(
        "/account/tokens/add/", {"name": "每周导出", "expires_on": "2026-12-31"}
    ).content.decode()
    secret = page.partition('<output class="code mono">')[2].partition("<")[0]
    assert secret.startswith("bh_")
    assert secret not in client.get("/account/").content.decode()
    token = cast.reader.tokens.get()
    assert client_of(cast, "office").post(f"/account/tokens/{token.pk}/revoke/").status_code == NONE
    client.post(f"/account/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_language_and_large_type_are_kept_in_the_account(cast: Cast) -> None:
    client = client_of(cast, "reader")
    client.post("/account/", {"language": "en", "large_type": "on"})
    page = client.get("/units/").content.decode()
    assert '<html lang="en" class="large">' in page
    client.post("/account/", {"language": "zh-Hans"})
    assert '<html lang="zh-Hans">' in client.get("/units/").content.decode()


def test_the_first_account_is_made_on_the_page(db: None) -> None:
    client = Client()
    assert client.get("/sign-in/").headers["Location"] == "/first/"
    code = actions.make_first_code(actor=actor_for_console())
    values = {
        "code": "x", "organisation": "江澜高新区", "short_name": "", "name": "方静宜", "title": "整改办主任",
        "username": "FangJingyi", "new": PASSWORD, "again": PASSWORD,
    }  # fmt: skip
    wrong = client.post("/first/", values)
    assert wrong.status_code == 403
    assert "请核对启动窗口里的口令" in wrong.content.decode()
    assert client.post("/first/", {**values, "code": code}).status_code == GO
    assert "江澜高新区" in client.get("/units/").content.decode()
    assert Client().get("/first/").status_code == NONE


def actor_for_console() -> Actor:
    return Actor(None, "console:root", NOW)


def test_a_script_in_a_name_stays_text(cast: Cast) -> None:
    client = client_of(cast, "office")
    name = '<script>alert(1)</script>"'
    client.post(f"/units/{cast.organisation.pk}/add/", {"name": name, "kind": "department"})
    unit = Unit.objects.get(name=name)
    for page in ("/units/", f"/units/{unit.pk}/", f"/units/{unit.pk}/edit/", f"/units/{unit.pk}/people/add/"):
        assert "<script>alert" not in client.get(page).content.decode()


@pytest.mark.parametrize(("page", "most"), [("/units/", 11), ("/people/", 10), ("/account/", 11)])
def test_pages_ask_the_same_number_of_questions_however_much_there_is(
    cast: Cast, page: str, most: int, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = client_of(cast, "office")
    client.get(page)
    for number in range(12):
        unit = make_unit(f"第{number}企业", kind="enterprise", parent=cast.organisation)
        make_person(f"p{number}", f"人员{number}", unit=unit, role="reader")
    with django_assert_max_num_queries(most):
        client.get(page)


def test_posts_and_rights_outside_sight_are_not_shown(cast: Cast) -> None:
    elsewhere = Post.objects.create(
        person=cast.reader, unit=cast.elsewhere, title="挂职干部", starts_on=TODAY
    )
    Grant.objects.create(post=elsewhere, role="reader", unit=cast.elsewhere, starts_on=TODAY)
    office, own = client_of(cast, "office"), client_of(cast, "reader")
    for page in ("/people/", f"/people/{cast.reader.pk}/", f"/units/{cast.organisation.pk}/"):
        assert "白石渡" not in office.get(page).content.decode()
    assert "白石渡" in own.get(f"/people/{cast.reader.pk}/").content.decode()
    unit = client_of(cast, "department_reader").get(f"/units/{cast.environment.pk}/").content.decode()
    assert "方静宜" not in unit
    assert "江澜高新区" not in unit.partition("<main")[2]


def test_an_address_is_shown_to_the_office_and_to_oneself_only(cast: Cast) -> None:
    User.objects.filter(pk=cast.department_reader.pk).update(email="gao@example.org")
    page = f"/people/{cast.department_reader.pk}/"
    shown = {
        role: "gao@example.org" in client_of(cast, role).get(page).content.decode() for role in ROLES[:3]
    }
    assert shown == {"office": True, "reader": False, "department_reader": True}


def test_a_directory_of_thousands_stays_a_page(cast: Cast) -> None:
    units = Unit.objects.bulk_create(
        Unit(name=f"第{n}企业", kind="enterprise", parent=cast.organisation, position=n) for n in range(2000)
    )
    UnitLink.objects.bulk_create(UnitLink(ancestor=unit, descendant=unit, depth=0) for unit in units)
    UnitLink.objects.bulk_create(
        UnitLink(ancestor=cast.organisation, descendant=unit, depth=1) for unit in units
    )
    client = client_of(cast, "office")
    directory = client.get("/units/").content.decode()
    assert len(directory) < 60_000
    assert "下级2002个" in directory
    unit = client.get(f"/units/{cast.organisation.pk}/?units=2").content.decode()
    assert len(unit) < 60_000
    assert "第101—200，共2,002" in unit
    assert len(client.get(f"/people/{cast.reader.pk}/posts/add/").content) < 60_000
