"""The states of a task, who may follow whom, and how the state of a problem follows from its tasks.

This file is the one place where states are named; models store their text. End states are reached by closure only
(claim → sign → verify → close); an archive takes them over as its notice declared them.

>>> may_follow("todo", "doing")
True
>>> may_follow("doing", "completed")
False
>>> derived(["completed", "doing"])
'doing'
"""

from collections.abc import Collection
from types import MappingProxyType

TODO, DOING, WAITING = "todo", "doing", "waiting"
COMPLETED, BASIC, LONG_TERM, NOT_COMPLETED = "completed", "basically_completed", "long_term", "not_completed"

STATES = (TODO, DOING, WAITING, COMPLETED, BASIC, LONG_TERM, NOT_COMPLETED)
OPEN_STATES = (TODO, DOING, WAITING)
END_STATES = (COMPLETED, BASIC, LONG_TERM)

#: What a person of the office may set by hand; every other step is a signed step of closure.
BY_HAND = MappingProxyType({TODO: (DOING, WAITING), DOING: (TODO, WAITING), WAITING: (TODO, DOING)})

CATEGORIES = ("at_once", "staged", "continuous")


def may_follow(state: str, following: str) -> bool:
    """Return whether a person may set `following` by hand on a task in `state`."""
    return following in BY_HAND.get(state, ())


def derived(states: Collection[str]) -> str:
    """Return the state of a problem (finding, inspection) from the states of its tasks.

    All ended: the weakest end (long-term before basically completed before completed). Otherwise in progress as soon as
    anything has begun. Without tasks: not begun.
    """
    if not states:
        return TODO
    present = set(states)
    if present <= {TODO}:
        return TODO
    if present <= set(END_STATES):
        return LONG_TERM if LONG_TERM in present else BASIC if BASIC in present else COMPLETED
    return DOING
