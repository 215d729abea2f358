"""From an empty machine to a notice, as a clerk does it in the browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import SAMPLES, House, Served, Watch, served
from tests.cli.running import new_place

PASSWORD = "Yunzhou-2026-walk"
PEOPLE = {
    "organisation": "江澜高新区",
    "short_name": "江澜",
    "name": "方静宜",
    "title": "整改办副主任",
    "username": "fangjingyi",
    "new": PASSWORD,
    "again": PASSWORD,
}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Served]:
    """An installation with nothing in it, served."""
    place = new_place(tmp_path / "home")
    place.run("migrate")
    with served(place) as running:
        yield running


def test_an_office_gets_from_an_empty_machine_to_a_notice_and_an_archive(
    empty: Served, chromium: Browser, watch: Watch, tmp_path: Path
) -> None:
    house = House(empty, chromium, {})
    with house.visitor(watch, accept_downloads=True) as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        make_the_first_account(page, empty)
        live = import_the_feedback(page)
        import_the_plan(page)
        see_the_tally(page, live)
        filter_the_list(page)
        change_one_cell(page, tmp_path)
        write_the_notice(page, live, tmp_path)
        find_its_record(page)
        take_in_the_archive(page)
        import_the_same_file_again(page)


def make_the_first_account(page: Page, empty: Served) -> None:
    """The code is printed where the program was started, and nowhere else."""
    code = empty.said(r"一次性口令 (\S+) 建立第一个账号").group(1)
    page.goto("/")
    page.goto("/first/")
    for name, value in {"code": code, **PEOPLE}.items():
        page.locator(f"main [name={name}]").fill(value)
    page.get_by_role("button", name="建立账号").click()
    expect(page.get_by_role("status")).to_contain_text("第一个账号已建立")


def upload(page: Page, name: str) -> None:
    page.goto("/documents/import/")
    page.locator("#file").set_input_files(SAMPLES / name)
    page.locator("form.up button").click()


def import_the_feedback(page: Page) -> str:
    """Look at what was understood, split one problem, retitle another, register; return the inspection's address."""
    upload(page, "反馈意见.docx")
    counted = page.locator(".bar #why-not")
    expect(counted).to_contain_text("32个具体问题")
    open_problem(page, "1 理论学习中心组学习计划性不强")
    page.locator("summary", has_text="拆分").click()
    page.locator("form", has=page.locator("[name=point]")).get_by_role("radio").first.check()
    page.get_by_role("button", name="拆分").click()
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_label("编号").fill("33")
    page.get_by_role("button", name="保存修改").click()
    expect(counted).to_contain_text("33个具体问题")
    open_problem(page, "“第一议题”制度执行有偏差")
    page.get_by_label("题目").fill("“第一议题”制度没有落实到位")
    page.get_by_role("button", name="保存修改").click()
    expect(page.locator("ul.outl")).to_contain_text("“第一议题”制度没有落实到位")
    page.get_by_role("button", name="登记为在办巡察").click()
    page.wait_for_url("**/inspections/*/")
    expect(page.locator("main")).to_contain_text("“第一议题”制度没有落实到位")
    return page.url


def open_problem(page: Page, words: str) -> None:
    """Open the form of one problem in its place."""
    row = page.locator("ul.outl > li", has_text=words)
    row.get_by_role("link", name="修改").click()
    expect(row.locator("form[data-keep]")).to_be_visible()


def import_the_plan(page: Page) -> None:
    """Put the 49 tasks under the problems that are there, and make the units that they name."""
    upload(page, "整改方案任务表.xlsx")
    page.get_by_role("button", name="选定并对应").click()
    for box in page.locator("#units input[type=checkbox]").all():
        box.check()
    page.locator("#units button").click()
    expect(page.locator(".bar #why-not")).to_contain_text("49项")
    page.locator(".bar .btn.go").click()
    page.wait_for_url("**/inspections/*/")


def see_the_tally(page: Page, live: str) -> None:
    """The sum is written out, and every number leads to as many rows."""
    page.goto(live)
    numbers = {
        link.get_attribute("href"): int(link.locator("b").inner_text())
        for link in page.locator(".sum a").all()
    }
    assert max(numbers.values()) == 49
    assert sum(numbers.values()) == 2 * 49, "the parts add up to the sum"
    for address, number in numbers.items():
        page.goto(str(address))
        expect(page.locator(".pages")).to_contain_text(f"共{number}项")
        expect(page.locator("tbody tr")).to_have_count(number)


def filter_the_list(page: Page) -> None:
    """One unit, then only what of it is late, then all again."""
    page.goto("/tasks/")
    choose(page, "责任单位", "生态环境部")
    rows = page.locator("tbody tr")
    assert {cell.inner_text() for cell in rows.locator("td", has_text="生态环境部").all()} == {"生态环境部"}
    of_unit = rows.count()
    assert 0 < of_unit < 49
    choose(page, "期限", "逾期")
    assert "due=overdue" in page.url
    assert rows.count() <= of_unit
    page.get_by_role("link", name="期限：逾期").click()
    expect(page).not_to_have_url(
        re.compile("due=")
    )  # all of the unit may be late: the rows alone would not tell
    settled(page)
    expect(rows).to_have_count(of_unit)
    page.locator("a.chip.on", has_text="生态环境部").click()
    expect(rows).to_have_count(49)


def choose(page: Page, filter_name: str, value: str) -> None:
    """Open a filter and choose a value."""
    chip = page.locator("details.pop", has=page.locator("summary", has_text=re.compile(f"^{filter_name}$")))
    chip.locator("summary").click()
    chip.locator("select").select_option(label=value)
    before = page.url
    chip.get_by_role("button", name="应用").click()
    expect(page).not_to_have_url(before)
    settled(page)


def settled(page: Page) -> None:
    """Wait until htmx has put in what it asked for."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def change_one_cell(page: Page, folder: Path) -> None:
    """Export the list, change one due date in the sheet, and take it back: one change, seen before it is written."""
    with page.expect_download() as begun:
        page.get_by_role("link", name="导出xlsx").click()
    sheet = folder / "任务清单.xlsx"
    begun.value.save_as(sheet)
    book = openpyxl.load_workbook(sheet)
    cells = book.worksheets[0]
    heads = next(row for row in cells.iter_rows() if any(cell.value == "牵头领导" for cell in row))
    column = next(cell.column for cell in heads if cell.value == "牵头领导")
    cells.cell(heads[0].row + 1, column).value = "欧阳试笔"
    book.save(sheet)
    page.get_by_role("link", name="从表格导入").click()
    page.locator("#file").set_input_files(sheet)
    page.get_by_role("button", name="查看改动").click()
    changes = page.locator("main ul.rows > li")
    expect(changes).to_have_count(1)
    expect(changes.locator("ins")).to_have_text("欧阳试笔")
    page.get_by_role("button", name="写入1处改动").click()
    page.wait_for_url("**/tasks/**")
    page.goto("/tasks/?leader=欧阳试笔")
    expect(page.locator("tbody tr")).to_have_count(1)


def write_the_notice(page: Page, live: str, folder: Path) -> None:
    """Write it and take it along in three forms."""
    page.goto(live)
    page.get_by_role("link", name="起草通报").click()
    page.get_by_role("button", name="写成通报").click()
    page.wait_for_url("**/notices/*/")
    for suffix, begins in (("docx", b"PK"), ("PDF", b"%PDF"), ("txt", "关于".encode())):
        with page.expect_download() as begun:
            page.get_by_role("link", name=f"下载{suffix}", exact=True).click()
        taken = folder / f"通报.{suffix}"
        begun.value.save_as(taken)
        content = taken.read_bytes()
        assert begins in content[:400], suffix
        assert len(content) > 2_000, suffix


def find_its_record(page: Page) -> None:
    """Who wrote the notice stands in the record of changes, before everything else."""
    title = page.locator("h1").inner_text()
    page.get_by_role("link", name="变更记录").click()
    latest = page.locator("tbody tr").first
    expect(latest).to_contain_text("通报")
    expect(latest).to_contain_text(title)
    expect(latest).to_contain_text("方静宜")


DECLARED = {"已完成": "39", "基本完成": "7", "长期整改": "3", "建章立制": "25"}


def take_in_the_archive(page: Page) -> None:
    """A published notice becomes an archive; what it says it did stands as what it says."""
    upload(page, "整改通报.docx")
    page.locator(".bar .btn.go").click()
    page.wait_for_url("**/inspections/*/")
    section = page.locator("section", has=page.get_by_role("heading", name="文中所称"))
    for word, number in DECLARED.items():
        row = section.locator("tbody tr", has=page.locator("th", has_text=word)).first
        expect(row.locator("td").first).to_have_text(number)


def import_the_same_file_again(page: Page) -> None:
    """The file is known, and nothing is written."""
    page.goto("/record/")
    before = page.locator("tbody tr").first.locator("td").first.inner_text()
    upload(page, "整改通报.docx")
    expect(page.get_by_role("status").first).to_contain_text("已经登记过，没有改动任何内容")
    page.goto("/record/")
    assert page.locator("tbody tr").first.locator("td").first.inner_text() == before
