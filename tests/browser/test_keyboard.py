"""By keyboard alone, on the phone, on paper, and in large type."""

from playwright.sync_api import Page, expect

from tests.browser.house import PHONE, House, Watch
from tests.browser.places import OFFICE

RING = """() => { const style = getComputedStyle(document.activeElement);
  return document.activeElement === document.body || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; }"""


def at(page: Page) -> str:
    """Return the words of what has the focus."""
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_the_first_key_offers_to_skip_to_the_text(office: Page) -> None:
    office.goto("/tasks/")
    office.keyboard.press("Tab")
    assert at(office) == "跳到正文"
    expect(office.locator(".skip")).to_be_in_viewport()
    office.keyboard.press("Enter")
    assert office.evaluate("document.activeElement.id") == "main"


def test_everything_that_is_reached_by_the_keyboard_shows_that_it_is(office: Page) -> None:
    for name in ("tasks", "draft", "task-edit"):
        office.goto(OFFICE[name])
        for _ in range(30):
            office.keyboard.press("Tab")
            assert office.evaluate(RING), (
                f"{name}: {office.evaluate('document.activeElement.outerHTML')[:120]} has the focus and does not show it"
            )


def test_a_list_is_walked_filtered_and_opened_by_keys(office: Page) -> None:
    office.goto("/tasks/")
    office.keyboard.press("j")
    office.keyboard.press("j")
    office.keyboard.press("k")
    expect(office.locator("tbody .ttl a").first).to_be_focused()
    office.keyboard.press("/")
    expect(office.locator("#q")).to_be_focused()
    office.locator("summary", has_text="责任单位").focus()
    office.keyboard.press("Enter")
    expect(office.locator("#f-unit")).to_be_visible()
    office.locator("tbody .ttl a").first.focus()
    office.keyboard.press("Enter")
    office.wait_for_url("**/tasks/1/")


def test_a_node_of_a_draft_is_opened_and_changed_by_keys(office: Page) -> None:
    office.goto(OFFICE["draft"])
    office.locator("ul.outl").get_by_role("link", name="修改").nth(1).focus()
    office.keyboard.press("Enter")
    form = office.locator("ul.outl form[data-keep]")
    expect(form).to_be_visible()
    form.locator("input:not([type=hidden]), select, textarea").first.focus()
    office.keyboard.press("Tab")
    assert office.evaluate("document.activeElement.closest('form[data-keep]') !== null")


def test_the_menu_of_the_phone_opens_and_closes_without_scripts(demonstration: House, watch: Watch) -> None:
    with demonstration.person(watch, "fangjingyi", java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        page.goto("/tasks/")
        expect(page.locator("#nav")).not_to_be_visible()
        page.get_by_role("link", name="菜单", exact=True).click()
        expect(page.locator("#nav")).to_be_visible()
        page.get_by_role("link", name="关闭菜单").click()
        expect(page.locator("#nav")).not_to_be_visible()
        page.get_by_role("link", name="菜单", exact=True).click()
        page.locator("#nav").get_by_role("link", name="问题清单").click()
        expect(page.locator("h1")).to_have_text("问题清单")


def test_a_list_on_paper_is_the_list_and_nothing_else(office: Page) -> None:
    for address in ("/tasks/", "/tasks/?print=1"):
        office.goto(address)
        office.emulate_media(media="print")
        for gone in ("#nav", "header.top", ".head .btns", ".skip"):
            for one in office.locator(gone).all():
                expect(one).not_to_be_visible()
        expect(office.locator("tbody tr").last).to_be_visible()
        expect(office.locator("tbody tr")).to_have_count(49)
        office.emulate_media(media="screen")


def test_large_type_enlarges_and_goes_back(demonstration: House, watch: Watch) -> None:
    with demonstration.visitor(watch) as context:
        page = context.new_page()
        page.goto("/sign-in/")
        size = "parseFloat(getComputedStyle(document.querySelector('label')).fontSize)"
        usual = page.evaluate(size)
        page.get_by_role("link", name="大字版").click()
        expect(page.locator("html.large")).to_have_count(1)
        assert page.evaluate(size) >= usual * 1.15
        page.get_by_role("link", name="普通字号").click()
        expect(page.locator("html.large")).to_have_count(0)
        assert page.evaluate(size) == usual
