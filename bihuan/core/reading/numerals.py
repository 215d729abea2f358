"""Numbers as printed, in digits or in Chinese words.

"三十二" ─chinese→ 32     "1,200" ─arabic→ 1200     "16.4" ─arabic→ 16.4
"""

from types import MappingProxyType

DIGITS = MappingProxyType(
    {
        "〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
        "九": 9, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
    }
)  # fmt: skip
_SCALE = MappingProxyType({"十": 10, "拾": 10, "百": 100, "千": 1000})
WORDS = "零〇一二两三四五六七八九十百千"


def chinese(text: str) -> int | None:
    """Return the number that Chinese words name, up to 9999; None for anything else.

    >>> chinese("三十二"), chinese("十"), chinese("二〇二三"), chinese("两")
    (32, 10, 2023, 2)
    """
    if not text or len(text) > 9 or any(c not in DIGITS and c not in _SCALE for c in text):
        return None
    if len(text) > 1 and all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total, current = 0, 0
    for char in text:
        if char in _SCALE:
            total += (current or 1) * _SCALE[char]
            current = 0
        else:
            current = DIGITS[char]
    return total + current


def arabic(text: str) -> int | float | None:
    """Return the number that digits print, thousands separators allowed; None for anything else."""
    if len(text) <= 18 and text.isascii() and text.isdigit():
        return int(text)
    plain = text.replace(",", "")
    if not plain or len(plain) > 18 or not plain.replace(".", "", 1).isascii():
        return None
    if not plain.replace(".", "", 1).isdigit():
        return None
    return float(plain) if "." in plain else int(plain)


def whole(text: str) -> int | None:
    """Return a whole number printed in digits or in words."""
    value = arabic(text)
    if isinstance(value, int):
        return value
    return None if value is not None else chinese(text)
