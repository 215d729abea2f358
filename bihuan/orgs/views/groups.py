"""The leading and the supervision group on the page: founding, seats, and the founding notice as a paper."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.founding import compose_founding
from bihuan.core.refusal import NotVisible
from bihuan.formats.papers import PAPER_FORMATS, write_paper
from bihuan.orgs import actions, queries, words
from bihuan.orgs.actions.groups import FIELDS, KINDS
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.forms import EndForm
from bihuan.orgs.forms.charge import GroupForm, MemberForm, OrderForm, offer
from bihuan.orgs.models import Group, Unit
from bihuan.orgs.queries import directory
from bihuan.orgs.views.charge import crumb, organisation_of
from bihuan.orgs.views.sheets import Sheet, sent, take
from bihuan.web.edge import actor_of, today

FORM = ("GET", "HEAD", "POST")
HINTS = {
    "document_number": "orgs.hint-document-number", "duties": "orgs.hint-duties", "office_duties": "orgs.hint-duties",
}  # fmt: skip


@require_safe
def groups(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show the groups of an organisation with who sits in them today."""
    organisation = organisation_of(request, unit_id)
    day = today(request)
    found = list(queries.groups_of(organisation))
    standing = {group.kind for group in found if group.ended_on is None}
    context = {
        "organisation": organisation,
        "at": "groups",
        "rows": [(group, queries.seats_on(group, group.ended_on or day)) for group in found],
        "open": [(kind, word) for kind, word in words.group_kinds() if kind not in standing],
        "both": queries.in_both(organisation, day),
        "manages": manages(request, organisation),
        "seats": dict(words.seats()),
    }
    return render(request, "orgs/groups.html", context)


@require_http_methods(FORM)
def found(request: HttpRequest, unit_id: int, kind: str) -> HttpResponse:
    """Found a group; the form begins with names and duties that can be changed."""
    organisation = organisation_of(request, unit_id)
    if kind not in KINDS:
        raise NotVisible("orgs.group-not-found")
    day = today(request)
    queries.require("manage", user_of(request), organisation, today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        group = actions.found_group(organisation, kind=kind, values=values, actor=actor_of(request))
        return done(request, group, _("已成立%(group)s。请接着确定成员。") % {"group": group.name})

    shipped = queries.shipped_groups()[kind]
    initial = {
        "name": shipped["name"], "founded_on": day, "basis": shipped["basis"], "duties": shipped["duties"],
        "office_name": shipped["office"], "office_duties": shipped["office_duties"],
    }  # fmt: skip
    form = offered(GroupForm(sent(request), initial=initial), organisation)
    back = reverse("orgs:groups", args=[organisation.pk])
    sheet = Sheet(
        heading=_("成立小组"), sub=shipped["name"], button=_("成立小组"), back=back, hints=HINTS,
        crumb=(*crumb(organisation), back, _("领导小组"), _("成立小组")),
    )  # fmt: skip
    return take(request, form, sheet=sheet, step=step)


@require_safe
def group(request: HttpRequest, group_id: int) -> HttpResponse:
    """Show one group: its seats, earlier ones too, and what its notice says."""
    shown = queries.group_for(user_of(request), group_id, today(request))
    members = list(shown.memberships.select_related("person"))
    people = (one.person_id for one in members if one.person_id is not None)
    context = {
        "group": shown,
        "organisation": shown.organisation,
        "members": members,
        "linked": directory.people_linked(people, sight_of(request)),
        "paper": compose_founding(queries.founding_of(shown)),
        "suffixes": tuple(PAPER_FORMATS),
        "manages": shown.ended_on is None and manages(request, shown.organisation),
        "seats": dict(words.seats()),
        "today": today(request),
    }
    return render(request, "orgs/group.html", context)


@require_http_methods(FORM)
def edit(request: HttpRequest, group_id: int) -> HttpResponse:
    """Change a group and what its notice says."""
    shown = managed(request, group_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        kept = actions.edit_group(shown, values=values, actor=actor_of(request))
        return done(request, kept, _("已保存。"))

    initial = {field: getattr(shown, field) for field in FIELDS if field != "office_unit"}
    initial["office_unit"] = shown.office_unit.name if shown.office_unit else ""
    form = offered(GroupForm(sent(request), initial=initial), shown.organisation)
    return take(request, form, sheet=_sheet(shown, _("修改小组"), _("保存修改"), hints=HINTS), step=step)


@require_http_methods(FORM)
def dissolve(request: HttpRequest, group_id: int) -> HttpResponse:
    """Dissolve a group; its seats end with it."""
    shown = managed(request, group_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        kept = actions.dissolve_group(shown, ends_on=values["ends_on"], reason="", actor=actor_of(request))
        return done(request, kept, _("已撤销%(group)s。") % {"group": kept.name})

    form = EndForm(sent(request), initial={"ends_on": today(request)})
    sheet = _sheet(shown, _("撤销小组"), _("撤销小组"), grave=True, hints={"ends_on": "orgs.hint-last-day"})
    return take(request, form, sheet=sheet, step=step)


@require_http_methods(FORM)
def add_member(request: HttpRequest, group_id: int) -> HttpResponse:
    """Give a seat in a group."""
    shown = managed(request, group_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        made = actions.add_member(shown, draft=actions.MemberDraft(**values), actor=actor_of(request))
        return done(request, shown, _("已确定%(name)s。") % {"name": made.name})

    form = MemberForm(sent(request), initial={"seat": "member"})
    offer(form, "person", queries.people_of_units(user_of(request), today(request)))
    sheet = _sheet(shown, _("确定成员"), _("确定成员"), hints={"person": "orgs.hint-member-person"})
    return take(request, form, sheet=sheet, step=step)


@require_http_methods(FORM)
def order_members(request: HttpRequest, group_id: int) -> HttpResponse:
    """Set the order of a group's seats."""
    shown = managed(request, group_id)
    rows = [(one.pk, f"{one.name} {one.title}".strip()) for one in shown.memberships.all()]
    form = OrderForm(sent(request), rows=rows)

    def step(_values: dict[str, Any]) -> HttpResponse:
        actions.order_members(shown, order=form.order(), actor=actor_of(request))
        return done(request, shown, _("已保存顺序，文件和名单按此排列。"))

    return take(request, form, sheet=_sheet(shown, _("调整顺序"), _("保存顺序")), step=step)


@require_http_methods(FORM)
def end_member(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End a seat."""
    user, day = user_of(request), today(request)
    seat = queries.membership_for(user, membership_id, day)
    queries.require("manage", user, seat.group.organisation, today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.end_member(seat, ends_on=values["ends_on"], actor=actor_of(request))
        return done(request, seat.group, _("%(name)s的组内职务已结束。") % {"name": seat.name})

    sheet = _sheet(
        seat.group, _("结束组内职务"), _("结束组内职务"), grave=True, sub=seat.name,
        hints={"ends_on": "orgs.hint-last-day"},
    )  # fmt: skip
    return take(request, EndForm(sent(request), initial={"ends_on": day}), sheet=sheet, step=step)


@require_safe
def file(request: HttpRequest, group_id: int, suffix: str) -> HttpResponse:
    """Give the founding notice as docx, PDF or txt."""
    shown = queries.group_for(user_of(request), group_id, today(request))
    if suffix not in PAPER_FORMATS:
        raise NotVisible("orgs.group-not-found")
    paper = compose_founding(queries.founding_of(shown))
    written = write_paper(paper, suffix)
    name = content_disposition_header(as_attachment=True, filename=f"{paper.title}.{suffix}")
    return HttpResponse(
        written.content,
        content_type=written.media_type,
        headers={"Content-Disposition": name or "attachment"},
    )


def manages(request: HttpRequest, organisation: Unit) -> bool:
    """Tell whether the person who asks holds the office over the organisation."""
    return queries.why_not("manage", user_of(request).pk, organisation.pk, today=today(request)) is None


def managed(request: HttpRequest, group_id: int) -> Group:
    """Return a group in sight whose organisation the person who asks manages.

    :raises NotAllowed: without the office.
    """
    shown = queries.group_for(user_of(request), group_id, today(request))
    queries.require("manage", user_of(request), shown.organisation, today=today(request))
    return shown


def offered(form: GroupForm, organisation: Unit) -> GroupForm:
    """Return the form with the units of the organisation to choose from."""
    inside = Unit.objects.filter(links_up__ancestor=organisation, is_active=True)
    offer(form, "office_unit", inside)
    return form


def done(request: HttpRequest, shown: Group, sentence: str) -> HttpResponse:
    """Say what was done, on the page of the group."""
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("orgs:group", args=[shown.pk]))


def _sheet(shown: Group, heading: str, button: str, **more: Any) -> Sheet:
    back = reverse("orgs:group", args=[shown.pk])
    steps = (reverse("orgs:groups", args=[shown.organisation_id]), _("领导小组"), back, shown.name, heading)
    return Sheet(heading=heading, button=button, back=back, crumb=steps, **{"sub": shown.name, **more})
