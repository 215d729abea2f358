"""Pages of workbooks: given out for a period, returned together, compared, and taken over as accepted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.core.refusal import NotVisible, Refused
from bihuan.core.workbook_merge import Said, UnitMerge
from bihuan.findings import forms
from bihuan.findings.actions import workbooks as actions
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.book_words import book_name, content, reminder, say_books, tell, value_word
from bihuan.findings.forms.progress import PeriodForm
from bihuan.findings.models import Inspection, Workbook
from bihuan.findings.queries import doors
from bihuan.findings.queries import workbooks as queries
from bihuan.findings.views.exchange import TYPES
from bihuan.findings.views.sheets import Sheet, answer
from bihuan.formats.limits import MEGABYTE
from bihuan.formats.workbook_xlsx import write
from bihuan.formats.zip_stream import stream
from bihuan.orgs.edge import user_of
from bihuan.web import edge

MOST_BYTES = 100 * MEGABYTE


@require_http_methods(["GET", "HEAD", "POST"])
def books(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the periods of an inspection, who has returned and the reminder; make the workbooks of a period."""
    inspection = doors.inspection_for(user_of(request), pk, edge.today(request), write=True)
    form = PeriodForm(request.POST or None, initial={"period": _usual(edge.today(request))})
    if form.is_bound and form.is_valid():
        values = form.values()
        try:
            made = actions.make_workbooks(
                inspection, values["period"], values["due_on"], actor=edge.actor_of(request)
            )
        except Invalid as refused:
            form.take(refused.faults)
        else:
            told = say_books("made", count=len(made)) if made else say_books("made-none")
            messages.success(request, told)
            return HttpResponseRedirect(_books(pk, values["period"].strip()))
    return _page(request, inspection, form)


@require_GET
def pack(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Give the workbooks of a period as one zip."""
    inspection = doors.inspection_for(user_of(request), pk, edge.today(request), write=True)
    return pack_answer(inspection, request.GET.get("period", ""), request)


def pack_answer(inspection: Inspection, period: str, request: HttpRequest) -> StreamingHttpResponse:
    """Return the zip of a period, written while it is sent.

    :raises NotVisible: when nothing was given out for it.
    """
    rows = list(queries.workbooks_of(inspection.pk, period))
    if not rows:
        raise NotVisible("findings.not-found")
    entries = ((book_name(row), _written(row)) for row in rows)
    found = StreamingHttpResponse(stream(entries, at=edge.now(request)), content_type="application/zip")
    name = f"{say_books('pack-name', period=period)}.zip".replace("/", "-")
    found.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return found


@require_GET
def book_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a workbook as it was given out."""
    return book_answer(queries.workbook_for(user_of(request), pk, edge.today(request)))


def book_answer(row: Workbook) -> HttpResponse:
    """Return the xlsx of a workbook."""
    (data,) = _written(row)
    found = HttpResponse(data, content_type=TYPES["xlsx"])
    found.headers["Content-Disposition"] = content_disposition_header(True, book_name(row)) or ""
    return found


@require_POST
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what returned files would bring, or write what was accepted of it."""
    inspection = doors.inspection_for(user_of(request), pk, edge.today(request), write=True)
    period = request.POST.get("period", "")
    if "carried" in request.POST:
        return _commit(request, inspection, period)
    files = request.FILES.getlist("files")
    try:
        made = actions.preview(inspection, period, sent(files), actor=edge.actor_of(request))
    except NotVisible:
        raise
    except Refused as refusal:
        form = PeriodForm(initial={"period": _usual(edge.today(request))})
        return _page(request, inspection, form, period=period, fault=tell(refusal))
    return _shown(request, inspection, made)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the workbooks of a period that were not returned."""
    inspection = doors.inspection_for(user_of(request), pk, edge.today(request), write=True)
    period = request.GET.get("period", "")
    if not queries.workbooks_of(pk, period).filter(returned_on=None).exists():
        raise NotVisible("findings.not-found")

    def save(values: dict[str, Any], revision: int) -> str:
        rows = actions.withdraw_workbooks(inspection, period, values["reason"], actor=edge.actor_of(request))
        messages.success(request, say_books("books-withdrawn", count=len(rows)))
        return _books(pk)

    form = forms.ReasonForm(request.POST or None)
    heading = say_books("withdraw-books", period=period)
    return answer(request, Sheet(heading, _books(pk, period), form, save, go="withdraw"))


def sent(files: Sequence[Any]) -> list[tuple[str, bytes]]:
    """Return uploaded files by name.

    :raises Refused: when they are too large together.
    """
    if sum(file.size or 0 for file in files) > MOST_BYTES:
        raise Refused("books.too-large", most=MOST_BYTES // MEGABYTE)
    return [(str(file.name or ""), file.read()) for file in files]


def accepted_of(picked: Mapping[str, str], units: list[str] | None, made: list[int]) -> actions.Accepted:
    """Return what was accepted: `units` are ticked, of those `made`; choices are ``task-ID`` and ``step-ID``."""
    choices: dict[str, dict[int, int]] = {"task": {}, "step": {}}
    for name, value in picked.items():
        kind, _, key = name.partition("-")
        if kind in choices and key.isdecimal() and value.lstrip("-").isdecimal():
            choices[kind][int(key)] = int(value)
    left = frozenset(pk for pk in made if units is not None and str(pk) not in units)
    return actions.Accepted(left, choices["task"], choices["step"])


def _commit(request: HttpRequest, inspection: Inspection, period: str) -> HttpResponse:
    made = [int(pk) for pk in request.POST.getlist("made") if pk.isdecimal()]
    accepted = accepted_of(request.POST.dict(), request.POST.getlist("units"), made)
    done = actions.take_returned(inspection, request.POST["carried"], accepted, actor=edge.actor_of(request))
    if done.units:
        told = say_books("written", reports=done.reports, steps=done.steps, units=done.units)
    else:
        told = say_books("written-none")
    messages.success(request, told)
    return HttpResponseRedirect(_books(inspection.pk, period))


def _page(
    request: HttpRequest, inspection: Inspection, form: PeriodForm, *, period: str = "", fault: str = ""
) -> HttpResponse:
    found = queries.periods(inspection.pk)
    wanted = period or request.GET.get("period", "")
    current = next((one for one in found if one.name == wanted), found[0] if found else None)
    rows = list(queries.workbooks_of(inspection.pk, current.name)) if current else []
    context = {
        "row": inspection, "form": form, "periods": found, "current": current, "rows": rows, "fault": fault,
        "reminder": reminder(inspection, current.name, current.due_on, rows) if current else "",
        "most": MOST_BYTES // MEGABYTE,
    }  # fmt: skip
    status = 422 if fault or form.is_bound else 200
    return render(request, "findings/books/books.html", context, status=status)


def _shown(request: HttpRequest, inspection: Inspection, made: actions.Preview) -> HttpResponse:
    units = [_unit(one) for one in made.merge.units]
    context = {
        "row": inspection,
        "made": made,
        "units": units,
        "answers": sum(len(one.tasks) + len(one.steps) for one in made.merge.units),
        "conflicts": sum(len(one.conflicts) + len(one.step_conflicts) for one in made.merge.units),
        "others": [(name, tell(note), note.left) for name, note in made.merge.others],
        "back": _books(inspection.pk, made.period),
    }
    return render(request, "findings/books/returned.html", context)


def _unit(one: UnitMerge) -> dict[str, Any]:
    said = [
        *(_line("task", pk, found, one.given.tasks[pk]) for pk, found in one.tasks.items()),
        *(_line("step", pk, found, one.given.steps[pk]) for pk, found in one.steps.items()),
    ]
    return {
        "given": one.given,
        "files": [name for name, _ in one.files],
        "notes": [(name, note.cell, tell(note), note.left) for name, note in one.notes],
        "lines": [line for line in said if not line["open"]],
        "open": [line for line in said if line["open"]],
        "same": one.same,
    }


def _line(kind: str, pk: int, said: tuple[Said, ...], cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": f"{kind}-{pk}",
        "number": cells.get("number", ""),
        "title": cells.get("title", ""),
        "open": len(said) > 1,
        "said": [
            {
                **value_word(one.value),
                "held": one.held,
                "files": say_books("comma").join(name for name, _ in one.places),
            }
            for one in said
        ],
    }


def _written(row: Workbook) -> tuple[bytes]:
    return (write(content(row, queries.given_of([row])[0])),)


def _books(pk: int, period: str = "") -> str:
    address = reverse("findings:workbooks", args=[pk])
    return f"{address}?{urlencode({'period': period})}" if period else address


def _usual(today: date) -> str:
    return say_books("usual-period", year=today.year, month=today.month)
