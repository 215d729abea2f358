"""The first page after sign-in: 我的工作; and the calendar of what is due."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from bihuan.findings.queries import desk
from bihuan.findings.queries.sight import Reach, reach_of
from bihuan.insight import calendar as due_calendar
from bihuan.insight import queries
from bihuan.notify.actions import end_feed as end_key
from bihuan.notify.actions import make_feed as make_key
from bihuan.notify.queries import feed_owner, has_feed
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.queries import sight
from bihuan.oversight.queries import due as oversight
from bihuan.web import edge
from bihuan.web.catalogue import say

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person, what is due this week, and how the inspections stand."""
    today = edge.today(request)
    sight = sight_of(request)
    seen = reach_of(sight)
    office = "office" in sight.roles
    tasks = reverse("findings:tasks")
    mine = _mine(seen, sight.roles)
    return render(
        request,
        "insight/home.html",
        {
            "today": today,
            "counts": queries.counts(seen, sight),
            "mine": mine,
            "waits": any(one["number"] for one in mine),
            "due": queries.due(seen),
            "drafts": queries.drafts(sight)[:5] if office else (),
            "office": office,
            "standings": [
                {
                    "inspection": one.inspection,
                    "total": one.total,
                    "shares": [
                        (
                            state,
                            number,
                            f"{tasks}?inspection={one.inspection.pk}&state={state}" if live else "",
                        )
                        for live in (one.inspection.mode == "live",)
                        for state, number in one.shares
                    ],
                }
                for one in queries.standings(seen)
            ],
        },
    )


def _mine(seen: Reach, roles: frozenset[str]) -> list[dict[str, Any]]:
    """Return what waits for this person, each number with the list that it counts."""
    tasks, sheets = reverse("findings:tasks"), reverse("findings:sheets")
    found = [
        {"number": number, "word": say(f"desk.mine-{word}", lang=edge.language()), "url": f"{tasks}?waiting={word}",
         "late": bool(number) and word in ("returned", "lapsed")}
        for word, number in desk.counts(seen, roles).items()
    ]  # fmt: skip
    decisions = reverse("oversight:decisions")
    found += [
        {"number": number, "word": say(f"desk.mine-{word}", lang=edge.language()),
         "url": f"{decisions}?show={oversight.SHOWN[word]}"}
        for word, number in oversight.counts(seen, roles).items()
    ]  # fmt: skip
    return found + [
        {"number": number, "word": say(f"desk.mine-{word}", lang=edge.language()), "url": f"{sheets}?waiting={word}"}
        for word, number in desk.sheet_counts(seen, roles).items()
    ]  # fmt: skip


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show what is due in a month, day by day."""
    today = edge.today(request)
    first, last = due_calendar.month(_month(request.GET.get("month", ""), today))
    context = {
        "days": due_calendar.days(reach_of(sight_of(request)), first, last),
        "first": first,
        "before": (first - timedelta(days=1)).strftime("%Y-%m") if first > EARLIEST else "",
        "after": (last + timedelta(days=1)).strftime("%Y-%m") if last < LATEST else "",
        "today": today,
        "feed": has_feed(user_of(request)),
    }
    return render(request, "insight/calendar.html", context)


def _month(text: str, today: date) -> date:
    """Return a day of the month asked for; of this month where none is, or none that there is."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today
    return asked if EARLIEST <= asked <= LATEST else today


@never_cache
@login_required
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make the key of the person's calendar and show its address this once."""
    secret = make_key(user_of(request), actor=edge.actor_of(request))
    url = request.build_absolute_uri(reverse("insight:feed")) + f"?key={secret}"
    return render(request, "insight/feed.html", {"url": url})


@login_required
@require_POST
def end_feed(request: HttpRequest) -> HttpResponse:
    """End the key of the person's calendar."""
    end_key(user_of(request), actor=edge.actor_of(request))
    messages.success(request, _("日历订阅已停用，原来的地址立即失效。"))
    return HttpResponseRedirect(reverse("insight:calendar"))


@never_cache
@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Give what is due to a calendar program that holds the key."""
    owner = feed_owner(request.GET.get("key", "")[:100])
    today = edge.today(request)
    found = due_calendar.days(
        reach_of(sight(owner, today)), today - due_calendar.BACK, today + due_calendar.AHEAD
    )
    body = due_calendar.feed(found, at=edge.now(request), lang=owner.language)
    headers = {"Content-Disposition": 'attachment; filename="bihuan.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
