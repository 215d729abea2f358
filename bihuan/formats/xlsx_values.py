"""Show a number of a workbook as its cell does: dates, percent, plain whole numbers.

text of <v> + number format ─shown→ what stands in the cell, dates as ISO
Source: ECMA-376 Part 1, 18.8.30 (numFmt, built-in formats), 18.17.4 (dates).
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from bihuan.formats.markup import Element

# The built-in formats that say more than a plain number; 27-36 and 50-58 are the dates of Chinese Office.
_BUILT_IN: Mapping[int, str] = MappingProxyType(
    {
        9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
        18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
        27: 'yyyy"年"m"月"', 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
        32: "h:mm", 33: "h:mm:ss", 34: "h:mm AM/PM", 35: "h:mm:ss AM/PM", 36: 'yyyy"年"m"月"',
        45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 50: 'yyyy"年"m"月"', 51: "m月d日",
        52: 'yyyy"年"m"月"', 53: "m月d日", 54: "m月d日", 55: "h:mm", 56: "h:mm:ss",
        57: 'yyyy"年"m"月"', 58: "m月d日",
    }
)  # fmt: skip
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_DATE_CODE = re.compile("[ymdhs]")
_ZEROS = re.compile("0{2,40}")
_TOO_LARGE = Decimal("1e300")
_LAST_DAY = 2_958_465  # 9999-12-31


class NumberFormats:
    """The number formats of a workbook by cell style."""

    def __init__(self, root: Element | None, *, from_1904: bool) -> None:
        """`root` is the styles part; `from_1904` is the day count of old Macintosh files."""
        self.first_day = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no zone
        self._codes: dict[str, str] = {}
        if root is None:
            return
        custom = {node.get("numFmtId"): str(node.get("formatCode") or "") for node in root.iter("{*}numFmt")}
        cells = next(root.iter("{*}cellXfs"), None)
        for index, node in enumerate(cells if cells is not None else ()):
            key = node.get("numFmtId") or "0"
            number = int(key) if key.isdigit() and len(key) < 6 else 0
            code = custom.get(key) or _BUILT_IN.get(number, "")
            bare = _LITERAL.sub("", code.split(";")[0]).strip().lower()
            self._codes[str(index)] = "" if bare == "general" else bare

    def code(self, style: str | None) -> str:
        """Return the format of a cell style, lower case, without quoted text; empty for a plain number."""
        return self._codes.get(style or "", "")


def shown(value: str, formats: NumberFormats, style: str | None) -> str:
    """Return the number `value` as its cell shows it; text that is no number is returned as it is."""
    code = formats.code(style)
    if not code and value.isascii() and value.isdigit() and len(value) < 16:
        return value
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number) >= _TOO_LARGE:
        return value
    if _DATE_CODE.search(code) and 0 <= number <= _LAST_DAY:
        return _date(float(number), code, formats.first_day)
    if "%" in code:
        places = len(code.partition(".")[2].split("%")[0].strip())
        return plain(number * 100, places=places) + "%"
    text = plain(number)
    return text.zfill(len(code)) if _ZEROS.fullmatch(code) and text.isdigit() else text


def plain(number: Decimal, *, places: int | None = None) -> str:
    """Return a number without exponent, with the 15 digits that a workbook keeps, or rounded to `places`.

    >>> plain(Decimal("50000.0")), plain(Decimal("0.30000000000000004"))
    ('50000', '0.3')
    """
    if places is not None:
        return f"{number:.{min(places, 15)}f}"
    if number == number.to_integral_value() and abs(number) < Decimal("1e15"):
        return str(int(number))
    rounded = f"{float(number):.15g}"
    return f"{Decimal(rounded):f}" if abs(number) < Decimal("1e21") else rounded


def _date(days: float, code: str, first_day: dt.datetime) -> str:
    """Return a day count as ISO text with the parts that the format shows: month, day, minute, second."""
    moment = first_day + dt.timedelta(seconds=round(days * 86_400))
    clock = moment.strftime("%H:%M:%S" if "s" in code else "%H:%M")
    if "y" not in code and "d" not in code:
        return clock
    day = moment.strftime("%Y-%m-%d") if "d" in code else moment.strftime("%Y-%m")
    return f"{day} {clock}" if "h" in code else day
