"""Plans as tables: a header found by its words, merged cells filled from above, one task a row.

table rows ─plan_tasks→ PlanTask(…)     tasks ─findings_of→ Finding › Problem
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bihuan.core.reading.dates import only_date
from bihuan.core.reading.document import Finding, PlanTask, Problem
from bihuan.core.reading.figures import figures
from bihuan.core.reading.folding import fold
from bihuan.core.reading.markers import marker
from bihuan.core.reading.measures import measures
from bihuan.core.reading.rows import Row
from bihuan.core.source import Place

# The first rule that fits a header's words names its column.
_HEADERS = (
    ("problem_number", re.compile(r"^问题(?:序号|编号)$")),
    ("task_number", re.compile(r"^(?:分项|整改)?任务(?:序号|编号|号)$")),
    ("number", re.compile(r"^(?:清单)?(?:序号|编号|号)$|^No\.?$")),
    (
        "status",
        re.compile(
            r"^(?:完成情况|整改状态|任务状态|状态|完成状态|整改进度|是否完成|进展|整改进展|进展情况)$"
        ),
    ),
    (
        "response",
        re.compile(r"^(?:目前)?(?:整改|落实|整改落实|整改完成|整改进展)(?:情况|成效|结果)(?:及成效)?$"),
    ),
    (
        "problem",
        re.compile(
            r"^(?:具体|细化)(?:反馈)?(?:问题|表现)|^问题(?:表现|描述|内容|摘要|细化|具体表现)"
            r"|^存在(?:的)?(?:具体)?问题$|^主要表现$"
        ),
    ),
    (
        "finding",
        re.compile(
            r"^(?:巡[察视]|审计|督察)?反馈(?:的)?(?:主要)?(?:问题|意见)|^主要问题$|^问题(?:大类|类别|分类)$"
            r"|^(?:问题)?方面$"
        ),
    ),
    ("problem", re.compile(r"^问题(?:清单)?$|^巡[察视]发现(?:的)?问题$|^发现(?:的)?问题$")),
    ("measures", re.compile(r"措施|举措")),
    ("expected", re.compile(r"^(?:预期|整改|工作)?(?:成效|目标|效果)(?:要求)?$|^预期")),
    ("category", re.compile(r"^(?:整改|任务|问题)?(?:类型|类别)$|^整改期限类型$|^是否.*(?:长期|集中)")),
    ("due_on", re.compile(r"时限|期限|完成(?:时间|日期)|整改时间|时间(?:节点|安排)")),
    ("lead_leader", re.compile(r"领导|责任人|负责人")),
    ("joint_units", re.compile(r"(?:配合|协办|参与|协同|协助)(?:单位|部门|科室)")),
    ("lead_unit", re.compile(r"(?:牵头|主责|责任|承办|整改|负责)(?:单位|部门|科室|主体)|^单位$|^部门$")),
    ("title", re.compile(r"任务|整改事项|整改内容|工作内容")),
)
_OWN = frozenset({"task_number", "title", "measures", "status", "response", "number"})
_NEEDED = frozenset({"problem", "finding", "title", "measures"})
_WITHIN = re.compile(r"^(\d{1,3})[-—–.．](\d{1,3})$")
_UNITS = re.compile(r"[、,，;；/\n\s]+")
_PLAN_COLUMNS = frozenset(
    {"measures", "title", "due_on", "lead_leader", "lead_unit", "joint_units", "category", "expected"}
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header was understood: each column's field or None, its words, and the rows below."""

    columns: tuple[str | None, ...]
    words: tuple[str, ...]
    rows: tuple[Row, ...] = field(default=())

    @property
    def is_plan(self) -> bool:
        """Tell whether the table plans: it names measures or tasks and who or when."""
        known = set(self.columns)
        return len(known & _PLAN_COLUMNS) >= 2 and not (
            "response" in known and len(known & _PLAN_COLUMNS) < 3
        )


def tables(rows: Sequence[Row]) -> list[Table]:
    """Return the tables with a header that says problem, task or measure; the header may be repeated on each page."""
    found: list[Table] = []
    body: list[Row] = []
    header: Table | None = None
    lines = [row for row in rows if row.role == "row"]
    second: Row | None = None
    for row, following in zip(lines, (*lines[1:], None), strict=False):
        if row is second:
            continue
        new = _header(row)
        if new is not None and following is not None and (whole := _two_rows(new, following)) is not None:
            new, second = whole, following
        if new is None:
            body.append(row)
            continue
        if header is not None and new.columns == header.columns:
            continue
        if header is not None:
            found.append(Table(header.columns, header.words, tuple(body)))
        header, body = new, []
    if header is not None:
        found.append(Table(header.columns, header.words, tuple(body)))
    return found


def _header(row: Row) -> Table | None:
    """Return the header that a row is, None for a row of data."""
    words = _words(row)
    if sum(1 for word in words if word) < 3 or any(len(word) > 24 for word in words):
        return None
    columns = _columns(words)
    known = [name for name in columns if name]
    if len(known) < 3 or not _NEEDED.intersection(known):
        return None
    return Table(columns, words)


def _two_rows(header: Table, row: Row) -> Table | None:
    """Join a header with the row under it that names the columns of its groups (责任分工 over 牵头领导, 牵头单位).

    None when the row is not such a row: each of its words must be a header's and stand under a group or nothing.
    """
    below = (*_words(row), *[""] * (len(header.words) - len(row.cells)))
    if len(below) != len(header.words) or not any(below):
        return None
    for name, word in zip(header.columns, below, strict=True):
        if word and (name is not None or _name(word) is None):
            return None
    words = tuple(under or word for word, under in zip(header.words, below, strict=True))
    return Table(_columns(words), words)


def _words(row: Row) -> tuple[str, ...]:
    """Return the cells of a row without any white space."""
    return tuple("".join(cell.split()) for cell in row.cells)


def _name(word: str) -> str | None:
    """Return the field that a header's word names."""
    if not word:
        return None
    text = fold(word).text
    return next((name for name, rule in _HEADERS if rule.search(text)), None)


def _columns(words: Sequence[str]) -> tuple[str | None, ...]:
    """Return each column's field, a field once; a second unit column is that of the joint units."""
    columns: list[str | None] = []
    for word in words:
        name = _name(word)
        if name in columns:
            name = "joint_units" if name == "lead_unit" and "joint_units" not in columns else None
        columns.append(name)
    return tuple(columns)


def plan_tasks(table: Table) -> Iterator[PlanTask]:
    """Yield the tasks of a plan; a cell left empty by merging takes the value above it within the same problem."""
    above: dict[str, str] = {}
    for row in table.rows:
        cells = _cells(table, row)
        values = _filled(cells, above)
        if not any(cells.get(name) for name in _NEEDED):
            continue
        above = values
        yield _task(table, row, values, cells)


def _cells(table: Table, row: Row) -> dict[str, str]:
    """Return the row's texts by field."""
    texts: dict[str, str] = {}
    for name, cell in zip(table.columns, row.cells, strict=False):
        if name and cell.strip():
            texts[name] = cell.strip()
    return texts


def _filled(cells: dict[str, str], above: dict[str, str]) -> dict[str, str]:
    """Fill what merging left empty: the finding always, the rest as long as the problem is the one above."""
    values = dict(cells)
    key = "problem" if "problem" in above or "problem" in cells else "finding"
    same = key not in cells or cells.get(key) == above.get(key)
    if "finding" in above and "finding" not in cells:
        values["finding"] = above["finding"]
    if same:
        for name, text in above.items():
            if name not in _OWN:
                values.setdefault(name, text)
        if "number" in above and "number" not in cells:
            values["merged_number"] = above.get("merged_number", above["number"])
    return values


def _task(table: Table, row: Row, values: dict[str, str], cells: dict[str, str]) -> PlanTask:
    """Make one task from the values of a row."""
    problem_number, problem = _numbered(values.get("problem"))
    _, finding = _numbered(values.get("finding"))
    own_number, title = _numbered(values.get("title") or values.get("measures") or problem or finding)
    due = values.get("due_on")
    due_on = only_date(fold(due).text) if due else None
    other = tuple(
        (word, cell.strip())
        for name, word, cell in zip(table.columns, table.words, row.cells, strict=False)
        if cell.strip() and (name is None or (name == "due_on" and due_on is None))
    )
    number = cells.get("task_number") or cells.get("number") or own_number or ""
    within = _WITHIN.match(number)
    return PlanTask(
        number=number,
        title=title or "",
        place=row.place,
        problem_number=values.get("problem_number")
        or problem_number
        or (within[1] if within else values.get("merged_number")),
        problem_title=problem,
        finding_title=finding,
        measures=values.get("measures"),
        lead_leader=values.get("lead_leader"),
        lead_unit=values.get("lead_unit"),
        joint_units=tuple(unit for unit in _UNITS.split(values.get("joint_units", "")) if unit),
        category=values.get("category"),
        due_on=due_on,
        expected=values.get("expected"),
        status=values.get("status") or values.get("response"),
        other=other,
    )


def _numbered(cell: str | None) -> tuple[str | None, str | None]:
    """Part a cell into the number that it begins with and the rest."""
    if not cell:
        return None, None
    folded = fold(cell)
    mark = marker(folded)
    if mark is None:
        return None, cell
    rest = folded.printed(mark.width)
    return (mark.ordinal, rest) if rest else (None, cell)


def findings_of(tasks: Sequence[PlanTask], source: Sequence[Table]) -> tuple[Finding, ...]:
    """Return the findings and problems that the rows of tables name, each once, in order."""
    answers = {row.place: _cells(table, row).get("response") for table in source for row in table.rows}
    found: dict[str, tuple[Place, dict[str, Problem]]] = {}
    for task in tasks:
        finding = task.finding_title or task.problem_title or task.title
        problem = task.problem_title or task.finding_title or task.title
        place, problems = found.setdefault(finding, (task.place, {}))
        if problem not in problems:
            problems[problem] = _problem(task, problem, answers.get(task.place))
    return tuple(
        Finding(_ordinal(index), title, place, tuple(problems.values()))
        for index, (title, (place, problems)) in enumerate(found.items(), start=1)
    )


_MAPPED = MappingProxyType({0: "", 10: "十"})


def _ordinal(number: int) -> str:
    """Write a small number in Chinese words, as findings are counted.

    >>> _ordinal(3), _ordinal(12), _ordinal(20)
    ('三', '十二', '二十')
    """
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    if number >= 100:
        return str(number)
    return ("" if tens == 0 else ("十" if tens == 1 else digits[tens] + "十")) + (
        digits[ones] if ones else ""
    )


def _problem(task: PlanTask, title: str, response: str | None) -> Problem:
    """Make the problem that a row names, with the answer that the row holds."""
    return Problem(
        number=task.problem_number or task.number,
        title=title.rstrip("。;；"),
        place=task.place,
        status=task.status if response is None else None,
        response=response,
        response_places=(task.place,) if response else (),
        measures=tuple(measures(response, task.place)) if response else (),
        figures=figures(response) if response else (),
    )
