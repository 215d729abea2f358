"""The working-day calendar and the deadlines on the page, and the office's own days and terms."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.refusal import NotVisible
from bihuan.orgs import actions, queries
from bihuan.orgs.edge import user_of
from bihuan.orgs.forms import ReasonForm
from bihuan.orgs.forms.charge import DaysForm, DeadlineForm
from bihuan.orgs.refusals import WrongInput
from bihuan.orgs.views.charge import crumb, organisation_of
from bihuan.orgs.views.groups import manages
from bihuan.orgs.views.sheets import Sheet, sent, take
from bihuan.orgs.words import dashed
from bihuan.web.catalogue import say
from bihuan.web.edge import actor_of, language, today

FORM = ("GET", "HEAD", "POST")
ONE = timedelta(days=1)
LONGEST = 60
LINE = re.compile(
    r"(?P<first>\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:至|到|—|~)\s*(?P<last>\d{4}-\d{1,2}-\d{1,2}))?\s+(?P<works>[休班])\s*(?P<name>\S.*)"
)


@require_safe
def calendar(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show the days of a year that differ from the week, and say when a year has no data."""
    organisation = organisation_of(request, unit_id)
    day = today(request)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked or 0) < 2100 else day.year
    days = queries.days_of(organisation.pk)
    known = queries.calendar_of(organisation.pk).years
    context = {
        "organisation": organisation,
        "at": "calendar",
        "year": year,
        "known": year in known,
        "years": sorted(known | {day.year, day.year + 1, year}),
        "lacking": [one for one in (day.year, day.year + 1) if one not in known],
        "rows": [one for one in days.values() if one.day.year == year],
        "sources": sorted({one.source for one in days.values() if one.day.year == year}),
        "manages": manages(request, organisation),
    }
    return render(request, "orgs/calendar.html", context)


@require_http_methods(FORM)
def set_days(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Enter days of the organisation's own, one a line."""
    organisation = organisation_of(request, unit_id)
    queries.require("manage", user_of(request), organisation, today=today(request))
    back = reverse("orgs:calendar", args=[organisation.pk])

    def step(values: dict[str, Any]) -> HttpResponse:
        days = list(read_days(values["days"]))
        made, changed = actions.set_days(
            organisation, days=days, source=values["source"], actor=actor_of(request)
        )
        sentence = _("已保存：新增%(made)s天，修改%(changed)s天。") % {"made": made, "changed": changed}
        messages.success(request, sentence)
        return HttpResponseRedirect(f"{back}?year={days[0].day.year}")

    sheet = Sheet(
        heading=_("填写日历"), sub=organisation.name, button=_("保存日历"), back=back,
        crumb=(*crumb(organisation), back, _("工作日历"), _("填写日历")),
        hints={"days": "orgs.hint-calendar-days", "source": "orgs.hint-source"},
    )  # fmt: skip
    return take(request, DaysForm(sent(request)), sheet=sheet, step=step)


@require_http_methods(FORM)
def drop_day(request: HttpRequest, day_id: int) -> HttpResponse:
    """Take a day of one's own out of the calendar."""
    user, now = user_of(request), today(request)
    row = queries.calendar_day_for(user, day_id, now)
    queries.require("manage", user, row.organisation, today=now)
    back = reverse("orgs:calendar", args=[row.organisation_id]) + f"?year={row.day.year}"

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.drop_day(row, reason=values["reason"], actor=actor_of(request))
        messages.success(request, _("已删除这一天的单独设置。"))
        return HttpResponseRedirect(back)

    heading = _("删除日历设置")
    sheet = Sheet(
        heading=heading, sub=f"{row.day.isoformat()} {row.name}", button=heading, back=back, grave=True,
        crumb=(*crumb(row.organisation), back, _("工作日历"), heading),
    )  # fmt: skip
    return take(request, ReasonForm(sent(request)), sheet=sheet, step=step)


@require_safe
def deadlines(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show every deadline with its term and the source in which it stands."""
    organisation = organisation_of(request, unit_id)
    lang = language()
    rows = [
        {
            "code": code,
            "word": deadline_word(code),
            "measure": say(f"orgs.measure-{dashed(one.term.measure)}", lang=lang),
            "one": one,
        }
        for code, one in queries.deadlines_of(organisation.pk).items()
    ]
    context = {
        "organisation": organisation, "at": "deadlines", "rows": rows,
        "manages": manages(request, organisation),
    }  # fmt: skip
    return render(request, "orgs/deadlines.html", context)


@require_http_methods(FORM)
def set_rule(request: HttpRequest, unit_id: int, code: str) -> HttpResponse:
    """Set an organisation's own term."""
    organisation = organisation_of(request, unit_id)
    standing = queries.deadlines_of(organisation.pk).get(code)
    if standing is None:
        raise NotVisible("orgs.deadline-unknown", name=code)
    queries.require("manage", user_of(request), organisation, today=today(request))
    back = reverse("orgs:deadlines", args=[organisation.pk])

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.set_rule(organisation, code=code, **values, actor=actor_of(request))
        messages.success(request, _("已保存期限。"))
        return HttpResponseRedirect(back)

    term = standing.term
    initial = {"number": term.number, "measure": term.measure, "source": term.source}
    sheet = Sheet(
        heading=_("修改期限"), sub=deadline_word(code), button=_("保存期限"), back=back,
        crumb=(*crumb(organisation), back, _("期限"), deadline_word(code)),
        hints={"source": "orgs.hint-source"},
    )  # fmt: skip
    return take(request, DeadlineForm(sent(request), initial=initial), sheet=sheet, step=step)


@require_http_methods(FORM)
def drop_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Go back to the term that is shipped."""
    user, now = user_of(request), today(request)
    row = queries.deadline_rule_for(user, rule_id, now)
    queries.require("manage", user, row.organisation, today=now)
    back = reverse("orgs:deadlines", args=[row.organisation_id])

    def step(values: dict[str, Any]) -> HttpResponse:
        actions.drop_rule(row, reason=values["reason"], actor=actor_of(request))
        messages.success(request, _("已恢复系统自带的期限。"))
        return HttpResponseRedirect(back)

    heading = _("恢复默认期限")
    sheet = Sheet(
        heading=heading, sub=deadline_word(row.code), button=heading, back=back, grave=True,
        crumb=(*crumb(row.organisation), back, _("期限"), heading),
    )  # fmt: skip
    return take(request, ReasonForm(sent(request)), sheet=sheet, step=step)


def deadline_word(code: str) -> str:
    """Return how a deadline is called on the screen."""
    return say(f"orgs.deadline-{dashed(code)}", lang=language())


def read_days(text: str) -> Iterator[actions.DayDraft]:
    """Yield the days that are written one a line: ``2027-02-05至2027-02-11 休 春节``.

    :raises WrongInput: for the first line that is none.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = LINE.fullmatch(line.strip())
        first = _day(match["first"]) if match else None
        last = _day(match["last"] or match["first"]) if match else None
        if match is None or first is None or last is None or not 0 <= (last - first).days < LONGEST:
            raise WrongInput("orgs.calendar-line", field="days", line=number, text=line.strip()[:40])
        for step in range((last - first).days + 1):
            yield actions.DayDraft(first + ONE * step, match["works"] == "班", match["name"].strip()[:40])


def _day(text: str) -> date | None:
    try:
        return date(*map(int, text.split("-")))
    except ValueError:
        return None
