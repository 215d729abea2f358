"""Plans through pages and API: filling in, sheets that come back, approving, and the lock at every door."""

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client

from bihuan.core import plans
from bihuan.core.refusal import Refused
from bihuan.findings import plan_papers
from bihuan.findings.models import EvidenceNeed, Plan, PlanChange, PlanOpinion, Task
from bihuan.formats import read_bytes
from bihuan.orgs.actions import make_token
from tests.cast import Cast, actor_for
from tests.findings.browsing import signed_in
from tests.findings.planning import Crew, again, approved, in_review, make_crew, make_plan_tasks


@pytest.fixture
def crew(cast: Cast) -> Crew:
    return make_crew(cast)


def caller(user: Any) -> Client:
    secret = make_token(user, name="表格", expires_on=date(2027, 6, 1), actor=actor_for(user))[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def lines_sent(*rows: dict[str, str], there: int, **more: str) -> dict[str, str]:
    sent = {"rows-TOTAL_FORMS": str(len(rows)), "rows-INITIAL_FORMS": str(there), **more}
    for at, row in enumerate(rows):
        sent |= {f"rows-{at}-{name}": value for name, value in row.items()}
    return sent


BLANK = {"kind": "ledger", "title": "", "proves": "result"}


def test_a_checklist_is_written_line_by_line_and_empty_lines_are_no_fault(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    first, second = EvidenceNeed.objects.order_by("position")
    client = signed_in(crew.liaison)
    rows = (
        {"id": str(first.pk), "kind": "document", "title": "工作方案", "proves": "process", "DELETE": "on"},
        {"id": str(second.pk), "kind": "ledger", "title": "逐户核查台账", "proves": "result"},
        {"kind": "signed_page", "title": "专家签字页", "proves": "result"},
        BLANK,
    )
    answer = client.post(f"/tasks/{task.pk}/needs/", lines_sent(*rows, there=2, revision=str(task.revision)))
    assert answer.status_code == 302
    titles = EvidenceNeed.objects.filter(withdrawn=False).order_by("position").values_list("title", flat=True)
    assert list(titles) == ["逐户核查台账", "专家签字页"]
    stale = client.post(f"/tasks/{task.pk}/needs/", lines_sent(rows[1], there=1, revision="1"))
    assert stale.status_code == 422
    assert "刚被他人改过" in stale.content.decode()


def test_an_opinion_sheet_goes_out_and_comes_back(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast, count=2)[0]
    plan = in_review(cast, task.inspection)
    client = signed_in(cast.office)
    sheet = client.get(f"/plans/{plan.pk}/file.xlsx").content
    back = filled(sheet, {f"task:{task.pk}": "=期限偏紧", f"P{plan.pk}": "同意"})
    read = plan_papers.read_opinions(read_bytes("意见.xlsx", back), plan)
    assert [(key, text) for key, _number, text in read.opinions] == [
        ("", "同意"),
        (f"task:{task.pk}", "=期限偏紧"),
    ]
    file = io.BytesIO(back)
    file.name = "意见.xlsx"
    shown = client.post(f"/plans/{plan.pk}/opinions/import/", {"file": file})
    assert shown.status_code == 200
    sent = {"carried": shown.context["carried"], "body": "市委巡察办"}
    assert client.post(f"/plans/{plan.pk}/opinions/import/", sent).status_code == 302
    assert list(PlanOpinion.objects.order_by("pk").values_list("body", "text", "answer")) == [
        ("市委巡察办", "同意", "adopted"), ("市委巡察办", "=期限偏紧", ""),
    ]  # fmt: skip
    assert client.post(f"/plans/{plan.pk}/opinions/import/", sent).status_code == 422
    assert PlanOpinion.objects.count() == 2


def test_a_damaged_opinion_sheet_is_refused_by_cell(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    plan = in_review(cast, task.inspection)
    sheet = signed_in(cast.office).get(f"/plans/{plan.pk}/file.xlsx").content
    bad = filled(sheet, {f"task:{task.pk}": "偏紧"}, marks={f"task:{task.pk}": "task:999"})
    read = plan_papers.read_opinions(read_bytes("意见.xlsx", bad), plan)
    assert [(one.cell, one.fault.code) for one in read.faults] == [("A6", "plan.sheet-unknown-row")]
    with pytest.raises(Refused) as refused:
        plan_papers.read_opinions(read_bytes("意见.xlsx", sheet), plan)
    assert refused.value.code == "plan.sheet-empty"
    other = filled(sheet, {}, marks={f"P{plan.pk}": "P777"})
    with pytest.raises(Refused) as foreign:
        plan_papers.read_opinions(read_bytes("意见.xlsx", other), plan)
    assert foreign.value.code == "plan.sheet-other-plan"


def filled(sheet: bytes, opinions: dict[str, str], marks: dict[str, str] | None = None) -> bytes:
    """Fill opinions in beside their marks, and change marks, as another office program would save it."""
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    page = book.active
    for row in page.iter_rows(min_row=3):
        mark = str(row[0].value or "")
        if mark in opinions:
            row[7].value = opinions[mark]
            row[7].data_type = "s"
        if marks and mark in marks:
            row[0].value = marks[mark]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_group_approves_on_its_page_and_nobody_edits_any_more(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    plan = in_review(cast, task.inspection)
    group = signed_in(crew.group)
    assert "批准整改方案" in group.get(f"/inspections/{task.inspection_id}/plan/").content.decode()
    sent = {"meeting": "领导小组第3次会议", "revision": str(plan.revision)}
    assert signed_in(cast.office).post(f"/plans/{plan.pk}/approve/", sent).status_code == 403
    assert group.post(f"/plans/{plan.pk}/approve/", sent).status_code == 302
    assert Plan.objects.get().state == plans.APPROVED
    office, by_api, row = signed_in(cast.office), caller(cast.office), again(task)
    form = {
        "number": row.number, "title": "改", "unit_id": str(row.unit_id), "leader": row.leader, "category": row.category,
        "due_on": "2026-12-31", "measures": row.measures, "revision": str(row.revision),
    }  # fmt: skip
    page = office.post(f"/tasks/{task.pk}/edit/", form)
    assert (page.status_code, "整改方案已批准" in page.content.decode()) == (422, True)
    body = json.dumps({"title": "改", "revision": row.revision})
    answer = by_api.patch(f"/api/v1/tasks/{task.pk}", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "plan.locked")
    together = json.dumps({"ids": [task.pk], "values": {"leader": "陆遥"}})
    answer = by_api.post("/api/v1/tasks/bulk", together, content_type="application/json")
    assert answer.json()["tasks"][0]["faults"][0]["code"] == "plan.locked"
    assert (
        by_api.post(
            f"/api/v1/tasks/{task.pk}/withdraw", json.dumps({"reason": "x"}), content_type="application/json"
        ).json()["code"]
        == "plan.locked"
    )
    assert Task.objects.get(pk=task.pk).title == row.title


def test_an_extension_is_asked_on_the_page_and_shown_everywhere(cast: Cast, crew: Crew) -> None:
    task = make_plan_tasks(cast)[0]
    approved(cast, crew, task.inspection)
    asked = signed_in(crew.liaison).post(
        f"/tasks/{task.pk}/extension/", {"due_on": "2027-03-31", "reason": "专家评审推迟"}
    )
    change = PlanChange.objects.get()
    assert asked.headers["Location"] == f"/plan-changes/{change.pk}/"
    leader = signed_in(crew.leader)
    assert "同意变更" in leader.get(f"/plan-changes/{change.pk}/").content.decode()
    sent = {"agreed": "yes", "revision": str(change.revision)}
    assert signed_in(crew.head).post(f"/plan-changes/{change.pk}/decide/", sent).status_code == 403
    assert leader.post(f"/plan-changes/{change.pk}/decide/", sent).status_code == 302
    office = signed_in(cast.office)
    for url in (f"/tasks/{task.pk}/", "/tasks/"):
        assert "第1次延期" in office.get(url).content.decode(), url
    newer = Plan.objects.get(state="approved")
    older = Plan.objects.get(state="superseded")
    difference = office.get(f"/plans/{newer.pk}/?against={older.pk}").content.decode()
    assert "<del>2026年12月31日</del><ins>2027年3月31日</ins>" in difference
    book = openpyxl.load_workbook(
        io.BytesIO(
            b"".join(
                office.get("/lists/tasks/export.xlsx?columns=number,title,due_on,extended").streaming_content
            )
        )
    )
    assert [cell.value for cell in list(book.active.iter_rows())[1]][-1] == 1


def test_due_dates_are_proposed_by_the_deadlines_with_their_source(cast: Cast) -> None:
    task = make_plan_tasks(cast)[0]
    answer = caller(cast.office).get(f"/api/v1/inspections/{task.inspection_id}/plan").json()
    assert {name: one["due_on"] for name, one in answer["proposed"].items()} == {
        "at_once": "2026-07-12", "staged": "2026-12-12", "continuous": "2027-06-12",
    }  # fmt: skip
    assert all(one["source"] for one in answer["proposed"].values())
    page = signed_in(cast.office).get(f"/problems/{task.problem_id}/tasks/new/").content.decode()
    assert "分阶段" in page and "2026-12-12" in page
