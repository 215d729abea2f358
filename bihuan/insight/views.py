"""The first page after sign-in: 我的工作."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from bihuan.findings.queries.sight import reach_of
from bihuan.insight import queries
from bihuan.orgs.edge import sight_of
from bihuan.web import edge


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person, what is due this week, and how the inspections stand."""
    today = edge.today(request)
    sight = sight_of(request)
    seen = reach_of(sight)
    office = "office" in sight.roles
    tasks = reverse("findings:tasks")
    return render(
        request,
        "insight/home.html",
        {
            "today": today,
            "counts": queries.counts(seen, sight),
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
