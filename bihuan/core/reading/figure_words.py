"""How figures are printed, as patterns on folded text; each is matched where a digit or numeral stands.

`TRIGGER` finds the places cheaply, `AT_DIGIT` and `AT_WORD` say what stands there, `BEFORE` reads how it is led in.
"""

import re
from types import MappingProxyType

from bihuan.core.reading.numerals import WORDS

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_YEAR = r"(?:19|20)\d{2}"
_TO = "(?:-|—{1,2}|至|到|~)"
_AREA = "平方公里|平方千米|平方米|万亩|亩|公顷|㎡|m2|km2"
_CAPACITY = (
    "[万千]?(?:m3|m³|立方米|方(?!面)|吨|千瓦时|千瓦|兆瓦|千卡|度(?!假)|公斤|千克|升|t|kg)"
    "(?:/(?:d|h|a|日|天|小时|年|月)|每[日天年])?"
)
_MONEY = r"[十百千万亿]{0,2}(?:余|多)?(?:元|美元|欧元|港元|人民币|块钱)(?:/[^\d,。;]{1,4})?"
_COUNTS = (
    "人次|人|家次|家|个百分点|个|项次|项|次|轮次|轮|期|份|场次|场|名|件次|件|处|套|台次|台|公里|千米|米|条|类"
    "|户次|户|篇|辆|座|宗|起"
    "|笔|批次|间|张|幅|块|位|只|头|支|册|本|部|门|所|栋|幢|株|棵|盏|根|组|队|班|课时|学时|课|遍|倍|岁|级|层|周"
    "|天|日|分钟|分|步|片|道"
    "|口|对|桩|封|票|席|届|大类|方面|批|点|种|节|堂|艘|盒|箱|袋|颗|枚|村|镇"
)
# Words count only with these: 三个, 两家, but not 一批, 一律 or 五大.
_WORD_COUNTS = (
    "人次|人|家|个月|个|项|次|轮|份|场|名|件|处|套|台|条|类|户|篇|辆|座|笔|位|所|年|天|方面|成|亩"
    "|公里|万元|亿元|批次|期|起|宗|本|部"
)
# A pattern that begins with one set of characters is searched many times as fast as one of several branches.
TRIGGER = re.compile(
    rf"[\d{WORDS}〔\[(](?:(?<=\d)[\d,.]*|(?<=百)分之|(?<=[{WORDS}])[{WORDS}]*|(?<=[〔\[(])(?={_YEAR}[〕\])]))"
)
NUMBERED = re.compile(rf"[〔\[(]{_YEAR}[〕\])]第?\d{{1,5}}号")
AT_DIGIT = re.compile(
    rf"(?P<percent>(?P<pn>{_NUMBER})(?P<px>余|多)?(?P<pu>%|‰|个百分点|百分点))"
    rf"|(?P<period>{_YEAR}年?(?:\d{{1,2}}月?(?:\d{{1,2}}日)?)?{_TO}(?:{_YEAR}年度?(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?|\d{{1,2}}月(?:\d{{1,2}}日)?)"
    rf"|\d{{1,2}}(?:月(?:\d{{1,2}}日)?)?{_TO}\d{{1,2}}月(?:\d{{1,2}}日)?"
    rf"|{_YEAR}年(?:[上下]半年|第?[一二三四]季度|度|以来|(?=[,。;、\u4e00-\u9fff]))(?!\d))"
    rf"|(?P<isodate>{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d))"
    rf"|(?P<date>(?:(?P<dy>{_YEAR})年)?(?P<dm>\d{{1,2}})月份?(?:(?P<dd>\d{{1,2}})(?:日|号)|(?:上旬|中旬|下旬"
    rf"|底|末|初)(?!心))?)"
    rf"|(?P<value>(?P<vn>{_NUMBER})(?P<vx>余|多)?(?P<vs>万|亿|千|百)?(?P<vy>余|多)?"
    rf"(?:(?P<money>{_MONEY})|(?P<area>{_AREA})|(?P<capacity>{_CAPACITY})(?![a-zA-Z])"
    rf"|(?P<length>年|个月|个工作日|小时)|(?P<count>{_COUNTS}))?)"
)
AT_WORD = re.compile(rf"(?P<wn>[{WORDS}]{{1,6}})(?P<wx>余|多)?(?P<wu>{_WORD_COUNTS})")
HUNDREDTHS = re.compile(
    r"百分之(?P<n>[零〇一二三四五六七八九十百]{1,6})(?:点(?P<point>[零〇一二三四五六七八九]{1,3}))?"
)
BEFORE = re.compile(r"(?:将近|接近|近|大约|约|超过|超|逾|突破|不到|不足|不少于|至少)$")
APPROX = MappingProxyType(
    {
        "余": "over", "多": "over", "超过": "over", "超": "over", "逾": "over", "突破": "over", "不少于": "over",
        "至少": "over", "以上": "over", "近": "near", "将近": "near", "接近": "near", "不到": "near", "不足": "near",
        "约": "about", "大约": "about", "左右": "about", "上下": "about",
    }
)  # fmt: skip
BASE = re.compile(
    r"(?P<base>同比|环比|较[^,。;]{1,14}?|比[^,。;]{1,14}?|占[^,。;]{1,24}?的?|[^,。;、]{0,10}(?:率|满意度))"
    r"(?:均|已|也|约|近|分别|为|达到?|至|是|增长|下降|提高|提升|上升|减少|增加|降低|增幅|降幅|了|超过?|:){0,6}$"
)
# What stands directly before numerals that count nothing: 第三次, 每一名, 统一个, 进一家.
NO_COUNT_AFTER = frozenset("第每同某另任各逐这那哪进统万千")
LEADS = re.compile(
    r"[\u4e00-\u9fff]*(?:依据|根据|按照|印发|下发|制发|出台|制定|转发|执行|落实|贯彻|以及|参照|遵照|通过|文件"
    r"|发布|收到|依照"
    r"|和|及|与|的|了|为|对|见|在|按)(?=[\u4e00-\u9fff]{2,})"
)
WORD_KINDS = MappingProxyType(
    {
        "年": "period",
        "个月": "period",
        "天": "period",
        "成": "percent",
        "亩": "area",
        "万元": "money",
        "亿元": "money",
    }
)
# 一次, 一年 … are manners of speaking; 一个, 一家, 一名 count.
LOOSE_ONE = frozenset(
    {"条", "次", "部", "年", "场", "方面", "起", "轮", "期", "成", "天", "件", "处", "类", "份", "位"}
)
