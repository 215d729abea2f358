"""Does public text carry what belongs to a private person: identity, card and mobile numbers, names?

Source: Personal Information Protection Law of 2021, art. 25 and 28; Regulation on Open Government
Information, art. 15.
"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_IDENTITY: Final = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"(?![\dA-Za-z])"
)
_CARD: Final = re.compile(
    r"(?<![\dA-Za-z])(?:62|4\d|5[1-5]|35|37)\d{2}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?(?![\dA-Za-z])"
)
_MOBILE: Final = re.compile(r"(?<![\dA-Za-z.])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\dA-Za-z])")
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范廖贾夏韦付傅邹熊孟秦邱侯江尹薛闫段雷龙史陶贺顾毛郝龚邵钱严覃武戴莫孔"
)
_PRIVATE: Final = re.compile(
    r"(?P<who>群众|村民|居民|业主|患者|病人|学生|家长|举报人|信访人|来访人|当事人|贫困户|低保户|农户|"
    rf"企业负责人|经营者|个体户)(?P<name>[{_SURNAMES}][一-鿿]{{1,2}})"
    r"(?=[,。;、(:]|等[\d一二三四五六七八九十]|反映|举报|投诉|来访|来信|家中|的(?:低保|补贴|补助|住房))"
)
_NO_NAME: Final = re.compile(
    r"某|^(?:高度|高兴|任何|任务|许多|何时|何种|黄金|马上|陈述|常见|严重|严格|周边|周围|夏季|秦岭|龙头|"
    r"江河|钱款|武装|段落|雷同|余|程度|曾经|程序|范围|许可|付款|顾虑|高|田间|林地|水|宋|唐代|江边|何)$"
)


def check_personal_data(reading: Reading) -> Iterator[Fault]:
    """Find identity, card and mobile numbers outside the contact line, and names of private persons."""
    for passage in reading.body():
        yield from _numbers(passage)
        for match in _PRIVATE.finditer(passage.bare):
            if not _NO_NAME.search(match["name"]):
                values = params(who=match["who"])
                yield passage.fault(
                    "personal-data", match.start(), match.end(), variant="name", params=values
                )


def _numbers(passage: Passage) -> Iterator[Fault]:
    """Find the numbers, each once, in the order identity, card, mobile."""
    if not re.search(r"\d{4}", passage.plain):
        return
    for match in _IDENTITY.finditer(passage.plain):
        if is_identity(match.group()):
            yield passage.fault("personal-data", match.start(), match.end(), variant="identity")
    for match in _CARD.finditer(passage.plain):
        digits = re.sub(r"\D", "", match.group())
        if not _IDENTITY.fullmatch(digits) and 15 <= len(digits) <= 19 and is_card(digits):
            yield passage.fault("personal-data", match.start(), match.end(), variant="card")
    for match in _MOBILE.finditer(passage.plain):
        before = passage.plain[max(0, match.start() - 40) : match.start()]
        if passage.role != "contact" and not re.search(r"(?:联系|监督|举报|值班|咨询)[^。]{0,30}$", before):
            yield passage.fault("personal-data", match.start(), match.end(), variant="mobile")


def is_identity(number: str) -> bool:
    """Say whether 18 characters are an identity number by their last one.

    Source: GB 11643-1999.

    >>> is_identity("11010519491231002X"), is_identity("110105194912310021")
    (True, False)
    """
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[-1].upper() == _CHECKS[total % 11]


def is_card(digits: str) -> bool:
    """Say whether digits pass the check of bank cards (Luhn).

    >>> is_card("4111111111111111"), is_card("4111111111111112")
    (True, False)
    """
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
