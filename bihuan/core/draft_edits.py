"""What a person may change in a draft: Tree + Edit ─apply→ another Tree, or a refusal with its code.

An edit is words only, so that a form, the API and a test say it the same way: a verb, the node's id, and
values as text.
No edit loses or doubles a source line.

>>> tree = Tree("live", "feedback", (Node("n1", "inspection"), Node("n2", "finding", "n1", "一", "甲")), 3)
>>> apply(tree, Edit("change", "n2", {"title": "乙"})).nodes[1].title
'乙'
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import cast

from bihuan.core.draft_words import chinese_number, folded
from bihuan.core.drafting import FACTS, MODES, PARENTS, Kind, Mode, Node, Tree
from bihuan.core.refusal import Refused

TEXTS = ("number", "title", "text", "response", "measures")
#: Facts that nobody edits, and those that are whole numbers.
FIXED = ("key",)
WHOLE_NUMBERS = ("value", "problem_id")
MAY_BE_EMPTY = ("problem_id",)
LONGEST = 20_000
MOST_EDITS = 2_000


class EditRefused(Refused):
    """An edit of a draft cannot be done; the draft is as it was."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: `verb` is a key of VERBS, `node` the id it is about, `values` what the verb needs."""

    verb: str
    node: str
    values: Mapping[str, str] = field(default_factory=dict)


def apply(tree: Tree, edit: Edit) -> Tree:
    """Return the tree with the edit done.

    :raises EditRefused: with a code of documents.po that says why not.
    """
    verb = VERBS.get(edit.verb)
    if verb is None:
        raise EditRefused("documents.edit-unknown", verb=edit.verb)
    return verb(tree, _node(tree, edit.node), edit.values)


def apply_all(tree: Tree, edits: Iterable[Edit]) -> Tree:
    """Return the tree with all the edits done in order; one that is refused refuses them all.

    :raises EditRefused: see `apply`.
    """
    for at, edit in enumerate(edits):
        if at >= MOST_EDITS:
            raise EditRefused("documents.edit-too-many", most=MOST_EDITS)
        tree = apply(tree, edit)
    return tree


def _node(tree: Tree, node_id: str) -> Node:
    node = tree.find(node_id)
    if node is None:
        raise EditRefused("documents.edit-node-gone")
    return node


def _put(tree: Tree, *changed: Node, without: str = "") -> Tree:
    """Return the tree with these nodes in place of those of the same id."""
    by_id = {node.id: node for node in changed}
    return replace(tree, nodes=tuple(by_id.get(node.id, node) for node in tree.nodes if node.id != without))


def _change(tree: Tree, node: Node, values: Mapping[str, str]) -> Tree:
    """Set texts and facts; what is not named stays."""
    texts = {name: _clean(name, value) for name, value in values.items() if name in TEXTS}
    facts = {name: _clean(name, value) for name, value in values.items() if name not in TEXTS}
    for name, value in facts.items():
        if name not in FACTS.get(node.kind, ()) or name in FIXED:
            raise EditRefused("documents.edit-unknown-field", field=name)
        if name in WHOLE_NUMBERS and (value or name not in MAY_BE_EMPTY):
            _whole(value)
    return _put(tree, replace(node, **texts).with_facts(facts))  # type: ignore[arg-type]


def _clean(name: str, value: str) -> str:
    if len(value) > LONGEST:
        raise EditRefused("documents.edit-too-long", field=name, most=LONGEST)
    if any(ord(one) < 32 and one not in "\n\r\t" for one in value):
        raise EditRefused("documents.edit-control-characters", field=name)
    return value.replace("\r\n", "\n").strip()


def _split(tree: Tree, node: Node, values: Mapping[str, str]) -> Tree:
    """Part a node in two at a character of one of its texts (`field`, `at`), or from one of its lines on
    (`line`).

    What stands after the place goes to the new node, which follows; its children stay with the first.
    """
    if node.kind in ("inspection", "declared", "unmapped"):
        raise EditRefused("documents.edit-split-kind")
    name, at = values.get("field", "title"), _number(values.get("at", "0"))
    if name not in ("title", "text", "response", "measures"):
        raise EditRefused("documents.edit-unknown-field", field=name)
    whole = cast(str, getattr(node, name))
    head, tail = whole[:at].rstrip(), whole[at:].lstrip()
    if not head or not tail:
        raise EditRefused("documents.edit-split-nothing")
    cut = _number(values["line"]) if values.get("line") else 0
    stay = tuple(line for line in node.lines if not cut or line < cut)
    going = tuple(line for line in node.lines if cut and line >= cut)
    fresh = replace(
        _second(node, name, tail),
        id=f"n{tree.next_number}",
        number="",
        lines=going,
        line=going[0] if going else node.line,
    )
    first = replace(node, lines=stay, **{name: head}, **{later: "" for later in _after(node, name)})  # type: ignore[arg-type]
    nodes: list[Node] = []
    for one in tree.nodes:
        nodes.extend((first, fresh) if one.id == node.id else (one,))
    return replace(tree, nodes=tuple(nodes), next_number=tree.next_number + 1)


def _after(node: Node, name: str) -> tuple[str, ...]:
    """Return the texts that follow `name` in the document and so go along when a node is split there."""
    order = ("title", "measures") if node.kind == "task" else ("title", "text", "response")
    return order[order.index(name) + 1 :] if name in order else ()


def _second(node: Node, name: str, tail: str) -> Node:
    """Return the second half: a new title out of what stands after the place, and the texts that follow."""
    going = {later: getattr(node, later) for later in _after(node, name)}
    if node.kind == "passage":
        return replace(node, text=tail)
    if name in ("title", "text"):
        title, rest = _first_sentence(tail)
        text = f"{rest}\n{going.get('text', '')}".strip() if name == "title" else rest
        return replace(node, **{**going, "title": title, "text": text})
    return replace(node, **{"text": "", **going, "title": node.title, name: tail})


def _first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence without its mark, and the rest."""
    ends = [at for mark in "。；;\n" if (at := text.find(mark)) > 0]
    if not ends:
        return text, ""
    end = min(ends)
    return text[:end].strip(), text[end + 1 :].strip()


def with_line(tree: Tree, edit: Edit, texts: Mapping[int, str]) -> Edit:
    """Return a split with the source line at which its second half begins, where that can be told from `texts`.

    So the lines go along with their words; a split in the middle of a line leaves that line with the first half.
    """
    node = tree.find(edit.node)
    if (
        edit.verb != "split"
        or node is None
        or edit.values.get("line")
        or not edit.values.get("at", "").isdecimal()
    ):
        return edit
    whole = str(getattr(node, edit.values.get("field", ""), ""))
    tail = folded(whole[int(edit.values["at"]) :])
    for line in node.lines[1:]:
        text = folded(texts.get(line, ""))
        if text and tail and (tail.startswith(text) or text.startswith(tail)):
            return replace(edit, values={**edit.values, "line": str(line)})
    return edit


def _merge(tree: Tree, node: Node, values: Mapping[str, str]) -> Tree:
    """Join a node to the sibling of its kind before it, which keeps its number and title and takes the
    lines and children."""
    before = [one for one in tree.nodes if one.parent == node.parent and one.kind == node.kind]
    at = next((at for at, one in enumerate(before) if one.id == node.id), 0)
    if at == 0 or node.kind in ("inspection", "declared"):
        raise EditRefused("documents.edit-merge-first")
    into = before[at - 1]
    moved = "" if node.title == into.title else node.title
    joined = replace(
        into,
        text=_joined(into.text, moved, node.text),
        response=_joined(into.response, node.response),
        measures=_joined(into.measures, node.measures),
        lines=tuple(sorted(into.lines + node.lines)),
        response_line=into.response_line or node.response_line,
    )
    children = [replace(one, parent=into.id) for one in tree.nodes if one.parent == node.id]
    return _put(tree, joined, *children, without=node.id)


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _move(tree: Tree, node: Node, values: Mapping[str, str]) -> Tree:
    """Put a node (and all below it) under `to`, before its child `before` or last."""
    to = _node(tree, values.get("to", ""))
    if to.kind not in PARENTS[node.kind]:
        raise EditRefused("documents.edit-move-kind")
    if to.id == node.id or node.id in _line_up(tree, to):
        raise EditRefused("documents.edit-move-below-itself")
    moved = replace(node, parent=to.id)
    rest = [one for one in tree.nodes if one.id != node.id]
    before = values.get("before", "")
    at = next((at for at, one in enumerate(rest) if one.id == before and one.parent == to.id), len(rest))
    return replace(tree, nodes=(*rest[:at], moved, *rest[at:]))


def _line_up(tree: Tree, node: Node) -> set[str]:
    """Return the ids of the node and of all above it."""
    parents = {one.id: one.parent for one in tree.nodes}
    found, here = {node.id}, node.parent
    while here:
        found.add(here)
        here = parents[here]
    return found


def _renumber(tree: Tree, node: Node, values: Mapping[str, str]) -> Tree:
    """Give the node a number; without one, number all findings, problems and tasks below it in order.

    Findings in Chinese words, problems counted through, tasks as problem-task.
    """
    if values.get("number", "").strip():
        return _change(tree, node, {"number": values["number"]})
    below = _below(tree, node)
    counts = {"finding": 0, "problem": 0}
    changed: dict[str, Node] = {}
    tasks: dict[str, int] = {}
    for one, _ in tree.walk():
        if one.kind in counts:
            counts[one.kind] += not one.skip
            number = chinese_number(counts["finding"]) if one.kind == "finding" else str(counts["problem"])
        elif one.kind == "task":
            tasks[one.parent] = tasks.get(one.parent, 0) + (not one.skip)
            above = changed.get(one.parent) or tree.find(one.parent)
            head = (
                above.number if above is not None and above.kind == "problem" else one.fact("problem_number")
            )
            number = f"{head}-{tasks[one.parent]}" if head else str(tasks[one.parent])
        else:
            continue
        if one.id in below and not one.skip:
            changed[one.id] = replace(one, number=number)
    return _put(tree, *changed.values())


def _below(tree: Tree, node: Node) -> set[str]:
    """Return the ids of the node and of all below it."""
    children = tree.children()
    found, stack = set(), [node.id]
    while stack:
        here = stack.pop()
        found.add(here)
        stack.extend(child.id for child in children[here])
    return found


def _skip(tree: Tree, node: Node, values: Mapping[str, str]) -> Tree:
    if node.kind in ("inspection", "unmapped"):
        raise EditRefused("documents.edit-skip-kind")
    return _put(tree, replace(node, skip=True))


def _unskip(tree: Tree, node: Node, values: Mapping[str, str]) -> Tree:
    return _put(tree, replace(node, skip=False))


#: What an unmapped line may become: a text of a node, or a node of its own below one of these kinds.
ASSIGN_TEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "finding": ("text",),
        "problem": ("text", "response"),
        "task": ("measures",),
        "passage": ("text",),
        "inspection": ("none",),
    }
)
ASSIGN_NODES: Mapping[str, str] = MappingProxyType(
    {"finding": "title", "problem": "title", "task": "title", "aspect": "title", "passage": "text"}
)


def _assign(tree: Tree, node: Node, values: Mapping[str, str]) -> Tree:
    """Give an unmapped line to a node as one of its texts (`as`), or make it a node of that kind below the
    node `to`."""
    if node.kind != "unmapped":
        raise EditRefused("documents.edit-assign-mapped")
    to, use = _node(tree, values.get("to", "")), values.get("as", "")
    if use in ASSIGN_TEXTS.get(to.kind, ()):
        taking = replace(to, lines=tuple(sorted(to.lines + node.lines)))
        if use == "response":
            taking = replace(taking, response_line=to.response_line or node.line)
        if use != "none":
            taking = replace(taking, **{use: _joined(getattr(to, use), node.text)})  # type: ignore[arg-type]
        return _put(tree, taking, without=node.id)
    if use not in ASSIGN_NODES or to.kind not in PARENTS[use]:
        raise EditRefused("documents.edit-assign-kind")
    bare = replace(node, kind=cast(Kind, use), parent=to.id, facts=(), text="")
    made = replace(bare, **{ASSIGN_NODES[use]: node.text.strip()})  # type: ignore[arg-type]
    if use == "passage":
        made = made.with_facts({"part": values.get("part") or "organisation"})
    rest = [one for one in tree.nodes if one.id != node.id]
    at = next((at for at, one in enumerate(rest) if one.kind == use and one.line > node.line), len(rest))
    return replace(tree, nodes=(*rest[:at], made, *rest[at:]))


def _mode(tree: Tree, node: Node, values: Mapping[str, str]) -> Tree:
    """Say what the document is taken in as: live, archive or tasks."""
    mode = values.get("mode", "")
    if mode not in MODES:
        raise EditRefused("documents.edit-mode")
    if (mode == "tasks") != (tree.mode == "tasks"):
        raise EditRefused("documents.edit-mode-reads-anew")
    return replace(tree, mode=cast(Mode, mode))


def _whole(value: str) -> None:
    """Let a whole number pass that a database keeps.

    :raises EditRefused: for anything else.
    """
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise EditRefused("documents.edit-not-a-number", text=value[:40])


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise EditRefused("documents.edit-not-a-number", text=text[:40]) from None


Verb = Callable[[Tree, Node, Mapping[str, str]], Tree]
VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "change": _change,
        "split": _split,
        "merge": _merge,
        "move": _move,
        "renumber": _renumber,
        "skip": _skip,
        "unskip": _unskip,
        "assign": _assign,
        "mode": _mode,
    }
)
