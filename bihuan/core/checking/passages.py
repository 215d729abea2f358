"""What every check looks at: the lines of the file, each with the part that the reader gave it.

Source + Document ─bundle→ Reading(passages) ─each check→ faults

Three texts of one length stand side by side, so that an offset in one is an offset in all: `text` as
printed, `plain` with full-width signs folded to half-width, and `bare` in which quoted words and book titles
are blotted out, because what stands inside “” and 《》 is a name and not a claim of the writer.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from bihuan.core.checking.fault import Fault
from bihuan.core.reading.document import Document, Problem, TallyFigure
from bihuan.core.source import NO_PARAMS, Params, Place, Source

Role = Literal[
    "chrome", "title", "opening", "organisation", "tally", "heading", "problem", "response", "follow_up",
    "contact", "signature", "date", "attachment", "row", "body",
]  # fmt: skip

_FOLD: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_QUOTED: Final = re.compile(r"“[^“”]*”|《[^《》]*》|「[^「」]*」|‘[^‘’]*’|〈[^〈〉]*〉")
BLOT: Final = "■"
# A comma between three digits belongs to the number.
_CLAUSE: Final = re.compile(r"(?:[^,。;:!?]|(?<=\d),(?=\d{3}(?!\d)))+")
_SENTENCE: Final = re.compile(r"[^。;!?]+")
_LONGEST: Final = 3000
_SHORTEST_CUT: Final = 15
_NO_SENTENCES: Final = ("signature", "date", "contact", "attachment", "row", "title")
_PART_ROLES: Final[Mapping[str, Role]] = MappingProxyType(
    {
        "chrome": "chrome", "title": "title", "opening": "opening", "organisation": "organisation",
        "tally": "tally", "follow_up": "follow_up", "contact": "contact", "signature": "signature",
        "date": "date", "attachment": "attachment",
    }
)  # fmt: skip
_FINISHED_SIGNS: Final = "。;!?:”》)…"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a passage, by its offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of the file with its part; `problem` is the index of the problem that it belongs to."""

    text: str
    plain: str
    bare: str
    place: Place
    role: Role
    problem: int | None = None

    def fault(self, code: str, start: int, end: int, **changes: object) -> Fault:
        """Return a fault quoting this passage from `start` to `end`; `changes` are more fields of Fault."""
        return Fault(code, self.text[start:end], self.place, start=start, **changes)  # type: ignore[arg-type]

    def clauses(self) -> Iterator[Stretch]:
        """Yield the clauses, without the blanks around them."""
        return self._stretches(_CLAUSE)

    def sentences(self) -> Iterator[Stretch]:
        """Yield the sentences, without the blanks around them."""
        return self._stretches(_SENTENCE)

    def _stretches(self, pattern: re.Pattern[str]) -> Iterator[Stretch]:
        """Yield what `pattern` finds in the bare text; what is longer than any sentence is passed over."""
        for match in pattern.finditer(self.bare):
            words = match.group()
            start = match.start() + len(words) - len(words.lstrip())
            end = match.start() + len(words.rstrip())
            if 0 < end - start <= _LONGEST:
                yield Stretch(start, end)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document ready to be checked.

    `account` says that the document reports what has been done (a notice, a report), so that claims in its
    responses are claims of fact; a plan or a feedback document promises or blames and is judged otherwise.
    `cut` says that the text breaks off, so that what is missing at its end says nothing about the document.
    """

    source: Source
    document: Document
    passages: tuple[Passage, ...]
    by_line: Mapping[int, Passage]
    problems: tuple[Problem, ...]
    account: bool
    cut: bool

    def at(self, place: Place) -> Passage | None:
        """Return the passage at `place`, None when the line is not in the file."""
        return self.by_line.get(place.line)

    def fault_of(self, figure: TallyFigure, code: str, values: Params, **changes: object) -> Fault:
        """Return a fault that quotes a figure of the tally where it is printed."""
        passage = self.at(figure.place)
        start = passage.text.find(figure.text) if passage and figure.text else -1
        if passage is None or start < 0:
            return Fault(code, figure.text, figure.place, values, **changes)  # type: ignore[arg-type]
        return passage.fault(code, start, start + len(figure.text), params=values, **changes)

    def responses(self) -> Iterator[Passage]:
        """Yield the lines that answer a problem, in a document that reports what has been done."""
        return (p for p in self.passages if p.role == "response") if self.account else iter(())

    def body(self) -> Iterator[Passage]:
        """Yield every line that is the document's own, page furniture left out."""
        return (passage for passage in self.passages if passage.role != "chrome")


def fold(text: str) -> str:
    """Return `text` with full-width signs and letters made half-width, each character for one."""
    return text.translate(_FOLD)


def blot(plain: str) -> str:
    """Return `plain` with quoted words and book titles blotted out, each character for one."""
    return _QUOTED.sub(lambda match: BLOT * len(match.group()), plain)


def params(**values: str | int | float | None) -> Params:
    """Return parameters that cannot be changed."""
    return MappingProxyType(values) if values else NO_PARAMS


def bundle(source: Source, document: Document) -> Reading:
    """Return source and document as one value that every check can look at."""
    problems = tuple(problem for finding in document.findings for problem in finding.problems)
    roles = _roles(source, document, problems)
    passages = []
    for line in source.lines:
        plain = fold(line.text)
        role, problem = roles[line.place.line]
        passages.append(Passage(line.text, plain, blot(plain), line.place, role, problem))
    account = document.kind in ("notice", "audit", "env", "report")
    by_line = MappingProxyType({passage.place.line: passage for passage in reversed(passages)})
    return Reading(
        source, document, tuple(passages), by_line, problems, account, _breaks_off(tuple(passages))
    )


def _roles(
    source: Source, document: Document, problems: tuple[Problem, ...]
) -> Mapping[int, tuple[Role, int | None]]:
    """Return the role and the problem of every line number."""
    roles = _roles_of_parts(source, document)
    for heading in document.headings:
        _put(roles, heading.place, "heading", None)
    for finding in document.findings:
        _put(roles, finding.place, "heading", None)
    for index, problem in enumerate(problems):
        _put(roles, problem.place, "problem", index)
        for place in problem.response_places:
            _put(roles, place, "response", index)
    unmapped = {(item.place.line, item.text.strip()) for item in document.unmapped}
    for line in source.lines:
        number = line.place.line
        if line.role == "row":
            roles[number] = ("row", roles[number][1])
        elif line.role == "chrome" or (number, line.text.strip()) in unmapped:
            roles[number] = ("chrome", None)
    return roles


def _roles_of_parts(source: Source, document: Document) -> dict[int, tuple[Role, int | None]]:
    """Return the role that the parts give to every line, the shorter part before the longer one."""
    numbers = sorted({line.place.line for line in source.lines})
    roles: dict[int, tuple[Role, int | None]] = dict.fromkeys(numbers, ("body", None))
    for part in sorted(document.parts, key=lambda part: part.place.line - part.end_line):
        if part.kind in _PART_ROLES:
            first, last = bisect_left(numbers, part.place.line), bisect_right(numbers, part.end_line)
            roles.update(dict.fromkeys(numbers[first:last], (_PART_ROLES[part.kind], None)))
    return roles


def _put(roles: dict[int, tuple[Role, int | None]], place: Place, role: Role, problem: int | None) -> None:
    """Give the line at `place` its role; a place that the file does not have is left alone."""
    if place.line in roles and roles[place.line][0] != "chrome":
        roles[place.line] = (role, problem)


def _breaks_off(passages: tuple[Passage, ...]) -> bool:
    """Say whether the last line of running text ends in the middle of a sentence."""
    own = [passage for passage in passages if passage.role != "chrome"]
    if not own:
        return False
    last = own[-1]
    words = last.plain.strip()
    if last.role in _NO_SENTENCES or len(words) < _SHORTEST_CUT:
        return False
    if words.count("“") > words.count("”"):
        return True
    # A heading, a date or a name is no sentence: it holds no comma, unless text runs on behind a heading.
    running = re.search(r"[。;]", last.bare) if last.role == "heading" else re.search(r"[,。;:]", last.bare)
    return bool(running) and words[-1] not in _FINISHED_SIGNS
