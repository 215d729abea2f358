"""People on the page: the list, one person, and the office's steps: posts, rights, codes, disabling."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core import access
from bihuan.orgs import actions, queries
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.forms import EndForm, GrantForm, PersonEditForm, PersonForm, PostForm, ReasonForm, ResetForm
from bihuan.orgs.forms.charge import OrderForm, offer
from bihuan.orgs.models import User
from bihuan.orgs.queries import directory
from bihuan.orgs.views.sheets import Sheet, sent, take
from bihuan.web.edge import actor_of, today

FORM = ("GET", "HEAD", "POST")
PER_PAGE = 50


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the people in sight; `q` finds by name, account or unit, `off` shows disabled accounts only."""
    seen, words = sight_of(request), request.GET.get("q", "").strip()
    rows = directory.people_found(seen, words=words, disabled=request.GET.get("off") == "1")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": directory.with_posts(page.object_list, seen),
        "words": words,
        "off": request.GET.get("off") == "1",
    }
    return render(request, "orgs/people.html", context)


@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one person: posts with rights, and the state of the account."""
    user, day = user_of(request), today(request)
    found = queries.person_for(user, person_id, day)
    seen = sight_of(request)
    posts = directory.posts_of(found, seen)
    context = {
        "person": found,
        "posts": posts,
        "linked": directory.units_linked((post.unit_id for post in posts), seen),
        "managed": queries.managed_ids(user.pk, day, "accounts"),
        "granting": queries.managed_ids(user.pk, day, "rights"),
        "manages": not queries.outside(user.pk, found, day),
        "totp": queries.has_totp(found),
        "code": directory.open_code(found, actor_of(request).at),
        "today": day,
        "is_self": found.pk == user.pk,
        "delegable": access.DELEGABLE,
    }
    return render(request, "orgs/person.html", context)


@never_cache
@require_http_methods(FORM)
def add(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Create an account with a first post in the unit, and show its start code once."""
    user, day = user_of(request), today(request)
    unit = queries.unit_for(user, unit_id, day)
    queries.require("accounts", user, unit, today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        made, code = actions.create_person(unit, draft=actions.PersonDraft(**values), actor=actor_of(request))
        return _code_page(request, made, code)

    sheet = Sheet(
        heading=_("登记人员"),
        sub=_("任职单位：%(unit)s") % {"unit": unit.name},
        button=_("登记人员"),
        back=reverse("orgs:unit", args=[unit.pk]),
        crumb=(
            reverse("orgs:units"),
            _("单位和人员"),
            reverse("orgs:unit", args=[unit.pk]),
            unit.name,
            _("登记人员"),
        ),
        hints={"username": "orgs.hint-username", "role": "orgs.hint-role", "email": "orgs.hint-email"},
    )
    return take(request, PersonForm(sent(request), initial={"starts_on": day}), sheet=sheet, step=step)


@require_http_methods(FORM)
def order_posts(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Set the order of the posts of a unit."""
    user, day = user_of(request), today(request)
    unit = queries.unit_for(user, unit_id, day)
    queries.require("accounts", user, unit, today=day)
    rows = [(one.pk, f"{one.person.name} {one.title}") for one in directory.posts_to_order(unit, day)]
    form = OrderForm(sent(request), rows=rows)

    def step(_values: dict[str, Any]) -> HttpResponse:
        actions.order_posts(unit, order=form.order(), actor=actor_of(request))
        messages.success(request, _("已保存顺序，文件和名单按此排列。"))
        return HttpResponseRedirect(reverse("orgs:unit", args=[unit.pk]))

    back = reverse("orgs:unit", args=[unit.pk])
    steps = (reverse("orgs:units"), _("单位和人员"), back, unit.name, _("调整顺序"))
    sheet = Sheet(heading=_("调整顺序"), sub=unit.name, button=_("保存顺序"), back=back, crumb=steps)
    return take(request, form, sheet=sheet, step=step)


@require_http_methods(FORM)
def edit(request: HttpRequest, person_id: int) -> HttpResponse:
    """Change a person's name or address."""
    found = _managed(request, person_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.edit_person(found, **values, actor=actor_of(request))
        return _done(request, found, _("已保存。"))

    form = PersonEditForm(sent(request), initial={"name": found.name, "email": found.email})
    sheet = _sheet(found, _("修改人员"), button=_("保存修改"), hints={"email": "orgs.hint-email"})
    return take(request, form, sheet=sheet, step=step)


@require_http_methods(FORM)
def add_post(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a person a post in a unit of the office."""
    user, day = user_of(request), today(request)
    found = queries.person_for(user, person_id, day)
    queries.require_any(user, day, "accounts")

    def step(values: dict[str, Any]) -> HttpResponse:
        post = actions.add_post(found, **values, actor=actor_of(request))
        return _done(request, found, _("已登记在%(unit)s任职。") % {"unit": post.unit.name})

    form = PostForm(sent(request), initial={"starts_on": day})
    offer(form, "unit", queries.units_managed(user, day, "accounts"))
    sheet = _sheet(found, _("登记任职"), button=_("登记任职"), hints={"unit": "orgs.hint-unit-typed"})
    return take(request, form, sheet=sheet, step=step)


@require_http_methods(FORM)
def end_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """End a post and with it the rights that it carries."""
    user, day = user_of(request), today(request)
    post = queries.post_for(user, post_id, day)
    queries.require("accounts", user, post.unit_id, today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.end_post(post, ends_on=values["ends_on"], actor=actor_of(request))
        return _done(request, post.person, _("任职已结束，随任职的权限同日结束。"))

    sheet = _sheet(
        post.person, _("结束任职"), button=_("结束任职"), sub=f"{post.unit.name} {post.title}",
        hints={"ends_on": "orgs.hint-last-day"}, grave=True,
    )  # fmt: skip
    return take(request, EndForm(sent(request), initial={"ends_on": day}), sheet=sheet, step=step)


@require_http_methods(FORM)
def add_grant(request: HttpRequest, post_id: int) -> HttpResponse:
    """Give a post a role over a unit and all below it."""
    user, day = user_of(request), today(request)
    post = queries.post_for(user, post_id, day)
    queries.require("rights", user, post.unit_id, today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        grant = actions.give_grant(post, **values, actor=actor_of(request))
        return _done(
            request, post.person, _("已给权限，范围是%(unit)s及其下级。") % {"unit": grant.unit.name}
        )

    form = GrantForm(
        sent(request),
        initial={"starts_on": max(day, post.starts_on), "unit": post.unit.name, "role": "reader"},
    )
    offer(form, "unit", queries.units_managed(user, day, "rights") | queries.overseen(post, day))
    sheet = _sheet(
        post.person, _("给权限"), button=_("给权限"), sub=f"{post.unit.name} {post.title}",
        hints={"role": "orgs.hint-role", "unit": "orgs.hint-unit-typed"},
    )  # fmt: skip
    return take(request, form, sheet=sheet, step=step)


@require_http_methods(FORM)
def end_grant(request: HttpRequest, grant_id: int) -> HttpResponse:
    """End a right."""
    user, day = user_of(request), today(request)
    grant = queries.grant_for(user, grant_id, day)
    queries.require("rights", user, queries.kept_at(grant, user.pk, day), today=day)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.end_grant(grant, ends_on=values["ends_on"], actor=actor_of(request))
        return _done(request, grant.post.person, _("权限已收回。"))

    sheet = _sheet(
        grant.post.person, _("收回权限"), button=_("收回权限"), sub=grant.unit.name,
        hints={"ends_on": "orgs.hint-last-day"}, grave=True,
    )  # fmt: skip
    return take(request, EndForm(sent(request), initial={"ends_on": day}), sheet=sheet, step=step)


@require_http_methods(FORM)
def disable(request: HttpRequest, person_id: int) -> HttpResponse:
    """Disable an account at once."""
    found = _managed(request, person_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.disable_person(found, reason=values["reason"], actor=actor_of(request))
        return _done(request, found, _("%(name)s的账号已停用，登录和令牌立即失效。") % {"name": found.name})

    sheet = _sheet(
        found, _("停用账号"), button=_("停用账号"), grave=True,
        sub=_("立即生效：已登录的设备全部退出，接口令牌全部失效。原有记录不变，可以恢复。"),
    )  # fmt: skip
    return take(request, ReasonForm(sent(request)), sheet=sheet, step=step)


@require_http_methods(FORM)
def enable(request: HttpRequest, person_id: int) -> HttpResponse:
    """Enable a disabled account again."""
    found = _managed(request, person_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.enable_person(found, reason=values["reason"], actor=actor_of(request))
        return _done(request, found, _("%(name)s的账号已恢复，原密码可用。") % {"name": found.name})

    sheet = _sheet(found, _("恢复账号"), button=_("恢复账号"))
    return take(request, ReasonForm(sent(request)), sheet=sheet, step=step)


@never_cache
@require_http_methods(FORM)
def reset(request: HttpRequest, person_id: int) -> HttpResponse:
    """Make a one-time code with which the person sets a new password, and show it once."""
    found = _managed(request, person_id)

    def step(values: dict[str, Any]) -> HttpResponse:
        code = actions.issue_reset(found, without_totp=values["without_totp"], actor=actor_of(request))
        return _code_page(request, found, code)

    sheet = _sheet(
        found, _("重置密码"), button=_("生成一次性口令"),
        sub=_("系统生成一次性口令，由您交给本人，本人用它设置新密码。现在的密码在此之前仍可用。"),
    )  # fmt: skip
    form = ResetForm(sent(request))
    return take(request, form, sheet=sheet, step=step)


def _managed(request: HttpRequest, person_id: int) -> User:
    """Return a person in sight whose account the person who asks manages.

    :raises NotVisible: outside sight.
    :raises NotAllowed: without the office over every post of the person.
    """
    user, day = user_of(request), today(request)
    found = queries.person_for(user, person_id, day)
    queries.require_person(user, found, day)
    return found


def _sheet(person: User, heading: str, **more: Any) -> Sheet:
    back = reverse("orgs:person", args=[person.pk])
    crumb = (reverse("orgs:people"), _("人员"), back, person.name, heading)
    return Sheet(heading=heading, back=back, crumb=crumb, **{"sub": person.name, **more})


def _code_page(request: HttpRequest, person: User, code: str) -> HttpResponse:
    context = {"person": person, "code": code, "site": request.build_absolute_uri(reverse("orgs:code"))}
    return render(request, "orgs/code.html", context)


def _done(request: HttpRequest, person: User, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("orgs:person", args=[person.pk]))
