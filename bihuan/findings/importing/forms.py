"""The form of one node: Node ─fields_of→ what can be filled in, where it can be split, where it can go."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bihuan.core.draft_edits import ASSIGN_NODES, ASSIGN_TEXTS
from bihuan.core.drafting import PARENTS, Node, Tree
from bihuan.core.findings import CATEGORIES, STATES

Option = tuple[str, str]
AREAS = ("text", "response", "measures", "expected")
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "inspection": (
            "title",
            "kind",
            "team",
            "authority",
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
        ),
        "aspect": ("title",),
        "finding": ("number", "title", "text"),
        "problem": ("number", "title", "text", "response", "state"),
        "task": (
            "number",
            "title",
            "problem_id",
            "measures",
            "unit",
            "joint",
            "leader",
            "category",
            "due_on",
            "expected",
            "remark",
        ),
        "institution": ("title", "document_number", "issued_on"),
        "passage": ("part", "text"),
        "declared": ("value", "as_of"),
    }
)
PARTS = ("opening", "organisation", "follow_up", "body")
_ENDS = re.compile(r"[。；;！？\n，,]")
MOST_POINTS = 40


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: `options` makes it a choice; an option's word is a code unless `plain`."""

    name: str
    value: str
    area: bool = False
    options: tuple[Option, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A place at which a text can be split: before the character `at` of `field`."""

    field: str
    at: int
    head: str
    tail: str


def fields_of(node: Node, *, problems: Sequence[Option] = (), kinds: Sequence[Option] = ()) -> list[Field]:
    """Return the fields of a node with what they hold."""
    return [_field(node, name, problems=problems, kinds=kinds) for name in FIELDS.get(node.kind, ())]


def _field(node: Node, name: str, *, problems: Sequence[Option], kinds: Sequence[Option]) -> Field:
    texts = ("number", "title", "text", "response", "measures")
    value = str(getattr(node, name)) if name in texts else node.fact(name)
    if name == "category":
        return Field(name, value, options=_coded(value, CATEGORIES, "documents.category"))
    if name == "part":
        return Field(name, value, options=_coded(value, PARTS, "documents.part"))
    if name == "kind" and kinds:
        return Field(name, value, options=_plain(value, kinds), plain=True)
    if name == "problem_id":
        return Field(name, value, options=_plain(value, problems), plain=True)
    if name == "state" and node.kind == "task":
        return Field(name, value, options=_coded(value, STATES, "documents.state"))
    return Field(name, value, area=name in AREAS or len(value) > 80)


def _coded(value: str, words: Sequence[str], code: str) -> tuple[Option, ...]:
    own = ((value, value),) if value and value not in words else ()
    return (("", "documents.choose"), *((word, f"{code}-{word}") for word in words), *own)


def _plain(value: str, options: Sequence[Option]) -> tuple[Option, ...]:
    own = ((value, value),) if value and value not in {key for key, _ in options} else ()
    return (("", "—"), *options, *own)


def split_points(node: Node) -> list[Point]:
    """Return the places after sentences (and commas of a title) at which a node can be split in two."""
    names = ("text",) if node.kind == "passage" else ("title", "text", "response", "measures")
    found: list[Point] = []
    for name in names:
        text = str(getattr(node, name))
        for mark in _ENDS.finditer(text):
            at = mark.end()
            if name != "title" and mark.group() in "，,":
                continue
            if text[:at].strip() and text[at:].strip():
                found.append(Point(name, at, text[max(0, at - 14) : at].strip(), text[at : at + 18].strip()))
    return found[:MOST_POINTS]


def goals(tree: Tree, node: Node) -> list[Node]:
    """Return the nodes under which a node may be moved, its own parent among them."""
    if node.kind == "task":
        return [one for one in tree.nodes if one.kind == "problem"] or [tree.root]
    return [one for one in tree.nodes if one.kind in PARENTS[node.kind]]


def siblings(tree: Tree, node: Node) -> list[Node]:
    """Return the nodes of the same kind beside a node, without it."""
    return [
        one for one in tree.nodes if one.parent == node.parent and one.kind == node.kind and one.id != node.id
    ]


def uses(tree: Tree, node: Node) -> list[tuple[str, Node]]:
    """Return what an unmapped line may become: a text of a node near it, or a node of its own."""
    near = sorted(
        (one for one in tree.nodes if one.kind in ("finding", "problem", "task", "passage") and one.line),
        key=lambda one: abs(one.line - node.line),
    )[:6]
    found = [(use, one) for one in near for use in ASSIGN_TEXTS.get(one.kind, ())]
    found += [("problem", one) for one in near if one.kind == "finding"]
    found += [(use, tree.root) for use in ASSIGN_NODES if tree.root.kind in PARENTS[use]]
    return [*found, ("none", tree.root)]
