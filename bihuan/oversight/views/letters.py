"""Pages of slips and letters: the list, what the ladder proposes, one letter from draft to close."""

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.core.letters import AWAITED, DRAFT, KINDS, STATES, compose_letter
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.core.register import FieldFault
from bihuan.files.store import path_of
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import Task
from bihuan.findings.queries.choices import organisation_units
from bihuan.findings.queries.sight import LIVE, reach_of
from bihuan.formats.papers import write_paper
from bihuan.orgs.edge import sight_of, user_of
from bihuan.oversight.actions import letters as actions
from bihuan.oversight.actions.replies import Reply, judge_reply, reply_to, stored
from bihuan.oversight.forms.letters import (
    CloseForm,
    DeliverForm,
    JudgeForm,
    LetterForm,
    NewLetterForm,
    ReplyForm,
    kinds_for,
)
from bihuan.oversight.forms.sittings import WhyForm
from bihuan.oversight.models import Letter
from bihuan.oversight.queries import doors
from bihuan.oversight.queries.letters import facts_of, number_of, overdue, proposals
from bihuan.oversight.queries.rules import rules_of
from bihuan.oversight.views import sheets
from bihuan.oversight.words import told
from bihuan.web import edge


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """Show the letters in sight, by kind or state; ``show=late`` those whose reply is overdue."""
    today = edge.today(request)
    rows = doors.letters_seen(reach_of(sight_of(request)))
    kind, show = request.GET.get("kind", ""), request.GET.get("show", "")
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    if show == "late":
        rows = rows.filter(overdue(today))
    elif show in STATES:
        rows = rows.filter(state=show)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    organisation = sheets.one_organisation(request)
    steps = sheets.steps_here(request, organisation.pk) if organisation else frozenset()
    rules = rules_of(organisation.pk, today) if organisation else rules_of(0, today)
    context = {
        "page": page,
        "rows": [letter_row(row, number_of(row, rules), today) for row in page],
        "kinds": [(key, told(f"letter-{key}")) for key in KINDS],
        "states": [
            ("late", told("letter-late")),
            *((state, told(f"letter-state-{state}")) for state in STATES),
        ],
        "kind": kind,
        "show": show,
        "issues": bool(steps & {"write", "supervise"}),
        "supervises": "supervise" in steps,
    }
    return render(request, "oversight/letters.html", context)


@sheets.both
def proposed(request: HttpRequest) -> HttpResponse:
    """Show the slips that the ladder asks for; issue those that a person chose."""
    today = edge.today(request)
    organisation = sheets.one_organisation(request)
    if organisation is None:
        raise NotVisible("oversight.not-found")
    if request.method == "POST":
        made = actions.issue_proposed(organisation, request.POST.getlist("key"), actor=edge.actor_of(request))
        said = _("已签发%(n)s份督办单，请登记送达。") % {"n": len(made)}
        return sheets.went(request, said, "oversight:letters")
    rules = rules_of(organisation.pk, today)
    rows = [
        {
            "one": one,
            "kind": told(f"letter-{one.rung.kind}"),
            "css": {"red": "late", "yellow": "back"}.get(one.rung.kind, ""),
            "to": told("comma").join(told(f"recipient-{role}") for role in one.rung.to),
        }
        for one in proposals(organisation, today, rules)
    ]
    context = {
        "organisation": organisation,
        "rows": rows,
        "source": rules.source("ladder"),
        "supervises": "supervise" in sheets.steps_here(request, organisation.pk),
    }
    return render(request, "oversight/proposals.html", context)


@sheets.both
def new(request: HttpRequest) -> HttpResponse:
    """Draft a letter."""
    organisation = sheets.one_organisation(request)
    if organisation is None:
        raise NotVisible("oversight.not-found")
    steps = sheets.steps_here(request, organisation.pk)
    if not steps & {"write", "supervise"}:
        doors.acting("write", edge.actor_of(request), organisation.pk)
    form = NewLetterForm(
        request.POST or None,
        initial={"tasks": request.GET.get("tasks", ""), "organisation_id": organisation.pk},
        kinds=kinds_for(steps),
        units=organisation_units(organisation.pk),
        organisations=sheets.organisations(request),
    )

    def step(form: Any) -> str:
        values = form.values()
        owner = doors.organisation_for(user_of(request), values.pop("organisation_id"), edge.today(request))
        ids = _task_ids(owner.pk, values.pop("tasks"))
        row = actions.draft_letter(owner, values, task_ids=ids, actor=edge.actor_of(request))
        return _page(row)

    sheet = sheets.Sheet(
        _("起草督办单或函"),
        _("存为草稿"),
        reverse("oversight:letters"),
        form,
        step,
        _("已存为草稿，签发后才编号。"),
    )
    return sheets.answer(request, sheet)


@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a letter as its paper says it, its way, the replies, and what this person may do."""
    today = edge.today(request)
    row = doors.letter_for(user_of(request), pk, today)
    facts = facts_of(row, today)
    issues = KINDS[row.kind].step in sheets.steps_here(request, row.organisation_id)
    replies = list(row.replies.select_related("replied_by", "file").order_by("pk"))
    waits = row.state in AWAITED
    context = {
        "row": row,
        "facts": facts,
        "paper": compose_letter(facts),
        "kind": told(f"letter-{row.kind}"),
        "state": told(f"letter-state-{row.state}"),
        "how": told(f"way-{row.delivered_how}") if row.delivered_how else "",
        "late": waits and row.reply_due_on is not None and row.reply_due_on < today,
        "subjects": row.subjects.select_related("task").order_by("task__inspection_id", "task__position"),
        "replies": replies,
        "issues": issues,
        "draft": row.state == DRAFT,
        "deliverable": issues and row.state == "issued",
        "answerable": waits and (issues or "report" in sheets.steps_here(request, row.unit_id)),
        "closable": issues and row.state in ("issued", "delivered", "replied"),
        "judging": issues and row.state == "replied",
    }
    return render(request, "oversight/letter.html", context)


@sheets.both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    row = _own(request, pk)
    names = (
        "kind", "unit_id", "addressee", "title", "basis", "text", "reply_due_on", "copies", "signer", "revision",
    )  # fmt: skip
    form = LetterForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in names},
        kinds=kinds_for(sheets.steps_here(request, row.organisation_id)),
        units=organisation_units(row.organisation_id),
    )

    def step(form: Any) -> str:
        revision = form.cleaned_data["revision"] or 0
        actions.edit_letter(row, form.values(), revision=revision, actor=edge.actor_of(request))
        return _page(row)

    return sheets.answer(
        request, sheets.Sheet(_("修改草稿"), _("保存"), _page(row), form, step, _("已保存。"))
    )


@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a draft under the next number."""
    row = actions.issue_letter(_own(request, pk), actor=edge.actor_of(request))
    rules = rules_of(row.organisation_id, edge.today(request))
    said = _("已签发，编号%(number)s。请登记送达。") % {"number": number_of(row, rules)}
    return sheets.went(request, said, "oversight:letter", pk)


@sheets.both
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the delivery."""
    row = _own(request, pk)

    def step(form: Any) -> str:
        values = form.values()
        delivery = actions.Delivery(values["delivered_on"], values["delivered_to"], values["delivered_how"])
        actions.deliver_letter(row, delivery, actor=edge.actor_of(request))
        return _page(row)

    form = DeliverForm(request.POST or None, initial={"delivered_on": edge.today(request)})
    return sheets.answer(
        request, sheets.Sheet(_("登记送达"), _("登记送达"), _page(row), form, step, _("已登记送达。"))
    )


@sheets.both
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a letter, or write down a reply from a paper."""
    row = doors.letter_for(user_of(request), pk, edge.today(request))
    if "report" not in sheets.steps_here(request, row.unit_id):
        try:
            doors.issuing(row, edge.actor_of(request))
        except NotAllowed:
            doors.acting("report", edge.actor_of(request), row.unit_id)
    form = ReplyForm(request.POST or None, request.FILES or None)

    def step(form: Any) -> str:
        values, actor = form.values(), edge.actor_of(request)
        upload = values["file"]
        file = (
            stored(upload.chunks(), name=upload.name, organisation_id=row.organisation_id, actor=actor)
            if upload
            else None
        )
        given = Reply(
            values["text"], file, upload.name if upload else "", values["signer"], values["replied_on"]
        )
        reply_to(row, given, actor=actor)
        return _page(row)

    sheet = sheets.Sheet(_("回复"), _("提交回复"), _page(row), form, step, _("已回复。"), sub=row.title)
    return sheets.answer(request, sheet)


@require_GET
def reply_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give the file of a reply."""
    row = doors.reply_for(user_of(request), pk, edge.today(request))
    if row.file is None:
        raise NotVisible("oversight.not-found")
    return FileResponse(path_of(row.file.sha256).open("rb"), as_attachment=True, filename=row.file_name)


@sheets.both
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a reply stand or give it back."""
    row = doors.reply_for(user_of(request), pk, edge.today(request))
    doors.issuing(row.letter, edge.actor_of(request))

    def step(form: Any) -> str:
        values = form.values()
        judge_reply(row, taken=values["taken"], note=values["reason"], actor=edge.actor_of(request))
        return _page(row.letter)

    form = JudgeForm(request.POST or None)
    sheet = sheets.Sheet(
        _("审阅回复"), _("登记意见"), _page(row.letter), form, step, _("已登记意见。"), sub=row.text[:200]
    )
    return sheets.answer(request, sheet)


@sheets.both
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a letter."""
    row = _own(request, pk)

    def step(form: Any) -> str:
        actions.close_letter(row, note=form.values()["note"], actor=edge.actor_of(request))
        return _page(row)

    form = CloseForm(request.POST or None)
    return sheets.answer(request, sheets.Sheet(_("办结"), _("办结"), _page(row), form, step, _("已办结。")))


@sheets.both
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an issued letter void."""
    row = _own(request, pk)

    def step(form: Any) -> str:
        actions.void_letter(row, reason=form.values()["reason"], actor=edge.actor_of(request))
        return _page(row)

    sheet = sheets.Sheet(
        _("作废"),
        _("作废"),
        _page(row),
        WhyForm(request.POST or None),
        step,
        _("已作废，编号保留。"),
        grave=True,
    )
    return sheets.answer(request, sheet)


@require_GET
def file(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """Give a letter as docx or PDF."""
    today = edge.today(request)
    row = doors.letter_for(user_of(request), pk, today)
    if suffix not in ("docx", "pdf"):
        raise NotVisible("oversight.not-found")
    facts = facts_of(row, today)
    written = write_paper(compose_letter(facts), suffix)
    return sheets.attached(written, f"{facts.number or told('letter-state-draft')}{row.title}.{suffix}")


def _own(request: HttpRequest, pk: int) -> Letter:
    row = doors.letter_for(user_of(request), pk, edge.today(request))
    doors.issuing(row, edge.actor_of(request))
    return row


def _page(row: Letter) -> str:
    return reverse("oversight:letter", args=[row.pk])


def letter_row(row: Letter, number: str, today: Any) -> dict[str, Any]:
    """Return a letter as a list shows it."""
    return {
        "row": row,
        "number": number,
        "kind": told(f"letter-{row.kind}"),
        "state": told(f"letter-state-{row.state}"),
        "late": row.state in AWAITED and row.reply_due_on is not None and row.reply_due_on < today,
    }


def _task_ids(organisation_id: int, text: str) -> list[int]:
    """Return the tasks with these numbers in live inspections of the organisation.

    :raises Invalid: naming the numbers that no task or more than one has.
    """
    numbers = [word for word in re.split(r"[\s、，,；;]+", text) if word]
    rows = Task.objects.filter(
        organisation_id=organisation_id, withdrawn__in=LIVE, inspection__mode="live", number__in=numbers
    ).values_list("number", "pk")
    found: dict[str, list[int]] = {}
    for number, pk in rows:
        found.setdefault(number, []).append(pk)
    wrong = [number for number in numbers if len(found.get(number, ())) != 1]
    if wrong:
        raise Invalid([FieldFault("tasks", "oversight.task-numbers", {"numbers": "、".join(wrong)[:100]})])
    return [found[number][0] for number in dict.fromkeys(numbers)]
