"""Rounds as tests need them: the people of supervision, a round in any state, what was found of an item."""

from datetime import date, timedelta
from typing import Any

from bihuan.findings.models import Inspection, Task
from bihuan.orgs.models import User
from bihuan.oversight.actions.round_checks import CheckDraft, record_checks
from bihuan.oversight.actions.rounds import create_round, draw_sample, freeze_list
from bihuan.oversight.models import Round, RoundCheck, RoundItem
from tests.cast import NOW, Cast, actor_for
from tests.closing import Desk

YES = ("措施是否落实到位", "佐证材料与现场是否一致", "是否见到成效、没有反弹")


def make_round(desk: Desk, tasks: list[Task], kind: str = "sampled", **changes: Any) -> Round:
    values = {
        "kind": kind, "title": "第一轮督查", "starts_on": date(2026, 11, 20), "ends_on": date(2026, 11, 30), **changes,
    }  # fmt: skip
    inspection = Inspection.objects.get(pk=tasks[0].inspection_id)
    return create_round(inspection, values, actor=actor_for(desk.supervisor))


def open_round(desk: Desk, tasks: list[Task], kind: str = "full", size: int = 1, **changes: Any) -> Round:
    row = freeze_list(make_round(desk, tasks, kind, **changes), actor=actor_for(desk.supervisor))
    if kind == "full":
        return row
    return draw_sample(row, agreed="3-5-1-6-2", size=size, actor=actor_for(desk.supervisor))


def items(row: Round) -> list[RoundItem]:
    return list(RoundItem.objects.filter(round=row, chosen=True).order_by("position"))


def found(item: RoundItem, first: User, second: User, result: str = "holds", **changes: Any) -> CheckDraft:
    more: dict[str, Any] = {"fails": {"reason": "measure-not-done", "note": "现场没有看到台账。"}}.get(
        result, {}
    )
    values = {
        "answers": dict.fromkeys(YES, "no" if result == "fails" else "yes") if result != "unseen" else {},
        "captured_at": NOW - timedelta(hours=3),
        **more,
        **changes,
    }
    return CheckDraft(item.pk, result, first.pk, second.pk, **values)


def check(
    row: Round, item: RoundItem, first: User, second: User, result: str = "holds", **changes: Any
) -> RoundCheck:
    return record_checks(
        row, [found(item, first, second, result, **changes)], via="screen", actor=actor_for(first)
    )[0]


__all__ = ["YES", "Cast", "check", "found", "items", "make_round", "open_round"]
