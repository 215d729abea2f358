"""Show a file without giving it: pictures of its pages, or its words; nothing of the original reaches the browser.

path ─pages_of→ how many pictures · ─page_picture→ one of them · ─words→ lines, rows of tables as cells
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pypdfium2

from bihuan.core.source import Line, UnreadableFile
from bihuan.formats import READERS, limits, photo
from bihuan.formats.glance import glance
from bihuan.formats.pdf import LOCK

LONGEST = 1600  # pixels of the longer side
PAGES = 200
LINES = 2000
_POINTS = 72


def pages_of(path: Path, kind: str) -> int:
    """Return how many pictures there are of the file: the pages of a PDF, one for an image, else none."""
    if kind in photo.KINDS:
        return 1
    if kind != "pdf":
        return 0
    try:
        with LOCK, closing(pypdfium2.PdfDocument(path)) as document:
            return min(len(document), PAGES)
    except (pypdfium2.PdfiumError, OSError, ValueError):
        return 0


def check_pdf(path: Path) -> None:
    """Refuse a PDF that cannot be opened.

    :raises UnreadableFile: ``formats.encrypted``, ``formats.broken-pdf``
    """
    try:
        with LOCK, closing(pypdfium2.PdfDocument(path)) as document:
            len(document)
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        locked = getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise UnreadableFile("formats.encrypted" if locked else "formats.broken-pdf") from error


def page_picture(path: Path, kind: str, page: int) -> bytes:
    """Return page `page` (from 1) as PNG or JPEG.

    :raises UnreadableFile: ``files.no-preview`` when there is no such page, ``files.picture-…``
    """
    if kind in photo.KINDS and page == 1:
        return photo.picture(path, longest=LONGEST)
    if kind != "pdf" or not 1 <= page <= PAGES:
        raise UnreadableFile("files.no-preview")
    try:
        with LOCK, closing(pypdfium2.PdfDocument(path)) as document, closing(document[page - 1]) as sheet:
            longer = max(sheet.get_size())
            scale = min(LONGEST / max(longer, 1), 2 * 150 / _POINTS)
            image = sheet.render(scale=scale, may_draw_forms=False).to_pil()
    except (pypdfium2.PdfiumError, OSError, ValueError, IndexError) as error:
        raise UnreadableFile("files.no-preview") from error
    return photo.encoded(image, longest=LONGEST)


def words(path: Path, kind: str, name: str) -> Sequence[Line | str]:
    """Return the words of an office file or a text, at most `LINES` lines; () where there are none.

    What is too large for the readers is shown by its first words only.
    """
    if kind in READERS and path.stat().st_size <= limits.FILE_BYTES:
        try:
            return READERS[kind](name, path.read_bytes()).lines[:LINES]
        except (UnreadableFile, RecursionError, MemoryError):
            pass
    return glance(path, kind).lines[:LINES]
