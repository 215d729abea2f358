"""Pages on which a draft is corrected, registered and taken back. Each view makes one call; the door is `draft_for`."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.core.draft_edits import Edit
from bihuan.core.drafting import Node, Tree
from bihuan.core.refusal import NotVisible, Refused
from bihuan.documents.actions import edit_draft, read_again
from bihuan.documents.models import Draft
from bihuan.documents.queries import draft_for, tree_of_draft
from bihuan.findings.actions.registering import aim, register
from bihuan.findings.actions.withdrawing import why_not_withdraw, withdraw
from bihuan.findings.importing import forms, review
from bihuan.findings.importing.preview import preview
from bihuan.findings.models import Inspection, InspectionKind, Problem
from bihuan.orgs.edge import user_of
from bihuan.web import edge
from bihuan.web.catalogue import say

NODE_VERBS = ("change", "split", "merge", "move", "renumber", "skip", "unskip", "assign")
NOT_VALUES = ("csrfmiddlewaretoken", "verb", "revision", "point")


@require_GET
def draft_page(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Show a draft beside its source; a closed one shows what became of it."""
    draft = _draft(request, draft_id)
    if draft.state != "open":
        return _closed(request, draft)
    seen = preview(draft)
    page = review.page_of(
        draft, seen, opened=request.GET.get("open", ""), tasks_page=_number(request.GET.get("page", "1"))
    )
    context = {
        "draft": draft,
        "seen": seen,
        "page": page,
        "root": seen.tree.root,
        "targets": _targets(draft) if draft.mode == "tasks" else (),
        "unknown": [(name, name in seen.new_units) for name in seen.unknown_units],
        "problems": dict(_problems(draft)) if draft.mode == "tasks" else {},
    }
    return render(request, "documents/draft.html", context)


@require_http_methods(["GET", "POST"])
def node_page(request: HttpRequest, draft_id: int, node_id: str) -> HttpResponse:
    """Show the form of one node (alone, or in its place for htmx), and do what it says."""
    draft = _draft(request, draft_id)
    tree = tree_of_draft(draft)
    node = tree.find(node_id)
    if node is None:
        raise NotVisible("documents.edit-node-gone")
    if request.method == "POST":
        edit = _edit(request, node)
        draft = edit_draft(
            draft.pk,
            [edit],
            revision=_number(request.POST.get("revision", "0")),
            actor=edge.actor_of(request),
        )
        return _back(request, draft, node)
    context = {
        "draft": draft,
        "node": node,
        "section": review.section_of(tree, node),
        "tasks_page": review.task_page_of(tree, node),
        "fields": forms.fields_of(node, problems=_problems(draft), kinds=_kinds()),
        "points": forms.split_points(node) if node.kind in ("finding", "problem", "task", "passage") else (),
        "goals": forms.goals(tree, node) if node.kind not in ("inspection", "declared", "unmapped") else (),
        "siblings": forms.siblings(tree, node),
        "mergeable": _mergeable(tree, node),
        "uses": forms.uses(tree, node) if node.kind == "unmapped" else (),
        "faults": [fault for fault in preview(draft).faults if fault.node == node.id],
    }
    part = edge_is_part(request)
    return render(request, "documents/parts/node.html" if part else "documents/node.html", context)


@require_POST
def choose(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Take a choice for the whole draft: what to do with what is there, which units to make, which institutions."""
    draft = _draft(request, draft_id)
    tree = tree_of_draft(draft)
    edits: list[Edit] = []
    for name in ("onto", "again"):
        if name in request.POST:
            edits.append(Edit("change", tree.root.id, {name: request.POST[name]}))
    if "units" in request.POST:
        edits.append(Edit("change", tree.root.id, {"new_units": "\n".join(request.POST.getlist("unit"))}))
    if "institutions" in request.POST:
        ticked = set(request.POST.getlist("institution"))
        edits += [
            Edit("unskip" if node.id in ticked else "skip", node.id)
            for node in tree.of_kind("institution")
            if node.skip == (node.id in ticked)
        ]
    if request.POST.get("mode"):
        edits.append(Edit("mode", tree.root.id, {"mode": request.POST["mode"]}))
    draft = edit_draft(
        draft.pk, edits, revision=_number(request.POST.get("revision", "0")), actor=edge.actor_of(request)
    )
    return redirect("documents:draft", draft.pk)


@require_POST
def choose_target(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Say into which inspection a plan goes."""
    draft = _draft(request, draft_id)
    aim(
        draft.pk,
        _number(request.POST.get("inspection", "0")),
        revision=_number(request.POST.get("revision", "0")),
        actor=edge.actor_of(request),
    )
    return redirect("documents:draft", draft.pk)


@require_POST
def read_anew(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Begin the draft again in another mode."""
    draft = _draft(request, draft_id)
    read_again(
        draft.pk,
        mode=request.POST.get("mode", ""),
        revision=_number(request.POST.get("revision", "0")),
        actor=edge.actor_of(request),
    )
    return redirect("documents:draft", draft.pk)


@require_POST
def register_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Register the draft as it was seen and lead to its inspection."""
    draft = _draft(request, draft_id)
    inspection = register(
        draft.pk, actor=edge.actor_of(request), revision=_number(request.POST.get("revision", "0"))
    )
    goal = reverse("documents:draft", args=[draft.pk])
    told = _told("documents.registered", title=inspection.title)
    link = _told("documents.registered-undo")
    messages.success(request, format_html('{} <a href="{}">{}</a>', told, goal, link))
    return HttpResponseRedirect(_inspection_url(inspection.pk) or goal)


@require_http_methods(["GET", "POST"])
def withdraw_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Ask for the reason and take the import back."""
    draft = _draft(request, draft_id)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        if reason.strip():
            withdraw(draft.pk, actor=edge.actor_of(request), reason=reason)
            messages.success(request, _told("documents.withdrawn-done"))
            return redirect("documents:draft", draft.pk)
    context = {"draft": draft, "why_not": why_not_withdraw(draft), "missing": request.method == "POST"}
    return render(
        request, "documents/withdraw.html", context, status=422 if request.method == "POST" else 200
    )


def _draft(request: HttpRequest, draft_id: int) -> Draft:
    """Return the draft through its door; the navigation stands at the import."""
    request.nav_at = "documents:import"  # type: ignore[attr-defined]
    return draft_for(user_of(request), draft_id, edge.today(request))


def _closed(request: HttpRequest, draft: Draft) -> HttpResponse:
    why_not = why_not_withdraw(draft) if draft.state == "registered" else None
    inspection = Inspection.objects.filter(pk=draft.inspection_id or 0).first()
    context = {
        "draft": draft,
        "why_not": why_not,
        "inspection": inspection,
        "inspection_url": _inspection_url(inspection.pk) if inspection else "",
        "listed": _counted(tree_of_draft(draft)),
    }
    return render(request, "documents/closed.html", context)


def _counted(tree: Tree) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for node in tree.registered():
        found[node.kind] = found.get(node.kind, 0) + 1
    return found


def _edit(request: HttpRequest, node: Node) -> Edit:
    """Return the edit that the posted form says."""
    verb = request.POST.get("verb", "change")
    if verb not in NODE_VERBS:
        raise Refused("documents.edit-unknown", verb=verb[:20])
    values = {name: str(value) for name, value in request.POST.items() if name not in NOT_VALUES}
    if point := request.POST.get("point"):
        name, _, at = point.partition(":")
        values |= {"field": name, "at": at}
    if use := values.pop("use", ""):
        values["as"], _, values["to"] = use.partition(":")
    if verb == "change" and values.get("problem_id") and values["problem_id"] != node.fact("problem_id"):
        values["matched"] = "person"
    return Edit(verb, node.id, values)


def _back(request: HttpRequest, draft: Draft, node: Node) -> HttpResponse:
    """Lead to the review page where the node stands (or stood)."""
    tree = tree_of_draft(draft)
    here = tree.find(node.id) or tree.find(node.parent) or tree.root
    address = reverse("documents:draft", args=[draft.pk])
    goal = f"{address}?open={review.section_of(tree, here)}&page={review.task_page_of(tree, here)}#{here.id}"
    if edge_is_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": goal})
    return HttpResponseRedirect(goal)


def edge_is_part(request: HttpRequest) -> bool:
    """Return whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def _mergeable(tree: Tree, node: Node) -> Node | None:
    """Return the sibling that a node would be merged into."""
    if node.kind in ("inspection", "declared", "unmapped"):
        return None
    of_kind = [one for one in tree.nodes if one.parent == node.parent and one.kind == node.kind]
    at = next(at for at, one in enumerate(of_kind) if one.id == node.id)
    return of_kind[at - 1] if at else None


def _problems(draft: Draft) -> list[tuple[str, str]]:
    rows = Problem.objects.filter(inspection_id=draft.inspection_id or 0, withdrawn=False).order_by(
        "position"
    )
    return [(str(pk), f"{number} {title}") for pk, number, title in rows.values_list("pk", "number", "title")]


def _kinds() -> list[tuple[str, str]]:
    names = InspectionKind.objects.order_by("position").values_list("name", flat=True)
    return [(name, name) for name in names]


def _targets(draft: Draft) -> list[Inspection]:
    rows = Inspection.objects.filter(organisation_id=draft.organisation_id, mode="live", withdrawn=False)
    return list(rows.order_by("-feedback_on", "-pk")[:50])


def _inspection_url(pk: int) -> str:
    try:
        return reverse("findings:inspection", args=[pk])
    except NoReverseMatch:
        return ""


def _told(code: str, **params: Any) -> str:
    return say(code, params, lang=edge.language())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
