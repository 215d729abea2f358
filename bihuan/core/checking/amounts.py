"""Numbers with their units as they are printed, and what may be computed from them.

A printed number stands for a range: 2.86 is anything from 2.855 to 2.865, so that sums and rates are
compared as ranges and rounding raises no false alarm.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

_UNITS: Final = (
    "亿元|万元|元|亿美元|万美元|美元|万人次|万人|人次|人|名|家|户|项|条|件|份|笔|次|起|处|场|轮|宗|例|篇|台|辆|套|座|栋|间|所|"
    "类|批|亩|公顷|平方公里|万平方米|平方米|公里|万米|米|万吨|吨|课时|学时|支|组|幅|块|口|个方面|"
    "个(?!月|百分点|小时|工作日|季度|年|星期|百分比)|%"
)
_WORDS: Final = "零〇一二两三四五六七八九十百千万"
# Some papers set a space on both sides of a number.
_AMOUNT: Final = re.compile(
    r"(?P<before>(?:近|约|超过|超|逾|不足|不到|将近|至少|不少于|不低于|不超过) ?)?"
    r"(?P<number>(?<![\d.第〔\[])(?<!第 )(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,15})(?:\.\d{1,8})?"
    rf"|(?<![第统唯同专单每逐某另任之其进万千百十{_WORDS}])[{_WORDS}]{{1,8}})"
    rf" ?(?P<more>(?:余|多|几) ?)?(?P<unit>{_UNITS})(?P<after>左右|以上|以下|上下|以内)?"
)
_DIGITS: Final = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
HALF: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit; `rough` says that it is printed as an approximation (余, 近, 约, 以上)."""

    value: Decimal
    unit: str
    rough: bool
    start: int
    end: int
    written: bool = False

    def range(self, *, scaled: bool = True) -> tuple[Decimal, Decimal]:
        """Return the least and the greatest value printed so; a whole count stands only for itself.

        With `scaled`, a whole number of 万 or 亿 is taken as rounded too: a rate is computed from what was
        rounded.
        """
        exponent = int(self.value.as_tuple().exponent)
        if exponent == 0 and not (scaled and (self.unit == "%" or self.unit[0] in "亿万")):
            return self.value, self.value
        half = HALF.scaleb(exponent)
        return self.value - half, self.value + half

    def in_yuan(self) -> "Amount":
        """Return a sum of money in 元, rounded as it was printed; anything else as it is."""
        shift = {"万元": 4, "亿元": 8}.get(self.unit)
        return self if shift is None else replace(self, value=self.value.scaleb(shift), unit="元")


def amounts(text: str, start: int = 0, end: int | None = None) -> Iterator[Amount]:
    """Yield the numbers with a unit in `text`, in their order; offsets count from the beginning of `text`."""
    for match in _AMOUNT.finditer(text, start, len(text) if end is None else end):
        written = match["number"][0] in _WORDS
        value = chinese_number(match["number"]) if written else Decimal(match["number"].replace(",", ""))
        if value is not None:
            rough = bool(match["before"] or match["more"] or match["after"])
            yield Amount(Decimal(value), match["unit"], rough, match.start(), match.end(), written)


def chinese_number(words: str) -> int | None:
    """Return the value of a number in Chinese words up to 99,999, None when it is none.

    >>> chinese_number("二十三"), chinese_number("一百零五"), chinese_number("十十")
    (23, 105, None)
    """
    head, ten_thousand, tail = words.rpartition("万")
    if ten_thousand:
        upper = _below_ten_thousand(head)
        lower = _below_ten_thousand(tail) if tail else 0
        return None if upper is None or lower is None else upper * 10000 + lower
    return _below_ten_thousand(tail)


def _below_ten_thousand(words: str) -> int | None:
    """Return the value of a number in Chinese words below ten thousand."""
    total, digit, last = 0, None, 10000
    for index, word in enumerate(words):
        if word in _TENS:
            if _TENS[word] >= last or (digit is None and not (word == "十" and index == 0)):
                return None
            total += _TENS[word] * (1 if digit is None else digit)
            last, digit = _TENS[word], None
        elif word in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[word]
        else:
            return None
    return total + (digit or 0) if words else None


def sum_range(parts: tuple[Amount, ...]) -> tuple[Decimal, Decimal]:
    """Return the range of the sum of `parts`."""
    ranges = [part.range(scaled=False) for part in parts]
    return sum((low for low, _ in ranges), Decimal()), sum((high for _, high in ranges), Decimal())


def overlap(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> bool:
    """Say whether two ranges share a value."""
    return one[0] <= other[1] and other[0] <= one[1]


def rate_fits(part: Amount, whole: Amount, rate: Amount, *, growth: bool = False) -> bool:
    """Say whether `rate` percent can be `part` of `whole`; with `growth`, the change from `whole` to `part`.

    A rate cut off instead of rounded is accepted as well, because both are printed.
    """
    low, high = part.range()
    base_low, base_high = whole.range()
    if base_low <= 0:
        return True
    least, most = low / base_high * 100, high / base_low * 100
    if growth:
        least, most = least - 100, most - 100
        if most < 0:
            least, most = -most, -least
    printed_low, printed_high = rate.range()
    cut = HALF.scaleb(int(rate.value.as_tuple().exponent))
    return overlap((least, most), (printed_low, printed_high + cut))


def total_of(parts: Iterable[Amount]) -> Decimal:
    """Return the sum of the values as they are printed."""
    return sum((part.value for part in parts), Decimal())


def printed(value: Decimal) -> str:
    """Return a value as it is printed: without trailing zeros and without exponent."""
    return f"{value.normalize():f}"
