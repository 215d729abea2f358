"""Findings, problems and their answers.

section heading ─findings_under→ Finding › Problem(title, text, status, response) › measures and figures
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bihuan.core.reading.document import Finding, Problem
from bihuan.core.reading.figures import figures
from bihuan.core.reading.folding import folded
from bihuan.core.reading.measures import measures
from bihuan.core.reading.outline import ANSWER, DONE, INLINE_ANSWER, STATUS, Node
from bihuan.core.reading.rows import Row
from bihuan.core.reading.sections import descend, names_finding
from bihuan.core.source import Place

_PREFIX = re.compile(
    r"^(?:巡[察视])?(?:反馈)?(?:的)?(?:主要|具体|存在)?问题(?:[一二三四五六七八九十\d]{1,3})?[:：]\s*"
)
_ACTED = re.compile(r"一是|已|完成|制定|召开|组织|印发|建立|开展|修订|加强|整改|督促|严格")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of an answer as printed, the same in half-width simplified characters, and where it stands."""

    text: str
    half: str
    place: Place


def _piece(row: Row, start: int = 0, end: int | None = None) -> _Piece:
    """Return a stretch of a row; the row's folded text serves where nothing was left out of it."""
    text, half = row.folded.printed(start, end), row.text[start:end]
    return _Piece(text, half if len(half) == len(text) else folded(text), row.place)


@dataclass(slots=True)
class _Answer:
    """What hangs under one heading, sorted: description, status, answer."""

    described: list[_Piece] = field(default_factory=list)
    status: str | None = None
    given: list[_Piece] | None = None


def findings_under(top: Node, *, answers: bool) -> Iterator[Finding]:
    """Yield the findings of one section. `answers` is false for feedback, whose problems have no answer yet."""
    section = _is_section(top)
    for node, leaves in _groups(top, section=section):
        problems = [problem for leaf in leaves for problem in _problems(leaf, answers=answers)]
        above = None if section and node.parent is top else node.parent
        yield Finding(
            number=node.mark.ordinal,
            title=_title(node.text),
            place=node.row.place,
            problems=tuple(problems),
            aspect=_title(above.text) if above else None,
        )


def _groups(top: Node, *, section: bool) -> list[tuple[Node, list[Node]]]:
    """Return each finding with the headings of its problems: a leaf's parent, or the leaf itself under a section."""
    groups: list[tuple[Node, list[Node]]] = []
    for node in descend(top):
        if (node.children and not (node.answered and _has_answer(node))) or (section and node is top):
            continue
        parent = node.parent
        owner = node if parent is None or (section and parent is top) else parent
        if groups and groups[-1][0] is owner:
            groups[-1][1].append(node)
        else:
            groups.append((owner, [node]))
    return groups


def _has_answer(node: Node) -> bool:
    """Tell whether an answer stands directly under a heading."""
    if INLINE_ANSWER.search(node.row.text):
        return True
    return any(ANSWER.match(row.text) or DONE.match(row.text) for row in node.body)


def _is_section(top: Node) -> bool:
    """Tell whether an outermost heading is a section of the document and not itself a finding."""
    if top.mark.style not in ("cn", "part", "ord") or names_finding(top):
        return False
    return bool(top.children) or not _has_answer(top)


def _title(text: str) -> str:
    """Return a heading without the words 反馈问题."""
    return _PREFIX.sub("", text)


def _problems(node: Node, *, answers: bool) -> Iterator[Problem]:
    """Yield the problem of a leaf heading, or the unnumbered problems under a finding that has no numbered ones."""
    parts = list(_unnumbered(node)) if node.mark.style in ("cn", "cnp", "part") else []
    if parts:
        for row, body in parts:
            yield _problem("", row.folded.printed().rstrip("。.;；"), row.place, _sorted([], body))
        return
    inline = INLINE_ANSWER.search(node.row.text, node.cut)
    stop = inline.start("mark") if inline else len(node.row.text)
    rest = [_piece(node.row, node.cut + 1, stop)] if node.cut + 1 < stop else []
    answer = _sorted([piece for piece in rest if piece.text], node.body)
    if inline:
        followed = [piece for piece in answer.described if piece.place != node.row.place]
        answer.described = answer.described[: len(answer.described) - len(followed)]
        begun = _piece(node.row, inline.end("mark"))
        answer.given = [begun, *followed, *(answer.given or [])]
    if answer.given is None and answers and _reads_as_answer(answer.described):
        answer.status = answer.status or _done(answer.described)
        answer.given, answer.described = answer.described, []
    yield _problem(node.mark.ordinal, _title(node.text), node.row.place, answer)


def _unnumbered(node: Node) -> Iterator[tuple[Row, list[Row]]]:
    """Yield problem lines without a number: rows directly before an answer, each with the rows that follow it."""
    body = node.body
    starts = [
        index for index in range(len(body) - 1)
        if (ANSWER.match(body[index + 1].text) or STATUS.match(body[index + 1].text))
        and not ANSWER.match(body[index].text) and not STATUS.match(body[index].text)
        and len(body[index].text) <= 120 and body[index].text.count("。") <= 1
    ]  # fmt: skip
    if not starts or starts[0] != 0:
        return
    for number, start in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(body)
        yield body[start], list(body[start + 1 : stop])


def _sorted(first: list[_Piece], body: Sequence[Row]) -> _Answer:
    """Sort the rows under a heading into description, status and answer."""
    answer = _Answer(described=list(first))
    for row in body:
        status = STATUS.match(row.text)
        if status and answer.status is None:
            name = "status" if status["status"] else "short"
            answer.status = row.folded.printed(*status.span(name)).rstrip("。")
            continue
        mark = ANSWER.match(row.text)
        if mark:
            given = answer.given = answer.given if answer.given is not None else []
            if mark.end() < len(row.text):
                given.append(_piece(row, mark.end()))
        elif answer.given is not None:
            answer.given.append(_piece(row))
        elif DONE.match(row.text):
            answer.given = [_piece(row)]
        else:
            answer.described.append(_piece(row))
    return answer


def _reads_as_answer(pieces: Sequence[_Piece]) -> bool:
    """Tell whether text without a marker tells what was done rather than what is wrong."""
    return any(_ACTED.search(piece.half, 0, 200) for piece in pieces[:5])


def _done(pieces: Sequence[_Piece]) -> str | None:
    """Return the status that 该问题已… names."""
    for piece in pieces[:3]:
        match = DONE.match(piece.half)
        if match:
            return match["status"]
    return None


def _problem(number: str, title: str, place: Place, answer: _Answer) -> Problem:
    """Make the problem; the answer's paragraphs are joined by line breaks."""
    given = answer.given
    response = "\n".join(piece.text for piece in given) if given else None
    return Problem(
        number=number,
        title=title,
        place=place,
        text="\n".join(piece.text for piece in answer.described),
        status=answer.status or (_done(given) if given else None),
        response=response,
        response_places=tuple(piece.place for piece in given or ()),
        measures=tuple(m for piece in given or () for m in measures(piece.text, piece.place, piece.half)),
        figures=figures(response, "\n".join(piece.half for piece in given)) if given and response else (),
    )
