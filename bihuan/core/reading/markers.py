"""Numbering at the beginning of a paragraph.

"（二）落实不够。" ─marker→ Marker(style="cnp", number=2, width=3, printed="（二）")
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

from bihuan.core.reading.folding import Folded
from bihuan.core.reading.numerals import chinese

# Rank orders the styles from the outermost in; documents leave levels out but do not turn them round.
RANKS = MappingProxyType(
    {"part": 1, "cn": 2, "ord": 3, "cnp": 4, "ask": 5, "ar": 6, "multi": 7, "arp": 8, "arh": 9, "circ": 10}
)
_CN = "[一二三四五六七八九十百]"
_UNIT = "万亿千百元%‰倍米亩吨平公个家人年月日次名项件岁米分度级版版期"
_MARK = re.compile(
    rf"(?P<part>第{_CN}{{1,3}}部分[、:,.]?)"
    rf"|(?P<ord>第{_CN}{{1,3}}(?:个?方面(?=[、:]))?[、:,])"
    rf"|(?P<cn>{_CN}{{1,4}}(?:、(?!{_CN}{{1,3}}、)|[.](?!\d)))"
    rf"|(?P<cnp>[(〔【\[]{_CN}{{1,4}}[)〕】\]][、.:]?|{_CN}{{1,3}}\)|[㈠-㈩][、.]?)"
    rf"|(?P<ask>(?:反馈|具体|存在)?问题(?:{_CN}{{1,3}}|\d{{1,3}})[:、.])"
    rf"|(?P<multi>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}(?:[.、]|(?![\d.{_UNIT}%])))"
    r"|(?P<ar>\d{1,3}(?:[.、](?!\d)|[.、](?=\d{4}年|\d{1,2}月))|[⒈-⒛])"
    r"|(?P<arp>[(〔\[]\d{1,3}[)〕\]][、.]?|[⑴-⒇])"
    r"|(?P<arh>\d{1,2}\))"
    r"|(?P<circ>[①-⑳㉑-㉟][、.]?)"
)
_SINGLE = MappingProxyType({0x3220: 10, 0x2488: 20, 0x2474: 20, 0x2460: 20})
_FIRST_LETTERS = frozenset("第一二三四五六七八九十(〔【[反具存问0123456789") | frozenset(
    chr(first + i) for first, count in _SINGLE.items() for i in range(count)
)
_NUMBER = re.compile(rf"{_CN}+|\d+")


@dataclass(frozen=True, slots=True)
class Marker:
    """A numbering mark: its style, its last number, its width in folded characters, and how it is printed."""

    style: str
    number: int
    width: int
    printed: str

    @property
    def rank(self) -> int:
        """Return how deep the style stands, 1 the outermost."""
        return RANKS[self.style]

    @property
    def ordinal(self) -> str:
        """Return the number as printed, without brackets and points."""
        if self.style in ("ask", "part", "ord"):
            return str(_NUMBER.findall(self.printed)[-1])
        return self.printed.strip("()（）〔〕【】[]［］、.．:：,，。 \u3000").replace(" ", "")


def marker(folded: Folded) -> Marker | None:
    """Return the numbering mark that a paragraph begins with, None when there is none."""
    text = folded.text
    start = len(text[:4]) - len(text[:4].lstrip("*#•·●■◆▲★"))
    if len(text) <= start or text[start] not in _FIRST_LETTERS:
        return None
    match = _MARK.match(text, start)
    if match is None or match.lastgroup is None:
        return None
    number = _number(match.group())
    if number is None:
        return None
    return Marker(match.lastgroup, number, match.end(), folded.printed(start, match.end()))


def _number(text: str) -> int | None:
    """Return the last number of a mark: 2 of （二）, 3 of 1.3, 4 of ④."""
    code = ord(text[0])
    for first, count in _SINGLE.items():
        if first <= code < first + count:
            return code - first + 1
    found = _NUMBER.findall(text)
    if not found:
        return None
    return int(found[-1]) if found[-1].isdigit() else chinese(found[-1])
