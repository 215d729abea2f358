"""Write out the automatic numbers of a Word document: styles, lists, levels, restarts.

numbering.xml + styles.xml ─Numbering→ marker of each paragraph in turn, as Word prints it
Source: ECMA-376 Part 1, 17.9 (numbering), 17.18.59 (ST_NumberFormat).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bihuan.formats.markup import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
# Symbol fonts keep their bullets in the private use area; these are the ones that Office offers.
_BULLETS = MappingProxyType(
    {"\uf06c": "●", "\uf06e": "■", "\uf075": "◆", "\uf0d8": "➢", "\uf0fc": "✓", "\uf0b7": "•"}
)


def chinese(number: int, *, digits: str = _DIGITS, units: str = "十百千", zero: str = "零") -> str:
    """Return `number` in Chinese counting.

    >>> [chinese(n) for n in (7, 10, 11, 20, 105, 1234)]
    ['七', '十', '十一', '二十', '一百零五', '一千二百三十四']
    """
    if not 0 < number < 10_000:
        return str(number)
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += (zero if gap and text else "") + digits[digit] + (units[power - 1] if power else "")
        gap = not digit
    return text[1:] if text.startswith(digits[1] + units[0]) and units == "十百千" else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _letters(number: int) -> str:
    """A … Z, AA, BB …: Word repeats the letter."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else str(number)


def _series(start: str, length: int) -> Callable[[int], str]:
    """Return a format that counts in a run of one Unicode block and falls back to plain digits."""
    return lambda number: chr(ord(start) + number - 1) if 0 < number <= length else str(number)


def _circled(number: int) -> str:
    for first, start, length in ((1, "①", 20), (21, "㉑", 15), (36, "㊱", 15)):
        if first <= number < first + length:
            return chr(ord(start) + number - first)
    return "⓪" if number == 0 else str(number)


def _digit_by_digit(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


def _legal(number: int) -> str:
    return chinese(number, digits=_LEGAL, units="拾佰仟")


FORMATS: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        "decimal": str,
        "decimalHalfWidth": str,
        "decimalZero": lambda number: f"{number:02d}",
        "decimalFullWidth": _full_width,
        "decimalFullWidth2": _full_width,
        "upperRoman": _roman,
        "lowerRoman": lambda number: _roman(number).lower(),
        "upperLetter": _letters,
        "lowerLetter": lambda number: _letters(number).lower(),
        "chineseCounting": chinese,
        "chineseCountingThousand": chinese,
        "japaneseCounting": chinese,
        "taiwaneseCounting": chinese,
        "taiwaneseCountingThousand": chinese,
        "ideographDigital": _digit_by_digit,
        "japaneseDigitalTenThousand": _digit_by_digit,
        "taiwaneseDigital": _digit_by_digit,
        "chineseLegalSimplified": _legal,
        "ideographLegalTraditional": _legal,
        "japaneseLegal": _legal,
        "ideographTraditional": lambda number: _STEMS[(number - 1) % 10],
        "ideographZodiac": lambda number: _BRANCHES[(number - 1) % 12],
        "decimalEnclosedCircle": _circled,
        "decimalEnclosedCircleChinese": _circled,
        "decimalEnclosedParen": _series("⑴", 20),
        "decimalEnclosedFullstop": _series("⒈", 20),
        "ideographEnclosedCircle": _series("㊀", 10),
        "ideographParenthesized": _series("㈠", 10),
        "numberInDash": lambda number: f"- {number} -",
        "none": lambda _: "",
        "bullet": lambda _: "",
    }
)


@dataclass(slots=True)
class _Level:
    """One level of a list: how it starts, looks and restarts, and what stands between number and text."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str | None = None


@dataclass(slots=True)
class _List:
    """One w:num of the file.

    The abstract list whose count it continues, its levels, and the levels that it starts anew.
    """

    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of one document and how far each has counted.

    Ask `marker` for the paragraphs in their order.
    """

    def __init__(self, root: Element | None, style_lists: Mapping[str, str]) -> None:
        """`style_lists` maps a numbering style to its list, for abstract lists that only name the style."""
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._lists: dict[str, _List] = {}
        if root is not None:
            self._load(root, style_lists)

    def _load(self, root: Element, style_lists: Mapping[str, str]) -> None:
        abstracts = {node.get(f"{W}abstractNumId"): node for node in root.iter(f"{W}abstractNum")}
        nums = {node.get(f"{W}numId"): node for node in root.iter(f"{W}num")}
        for number, node in nums.items():
            abstract = _value(node, "abstractNumId")
            home = abstracts.get(abstract)
            link = _value(home, "numStyleLink") if home is not None else None
            linked = nums.get(style_lists.get(link or "", ""))
            if linked is not None and linked is not node:
                abstract = _value(linked, "abstractNumId")
                home = abstracts.get(abstract)
            levels = (
                {} if home is None else {_index(lvl): _read_level(lvl) for lvl in home.findall(f"{W}lvl")}
            )
            entry = _List(abstract or "", levels)
            for override in node.findall(f"{W}lvlOverride"):
                _override(entry, override)
            self._lists[number] = entry

    def level_of_style(self, number: str, style: str) -> int:
        """Return the level of list `number` that is tied to a paragraph style, 0 when none is."""
        entry = self._lists.get(number)
        levels = entry.levels if entry else {}
        return next((index for index, level in levels.items() if level.style == style), 0)

    def marker(self, number: str, index: int) -> str:
        """Count one paragraph of list `number` at level `index`, return what Word prints before its text."""
        entry = self._lists.get(number)
        level = entry.levels.get(index) if entry else None
        if entry is None or level is None:
            return ""
        counts = self._counts.setdefault(entry.abstract, {})
        self._count(entry, number, index, counts)
        if level.format == "bullet":
            marker = "".join(
                _BULLETS.get(char, "•" if "\ue000" <= char <= "\uf8ff" else char) for char in level.text
            )
        else:
            marker = _fill(entry, level, counts)
        if not marker or level.suffix == "nothing":
            return marker
        # A full-width mark brings its own space; after a half-width one the text would run into the number.
        return marker if marker[-1] in "、．。，：）】》〉」)" else marker + " "

    def _count(self, entry: _List, number: str, index: int, counts: dict[int, int]) -> None:
        start = entry.starts.get(index)
        if start is not None and (number, index) not in self._begun:
            counts[index] = start
        else:
            counts[index] = counts.get(index, entry.levels[index].start - 1) + 1
        self._begun.add((number, index))
        for deeper in range(index + 1, LEVELS):
            restart = entry.levels[deeper].restart if deeper in entry.levels else None
            # w:lvlRestart 0 never restarts; n restarts after a paragraph of the nth level (counted from
            # 1) or above.
            if restart is None or (restart > 0 and index < restart):
                counts.pop(deeper, None)


def _fill(entry: _List, level: _Level, counts: Mapping[int, int]) -> str:
    """Put the counts of all levels into the level's text, as ``%1.%2``."""
    text = level.text
    for index in range(LEVELS):
        mark = f"%{index + 1}"
        if mark not in text:
            continue
        other = entry.levels.get(index, _Level())
        written = FORMATS.get("decimal" if level.legal else other.format, str)
        text = text.replace(mark, written(counts.get(index, other.start)))
    return text


def _override(entry: _List, node: Element) -> None:
    index = _index(node)
    replaced = node.find(f"{W}lvl")
    if replaced is not None:
        entry.levels[index] = _read_level(replaced)
    start = _value(node, "startOverride")
    if start is not None:
        entry.starts[index] = _number(start, 1)


def _read_level(node: Element) -> _Level:
    restart = _value(node, "lvlRestart")
    return _Level(
        start=_number(_value(node, "start"), 1),
        format=_format(node),
        text=_value(node, "lvlText") or "",
        suffix=_value(node, "suff") or "tab",
        restart=None if restart is None else _number(restart, 0),
        legal=node.find(f"{W}isLgl") is not None,
        style=_value(node, "pStyle"),
    )


def _format(node: Element) -> str:
    """Return the number format.

    A newer one stands in mc:AlternateContent with a fallback, which is the last.
    """
    found = [item.get(f"{W}val") for item in node.iter(f"{W}numFmt")]
    known = [name for name in found if name in FORMATS]
    return known[-1] if known else "decimal"


def _index(node: Element) -> int:
    return min(max(_number(node.get(f"{W}ilvl"), 0), 0), LEVELS - 1)


def _value(node: Element | None, name: str) -> str | None:
    child = None if node is None else node.find(f"{W}{name}")
    value = None if child is None else child.get(f"{W}val")
    return None if value is None else str(value)


def _number(text: str | None, default: int) -> int:
    """Return a whole number of reasonable size, `default` when a damaged file holds something else."""
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else default
