"""Read a web page: the article with its paragraphs and tables, everything around it as chrome.

bytes ─txt.decode→ text ─lexbor→ tree ─html_blocks→ blocks ─html_article→ which of them are the article
"""

from bihuan.core.source import Source, UnreadableFile
from bihuan.formats import html_article, txt
from bihuan.formats.html_blocks import page_blocks
from bihuan.formats.lines import LineCollector


def read(name: str, data: bytes) -> Source:
    """Return the lines of a page.

    :raises UnreadableFile: formats.not-text, formats.too-deep, formats.no-text
    """
    decoded = txt.decode(data)
    page = page_blocks(decoded.text)
    roles = html_article.roles(page)
    collector = LineCollector()
    for block, role in zip(page.blocks, roles, strict=True):
        if block.cells and role == "text":
            collector.add_row(block.cells, cell=block.cell)
        else:
            collector.add(block.text, role=role, level=block.level if role == "text" else None)
    if not collector.lines:
        raise UnreadableFile("formats.no-text")
    remarks = tuple(r for r in txt.damage(decoded))
    return Source(name, "html", tuple(collector.lines), decoded.encoding, remarks)
