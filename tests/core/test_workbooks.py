"""What a returned file holds, read without any file: keys before headings, marks before numbers."""

from datetime import date

import pytest

from bihuan.core.refusal import Refused
from bihuan.core.workbook_merge import File, Given, Now, chosen, merge
from bihuan.core.workbooks import TASKS, Sheets, Words, key, mark, read_book

CODE = "BH" + "2" * 16
HEADINGS = {"编号": "number", "任务": "title", "有无进展": "answer", "做了什么": "text"}
WORDS = Words(
    {TASKS: HEADINGS, "steps": {"完成日期": "done_on"}}, {"无变化": "unchanged", "有进展": "changed"}
)
KEYS = ["mark", "number", "title", "answer", "text"]
GIVEN = Given(1, CODE, 7, "生态环境部", {5: {"number": "1-1", "title": "建账"}}, {})
NOW = Now(date(2026, 11, 23))


def sheets(*cells: str, keys: bool = True, code: str = CODE) -> Sheets:
    head = ["", "编号", "任务", "有无进展", "做了什么"]
    rows = [(4, head), (5, list(cells))]
    above = [(3, [key(TASKS, name) for name in KEYS])] if keys else []
    return {"任务": [*above, *rows], "_bihuan": [(1, [code])]}


def file(held: Sheets, name: str = "a.xlsx") -> File:
    return File(name, name, read_book(held, WORDS))


@pytest.mark.parametrize("keys", [True, False])
def test_keys_and_headings_lead_to_the_same(keys: bool) -> None:
    made = merge(
        [file(sheets(mark("T", 5, CODE), "1-1", "建账", "", "已培训", keys=keys))], [GIVEN], NOW, WORDS
    )
    if keys:
        assert [said.value.text for said in made.units[0].tasks[5]] == ["已培训"]
    else:  # without its key the column of marks is not known; the number tells
        assert list(made.units[0].tasks) == [5]


def test_a_file_of_nobody_is_named() -> None:
    held = sheets(mark("T", 5, CODE), "1-1", "建账", "无变化", "", code="")
    assert read_book({"x": [(1, ["说明"])]}, WORDS).code == ""
    assert read_book(held, WORDS).code == CODE
    made = merge([file({"x": [(1, ["说明"])]})], [GIVEN], NOW, WORDS)
    assert [note.code for _, note in made.others] == ["books.not-ours"]
    assert made.missing == (GIVEN,)


def test_a_row_that_stands_twice_is_taken_once() -> None:
    row = [mark("T", 5, CODE), "1-1", "建账", "无变化", ""]
    held = sheets(*row)
    book = file({**held, "任务": [*held["任务"], (6, row)]})
    made = merge([book], [GIVEN], NOW, WORDS)
    assert "books.row-twice" in [note.code for _, note in made.units[0].notes]


def test_nothing_is_chosen_for_a_person() -> None:
    with pytest.raises(Refused, match="books.choose"):
        chosen(2, None, None)
    with pytest.raises(Refused):
        chosen(2, None, 2)
