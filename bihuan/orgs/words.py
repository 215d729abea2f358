"""The words of groups, seats, measures and deadlines on the screen; the code words are ours."""

from bihuan.core.deadlines import MEASURES
from bihuan.core.founding import SEATS
from bihuan.orgs.actions.groups import KINDS
from bihuan.orgs.queries import shipped_groups
from bihuan.web.catalogue import say
from bihuan.web.edge import language


def dashed(code: str) -> str:
    """Return a code word as the catalogue spells it."""
    return code.replace("_", "-")


def seats() -> list[tuple[str, str]]:
    """Return every seat of a group with its word."""
    return [(seat, say(f"orgs.seat-{dashed(seat)}", lang=language())) for seat in SEATS]


def measures() -> list[tuple[str, str]]:
    """Return every measure of a term with its word."""
    return [(one, say(f"orgs.measure-{dashed(one)}", lang=language())) for one in MEASURES]


def group_kinds() -> list[tuple[str, str]]:
    """Return every kind of group with the name that a new one begins with."""
    return [(kind, shipped_groups()[kind]["name"]) for kind in KINDS]
