"""The forms beside closure, one a page: each asks the rule of its action first, then shows what the action refuses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.core.refusal import NotVisible, Refused
from bihuan.files.actions import drop_upload, receive_whole
from bihuan.files.models import Upload
from bihuan.findings.actions import axes as actions
from bihuan.findings.actions import recipients
from bihuan.findings.actions.axes import MAY, require_one
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.forms import beside as forms
from bihuan.findings.models import Problem, Task
from bihuan.findings.queries import axes, doors
from bihuan.findings.views.beside_part import hands, say_beside
from bihuan.orgs.edge import user_of
from bihuan.web import edge

both = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of a form's page: heading, also its button; what it is about; where it leads back; what it does."""

    heading: str
    about: str
    back: str
    lead: str = ""
    quote: str = ""


@both
def raise_blocker(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop every task of a problem from being closed."""
    problem = doors.problem_for(user_of(request), pk, edge.today(request))
    require_one(MAY["block"], edge.actor_of(request), problem.organisation_id)
    form = forms.BlockerForm(_sent(request))

    def save() -> str:
        actions.raise_blocker(problem, **form.values(), actor=edge.actor_of(request))
        return say_beside("done-block", number=problem.number)

    sheet = Sheet(_("登记限制"), _about(problem), _at(problem, "blockers"), say_beside("lead-block"))
    return _answer(request, sheet, form, save)


@both
def lift_blocker(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a blocker."""
    row = axes.blocker_for(user_of(request), pk, edge.today(request))
    require_one(MAY["lift"], edge.actor_of(request), row.organisation_id)
    form = forms.WhyForm(_sent(request))

    def save() -> str:
        actions.lift_blocker(row, note=form.values()["reason"], actor=edge.actor_of(request))
        return say_beside("done-lift", number=row.problem.number)

    sheet = Sheet(_("解除限制"), _about(row.problem), _at(row.problem, "blockers"), quote=row.reason)
    return _answer(request, sheet, form, save)


@both
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Say in writing that a problem, or one task of it, is not accepted."""
    user, today = user_of(request), edge.today(request)
    problem = doors.problem_for(user, pk, today)
    tasks = list(Task.objects.filter(problem=problem, withdrawn=False).order_by("position", "pk"))
    organisation = problem.organisation_id
    hand = hands(user.pk, {organisation, *(task.unit_id for task in tasks if task.unit_id)}, today)
    whole = hand.may("dispute", organisation)
    own = [task for task in tasks if whole or hand.may("dispute", task.unit_id or organisation)]
    if not whole and not own:
        require_one(MAY["dispute"], edge.actor_of(request), organisation)
    form = forms.DisputeForm(
        _sent(request),
        initial={"task_id": request.GET.get("task", "")[:20]},
        tasks=[(str(task.pk), f"{task.number} {task.title[:60]}") for task in own],
        whole=whole,
    )

    def save() -> str:
        given = form.values()
        task = doors.task_for(user, given["task_id"], today) if given["task_id"] else None
        actions.dispute(problem, ground=given["ground"], task=task, actor=edge.actor_of(request))
        return say_beside("done-dispute", number=task.number if task else problem.number)

    sheet = Sheet(_("提出异议"), _about(problem), _at(problem, "disputes"), say_beside("lead-dispute"))
    return _answer(request, sheet, form, save)


@both
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Rule on a dispute, or enter the superior's ruling with its paper."""
    user, today, actor = user_of(request), edge.today(request), edge.actor_of(request)
    row = axes.dispute_for(user, pk, today)
    require_one(MAY["rule"], actor, row.organisation_id)
    paper = not actions.may(("accept",), actor, row.organisation_id)
    form = (forms.PaperRulingForm if paper else forms.RulingForm)(_sent(request), request.FILES or None)

    def save() -> str:
        given = form.values()
        with _received(request, given.pop("file")) as upload:
            actions.rule(row, **given, upload_id=upload.pk if upload else None, actor=actor)
        return say_beside("done-rule", number=row.task.number if row.task else row.problem.number)

    sheet = Sheet(
        _("登记答复") if paper else _("答复异议"), _about(row.problem), _at(row.problem, "disputes"), quote=row.ground
    )  # fmt: skip
    return _answer(request, sheet, form, save)


@both
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a person out of what is decided on a task: oneself, or anybody by who leads the work."""
    user, today = user_of(request), edge.today(request)
    task = doors.task_for(user, pk, today)
    leads = hands(user.pk, {task.organisation_id}, today).may("recuse", task.organisation_id)
    people = axes.people_here(task.organisation_id, today) if leads else [(user.pk, user.name, "")]
    choices = [(str(person), f"{name}（{unit}）" if unit else name) for person, name, unit in people]
    form = forms.RecusalForm(_sent(request), people=choices)

    def save() -> str:
        given = form.values()
        made = actions.recuse([task], actor=edge.actor_of(request), **given)
        name = next(name for person, name, _unit in people if person == given["person_id"])
        return say_beside("done-recuse" if made else "there-recuse", name=name, number=task.number)

    sheet = Sheet(_("登记回避"), _about(task), _at(task, "recusals"), say_beside("lead-recuse"))
    return _answer(request, sheet, form, save)


@both
def end_recusal(request: HttpRequest, pk: int) -> HttpResponse:
    """End a recusal, never one's own."""
    row = axes.recusal_for(user_of(request), pk, edge.today(request))
    require_one(MAY["end-recusal"], edge.actor_of(request), row.organisation_id)
    form = forms.WhyForm(_sent(request))

    def save() -> str:
        actions.withdraw_recusal(row, reason=form.values()["reason"], actor=edge.actor_of(request))
        return say_beside("done-end-recusal", name=row.person.name, number=row.task.number)

    sheet = Sheet(
        _("撤销回避"), _about(row.task), _at(row.task, "recusals"), quote=f"{row.person.name}：{row.reason}"
    )
    return _answer(request, sheet, form, save)


@both
def name_recipients(request: HttpRequest, pk: int) -> HttpResponse:
    """Name people or firms who are owed something, a line each."""
    task = doors.task_for(user_of(request), pk, edge.today(request))
    require_one(MAY["name"], edge.actor_of(request), task.unit_id or task.organisation_id)
    form = forms.PeopleForm(_sent(request))

    def save() -> str:
        made = recipients.add_recipients(task, form.cleaned_data["read"], actor=edge.actor_of(request))
        return say_beside("done-name", count=len(made), number=task.number)

    sheet = Sheet(_("登记对象"), _about(task), _at(task, "recipients"), say_beside("lead-name"))
    return _answer(request, sheet, form, save)


@both
def draw_recipients(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw who is asked, by a seed that was said in public."""
    task = doors.task_for(user_of(request), pk, edge.today(request))
    require_one(MAY["ask"], edge.actor_of(request), task.organisation_id)
    recipients.require_other_unit(task, edge.actor_of(request))
    form = forms.DrawForm(_sent(request))

    def save() -> str:
        drawn = recipients.draw_recipients(task, **form.values(), actor=edge.actor_of(request))
        return say_beside("done-draw", count=len(drawn), number=task.number)

    sheet = Sheet(_("抽取回访对象"), _about(task), _at(task, "recipients"), say_beside("lead-draw"))
    return _answer(request, sheet, form, save)


@both
def answer_recipient(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what somebody who was drawn said."""
    row = axes.recipient_for(user_of(request), pk, edge.today(request))
    require_one(MAY["ask"], edge.actor_of(request), row.organisation_id)
    recipients.require_other_unit(row.task, edge.actor_of(request))
    form = forms.AnswerForm(_sent(request))

    def save() -> str:
        recipients.answer_recipient(row, **form.answer(), actor=edge.actor_of(request))
        return say_beside("done-answer", name=row.name)

    quote = "　".join(part for part in (row.name, row.contact, row.owed) if part)
    return _answer(
        request, Sheet(_("登记回访"), _about(row.task), _at(row.task, "recipients"), quote=quote), form, save
    )


@both
def strike_recipient(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike somebody who was named by mistake."""
    row = axes.recipient_for(user_of(request), pk, edge.today(request))
    require_one(MAY["name"], edge.actor_of(request), row.task.unit_id or row.organisation_id)
    form = forms.WhyForm(_sent(request))

    def save() -> str:
        reason = form.values()["reason"]
        recipients.withdraw_recipient(row, reason=reason, actor=edge.actor_of(request))
        return say_beside("done-strike", name=row.name)

    sheet = Sheet(_("划去对象"), _about(row.task), _at(row.task, "recipients"), quote=row.name)
    return _answer(request, sheet, form, save)


@both
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Review a long-term task."""
    task = doors.task_for(user_of(request), pk, edge.today(request))
    require_one(MAY["review"], edge.actor_of(request), task.unit_id or task.organisation_id)
    form = forms.ReviewForm(_sent(request))

    def save() -> str:
        actions.review(task, **form.values(), actor=edge.actor_of(request))
        return say_beside("done-review", number=task.number)

    return _answer(request, Sheet(_("登记复核"), _about(task), _at(task, "reviews")), form, save)


def _answer(
    request: HttpRequest, sheet: Sheet, form: forms.BesideForm, save: Callable[[], str]
) -> HttpResponse:
    """Show a form; when it was sent, do what it asks and lead back, or show every refusal where it belongs."""
    if form.is_bound and form.is_valid():
        try:
            said = save()
        except Invalid as refused:
            form.take(refused.faults)
        except NotVisible as refused:
            if not refused.code.startswith("files."):
                raise
            form.refuse(refused)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(sheet.back)
    status = form.status if form.is_bound else 200
    return render(request, "findings/beside/form.html", {"sheet": sheet, "form": form}, status=status)


@contextmanager
def _received(request: HttpRequest, sent: Any) -> Iterator[Upload | None]:
    """Take in the paper that came with a form, if one did; when the act is refused, it is given up again."""
    if sent is None:
        yield None
        return
    actor = edge.actor_of(request)
    upload = receive_whole(
        sent.chunks(), name=sent.name or "", size=sent.size or 0, purpose=actions.PURPOSE, actor=actor
    )
    try:
        yield upload
    except Refused:
        drop_upload(upload, actor=actor)
        raise


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _about(row: Problem | Task) -> str:
    return f"{row.number} {row.title}"


def _at(row: Problem | Task, part: str) -> str:
    return f"{reverse(f'findings:{row.sealed_as}-beside', args=[row.pk])}#{part}"
