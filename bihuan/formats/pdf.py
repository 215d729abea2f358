"""Read the text of a PDF: printed lines joined into paragraphs, across pages too.

bytes ─pdfium→ glyphs with positions ─pdf_lines→ printed lines ─pdf_paragraphs→ paragraphs, rows, chrome
"""

import ctypes
import threading
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw

from bihuan.core.source import Remark, Source, UnreadableFile
from bihuan.formats import limits, pdf_paragraphs
from bihuan.formats.lines import LineCollector
from bihuan.formats.pdf_lines import Glyph, PrintedLine, print_lines
from bihuan.formats.pdf_tables import Rule, take_tables

# PDFium keeps global state and is not safe in threads.
_LOCK = threading.Lock()
_NO_CHARACTER = frozenset({0, 0xFFFD, 0xFFFE, 0xFFFF})
_UPRIGHT = 0.12  # radians; watermarks lie aslant
_UNMAPPED_SHARE = 0.3
_MOST_SHAPES = 4_000
_SPARSE = 6  # characters a page, below which pictures are taken for the text


@dataclass(frozen=True, slots=True)
class _Page:
    """What was taken from one page, in display coordinates with y growing upwards."""

    glyphs: list[Glyph]
    rules: list[Rule]
    height: float


def read(name: str, data: bytes) -> Source:
    """Return the lines of a PDF that holds text.

    :raises UnreadableFile: formats.encrypted, formats.broken-pdf, formats.too-many-pages,
        formats.scanned-pdf, formats.pdf-without-characters, formats.too-many-characters
    """
    with _LOCK:
        pages, pictured = _pages(data)
    glyphs = [glyph for page in pages for glyph in page.glyphs if not glyph.char.isspace()]
    if len(glyphs) < _SPARSE * len(pages) and (pictured or not glyphs):
        raise UnreadableFile("formats.scanned-pdf" if pictured else "formats.no-text", pages=len(pages))
    unmapped = sum(1 for glyph in glyphs if glyph.char == "\ufffd" or "\ue000" <= glyph.char <= "\uf8ff")
    if unmapped > _UNMAPPED_SHARE * len(glyphs):
        raise UnreadableFile("formats.pdf-without-characters")
    printed = [_printed(page, number) for number, page in enumerate(pages, 1)]
    collector = LineCollector()
    pdf_paragraphs.fill(collector, printed, [page.height for page in pages])
    remarks = _remarks(printed, pictured, unmapped)
    return Source(name, "pdf", tuple(collector.lines), warnings=remarks)


def _printed(page: _Page, number: int) -> list[PrintedLine]:
    """Return the lines and table rows of a page from the top."""
    glyphs, rows = take_tables(page.glyphs, page.rules, number)
    return sorted(print_lines(glyphs, number) + rows, key=lambda line: -line.y)


def _remarks(printed: list[list[PrintedLine]], pictured: set[int], unmapped: int) -> tuple[Remark, ...]:
    found = []
    without = [number for number, lines in enumerate(printed, 1) if not lines and number in pictured]
    if without:
        found.append(Remark("formats.pages-without-text", {"pages": "、".join(map(str, without[:20]))}))
    if unmapped:
        found.append(Remark("formats.unknown-characters", {"count": unmapped}))
    return tuple(found)


def _pages(data: bytes) -> tuple[list[_Page], set[int]]:
    """Return every page, and the numbers of the pages that hold a picture."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = "formats.encrypted" if "assword" in str(error) else "formats.broken-pdf"
        raise UnreadableFile(code) from error
    try:
        count = len(document)
        if count > limits.PAGES:
            raise UnreadableFile("formats.too-many-pages", count=count, limit=limits.PAGES)
        pages, pictured, room = list[_Page](), set[int](), limits.CHARACTERS
        for number in range(1, count + 1):
            page = document[number - 1]
            glyphs = _glyphs(page, room)
            room -= len(glyphs)
            pages.append(_Page(glyphs, _rules(page), float(page.get_height())))
            if len(glyphs) < _SPARSE and next(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None):
                pictured.add(number)
            page.close()
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile("formats.broken-pdf") from error
    finally:
        document.close()
    if not pages:
        raise UnreadableFile("formats.broken-pdf")
    return pages, pictured


def _glyphs(page: Any, room: int) -> list[Glyph]:
    """Return the upright characters of a page in display coordinates, y growing upwards."""
    textpage = page.get_textpage()
    handle = textpage.raw
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    turn = page.get_rotation()
    width, height = page.get_size()
    upright = {0: 0.0, 90: 1.5708, 180: 3.1416, 270: 4.7124}[turn]
    count = raw.FPDFText_CountChars(handle)
    if count > room:
        raise UnreadableFile("formats.too-many-characters", limit=limits.CHARACTERS)
    glyphs = []
    for index in range(count):
        code = raw.FPDFText_GetUnicode(handle, index)
        if code in (10, 13) or raw.FPDFText_IsGenerated(handle, index) == 1:
            continue
        slant = raw.FPDFText_GetCharAngle(handle, index)
        if min(abs(slant - upright), abs(slant - upright - 6.2832), abs(slant - upright + 6.2832)) > _UPRIGHT:
            continue
        raw.FPDFText_GetLooseCharBox(handle, index, box)
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        char = "\ufffd" if code in _NO_CHARACTER else chr(code)
        glyph = Glyph(char, box.left, box.right, y.value, box.top - box.bottom)
        glyphs.append(_turned(glyph, box, x.value, turn, (width, height)) if turn else glyph)
    textpage.close()
    return glyphs


def _rules(page: Any) -> list[Rule]:
    """Return the boxes of the drawn shapes of an upright page, none when there are too many for a table."""
    rules: list[Rule] = []
    if page.get_rotation():
        return rules
    for shape in page.get_objects([raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        rules.append(Rule(*shape.get_bounds()))
        if len(rules) > _MOST_SHAPES:
            return []
    return rules


def _turned(glyph: Glyph, box: Any, x: float, turn: int, size: tuple[float, float]) -> Glyph:
    """Return the glyph as the turned page shows it; `size` is that of the page as shown."""
    width, height = size
    if turn == 90:
        return Glyph(glyph.char, box.bottom, box.top, height - x, box.right - box.left)
    if turn == 180:
        return Glyph(glyph.char, width - box.right, width - box.left, height - glyph.y, glyph.height)
    return Glyph(glyph.char, width - box.top, width - box.bottom, x, box.right - box.left)
