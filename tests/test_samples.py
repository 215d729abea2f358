"""The sample documents: rebuilt the same, agreeing with each other, ours alone."""

import importlib
import io
import re
import sys
import tomllib
import unicodedata
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import docx
import openpyxl
import pytest

from bihuan.core import checking, reading
from bihuan.core.reading.document import Document
from bihuan.formats import read_bytes

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared" / "notices"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    sys.path.insert(0, str(SAMPLES))
    try:
        return importlib.import_module("build")
    finally:
        sys.path.remove(str(SAMPLES))


@pytest.fixture(scope="module")
def notice() -> str:
    return (SAMPLES / "整改通报.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def feedback() -> str:
    return (SAMPLES / "source" / "反馈意见.md").read_text(encoding="utf-8")


def problems_in(text: str) -> list[str]:
    return [
        f"{number}.{title.rstrip('。')}" for number, title in re.findall(r"(?m)^(?:#### )?(\d+)\.(.+)$", text)
    ]


def findings_in(text: str) -> list[str]:
    body = text.split("下一步整改安排")[0]
    return [
        t.rstrip("。")
        for t in re.findall(r"(?m)^(?:### )?（[一二三四五六七八九十]+）(?:反馈问题：)?(.+)$", body)
    ]


def test_built_files_equal_a_fresh_build(build: ModuleType) -> None:
    for name, content in build.build().items():
        assert (SAMPLES / name).read_bytes() == content, f"{name}: run samples/build.py and commit the result"


def test_two_builds_give_the_same_bytes(build: ModuleType) -> None:
    assert build.build() == build.build()


def test_feedback_has_three_aspects_ten_findings_and_thirty_two_problems(feedback: str) -> None:
    aspects = re.findall(r"(?m)^## .+方面$", feedback)
    findings = re.findall(r"(?m)^### （.+）(.+)$", feedback)
    assert (len(aspects), len(findings)) == (3, 10)
    assert [p.split(".")[0] for p in problems_in(feedback)] == [str(n) for n in range(1, 33)]


def test_feedback_document_numbers_findings_and_problems_by_word_itself() -> None:
    paragraphs = docx.Document(str(SAMPLES / "反馈意见.docx")).paragraphs
    for style, count in (("Heading 2", 10), ("Heading 3", 32)):
        found = [p for p in paragraphs if p.style.name == style]
        assert len(found) == count
        assert all(p._p.pPr.numPr is not None and not re.match(r"[（\d]", p.text) for p in found)


def test_feedback_document_holds_one_table() -> None:
    assert len(docx.Document(str(SAMPLES / "反馈意见.docx")).tables) == 1


def test_feedback_and_notice_name_the_same_findings_and_problems(feedback: str, notice: str) -> None:
    assert problems_in(feedback) == problems_in(notice)
    assert re.findall(r"(?m)^### （.+）(.+)$", feedback) == findings_in(notice)


def test_every_problem_of_the_notice_has_a_response(notice: str) -> None:
    assert notice.count("\n整改情况：") == 32


def test_the_notice_as_word_and_as_text_say_the_same(notice: str) -> None:
    paragraphs = docx.Document(str(SAMPLES / "整改通报.docx")).paragraphs
    assert "\n".join(p.text for p in paragraphs) + "\n" == notice


def test_the_tally_adds_up_and_matches_the_tasks(build: ModuleType, notice: str) -> None:
    assert "三个方面32个具体问题49项分项任务，已完成整改39个，基本完成整改7个，长期整改3个" in notice
    states = Counter(task.status for task in build.read_tasks())
    assert states == {"已完成": 39, "基本完成": 7, "长期整改": 3}


def test_the_institutions_named_in_the_notice_are_the_twenty_five_declared(notice: str) -> None:
    assert "建章立制25项" in notice
    assert len(set(re.findall(r"《(江澜高新区[^》]+)》", notice))) == 25


def test_the_plan_sheet_has_forty_nine_tasks_and_no_problem_without_one() -> None:
    sheet = openpyxl.load_workbook(SAMPLES / "整改方案任务表.xlsx").active
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[3]]
    numbers = [str(row[3]) for row in rows]
    assert [row[0] for row in rows] == list(range(1, 50))
    assert len(set(numbers)) == 49
    assert {n.split("-")[0] for n in numbers} == {str(n) for n in range(1, 33)}
    assert {row[9] for row in rows} == {"立行立改", "分阶段", "持续"}
    assert all(row[4] and row[5] and row[6] and row[7] and row[10] and row[11] for row in rows)


def test_the_plan_sheet_merges_findings_and_problems() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO((SAMPLES / "整改方案任务表.xlsx").read_bytes())).active
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["B5"].value == "（一）学习贯彻党的创新理论不够深入"
    assert {"A1:M1", "G3:I3", "B5:B7"} <= merged


def test_dates_stand_in_order(build: ModuleType, notice: str) -> None:
    steps = [date(2026, 3, 16), date(2026, 4, 24), date(2026, 6, 12), date(2026, 7, 10), date(2026, 11, 20)]
    assert all(earlier < later for earlier, later in pairwise(steps))
    for step in (steps[0], steps[2], steps[4]):
        assert f"{step.year}年{step.month}月{step.day}日" in notice
    for task in build.read_tasks():
        assert steps[3] < task.due <= date(2026, 12, 31)
        assert task.closed_on == "" or steps[3] < date.fromisoformat(task.closed_on) <= steps[4]
        assert (task.closed_on == "") == (task.status == "长期整改")


def test_dates_after_the_signature_are_announced_as_plans(notice: str) -> None:
    for clause in re.split(r"[，。；]", notice):
        days = re.findall(r"(\d{4})年(\d+)月(\d+)日", clause)
        if any(date(int(y), int(m), int(d)) > date(2026, 11, 20) for y, m, d in days):
            assert "计划" in clause or "培育期到" in clause


def test_each_fault_changes_the_notice_and_is_listed_with_its_line(build: ModuleType, notice: str) -> None:
    faults = build.read_faults()
    assert len({fault["code"] for fault in faults}) >= 12
    spoilt = (SAMPLES / "faulty" / "整改通报（有毛病）.txt").read_text(encoding="utf-8")
    lines = spoilt.splitlines()
    listed = re.findall(
        r"(?m)^\| \d+ \| (\d+) \| `([a-z-]+)`", (SAMPLES / "faulty" / "README.md").read_text("utf-8")
    )
    assert [code for _, code in listed] == [fault["code"] for fault in faults]
    for (line, _), fault in zip(listed, faults, strict=True):
        put = fault["put"].removeprefix("#### ")
        assert put in lines[int(line) - 1]
        assert notice.count(put) < spoilt.count(put), fault["code"]


def test_people_and_units_cover_every_name_of_the_plan(build: ModuleType) -> None:
    cast = tomllib.loads((SAMPLES / "江澜单位和人员.toml").read_text(encoding="utf-8"))
    units = {unit["code"]: unit for unit in cast["organisation"]["units"]}
    responsible = {u["name"] for u in units.values() if u.get("responsible")}
    leaders = {
        p["name"]: {units[c]["name"] for c in p["charge"]}
        for p in cast["organisation"]["people"]
        if "charge" in p
    }
    tasks = build.read_tasks()
    assert responsible == {task.unit for task in tasks}
    assert len(responsible) == 15
    for task in tasks:
        assert task.unit in leaders[task.leader], (
            f"{task.number}: {task.leader} is not in charge of {task.unit}"
        )
        assert set(filter(None, task.joint_units.split("、"))) <= responsible - {task.unit}


def test_people_hold_posts_in_known_units_and_accounts_belong_to_people() -> None:
    cast = tomllib.loads((SAMPLES / "江澜单位和人员.toml").read_text(encoding="utf-8"))["organisation"]
    codes = {unit["code"] for unit in cast["units"]}
    names = [person["name"] for person in cast["people"]]
    assert len(set(names)) == len(names)
    assert all(post["unit"] in codes for person in cast["people"] for post in person["posts"])
    assert all(unit.get("parent", "jianglan") in codes for unit in cast["units"])
    assert {account["role"] for account in cast["accounts"]} == {
        "office", "reader", "supervision", "leading_group", "liaison", "unit_head", "leader",
    }  # fmt: skip
    assert sorted(account["person"] for account in cast["accounts"]) == sorted(names)
    assert all(account["person"] in names and "password" not in account for account in cast["accounts"])


def understood(name: str) -> Document:
    return reading.read(read_bytes(Path(name).name, (SAMPLES / name).read_bytes()))


def faults_of(name: str) -> list[checking.Fault]:
    source = read_bytes(Path(name).name, (SAMPLES / name).read_bytes())
    return list(checking.check(source, reading.read(source)))


@pytest.mark.parametrize("name", ["整改通报.docx", "整改通报.txt"])
def test_the_notice_is_read_whole_and_has_nothing_to_mend(name: str) -> None:
    document = understood(name)
    assert [len(f.problems) for f in document.findings] == [3, 6, 4, 5, 3, 3, 2, 2, 2, 2]
    assert all(p.response for f in document.findings for p in f.problems)
    assert {t.key: t.value for t in document.tally} == {
        "aspects": 3, "problems": 32, "tasks": 49, "completed": 39, "basically_completed": 7, "long_term": 3,
        "policies": 25,
    }  # fmt: skip
    assert (document.signed_on, document.inspection.feedback_on) == ("2026-11-20", "2026-06-12")
    assert not document.unmapped
    assert [f"{f.place.line}: {f.kind} {f.quote}" for f in faults_of(name) if f.severity == "error"] == []


def test_the_feedback_document_is_read_with_its_problems_and_their_facts() -> None:
    document = understood("反馈意见.docx")
    assert document.kind == "feedback"
    problems = [p for f in document.findings for p in f.problems]
    assert [p.number for p in problems] == [str(n) for n in range(1, 33)]
    assert all(p.text for p in problems)
    assert "11家未建立固废管理台账" in problems[14].text


def test_the_plan_is_read_as_forty_nine_tasks() -> None:
    document = understood("整改方案任务表.xlsx")
    assert document.kind == "plan"
    assert len(document.tasks) == 49
    assert {task.problem_number for task in document.tasks} == {str(n) for n in range(1, 33)}
    assert all(task.title and task.measures and task.due_on for task in document.tasks)


@pytest.mark.parametrize("suffix", ["docx", "txt"])
def test_every_fault_put_in_is_found(build: ModuleType, suffix: str) -> None:
    found = {fault.code for fault in faults_of(f"faulty/整改通报（有毛病）.{suffix}")}
    assert {fault["code"] for fault in build.read_faults()} <= found


def clauses_of(text: str) -> set[str]:
    folded = unicodedata.normalize("NFKC", text)
    parts = re.split(r"[。;,!?:|\n]", folded)
    return {bare for part in parts if len(bare := re.sub(r"[\s#]", "", part)) >= 12}


@pytest.mark.shared
def test_no_clause_is_taken_from_a_real_document() -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared/notices is not beside the checkout")
    theirs = set().union(*(clauses_of(p.read_text(encoding="utf-8")) for p in SHARED.rglob("*.txt")))
    for source in sorted((SAMPLES / "source").iterdir()):
        assert not clauses_of(source.read_text(encoding="utf-8")) & theirs, source.name
