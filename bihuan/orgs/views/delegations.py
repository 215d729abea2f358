"""Delegation on the page: what I may lend, what is lent, lending it, and taking it back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.refusal import NotAllowed
from bihuan.orgs import actions, queries
from bihuan.orgs.edge import ROLE_WORDS, sight_of, user_of
from bihuan.orgs.forms.charge import DelegationForm, EndDelegationForm, offer
from bihuan.orgs.models import Grant, Post, Unit, User
from bihuan.orgs.queries import directory
from bihuan.orgs.refusals import WrongInput
from bihuan.orgs.views.sheets import Sheet, sent, take
from bihuan.web.edge import actor_of, today

FORM = ("GET", "HEAD", "POST")
PER_PAGE = 50


@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """Show the rights that I may lend, and the delegations that I made, got or see."""
    user, day = user_of(request), today(request)
    rows = queries.delegations_seen(user, day)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "grants": queries.own_grants(user, day),
        "page": page,
        "linked": directory.people_linked((one.grant.post.person_id for one in page), sight_of(request)),
        "granting": queries.managed_ids(user.pk, day, "rights"),
        "user_id": user.pk,
        "today": day,
    }
    return render(request, "orgs/delegations.html", context)


@require_http_methods(FORM)
def delegate(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Lend a right to another person for some days."""
    user, day = user_of(request), today(request)
    grant = queries.grant_for(user, grant_id, day)
    if grant.post.person_id != user.pk:
        lent = queries.running_delegations(user.pk, day).filter(grant=grant).exists()
        if lent and queries.why_not("rights", user.pk, grant.unit_id, today=day):
            raise NotAllowed("orgs.delegation-chain")
        queries.require("rights", user, grant.unit, today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        draft = actions.DelegationDraft(
            values["unit"] or grant.unit, values["starts_on"], values["ends_on"], values["reason"]
        )
        post = post_of(values["person"], grant, request)
        made = actions.delegate(grant, post=post, draft=draft, actor=actor_of(request))
        messages.success(
            request,
            _("已委托%(name)s代办，%(last)s止。每一步都记下两个人的名字。")
            % {"name": made.post.person.name, "last": made.ends_on.isoformat()},
        )
        return HttpResponseRedirect(reverse("orgs:delegations"))

    form = DelegationForm(sent(request), initial={"starts_on": day})
    offer(form, "person", queries.people_of_units(user, day).exclude(pk=grant.post.person_id))
    below = Unit.objects.filter(links_up__ancestor=grant.unit_id, is_active=True)
    offer(form, "unit", below)
    heading = _("委托他人代办")
    sheet = Sheet(
        heading=heading,
        sub=f"{grant.post.person.name} {ROLE_WORDS[grant.role]} {grant.unit.name}",
        button=heading,
        back=reverse("orgs:delegations"),
        crumb=(reverse("orgs:delegations"), _("委托"), heading),
        help="orgs.help-delegation",
        hints={"person": "orgs.hint-delegate", "unit": "orgs.hint-delegation-unit"},
    )
    return take(request, form, sheet=sheet, step=step)


@require_http_methods(FORM)
def end_delegation(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End a delegation early."""
    user, day = user_of(request), today(request)
    found = queries.delegation_for(user, delegation_id, day)
    if found.grant.post.person_id != user.pk:
        queries.require("rights", user, found.grant.unit, today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.end_delegation(found, **values, actor=actor_of(request))
        messages.success(request, _("委托已提前结束。"))
        return HttpResponseRedirect(reverse("orgs:delegations"))

    heading = _("提前结束委托")
    sheet = Sheet(
        heading=heading,
        sub=f"{found.grant.post.person.name} → {found.post.person.name} {ROLE_WORDS[found.grant.role]}",
        button=heading,
        back=reverse("orgs:delegations"),
        crumb=(reverse("orgs:delegations"), _("委托"), heading),
        hints={"ends_on": "orgs.hint-last-day"},
        grave=True,
    )
    form = EndDelegationForm(sent(request), initial={"ends_on": min(day, found.ends_on)})
    return take(request, form, sheet=sheet, step=step)


def post_of(person: User, grant: Grant, request: HttpRequest) -> Post:
    """Return the post with which a person takes over a right.

    :raises WrongInput: when the person holds none here today.
    """
    post = queries.post_near(person, grant.unit_id, today(request))
    if post is None:
        raise WrongInput("orgs.delegate-without-post", field="person", person=person.name)
    return post
