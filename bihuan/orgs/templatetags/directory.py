"""Words of the directory in templates: ``{% load directory %}{% role_word grant.role %}``."""

from django import template

from bihuan.orgs import words
from bihuan.orgs.edge import KIND_WORDS, ROLE_WORDS

register = template.Library()


@register.simple_tag
def kind_word(kind: str) -> str:
    """Return the word of a unit's kind."""
    return str(KIND_WORDS.get(kind, kind))


@register.simple_tag
def role_word(role: str) -> str:
    """Return the word of a role."""
    return str(ROLE_WORDS.get(role, role))


@register.simple_tag
def seat_word(seat: str) -> str:
    """Return the word of a seat in a group."""
    return dict(words.seats()).get(seat, seat)
