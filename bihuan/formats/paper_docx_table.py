"""A list in a docx paper: ruled, its head on every page, columns as wide as their texts ask for.

Table ─table_xml→ w:tbl

The rows are written as XML text and parsed at once: row by row through python-docx a list of a
thousand takes seconds.
"""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bihuan.core.paper import Table, cell_lines
from bihuan.formats.paper_lines import column_shares, short_columns

_RUN = '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>{}</w:r>'
_TEXT = '<w:t xml:space="preserve">{}</w:t>'
#: Twips between a rule and the text; the table begins with its rule at the margin, as mode 14 of Word wants it told.
PAD = 80
#: A row with a text of so many characters may go on on the next page.
LONG = 300
_MARGINS = f'<w:left w:w="{PAD}" w:type="dxa"/><w:right w:w="{PAD}" w:type="dxa"/>'
_HEAD = "公文表头"
_CENTRE = '<w:jc w:val="center"/>'
_HEAD_ROW = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_ROW = "<w:trPr><w:cantSplit/></w:trPr>"


def table_element(table: Table, *, width: int) -> Any:
    """Return `table` as an element for the body, `width` twips wide. Cells that a row lacks are left empty."""
    widths = [round(width * share) for share in column_shares(table)]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    rows = "".join(_rows(table, widths))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{width}" w:type="dxa"/>'
        f'<w:tblInd w:w="{PAD}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar>{_MARGINS}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _rows(table: Table, widths: list[int]) -> Iterator[str]:
    """Give the head and the rows."""
    yield _row(table.header, widths, style=_HEAD, centred=[False] * len(widths), properties=_HEAD_ROW)
    centred = short_columns(table)
    for row in table.rows:
        whole = all(len(text) < LONG for text in row)
        yield _row(row, widths, style="公文表格", centred=centred, properties=_ROW if whole else "")


def _text(text: str) -> str:
    """Return the lines of a cell as the content of a run."""
    return "<w:br/>".join(_TEXT.format(escape(line)) for line in cell_lines(text))


def _row(
    texts: tuple[str, ...], widths: list[int], *, style: str, centred: list[bool], properties: str
) -> str:
    """Return one row, as many cells as the table has columns."""
    filled = (*texts, *[""] * len(widths))
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>'
        f"{'<w:keepNext/>' if style == _HEAD else ''}{_CENTRE if middle else ''}"
        f"</w:pPr>{_RUN.format(_text(text))}</w:p></w:tc>"
        for text, width, middle in zip(filled, widths, centred, strict=False)
    )
    return f"<w:tr>{properties}{cells}</w:tr>"
