"""Lists out and in: exported as xlsx or docx; a sheet that comes back is shown whole before a cell of it is written."""

import base64
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.core.access import OFFICE
from bihuan.core.lists import wish
from bihuan.core.refusal import NotAllowed, NotVisible, Refused
from bihuan.core.source import NO_PARAMS, Params, UnreadableFile
from bihuan.findings.actions.exports import take_out
from bihuan.findings.actions.importing_back import write_back
from bihuan.findings.marking import Marked, marked
from bihuan.findings.queries import choices
from bihuan.findings.queries.sight import Reach, reach_of
from bihuan.findings.queries.writing import REQUIRED
from bihuan.findings.returning import Preview, carried, preview
from bihuan.findings.views.lists import EXPORTED, listing_named
from bihuan.findings.wording import column_word, told
from bihuan.formats import read_bytes
from bihuan.formats.limits import MEGABYTE
from bihuan.orgs.edge import sight_of, user_of
from bihuan.web import edge
from bihuan.web.catalogue import say

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)
MOST_BYTES = 20 * MEGABYTE
MOST_MARKED_BYTES = 8 * MEGABYTE
SHOWN_CHANGES = 300


@require_GET
def export(request: HttpRequest, name: str, suffix: str) -> FileResponse:
    """Export a list as it is filtered, ordered and laid out: all of its rows. That it was taken is sealed."""
    listing = listing_named(name)
    if name not in EXPORTED or suffix not in TYPES:
        raise NotVisible("findings.not-found")
    seen = reach_of(sight_of(request))
    wanted = wish(listing, request.GET.dict())
    made = take_out(seen, wanted, suffix, actor=edge.actor_of(request))
    return FileResponse(made.file, as_attachment=True, filename=made.name, content_type=TYPES[suffix])


@require_http_methods(["GET", "HEAD", "POST"])
def import_back(request: HttpRequest) -> HttpResponse:
    """Ask for a sheet, show what it would change or what is wrong with it, and write it when that was accepted."""
    if OFFICE not in edge.frame_of(request).roles:
        raise NotAllowed("orgs.role-missing")
    seen = reach_of(sight_of(request))
    if request.method != "POST":
        return _page(request, seen)
    if "carried" in request.POST:
        return _commit(request)
    file = request.FILES.get("file")
    if file is None:
        return _page(request, seen, fault=told("sheet-missing"))
    if file.size is None or file.size > MOST_BYTES:
        return _page(request, seen, fault=told("sheet-too-large", most=MOST_BYTES // MEGABYTE))
    chosen = request.POST.get("inspection", "")
    name = str(file.name or "")
    try:
        content = file.read()
        source = read_bytes(name, content)
        made = preview(source, seen, inspection_id=int(chosen) if chosen.isdecimal() else None)
    except (UnreadableFile, Refused) as wrong:
        return _page(request, seen, fault=_told(wrong.code, wrong.params))
    return _shown(request, made, name, content)


def _commit(request: HttpRequest) -> HttpResponse:
    held = carried(request.POST["carried"], user_of(request).pk)
    REQUIRED[held.listing](user_of(request), held.changes.keys(), edge.today(request))
    if "unknown" in request.POST and request.POST.get("unknown") != "left":
        raise Refused("findings.sheet-unknown-open")
    count = write_back(held.listing, held.changes, actor=edge.actor_of(request))
    messages.success(request, told(f"sheet-written-{held.listing}", count=count))
    return HttpResponseRedirect(reverse(f"findings:{held.listing}"))


def _page(request: HttpRequest, seen: Reach, fault: str = "") -> HttpResponse:
    context = {
        "inspections": choices.inspection_choices(seen),
        "fault": fault,
        "most": MOST_BYTES // MEGABYTE,
    }
    return render(request, "findings/import.html", context, status=422 if fault else 200)


def _shown(request: HttpRequest, made: Preview, name: str, content: bytes) -> HttpResponse:
    faults = [
        {
            "cell": fault.cell,
            "column": column_word(made.listing, fault.column) if fault.column.islower() else fault.column,
            "text": fault.text or told("empty-cell"),
            "message": _told(fault.code, fault.params),
            "fix": told(f"fix-{fault.code.removeprefix('findings.')}"),
        }
        for fault in made.faults
    ]
    for fault in faults:
        if fault["fix"].startswith("findings."):
            fault["fix"] = ""
    context = {
        "name": name,
        "made": made,
        "home": reverse(f"findings:{made.listing}"),
        "home_word": told(f"list-{made.listing}"),
        "thing": told(f"thing-{made.listing}"),
        "faults": faults,
        "marked": _marked(made, faults, content) if faults else "",
        "marked_name": f"{told('marked-sheet')}_{name}",
        "fault_rows": len({"".join(filter(str.isdigit, fault.cell)) for fault in made.faults}),
        "changes": [
            {**change, "field": _told(change["field"], NO_PARAMS)} for change in made.changes[:SHOWN_CHANGES]
        ],
        "change_count": len(made.changes),
        "more": max(0, len(made.changes) - SHOWN_CHANGES),
    }
    return render(request, "findings/import_preview.html", context, status=422 if faults else 200)


def _marked(made: Preview, faults: Sequence[Mapping[str, str]], content: bytes) -> str:
    """Return the person's own workbook with its faults marked as an address that holds it; empty when too large.

    So nothing of it stays here: the page that tells the faults is the only place that has it.
    """
    told_of = [
        Marked(
            one["cell"], one["column"], one["text"], told("fault-and-fix", fault=one["message"], fix=one["fix"])
            if one["fix"] else one["message"],
        )
        for one in faults
    ]  # fmt: skip
    file = marked(content, made.sheet, told_of)
    if file is None or len(file) > MOST_MARKED_BYTES:
        return ""
    return f"data:{TYPES['xlsx']};base64,{base64.b64encode(file).decode()}"


def _told(code: str, params: Params) -> str:
    return say(code, params, lang=edge.language())
