"""Read a list that a person sends as CSV or as a workbook: bytes ─read_table→ rows of text, the first one the head.

A workbook gives its first visible sheet, values as shown. CSV may be in UTF-8 or GB18030, parted by commas,
semicolons or tabs.
"""

import csv
import io

from bihuan.core.source import UnreadableFile
from bihuan.formats import limits, read_bytes, sniff, txt


def read_table(name: str, data: bytes) -> list[list[str]]:
    """Return the rows that hold anything, each as texts without space around them.

    :raises UnreadableFile: as of `formats.read_bytes`; formats.no-rows for a file without a table
    """
    limits.check_size(data)
    rows = _csv_rows(data) if sniff(data, name) == "txt" else _sheet_rows(name, data)
    if len(rows) < 2:
        raise UnreadableFile("formats.no-rows", name=name)
    return rows


def _csv_rows(data: bytes) -> list[list[str]]:
    text = txt.decode(data).text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=mark)]
    except csv.Error as error:
        raise UnreadableFile("formats.not-csv", reason=str(error)) from error
    if len(rows) > limits.LINES:
        raise UnreadableFile("formats.too-many-lines", limit=limits.LINES)
    return [row for row in rows if any(row)]


def _sheet_rows(name: str, data: bytes) -> list[list[str]]:
    lines = [line for line in read_bytes(name, data).lines if line.role == "row"]
    if not lines:
        return []
    sheet = (lines[0].place.cell or "").rpartition("!")[0]
    return [
        [cell.strip() for cell in line.cells]
        for line in lines
        if (line.place.cell or "").rpartition("!")[0] == sheet and any(cell.strip() for cell in line.cells)
    ]
