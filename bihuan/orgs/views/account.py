"""The person's own pages: settings, password, second step, sessions, tokens for the API."""

from datetime import timedelta
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.orgs import actions, passwords, queries, sessions
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.forms import ConfirmPasswordForm, PasswordForm, PreferencesForm, TokenForm, TotpForm
from bihuan.orgs.queries import directory
from bihuan.orgs.views.sheets import Sheet, sent, take
from bihuan.web.edge import actor_of, now, today

FORM = ("GET", "HEAD", "POST")


def _crumb(last: str) -> tuple[str, ...]:
    return (reverse("orgs:account"), _("我的账号"), last)


@require_http_methods(FORM)
def account(request: HttpRequest) -> HttpResponse:
    """Show the account and take language and size of type."""
    user = user_of(request)
    form = PreferencesForm(sent(request), initial={"language": user.language, "large_type": user.large_type})
    if request.method == "POST" and form.is_valid():
        actions.set_preferences(user, **form.cleaned_data)
        with translation.override("en" if form.cleaned_data["language"] == "en" else "zh-hans"):
            messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("orgs:account"))
    days = passwords.profile().days
    due = user.password_changed_at + timedelta(days=days) if days and user.password_changed_at else None
    context = {
        "form": form,
        "person": user,
        "posts": directory.posts_of(user, sight_of(request)),
        "password_due": due,
        "totp": queries.has_totp(user),
        "recovery_left": directory.recovery_left(user),
        "sessions": sessions.own(request, user, now(request)),
        "tokens": directory.tokens_of(user, today(request)),
    }
    return render(request, "orgs/account.html", context)


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(FORM)
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; every other session ends."""
    user = user_of(request)

    def step(values: dict[str, Any]) -> HttpResponse:
        changed = actions.change_password(user, old=values["old"], new=values["new"], actor=actor_of(request))
        sessions.renew(request, changed, now(request))
        messages.success(request, _("密码已修改，其他设备上的登录已全部退出。"))
        return HttpResponseRedirect(reverse("orgs:account"))

    owed = passwords.must_change(user, now(request))
    sheet = Sheet(
        heading=_("修改密码"),
        sub=_("密码到期或者是别人代设的，请先修改，再办理其他事项。") if owed else "",
        button=_("修改密码"),
        back="" if owed else reverse("orgs:account"),
        crumb=() if owed else _crumb(_("修改密码")),
        hints={"new": f"orgs.hint-password-{settings.BIHUAN_PASSWORD_PROFILE}"},
    )
    return take(request, PasswordForm(sent(request)), sheet=sheet, step=step)


@never_cache
@require_http_methods(FORM)
def two_step(request: HttpRequest) -> HttpResponse:
    """Switch the second step on: picture to scan, six digits, recovery codes once."""
    user = user_of(request)
    if queries.has_totp(user):
        return HttpResponseRedirect(reverse("orgs:two-step-off"))
    device = actions.start_totp(user)

    def step(values: dict[str, Any]) -> HttpResponse:
        codes = actions.confirm_totp(user, token=values["token"], actor=actor_of(request))
        return render(request, "orgs/recovery.html", {"codes": codes})

    picture = segno.make(device.config_url, error="m").svg_inline(scale=4, border=4, omitsize=True)
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    sheet = Sheet(
        heading=_("启用两步验证"),
        button=_("启用两步验证"),
        back=reverse("orgs:account"),
        crumb=_crumb(_("两步验证")),
        more={"picture": mark_safe(picture), "secret": secret},  # noqa: S308 - drawn by segno from our own address
    )
    return take(request, TotpForm(sent(request)), sheet=sheet, step=step, page="orgs/two_step.html")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(FORM)
def two_step_off(request: HttpRequest) -> HttpResponse:
    """Switch the second step off."""
    user = user_of(request)

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.drop_totp(user, password=values["password"], actor=actor_of(request))
        messages.success(request, _("两步验证已停用，今后登录只用密码。"))
        return HttpResponseRedirect(reverse("orgs:account"))

    sheet = Sheet(
        heading=_("停用两步验证"),
        sub=_("停用后，原来的恢复口令一并失效。"),
        button=_("停用两步验证"),
        back=reverse("orgs:account"),
        crumb=_crumb(_("两步验证")),
        grave=True,
    )
    return take(request, ConfirmPasswordForm(sent(request)), sheet=sheet, step=step)


@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of the person's sessions."""
    sessions.end_one(user_of(request), session_id, now(request))
    messages.success(request, _("那台设备上的登录已退出。"))
    return HttpResponseRedirect(reverse("orgs:account") + "#sessions")


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End all of the person's sessions but this one."""
    count = sessions.end_others(request, user_of(request), now(request))
    messages.success(request, _("已退出其他设备上的登录，共%(count)s处。") % {"count": count})
    return HttpResponseRedirect(reverse("orgs:account") + "#sessions")


@never_cache
@require_http_methods(FORM)
def add_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret once."""
    user = user_of(request)

    def step(values: dict[str, Any]) -> HttpResponse:
        token, secret = actions.make_token(
            user, name=values["name"], expires_on=values["expires_on"], actor=actor_of(request)
        )
        return render(request, "orgs/token.html", {"token": token, "secret": secret})

    sheet = Sheet(
        heading=_("新建接口令牌"),
        sub=_("令牌代表您本人，能做的事与您相同，最长一年。"),
        button=_("新建令牌"),
        back=reverse("orgs:account"),
        crumb=_crumb(_("接口令牌")),
        hints={"name": "orgs.hint-token-name"},
    )
    form = TokenForm(sent(request), initial={"expires_on": today(request) + timedelta(days=90)})
    return take(request, form, sheet=sheet, step=step)


@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of the person's tokens."""
    token = actions.revoke_token(user_of(request), token_id=token_id, actor=actor_of(request))
    messages.success(request, _("令牌“%(name)s”已停用，立即失效。") % {"name": token.name})
    return HttpResponseRedirect(reverse("orgs:account") + "#tokens")
