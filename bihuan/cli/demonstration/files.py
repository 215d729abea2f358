"""Small files of the demonstration, made on the spot: a report, a list, a picture, a scan."""

import io
import struct
import zlib
from collections.abc import Iterable

import xlsxwriter

from bihuan.core.paper import Paper, Paragraph
from bihuan.formats.papers import write_paper

_SIDE = 64


def report(title: str, text: str, signed_by: str, signed_on: str) -> bytes:
    """Return a report as docx."""
    paper = Paper(title=title, blocks=(Paragraph(text),), signed_by=signed_by, signed_on=signed_on)
    return write_paper(paper, "docx").content


def ledger(title: str, lines: Iterable[tuple[str, ...]]) -> bytes:
    """Return a list as xlsx."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        page = book.add_worksheet("台账")
        page.write(0, 0, title)
        for number, row in enumerate((("序号", "核查对象", "核查结果", "核查日期"), *lines), 2):
            page.write_row(number, 0, row)
        page.set_column(0, 3, 18)
    return held.getvalue()


def picture(seed: int) -> bytes:
    """Return a square picture as PNG; another `seed`, another picture."""
    rows = b"".join(b"\0" + b"".join(bytes(_colour(x, y, seed)) for x in range(_SIDE)) for y in range(_SIDE))
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def scan(words: str) -> bytes:
    """Return one empty page as PDF, as a scanner gives it; `words` (ASCII) make it its own file."""
    page = (
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj"
    )
    return f"%PDF-1.4\n{page}\ntrailer<</Root 1 0 R>>\n%{words}\n%%EOF".encode("ascii")


def _colour(x: int, y: int, seed: int) -> tuple[int, int, int]:
    sky = y < _SIDE // 2 + (x * (seed % 5)) // 9
    return (170, 200, 225) if sky else (110 + seed % 60, 130, 90 + seed % 40)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
