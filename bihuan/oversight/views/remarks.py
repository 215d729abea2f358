"""Remarks on any object: the page of one object's remarks with the form for one more, and taking one's own back."""

from collections.abc import Mapping
from types import MappingProxyType

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.findings.actions.comments import comment, title_of, withdraw_comment
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.forms.beside import RemarkForm
from bihuan.findings.queries.axes import people_here
from bihuan.findings.views.beside_part import remarks_part, say_beside
from bihuan.orgs.edge import user_of
from bihuan.oversight.queries import remarks as queries
from bihuan.web import edge

#: The page of each kind of object that can be remarked on.
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "inspection": "findings:inspection",
        "finding": "findings:finding",
        "problem": "findings:problem",
        "task": "findings:task",
        "evidence": "findings:evidence-piece",
        "institution": "findings:institution",
        "dispatch": "oversight:dispatch",
        "meeting": "oversight:meeting",
        "decision": "oversight:decision",
        "letter": "oversight:letter",
        "round": "oversight:round",
    }
)
#: Objects that show their remarks among their other matters.
BESIDE: Mapping[str, str] = MappingProxyType(
    {"problem": "findings:problem-beside", "task": "findings:task-beside"}
)


@require_http_methods(["GET", "HEAD", "POST"])
def remarks(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show the remarks on an object; take one in."""
    user, today = user_of(request), edge.today(request)
    subject = queries.subject_for(user, kind, pk, today)
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            people = form.ids(people_here(subject.organisation_id, today)) if form.names() else []
            if not form.errors:
                comment(
                    subject, text=form.cleaned_data["text"], mentioned=people,
                    sees=queries.seeing(kind, pk, today), url=reverse("oversight:remarks", args=[kind, pk]),
                    actor=edge.actor_of(request),
                )  # fmt: skip
                messages.success(request, say_beside("done-tell" if people else "done-remark"))
                return HttpResponseRedirect(_place(kind, pk))
        except Invalid as refused:
            form.take(refused.faults)
    context = {
        "remarks": remarks_part(request, subject, form if form.is_bound else None),
        "title": title_of(subject),
        "back": reverse(PAGES[kind], args=[pk]),
        "form": form,
    }
    return render(request, "oversight/remarks.html", context, status=form.status if form.is_bound else 200)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own remark back."""
    row = queries.comment_for(user_of(request), pk, edge.today(request))
    withdraw_comment(row, actor=edge.actor_of(request))
    messages.success(request, say_beside("done-withdraw"))
    return HttpResponseRedirect(_place(row.kind, row.object_id))


def _place(kind: str, pk: int) -> str:
    """Return where the remarks on an object are shown: among its other matters, else on a page of their own."""
    if kind in BESIDE:
        return f"{reverse(BESIDE[kind], args=[pk])}#remarks"
    return reverse("oversight:remarks", args=[kind, pk])
