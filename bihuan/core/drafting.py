"""The draft of a registration: what was read of a document as a tree of nodes that a person corrects.

Document ─draft_reading.tree_of→ Tree ─draft_edits.apply→ Tree … ─findings.actions.registering→ the register

Every line of the source belongs to exactly one node (`Node.lines`), whatever was edited; what was not
understood is a
node too (kind "unmapped"). A tree is frozen: an edit gives another tree.

>>> tree = Tree("live", "feedback", (Node("n1", "inspection", title="2026年巡察", lines=(1,)),), 2)
>>> from_json(to_json(tree)) == tree
True
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Literal, get_args

Kind = Literal[
    "inspection",
    "aspect",
    "finding",
    "problem",
    "task",
    "institution",
    "passage",
    "declared",
    "unmapped",
]
Mode = Literal["live", "archive", "tasks"]

KINDS: tuple[str, ...] = get_args(Kind)
MODES: tuple[str, ...] = get_args(Mode)

#: Under which kinds a node may stand. A task that matches no problem yet stands under the inspection.
PARENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "inspection": (),
        "aspect": ("inspection",),
        "finding": ("inspection", "aspect"),
        "problem": ("finding",),
        "task": ("problem", "inspection"),
        "institution": ("problem", "inspection"),
        "passage": ("inspection",),
        "declared": ("inspection",),
        "unmapped": ("inspection",),
    }
)

#: What a node holds besides its texts, by kind; all values are text, dates as ISO of day or month.
FACTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "inspection": (
            "kind",
            "authority",
            "team",
            "subject",
            "starts_on",
            "ends_on",
            "feedback_on",
            "notice_title",
            "signed_by",
            "signed_on",
            "published_on",
            "as_of",
            "phone",
            "post",
            "email",
            "onto",
            "again",
            "new_units",
        ),
        "problem": ("state",),
        "task": (
            "unit",
            "joint",
            "leader",
            "category",
            "due_on",
            "expected",
            "remark",
            "state",
            "problem_number",
            "problem_title",
            "problem_id",
            "matched",
        ),
        "institution": ("document_number", "issued_on"),
        "passage": ("part",),
        "declared": ("key", "value", "as_of", "approx"),
        "unmapped": ("chrome",),
    }
)

VERSION = 1


@dataclass(frozen=True, slots=True)
class Node:
    """One thing read of the document. `id` stays whatever is edited; `parent` is "" for the inspection alone.

    `lines` are the source lines that belong to this node; `line` and `cell` say where it begins (several
    nodes may begin
    in one line, which belongs to the first). `response_line` is where its answer begins. `skip` keeps the
    node and all
    below it out of the registration.
    """

    id: str
    kind: Kind
    parent: str = ""
    number: str = ""
    title: str = ""
    text: str = ""
    response: str = ""
    measures: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[int, ...] = ()
    line: int = 0
    response_line: int = 0
    cell: str = ""
    skip: bool = False

    def fact(self, name: str) -> str:
        """Return the value of a fact, "" when it is unknown."""
        for key, value in self.facts:
            if key == name:
                return value
        return ""

    def with_facts(self, changes: Mapping[str, str]) -> "Node":
        """Return the node with these facts set; an empty value takes a fact away."""
        merged = {**dict(self.facts), **changes}
        return replace(self, facts=tuple(sorted((key, value) for key, value in merged.items() if value)))


@dataclass(frozen=True, slots=True)
class Tree:
    """The draft: its nodes in document order (siblings stand in their order), the inspection first.

    `document_kind` is the kind that was read; `next_number` gives the next node's id.
    """

    mode: Mode
    document_kind: str
    nodes: tuple[Node, ...]
    next_number: int

    @property
    def root(self) -> Node:
        """Return the inspection."""
        return self.nodes[0]

    def find(self, node_id: str) -> Node | None:
        """Return the node, None when there is none of this id."""
        return next((node for node in self.nodes if node.id == node_id), None)

    def of_kind(self, *kinds: str) -> list[Node]:
        """Return all nodes of these kinds, skipped ones too."""
        return [node for node in self.nodes if node.kind in kinds]

    def children(self) -> dict[str, list[Node]]:
        """Return the children of every node by its id. One pass; keep the result while walking."""
        found: dict[str, list[Node]] = {node.id: [] for node in self.nodes}
        for node in self.nodes[1:]:
            found[node.parent].append(node)
        return found

    def walk(self) -> Iterator[tuple[Node, bool]]:
        """Yield every node from the root down, each with whether it is registered (not skipped, nor below a
        skipped one)."""
        children = self.children()
        stack = [(self.root, not self.root.skip)]
        while stack:
            node, taken = stack.pop()
            yield node, taken
            stack.extend((child, taken and not child.skip) for child in reversed(children[node.id]))

    def registered(self) -> list[Node]:
        """Return the nodes that a registration would take, from the root down."""
        return [node for node, taken in self.walk() if taken and node.kind != "unmapped"]


_FIELDS = tuple(field.name for field in fields(Node))
_DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {field.name: field.default for field in fields(Node) if field.name not in ("id", "kind")}
)


def to_json(tree: Tree) -> dict[str, Any]:
    """Return the tree as values that JSON knows; what is empty is left out."""
    return {
        "v": VERSION,
        "mode": tree.mode,
        "kind": tree.document_kind,
        "next": tree.next_number,
        "nodes": [_node_to_json(node) for node in tree.nodes],
    }


def _node_to_json(node: Node) -> dict[str, Any]:
    values: dict[str, Any] = {"id": node.id, "kind": node.kind}
    for name, default in _DEFAULTS.items():
        value = getattr(node, name)
        if value != default:
            values[name] = dict(value) if name == "facts" else list(value) if name == "lines" else value
    return values


def from_json(values: Mapping[str, Any]) -> Tree:
    """Return the tree that `to_json` gave.

    :raises ValueError: for another version, for a draft must never be registered as something else than
    what was seen.
    """
    if values.get("v") != VERSION:
        raise ValueError(f"a draft of version {values.get('v')}")
    nodes = tuple(_node_from_json(one) for one in values["nodes"])
    return Tree(values["mode"], values["kind"], nodes, values["next"])


def _node_from_json(values: Mapping[str, Any]) -> Node:
    read = {name: values[name] for name in _FIELDS if name in values}
    if "facts" in read:
        read["facts"] = tuple(sorted(read["facts"].items()))
    if "lines" in read:
        read["lines"] = tuple(read["lines"])
    return Node(**read)
