import io

import pypdfium2
import pytest
import typst
from pypdfium2 import raw

from bihuan.core.paper import Heading, Paper, Paragraph, Table
from bihuan.core.source import Source, UnreadableFile
from bihuan.formats import read_bytes
from bihuan.formats.papers import write_paper
from tests.formats.read_samples import PARAGRAPHS, TABLE, pdf_file

LONG = tuple(text * 3 for text in PARAGRAPHS[3:8])


def folded(text: str) -> str:
    return "".join(text.split())


def read(data: bytes) -> Source:
    return read_bytes("a.pdf", data)


def compiled(source: str) -> bytes:
    return bytes(
        typst.compile(f'#set text(font: ("Noto Serif CJK SC",), lang: "zh", region: "cn")\n{source}'.encode())
    )


def body(source: Source) -> list[str]:
    return [folded(line.text) for line in source.lines if line.role == "text"]


def test_paragraphs_that_run_across_pages_stay_whole() -> None:
    paragraphs = (PARAGRAPHS[0], *LONG * 4)
    source = read(pdf_file(paragraphs, ()))
    assert body(source) == [folded(text) for text in paragraphs]
    assert source.lines[-1].place.page is not None
    assert source.lines[-1].place.page > 2


def test_page_numbers_are_chrome_with_their_page() -> None:
    source = read(pdf_file((PARAGRAPHS[0], *LONG * 4), ()))
    numbers = [(folded(line.text), line.place.page) for line in source.lines if line.role == "chrome"]
    assert numbers == [(f"—{n}—", n) for n in range(1, len(numbers) + 1)]
    assert len(numbers) > 2


@pytest.mark.parametrize("form", ["第 1 页 共 1 页", "1 / 1", "- 1 -", "· 1 ·", "1", "Page 1 of 1"])
def test_every_usual_form_of_page_number_is_chrome(form: str) -> None:
    source = read(compiled(f"#set page(footer: align(center)[{form}])\n#par[{PARAGRAPHS[1]}]"))
    assert [line.role for line in source.lines] == ["text", "chrome"]


def test_running_heads_are_chrome() -> None:
    source = read(
        compiled(
            f"#set page(header: [临江市水务局文件])\n#par[{PARAGRAPHS[1]}]\n#pagebreak()\n#par[{PARAGRAPHS[3]}]"
        )
    )
    assert [line.text for line in source.lines if line.role == "chrome"] == ["临江市水务局文件"] * 2
    assert body(source) == [folded(PARAGRAPHS[1]), folded(PARAGRAPHS[3])]


def test_number_that_ends_the_text_is_not_taken_for_a_page_number() -> None:
    source = read(compiled(f"#set page(numbering: none)\n#par[{PARAGRAPHS[1]}]\n\n#par[2024]"))
    assert body(source)[-1] == "2024"


def test_paragraph_whose_last_line_is_full_still_ends() -> None:
    full = "整" * 26
    source = read(pdf_file((PARAGRAPHS[0], full, full, LONG[0]), ()))
    assert body(source)[1:] == [full, full, folded(LONG[0])]


def test_lines_without_indent_end_where_there_was_room() -> None:
    source = read(
        compiled(
            "#set page(width: 20em + 5cm)\n" + "\n\n".join(("主送单位：", "甲" * 45, "乙" * 10, "丙" * 45))
        )
    )
    assert body(source) == ["主送单位：", "甲" * 45, "乙" * 10, "丙" * 45]


def test_title_of_several_centred_lines_is_one() -> None:
    title = "中共临江市水务局党组关于市委第二巡察组巡察反馈意见整改进展情况的通报"
    assert body(read(pdf_file((title, *PARAGRAPHS[1:]), ())))[0] == title


def test_words_keep_their_spaces_and_chinese_has_none() -> None:
    text = "局党组落实 General Data Protection Regulation 有关要求，使用 LoRaWAN 水表 12000 只并接入平台，联系 someone@example.gov.cn 办理。"
    (line,) = read(pdf_file(("标题", text), ())).lines[1:2]
    assert "General Data Protection Regulation" in line.text
    assert folded(line.text) == folded(text)


def test_text_drawn_twice_to_look_bold_is_read_once() -> None:
    twice = "#place(dx: 0.3pt)[重要情况说明]重要情况说明"
    assert body(read(compiled(twice))) == ["重要情况说明"]


def test_watermark_that_lies_aslant_is_left_out() -> None:
    source = read(
        compiled(f"#set page(background: rotate(-45deg, text(60pt)[内部资料]))\n#par[{PARAGRAPHS[1]}]")
    )
    assert body(source) == [folded(PARAGRAPHS[1])]


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_page_shown_turned_is_read_as_its_text_runs(turn: int) -> None:
    document = pypdfium2.PdfDocument(pdf_file())
    pages = [document[0]]
    raw.FPDFPage_SetRotation(pages[0].raw, turn)
    buffer = io.BytesIO()
    document.save(buffer)
    assert read(buffer.getvalue()).lines == read(pdf_file()).lines


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_text_and_table_set_sideways_are_read(turn: int) -> None:
    upright = f"#par[{PARAGRAPHS[1]}]\n#table(columns: 2, [甲], [乙], [丙], [丁])"
    source = read(compiled(f"#rotate({turn}deg, reflow: true, block(width: 14cm)[{upright}])"))
    assert body(source) == [folded(PARAGRAPHS[1])]
    assert [line.cells for line in source.lines if line.role == "row"] == [("甲", "乙"), ("丙", "丁")]


def test_table_is_rows_with_merged_cells_empty() -> None:
    grid = "#table(columns: 3, [甲], table.cell(colspan: 2)[横跨], table.cell(rowspan: 2)[竖跨], [一], [二], [三], [四])"
    rows = [
        line.cells for line in read(compiled(f"#par[{PARAGRAPHS[1]}]\n{grid}")).lines if line.role == "row"
    ]
    assert rows == [("甲", "横跨"), ("竖跨", "一", "二"), ("", "三", "四")]


def test_table_over_several_pages_gives_its_head_once() -> None:
    rows = [
        ("序号", "问题", "责任单位"),
        *((str(n), "供水保障任务推进不快，部分管网改造滞后。" * 2, "供水科") for n in range(1, 60)),
    ]
    cells = "".join(f"[{cell}]," for row in rows[1:] for cell in row)
    head = "".join(f"[{cell}]," for cell in rows[0])
    source = read(compiled(f"#table(columns: (3em, 1fr, 6em), table.header({head}), {cells})"))
    assert [line.cells for line in source.lines if line.role == "row"] == rows


def test_row_that_a_page_break_cuts_is_whole() -> None:
    long = "供水保障任务推进不快，部分管网改造滞后，" * 40 + "责任落实不到位。"
    grid = f"#table(columns: (3em, 1fr), [序号], [问题], [1], [{long}], [2], [末行])"
    rows = [line.cells for line in read(compiled(f"#v(18cm)\n{grid}")).lines if line.role == "row"]
    assert rows == [("序号", "问题"), ("1", long), ("2", "末行")]


def test_our_own_paper_comes_back_equal() -> None:
    blocks = (
        Heading(1, "一、组织整改落实情况"),
        *(Paragraph(text) for text in LONG * 2),
        Table(TABLE[0], TABLE[1:]),
    )
    source = read(write_paper(Paper(title=PARAGRAPHS[0], blocks=blocks), "pdf").content)
    assert body(source) == [folded(text) for text in (PARAGRAPHS[0], "一、组织整改落实情况", *LONG * 2)]
    assert [line.cells for line in source.lines if line.role == "row"] == list(TABLE)


def image_page() -> str:
    return (
        "#image(bytes(("
        + ", ".join(["200"] * 64)
        + ')), format: (encoding: "luma8", width: 8, height: 8), width: 10cm)'
    )


def test_scanned_document_is_told_that_it_holds_no_text() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(compiled(image_page() + "\n#pagebreak()\n" + image_page()))
    assert (refusal.value.code, refusal.value.params["pages"]) == ("formats.scanned-pdf", 2)


def test_scanned_page_among_others_is_named() -> None:
    source = read(
        compiled(f"#par[{PARAGRAPHS[1]}]\n#pagebreak()\n{image_page()}\n#pagebreak()\n#par[{PARAGRAPHS[3]}]")
    )
    assert [(warning.code, warning.params["pages"]) for warning in source.warnings] == [
        ("formats.pages-without-text", "2")
    ]


def test_empty_document_holds_no_text() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(compiled("#pagebreak()"))
    assert refusal.value.code == "formats.no-text"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_document_cut_short_is_refused_or_read(share: float) -> None:
    data = pdf_file()
    try:
        assert read(data[: int(len(data) * share)]).lines
    except UnreadableFile as refusal:
        assert refusal.code in ("formats.broken-pdf", "formats.no-text")


def test_password_is_asked_to_be_taken_off() -> None:
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"3 0 obj<</Filter/Standard/V 1/R 2/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<41><41>]>>\n%%EOF"
    )
    with pytest.raises(UnreadableFile) as refusal:
        read(data)
    assert refusal.value.code == "formats.encrypted"


@pytest.mark.parametrize(
    "matrix",
    ["0 0 0 0 100 100", "1e38 1e38 -1e38 1e38 1e38 1e38", "0 0 0 0 1e39 1e39", "1e-38 0 0 1e-38 0 0"],
)
def test_text_set_by_an_absurd_matrix_is_left_out(matrix: str) -> None:
    stream = f"BT /F1 12 Tf {matrix} Tm (lost) Tj 12 0 0 12 100 500 Tm (Rectification notice 2024) Tj ET"
    data = (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        f"4 0 obj<</Length {len(stream)}>>stream\n{stream}\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    assert "Rectification notice 2024" in read(data.encode()).lines[-1].text
