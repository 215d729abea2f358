"""Read a web page: the article with its paragraphs and tables, everything around it as chrome.

bytes ─txt.decode→ text ─lexbor→ tree ─html_blocks→ blocks ─html_article→ title and article, or chrome
"""

import dataclasses

from bihuan.core.source import Source, UnreadableFile
from bihuan.formats import html_article, txt
from bihuan.formats.html_blocks import page_blocks
from bihuan.formats.lines import LineCollector


def read(name: str, data: bytes) -> Source:
    """Return the lines of a page.

    :raises UnreadableFile: formats.not-text, formats.too-deep, formats.no-text
    """
    decoded = txt.decode(data)
    if "<" not in decoded.text:
        return dataclasses.replace(txt.read(name, data), format="html")
    page = page_blocks(decoded.text)
    collector = LineCollector()
    for block, role in html_article.arranged(page):
        if block.cells and role == "text":
            collector.add_row(block.cells, cell=block.cell)
        else:
            collector.add(block.text, role=role, level=block.level if role == "text" else None)
    if not collector.lines:
        raise UnreadableFile("formats.no-text")
    return Source(name, "html", tuple(collector.lines), decoded.encoding, txt.damage(decoded))
