"""What an official paper is, before it is a file: title, blocks, attachments, signature, date.

facts ─notice_text.compose_notice→ Paper ─formats.papers.write_paper→ txt, docx, PDF

Geometry is the writers' business (`formats.paper_pdf`, `formats.paper_docx`); a Paper says only what
stands where.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from bihuan.core.source import Remark

HEADING_LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading, its number part of `text`: level 1 一、, 2 （一）, 3 1., 4 （1）. `run_in`
    follows on the line.
    """

    level: int
    text: str
    run_in: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of body text. `indented` is False for what begins at the margin (an addressee)."""

    text: str
    indented: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A list as a table. `widths` are shares of the width, one a column; without them the texts decide.

    A cell may hold several lines, parted by line feeds.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """A square code (QR) that says `text`, with lines beside it that a person can read."""

    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blank:
    """Empty lines, to be written on by hand."""

    lines: int = 1


Block = Heading | Paragraph | Table | Code | Blank


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment: it begins on its own page, which lies across when `landscape` is set."""

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class RedHead:
    """The head of a paper sent out under the issuer's name: the mark in red, the number and the line
    below it.
    """

    issuer: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Imprint:
    """The closing strip (版记) at the foot of the last even page: copies to, printed by, printed on
    (ISO text).
    """

    copies_to: str | None = None
    printed_by: str | None = None
    printed_on: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """An official paper. `signed_on` is ISO text of day or month precision; `sealed` leaves room for
    the seal.
    """

    title: str
    blocks: tuple[Block, ...]
    head: RedHead | None = None
    addressee: str | None = None
    attachments: tuple[Attachment, ...] = ()
    signed_by: str | None = None
    signed_on: str | None = None
    sealed: bool = False
    imprint: Imprint | None = None
    page_numbers: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """A paper as a file, with what a person should know about it (a face that is missing on this machine)."""

    content: bytes
    media_type: str
    remarks: tuple[Remark, ...] = field(default=())


def clean_text(text: str) -> str:
    """Return `text` as one printable line: white space becomes blanks, what no page can show is left out.

    Left out: control characters, marks that turn the direction of writing (they make a page say
    something else than
    its file), lone surrogates and code points that are not characters. Nothing else is changed.

    >>> clean_text("第一\\n行\\x00 ")
    '第一 行'
    """
    spaced = re.sub(r"[^\S\u3000]+", " ", text)
    return "".join(char for char in spaced if _is_printable(char)).strip()


def cell_lines(text: str) -> tuple[str, ...]:
    """Return the printable lines of a cell; an empty cell has one empty line.

    >>> cell_lines("□属实\\n\\n□不属实 ")
    ('□属实', '□不属实')
    """
    lines = tuple(line for part in text.split("\n") if (line := clean_text(part)))
    return lines or ("",)


def _is_printable(char: str) -> bool:
    """Tell whether a page can show `char`: not a control, surrogate, direction mark or non-character."""
    category = unicodedata.category(char)
    if category in {"Cc", "Cs"} or char in "\u2028\u2029\u200e\u200f\u061c\ufeff":
        return False
    code = ord(char)
    return not (
        0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xFDD0 <= code <= 0xFDEF
        or code & 0xFFFE == 0xFFFE
    )


def chinese_date(iso: str) -> str:
    """Return ISO text of day or month precision as printed in a paper: Arabic digits, no leading zeros.

    >>> chinese_date("2024-09-05"), chinese_date("2024-09")
    ('2024年9月5日', '2024年9月')
    """
    year, month, *day = iso.split("-")
    return f"{int(year)}年{int(month)}月" + (f"{int(day[0])}日" if day else "")


_DIGITS = "零一二三四五六七八九"


def chinese_number(value: int) -> str:
    """Return `value` in Chinese numerals as headings use them; above 999, where no heading counts, in digits.

    >>> [chinese_number(n) for n in (3, 10, 12, 20, 105, 110)]
    ['三', '十', '十二', '二十', '一百零五', '一百一十']
    """
    if not 0 <= value <= 999:
        return str(value)
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    if value < 20:
        return (("十" if tens else "") + (_DIGITS[ones] if ones else "")) or _DIGITS[0]
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += _DIGITS[0]
    return text + (_DIGITS[ones] if ones else "")


# Words that a title must not break in two, and the ends of names after which it breaks best.
_WHOLE = (
    "工作委员会", "管理委员会", "委员会", "人民政府", "开发区", "产业", "技术", "高新", "园区",
    "党组", "党委", "党工委", "领导小组", "办公室", "关于", "巡察", "巡视", "审计", "督察", "督查",
    "整改", "反馈", "意见", "问题", "落实", "进展", "情况", "通报", "报告", "公示", "方案", "通知",
    "专项", "常规", "市委", "省委", "区委", "县委", "巡察组", "巡视组", "工作", "中央",
    "回头看", "集中", "环境", "保护", "生态", "中共", "中国共产党",
)  # fmt: skip
_ENDS = (
    "委员会", "党组", "党委", "党工委", "人民政府", "办公室", "公司", "管委会", "集团", "医院", "学校",
    "局", "厅",
)  # fmt: skip

_SHAPED_LINES = 6  # a title of more lines than these has no shape to be looked for


def title_lines(title: str, *, cells: int = 19) -> tuple[str, ...]:
    """Break `title` into lines of at most `cells` characters shaped as a trapezium or a lozenge, words
    kept whole.

    Source: GB/T 9704-2012 7.3.1
    (回行时要做到词意完整，排列对称，长短适宜，间距恰当；标题排列应当使用梯形或菱形).
    """
    if len(title) <= cells:
        return (title,)
    count = -(-len(title) // cells)
    numbers = (count, count + 1) if count <= _SHAPED_LINES else ()
    choices = [lines for number in numbers for lines in _splits(title, number, cells)]
    if not choices:
        return tuple(title[at : at + cells] for at in range(0, len(title), cells))
    return min(choices, key=_ugliness)


def _splits(title: str, count: int, cells: int) -> list[tuple[str, ...]]:
    """Return the ways to cut `title` into `count` lines near the even cut; few, so that the best can
    be looked for.
    """
    even = len(title) / count
    ways: list[tuple[str, ...]] = [()]
    for index in range(1, count):
        around = range(max(1, round(even * index) - 5), min(len(title), round(even * index) + 6))
        places = sorted(around, key=lambda at: _cut_cost(title, at))[:9]
        ways = [
            (*way, title[sum(map(len, way)) : at])
            for way in ways
            for at in places
            if 0 < at - sum(map(len, way)) <= cells
        ][:800]
    return [(*way, rest) for way in ways if 0 < len(rest := title[sum(map(len, way)) :]) <= cells]


def _cut_cost(title: str, at: int) -> int:
    """Return how bad it is to begin a new line at `at`: 0 before 关于, up to 9 within a word or a number."""
    before, after = title[:at], title[at:]
    if before.endswith("关于") or after.startswith(("党组", "党委", "党工委")):
        return 6
    if after.startswith("关于") or before.endswith(_ENDS):
        return 0
    if re.search(r"[0-9A-Za-z.]$", before) and re.match(r"[0-9A-Za-z.%％年月日号]", after):
        return 9
    if re.match(r"[，。、；：？！）》”’〕」』]", after) or re.search(r"[（《“‘〔「『]$", before):
        return 9
    inside = any(
        title.find(word, max(0, at - len(word) + 1), at + len(word) - 1) not in (-1, at) for word in _WHOLE
    )
    if inside:
        return 8
    if before.endswith(("的", "”", "》", "、", "，")) or after.startswith(("“", "《")):
        return 1
    return 3


def _ugliness(lines: tuple[str, ...]) -> tuple[float, int]:
    """Return how far `lines` are from a good shape: cuts in bad places first, then lines that jump in
    and out.
    """
    title = "".join(lines)
    cuts = [sum(map(len, lines[:index])) for index in range(1, len(lines))]
    lengths = [len(line) for line in lines]
    steps = [b - a for a, b in zip(lengths, lengths[1:], strict=False)]
    hollow = sum(1 for a, b in zip(steps, steps[1:], strict=False) if a < 0 < b)
    spread = max(lengths) - min(lengths)
    equal = sum(1 for step in steps if step == 0)
    orphan = 4 if min(lengths) < 4 else 0
    return (
        3 * sum(_cut_cost(title, at) for at in cuts) + 6 * hollow + 0.6 * spread + 1.5 * equal + orphan,
        len(lines),
    )
