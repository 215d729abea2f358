"""整改方案 and 填报表 across inspections: how each plan stands, which workbooks are out and who is missing."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bihuan.findings.queries import overviews as queries
from bihuan.findings.queries.sight import reach_of
from bihuan.findings.views.plan_pages import SIGNS, word_of
from bihuan.orgs.edge import sight_of, user_of
from bihuan.web import edge
from bihuan.web.catalogue import say

ROWS = 30


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """List the plan of every live inspection in sight, of one state on demand."""
    seen, state = reach_of(sight_of(request)), request.GET.get("state", "")
    state = state if state in queries.STATES else ""
    page = Paginator(queries.planned_inspections(seen, state=state), ROWS).get_page(request.GET.get("page"))
    rows = [
        {
            "it": one,
            "word": word_of(one.plan) if one.plan else _("没有方案"),
            "css": SIGNS[one.plan.state] if one.plan else "todo",
            "whole": one.inspection.organisation_id in seen.organisations,
        }
        for one in queries.plan_standings(page.object_list, seen)
    ]
    ways = [("", _("全部")), (queries.NONE, _("没有方案"))]
    ways += [
        (one, say(f"plan.state-{one}", lang=edge.language())) for one in queries.STATES if one != queries.NONE
    ]
    context = {"page": page, "rows": rows, "ways": ways, "state": state}
    return render(request, "findings/plans.html", context)


@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """List the periods for which workbooks are out, and who has not returned them."""
    user, today, seen = user_of(request), edge.today(request), reach_of(sight_of(request))
    show = request.GET.get("show", "")
    page = Paginator(queries.periods_seen(user, today, show=show), ROWS).get_page(request.GET.get("page"))
    found = queries.rounds_of(page.object_list, user, today)
    linked = queries.inspections_linked([one.inspection.pk for one in found], seen)
    owners = {one.inspection.organisation_id for one in found}
    kept = frozenset(sight_of(request).writable.filter(descendant__in=owners))
    rows = [
        {
            "it": one,
            "linked": one.inspection.pk in linked,
            "keeps": one.inspection.organisation_id in kept,
            "late": bool(one.missing) and one.due_on is not None and one.due_on < today,
        }
        for one in found
    ]
    ways = [("", _("全部")), (queries.OUT, _("没有交齐")), (queries.LATE, _("过期没有交齐"))]
    context = {"page": page, "rows": rows, "ways": ways, "show": show}
    return render(request, "findings/books/all.html", context)
