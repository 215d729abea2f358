"""Every official paper with the longest texts, rendered and measured: nothing outside the margins, nothing over a rule."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bihuan.formats.briefs import write_brief
from bihuan.formats.paper_docx import write_docx
from bihuan.formats.paper_pdf import write_pdf
from tests.formats.hostile_papers import PAPERS, PERSON, UNIT, brief
from tests.formats.paper_cases import BODY_END, MM, pages_of, rows_of

#: Left, top, right, bottom margins in mm: a page upright, and one that lies across with its binding edge above.
UPRIGHT, ACROSS = (28, 37, 26, 35), (35, 28, 37, 26)
BRIEF = (18, 16, 18, 10)
IN_OFFICE = ("letter-red", "minutes", "sheet-verify", "round-sheet", "assessment", "binder-index", "founding")
#: Marks of full width whose ink stands in one half: the other half may lie in the margin.
RIGHT_HALF, LEFT_HALF = "“‘（《〔【「", "，。、；：”’）》〕】」"


def ink(char: dict[str, Any]) -> tuple[float, float]:
    """Return where a character's ink may begin and end."""
    half = (char["x0"] + char["x1"]) / 2
    return half if char["text"] in RIGHT_HALF else char["x0"], half if char["text"] in LEFT_HALF else char[
        "x1"
    ]


def outside(page: Any, margins: tuple[int, int, int, int], *, hanging: bool = False) -> str:
    """Return what of a page's text stands outside the type area, the page number left aside."""
    left, top, right, bottom = margins
    width, height = float(page.width), float(page.height)
    folio = {id(char) for row in rows_of(page) if row.text.startswith("— ") for char in row.chars}
    return "".join(
        char["text"]
        for char in page.chars
        if id(char) not in folio
        and not char["text"].isspace()
        and not (width > height and char["x0"] < left * MM)  # the number, turned
        and not (
            ink(char)[0] >= left * MM - 0.6
            and (ink(char)[1] <= width - right * MM + 1 or (hanging and char["text"] in LEFT_HALF))
            and char["matrix"][5] <= height - top * MM
            and char["matrix"][5] >= bottom * MM - 0.6
        )
    )


def across_rules(page: Any) -> str:
    """Return the characters through which an upright rule of a table goes."""
    rules = [line for line in (*page.lines, *page.rects) if line["width"] < 2 and line["height"] > 8]
    found = []
    for rule in rules:
        at = (rule["x0"] + rule["x1"]) / 2
        found += [
            char["text"]
            for char in page.chars
            if ink(char)[0] + 1 < at < ink(char)[1] - 1
            and rule["top"] < (char["top"] + char["bottom"]) / 2 < rule["bottom"]
            and not char["text"].isspace()
        ]
    return "".join(found)


def measured(
    pages: list[Any], *, upright: tuple[int, int, int, int] = UPRIGHT, hanging: bool = False
) -> None:
    for number, page in enumerate(pages, 1):
        margins = upright if page.height > page.width else ACROSS
        found = outside(page, margins, hanging=hanging)
        assert not found, (number, found)
        assert not across_rules(page), (number, across_rules(page))


@pytest.mark.parametrize("name", PAPERS)
def test_no_text_of_a_pdf_stands_outside_the_margins_or_over_a_rule(name: str) -> None:
    pages = pages_of(write_pdf(PAPERS[name]()).content)
    measured(pages[:12] + pages[12::9])
    numbers = [row.text for row in rows_of(pages[0]) if row.text.startswith("— ")]
    assert numbers == ["— 1 —"]


def test_the_brief_is_one_page_within_its_margins() -> None:
    pages = pages_of(write_brief(brief(), "pdf").content)
    assert len(pages) == 1
    measured(pages, upright=BRIEF)


def test_a_long_mark_goes_over_several_lines_and_is_never_smaller_than_a_title() -> None:
    page = pages_of(write_pdf(PAPERS["letter-red"]()).content)[0]
    red = [
        row
        for row in rows_of(page)
        if row.chars[0]["non_stroking_color"] != (0,) and row.chars[0]["size"] > 20
    ]
    mark = [row for row in red if row.text in UNIT]
    assert "".join(row.text for row in mark) == UNIT
    assert {round(row.chars[0]["size"]) for row in mark} == {22}
    rule = max(page.lines, key=lambda line: line["width"])
    number = next(row for row in rows_of(page) if "〔2026〕128号" in row.text)
    assert mark[-1].baseline + 2 * 28.99 < number.baseline + 4 < rule["top"]


def test_a_heading_stays_with_the_table_below_it() -> None:
    pages = pages_of(write_pdf(PAPERS["sheet-sign"]()).content)
    (page,) = [page for page in pages if any(row.text == "佐证材料" for row in rows_of(page))]
    at = next(row for row in rows_of(page) if row.text == "佐证材料")
    assert any(line["top"] > at.baseline for line in (*page.lines, *page.rects))


def test_the_attachments_named_and_the_signature_take_two_lines_of_the_text_along() -> None:
    pages = pages_of(write_pdf(PAPERS["plan"]()).content)
    (page,) = [page for page in pages if any("附件：1." in row.text for row in rows_of(page))]
    rows = [row.text for row in rows_of(page)]
    at = next(n for n, text in enumerate(rows) if "附件：1." in text)
    assert at >= 2
    assert any("2026年12月31日" in text for text in rows[at:])


def test_boxes_to_tick_stand_before_their_words() -> None:
    pages = pages_of(write_pdf(PAPERS["round-sheet"]()).content)
    text = "\n".join(row.text for row in rows_of(pages[1]))
    assert "□不属实" in text.replace(" ", "")
    assert not any(row.text.rstrip().endswith("□") for row in rows_of(pages[1]))


def test_the_minutes_name_in_hei_who_was_there() -> None:
    pages = pages_of(write_pdf(PAPERS["minutes"]()).content)
    rows = [
        row for page in pages for row in rows_of(page) if row.text.startswith(("出席：", "请假：", "列席："))
    ]
    assert len(rows) == 3
    for row in rows:
        assert row.chars[0]["fontname"] == row.chars[1]["fontname"] != row.chars[3]["fontname"]
        assert PERSON[:4] in row.text


def test_the_square_code_is_26_mm_with_its_address_beside_it() -> None:
    page = pages_of(write_pdf(PAPERS["sheet-claim"]()).content)[0]
    dark = [rect for rect in page.rects if rect["width"] < 6 and rect["height"] < 6]
    assert len(dark) > 200
    left, right = min(rect["x0"] for rect in dark), max(rect["x1"] for rect in dark)
    assert 18 * MM < right - left < 26 * MM
    assert left >= 28 * MM
    beside = next(row for row in rows_of(page) if row.text.startswith("编号："))
    assert beside.chars[0]["x0"] > right
    assert beside.baseline < max(rect["bottom"] for rect in dark) < BODY_END


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice renders the docx")
def test_no_text_of_a_docx_stands_outside_the_margins(tmp_path: Path) -> None:
    """LibreOffice hangs commas into the margin whatever the style says."""
    for name in IN_OFFICE:
        (tmp_path / f"{name}.docx").write_bytes(write_docx(PAPERS[name]()).content)
    (tmp_path / "brief.docx").write_bytes(write_brief(brief(), "docx").content)
    files = [str(path) for path in sorted(tmp_path.glob("*.docx"))]
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf", "--outdir",
         str(tmp_path), *files],
        check=True, timeout=300, capture_output=True, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    for name in IN_OFFICE:
        measured(pages_of((tmp_path / f"{name}.pdf").read_bytes())[:12], hanging=True)
    (page,) = pages_of((tmp_path / "brief.pdf").read_bytes())
    measured([page], upright=BRIEF, hanging=True)
