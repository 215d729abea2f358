"""How much of a file is taken in: beyond these a file is refused, never read in part without a word.

The figures are far above any official document (a notice has 20 KB of text, a plan some hundred rows) and
low enough that a hostile file cannot exhaust one small machine.
"""

from bihuan.core.source import UnreadableFile

MEGABYTE = 1024 * 1024

FILE_BYTES = 50 * MEGABYTE
INFLATED_BYTES = 300 * MEGABYTE
ENTRY_BYTES = 100 * MEGABYTE
ENTRY_COUNT = 5_000
# Deflate reaches 1032:1 on constant data; worksheets of real offices stay below 60:1.
ENTRY_RATIO = 250
RATIO_MATTERS_FROM = 4 * MEGABYTE
XML_PART_BYTES = 48 * MEGABYTE

LINES = 500_000
CHARACTERS = 20_000_000
PAGES = 2_000
CELLS = 3_000_000
HTML_ELEMENTS = 400_000
HTML_STEPS = 5_000_000
HTML_DEPTH = 300
HTML_OPEN = 20_000  # elements open at once as the text is written, before anything is understood

OFFICE_SECONDS = 90


def check_size(data: bytes) -> None:
    """Refuse a file that is empty or larger than `FILE_BYTES`.

    :raises UnreadableFile: formats.empty, formats.too-large
    """
    if not data:
        raise UnreadableFile("formats.empty")
    if len(data) > FILE_BYTES:
        size = f"{len(data) / MEGABYTE:.1f}"
        raise UnreadableFile("formats.too-large", size=size, limit=FILE_BYTES // MEGABYTE)
