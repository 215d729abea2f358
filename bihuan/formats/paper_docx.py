"""An official paper as docx on the page of GB/T 9704-2012, for WPS and Word.

Paper ─write_docx→ styles with named faces, a grid of 22 lines of 28 characters, page numbers by odd
and even page

The document is written with python-docx; what it has no words for (grid, East Asian faces, frames) is
set as XML.
"""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from bihuan.core.paper import (
    Attachment,
    Blank,
    Block,
    Code,
    Heading,
    Imprint,
    Paper,
    Paragraph,
    RedHead,
    Table,
    Written,
    chinese_date,
    clean_text,
    title_lines,
)
from bihuan.formats.paper_code import CODE_MM, png
from bihuan.formats.paper_docx_page import add_page_numbers, prepare, set_grid
from bihuan.formats.paper_docx_table import table_element
from bihuan.formats.paper_lines import CELL, LINE_WIDTH, MM, PITCH, cells_of, mark_lines

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 - docx properties hold a date without a zone
#: The hyphen of a number like 22-1: no line ends with it.
_CODED = re.compile(r"(?<=[0-9])-(?=[0-9])")
_MOST_KEPT = 7  # with the lines that name attachments
_LEVELS = {1: "公文一级标题", 2: "公文二级标题", 3: "公文三级标题", 4: "公文四级标题"}


def write_docx(paper: Paper) -> Written:
    """Write `paper` as docx. The same paper gives the same bytes."""
    document = Document()
    prepare(document)
    set_grid(document.sections[0], landscape=False)
    if paper.page_numbers:
        add_page_numbers(document)
    if paper.head:
        _red_head(document, paper.head)
    _title(document, paper.title, LINE_WIDTH)
    _blank(document)
    if paper.addressee:
        _paragraph(document, "公文正文", clean_text(paper.addressee), indented=False)
    for block in paper.blocks:
        _block(document, block)
    text = document.paragraphs[-1] if document.paragraphs else None
    _attachment_note(document, paper.attachments)
    _signature(document, paper, text)
    for index, part in enumerate(paper.attachments, 1):
        _attachment(document, part, f"附件{index if len(paper.attachments) > 1 else ''}")
    if paper.imprint:
        _imprint(document, paper.imprint)
    if document.element.body[-2].tag == qn("w:tbl"):
        styled(document.add_paragraph(), "公文表格")  # Word wants a paragraph after the last table
    _describe(document, paper)
    return Written(_fixed_bytes(document), MEDIA_TYPE)


def _block(document: Any, block: Block) -> None:
    """Add one block of text."""
    if isinstance(block, Heading):
        paragraph = _paragraph(document, _LEVELS[block.level], clean_text(block.text))
        if block.run_in:
            add_text(paragraph, clean_text(block.run_in), style="公文正文字")
    elif isinstance(block, Paragraph):
        _paragraph(document, "公文正文", clean_text(block.text), indented=block.indented)
    elif isinstance(block, Code):
        _code(document, block)
    elif isinstance(block, Blank):
        _blank(document, block.lines)
    else:
        _table(document, block)


def _code(document: Any, code: Code) -> None:
    """Add a square code and beside it what a person can read: a table without rules."""
    place = document.add_table(rows=1, cols=2)
    place.autofit = False
    widths = (Mm(CODE_MM + 4), Pt(LINE_WIDTH) - Mm(CODE_MM + 4))
    for column, width in zip(place.columns, widths, strict=True):
        column.width = column.cells[0].width = width
    picture, words = place.rows[0].cells
    words.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    styled(picture.paragraphs[0], "公文表格").add_run().add_picture(
        io.BytesIO(png(code.text)), width=Mm(CODE_MM)
    )
    for at, line in enumerate(code.lines or ("",)):
        paragraph = words.paragraphs[0] if at == 0 else words.add_paragraph()
        add_text(styled(paragraph, "公文表格"), clean_text(line))
    styled(document.add_paragraph(), "公文表格")  # else a table that follows would join this one


def _paragraph(document: Any, style: str, text: str, *, indented: bool = True) -> Any:
    """Add a paragraph in `style`."""
    paragraph = styled(document.add_paragraph(), style)
    add_text(paragraph, text)
    if not indented:
        set_indent(paragraph, first_line_chars=0)
    return paragraph


def styled(paragraph: Any, style: str) -> Any:
    """Give `paragraph` one of our styles by its id, which is its name; looking each up takes most of
    the time.
    """
    paragraph._p.style = style
    return paragraph


def add_text(paragraph: Any, text: str, *, style: str | None = None) -> Any:
    """Add `text` as a run whose marks are East Asian: else quotes and dashes come out in the Latin face."""
    run = paragraph.add_run()
    for at, part in enumerate(_CODED.split(text)):
        if at:
            run._r.append(OxmlElement("w:noBreakHyphen"))
        if part:
            run.add_text(part)
    if style:
        run._r.style = style
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:hint"), "eastAsia")
    return run


def set_indent(paragraph: Any, **values: int) -> None:
    """Set indents in hundredths of a character: first_line_chars, left_chars, right_chars."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, value in values.items():
        first, *rest = name.split("_")
        key = first + "".join(part.title() for part in rest)
        indent.set(qn(f"w:{key}"), str(value))
        indent.set(qn(f"w:{key.removesuffix('Chars')}"), str(round(value * CELL / 5)))


def _blank(document: Any, count: int = 1) -> None:
    """Leave lines of the grid empty."""
    for _ in range(count):
        styled(document.add_paragraph(), "公文正文")


def _title(document: Any, title: str, measure: float) -> None:
    """Add a title in the lines of a trapezium or lozenge."""
    paragraph = styled(document.add_paragraph(), "公文标题")
    lines = title_lines(clean_text(title), cells=int(measure / 22) - 1)
    for index, line in enumerate(lines):
        run = add_text(paragraph, line)
        if index < len(lines) - 1:
            run.add_break(WD_BREAK.LINE)


def _red_head(document: Any, head: RedHead) -> None:
    """Add the issuer's mark in red, the number, and the line 4 mm under it; two lines stay free below."""
    lines, size = mark_lines(clean_text(head.issuer))
    mark = styled(document.add_paragraph(), "公文标题")
    mark.paragraph_format.space_before = Pt(35 * MM)
    mark.paragraph_format.line_spacing = Pt(max(size * 1.3, PITCH))
    for at, line in enumerate(lines):
        run = add_text(mark, line)
        run.font.size, run.font.color.rgb = Pt(size), RGBColor(0xD7, 0x00, 0x0F)
        if at < len(lines) - 1:
            run.add_break(WD_BREAK.LINE)
    _blank(document, 1)
    number = _paragraph(document, "公文正文", clean_text(head.number or ""), indented=False)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    border = _border("bottom", 12, "D7000F", space=11)
    number._p.get_or_add_pPr().insert_element_before(border, "w:spacing", "w:ind", "w:jc", "w:rPr")
    _blank(document, 2)


def _border(side: str, eighths: int, color: str = "000000", *, space: int = 0) -> Any:
    """Return a paragraph border on one side, `eighths` of a point thick."""
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", space), ("color", color)):
        line.set(qn(f"w:{name}"), str(value))
    borders.append(line)
    return borders


def _attachment_note(document: Any, parts: tuple[Attachment, ...]) -> None:
    """Name the attachments under the text, one line free above."""
    if parts:
        _blank(document)
    for index, part in enumerate(parts, 1):
        number = f"{index}." if len(parts) > 1 else ""
        label = "附件：" if index == 1 else ""
        note = _paragraph(document, "公文正文", f"{label}{number}{clean_text(part.title)}")
        if index > 1:
            set_indent(note, first_line_chars=500)


def _signature(document: Any, paper: Paper, text: Any) -> None:
    """Add the issuer's name and the date at the right; both stay with `text`, the last paragraph of the text.

    Source: GB/T 9704-2012 7.3.5.1 (with a seal), 7.3.5.2 (without).
    """
    if not paper.signed_by and not paper.signed_on:
        return
    kept = document.paragraphs
    if text is not None:
        at = next(at for at, one in enumerate(kept) if one._p is text._p)
        for one in kept[at:] if len(kept) - at <= _MOST_KEPT else kept[-1:]:
            one.paragraph_format.keep_with_next = True
    for _ in range(2 if paper.sealed else 1):
        styled(document.add_paragraph(), "公文正文").paragraph_format.keep_with_next = True
    name = clean_text(paper.signed_by or "")
    date = chinese_date(paper.signed_on) if paper.signed_on else ""
    long, span = min(cells_of(name), 22.0), cells_of(date)
    if paper.sealed:
        date_right = 4.0
        name_right = max(0.0, date_right + span / 2 - long / 2)
    else:
        name_right = 2.0 + max(0.0, span + 2 - long)
        date_right = name_right + long - 2 - span
    for text, right in ((name, name_right), (date, date_right)):
        if text:
            line = _paragraph(document, "公文署名", text)
            left = max(0.0, 28 - right - 22) if cells_of(text) > 22 else 0.0
            set_indent(line, right_chars=round(right * 100), left_chars=round(left * 100))
            line.paragraph_format.keep_with_next = text is name and bool(date)


def _attachment(document: Any, part: Attachment, label: str) -> None:
    """Add an attachment on a new page: its label at the top left, its title on the third line."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    set_grid(section, landscape=part.landscape)
    section.orientation = WD_ORIENT.LANDSCAPE if part.landscape else WD_ORIENT.PORTRAIT
    _paragraph(document, _LEVELS[1], label, indented=False)
    _blank(document)
    _title(document, part.title, 225 * MM if part.landscape else LINE_WIDTH)
    _blank(document)
    for block in part.blocks:
        _block(document, block)


def _table(document: Any, table: Table) -> None:
    """Add a list: ruled, its header on every page, columns as wide as their texts ask for."""
    if len(document.element.body) > 1 and document.element.body[-2].tag == qn("w:p"):
        over = document.paragraphs[-1].paragraph_format
        over.keep_with_next, over.space_after = True, Pt(4)
    if table.caption:
        caption = _paragraph(document, "公文表格", clean_text(table.caption))
        caption.alignment, caption.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    element = table_element(table, width=round(room / 635))  # 635 units of python-docx are a twip
    document.element.body[-1].addprevious(element)


def _imprint(document: Any, imprint: Imprint) -> None:
    """Add the closing strip as a table held at the foot of the type area. Source: GB/T 9704-2012 7.4.

    Its page is even only if the text ends so: a docx does not know its pages before it is opened.
    """
    rows = []
    if imprint.copies_to:
        rows.append((f"抄送：{clean_text(imprint.copies_to)}", ""))
    printed_on = f"{chinese_date(imprint.printed_on)}印发" if imprint.printed_on else ""
    if imprint.printed_by or printed_on:
        rows.append((clean_text(imprint.printed_by or ""), printed_on))
    styled(document.add_paragraph(), "公文表格")  # else the strip would join a table that ends the text
    strip = document.add_table(rows=0, cols=1)
    for index, (left, right) in enumerate(rows):
        cell = strip.add_row().cells[0]
        paragraph = cell.paragraphs[0]
        styled(paragraph, "公文版记")
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(LINE_WIDTH - 26), WD_TAB_ALIGNMENT.RIGHT)
        add_text(paragraph, f"{left}\t{right}" if right else left)
        _rule(cell, top=8 if index == 0 else 6, bottom=8 if index == len(rows) - 1 else 6)
    _float_at_foot(strip)


def _rule(cell: Any, *, top: int, bottom: int) -> None:
    """Rule a cell above and below, in eighths of a point: 8 is 0.35 mm, 6 is 0.25 mm."""
    borders = OxmlElement("w:tcBorders")
    for side, size in (("top", top), ("bottom", bottom)):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", size), ("space", 0), ("color", "000000")):
            line.set(qn(f"w:{name}"), str(value))
        borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)


def _float_at_foot(table: Any) -> None:
    """Hold `table` at the foot of the type area, as wide as it."""
    place = OxmlElement("w:tblpPr")
    for name, value in (
        ("vertAnchor", "margin"),
        ("horzAnchor", "margin"),
        ("tblpXSpec", "left"),
        ("tblpYSpec", "bottom"),
    ):
        place.set(qn(f"w:{name}"), value)
    properties = table._tbl.tblPr
    style = properties.find(qn("w:tblStyle"))
    properties.insert(0 if style is None else 1, place)
    width = properties.find(qn("w:tblW"))
    width.set(qn("w:type"), "dxa")
    width.set(qn("w:w"), str(round(LINE_WIDTH * 20)))
    table.autofit = False
    table.columns[0].width = Pt(LINE_WIDTH)
    for row in table.rows:
        row.cells[0].width = Pt(LINE_WIDTH)


def _describe(document: Any, paper: Paper) -> None:
    """Fill the document's properties from the paper alone: no clock, no name of a program."""
    properties = document.core_properties
    properties.title, properties.author = clean_text(paper.title), clean_text(paper.signed_by or "")
    properties.last_modified_by, properties.comments, properties.language = "", "", "zh-CN"
    day = paper.signed_on
    date = datetime.fromisoformat(day if len(day) > 7 else f"{day}-01") if day else _NO_DATE
    properties.created = properties.modified = date


def _fixed_bytes(document: Any) -> bytes:
    """Return the file with fixed times within the archive, so that equal papers are equal files."""
    first, second = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return second.getvalue()
