"""What is wrong with the text itself: a reader says so and repairs nothing.

rows ─damage→ remarks with the codes reading.…
"""

import re
from collections.abc import Iterator, Sequence

from bihuan.core.reading.dates import tokens
from bihuan.core.reading.folding import PINYIN, TRADITIONAL, UNSEEN
from bihuan.core.reading.rows import Row
from bihuan.core.source import Remark

_LOST = re.compile(r"(?<=[\u4e00-\u9fff])(?:\?{1,3}|\ufffd+)(?=[\u4e00-\u9fff])|\ufffd")
_HIDDEN = re.compile(f"[{UNSEEN}]")
_TURNED = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DOUBLED = re.compile(r"[,，]{2,}|。{2,}(?!。)|[;；]{2,}|、{2,}|[:：]{2,}")
_SPUN = re.compile(r"转头看|回頭看看|巡查组反馈了?巡视|整顿改正状况")
_SPAM = re.compile(
    r"博彩|彩票|棋牌|娱乐城|私服|外挂|代孕|办证|刻章|贷款利率|体育投注|皇冠网|开户链接|威尼斯人|真人视讯"
)
_BROKEN = re.compile(r"[\d年](?:(?<=\d)(?<!\d\d)\d{2,8}日|(?:(?<=1)9|(?<=2)0)\d{3,4}月|(?<=年)\d{2,4}日)")
_OLD = re.compile(f"[{''.join(sorted(TRADITIONAL))}]")
_ENDS = re.compile(r"[。!?;:）)”》\d日]$")


def damage(rows: Sequence[Row]) -> Iterator[Remark]:
    """Yield one remark for each kind of damage, at the first place where it stands, with how often it occurs."""
    spoilt = [row for row in rows if _shows([row])] if _shows(rows) else []
    for code, count, first in (
        ("reading.inserted-pinyin", *_count(spoilt, PINYIN)),
        ("reading.lost-characters", *_count(spoilt, _LOST)),
        ("reading.direction-marks", *_count(spoilt, _TURNED)),
        ("reading.unseen-characters", *_count(spoilt, _HIDDEN)),
        ("reading.doubled-punctuation", *_count(spoilt, _DOUBLED)),
        ("reading.spun-words", *_count(spoilt, _SPUN)),
        ("reading.foreign-advertising", *_count(spoilt, _SPAM)),
    ):
        if first is not None:
            yield Remark(code, {"count": count}, first.place)
    yield from _script(rows)
    yield from _dates(rows)


# One is found wherever a kind of damage stands; each begins with one set of characters, so clean text costs little.
_SIGNS = tuple(
    re.compile(words) for words in (
        rf"[?\ufffd{UNSEEN}]", r"[,，;；、:：。][,，;；、:：。]", PINYIN.pattern, f"{_SPUN.pattern}|{_SPAM.pattern}"
    )
)  # fmt: skip


def _shows(rows: Sequence[Row]) -> bool:
    """Tell whether any kind of damage but those of dates and script may stand in the rows."""
    raw = "\n".join(row.folded.raw[row.folded.shift : row.folded.stop] for row in rows)
    return any(sign.search(raw) for sign in _SIGNS)


def _count(rows: Sequence[Row], pattern: re.Pattern[str]) -> tuple[int, Row | None]:
    """Return how often a pattern occurs in the raw text, and the first row with it."""
    total, first = 0, None
    for row in rows:
        raw = row.folded.raw[row.folded.shift : row.folded.stop]
        found = len(pattern.findall(raw))
        total += found
        if found and first is None:
            first = row
    return total, first


def _script(rows: Sequence[Row]) -> Iterator[Remark]:
    """Yield a remark when a text is written in traditional characters."""
    total, first = 0, None
    for row in rows:
        raw = row.folded.raw[row.folded.shift : row.folded.stop]
        if not _OLD.search(raw):
            continue
        old = len(TRADITIONAL.intersection(raw))
        total += old
        first = first or row
    if total >= 8 and first is not None:
        yield Remark("reading.traditional-script", {}, first.place)


def _dates(rows: Sequence[Row]) -> Iterator[Remark]:
    """Yield a remark for the dates that lost their 年 or 月."""
    count, first, words = 0, None, ""
    for row in rows:
        if not _BROKEN.search(row.text):
            continue
        for token in tokens(row.text):
            if token.mangled:
                count += 1
                if first is None:
                    first, words = row, row.folded.printed(token.start, token.end)
    if first is not None:
        yield Remark("reading.mangled-date", {"count": count, "quote": words}, first.place)


def cut_off(rows: Sequence[Row]) -> Remark | None:
    """Return a remark when the last row stops in the middle of a sentence."""
    if not rows:
        return None
    last = rows[-1]
    if (
        last.role == "text"
        and len(last.text) > 15
        and any(sign in last.text for sign in ",:;。")
        and not _ENDS.search(last.text)
    ):
        return Remark("reading.cut-off", {"quote": last.folded.printed()[-12:]}, last.place)
    return None
