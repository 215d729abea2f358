"""What a verifier may want to ask about a piece of evidence; nothing here accuses, every sentence is a question.

pieces of a task + who else uses the same or nearly the same → remarks by piece, and those of the whole set
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.core.source import NO_PARAMS, Remark

RESULT = "result"
#: Days that a camera shows whose clock was never set.
UNSET_DAYS = frozenset({date(year, 1, 1) for year in (1970, 1980, 2000, 2001, 2010, 2015)})
#: A photo from before phones took them is hardly of this matter.
FIRST_DIGITAL = date(2000, 1, 1)
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """One current piece of evidence. `photo`: its file is a picture; `readable`: words were found in it."""

    pk: int
    proves: str
    dated_on: date | None = None
    taken_on: date | None = None
    photo: bool = False
    not_kept: bool = False
    uploaded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where the same file, or nearly the same text, stands too. `number` is empty where it may not be named."""

    number: str = ""
    name: str = ""
    unit: str = ""


def doubts_of(
    piece: Piece,
    *,
    feedback_on: date | None,
    same: Sequence[Elsewhere] = (),
    alike: Sequence[Elsewhere] = (),
) -> tuple[Remark, ...]:
    """Return what may be asked about one piece, the most telling first.

    >>> [one.code for one in doubts_of(Piece(1, "result", photo=True), feedback_on=date(2026, 6, 12))]
    ['evidence.photo-undated']
    """
    return (*_shared("same", same), *_shared("alike", alike), *_dates(piece, feedback_on))


def doubts_of_set(
    pieces: Collection[Piece], missing: Collection[str], *, closed: bool = False
) -> tuple[Remark, ...]:
    """Return what may be asked about the whole evidence of a task; `missing` are titles of the checklist."""
    remarks = [Remark("evidence.need-missing", {"title": title}) for title in missing]
    if pieces and not any(piece.proves == RESULT and not piece.not_kept for piece in pieces):
        remarks.append(Remark("evidence.process-only"))
    if not pieces and not closed:
        remarks.append(Remark("evidence.nothing-yet", NO_PARAMS))
    return tuple(remarks)


def _shared(what: str, found: Sequence[Elsewhere]) -> Iterator[Remark]:
    named = [one for one in found if one.number]
    for one in named[:MOST_TOLD]:
        params: Mapping[str, str] = {"number": one.number, "name": one.name, "unit": one.unit}
        yield Remark(f"evidence.{what}-named", params)
    if rest := len(found) - len(named[:MOST_TOLD]):
        yield Remark(f"evidence.{what}-elsewhere", {"count": rest})


def _dates(piece: Piece, feedback_on: date | None) -> Iterator[Remark]:
    if piece.dated_on and feedback_on and piece.dated_on < feedback_on:
        days = {"day": piece.dated_on.isoformat(), "feedback": feedback_on.isoformat()}
        yield Remark("evidence.before-feedback", days)
    if not piece.photo:
        return
    taken = piece.taken_on
    if taken is None:
        yield Remark("evidence.photo-undated")
    elif taken in UNSET_DAYS or taken < FIRST_DIGITAL:
        yield Remark("evidence.photo-clock", {"day": taken.isoformat()})
    elif piece.uploaded_on and taken > piece.uploaded_on:
        yield Remark("evidence.photo-future", {"day": taken.isoformat()})
    elif feedback_on and taken < feedback_on:
        days = {"day": taken.isoformat(), "feedback": feedback_on.isoformat()}
        yield Remark("evidence.photo-before", days)
