"""The numbers that a document declares for itself as a whole.

Passage of what stands outside the answers ─tally→ TallyFigure(key, value, …), ─as_of→ the date they speak for
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.core.reading.dates import settle, tokens
from bihuan.core.reading.document import TALLY_KEYS, TallyFigure
from bihuan.core.reading.numerals import whole
from bihuan.core.reading.passage import Passage

_N = r"(?<![\d.一二三四五六七八九十百千第])(?P<{0}>\d{{1,6}}|[一二两三四五六七八九十百]{{1,5}})(?P<{0}x>余|多|几)?"
_MEASURE = "(?:个|项|条|件|类|大类|处|款|种|点|小项|大项|子项|宗|起|方面)"
_NOUNS = (
    ("aspects", rf"{_N.format('a')}(?:个|大|个大)?方面"),
    ("categories", rf"{_N.format('c')}(?:个|大|个大)?(?:类|类别|大类)(?!型)"),
    ("specific_problems", rf"{_N.format('s')}{_MEASURE}?(?:的)?(?:具体|细化|细分)(?:表现|问题|事例|整改问题)(?:表现)?|(?:具体问题|具体表现|问题表现)(?:共|共计)?{_N.format('s2')}(?:个|项|条)|{_N.format('s3')}(?:个|项|条)(?:问题)?表现"),
    ("problems", rf"{_N.format('p')}{_MEASURE}?(?:的)?(?:主要|突出|重点|反馈|整改|巡[察视]|共性|个性|审计|反馈的|方面的?|方面存在的)*(?:问题|不足)(?!线索)|(?:问题|问题清单)(?:共|共计|总数)?{_N.format('p2')}(?:个|项|条)"),
    ("tasks", rf"{_N.format('t')}(?:个|项|条|件)?(?:的)?(?:分项|整改|具体|细化|子|重点|反馈|巡察|工作|细化整改|具体整改|整改落实)*(?:任务|事项)|(?:任务|事项)(?:清单)?(?:共|共计)?{_N.format('t2')}(?:个|项|条)"),
    ("measures", rf"{_N.format('m')}(?:个|项|条)?(?:的)?(?:具体|整改|细化|落实|针对性|工作|可操作性?|对应)*(?:措施|举措)|(?:措施|举措)(?:共|共计)?{_N.format('m2')}(?:个|项|条)"),
)  # fmt: skip
_STATES = (
    ("not_completed", "未完成(?:整改)?|尚未完成(?:整改)?|没有完成|未整改(?:到位|完成)?|尚未整改(?:到位|完成)?|未整改|未销号|超期未完成"),
    ("basically_completed", "(?:已)?基本完成(?:整改)?|(?:已)?基本整改(?:到位|完成)|(?:已)?阶段性(?:完成|整改完成)(?:整改)?|(?:已)?完成阶段性(?:整改|任务|目标)|(?:已)?取得(?:了)?(?:明显|初步)?阶段性(?:成果|成效|进展)|(?:已)?初步完成|基本解决"),
    ("long_term", "(?:需|需要|须)?(?:长期|中长期)(?:坚持|整改|推进|任务|跟踪|持续)(?:的)?(?:整改|推进|坚持)*"),
    ("in_progress", "(?:正在|正|仍在|有待|还需|需|需要)?(?:持续|加紧|加快|有序|扎实|深入)*(?:推进|整改|落实|实施|办理|进行)(?:落实|推进)?中|(?:正在|正|仍在|有待|还需|需|需要|未到期)(?:持续|加紧|加快|有序|扎实|深入|积极|抓紧|继续|进一步)*(?:推进|整改|落实|实施|办理|进行)(?:整改|落实|推进)?|(?:持续|继续)(?:推进|整改|深化|跟进|落实|坚持)(?:整改|推进|落实)?|部分(?:完成)?整改|部分完成|未到整改(?:期限|时限)|未到期|时序(?:进度)?推进"),
    ("completed", "(?:已|均已|已经)?(?:全部|全面)?(?:完成(?:整改|销号)?|整改(?:完成|完毕|到位|办结|销号)|办结|销号|办结销号|整改|解决)(?:到位|完成|销号|完毕)?"),
)  # fmt: skip
_STATE = re.compile("|".join(f"(?P<{key}>{words})" for key, words in _STATES))
_AFTER = re.compile(
    rf"(?:(?:取得阶段性成[果效])?(?:并|且|、|但|需)[^,。;:\d]{{1,12}})?(?:\([^)]{{1,30}}\))?(?:的|了)?(?:反馈|具体|整改)*(?:问题|任务|事项|整改|措施)?(?:有|共|共计|的有|数|为|:)?{_N.format('n')}(?P<u>个|项|条|件)?(?!方面|大类|类|%|年|月|日|次|人|名|家|万|元|亿|\.|轮|份|户|\d)"
)
_WHOLE_DONE = re.compile(
    rf"{_N.format('n')}(?:个|项|条|件)?(?:具体|反馈|巡[察视])*(?:问题|任务|事项)?(?:现|目前|都|均|已|已经)*(?:全部|均|全)(?:都|已|已经)?(?:完成整改|整改完成|整改到位|完成|办结|销号|整改完毕|解决|整改)"
)
_BEFORE = re.compile(
    rf"{_N.format('n')}(?:个|项|条|件)(?:问题|任务|事项)?(?:为|是|属|属于|已|已经|均|均已)?$"
)
_POLICY = re.compile(
    rf"(?:建章立制|建立制度|规章制度|制度机制|机制制度|工作机制|管理制度|长效机制|规范性文件|工作制度|制度|机制|办法|规定)(?:成果|性文件|文件)?(?:等|共|共计|合计|达|办法|等文件)*{_N.format('y')}(?:个|项|份|条|件|部)"
    rf"|(?<=[制定订立善新健全修改完出台建印发废释形成计共了达、])(?:并|及|了)?{_N.format('z')}(?:个|项|份|条|件|部)?(?:余)?(?:新的)?(?:内部|长效|内控|管理|工作|相关|有关|各类|各项|规章|党建|业务|重要)*(?:的)?(?:制度|机制|规章|规范性文件|管理办法|制度性文件)"
)
_TOPIC = re.compile(r"反馈|巡察|巡视|指出|移交|审计|督察|查出|整改|问题清单|交办")
_FOREIGN = re.compile(
    r"查摆|检视|检视剖析|自查|对照检查|民主生活会|组织生活会|批评意见|征求|移送|信访|线索|谈话|立行立改|边巡边改|即知即改|学习|会议|督查发现|督导发现|抽查发现"
)
_SCOPE = re.compile(r"[^。!?\n]+")
_SUBSET = re.compile(r"(?:其中|立行立改|集中整改期|信访|涉及|移交的|上轮|上一轮|专项)[^,;。]{0,12}$")
_AS_OF = re.compile(r"截[至止](?:到)?(?P<when>[^,。;、]{2,14})")
_PREFIX = re.compile(r"(近|约|超过|超|逾|不到|大约|将近|至少|达)$")
_APPROX = {"近": "near", "将近": "near", "不到": "near", "约": "about", "大约": "about", "超过": "over", "超": "over",
           "逾": "over", "至少": "over"}  # fmt: skip
_NOUN = re.compile("|".join(f"(?P<{key}>{words})" for key, words in _NOUNS))


@dataclass(frozen=True, slots=True)
class _Found:
    """One number found, and how surely it speaks of the whole document."""

    key: str
    value: int
    start: int
    end: int
    approx: str | None
    weight: int


def tally(outside: Passage | None) -> tuple[TallyFigure, ...]:
    """Return the declared numbers, one a key, in the order of TALLY_KEYS."""
    if outside is None:
        return ()
    best: dict[str, _Found] = {}
    rival: set[str] = set()
    for scope in _SCOPE.finditer(outside.text):
        if any(c in scope.group() for c in "问任措方制机章完整类表事") and len(scope.group()) < 2000:
            for found in _in_sentence(outside.text, scope.start(), scope.end()):
                old = best.get(found.key)
                if old is None or found.weight > old.weight:
                    best[found.key] = found
                    rival.discard(found.key)
                elif found.key == "policies" and found.value != old.value and found.weight == old.weight:
                    rival.add(found.key)
    for key in rival:
        best.pop(key, None)
    _promote(best)
    return tuple(
        TallyFigure(key, f.value, outside.printed(f.start, f.end), outside.place(f.start), f.approx)
        for key in TALLY_KEYS
        if (f := best.get(key)) is not None
    )


def _promote(best: dict[str, _Found]) -> None:
    """Let a count of 具体问题 be the count of problems when nothing stands beside it."""
    specific = best.get("specific_problems")
    if specific is not None and "problems" not in best:
        best["problems"] = best.pop("specific_problems")


def _in_sentence(text: str, begin: int, end: int) -> Iterator[_Found]:
    """Yield the numbers of one sentence."""
    sentence = text[begin:end]
    topical = _TOPIC.search(sentence) is not None
    nouns = list(_nouns(text, begin, end)) if topical else []
    yield from nouns
    yield from _policies(text, begin, end)
    if topical or any(w in sentence for w in ("完成", "推进", "长期")):
        whole_count = next(
            (f.value for f in nouns if f.key in ("problems", "specific_problems", "tasks")), None
        )
        yield from _states(text, begin, end, whole_count)


def _nouns(text: str, begin: int, end: int) -> Iterator[_Found]:
    """Yield counts of aspects, categories, problems, tasks and measures."""
    for match in _NOUN.finditer(text, begin, end):
        key = match.lastgroup or ""
        key = next(k for k, _ in _NOUNS if match[k] is not None)
        digits, inexact, start = _number(match)
        value = whole(digits)
        if value is None or (digits[0] in "一两" and len(digits) == 1):
            continue
        before = text[max(begin, match.start() - 24) : match.start()]
        clause = re.split(r"[,;:。]", before)[-1]
        lead = text[max(begin, match.start() - 60) : match.start()]
        if (
            _FOREIGN.search(clause)
            or _FOREIGN.search(match.group())
            or not _fits(key, lead, text[match.end() : match.end() + 14], digits)
        ):
            continue
        weight = (
            2
            + (2 if re.search(r"反馈|指出|提出|交办|查出|反映|发现", lead) else 0)
            - (2 if _SUBSET.search(clause) else 0)
        )
        weight += 1 if re.search(r"反馈|指出", lead) else 0
        weight += (
            2 if key == "measures" and re.search(r"细化|分解|分项|具体", lead[-10:] + match.group()) else 0
        )
        yield _Found(key, value, start, match.end(), inexact or _prefix(before), weight)


def _fits(key: str, lead: str, tail: str, digits: str) -> bool:
    """Tell whether a count is a declared one and not a topic, a list in words, or a part."""
    if key in ("aspects", "categories"):
        if re.search(r"从|围绕|着眼|聚焦|抓好|做好|做到|坚持|强调|要求|就$", lead[-6:]):
            return False
        return bool(re.search(r"反馈|指出|问题|梳理|细化|分解|提出|整改|发现", lead + tail))
    if key in ("problems", "specific_problems") and re.search(
        r"(?:解决|化解|处理|纠正|帮助|协调|排查|整治)(?:了|出)?$", lead
    ):
        return False
    if key == "problems" and digits in ("三", "四") and tail.startswith(("导向",)):
        return False
    return not tail.startswith(("线索", "导向", "清单台账"))


def _number(match: re.Match[str]) -> tuple[str, str | None, int]:
    """Return the digits of a match, its inexactness, and where the digits begin."""
    for name, value in match.groupdict().items():
        if value is not None and match.start(name) >= 0 and not name.endswith("x") and len(name) <= 2:
            return value, "over" if match.groupdict().get(f"{name}x") else None, match.start(name)
    return "", None, match.start()


def _prefix(before: str) -> str | None:
    """Return the inexactness that stands before a number."""
    found = _PREFIX.search(before)
    return _APPROX.get(found.group()) if found else None


def _states(text: str, begin: int, end: int, whole_count: int | None) -> Iterator[_Found]:
    """Yield status counts: 已完成28个, 28个已完成, and 33个问题全部整改到位."""
    done = _WHOLE_DONE.search(text, begin, end)
    if done and not _subset(text, begin, done.start()):
        value = whole(done["n"])
        if value is not None and (whole_count is None or value == whole_count):
            yield _Found("completed", value, done.start("n"), done.end(), None, 3)
    last = begin
    for match in _STATE.finditer(text, begin, end):
        if match.start() < last:
            continue
        key = match.lastgroup or ""
        after = _AFTER.match(text, match.end(), min(end, match.end() + 60))
        clause = re.split(r"[,;:。、]", text[max(begin, match.start() - 24) : match.start()])[-1]
        if after is None:
            before = _BEFORE.search(clause)
            if (
                before
                and (match.end() == end or text[match.end()] in ",;。、)")
                and _counted_before(before, whole_count)
            ):
                yield _Found(
                    key,
                    whole(before["n"]) or 0,
                    match.start() - len(clause) + before.start("n"),
                    match.end(),
                    None,
                    2,
                )
            continue
        value = (
            None
            if after["n"] in ("一", "两") or not (after["u"] or after["n"].isdigit())
            else whole(after["n"])
        )
        if (
            value is None
            or _FOREIGN.search(clause)
            or text[after.end() : after.end() + 3].startswith(("问题线", "方面", "制度", "专题"))
        ):
            continue
        last = after.end()
        weight = 1 if _subset(text, begin, match.start()) else 3
        yield _Found(key, value, match.start(), after.end(), "over" if after["nx"] else None, weight)


def _counted_before(before: re.Match[str], whole_count: int | None) -> bool:
    """Tell whether the number before a status is a count of its own and not the total."""
    value = whole(before["n"])
    return value is not None and value != whole_count and before["n"] not in ("一", "两")


def _subset(text: str, begin: int, start: int) -> bool:
    """Tell whether the clause before `start` speaks of a part: 立行立改问题, letters, a former round."""
    piece = text[max(begin, start - 40) : start]
    return bool(re.search(r"立行立改|信访|移交的?\d|上轮|上一轮|边巡边改|回头看.{0,6}发现", piece))


def _policies(text: str, begin: int, end: int) -> Iterator[_Found]:
    """Yield the count of rules made."""
    for match in _POLICY.finditer(text, begin, end):
        digits, inexact, start = _number(match)
        value = whole(digits)
        if value is None or (digits in "一两" and len(digits) == 1):
            continue
        before = text[max(begin, match.start() - 12) : start]
        if re.search(r"学习|落实|执行|宣讲|解读|梳理|检查|审查", before):
            continue
        total = re.search(
            r"建章立制|完善|制定|修订|新建|建立|健全|出台|机制",
            text[max(begin, match.start() - 30) : match.end()],
        )
        if total:
            yield _Found("policies", value, match.start(), match.end(), inexact, 2)


def as_of(outside: Passage | None, figures: tuple[TallyFigure, ...]) -> str | None:
    """Return the date printed behind 截至 where the document counts; None when it prints none."""
    if outside is None:
        return None
    text = outside.text
    for match in _AS_OF.finditer(text):
        found = tokens(text[max(0, match.start() - 0) : match.end("when")])
        if not found:
            continue
        rest = text[match.end() : match.end() + 120].partition("。")[0]
        if (
            not figures
            or not re.search(r"\d|[一二三四五六七八九十]个", rest)
            or not re.search(r"整改|问题|任务|完成|反馈", rest)
        ):
            continue
        earlier = [t for t in tokens(text[: match.start()]) if t.readings[0][0] is not None and not t.mangled]
        year = earlier[-1].readings[0][0] if earlier else None
        if found[0].readings[0][0] is None and earlier:
            return settle([earlier[-1], found[0]])[1]
        return settle([found[0]], year=year)[0]
    return None
