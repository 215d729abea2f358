"""Can the public answer: a telephone that can be dialled, an address of the office, nothing mistyped?"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params

_LABEL: Final = re.compile(r"电话|热线|传真|邮箱|邮件|E-?mail|联系方式|手机", re.IGNORECASE)
_MAIL_LABEL: Final = re.compile(r"(?:电子)?(?:邮箱|邮件)(?:地址)?\s*[:为]\s*(?P<address>[^\s,;。、()]{3,60})")
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,80}")
_WHOLE_MAIL: Final = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,40}[A-Za-z0-9])?\.)+[A-Za-z]{2,12}"
)
_PRIVATE: Final = frozenset(
    {
        "qq.com", "vip.qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "vip.163.com", "139.com",
        "189.cn", "sina.com", "sina.cn", "sohu.com", "gmail.com", "hotmail.com", "outlook.com", "live.cn",
        "live.com", "yahoo.com", "yahoo.com.cn", "aliyun.com", "21cn.com", "tom.com", "wo.cn", "icloud.com",
    }
)  # fmt: skip
_NUMBER: Final = re.compile(r"(?<![\d@A-Za-z.〔-])\(?\+?\d[\d() -]{4,20}\d(?![\d@A-Za-z.])")
_BEFORE_PHONE: Final = re.compile(r"(?:电话|热线|传真)[^。;]*$")
_BEFORE_POST: Final = re.compile(r"(?:信箱|邮编|编码)[^,。;]*$")
_LOCAL: Final = (7, 8)
_WITH_AREA: Final = (10, 11, 12)
_SHORT: Final = re.compile(r"1\d{2,4}|12\d{3}|9[56]\d{3,4}|400\d{7}|800\d{7}")


def check_contact(reading: Reading) -> Iterator[Fault]:
    """Find telephone numbers and mail addresses that are mistyped, private or hard to dial, or missing."""
    printed = False
    for passage in reading.body():
        if passage.role == "row" or not ("@" in passage.plain or _LABEL.search(passage.plain)):
            continue
        printed = printed or bool(re.search(r"@|\d{3}", passage.plain))
        yield from _mails(passage)
        yield from _phones(passage)
    if not printed:
        yield from _missing(reading)


def _missing(reading: Reading) -> Iterator[Fault]:
    """Find a signed notice that gives the public no way to answer."""
    contact, document = reading.document.contact, reading.document
    if document.kind != "notice" or reading.cut or not document.signed_on:
        return
    own = [p for p in reading.body() if p.role in ("contact", "signature", "follow_up", "body")]
    if own and not (contact.phone or contact.post or contact.email):
        yield own[-1].fault("contact", 0, min(len(own[-1].text), 40), variant="missing")


def _mails(passage: Passage) -> Iterator[Fault]:
    """Find addresses that cannot be right and addresses of private mail services."""
    for match in _MAIL.finditer(passage.plain):
        address = match.group().rstrip(".-")
        end = match.start() + len(address)
        domain = address.rpartition("@")[2].lower()
        if not _WHOLE_MAIL.fullmatch(address) or ".." in address:
            yield passage.fault("contact", match.start(), end, variant="mail-form")
        elif domain in _PRIVATE:
            yield passage.fault(
                "contact", match.start(), end, variant="private-mail", params=params(domain=domain)
            )
    for match in _MAIL_LABEL.finditer(passage.plain):
        if "@" not in match["address"] and re.search(r"[A-Za-z0-9]{3}", match["address"]):
            yield passage.fault("contact", match.start("address"), match.end("address"), variant="mail-form")


def _phones(passage: Passage) -> Iterator[Fault]:
    """Find numbers after 电话 or 热线 without a separator, without an area code, or of a wrong length."""
    for match in _NUMBER.finditer(passage.plain):
        before = passage.plain[max(0, match.start() - 24) : match.start()]
        if not _BEFORE_PHONE.search(before) or _BEFORE_POST.search(before):
            continue
        printed = match.group()
        digits = re.sub(r"\D", "", printed.removeprefix("+86"))
        apart = bool(re.search(r"[-() ]", printed.strip("+")))
        yield from _phone(passage, match, digits, apart=apart)


def _phone(passage: Passage, match: re.Match[str], digits: str, *, apart: bool) -> Iterator[Fault]:
    """Judge one telephone number by its digits."""
    start, end = match.start(), match.end()
    if _SHORT.fullmatch(digits):
        return
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        yield passage.fault("contact", start, end, variant="mobile")
    elif digits.startswith("0") and len(digits) in _WITH_AREA:
        if not apart:
            area = 3 if digits[1] in "12" else 4
            yield passage.fault(
                "contact", start, end, variant="separator", proposal=f"{digits[:area]}-{digits[area:]}"
            )
    elif len(digits) in _LOCAL and not digits.startswith("0"):
        yield passage.fault("contact", start, end, variant="area-code")
    elif not apart or len(digits) < _LOCAL[0]:
        yield passage.fault("contact", start, end, variant="phone-form")
