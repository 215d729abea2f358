"""Does an answer name what came of the work, or only the work?

Agreements signed, meetings held and papers issued are work; an official is asked what changed by them.
"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params

_AGREED: Final = re.compile(
    r"(?:签订|签署|签定|签约)(?!的)[^,。;]{0,14}?(?:协议书?|合同|承诺书|责任书|意向书|备忘录)|"
    r"(?:服务|合作|框架|意向)协议[^,。;]{0,4}(?:签订|签署)"
)
_DONE_AFTER: Final = re.compile(
    r"完成(?:了)?[^,。;]{0,12}\d|已(?:全部|完成|整改|竣工|建成|投产|投入|到位|退还|清退|追回|收回|发放|通过|验收)|整改到位|"
    r"投入使用|竣工|建成|验收|追回|清退|到账|降至|降为|减少到|\d(?:\.\d+)?%|收回|退还|兑现|开工|达到|达标|复工|投产|合格|办结|抽查|没有发现|未发现"
)
_LABEL: Final = re.compile(r"\s*整改[^:。]{0,8}情况:")
_ACTIVITY: Final = re.compile(
    r"召开|组织|印发|下发|制定|修订|完善|开展|学习|传达|成立|加强|强化|严格|进一步|明确|建立|健全|督促|要求|落实|推动|"
    r"提升|提高|增强|深入|积极|定期|及时|广泛|坚持|压实|压紧|层层|邀请|安排|部署|通报|听取|研究|对照"
)
_RESULT: Final = re.compile(
    r"完成|到位|解决|清退|追回|追缴|收回|退还|支付|发放|拨付|返还|建成|竣工|投入使用|投产|签约|获批|获评|入选|新增|"
    r"处理|处分|处罚|问责|诫勉|立案|约谈|警告|查处|关停|拆除|盘活|销号|办结|注销|补缴|补办|补签|配备|采购|安装|整治|"
    r"下降|减少|增长|上升|降至|达到|实现|形成|取得|已有|有效|纠正|更新|公布|杜绝|\d"
)


def check_input_not_result(reading: Reading) -> Iterator[Fault]:
    """Find answers that offer a signed agreement, or only activity, where a result is asked for."""
    answers: dict[int | None, list[Passage]] = {}
    for passage in reading.responses():
        answers.setdefault(passage.problem, []).append(passage)
    for lines in answers.values():
        agreed = list(_agreements(lines))
        unfinished = reading.cut and lines[-1].place.line == reading.passages[-1].place.line
        yield from agreed or ([] if unfinished else _only_activity(lines))


def _agreements(lines: list[Passage]) -> Iterator[Fault]:
    """Yield signed agreements after which the answer names nothing that is finished."""
    for position, passage in enumerate(lines):
        for match in _AGREED.finditer(passage.bare):
            later = (line.bare for line in lines[position + 1 :])
            if not _DONE_AFTER.search(passage.bare, match.end()) and not any(map(_DONE_AFTER.search, later)):
                yield passage.fault(
                    "input-not-result", match.start(), match.end(), params=params(words=match.group())
                )


def _only_activity(lines: list[Passage]) -> Iterator[Fault]:
    """Yield an answer that tells of activity alone: no result, no number, no consequence for anyone."""
    text = "".join(line.bare for line in lines)
    if not lines or len(text) < 20 or _RESULT.search(text) or not _ACTIVITY.search(text):
        return
    first = lines[0]
    label = _LABEL.match(first.plain)
    start = label.end() if label else 0
    end = next((clause.end for clause in first.clauses() if clause.start >= start), len(first.text))
    yield first.fault("input-not-result", start, min(end, start + 60), variant="activity")
