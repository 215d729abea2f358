"""Words of the directory in templates: ``{% load directory %}{% role_word grant.role %}``."""

from collections.abc import Collection

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bihuan.orgs import words
from bihuan.orgs.edge import KIND_WORDS, ROLE_WORDS
from bihuan.orgs.models import Unit, User

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


@register.simple_tag
def person_link(person: User, linked: Collection[int], css: str = "") -> SafeString:
    """Return a person's name, as a link when the page of the person opens: ``{% person_link person linked %}``."""
    return _link("orgs:person", person, linked, css)


@register.simple_tag
def unit_link(unit: Unit, linked: Collection[int], css: str = "") -> SafeString:
    """Return a unit's name, as a link when the page of the unit opens."""
    return _link("orgs:unit", unit, linked, css)


def _link(address: str, row: User | Unit, linked: Collection[int], css: str) -> SafeString:
    if row.pk not in linked:
        return format_html('<span class="{}">{}</span>' if css else "{1}", css, row.name)
    url = reverse(address, args=[row.pk])
    return format_html('<a class="{}" href="{}">{}</a>', css, url, row.name)
