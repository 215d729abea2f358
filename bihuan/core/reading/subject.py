"""The inspected organisation in the words between 对 and 进行.

"市卫健委党委及所属单位（以下简称…）" ─clean_subject→ 市卫健委党委;  a list of organisations has no one subject
"""

import re

_DEFINED = re.compile(
    r"\((?:(?:以下|下)?(?:合并|统一)?(?:统称|简称|称)|含|包括|包含|下辖|下同|现)[^)]{0,80}\)?"
)
_TAIL = re.compile(
    r"(?:(?:以及|及|和|与|暨)(?:其)?(?:所属|下属|直属|所辖|下辖|直管|部分|有关|相关|各|下级|基层|\d{1,3}个)[^,。]{0,40}"
    r"|(?:领导)?班子.*|(?:主要)?(?:负责人|负责同志).*|(?:党[组委]|党支部)书记.*|,.*)$"
)
_MANNER = re.compile(
    r"(?:(?:全面|集中|分别|先后|依法|同步|联动|重点|统一|党组织)?(?:开展|进行)?|(?:采取|通过|以"
    r"|采用)[^,。]{2,30}?(?:方式|形式)|就[^,。]{2,40}?|"
    r"为期[^,。]{1,12}|(?:本级|部门)?(?:预算执行|财政财务收支|财务收支|财政收支|资产管理|资金管理)[^,。]{0,30}?|贯彻落实[^,。]{2,40}?情况|\d{4}年[^,。]{0,40}?(?:情况|收支))$"
)
_LEAD = re.compile(r"^(?:被巡察单位|被巡视单位)(?=.{3,})")
_MANY = re.compile(
    r"(?:等|\d+|[一二两三四五六七八九十百]+)(?:个|家|所|名)|等\d|各(?:被|级|单位|部门|镇|街道)"
    r"|被巡[察视](?:单位|党组织)|部分(?:单位|部门)|有关单位|^本轮"
)
_ITSELF = re.compile(
    r"^(?:其|该(?:单位|局|院|公司|校|党组|党委)?|他们|我们|此|之|相关(?:工作|问题|情况)?|问题|整改)"
)
_MATTER = re.compile(
    r"(?:工作|情况|问题|领域|环境|项目|资金|建设|整改|收支|预算|决算|任务|落实|干部|人员|材料)$"
)
_NAMED = re.compile(
    r"(?:党[组委]|工委|党工委|总支|支部|委员会|局|院|校|公司|集团|中心|镇|乡|街道|办|所|处|区|县|市|省|州|会"
    r"|部|厅|学|站|社|场|村|园|馆|台|队|行|厂|机关|府|室|联|协|署|库|港|司|团)"
)


def clean_subject(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of the one organisation named in ``text[start:end]``; None when it names many or none."""
    words = text[start:end]
    bare = _TAIL.sub("", _bracketless(words))
    if _MANY.search(bare) or bare.count("、") >= 2 or _ITSELF.match(bare):
        return None
    defined = _DEFINED.search(words)
    if defined:
        words = words[: defined.start()]
    first, _, rest = _bracketless(words).partition("、")
    if rest and _NAMED.search(first[-3:]) and len(first) >= 4:
        words = words[: words.index("、")] if "、" in words else words
    words = _trim(words)
    lead = _LEAD.match(words)
    if lead:
        start, words = start + lead.end(), words[lead.end() :]
    if len(words) < 2 or not _NAMED.search(words) or _MATTER.search(words):
        return None
    return start, start + len(words)


def _bracketless(words: str) -> str:
    """Return the words without what stands in brackets."""
    return re.sub(r"\([^()]*\)?", "", words)


def _trim(words: str) -> str:
    """Cut what follows the name: subordinate units, the manner, a period of years."""
    for pattern in (_TAIL, _MANNER):
        cut = pattern.search(words)
        if cut and cut.start() >= 2:
            words = words[: cut.start()]
    return words.rstrip(",、的")


_ISSUER = re.compile(
    r"^(?P<who>(?:中共|中国共产党)[^,。]{3,50}?|[^,。关]{3,40}?(?:党组|党委|党工委|工委|委员会|党总支部?"
    r"|党支部))(?:关于|落实|巡[察视])"
)
_AUDITED = re.compile(r"^(?P<who>[^,。:]{3,30}?)关于[^。]{0,60}审计")
_OURSELVES = re.compile(r"^(?:我|本)(?:局|院|委|办|镇|乡|街道|校|公司|中心|单位|集团|厅|县|市|区|部|会|党)")


def subject_of_title(title: str | None) -> str | None:
    """Return the party body that a title names as its author, as printed; None when it names none."""
    match = _ISSUER.match("".join((title or "").split()))
    return match["who"] if match else None


def audited_of_title(title: str | None) -> str | None:
    """Return the organisation that a title on an audit names as its author, as printed; None when it names none."""
    match = _AUDITED.match("".join((title or "").split()))
    if match is None or not _NAMED.search(match["who"][-3:]) or "审计" in match["who"]:
        return None
    return match["who"]


def names_itself(subject: str) -> bool:
    """Tell whether a subject is only 我局, 我院 and the like."""
    return bool(_OURSELVES.match(subject))
