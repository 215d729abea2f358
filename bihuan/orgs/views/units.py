"""The tree of units on the page: the directory, one unit, and the office's steps on it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.orgs import actions, queries
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.forms import MoveForm, ReasonForm, UnitEditForm, UnitForm
from bihuan.orgs.forms.charge import offer
from bihuan.orgs.models import Unit
from bihuan.orgs.queries import directory
from bihuan.orgs.views.sheets import Sheet, sent, take
from bihuan.web.edge import actor_of, today

FORM = ("GET", "HEAD", "POST")
PER_PAGE = 100


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Show the directory: each tree in sight, two levels deep; every unit opens its own page."""
    seen = sight_of(request)
    context = {
        "trees": directory.outline(seen, today(request)),
        "counts": directory.counts(seen),
        "office": "office" in seen.roles,
    }
    return render(request, "orgs/units.html", context)


@require_safe
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show one unit: what lies above and below it, who holds a post in it, who holds rights over it."""
    user, day = user_of(request), today(request)
    found = queries.unit_for(user, unit_id, day)
    seen = sight_of(request)
    grants = directory.grants_over(found, seen)[:PER_PAGE]
    context = {
        "unit": found,
        "above": directory.above_in_sight(found, seen),
        "below": Paginator(directory.children_of(found), PER_PAGE).get_page(request.GET.get("units")),
        "posts": Paginator(directory.posts_in(found), PER_PAGE).get_page(request.GET.get("people")),
        "grants": grants,
        "linked": directory.people_linked((grant.post.person_id for grant in grants), seen),
        "today": day,
        "manages": queries.why_not("manage", user.pk, found.pk, today=day) is None,
        "registers": queries.why_not("accounts", user.pk, found.pk, today=day) is None,
    }
    return render(request, "orgs/unit.html", context)


@require_http_methods(FORM)
def add(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Create a unit below another."""
    parent = _managed(request, unit_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        made = actions.create_unit(parent, **values, actor=actor_of(request))
        return _done(request, made, _("已登记%(unit)s。") % {"unit": made.name})

    sheet = Sheet(
        heading=_("登记下级单位"),
        sub=_("登记在%(unit)s下面。") % {"unit": parent.name},
        button=_("登记单位"),
        back=reverse("orgs:unit", args=[parent.pk]),
        crumb=_crumb(parent, _("登记下级单位")),
        hints={"name": "orgs.hint-unit-name"},
    )
    return take(request, UnitForm(sent(request), initial={"kind": "department"}), sheet=sheet, step=step)


@require_http_methods(FORM)
def edit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Change what a unit is called, its kind or its place among its sisters."""
    found = _managed(request, unit_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        kept = actions.edit_unit(found, values=values, actor=actor_of(request))
        return _done(request, kept, _("已保存%(unit)s。") % {"unit": kept.name})

    sheet = Sheet(
        heading=_("修改单位"),
        sub=found.name,
        button=_("保存修改"),
        back=reverse("orgs:unit", args=[found.pk]),
        crumb=_crumb(found, _("修改单位")),
        hints={"position": "orgs.hint-position"},
    )
    initial = {name: getattr(found, name) for name in ("name", "short_name", "kind", "position")}
    return take(request, UnitEditForm(sent(request), initial=initial), sheet=sheet, step=step)


@require_http_methods(FORM)
def move(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Move a unit with all below it."""
    found = _managed(request, unit_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        kept = actions.move_unit(found, parent=values["parent"], actor=actor_of(request))
        return _done(
            request,
            kept,
            _("%(unit)s已移到%(parent)s下面。") % {"unit": kept.name, "parent": values["parent"].name},
        )

    form = MoveForm(sent(request))
    offer(form, "parent", queries.units_managed(user_of(request), today(request)).exclude(pk=found.pk))
    sheet = Sheet(
        heading=_("移动单位"),
        sub=_("%(unit)s和它的下级一起移动。") % {"unit": found.name},
        button=_("移动单位"),
        back=reverse("orgs:unit", args=[found.pk]),
        crumb=_crumb(found, _("移动单位")),
        hints={"parent": "orgs.hint-unit-typed"},
    )
    return take(request, form, sheet=sheet, step=step)


@require_http_methods(FORM)
def close(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Close an open unit."""
    found = _managed(request, unit_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.close_unit(found, reason=values["reason"], actor=actor_of(request))
        return _done(request, found, _("%(unit)s已停用，原有记录不变。") % {"unit": found.name})

    sheet = Sheet(
        heading=_("停用%(unit)s") % {"unit": found.name},
        sub=_("停用后不能再登记新的人员和任务，原有记录不变，可以恢复。"),
        button=_("停用单位"),
        back=reverse("orgs:unit", args=[found.pk]),
        crumb=_crumb(found, _("停用单位")),
        grave=True,
    )
    return take(request, ReasonForm(sent(request)), sheet=sheet, step=step)


@require_http_methods(FORM)
def reopen(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Open a closed unit again."""
    found = _managed(request, unit_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.reopen_unit(found, reason=values["reason"], actor=actor_of(request))
        return _done(request, found, _("%(unit)s已恢复使用。") % {"unit": found.name})

    sheet = Sheet(
        heading=_("恢复%(unit)s") % {"unit": found.name},
        button=_("恢复使用"),
        back=reverse("orgs:unit", args=[found.pk]),
        crumb=_crumb(found, _("恢复使用")),
    )
    return take(request, ReasonForm(sent(request)), sheet=sheet, step=step)


def _managed(request: HttpRequest, unit_id: int) -> Unit:
    """Return a unit in sight over which the person holds the office.

    :raises NotVisible: outside sight.
    :raises NotAllowed: without the office there.
    """
    user, day = user_of(request), today(request)
    found = queries.unit_for(user, unit_id, day)
    queries.require("manage", user, found, today=day)
    return found


def _crumb(unit: Unit, last: str) -> tuple[str, ...]:
    return (reverse("orgs:units"), _("单位和人员"), reverse("orgs:unit", args=[unit.pk]), unit.name, last)


def _done(request: HttpRequest, unit: Unit, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("orgs:unit", args=[unit.pk]))
