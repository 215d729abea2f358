"""Closure in words for a page: the five steps with their people, refusals, attempts with their returns, differences."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bihuan.core.closure import DONE, MOVES, STEPS, Case, next_step
from bihuan.core.plans import marked
from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault
from bihuan.findings.models import Closure, ClosureReturn, Reopening
from bihuan.findings.wording import day, state_word
from bihuan.orgs.edge import ROLE_WORDS
from bihuan.orgs.models import Post, User
from bihuan.web.catalogue import say
from bihuan.web.edge import language

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: What of a claim is compared with the claim before it.
COMPARED = ("end_state", "text", "left_over", "left_until", "failures", "review_on")


def say_closure(code: str, **params: str | int) -> str:
    """Return the sentence of ``closure.<code>`` in the language of the page."""
    return say(f"closure.{code}", params, lang=language())


def say_desk(code: str, **params: str | int) -> str:
    """Return the sentence of ``desk.<code>``, the words of the pages of closure, in the language of the page."""
    return say(f"desk.{code}", params, lang=language())


def tell_fault(one: FieldFault | Refused) -> str:
    """Return the sentence of a fault or refusal; days as an official writes them."""
    params = {
        name: day(date.fromisoformat(value)) if isinstance(value, str) and DAY.fullmatch(value) else value
        for name, value in one.params.items()
    }
    return say(one.code, params, lang=language())


def told_once(faults: Iterable[FieldFault | Refused]) -> list[str]:
    """Return the sentences of faults, each once."""
    return list(dict.fromkeys(tell_fault(one) for one in faults))


@dataclass(frozen=True, slots=True)
class Stop:
    """One of the five steps as the step line shows it. `css`: empty when taken, now, or next."""

    word: str
    css: str
    day: str
    name: str
    post: str
    principal: str
    via: str


def stops(closure: Closure | None, case: Case, posts: Mapping[int, Sequence[Post]]) -> list[Stop]:
    """Return the five steps of the attempt that counts: taken ones with their people, the others with their role."""
    turn = next_step(case)
    return [_stop(step, closure if case.stage else None, turn, posts) for step in STEPS]


def _stop(step: str, closure: Closure | None, turn: str | None, posts: Mapping[int, Sequence[Post]]) -> Stop:
    done = DONE[step]
    on = getattr(closure, f"{done}_on") if closure is not None else None
    person: User | None = getattr(closure, f"{done}_by") if on is not None else None
    if on is None or person is None:
        word = str(ROLE_WORDS[MOVES[step].role])
        return Stop(say_desk(f"line-{step}"), "now" if step == turn else "next", "", word, "", "", "")
    principal: User | None = getattr(closure, f"{done}_for")
    via = getattr(closure, f"{done}_via")
    return Stop(
        say_desk(f"line-{step}"),
        "",
        day(on),
        person.name,
        post_on(posts.get(person.pk, ()), on),
        say_desk("for", name=principal.name) if principal else "",
        say_desk(f"via-{via}") if via not in ("", "screen") else "",
    )


def post_on(posts: Sequence[Post], on: date) -> str:
    """Return the post that somebody held on a day, as unit and title."""
    held = [post for post in posts if post.starts_on <= on and (post.ends_on is None or post.ends_on >= on)]
    if not held:
        return ""
    unit = held[0].unit
    return f"{unit.short_name or unit.name}{held[0].title}"


def claim_told(closure: Closure) -> dict[str, Any]:
    """Return what was claimed, as a page shows it."""
    return {
        "row": closure,
        "number": closure.number,
        "state": state_word(closure.end_state),
        "left_until": day(closure.left_until),
        "review_on": day(closure.review_on),
        "claimed": day(closure.claimed_on),
        "stage": say_desk(f"stage-{closure.stage}"),
    }


def return_told(row: ClosureReturn) -> dict[str, Any]:
    """Return why a claim went back, as a page shows it."""
    failed = row.evidence.name if row.evidence else row.need.title if row.need else row.measure
    return {
        "row": row,
        "on": day(row.on),
        "who": row.by.name if row.by else "",
        "principal": say_desk("for", name=row.principal.name) if row.principal else "",
        "reason": say_closure(f"reason-{row.reason}"),
        "failed": failed,
        "measure": row.measure if failed != row.measure else "",
        "note": row.note,
        "to": say_desk(f"back-{row.to_stage}"),
    }


def reopening_told(row: Reopening) -> dict[str, Any]:
    """Return why a closed task was taken up again, as a page shows it."""
    return {
        "row": row,
        "on": day(row.on),
        "who": row.by.name if row.by else "",
        "reason": say_closure(f"reason-{row.reason}"),
    }


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing of a claim that differs from the last review: its word, and both texts in marked parts."""

    word: str
    old: Sequence[tuple[str, str]]
    new: Sequence[tuple[str, str]]


def changed_since(before: Closure, now: Closure) -> list[Changed]:
    """Return in what a claim differs from the one before it."""
    found = []
    for name in COMPARED:
        old, new = _plain(name, getattr(before, name)), _plain(name, getattr(now, name))
        if old == new:
            continue
        parts = marked(old, new)
        found.append(
            Changed(
                say_desk(f"field-{name.replace('_', '-')}"),
                [part for part in parts if part[0] != "ins"],
                [part for part in parts if part[0] != "del"],
            )
        )
    return found


def _plain(name: str, value: Any) -> str:
    if name == "end_state":
        return state_word(value)
    return day(value) if isinstance(value, date) else str(value or "")
