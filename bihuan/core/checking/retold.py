"""Is a number of the tally the same wherever the document tells it again?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params
from bihuan.core.reading.document import TallyFigure

_ROLES: Final = ("opening", "organisation", "tally", "follow_up")
_PROBLEMS: Final = ("problems", "specific_problems")
_STATUSES: Final = ("completed", "basically_completed", "in_progress", "long_term", "not_completed")
_RETOLD: Final = re.compile(r"反馈|指出|移交|分解|细化|形成")
_PART_OF: Final = re.compile(
    r"其中|其余|已|完成|正在|基本|长期|整改(?!任务)|解决|个方面[,、]|[,。;]$"
    r"|(?<![个大])方面的?,?(?:共|反馈的?|指出的?|存在)*$"
)
_PROBLEM_COUNT: Final = re.compile(
    r"(?<![\d.])(?P<number>\d{1,5}) ?(?:个|项|条)(?P<what>(?:具体|反馈)?问题)(?!线索)"
)
_TASK_COUNT: Final = re.compile(r"(?<![\d.])(?P<number>\d{1,5}) ?(?:个|项)(?P<what>(?:分项|整改)任务)")
_STATUS_COUNT: Final = re.compile(
    r"(?P<status>(?:已经?)?(?:基本)?完成(?:整改)?|长期(?:整改|坚持)|正在(?:整改|推进)|(?:尚|还)?未完成(?:整改)?)"
    r"的 ?(?P<number>\d{1,5}) ?(?:个|项|条)(?P<noun>(?:具体|反馈|分项|整改)?(?:问题|任务|事项))(?!中|里)"
)
_RULES_MADE: Final = re.compile(r"(?P<what>建章立制) ?(?:共|共计|合计)?(?P<number>\d{1,5}) ?(?:个|项|条)")
# 对2项制度作了修订 speaks of some; 逐项 behind the number says that all are meant.
_RULES_ALL: Final = re.compile(
    r"(?:对|把|将) ?(?P<number>\d{1,5}) ?(?:个|项)(?:新?(?:建立|制定)的)?(?P<what>制度)(?=逐[项个一]|全部|全都|均)"
)
_SOME: Final = re.compile(r"其中|其余|另|新增|又|再|上轮|上一轮|立行立改|[年月日季度][^,。;]{0,6}$")
_STATUS_WORDS: Final = (
    ("未", "not_completed"), ("基本", "basically_completed"), ("长期", "long_term"), ("正在", "in_progress"),
    ("完成", "completed"),
)  # fmt: skip
_NOUN_KEYS: Final = MappingProxyType({"问题": _PROBLEMS, "任务": ("tasks",), "事项": ("tasks",)})


@dataclass(frozen=True, slots=True)
class _Again:
    """A number told again: what it counts, where it stands, and the figure that it should equal."""

    first: TallyFigure
    what: str
    match: re.Match[str]


def told_twice(reading: Reading) -> Iterator[Fault]:
    """Find a number that the document tells for itself as a whole and then tells otherwise."""
    tally = reading.document.tally
    listed = {len(reading.problems), len(reading.document.findings)}
    problems = [figure for figure in tally if figure.key in _PROBLEMS]
    tasks = [figure for figure in tally if figure.key == "tasks"]
    statuses = _split(tally)
    findings = _span_of_findings(reading)
    rules = next((figure for figure in tally if figure.key == "policies"), None)
    for passage in reading.body():
        if not _speaks_of_all(passage, findings):
            continue
        found = [
            *_others(passage, _PROBLEM_COUNT, problems, listed),
            *_others(passage, _TASK_COUNT, tasks, set()),
            *_of_status(passage, statuses),
        ]
        for match in (*_RULES_MADE.finditer(passage.bare), *_RULES_ALL.finditer(passage.bare)):
            if _SOME.search(passage.bare, max(0, match.start() - 12), match.start()):
                continue
            if rules is None and match["what"] == "建章立制":
                rules = TallyFigure("policies", int(match["number"]), match.group(), passage.place)
            elif rules is not None and not rules.approx and int(match["number"]) != rules.value:
                found.append(_Again(rules, match["what"], match))
        for again in found:
            yield _fault(passage, again)


def _span_of_findings(reading: Reading) -> tuple[int, int]:
    """Return the first and the last line of the findings and their answers, nothing when there are none."""
    lines = [finding.place.line for finding in reading.document.findings]
    lines += [passage.place.line for passage in reading.passages if passage.problem is not None]
    return (min(lines), max(lines)) if lines else (0, 0)


def _speaks_of_all(passage: Passage, findings: tuple[int, int]) -> bool:
    """Say whether a line speaks of the document as a whole: 三、（一）对已完成的39项任务 is set as a heading."""
    first, last = findings
    return passage.role in _ROLES or (passage.role == "heading" and not first <= passage.place.line <= last)


def _others(
    passage: Passage, pattern: re.Pattern[str], figures: list[TallyFigure], listed: set[int]
) -> Iterator[_Again]:
    """Yield the numbers of one paragraph that count the same as `figures` and differ from all of them."""
    if not figures or any(figure.approx for figure in figures):
        return
    known = {figure.value for figure in figures} | listed
    for match in pattern.finditer(passage.bare):
        before = passage.bare[max(0, match.start() - 16) : match.start()]
        if int(match["number"]) not in known and _RETOLD.search(before) and not _PART_OF.search(before):
            yield _Again(figures[0], match["what"], match)


def _split(tally: tuple[TallyFigure, ...]) -> dict[tuple[str, str], TallyFigure]:
    """Return the counts by status, by status and noun, of what the tally splits without a rest."""
    parts = [figure for figure in tally if figure.key in _STATUSES]
    if len(parts) < 2 or any(figure.approx for figure in parts):
        return {}
    total = sum(figure.value for figure in parts)
    split = {figure.key for figure in tally if figure.value == total}
    return {
        (part.key, noun): part for noun, keys in _NOUN_KEYS.items() if split & set(keys) for part in parts
    }


def _of_status(passage: Passage, statuses: dict[tuple[str, str], TallyFigure]) -> Iterator[_Again]:
    """Yield the counts of 已完成的38项任务 that the tally gives otherwise."""
    for match in _STATUS_COUNT.finditer(passage.bare) if statuses else ():
        key = next(key for word, key in _STATUS_WORDS if word in match["status"])
        first = statuses.get((key, match["noun"][-2:]))
        some = _SOME.search(passage.bare, max(0, match.start() - 12), match.start())
        if first is not None and not some and int(match["number"]) != first.value:
            yield _Again(first, match["status"] + match["noun"], match)


def _fault(passage: Passage, again: _Again) -> Fault:
    """Return the fault of a number told otherwise than before."""
    first, match = again.first, again.match
    values = params(
        what=again.what, first=first.value, second=int(match["number"]), line=first.place.line
    )  # fmt: skip
    return passage.fault(
        "declared-count", match.start(), match.end(), variant="twice", params=values, related=(first.place,)
    )
