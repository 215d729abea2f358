"""The one A4 of a dispatch as a file: PDF by typst, docx by python-docx, both from the same fitted page.

Brief (fitted) ─write_brief(format)→ Written
"""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from bihuan.core.brief import Brief, Part, numbered
from bihuan.core.paper import Written, clean_text
from bihuan.formats.fonts import find_fonts
from bihuan.formats.paper_docx import MEDIA_TYPE
from bihuan.formats.paper_docx_page import set_faces
from bihuan.formats.paper_pdf import breakable

TEMPLATE = Path(__file__).with_name("brief.typ").read_bytes()
RED = RGBColor(0xD7, 0x00, 0x0F)
WIDTH = 174.0  # mm
FACES = {"title": "方正小标宋简体", "hei": "黑体", "song": "宋体"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a line looks: its face, its size and the space around it in points; `rule` draws the red line below."""

    face: str = "song"
    size: float = 10.5
    red: bool = False
    centred: bool = False
    rule: bool = False
    before: float = 0
    after: float = 0


HEAD = Look("title", 24, red=True, centred=True, rule=True)
TITLE = Look("title", 17, centred=True, before=6, after=6)
HEADING = Look("hei", 11.5, before=7, after=3)
TEXT = Look()
FOOT = Look(size=9, before=4)


def write_brief(brief: Brief, format: str) -> Written:
    """Write a fitted page as pdf or docx.

    :raises UnreadableFile: paper.no-chinese-font, for a PDF on a machine without Chinese fonts.
    """
    return _docx(brief) if format == "docx" else _pdf(brief)


def _pdf(brief: Brief) -> Written:
    faces = find_fonts()
    data = {
        **_texts(brief),
        "faces": {face: list(names) for face, names in faces.families.items()},
        "parts": [
            {
                "heading": heading,
                "header": list(part.header),
                "widths": list(part.widths),
                "rows": [[breakable(clean_text(cell), longest=8) for cell in row] for row in part.rows],
            }
            for heading, part in numbered(brief)
        ],
    }
    compiler = typst.Compiler(font_paths=faces.loaded)
    content = compiler.compile(
        TEMPLATE, format="pdf", sys_inputs={"brief": json.dumps(data, ensure_ascii=False)}
    )
    if not isinstance(content, bytes):
        raise TypeError(type(content))
    return Written(content, "application/pdf", faces.remarks())


def _docx(brief: Brief) -> Written:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(16), Mm(10)
    section.left_margin = section.right_margin = Mm(18)
    said = _texts(brief)
    _line(document, said["head"], HEAD)
    _facts(document, said)
    _line(document, said["title"], TITLE)
    _line(document, said["figures"], TEXT)
    for heading, part in numbered(brief):
        _line(document, heading, HEADING)
        if part.rows:
            _table(document, part)
    if said["due"]:
        _line(document, said["due_heading"], HEADING)
        _line(document, said["due"], TEXT)
    _line(document, said["sign_heading"], HEADING)
    _sign(document, said)
    _line(document, said["foot"], FOOT)
    file = io.BytesIO()
    document.save(file)
    return Written(file.getvalue(), MEDIA_TYPE)


def _texts(brief: Brief) -> dict[str, str]:
    return {
        "head": clean_text(brief.head),
        "number": clean_text(brief.number),
        "issuer": clean_text(brief.issuer),
        "day": clean_text(brief.day),
        "title": clean_text(brief.title),
        "figures": clean_text(brief.figures),
        "due": clean_text(brief.due),
        "due_heading": "本周到期",
        "sign_heading": "批示",
        "signature": "签名：",
        "signed_on": "日期：",
        "foot": clean_text(brief.foot),
    }


def _line(document: Any, text: str, look: Look) -> None:
    paragraph = document.add_paragraph()
    _tight(paragraph, look.size, before=look.before, after=look.after)
    if look.centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _ink(paragraph, text, face=look.face, size=look.size, red=look.red)
    if look.rule:
        borders = OxmlElement("w:pBdr")
        bottom = OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "12"), ("space", "2"), ("color", "D7000F")):
            bottom.set(qn(f"w:{name}"), value)
        borders.append(bottom)
        paragraph._p.get_or_add_pPr().append(borders)


def _ink(paragraph: Any, text: str, *, face: str, size: float, red: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.bold = face == "title"
    set_faces(run._r.get_or_add_rPr(), FACES[face])
    if red:
        run.font.color.rgb = RED


def _tight(paragraph: Any, size: float, *, before: float = 0, after: float = 0) -> None:
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.line_spacing = Pt(round(size * 1.4, 1))
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no blank between Chinese and figures
        off = OxmlElement(name)
        off.set(qn("w:val"), "0")
        paragraph._p.get_or_add_pPr().append(off)


def _facts(document: Any, said: dict[str, str]) -> None:
    paragraph = document.add_paragraph()
    _tight(paragraph, 10.5, before=4, after=2)
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(WIDTH / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    _ink(paragraph, f"{said['number']}\t{said['issuer']}\t{said['day']}", face="song", size=10.5)


def _table(document: Any, part: Part) -> None:
    whole = sum(part.widths)
    table = document.add_table(rows=0, cols=len(part.header))
    table.style = "Table Grid"
    table.autofit = False
    for column, share in zip(table.columns, part.widths, strict=True):
        column.width = Mm(WIDTH * share / whole)
    for row, face in ((part.header, "hei"), *((row, "song") for row in part.rows)):
        for cell, text, share in zip(table.add_row().cells, row, part.widths, strict=True):
            cell.width = Mm(WIDTH * share / whole)
            paragraph = cell.paragraphs[0]
            _tight(paragraph, 10.5, before=1.5, after=1.5)
            _ink(paragraph, clean_text(text), face=face, size=10.5)


def _sign(document: Any, said: dict[str, str]) -> None:
    table = document.add_table(rows=1, cols=2)
    table.style = "Table Grid"
    table.rows[0].height = Pt(52)
    for cell, text in zip(table.rows[0].cells, (said["signature"], said["signed_on"]), strict=True):
        _tight(cell.paragraphs[0], 10.5, before=34)
        _ink(cell.paragraphs[0], text, face="song", size=10.5)
