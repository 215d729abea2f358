"""What each person sees and may do: reader, department, outsider, disabled, signed out."""

from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.browser.house import House, Watch, sign_in
from tests.browser.places import OFFICE

WRITING = ("draft", "inspection", "finding", "problem", "task", "institution", "notice", "unit", "person")
REFUSED_TO_READERS = ("import", "task-edit", "inspection-edit", "institution-new", "notice-write", "unit-add")


def test_a_reader_sees_no_button_that_writes(reader: Page) -> None:
    for name in WRITING:
        answer = reader.goto(OFFICE[name])
        assert answer is not None
        if answer.status == 200:
            expect(reader.locator("main form[method=post]")).to_have_count(0)
            expect(reader.get_by_role("link", name="修改", exact=True)).to_have_count(0)
    reader.goto("/tasks/")
    expect(reader.get_by_role("link", name="从表格导入")).to_have_count(0)
    expect(reader.get_by_role("button", name="批量修改")).to_have_count(0)


def test_a_reader_is_told_why_a_change_is_refused(reader: Page) -> None:
    for name in REFUSED_TO_READERS:
        answer = reader.goto(OFFICE[name])
        assert answer is not None
        assert answer.status == 403, name
        reason = reader.get_by_role("alert").locator("p").first.inner_text()
        assert len(reason) > 10, name
        assert "。" in reason, name


def test_a_department_sees_its_own_tasks_and_no_others(demonstration: House, watch: Watch) -> None:
    with demonstration.person(watch, "fangjingyi") as all_of_it:
        page = all_of_it.new_page()
        page.goto("/tasks/")
        rows = {
            row.locator(".ttl a").get_attribute("href"): row.inner_text()
            for row in page.locator("tbody tr").all()
        }
    with demonstration.person(watch, "luoxiaoman") as context:
        page = context.new_page()
        page.goto("/tasks/")
        seen = {link.get_attribute("href") for link in page.locator("tbody .ttl a").all()}
        assert 0 < len(seen) < 49
        assert {address for address, words in rows.items() if "生态环境部" in words} <= seen
        for address in seen:
            page.goto(str(address))
            expect(page.locator(".kv")).to_contain_text("生态环境部")
        hidden = sorted(set(rows) - seen)
        for address in (hidden[0], hidden[-1]):
            answer = page.goto(str(address))
            assert answer is not None
            assert answer.status == 404


def test_another_organisation_finds_nothing_here(demonstration: House, watch: Watch) -> None:
    with demonstration.person(watch, "qinyuechuan") as context:
        page = context.new_page()
        for name in ("inspection", "finding", "problem", "task", "institution", "notice", "draft", "check"):
            answer = page.goto(OFFICE[name])
            assert answer is not None
            assert answer.status == 404, name
            expect(page.locator("h1")).to_have_count(1)
        page.goto("/tasks/")
        expect(page.locator("tbody tr")).to_have_count(0)
        page.goto("/search/?q=安全")
        expect(page.locator("main ul.rows li")).to_have_count(0)


def test_disabling_an_account_ends_its_session_at_once(demonstration: House, watch: Watch) -> None:
    with (
        demonstration.person(watch, "fangjingyi") as mine,
        demonstration.visitor(watch) as theirs,
    ):
        office, other = mine.new_page(), theirs.new_page()
        office.goto("/units/2/people/add/")
        for name, value in {"name": "白露", "username": "bailu", "title": "干事"}.items():
            office.locator(f"main [name={name}]").fill(value)
        starts = office.locator("main [name=starts_on]")
        if not starts.input_value():
            starts.fill(localdate().isoformat())
        office.locator("main form button").last.click()
        code = office.locator("output.code").inner_text()
        person = office.get_by_role("link", name="已交付，返回人员页").get_attribute("href")
        other.goto("/code/")
        for name, value in {"username": "bailu", "code": code, "new": "Yunzhou-2026-walk"}.items():
            other.locator(f"main [name={name}]").fill(value)
        other.locator("main [name=again]").fill("Yunzhou-2026-walk")
        other.get_by_role("button", name="设置密码").click()
        other.wait_for_url("**/sign-in/**")
        sign_in(other, "bailu", "Yunzhou-2026-walk")
        other.goto("/account/")
        expect(other.locator("h1")).to_have_text("我的账号")
        office.goto(f"{person}disable/")
        office.locator("main [name=reason]").fill("调离")
        office.get_by_role("button", name="停用").click()
        expect(office.locator("main")).to_contain_text("已停用")
        other.goto("/account/")
        assert "/sign-in/" in other.url


def test_nothing_protected_comes_back_after_signing_out(demonstration: House, watch: Watch) -> None:
    with demonstration.visitor(watch) as context:
        page = context.new_page()
        sign_in(page, "luoxiaoman", demonstration.passwords["luoxiaoman"])
        page.goto("/tasks/")
        title = page.locator("tbody .ttl a").first.inner_text()
        page.locator("header").get_by_role("button", name="退出").click()
        page.wait_for_url("**/sign-in/**")
        page.go_back()
        page.wait_for_url("**/sign-in/**")
        assert title not in page.content()
