"""One form as a page of oversight, and the actions that a button alone takes."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from bihuan.core.paper import Written
from bihuan.findings.actions.saving import Invalid, Overtaken
from bihuan.findings.forms import RowForm
from bihuan.findings.queries import choices
from bihuan.findings.queries.sight import reach_of
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.queries import organisations_seen
from bihuan.oversight.queries.doors import steps_of
from bihuan.oversight.words import told
from bihuan.web import edge
from bihuan.web.forms import put_in

both = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of a form's page: heading, button, where it leads back, what is said when it was done."""

    heading: str
    button: str
    back: str
    form: RowForm
    step: Callable[[RowForm], str]
    done: str
    sub: str = ""
    grave: bool = False


def answer(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Show the form; when it was sent, take the step and lead on, or show all that is wrong."""
    form, status = sheet.form, 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                to = sheet.step(form)
            except Overtaken as overtaken:
                status = 409
                form.add_error(None, told("overtaken"))
                put_in(form, "revision", str(overtaken.row.revision))
            except Invalid as refused:
                form.take(refused.faults)
            else:
                messages.success(request, sheet.done)
                return HttpResponseRedirect(to)
    return render(request, "oversight/sheet.html", {"sheet": sheet, "form": form}, status=status)


def went(request: HttpRequest, said: str, name: str, *args: object) -> HttpResponse:
    """Lead on to a page after a button's act, and say what was done."""
    messages.success(request, said)
    return HttpResponseRedirect(reverse(name, args=args))


def attached(written: Written, name: str) -> HttpResponse:
    """Give a paper as a file to keep."""
    return HttpResponse(
        written.content,
        content_type=written.media_type,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name)
            or "attachment"
        },
    )


def steps_here(request: HttpRequest, unit_id: int) -> frozenset[str]:
    """Return the steps of oversight that the person of the request may take in a unit. Three queries."""
    return steps_of(user_of(request), unit_id, edge.today(request))


def organisations(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the organisations in sight as choices. One query."""
    rows = organisations_seen(sight_of(request)).order_by("position", "pk")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def one_organisation(request: HttpRequest) -> Unit | None:
    """Return the organisation that a page is about: the one asked for, else the first in sight. One query."""
    rows = organisations_seen(sight_of(request)).order_by("position", "pk")
    asked = request.GET.get("organisation", "")
    return (
        rows.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    ) or rows.first()


def inspections(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the inspections in sight as choices."""
    return choices.inspection_choices(reach_of(sight_of(request)))


def people_of(organisation_id: int) -> list[tuple[str, str]]:
    """Return the working accounts with a post in the organisation as choices. One query."""
    posts = Post.objects.filter(unit__links_up__ancestor_id=organisation_id)
    rows = User.objects.filter(is_active=True, posts__in=posts).distinct().order_by("name", "pk")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:300]]


def known_names(organisation_id: int) -> dict[str, int]:
    """Return the account of each name that only one account of the organisation has. One query."""
    found: dict[str, list[int]] = {}
    for pk, name in people_of(organisation_id):
        found.setdefault(name, []).append(int(pk))
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}
