"""The forms of a plan, each as a page: filling in, sending, answering, approving, asking for a change."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.audit.actor import Actor
from bihuan.core import plans
from bihuan.findings.actions import plan_changes, plan_items, plan_opinions, plan_versions, plan_waits
from bihuan.findings.actions.plan_hands import Place, filling, filling_problem, hand
from bihuan.findings.actions.plan_versions import Approval
from bihuan.findings.forms import first_values
from bihuan.findings.forms import plan as forms
from bihuan.findings.models import Plan
from bihuan.findings.queries import choices, doors
from bihuan.findings.queries import plans as queries
from bihuan.findings.queries.sight import Reach, reach_of
from bihuan.findings.views.editing import both
from bihuan.findings.views.offers import keeps
from bihuan.findings.views.sheets import Sheet, answer, page
from bihuan.orgs.edge import sight_of, user_of
from bihuan.orgs.models import Unit
from bihuan.web import edge

Act = Callable[[dict[str, Any], int, Actor], object]


def plan_url(inspection_id: int) -> str:
    """Return the address of the plan of an inspection."""
    return reverse("findings:plan", args=[inspection_id])


def _asked(
    request: HttpRequest, sheet: Callable[[Callable[..., Any]], Sheet], act: Act, go: str
) -> HttpResponse:
    """Answer with a form that does `act` and leads to `go`."""
    actor = edge.actor_of(request)

    def save(values: dict[str, Any], revision: int) -> str:
        act(values, revision, actor)
        return go

    return answer(request, sheet(save))


def let(request: HttpRequest, organisation_id: int, *places: Place) -> None:
    """Let whoever may take one of these steps see the form of it; the action asks again.

    :raises NotAllowed: for everybody else, with the reason.
    """
    hand(edge.actor_of(request), places or [("write", organisation_id)], organisation_id=organisation_id)


@both
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the cause of a problem, or ask for another once the plan is approved."""
    row = doors.problem_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling_problem(row))
    back = page("problem", pk)
    if queries.locked_inspections([row.inspection_id]):
        asked = forms.AskedCauseForm(request.POST or None, initial={"cause": row.cause})
        return _asked(
            request,
            lambda save: Sheet(
                _("申请变更原因分析"), back, asked, save, verb=_("提出申请"), done=_("已提出变更申请。")
            ),
            lambda values, _revision, actor: plan_changes.ask_cause(
                row, values["cause"], reason=values["reason"], actor=actor
            ),
            back,
        )
    form = forms.CauseForm(request.POST or None, initial=first_values(forms.CauseForm, row))
    return _asked(
        request,
        lambda save: Sheet(_("填写原因分析"), back, form, save),
        lambda values, revision, actor: plan_items.set_cause(
            row, values["cause"], revision=revision, actor=actor
        ),
        back,
    )


@both
def joint_units(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which units work with the lead unit."""
    row = doors.task_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id)
    initial = {"unit_ids": list(row.joint_units.values_list("unit_id", flat=True))}
    units = choices.organisation_units(row.organisation_id)
    form = forms.JointForm(request.POST or None, initial=initial, units=units)
    back = page("task", pk)
    return _asked(
        request,
        lambda save: Sheet(_("填写配合单位"), back, form, save),
        lambda values, _revision, actor: plan_items.set_joint_units(row, values["unit_ids"], actor=actor),
        back,
    )


@require_POST
def usual_needs(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the usual checklist of the task's category."""
    row = doors.task_for(user_of(request), pk, edge.today(request))
    plan_items.usual_needs(row, revision=row.revision, actor=edge.actor_of(request))
    return HttpResponseRedirect(page("task", pk))


@both
def reach_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """Say on which day a milestone was reached."""
    row = queries.milestone_for(user_of(request), pk, edge.today(request))
    let(request, row.task.organisation_id, *filling(row.task))
    form = forms.ReachForm(request.POST or None, initial={"done_on": row.done_on or edge.today(request)})
    back = page("task", row.task_id)
    return _asked(
        request,
        lambda save: Sheet(_("登记阶段节点完成"), back, form, save, lead=row.title),
        lambda values, _revision, actor: plan_items.reach_milestone(row, values["done_on"], actor=actor),
        back,
    )


@both
def begin_wait(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a letter to an outside body."""
    row = doors.task_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling(row))
    form = forms.WaitForm(request.POST or None)
    back = page("task", pk)
    return _asked(
        request,
        lambda save: Sheet(
            _("登记去函"), back, form, save, verb=_("登记，转为等待外部"),
            lead=_("登记后任务转为“等待外部”，收到答复再继续。"),
            done=_("已登记去函，任务转为等待外部。"),
        ),
        lambda values, _revision, actor: plan_waits.begin_wait(row, values, actor=actor),
        back,
    )  # fmt: skip


@both
def reply_wait(request: HttpRequest, pk: int) -> HttpResponse:
    """Register the reply of an outside body."""
    row = queries.wait_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling(row.task))
    form = forms.ReplyForm(request.POST or None, initial={"replied_on": edge.today(request)})
    back = page("task", row.task_id)
    return _asked(
        request,
        lambda save: Sheet(_("登记答复"), back, form, save, lead=f"{row.body}　{row.letter}"),
        lambda values, _revision, actor: plan_waits.reply_wait(row, **values, actor=actor),
        back,
    )


@both
def withdraw_wait(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a letter as registered by mistake."""
    row = queries.wait_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id, *filling(row.task))
    form = forms.WhyForm(request.POST or None)
    back = page("task", row.task_id)
    return _asked(
        request,
        lambda save: Sheet(_("撤回去函登记"), back, form, save, go="withdraw"),
        lambda values, _revision, actor: plan_waits.withdraw_wait(row, reason=values["reason"], actor=actor),
        back,
    )


@both
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the plan of an inspection."""
    row = doors.inspection_for(user_of(request), pk, edge.today(request), write=True)
    form = forms.BeginForm(
        request.POST or None, initial={"title": _("%(title)s整改方案") % {"title": row.title}}
    )
    return _asked(
        request,
        lambda save: Sheet(_("起草整改方案"), plan_url(pk), form, save, verb=_("开始起草")),
        lambda values, _revision, actor: plan_versions.begin_plan(row, **values, actor=actor),
        plan_url(pk),
    )


@require_POST
def send(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """Send a version to the units or for review."""
    plan = queries.plan_for(user_of(request), pk, edge.today(request))
    revision = request.POST.get("revision", "")
    plan_versions.send_plan(
        plan, to, revision=int(revision) if revision.isdecimal() else 0, actor=edge.actor_of(request)
    )
    return HttpResponseRedirect(plan_url(plan.inspection_id))


@both
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the version under review."""
    plan = queries.plan_for(user_of(request), pk, edge.today(request))
    let(request, plan.organisation_id, ("approve_plan", plan.organisation_id))
    initial = {"revision": plan.revision, "document_number": plan.document_number}
    form = forms.ApproveForm(request.POST or None, initial=initial)
    back = plan_url(plan.inspection_id)
    return _asked(
        request,
        lambda save: Sheet(
            _("批准整改方案"), back, form, save, verb=_("批准，锁定方案"), lead=_("批准后方案锁定，改动须申请变更。"),
            done=_("整改方案已批准。"),
        ),
        lambda values, revision, actor: plan_versions.approve_plan(
            plan, Approval(**values), revision=revision, actor=actor
        ),
        back,
    )  # fmt: skip


@both
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a plan that is being made."""
    plan = queries.plan_for(user_of(request), pk, edge.today(request))
    let(request, plan.organisation_id)
    form = forms.WhyForm(request.POST or None, initial={"revision": plan.revision})
    return _asked(
        request,
        lambda save: Sheet(_("撤回整改方案"), plan_url(plan.inspection_id), form, save, go="withdraw"),
        lambda values, revision, actor: plan_versions.withdraw_plan(
            plan, **values, revision=revision, actor=actor
        ),
        plan_url(plan.inspection_id),
    )


def speaking(organisation_id: int, seen: Reach) -> list[Place]:
    """Return who gives an opinion on a plan: the office for bodies outside, whoever reports for a unit in sight."""
    return [("write", organisation_id), *(("report", unit) for unit in seen.units)]


@both
def give_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the opinion of one's unit, or register that of an outside body."""
    plan = queries.plan_for(user_of(request), pk, edge.today(request))
    seen = reach_of(sight_of(request))
    let(request, plan.organisation_id, *speaking(plan.organisation_id, seen))
    part = queries.part_of(plans.thawed(plan.content), seen, plan.organisation_id)
    outside = keeps(request, plan.organisation_id)
    items = [(one.key, f"{one.fields['number']} {one.fields['title']}"[:60]) for one in part]
    form = forms.OpinionForm(
        request.POST or None, units=speakers(plan, seen.units, whole=outside), items=items, outside=outside
    )
    return _asked(
        request,
        lambda save: Sheet(
            _("对整改方案提意见"), plan_url(plan.inspection_id), form, save, done=_("意见已登记。")
        ),
        lambda values, _revision, actor: plan_opinions.give_opinion(plan, values, actor=actor),
        plan_url(plan.inspection_id),
    )


def speakers(plan: Plan, units: tuple[int, ...], *, whole: bool) -> list[tuple[str, str]]:
    """Return the units for which somebody may speak: all of the organisation, or the own ones."""
    if whole:
        return choices.organisation_units(plan.organisation_id)
    return [(str(pk), name) for pk, name in Unit.objects.filter(pk__in=units).values_list("pk", "name")]


@both
def answer_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt or decline an opinion."""
    row = queries.opinion_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id)
    form = forms.AnswerForm(request.POST or None, initial=first_values(forms.AnswerForm, row))
    back = plan_url(row.plan.inspection_id)
    lead = f"{row.unit.name if row.unit else row.body}　{row.item}　{row.text}"
    return _asked(
        request,
        lambda save: Sheet(_("答复意见"), back, form, save, verb=_("答复"), lead=lead),
        lambda values, _revision, actor: plan_opinions.answer_opinion(
            row, values["answer"], text=values["answer_text"], actor=actor
        ),
        back,
    )


@both
def withdraw_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an opinion as registered by mistake."""
    row = queries.opinion_for(user_of(request), pk, edge.today(request))
    let(request, row.organisation_id)
    form = forms.WhyForm(request.POST or None)
    back = plan_url(row.plan.inspection_id)
    return _asked(
        request,
        lambda save: Sheet(_("撤回意见"), back, form, save, go="withdraw"),
        lambda values, _revision, actor: plan_opinions.withdraw_opinion(row, **values, actor=actor),
        back,
    )
