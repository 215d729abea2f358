"""The page of other matters of a problem and of a task: blockers, disputes, recusals, recipients, reviews, remarks."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bihuan.audit.models import Event
from bihuan.audit.queries import reason_of
from bihuan.core.accountability import yuan
from bihuan.core.findings import LONG_TERM
from bihuan.core.refusal import NotVisible
from bihuan.files.queries import response
from bihuan.findings.models import Dispute, Problem, Recipient, Task
from bihuan.findings.queries import axes, doors
from bihuan.findings.views.beside_part import Hands, hands, remarks_part
from bihuan.orgs.edge import user_of
from bihuan.orgs.models import User
from bihuan.orgs.queries import own_units
from bihuan.web import edge
from bihuan.web.catalogue import say

ROWS = 50
#: What is shown at most of a list that people write by hand.
MOST = 200


@require_GET
def of_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what stops the tasks of a problem, what is disputed, and the remarks."""
    user, today = user_of(request), edge.today(request)
    problem = doors.problem_for(user, pk, today)
    heads = Task.objects.filter(problem=problem, withdrawn=False).values_list("unit_id", flat=True)
    organisation = problem.organisation_id
    hand = hands(user.pk, {organisation, *(unit for unit in heads if unit)}, today)
    context = {
        "row": problem,
        "disputes": _disputes(problem.disputes.all(), hand),
        "may_dispute": not problem.withdrawn
        and any(hand.may("dispute", unit or organisation) for unit in (None, *heads)),
        **_blockers(problem, hand, every=True),
        "remarks": remarks_part(request, problem),
    }
    return render(request, "findings/beside/problem.html", context)


@require_GET
def of_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what stops a task, what is disputed, who stands aside, who was owed something, reviews, and the remarks."""
    user, today = user_of(request), edge.today(request)
    task = doors.task_for(user, pk, today)
    organisation, unit = task.organisation_id, task.unit_id or task.organisation_id
    hand = hands(user.pk, {organisation, unit}, today)
    live = not task.withdrawn
    ends = hand.may("end-recusal", organisation)
    ours = Dispute.objects.filter(Q(problem=task.problem_id, task=None) | Q(task=pk))
    context = {
        "row": task,
        "disputes": _disputes(ours, hand),
        "may_dispute": live and (hand.may("dispute", unit) or hand.may("dispute", organisation)),
        **_blockers(task.problem, hand, every=False),
        "recusals": [
            {"row": one, "ends": ends and not one.withdrawn and one.person_id != user.pk}
            for one in task.recusals.select_related("person").order_by("withdrawn", "pk")[:MOST]
        ],
        "may_recuse_others": live and hand.may("recuse", organisation),
        "live": live,
        "owed": _recipients(request, task, hand, user, today),
        "reviews": task.reviews.select_related("by").order_by("-pk")[:MOST],
        "long_term": task.state == LONG_TERM,
        "may_review": live and task.state == LONG_TERM and hand.may("review", unit),
        "remarks": remarks_part(request, task),
    }  # fmt: skip
    return render(request, "findings/beside/task.html", context)


@require_GET
def ruling_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the paper of a ruling as it came in."""
    row = axes.dispute_for(user_of(request), pk, edge.today(request))
    if row.file is None:
        raise NotVisible("findings.not-found")
    return response(row.file, name=f"{row.problem.number}-{row.pk}.{row.file.type}")  # type: ignore[return-value]


def _blockers(problem: Problem, hand: Hands, *, every: bool) -> dict[str, Any]:
    """Return the blockers of a problem, open ones first; of a task's page only those."""
    rows = problem.blockers.select_related("raised_by", "lifted_by").order_by("-pk")
    found = list(rows[:MOST] if every else rows.filter(lifted_on=None)[:MOST])
    return {
        "blockers": sorted(found, key=lambda row: row.lifted_on is not None),
        "may_block": hand.may("block", problem.organisation_id) and not problem.withdrawn,
        "may_lift": hand.may("lift", problem.organisation_id),
    }


def _disputes(rows: QuerySet[Dispute], hand: Hands) -> list[dict[str, Any]]:
    found = rows.filter(withdrawn=False).select_related("task", "raised_by", "ruled_by", "file")
    return [
        {
            "row": row,
            "word": say(f"closure.ruling-{row.ruling}", lang=edge.language()) if row.ruling else "",
            "rules": not row.ruling and hand.may("rule", row.organisation_id),
        }
        for row in found.order_by("ruling", "-pk")[:MOST]
    ]


def _recipients(request: HttpRequest, task: Task, hand: Hands, user: User, today: date) -> dict[str, Any]:
    """Return who was owed something, one page of them, for those who may know; how many for nobody else."""
    organisation, unit = task.organisation_id, task.unit_id or task.organisation_id
    if not hand.may("see-names", unit):
        return {"hidden": True}
    rows = Recipient.objects.filter(task=task)
    asks = hand.may("ask", organisation) and task.unit_id not in own_units((user.pk,), today)[user.pk]
    names = not task.withdrawn and hand.may("name", unit)
    page = Paginator(rows.order_by("withdrawn", "-sampled", "pk"), ROWS).get_page(request.GET.get("page"))
    live = Q(withdrawn=False)
    return {
        "page": page,
        "rows": [
            {
                "row": one,
                "amount": yuan(one.amount) if one.amount else "",
                "how": say(f"closure.how-{one.how}", lang=edge.language()) if one.how else "",
                "answers": asks and one.sampled and not one.withdrawn,
                "strikes": names and not one.sampled and not one.withdrawn,
            }
            for one in page.object_list
        ],
        "counts": rows.aggregate(
            named=Count("pk", filter=live),
            drawn=Count("pk", filter=live & Q(sampled=True)),
            got=Count("pk", filter=live & Q(confirmed=True)),
            missed=Count("pk", filter=live & Q(confirmed=False)),
        ),
        "seed": _seed(task),
        "may_name": names,
        "may_ask": asks and not task.withdrawn,
    }


def _seed(task: Task) -> str:
    """Return the seed of the newest draw, as the record has it. One query."""
    drawn = Recipient.objects.filter(task=task, sampled=True)
    events = Event.objects.filter(kind="recipient", action="recipient.draw", object_id__in=drawn.values("pk"))
    event = events.order_by("-seq").first()
    return reason_of(event) if event else ""
