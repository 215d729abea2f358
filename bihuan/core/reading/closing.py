"""The end of a document: how to answer, who signed, when.

rows ─closing→ Closing(first row, contact, signed_by, signed_on)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.core.reading.dates import only_date
from bihuan.core.reading.document import Contact
from bihuan.core.reading.folding import Folded
from bihuan.core.reading.rows import Row

INVITES = re.compile(
    r"^(?:热忱|诚挚|热烈|真诚)?欢迎(?:广大|社会|全市|全县|全区|各界|人民)?[^。]{0,40}(?:监督|意见|批评|反映)"
    r"|^(?:如有|如对|对上述)[^。]{0,40}(?:意见|异议|建议)"
    r"|^(?:联系|监督|举报|值班|咨询|受理|办公){1,2}(?:方式|电话|人)[:：]"
    r"|^(?:通[信讯]地址|联系地址|邮政信箱|电子邮箱|电子邮件|邮政编码|地址)[:：]"
    r"|^公示(?:时间|期限?|日期)[^。]{0,12}[:：]|^特此(?:公示|报告|通报|公告)|^公示期间"
)
ATTACHED = re.compile(r"^(?:附件|附表|附)(?:\d{1,2})?[:：]")
_ANSWERED = re.compile(r"^整改[^:。]{0,8}:")
_NUMBER = r"(?:\(?0\d{2,3}\)?[-—]?)?\d{5,12}(?:[-—转]\d{1,8})?"
_PHONE = re.compile(
    r"(?:电话|热线|座机|联系方式|传真)(?:号码)?(?:\([^)\d]{0,20}\))?(?:为|是)?:?"
    rf"(?P<value>{_NUMBER}(?:(?:[、,/;]|或){_NUMBER}){{0,5}})"
)
_POST = re.compile(
    r"(?:邮政信箱|(?:专用)?信箱(?!:\S{0,30}@)|通[信讯]地址|联系地址|邮寄地址|来信地址|来访地址|办公地址|地址"
    r"|邮件地址)(?:为"
    r"|是)?:(?P<value>[^;。\n]{4,100}?)(?=[;。]|,?(?:邮编|邮政编码|电子|邮箱|联系|电话|E-?mail)|$)"
)
_MAIL = re.compile(r"(?P<value>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})")
_SIGNER = re.compile(
    r"^(?:(?:中共|中国共产党)[^。,;:]{2,50}|[^。,;:\d]{2,50}(?:委员会|党组|党委|党工委|工委|总支部?|支部|局|院"
    r"|厅|办公室|办|中心|政府|公司|领导小组"
    r"|组|处|学校|大学|学院|中学|小学|街道|镇|乡|站|会|所|部|集团))$"
)
_SIGNED = re.compile(
    r"^(?P<who>[^。,;:\d]{4,50}?)(?P<when>(?:(?:19|20)\d{2}"
    r"|[二2][〇零○Oo0][一二三四五六七八九〇零○\d]{2})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日)$"
)
_LONE_DATE = re.compile(
    r"^\(?(?:(?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日)?"
    r"|[二2][〇零○Oo0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}日)?|(?:19"
    r"|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2})\)?$"
)


@dataclass(frozen=True, slots=True)
class Closing:
    """What the end says. `start` is the index of the row behind which no heading or answer stands, None without it."""

    start: int | None = None
    contact: Contact = Contact()
    signed_by: str | None = None
    signed_on: str | None = None
    roles: tuple[tuple[int, str], ...] = ()  # row index → contact, signature, date, attachment


def closing(rows: Sequence[Row], *, after: int = 0) -> Closing:
    """Read the end of a document; only rows from the index `after` on belong to it."""
    last = _behind_answers([row for row in rows if row.index >= after and row.role != "row"][-60:])
    invited = _invitation(last)
    roles: dict[int, str] = {row.index: "contact" for row in invited}
    signed_by, signed_on = _signature(last, roles)
    roles.update((row.index, "attachment") for row in last[-15:] if ATTACHED.match(row.text))
    start = min(roles) if roles else None
    return Closing(start, _contact(invited), signed_by, signed_on, tuple(sorted(roles.items())))


def _behind_answers(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows behind the last one that begins an answer."""
    answers = [position for position, row in enumerate(rows) if _ANSWERED.match(row.text)]
    return rows[answers[-1] + 1 :] if answers else rows


def _invitation(last: Sequence[Row]) -> list[Row]:
    """Return the rows that ask for answers or say how to give them."""
    asked = [
        row for row in last if INVITES.match(row.text) or ("@" in row.text and _PHONE.search(row.text[:400]))
    ]
    return [row for row in asked if len(row.text) < 1200]


def _contact(rows: Sequence[Row]) -> Contact:
    """Return telephone, post and e-mail as printed, the first of each."""
    found: dict[str, str] = {}
    for row in rows:
        for name, pattern in (("phone", _PHONE), ("post", _POST), ("email", _MAIL)):
            match = pattern.search(row.text)
            if match and name not in found:
                found[name] = row.folded.printed(*match.span("value"))
    return Contact(found.get("phone"), found.get("post"), found.get("email"))


def _signature(last: Sequence[Row], roles: dict[int, str]) -> tuple[str | None, str | None]:
    """Return who signed and when: the last date that stands alone, and the name above it or in its row."""
    for position in range(len(last) - 1, max(len(last) - 16, -1), -1):
        row = last[position]
        both = _SIGNED.match(row.text)
        if both:
            roles[row.index] = "signature"
            return _name(row.folded, both), only_date(both["when"])
        if _LONE_DATE.match(row.text):
            above = last[position - 1] if position else None
            roles[row.index] = "date"
            signed_on = only_date(row.text.strip("()"))
            if above is not None and len(above.text) <= 60 and _SIGNER.match(above.text):
                roles[above.index] = "signature"
                return above.folded.printed(), signed_on
            return None, signed_on
    return None, None


def _name(folded: Folded, both: re.Match[str]) -> str:
    """Return the signing body as printed."""
    return folded.printed(*both.span("who"))
