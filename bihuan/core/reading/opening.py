"""The opening sentence: who inspected whom, when, and when it was fed back.

Passage ─opening_facts→ InspectionFacts, each slot as printed and None where the sentence does not fill it
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bihuan.core.reading.dates import DateToken, Span, settle, spans, tokens
from bihuan.core.reading.document import InspectionFacts
from bihuan.core.reading.passage import Passage
from bihuan.core.reading.subject import clean_subject

_N = "第?[一二三四五六七八九十\\d]{1,3}"
_KIND = "巡察|巡视|巡查|审计|督察|督查|督导|检查"
TEAM = re.compile(
    rf"(?P<name>(?:[^,。;:、()“”]|“[^“”,。;]{{1,12}}”|(?<=[市省县区])、(?=[省市县区])"
    rf"|(?<=[一二三四五六七八九十])、(?=第?[一二三四五六七八九十])){{0,30}}?(?:巡察|巡视|巡查|督察|督查|督导"
    rf"|检查|审计)(?:工作)?(?:{_N})?组)"
    rf"(?:\([^)]{{1,24}}\))?(?P<more>(?:(?:、|和|与|及){_N}(?:巡察|巡视|督察|督查|检查|审计)?组)*)"
)
_DONE = re.compile(
    rf"(?:进行|开展|实施|组织(?!部|处|科|局|委|生活)|启动|展开)(?:了"
    rf"|的)?(?:为期[^,。;]{{1,12}}?的?)?(?P<what>[^,。;]{{0,40}}?(?P<kind>{_KIND}))"
    rf"(?!整改|反馈|组|办|意见|发现|情况|问题|工作领导|干部|{_KIND})(?!工作(?:的?部署|动员|会))"
)
_TOLD = re.compile(
    r"(?:将|把)[^,。;]{2,30}?反馈(?:给|至|到)|(?:收到|接到)[^,。;]{0,30}?反馈"
    r"|(?:反馈了?|通报了?)(?:[^,。;]{0,24}?)(?:意见|情况|结果|问题|报告|《)"
    r"|(?:送达|印发|下发|下达|出具)了?[^,。;]{0,30}?(?:反馈意见|审计报告|督察报告)|进行了?(?:集中|现场|书面|口头|意见|情况){0,2}反馈|完成反馈|(?:的|集中|全面|陆续|相继)反馈(?=[,。;])"
    r"|(?:召开|举行)[^,。;]{0,40}?反馈[^,。;]{0,6}会|反馈会(?:议)?(?:在[^,。;]{1,20})?(?:召开|举行)"
)
_PASSIVE = re.compile(
    rf"(?P<who>[^,。;:]{{2,60}}?)接受了?(?P<by>[^,。;]{{2,50}}?组)(?:的|对其"
    rf"|为期[^,。;]{{1,10}}的)?[^,。;]{{0,16}}?(?P<kind>{_KIND})"
)
_DIRECT = re.compile(r"组(?:集中|常规|专项)?(?P<kind>巡察|巡视)了(?P<who>[^,。;:]{3,60}?)(?=[,。;])")
_STATIONED = re.compile(r"(?:进驻|入驻)(?P<who>[^,。;:]{2,60}?)(?=,|。|;|开展|进行|实施)")
_TO = re.compile(
    r"(?:分别|集中|正式|书面|面对面)?向(?P<who>[^。;]{2,90}?)(?:党组织)?(?:全面|集中|正式|分别|书面|面对面"
    r"|通报|现场|逐一|依次|进行)*(?:反馈|通报|送达)"
)
_SENT = re.compile(
    r"巡[察视]的?(?=\d+个巡[察视]组)|(?:组建|派出|抽调|成立|派|选派|统筹|由|组织)(?:了)?(?=.{3,})"
)
_LEAD = re.compile(
    r"^(?:为(?:了|切实|认真|全面|深入|扎实)*(?:抓好|做好|落实好?|推进|贯彻落实)|其间|期间|同时|会上|近日|日前|随后|现|经[^,]{1,12}?批准|在[^,]{1,20}?(?:下|后|期间)|(?:根据|按照"
    r"|依据)[^,]{2,40}?(?:部署|安排"
    r"|要求|计划|决定)|于|自(?!治)|从|起|止|间|以来|并|又|的|分别|及|和|[,、:])+"
)
_OFFICE = re.compile(
    r"(?:^|[,。;日月旬])(?P<name>[^,。;:日月旬]{0,16}?(?:审计(?:局|署|厅|办|机关)|巡察办|巡视办|督察办"
    r"|督查(?:室|办)|检查团))(?=对|于|依法"
    r"|派出|组织|向)"
)
_OFFICE_SENT = re.compile(r"(?P<name>审计(?:局|署|厅|机关))(?:派出|组成|成立|抽调[^,。;]{0,12})(?:的)?审计组")
_QUOTED = re.compile(r"《[^《》]{0,80}》|\((?:以下)?(?:统称|简称)[^)]{0,60}\)")
_UP_TO = re.compile(r"截[至止]到?$")
_ACTS = 12  # clauses that are tried before a text is taken to have no opening sentence
_AT = re.compile(r"对(?!口|外|照|标|接|应|其他|于)")


@dataclass(frozen=True, slots=True)
class _Act:
    """The clause that says that an inspection was made: where it stands and what fills its slots."""

    start: int
    end: int
    kind: str
    team: tuple[int, int] | None
    subject: tuple[int, int] | None


def opening_facts(opening: Passage | None, *, until: str | None = None) -> InspectionFacts:
    """Read the opening sentences; `until` is the ISO date of publication, before which everything happened."""
    if opening is None:
        return InspectionFacts()
    text = opening.text
    act = _act(text)
    found = tokens(text)
    periods = spans(text, found)
    told = _told(text, act)
    period = _period(text, act, told, periods)
    lone = _lone_start(text, act, told, found) if period is None else None
    feedback = _feedback_date(text, told, found, periods)
    if feedback is None and act is not None and act.start:
        feedback = _feedback_date(
            text, _told(text[: act.start], None), found, periods
        )  # news tells the end first
    first = period.first if period else lone
    last = period.last if period else None
    year = _year_before(text, first or feedback) or (_recent_year(feedback, until) if first is None else None)
    starts_on, ends_on, feedback_on = settle([first, last, feedback], until=until, year=year)
    team, subject = _team(text, act, told), _subject(text, act, told)
    if act is None and told is not None and (subject is None or feedback_on is None):
        again = _told(text, None, behind=told.end())  # news says in its second sentence whom it speaks of
        subject = subject or _subject(text, None, again)
        dated = _feedback_date(text, again, found, periods) if again else None
        feedback_on = feedback_on or settle([dated], until=until)[0]
    return InspectionFacts(
        kind=_plain_kind(act.kind) if act else None,
        team=opening.printed(*team) if team else None,
        subject=_as_printed(opening, subject),
        starts_on=starts_on,
        ends_on=ends_on,
        feedback_on=feedback_on,
    )


def _year_before(text: str, date: DateToken | None) -> int | None:
    """Return the year last printed before a date, which a date without a year takes."""
    years = re.findall(r"(?<!\d)(20\d{2})年", text[: date.start]) if date else []
    return int(years[-1]) if years else None


def _recent_year(date: DateToken | None, until: str | None) -> int | None:
    """Return the year of publication for a date at most two months before it: news calls this year by no number."""
    if date is None or until is None or len(date.readings) != 1:
        return None
    month, published = date.readings[0][1], [int(part) for part in until.split("-")]
    return published[0] if month is not None and 0 <= published[1] - month <= 2 else None


def _plain_kind(kind: str) -> str:
    """Return the kind's usual word: 督导 is a 督查, 巡查 a 巡察 written wrongly."""
    return {"督导": "督查", "巡查": "巡察"}.get(kind, kind)


def _as_printed(opening: Passage, span: tuple[int, int] | None) -> str | None:
    """Return the subject as printed, without a definition behind it."""
    return opening.printed(*span) if span else None


def _act(text: str) -> _Act | None:
    """Return the first clause by which somebody inspected somebody."""
    doubtful = nameless = None
    for done in islice(_DONE.finditer(text), _ACTS):
        begin = _sentence_start(text, done.start())
        to = _object_start(text, begin, done.start())
        if to is None:
            team = _last_team(text, begin, done.start())
            if nameless is None and team:
                nameless = _Act(begin, done.end(), done["kind"], team, None)  # 对 was lost
            continue
        act = _Act(begin, done.end(), done["kind"], _last_team(text, begin, to), (to + 1, done.start()))
        if act.team:
            return act
        if doubtful is None and act.kind in ("巡察", "巡视") and clean_subject(text, to + 1, done.start()):
            doubtful = act
    return doubtful or _other_act(text) or nameless


def _other_act(text: str) -> _Act | None:
    """Return the clause by which somebody accepted an inspection, or a team moved in."""
    passive = _PASSIVE.search(text)
    if passive:
        team = _last_team(text, passive.start("by"), passive.end("by"))
        return _Act(passive.start(), passive.end(), passive["kind"], team, passive.span("who"))
    direct = _DIRECT.search(text)
    if direct:
        begin = _sentence_start(text, direct.start())
        team = _last_team(text, begin, direct.start("kind"))
        return _Act(begin, direct.end(), direct["kind"], team, direct.span("who"))
    for stationed in _STATIONED.finditer(text):
        begin = _sentence_start(text, stationed.start())
        team = _last_team(text, begin, stationed.start())
        if team:
            kind = re.search(_KIND, text[slice(*team)])
            return _Act(begin, stationed.end(), kind.group() if kind else "巡察", team, stationed.span("who"))
    return None


def _sentence_start(text: str, index: int) -> int:
    """Return where the sentence round `index` begins."""
    return max(text.rfind(stop, 0, index) for stop in "。;!?") + 1


def _object_start(text: str, begin: int, end: int) -> int | None:
    """Return the 对 that opens the object: behind the team, else behind a comma or a date, else the last one."""
    choices = [
        m.start() for m in _AT.finditer(text, begin, end) if not text.startswith("组对标", m.start() - 1)
    ]
    if not choices:
        return None
    for sign in (("组", "组)", "督察团"), ("局", "办", "分别", "先后", "同步", "依法", "厅", "署", "委")):
        for at in choices:
            if text.endswith(sign, begin, at):
                return at
    for at in choices:
        if at == begin or text[at - 1] in ",日旬间起止下月)年":
            return at
    return choices[-1]


def _last_team(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """Return the span of the body that acted, the last one named between `begin` and `end`."""
    best = None
    for match in TEAM.finditer(text, begin, end):
        if not text.startswith(("反馈", "意见", "整改"), match.end()):
            best = match
    if best is None:
        return _office(text, begin, end)
    return _trimmed_team(text, best.start("name"), best.end("more") if best["more"] else best.end("name"))


def _trimmed_team(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut dates and connecting words from the front of a team's name."""
    office = _OFFICE_SENT.search(text, start, end)
    if office:
        end = office.end("name")
    dated = [token.end for token in tokens(text[start:end]) if token.end < end - start - 2]
    start += dated[-1] if dated else 0
    changed = True
    while changed:
        changed = False
        name = text[start:end]
        for cut in (_LEAD.match(name), *_SENT.finditer(name)):
            if cut and 0 < cut.end() < end - start - 2:
                start, changed = start + cut.end(), True
                break
    return start, end


def _office(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """Return the span of an office that acted without a team."""
    found = list(_OFFICE.finditer(text, begin, min(end + 1, len(text))))
    return _trimmed_team(text, *found[-1].span("name")) if found else None


def _told(text: str, act: _Act | None, *, behind: int = 0) -> re.Match[str] | None:
    """Return the words by which the result was fed back, the first after the act, or `behind` a place."""
    for told in _TOLD.finditer(text, act.end if act else behind):
        tail = text[told.end() : told.end() + 8]
        before = text[max(0, told.start() - 6) : told.start()]
        noun = before.endswith("组") and told.group().startswith(("反馈意见", "反馈问题", "反馈情况"))
        spoken_of = (
            before.endswith(("对", "针对", "围绕", "落实", "对照", "关于", "认领")) or "要求" in before
        )
        if not (noun or spoken_of or tail.startswith(("整改", "的整改"))):
            return told
    return None


def _team(text: str, act: _Act | None, told: re.Match[str] | None) -> tuple[int, int] | None:
    """Return the span of the team: of the act, else of the feedback."""
    if act and act.team:
        return act.team
    if told is None:
        spoken = next(
            (m for m in TEAM.finditer(text) if text.startswith(("反馈意见", "反馈问题"), m.end())), None
        )
        return _trimmed_team(text, *spoken.span()) if spoken and act is None else None
    begin = _sentence_start(text, told.start())
    to = text.find("向", begin, told.start())
    return _last_team(text, begin, to if to > 0 else told.start()) or _last_team(text, begin, told.start())


def _subject(text: str, act: _Act | None, told: re.Match[str] | None) -> tuple[int, int] | None:
    """Return the span of the inspected organisation: of the act, else of the feedback."""
    if act and act.subject:
        return clean_subject(text, *act.subject)
    if told is None:
        return None
    to = _TO.search(text, _sentence_start(text, told.start()), told.end())
    return clean_subject(text, *to.span("who")) if to else None


def _period(text: str, act: _Act | None, told: re.Match[str] | None, periods: Sequence[Span]) -> Span | None:
    """Return the period of the inspection: in the sentence of the act, else in the one before it."""
    if act is None:
        return None
    stop = told.start() if told and told.start() < act.end + 200 else act.end
    inside = [p for p in periods if act.start <= p.start and p.end <= max(stop, act.end)]
    before_act = [p for p in inside if p.start < act.end]
    if before_act:
        return before_act[0]
    earlier = [p for p in periods if p.end <= act.start]
    return earlier[-1] if earlier else None


def _lone_start(
    text: str, act: _Act | None, told: re.Match[str] | None, found: Sequence[DateToken]
) -> DateToken | None:
    """Return a single date of the act: the day or month on which it began."""
    if act is None:
        return None
    inside = [t for t in found if act.start <= t.start and t.end <= act.end and not t.day_only]
    if inside and not _quoted(text, inside[0]):
        return inside[0]
    return None


def _feedback_date(
    text: str, told: re.Match[str] | None, found: Sequence[DateToken], periods: Sequence[Span]
) -> DateToken | None:
    """Return the date in the sentence of the feedback that belongs to no period; the nearest before its verb."""
    if told is None:
        return None
    begin = _sentence_start(text, told.start())
    used = [(p.start, p.end) for p in periods]
    best = None
    for token in found:
        if begin <= token.start and token.end <= told.end() and not _aside(text, token):
            if any(start <= token.start and token.end <= end for start, end in used):
                best = None  # a date before the period is not the feedback's
                continue
            best = token
    return best


def _aside(text: str, token: DateToken) -> bool:
    """Tell whether a date is not that of an act: it stands in a book title, or the numbers speak for it."""
    return _quoted(text, token) or bool(_UP_TO.search(text, max(0, token.start - 4), token.start))


def _quoted(text: str, token: DateToken) -> bool:
    """Tell whether a date stands in a book title or a definition."""
    return any(m.start() < token.start < m.end() for m in _QUOTED.finditer(text, max(0, token.start - 90)))
