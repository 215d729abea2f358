"""Pages of the assessment form: begin, score beside the facts, the rows behind a fact, conclude, take out."""

import io
from datetime import date
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.core import assessment as core
from bihuan.core.refusal import NotVisible, Refused
from bihuan.core.source import UnreadableFile
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import Inspection
from bihuan.findings.queries.doors import inspection_for
from bihuan.findings.queries.sight import LIVE, reach_of
from bihuan.formats.papers import write_paper
from bihuan.formats.table_file import read_table
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.queries import why_not_acting
from bihuan.oversight.actions import assessments as actions
from bihuan.oversight.models import Assessment
from bihuan.oversight.queries import assessments as queries
from bihuan.web import edge
from bihuan.web.catalogue import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
both = require_http_methods(["GET", "HEAD", "POST"])


@both
def assessments(request: HttpRequest) -> HttpResponse:
    """Show the assessments in sight and begin one."""
    user, today = user_of(request), edge.today(request)
    seen = reach_of(sight_of(request))
    may = [
        pk
        for pk in (seen.organisations if sight_of(request).roles & {"superior", "supervision"} else ())
        if why_not_acting(queries.STEP, user.pk, pk, today=today) is None
    ]
    fault, status = "", 200
    if request.method == "POST":
        try:
            made = _begun(request)
        except (Invalid, UnreadableFile) as refused:
            fault, status = say(refused.code, refused.params, lang=edge.language()), 422
        else:
            return redirect("oversight:assessment", made.pk)
    inspections = Inspection.objects.filter(organisation__in=may, mode="live", withdrawn__in=LIVE).order_by(
        "-feedback_on"
    )
    context = {
        "rows": list(queries.assessments_seen(seen)[:100]),
        "inspections": list(inspections) if may else [],
        "today": today,
        "fault": fault,
    }
    return render(request, "oversight/assessments.html", context, status=status)


@both
def assessment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form: facts, marks, reasons; take the marks that were given."""
    user, today = user_of(request), edge.today(request)
    row = queries.assessment_for(user, pk, today, write=request.method == "POST")
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            count = actions.give_scores(row, _given(request, row), actor=edge.actor_of(request))
        except Invalid as refused:
            faults = {
                one.field.partition("-")[2]: say(one.code, one.params, lang=edge.language())
                for one in refused.faults
            }
        else:
            messages.success(request, _("已保存%(count)s项评分。") % {"count": count})
            return redirect("oversight:assessment", pk)
    filled = form_of(row)
    may = (
        row.state == core.SCORING
        and why_not_acting(queries.STEP, user.pk, row.organisation_id, today=today) is None
    )
    counted = facts_of(row)
    lines = [
        {
            "indicator": one,
            "group": core.GROUP_WORDS.get(one.group, one.group),
            "facts": [(fact, fact_word(fact, edge.language()), counted.get(fact, 0)) for fact in one.facts],
            "mark": request.POST.get(f"mark-{one.code}", "" if tenths is None else core.marks(tenths)),
            "reason": request.POST.get(f"reason-{one.code}", reason),
            "fault": faults.get(one.code, ""),
        }
        for one, _facts, tenths, reason in filled.lines
    ]
    total = filled.total
    context = {
        "row": row,
        "lines": lines,
        "may": may,
        "faults": faults,
        "total": total,
        "given": core.marks(total.given),
        "full": core.marks(total.full),
        "untrue": filled.untrue,
        "veto_from": filled.veto_from,
        "veto_source": filled.veto_source,
        "groups": [
            (core.GROUP_WORDS.get(group, group), core.marks(one), core.marks(full))
            for group, one, full in total.groups
        ],
    }
    return render(request, "oversight/assessment.html", context, status=422 if faults else 200)


@require_GET
def assessment_rows(request: HttpRequest, pk: int, fact: str) -> HttpResponse:
    """Show the rows behind a fact."""
    row = queries.assessment_for(user_of(request), pk, edge.today(request))
    found = [
        (one.text, reverse(one.to, args=[one.pk]) if one.to else "")
        for one in queries.rows(fact, row.inspection, row.as_of)
    ]
    word = fact_word(fact, edge.language())
    return render(request, "oversight/assessment_rows.html", {"row": row, "word": word, "rows": found})


@require_POST
def assessment_conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Conclude the assessment."""
    row = queries.assessment_for(user_of(request), pk, edge.today(request), write=True)
    actions.conclude_assessment(row, opinion=request.POST.get("opinion", ""), actor=edge.actor_of(request))
    messages.success(request, _("评估表已形成结论，登记情况随之固定。"))
    return redirect("oversight:assessment", pk)


@require_GET
def assessment_file(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """Give the form as docx, PDF or xlsx."""
    row = queries.assessment_for(user_of(request), pk, edge.today(request))
    filled = form_of(row)
    if suffix == "xlsx":
        return _file(_workbook(filled), f"{row.title}.xlsx", XLSX)
    if suffix not in ("docx", "pdf"):
        raise NotVisible("assessment.not-found")
    written = write_paper(core.compose_assessment(filled), suffix)
    return _file(written.content, f"{row.title}.{suffix}", written.media_type)


def facts_of(row: Assessment) -> dict[str, int]:
    """Return the facts of an assessment: frozen when concluded, else as the register has them now."""
    if row.facts is None:
        names = [fact for one in row.indicators for fact in one["facts"]]
        row.facts = queries.counts([*names, "untrue"], row.inspection, row.as_of)
    return dict(row.facts)


def form_of(row: Assessment) -> core.Filled:
    """Return an assessment as it stands. A query a fact, one for the scores."""
    facts = facts_of(row)
    indicators = core.thawed(row.indicators)
    scores = {one.indicator: one for one in row.scores.filter(current=True)}
    lines = tuple(
        (
            one,
            "，".join(f"{fact_word(fact, 'zh-Hans')}{facts.get(fact, 0)}" for fact in one.facts),
            scores[one.code].tenths if one.code in scores else None,
            scores[one.code].reason if one.code in scores else "",
        )
        for one in indicators
    )
    untrue = facts.get("untrue", 0)
    veto_from, veto_source = queries.veto_of(row)
    marks = {code: one.tenths for code, one in scores.items()}
    total = core.summed(indicators, marks, untrue=untrue, veto_from=veto_from)
    subject = f"{row.inspection.title}，登记情况截至{row.as_of}。"
    signed = row.concluded_on.isoformat() if row.concluded_on else ""
    return core.Filled(row.title, subject, lines, total, untrue, veto_from, veto_source, row.opinion, signed)


def fact_word(fact: str, lang: str) -> str:
    """Return the words of a fact."""
    return say(f"assessment.fact-{fact.replace('_', '-')}", lang=lang)


def _begun(request: HttpRequest) -> Assessment:
    pk = request.POST.get("inspection", "")
    inspection = inspection_for(
        user_of(request), int(pk) if pk.isdecimal() and len(pk) < 18 else 0, edge.today(request)
    )
    queries.require_scorer(user_of(request).pk, inspection.organisation_id, edge.today(request))
    indicators: tuple[core.Indicator, ...] = core.INDICATORS
    if (upload := request.FILES.get("indicators")) is not None:
        try:
            indicators = core.read_indicators(read_table(upload.name or "", upload.read()))
        except Refused as refused:
            raise UnreadableFile(refused.code, **dict(refused.params)) from refused
    try:
        as_of = date.fromisoformat(request.POST.get("as_of", ""))
    except ValueError:
        as_of = edge.today(request)
    title = request.POST.get("title", "")
    return actions.begin_assessment(
        inspection, title=title, as_of=as_of, indicators=indicators, actor=edge.actor_of(request)
    )


def _given(request: HttpRequest, row: Assessment) -> dict[str, tuple[int | None, str]]:
    """Return the lines in which a mark or a reason stands."""
    given = {}
    for one in row.indicators:
        mark = request.POST.get(f"mark-{one['code']}", "").strip()
        reason = request.POST.get(f"reason-{one['code']}", "").strip()
        if mark or reason:
            given[one["code"]] = (core.tenths_of(mark), reason)
    return given


def _workbook(filled: core.Filled) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("评估表")
    head, body = (
        book.add_format({"bold": True, "border": 1}),
        book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
    )
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    sheet.merge_range(0, 0, 0, 6, "", title)
    sheet.write_string(0, 0, filled.title, title)
    sheet.write_string(1, 0, filled.subject)
    for at, (word, width) in enumerate(
        (
            ("代码", 7),
            ("类别", 10),
            ("指标", 34),
            ("分值", 7),
            ("登记情况", 34),
            ("得分", 7),
            ("评分理由", 40),
        )
    ):
        sheet.set_column(at, at, width)
        sheet.write_string(2, at, word, head)
    for line, (one, facts, tenths, reason) in enumerate(filled.lines, 3):
        for at, text in (
            (0, one.code),
            (1, core.GROUP_WORDS.get(one.group, one.group)),
            (2, one.title),
            (4, facts),
            (6, reason),
        ):
            sheet.write_string(line, at, text, body)
        sheet.write_number(line, 3, one.full, body)
        if tenths is None:
            sheet.write_blank(line, 5, None, body)
        else:
            sheet.write_number(line, 5, tenths / 10, body)
    last = 3 + len(filled.lines)
    sheet.write_string(last, 2, "合计", head)
    sheet.write_number(last, 3, filled.total.full / 10, head)
    sheet.write_number(last, 5, filled.total.given / 10, head)
    sheet.write_string(
        last + 1, 2, f"查实不实事实{filled.untrue}项{'，一票否决' if filled.total.vetoed else ''}"
    )
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.close()
    return file.getvalue()


def _file(content: bytes, name: str, type_: str) -> HttpResponse:
    head: Any = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=type_, headers={"Content-Disposition": head})
