"""消息: what the person was told, how to be told, and the robots of an organisation."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.refusal import Refused
from bihuan.notify import actions, queries
from bihuan.notify.forms import ROBOT_WORDS, RobotChangeForm, RobotForm, WishesForm
from bihuan.notify.telling import sentence
from bihuan.orgs.edge import user_of
from bihuan.orgs.mail import is_set_up
from bihuan.orgs.queries import managed_ids, require
from bihuan.orgs.views.sheets import Sheet, sent, take
from bihuan.web.edge import actor_of, language, today

FORM = ("GET", "HEAD", "POST")
SIZE = 50
MOST_IDS = 200


@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """Show what the person was told, what is unread first."""
    user = user_of(request)
    rows = queries.listed(user.pk, today(request))
    new_only = request.GET.get("unread") == "1"
    page = Paginator(rows.filter(read_at=None) if new_only else rows, SIZE).get_page(request.GET.get("page"))
    lang = language()
    context = {
        "page": page,
        "rows": [(row, sentence(row.code, row.params, lang=lang)) for row in page],
        "new_only": new_only,
    }
    return render(request, "notify/told.html", context)


@require_POST
def go(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark one as read and lead to what it tells of."""
    row = queries.told_for(user_of(request), notification_id, today(request))
    actions.mark_read([row.pk], actor=actor_of(request))
    return HttpResponseRedirect(row.url)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the chosen as read, or all when none is named.

    :raises Refused: for an id that is no number.
    """
    given = request.POST.getlist("id")
    if len(given) > MOST_IDS or any(not (one.isascii() and one.isdigit() and len(one) < 19) for one in given):
        raise Refused("notify.ids")
    count = actions.mark_read([int(one) for one in given] or None, actor=actor_of(request))
    messages.success(request, _("已标为已读，共%(count)s条。") % {"count": count})
    return HttpResponseRedirect(reverse("notify:list"))


@require_http_methods(FORM)
def wishes(request: HttpRequest) -> HttpResponse:
    """Show and take how the person wants letters."""
    user = user_of(request)
    kept = queries.preference_of(user.pk)
    names = ("letters", "quiet_from", "quiet_to", "weekends")

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.set_wishes(**values, actor=actor_of(request))
        messages.success(request, _("提醒方式已保存。"))
        return HttpResponseRedirect(reverse("notify:list"))

    sheet = Sheet(
        heading=_("提醒方式"),
        sub=_("系统内的消息始终会有，这里只管邮件。"),
        button=_("保存提醒方式"),
        back=reverse("notify:list"),
        crumb=(reverse("notify:list"), _("消息"), _("提醒方式")),
        hints={"quiet_from": "notify.hint-quiet", "letters": _letters_hint(user.email)},
    )
    initial = {name: getattr(kept, name) for name in names}
    return take(request, WishesForm(sent(request), initial=initial), sheet=sheet, step=step)


def _letters_hint(email: str) -> str:
    if not is_set_up():
        return "notify.hint-no-mail"
    return "notify.hint-letters" if email else "notify.hint-no-address"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Show the robots of the organisations for which the person may set some up."""
    user, day = user_of(request), today(request)
    queries.require_robots(user, day)
    rows = queries.robots_at(queries.robot_places(user.pk, day))
    context = {
        "rows": [(row, ROBOT_WORDS.get(row.kind, row.kind)) for row in rows],
        "managed": managed_ids(user.pk, day, "rights"),
    }
    return render(request, "notify/robots.html", context)


@never_cache
@sensitive_post_parameters("url", "secret")
@require_http_methods(FORM)
def add_robot(request: HttpRequest) -> HttpResponse:
    """Take a new robot."""
    user, day = user_of(request), today(request)
    queries.require_robots(user, day)
    places = queries.robot_places(user.pk, day)

    def step(values: dict[str, Any]) -> HttpResponse:
        robot = actions.add_robot(**values, actor=actor_of(request))
        messages.success(request, _("群机器人“%(name)s”已登记，可以发一条试试。") % {"name": robot.name})
        return HttpResponseRedirect(reverse("notify:robots"))

    form = RobotForm(sent(request), initial={"organisation": places.first()})
    form.offer(places)
    sheet = _robot_sheet(_("登记群机器人"), _("登记群机器人"))
    return take(request, form, sheet=sheet, step=step)


@never_cache
@sensitive_post_parameters("url", "secret")
@require_http_methods(FORM)
def edit_robot(request: HttpRequest, robot_id: int) -> HttpResponse:
    """Take another name, address or secret for a robot."""
    robot = queries.robot_for(user_of(request), robot_id, today(request))
    require("rights", user_of(request), robot.organisation_id, today=today(request))

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.edit_robot(robot, **values, actor=actor_of(request))
        messages.success(request, _("群机器人已保存。"))
        return HttpResponseRedirect(reverse("notify:robots"))

    sheet = _robot_sheet(_("修改群机器人"), _("保存群机器人"))
    return take(request, RobotChangeForm(sent(request), initial={"name": robot.name}), sheet=sheet, step=step)


def _robot_sheet(heading: str, button: str) -> Sheet:
    return Sheet(
        heading=heading,
        sub=_("机器人只报告数量，不发送任何具体内容。"),
        button=button,
        back=reverse("notify:robots"),
        crumb=(reverse("notify:robots"), _("群机器人"), heading),
        hints={"url": "notify.hint-robot-url", "secret": "notify.hint-robot-secret"},
    )


@require_POST
def try_robot(request: HttpRequest, robot_id: int) -> HttpResponse:
    """Let a robot say that it is connected."""
    robot = queries.robot_for(user_of(request), robot_id, today(request))
    actions.try_robot(robot, actor=actor_of(request))
    messages.success(request, _("已排队发送，结果稍后显示在本页。"))
    return HttpResponseRedirect(reverse("notify:robots"))


@require_POST
def switch_robot(request: HttpRequest, robot_id: int) -> HttpResponse:
    """Silence a robot, or let it speak again."""
    robot = queries.robot_for(user_of(request), robot_id, today(request))
    active = request.POST.get("active") == "1"
    actions.set_robot_active(robot, active=active, actor=actor_of(request))
    said = _("群机器人“%(name)s”已启用。") if active else _("群机器人“%(name)s”已停用，不再发送。")
    messages.success(request, said % {"name": robot.name})
    return HttpResponseRedirect(reverse("notify:robots"))
