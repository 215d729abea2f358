"""Dates as documents print them, with the place of each; a part that is not printed stays unknown."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bihuan.core.checking.amounts import chinese_number

_ZERO: Final = str.maketrans("〇○零一二三四五六七八九", "000123456789")
# Some papers set a space on both sides of a number.
_DATE: Final = re.compile(
    r"(?:(?P<year>(?<!\d)(?:19|20)\d\d|[一二][〇○零一二三四五六七八九]{3}) ?年(?:度)? ?)?"
    r"(?P<month>(?<!\d)\d{1,2}|[一二三四五六七八九十]{1,3}) ?月"
    r"(?: ?(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3}) ?[日号]|(?P<third>上旬|中旬|下旬|初|底|末|份)?)"
    r"|(?P<iso>(?<![\d/.-])(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?![\d/.-]))"
    r"|(?P<end>(?<!\d)(?:19|20)\d\d) ?年(?:年)?(?:底|末)"
)
_LAST_DAY: Final = {"上旬": 10, "初": 10, "中旬": 20}


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a text. `year` and `day` are None when they are not printed; `whole_month` when no day is."""

    year: int | None
    month: int
    day: int | None
    third: str | None
    start: int
    end: int

    @property
    def possible(self) -> bool:
        """Say whether the calendar has such a day."""
        if not 1 <= self.month <= 12:
            return False
        if self.day is None:
            return True
        longest = (
            29 if self.month == 2 and self.year is None else _month_length(self.year or 2001, self.month)
        )
        return 1 <= self.day <= longest

    def iso(self, year: int | None = None) -> str:
        """Return the ISO text, with `year` when none is printed, of the precision printed."""
        known = self.year if self.year is not None else year
        month = f"{known or 0:04d}-{self.month:02d}"
        return month if self.day is None else f"{month}-{self.day:02d}"

    def last(self, year: int | None = None) -> str:
        """Return the last day that the printed words can mean, as ISO."""
        known = self.year if self.year is not None else year or 2001
        day = self.day or _LAST_DAY.get(self.third or "", _month_length(known, self.month))
        return f"{known:04d}-{self.month:02d}-{day:02d}"


def days(plain: str) -> Iterator[Day]:
    """Yield the dates of a text with full-width signs folded, possible or not."""
    for match in _DATE.finditer(plain):
        if match["iso"]:
            year, month, day = re.split(r"[-/.]", match["iso"])
            yield Day(int(year), int(month), int(day), None, match.start(), match.end())
        elif match["end"]:
            yield Day(int(match["end"]), 12, None, "底", match.start(), match.end())
        else:
            found = _words(match)
            if found is not None:
                yield found


def _words(match: re.Match[str]) -> Day | None:
    """Return the date that is written with 年, 月 and 日, None when a word is no number."""
    year = int(match["year"].translate(_ZERO)) if match["year"] else None
    month, day = _number(match["month"]), _number(match["day"])
    if month is None or (match["day"] and day is None):
        return None
    return Day(year, month, day, match["third"], match.start(), match.end())


def _number(words: str | None) -> int | None:
    """Return the value of digits or Chinese words."""
    if not words:
        return None
    return int(words) if words.isdigit() else chinese_number(words)


def _month_length(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 31
