"""Lists change in place: the address, the title and the focus stay right, and going back works."""

from playwright.sync_api import Page, expect


def test_sorting_and_paging_replace_the_list_only(office: Page) -> None:
    office.goto("/tasks/")
    office.evaluate("document.body.dataset.same = 'yes'")
    office.locator("#sort-title").click()
    office.wait_for_url("**/tasks/?sort=title")
    expect(office.locator('th[aria-sort="ascending"] #sort-title')).to_be_visible()
    assert office.evaluate("document.body.dataset.same") == "yes"
    expect(office.locator("#sort-title")).to_be_focused()
    expect(office).to_have_title("任务清单 - 闭环")
    expect(office.locator("#nav")).to_be_attached()
    office.go_back()
    office.wait_for_url("**/tasks/")
    expect(office.locator("#sort-title")).to_be_visible()
    expect(office.locator("#nav")).to_be_attached()
    expect(office.locator('th[aria-sort="ascending"] #sort-title')).to_have_count(0)


def test_a_filter_is_applied_in_place_and_the_focus_stays_in_the_list(office: Page) -> None:
    office.goto("/tasks/")
    office.evaluate("document.body.dataset.same = 'yes'")
    office.locator("details.pop > summary", has_text="状态").first.click()
    office.locator("#f-state").select_option("todo")
    office.locator("details.pop[open] button").click()
    office.wait_for_url("**/tasks/?*state=todo")
    assert office.evaluate("document.body.dataset.same") == "yes"
    expect(office.locator("#main")).to_be_focused()
