"""Does what the text points to exist: attachments, numbered problems, parts, serial numbers?"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.amounts import chinese_number
from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, fold, params

_WORDS: Final = r"[一二三四五六七八九十]{1,2}"
_POINTS: Final = re.compile(
    r"(?:详见|见|参见|附后的?)(?:本文|文后|后附|所附)?的?"
    rf"(?P<what>附件|附表|附录)(?P<number>\d{{1,2}}|{_WORDS})?"
)
_HEAD: Final = re.compile(
    rf"^\s*(?P<what>附件|附表|附录)\s*(?P<number>\d{{1,2}}|{_WORDS})?\s*(?:[:.、]|$|\s)"
)
_PROBLEM: Final = re.compile(
    r"(?<![文年函字令委办发])第\s*(?P<number>\d{1,3})\s*(?:号|个|项|条)(?:具体|反馈)?问题"
)
_PART: Final = re.compile(
    rf"(?:本文|本通报|本报告|前述|上述|见|详见)第(?P<number>{_WORDS})部分|"
    rf"(?:见|详见|参见)(?:本文)?(?P<top>{_WORDS})、?\((?P<under>{_WORDS})\)"
)
_SERIAL: Final = re.compile(r"序号\s*(?P<number>\d{1,3}|[一二三四五六七八九十]{1,4})")


def check_cross_reference(reading: Reading) -> Iterator[Fault]:
    """Find pointers to attachments, problems and parts that the document does not have."""
    if not reading.cut:
        yield from _attachments(reading)
        yield from _problems(reading)
        yield from _parts(reading)
    yield from _serials(reading)


def _attachments(reading: Reading) -> Iterator[Fault]:
    """Find 详见附件 where no attachment is named or follows."""
    heads = [match for p in reading.passages if (match := _HEAD.match(p.plain))]
    listed = {head["number"] for head in heads}
    follows = bool(heads) or any(passage.role == "attachment" for passage in reading.passages)
    for passage in reading.body():
        for match in _POINTS.finditer(passage.bare):
            number = match["number"]
            known = listed - {None}
            if not follows or (number and known and number not in known and len(heads) > 1):
                yield passage.fault("cross-reference", match.start(), match.end(), variant="attachment")


def _problems(reading: Reading) -> Iterator[Fault]:
    """Find 第40号问题 where the list ends with 32."""
    numbers = {_number(problem.number) for problem in reading.problems} - {None}
    known = {number for number in numbers if number is not None}
    if len(known) < len(reading.problems) or not known:
        return
    for passage in reading.body():
        for match in _PROBLEM.finditer(passage.bare):
            if int(match["number"]) not in known:
                values = params(number=match["number"], last=max(known))
                yield passage.fault(
                    "cross-reference", match.start(), match.end(), variant="problem", params=values
                )


def _parts(reading: Reading) -> Iterator[Fault]:
    """Find 见三（二） or 本文第五部分 where the document has no such heading."""
    tops: dict[int, set[int]] = {}
    top = None
    for heading in reading.document.headings:
        marker = fold(heading.marker)
        number = chinese_number(marker.strip("、.()第 "))
        if number is not None and marker.startswith("("):
            tops.setdefault(top or 0, set()).add(number)
        elif number is not None:
            top = number
            tops.setdefault(number, set())
    for passage in reading.body() if tops.keys() - {0} else ():
        for match in _PART.finditer(passage.bare):
            first = chinese_number(match["number"] or match["top"])
            under = chinese_number(match["under"]) if match["under"] else None
            missing = first not in tops or (under is not None and under not in tops[first])
            if missing:
                yield passage.fault("cross-reference", match.start(), match.end(), variant="part")


def _serials(reading: Reading) -> Iterator[Fault]:
    """Find an attachment or a body that names another 序号 than the title does."""
    title = fold(reading.document.title or "")
    said = {_number(match["number"]) for match in _SERIAL.finditer(title)}
    if len(said) != 1:
        return
    for passage in reading.body():
        if not _HEAD.match(passage.plain) and passage.role != "opening":
            continue
        for match in _SERIAL.finditer(passage.plain):
            if _number(match["number"]) not in said:
                yield _serial(passage, match, title)


def _serial(passage: Passage, match: re.Match[str], title: str) -> Fault:
    """Return the fault of a serial number that is not the title's."""
    own = _SERIAL.search(title)
    values = params(title=own.group() if own else "")
    return passage.fault("cross-reference", match.start(), match.end(), variant="serial", params=values)


def _number(words: str) -> int | None:
    """Return the value of digits or Chinese words, None for anything else."""
    plain = fold(words).strip(" .、()")
    if plain.isascii() and plain.isdigit() and len(plain) < 10:
        return int(plain)
    return chinese_number(plain) if plain else None
