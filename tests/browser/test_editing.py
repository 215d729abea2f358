"""Two people at one task, a form sent twice, and the program in English."""

import re

from playwright.sync_api import Page, expect

from tests.browser.house import House, Watch
from tests.browser.places import OFFICE

CHINESE = re.compile(r"[\u3400-\u9fff]")
#: What the program itself says; the data stay in the language in which they were written.
OWN_WORDS = (
    "#nav a, #nav h2, .skip, header .menu, button, a.btn, summary.btn, .chips > .soft, thead th, legend, "
    "main label, h2, h3.mt5, dt, .help summary"
)
#: Pages on which some of these hold data: titles of papers, names, file names.
DATA = ".official *, .tree *, .src *, #units label, label.opt, .line *, ul.outl *, form:has([value=merge]) *"

SEND_TWICE = """async () => {
  const form = document.querySelector('main form'), answers = [];
  for (let time = 0; time < 2; time++) {
    const answer = await fetch(location.href, {method: 'POST', body: new URLSearchParams(new FormData(form))});
    answers.push({status: answer.status, words: await answer.text()});
  }
  return answers;
}"""


def test_the_second_of_two_people_sees_both_versions_before_saving(
    demonstration: House, watch: Watch
) -> None:
    with (
        demonstration.person(watch, "fangjingyi") as one,
        demonstration.person(watch, "fangjingyi") as other,
    ):
        first, second = one.new_page(), other.new_page()
        for page in (first, second):
            page.goto("/tasks/30/edit/")
        first.locator("[name=remark]").fill("甲写的备注")
        first.get_by_role("button", name="保存").click()
        first.wait_for_url("**/tasks/30/")
        second.locator("[name=remark]").fill("乙写的备注")
        second.get_by_role("button", name="保存").click()
        conflict = second.locator("#conflict")
        expect(conflict).to_contain_text("甲写的备注")
        expect(conflict).to_contain_text("乙写的备注")
        first.reload()
        expect(first.locator("main")).to_contain_text("甲写的备注")
        second.get_by_role("button", name="按我的写法保存").click()
        second.wait_for_url("**/tasks/30/")
        expect(second.locator("main")).to_contain_text("乙写的备注")


def test_a_button_pressed_twice_makes_one_object(office: Page) -> None:
    office.goto("/tasks/31/steps/new/")
    office.locator("[name=title]").fill("只登记一次的步骤")
    office.get_by_role("button", name="保存").dblclick()
    office.wait_for_url("**/tasks/31/")
    expect(office.get_by_role("link", name="只登记一次的步骤")).to_have_count(1)


def test_a_form_that_arrives_twice_makes_one_task_and_says_that_it_is_there(office: Page) -> None:
    office.goto("/problems/2/tasks/new/")
    office.locator("[name=number]").fill("2-9")
    office.locator("[name=title]").fill("只登记一次的任务")
    sent = office.evaluate(SEND_TWICE)
    assert [one["status"] for one in sent] == [200, 422]
    assert "编号“2-9”已有" in sent[1]["words"]
    office.goto("/problems/2/")
    expect(office.get_by_role("link", name="只登记一次的任务")).to_have_count(1)
    office.get_by_role("link", name="只登记一次的任务").click()
    office.get_by_role("link", name="修改", exact=True).click()
    office.get_by_role("link", name="撤回此项").click()
    office.locator("[name=reason]").fill("试验")
    office.get_by_role("button", name="撤回", exact=True).click()
    office.wait_for_url("**/problems/2/")


def test_an_account_in_english_meets_no_chinese_but_the_data(demonstration: House, watch: Watch) -> None:
    with demonstration.person(watch, "fangjingyi") as context:
        page = context.new_page()
        page.goto("/account/")
        page.locator("[name=language]").select_option("en")
        page.get_by_role("button", name="保存界面设置").click()
        try:
            left = {name: own_chinese(page, path) for name, path in OFFICE.items()}
        finally:
            page.goto("/account/")
            page.locator("[name=language]").select_option("zh-Hans")
            page.locator("form", has=page.locator("[name=language]")).get_by_role("button").click()
            expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
        assert {name: words for name, words in left.items() if words} == {}


def own_chinese(page: Page, path: str) -> list[str]:
    """Return the program's own words on a page that are Chinese."""
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    words = page.evaluate(
        "([own, data]) => [...document.querySelectorAll(own)].filter(one => !one.closest('[lang=zh-Hans]')"
        " && !one.matches(data)).map(one => one.textContent.trim())",
        [OWN_WORDS, DATA],
    )
    return sorted({word for word in words if CHINESE.search(word)})
