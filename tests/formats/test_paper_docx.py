"""The docx as WPS and Word read it (its XML), and its page as LibreOffice prints it."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from bihuan.core.paper import Paper, Paragraph, Table, cell_lines, clean_text
from bihuan.formats.paper_docx import write_docx
from tests.formats.paper_cases import MM, body_rows, full_paper, long_paper, pages_of, rows_of

LEVELS = {
    "公文一级标题": "黑体",
    "公文二级标题": "楷体_GB2312",
    "公文三级标题": "仿宋_GB2312",
    "公文四级标题": "仿宋_GB2312",
}
FACES = Path(__file__).parents[2] / "tools" / "fonts.conf"  # else LibreOffice prints all names in one face


def opened(paper: Paper):
    return Document(io.BytesIO(write_docx(paper).content))


def part(paper: Paper, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(write_docx(paper).content)) as archive:
        return archive.read(name).decode()


def test_the_page_has_the_margins_and_the_grid_of_the_standard() -> None:
    section = opened(long_paper()).sections[0]
    sizes = [section.page_width, section.page_height, section.top_margin, section.bottom_margin]
    sizes += [section.left_margin, section.right_margin]
    assert [round(size.mm, 1) for size in sizes] == pytest.approx([210, 297, 37, 35, 28, 26], abs=0.1)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert int(225 * MM * 20) // int(grid.get(qn("w:linePitch"))) == 22
    cell = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert cell == pytest.approx(156 * MM / 28, abs=0.01)


def test_each_level_names_its_face_for_every_script_and_no_theme_font_is_left() -> None:
    document = opened(long_paper())
    for name, face in LEVELS.items():
        fonts = document.styles[name].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {face}
        assert not [key for key in fonts.attrib if "Theme" in key]
        assert document.styles[name].font.size.pt == 16
    assert "Theme" not in "".join(document.styles["Normal"].element.rPr.rFonts.attrib)


def test_every_run_of_text_has_its_marks_in_the_east_asian_face() -> None:
    document = opened(long_paper(blocks=(Paragraph("“三会一课”——落实……"),)))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    assert runs
    assert {run._r.rPr.rFonts.get(qn("w:hint")) for run in runs} == {"eastAsia"}


def test_headings_have_outline_levels() -> None:
    styles = opened(long_paper()).styles
    levels = [styles[name].element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) for name in LEVELS]
    assert levels == ["0", "1", "2", "3"]


def test_page_numbers_differ_on_odd_and_even_pages() -> None:
    document = opened(long_paper())
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        xml = footer.paragraphs[0]._p.xml
        assert " PAGE " in xml
        assert f'w:{side}Chars="100"' in xml
        assert xml.count("—") == 2


def test_a_paper_without_page_numbers_has_no_field() -> None:
    assert " PAGE " not in opened(long_paper(page_numbers=False)).sections[0].footer._element.xml


def test_faces_have_the_names_of_newer_systems_too() -> None:
    table = part(long_paper(), "word/fontTable.xml")
    assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong"/>' in table


def test_a_list_repeats_its_head_and_its_page_lies_across() -> None:
    document = opened(full_paper())
    table = document.tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    across = [section for section in document.sections if section.page_width > section.page_height]
    assert len(across) == 1
    assert len(table.rows) == 61


def test_the_last_element_of_the_body_is_no_table() -> None:
    paper = long_paper(blocks=(Table(("序号", "名称"), (("1", "办法"),)),), signed_by=None, signed_on=None)
    body = opened(paper).element.body
    assert body[-2].tag == qn("w:p")


# The order in which the schema wants the children: Word calls a file damaged that has them in another.
ORDERS = {
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "w:rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang",
    "w:tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "w:tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "w:sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "w:settings": "writeProtection view zoom removePersonalInformation mirrorMargins attachedTemplate "
    "revisionView trackRevisions defaultTabStop evenAndOddHeaders drawingGridHorizontalSpacing "
    "drawingGridVerticalSpacing displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery "
    "characterSpacingControl hdrShapeDefaults footnotePr endnotePr compat docVars rsids mathPr",
}


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "word/settings.xml"])
def test_properties_stand_in_the_order_of_the_schema(name: str) -> None:
    root = etree.fromstring(part(full_paper(), name).encode())
    for parent, order in ORDERS.items():
        ranks = {word: rank for rank, word in enumerate(order.split())}
        for element in root.iter(qn(parent)):
            found = [
                ranks[etree.QName(child).localname]
                for child in element
                if etree.QName(child).localname in ranks
            ]
            assert found == sorted(found), etree.tostring(element)[:600]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=120))
def test_any_text_is_kept_or_left_out_as_the_page_leaves_it_out(text: str) -> None:
    document = opened(Paper("标题", (Paragraph(text), Table(("甲",), ((text,),)))))
    assert document.paragraphs[2].text == clean_text(text)
    assert document.tables[0].rows[1].cells[0].text == "\n".join(cell_lines(text))


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert write_docx(full_paper()).content == write_docx(full_paper()).content


def test_the_file_names_no_program_and_no_clock() -> None:
    core = part(long_paper(), "docProps/core.xml")
    assert "python" not in core
    assert "2026-11-05" in core


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list:
    """Print the docx with LibreOffice, its faces named for the free ones."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is not installed: make system"
    home = tmp_path_factory.mktemp("office")
    fonts = home / "fonts.conf"
    fonts.write_text(
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
        f"<include>/etc/fonts/fonts.conf</include><include>{FACES}</include></fontconfig>",
        encoding="utf-8",
    )
    (home / "paper.docx").write_bytes(write_docx(long_paper()).content)
    subprocess.run(
        [office, f"-env:UserInstallation=file://{home}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(home), str(home / "paper.docx")],
        check=True, timeout=120, capture_output=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "FONTCONFIG_FILE": str(fonts)},
    )  # fmt: skip
    return pages_of(Path(home / "paper.pdf").read_bytes())


def test_libreoffice_prints_22_lines_of_28_characters(printed: list) -> None:
    """Its twips make the pitch 28.95 instead of 28.99, and its grid moves the left edge by three
    quarters of a point.
    """
    assert len(printed) >= 4
    for page in printed[1:-2]:
        rows = body_rows(page)
        assert len(rows) == 22
        pitches = [b.baseline - a.baseline for a, b in zip(rows, rows[1:], strict=False)]
        assert pitches == pytest.approx([28.95] * 21, abs=0.1)
        full = [row for row in rows if len(row.chars) == 28]
        assert len(full) > 10
        for row in full:
            assert row.chars[0]["x0"] == pytest.approx(28 * MM, abs=1)
            assert row.chars[-1]["x0"] + 16 == pytest.approx((210 - 26) * MM, abs=2)


def test_libreoffice_prints_page_numbers_and_faces_where_they_belong(printed: list) -> None:
    rows = {row.text[:3]: row for row in body_rows(printed[0])}
    assert rows["一、组"].faces == {"FandolHei-Regular"}
    assert rows["（一）"].chars[0]["fontname"].endswith("FandolKai-Regular")
    for number, page in enumerate(printed, 1):
        last = rows_of(page)[-1]
        assert "".join(last.text.split()) == f"—{number}—"
        assert (last.chars[0]["x0"] > 300) == bool(number % 2)
        assert last.baseline - 262 * MM == pytest.approx(7 * MM, abs=6)
