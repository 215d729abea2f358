"""Read a Word document as it prints with all changes accepted.

bytes ─open_archive→ parts ─_Walker→ paragraphs, table rows, text boxes, notes; headers and footers as chrome
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bihuan.core.source import Remark, Source, UnreadableFile
from bihuan.formats import archive
from bihuan.formats.docx_numbering import Numbering, W
from bihuan.formats.docx_package import Package
from bihuan.formats.docx_styles import StyleFacts, Styles, is_on, outline_level
from bihuan.formats.lines import OWN_LINE, LineCollector, join_lines, tidy
from bihuan.formats.markup import Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BREAK = "\n"
_INLINE = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": _BREAK,
    f"{W}cr": _BREAK,
    f"{W}noBreakHyphen": "-",
}
_SYMBOLS = {
    "F0FE": "☑",
    "F0A8": "□",
    "F06F": "□",
    "F052": "☑",
    "F0FC": "✓",
    "F06C": "●",
    "F06E": "■",
    "F0D8": "➢",
}
# Taken back, or not text of the document: what was deleted, field codes, pronunciation, the second copy
# of a text box.
_SKIPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}delText", f"{W}instrText", f"{W}delInstrText", f"{W}rt", f"{W}pPr",
     f"{W}rPr", f"{W}sdtPr", f"{W}footnoteReference", f"{W}endnoteReference", f"{W}commentReference"}
)  # fmt: skip
_UNREAD = frozenset({f"{W}altChunk", f"{W}subDoc"})
_BLOCKS = frozenset({f"{W}p", f"{W}tbl"})


@dataclass(slots=True)
class _Paragraph:
    """The text of a paragraph while it is put together; `boxes` are the text boxes anchored in it."""

    text: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


def read(name: str, data: bytes) -> Source:
    """Return the lines of a Word document.

    :raises UnreadableFile: see `archive.open_archive` and `markup.parse`; formats.not-word, formats.no-text
    """
    opened = archive.open_archive(data)
    package = Package(opened)
    walker = _Walker(package)
    body = package.root(package.main).find(f"{W}body")
    if body is None:
        raise UnreadableFile("formats.not-word", part=package.main)
    walker.blocks(body)
    walker.notes()
    walker.margins()
    if not walker.collector.lines:
        raise UnreadableFile("formats.no-text")
    return Source(name, "docx", tuple(walker.collector.lines), warnings=walker.remarks(opened.embedded))


class _Walker:
    """Walk the body in reading order."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.collector = LineCollector()
        self._styles = Styles(next(package.roots("styles"), None))
        lists = self._styles.list_of_numbering_style()
        self._numbering = Numbering(next(package.roots("numbering"), None), lists)
        self._carried: list[str] = []
        self._carried_boxes: list[Element] = []
        self._tables = 0
        self._hidden = 0
        self._unread = 0
        self._revised = False

    def blocks(self, parent: Element, *, role: str = "text") -> None:
        """Add every paragraph and table under `parent`, through content controls and change marks."""
        for node in _blocks(parent):
            if node.tag == f"{W}p":
                self._paragraph(node, role=role)
                continue
            self._end_carried()
            if node.tag == f"{W}tbl":
                self._table(node)
            else:
                self._unread += 1
        self._end_carried()

    def _end_carried(self) -> None:
        """Add text whose paragraph mark is deleted and that no paragraph follows."""
        if self._carried:
            text = "".join(self._carried).replace(_BREAK, " ")
            self._carried.clear()
            self.collector.add(text)
            self._add_boxes("text")

    def _add_boxes(self, role: str) -> None:
        boxes, self._carried_boxes = self._carried_boxes, []
        for box in boxes:
            self.blocks(box, role=role)

    def _paragraph(self, node: Element, *, role: str = "text") -> None:
        marker, level, paragraph = self._parts(node)
        self._carried += [marker, *paragraph.text]
        self._carried_boxes += paragraph.boxes
        if _is_mark_deleted(node):
            # With the change accepted, this paragraph and the next are one.
            return
        text = "".join(self._carried)
        self._carried.clear()
        for piece in _printed_lines(text, centred=self._is_centred(node)):
            self.collector.add(piece, role="chrome" if role == "chrome" else "text", level=level)
            level = None
        self._add_boxes(role)

    def _is_centred(self, node: Element) -> bool:
        properties = node.find(f"{W}pPr")
        setting = _value(properties, "jc") or self._styles.facts(self._style_of(properties)).alignment
        return setting == "center"

    def _parts(self, node: Element) -> tuple[str, int | None, _Paragraph]:
        """Return the automatic number, outline level and content of a paragraph."""
        properties = node.find(f"{W}pPr")
        style = self._style_of(properties)
        facts = self._styles.facts(style)
        paragraph = _Paragraph()
        self._gather(node, paragraph, hidden=facts.hidden)
        level = outline_level(_value(properties, "outlineLvl")) or facts.outline
        blank = not tidy("".join(paragraph.text)) and not paragraph.boxes
        # Word counts an empty numbered paragraph too, but then prints a number without text: keep it
        # out of the lines.
        marker = self._marker(properties, facts, style)
        return "" if blank else marker, level, paragraph

    def _style_of(self, properties: Element | None) -> str | None:
        return _value(properties, "pStyle") or self._styles.default

    def _marker(self, properties: Element | None, facts: StyleFacts, style: str | None) -> str:
        direct = None if properties is None else properties.find(f"{W}numPr")
        number = _value(direct, "numId") or facts.list_id
        if not number or number == "0":
            return ""
        level = _value(direct, "ilvl")
        if level is not None and level.isdigit():
            index = int(level)
        elif facts.list_level is not None:
            index = facts.list_level
        else:
            index = self._numbering.level_of_style(number, style or "")
        return self._numbering.marker(number, index)

    def _gather(self, node: Element, paragraph: _Paragraph, *, hidden: bool) -> None:
        """Put the text below `node` into `paragraph`."""
        for child in node:
            tag = child.tag
            if tag in _SKIPPED:
                self._revised = self._revised or tag in (f"{W}del", f"{W}moveFrom")
            elif tag == f"{W}r":
                self._run(child, paragraph, hidden=hidden)
            elif tag == f"{W}t" or (isinstance(tag, str) and tag.endswith("/math}t")):
                paragraph.text.append(child.text or "")
            elif tag in _INLINE:
                paragraph.text.append(_INLINE[tag])
            elif tag == f"{W}sym":
                paragraph.text.append(_SYMBOLS.get((child.get(f"{W}char") or "").upper(), ""))
            elif tag == f"{W}txbxContent":
                paragraph.boxes.append(child)
            elif tag == f"{_MC}AlternateContent":
                self._alternate(child, paragraph, hidden=hidden)
            else:
                self._gather(child, paragraph, hidden=hidden)

    def _run(self, node: Element, paragraph: _Paragraph, *, hidden: bool) -> None:
        switch = is_on(node.find(f"{W}rPr/{W}vanish"))
        if hidden if switch is None else switch:
            self._hidden += bool(node.findtext(f"{W}t"))
            return
        self._gather(node, paragraph, hidden=hidden)

    def _alternate(self, node: Element, paragraph: _Paragraph, *, hidden: bool) -> None:
        """Take one of the alternatives: a text box stands in both, as a drawing and in the old form."""
        for kind in ("Choice", "Fallback"):
            for child in node.findall(f"{_MC}{kind}"):
                taken = _Paragraph()
                self._gather(child, taken, hidden=hidden)
                if taken.boxes or tidy("".join(taken.text)):
                    paragraph.text += taken.text
                    paragraph.boxes += taken.boxes
                    return

    def _table(self, node: Element) -> None:
        """Add the rows of a table; a frame around one column of text is no table."""
        rows = [row for row in _rows(node) if row.find(f"{W}trPr/{W}del") is None]
        if (
            rows
            and all(len(list(_cells(row))) <= 1 for row in rows)
            and not node.findall(f"{W}tblGrid/{W}gridCol")[1:]
        ):
            for row in rows:
                for cell in _cells(row):
                    self.blocks(cell)
            return
        self._tables += 1
        for index, row in enumerate(rows, 1):
            self.collector.add_row(self._row(row), cell=f"T{self._tables}!A{index}")

    def _row(self, row: Element) -> list[str]:
        """Return one text for each column of the grid; what a merged cell covers is empty."""
        properties = row.find(f"{W}trPr")
        texts = [""] * _whole(_value(properties, "gridBefore"))
        for cell in _cells(row):
            settings = cell.find(f"{W}tcPr")
            merge = None if settings is None else settings.find(f"{W}vMerge")
            covered = merge is not None and merge.get(f"{W}val") != "restart"
            deleted = settings is not None and settings.find(f"{W}cellDel") is not None
            texts.append("" if covered or deleted else self._cell_text(cell))
            texts += [""] * (_whole(_value(settings, "gridSpan"), 1) - 1)
        return texts

    def _cell_text(self, cell: Element) -> str:
        """Return the paragraphs of a cell, those of a table or box within it included, joined by spaces."""
        pieces: list[str] = []
        for node in _blocks(cell):
            if node.tag == f"{W}tbl":
                pieces += [self._cell_text(inner) for row in _rows(node) for inner in _cells(row)]
            elif node.tag == f"{W}p":
                marker, _, paragraph = self._parts(node)
                pieces.append(marker + "".join(paragraph.text))
                pieces += [self._cell_text(box) for box in paragraph.boxes]
            else:
                self._unread += 1
        return " ".join(filter(None, map(tidy, pieces)))

    def notes(self) -> None:
        """Add footnotes and endnotes after the text, each with its number in square brackets."""
        number = 0
        for kind, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
            for root in self._package.roots(kind):
                for note in root.findall(f"{W}{tag}"):
                    if note.get(f"{W}type") in (None, "normal"):
                        number += 1
                        text = self._cell_text(note)
                        self.collector.add(f"[{number}] {text}" if text else "")

    def margins(self) -> None:
        """Add what stands in headers and footers, once, as page furniture."""
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for root in self._package.roots(kind):
                text = self._cell_text(root)
                if text not in seen:
                    seen.add(text)
                    self.collector.add(text, role="chrome")

    def remarks(self, embedded: tuple[str, ...]) -> tuple[Remark, ...]:
        """Return what a person should know about text that was left out or taken as accepted."""
        found = []
        if self._revised:
            found.append(Remark("formats.changes-accepted"))
        if self._hidden:
            found.append(Remark("formats.hidden-text", {"count": self._hidden}))
        if self._unread or embedded:
            found.append(Remark("formats.embedded-left-out", {"count": self._unread + len(embedded)}))
        return tuple(found)


def _blocks(parent: Element) -> Iterator[Element]:
    """Yield paragraphs, tables and unread parts under `parent`; wrappers of any kind are looked into."""
    for child in parent:
        if child.tag in _BLOCKS or child.tag in _UNREAD:
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _first_filled(child)
        elif child.tag not in _SKIPPED and len(child):
            yield from _blocks(child)


def _first_filled(node: Element) -> Iterator[Element]:
    for kind in ("Choice", "Fallback"):
        found = [block for child in node.findall(f"{_MC}{kind}") for block in _blocks(child)]
        if found:
            yield from found
            return


def _rows(table: Element) -> Iterator[Element]:
    return _direct(table, f"{W}tr", stop=f"{W}tbl")


def _cells(row: Element) -> Iterator[Element]:
    return _direct(row, f"{W}tc", stop=f"{W}tr")


def _direct(parent: Element, tag: str, *, stop: str) -> Iterator[Element]:
    """Yield the nearest `tag` elements below `parent`, through content controls, not into nested `stop`."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag != stop and child.tag not in _SKIPPED and len(child):
            yield from _direct(child, tag, stop=stop)


def _printed_lines(text: str, *, centred: bool) -> list[str]:
    """Split at line breaks, except in a title: a centred paragraph is broken for its looks, not its sense.

    What begins with a bracket or a dash is a line of its own: the date, a note, a subtitle below the title.
    """
    pieces = text.split(_BREAK)
    if not centred:
        return pieces
    lines: list[str] = []
    for piece in pieces:
        if lines and piece.strip() and lines[-1].strip() and piece.lstrip()[0] not in OWN_LINE:
            lines[-1] = join_lines([lines[-1].rstrip(), piece.strip()])
        else:
            lines.append(piece)
    return lines


def _is_mark_deleted(node: Element) -> bool:
    marks = node.find(f"{W}pPr/{W}rPr")
    return marks is not None and (marks.find(f"{W}del") is not None or marks.find(f"{W}moveFrom") is not None)


def _value(node: Element | None, name: str) -> str | None:
    child = None if node is None else node.find(f"{W}{name}")
    value = None if child is None else child.get(f"{W}val")
    return None if value is None else str(value)


def _whole(text: str | None, default: int = 0) -> int:
    """Return a small whole number; Word itself allows 63 columns."""
    return min(int(text), 63) if text and re.fullmatch(r"\d{1,4}", text) else default
