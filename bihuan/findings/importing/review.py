"""What the review page shows: Draft + Preview + what is open ─page_of→ source lines left, tree right, both linked.

Only what is open is written out with its lines, so that a plan of 1,000 rows is a page of some 40 KB too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bihuan.core.draft_faults import Count, TreeFault, counts
from bihuan.core.drafting import Node, Tree
from bihuan.core.source import Line
from bihuan.documents.models import Draft
from bihuan.documents.queries import lines_of_draft
from bihuan.findings.importing.preview import Preview

TASKS_A_PAGE = 30
MOST_FAULTS = 20
MOST_LOOSE = 30
TOP = "top"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the left side: a line, or (with `until`) a stretch that is left out and the section that opens it."""

    number: int
    text: str = ""
    node: str = ""
    css: str = ""
    until: int = 0
    section: str = ""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One row of the right side. `below` counts what a closed row hides; `section` opens it.

    `beside` says that the node's line is among those written out on the left.
    """

    node: Node
    css: str = ""
    below: int = 0
    below_kind: str = ""
    section: str = ""
    faults: int = 0
    skipped: bool = False
    opened: bool = True
    there: bool = False
    beside: bool = True


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The review page of one draft."""

    source: Sequence[SourceRow]
    rows: Sequence[TreeRow]
    loose: Sequence[Node]
    loose_more: int
    counts: Sequence[Count]
    faults: Sequence[TreeFault]
    faults_more: int
    blocking: int
    opened: str
    tasks_page: int = 1
    task_pages: int = 1
    listed: Mapping[str, int] = field(default_factory=dict)
    institutions: Sequence[Node] = ()


def page_of(draft: Draft, seen: Preview, *, opened: str, tasks_page: int = 1) -> ReviewPage:
    """Return what the page shows with the section `opened` (a finding's id, ``part-…`` or TOP; "" for the first)."""
    tree = seen.tree
    sections = _sections(tree)
    flagged = {fault.node for fault in seen.faults if fault.severity != "note"}
    if not opened or opened not in set(sections.values()):
        opened = next((node.id for node in tree.of_kind("finding")), TOP)
    tasks = [node for node in tree.of_kind("task") if node.parent == tree.root.id]
    pages = max(1, -(-len(tasks) // TASKS_A_PAGE))
    tasks_page = min(max(1, tasks_page), pages)
    window = {node.id for node in tasks[(tasks_page - 1) * TASKS_A_PAGE : tasks_page * TASKS_A_PAGE]}
    loose = tree.of_kind("unmapped")
    shown = [node for node in tree.nodes if node.kind == "institution"]
    return ReviewPage(
        source=list(_source(draft, tree, sections=sections, opened=opened, window=window, flagged=flagged)),
        rows=list(_rows(seen, sections=sections, opened=opened, window=window)),
        loose=loose[:MOST_LOOSE],
        loose_more=max(0, len(loose) - MOST_LOOSE),
        counts=counts(tree),
        faults=seen.faults[:MOST_FAULTS],
        faults_more=max(0, len(seen.faults) - MOST_FAULTS),
        blocking=sum(fault.severity == "error" for fault in seen.faults),
        opened=opened,
        tasks_page=tasks_page,
        task_pages=pages,
        listed=dict(seen.made),
        institutions=shown,
    )


def section_of(tree: Tree, node: Node) -> str:
    """Return the section in which a node is written out."""
    return _sections(tree)[node.id]


def task_page_of(tree: Tree, node: Node) -> int:
    """Return the page of tasks on which a node stands."""
    ids = [one.id for one in tree.of_kind("task") if one.parent == tree.root.id]
    return ids.index(node.id) // TASKS_A_PAGE + 1 if node.id in ids else 1


def _sections(tree: Tree) -> dict[str, str]:
    """Return for each node the section that opens it."""
    by_id = {node.id: node for node in tree.nodes}
    found: dict[str, str] = {}
    for node in tree.nodes:
        here = node
        while here.kind not in ("finding", "inspection") and here.parent:
            here = by_id[here.parent]
        found[node.id] = here.id if here.kind == "finding" else TOP
        if node.kind == "passage":
            found[node.id] = f"part-{node.fact('part')}"
    return found


def _source(
    draft: Draft, tree: Tree, *, sections: Mapping[str, str], opened: str, window: set[str], flagged: set[str]
) -> Iterator[SourceRow]:
    """Yield the lines of what is open, and one row for each stretch between."""
    owners = {line: node for node in tree.nodes for line in node.lines}
    hidden: list[tuple[Line, Node | None]] = []
    for line in lines_of_draft(draft):
        node = owners.get(line.place.line)
        if node is None or not _is_open(node, sections=sections, opened=opened, window=window):
            hidden.append((line, node))
            continue
        if hidden:
            yield _gap(hidden, sections)
            hidden = []
        css = "off" if node.kind == "unmapped" else "hit" if node.id in flagged else ""
        yield SourceRow(line.place.line, " ".join(line.text.split("\t")), node.id, css)
    if hidden:
        yield _gap(hidden, sections)


def _is_open(node: Node, *, sections: Mapping[str, str], opened: str, window: set[str]) -> bool:
    if node.kind == "unmapped":
        return True
    if node.kind == "task" and sections[node.id] == TOP:
        return node.id in window
    return sections[node.id] == opened


def _gap(hidden: Sequence[tuple[Line, Node | None]], sections: Mapping[str, str]) -> SourceRow:
    section = next((sections[node.id] for _, node in hidden if node is not None), TOP)
    first, last = hidden[0][0].place.line, hidden[-1][0].place.line
    return SourceRow(first, until=last, section=section)


def _rows(seen: Preview, *, sections: Mapping[str, str], opened: str, window: set[str]) -> Iterator[TreeRow]:
    """Yield the tree in the order of the document; passages of one part are one row until it is open."""
    below = Counter(sections[node.id] for node in seen.tree.nodes if node.kind in ("problem", "passage"))
    marked = Counter(fault.node for fault in seen.faults if fault.severity != "note")
    parts: set[str] = set()
    for node, taken in seen.tree.walk():
        section, faults = sections[node.id], marked[node.id]
        if node.kind == "passage" and section != opened:
            if section not in parts:
                parts.add(section)
                yield TreeRow(node, "", below[section], "passage", section, opened=False, beside=False)
        elif _is_shown(node, section, opened=opened, window=window, faults=faults):
            inside = node.kind in ("problem", "institution") or (node.kind == "task" and section != TOP)
            yield TreeRow(
                node,
                css=" ".join(["in"] * inside + ["hit"] * bool(faults)),
                below=below[node.id],
                below_kind="problem",
                section=section,
                faults=faults,
                skipped=not taken,
                opened=section == opened or node.kind != "finding",
                there=node.id in seen.there,
                beside=section == opened or node.id in window,
            )


def _is_shown(node: Node, section: str, *, opened: str, window: set[str], faults: int) -> bool:
    """Tell whether a node has a row: what stands in a closed finding only when it has a fault."""
    if node.kind in ("unmapped", "declared"):
        return False
    if node.kind == "task" and section == TOP:
        return node.id in window
    if node.kind == "institution":
        return section == opened
    return node.kind not in ("problem", "task") or section == opened or faults > 0
