"""What a plan says, what it still lacks, how two versions differ: rows ─items→ content ─gaps, difference→ for people.

A plan goes draft → opinions → review → approved (`MOVES`); once approved it is locked, and a change is asked for
and decided by the approver of its rank (`plan_changes`).

>>> old = (Item("task:1", {"title": "逐户发放样表"}),)
>>> new = (Item("task:1", {"title": "逐户发放台账样表"}), Item("task:2", {"title": "抽查"}))
>>> apply(difference(old, new), old) == new
True
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bihuan.core.source import NO_PARAMS, Params

DRAFT, OPINIONS, REVIEW, APPROVED = "draft", "opinions", "review", "approved"
SUPERSEDED, WITHDRAWN = "superseded", "withdrawn"
STATES = (DRAFT, OPINIONS, REVIEW, APPROVED, SUPERSEDED, WITHDRAWN)
OPEN = (DRAFT, OPINIONS, REVIEW)

#: Where a version may go from where it is; the units are heard before the outside bodies, these before approval.
MOVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        DRAFT: (OPINIONS, WITHDRAWN),
        OPINIONS: (OPINIONS, REVIEW, WITHDRAWN),
        REVIEW: (OPINIONS, REVIEW, APPROVED, WITHDRAWN),
        APPROVED: (SUPERSEDED,),
        SUPERSEDED: (),
        WITHDRAWN: (),
    }
)
ADOPTED, DECLINED = "adopted", "declined"
ANSWERS = (ADOPTED, DECLINED)
PROCESS, RESULT = "process", "result"
PROVES = (PROCESS, RESULT)

#: Tokens that a marked difference keeps whole: days, figures, Latin words; a Chinese text differs by characters.
_TOKEN = re.compile(r"\d{4}-\d\d-\d\d|\d{4}年\d+月(?:\d+日)?|[0-9A-Za-z.%]+|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]?")
MOST_TOKENS = 4000


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a plan: `key` is ``problem:12``; `fields` hold texts, numbers, truths, lists of these, never None."""

    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return what the item is: finding, problem or task."""
        return self.key.partition(":")[0]

    @property
    def pk(self) -> int:
        """Return the number of its row."""
        return int(self.key.partition(":")[2])


Content = tuple[Item, ...]


def frozen(content: Content) -> str:
    """Return the content as canonical JSON: the same content is the same text."""
    rows = [{"key": item.key, "fields": dict(item.fields)} for item in content]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thawed(text: str) -> Content:
    """Return the content that `frozen` wrote; nothing for an empty text."""
    return tuple(Item(row["key"], row["fields"]) for row in json.loads(text or "[]"))


def digest(text: str) -> str:
    """Return the SHA-256 of a frozen content, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """How one content became another. `changed`: key → field → (old, new), None where there was or is no such field."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: Mapping[str, Mapping[str, tuple[Any, Any]]]
    order: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether anything differs but the order."""
        return bool(self.added or self.removed or self.changed)


def difference(old: Content, new: Content) -> Difference:
    """Return how `old` became `new`, by item and field."""
    before, after = {item.key: item for item in old}, {item.key: item for item in new}
    changed = {}
    for key in before.keys() & after.keys():
        a, b = before[key].fields, after[key].fields
        fields = {
            name: (a.get(name), b.get(name)) for name in a.keys() | b.keys() if a.get(name) != b.get(name)
        }
        if fields:
            changed[key] = dict(sorted(fields.items()))
    return Difference(
        added=tuple(item for item in new if item.key not in before),
        removed=tuple(item for item in old if item.key not in after),
        changed={key: changed[key] for key in after if key in changed},
        order=tuple(after),
    )


def apply(made: Difference, old: Content) -> Content:
    """Return what `old` became by this difference."""
    items = {item.key: item for item in (*old, *made.added)}
    for key, fields in made.changed.items():
        now = {**items[key].fields, **{name: new for name, (_old, new) in fields.items()}}
        items[key] = Item(key, {name: value for name, value in now.items() if value is not None})
    return tuple(items[key] for key in made.order)


def marked(old: str, new: str) -> list[tuple[str, str]]:
    """Return both texts as parts: ``same``, ``del`` (of `old` only) and ``ins`` (of `new` only).

    >>> marked("9月30日前完成", "12月30日前完成")
    [('del', '9'), ('ins', '12'), ('same', '月30日前完成')]
    """
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(a), len(b)) > MOST_TOKENS:
        a, b = (
            [part for part in _SENTENCE.findall(old) if part],
            [part for part in _SENTENCE.findall(new) if part],
        )
    parts: list[tuple[str, str]] = []
    for verb, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if verb == "equal":
            parts.append(("same", "".join(a[a1:a2])))
            continue
        parts += [("del", "".join(a[a1:a2]))] if a2 > a1 else []
        parts += [("ins", "".join(b[b1:b2]))] if b2 > b1 else []
    return parts


@dataclass(frozen=True, slots=True)
class Gap:
    """What a plan lacks before it can be approved: a code of the catalogue, at which item (empty: the whole plan)."""

    code: str
    key: str = ""
    params: Params = field(default_factory=lambda: NO_PARAMS)


#: What a task must have, in the order of the form; the code is plan.gap-<name>.
NEEDED = ("unit_id", "leader", "category", "due_on", "measures")


def gaps(content: Content, *, unanswered: int = 0, feedback_on: str = "") -> list[Gap]:
    """Return everything that the plan lacks, in the order of its items; `unanswered` counts opinions."""
    found: list[Gap] = []
    below: dict[str, int] = {}
    for item in content:
        below[item.fields.get("above", "")] = below.get(item.fields.get("above", ""), 0) + 1
    worked_on = {item.fields.get("finding", "") for item in content if item.kind == "task"}
    if not any(item.kind == "problem" for item in content):
        found.append(Gap("plan.gap-empty"))
    for item in content:
        number = {"number": str(item.fields.get("number", ""))}
        if item.kind == "finding" and item.key not in worked_on:
            found.append(Gap("plan.gap-finding", item.key, number))
        elif item.kind == "problem":
            if not below.get(item.key):
                found.append(Gap("plan.gap-problem", item.key, number))
            if not str(item.fields.get("cause", "")).strip():
                found.append(Gap("plan.gap-cause", item.key, number))
        elif item.kind == "task":
            found += [Gap(code, item.key, number) for code in _task_gaps(item, feedback_on)]
    if unanswered:
        found.append(Gap("plan.gap-opinions", params={"count": unanswered}))
    return found


def _task_gaps(item: Item, feedback_on: str) -> Iterable[str]:
    for name in NEEDED:
        if not item.fields.get(name):
            yield f"plan.gap-{name.removesuffix('_id').removesuffix('_on')}"
    if not any(need["proves"] == RESULT for need in item.fields.get("needs", ())):
        yield "plan.gap-result"
    due = str(item.fields.get("due_on", ""))
    early = bool(due and feedback_on) and due < feedback_on[: len(due)]
    if early and not item.fields.get("notice"):
        yield "plan.gap-notice"


def only(content: Content, units: Iterable[int]) -> Content:
    """Return the part of a plan that concerns these units: tasks they lead or join, and what stands above them."""
    wanted = frozenset(units)
    items = {item.key: item for item in content}
    kept: set[str] = set()
    for item in content:
        if item.kind == "task" and wanted & {
            item.fields.get("unit_id"),
            *item.fields.get("joint_unit_ids", ()),
        }:
            above = item.key
            while above in items and above not in kept:
                kept.add(above)
                above = str(items[above].fields.get("above", ""))
    return tuple(item for item in content if item.key in kept)


def lines(value: Any) -> str:
    """Return the value of a field as text, one line an entry, as a difference shows it.

    >>> lines([{"title": "样表", "due_on": "2026-09-30"}])
    '样表，2026-09-30'
    """
    if value is None or value is False:
        return ""
    if isinstance(value, Mapping):
        return "，".join(str(part) for part in value.values() if part not in ("", None, False))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(lines(one) for one in value)
    return str(value)
