"""Checking a received document for a person: faults beside their lines, or a docx with comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.core import reading
from bihuan.core.checking import check
from bihuan.core.checking.fault import Fault
from bihuan.core.source import Source
from bihuan.documents.models import Received
from bihuan.files.queries import bytes_of
from bihuan.formats import comments, read_bytes
from bihuan.web.catalogue import say

WEIGHTS = ("error", "warning", "note")
CSS = {"error": "late", "warning": "doubt", "note": "doing"}


@dataclass(frozen=True, slots=True)
class Told:
    """One fault in words, numbered through the document."""

    number: int
    fault: Fault
    message: str
    css: str
    word: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; `told` is the fault whose words it is."""

    text: str
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A line with its faults beside it."""

    line: int
    pieces: Sequence[Piece]
    told: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Checked:
    """A document with what was found in it."""

    source: Source
    told: Sequence[Told]

    def count(self, weight: str) -> int:
        """Return how many faults are of this weight."""
        return sum(one.fault.severity == weight for one in self.told)

    def pairs(self, *, weight: str = "") -> list[Pair]:
        """Return the lines that have faults of a weight (of any without one), each with its faults."""
        texts = {line.place.line: line.text for line in self.source.lines}
        by_line: dict[int, list[Told]] = {}
        for one in self.told:
            if not weight or one.fault.severity == weight:
                by_line.setdefault(one.fault.place.line, []).append(one)
        return [Pair(line, _pieces(texts.get(line, ""), found), found) for line, found in by_line.items()]


def checked(document: Received, *, lang: str) -> Checked:
    """Read the document again from its file and check it.

    :raises NotVisible: when the file is gone.
    """
    source = read_bytes(document.name, bytes_of(document.file))
    faults = check(source, reading.read(source), profile="read")
    told = [
        Told(
            at, fault, message_of(fault, lang=lang), CSS[fault.severity],
            say(f"checking.severity-{fault.severity}", lang=lang),
        )
        for at, fault in enumerate(faults, 1)
    ]  # fmt: skip
    return Checked(source, told)


def message_of(fault: Fault, *, lang: str) -> str:
    """Return the sentence of a fault."""
    return say(fault.message_code, {**fault.params, "quote": fault.quote}, lang=lang)


def commented(document: Received, *, at: datetime, lang: str) -> bytes:
    """Return the document as docx with a comment at each fault; one that is no docx as plain lines.

    :raises UnreadableFile: when the docx cannot be opened for comments.
    """
    found = checked(document, lang=lang)
    words = [
        (
            one.message,
            say("checking.proposal", {"proposal": one.fault.proposal}, lang=lang)
            if one.fault.proposal
            else None,
        )
        for one in found.told
    ]
    notes = comments.notes_for(found.source, [one.fault for one in found.told], words)
    if found.source.format == "docx":
        return comments.annotate(bytes_of(document.file), notes, at=at)
    return comments.annotate_lines(found.source, notes, at=at)


def _pieces(text: str, found: Sequence[Told]) -> list[Piece]:
    """Cut a line at the words of its faults; of overlapping ones the first is marked."""
    pieces: list[Piece] = []
    done = 0
    for one in sorted(found, key=lambda one: one.fault.start or 0):
        at = text.find(one.fault.quote, one.fault.start or 0) if one.fault.quote else -1
        if at < done:
            continue
        pieces += [Piece(text[done:at]), Piece(one.fault.quote, one)]
        done = at + len(one.fault.quote)
    return [piece for piece in (*pieces, Piece(text[done:])) if piece.text]
