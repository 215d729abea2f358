"""Which kind of document this is, and which kind of inspection it speaks of.

title, first sentences, shape ─document_kind→ notice | feedback | plan | audit | env | report | list | other
"""

import re
from collections.abc import Sequence

from bihuan.core.reading.document import DocumentKind
from bihuan.core.reading.rows import Row
from bihuan.core.reading.title import looks_like_title

_PLAN = re.compile(
    r"(?:整改|落实|工作)?(?:方案|计划)(?:\(|$|的通知)|(?:任务|问题|责任)清单(?:\(|$)|任务分解表|整改台账$"
)
_ENV = re.compile(
    r"生态环境(?:保护)?督察|环(?:境)?保(?:护)?督察|环保督[察查]|环境保护督察|生态环保督察"
    r"|生态环境(?:保护)?(?:突出)?问题|长江经济带生态环境|环境问题整改|生态环境警示片"
)
_AUDIT = re.compile(r"审计")
_PATROL = re.compile(r"巡察|巡视")
_PUBLISHES = re.compile(
    r"现(?:按|根据|依)?[^。]{0,60}?(?:将|就|对)[^。]{0,60}(?:整改|落实)[^。]{0,60}?(?:公布|通报|公开|公示|公告)"
    r"|整改(?:落实|进展)*情况(?:予以"
    r"|进行|向社会)?(?:公布|通报|公开|公示)"
)
_INSPECTED = re.compile(r"巡[察视][^,。]{0,6}组[^。]{0,80}?(?:对|向|进驻)[^。]{2,80}?(?:巡[察视]|反馈)")
_REPORTS = re.compile(r"报告如下|汇报如下|报告如次")
_SAYS_FEEDBACK = re.compile(
    r"向[^,。;]{2,60}?(?:反馈|通报)|反馈(?:会|指出|要求)|进行了?反馈|反馈了?巡[察视](?:意见|情况)|(?:集中|完成"
    r"|全面)反馈|反馈如下|反馈意见如下|现反馈"
)
_RULES = re.compile(r"(?:办法|规定|细则|条例|规则|制度|指引|手册|规程)(?:\([^)]*\))?$")
_PRODUCT = re.compile(r"系统|平台|软件|模块|功能|客户端")
_PUBLISHED = re.compile(r"(?:通报|报告|公示|公告|方案|情况|反馈|意见|通知|说明)(?:\([^)]*\))?$")
_OFFERS = re.compile(r"功能|模块|软件|客户|部署|试用|咨询|方案|产品|预警|提醒|报表")
_MEETING = re.compile(r"反馈指出|反馈要求|主持|出席|表态|强调|会上|指出,|问题和不足|意见建议|情况反馈如下")
_ANSWERS = re.compile(r"整改(?:落实|完成|进展)?情况[:：]|整改措施[:：]|组织整改落实情况|反馈问题整改")
_LOOSE = re.compile(r"《[^》]{0,80}》|巡视巡察|巡察巡视|巡视工作条例")


def document_kind(
    title: str | None, sample: str, rows: Sequence[Row], *, plan_table: bool, acts: int
) -> DocumentKind:
    """Return the kind of document. `sample` is the folded beginning of the text, `acts` how many openings it has."""
    named = title or ""
    if _PRODUCT.search(named) and _praises_product(named, sample):
        return "other"
    if plan_table or (_PLAN.search(named) and "情况" not in named[-10:]):
        return "plan"
    if acts > 2 or _is_list(rows, sample):
        return "list"
    by_title = _by_title(named, sample)
    return by_title or _by_text(sample)


def _by_title(named: str, sample: str) -> DocumentKind | None:
    """Return the kind that the title names."""
    if not named:
        return None
    if _RULES.search(named):
        return "other"
    if _ENV.search(named) and not _PATROL.search(named):
        return "env"
    if _AUDIT.search(named) and not _PATROL.search(named):
        return "audit" if "整改" in named or "审计" in sample[:600] else None
    if "整改" in named and (_PATROL.search(named) or _PATROL.search(sample)):
        if re.search(r"(?:报告|汇报|综述)(?:\([^)]*\))?$", named) and not _tells_of_one(sample):
            return "report"
        if "反馈" in named and re.search(r"反馈(?:会|意见|情况)?$|反馈(?:会|情况|意见)", named[-6:]):
            return "feedback"
        return "notice"
    if "反馈" in named and (_PATROL.search(named) or _PATROL.search(sample)):
        return "feedback" if not _PUBLISHES.search(sample) else "notice"
    if (
        re.search(r"督查|督导|检查", named)
        and "整改" in named
        and named.endswith(("情况", "通报", "公示", "公告"))
    ):
        return "notice"
    return None


def _by_text(sample: str) -> DocumentKind:
    """Return the kind that the first sentences show."""
    begin = sample[:1500]
    if len(_PRODUCT.findall(begin)) >= 3 or ("第一条" in begin and "第二条" in begin):
        return "other"
    if _PATROL.search(begin):
        if _PUBLISHES.search(begin) or (_ANSWERS.search(sample) and "反馈" in sample):
            return "notice"
        if _REPORTS.search(begin) and "整改" in begin:
            return "notice" if _tells_of_one(begin) else "report"
        if begin.count("整改") > 5 and not _MEETING.search(begin):
            return "notice"
        if _SAYS_FEEDBACK.search(begin):
            return "feedback"
        return "report" if begin.count("整改") > 2 else "other"
    if _ENV.search(begin):
        if _SAYS_FEEDBACK.search(begin) and not _PUBLISHES.search(begin):
            return "feedback"
        return "env" if "整改" in begin else "other"
    if len(_AUDIT.findall(begin)) >= 2 and "整改" in begin:
        return "audit"
    return "other"


def _praises_product(named: str, sample: str) -> bool:
    """Tell whether a page that names a system or a platform in its title offers it for use."""
    if _PUBLISHED.search(named) or _INSPECTED.search(sample):
        return False
    return len(_OFFERS.findall(sample[:1500])) >= 2


def _tells_of_one(sample: str) -> bool:
    """Tell whether a report is one body's account of its own rectification: a notice under another name."""
    return bool(_PUBLISHES.search(sample) or _INSPECTED.search(sample[:1500]))


def _is_list(rows: Sequence[Row], sample: str) -> bool:
    """Tell whether the page lists documents instead of being one."""
    if _ANSWERS.search(sample):
        return False
    if sum(row.text.count("。") for row in rows) >= 6:
        return False
    titles = {
        row.text[:60]
        for row in rows
        if len(row.text) < 110 and "。" not in row.text and looks_like_title(row)
    }
    links = sum(
        1
        for row in rows
        if re.search(r"(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}[\])]?$", row.text) and len(row.text) > 18
    )
    return len(titles) >= 5 or links >= 4


def inspection_kind(
    found: str | None, kind: DocumentKind, title: str | None, team: str | None, sample: str
) -> str | None:
    """Return 巡视, 巡察, 审计, 督察, 督查 or 检查: of the opening, else of the team, the title, the first sentences."""
    if found:
        return found
    if kind == "other":
        return None
    for text in (team or "", title or ""):
        word = _word(text)
        if word:
            return word
    if kind == "env":
        return "督察" if "督察" in sample[:1500] else None
    if kind == "audit":
        return "审计"
    return _word(sample[:800])


def _word(text: str) -> str | None:
    """Return the word for the inspection that a text uses most; neutral pairs and book titles do not count."""
    plain = _LOOSE.sub("", text)
    counts = {word: plain.count(word) for word in ("巡察", "巡视", "督察", "审计", "督查")}
    best = max(counts, key=lambda word: counts[word])
    return best if counts[best] else None
