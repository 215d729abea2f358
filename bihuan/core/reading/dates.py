"""Dates as printed, also with 年 or 月 lost, and the order that tells which day they mean.

text ─tokens→ DateToken(start, end, candidates) ─settle(slots)→ ISO dates, None where two readings remain
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from bihuan.core.reading.numerals import DIGITS, chinese

Reading = tuple[int | None, int | None, int | None]  # year, month, day; None where not printed

_Y = r"(?:19|20)\d{2}"
_PART = "上旬|中旬|下旬|月底|底|末|初|中"
DATE = re.compile(
    rf"(?<!\d)(?P<y>{_Y})年(?:度)?(?P<m>\d{{1,2}})月份?(?:(?P<d>\d{{1,2}})(?:日|号|(?!\d|[月年.%个项家人名次万元余多]))"
    rf"|(?P<x>{_PART})(?!心|央|共))?"
    rf"|(?<!\d)(?P<iy>{_Y})(?P<sep>[-/.])(?P<im>\d{{1,2}})(?P=sep)(?P<id>\d{{1,2}})(?!\d)"
    rf"|(?<!\d)(?P<gy>{_Y})(?P<gm>\d{{1,2}})月(?P<gd>\d{{1,2}})日"
    rf"|(?<!\d)(?P<my>{_Y})年?(?P<md>\d{{2,4}})日"
    rf"|(?<!\d)(?P<ny>{_Y})年(?P<ne>底|末|初)"
    rf"|(?<![\d.])(?P<sm>\d{{1,2}})月份?(?:(?P<sd>\d{{1,2}})(?:日|号|(?!\d|[月年.%个项家人名次万元余多]))"
    rf"|(?P<sx>{_PART})(?!心|央|共))?"
    r"|(?<![\d.])(?P<bare>\d{1,4})日(?!常|报|均|程|记|益|后|前|内|以|左|游|龄)"
)
_JOIN = re.compile(r"(?:日|号|起|开始)?(?:起?至|到|-{1,3}|—{1,3}|~{1,2}|、)(?:[次翌同当]年)?")
_MONTHS = re.compile(rf"(?<!\d)(?P<y>{_Y})年(?P<a>\d{{1,2}})(?:-|—|至|~)(?P<b>\d{{1,2}})月(?:份|间)?(?!\d)")
_WORDED = re.compile(r"[二2][〇零○Oo0][〇零○一二三四五六七八九\dOo]{2}年")
_CHINESE = re.compile(
    r"(?:(?P<y>[一二2][〇零○Oo0一二三四五六七八九]{3})年)?(?P<m>[一二三四五六七八九十]{1,3})月(?:(?P<d>[一二三四五六七八九十]{1,3})日)?"
)


@dataclass(frozen=True, slots=True)
class DateToken:
    """A date found in folded text: the readings its characters allow; `mangled` when 年 or 月 was lost."""

    start: int
    end: int
    readings: tuple[Reading, ...]
    mangled: bool = False

    @property
    def day_only(self) -> bool:
        """Tell whether only a day is printed, so that the month is the one before."""
        return len(self.readings) == 1 and self.readings[0][1] is None


@dataclass(frozen=True, slots=True)
class Span:
    """A period: its first and its last date."""

    first: DateToken
    last: DateToken

    @property
    def start(self) -> int:
        """Return where the period begins in the text."""
        return self.first.start

    @property
    def end(self) -> int:
        """Return where the period ends in the text."""
        return self.last.end


def tokens(text: str) -> list[DateToken]:
    """Return every date in folded text, in order."""
    found = list(_worded(text)) if _WORDED.search(text) else []
    broken = False
    for match in DATE.finditer(text):
        token = _token(match, broken=broken)
        if token is not None:
            broken = broken or token.mangled
            found.append(token)
    return sorted(found, key=lambda token: token.start)


def _worded(text: str) -> Iterator[DateToken]:
    """Yield the dates written in Chinese words: 二〇二三年三月十五日, and 四月二十五日 behind them."""
    for match in _CHINESE.finditer(text):
        year = int("".join(str(DIGITS.get(c, 0)) for c in match["y"])) if match["y"] else None
        month, day = chinese(match["m"]), chinese(match["d"]) if match["d"] else None
        if month and month <= 12 and (day or 1) <= 31 and (year or day):
            yield DateToken(match.start(), match.end(), ((year, month, day),))


def spans(text: str, found: Sequence[DateToken]) -> list[Span]:
    """Return every period: two dates joined by 至 or a dash, or months as 2023年1-9月."""
    periods = []
    for first, last in zip(found, islice(found, 1, None), strict=False):
        between = text[first.end : last.start]
        if len(between) <= 6 and _JOIN.fullmatch(between) and between != "、":
            periods.append(Span(first, last))
    for match in _MONTHS.finditer(text):
        year, a, b = int(match["y"]), int(match["a"]), int(match["b"])
        if 1 <= a <= b <= 12:
            periods.append(
                Span(
                    DateToken(match.start(), match.start("b") - 1, ((year, a, None),)),
                    DateToken(match.start("b"), match.end(), ((year, b, None),)),
                )
            )
    return sorted(periods, key=lambda span: span.start)


def _token(match: re.Match[str], *, broken: bool) -> DateToken | None:
    """Turn one match into a token; None when no calendar day fits."""
    group, where = match.groupdict(), (match.start(), match.end())
    if group["y"]:
        return _plain(where, int(group["y"]), int(group["m"]), group["d"])
    if group["iy"]:
        return _plain(where, int(group["iy"]), int(group["im"]), group["id"])
    if group["gy"]:
        token = _plain(where, int(group["gy"]), int(group["gm"]), group["gd"])
        return replace(token, mangled=True) if token else None
    if group["my"]:
        readings = tuple((int(group["my"]), m, d) for m, d in _split(group["md"]))
        return DateToken(*where, readings, mangled=True) if readings else None
    if group["ny"]:
        return DateToken(*where, ((int(group["ny"]), 1 if group["ne"] == "初" else 12, None),))
    if group["sm"]:
        return _plain(where, None, int(group["sm"]), group["sd"])
    return _bare(where, group["bare"], broken=broken)


def _plain(where: tuple[int, int], year: int | None, month: int, day: str | None) -> DateToken | None:
    """Return a token with one reading, None for a month 13 or a day 32."""
    number = int(day) if day else None
    if not 1 <= month <= 12 or (number is not None and not 1 <= number <= _last_day(year, month)):
        return None
    return DateToken(*where, ((year, month, number),))


def _bare(where: tuple[int, int], digits: str, *, broken: bool) -> DateToken | None:
    """Return the token of digits before 日 alone: a day, or month and day whose 月 was lost."""
    splits: tuple[Reading, ...] = tuple((None, m, d) for m, d in _split(digits)) if len(digits) > 1 else ()
    if len(digits) > 2:
        return DateToken(*where, splits, mangled=True) if splits else None
    if broken and splits:
        return DateToken(*where, splits, mangled=True)
    return DateToken(*where, ((None, None, int(digits)),)) if 1 <= int(digits) <= 31 else None


def _split(digits: str) -> list[tuple[int, int]]:
    """Return the ways in which run-together digits can be a month and a day."""
    ways = []
    for cut in (1, 2):
        month, day = digits[:cut], digits[cut:]
        if not day or len(day) > 2 or month[0] == "0" or day[0] == "0":
            continue
        if 1 <= int(month) <= 12 and 1 <= int(day) <= _last_day(None, int(month)):
            ways.append((int(month), int(day)))
    return ways


def _last_day(year: int | None, month: int) -> int:
    """Return the last day of a month, 29 for a February of an unknown year."""
    if month == 2:
        return 29 if year is None or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def settle(
    slots: Sequence[DateToken | None], *, until: str | None = None, year: int | None = None
) -> list[str | None]:
    """Return the ISO date of each slot, given that the slots stand in time order and end before `until`.

    A slot whose year is not printed takes that of the slot before it, the next year when the order asks for it. A slot
    for which two readings remain possible is None.
    """
    present = [slot for slot in slots if slot is not None]
    limit = _key(until) if until else None
    possible: list[tuple[Reading, ...]] = []
    for choice in islice(product(*(slot.readings for slot in present)), 64):
        dated = _in_order(choice, year)
        if dated and (limit is None or not dated or not _after(dated[-1], limit)):
            possible.append(tuple(dated))
    settled = iter(_agreed(possible, len(present)))
    return [next(settled) if slot is not None else None for slot in slots]


def _in_order(choice: Iterable[Reading], year: int | None) -> list[Reading] | None:
    """Fill in years and months from what came before; None when the order cannot hold."""
    dated: list[Reading] = []
    before: Reading = (year, None, None)
    for own_year, own_month, day in choice:
        month = own_month if own_month is not None else before[1]
        filled: Reading = (own_year if own_year is not None else before[0], month, day)
        if dated and _after(before, filled):
            if own_year is not None or filled[0] is None or own_month is None:
                return None
            filled = (filled[0] + 1, month, day)
        dated.append(filled)
        before = filled
    return dated


def _after(one: Reading, other: Reading) -> bool:
    """Tell whether `one` is certainly later than `other`, compared at the precision that both have."""
    for a, b in zip(one, other, strict=True):
        if a is None or b is None:
            return False
        if a != b:
            return a > b
    return False


def _agreed(possible: Sequence[tuple[Reading, ...]], count: int) -> list[str | None]:
    """Return what every possible reading says of each slot, None where they differ."""
    agreed: list[str | None] = []
    for index in range(count):
        values = {iso(reading[index]) for reading in possible}
        agreed.append(values.pop() if len(values) == 1 else None)
    return agreed


def iso(reading: Reading) -> str | None:
    """Write a reading as ISO text of day or month precision; None without a year or a month."""
    year, month, day = reading
    if year is None or month is None:
        return None
    return f"{year:04d}-{month:02d}" if day is None else f"{year:04d}-{month:02d}-{day:02d}"


def _key(text: str) -> Reading:
    """Read ISO text of day or month precision back into its numbers."""
    numbers = [int(part) for part in text.split("-")]
    return numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else None


def only_date(text: str) -> str | None:
    """Return the ISO date that a piece of folded text begins with, in digits or Chinese words."""
    for token in tokens(text[:40]):
        return iso(token.readings[0]) if token.start == 0 and len(token.readings) == 1 else None
    return None
