"""Give a document back with a real Word comment (批注) at each place that somebody has to look at.

docx bytes + notes ─annotate→ the same docx, runs split only where a comment begins or ends
lines of any other format + notes ─annotate_lines→ a plain docx of the lines with the same comments

A line as it was read may differ from its paragraph: the automatic number stands only in the line, white
space is tidied, a table row joins its cells. So the paragraph is found by what it says, and the quotation
within it.
"""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import docx
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.run import Run

from bihuan.core.checking.fault import Fault
from bihuan.core.source import Line, Source, UnreadableFile
from bihuan.formats import archive

AUTHOR: Final = "闭环"
_INITIALS: Final = "闭"
_BLANK: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOST: Final = "\ufffd"
_LONGEST_NUMBER: Final = 14  # characters that automatic numbering may put before a paragraph
_GONE: Final = (qn("w:del"), qn("w:moveFrom"))
# Word knows no comments in text boxes; what stands there is commented on at the paragraph that holds the box.
_APART: Final = (qn("w:txbxContent"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_SIGNS: Final = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


@dataclass(frozen=True, slots=True)
class Note:
    """One comment: what it says and the words it stands at.

    `line_text` is the line as it was read and `repeat` how many lines before it say the same, so that the
    right one of two equal paragraphs is found. `start` is where `quote` begins in the line.
    """

    quote: str
    message: str
    line_text: str
    repeat: int = 0
    start: int | None = None
    proposal: str | None = None

    @property
    def text(self) -> str:
        """Return the words of the comment, the proposal on a line of its own."""
        words = f"{self.message}\n{self.proposal}" if self.proposal else self.message
        return _NOT_XML.sub(_LOST, words)


@dataclass(slots=True)
class _Piece:
    """A run with the text that it prints."""

    run: Any
    text: str


def notes_for(source: Source, faults: Sequence[Fault], words: Sequence[tuple[str, str | None]]) -> list[Note]:
    """Return a note for each fault; `words` are message and proposal of each, in the same order."""
    lines: dict[int, Line] = {}
    repeats: dict[int, int] = {}
    seen: dict[str, int] = {}
    for line in source.lines:
        lines.setdefault(line.place.line, line)
        repeats[line.place.line] = seen.get(line.text, 0)
        seen[line.text] = repeats[line.place.line] + 1
    return [
        Note(fault.quote, message, lines[number].text if number in lines else "", repeats.get(number, 0),
             fault.start, proposal)
        for fault, (message, proposal) in zip(faults, words, strict=True)
        for number in (fault.place.line,)
    ]  # fmt: skip


def annotate(data: bytes, notes: Sequence[Note], *, at: datetime, author: str = AUTHOR) -> bytes:
    """Return the same docx with one comment for each note; its text and look are left as they are.

    :raises UnreadableFile: formats.not-word, and what `archive.open_archive` refuses
    """
    archive.open_archive(data)
    try:
        document = docx.Document(BytesIO(data))
        body = document.element.body
    except (KeyError, ValueError, AttributeError, OSError) as error:
        raise UnreadableFile("formats.not-word", part="word/document.xml") from error
    if body is None:
        raise UnreadableFile("formats.not-word", part="word/document.xml")
    _comment(document, _Index(body), notes, at=at, author=author)
    return _saved(document)


def annotate_lines(source: Source, notes: Sequence[Note], *, at: datetime, author: str = AUTHOR) -> bytes:
    """Return a plain docx of the lines, page furniture left out, with one comment for each note."""
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "仿宋", Pt(14)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    for line in source.lines:
        if line.role != "chrome":
            document.add_paragraph(_NOT_XML.sub(_LOST, line.text))
    _comment(document, _Index(document.element.body), notes, at=at, author=author)
    return _saved(document)


def _saved(document: Any) -> bytes:
    """Return the bytes of the document."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _comment(document: Any, index: "_Index", notes: Sequence[Note], *, at: datetime, author: str) -> None:
    """Put every note at its words."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    for note in notes:
        runs = _runs_at(index, note)
        first, last = Run(runs[0], document), Run(runs[-1], document)
        comment = document.add_comment([first, last], text=note.text, author=author, initials=_INITIALS)
        comment._comment_elm.set(qn("w:date"), stamp)


class _Index:
    """Find paragraphs by what they say."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._by_words: dict[str, list[list[Any]]] = {}
        self.all: list[Any] = []
        for paragraph in body.iter(qn("w:p")):
            if any(ancestor.tag in _APART for ancestor in paragraph.iterancestors()):
                self._add(_words(_text(_pieces(paragraph))), [_host(paragraph)])
                continue
            self.all.append(paragraph)
            self._add(_words(_text(_pieces(paragraph))), [paragraph])
        for row in body.iter(qn("w:tr")):
            inside = _own(row)
            self._add("".join(_words(_text(_pieces(node))) for node in inside), inside)

    def _add(self, words: str, paragraphs: list[Any]) -> None:
        """Remember where these words stand."""
        if words and paragraphs:
            self._by_words.setdefault(words, []).append(paragraphs)

    def find(self, note: Note) -> list[Any]:
        """Return the paragraphs that the note's line was read from: several for a table row."""
        words = _words(note.line_text)
        for cut in range(min(_LONGEST_NUMBER, max(len(words) - 1, 0)) + 1):
            found = self._by_words.get(words[cut:])
            if found:
                return found[min(note.repeat, len(found) - 1)]
        return self._holding(_words(note.quote), words)

    def _holding(self, quote: str, line: str) -> list[Any]:
        """Return a paragraph that holds the line or, failing that, the quotation."""
        for wanted in (line, quote):
            if wanted:
                for words, places in self._by_words.items():
                    if wanted in words:
                        return places[0]
        return []

    def fallback(self) -> Any:
        """Return the first paragraph of the document, made when there is none."""
        if not self.all:
            self.all.append(self._body.add_p())
        return self.all[0]


def _own(row: Any) -> list[Any]:
    """Return the paragraphs of a row, as they are read: those of tables within its cells included."""
    cells = [cell for cell in row.iter(qn("w:tc")) if cell.getparent() is row]
    return [node for cell in cells for node in cell.iter(qn("w:p"))]


def _host(paragraph: Any) -> Any:
    """Return the outermost paragraph around a text box."""
    around = [node for node in paragraph.iterancestors() if node.tag == qn("w:p")]
    return around[-1] if around else paragraph


def _words(text: str) -> str:
    """Return `text` without white space and invisible marks, as it is compared."""
    return _BLANK.sub("", _NOT_XML.sub(_LOST, text))


def _runs_at(index: _Index, note: Note) -> list[Any]:
    """Return the runs of the quotation, split out of theirs; else those of the whole paragraph."""
    paragraphs = index.find(note) or [index.fallback()]
    quote = _NOT_XML.sub(_LOST, note.quote)
    for paragraph in paragraphs:
        text = _text(_pieces(paragraph))
        span = _span(text, quote, _near(text, note))
        if span is not None:
            return _split_out(paragraph, *span)
    for paragraph in paragraphs:
        runs = [piece.run for piece in _pieces(paragraph) if piece.text]
        if runs:
            return runs
    run = paragraphs[0].makeelement(qn("w:r"))
    paragraphs[0].append(run)
    return [run]


def _near(text: str, note: Note) -> int:
    """Return where the quotation should stand: its place in the line, less the automatic number."""
    if note.start is None:
        return 0
    return max(0, note.start - max(0, len(note.line_text) - len(text.strip())))


def _span(text: str, quote: str, near: int) -> tuple[int, int] | None:
    """Return the occurrence of `quote` next to `near`, white space ignored when it must be."""
    if not quote.strip():
        return None
    found = [match.start() for match in re.finditer(f"(?={re.escape(quote)})", text)]
    if found:
        start = min(found, key=lambda at: abs(at - near))
        return start, start + len(quote)
    loose = re.search(r"\s*".join(map(re.escape, _words(quote))), text) if len(quote) < 400 else None
    return loose.span() if loose else None


def _pieces(paragraph: Any) -> list[_Piece]:
    """Return the runs of a paragraph that print text, deleted ones and those of text boxes left out."""
    return [_Piece(run, _printed(run)) for run in paragraph.iter(qn("w:r")) if _counts(run, paragraph)]


def _counts(run: Any, paragraph: Any) -> bool:
    """Say whether a run belongs to this paragraph and has not been deleted."""
    for ancestor in run.iterancestors():
        if ancestor is paragraph:
            return True
        if ancestor.tag in _GONE or ancestor.tag == qn("w:p"):
            return False
    return False


def _printed(run: Any) -> str:
    """Return the text that a run prints, one character for a tab or a break."""
    return "".join(_printed_child(child) for child in run)


def _printed_child(child: Any) -> str:
    """Return the text of one element of a run."""
    return (child.text or "") if child.tag == qn("w:t") else _SIGNS.get(child.tag, "")


def _text(pieces: list[_Piece]) -> str:
    """Return the text of a paragraph."""
    return "".join(piece.text for piece in pieces)


def _split_out(paragraph: Any, start: int, end: int) -> list[Any]:
    """Split runs so that the characters from `start` to `end` are runs of their own, and return these."""
    for at in (start, end):
        _split(paragraph, at)
    runs, position = [], 0
    for piece in _pieces(paragraph):
        if piece.text and start <= position < end:
            runs.append(piece.run)
        position += len(piece.text)
    return runs


def _split(paragraph: Any, at: int) -> None:
    """Split the run that holds the character `at` in its middle; its look is copied."""
    position = 0
    for piece in _pieces(paragraph):
        inside = at - position
        if 0 < inside < len(piece.text):
            _split_run(piece.run, inside)
            return
        position += len(piece.text)


def _split_run(run: Any, inside: int) -> None:
    """Move what stands behind the first `inside` characters to a new run behind this one."""
    second = run.makeelement(run.tag, dict(run.attrib))
    look = run.find(qn("w:rPr"))
    if look is not None:
        second.append(deepcopy(look))
    run.addnext(second)
    for child, begins in list(_placed(run)):
        if begins >= inside:
            second.append(child)
        elif begins + len(_printed_child(child)) > inside:
            second.append(_cut(child, inside - begins))


def _placed(run: Any) -> Iterator[tuple[Any, int]]:
    """Yield the elements of a run with the character at which each begins; its look is no content."""
    position = 0
    for child in run:
        if child.tag != qn("w:rPr"):
            yield child, position
            position += len(_printed_child(child))


def _cut(text: Any, inside: int) -> Any:
    """Keep the first characters of a text element and return a new element with the rest."""
    rest = text.makeelement(text.tag)
    rest.text, text.text = text.text[inside:], text.text[:inside]
    for element in (text, rest):
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return rest
