"""A folder goes up in the browser: with a cut in between, again after leaving, and by a phone without a mouse."""

from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser.house import House, Watch
from tests.formats.test_admission import docx, jpeg

LARGE = 20 << 20


def folder(place: Path) -> Path:
    """Make a folder of photos with a large film, a page named pdf and a marked paper."""
    inside = place / "15号问题"
    inside.mkdir(parents=True)
    for number in range(30):
        (inside / f"照片{number:02}.jpg").write_bytes(jpeg() + b"%d" % number)
    (inside / "现场.mp4").write_bytes((b"\0\0\0\x18ftypmp42" + place.name.encode()).ljust(LARGE, b"\0"))
    (inside / "台账.pdf").write_bytes(b"<!DOCTYPE html><html>")
    (inside / "通知.docx").write_bytes(docx("秘 密 ★ 1 年", "关于……的通知"))
    return place


def test_a_folder_goes_up_through_a_cut_and_is_not_sent_again(
    office: Page, watch: Watch, tmp_path: Path
) -> None:
    page, place = office, folder(tmp_path / "evidence")
    tried: list[str] = []

    def cut(route: Route) -> None:
        at = route.request.headers.get("upload-offset", "")
        if route.request.method == "PATCH" and at == str(8 << 20) and not tried:
            tried.append(at)
            route.fulfill(status=503, json={"code": "web.busy", "message": "数据库正忙。"})
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*", cut)
    page.goto("/tasks/2/evidence/add/")
    page.locator("#folder").set_input_files(place)
    expect(page.locator("[data-sentence]")).to_contain_text("已传31份，共31份", timeout=30_000)
    expect(page.locator("[data-sentence]")).to_contain_text("文件都处理完了")
    assert tried
    watch.faults[:] = [fault for fault in watch.faults if "503" not in fault]  # the cut that was made here
    refused = page.locator("[data-refused]")
    expect(refused).to_contain_text("内容是网页，不是PDF")
    expect(refused).to_contain_text("首页有“秘密”字样")
    expect(page.locator("#waiting input[type=checkbox]")).to_have_count(31)

    page.reload()
    page.locator("#folder").set_input_files(place)
    expect(page.locator("[data-sentence]")).to_contain_text("其中31份先前已经传过", timeout=30_000)
    page.get_by_role("button", name="收下材料").click()
    page.wait_for_url("**/tasks/2/evidence/")
    expect(page.get_by_role("status").or_(page.locator(".say.done")).first).to_contain_text("已收下31份材料")


def test_a_phone_adds_a_photo_straight_from_the_camera(
    demonstration: House, watch: Watch, tmp_path: Path
) -> None:
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(jpeg("2026:11:20 09:00:00") + b"phone")
    with demonstration.person(watch, "fangjingyi", viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto("/tasks/3/evidence/add/")
        camera = page.locator("#camera")
        expect(camera).to_have_attribute("capture", "environment")
        camera.set_input_files(photo)
        expect(page.locator("#waiting")).to_contain_text("现场.jpg", timeout=20_000)
        page.get_by_label("种类").select_option("photo")
        page.get_by_role("button", name="收下材料").click()
        page.wait_for_url("**/tasks/3/evidence/")
        expect(page.locator(".evi")).to_contain_text("现场.jpg")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_paused_upload_goes_on(office: Page, tmp_path: Path) -> None:
    page, place = office, folder(tmp_path / "paused")
    page.goto("/tasks/4/evidence/add/")
    page.route("**/api/v1/uploads/*", lambda route: (page.wait_for_timeout(30), route.continue_()))
    page.locator("#folder").set_input_files(place)
    expect(page.locator("[data-progress]")).to_be_visible()
    page.locator("[data-switch]").click()
    expect(page.locator("[data-switch]")).to_have_text("继续")
    expect(page.locator("[data-sentence]")).to_contain_text("已暂停")
    page.locator("[data-switch]").click()
    expect(page.locator("[data-sentence]")).to_contain_text("文件都处理完了", timeout=40_000)
    expect(page.locator("#waiting input[type=checkbox]")).to_have_count(31)
