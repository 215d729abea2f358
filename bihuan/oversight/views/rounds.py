"""Pages of rounds: the list, one round with its list, draws and results, setting up, freezing, drawing, reporting."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.core.refusal import NotAllowed, Refused
from bihuan.core.register import FieldFault
from bihuan.core.rounds import FULL, KINDS, OPEN, QUESTIONS, RECHECK, STRATA
from bihuan.core.sampling import by_hand
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.forms import ReasonForm
from bihuan.findings.models import Inspection
from bihuan.findings.queries.doors import inspection_for
from bihuan.findings.queries.sight import LIVE, reach_of
from bihuan.findings.views.sheets import Sheet, answer
from bihuan.orgs.edge import sight_of, user_of
from bihuan.oversight.actions import rounds as actions
from bihuan.oversight.actions.round_checks import confirm_checks, may_reopen
from bihuan.oversight.forms.rounds import (
    KIND_WORDS,
    RESULT_WORDS,
    STATE_WORDS,
    DrawForm,
    NewRoundForm,
    RoundForm,
)
from bihuan.oversight.models import Round
from bihuan.oversight.queries import rounds as queries
from bihuan.web import edge

both = require_http_methods(["GET", "HEAD", "POST"])
RESULT_CSS = {"holds": "done", "fails": "back", "unseen": "wait"}


@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Show the rounds in sight, and how often closed items failed to whoever is shown it."""
    user, today = user_of(request), edge.today(request)
    seen = reach_of(sight_of(request))
    page = Paginator(queries.rounds_seen(seen), 30).get_page(request.GET.get("page"))
    done = queries.progress([row.pk for row in page])
    rows = [
        {
            "row": row,
            "kind": KIND_WORDS[row.kind],
            "state": STATE_WORDS[row.state],
            "progress": done.get(row.pk),
        }
        for row in page
    ]
    shown = [pk for pk in seen.organisations if queries.rates_seen(user, pk, today)][:1]
    return render(
        request,
        "oversight/rounds.html",
        {
            "page": page,
            "rows": rows,
            "leads": bool(_led(request)),
            "rates": queries.rates_of_organisation(shown[0], today) if shown else (),
            "rates_shown": bool(shown),
        },
    )


@both
def new_round(request: HttpRequest) -> HttpResponse:
    """Set up a round."""
    if not (led := _led(request)):
        raise NotAllowed("orgs.role-missing")
    today = edge.today(request)
    first = {
        "starts_on": today, "ends_on": today, "asked": "\n".join(QUESTIONS), "strata": list(STRATA), "kind": "sampled",
        "inspection_id": request.GET.get("inspection"),
    }  # fmt: skip
    form = NewRoundForm(request.POST or None, initial=first, inspections=[(one.pk, one.title) for one in led])

    def save(values: dict[str, Any], revision: int) -> Any:
        inspection = inspection_for(user_of(request), values.pop("inspection_id"), today)
        made = actions.create_round(inspection, values, actor=edge.actor_of(request))
        return reverse("oversight:round", args=[made.pk])

    return answer(request, Sheet(_("开展一轮督查"), reverse("oversight:rounds"), form, save))


@both
def edit_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a round whose list is not frozen."""
    row = queries.round_for(user_of(request), pk, edge.today(request), write=True)
    first = {
        "kind": row.kind, "title": row.title, "starts_on": row.starts_on, "ends_on": row.ends_on, "strata": row.strata,
        "asked": "\n".join(row.questions), "heavy": max([1, *row.weights.values()]), "revision": row.revision,
    }  # fmt: skip
    form = RoundForm(request.POST or None, initial=first)
    back = reverse("oversight:round", args=[pk])

    def save(values: dict[str, Any], revision: int) -> Any:
        actions.edit_round(row, values, revision=revision, actor=edge.actor_of(request))
        return back

    return answer(request, Sheet(_("修改督查设置"), back, form, save))


@require_GET
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a round."""
    row = queries.round_for(user_of(request), pk, edge.today(request))
    return _shown(request, row)


@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the list."""
    row = queries.round_for(user_of(request), pk, edge.today(request), write=True)
    row = actions.freeze_list(row, actor=edge.actor_of(request))
    if row.kind == FULL:
        messages.success(request, _("名单已冻结，共%(items)s项，逐项检查。") % {"items": row.items})
    else:
        words = _("名单已冻结，共%(items)s项。请宣读摘要，再公开确定种子。") % {"items": row.items}
        messages.success(request, words)
    return redirect("oversight:round", pk)


@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw with the text agreed in public."""
    row = queries.round_for(user_of(request), pk, edge.today(request), write=True)
    form = DrawForm(request.POST)
    if form.is_valid():
        try:
            actions.draw_sample(row, **form.cleaned_data, actor=edge.actor_of(request))
        except Invalid as refused:
            form.take(refused.faults)
        except Refused as refused:
            if not refused.code.startswith("sampling."):
                raise
            form.take([_fault(refused)])
        else:
            messages.success(request, _("已抽样。任何人都可以按下面的方法重新验算。"))
            return redirect("oversight:round", pk)
    return _shown(request, row, form=form, status=422)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what was found, as one of the two persons."""
    row = queries.round_for(user_of(request), pk, edge.today(request), write=True)
    ids = [int(one) for one in request.POST.getlist("id") if one.isdecimal()]
    mine = set(queries.waiting_for(user_of(request).pk, row))
    done = confirm_checks([one for one in ids if one in mine], actor=edge.actor_of(request))
    messages.success(request, _("已确认%(count)s项结果。") % {"count": len(done)})
    return redirect("oversight:round", pk)


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Conclude the round with its report."""
    row = queries.round_for(user_of(request), pk, edge.today(request), write=True)
    try:
        actions.report_round(row, conclusion=request.POST.get("conclusion", ""), actor=edge.actor_of(request))
    except Invalid:
        return _shown(request, row, status=422, missing=True)
    messages.success(request, _("这轮督查已形成报告，可以下载。"))
    return redirect("oversight:round", pk)


@both
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a round in which nothing was looked at yet."""
    row = queries.round_for(user_of(request), pk, edge.today(request), write=True)
    back = reverse("oversight:round", args=[pk])

    def save(values: dict[str, Any], revision: int) -> Any:
        actions.withdraw_round(row, reason=values["reason"], actor=edge.actor_of(request))
        return back

    return answer(
        request, Sheet(_("撤回这轮督查"), back, ReasonForm(request.POST or None), save, go="withdraw")
    )


def _shown(
    request: HttpRequest,
    row: Round,
    *,
    form: DrawForm | None = None,
    status: int = 200,
    missing: bool = False,
) -> HttpResponse:
    user, today = user_of(request), edge.today(request)
    leads = queries.may_lead(row.kind, user.pk, row.organisation_id, today) and not row.withdrawn
    items = queries.items_of(row)
    mine = set(queries.waiting_for(user.pk, row)) if row.state == OPEN else set()
    shows_rates = queries.rates_seen(user, row.organisation_id, today)
    context = {
        "row": row,
        "kind": KIND_WORDS[row.kind],
        "state": STATE_WORDS[row.state],
        "leads": leads,
        "items": [_item(one, mine) for one in items],
        "mine": len(mine),
        "progress": queries.progress([row.pk]).get(row.pk, queries.Progress()),
        "draws": list(row.draws.select_related("by").order_by("number")),
        "form": form or DrawForm(initial={"size": row.size or None}),
        "command": _command(row),
        "hand": by_hand(row.seed, items[0].item.label) if row.seed and items else "",
        "first_item": items[0].item.label if items else "",
        "rates": queries.rates_of(row) if shows_rates and row.kind == RECHECK else (),
        "strata_word": "、".join(str(_(one)) for one in _strata_words(row)),
        "missing": missing,
        "today": today,
    }
    return render(request, "oversight/round.html", context, status=status)


def _item(one: queries.LookedAt, mine: set[int]) -> dict[str, Any]:
    item, check = one.item, one.check
    stands = bool(check and check.first_at and check.second_at)
    return {
        "row": item,
        "check": check,
        "stands": stands,
        "word": RESULT_WORDS[check.result] if check else "",
        "css": RESULT_CSS[check.result] if check else "todo",
        "mine": bool(check and check.pk in mine),
        "reopens": bool(check and item.closure_id and may_reopen(check, item)),
    }


def _command(row: Round) -> str:
    if not row.seed:
        return ""
    strata = f" --strata {','.join(row.strata)}" if row.strata else ""
    ordered = sorted(row.weights.items(), key=lambda one: (-one[1], one[0]))
    weights = ",".join(f"{value}={weight}" for value, weight in ordered)
    more = f" --weights {weights}" if weights else ""
    seed = row.seed.replace("'", "'\\''")
    return f"bihuan sample --seed '{seed}' --size {row.size}{strata}{more} list.csv"


def _strata_words(row: Round) -> Sequence[str]:
    return ["责任单位" if one == "unit" else "风险" for one in row.strata]


def _led(request: HttpRequest) -> list[Inspection]:
    """Return the live inspections of which the person may lead some kind of round."""
    user, today = user_of(request), edge.today(request)
    seen = reach_of(sight_of(request))
    rows = Inspection.objects.filter(seen.whole(), mode="live", withdrawn__in=LIVE).order_by(
        "-feedback_on", "pk"
    )
    may: dict[int, bool] = {}
    for pk in seen.organisations if sight_of(request).roles & {"supervision", "superior"} else ():
        may[pk] = _leads(user.pk, pk, today)
    return [one for one in rows if may.get(one.organisation_id)] if any(may.values()) else []


def _leads(user_id: int, organisation_id: int, today: date) -> bool:
    return any(queries.may_lead(kind, user_id, organisation_id, today) for kind in (KINDS[0], RECHECK))


def _fault(refused: Refused) -> FieldFault:
    return FieldFault(
        "agreed" if refused.code == "sampling.no-seed" else "size", refused.code, refused.params
    )
