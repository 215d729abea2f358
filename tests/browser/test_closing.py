"""One task is closed by everybody on screen, another is signed on paper: phone, return, verification, meeting, timeline."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import PHONE, House, Watch, served
from tests.cli.running import new_place
from tests.closing import PDF
from tests.formats.test_admission import jpeg

TASK, PAPER = "/tasks/49/", "/tasks/36/"


@pytest.fixture(scope="module")
def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration in the middle of its half year, served."""
    place = new_place(tmp_path_factory.mktemp("closing"))
    place.run("demo", "--build-only")
    passwords = json.loads(Path(place.home, "passwords.json").read_text(encoding="utf-8"))
    with served(place) as running:
        yield House(running, chromium, passwords)


def test_a_task_is_closed_by_everybody_whose_turn_it_is(house: House, watch: Watch, tmp_path: Path) -> None:
    photo = tmp_path / "逐项核查台账.jpg"
    photo.write_bytes(jpeg("2026:11:20 09:00:00") + b"closing")

    @contextmanager
    def of(name: str, **options: object) -> Iterator[Page]:
        with house.person(watch, name, **options) as context:
            yield context.new_page()

    with of("luoxiaoman", viewport=PHONE) as page:
        page.goto(f"{TASK}progress/")
        page.locator("[name=text]").fill("12家企业台账已逐项核查。")
        page.get_by_role("button", name="填报进展").click()
        page.goto(f"{TASK}evidence/add/")
        page.locator("#camera").set_input_files(photo)
        expect(page.locator("#waiting")).to_contain_text("逐项核查台账.jpg", timeout=20_000)
        page.locator("[name=need_id]").select_option(index=1)
        page.get_by_role("button", name="收下材料").click()
        page.wait_for_url(f"**{TASK}evidence/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    with of("hanyifei") as page:
        page.goto(TASK)
        token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
        for blocker in page.request.get("/api/v1/problems/32/blockers").json():
            answer = page.request.post(
                f"/api/v1/blockers/{blocker['id']}/lift",
                data={"reason": "复查合格"},
                headers={"X-CSRFToken": token},
            )
            assert answer.ok, answer.text()

    for attempt in (1, 2):
        with of("gaoyuanzhou") as page:
            page.goto(f"{TASK}closure/claim/")
            page.locator("[name=end_state][value=completed]").check()
            page.locator("[name=text]").fill(f"第{attempt}次：12家企业台账已逐项核查，问题已改。")
            page.get_by_role("button", name="申请销号").click()
            expect(page.get_by_role("status").first).to_be_visible()
            page.goto(TASK)
            expect(page.locator("#closure")).to_contain_text("申请为已完成")
        with of("hemingqu") as page:
            page.goto(f"{TASK}closure/sign/")
            page.locator("button[name=decision][value=pass]").click()
            page.goto(TASK)
            expect(page.locator("#closure")).to_contain_text("贺明渠")
        with of("hanyifei") as page:
            page.goto(f"{TASK}closure/verify/")
            if attempt == 1:
                page.locator("[name=reason][value=figures-differ]").check()
                page.locator("[name=measure]").fill("核查户数与台账不一致")
                page.locator("button[name=decision][value=return]").click()
                page.goto(TASK)
                expect(page.locator("#closure")).to_contain_text("数字不一致")
            else:
                page.keyboard.press("1")
                page.keyboard.press("3")
                page.locator("button[name=decision][value=pass]").click()
                page.goto(TASK)
                expect(page.locator("#closure li.now")).to_contain_text("销号")

    with of("fangjingyi") as page:
        page.goto("/meetings/new/")
        page.locator("[name=title]").fill("第8次专题调度会")
        page.locator("[name=held_on]").fill(localdate().isoformat())
        page.locator("main form button.go").click()
        page.wait_for_url("**/meetings/*/")
        meeting = page.url
        page.get_by_role("button", name="登记召开").click()
        expect(page.locator(".sub")).to_contain_text("已召开")
    with of("duhuaian") as page:
        page.goto(meeting)
        page.locator("#close tr", has_text="32-1").locator("input[type=checkbox]").check()
        page.get_by_role("button", name="在会上销号").click()
        expect(page.locator("main")).to_contain_text("会上销号")
    with of("linxiaoyu") as page:
        page.goto(TASK)
        expect(page.locator(".head .mark").first).to_contain_text("已完成")
        expect(page.locator("main")).to_contain_text("罗小满")
        story = page.locator("ol.tl")
        for words in ("贺明渠", "韩亦非", "高远舟", "杜怀安"):
            expect(story).to_contain_text(words)


def test_a_leader_signs_on_paper(house: House, watch: Watch, tmp_path: Path) -> None:
    scan = tmp_path / "审签单.pdf"
    scan.write_bytes(PDF)
    with house.person(watch, "fangjingyi") as context:
        page = context.new_page()
        page.goto(PAPER)
        page.get_by_role("button", name="打印审签单").click()
        page.wait_for_url("**/sheets/*/")
        sheet = page.url
        expect(page.locator("article.a4 .qr svg")).to_be_visible()
        page.get_by_role("link", name="登记扫描件").click()
        page.locator("[name=file]").set_input_files(scan)
        page.locator("[name=signer_id]").select_option(label="沈既白")
        page.locator("[name=signed_on]").fill(localdate().isoformat())
        page.locator("main form button.go").click()
        page.wait_for_url("**/sheets/*/")
        expect(page.locator("main")).to_contain_text("须由另一人确认")
    with house.person(watch, "zhouwanli") as context:
        page = context.new_page()
        page.goto(sheet)
        page.get_by_role("button", name="确认一致").click()
        page.goto(PAPER)
        expect(page.locator("#closure")).to_contain_text("沈既白")
        expect(page.locator("#closure li.now")).to_contain_text("核查")
