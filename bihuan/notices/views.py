"""Pages of notices: the list, writing one, reading it with its faults, taking it as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.core.checking import check
from bihuan.core.notice_text import compose_notice
from bihuan.core.paper import chinese_date
from bihuan.core.reading import read
from bihuan.core.refusal import NotVisible
from bihuan.findings.queries import inspection_for
from bihuan.formats import read_bytes
from bihuan.formats.papers import write_paper
from bihuan.notices import actions, queries
from bihuan.notices.forms import WithdrawForm, WriteForm
from bihuan.orgs.edge import user_of
from bihuan.orgs.queries import may_write
from bihuan.web import edge
from bihuan.web.catalogue import say

SUFFIXES = ("docx", "pdf", "txt")


@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Show the notices in sight."""
    rows = Paginator(queries.notices_seen(user_of(request), edge.today(request)), 50)
    return render(request, "notices/list.html", {"page": rows.get_page(request.GET.get("page"))})


@login_required
def write(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Ask for the day and write the notice."""
    today = edge.today(request)
    inspection = inspection_for(user_of(request), inspection_id, today)
    queries.require_office(user_of(request), inspection.organisation_id, today)
    form = WriteForm(request.POST or None, initial={"as_of": today})
    if request.method == "POST" and form.is_valid():
        made = actions.write_notice(
            inspection.pk, actor=edge.actor_of(request), as_of=form.cleaned_data["as_of"]
        )
        messages.success(request, _("已写成通报。数字取自登记，截至所选日期，并已记入变更记录。"))
        return redirect("notices:notice", made.pk)
    return render(
        request,
        "notices/write.html",
        {"inspection": inspection, "form": form},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_GET
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show a notice as it stands, and what `check` finds in it."""
    today = edge.today(request)
    found = queries.notice_for(user_of(request), notice_id, today)
    facts = queries.thawed(found.facts)
    text = write_paper(compose_notice(facts), "txt").content
    source = read_bytes("notice.txt", text)
    faults = [
        {
            "severity": fault.severity,
            "message": say(fault.message_code, {**fault.params, "quote": fault.quote}, lang=edge.language()),
            "quote": fault.quote,
            "line": fault.place.line,
        }
        for fault in check(source, read(source), profile="sign")
    ]
    return render(
        request,
        "notices/notice.html",
        {
            "notice": found,
            "facts": facts,
            "paper": compose_notice(facts),
            "signed_on": chinese_date(facts.signed_on) if facts.signed_on else "",
            "faults": faults,
            "writable": may_write(user_of(request), found.organisation_id, today),
            "form": WithdrawForm(),
        },
    )


@login_required
@require_GET
def file(request: HttpRequest, notice_id: int, suffix: str) -> HttpResponse:
    """Give a notice as docx, PDF or txt; `?copy=office` adds the sentence on where the figures come from."""
    found = queries.notice_for(user_of(request), notice_id, edge.today(request))
    if suffix not in SUFFIXES:
        raise NotVisible("notices.not-found")
    paper = compose_notice(queries.thawed(found.facts), office_copy=request.GET.get("copy") == "office")
    written = write_paper(paper, suffix)
    return HttpResponse(
        written.content,
        content_type=written.media_type,
        headers={"Content-Disposition": _attachment(f"{found.title}.{suffix}")},
    )


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


@login_required
@require_POST
def withdraw(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Withdraw a notice with a reason."""
    today = edge.today(request)
    found = queries.notice_for(user_of(request), notice_id, today)
    queries.require_office(user_of(request), found.organisation_id, today)
    actions.withdraw_notice(found.pk, actor=edge.actor_of(request), reason=request.POST.get("reason", ""))
    messages.success(request, _("已撤回。这份通报仍留在变更记录里。"))
    return redirect("notices:list")
