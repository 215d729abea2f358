"""The page and the styles of an official paper in docx: grid, faces, page numbers.

empty docx ─prepare→ styles 公文… without theme fonts ─set_grid→ 22 lines of 28 characters
─add_page_numbers→ footers

Faces are named as offices have them; `altName` gives the name that newer systems use for the same face.
Source: GB/T 9704-2012 5.2 (faces, lines, characters), 7.5 (page numbers).
"""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, Twips

from bihuan.formats.paper_lines import BODY_SIZE, CELL, PITCH

LINE_TWIPS = int(PITCH * 20)  # rounded up to 580, a page would hold 21 lines
TIGHTER = (
    -6
)  # twips between characters of 16 pt: 28 fit a line and 29 do not; justifying spreads them to the edge

FANG, HEI, KAI, TITLE, SONG = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"
_OTHER_NAMES = (
    (FANG, "仿宋,FangSong"),
    (HEI, "SimHei"),
    (KAI, "楷体,KaiTi"),
    (TITLE, "宋体"),
    (SONG, "SimSun"),
)

# style, face, size in points, first-line indent in characters, alignment, outline level
_STYLES = (
    ("公文正文", FANG, 16.0, 2, WD_ALIGN_PARAGRAPH.JUSTIFY, None),
    ("公文一级标题", HEI, 16.0, 2, WD_ALIGN_PARAGRAPH.JUSTIFY, 1),
    ("公文二级标题", KAI, 16.0, 2, WD_ALIGN_PARAGRAPH.JUSTIFY, 2),
    ("公文三级标题", FANG, 16.0, 2, WD_ALIGN_PARAGRAPH.JUSTIFY, 3),
    ("公文四级标题", FANG, 16.0, 2, WD_ALIGN_PARAGRAPH.JUSTIFY, 4),
    ("公文标题", TITLE, 22.0, 0, WD_ALIGN_PARAGRAPH.CENTER, None),
    ("公文署名", FANG, 16.0, 0, WD_ALIGN_PARAGRAPH.RIGHT, None),
    ("公文版记", FANG, 14.0, 1, WD_ALIGN_PARAGRAPH.LEFT, None),
    ("公文表格", FANG, 12.0, 0, WD_ALIGN_PARAGRAPH.LEFT, None),
    ("公文表头", HEI, 12.0, 0, WD_ALIGN_PARAGRAPH.CENTER, None),
    ("公文页码", SONG, 14.0, 0, WD_ALIGN_PARAGRAPH.LEFT, None),
)
_FREE_HEIGHT = frozenset({"公文表格", "公文表头", "公文页码", "公文版记"})


def prepare(document: Any) -> None:
    """Give the empty `document` the styles of an official paper and the names of its faces."""
    normal = document.styles["Normal"]
    normal.font.size = Pt(BODY_SIZE)
    set_faces(normal.element.get_or_add_rPr(), FANG)
    _language(normal.element.get_or_add_rPr())
    for name, face, size, indent, alignment, level in _STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = normal, True
        style.font.size = Pt(size)
        set_faces(style.element.get_or_add_rPr(), face)
        shape = style.paragraph_format
        shape.space_before = shape.space_after = Pt(2 if face != TITLE and size == 12 else 0)
        shape.alignment, shape.widow_control = alignment, False
        if name not in _FREE_HEIGHT:
            shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Twips(LINE_TWIPS)
        _finish(style.element.get_or_add_pPr(), indent, level)
        _own_grid(style.element, tighter=size == BODY_SIZE)
    character = document.styles.add_style("公文正文字", WD_STYLE_TYPE.CHARACTER)
    set_faces(character.element.get_or_add_rPr(), FANG)
    _own_grid(character.element, tighter=True, inline=True)
    _settings(document)
    _name_faces(document)


def set_faces(properties: Any, face: str) -> None:
    """Name `face` for every script and remove the theme fonts, which would win over any name."""
    fonts = properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)


def _language(properties: Any) -> None:
    """Say that the text is Chinese: line-breaking rules depend on it."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(language)


def _finish(properties: Any, indent: int, level: int | None) -> None:
    """Set what python-docx has no word for: indent in characters, no blanks beside figures, outline level.

    Latin words and figures are not broken: the line that one makes shorter is spread, as in the PDF.
    """
    ind = properties.get_or_add_ind()
    ind.set(qn("w:firstLineChars"), str(indent * 100))
    ind.set(qn("w:firstLine"), str(round(indent * CELL * 20)))
    for name in ("w:overflowPunct", "w:autoSpaceDE", "w:autoSpaceDN"):
        properties.insert_element_before(_off(name), *_AFTER[name])
    if level is not None:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        properties.append(outline)


def _own_grid(style: Any, *, tighter: bool, inline: bool = False) -> None:
    """Set the grid by exact lines and spacing: a program's own grid gives a 16 pt character two cells
    of 15.79.

    The section still declares the grid, so that its dialogue shows 22 lines of 28 and new text follows it.
    """
    if not inline:
        style.get_or_add_pPr().insert_element_before(_off("w:snapToGrid"), *_TAIL[3:])
    properties = style.get_or_add_rPr()
    properties.insert_element_before(_off("w:snapToGrid"), "w:color", "w:spacing", *_AFTER_SPACING)
    if tighter:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(TIGHTER))
        properties.insert_element_before(spacing, *_AFTER_SPACING)


def _off(name: str) -> Any:
    """Return an element that switches something off."""
    switch = OxmlElement(name)
    switch.set(qn("w:val"), "0")
    return switch


_AFTER_SPACING = ("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
_TAIL = ("w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
         "w:outlineLvl")  # fmt: skip
_AFTER = {
    "w:overflowPunct": ("w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", *_TAIL),
    "w:autoSpaceDE": ("w:autoSpaceDN", *_TAIL),
    "w:autoSpaceDN": _TAIL,
}


def set_grid(section: Any, *, landscape: bool) -> None:
    """Set A4 with the margins of the standard and the grid of its lines and characters.

    Lying across, the page is turned by a quarter: what was the binding edge is its top.
    """
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    margins = (28, 37, 26, 35) if landscape else (37, 26, 35, 28)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    section.header_distance, section.footer_distance = Mm(15), Mm(26 if not landscape else 17)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(LINE_TWIPS))
    grid.set(qn("w:charSpace"), str(round((CELL - BODY_SIZE) * 4096)))
    properties.append(grid)


def add_page_numbers(document: Any) -> None:
    """Put the page number at the outer foot: odd pages right, even left, one character in, a dash on
    each side.
    """
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, alignment, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left"),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = "公文页码", alignment
        indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
        indent.set(qn(f"w:{side}Chars"), "100")
        indent.set(qn(f"w:{side}"), str(14 * 20))
        paragraph.add_run("— ")
        field = parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
        paragraph._p.append(field)
        paragraph.add_run(" —")
        for run in paragraph.runs:
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def _settings(document: Any) -> None:
    """Keep marks at full width, as the grid of 28 characters wants it."""
    settings = document.settings.element
    for old in settings.findall(qn("w:characterSpacingControl")):
        settings.remove(old)
    control = OxmlElement("w:characterSpacingControl")
    control.set(qn("w:val"), "doNotCompress")
    compat = settings.find(qn("w:compat"))
    if compat is None:
        settings.append(control)
    else:
        compat.addprevious(control)


def _name_faces(document: Any) -> None:
    """Write the table of fonts with the other names of each face."""
    entries = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/>'
        '<w:charset w:val="86"/><w:pitch w:val="variable"/></w:font>'
        for face, other in _OTHER_NAMES
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{entries}</w:fonts>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"
    old = [rel for rel in document.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE]
    for relation in old:
        del document.part.rels[relation.rId]
    part = Part(PackURI("/word/fontTable.xml"), kind, content.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)
