"""The figures of a text: money, counts, rates, dates, periods, areas, capacities, document numbers, book titles.

response text ─figures→ Figure(text, value, unit, kind, approx, base, start, end), in order, none inside another
"""

import re
from collections.abc import Iterator

from bihuan.core.reading import figure_words as words
from bihuan.core.reading.document import Figure
from bihuan.core.reading.folding import folded
from bihuan.core.reading.numerals import arabic, chinese

Span = tuple[int, int]
_TITLE = 200  # a book title longer than this was never closed
_BEHIND_ORDINAL = frozenset("、.)")
_BEFORE_ORDINAL = frozenset(("", *"\n。;(:"))


def figures(response: str, half: str | None = None) -> tuple[Figure, ...]:
    """Return the figures of a response; offsets count its characters, values stand in the unit printed.

    `half` is the response in half-width simplified characters, of the same length, where it is known already.
    """
    text = folded(response) if half is None else half
    found: list[Figure] = []
    for begin, end, title in _stretches(text):
        if title:
            inside = response[begin + 1 : end - 1]
            found.append(Figure(response[begin:end], inside, None, "title", None, None, begin, end))
        else:
            found.extend(_numbers(response, text, begin, end))
    return tuple(found)


def _stretches(text: str) -> Iterator[tuple[int, int, bool]]:
    """Cut a text into book titles 《…》 (nesting counted) and what stands between them."""
    start = 0
    opened = text.find("《")
    while opened >= 0:
        closed = _closing(text, opened)
        if closed is None:
            opened = text.find("《", opened + 1)
            continue
        if opened > start:
            yield start, opened, False
        yield opened, closed, True
        start = closed
        opened = text.find("《", closed)
    if start < len(text):
        yield start, len(text), False


def _closing(text: str, opened: int) -> int | None:
    """Return the end of the book title that opens at `opened`, None when it is never closed."""
    depth = 0
    for index in range(opened, min(len(text), opened + _TITLE)):
        if text[index] == "《":
            depth += 1
        elif text[index] == "》":
            depth -= 1
            if depth == 0:
                return index + 1
    return None


def _numbers(response: str, text: str, begin: int, end: int) -> Iterator[Figure]:
    """Yield the figures of a stretch without book titles."""
    position = begin
    while (trigger := words.TRIGGER.search(text, position, end)) is not None:
        figure = _at(response, text, trigger)
        position = trigger.end() if figure is None else max(figure.end, trigger.start() + 1)
        if figure is not None:
            yield figure


def _at(response: str, text: str, trigger: re.Match[str]) -> Figure | None:
    """Return the figure that stands at a trigger; None for numerals that count nothing (第3次, “两个维护”, 每一名)."""
    start = trigger.start()
    first = text[start]
    if first.isdigit() and first.isascii():
        return _digits(response, text, start)
    if first in "〔[(":
        return _document_number(response, text, start)
    if text.startswith("百分之", start):
        return _hundredths(response, text, start)
    match = words.AT_WORD.match(text, start)
    return _worded(response, text, match) if match else None


def _digits(response: str, text: str, start: int) -> Figure | None:
    """Return the figure that begins with a digit."""
    match = words.AT_DIGIT.match(text, start)
    before = text[start - 1 : start]
    if match is None or (before.isascii() and before.isalnum()):
        return None
    if text[match.end() : match.end() + 1] in _BEHIND_ORDINAL and before in _BEFORE_ORDINAL:
        return None  # the ordinal of a list
    kind = match.lastgroup
    if kind == "percent":
        return _measured(
            response, text, match.span(), arabic(match["pn"]), match["pu"], "percent", match["px"]
        )
    if kind == "period":
        return _text_figure(response, match.span(), _period(match["period"]), "period")
    if kind == "isodate":
        value = "-".join(part.zfill(2) for part in re.split(r"[-/.]", match["isodate"]))
        return _text_figure(response, match.span(), value, "date")
    if kind == "date":
        return _date(response, match)
    return None if before == "第" else _valued(response, text, match)


def _text_figure(response: str, span: Span, value: str, kind: str) -> Figure:
    """Return a figure whose value is text."""
    return Figure(response[slice(*span)], value, None, kind, None, None, *span)


def _document_number(response: str, text: str, bracket: int) -> Figure | None:
    """Return a document number: the issuer's code before the bracket, without the words that lead to it."""
    match = words.NUMBERED.match(text, bracket)
    if match is None:
        return None
    start = bracket
    while start > max(0, bracket - 14) and "\u4e00" <= text[start - 1] <= "\u9fff":
        start -= 1
    lead = words.LEADS.match(text, start, bracket)
    if lead:
        start = lead.end()
    if start == bracket:
        return None
    return _text_figure(response, (start, match.end()), text[start : match.end()], "docnumber")


def _hundredths(response: str, text: str, start: int) -> Figure | None:
    """Return 百分之三十五 as a rate."""
    match = words.HUNDREDTHS.match(text, start)
    value: float | int | None = chinese(match["n"]) if match else None
    if match is None or value is None:
        return None
    if match["point"]:
        value = float(f"{value}." + "".join(str(chinese(digit)) for digit in match["point"]))
    return _measured(response, text, match.span(), value, "%", "percent", None)


def _measured(response: str, text: str, span: Span, *measure: float | int | str | None) -> Figure:
    """Return a figure with value, unit, kind and inexactness, a rate with its base."""
    value, unit, kind, sign = measure
    start, end = span
    lead = words.BEFORE.search(text[max(0, start - 3) : start])
    signs = (sign, lead and lead.group(), text[end : end + 2])
    approx = next((words.APPROX[s] for s in signs if isinstance(s, str) and s in words.APPROX), None)
    if kind == "period" and lead and lead.group() == "近":
        approx = None  # 近两年 is the last two years, not nearly two
    named = words.BASE.search(text[max(0, start - 40) : start]) if kind == "percent" else None
    return Figure(
        response[start:end], value, str(unit) if unit else None, str(kind), approx, named["base"] if named else None,
        start, end,
    )  # fmt: skip


def _valued(response: str, text: str, match: re.Match[str]) -> Figure | None:
    """Return a number in digits with its measure."""
    value = arabic(match["vn"])
    if value is None:
        return None
    sign, scale = match["vx"] or match["vy"], match["vs"] or ""
    for kind in ("money", "area", "capacity", "count"):
        if match[kind]:
            unit = scale + match[kind]
            if kind == "money" and ("余" in unit or "多" in unit):
                sign, unit = "余", unit.replace("余", "").replace("多", "")
            return _measured(response, text, match.span(), value, unit, kind, sign)
    if match["length"] == "年" and 1900 <= value <= 2100:
        return _text_figure(response, match.span(), match["vn"], "date")
    if match["length"]:
        return _measured(response, text, match.span(), value, match["length"], "period", sign)
    return _measured(response, text, match.span(), value, scale or None, "number", sign)


def _worded(response: str, text: str, match: re.Match[str]) -> Figure | None:
    """Return a count in Chinese words, unless it is a slogan, an ordinal or a manner of speaking."""
    start, unit, digits = match.start(), match["wu"], match["wn"]
    if text[start - 1 : start] in words.NO_COUNT_AFTER or _quoted(text, start):
        return None
    value, behind = chinese(digits), text[match.end() : match.end() + 1]
    if value is None or (value == 1 and (unit in words.LOOSE_ONE or behind in tuple("月季"))):
        return None
    if digits in ("千", "百", "万", "十") or (unit == "成" and behind in tuple("立果员效本为")):
        return None
    return _measured(
        response, text, match.span(), value, unit, words.WORD_KINDS.get(unit, "count"), match["wx"]
    )


def _quoted(text: str, index: int) -> bool:
    """Tell whether a character stands within quotation marks that open at most 60 characters before it."""
    opened = text.rfind("“", max(0, index - 60), index)
    return opened >= 0 and text.find("”", opened, opened + 80) > index


def _date(response: str, match: re.Match[str]) -> Figure | None:
    """Return a date; without a printed year its value is ISO's truncated form (--12, --09-01)."""
    month, day = int(match["dm"]), int(match["dd"]) if match["dd"] else None
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    value = f"{match['dy'] or '-'}-{month:02d}" + (f"-{day:02d}" if day else "")
    return _text_figure(response, match.span(), value, "date")


def _period(printed: str) -> str:
    """Return a period as ISO text start/end where both ends are months or years, else as printed.

    >>> _period("2023年1-9月"), _period("2021-2023年"), _period("2023年度")
    ('2023-01/2023-09', '2021/2023', '2023')
    """
    if re.fullmatch(r"\d{4}年(?:度|以来)?", printed):
        return printed[:4]
    months = re.fullmatch(r"(\d{4})年(\d{1,2})月?(?:-|—{1,2}|至|到|~)(\d{1,2})月", printed)
    if months:
        year, first, last = months.groups()
        return f"{year}-{int(first):02d}/{year}-{int(last):02d}"
    years = re.fullmatch(r"(\d{4})年?(?:-|—{1,2}|至|到|~)(\d{4})年度?", printed)
    return f"{years[1]}/{years[2]}" if years else printed
