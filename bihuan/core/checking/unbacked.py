"""Is a claim of an answer backed by a number: absolutes, vague counts, rates without their base?

Only answers of documents that report what was done are judged. Rules and aims (必须, 不得, 确保 …) claim
nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.amounts import Amount, amounts
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, Stretch, params

_TOTAL: Final = re.compile(
    r"全部(?!门)|所有(?!权|制|者|人权)|全都|悉数|无一(?:例外|遗漏)|"
    r"全面(?:完成|清退|清理|整改|解决|消除|整治|取缔|收回|化解|根治|销号)|实现(?:了)?[^,。;■]{0,10}全覆盖"
)
_DEGREE: Final = re.compile(
    r"大幅(?:度)?(?:提升|提高|下降|减少|降低|增长|增加|上升|改善|压减|缩短|压缩)|"
    r"(?:下降|减少|提升|提高|增长|改善)[^,。;]{0,3}大幅|"
    r"(?:已|有效|彻底|完全|全面|坚决地)杜绝|杜绝了|得到(?:了)?杜绝|"
    r"彻底(?:解决|整改|消除|根治|改变|扭转|清除|清理|遏制)|完全(?:解决|消除|整改到位)|根本(?:性)?(?:扭转|改变|解决)|"
    r"从根本上(?:解决|消除|扭转)|绝无|零(?:投诉|事故|违规|差错)"
)
_ABSOLUTE: Final = re.compile(f"{_TOTAL.pattern}|{_DEGREE.pattern}")
_NORM: Final = re.compile(
    r"必须|不得|应当|严禁|禁止|不准|不予|须在|须经|要求|规定|确保|力争|争取|防止|严防|避免|计划|预计|拟于|将于|"
    r"下一步|下步|后续|今后|承诺|为目标|面向|适用于|覆盖到|让|引导|做到|坚持|纳入|列入|教育|组织全|凡"
)
_PEOPLE: Final = re.compile(
    r"(?:全体|所有|全部)(?:党员|干部|职工|工作人员|人员|成员|员工|教职工|师生|同志|班子|支部|党组织)"
)
_OF_THESE: Final = re.compile(r"中,?(?:有)? ?$")
_FULL_SENTENCE: Final = re.compile(r"[^。!?]+")
_LONGEST: Final = 3000
_ALL: Final = 100  # a hundred per cent of what the sentence counts
_COUNTED_AFTER: Final = re.compile(r"[,:;]?(?:共计?|合计|总计|涉及|累计|计)[^,。;]{0,8}\d")
_VAGUE: Final = re.compile(
    r"多次|数次|若干(?:次|家|个|项|名|人|起|件)?|数十(?:次|家|个|项|名|人|起|件)|上百(?:次|家|个|项|名|人|起|件)|"
    r"(?<![许很繁诸众更增最])多(?:家|名|个部门|个单位|处|起)(?=[^一-鿿]|[一-鿿])|采购一批|一大批"
)
_VAGUE_AROUND: Final = re.compile(r"不少于|不低于|不超过|至少|以上|以下|以内|要求|每年|每季|每月|原则上")
_RATE_RULE: Final = re.compile(
    r"不低于|不少于|不超过|不高于|以上|以下|以内|利率|税率|费率|股权|股份|持股|按[^,。;]{0,6}$|比例为|标准|补贴|奖励|折|"
    r"浓度|含量|目标|要求|力争|确保|计划|规定"
)
_CHANGE: Final = re.compile(r"(?:由|从)[^,。;]{0,24}(?:到|至|为)[^,。;]{0,10}$")
_CHANGES: Final = re.compile(
    r"(?:的)?(?:提高|提升|上升|增加|增长|降低|下降|压减|减少|调整|扩大|回升|升|降|增|减)?(?:到|至|为)"
)
# What the statistics offices publish as it is: nobody expects its base in a notice.
_KNOWN_RATE: Final = re.compile(
    r"(?:森林|绿化)覆盖率|优良(?:天数)?(?:比例|比率|率)|满意[度率]|污水(?:集中)?处理率|治理率|火化率|普及率|城镇化率|负债率|"
    r"失业率|入学率|升学率|巩固率|出生率|利用率|自给率|贡献率|增加值|GDP|PM"
)


def check_absolute_without_figure(reading: Reading) -> Iterator[Fault]:
    """Find 全部, 所有, 大幅, 杜绝了 and the like in an answer that gives no number for them."""
    for passage in reading.responses():
        for sentence in passage.sentences():
            if not _ABSOLUTE.search(passage.bare, sentence.start, sentence.end):
                continue
            counted = _counts(passage.bare, sentence)
            for clause in _within(passage, sentence):
                match = _claim(passage.bare, clause, counted)
                if match is not None:
                    yield passage.fault(
                        "absolute-without-figure", clause.start, clause.end, params=params(word=match.group())
                    )


def _claim(bare: str, clause: Stretch, counted: list[Amount]) -> re.Match[str] | None:
    """Return the absolute word of a clause that neither it nor, for a total, its sentence counts."""
    if _NORM.search(bare, clause.start, clause.end):
        return None
    degree = _DEGREE.search(bare, clause.start, clause.end)
    if degree is not None:
        near = [amount for amount in counted if clause.start <= amount.start <= clause.end + 20]
        return None if near else degree
    total = _TOTAL.search(bare, clause.start, clause.end)
    if total is None or _PEOPLE.match(bare, total.start()):
        return None
    # 全面清理 opens an account that the numbers behind it fill in; 全部 and 所有 close one.
    told = any(amount.start < clause.end or total.group().startswith("全面") for amount in counted)
    return None if told or _COUNTED_AFTER.match(bare, clause.end) else total


def _counts(bare: str, sentence: Stretch) -> list[Amount]:
    """Return the numbers of a sentence that count something; 一个 and its like count nothing."""
    return [
        amount
        for amount in amounts(bare, sentence.start, sentence.end)
        if not (amount.written and amount.value == 1)
    ]


def _within(passage: Passage, sentence: Stretch) -> Iterator[Stretch]:
    """Yield the clauses of one sentence."""
    at = sentence.start
    for index in range(sentence.start, sentence.end + 1):
        if index == sentence.end or passage.bare[index] in ",:":
            if index > at:
                yield Stretch(at, index)
            at = index + 1


def check_vague_count(reading: Reading) -> Iterator[Fault]:
    """Find counts that could be exact: 50余家, 近60次, 多次."""
    for passage in reading.responses():
        for amount in amounts(passage.bare):
            words = passage.text[amount.start : amount.end]
            around = passage.bare[max(0, amount.start - 6) : amount.end + 3]
            if _is_vague(words) and not _VAGUE_AROUND.search(around):
                yield passage.fault("vague-count", amount.start, amount.end, variant=None)
        for match in _VAGUE.finditer(passage.bare):
            around = passage.bare[max(0, match.start() - 8) : match.end() + 4]
            if not _VAGUE_AROUND.search(around):
                yield passage.fault("vague-count", match.start(), match.end(), variant="word")


def _is_vague(words: str) -> bool:
    """Say whether a printed amount names no exact number."""
    return bool(re.search(r"[余多几]|^(?:近|约|将近|逾|超)|左右$|上下$", words)) and "多人次" not in words


def check_ratio_without_base(reading: Reading) -> Iterator[Fault]:
    """Find a percentage in an answer from which nobody can tell what it is a part of."""
    for passage in reading.responses():
        if "%" not in passage.bare:
            continue
        for match in _FULL_SENTENCE.finditer(passage.bare):
            if len(match.group()) > _LONGEST:
                continue
            found = list(amounts(passage.bare, match.start(), match.end()))
            units = Counter(amount.in_yuan().unit for amount in found if amount.unit != "%")
            for rate in found:
                if rate.unit == "%" and not _has_base(passage.bare, match.start(), rate, units=units):
                    start = _growth_start(passage.bare, rate.start)
                    variant = "growth" if start < rate.start else None
                    yield passage.fault("ratio-without-base", start, rate.end, variant=variant)


def _has_base(bare: str, start: int, rate: Amount, *, units: Counter[str]) -> bool:
    """Say whether the sentence gives two amounts of one unit, or the rate is a term and not a result."""
    around = bare[max(start, rate.start - 12) : rate.end + 4]
    before = bare[max(start, rate.start - 40) : rate.start]
    if _RATE_RULE.search(around) or _CHANGE.search(before) or _CHANGES.match(bare, rate.end):
        return True
    if (
        _KNOWN_RATE.search(before[-20:])
        or _OF_THESE.search(before)
        or "百分点" in bare[rate.end : rate.end + 30]
    ):
        return True
    return max(units.values(), default=0) > 1 or (rate.value == _ALL and bool(units))


def _growth_start(bare: str, start: int) -> int:
    """Return where 同比增长 before a rate begins, else the rate's own beginning."""
    match = re.search(
        r"(?:同比|环比|较上年|比上年)?(?:增长|下降|增加|减少|提高|上升)(?:了)?\s?$",
        bare[max(0, start - 12) : start],
    )
    return start - len(match.group()) if match else start
