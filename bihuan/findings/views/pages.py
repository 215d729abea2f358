"""The pages of one object: inspection with its tally and tree, finding, problem, task, institution."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from bihuan.core.accountability import READERS
from bihuan.core.findings import BY_HAND
from bihuan.core.refusal import Refused
from bihuan.findings import cells
from bihuan.findings.actions.institutions import places
from bihuan.findings.actions.plan_hands import Place, filling, filling_problem
from bihuan.findings.closure_timeline import task_timeline
from bihuan.findings.models import Inspection, Institution, Problem, Task
from bihuan.findings.queries import axes, doors, lists, tree
from bihuan.findings.queries.accountability import may_account
from bihuan.findings.queries.sight import LIVE, Reach, reach_of
from bihuan.findings.queries.tally import Tally, declared_for, late, tally
from bihuan.findings.timeline import timeline
from bihuan.findings.views.accountability import institution_part
from bihuan.findings.views.closure_part import section
from bihuan.findings.views.offers import keeps, may_take
from bihuan.findings.views.plan_parts import problem_part, task_part
from bihuan.findings.views.progress import progress_part
from bihuan.findings.wording import (
    MARKS,
    OwnWords,
    category_word,
    day,
    partial,
    state_mark,
    state_word,
    tight_day,
    told,
)
from bihuan.orgs.edge import sight_of, user_of
from bihuan.web import edge

Row = TypeVar("Row", Task, Problem, Institution)

#: What a declared key is called in the tally of the register; what has no twin is shown alone.
DECLARED_STATES = ("completed", "basically_completed", "long_term", "not_completed")


@require_GET
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an inspection: dates, tally as of a day, what was declared beside it, the tree."""
    today = edge.today(request)
    row = doors.inspection_for(user_of(request), pk, today)
    seen = reach_of(sight_of(request))
    as_of = _as_of(request, today)
    counted = tally(row, seen, as_of=as_of)
    whole = request.GET.get("print") == "1"
    opened = request.GET.get("open", "")
    branches = tree.tree(row, seen, open_finding=int(opened) if opened.isdecimal() else None, whole=whole)
    tasks_url = f"{reverse('findings:tasks')}?inspection={pk}"
    context = {
        "row": row,
        "kind": row.kind.name_en if edge.language() == "en" else row.kind.name,
        "mode": told(f"mode-{row.mode}"),
        "tally": counted,
        "parts": _parts(counted, tasks_url, today, row.kind.words),
        "tasks_url": tasks_url + _dated(as_of, today),
        "problems_url": f"{reverse('findings:problems')}?inspection={pk}",
        "institutions_url": f"{reverse('findings:institutions')}?inspection={pk}",
        "sum_sentence": told("comma").join(
            f"{state_word(state, row.kind.words)}{count}" for state, count in counted.parts
        ),
        "as_of": as_of,
        "as_of_word": day(as_of),
        "declared": _declared(row, seen, counted),
        "late": row.tasks.filter(seen.below(), late(today), withdrawn__in=LIVE).count(),
        "branches": [_branch(branch, today, row.kind.words) for branch in branches],
        "folded": any(branch.task_count and not branch.problems for branch in branches),
        "line": _line(row, today),
        "accounts": bool(READERS & edge.frame_of(request).roles)
        and may_account(user_of(request), row.organisation_id, today),
        "office": not row.withdrawn and keeps(request, row.organisation_id),
        "history": timeline("inspection", pk),
    }
    return render(request, "findings/inspection.html", context)


@require_GET
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a finding: the words of the document and the problems below."""
    today = edge.today(request)
    row = doors.finding_for(user_of(request), pk, today)
    seen = reach_of(sight_of(request))
    problems = lists.problem_rows(seen, tree.finding_problems(row, seen), ())
    for problem in problems:
        problem["mark"] = (
            _mark(problem["state"], row.inspection.kind.words)
            if problem["state"]
            else cells.declared_word(problem)
        )
    context = {
        "row": row,
        "problems": problems,
        "office": not row.withdrawn and keeps(request, row.organisation_id),
        "history": timeline("finding", pk),
    }
    return render(request, "findings/finding.html", context)


@require_GET
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a problem: the words of the document, what was answered, its tasks, its institutions."""
    today = edge.today(request)
    row = doors.problem_for(user_of(request), pk, today)
    seen = reach_of(sight_of(request))
    shown = tree.problem_tasks(row, seen)
    for task in shown:
        task["mark"] = _mark(task["state"], row.inspection.kind.words)
        task["late"] = (
            told("overdue-days", days=(today - task["due_on"]).days) if tree.is_late(task, today) else ""
        )
        task["due"] = day(task["due_on"], today=today)
        task["category_word"] = category_word(task["category"])
    state = lists.problem_rows(seen, [pk], ())[0]["state"]
    office = not row.withdrawn and keeps(request, row.organisation_id)
    context = {
        "row": row,
        "tasks": shown,
        "mark": _mark(state, row.inspection.kind.words) if state else "",
        "declared_state": row.declared_state,
        "institutions": row.institutions.filter(seen.whole(), withdrawn=False).order_by("pk"),
        "blockers": row.blockers.filter(lifted_on=None).select_related("raised_by").order_by("-pk"),
        "disputes": row.disputes.filter(withdrawn=False).order_by("-pk"),
        "beside": axes.beside_problem(pk),
        "office": office,
        "plan": problem_part(row, fills=office or _fills(request, row, filling_problem)),
        "history": timeline("problem", pk),
    }
    return render(request, "findings/problem.html", context)


@require_GET
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a task: who, until when, how it stands, its steps and what happened to it."""
    today = edge.today(request)
    row = doors.task_for(user_of(request), pk, today)
    own = row.inspection.kind.words
    office = not row.withdrawn and keeps(request, row.organisation_id)
    overdue = tree.is_late({"due_on": row.due_on, "state": row.state}, today)
    context = {
        "row": row,
        "mark": _mark(row.state, own),
        "late": told("overdue-days", days=(today - row.due_on).days) if overdue and row.due_on else "",
        "category": category_word(row.category),
        "due": day(row.due_on),
        "first_due": day(row.first_due_on),
        "joint": tree.JOINT_UNITS.rows(pk),
        "steps": [
            {"row": step, "due": day(step.due_on, today=today), "done": day(step.done_on, today=today)}
            for step in tree.STEPS.rows(pk)
        ],
        "following": [(state, state_word(state, own)) for state in BY_HAND.get(row.state, ())]
        if office
        else [],
        "closure": section(request, row),
        "beside": axes.beside_task(pk),
        "plan": task_part(row, fills=office or _fills(request, row, filling), today=today),
        "progress": progress_part(request, row, office=office),
        "history": task_timeline(pk),
        "office": office,
    }
    return render(request, "findings/task.html", context)


@require_GET
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an institution."""
    row = doors.institution_for(user_of(request), pk, edge.today(request))
    office = not row.withdrawn and keeps(request, row.organisation_id)
    context = {
        "row": row,
        "issued": partial(row.issued_on),
        "life": institution_part(
            row, fills=office or _fills(request, row, places), today=edge.today(request)
        ),
        "office": office,
        "history": timeline("institution", pk),
    }
    return render(request, "findings/institution.html", context)


def _fills(request: HttpRequest, row: Row, places_of: Callable[[Row], list[Place]]) -> bool:
    """Tell whether the person fills in a row that is not withdrawn; the office always does."""
    return not row.withdrawn and may_take(request, row.organisation_id, *places_of(row))


def _as_of(request: HttpRequest, today: date) -> date:
    value = request.GET.get("as_of", "")
    if not value:
        return today
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Refused("findings.not-a-date", value=value[:30]) from None


def _dated(as_of: date, today: date) -> str:
    return "" if as_of == today else f"&as_of={as_of.isoformat()}"


def _mark(state: str, own: OwnWords) -> SafeString:
    """Return shape and word of a state as this kind of inspection words it."""
    return state_mark(state, word=state_word(state, own))


def _parts(counted: Tally, tasks_url: str, today: date, own: OwnWords) -> list[dict[str, Any]]:
    return [
        {
            "css": MARKS[state],
            "word": state_word(state, own),
            "count": count,
            "url": f"{tasks_url}&state={state}{_dated(counted.as_of, today)}",
        }
        for state, count in counted.parts
    ]


def _declared(row: Inspection, seen: Reach, counted: Tally) -> list[dict[str, Any]]:
    """Return what documents declare, each figure beside what the register holds where it counts the same."""
    own: dict[str, int] = {
        "problems": counted.findings, "specific_problems": counted.problems, "tasks": counted.tasks,
        "policies": counted.institutions, **{state: counted.of(state) for state in DECLARED_STATES},
    }  # fmt: skip
    if row.mode == "archive" and not counted.tasks:
        for key in ("tasks", *DECLARED_STATES):
            own.pop(key)  # the document lists none: there is nothing to compare with
    figures = declared_for(row, seen)
    if not any(figure.key == "specific_problems" for figure in figures):
        own["problems"] = counted.problems
    return [
        {
            "word": told(
                "declared-specific_problems"
                if figure.key == "problems" and "具体" in figure.quote
                else f"declared-{figure.key}"
            ),
            "value": figure.value,
            "own": own.get(figure.key),
            "differs": figure.key in own and own[figure.key] != figure.value,
            "quote": figure.quote,
            "line": figure.line,
            "document": figure.document.name,
            "as_of": partial(figure.as_of),
        }
        for figure in figures
    ]


def _line(row: Inspection, today: date) -> list[dict[str, str]]:
    """Return the dates of an inspection in their order; what is not known is left out, nothing is guessed."""
    steps = (
        ("step-stay", row.starts_on, row.ends_on),
        ("step-feedback", row.feedback_on, ""),
        ("step-signed", row.signed_on, ""),
        ("step-published", row.published_on, ""),
    )
    shown = []
    for word, starts, ends in steps:
        if starts or ends:
            until = told("until", day=partial(ends)) if ends else ""
            shown.append(
                {
                    "word": told(word),
                    "day": partial(starts) if starts else until,
                    "until": until if starts else "",
                }
            )
    return shown


def _branch(branch: tree.Branch, today: date, own: OwnWords) -> dict[str, Any]:
    return {
        "row": branch.finding,
        "open": branch.is_open,
        "shown": bool(branch.problems) or not branch.task_count,
        "sum": told("branch-sum", problems=branch.problem_count, tasks=branch.task_count),
        "marks": [
            state_mark(state, word=f"{state_word(state, own)}{count}") for state, count in branch.counts
        ],
        "late": told("overdue-count", count=branch.late) if branch.late else "",
        "rows": _tree_rows(branch, today, own),
    }


def _tree_rows(branch: tree.Branch, today: date, own: OwnWords) -> SafeString:
    """Return the problems and tasks of a finding; made here, as the rows of a list are."""
    problem_url = reverse("findings:problem", args=[0]).removesuffix("0/")
    task_url = reverse("findings:task", args=[0]).removesuffix("0/")
    return format_html_join(
        "",
        '<li><div class="g p"><span class="n">{}</span><a class="t plain" href="{}{}/">{}</a><span class="u"></span>'
        '<span class="d"></span><span class="s">{}</span></div><ul>{}</ul></li>',
        (
            (
                row["number"], problem_url, row["pk"], row["title"].removesuffix("。"),
                cells.declared_word(row) if row["bare"] else _mark(row["state"], own),
                format_html_join(
                    "",
                    '<li><div class="g k"><span class="n">{}</span><a class="t plain" href="{}{}/">{}</a>'
                    '<span class="u">{}</span><span class="d">{}</span><span class="s">{}</span></div></li>',
                    (
                        (
                            one["number"], task_url, one["pk"], one["title"].removesuffix("。"),
                            one["unit__name"] or "", tight_day(one["due_on"], today), _mark(one["state"], own),
                        )
                        for one in row["tasks"]
                    ),
                ),
            )
            for row in branch.problems
        ),
    )  # fmt: skip
