"""Workbooks: given out, filled, mistreated, returned together, and taken exactly as accepted."""

import io
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.refusal import Conflict, NotAllowed, NotVisible, Refused
from bihuan.core.workbook_merge import Answer, UnitMerge
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.actions.workbooks import (
    Accepted,
    Preview,
    Written,
    make_workbooks,
    preview,
    take_returned,
    withdraw_workbooks,
)
from bihuan.findings.book_words import tell
from bihuan.findings.models import ProgressReport, Step, Task, Workbook
from tests.cast import Cast, actor_for
from tests.findings.books import DUE, FIRST, PERIOD, Given, edited, filled, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(cast: Cast) -> Given:
    return give(cast)


def shown(cast: Cast, given: Given, *files: tuple[str, bytes]) -> Preview:
    return preview(given.inspection, PERIOD, files, actor=actor_for(cast.office))


def take(cast: Cast, given: Given, made: Preview, accepted: Accepted | None = None) -> Written:
    return take_returned(given.inspection, made.carried, accepted or Accepted(), actor=actor_for(cast.office))


def codes(made: Preview, at: int = 0) -> list[str]:
    return [note.code for _, note in made.merge.units[at].notes]


def said_of(unit: UnitMerge, code: str) -> tuple[str, str, dict[str, Any]]:
    """Return file, cell and parameters of the one remark with this code."""
    [(name, note)] = [(name, note) for name, note in unit.notes if note.code == code]
    return name, note.cell, dict(note.params)


def test_a_workbook_holds_what_a_unit_needs(given: Given) -> None:
    book = load_workbook(io.BytesIO(given.file(0)))
    sheet = book["任务"]
    assert [cell.value for cell in sheet[4]][1:5] == ["编号", "任务", "整改措施", "期限"]
    assert [sheet.cell(FIRST, at).value for at in (2, 3, 4)] == ["1-1", "=第1项台账", "-逐户核对\n+逐月比对"]
    assert sheet.cell(FIRST, 3).data_type == "s"
    assert sheet.cell(FIRST, 3).protection.locked and not sheet.cell(FIRST, 9).protection.locked
    assert sheet.protection.sheet and sheet.column_dimensions["A"].hidden and sheet.row_dimensions[3].hidden
    assert book["_bihuan"].sheet_state == "veryHidden" and book["_bihuan"]["A1"].value == given.rows[0].code
    [rule] = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert rule.formula1 == '"无变化,有进展"'
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$4:$4"
    assert "2026年11月30日前" in sheet["B2"].value
    assert book["步骤"].cell(FIRST, 3).value == "逐户发放样表"


def test_what_comes_back_untouched_changes_nothing(cast: Cast, given: Given) -> None:
    made = shown(cast, given, *((f"{at}.xlsx", given.file(at)) for at in range(3)))
    assert [codes(made, at) for at in range(3)] == [["books.nothing-filled"]] * 3
    assert made.carried == "" and len(made.merge.missing) == 3
    assert not ProgressReport.objects.exists()


def test_answers_are_written_as_accepted_and_sealed(cast: Cast, given: Given) -> None:
    file = filled(given.file(0), "无变化", "已培训42户。", step="2026-11-20")
    made = shown(cast, given, ("一.xlsx", file))
    assert [one.unit for one in made.merge.missing] == ["第2责任单位", "第3责任单位"]
    assert not ProgressReport.objects.exists()
    before = Event.objects.count()
    assert take(cast, given, made) == Written(2, 1, 1)
    assert Event.objects.count() == before + 4
    first, second = ProgressReport.objects.order_by("pk")
    assert (first.unchanged, first.text, second.text, second.via) == (True, "", "已培训42户。", "workbook")
    step = Step.objects.get(task=given.of(0)[0])
    assert (step.done_on, step.revision) == (date(2026, 11, 20), 2)
    assert Workbook.objects.get(pk=given.rows[0].pk).returned_on == date(2026, 11, 23)
    assert list(chain_breaks()) == []
    assert take(cast, given, made) == Written(0, 0, 0)
    again = shown(cast, given, ("一.xlsx", file))
    assert again.carried == "" and again.merge.units[0].same == 3
    assert Event.objects.count() == before + 4


def test_two_copies_that_differ_are_chosen_between(cast: Cast, given: Given) -> None:
    one, two = filled(given.file(0), "甲", "乙", ""), filled(given.file(0), "甲", "丙", "丁")
    made = shown(cast, given, ("一.xlsx", one), ("一（2）.xlsx", two), ("又一.xlsx", one))
    unit = made.merge.units[0]
    second = given.of(0)[1].pk
    assert unit.conflicts == [second]
    assert [said.value.text for said in unit.tasks[second] if isinstance(said.value, Answer)] == ["乙", "丙"]
    assert unit.tasks[second][1].places == (("一（2）.xlsx", "任务!H6"),)
    assert [note.code for _, note in made.merge.others] == ["books.same-file"]
    with pytest.raises(Refused, match="books.choose"):
        take(cast, given, made)
    assert not ProgressReport.objects.exists()
    assert take(cast, given, made, Accepted(tasks={second: 1})).reports == 3
    assert ProgressReport.objects.get(task=second).text == "丙"
    again = shown(cast, given, ("一.xlsx", one), ("一（2）.xlsx", two))
    assert take(cast, given, again).reports == 0


def test_neither_copy_and_a_unit_left_out(cast: Cast, given: Given) -> None:
    files = [filled(given.file(0), "甲"), filled(given.file(0), "乙"), filled(given.file(1), "丙")]
    made = shown(cast, given, *((f"{at}.xlsx", file) for at, file in enumerate(files)))
    accepted = Accepted(frozenset({given.rows[1].pk}), {given.of(0)[0].pk: -1})
    assert take(cast, given, made, accepted) == Written(0, 0, 0)
    assert not ProgressReport.objects.exists()


def test_what_was_done_to_a_file_is_named(cast: Cast, given: Given) -> None:
    def mistreat(book: Any) -> None:
        sheet = book["任务"]
        sheet["C5"] = "第1项台帐"
        sheet["I4"] = "进展情况"
        sheet["H6"], sheet["I6"] = "差不多", "x"
        sheet["H7"], sheet["I7"] = "无变化", "已完成。"
        sheet["B9"], sheet["I9"] = "9-9", "新增"
        sheet["A10"], sheet["I10"] = f"T{given.of(1)[0].pk}-{given.rows[1].code}", "别家"
        book["步骤"]["F5"] = "2026-13-05"

    made = shown(cast, given, ("一.xlsx", edited(filled(given.file(0), "已培训。"), mistreat)))
    unit = made.merge.units[0]
    assert said_of(unit, "books.locked-changed")[1:] == ("任务!C5", {"was": "=第1项台账", "now": "第1项台帐"})
    assert said_of(unit, "books.column-renamed")[2] == {"was": "做了什么", "now": "进展情况"}
    assert said_of(unit, "books.answer-unknown")[1] == "任务!H6"
    assert said_of(unit, "books.unchanged-with-text")[1] == "任务!I7"
    assert said_of(unit, "books.row-added")[2] == {"text": "9-9"}
    assert said_of(unit, "books.row-of-unit")[2]["unit"] == "第2责任单位"
    assert said_of(unit, "findings.sheet-no-month")[1] == "步骤!F5"
    assert take(cast, given, made).reports == 1
    assert Task.objects.get(pk=given.of(0)[0].pk).title == "=第1项台账"


def test_without_hidden_column_and_row_the_words_still_tell(cast: Cast, given: Given) -> None:
    def strip(book: Any) -> None:
        book["任务"].delete_rows(3)
        book["任务"].delete_cols(1)

    made = shown(cast, given, ("一.xlsx", edited(filled(given.file(0), "已培训。"), strip)))
    assert take(cast, given, made).reports == 1


def test_closed_moved_and_withdrawn_meanwhile(cast: Cast, given: Given) -> None:
    file = filled(given.file(0), "甲", "乙", "丙")
    pks = [task.pk for task in given.of(0)]
    made = shown(cast, given, ("一.xlsx", file))
    Task.objects.filter(pk=pks[0]).update(state="completed")
    with pytest.raises(Conflict, match="books.ended-since"):
        take(cast, given, made)
    assert not ProgressReport.objects.exists()
    Task.objects.filter(pk=pks[1]).update(unit_id=cast.safety.pk)
    Task.objects.filter(pk=pks[2]).update(withdrawn=True)
    told = codes(shown(cast, given, ("一.xlsx", file)))
    assert told == ["books.task-ended", "books.task-moved", "books.task-withdrawn"]


def test_strangers_broken_and_hostile_files(cast: Cast, given: Given) -> None:
    actor = actor_for(cast.office)
    [other, *_] = make_workbooks(given.inspection, "2026年12月", None, actor=actor)
    later = Given(given.inspection, [other], given.tasks).file(0)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("[Content_Types].xml", "<Types/>")
        pack.writestr("xl/workbook.xml", b"0" * 30_000_000)

    def gut(book: Any, *names: str) -> None:
        book.create_sheet("x")["A1"] = "台账"
        for name in names:
            book.remove(book[name])

    bare = edited(given.file(0), lambda book: gut(book, "任务", "步骤"))
    foreign = edited(given.file(0), lambda book: gut(book, *book.sheetnames))
    files = [
        ("下月.xlsx", later), ("炸弹.xlsx", bomb.getvalue()), ("断.xlsx", given.file(0)[:900]), ("空.xlsx", b""),
        ("说明.txt", "请查收".encode()), ("光有编号.xlsx", bare), ("别的.xlsx", foreign),
    ]  # fmt: skip
    made = shown(cast, given, *files)
    told = {name: note.code for name, note in made.merge.others}
    assert told["下月.xlsx"] == "books.other-period"
    assert told["炸弹.xlsx"] == "formats.inflates-too-much"
    [sentence] = [tell(note) for name, note in made.merge.others if name == "说明.txt"]
    assert sentence == "不是表格文件，没有收。这里只收单位交回的填报表（xlsx）。"
    assert told["断.xlsx"] == "formats.truncated" and told["空.xlsx"] == "formats.empty"
    assert told["说明.txt"] == "formats.other-than-workbook" and told["别的.xlsx"] == "books.not-ours"
    assert codes(made) == ["books.no-tasks-sheet", "books.rows-missing", "books.nothing-filled"]
    assert made.carried == ""


def test_making_refuses(cast: Cast, given: Given) -> None:
    actor = actor_for(cast.office)
    assert make_workbooks(given.inspection, PERIOD, DUE, actor=actor) == []
    with pytest.raises(Invalid) as wrong:
        make_workbooks(given.inspection, "", date(2026, 11, 1), actor=actor)
    assert {fault.code for fault in wrong.value.faults} == {"findings.required", "books.due-past"}
    assert len(withdraw_workbooks(given.inspection, PERIOD, "期限改了", actor=actor)) == 3
    with pytest.raises(NotVisible):
        shown(cast, given, ("一.xlsx", given.file(0)))
    assert len(make_workbooks(given.inspection, PERIOD, DUE, actor=actor)) == 3
    made = shown(cast, given, ("旧.xlsx", given.file(0)))
    assert [note.code for _, note in made.merge.others] == ["books.other-withdrawn"]
    given.inspection.mode = "archive"
    given.inspection.save()
    with pytest.raises(NotAllowed, match="books.archive"):
        make_workbooks(given.inspection, "x", None, actor=actor)


def test_a_preview_is_of_one_person_and_one_inspection(cast: Cast, given: Given) -> None:
    made = shown(cast, given, ("一.xlsx", filled(given.file(0), "甲")))
    for carried, who in ((made.carried, cast.reader), (made.carried + "x", cast.office)):
        with pytest.raises(Refused, match="findings.sheet-preview-gone"):
            take_returned(given.inspection, carried, Accepted(), actor=actor_for(who))


def resaved(tmp_path: Path, data: bytes) -> bytes:
    """Return a workbook as LibreOffice saves it."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed: what it saves is not tested here")
    (tmp_path / "a.xlsx").write_bytes(data)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / "a.xlsx")],
        check=True,
        timeout=120,
        capture_output=True,
    )
    return (tmp_path / "out" / "a.xlsx").read_bytes()


def test_fifteen_files_as_they_come_back(cast: Cast, tmp_path: Path) -> None:
    """Two conflict, one is renamed, one has columns moved, one lost rows, one was saved by LibreOffice."""
    given = give(cast, units=14)
    files = {
        f"填报表_{at + 1}.xlsx": filled(given.file(at), "无变化", f"第{at + 1}家", "无变化")
        for at in range(14)
    }
    files["填报表_1（改）.xlsx"] = filled(given.file(0), "无变化", "改过", "无变化", step="2026-11-20")
    files["新建.xlsx"] = files.pop("填报表_2.xlsx")

    def move(book: Any) -> None:
        book["任务"].move_range("I3:I7", cols=4)

    files["填报表_3.xlsx"] = edited(files["填报表_3.xlsx"], move)
    files["填报表_4.xlsx"] = edited(files["填报表_4.xlsx"], lambda book: book["任务"].delete_rows(6))
    files["填报表_5.xlsx"] = resaved(
        tmp_path, filled(given.file(4), "无变化", "第5家", "无变化", step="2026-11-20")
    )
    assert len(files) == 15
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w") as zipped:
        for name, data in list(files.items())[8:]:
            zipped.writestr(f"收回/{name}", data)
    made = shown(cast, given, *list(files.items())[:8], ("其余.zip", pack.getvalue()))
    units = {unit.given.unit: unit for unit in made.merge.units}
    assert len(units) == 14 and made.merge.missing == () and made.merge.others == ()
    conflict = given.of(0)[1].pk
    assert units["第1责任单位"].conflicts == [conflict]
    assert units["第2责任单位"].files[0][0] == "新建.xlsx"
    assert said_of(units["第3责任单位"], "books.columns-moved")[2]["columns"] == "做了什么→M"
    assert said_of(units["第4责任单位"], "books.rows-missing")[2] == {"count": 1, "numbers": "4-2"}
    assert [note.code for _, note in units["第5责任单位"].notes] == []
    assert take(cast, given, made, Accepted(tasks={conflict: 0})) == Written(41, 2, 14)
    texts = dict(ProgressReport.objects.exclude(text="").values_list("task__number", "text"))
    assert texts == {f"{at}-2": f"第{at}家" for at in range(1, 15) if at != 4}
    assert [one for one in table_breaks() if one.kind != "unit"] == []
    again = shown(cast, given, *files.items())
    assert take(cast, given, again) == Written(0, 0, 0)
