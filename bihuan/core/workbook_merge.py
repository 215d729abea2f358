"""All returned workbooks as one preview: files + what was given out + what holds now ─merge→ Merge; nothing is written.

Answers are kept apart as long as two copies of one unit disagree; a person chooses. What cannot be taken is named by
file, row and column, and the rest can still be taken.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bihuan.core.refusal import Refused
from bihuan.core.returned import Unreadable, read_day
from bihuan.core.source import Params
from bihuan.core.workbooks import (
    CHANGED,
    SHEETS,
    STEPS,
    TASKS,
    UNCHANGED,
    Book,
    Line,
    Note,
    Words,
    progress_faults,
)

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Given:
    """A workbook as it was given out: the locked cells of its tasks and steps by id."""

    pk: int
    code: str
    unit_id: int
    unit: str
    tasks: Mapping[int, Mapping[str, str]]
    steps: Mapping[int, Mapping[str, str]]
    returned_on: date | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that came: its name, hash, and what was read, or why it was not (`fault`)."""

    name: str
    sha256: str
    book: Book | None = None
    fault: Note | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one or more copies say of a task."""

    unchanged: bool
    text: str
    next_step: str
    obstacle: str


@dataclass(frozen=True, slots=True)
class Now:
    """What holds now, by id: tasks that take no report with the reason, what was said since, days of steps done.

    `ended`: steps that take no day any more. `elsewhere`: codes of other periods or inspections, with their sentence.
    """

    today: date
    closed: Mapping[int, str] = field(default_factory=dict)
    said: Mapping[tuple[int, int], Collection[Answer]] = field(default_factory=dict)
    done: Mapping[int, date | None] = field(default_factory=dict)
    ended: Collection[int] = ()
    elsewhere: Mapping[str, tuple[str, Params]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One of the answers to a task (an `Answer`) or a step (a day), and where it stands: (file, cell).

    `held`: the register has it already.
    """

    value: Answer | date
    places: tuple[tuple[str, str], ...]
    held: bool = False


@dataclass(frozen=True, slots=True)
class UnitMerge:
    """What came from one unit: its files, its answers by task and days by step, and what is to be said, by file."""

    given: Given
    files: tuple[tuple[str, str], ...]
    tasks: Mapping[int, tuple[Said, ...]]
    steps: Mapping[int, tuple[Said, ...]]
    notes: tuple[tuple[str, Note], ...]
    same: int

    @property
    def conflicts(self) -> list[int]:
        """Return the tasks of which copies say different things."""
        return [pk for pk, said in self.tasks.items() if len(said) > 1]

    @property
    def step_conflicts(self) -> list[int]:
        """Return the steps of which copies say different days."""
        return [pk for pk, said in self.steps.items() if len(said) > 1]


@dataclass(frozen=True, slots=True)
class Merge:
    """The one preview: what came by unit, what is missing, and files that belong to none."""

    units: tuple[UnitMerge, ...]
    missing: tuple[Given, ...]
    others: tuple[tuple[str, Note], ...]


def merge(files: Sequence[File], given: Sequence[Given], now: Now, words: Words) -> Merge:
    """Return the preview of all files."""
    by_code = {one.code: one for one in given}
    others: list[tuple[str, Note]] = []
    grouped: dict[str, list[File]] = defaultdict(list)
    first: dict[str, str] = {}
    for file in files:
        if file.sha256 in first:
            others.append((file.name, Note("books.same-file", params={"other": first[file.sha256]})))
            continue
        first[file.sha256] = file.name
        code = file.book.code if file.book else ""
        if code in by_code:
            grouped[code].append(file)
        else:
            others.append((file.name, _stranger(file, code, now)))
    owners = {pk: one.unit for one in given for pk in one.tasks}
    units = tuple(_unit(one, grouped[one.code], owners, now, words) for one in given if one.code in grouped)
    came = {one.given.code for one in units if one.tasks or one.steps or one.same}
    missing = tuple(one for one in given if one.code not in came and one.returned_on is None)
    return Merge(units, missing, tuple(others))


def chosen(count: int, held: int | None, choice: int | None) -> int | None:
    """Return which of `count` answers is taken, None for none: the only one, the chosen one, else what is held.

    :raises Refused: while there is something to choose.

    >>> chosen(1, None, None), chosen(2, None, 1), chosen(2, 0, None), chosen(2, None, -1)
    (0, 1, 0, None)
    """
    if choice is not None and -1 <= choice < count:
        return choice if choice >= 0 else None
    if count == 1:
        return 0
    if held is None:
        raise Refused("books.choose")
    return held


def _stranger(file: File, code: str, now: Now) -> Note:
    if file.fault is not None:
        return file.fault
    if code in now.elsewhere:
        reason, params = now.elsewhere[code]
        return Note(reason, params=params, left=True)
    return Note("books.not-ours" if not code else "books.unknown-code", left=True)


def _unit(
    given: Given, files: Sequence[File], owners: Mapping[int, str], now: Now, words: Words
) -> UnitMerge:
    notes: list[tuple[str, Note]] = []
    tasks: dict[int, dict[Answer, list[tuple[str, str]]]] = defaultdict(dict)
    steps: dict[int, dict[date, list[tuple[str, str]]]] = defaultdict(dict)
    if len(files) > 1:
        copies = "、".join(file.name for file in files)
        notes.append(("", Note("books.copies", params={"count": len(files), "files": copies})))
    if given.returned_on is not None:
        notes.append(("", Note("books.returned-before", params={"day": given.returned_on.isoformat()})))
    for file in files:
        reading = _Reading(given, owners, now, words)
        reading.read(file.book)
        notes.extend((file.name, one) for one in reading.notes)
        for pk, (answer, cell) in reading.tasks.items():
            tasks[pk].setdefault(answer, []).append((file.name, cell))
        for pk, (day, cell) in reading.steps.items():
            steps[pk].setdefault(day, []).append((file.name, cell))
    answers, old = _said(tasks, {pk: now.said.get((given.unit_id, pk), ()) for pk in tasks})
    days, older = _said(steps, {pk: [now.done.get(pk)] for pk in steps})
    came = tuple((file.name, file.sha256) for file in files)
    return UnitMerge(given, came, answers, days, tuple(notes), old + older)


def _said(
    found: Mapping[int, Mapping[Any, list[tuple[str, str]]]], held: Mapping[int, Collection[Any]]
) -> tuple[dict[int, tuple[Said, ...]], int]:
    """Return what is new or open to choice, and how many only repeat what is held."""
    kept: dict[int, tuple[Said, ...]] = {}
    for pk, values in found.items():
        said = [Said(value, tuple(places), held=value in held[pk]) for value, places in values.items()]
        if len(said) > 1 or not said[0].held:
            kept[pk] = tuple(said)
    return kept, len(found) - len(kept)


class _Reading:
    """One file read against the workbook that was given out."""

    def __init__(self, given: Given, owners: Mapping[int, str], now: Now, words: Words) -> None:
        self._given = given
        self._owners = owners
        self._now = now
        self._words = words
        self.notes: list[Note] = []
        self.tasks: dict[int, tuple[Answer, str]] = {}
        self.steps: dict[int, tuple[date, str]] = {}

    def read(self, book: Book | None) -> None:
        """Read all rows and say what is to be said of the file."""
        if book is None:
            return
        self.notes.extend(book.notes)
        seen: dict[tuple[str, int], Line] = {}
        for line in book.lines:
            pk = self._named(line)
            if pk is None:
                continue
            if (line.kind, pk) in seen:
                first = seen[line.kind, pk].row
                told: Params = {"number": self._number(line.kind, pk), "row": first}
                self._say("books.row-twice", line.place, told, left=True)
                continue
            seen[line.kind, pk] = line
            self._locked(line, pk)
            if line.kind == TASKS:
                self._task(line, pk)
            else:
                self._step(line, pk)
        lost = [pk for pk in self._given.tasks if (TASKS, pk) not in seen]
        if lost:
            self._say(
                "books.rows-missing", "", {"count": len(lost), "numbers": self._numbers(lost)}, left=True
            )
        silent = [pk for pk in self._given.tasks if (TASKS, pk) in seen and not _filled(seen[TASKS, pk])]
        if len(silent) == len(self._given.tasks) - len(lost) and not self.steps:
            self._say("books.nothing-filled", "")
        elif silent:
            self._say("books.unanswered", "", {"count": len(silent), "numbers": self._numbers(silent)})

    def _say(self, code: str, cell: str, params: Params | None = None, *, left: bool = False) -> None:
        self.notes.append(Note(code, cell, params or {}, left=left))

    def _known(self, kind: str) -> Mapping[int, Mapping[str, str]]:
        return self._given.tasks if kind == TASKS else self._given.steps

    def _number(self, kind: str, pk: int) -> str:
        return self._known(kind)[pk].get("number", "")

    def _numbers(self, tasks: Sequence[int]) -> str:
        return "、".join(self._number(TASKS, pk) for pk in tasks)

    def _named(self, line: Line) -> int | None:
        """Return what a row names: by its mark, else by its number; what is not of this workbook is said."""
        known = self._known(line.kind)
        if line.object_id is not None:
            if line.object_id in known and line.code == self._given.code:
                return line.object_id
            owner = self._owners.get(line.object_id) if line.kind == TASKS else None
            code = "books.row-of-unit" if owner else "books.row-foreign"
            self._say(
                code,
                line.place,
                {"unit": owner or "", "number": line.cells.get("number", "")[:20]},
                left=True,
            )
            return None
        number, title = line.cells.get("number", ""), line.cells.get("title", "")
        same = [pk for pk, cells in known.items() if cells.get("number") == number and number]
        if line.kind == STEPS:
            same = [pk for pk in same if _folded(known[pk].get("title", "")) == _folded(title)]
        if "mark" not in line.cells and len(same) == 1:
            return same[0]
        self._say(
            "books.row-added",
            line.place,
            {"text": (number or title or next(filter(None, line.cells.values())))[:SHOWN]},
            left=True,
        )
        return None

    def _locked(self, line: Line, pk: int) -> None:
        """Say which locked cells no longer hold what was given out."""
        for column in SHEETS[line.kind]:
            if column.fill or column.key == "mark" or column.key not in line.cells:
                continue
            was, now = self._known(line.kind)[pk].get(column.key, ""), line.cells[column.key]
            if _folded(was) != _folded(now):
                was_shown, now_shown = _around(was, now)
                self._say(
                    "books.locked-changed", line.places[column.key], {"was": was_shown, "now": now_shown}
                )

    def _task(self, line: Line, pk: int) -> None:
        if not _filled(line):
            return
        number = self._number(TASKS, pk)
        if (reason := self._now.closed.get(pk)) is not None:
            self._say(reason, line.place, {"number": number}, left=True)
            return
        word = line.cells.get("answer", "")
        if word and _folded(word) not in self._words.answers:
            self._say("books.answer-unknown", line.places["answer"], {"text": word[:SHOWN]}, left=True)
            return
        said = self._words.answers.get(_folded(word), CHANGED)
        answer = Answer(
            said == UNCHANGED, *(line.cells.get(name, "") for name in ("text", "next_step", "obstacle"))
        )
        faults = progress_faults({name: getattr(answer, name) for name in Answer.__slots__})
        for fault in faults:
            place = line.places.get(fault.field, line.place)
            self._say(fault.code, place, fault.params, left=True)
        if not faults:
            self.tasks[pk] = answer, line.places.get("answer", line.place)

    def _step(self, line: Line, pk: int) -> None:
        text = line.cells.get("done_on", "")
        if not text:
            return
        place = line.places["done_on"]
        try:
            day = read_day(text)
        except Unreadable as wrong:
            self._say(wrong.code, place, wrong.params, left=True)
            return
        if day is None:
            return
        held = self._now.done.get(pk)
        if day > self._now.today:
            self._say("findings.done-in-future", place, left=True)
        elif pk in self._now.ended:
            self._say("books.step-ended", place, left=True)
        elif held is not None and held != day:
            self._say("books.step-done", place, {"day": held.isoformat()}, left=True)
        else:
            self.steps[pk] = day, place


def _filled(line: Line) -> bool:
    return any(line.cells.get(column.key) for column in SHEETS[line.kind] if column.fill)


def _folded(text: str) -> str:
    return "".join(text.split())


def _around(was: str, now: str) -> tuple[str, str]:
    """Return the two texts from shortly before where they differ.

    >>> _around("一" * 90 + "甲", "一" * 90 + "乙")[0][-3:]
    '一一甲'
    """
    start = next(_differing(was, now), min(len(was), len(now)))
    begin = max(0, start - 10) if start > SHOWN // 2 else 0
    lead = "…" if begin else ""
    return lead + was[begin : begin + SHOWN], lead + now[begin : begin + SHOWN]


def _differing(was: str, now: str) -> Iterator[int]:
    return (at for at, (one, two) in enumerate(zip(was, now, strict=False)) if one != two)
