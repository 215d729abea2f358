"""What a registration would do, before anything is written: draft + register ─preview→ faults, matches,
what is there.

The page shows it and `actions.registering` asks the same function under its locks, so that both always agree.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from bihuan.core.draft_faults import TreeFault, blocks, faults
from bihuan.core.draft_words import folded
from bihuan.core.drafting import Node, Tree, from_json
from bihuan.core.naming import may_be_same
from bihuan.core.source import Params
from bihuan.documents.models import Draft
from bihuan.findings.models import Finding, Inspection, InspectionKind, Problem, Task
from bihuan.orgs.models import Unit

ORDER = {"error": 0, "warning": 1, "note": 2}
LONGEST_NAME = 200
UPDATE, SKIP, NEW = "update", "skip", "new"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a draft. `there` names the register's row for a node that is there already."""

    tree: Tree
    nodes: tuple[Node, ...]
    faults: tuple[TreeFault, ...]
    kind_id: str = ""
    target: Inspection | None = None
    same: tuple[Inspection, ...] = ()
    there: Mapping[str, Finding | Problem | Task] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    new_units: tuple[str, ...] = ()
    unknown_units: tuple[str, ...] = ()

    @property
    def blocked(self) -> bool:
        """Return whether anything stands against registration."""
        return blocks(self.faults)

    @property
    def choice(self) -> str:
        """Return what a person chose to do with what is there already: update, skip, new or ""."""
        root = self.tree.root
        return (root.fact("again") if self.tree.mode == "tasks" else root.fact("onto")).partition(":")[0]

    @property
    def made(self) -> Mapping[str, int]:
        """Return how many rows of each kind would be new."""
        if self.choice == SKIP and self.tree.mode != "tasks":
            return {}
        return Counter(node.kind for node in self.nodes if node.id not in self.there)


def preview(draft: Draft) -> Preview:
    """Return what registering `draft` would do. A constant number of statements."""
    tree = from_json(draft.tree)
    nodes = tuple(tree.registered())
    found = list(faults(tree))
    names = unit_names(nodes)
    units = units_of(draft.organisation_id) if names else {}
    unknown = tuple(name for name in names if name not in units and len(name) <= LONGEST_NAME)
    ticked = tuple(name for name in tree.root.fact("new_units").split("\n") if name in unknown)
    left = [name for name in unknown if name not in ticked]
    if left:
        told: Params = {"units": "、".join(left), "count": len(left)}
        found.append(TreeFault("documents.fault-units-unknown", tree.root.id, "warning", told))
    subject, owner = tree.root.fact("subject"), draft.organisation
    if subject and subject not in (owner.name, owner.short_name) and not may_be_same(owner.name, subject):
        elsewhere: Params = {"subject": subject, "organisation": owner.name}
        found.append(TreeFault("documents.fault-subject-elsewhere", tree.root.id, "warning", elsewhere))
    of_register = (_of_tasks if tree.mode == "tasks" else _of_inspection)(draft, tree, nodes)
    if tree.mode == "tasks" and of_register.target is None:
        found = [fault for fault in found if fault.code != "documents.fault-task-without-problem"]
    found.extend(of_register.faults)
    return Preview(
        tree=tree,
        nodes=nodes,
        faults=tuple(sorted(found, key=lambda fault: ORDER[fault.severity])),
        kind_id=of_register.kind_id,
        target=of_register.target,
        same=of_register.same,
        there=of_register.there,
        units=units,
        new_units=ticked,
        unknown_units=unknown,
    )


def unit_names(nodes: Iterable[Node]) -> list[str]:
    """Return the names of units that tasks give, in their order, each once."""
    found: dict[str, None] = {}
    for node in nodes:
        if node.kind == "task":
            for name in (node.fact("unit"), *joint_names(node)):
                if name:
                    found.setdefault(name)
    return list(found)


def joint_names(node: Node) -> list[str]:
    """Return the names of a task's joint units, each once."""
    return list(dict.fromkeys(name.strip() for name in node.fact("joint").split("、") if name.strip()))


def units_of(organisation_id: int) -> dict[str, int]:
    """Return the ids of the organisation's open units by name and short name; names that stand twice are
    left out."""
    rows = Unit.objects.filter(links_up__ancestor_id=organisation_id, is_active=True).order_by(
        "links_up__depth", "pk"
    )
    found: dict[str, int] = {}
    doubled: set[str] = set()
    for pk, name, short in rows.values_list("pk", "name", "short_name"):
        for one in {name, short} - {""}:
            if one in found:
                doubled.add(one)
            found.setdefault(one, pk)
    return {name: pk for name, pk in found.items() if name not in doubled}


@dataclass(frozen=True, slots=True)
class _Register:
    """What the register says to a draft."""

    faults: tuple[TreeFault, ...]
    kind_id: str = ""
    target: Inspection | None = None
    same: tuple[Inspection, ...] = ()
    there: Mapping[str, Finding | Problem | Task] = field(default_factory=dict)


def _of_tasks(draft: Draft, tree: Tree, nodes: Sequence[Node]) -> _Register:
    """Compare a plan's rows with the tasks of the inspection that they go into."""
    root = tree.root
    target = Inspection.objects.filter(
        pk=draft.inspection_id or 0, organisation_id=draft.organisation_id, mode="live", withdrawn=False
    ).first()
    if target is None:
        return _Register((TreeFault("documents.fault-no-target", root.id, "error"),))
    tasks = [node for node in nodes if node.kind == "task"]
    told = Task.objects.filter(inspection=target, withdrawn=False)
    by_number, by_title = {}, {}
    for pk, problem, number, title in told.values_list("pk", "problem_id", "number", "title"):
        by_number[number] = pk
        by_title[problem, folded(title)] = pk
    same: dict[str, int] = {}
    for node in tasks:
        key = (int(node.fact("problem_id") or 0), folded(node.title))
        if (found_at := by_title.get(key) or by_number.get(node.number)) is not None:
            same[node.id] = found_at
    rows = Task.objects.in_bulk(same.values())
    there: dict[str, Finding | Problem | Task] = {node: rows[pk] for node, pk in same.items()}
    found = [*_numbers_taken(tasks, there, set(by_number))]
    found.extend(_problems_gone(tasks, target))
    if there and root.fact("again") not in (UPDATE, SKIP):
        found.append(TreeFault("documents.fault-tasks-there", root.id, "error", {"count": len(there)}))
    return _Register(tuple(found), target=target, there=there)


def _problems_gone(tasks: Sequence[Node], target: Inspection) -> Iterator[TreeFault]:
    """Yield the tasks whose problem was withdrawn or belongs elsewhere."""
    known = set(Problem.objects.filter(inspection=target, withdrawn=False).values_list("pk", flat=True))
    for node in tasks:
        if node.fact("problem_id") and int(node.fact("problem_id")) not in known:
            told: Params = {"number": node.number, "line": node.line}
            yield TreeFault("documents.fault-problem-gone", node.id, "error", told)


def _numbers_taken(
    nodes: Iterable[Node], there: Mapping[str, object], taken: set[str]
) -> Iterator[TreeFault]:
    for node in nodes:
        if node.id not in there and node.number in taken:
            yield TreeFault("documents.fault-number-taken", node.id, "error", {"number": node.number})


def _of_inspection(draft: Draft, tree: Tree, nodes: Sequence[Node]) -> _Register:
    """Look for the inspection among those of the organisation, and for its findings and problems where it
    is updated."""
    root = tree.root
    kind_id = kind_of(root.fact("kind"))
    found: list[TreeFault] = []
    if root.fact("kind") and not kind_id:
        found.append(TreeFault("documents.fault-kind-unknown", root.id, "error", {"kind": root.fact("kind")}))
    same = same_inspections(draft, tree, nodes, kind_id=kind_id)
    choice, _, chosen = root.fact("onto").partition(":")
    target = next((row for row in same if str(row.pk) == chosen), None)
    if same and choice != NEW and target is None:
        told: Params = {"title": same[0].title, "count": len(same)}
        found.append(TreeFault("documents.fault-inspection-there", root.id, "error", told))
    there: dict[str, Finding | Problem | Task] = {}
    if target is not None and choice == UPDATE:
        there, taken = _rows_there(nodes, target)
        found.extend(taken)
    return _Register(tuple(found), kind_id=kind_id, target=target, same=same, there=there)


def kind_of(words: str) -> str:
    """Return the code of the kind of inspection that a document's words name, "" when there is none."""
    kinds = InspectionKind.objects.order_by("position").values_list("code", "name")
    exact = [code for code, name in kinds if words in (code, name)]
    near = [code for code, name in kinds if words and (words in name or name in words)]
    return (exact or near or [""])[0]


def same_inspections(
    draft: Draft, tree: Tree, nodes: Sequence[Node], *, kind_id: str
) -> tuple[Inspection, ...]:
    """Return inspections that are the same as the draft's: same mode and kind, and the same day of feedback
    or the same
    period; or half of the problems by title. One text registered live and its notice as archive are two
    things."""
    root = tree.root
    rows = Inspection.objects.filter(organisation_id=draft.organisation_id, mode=tree.mode, withdrawn=False)
    when = Q(pk__in=[])
    if root.fact("feedback_on"):
        when |= Q(feedback_on=root.fact("feedback_on"))
    if root.fact("starts_on"):
        when |= Q(starts_on=root.fact("starts_on"), ends_on=root.fact("ends_on"))
    found = {row.pk: row for row in rows.filter(when, kind_id=kind_id)}
    titles = {node.title for node in nodes if node.kind == "problem"}
    if titles:
        held = Problem.objects.filter(inspection__in=rows, withdrawn=False, title__in=list(titles)[:500])
        counted = Counter(held.values_list("inspection_id", flat=True))
        wanted = [
            pk for pk, count in counted.items() if pk not in found and count * 2 >= min(len(titles), 500)
        ]
        found |= {row.pk: row for row in rows.filter(pk__in=wanted)} if wanted else {}
    return tuple(found.values())


def _rows_there(
    nodes: Sequence[Node], target: Inspection
) -> tuple[dict[str, Finding | Problem | Task], list[TreeFault]]:
    """Return the register's findings and problems for the nodes, by title and else by number; and numbers
    in the way."""
    there: dict[str, Finding | Problem | Task] = {}
    taken: list[TreeFault] = []
    for kind, model in (("finding", Finding), ("problem", Problem)):
        of_kind = [node for node in nodes if node.kind == kind]
        rows: list[Finding | Problem] = list(
            model._default_manager.filter(inspection=target, withdrawn=False)
        )
        left = {row.pk for row in rows}
        for key in (lambda one: folded(one.title), lambda one: one.number):
            by_key = {key(row): row for row in rows if row.pk in left}
            for node in of_kind:
                row = by_key.get(key(node))
                if node.id not in there and row is not None and row.pk in left:
                    there[node.id] = row
                    left.discard(row.pk)
        taken.extend(_numbers_taken(of_kind, there, {row.number for row in rows}))
    return there, taken
