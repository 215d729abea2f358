"""The pages before anybody is signed in: sign in, first account, one-time code, forgotten password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.audit.actor import Actor
from bihuan.core.refusal import NotVisible
from bihuan.orgs import actions, mail, queries, sessions
from bihuan.orgs.actions.signing import sign_in as begin_session
from bihuan.orgs.codes import tidy_username
from bihuan.orgs.forms import CodeForm, FirstForm, ForgotForm, SignInForm
from bihuan.orgs.views.sheets import Sheet, sent, take
from bihuan.web import catalogue
from bihuan.web.edge import language, now
from bihuan.web.navigation import address

ON_THE_TOKEN = ("orgs.token-missing", "orgs.token-wrong", "orgs.token-wait")


@login_not_required
@never_cache
@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in and go to where the person wanted to."""
    if not queries.any_account():
        return HttpResponseRedirect(reverse("orgs:first"))
    form = SignInForm(sent(request))
    if request.method != "POST" or not form.is_valid():
        return _sign_in_page(request, form, status=422 if form.is_bound else 200)
    values = form.cleaned_data
    username = tidy_username(values["username"])
    remark = begin_session(
        request, username=username, password=values["password"], token=values["token"], at=now(request)
    )
    if remark is None:
        return HttpResponseRedirect(_goal(request))
    form.add_error(
        "token" if remark.code in ON_THE_TOKEN else None,
        catalogue.say(remark.code, remark.params, lang=language()),
    )
    return _sign_in_page(request, form, status=423 if remark.code == "orgs.sign-in-locked" else 422)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    sessions.end_this(request, now(request))
    logout(request)
    messages.success(request, _("已退出。"))
    return HttpResponseRedirect(reverse("orgs:sign-in"))


@login_not_required
@never_cache
@sensitive_post_parameters("new", "again", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """Make the first account with the code printed on the console; there is no such page afterwards."""
    if queries.any_account():
        raise NotVisible("web.not-found")
    at = now(request)

    def step(values: dict[str, Any]) -> HttpResponse:
        draft = actions.FirstDraft(
            organisation=values["organisation"],
            short_name=values["short_name"],
            name=values["name"],
            title=values["title"],
            username=tidy_username(values["username"]),
        )
        actor = Actor(user_id=None, label="console:first", at=at, zone=settings.TIME_ZONE)
        user = actions.create_first_account(values["code"], draft=draft, password=values["new"], actor=actor)
        sessions.begin(request, user, at)
        messages.success(request, _("第一个账号已建立，您是%(unit)s整改办。") % {"unit": draft.organisation})
        return HttpResponseRedirect(address(settings.LOGIN_REDIRECT_URL) or reverse("orgs:units"))

    sheet = Sheet(
        heading=_("建立第一个账号"),
        sub=_("还没有任何账号。启动本系统的窗口里印有一次性口令。"),
        button=_("建立账号"),
        hints={
            "code": "orgs.hint-first-code",
            "username": "orgs.hint-username",
            "new": f"orgs.hint-password-{settings.BIHUAN_PASSWORD_PROFILE}",
        },
    )
    return take(request, FirstForm(sent(request)), sheet=sheet, step=step, page="orgs/gate_sheet.html")


@login_not_required
@never_cache
@sensitive_post_parameters("new", "again", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Set a password by the code that the office gave."""

    def step(values: dict[str, Any]) -> HttpResponse:
        user = actions.use_code(
            values["code"],
            username=tidy_username(values["username"]),
            password=values["new"],
            at=now(request),
        )
        messages.success(request, _("%(name)s，新密码已设好，请用它登录。") % {"name": user.name})
        return HttpResponseRedirect(reverse("orgs:sign-in"))

    sheet = Sheet(
        heading=_("用一次性口令设置密码"),
        sub=_("口令由本单位整改办发给您，只能用一次。"),
        button=_("设置密码"),
        back=reverse("orgs:sign-in"),
        hints={"new": f"orgs.hint-password-{settings.BIHUAN_PASSWORD_PROFILE}"},
    )
    form = CodeForm(sent(request), initial={"username": request.GET.get("account", "")})
    return take(request, form, sheet=sheet, step=step, page="orgs/gate_sheet.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Send a one-time code by e-mail where mail is set up; else say who gives one."""
    form = ForgotForm(sent(request))
    if mail.is_set_up() and request.method == "POST" and form.is_valid():
        mail.send_reset(
            tidy_username(form.cleaned_data["username"]),
            at=now(request),
            site=request.build_absolute_uri("/"),
        )
        messages.success(request, _("如果这个账号登记了邮箱，一次性口令已经发出，1天内有效。"))
        return HttpResponseRedirect(reverse("orgs:code"))
    return render(request, "orgs/forgot.html", {"form": form, "by_mail": mail.is_set_up()})


def _sign_in_page(request: HttpRequest, form: SignInForm, *, status: int) -> HttpResponse:
    context = {"form": form, "next": request.POST.get("next", request.GET.get("next", ""))}
    return render(request, "orgs/sign_in.html", context, status=status)


def _goal(request: HttpRequest) -> str:
    """Return where the person wanted to go, within this site."""
    goal = request.POST.get("next", request.GET.get("next", ""))
    if url_has_allowed_host_and_scheme(
        goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return goal
    return address(settings.LOGIN_REDIRECT_URL) or reverse("orgs:units")
