"""The plan of an inspection as a page: state, what it lacks, versions, opinions, changes; a version; a sheet back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.core import plans
from bihuan.core.plans import Gap, Item
from bihuan.core.refusal import NotVisible, Refused
from bihuan.core.source import UnreadableFile
from bihuan.findings import plan_papers
from bihuan.findings.actions import plan_opinions
from bihuan.findings.actions.plan_versions import gaps_of
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.forms import plan as forms
from bihuan.findings.models import Inspection, Plan
from bihuan.findings.queries import choices, doors
from bihuan.findings.queries import plans as queries
from bihuan.findings.queries.sight import Reach, reach_of
from bihuan.findings.views.offers import keeps, may_take
from bihuan.findings.views.plan_asking import change_words
from bihuan.findings.views.plan_sheets import plan_url, speaking
from bihuan.findings.wording import category_word, partial, told
from bihuan.formats import read_bytes
from bihuan.formats.limits import MEGABYTE
from bihuan.formats.papers import write_paper
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.queries import require
from bihuan.web import edge
from bihuan.web.catalogue import say

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_SHOWN, MOST_BYTES = 100, 20 * MEGABYTE
SIGNS = {
    "draft": "todo",
    "opinions": "doing",
    "review": "doing",
    "approved": "done",
    "superseded": "todo",
    "withdrawn": "back",
}
LINE = (plans.DRAFT, plans.OPINIONS, plans.REVIEW, plans.APPROVED)
PAGES = {"finding": "findings:finding", "problem": "findings:problem", "task": "findings:task"}


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how the plan of an inspection stands and what may be done with it."""
    row = doors.inspection_for(user_of(request), pk, edge.today(request))
    seen = reach_of(sight_of(request))
    whole = row.organisation_id in seen.organisations
    found = queries.versions(pk)
    current = next((one for one in found if one.state in (*plans.OPEN, plans.APPROVED)), None)
    office = not row.withdrawn and keeps(request, row.organisation_id)
    context = {
        "row": row,
        "current": current,
        "line": _line(current),
        "versions": [{"plan": one, "word": word_of(one), "css": SIGNS[one.state]} for one in found],
        "before": found[1] if len(found) > 1 else None,
        "locked": current is not None and current.state == plans.APPROVED,
        "heard": current is not None and current.state in plan_opinions.HEARD,
        "whole": whole,
        **_gaps(row, current, whole=whole),
        "opinions": [_opinion(one) for one in queries.opinions_seen(seen, pk)[:MOST_SHOWN]],
        "changes": _changes(seen, pk),
        "office": office,
        "speaks": office or may_take(request, row.organisation_id, *speaking(row.organisation_id, seen)),
        "approves": may_take(request, row.organisation_id, ("approve_plan", row.organisation_id)),
    }
    return render(request, "findings/plan.html", context)


@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one version whole, or how another became it (`against`)."""
    user, today = user_of(request), edge.today(request)
    row = queries.plan_for(user, pk, today)
    seen = reach_of(sight_of(request))
    content = queries.part_of(plans.thawed(row.content), seen, row.organisation_id)
    context: dict[str, Any] = {
        "row": row, "word": word_of(row), "css": SIGNS[row.state],
        "others": [one for one in queries.versions(row.inspection_id) if one.pk != row.pk and one.digest],
        "whole": row.organisation_id in seen.organisations,
    }  # fmt: skip
    against = request.GET.get("against", "")
    if against.isdecimal():
        old = queries.plan_for(user, int(against), today)
        if old.inspection_id != row.inspection_id:
            raise NotVisible("findings.not-found")
        before = queries.part_of(plans.thawed(old.content), seen, row.organisation_id)
        context |= {"old": old, "made": _difference(before, content)}
    else:
        context["items"] = [{"item": one, "facts": _facts(one), "url": _url(one)} for one in content]
    return render(request, "findings/plan_version.html", context)


@require_GET
def file(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """Give a version as docx, PDF, or as the sheet for opinions (xlsx)."""
    row = queries.whole_plan_for(user_of(request), pk, edge.today(request))
    if suffix not in TYPES:
        raise NotVisible("findings.not-found")
    content = plans.thawed(row.content) or queries.content_of(row.inspection_id)
    if suffix == "xlsx":
        made = plan_papers.opinion_sheet(row, content)
    else:
        made = write_paper(plan_papers.paper(row, content), suffix).content
    name = _("%(title)s征求意见表") % {"title": row.title} if suffix == "xlsx" else row.title
    head = content_disposition_header(as_attachment=True, filename=f"{name}.{suffix}") or "attachment"
    return HttpResponse(made, content_type=TYPES[suffix], headers={"Content-Disposition": head})


@require_http_methods(["GET", "HEAD", "POST"])
def import_opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an opinion sheet back: shown whole before anything is registered."""
    user, today = user_of(request), edge.today(request)
    row = queries.whole_plan_for(user, pk, today)
    require("write", user, row.organisation_id, today=today)
    form = forms.WhoseForm(request.POST or None, units=choices.organisation_units(row.organisation_id))
    context: dict[str, Any] = {"row": row, "form": form, "back": plan_url(row.inspection_id)}
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if "carried" in request.POST and form.is_valid():
                return _register(request, row, form)
            context |= _previewed(request, row)
            status = 422 if context.get("faults_said") else 200
        except Invalid as refused:
            form.take(refused.faults)
            context |= {"carried": request.POST.get("carried", "")}
        except (UnreadableFile, Refused) as wrong:
            context["fault"] = say(wrong.code, wrong.params, lang=edge.language())
    return render(request, "findings/plan_opinions_back.html", context, status=status)


def _register(request: HttpRequest, row: Plan, form: forms.WhoseForm) -> HttpResponse:
    whose = form.values()
    many = plan_papers.carried(request.POST["carried"], row, user_of(request).pk)
    made = plan_opinions.give_opinions(row, [{**one, **whose} for one in many], actor=edge.actor_of(request))
    messages.success(request, _("已登记%(count)s条意见。") % {"count": len(made)})
    return HttpResponseRedirect(plan_url(row.inspection_id))


def _previewed(request: HttpRequest, row: Plan) -> dict[str, Any]:
    sent = request.FILES.get("file")
    if sent is None:
        return {"fault": told("sheet-missing")}
    if (sent.size or 0) > MOST_BYTES:
        return {"fault": told("sheet-too-large", most=MOST_BYTES // MEGABYTE)}
    read = plan_papers.read_opinions(read_bytes(str(sent.name or ""), sent.read()), row)
    faults = [
        {
            "cell": one.cell,
            "text": one.text,
            "message": say(one.fault.code, one.fault.params, lang=edge.language()),
        }
        for one in read.faults
    ]
    carried = "" if faults else plan_papers.carry(row, read, user_of(request).pk)
    return {"faults_said": faults, "read": read.opinions, "carried": carried}


def word_of(row: Plan) -> str:
    """Return the word of a plan's state."""
    return say(f"plan.state-{row.state}", lang=edge.language())


def _line(current: Plan | None) -> list[dict[str, str]]:
    at = LINE.index(current.state) if current is not None else -1
    return [
        {
            "word": say(f"plan.state-{state}", lang=edge.language()),
            "css": "now" if n == at else "next" if n > at else "",
        }
        for n, state in enumerate(LINE)
    ]


def _gaps(row: Inspection, current: Plan | None, *, whole: bool) -> dict[str, Any]:
    """Return what the plan lacks, and how many items have changed since it was sent, while it is open."""
    if current is None or current.state not in plans.OPEN or not whole:
        return {"gaps": [], "gap_count": 0, "since": 0}
    content = queries.content_of(row.pk)
    lacking = gaps_of(row, content)
    made = plans.difference(
        plans.thawed(Plan.objects.values_list("content", flat=True).get(pk=current.pk))
        if current.digest
        else content,
        content,
    )
    return {
        "gaps": [{"say": _gap(one), "url": _gap_url(one)} for one in lacking[:MOST_SHOWN]],
        "gap_count": len(lacking),
        "since": len(made.added) + len(made.removed) + len(made.changed),
    }


def _gap(one: Gap) -> str:
    return say(one.code, one.params, lang=edge.language())


def _gap_url(one: Gap) -> str:
    return _url(Item(one.key)) if one.key else ""


def _url(one: Item) -> str:
    return reverse(PAGES[one.kind], args=[one.pk])


def _opinion(row: Any) -> dict[str, Any]:
    word = say(f"plan.answer-{row.answer}", lang=edge.language()) if row.answer else ""
    return {"row": row, "whose": row.unit.name if row.unit else row.body, "answer": word}


def _changes(seen: Reach, inspection_id: int) -> list[dict[str, Any]]:
    found = queries.changes_seen(seen).filter(inspection_id=inspection_id)[:MOST_SHOWN]
    return [{"row": one, "words": change_words(one)} for one in found]


def _facts(one: Item) -> list[tuple[str, str]]:
    """Return the fields of an item as people read them; what is empty is left out."""
    hidden = {"number", "title", "above", "finding", "unit_id", "joint_unit_ids", "first_due_on", "text"}
    found = []
    for name, value in one.fields.items():
        text = field_text(name, value)
        if name not in hidden and text and text != "0":
            found.append((say(f"plan.field-{name}", lang=edge.language()), text))
    return found


def field_text(name: str, value: Any) -> str:
    """Return the value of a plan's field as people read it."""
    if name == "category":
        return category_word(str(value or ""))
    if name.endswith("_on"):
        return partial(str(value or ""))
    if name == "needs":
        return "\n".join(_need_text(one) for one in value or ())
    return plans.lines(value)


def _need_text(one: dict[str, Any]) -> str:
    lang = edge.language()
    words = [say(f"plan.kind-{one['kind']}", lang=lang), say(f"plan.proves-{one['proves']}", lang=lang)]
    words += [say("plan.optional", lang=lang)] if one["optional"] else []
    return f"{one['title']}（{'，'.join(words)}）"


def _difference(before: plans.Content, after: plans.Content) -> dict[str, Any]:
    made = plans.difference(before, after)
    items = {one.key: one for one in (*before, *after)}
    hidden = {"unit_id", "joint_unit_ids", "above", "finding"}
    return {
        "any": bool(made),
        "added": [{"item": one, "url": _url(one), "facts": _facts(one)} for one in made.added],
        "removed": [{"item": one, "facts": _facts(one)} for one in made.removed],
        "changed": [
            {
                "item": items[key],
                "url": _url(items[key]),
                "fields": [
                    {
                        "field": say(f"plan.field-{name}", lang=edge.language()),
                        "parts": plans.marked(field_text(name, old), field_text(name, new)),
                    }
                    for name, (old, new) in fields.items()
                    if name not in hidden
                ],
            }
            for key, fields in made.changed.items()
        ],
    }
