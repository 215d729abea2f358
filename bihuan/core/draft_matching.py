"""A plan's rows and the register's problems: Tree of tasks + known problems ─matched→ Tree whose tasks name
their problem.

By number first (and then the titles are compared, for a number alone may mislead), by folded title else. A
row that
matches nothing stays as it is: a person decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bihuan.core.draft_words import folded
from bihuan.core.drafting import Node, Tree


@dataclass(frozen=True, slots=True)
class Known:
    """A problem of the register."""

    id: int
    number: str
    title: str


def matched(tree: Tree, problems: Sequence[Known]) -> Tree:
    """Return the tree with `problem_id` and `matched` (both, number-only, title, person) set on every task.

    What a person has chosen stays as long as that problem is among `problems`.
    """
    by_number = {problem.number: problem for problem in problems}
    by_title = _once(problems)
    ids = {str(problem.id) for problem in problems}
    nodes = tuple(
        _matched(node, by_number, by_title, ids)
        if node.kind == "task" and node.parent == tree.root.id
        else node
        for node in tree.nodes
    )
    return replace(tree, nodes=nodes)


def _once(problems: Iterable[Known]) -> dict[str, Known]:
    """Return problems by folded title, without the titles that stand twice."""
    found: dict[str, Known | None] = {}
    for problem in problems:
        key = folded(problem.title)
        found[key] = None if key in found else problem
    return {key: problem for key, problem in found.items() if problem is not None and key}


def _matched(node: Node, by_number: dict[str, Known], by_title: dict[str, Known], ids: set[str]) -> Node:
    if node.fact("matched") == "person" and node.fact("problem_id") in ids:
        return node
    title = folded(node.fact("problem_title"))
    numbered, titled = by_number.get(node.fact("problem_number")), by_title.get(title)
    if numbered is not None:
        same = not title or folded(numbered.title) == title
        found, how = numbered, "both" if same else "number-only"
    elif titled is not None:
        found, how = titled, "title"
    else:
        return node.with_facts({"problem_id": "", "matched": ""})
    return node.with_facts({"problem_id": str(found.id), "matched": how})
