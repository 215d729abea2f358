"""Chinese punctuation in Chinese text: full-width marks, paired and nested quotes, half-width figures.

typed or crawled text ─full_width→ the same words with the marks of GB/T 15834
"""

import re

# What keeps its half-width marks whatever stands around it. Marks at the end of an address belong to
# the sentence.
_ADDRESS = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.\-]*://|www\.)[!-~]*[A-Za-z0-9/#=&_~\-]"
    r"|[A-Za-z0-9._+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
)
_MARKS = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}
_OPEN, _CLOSE = {"(": "（"}, {")": "）"}
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇々]")
_MARK = re.compile(r"[\s,:;?!()\"'.，：；？！（）“”‘’。、《》〈〉「」『』【】〔〕—…·0-9%+\-/~]")
_WIDE = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05)
}


def full_width(text: str) -> str:
    """Return `text` with full-width punctuation wherever it stands in Chinese, and half-width digits
    and letters.

    A mark is Chinese when the nearest word beside it, on either side, is. Figures (1,234 and 9:30 and
    3.5), addresses
    of the net and of mail, and marks between Latin words stay as they are. Doing it twice changes
    nothing more.
    Source: GB/T 15834-2011 (标点符号用法); GB/T 15835-2011 for the digits.

    >>> full_width('已完成(49项),其中"回头看"3项;占比75.35%.')
    '已完成（49项），其中“回头看”3项；占比75.35%.'
    """
    narrow = text.translate(_WIDE)
    if not _CHINESE.search(narrow):
        return narrow
    kept = _kept_places(narrow)
    chinese = _chinese_beside(narrow)
    chars = list(narrow)
    for at, char in enumerate(narrow):
        if at in kept or not chinese[at]:
            continue
        if char in _MARKS and not _between_digits(narrow, at):
            chars[at] = _MARKS[char]
        elif char == "." and _ends_sentence(narrow, at):
            chars[at] = "。"
    _widen_brackets(chars, kept, chinese)
    return _nest_quotes(_pair_quotes("".join(chars)))


def _kept_places(text: str) -> set[int]:
    """Return the places inside addresses."""
    return {at for match in _ADDRESS.finditer(text) for at in range(*match.span())}


def _chinese_beside(text: str) -> list[bool]:
    """Tell for each place whether the nearest word on its left or right is Chinese; marks, figures and
    blanks are none.

    Only words count, and no word is ever changed: that is why a second pass finds nothing to do.
    """

    def sweep(order: range) -> list[bool]:
        found, last = [False] * len(text), False
        for at in order:
            found[at] = last
            if not _MARK.match(text[at]):
                last = bool(_CHINESE.match(text[at]))
        return found

    left, right = sweep(range(len(text))), sweep(range(len(text) - 1, -1, -1))
    return [a or b for a, b in zip(left, right, strict=True)]


def _between_digits(text: str, at: int) -> bool:
    """Tell whether the mark at `at` stands directly between two digits: a time, a ratio or a thousands
    mark.
    """
    return 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()


def _ends_sentence(text: str, at: int) -> bool:
    """Tell whether the point at `at` follows a word and ends what is said (a number before it is a
    numbering).
    """
    if at == 0 or not (_CHINESE.match(text[at - 1]) or text[at - 1] in "%)）”"):
        return False
    rest = text[at + 1 :].lstrip("\"'”’)）")
    return not rest or rest[0].isspace()


def _widen_brackets(chars: list[str], kept: set[int], chinese: list[bool]) -> None:
    """Widen round brackets in pairs, when either stands in Chinese; a lone one by its own place."""
    waiting: list[int] = []
    for at, char in enumerate(chars):
        if at in kept or char not in "()（）":
            continue
        if char in "(（":
            waiting.append(at)
            continue
        pair = [at, waiting.pop()] if waiting else [at]
        if any(chinese[place] or chars[place] in "（）" for place in pair):
            for place in pair:
                chars[place] = _OPEN.get(chars[place]) or _CLOSE.get(chars[place]) or chars[place]
    for at in waiting:
        if chinese[at]:
            chars[at] = _OPEN.get(chars[at], chars[at])


def _pair_quotes(text: str) -> str:
    """Turn straight double quotes into “ and ” by turns, when they come in pairs; straight single ones
    inside them too.
    """
    if text.count('"') % 2 == 0:
        parts = text.split('"')
        text = "".join(part + ("“" if at % 2 == 0 else "”") for at, part in enumerate(parts[:-1])) + parts[-1]
    return re.sub(r"(?<![A-Za-z0-9])'([^'“”\"]{1,60})'(?![A-Za-z0-9])", r"‘\1’", text)


def _nest_quotes(text: str) -> str:
    """Turn “ ” within “ ” into ‘ ’, when the double quotes of the text are balanced; else leave every
    one alone.
    """
    depth, chars = 0, list(text)
    for at, char in enumerate(text):
        if char == "“":
            depth += 1
            chars[at] = "“" if depth % 2 else "‘"
        elif char == "”":
            if depth == 0:
                return text
            chars[at] = "”" if depth % 2 else "’"
            depth -= 1
    return "".join(chars) if depth == 0 else text
