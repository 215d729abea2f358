"""Words of documents in the words of the register: categories, states, and texts folded to be compared.

>>> category_of("分阶段整改"), state_of("已完成整改"), chinese_number(12)
('staged', 'completed', '十二')
"""

from collections.abc import Mapping
from types import MappingProxyType

from bihuan.core.findings import BASIC, COMPLETED, DOING, LONG_TERM, NOT_COMPLETED, TODO
from bihuan.core.reading.folding import fold

#: In this order, for the longer words hold the shorter ones.
CATEGORY_WORDS = (
    ("立行立改", "at_once"),
    ("立整立改", "at_once"),
    ("立即", "at_once"),
    ("即知即改", "at_once"),
    ("分阶段", "staged"),
    ("限期", "staged"),
    ("阶段", "staged"),
    ("持续", "continuous"),
    ("长期", "continuous"),
    ("常态", "continuous"),
)
STATE_WORDS = (
    ("基本完成", BASIC),
    ("长期", LONG_TERM),
    ("持续", LONG_TERM),
    ("未完成", NOT_COMPLETED),
    ("没有完成", NOT_COMPLETED),
    ("尚未", NOT_COMPLETED),
    ("未整改", NOT_COMPLETED),
    ("正在", DOING),
    ("整改中", DOING),
    ("进行中", DOING),
    ("推进中", DOING),
    ("完成", COMPLETED),
    ("已整改", COMPLETED),
    ("销号", COMPLETED),
    ("未开始", TODO),
    ("未启动", TODO),
)
ENDINGS = "。；;，,：:、.．"
NUMERALS: Mapping[int, str] = MappingProxyType(dict(enumerate("零一二三四五六七八九")))


def folded(text: str) -> str:
    """Return the text without white space and closing marks, half-width and simplified: the form to
    compare."""
    return fold(text).text.strip(ENDINGS).casefold()


def category_of(words: str) -> str:
    """Return the category that a plan's words mean; words that mean none come back as they are."""
    plain = folded(words)
    return next((code for word, code in CATEGORY_WORDS if word in plain), words.strip())


def state_of(words: str) -> str:
    """Return the state that a document's words declare; "" for none, the words as they are when not
    understood."""
    plain = folded(words)
    return next((code for word, code in STATE_WORDS if word in plain), words.strip())


def chinese_number(value: int) -> str:
    """Return a number of 1 to 99 in Chinese words; larger ones in digits."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return head + (NUMERALS[ones] if ones else "")
