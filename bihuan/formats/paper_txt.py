"""An official paper as plain text: one paragraph a line, indented by two full-width blanks, UTF-8.

Paper ─write_txt→ the form in which such papers stand on web pages and in mails
"""

from collections.abc import Iterator

from bihuan.core.paper import Blank, Block, Code, Heading, Paper, Paragraph, Written, chinese_date, clean_text

_INDENT = "\u3000\u3000"


def write_txt(paper: Paper) -> Written:
    """Write `paper` as text: what only a page can show (faces, places, page numbers) is left out."""
    text = "\n".join(_lines(paper)).strip("\n") + "\n"
    return Written(text.encode(), "text/plain; charset=utf-8")


def _lines(paper: Paper) -> Iterator[str]:
    """Give the lines in the order of the paper."""
    if paper.head:
        yield clean_text(paper.head.issuer)
        if paper.head.number:
            yield clean_text(paper.head.number)
        yield ""
    yield clean_text(paper.title)
    yield ""
    if paper.addressee:
        yield clean_text(paper.addressee)
    for block in paper.blocks:
        yield from _block(block)
    for index, part in enumerate(paper.attachments, 1):
        number = f"{index}." if len(paper.attachments) > 1 else ""
        yield f"{_INDENT}{'附件：' if index == 1 else _INDENT}{number}{clean_text(part.title)}"
    yield ""
    if paper.signed_by:
        yield _INDENT + clean_text(paper.signed_by)
    if paper.signed_on:
        yield _INDENT + chinese_date(paper.signed_on)
    for index, part in enumerate(paper.attachments, 1):
        yield ""
        yield f"附件{index if len(paper.attachments) > 1 else ''}"
        yield clean_text(part.title)
        for block in part.blocks:
            yield from _block(block)
    yield from _imprint(paper)


def _block(block: Block) -> Iterator[str]:
    """Give the lines of one block; the cells of a table row are parted by tabs."""
    if isinstance(block, Heading):
        yield _INDENT + clean_text(block.text) + clean_text(block.run_in)
    elif isinstance(block, Paragraph):
        yield (_INDENT if block.indented else "") + clean_text(block.text)
    elif isinstance(block, Code):
        yield from (clean_text(line) for line in (*block.lines, block.text))
    elif isinstance(block, Blank):
        yield from [""] * block.lines
    else:
        if block.caption:
            yield clean_text(block.caption)
        for row in (block.header, *block.rows):
            yield "\t".join(clean_text(cell) for cell in row)


def _imprint(paper: Paper) -> Iterator[str]:
    """Give the closing strip."""
    imprint = paper.imprint
    if not imprint:
        return
    yield ""
    if imprint.copies_to:
        yield f"抄送：{clean_text(imprint.copies_to)}"
    printed = f"{chinese_date(imprint.printed_on)}印发" if imprint.printed_on else ""
    if imprint.printed_by or printed:
        yield "\u3000".join(part for part in (clean_text(imprint.printed_by or ""), printed) if part)
