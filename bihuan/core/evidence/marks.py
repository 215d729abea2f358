"""Find a classification mark (密级) on a paper, and tell it from the same words in prose.

lines of the first page ─mark_in→ 绝密, 机密 or 秘密, or None
Source: GB/T 9704-2012 §7.2.2: at the head of the first page, the term, ★ and the period (“秘密★1年”).
"""

import re
import unicodedata
from collections.abc import Sequence

#: Characters that take no room: they part the two characters of a mark without being seen.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f]"
)
_TERM = r"(绝密|机密|秘密)"
_STAR = r"[★☆✯✭⭐]"
_PERIOD = r"(?:(?:长期|启用前|解密前|\d{1,3}(?:年|个月|月|天)|[一二三四五六七八九十]{1,3}年).{0,4})?"
#: A line of its own: perhaps after a copy number or 密级, perhaps before a period or an urgency.
_ALONE = re.compile(
    rf"(?:\d{{1,8}}|№\d{{1,8}}|密级)?[：:]?[【\[(（]?{_TERM}[】\])）]?(?:{_STAR}|\*)?{_PERIOD}(?:特急|加急|急件|特提|平急)?"
)
_STARRED = re.compile(rf"{_TERM}{_STAR}(?!级)")
_OLD = str.maketrans({"絕": "绝", "機": "机", "祕": "秘"})


def mark_in(lines: Sequence[str], *, top: int, name: str = "") -> str | None:
    """Return the mark on a paper, None without one.

    A term followed by ★ counts in every given line and in the file's `name`; a bare term only as a whole line among
    the first `top` lines, for prose says 保守国家秘密 or 商业秘密 without being secret.

    >>> mark_in(["秘 密 ★ 1 年", "关于……的通知"], top=15)
    '秘密'
    >>> mark_in(["保守国家秘密，人人有责"], top=15)
    """
    for number, line in enumerate((*lines, name)):
        text = plain(line)
        if number < min(top, len(lines)) and (found := _ALONE.fullmatch(text)):
            return found[1]
        if found := _STARRED.search(text):
            return found[1]
    return None


def plain(line: str) -> str:
    """Return a line in one shape: no spaces, nothing unseen, every form of a character as the usual one."""
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", line)).translate(_OLD)
    return "".join(text.split())
