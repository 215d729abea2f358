"""Words of drafts for their templates: codes made of a beginning and what was read, and the short line under a node."""

import re
from collections.abc import Mapping
from typing import Any

from django import template

from bihuan.core.drafting import Node
from bihuan.core.paper import chinese_date
from bihuan.web.catalogue import say
from bihuan.web.edge import language

register = template.Library()

DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2})?")
LISTED = ("aspect", "finding", "problem", "task", "institution", "declared")


def told(code: str, **params: Any) -> str:
    """Return the words of a code in the language of the page."""
    return say(code, {name: str(value) for name, value in params.items()}, lang=language())


@register.simple_tag
def say_of(code: str, what: str, **params: Any) -> str:
    """Return the words of ``code-what``, or `what` itself where there are none (a plan's own word)."""
    full = f"{code}-{what}"
    words = told(full, **params)
    return what if words == full else words


@register.simple_tag
def fault_words(fault: Any) -> str:
    """Return the sentence of a fault or of a comparison; names of fields and dates come in words."""
    params = dict(fault.params)
    for name in ("field", "before", "after"):
        if name in params:
            params[name] = say_of("documents.field", str(params[name]))
    return told(fault.code, **params)


@register.filter
def fact(node: Node, name: str) -> str:
    """Return a fact of a node."""
    return node.fact(name)


@register.simple_tag
def part_words(node: Node) -> str:
    """Return the words of the part that a passage belongs to."""
    return say_of("documents.part", node.fact("part"))


@register.simple_tag
def summed(listed: Mapping[str, int]) -> str:
    """Return the kinds of rows with their numbers: 10个反馈问题，32个具体问题."""
    parts = [told(f"documents.sum-{kind}", count=listed[kind]) for kind in LISTED if listed.get(kind)]
    return told("documents.comma").join(parts)


@register.simple_tag
def will_make(listed: Mapping[str, int], choice: str, units: int = 0) -> str:
    """Return what registering would do."""
    if choice == "skip" and not listed:
        return told("documents.will-skip")
    more = told("documents.comma") + told("documents.sum-unit", count=units) if units else ""
    words = summed(listed) + more
    code = "documents.will-update" if choice == "update" else "documents.will-make"
    return told(code, what=words) if words else told("documents.will-change")


@register.simple_tag
def task_words(node: Node, problems: Mapping[str, str]) -> str:
    """Return unit, day and problem of a task in one line."""
    found = [node.fact("unit"), node.fact("leader"), node.fact("due_on")]
    problem = problems.get(node.fact("problem_id"), "")
    if problem:
        found.append(told(f"documents.matched-{node.fact('matched') or 'person'}", problem=problem))
    elif node.fact("problem_title"):
        found.append(told("documents.matched-none", problem=node.fact("problem_title")))
    return told("documents.space").join(part for part in found if part)


@register.simple_tag
def inspection_words(node: Node) -> str:
    """Return subject, period and day of feedback in one line."""
    facts = [node.fact("subject"), _printed(node.fact("feedback_on"))]
    if node.fact("starts_on"):
        first, last = _printed(node.fact("starts_on")), _printed(node.fact("ends_on"))
        facts.insert(1, told("documents.period", first=first, last=last))
    return told("documents.space").join(part for part in facts if part)


def _printed(day: str) -> str:
    """Return a date of the draft as people write it; what is no date stays as it was typed."""
    return chinese_date(day) if DATE.fullmatch(day) and language() != "en" else day


@register.simple_tag
def use_words(use: str, goal: Node) -> str:
    """Return what an unmapped line would become."""
    if use == "none":
        return told("documents.use-none")
    if goal.kind == "inspection":
        return told("documents.use-new", kind=told(f"documents.kind-{use}"))
    if use == goal.kind or use in ("problem",) and goal.kind == "finding":
        return told(
            "documents.use-below",
            kind=told(f"documents.kind-{use}"),
            title=f"{goal.number} {goal.title[:20]}",
        )
    name = goal.title or goal.text
    return told(
        "documents.use-text", field=told(f"documents.field-{use}"), title=f"{goal.number} {name[:20]}".strip()
    )
