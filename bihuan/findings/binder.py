"""The binder of a problem (一问题一档): everything that proves its closure, as a folder that opens in any browser.

problem ─contents→ numbered pieces ─made→ index.html, index as docx, opinion sheet, manifest ─formats.zip_stream→ zip
"""

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files as resources

import xlsxwriter
from django.template.loader import render_to_string

from bihuan.core.evidence.naming import disk_name
from bihuan.core.paper import Paper, Paragraph, Table
from bihuan.files.queries import pieces_of
from bihuan.findings.evidence_words import say_evidence, size_word
from bihuan.findings.models import Closure, Evidence, Problem, Task
from bihuan.findings.queries.evidence import current, rows_seen
from bihuan.findings.queries.sight import LIVE, Reach
from bihuan.findings.wording import day, state_word
from bihuan.formats.papers import write_paper

SHEET_COLUMNS = ("number", "task", "name", "sufficient", "appropriate", "remark", "mark")
_WIDTHS = (10, 10, 48, 10, 10, 48, 12)
_LINE = 16  # points
#: Names in the folder; the two that people open first stand at its top.
_INDEX, _LIST, _SHEET, _SUMS, _STYLE = (
    "index.html",
    "材料目录.docx",
    "评阅意见表.xlsx",
    "manifest.sha256",
    "binder.css",
)


@dataclass(frozen=True, slots=True)
class Bound:
    """One piece with its number in the binder and where it lies; `path` is empty for what was not kept."""

    number: str
    row: Evidence
    path: str

    @property
    def proves(self) -> str:
        """Return what it proves, in words."""
        return say_evidence(f"proves-{self.row.proves}")

    @property
    def kind(self) -> str:
        """Return its kind, in words."""
        return say_evidence(f"kind-{self.row.kind}")

    @property
    def size(self) -> str:
        """Return the size of its file."""
        return size_word(self.row.file.size) if self.row.file else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One task with its claim (None: none yet) and its pieces."""

    task: Task
    state: str
    claim: Closure | None
    pieces: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Binder:
    """A binder ready to be sent: its own files in memory, the evidence still on disk."""

    name: str
    made: tuple[tuple[str, bytes], ...]
    bound: tuple[Bound, ...]
    sums: bytes

    @property
    def digest(self) -> str:
        """Return the hash of the manifest, which stands for the whole binder."""
        return hashlib.sha256(self.sums).hexdigest()

    def entries(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Yield every file of the binder with its bytes in pieces."""
        for name, content in self.made:
            yield f"{self.name}/{name}", (content,)
        for one in self.bound:
            if one.row.file is not None:
                yield f"{self.name}/{one.path}", pieces_of(one.row.file)
        yield f"{self.name}/{_SUMS}", (self.sums,)


def parts_of(problem: Problem, seen: Reach) -> list[Part]:
    """Return the tasks in sight with claim and current evidence, numbered. Three queries."""
    tasks = list(
        problem.tasks.filter(seen.below(), withdrawn__in=LIVE)
        .select_related("unit", "inspection__kind")
        .order_by("position", "pk")
    )
    ids = [task.pk for task in tasks]
    claims = {one.task_id: one for one in Closure.objects.filter(task__in=ids).order_by("task_id", "number")}
    rows = current(rows_seen(seen).filter(task__in=ids)).order_by("position", "pk")
    by_task: dict[int, list[Evidence]] = {pk: [] for pk in ids}
    for row in rows:
        by_task[row.task_id].append(row)
    return [
        Part(
            task,
            state_word(task.state, task.inspection.kind.words),
            claims.get(task.pk),
            _bound(task, by_task[task.pk]),
        )
        for task in tasks
    ]


def bind(problem: Problem, seen: Reach, *, today: date) -> Binder:
    """Make the binder of a problem as the person sees it today."""
    parts = parts_of(problem, seen)
    bound = tuple(one for part in parts for one in part.pieces)
    name = disk_name(say_evidence("binder-name", number=problem.number, title=problem.title), longest=60)
    made = (
        (_INDEX, _page(problem, parts, today).encode()),
        (_STYLE, resources("bihuan.web").joinpath("static/bihuan/binder.css").read_bytes()),
        (_LIST, write_paper(_paper(problem, parts, today), "docx").content),
        (_SHEET, opinion_sheet(parts)),
    )
    sums = [(hashlib.sha256(content).hexdigest(), own) for own, content in made]
    sums += [(one.row.file.sha256, one.path) for one in bound if one.row.file is not None]
    manifest = "".join(f"{digest}  {path}\n" for digest, path in sums).encode()
    return Binder(name.strip(". "), made, bound, manifest)


def task_entries(part: Part) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the files of one task, for taking them all at once."""
    for one in part.pieces:
        if one.row.file is not None:
            yield one.path.rpartition("/")[2], pieces_of(one.row.file)


def opinion_sheet(parts: Iterable[Part]) -> bytes:
    """Return the sheet on which a reviewer answers for each piece: sufficient, appropriate, a remark."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(
        sink, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(say_evidence("sheet-title"))
    plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    open_ = book.add_format(
        {"text_wrap": True, "valign": "top", "border": 1, "locked": False, "bg_color": "#FFFBEA"}
    )
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#EEEEEA"})
    for column, (word, width) in enumerate(zip(SHEET_COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width, None, {"hidden": word == "mark"})
        sheet.write_string(0, column, say_evidence(f"sheet-{word}"), head)
    last = 0
    for last, one in enumerate((one for part in parts for one in part.pieces), 1):
        for column, text in enumerate((one.number, one.row.task.number, one.row.name)):
            sheet.write_string(last, column, text, plain)
        sheet.set_row(last, _LINE * (1 + _cells_wide(one.row.name) // _WIDTHS[2]))
        for column in (3, 4, 5):
            sheet.write_blank(last, column, None, open_)
        sheet.write_string(last, 6, f"E{one.row.pk}", plain)
    answers = [say_evidence("sheet-yes"), say_evidence("sheet-no")]
    sheet.data_validation(1, 3, max(last, 1), 4, {"validate": "list", "source": answers})
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return sink.getvalue()


def _cells_wide(text: str) -> int:
    """Return how many Latin letters wide a text is, so that a row is high enough for a long name."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text) + 2


def _bound(task: Task, rows: Iterable[Evidence]) -> tuple[Bound, ...]:
    found = []
    for count, row in enumerate(rows, 1):
        number = f"{task.number}-{count:02}"
        path = (
            f"材料/{disk_name(task.number)}/{disk_name(f'{number} {row.name}')}"
            if row.file is not None
            else ""
        )
        found.append(Bound(number, row, path))
    return tuple(found)


def _page(problem: Problem, parts: list[Part], today: date) -> str:
    context = {
        "problem": problem, "parts": parts, "today": today, "style": _STYLE, "list": _LIST, "sheet": _SHEET,
        "sums": _SUMS,
    }  # fmt: skip
    return render_to_string("findings/binder.html", context)


def _paper(problem: Problem, parts: list[Part], today: date) -> Paper:
    """Return the numbered index as an official paper."""
    rows = tuple(
        (
            one.number,
            one.row.name,
            f"{one.kind}，{one.proves}",
            day(one.row.dated_on) or "—",
            (one.row.file.sha256[:16] if one.row.file else say_evidence("not-kept-word")),
        )
        for part in parts
        for one in part.pieces
    )
    head = tuple(say_evidence(f"index-{word}") for word in ("number", "name", "kind", "dated", "hash"))
    blocks = (
        Paragraph(say_evidence("index-problem", number=problem.number, title=problem.title)),
        Paragraph(say_evidence("index-count", tasks=len(parts), count=len(rows))),
        Table(head, rows, widths=(0.12, 0.31, 0.15, 0.21, 0.21)),
    )
    title = say_evidence("index-title", number=problem.number)
    return Paper(title, blocks, signed_on=today.isoformat())
