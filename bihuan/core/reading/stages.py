"""The stages of reading in order: survey the page, then take each fact from where it stands.

Source ─survey→ Survey(rows, frame, title, outline, kind) ─assemble→ Document
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bihuan.core.reading.chrome import is_chrome, published_on
from bihuan.core.reading.closing import Closing, closing
from bihuan.core.reading.damage import cut_off, damage
from bihuan.core.reading.document import (
    Document,
    DocumentKind,
    Finding,
    Heading,
    InspectionFacts,
    PartKind,
    PlanTask,
    TallyFigure,
)
from bihuan.core.reading.folding import fold
from bihuan.core.reading.frame import Frame, frame
from bihuan.core.reading.items import findings_under
from bihuan.core.reading.kind import document_kind, inspection_kind
from bihuan.core.reading.opening import opening_facts
from bihuan.core.reading.outline import Outline, outline
from bihuan.core.reading.parts import parts
from bihuan.core.reading.passage import Passage, passage
from bihuan.core.reading.planned import FOLLOWS, followed_up, planned_tasks
from bihuan.core.reading.rows import Row, rows
from bihuan.core.reading.sections import SectionKind, descend, sections
from bihuan.core.reading.subject import audited_of_title, names_itself, subject_of_title
from bihuan.core.reading.tables import Table, findings_of, plan_tasks, tables
from bihuan.core.reading.tally import as_of, tally
from bihuan.core.reading.title import Title, find_title, looks_like_title
from bihuan.core.source import Remark, Source

OPENING = 1500  # characters in which the opening sentences are looked for
SAMPLE = 4000  # characters that show which kind of document it is
_OPENS = re.compile(r"^(?:根据|按照)[^。]{2,80}(?:部署|安排)[^。]{2,200}巡[察视]组")


@dataclass(frozen=True, slots=True)
class Survey:
    """What the page looks like before any fact is taken from it."""

    source: Source
    rows: tuple[Row, ...]
    frame: Frame
    title: Title
    kind: DocumentKind
    outline: Outline
    closing: Closing
    sections: dict[int, SectionKind]
    tables: tuple[Table, ...]


def survey(source: Source) -> Survey:
    """Find the title, the text between the page's furniture, its headings, its end, and what kind it is."""
    all_rows = rows(source)
    framed = frame(all_rows)
    title = find_title(framed.head)
    found_tables = tables(framed.text)
    end = _closing(framed.text)
    body = [row for row in framed.text if row.role != "row" and (end.start is None or row.index < end.start)]
    tree = outline(body)
    kind = document_kind(
        fold(title.text).text if title.text else None,
        _sample(framed.text),
        all_rows,
        plan_table=any(table.is_plan for table in found_tables),
        acts=sum(1 for row in framed.text if _OPENS.match(row.text)),
    )
    if kind == "list" and sum(1 for row in framed.head if looks_like_title(row)) > 1:
        title = Title(None, ())  # the titles on such a page are those of other documents
    return Survey(
        source,
        tuple(all_rows),
        framed,
        title,
        kind,
        tree,
        end,
        sections(tree.nodes, kind),
        tuple(found_tables),
    )


def assemble(seen: Survey) -> Document:
    """Take every fact from its place and put the document together."""
    stamp = published_on(seen.frame.head, seen.frame.aside)
    facts = _inspection(seen, stamp or seen.closing.signed_on)
    outside = passage(list(_outside(seen)), glue="\n")
    declared = tally(outside) if seen.kind not in ("list", "other") else ()
    tasks = tuple(_tasks(seen))
    found_parts, left = parts(seen.source, seen.rows, _roles(seen, declared))
    return Document(
        name=seen.source.name,
        kind=seen.kind,
        title=seen.title.text,
        inspection=facts,
        as_of=as_of(outside, declared, until=stamp),
        tally=declared,
        headings=tuple(Heading(n.mark.printed, n.text, n.level, n.row.place) for n in seen.outline.nodes),
        findings=tuple(_findings(seen, tasks)),
        tasks=tasks,
        parts=found_parts,
        unmapped=left,
        contact=seen.closing.contact,
        signed_by=seen.closing.signed_by,
        signed_on=seen.closing.signed_on,
        published_on=stamp,
        warnings=tuple(_warnings(seen)),
    )


def _closing(text: Sequence[Row]) -> Closing:
    """Read the end, which begins behind the last heading with an answer."""
    return closing(text, after=text[0].index + 1 if text else 0)


def _sample(text: Sequence[Row]) -> str:
    """Return the beginning of the text, folded."""
    taken, length = [], 0
    for row in text:
        taken.append(row.text[:SAMPLE])
        length += len(row.text)
        if length > SAMPLE:
            break
    return "\n".join(taken)[:SAMPLE]


def _inspection(seen: Survey, until: str | None) -> InspectionFacts:
    """Read the opening sentences; where they name no subject, the title's author is it."""
    facts = opening_facts(_opening(seen.outline.before), until=until)
    if facts.team is None and facts.starts_on is None and facts.feedback_on is None:
        wider = opening_facts(_opening([row for row in seen.frame.text if row.role != "row"]), until=until)
        facts = wider if wider.team or wider.feedback_on else facts
    title = fold(seen.title.text).text if seen.title.text else None
    kind = inspection_kind(facts.kind, seen.kind, title, facts.team, _sample(seen.frame.text or seen.rows))
    facts = replace(facts, kind=kind)
    if seen.kind in ("list", "other"):
        return InspectionFacts(kind=kind)
    issuer = None
    if facts.subject is None or names_itself(facts.subject):
        named = {"notice": subject_of_title, "report": subject_of_title, "audit": audited_of_title}
        issuer = named[seen.kind](seen.title.text) if seen.kind in named else None
    if issuer:
        return replace(facts, subject=issuer)
    return facts


def _opening(text: Sequence[Row]) -> Passage | None:
    """Return the first sentences as one passage."""
    taken, length = [], 0
    for row in text:
        taken.append(row)
        length += len(row.text)
        if length > OPENING:
            break
    return passage(taken, longest=2 * OPENING)


def _outside(seen: Survey) -> Iterator[Row]:
    """Yield the rows that speak of the whole document: what stands before, between and behind its findings."""
    yield from seen.outline.before
    for node in seen.outline.nodes:
        top = node
        while top.parent is not None:
            top = top.parent
        inside = seen.sections.get(id(top)) in ("rectification", "findings")
        if not inside or (
            node is top and not node.answered and (node.children or node.mark.style in ("cn", "part"))
        ):
            yield node.row
            yield from node.body


def _findings(seen: Survey, tasks: Sequence[PlanTask]) -> Iterator[Finding]:
    """Yield the findings, from headings, from tables, or from the labelled lines of a follow-up."""
    if seen.tables:
        rows_of_tables = (
            tasks if any(t.is_plan for t in seen.tables) else [t for s in seen.tables for t in plan_tasks(s)]
        )
        yield from findings_of(rows_of_tables, seen.tables)
    if seen.kind in ("list", "other"):
        return
    found = False
    for node in seen.outline.nodes:
        if node.parent is None and seen.sections.get(id(node)) in ("rectification", "findings"):
            for finding in findings_under(node, answers=seen.kind not in ("feedback", "plan")):
                found = True
                yield finding
    if not found and not seen.tables:
        tops = [node for node in seen.outline.nodes if node.parent is None] if seen.kind == "env" else []
        yield from followed_up(seen.outline.before, tops, seen.title.text)


def _tasks(seen: Survey) -> Iterator[PlanTask]:
    """Yield the tasks of a plan, from its tables or from its text."""
    for table in seen.tables:
        if table.is_plan:
            yield from plan_tasks(table)
    if seen.kind == "plan":
        for node in seen.outline.nodes:
            yield from planned_tasks(node)


def _roles(seen: Survey, declared: Sequence[TallyFigure]) -> dict[int, tuple[PartKind, str | None]]:
    """Say of every row which part it belongs to; furniture and what stands before the title has none."""
    roles: dict[int, tuple[PartKind, str | None]] = {}
    titled = max(seen.title.rows, default=-1)
    for row in seen.frame.head:
        if row.index in seen.title.rows:
            roles[row.index] = ("title", seen.title.text)
        elif 0 <= titled < row.index and not is_chrome(row, head=True) and row.role != "chrome":
            roles[row.index] = ("body", None)
    roles.update(_before(seen))
    for node in seen.outline.nodes:
        if node.parent is None:
            for inner in descend(node):
                kind: PartKind = seen.sections[id(node)]
                for row in (inner.row, *inner.body):
                    roles[row.index] = (kind, node.text)
    rows_of_tables = (row for row in (*seen.frame.head, *seen.frame.text) if row.role == "row")
    roles.update({row.index: ("table", None) for row in rows_of_tables if row.index not in seen.title.rows})
    roles.update(_end_roles(seen))
    counts = Counter(figure.place for figure in declared)
    roles.update({row.index: ("tally", None) for row in seen.frame.text if counts[row.place] > 1})
    return roles


def _before(seen: Survey) -> Iterator[tuple[int, tuple[PartKind, str | None]]]:
    """Yield the parts of the rows before the first heading: the opening, the organisation, the labelled answer."""
    kind: PartKind = "body" if seen.kind in ("list", "other") else "opening"
    for row in seen.outline.before:
        if kind != "body" and FOLLOWS.match(row.text):
            kind = "rectification"
        yield row.index, (kind, None)
        kind = "organisation" if kind == "opening" else kind


def _end_roles(seen: Survey) -> Iterator[tuple[int, tuple[PartKind, str | None]]]:
    """Yield the parts of the end: contact, signature, date, and what is attached between or behind them."""
    if seen.closing.start is None:
        return
    known = dict(seen.closing.roles)
    names: dict[str, PartKind] = {"contact": "contact", "signature": "signature", "date": "date"}
    for row in seen.frame.text:
        if row.index >= seen.closing.start and row.role != "row":
            yield row.index, (names.get(known.get(row.index, ""), "attachment"), None)


def _warnings(seen: Survey) -> Iterator[Remark]:
    """Yield what a person must know: remarks of the format, damage, a text cut off, nothing understood."""
    yield from seen.source.warnings
    yield from damage(seen.rows)
    if not seen.rows:
        yield Remark("reading.no-text")
        return
    if seen.closing.start is None and not seen.tables:
        remark = cut_off([row for row in seen.frame.text])
        if remark is not None:
            yield remark
    if seen.kind in ("other", "list"):
        yield Remark("reading.not-of-this-kind", {}, seen.rows[0].place)
