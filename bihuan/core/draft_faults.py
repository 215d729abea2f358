"""What stands against registering a draft, all at once: Tree ─faults→ TreeFault …; and the counts beside
the declared ones.

`error` blocks registration, `warning` asks a person to look, `note` only says. Each names its node, where
it is put right.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from bihuan.core.draft_words import folded
from bihuan.core.drafting import Node, Tree
from bihuan.core.findings import CATEGORIES, END_STATES, STATES
from bihuan.core.source import NO_PARAMS, Params

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class TreeFault:
    """One fault of a draft. `code` names the sentence in documents.po, `node` where it is put right."""

    code: str
    node: str
    severity: Severity
    params: Params = field(default_factory=lambda: NO_PARAMS)


@dataclass(frozen=True, slots=True)
class Count:
    """One row of the comparison: what the text declares, what stands in the draft (None: not to be listed),
    and why."""

    key: str
    declared: int | None
    listed: int | None
    code: str
    params: Params = field(default_factory=lambda: NO_PARAMS)

    @property
    def differs(self) -> bool:
        """Return whether both numbers are known and are not the same."""
        return self.declared is not None and self.listed is not None and self.declared != self.listed


#: How long the register's fields are, by node kind and text or fact.
LIMITS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "inspection": {
            "title": 200,
            "team": 200,
            "authority": 200,
            "subject": 200,
            "notice_title": 300,
            "signed_by": 200,
            "phone": 100,
            "post": 200,
            "email": 200,
        },
        "aspect": {"title": 300},
        "finding": {"number": 20},
        "problem": {"number": 20, "state": 40},
        "task": {"number": 20, "leader": 60, "unit": 200, "joint": 2_000},
        "passage": {"part": 20},
        "institution": {"title": 300, "document_number": 60},
    }
)
DATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "inspection": ("starts_on", "ends_on", "feedback_on", "signed_on", "published_on", "as_of"),
        "task": ("due_on",),
        "institution": ("issued_on",),
        "declared": ("as_of",),
    }
)
ENDS_SUM = ("completed", "basically_completed", "long_term")
COUNT_KEYS = (
    "aspects",
    "problems",
    "specific_problems",
    "tasks",
    "measures",
    "completed",
    "basically_completed",
    "in_progress",
    "long_term",
    "not_completed",
    "policies",
)


def faults(tree: Tree) -> list[TreeFault]:
    """Return all faults of a draft, the blocking ones first, each kind in the order of the document."""
    nodes = tree.registered()
    found = [*_of_inspection(tree, nodes), *_numbers(nodes), *_of_nodes(tree, nodes), *_loose(tree)]
    order = {"error": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda fault: order[fault.severity])


def blocks(found: Iterable[TreeFault]) -> bool:
    """Return whether any of the faults stands against registration."""
    return any(fault.severity == "error" for fault in found)


def day_of(text: str) -> date | None:
    """Return the day that ISO text names; None for a month alone and for what is no date.

    >>> day_of("2026-13-05"), day_of("2026-10-15")
    (None, datetime.date(2026, 10, 15))
    """
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def is_date(text: str) -> bool:
    """Return whether ISO text names a day, a month or a year that exists."""
    if len(text) == 10:
        return day_of(text) is not None
    parts = text.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > 2 or len(parts[0]) != 4:
        return False
    return len(parts) == 1 or (len(parts[1]) == 2 and 1 <= int(parts[1]) <= 12)


def _of_inspection(tree: Tree, nodes: list[Node]) -> Iterator[TreeFault]:
    root = tree.root
    if tree.mode == "tasks":
        if not any(node.kind == "task" for node in nodes):
            yield TreeFault("documents.fault-no-tasks", root.id, "error")
        return
    if not root.title.strip():
        yield TreeFault("documents.fault-inspection-title", root.id, "error")
    if not root.fact("kind"):
        yield TreeFault("documents.fault-inspection-kind", root.id, "error")
    if not any(node.kind in ("finding", "problem") for node in nodes):
        yield TreeFault("documents.fault-no-problems", root.id, "error")
    if not root.fact("feedback_on"):
        yield TreeFault("documents.fault-no-feedback-day", root.id, "warning")
    for before, after in (
        ("starts_on", "ends_on"),
        ("ends_on", "feedback_on"),
        ("feedback_on", "signed_on"),
        ("signed_on", "published_on"),
    ):
        first, second = root.fact(before), root.fact(after)
        if first and second and is_date(first) and is_date(second) and second < first[: len(second)]:
            told: Params = {"before": before, "first": first, "after": after, "second": second}
            yield TreeFault("documents.fault-date-order", root.id, "warning", told)


def _numbers(nodes: list[Node]) -> Iterator[TreeFault]:
    for kind in ("finding", "problem", "task"):
        of_kind = [node for node in nodes if node.kind == kind]
        counted = Counter(node.number.strip() for node in of_kind)
        for node in of_kind:
            number = node.number.strip()
            if not number:
                yield TreeFault("documents.fault-number-missing", node.id, "error", {"title": _short(node)})
            elif counted[number] > 1:
                told: Params = {"number": number, "times": counted[number]}
                yield TreeFault("documents.fault-number-doubled", node.id, "error", told)


def _of_nodes(tree: Tree, nodes: list[Node]) -> Iterator[TreeFault]:
    with_children = {node.parent for node in nodes}
    titles: dict[str, str] = {}
    for node in nodes:
        if node.kind in ("aspect", "finding", "problem", "task", "institution") and not node.title.strip():
            yield TreeFault(
                "documents.fault-title-empty", node.id, "error", {"number": node.number, "line": node.line}
            )
        for name, most in LIMITS.get(node.kind, {}).items():
            value = str(getattr(node, name)) if name in ("number", "title") else node.fact(name)
            if len(value) > most:
                yield TreeFault(
                    "documents.fault-too-long",
                    node.id,
                    "error",
                    {"field": name, "most": most, "has": len(value)},
                )
        for name in DATES.get(node.kind, ()):
            if (text := node.fact(name)) and not is_date(text):
                yield TreeFault(
                    "documents.fault-date-impossible",
                    node.id,
                    "error",
                    {"field": name, "text": text, "number": node.number},
                )
        if node.kind == "finding" and node.id not in with_children:
            yield TreeFault("documents.fault-finding-empty", node.id, "warning", {"number": node.number})
        if (
            node.kind == "problem"
            and (same := titles.setdefault(folded(node.title), node.number)) != node.number
            and node.title
        ):
            yield TreeFault(
                "documents.fault-title-doubled", node.id, "warning", {"number": node.number, "other": same}
            )
        if node.kind == "task":
            yield from _of_task(tree, node)


def _of_task(tree: Tree, node: Node) -> Iterator[TreeFault]:
    named: dict[str, str | int | float | None] = {"number": node.number, "line": node.line}
    if node.parent == tree.root.id and not node.fact("problem_id"):
        yield TreeFault(
            "documents.fault-task-without-problem",
            node.id,
            "error",
            {**named, "problem": node.fact("problem_title")},
        )
    if node.fact("matched") == "number-only":
        yield TreeFault(
            "documents.fault-task-title-differs",
            node.id,
            "warning",
            {**named, "problem": node.fact("problem_title")},
        )
    due, feedback = node.fact("due_on"), tree.root.fact("feedback_on")
    if due and day_of(due) is None and is_date(due):
        yield TreeFault("documents.fault-due-no-day", node.id, "error", {**named, "text": due})
    if day_of(due) and day_of(feedback) and due < feedback:
        yield TreeFault(
            "documents.fault-due-before-feedback",
            node.id,
            "error",
            {**named, "due": due, "feedback": feedback},
        )
    if node.fact("category") and node.fact("category") not in CATEGORIES:
        yield TreeFault(
            "documents.fault-category-unknown", node.id, "warning", {**named, "text": node.fact("category")}
        )
    if node.fact("state") and node.fact("state") not in STATES:
        yield TreeFault(
            "documents.fault-state-unknown", node.id, "error", {**named, "text": node.fact("state")}
        )
    if not node.fact("unit"):
        yield TreeFault("documents.fault-task-without-unit", node.id, "note", named)
    if not due:
        yield TreeFault("documents.fault-task-without-due", node.id, "note", named)


def _loose(tree: Tree) -> Iterator[TreeFault]:
    for node in tree.of_kind("unmapped"):
        if not node.fact("chrome"):
            yield TreeFault("documents.fault-unmapped", node.id, "note", {"line": node.line})


def _short(node: Node) -> str:
    return node.title[:20]


def counts(tree: Tree) -> list[Count]:
    """Return the declared figures beside what the draft lists, in the order of the tally; only keys that
    are declared
    or listed. Nothing is made up to bring the two together."""
    nodes = tree.registered()
    declared = {node.fact("key"): int(node.fact("value")) for node in nodes if node.kind == "declared"}
    kinds: Counter[str] = Counter(node.kind for node in nodes)
    states = Counter(node.fact("state") for node in nodes if node.kind == "task")
    listed: dict[str, int | None] = {
        "aspects": kinds["aspect"],
        "problems": kinds["problem"],
        "tasks": kinds["task"],
        "policies": kinds["institution"],
        **{
            key: states[key] if kinds["task"] and key in STATES else None
            for key in (*END_STATES, "not_completed", "in_progress")
        },
    }
    if "specific_problems" in declared:
        listed |= {"problems": kinds["finding"], "specific_problems": kinds["problem"]}
    found = []
    for key in COUNT_KEYS:
        told, there = declared.get(key), listed.get(key)
        if told is not None or there:
            code, params = _explained(key, told, there, declared=declared, kinds=kinds)
            found.append(Count(key, told, there, code, params))
    return found


def _explained(
    key: str, told: int | None, there: int | None, *, declared: Mapping[str, int], kinds: Mapping[str, int]
) -> tuple[str, Params]:
    """Return the sentence that says how the two numbers stand to each other."""
    if told is None:
        return "documents.count-not-declared", NO_PARAMS
    if key == "tasks" and there == 0:
        parts = [declared[one] for one in ENDS_SUM if one in declared]
        if parts and sum(parts) == told:
            return "documents.count-tasks-total-sums", {"sum": "+".join(map(str, parts)), "total": told}
        return "documents.count-tasks-total", NO_PARAMS
    if there is None:
        return "documents.count-only-declared", NO_PARAMS
    if there == told:
        return "documents.count-same", NO_PARAMS
    if key == "problems":
        return "documents.count-problems-differ", {
            "findings": kinds["finding"],
            "problems": kinds["problem"],
            "declared": told,
        }
    if key == "aspects" and there == 0:
        return "documents.count-aspects-none", {"declared": told}
    if key == "policies":
        return "documents.count-policies-differ", {"listed": there}
    return "documents.count-differs", NO_PARAMS
