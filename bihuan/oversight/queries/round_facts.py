"""The facts of a round for its papers: rows of the register → core.round_papers.RoundFacts."""

from django.utils import timezone

from bihuan.core.round_papers import Line, RoundFacts
from bihuan.oversight.models import Round
from bihuan.oversight.queries.rounds import LookedAt, items_of


def facts(round_: Round) -> RoundFacts:
    """Return what the papers say. Four queries; only what both persons confirmed is a result."""
    draws = [(one.number, one.agreed, one.reason) for one in round_.draws.order_by("number")]
    return RoundFacts(
        organisation=round_.organisation.name,
        inspection=round_.inspection.title,
        title=round_.title,
        kind=round_.kind,
        starts_on=round_.starts_on.isoformat(),
        ends_on=round_.ends_on.isoformat(),
        listed=round_.items,
        lines=tuple(_line(one) for one in items_of(round_)),
        questions=tuple(round_.questions),
        digest=round_.digest,
        seed=round_.seed,
        draws=tuple(draws),
        conclusion=round_.conclusion,
        reported_on=round_.reported_on.isoformat() if round_.reported_on else "",
        issuer=f"{round_.organisation.name}督查工作领导小组办公室",
    )


def _line(one: LookedAt) -> Line:
    item, check = one.item, one.check
    if check is None or not (check.first_at and check.second_at):
        return Line(item.label, item.task.title, item.unit_name)
    followed = "已退回责任单位" if check.made_return_id else "已重新整改" if check.reopening_id else ""
    return Line(
        item.label,
        item.task.title,
        item.unit_name,
        check.result,
        check.note,
        (check.first.name, check.second.name),
        timezone.localtime(check.captured_at).strftime("%Y-%m-%d %H:%M"),
        followed,
    )
