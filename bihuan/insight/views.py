"""The first page after sign-in: 我的工作."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from bihuan.insight import queries
from bihuan.orgs.edge import sight_of
from bihuan.web import edge


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person, what is due this week, and how the inspections stand."""
    today = edge.today(request)
    seen = sight_of(request)
    standings = queries.standings(seen)
    tasks = reverse("findings:tasks")
    return render(
        request,
        "insight/home.html",
        {
            "today": today,
            "counts": queries.counts(seen, today),
            "due": queries.due(seen, today),
            "drafts": queries.drafts(seen)[:5] if "office" in seen.roles else (),
            "office": "office" in seen.roles,
            "standings": [
                {
                    "inspection": one.inspection,
                    "total": one.total,
                    "shares": [
                        (
                            state,
                            number,
                            f"{tasks}?inspection={one.inspection.pk}&state={state}"
                            if one.inspection.mode == "live"
                            else "",
                        )
                        for state, number in one.shares
                    ],
                }
                for one in standings
            ],
        },
    )
