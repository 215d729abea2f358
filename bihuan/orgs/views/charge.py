"""Who is in charge: units with their people, who decides when nobody is left, and the three administrators."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.refusal import NotVisible
from bihuan.orgs import actions, queries
from bihuan.orgs.actions.rights import ADMINISTRATORS, DECIDING
from bihuan.orgs.edge import ROLE_WORDS, sight_of, user_of
from bihuan.orgs.forms.charge import AdministratorsForm, SubstitutesForm, offer
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import directory
from bihuan.orgs.queries.charge import Charge
from bihuan.orgs.refusals import WrongInput
from bihuan.orgs.views.sheets import Sheet, sent, take
from bihuan.web.edge import actor_of, today

FORM = ("GET", "HEAD", "POST")
PER_PAGE = 50


@require_safe
def responsible(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show every responsible unit with its liaison, head and leader; `missing` shows those that lack a role."""
    organisation = organisation_of(request, unit_id)
    day, missing = today(request), request.GET.get("missing", "")
    missing = missing if missing in queries.NEEDED else ""
    units = queries.responsible_units(organisation, day, missing=missing)
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    rows, portfolios = queries.charges(page.object_list, day), queries.portfolios(organisation, day)
    context = {
        "organisation": organisation,
        "at": "responsible",
        "page": page,
        "rows": rows,
        "linked": directory.people_linked(_named(rows, portfolios), sight_of(request)),
        "imports": queries.why_not("accounts", user_of(request).pk, organisation.pk, today=day) is None,
        "missing": missing,
        "counts": queries.missing_counts(organisation, day),
        "portfolios": portfolios,
    }
    return render(request, "orgs/responsible.html", context)


@require_safe
def deciders(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show for each deciding role who holds it, who steps in, and who is left when all are concerned."""
    organisation = organisation_of(request, unit_id)
    day = today(request)
    context = {
        "organisation": organisation,
        "at": "deciders",
        "rows": queries.deciders(organisation, day, DECIDING),
        "granting": queries.why_not("rights", user_of(request).pk, organisation.pk, today=day) is None,
    }
    return render(request, "orgs/deciders.html", context)


@require_http_methods(FORM)
def substitutes(request: HttpRequest, unit_id: int, role: str) -> HttpResponse:
    """Set the order of substitutes of a role."""
    organisation = organisation_of(request, unit_id)
    user, day = user_of(request), today(request)
    if role not in DECIDING:
        raise NotVisible("orgs.role-unknown", role=role)
    queries.require("rights", user, organisation, today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.set_substitutes(organisation, role=role, people=values["people"], actor=actor_of(request))
        messages.success(request, _("已保存替补顺序。"))
        return HttpResponseRedirect(reverse("orgs:deciders", args=[organisation.pk]))

    standing = queries.deciders(organisation, day, (role,))[0].substitutes
    form = SubstitutesForm(
        sent(request), initial={"people": "\n".join(person.username for person in standing)}
    )
    offer(form, "people", queries.people_of_units(user, day))
    back = reverse("orgs:deciders", args=[organisation.pk])
    sheet = Sheet(
        heading=_("设定替补顺序"),
        sub=str(ROLE_WORDS[role]),
        button=_("保存顺序"),
        back=back,
        crumb=(*crumb(organisation), back, _("由谁决定"), str(ROLE_WORDS[role])),
        hints={"people": "orgs.hint-substitutes"},
    )
    return take(request, form, sheet=sheet, step=step)


@require_http_methods(FORM)
def administrators(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show the three administrators; while none is appointed, the office appoints all of them at once."""
    organisation = organisation_of(request, unit_id)
    user, day = user_of(request), today(request)
    standing = queries.administrators_of(organisation.pk, day)
    may = all(
        queries.why_not(step, user.pk, organisation.pk, today=day) is None for step in ("accounts", "rights")
    )
    if standing or not (may or request.method == "POST"):
        context = {
            "organisation": organisation, "at": "administrators", "standing": standing, "may": may,
            "linked": directory.people_linked((grant.post.person_id for grant in standing), sight_of(request)),
        }  # fmt: skip
        if request.method != "POST":
            return render(request, "orgs/administrators.html", context)
    queries.require("accounts", user, organisation, today=day)
    queries.require("rights", user, organisation, today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        posts = {}
        for role in ADMINISTRATORS:
            post = queries.post_near(values[role], organisation.pk, day)
            if post is None:
                raise WrongInput("orgs.delegate-without-post", field=role, person=values[role].name)
            posts[role] = post
        actions.appoint_administrators(
            organisation, posts=posts, starts_on=values["starts_on"], actor=actor_of(request)
        )
        messages.success(request, _("三员已任命。账号由系统管理员、权限由安全管理员管理。"))
        return HttpResponseRedirect(reverse("orgs:administrators", args=[organisation.pk]))

    form = AdministratorsForm(sent(request), initial={"starts_on": day})
    for role in ADMINISTRATORS:
        offer(form, role, queries.people_of_units(user, day))
    sheet = Sheet(
        heading=_("任命三员"),
        sub=organisation.name,
        button=_("任命三员"),
        back=reverse("orgs:unit", args=[organisation.pk]),
        crumb=(*crumb(organisation), _("三员")),
        help="orgs.help-administrators",
        hints=dict.fromkeys(ADMINISTRATORS, "orgs.hint-administrator"),
    )
    return take(request, form, sheet=sheet, step=step)


def _named(rows: Iterable[Charge], portfolios: Iterable[tuple[User, object]]) -> Iterator[int]:
    """Yield the people whom the page names."""
    for row in rows:
        yield from (grant.post.person_id for grants in row.grants.values() for grant in grants)
    yield from (leader.pk for leader, _grants in portfolios)


def organisation_of(request: HttpRequest, unit_id: int) -> Unit:
    """Return an organisation that the person who asks sees.

    :raises NotVisible: otherwise.
    """
    return queries.organisation_for(user_of(request), unit_id, today(request))


def crumb(organisation: Unit) -> tuple[str, ...]:
    """Return the way to the pages of an organisation."""
    return (
        reverse("orgs:units"), _("单位和人员"), reverse("orgs:unit", args=[organisation.pk]), organisation.name,
    )  # fmt: skip
