"""The figures of a text: money, counts, rates, dates, periods, areas, capacities, document numbers, book titles.

response text ─figures→ Figure(text, value, unit, kind, approx, base, start, end), in order, none inside another
"""

import re
from collections.abc import Iterator
from types import MappingProxyType

from bihuan.core.reading.document import Figure
from bihuan.core.reading.folding import TABLE
from bihuan.core.reading.numerals import WORDS, arabic, chinese

_AREA = "平方公里|平方千米|平方米|万亩|亩|公顷|㎡|m2|km2"
_CAPACITY = "[万千]?(?:m3|m³|立方米|方|吨|千瓦时|千瓦|兆瓦|千卡|度|公斤|千克|升|t|kg)(?:/(?:d|h|a|日|天|小时|年|月)|每[日天年])?"
_MONEY = "(?:[十百千万亿]+)?(?:余|多)?(?:元|美元|欧元|港元|人民币|块钱)(?:/[^\\d,。;]{1,4})?"
_COUNTS = (
    "人次|人|家次|家|个百分点|个|项次|项|次|轮次|轮|期|份|场次|场|名|件次|件|处|套|台次|台|公里|千米|米|条|类|户次|户|篇|辆|座|宗|起|笔|批次|"
    "间|张|幅|块|位|只|头|支|册|本|部|门|所|栋|幢|株|棵|盏|根|组|队|班|课时|学时|课|遍|倍|岁|级|层|周|天|日|小时|分钟|分|步|片|道|口|对|桩|"
    "封|票|席|届|大类|方面|批|点|种|节|堂|艘|盒|箱|袋|颗|枚|村|镇|人/次|PPM"
)
_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PRE = "(?P<pre>将近|接近|近|大约|约|超过|超|逾|突破|不到|不足|不少于|至少)?"
# Words may count only with these measures: 三个 两家 but not 一批, 一律 or 五大.
_WORD_COUNTS = "人次|人|家|个|项|次|轮|份|场|名|件|处|套|台|条|类|户|篇|辆|座|笔|位|所|年|个月|天|方面|成|亩|公里|万元|亿元|批次|期|起|宗|本|部"
_SCAN = re.compile(
    r"(?P<docnumber>[\u4e00-\u9fff]{1,14}[〔\[(]\s?(?:19|20)\d{2}\s?[〕\])]\s?第?\d{1,5}号)"
    r"|(?P<percent>" + _PRE.replace("pre", "ppre") + rf"(?P<pn>{_NUM})(?P<pa>余|多)?(?P<pu>%|‰|个百分点|百分点))"
    r"|(?P<cpercent>百分之(?P<cpn>[零〇一二三四五六七八九十百点]{1,8}))"
    r"|(?P<period>(?<!\d)(?:19|20)\d{2}年?(?:\d{1,2}月?)?(?:-|—{1,2}|至|~)(?:(?:19|20)\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月(?:\d{1,2}日)?|(?:19|20)\d{2}年度?)"
    r"|(?<!\d)\d{1,2}(?:月\d{1,2}日)?(?:-|—{1,2}|至|~)\d{1,2}月(?:\d{1,2}日)?|(?<!\d)(?:19|20)\d{2}年(?:[上下]半年|第?[一二三四]季度|度|以来|(?=[,。;、\u4e00-\u9fff]))(?!\d))"
    r"|(?P<isodate>(?<!\d)(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))"
    r"|(?P<date>(?<!\d)(?:(?P<dy>(?:19|20)\d{2})年)?(?P<dm>\d{1,2})月份?(?:(?P<dd>\d{1,2})(?:日|号)|(?P<dx>上旬|中旬|下旬|底|末|初)(?!心))?)"
    r"|(?P<value>" + _PRE + rf"(?P<vn>{_NUM})(?P<va>余|多)?(?P<vs>万|亿|千|百)?(?P<va2>余|多)?(?:(?P<money>{_MONEY})|(?P<area>{_AREA})|(?P<capacity>{_CAPACITY})(?![a-zA-Z])|(?P<years>年|个月|个工作日|小时)|(?P<count>{_COUNTS}))?)"
    rf"|(?P<words>" + _PRE.replace("pre", "wpre") + rf"(?P<wn>[{WORDS}]{{1,6}})(?P<wa>余|多)?(?P<wu>{_WORD_COUNTS}))"
)  # fmt: skip
_APPROX = MappingProxyType(
    {
        "余": "over", "多": "over", "超过": "over", "超": "over", "逾": "over", "突破": "over", "不少于": "over",
        "至少": "over", "近": "near", "将近": "near", "接近": "near", "不到": "near", "不足": "near", "约": "about",
        "大约": "about", "左右": "about", "上下": "about",
    }
)  # fmt: skip
_BASE = re.compile(
    r"(?P<base>同比|环比|较[^,。;]{1,14}?|比[^,。;]{1,14}?|占[^,。;]{1,24}?的?|[^,。;、]{0,10}(?:完成率|整改率|办结率|合格率|覆盖率|达标率|回收率|出勤率|满意率|满意度|使用率|增长率|签订率|化解率|率))"
    r"(?:均|已|也|约|近|分别|为|达到?|至|是|增长|下降|提高|提升|上升|减少|增加|降低|增幅|降幅|了|超过?|:)*$"
)
_SKIP_BEFORE = frozenset("第每同某另任各逐这那哪进统万千同")
_LEADS = re.compile(
    r"[\u4e00-\u9fff]*(?:依据|根据|按照|印发|下发|制发|出台|制定|转发|执行|落实|贯彻|以及|参照|遵照|通过|文件|发布|收到|依照|和|及|与|的|了|为|对|见|在|按)"
    r"(?=[\u4e00-\u9fff]{2,})"
)
_QUOTES = re.compile(r"“[^“”]{0,60}”|‘[^‘’]{0,60}’")


def figures(response: str) -> tuple[Figure, ...]:
    """Return the figures of a response; offsets count its characters, values stand in the unit printed."""
    text = response.translate(TABLE)
    found: list[Figure] = []
    for begin, end, title in _stretches(text):
        if title:
            inside = response[begin + 1 : end - 1]
            found.append(Figure(response[begin:end], inside, None, "title", None, None, begin, end))
        else:
            found.extend(_numbers(response, text, begin, end))
    return tuple(found)


def _stretches(text: str) -> Iterator[tuple[int, int, bool]]:
    """Cut a text into book titles 《…》 (nesting counted, at most 200 characters) and what stands between them."""
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
    for index in range(opened, min(len(text), opened + 200)):
        if text[index] == "《":
            depth += 1
        elif text[index] == "》":
            depth -= 1
            if depth == 0:
                return index + 1
    return None


def _numbers(response: str, text: str, begin: int, end: int) -> Iterator[Figure]:
    """Yield the figures of a stretch without book titles."""
    quotes = [m.span() for m in _QUOTES.finditer(text, begin, end)]
    for match in _SCAN.finditer(text, begin, end):
        figure = _figure(response, text, match, quotes)
        if figure is not None:
            yield figure


def _figure(response: str, text: str, match: re.Match[str], quotes: list[tuple[int, int]]) -> Figure | None:
    """Turn one match into a figure; None for numbers that count nothing (第3次, “两个维护”, 每一名)."""
    group = match.groupdict()
    if group["docnumber"]:
        return _document_number(response, match)
    if group["percent"]:
        approx = _approx(text, match, group["ppre"], group["pa"])
        return _measured(response, text, match, arabic(group["pn"]), group["pu"], "percent", approx)
    if group["cpercent"]:
        value = chinese(group["cpn"])
        return _measured(response, text, match, value, "%", "percent", None) if value is not None else None
    if group["period"]:
        return _plain(response, match, _period(group["period"]), "period")
    if group["isodate"]:
        return _plain(
            response, match, "-".join(p.zfill(2) for p in re.split(r"[-/.]", group["isodate"])), "date"
        )
    if group["date"]:
        return _date(response, match, group)
    if group["words"]:
        return _worded(response, text, match, quotes)
    return _valued(response, text, match)


def _plain(response: str, match: re.Match[str], value: str, kind: str) -> Figure:
    """Return a figure whose value is text."""
    return Figure(
        response[match.start() : match.end()], value, None, kind, None, None, match.start(), match.end()
    )


def _document_number(response: str, match: re.Match[str]) -> Figure:
    """Return a document number without the words that lead to it (依据, 印发)."""
    lead = _LEADS.match(match.group())
    start = match.start() + (lead.end() if lead else 0)
    text = response[start : match.end()]
    return Figure(text, text.translate(TABLE), None, "docnumber", None, None, start, match.end())


def _measured(response: str, text: str, match: re.Match[str], *measure: int | float | str | None) -> Figure:
    """Return a figure with value, unit, kind and approximation, a rate with its base; the words before it stay out."""
    value, unit, kind, approx = measure
    lead = next((g for g in (match["ppre"], match["pre"], match["wpre"]) if g), "")
    start, end = match.start() + len(lead), match.end()
    base = None
    if kind == "percent":
        named = _BASE.search(text[max(0, start - 40) : start])
        base = named["base"] if named else None
    if kind == "period" and lead == "近":
        approx = None  # 近两年 is the last two years, not nearly two
    return Figure(response[start:end], value, _str(unit), str(kind), _str(approx), base, start, end)


def _str(value: int | float | str | None) -> str | None:
    """Return text, None for nothing."""
    return str(value) if value else None


def _approx(text: str, match: re.Match[str], *signs: str | None) -> str | None:
    """Return how a number is inexact, from the words before, inside and behind it."""
    behind = text[match.end() : match.end() + 2]
    for sign in (*signs, behind):
        if sign and sign in _APPROX:
            return _APPROX[sign]
    return "over" if behind[:2] == "以上" else None


def _valued(response: str, text: str, match: re.Match[str]) -> Figure | None:
    """Return a number in digits with its measure."""
    group = match.groupdict()
    value = arabic(group["vn"])
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    if value is None or before == "第" or (before.isascii() and before.isalnum()):
        return None
    approx = _approx(text, match, group["pre"], group["va"], group["va2"])
    scale = group["vs"] or ""
    for kind in ("money", "area", "capacity", "count"):
        if group[kind]:
            unit = scale + group[kind]
            if kind == "money":
                approx = approx or ("over" if "余" in unit or "多" in unit else None)
                unit = unit.replace("余", "").replace("多", "")
            return _measured(response, text, match, value, unit, kind, approx)
    if group["years"]:
        kind = "date" if group["years"] == "年" and 1900 <= value <= 2100 else "period"
        if kind == "date":
            return _plain(response, match, group["vn"], "date")
        return _measured(response, text, match, value, group["years"], "period", None)
    return _measured(response, text, match, value, scale or None, "number", approx)


def _worded(response: str, text: str, match: re.Match[str], quotes: list[tuple[int, int]]) -> Figure | None:
    """Return a count in Chinese words, unless it is a slogan, an ordinal or a manner of speaking."""
    group = match.groupdict()
    start = match.start()
    before = text[start - 1 : start] if start else ""
    if before in _SKIP_BEFORE or any(a < start < b for a, b in quotes):
        return None
    value = chinese(group["wn"])
    behind = text[match.end() : match.end() + 1]
    if value is None or (
        value == 1
        and (group["wu"] in ("条", "次", "部", "年", "场", "方面", "起", "轮", "期") or behind in "月季")
    ):
        return None
    if group["wn"][0] in "千百万十" and len(group["wn"]) == 1 and group["wu"] in ("个", "方面", "家", "年"):
        return None
    kind = {
        "年": "period",
        "个月": "period",
        "天": "period",
        "成": "percent",
        "亩": "area",
        "万元": "money",
        "亿元": "money",
    }.get(group["wu"], "count")
    if kind == "percent" and behind in "立果员效本为":
        return None
    return _measured(
        response, text, match, value, group["wu"], kind, _approx(text, match, group["wpre"], group["wa"])
    )


def _date(response: str, match: re.Match[str], group: dict[str, str | None]) -> Figure | None:
    """Return a date; without a printed year its value is ISO's truncated form (--12, --09-01)."""
    month = int(group["dm"] or 0)
    day = int(group["dd"]) if group["dd"] else None
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    year = group["dy"] or "-"
    value = f"{year}-{month:02d}" + (f"-{day:02d}" if day else "")
    return _plain(response, match, value, "date")


def _period(printed: str) -> str:
    """Return a period as ISO text start/end where both ends are months or years, else as printed.

    >>> _period("2023年1-9月"), _period("2021-2023年")
    ('2023-01/2023-09', '2021/2023')
    """
    months = re.fullmatch(r"(\d{4})年(\d{1,2})月?(?:-|—{1,2}|至|~)(\d{1,2})月", printed)
    if months:
        year, first, last = months.groups()
        return f"{year}-{int(first):02d}/{year}-{int(last):02d}"
    if re.fullmatch(r"\d{4}年(?:度|以来)?", printed):
        return printed[:4]
    years = re.fullmatch(r"(\d{4})年?(?:-|—{1,2}|至|~)(\d{4})年度?", printed)
    return f"{years[1]}/{years[2]}" if years else printed
