"""A unit's workbook (填报表): its two sheets, and what a file that came back holds; the preview: `workbook_merge`.

rows of every sheet, hidden ones too ─read_book→ Book: whose it is, its rows by what they name, remarks by cell

>>> mark("T", 12, "BH23456789ABCDEFGH")
'T12-BH23456789ABCDEFGH'
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bihuan.core.register import FieldFault, text_faults
from bihuan.core.returned import HEADER_WITHIN, letters
from bihuan.core.source import NO_PARAMS, Params

TASKS, STEPS = "tasks", "steps"
#: Letters and digits that are not mistaken for one another.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 16
#: The hidden sheet that holds the code.
HIDDEN = "_bihuan"
UNCHANGED, CHANGED = "unchanged", "changed"
MOST_ROWS = 5000

_CODE = re.compile(rf"BH[{ALPHABET}]{{{CODE_LENGTH}}}")
_MARK = re.compile(rf"([TS])(\d{{1,18}})-(BH[{ALPHABET}]{{{CODE_LENGTH}}})")
_KEY = re.compile(r"bh:(tasks|steps)\.([a-z_]+)")

#: Sheets of a file by name: each row with its number and its texts from column A.
Sheets = Mapping[str, Sequence[tuple[int, Sequence[str]]]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its width in characters, and whether the unit fills it in."""

    key: str
    width: int
    fill: bool = False


SHEETS: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        TASKS: (
            Column("mark", 12), Column("number", 8), Column("title", 26), Column("measures", 34),
            Column("due_on", 12), Column("state", 9), Column("last", 26), Column("answer", 10, fill=True),
            Column("text", 36, fill=True), Column("next_step", 24, fill=True), Column("obstacle", 22, fill=True),
        ),
        STEPS: (
            Column("mark", 12), Column("number", 8), Column("title", 60), Column("person", 14),
            Column("due_on", 14), Column("done_on", 14, fill=True),
        ),
    }
)  # fmt: skip
LETTERS: Mapping[str, str] = MappingProxyType({TASKS: "T", STEPS: "S"})


@dataclass(frozen=True, slots=True)
class Words:
    """What the words of a workbook mean, in every language: headings of each sheet, answers."""

    headings: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be said of a file. `left`: what it is about is not taken over, or is asked back."""

    code: str
    cell: str = ""
    params: Params = dataclasses.field(default_factory=lambda: NO_PARAMS)
    left: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it came back: its sheet and number, what its mark names, its texts and their cells by column."""

    kind: str
    row: int
    object_id: int | None
    code: str
    cells: Mapping[str, str]
    places: Mapping[str, str]

    @property
    def place(self) -> str:
        """Return where the row stands."""
        return self.places.get("number") or next(iter(self.places.values()), str(self.row))


@dataclass(frozen=True, slots=True)
class Book:
    """A file that came back: whose workbook it is (empty: nobody's), its rows, and what is odd about its shape."""

    code: str
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    kind: str
    index: int
    columns: Mapping[str, int]
    shown: Mapping[str, str]


def mark(letter: str, pk: int, code: str) -> str:
    """Return what the hidden column holds for a row."""
    return f"{letter}{pk}-{code}"


def key(kind: str, column: str) -> str:
    """Return what the hidden row holds above a column.

    >>> key("tasks", "text")
    'bh:tasks.text'
    """
    return f"bh:{kind}.{column}"


def progress_faults(values: Mapping[str, object]) -> list[FieldFault]:
    """Return every fault of a report: unchanged stands without a text, anything else needs one.

    >>> [fault.code for fault in progress_faults({"unchanged": True, "text": "已培训。"})]
    ['books.unchanged-with-text']
    """
    texts = {name: values.get(name) or "" for name in ("text", "next_step", "obstacle")}
    faults = list(text_faults(texts))
    told = str(texts["text"]).strip()
    if values.get("unchanged"):
        return [*faults, FieldFault("text", "books.unchanged-with-text")] if told else faults
    return faults if told else [*faults, FieldFault("text", "books.text-missing")]


def read_book(sheets: Sheets, words: Words) -> Book:
    """Return what a file holds; columns are known by their hidden keys, else by their headings."""
    code = _code(sheets)
    notes: list[Note] = []
    lines: list[Line] = []
    for name, rows in sheets.items():
        head = _head(rows, words)
        if head is None:
            if any(_MARK.fullmatch(cell.strip()) for _, cells in rows for cell in cells):
                notes.append(Note("books.no-header", name, left=True))
            continue
        notes.extend(_shape(name, head, words))
        lines.extend(_lines(name, rows, head))
    if code and not any(line.kind == TASKS for line in lines):
        notes.append(Note("books.no-tasks-sheet", left=True))
    return Book(code, tuple(lines[:MOST_ROWS]), tuple(notes))


def _code(sheets: Sheets) -> str:
    """Return the code of the hidden sheet, else that of most rows."""
    found = [cell.strip() for rows in sheets.values() for _, cells in rows for cell in cells if "BH" in cell]
    alone = [text for text in found if _CODE.fullmatch(text)]
    marked = Counter(one[3] for text in found if (one := _MARK.fullmatch(text)))
    if alone:
        return alone[0]
    return marked.most_common(1)[0][0] if marked else ""


def _head(rows: Sequence[tuple[int, Sequence[str]]], words: Words) -> _Head | None:
    """Return the header of a sheet: the row of hidden keys with the headings below it, else the row of headings."""
    for index, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        keys = {at: one for at, cell in enumerate(cells) if (one := _KEY.fullmatch(cell.strip()))}
        if len(keys) >= 2:
            kind = Counter(one[1] for one in keys.values()).most_common(1)[0][0]
            columns = {one[2]: at for at, one in keys.items() if one[1] == kind}
            below = rows[index + 1][1] if index + 1 < len(rows) else ()
            shown = {name: below[at].strip() if at < len(below) else "" for name, at in columns.items()}
            heading = sum(_folded(text) in words.headings[kind] for text in shown.values()) >= 2
            return _Head(kind, index + 1 if heading else index, columns, shown if heading else {})
    best: _Head | None = None
    for index, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        for kind, known in words.headings.items():
            columns = {}
            for at, cell in enumerate(cells):
                columns.setdefault(known.get(_folded(cell), ""), at)
            columns.pop("", None)
            fills = any(column.fill and column.key in columns for column in SHEETS[kind])
            if len(columns) >= 2 and fills and (best is None or len(columns) > len(best.columns)):
                best = _Head(kind, index, columns, {})
    return best


def _shape(sheet: str, head: _Head, words: Words) -> Iterator[Note]:
    """Say which columns were moved, renamed or lost."""
    order = [column.key for column in SHEETS[head.kind]]
    there = [name for name in order if name in head.columns]
    kept = _in_order([head.columns[name] for name in there])
    moved = [name for name in there if head.columns[name] not in kept]
    heads = {name: word for word, name in words.headings[head.kind].items()}
    if moved:
        told = "、".join(f"{heads.get(name, name)}→{letters(head.columns[name])}" for name in moved)
        yield Note("books.columns-moved", sheet, {"columns": told})
    for name, shown in head.shown.items():
        if words.headings[head.kind].get(_folded(shown)) != name and name != "mark":
            cell = f"{sheet}!{letters(head.columns[name])}"
            yield Note("books.column-renamed", cell, {"was": heads.get(name, name), "now": shown[:40]})
    for column in SHEETS[head.kind]:
        if column.key not in head.columns and column.key != "mark":
            params = {"column": heads.get(column.key, column.key)}
            yield Note("books.column-missing", sheet, params, left=column.fill)


def _in_order(places: Sequence[int]) -> list[int]:
    """Return the longest run of places that still stand in their order; the others were moved.

    >>> _in_order([1, 2, 9, 4, 5])
    [1, 2, 4, 5]
    """
    runs: list[list[int]] = []
    for place in places:
        before = [run for run in runs if run[-1] < place]
        runs.append([*max(before, key=len, default=[]), place])
    return max(runs, key=len, default=[])


def _lines(sheet: str, rows: Sequence[tuple[int, Sequence[str]]], head: _Head) -> Iterator[Line]:
    for row, cells in rows[head.index + 1 :]:
        texts = {name: cells[at].strip() if at < len(cells) else "" for name, at in head.columns.items()}
        if not any(texts.values()):
            continue
        found = _MARK.fullmatch(texts.get("mark", ""))
        own = found is not None and found[1] == LETTERS[head.kind]
        yield Line(
            head.kind, row, int(found[2]) if found and own else None, found[3] if found and own else "",
            MappingProxyType(texts),
            MappingProxyType({name: f"{sheet}!{letters(at)}{row}" for name, at in head.columns.items()}),
        )  # fmt: skip


def _folded(cell: str) -> str:
    """Return a heading without the blanks and breaks that make it look even."""
    return re.sub(r"\s+", "", cell)
