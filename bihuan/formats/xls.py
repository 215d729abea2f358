"""Read an old workbook (xls, et) by calamine.

bytes ─calamine→ rows of values ─text→ Line(role="row")
"""

import datetime as dt
import io
from decimal import Decimal

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from bihuan.core.source import Remark, Source, UnreadableFile
from bihuan.formats import limits
from bihuan.formats.lines import LineCollector
from bihuan.formats.xlsx_values import plain

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read(name: str, data: bytes) -> Source:
    """Return the rows of an xls file, whose grid of 65,536 by 256 bounds what it can ask of memory.

    :raises UnreadableFile: formats.broken-workbook, formats.too-many-cells, formats.no-text
    """
    collector = LineCollector()
    remarks: list[Remark] = []
    try:
        _collect(data, collector, remarks)
    except (UnreadableFile, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine's own panics are no Exception
        raise UnreadableFile("formats.broken-workbook") from error
    if not collector.lines:
        raise UnreadableFile("formats.no-text")
    return Source(name, "xlsx", tuple(collector.lines), warnings=tuple(remarks))


def _collect(data: bytes, collector: LineCollector, remarks: list[Remark]) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    cells = 0
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible != SheetVisibleEnum.Visible:
            remarks.append(Remark("formats.hidden-sheet", {"sheet": sheet.name}))
            continue
        rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        cells += len(rows) * max((len(row) for row in rows[:1]), default=0)
        if cells > limits.CELLS:
            raise UnreadableFile("formats.too-many-cells", limit=limits.CELLS)
        for number, row in enumerate(rows, 1):
            collector.add_row([_text(value) for value in row], cell=f"{sheet.name}!A{number}")


def _text(value: Cell) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return plain(Decimal(repr(value))) if abs(value) < float("inf") else ""
    if isinstance(value, dt.datetime):
        day = value.strftime("%Y-%m-%d")
        return day if value.time() == dt.time() else f"{day} {value:%H:%M}"
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)
