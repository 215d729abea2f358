import re
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document as Word

from bihuan.documents.actions import drop_draft
from bihuan.documents.models import Draft, Received
from bihuan.documents.queries import tree_of_draft
from bihuan.findings.actions.registering import aim, register
from bihuan.findings.models import Inspection, Institution, Problem, Task
from tests.cast import actor_for
from tests.core import draft_samples as samples
from tests.documents.test_real_files import SAMPLES

MOST_BYTES = 60 * 1024


def signed_in(user, lang: str = "zh-Hans") -> Client:
    user.language = lang
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def office(cast) -> Client:
    return signed_in(cast.office)


def upload(client: Client, name: str, data: bytes):
    return client.post("/documents/import/", {"file": SimpleUploadedFile(name, data)})


def text_of(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def brought(client: Client, name: str) -> str:
    answer = upload(client, name, (SAMPLES / name).read_bytes())
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_the_first_page_shows_the_form_and_no_drafts(office):
    page = office.get("/documents/import/")
    assert page.status_code == 200
    assert 'type="file"' in page.content.decode()
    assert "还没有文件" in text_of(page)


def test_a_file_leads_to_its_review_beside_the_source(office):
    page = office.get(brought(office, "反馈意见.docx"))
    shown = page.content.decode()
    assert 'href="/documents/import/" aria-current="page"' in shown
    assert "3个方面，10个反馈问题，32个具体问题" in text_of(page)
    for node, line in re.findall(r'<li id="(n\d+)".*?<a href="#l(\d+)"', shown):
        assert f'id="l{line}"' in shown, node
    for goal in re.findall(r'class="ln" href="#(n\d+)"', shown):
        assert f'id="{goal}"' in shown or goal == "n1"


def test_every_part_of_the_source_can_be_opened(office):
    address = brought(office, "整改通报.docx")
    seen: set[int] = set()
    sections = {""}
    done: set[str] = set()
    while sections - done:
        section = (sections - done).pop()
        done.add(section)
        page = office.get(address, {"open": section}).content.decode()
        sections |= set(re.findall(r'\?open=([^"#&]+)', page))
        seen |= {int(line) for line in re.findall(r'<li id="l(\d+)"', page)}
    assert seen == {line[0] for line in Draft.objects.get().lines}


@pytest.mark.parametrize("name", ["反馈意见.docx", "整改通报.docx", "整改方案任务表.xlsx"])
def test_review_pages_stay_small(office, name):
    assert len(office.get(brought(office, name)).content) < MOST_BYTES


def test_a_plan_of_a_thousand_rows_is_a_small_page_with_few_statements(cast, office, arrive, live):
    counts = []
    for rows in (100, 1000):
        arrival = arrive(samples.plan(rows), samples.plan_lines(rows), data=f"{rows}".encode())
        draft = aim(arrival.draft.pk, live.pk, revision=1, actor=actor_for(cast.office))
        office.get(f"/documents/drafts/{draft.pk}/")
        with CaptureQueriesContext(connection) as captured:
            page = office.get(f"/documents/drafts/{draft.pk}/?page=2")
        assert len(page.content) < MOST_BYTES
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[1] <= 20


def test_nodes_are_edited_without_javascript_and_in_place(office):
    address = brought(office, "反馈意见.docx")
    problem = tree_of_draft(Draft.objects.get()).of_kind("problem")[0]
    form = office.get(f"{address}nodes/{problem.id}/")
    assert "<html" in form.content.decode()
    part = office.get(f"{address}nodes/{problem.id}/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    saved = office.post(
        f"{address}nodes/{problem.id}/", {"verb": "change", "revision": 1, "title": "计划性不强"}
    )
    assert saved.status_code == 302
    assert saved.headers["Location"].endswith(f"#{problem.id}")
    assert "计划性不强" in text_of(office.get(saved.headers["Location"]))


def test_a_node_is_split_at_a_point_that_its_form_offers(office):
    address = brought(office, "反馈意见.docx")
    problem = tree_of_draft(Draft.objects.get()).of_kind("problem")[0]
    form = office.get(f"{address}nodes/{problem.id}/").content.decode()
    point = re.findall(r'name="point" value="(text:\d+)"', form)[0]
    office.post(f"{address}nodes/{problem.id}/", {"verb": "split", "revision": 1, "point": point})
    assert len(tree_of_draft(Draft.objects.get()).of_kind("problem")) == 33
    assert "33" in text_of(office.get(address))


def test_an_edit_over_another_s_is_not_saved(office):
    address = brought(office, "反馈意见.docx")
    values = {"verb": "change", "revision": 1, "title": "甲"}
    office.post(f"{address}nodes/n3/", values)
    answer = office.post(f"{address}nodes/n3/", {**values, "title": "乙"})
    assert answer.status_code == 409
    assert "没有保存" in text_of(answer)


def test_registering_leads_to_the_inspection_and_offers_withdrawal(office):
    address = brought(office, "反馈意见.docx")
    answer = office.post(f"{address}register/", {"revision": 1})
    assert answer.headers["Location"] == f"/inspections/{Inspection.objects.get().pk}/"
    assert "撤回" in text_of(office.get(answer.headers["Location"]))
    result = office.get(address)
    assert "撤回这次导入" in text_of(result)
    assert office.post(f"{address}withdraw/", {"reason": ""}).status_code == 422
    office.post(f"{address}withdraw/", {"reason": "传错了"})
    assert Inspection.objects.get().withdrawn
    assert "已撤回" in text_of(office.get(address))


def test_the_same_file_again_says_so(office):
    address = brought(office, "反馈意见.docx")
    again = office.get(brought(office, "反馈意见.docx"))
    assert "已有草稿" in text_of(again)
    office.post(f"{address}register/", {"revision": 1})
    assert "已经登记过" in text_of(office.get(brought(office, "反馈意见.docx")))


def test_a_plan_is_aimed_and_registered(cast, office):
    feedback = brought(office, "反馈意见.docx")
    office.post(f"{feedback}register/", {"revision": 1})
    plan = brought(office, "整改方案任务表.xlsx")
    before = office.get(plan)
    assert "还没有选定登记到哪个巡察" in text_of(before)
    assert "disabled" in before.content.decode()
    office.post(f"{plan}target/", {"revision": 1, "inspection": Inspection.objects.get().pk})
    ready = office.get(plan)
    assert "将新建49项任务" in text_of(ready)
    units = re.findall(r'name="unit" value="([^"]+)"', ready.content.decode())
    assert len(units) == 13  # the cast has two of the fifteen
    office.post(f"{plan}choose/", {"revision": 2, "units": "1", "unit": units})
    office.post(f"{plan}register/", {"revision": 3})
    assert Task.objects.count() == 49
    assert not Task.objects.filter(unit=None).exists()


def test_institutions_are_ticked_one_by_one(office):
    address = brought(office, "整改通报.docx")
    ids = re.findall(r'name="institution" value="(n\d+)" checked', office.get(address).content.decode())
    assert len(ids) == 25
    office.post(f"{address}choose/", {"revision": 1, "institutions": "1", "institution": ids[:20]})
    office.post(f"{address}register/", {"revision": 2})
    assert Institution.objects.count() == 20


def test_what_blocks_is_told_at_the_top_and_nothing_is_registered(office):
    address = brought(office, "反馈意见.docx")
    office.post(f"{address}nodes/n1/", {"verb": "change", "revision": 1, "kind": "", "ends_on": "2026-13-05"})
    page = text_of(office.get(address))
    assert "有2处须改好才能登记" in page
    assert "没有这一天" in page
    answer = office.post(f"{address}register/", {"revision": 2})
    assert answer.status_code == 422
    assert Problem.objects.count() == 0


def test_lists_can_be_taken_along_before_anything_is_registered(office):
    address = brought(office, "反馈意见.docx")
    book = openpyxl.load_workbook(BytesIO(office.get(f"{address}export/breakdown/").content))
    assert book.sheetnames == ["问题清单", "任务清单", "责任清单"]
    assert book["问题清单"].max_row == 34
    assert book["任务清单"]["C3"].value == "1-1"
    word = Word(BytesIO(office.get(f"{address}export/outline/").content))
    assert any("工业固废台账管理不规范" in paragraph.text for paragraph in word.paragraphs)


def test_text_like_a_formula_stays_text(office):
    address = brought(office, "反馈意见.docx")
    problem = tree_of_draft(Draft.objects.get()).of_kind("problem")[0]
    office.post(
        f"{address}nodes/{problem.id}/",
        {"verb": "change", "revision": 1, "title": "=1+1", "text": "@SUM(A1)"},
    )
    book = openpyxl.load_workbook(BytesIO(office.get(f"{address}export/breakdown/").content))
    cell = book["问题清单"]["D3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_task_list_that_was_taken_along_comes_back_as_a_plan(office):
    address = brought(office, "反馈意见.docx")
    office.post(f"{address}register/", {"revision": 1})
    data = office.get(f"{address}export/breakdown/").content
    answer = upload(office, "三张清单.xlsx", data)
    draft = Draft.objects.order_by("-pk").first()
    assert draft is not None
    assert draft.mode == "tasks"
    office.post(
        f"{answer.headers['Location']}target/", {"revision": 1, "inspection": Inspection.objects.get().pk}
    )
    office.post(f"{answer.headers['Location']}register/", {"revision": 2})
    assert Task.objects.count() == 32


def test_the_text_is_checked_with_comments(office):
    path = SAMPLES / "faulty" / "整改通报（有毛病）.docx"
    upload(office, path.name, path.read_bytes())
    document = Received.objects.get()
    page = office.get(f"/documents/{document.pk}/check/")
    assert "须改" in text_of(page)
    assert len(page.content) < MOST_BYTES
    shown = page.content.decode()
    assert set(re.findall(r'href="#c(\d+)"', shown)) <= set(re.findall(r'id="c(\d+)"', shown))
    answer = office.get(f"/documents/{document.pk}/check.docx")
    assert Word(BytesIO(answer.content)).part.package is not None


def test_a_file_comes_back_as_it_was(office):
    address = brought(office, "整改通报.txt")
    document = Draft.objects.get(pk=int(address.strip("/").split("/")[-1])).document
    answer = office.get(f"/documents/{document.pk}/file/")
    assert b"".join(answer.streaming_content) == (SAMPLES / "整改通报.txt").read_bytes()
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.docx", b"", "没有"),
        ("图.pdf", b"%PDF-1.4 not really", ""),
        ("不是.xlsx", b"<html><body>hello</body></html>", ""),
        ("密.txt", "秘密★1年\n关于整改的通报".encode(), "涉密"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_and_not_kept(office, name, data, words):
    answer = upload(office, name, data)
    assert answer.status_code == 422
    assert "文件没有收" in text_of(answer)
    assert words in text_of(answer)
    assert "documents." not in text_of(answer)
    assert (Draft.objects.count(), Received.objects.count()) == (0, 0)


def test_no_file_is_told(office):
    assert "没有选文件" in text_of(office.post("/documents/import/", {}))


GET, POST = "get", "post"
ADDRESSES = (
    (GET, "/documents/import/", 200, 403, 200),
    (POST, "/documents/import/", 422, 403, 422),
    (GET, "/documents/drafts/{draft}/", 200, 403, 404),
    (GET, "/documents/drafts/{draft}/nodes/n2/", 200, 403, 404),
    (POST, "/documents/drafts/{draft}/nodes/n2/", 302, 403, 404),
    (POST, "/documents/drafts/{draft}/choose/", 302, 403, 404),
    (POST, "/documents/drafts/{draft}/target/", 404, 403, 404),
    (POST, "/documents/drafts/{draft}/read-again/", 302, 403, 404),
    (GET, "/documents/drafts/{draft}/export/breakdown/", 200, 403, 404),
    (GET, "/documents/drafts/{draft}/export/outline/", 200, 403, 404),
    (GET, "/documents/drafts/{draft}/export/other/", 404, 403, 404),
    (POST, "/documents/drafts/{draft}/register/", 302, 403, 404),
    (GET, "/documents/drafts/{draft}/withdraw/", 200, 403, 404),
    (POST, "/documents/drafts/{draft}/withdraw/", 422, 403, 404),
    (POST, "/documents/drafts/{draft}/drop/", 302, 403, 404),
    (GET, "/documents/{document}/file/", 200, 200, 404),
    (GET, "/documents/{document}/check/", 200, 200, 404),
    (GET, "/documents/{document}/check.docx", 200, 200, 404),
)


@pytest.mark.parametrize(("method", "address", "office", "reader", "outsider"), ADDRESSES)
def test_who_gets_each_address(cast, method, address, office, reader, outsider):
    draft_address = brought(signed_in(cast.office), "整改通报.docx")
    draft = Draft.objects.get()
    url = address.format(draft=draft.pk, document=draft.document_id)
    values = {"revision": 1, "mode": "live"} if "nodes" not in address else {"revision": 1, "title": "改过"}
    expected = {cast.reader: reader, cast.outsider: outsider, cast.office: office}
    if "{" in address:
        expected = {cast.department_reader: 404, **expected}
    for person, status in expected.items():
        answer = getattr(signed_in(person), method)(url, values)
        assert answer.status_code == status, person
        if status == 403:
            assert "documents." not in text_of(answer).replace("代码 documents.", "")
    for nobody in (Client(), signed_in(cast.disabled)):
        assert getattr(nobody, method)(url, values).status_code == 302
    assert draft_address


def test_pages_speak_english(cast):
    client = signed_in(cast.office, "en")
    address = brought(client, "整改通报.docx")
    for page in (client.get("/documents/import/"), client.get(address), client.get(f"{address}nodes/n1/")):
        assert 'lang="en"' in page.content.decode()
        assert not re.search(r"documents\.[a-z]", text_of(page))
    assert "Review what was read" in text_of(client.get(address))


def test_a_dropped_draft_says_so(cast, office):
    address = brought(office, "整改通报.docx")
    drop_draft(Draft.objects.get().pk, actor=actor_for(cast.office))
    assert "草稿已放弃" in text_of(office.get(address))


def test_registering_what_was_not_seen_is_refused(office, cast):
    address = brought(office, "反馈意见.docx")
    office.post(f"{address}nodes/n3/", {"verb": "change", "revision": 1, "title": "甲"})
    assert office.post(f"{address}register/", {"revision": 1}).status_code == 409
    assert register(Draft.objects.get().pk, actor=actor_for(cast.office), revision=2).pk
