"""From what was read to a draft: Document + its lines ─tree_of→ Tree.

Each node takes the lines that belong to it: a problem those from its heading to the next, its response's
lines among
them; what stands outside findings becomes a passage a line; what no part holds stays unmapped. Nothing is
made up: figures
that the text only declares become "declared" nodes, and no task is invented to reach a count.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bihuan.core.draft_institutions import proposed
from bihuan.core.draft_words import category_of, chinese_number, folded, state_of
from bihuan.core.drafting import Mode, Node, Tree
from bihuan.core.reading.document import Document, Finding, Part, PlanTask, Problem
from bihuan.core.source import Line

#: Parts whose lines are about the whole paper and need not be kept as passages.
OF_THE_WHOLE = frozenset(
    {"title", "chrome", "contact", "signature", "date", "rectification", "findings", "table"}
)
PASSAGES: Mapping[str, str] = MappingProxyType({"tally": "organisation"})


def mode_of(document: Document) -> Mode:
    """Return what a document is taken in as unless a person says otherwise.

    A plan's rows go into an inspection that is there; a text that reports what was done is an archive;
    feedback is live.
    """
    if document.kind in ("plan", "list") and document.tasks:
        return "tasks"
    if document.kind in ("notice", "report"):
        return "archive"
    answered = any(problem.response for finding in document.findings for problem in finding.problems)
    return "archive" if answered and document.kind != "feedback" else "live"


def tree_of(document: Document, lines: Sequence[Line], *, mode: Mode) -> Tree:
    """Return the draft of a document whose text is `lines` (as `formats` gave them)."""
    builder = _Builder(document, lines, mode)
    builder.root()
    if mode == "tasks":
        builder.tasks("n1", {}, {})
    else:
        builder.findings()
        builder.declared()
    return builder.finish()


class _Builder:
    """Makes the nodes in document order, then hands every line to the one that it belongs to."""

    def __init__(self, document: Document, lines: Sequence[Line], mode: Mode) -> None:
        self.document, self.source, self.mode = document, lines, mode
        self.nodes: list[Node] = []
        self.starts: dict[int, str] = {}
        self.fixed: dict[int, str] = {}
        self.aspects: dict[str, str] = {}
        self.last = 0

    def add(self, node: Node) -> str:
        """Append a node under a fresh id and return the id; the first to begin in a line owns it."""
        self.last += 1
        made = replace(node, id=f"n{self.last}")
        self.nodes.append(made)
        if made.line and made.kind in ("finding", "problem", "task"):
            self.starts.setdefault(made.line, made.id)
        return made.id

    def root(self) -> None:
        """Make the inspection from the opening, the closing and the contact of the text."""
        document, facts = self.document, self.document.inspection
        values = {
            "kind": facts.kind,
            "team": facts.team,
            "subject": facts.subject,
            "starts_on": facts.starts_on,
            "ends_on": facts.ends_on,
            "feedback_on": facts.feedback_on,
            "as_of": document.as_of or document.signed_on,
            "published_on": document.published_on,
            "phone": document.contact.phone,
            "post": document.contact.post,
            "email": document.contact.email,
        }
        if self.mode == "tasks":
            values = {"kind": facts.kind}
        elif document.kind == "feedback":
            values["team"] = facts.team or document.signed_by
            values["feedback_on"] = facts.feedback_on or document.signed_on
        else:
            values |= {"signed_by": document.signed_by, "signed_on": document.signed_on}
        if document.kind == "notice":
            values["notice_title"] = document.title
        node = Node("n1", "inspection", title=_title(document))
        self.add(node.with_facts({key: value or "" for key, value in values.items()}))

    def findings(self) -> None:
        """Make aspects, findings and problems, their tasks and the institutions that their responses name."""
        by_number: dict[str, str] = {}
        by_title: dict[str, str] = {}
        numbers = _finding_numbers(self.document.findings)
        sections = [part for part in self.document.parts if part.kind == "findings" and part.title]
        problem_numbers = iter(_problem_numbers(self.document.findings))
        for finding, number in zip(self.document.findings, numbers, strict=True):
            parent = self._aspect(finding, sections)
            place = finding.place
            above = self.add(
                Node(
                    "",
                    "finding",
                    parent,
                    number=number,
                    title=_bare(finding.title),
                    line=place.line,
                    cell=place.cell or "",
                )
            )
            for problem in finding.problems:
                number = next(problem_numbers)
                made = self._problem(problem, above, number)
                by_number.setdefault(number, made)
                by_title.setdefault(folded(problem.title), made)
        self._institutions()
        self.tasks("n1", by_number, by_title)

    def _aspect(self, finding: Finding, sections: Sequence[Part]) -> str:
        """Return the node above a finding: its aspect, or the section's title where there are several."""
        line = finding.place.line
        around = [part for part in sections if part.place.line <= line <= part.end_line]
        title = finding.aspect or (around[-1].title if around and len(sections) > 1 else None)
        if not title:
            return "n1"
        if title not in self.aspects:
            begins = around[-1].place.line if around else line
            self.aspects[title] = self.add(Node("", "aspect", "n1", title=title, line=begins))
        return self.aspects[title]

    def _problem(self, problem: Problem, above: str, number: str) -> str:
        first = problem.response_places[0].line if problem.response_places else 0
        node = Node(
            "",
            "problem",
            above,
            number=number,
            title=_bare(problem.title),
            text=problem.text,
            response=problem.response or "",
            line=problem.place.line,
            cell=problem.place.cell or "",
            response_line=first,
        )
        made = self.add(node.with_facts({"state": problem.status or ""}))
        for place in problem.response_places:
            self.fixed.setdefault(place.line, made)
        return made

    def _institutions(self) -> None:
        """Propose the institutions named in responses, each once in the whole text, then those of the
        passages."""
        seen: set[str] = set()
        for node in [node for node in self.nodes if node.kind == "problem"]:
            for name in proposed(node.response):
                if folded(name.title) not in seen:
                    seen.add(folded(name.title))
                    line = node.response_line or node.line
                    made = Node("", "institution", node.id, title=name.title, line=line, skip=not name.likely)
                    self.add(made.with_facts({"document_number": name.document_number}))

    def tasks(self, root: str, by_number: Mapping[str, str], by_title: Mapping[str, str]) -> None:
        """Make the rows of a plan: under a problem of this text when they name one, else under the
        inspection."""
        counts: dict[str, int] = {}
        beside = _beside_the_plan(self.document.tasks)
        for row in self.document.tasks:
            key = row.problem_number or ""
            counts[key] = counts.get(key, 0) + 1
            parent = by_number.get(key) or by_title.get(folded(row.problem_title or ""), root)
            number = row.number or (f"{key}-{counts[key]}" if key else str(counts[key]))
            node = _task(row, parent, number, archive=self.mode == "archive")
            self.add(replace(node, skip=_sheet(row) in beside))

    def declared(self) -> None:
        """Keep every figure that the text prints for the whole, once a key, with its words and place."""
        seen: set[str] = set()
        for figure in self.document.tally:
            if figure.key not in seen:
                seen.add(figure.key)
                node = Node("", "declared", "n1", text=figure.text, line=figure.place.line)
                facts = {
                    "key": figure.key,
                    "value": str(figure.value),
                    "approx": figure.approx or "",
                    "as_of": self.document.as_of or self.document.signed_on or "",
                }
                self.add(node.with_facts(facts))

    def finish(self) -> Tree:
        """Hand out the lines and return the tree."""
        owned: dict[str, list[int]] = {}
        for line, owner in self._owners():
            owned.setdefault(owner, []).append(line.place.line)
        nodes = [replace(node, lines=tuple(owned.get(node.id, ()))) for node in self.nodes]
        ordered = [nodes[0], *sorted(nodes[1:], key=lambda node: node.line)]
        return Tree(self.mode, self.document.kind, tuple(ordered), self.last + 1)

    def _owners(self) -> Iterator[tuple[Line, str]]:
        """Yield each line with the node that it belongs to; makes passages and unmapped nodes on the way."""
        odd = {one.place.line for one in self.document.unmapped}
        parts = _parts_by_line(self.document.parts, self.source)
        breaks = _breaks(self.document, set(self.starts))
        edges = _edges(self.document.parts, odd)
        part_now: Part | None = None
        owner = ""
        for line in self.source:
            at = line.place.line
            part = parts.get(at)
            if at in self.fixed and at not in self.starts:
                yield line, self.fixed[at]
            elif at in self.starts:
                owner, part_now = self.starts[at], part
                yield line, owner
            elif line.role == "chrome" or at in odd or part is None or part.kind == "chrome":
                furniture = (
                    line.role == "chrome" or (part is not None and part.kind == "chrome") or at in edges
                )
                yield line, self._loose(line, chrome=furniture)
            else:
                if at in breaks or part is not part_now:
                    owner, part_now = "", part
                yield line, owner or self._of_part(line, part)

    def _loose(self, line: Line, *, chrome: bool) -> str:
        node = Node("", "unmapped", "n1", text=line.text, line=line.place.line, cell=line.place.cell or "")
        return self.add(node.with_facts({"chrome": "1" if chrome else ""}))

    def _of_part(self, line: Line, part: Part) -> str:
        """Return the owner of a line outside findings: its aspect, the inspection, else its own passage."""
        begins = line.place.line == part.place.line and folded(line.text).endswith(folded(part.title or "-"))
        if begins and part.kind == "findings" and part.title in self.aspects:
            return self.aspects[part.title]
        if begins or part.kind in OF_THE_WHOLE or self.mode == "tasks":
            return "n1"
        node = Node("", "passage", "n1", text=line.text, line=line.place.line)
        return self.add(node.with_facts({"part": PASSAGES.get(part.kind, part.kind)}))


def _edges(parts: Sequence[Part], odd: set[int]) -> set[int]:
    """Return the lines that no part holds before the text begins and after it ends: the page around it."""
    kept = [part for part in parts if part.kind not in ("title", "chrome")]
    if not kept:
        return set()
    first, last = min(part.place.line for part in kept), max(part.end_line for part in kept)
    return {at for at in odd if at < first or at > last}


def _parts_by_line(parts: Iterable[Part], lines: Sequence[Line]) -> dict[int, Part]:
    """Return for each line the part that holds it; of nested ones that which begins last."""
    ordered = sorted(parts, key=lambda part: (part.place.line, -part.end_line))
    found: dict[int, Part] = {}
    open_parts: list[Part] = []
    waiting = iter([*ordered, None])
    following = next(waiting)
    for line in lines:
        at = line.place.line
        while following is not None and following.place.line <= at:
            open_parts.append(following)
            following = next(waiting)
        open_parts = [part for part in open_parts if part.end_line >= at]
        if open_parts:
            found[at] = open_parts[-1]
    return found


def _breaks(document: Document, starts: set[int]) -> set[int]:
    """Return the lines of headings that end the problem before them: aspects, and all not deeper than a
    finding."""
    levels = [heading.level for heading in document.headings if heading.place.line in starts]
    finding_lines = {finding.place.line for finding in document.findings}
    finding_levels = [heading.level for heading in document.headings if heading.place.line in finding_lines]
    deepest = max(finding_levels, default=min(levels, default=0))
    aspects = {folded(finding.aspect) for finding in document.findings if finding.aspect}
    return {
        heading.place.line
        for heading in document.headings
        if heading.place.line not in starts and (heading.level <= deepest or folded(heading.text) in aspects)
    }


def _sheet(row: PlanTask) -> str:
    """Return the worksheet on which a row stands, "" outside workbooks."""
    sheet, mark, _ = (row.place.cell or "").partition("!")
    return sheet if mark else ""


def _beside_the_plan(rows: Sequence[PlanTask]) -> set[str]:
    """Return the worksheets whose rows are left out at first: those beside one that is called a list of tasks."""
    sheets = {_sheet(row) for row in rows}
    named = {sheet for sheet in sheets if "任务" in sheet}
    return sheets - named if named else set()


def _task(row: PlanTask, parent: str, number: str, *, archive: bool) -> Node:
    facts = {
        "unit": row.lead_unit,
        "joint": "、".join(row.joint_units),
        "leader": row.lead_leader,
        "due_on": row.due_on,
        "category": category_of(row.category or ""),
        "expected": row.expected,
        "state": state_of(row.status or "") if archive else "",
        "remark": "；".join(
            f"{head}：{text}" if head != "备注" else text for head, text in row.other if text
        ),
        "problem_number": row.problem_number,
        "problem_title": row.problem_title,
    }
    node = Node(
        "",
        "task",
        parent,
        number=number,
        title=_bare(row.title),
        measures=row.measures or "",
        line=row.place.line,
        cell=row.place.cell or "",
    )
    return node.with_facts({key: value or "" for key, value in facts.items()})


def _title(document: Document) -> str:
    """Return a short name: the year and who inspected (or which kind it was), "" when neither is known."""
    facts = document.inspection
    team = facts.team or (document.signed_by if document.kind == "feedback" else None) or ""
    day = facts.starts_on or facts.feedback_on or document.signed_on or ""
    kind = facts.kind or ""
    if kind and team.endswith(f"专项{kind}组"):
        name = team.removesuffix("组")
    else:
        name = team if team.endswith(kind) else f"{team}{kind}"
    return f"{day[:4]}年{name}" if name and day else name


def _bare(title: str) -> str:
    """Return a title without the closing 。, which lists do not show."""
    return title.rstrip("。；;").strip() or title


def _finding_numbers(findings: Sequence[Finding]) -> list[str]:
    """Return the findings' numbers as printed; where they repeat (each aspect from one again), counted
    through."""
    printed = [finding.number for finding in findings]
    if all(printed) and len(set(printed)) == len(printed):
        return printed
    return [chinese_number(at) for at in range(1, len(printed) + 1)]


def _problem_numbers(findings: Sequence[Finding]) -> list[str]:
    """Return the problems' numbers as printed; where they repeat (each finding from one again), counted
    through."""
    printed = [problem.number for finding in findings for problem in finding.problems]
    if all(printed) and len(set(printed)) == len(printed):
        return printed
    return [str(at) for at in range(1, len(printed) + 1)]
