"""Which numbers split a whole when they stand in several sentences or behind semicolons?

`约谈9家。其中补足投资的5家；重签协议的3家；解除合同的1家。`

A semicolon also begins what has nothing to do with the whole (`处理12人，其中诫勉3人；约谈20人`), so that what
stands behind it is a part only where it is worded like the part before it.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from bihuan.core.checking.amounts import Amount, amounts, overlap, sum_range

Groups = list[tuple[Amount, ...]]

SPLIT_ENDS: Final = re.compile(r"其中|另有|另外|(?<=[,;])另|同时|共计|合计|总计|同比|比上年|较上年|[()]")
_REST: Final = re.compile(r"其余|其他|余下|剩余|还有|尚有|等[^,。;\d]{0,6}$")
_ECHO: Final = re.compile(r"[,;](?:已|均|全部|现已|实际)[^,;、。\d]{0,8}$")
_NOUN: Final = re.compile(
    r"问题|任务|制度|办法|措施|事项|企业|项目|线索|文件|隐患|单位|合同|会议|案件|党员|干部|群众"
)
_PLAIN_ITEM: Final = re.compile(r"[^\d,。;:]{1,12}\d+(?:\.\d+)?[^\d,。;:]{1,4}")
_SENTENCE_END: Final = re.compile(r"[。!?]")
_LONGEST: Final = 600  # characters in which a list of parts ends
_CLAUSE: Final = 60
_WIDE: Final = 20
_FEW: Final = 3


def parts_of(
    text: str, segments: list[tuple[int, int]], whole: Amount, *, next_sentence: bool
) -> tuple[Amount, ...]:
    """Return the parts that `whole` has to be compared with, none when they cannot be told or come to it."""
    groups = [_group(text, start, end, whole.unit) for start, end in segments]
    groups = groups[: next((index for index, group in enumerate(groups) if not group), len(groups))]
    if not groups or _of_another_thing(text, whole, groups[0][0]):
        return ()
    alike = _alike(text, segments, groups)
    reach = whole.range(scaled=False)
    # Items that are worded alike are one list, of which the first few may not be taken for all.
    readings = [alike, tuple(one for group in groups for one in group)] if alike else _readings(groups)
    if any(overlap(sum_range(parts), reach) for parts in readings):
        return ()
    if len(groups[0]) > 1:
        return groups[0] if next_sentence and len(groups) == 1 else ()
    return alike


def rest_is_named(text: str, end: int) -> bool:
    """Say whether the text goes on, behind the parts, to what else there is: 其余, 等."""
    behind = text[end : end + _WIDE].partition("。")[0]
    return bool(_REST.search(behind)) or behind.startswith("等")


def segments_after(text: str, start: int) -> list[tuple[int, int]]:
    """Return the stretches between semicolons from `start` to the end of the sentence or of the list."""
    found = _SENTENCE_END.search(text, start, start + _LONGEST)
    end = found.start() if found else min(len(text), start + _LONGEST)
    stop = SPLIT_ENDS.search(text, start, end)
    end = stop.start() if stop else end
    ends = [start - 1, *(match.start() for match in re.compile(";").finditer(text, start, end)), end]
    return [(one + 1, other) for one, other in pairwise(ends)]


def _group(text: str, start: int, end: int, unit: str) -> tuple[Amount, ...]:
    """Return the amounts of `unit` in one stretch, without what repeats how far one has come: 13个，已完成12个."""
    found: list[Amount] = []
    for amount in amounts(text, start, end):
        if amount.unit == unit and not (found and _ECHO.search(text, found[-1].end, amount.start)):
            found.append(amount)
    return tuple(found)


def _readings(groups: Groups) -> Iterator[tuple[Amount, ...]]:
    """Yield what may be meant: all amounts, or the first of each stretch, of the first stretches."""
    for count in range(1, len(groups) + 1):
        yield tuple(amount for group in groups[:count] for amount in group)
        if count > 1:
            yield tuple(group[0] for group in groups[:count])


def _alike(text: str, segments: list[tuple[int, int]], groups: Groups) -> tuple[Amount, ...]:
    """Return the first numbers of the stretches that are worded like the first: 补足的5家；解除的1家."""
    if len(groups[0]) > 1:
        return ()
    firsts = tuple(group[0] for group in groups)
    leads = [text[start : one.start].strip()[-1:] for (start, _), one in zip(segments, firsts, strict=False)]
    count = next((index for index, lead in enumerate(leads) if lead != leads[0]), len(leads))
    if leads[0] in ("的", "") and count > 1:
        return firsts[:count]
    plain = all(_PLAIN_ITEM.fullmatch(text[start:end].strip()) for start, end in segments[: len(firsts)])
    return firsts if plain and len(firsts) >= _FEW else ()


def _of_another_thing(text: str, whole: Amount, part: Amount) -> bool:
    """Say whether the words beside the two numbers name different things: 制度6个, 反馈问题13个."""
    one, other = _named(text, whole), _named(text, part)
    return bool(one and other and not one & other)


def _named(text: str, amount: Amount) -> set[str]:
    """Return the things named in the clause of an amount."""
    start = max(
        amount.start - _CLAUSE,
        *(text.rfind(sign, max(0, amount.start - _CLAUSE), amount.start) + 1 for sign in ",。;、:"),
        0,
    )
    ends = [place for sign in ",。;、:" if (place := text.find(sign, amount.end, amount.end + _CLAUSE)) >= 0]
    return set(_NOUN.findall(text[start : min(ends, default=amount.end + _CLAUSE)]))
