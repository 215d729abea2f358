"""A superior's form mapped by clicking and filled; the assessment form with its facts, marks and veto."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.audit.queries import table_breaks
from bihuan.core.assessment import FACTS, INDICATORS, read_indicators, summed
from bihuan.core.refusal import NotAllowed, Refused
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import Task
from bihuan.oversight.actions.assessments import begin_assessment, conclude_assessment, give_scores
from bihuan.oversight.actions.rules import set_rule
from bihuan.oversight.models import Assessment, AssessmentScore, FormCell, FormTemplate
from bihuan.oversight.queries.assessments import QUERIES, counts, veto_of
from tests.cast import TODAY, Cast, actor_for, make_cast
from tests.closing import Desk, make_desk, make_ready, walk
from tests.findings.browsing import signed_in
from tests.formats.test_form_fill import workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def tasks(cast: Cast, desk: Desk, settings: Any, tmp_path: Any) -> list[Task]:
    settings.BIHUAN_FILES = tmp_path
    return make_ready(cast, desk, count=3)


def at(name: str, *args: object) -> str:
    return reverse(f"oversight:{name}", args=args)


def test_a_form_is_mapped_by_clicking_and_filled(cast: Cast, desk: Desk, tasks: list[Task]) -> None:
    office = signed_in(cast.office)
    sent = {
        "name": "整改评估表",
        "subject": "inspection",
        "file": SimpleUploadedFile("评估表.xlsx", workbook()),
    }
    made = office.post(at("forms"), sent)
    form = FormTemplate.objects.get()
    assert made.url == at("form", form.pk)
    assert (
        "没有指定任何格子"
        in office.get(at("form-fill", form.pk) + f"?of={tasks[0].inspection_id}").content.decode()
    )
    page = office.get(at("form", form.pk) + "?cell=评估表!D2").content.decode()
    assert '<option value="tally.tasks"' in page
    for place, field in (
        ("评估表!B2", "inspection.organisation"), ("评估表!D2", "tally.tasks"), ("评估表!A4", "row.place|rows"),
        ("评估表!B4", "task.title|rows"), ("评估表!D4", "task.state|rows"),
    ):  # fmt: skip
        assert office.post(at("form", form.pk), {"place": place, "field": field}).status_code == 302
    assert FormCell.objects.filter(repeats=True).count() == 3
    bad = office.post(at("form", form.pk), {"place": "评估表!D8", "field": "tally.tasks"})
    assert (bad.status_code, "公式" in bad.content.decode()) == (422, True)
    file = office.get(at("form-fill", form.pk) + f"?of={tasks[0].inspection_id}")
    sheet = load_workbook(io.BytesIO(file.content))["评估表"]
    assert (sheet["B2"].value, sheet["D2"].value) == ("江澜高新区", 3)
    assert [sheet[f"A{line}"].value for line in range(4, 8)] == [1, 2, 3, None]
    assert sheet["D4"].value == "未开始"
    office.post(at("form", form.pk), {"place": "评估表!D4", "field": ""})
    assert FormCell.objects.count() == 4
    sent = {"name": "又一份", "subject": "task", "file": SimpleUploadedFile("评估表.xlsx", workbook())}
    assert (
        "已经登记为表样" in office.post(at("forms"), sent).content.decode()
        or FormTemplate.objects.count() == 2
    )
    for person, status in ((cast.outsider, 404), (cast.reader, 403), (desk.supervisor, 403)):
        client = signed_in(person)
        assert client.post(at("form", form.pk), {"place": "评估表!B2", "field": ""}).status_code == status
    assert signed_in(cast.reader).post(at("forms"), {}).status_code == 403
    assert [one for one in table_breaks() if "form" in str(one)] == []


def test_what_is_no_form_is_not_taken(cast: Cast, tasks: list[Task]) -> None:
    office = signed_in(cast.office)
    for name, data in (("a.xlsx", b"hello"), ("b.docx", b"%PDF-1.4")):
        page = office.post(
            at("forms"), {"name": "x", "subject": "task", "file": SimpleUploadedFile(name, data)}
        )
        assert page.status_code == 422
    assert office.post(at("forms"), {"name": "", "subject": "x"}).status_code == 422
    assert not FormTemplate.objects.exists()


def test_the_weights_are_those_of_the_usual_form() -> None:
    total = summed(INDICATORS, {}, untrue=4, veto_from=5)
    assert [(group, full) for group, _given, full in total.groups] == [
        ("organisation", 150), ("responsibility", 150), ("tasks", 600), ("satisfaction", 100),
    ]  # fmt: skip
    assert (len(INDICATORS), total.full, total.unscored, total.vetoed) == (20, 1000, 20, False)
    assert summed(INDICATORS, {}, untrue=5, veto_from=5).vetoed
    assert set(FACTS) == set(QUERIES) == {*FACTS}


def test_every_figure_equals_the_rows_behind_it(cast: Cast, desk: Desk, tasks: list[Task]) -> None:
    walk(desk, tasks[:2], "close")
    client = signed_in(desk.superior)
    client.post(
        at("assessments"), {"inspection": tasks[0].inspection_id, "title": "年中评估", "as_of": "2026-11-23"}
    )
    row = Assessment.objects.get()
    page = client.get(at("assessment", row.pk)).content.decode()
    found = counts(FACTS, row.inspection, TODAY)
    assert (found["tasks"], found["completed"], found["open"], found["closed"]) == (3, 2, 1, 2)
    assert "已完成2" in page
    for fact in FACTS:
        shown = client.get(at("assessment-rows", row.pk, fact))
        assert len(shown.context["rows"]) == found[fact], fact
    assert client.get(at("assessment-rows", row.pk, "password")).status_code == 404
    earlier = begin_assessment(
        row.inspection, title="此前", as_of=date(2026, 11, 22), actor=actor_for(desk.superior)
    )
    assert counts(["completed"], row.inspection, earlier.as_of) == {"completed": 0}


def test_marks_are_given_by_people_with_a_reason(cast: Cast, desk: Desk, tasks: list[Task]) -> None:
    client = signed_in(desk.superior)
    client.post(
        at("assessments"), {"inspection": tasks[0].inspection_id, "title": "年中评估", "as_of": "2026-11-23"}
    )
    row = Assessment.objects.get()
    bad = client.post(
        at("assessment", row.pk), {"mark-o1": "9", "reason-o1": "好", "mark-o2": "3", "reason-o2": ""}
    )
    words = bad.content.decode()
    assert (bad.status_code, "须在0到4之间" in words, "须写明评分理由" in words) == (422, True, True)
    assert not AssessmentScore.objects.exists()
    marks = {f"mark-{one.code}": str(one.full) for one in INDICATORS} | {
        f"reason-{one.code}": "资料齐全" for one in INDICATORS
    }
    client.post(at("assessment", row.pk), {**marks, "mark-o1": "3.5", "mark-s2": ""} | {"reason-s2": ""})
    assert client.post(at("assessment-conclude", row.pk), {}).status_code == 422
    client.post(at("assessment", row.pk), marks | {"mark-o1": "3.5"})
    assert AssessmentScore.objects.filter(current=True).count() == 20
    client.post(at("assessment-conclude", row.pk), {"opinion": "同意。"})
    row.refresh_from_db()
    assert (row.state, row.facts["tasks"]) == ("concluded", 3)
    with pytest.raises(NotAllowed, match=r"assessment\.concluded"):
        give_scores(row, {"o1": (10, "x")}, actor=actor_for(desk.superior))
    for suffix, head in (("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")):
        assert client.get(at("assessment-file", row.pk, suffix)).content.startswith(head)
    sheet = load_workbook(io.BytesIO(client.get(at("assessment-file", row.pk, "xlsx")).content)).active
    assert sheet is not None
    assert sheet["F24"].value == 99.5
    for person, status in ((cast.outsider, 404), (desk.head, 404), (cast.office, 403), (desk.group, 403)):
        assert signed_in(person).post(at("assessment", row.pk), {}).status_code == status
    assert [one for one in table_breaks() if "assessment" in str(one)] == []


def test_a_superiors_own_indicators(desk: Desk, tasks: list[Task]) -> None:
    table = [
        ["代码", "类别", "指标", "分值", "取数"],
        ["a", "tasks", "完成率", "60", "tasks，completed"],
        ["b", "", "其他", "40", ""],
    ]
    made = read_indicators(table)
    assert [(one.code, one.full, one.facts) for one in made] == [
        ("a", 60, ("tasks", "completed")),
        ("b", 40, ()),
    ]
    for wrong in (
        [["代码"]],
        [table[0], ["a", "", "x", "0", ""]],
        [table[0], ["a", "", "x", "5", "nothing"]],
        [*table, table[1]],
    ):
        with pytest.raises(Refused):
            read_indicators(wrong)
    with pytest.raises(Refused) as refused:
        read_indicators(
            [*table, table[1], ["c", "", "x", "0", ""], ["d", "", "", "5", ""], ["e", "", "x", "5", ""]]
        )
    assert refused.value.params == {"rows": "4、5、6"}
    row = begin_assessment(
        tasks[0].inspection, title="x", as_of=TODAY, indicators=made, actor=actor_for(desk.superior)
    )
    give_scores(row, {"a": (600, "好"), "b": (400, "好")}, actor=actor_for(desk.superior))
    assert conclude_assessment(row, opinion="", actor=actor_for(desk.superior)).facts == {
        "tasks": 3, "completed": 0, "untrue": 0, "veto_from": 5,
    }  # fmt: skip


def test_the_veto_is_a_rule_with_its_source_shown_beside_the_marks_and_frozen(
    cast: Cast, desk: Desk, tasks: list[Task]
) -> None:
    organisation = tasks[0].organisation
    with pytest.raises(Invalid) as refused:
        set_rule(organisation, "veto-from", 0, source=" ", actor=actor_for(cast.office))
    assert [one.code for one in refused.value.faults] == ["oversight.rule-source", "oversight.rule-days"]
    with pytest.raises(Invalid) as refused:
        set_rule(organisation, "recheck-confidence", 96, source="办法", actor=actor_for(cast.office))
    assert refused.value.faults[0].params == {"choices": "90、95、99"}
    row = begin_assessment(
        tasks[0].inspection, title="x", as_of=TODAY, indicators=INDICATORS[:1], actor=actor_for(desk.superior)
    )
    assert "达到5项一票否决" in signed_in(desk.superior).get(at("assessment", row.pk)).content.decode()
    set_rule(organisation, "veto-from", 1, source="省评估办法第九条", actor=actor_for(cast.office))
    page = signed_in(desk.superior).get(at("assessment", row.pk)).content.decode()
    assert "达到1项一票否决" in page
    assert "省评估办法第九条" in page
    give_scores(row, {"o1": (30, "好")}, actor=actor_for(desk.superior))
    conclude_assessment(row, opinion="", actor=actor_for(desk.superior))
    set_rule(organisation, "veto-from", 3, source="另一办法", actor=actor_for(cast.office))
    row.refresh_from_db()
    assert veto_of(row)[0] == 1
    listed = signed_in(cast.office).get(at("rules", organisation.pk)).content.decode()
    assert "一票否决从查实几项不实起" in listed
