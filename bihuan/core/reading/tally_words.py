"""The wordings in which documents count themselves, as patterns on folded text.

`NOUN` finds counts of things (its groups are keys of the tally), `STATE` status words, the rest what is beside.
"""

import re
from types import MappingProxyType

_OPEN = r"(?<![\d.一二三四五六七八九十百千第])"


def _number(name: str) -> str:
    """Return the pattern of a count in digits or words under a group name; inexactness under the name with an x."""
    return rf"{_OPEN}(?P<{name}>\d{{1,6}}|[一二两三四五六七八九十百]{{1,5}})(?P<{name}x>余|多|几)?"


_MEASURE = "(?:个|项|条|件|类|大类|处|款|种|点|小项|大项|子项|宗|起|方面)"
_TOTAL = "(?:共|共计|合计|总数|有|共有|数|为)?"
_NOUNS = (
    ("aspects", rf"{_number('a')}(?:个|大|个大)?方面"),
    ("categories", rf"{_number('c')}(?:个|大|个大)?(?:类别|大类|类)(?!型)"),
    (
        "manifestations",  # 具体表现: the specific problems when 具体问题 are the problems
        rf"{_number('f')}{_MEASURE}?的?(?:具体|问题|具体问题)?表现|(?:具体|问题)表现{_TOTAL}{_number('f2')}(?:个|项|条)",
    ),
    (
        "specific_problems",
        rf"{_number('s')}{_MEASURE}?的?(?:具体|细化|细分)(?:问题|事例|整改问题)|具体问题{_TOTAL}{_number('s2')}(?:个|项|条)",
    ),
    (
        "problems",
        rf"{_number('p')}{_MEASURE}?的?(?:主要|突出|重点|反馈|整改|巡[察视]|共性|个性|审计|反馈的|方面的?"
        rf"|方面存在的|查出)*(?:问题|不足)(?!线索)"
        rf"|问题(?:清单)?{_TOTAL}{_number('p2')}(?:个|项|条)(?!大?方面|大?类)"
        rf"|(?<=方面){_number('p3')}(?:个|项|条)(?=[,。;、]|其中|已)",
    ),
    (
        "tasks",
        rf"{_number('t')}(?:个|项|条|件)?的?(?:分项|整改|具体|细化|子|重点|反馈|巡察|工作|落实)*(?:任务|事项)"
        rf"|(?:任务|事项)(?:清单)?{_TOTAL}{_number('t2')}(?:个|项|条)",
    ),
    (
        "measures",
        rf"{_number('m')}(?:个|项|条)?的?(?:具体|整改|细化|落实|针对性|工作|可操作性?|对应|推进)*(?:措施|举措)"
        rf"|(?:措施|举措){_TOTAL}{_number('m2')}(?:个|项|条)",
    ),
)


def _either(groups: tuple[tuple[str, str], ...], first: str) -> re.Pattern[str]:
    """Return the pattern of named alternatives, all of which begin with one of the `first` characters.

    Looking at the first character spares most places of a text the trial of every alternative.
    """
    return re.compile(f"(?=[{first}])(?:" + "|".join(f"(?P<{key}>{words})" for key, words in groups) + ")")


NOUN = _either(_NOUNS, "\\d一二两三四五六七八九十百具问任事措举")

_CONTINUES = "(?:按(?:计划|要求|时序进度|时序|序时进度|进度)|持续|加紧|加快|有序|扎实|深入|积极|抓紧|继续|进一步|稳步)*"
_WORKS = "(?:推进|整改|落实|实施|办理|进行|跟进|深化|坚持)"
_STATES = (
    ("not_completed", "(?:尚|还|暂)?未(?:能)?(?:完成|整改|销号)(?:整改|到位|完成)?|没有完成|超期未完成?"),
    (
        "basically_completed",
        "已?(?:基本完成(?:整改)?|基本整改(?:到位|完成)|阶段性(?:完成|整改完成)(?:整改)?|完成阶段性(?:整改|任务|目标)"
        "|取得(?:了)?(?:明显|初步|较好)?阶段性(?:整改)?(?:成果|成效|进展)|初步完成|基本解决|基本到位)",
    ),
    (
        "long_term",
        "(?:需|需要|须|纳入)?(?:中)?长期(?:坚持|整改|推进|任务|跟踪|持续)的?(?:整改|推进|坚持|抓好)*",
    ),
    (
        "in_progress",
        f"(?:正在|正|仍在|有待|还需|仍需|需|需要)?{_CONTINUES}{_WORKS}{{1,2}}中"
        f"|(?:正在|正|仍在|有待|还需|仍需|需|需要){_CONTINUES}{_WORKS}(?:整改|落实|推进)?"
        f"|(?:持续|继续){_WORKS}(?:整改|推进|落实)?|部分(?:完成)?整改|部分完成|未到整改(?:期限|时限)|未到期"
        f"|(?:按)?时序(?:进度)?推进|达到(?:序时|时序)进度",
    ),
    (
        "completed",
        "(?:已经|已|均已|均|现已)(?:全部|全面)?(?:完成(?:整改)?|整改|办结|销号|解决|落实)(?:到位|完成|销号|完毕|办结)?"
        "|(?:全部|全面)?(?:完成整改|完成销号|整改完成|整改完毕|整改到位|整改办结|整改销号|对账销号|办结销号"
        "|办结|销号|完成)(?:到位)?",
    ),
)
STATE = _either(
    _STATES,
    "中仍全初办加取均坚基完实对尚已扎抓持按推整时暂有未正没深现积稳纳继落超跟达还进部销长阶需须",
)
_ENDS = r"(?=[,。;、)(和及与]|$|\n|问题|任务|事项|整改|具体|立行|措施|其中|其余|占|的)"
AFTER_STATE = re.compile(
    r"(?:(?:取得阶段性成[果效])?(?:并|且|、|但|需)[^,。;:\d]{1,12})?(?:\([^)]{1,30}\))?的?了?(?:反馈|具体"
    r"|整改)*(?:问题|任务|事项|整改|措施)?"
    rf"(?:有|共|共计|的有|数|为|:)?{_number('n')}(?P<u>个|项|条|件)?{_ENDS}"
)
BEFORE_STATE = re.compile(
    r"(?:\d+(?:个|项|条)(?:具体)?(?:问题|任务|事项)[中里内])?(?:其中|其余|另有|另外|还有|剩余|余下|有|目前|截至目前|(?:巡[察视])?反馈的?|指出的?|涉及的?|的)*"
    rf"{_number('n')}(?:个|项|条|件)(?:具体)?(?:问题|任务|事项|措施)?(?:为|是|属|属于|已|已经|均|均已|现)?$"
)
STATED = re.compile(
    r"(?:已|正在|基本|完成|整改|未|持续|长期)[^,。;、\d全均]{1,12}(?=[,。;、]|$)"
)  # 28个问题已整改到位
OF_PART = re.compile(
    r"(?<![\d个大一二三四五六七八九十])(?:方面|领域|部分|板块)的?,?(?:共|存在|涉及|巡察|反馈|的)*(?:问题)?(\d{1,5})(?:个|项|条)"
)  # 在党的建设方面,反馈的9个问题
ALL_DONE = re.compile(
    rf"{_number('n')}(?:个|项|条|件)?(?:具体|反馈|巡[察视]|整改|分项)*(?:问题|任务|事项)?"
    r"(?:[^,。;\d]{1,8}(?=,))?"
    rf",?(?:现|目前|都|均|已"
    rf"|已经)*(?:全部|均|全)(?:都|已|已经)?"
    "(?:完成整改|整改完成|整改到位|整改完毕|完成|办结|销号|解决|整改)(?!\\d)"
)
_RULES = (
    "(?:建章立制|规章制度|制度机制|机制制度|工作机制|管理制度|长效机制|规范性文件|工作制度|制度文件"
    "|制度办法|制度|机制|办法|规定)"
)
POLICY = re.compile(
    rf"(?:制度|机制)\d{{1,4}}(?:个|项|份|条|件),(?:共|共计|合计){_number('w')}(?:个|项|份|条|件)"
    rf"|{_RULES}(?:成果|性文件|文件)?(?:等|共|共计|合计|达|办法|等文件)*{_number('y')}(?:个|项|份|条|件|部)"
    rf"|(?<=[制定订立善新健全修改完出台建印发废释形成计共了达、等》])(?:并|及|了)?{_number('z')}(?:个|项|份|条"
    rf"|件|部)?余?(?:新的)?"
    r"(?:内部|长效|内控|管理|工作|相关|有关|各类|各项|规章|党建|业务|重要)*的?(?:制度|机制|规章|规范性文件"
    r"|管理办法|制度性文件)"
)
MADE = re.compile(r"建章立制|完善|制定|修订|新建|建立|健全|出台|机制")
SUMS_UP = re.compile(
    r"截[至止]|目前|通过巡[察视]整改|完成整改|整改完成|整改期间|集中整改|整改以来|共(?:计)?(?:制定|修订|完善"
    r"|出台|建立)|反馈"
)
USED = re.compile(r"学习|落实|执行|宣讲|解读|梳理|检查|审查|违反")
COUNTS_ON = re.compile(
    r"[的、,共]?(?:\d+(?:个|大)?(?:类|方面)[的、,]?)?\d+(?:个|项|条|类|大类)(?:具体|突出|主要|方面|的)*问题"
)  # 5个方面48个问题: a count goes on to a finer one
TOPIC = re.compile(
    r"反馈|巡察|巡视|指出|移交|审计|督察|查出|整改|问题清单|交办|方面[的、,共]?\d|[对将把]\d+[个项条](?:具体)?问题|问题(?:进行)?(?:梳理|细化|分解|逐)"
    r"|(?:制定|提出|细化|形成)[^,。]{0,8}?\d+[条项个](?:具体|整改)*(?:措施|举措)"
)
FOREIGN = re.compile(
    r"查摆|检视|自查|对照检查|民主生活会|组织生活会|批评意见|征求|移送|信访|线索|谈话|立行立改|边巡边改"
    r"|即知即改|学习|(?<!反馈)会议|督查发现|督导发现|抽查发现"
)
PARTIAL = re.compile(r"(?:其中|立行立改|集中整改期|信访|涉及|移交的|上轮|上一轮|专项)[^,;。]{0,12}$")
SUBSET = re.compile(r"立行立改|即知即改|信访|移交的?\d|上轮|上一轮|边巡边改|回头看.{0,6}发现")
AS_OF = re.compile(r"截[至止](?:到)?(?P<when>[^,。;、]{2,14})")
_PREFIX = re.compile(r"(?:将近|近|大约|约|超过|超|逾|不到|至少)$")
_INEXACT = MappingProxyType(
    {
        "近": "near",
        "将近": "near",
        "不到": "near",
        "约": "about",
        "大约": "about",
        "超过": "over",
        "超": "over",
        "逾": "over",
        "至少": "over",
    }
)


def inexact(before: str) -> str | None:
    """Return how the number behind these words is inexact: near, about, over; None when it is exact."""
    found = _PREFIX.search(before)
    return _INEXACT[found.group()] if found else None
