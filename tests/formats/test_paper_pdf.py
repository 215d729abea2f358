"""The printed page, measured: GB/T 9704-2012 in millimetres and points."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.paper import Heading, Paper, Paragraph, Table, clean_text
from bihuan.core.source import UnreadableFile
from bihuan.formats.fonts import choose_faces, find_fonts
from bihuan.formats.paper_pdf import breakable, write_pdf
from tests.formats.paper_cases import BODY_END, MM, body_rows, full_paper, long_paper, pages_of, rows_of

LEFT, RIGHT = 28 * MM, (210 - 26) * MM


@pytest.fixture(scope="module")
def pages() -> list:
    return pages_of(write_pdf(long_paper()).content)


@pytest.fixture(scope="module")
def full_pages() -> list:
    return pages_of(write_pdf(full_paper()).content)


def test_the_page_is_a4(pages: list) -> None:
    assert (float(pages[0].width), float(pages[0].height)) == pytest.approx((210 * MM, 297 * MM), abs=0.1)


def test_a_full_page_holds_22_lines_at_a_pitch_of_28_99_points(pages: list) -> None:
    assert len(pages) >= 4
    for page in pages[1:-2]:  # the last page but one may give two lines to the page of the signature
        baselines = [row.baseline for row in body_rows(page)]
        assert len(baselines) == 22
        pitches = [b - a for a, b in zip(baselines, baselines[1:], strict=False)]
        assert pitches == pytest.approx([28.99] * 21, abs=0.1)


def test_a_full_line_holds_28_characters_from_margin_to_margin(pages: list) -> None:
    full = [row for page in pages[1:-1] for row in body_rows(page) if len(row.chars) == 28]
    assert len(full) > 30
    for row in full:
        assert row.chars[0]["x0"] == pytest.approx(LEFT, abs=0.1)
        assert row.chars[-1]["x0"] + 16 == pytest.approx(RIGHT, abs=0.5)
        steps = [b["x0"] - a["x0"] for a, b in zip(row.chars, row.chars[1:], strict=False)]
        assert steps == pytest.approx([156 * MM / 28] * 27, abs=0.05)


def test_no_line_of_the_text_holds_more_than_28_full_characters(pages: list) -> None:
    for page in pages:
        for row in body_rows(page):
            assert sum(1 for char in row.chars if char["text"] > "\u2e80") <= 28


def test_the_text_begins_37_mm_from_the_top_and_ends_35_mm_from_the_foot(pages: list) -> None:
    rows = body_rows(pages[1])
    above, below = (28.99 - 16) / 2 + 0.88 * 16, (28.99 - 16) / 2 + 0.12 * 16
    assert rows[0].baseline - above == pytest.approx(37 * MM, abs=0.3)
    assert rows[-1].baseline + below == pytest.approx(BODY_END, abs=0.3)


def test_a_paragraph_begins_two_characters_in(pages: list) -> None:
    first = next(row for row in body_rows(pages[0]) if row.text.startswith("各责任单位"))
    assert first.chars[0]["x0"] - LEFT == pytest.approx(2 * 156 * MM / 28, abs=0.1)


def test_each_level_has_its_face_and_size(pages: list) -> None:
    faces = find_fonts("").families
    rows = {row.text[:3]: row for row in body_rows(pages[0])}
    named = {"一、组": "hei", "（一）": "kai", "1.档": "fang", "（1）": "fang", "各责任": "fang"}
    for begin, face in named.items():
        family = faces[face][0].replace(" R", "").replace(" ", "")
        assert all(
            name.replace("-", "").startswith(family)
            for name in {rows[begin].chars[0]["fontname"].split("+")[-1]}
        )
        assert {round(char["size"], 1) for char in rows[begin].chars} == {16.0}
    run_in = rows["（一）"].chars[-1]["fontname"]
    assert run_in == rows["各责任"].chars[0]["fontname"]


def test_the_title_is_22_points_and_centred(pages: list) -> None:
    titles = [row for row in body_rows(pages[0]) if round(row.chars[0]["size"]) == 22]
    assert titles
    for row in titles:
        middle = (row.chars[0]["x0"] + row.chars[-1]["x0"] + 22) / 2
        assert middle == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def test_page_numbers_stand_outside_with_a_dash_on_each_side_7_mm_below(pages: list) -> None:
    for number, page in enumerate(pages, 1):
        row = rows_of(page)[-1]
        assert row.text == f"— {number} —"
        assert {round(char["size"]) for char in row.chars} == {14}
        dash = row.baseline - 0.33 * 14
        assert dash - BODY_END == pytest.approx(7 * MM, abs=1)
        if number % 2:
            assert row.chars[-1]["x1"] == pytest.approx(RIGHT - 14, abs=0.5)
        else:
            assert row.chars[0]["x0"] == pytest.approx(LEFT + 14, abs=0.5)


def test_without_a_seal_the_name_stands_two_in_and_the_date_begins_two_after_it(pages: list) -> None:
    name, date = body_rows(pages[-1])[-2:]
    assert (name.text, date.text) == ("清江市临港园区党工委", "2026年11月5日")
    cell = 156 * MM / 28
    assert name.chars[-1]["x0"] + 16 == pytest.approx(RIGHT - 2 * cell, abs=1)
    assert date.chars[0]["x0"] - name.chars[0]["x0"] == pytest.approx(2 * cell, abs=1)


def test_with_a_seal_the_date_stands_four_in_and_the_name_over_its_middle(full_pages: list) -> None:
    rows = [row for page in full_pages for row in body_rows(page)]
    at = next(index for index, row in enumerate(rows) if row.text == "2026年11月5日")
    name, date = rows[at - 1], rows[at]
    assert date.chars[-1]["x0"] + 16 == pytest.approx(RIGHT - 4 * 156 * MM / 28, abs=1)
    middles = [(row.chars[0]["x0"] + row.chars[-1]["x0"] + 16) / 2 for row in (name, date)]
    assert middles[0] == pytest.approx(middles[1], abs=1)


@pytest.mark.parametrize("lines", range(1, 24, 3))
def test_a_signature_never_stands_on_a_page_alone(lines: int) -> None:
    blocks = tuple(Paragraph(f"第{number}段。") for number in range(lines)) + (
        Paragraph("各责任单位登记。" * 12),
    )
    last = body_rows(pages_of(write_pdf(long_paper(blocks=blocks)).content)[-1])
    assert "登记" in last[0].text or len(last) > 3


def test_the_red_head_stands_35_mm_down_with_its_line_4_mm_under_the_number(full_pages: list) -> None:
    page = full_pages[0]
    mark = next(row for row in rows_of(page) if row.text == "清江市临港园区党工委文件")
    assert {char["non_stroking_color"] for char in mark.chars} == {(0.843, 0.0, 0.059)} or mark.chars[0][
        "non_stroking_color"
    ][0] > 0.8
    assert mark.baseline - 37 * MM == pytest.approx(35 * MM + 0.88 * mark.chars[0]["size"], abs=6)
    rule = max((item for item in (*page.lines, *page.rects)), key=lambda item: item["width"])
    assert rule["width"] == pytest.approx(156 * MM, abs=1)
    number = next(row for row in rows_of(page) if "〔2026〕12号" in row.text)
    assert 4 * MM <= rule["top"] - number.baseline <= 8 * MM


def test_a_list_lies_across_with_its_head_on_every_page(full_pages: list) -> None:
    across = [page for page in full_pages if page.width > page.height]
    assert len(across) >= 3
    for page in across:
        assert "具体问题" in "".join(row.text for row in rows_of(page))
        assert all(page.width - 37 * MM + 1 >= char["x1"] for char in page.chars)


def test_the_imprint_stands_at_the_foot_of_an_even_page(full_pages: list) -> None:
    assert len(full_pages) % 2 == 0
    rows = body_rows(full_pages[-1])
    assert rows[-2].text.startswith("抄送：")
    assert rows[-1].text.endswith("2026年11月6日印发")
    rules = sorted(line["top"] for line in full_pages[-1].lines)
    assert rules[-1] == pytest.approx(BODY_END, abs=1)


def text_of(content: bytes) -> str:
    return "".join(row.text for page in pages_of(content) for row in body_rows(page))


def test_characters_that_mean_something_to_the_printer_are_printed_as_they_are() -> None:
    odd = r'# $x^2$ *b* _i_ @ref <lab> `c` \ // /* ~ "q" {a} [b] #let x = 1 \u{41} --- ...'
    printed = text_of(write_pdf(Paper("标题", (Paragraph(odd),), page_numbers=False)).content)
    assert "".join(odd.split()) in "".join(printed.split())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.text(
        st.characters(min_codepoint=0x21, max_codepoint=0x7E)
        | st.sampled_from("中文整改，。“”‘’《》（）—…、 "),
        max_size=200,
    )
)
def test_any_text_is_printed_whole(text: str) -> None:
    printed = text_of(write_pdf(Paper("标", (Paragraph(text),), page_numbers=False)).content)
    assert "".join(printed.split()) == "标" + "".join(clean_text(text).split())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=120))
def test_any_text_at_all_gives_a_pdf(text: str) -> None:
    paper = Paper(
        text, (Heading(2, text, text), Paragraph(text), Table((text, "乙"), ((text, text),))), signed_by=text
    )
    assert write_pdf(paper).content.startswith(b"%PDF")


def test_a_very_long_name_stays_within_the_type_area() -> None:
    name = "清江市临港经济技术开发区工作委员会" * 3
    for sealed in (False, True):
        printed = pages_of(write_pdf(long_paper(signed_by=name, sealed=sealed)).content)
        for page in printed:
            assert all(
                char["x0"] >= LEFT - 0.5 and char["x0"] <= RIGHT - 15
                for row in body_rows(page)
                for char in row.chars
            )


def test_marks_that_may_not_begin_a_line_do_not() -> None:
    text = "整改情况，已完成；“一园一档”（试行）。" * 40
    for page in pages_of(write_pdf(Paper("标题", (Paragraph(text),))).content):
        for row in body_rows(page):
            assert row.text[0] not in "，。；”）"
            assert row.text[-1] not in "“（"


def test_a_rare_character_is_printed_in_another_face() -> None:
    printed = pages_of(write_pdf(Paper("标题", (Paragraph("经办人喆堃镕𠮷。"),))).content)[0]
    assert "喆堃镕𠮷" in "".join(row.text for row in rows_of(printed))


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert write_pdf(long_paper()).content == write_pdf(long_paper()).content


def test_the_language_is_that_of_mainland_china() -> None:
    content = write_pdf(long_paper()).content
    assert b"/Lang(zh-CN)" in content
    assert b"zh-TW" not in content


def test_a_missing_face_is_named_and_replaced() -> None:
    faces = choose_faces(SimpleNamespace(families=lambda: ["Noto Serif CJK SC", "DejaVu Sans"]))
    assert faces.families["fang"][0] == "Noto Serif CJK SC"
    assert [(r.code, r.params["face"]) for r in faces.remarks()] == [
        ("paper.face-missing", "仿宋"),
        ("paper.face-missing", "黑体"),
        ("paper.face-missing", "楷体"),
    ]


def test_a_machine_without_chinese_fonts_refuses_to_print() -> None:
    with pytest.raises(UnreadableFile) as refused:
        choose_faces(SimpleNamespace(families=lambda: ["DejaVu Sans"]))
    assert refused.value.code == "paper.no-chinese-font"


def test_a_long_word_in_a_table_may_break() -> None:
    assert breakable("a" * 30).count("\u200b") == 2
    assert breakable("整改" * 30) == "整改" * 30
