"""Read the text of a PDF: printed lines joined into paragraphs, across pages too.

bytes ─pdf_glyphs→ characters with positions ─pdf_lines→ printed lines ─pdf_paragraphs→ paragraphs, rows, chrome
"""

import threading

import pypdfium2
from pypdfium2 import raw

from bihuan.core.source import Remark, Source, UnreadableFile
from bihuan.formats import limits, pdf_paragraphs
from bihuan.formats.lines import LineCollector
from bihuan.formats.pdf_columns import Band, in_columns
from bihuan.formats.pdf_glyphs import PageInk, take_page
from bihuan.formats.pdf_lines import PrintedLine, print_lines
from bihuan.formats.pdf_tables import take_tables

# PDFium keeps global state and is not safe in threads.
LOCK = threading.Lock()
_UNMAPPED_SHARE = 0.3
_SPARSE = 6  # characters a page, below which pictures are taken for the text


def read(name: str, data: bytes) -> Source:
    """Return the lines of a PDF that holds text.

    :raises UnreadableFile: formats.encrypted, formats.broken-pdf, formats.too-many-pages,
        formats.scanned-pdf, formats.pdf-without-characters, formats.too-many-characters
    """
    with LOCK:
        pages, pictured = _pages(data)
    glyphs = [glyph for page in pages for glyph in page.glyphs if not glyph.char.isspace()]
    if len(glyphs) < _SPARSE * len(pages) and (pictured or not glyphs):
        raise UnreadableFile("formats.scanned-pdf" if pictured else "formats.no-text", pages=len(pages))
    unmapped = sum(1 for glyph in glyphs if glyph.char == "\ufffd" or "\ue000" <= glyph.char <= "\uf8ff")
    if unmapped > _UNMAPPED_SHARE * len(glyphs):
        raise UnreadableFile("formats.pdf-without-characters")
    printed = _printed(pages)
    collector = LineCollector()
    pdf_paragraphs.fill(collector, printed, [page.height for page in pages])
    remarks = _remarks(printed, pictured, unmapped)
    return Source(name, "pdf", tuple(collector.lines), warnings=remarks)


def _printed(pages: list[PageInk]) -> list[list[PrintedLine]]:
    """Return the lines and table rows of every page in the order of reading."""
    printed = []
    band: Band | None = None
    for number, page in enumerate(pages, 1):
        glyphs, rows = take_tables(page.glyphs, page.rules, number)
        columns = None if rows else in_columns(glyphs, number, band)
        lines, band = columns or (print_lines(glyphs, number), None)
        printed.append(lines if columns else sorted(lines + rows, key=lambda line: -line.y))
    return printed


def _remarks(printed: list[list[PrintedLine]], pictured: set[int], unmapped: int) -> tuple[Remark, ...]:
    found = []
    without = [number for number, lines in enumerate(printed, 1) if not lines and number in pictured]
    if without:
        found.append(Remark("formats.pages-without-text", {"pages": "、".join(map(str, without[:20]))}))
    if unmapped:
        found.append(Remark("formats.unknown-characters", {"count": unmapped}))
    return tuple(found)


def _pages(data: bytes) -> tuple[list[PageInk], set[int]]:
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
        pages, pictured, room = list[PageInk](), set[int](), limits.CHARACTERS
        for number in range(1, count + 1):
            page = document[number - 1]
            ink = take_page(page, room=room)
            room -= len(ink.glyphs)
            pages.append(ink)
            if len(ink.glyphs) < _SPARSE and next(
                page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None
            ):
                pictured.add(number)
            page.close()
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile("formats.broken-pdf") from error
    finally:
        document.close()
    if not pages:
        raise UnreadableFile("formats.broken-pdf")
    return pages, pictured
