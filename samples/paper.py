"""Lay out a sample text as a Word document: faces and margins of official paper, headings, automatic numbers.

Flow: blocks → python-docx paragraphs → bytes.
"""

import io
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor


class Block(Protocol):
    """What the layout needs of a block of text."""

    @property
    def kind(self) -> str:
        """Give the block's kind."""

    @property
    def text(self) -> str:
        """Give the block's text."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Give the cells of a table, else nothing."""


FACES = {"h1": "黑体", "h2": "楷体", "h3": "仿宋", "text": "仿宋"}
LEVELS = {"h1": "Heading 1", "h2": "Heading 2", "h3": "Heading 3"}
NUMBERED = {  # kind: (numbering id, format, text of the number, marker as typed in the source)
    "h2": ("91", "chineseCountingThousand", "（%1）", re.compile(r"（[一二三四五六七八九十]+）")),
    "h3": ("92", "decimal", "%1.", re.compile(r"\d+\.")),
}


def face(run_or_style: Any, name: str, size: float) -> None:
    """Set a face for Chinese and Latin text; theme faces are removed, or Word would prefer them."""
    run_or_style.font.name, run_or_style.font.size = name, Pt(size)
    fonts = run_or_style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    fonts.set(qn("w:eastAsia"), name)


def set_up(document: Any) -> None:
    """Set page, styles and page number.

    Source: GB/T 9704-2012 (margins 37, 35, 28, 26 mm; 22 lines of 28 characters).
    """
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    face(document.styles["Normal"], "仿宋", 16)
    for kind, name in LEVELS.items():
        style = document.styles[name]
        face(style, FACES[kind], 16)
        style.font.bold, style.font.color.rgb = kind == "h3", RGBColor(0, 0, 0)
    for name in ("Normal", *LEVELS.values()):
        form = document.styles[name].paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28.95)
        form.space_before = form.space_after = Pt(0)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer._p.append(field)


def lighten(document: Any) -> None:
    """Drop what the library's template brings and no sample uses: table styles, thumbnail, old styles."""
    styles = document.styles.element
    kept = ("TableNormal", "TableGrid")
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in kept:
            styles.remove(style)
    for rels in (document.part.rels, document.part.package.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in ("stylesWithEffects", "thumbnail", "customXml"):
                del rels[key]


def add_numbering(document: Any) -> None:
    """Add an automatic sequence for findings and one for problems; both run on through the document."""
    part = document.part.numbering_part.element
    first = part.find(qn("w:num"))
    for number, shape, text, _ in NUMBERED.values():
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
            f'<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{shape}"/><w:suff w:val="nothing"/>'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
        )
        first.addprevious(abstract)
        part.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )


def number(paragraph: Any, kind: str) -> None:
    """Hang a paragraph on its automatic sequence."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = int(NUMBERED[kind][0])


def add_table(document: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    """Add a table with borders, its first row bold."""
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            paragraph = table.cell(r, c).paragraphs[0]
            face(run := paragraph.add_run(text), "宋体", 12)
            run.bold = r == 0
            paragraph.paragraph_format.line_spacing = Pt(20)


def add_paragraph(document: Any, block: Block, *, auto: bool) -> None:
    """Add one paragraph in the style of its kind; with `auto` findings and problems get automatic numbers."""
    text = block.text
    numbered = auto and block.kind in NUMBERED
    if numbered:
        text = NUMBERED[block.kind][3].sub("", text, count=1)
    paragraph = document.add_paragraph(text, style=LEVELS.get(block.kind, "Normal"))
    form = paragraph.paragraph_format
    if numbered:
        number(paragraph, block.kind)
    if block.kind == "title":
        paragraph.alignment, form.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(28.95)
        face(paragraph.runs[0], "方正小标宋简体", 22)
    elif block.kind == "sign":
        paragraph.alignment, form.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(64)
    elif block.kind == "caption":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif not text.endswith("："):
        form.first_line_indent = Pt(32)


def write_docx(blocks: Iterable[Block], *, created: datetime, author: str, auto: bool) -> bytes:
    """Write blocks as a Word document."""
    document = docx.Document()
    set_up(document)
    lighten(document)
    if auto:
        add_numbering(document)
    for block in blocks:
        if block.kind == "table":
            add_table(document, block.rows)
        else:
            add_paragraph(document, block, auto=auto)
        if block.kind == "title":
            document.core_properties.title = block.text
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.comments = author, author, ""
    properties.created = properties.modified = created
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
