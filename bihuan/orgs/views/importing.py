"""The directory from a sheet on the page: template, preview with every fault, commit, and the codes to hand out."""

from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.refusal import Refused
from bihuan.core.source import UnreadableFile
from bihuan.formats import read_bytes
from bihuan.formats.limits import FILE_BYTES, MEGABYTE
from bihuan.orgs import actions, queries
from bihuan.orgs.edge import KIND_WORDS, ROLE_WORDS, user_of
from bihuan.orgs.forms.charge import DirectoryFileForm
from bihuan.orgs.importing.carried import carried, carry
from bihuan.orgs.importing.plan import Plan, plan, standing
from bihuan.orgs.importing.sheet import COLUMNS, Sheet, read_sheet, template
from bihuan.orgs.models import Unit, User
from bihuan.orgs.views.charge import organisation_of
from bihuan.web.catalogue import say
from bihuan.web.edge import actor_of, language, today

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Take a sheet and show what it would write, with every fault by row and column."""
    organisation = importer(request, unit_id)
    form = DirectoryFileForm(request.POST or None, request.FILES or None)
    context = {"organisation": organisation, "at": "import", "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "orgs/import.html", context, status=422 if form.is_bound else 200)
    upload, mode = form.cleaned_data["file"], form.cleaned_data["mode"]
    try:
        read = read_upload(upload.name or "", upload.size or 0, upload)
    except (Refused, UnreadableFile) as fault:
        form.add_error("file", say(fault.code, fault.params, lang=language()))
        return render(request, "orgs/import.html", context, status=422)
    made = planned(organisation, read, mode=mode, user=user_of(request), request=request)
    held = "" if made.faults else carry(
        read.rows, organisation_id=organisation.pk, mode=mode, user_id=user_of(request).pk
    )  # fmt: skip
    faults = [
        (one, COLUMNS[one.column][0], say(one.code, one.params, lang=language()))
        for one in made.faults[:MOST_SHOWN]
    ]
    context |= {
        "plan": made, "faults": faults, "rows": len(read.rows), "unknown": read.unknown, "carried": held,
        "fault_rows": len({one.row for one in made.faults}), "mode": mode,
        "changed": len(made.changed_people) + len(made.changed_units),
    }  # fmt: skip
    return render(request, "orgs/import_preview.html", context, status=422 if made.faults else 200)


@never_cache
@require_POST
def commit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Write what the preview showed, and show the start codes of new accounts once."""
    organisation = importer(request, unit_id)
    user = user_of(request)
    rows, mode = carried(request.POST.get("carried", ""), organisation_id=organisation.pk, user_id=user.pk)
    done = actions.import_directory(organisation, rows, mode=mode, actor=actor_of(request))
    context = {
        "organisation": organisation, "done": done, "site": request.build_absolute_uri(reverse("orgs:code")),
    }  # fmt: skip
    return render(request, "orgs/import_done.html", context)


@require_safe
def sheet_template(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Give the sheet to fill in."""
    importer(request, unit_id)
    return HttpResponse(
        template_bytes(),
        content_type=XLSX,
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=_("单位人员模板.xlsx")
            )
            or "attachment"
        },
    )


def template_bytes() -> bytes:
    """Return the template in the language of the page."""
    roles = [str(word) for code, word in ROLE_WORDS.items() if not code.endswith("_admin")]
    lines = [say(f"orgs.template-{n}", {"roles": "、".join(roles)}, lang=language()) for n in range(1, 8)]
    return template([str(word) for word in KIND_WORDS.values()], roles, lines)


def read_upload(name: str, size: int, file: "File[bytes]") -> Sheet:
    """Return the rows of a file that was sent.

    :raises Refused: when it is too large, or no sheet of ours.
    :raises UnreadableFile: when it cannot be read.
    """
    if size > FILE_BYTES:
        raise Refused("orgs.import-too-large", most=FILE_BYTES // MEGABYTE)
    return read_sheet(read_bytes(name, file.read()))


def planned(organisation: Unit, read: Sheet, *, mode: str, user: User, request: HttpRequest) -> Plan:
    """Return what a sheet would write for this person today."""
    day = today(request)
    return plan(
        read.rows, standing(organisation, read.rows, user_id=user.pk, today=day), mode=mode, today=day
    )


def importer(request: HttpRequest, unit_id: int) -> Unit:
    """Return an organisation in sight whose accounts the person who asks manages.

    :raises NotAllowed: for everybody else.
    """
    organisation = organisation_of(request, unit_id)
    queries.require("accounts", user_of(request), organisation, today=today(request))
    return organisation
