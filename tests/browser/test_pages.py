"""Every kind of page, wide and on a phone: open to everybody, light, and readable without scripts."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.house import PHONE, WIDE, House, Watch
from tests.browser.places import GATE, OFFICE, REFUSED

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
ASK_AXE = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
HEAVIEST = 60_000
RAW_CODE = re.compile(
    r"\b(?:web|audit|orgs|documents|findings|notices|insight|search|reading|checking)\.[a-z]"
)


def faults_of(page: Page) -> list[str]:
    """Return what axe finds wrong, each with the first place of it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(ASK_AXE, RULES)
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def is_sound(page: Page, answer: Response | None) -> None:
    """Judge one page at both widths."""
    assert answer is not None
    assert len(answer.body()) < HEAVIEST
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_have_count(1)
    assert page.title().endswith(" - 闭环")
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        assert faults_of(page) == []
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"the page scrolls sideways by {wider}"


@pytest.mark.parametrize("name", OFFICE)
def test_a_page_is_sound_wide_and_on_a_phone(name: str, office: Page) -> None:
    answer = office.goto(OFFICE[name])
    assert answer is not None
    assert answer.status == 200
    is_sound(office, answer)
    assert not RAW_CODE.search(office.locator("main").inner_text())


@pytest.mark.parametrize("name", GATE)
def test_a_page_outside_is_sound_wide_and_on_a_phone(name: str, demonstration: House, watch: Watch) -> None:
    with demonstration.visitor(watch) as context:
        page = context.new_page()
        is_sound(page, page.goto(GATE[name]))


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_a_sound_page(name: str, office: Page) -> None:
    answer = office.goto(REFUSED[name])
    is_sound(office, answer)
    expect(office.get_by_role("alert")).to_be_visible()


def test_every_word_of_the_navigation_leads_to_a_page_that_is_judged_here(office: Page) -> None:
    office.goto("/")
    paths = {link.get_attribute("href") for link in office.locator("#nav ul:not(.onlyphone) a").all()}
    assert len(paths) >= 10
    assert paths <= set(OFFICE.values())


def test_the_office_reads_everything_without_scripts(demonstration: House, watch: Watch) -> None:
    with demonstration.person(watch, "fangjingyi", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("link", name="任务清单").click()
        expect(page.locator("tbody tr")).to_have_count(49)
        page.locator("tbody tr .ttl a").first.click()
        expect(page.get_by_role("heading", name="整改措施")).to_be_visible()
        page.goto(OFFICE["draft"])
        expect(page.locator("ul.outl > li").first).to_be_visible()
        page.locator("ul.outl").get_by_role("link", name="修改").nth(1).click()
        expect(page.locator("form[data-keep]")).to_be_visible()
        page.goto(OFFICE["draft"])
        page.locator("summary", has_text="本页怎么用").click()
        page.get_by_role("link", name="全部帮助").click()
        expect(page.locator("h1")).to_have_text("帮助")
        page.goto(OFFICE["inspection"])
        expect(page.locator(".tree .g.k").first).to_be_visible()
