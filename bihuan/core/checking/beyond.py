"""Is more undone than was there: 违规发放120万元，已收回150万元?

Only pairs of verbs of which the second undoes the first are judged: a plan may be exceeded, a fault that was
found may not.
"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.amounts import Amount, amounts
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, params

CUES: Final = re.compile(r"已")
_FOUND: Final = re.compile(
    r"(?:查出|排查出?|发现|反馈|指出|核实|认定|清查出?|违规[^,。;、\d]{0,4}|违反规定[^,。;、\d]{0,4}|多发|多付|多收|超发|超标准[^,。;、\d]{0,4}|滥发|发放"
    r"|套取|挪用|侵占|截留|挤占|骗取|虚报|拖欠|欠缴|少缴|漏缴|欠付|应收|应退|应缴|应追缴|应处置|应整改|闲置)(?:了)?[^,。;、:\d]{0,10}$"
)
_UNDONE: Final = re.compile(
    r"[,;](?:目前|现|截至目前,?)?已(?:经)?(?:全部|全额|足额|陆续|依法)?(?:整改|完成整改|销号|办结|收回|追回|清退|退还|退回|退缴|追缴|上缴"
    r"|收缴|补缴|处置|支付|偿还|清偿|兑付|归还|盘活|纠正|清理)(?:到位|完成|完毕)?(?:了)?(?:资金|金额|问题|款项)?$"
)
# What counts something else in: interest, earlier years, other matters.
_WIDER: Final = re.compile(
    r"利息|本息|滞纳金|罚款|连同|累计|历年|往年|以前|举一反三|自查|加上|新增|另|预计|计划"
)
_LEAD: Final = 24


def beyond(passage: Passage, start: int, end: int) -> Iterator[Fault]:
    """Compare what has been undone with the one amount of its unit that stands before it in a full sentence."""
    if _WIDER.search(passage.bare, start, end):
        return
    earlier: dict[str, list[Amount]] = {}
    last = ""
    for amount in amounts(passage.bare, start, end):
        unit = amount.in_yuan().unit
        before = earlier.setdefault(unit, [])
        # 32个问题、49项任务，已完成39个: what is counted may be told of another number than that of its unit.
        told = unit == "元" or unit == last
        last = unit
        if told and len(before) == 1 and _exceeds(passage, before[0], amount, start):
            whole = before[0]
            values = params(
                part=passage.text[amount.start : amount.end], whole=passage.text[whole.start : whole.end]
            )
            yield passage.fault("parts-sum", whole.start, amount.end, variant="beyond", params=values)
        before.append(amount)


def _exceeds(passage: Passage, whole: Amount, part: Amount, start: int) -> bool:
    """Say whether `part` undoes `whole` and is certainly more."""
    if whole.rough or part.rough or whole.unit == "%":
        return False
    text = passage.bare
    if not _FOUND.search(text, max(start, whole.start - _LEAD), whole.start):
        return False
    if not _UNDONE.search(text, max(start, part.start - _LEAD), part.start):
        return False
    return part.in_yuan().range()[0] > whole.in_yuan().range()[1]
