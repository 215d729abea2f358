"""Everybody of oversight besides the fixed cast: supervision, the group, a leader, and the people of a department."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from bihuan.findings.models import Task
from bihuan.orgs.models import User
from tests.cast import Cast, make_person
from tests.making import make_finding, make_inspection, make_problem, make_task


@dataclass(frozen=True, slots=True)
class People:
    """Who takes which step: names as on the screen."""

    supervision: User
    group: User
    leader: User
    head: User
    liaison: User
    other_head: User
    superior: User


def make_people(cast: Cast) -> People:
    organisation, environment = cast.organisation, cast.environment
    return People(
        supervision=make_person("wenrenyue", "闻人月", unit=organisation, role="supervision"),
        group=make_person("luzhixing", "陆知行", unit=organisation, role="leading_group"),
        leader=make_person("hemingqu", "贺明渠", unit=organisation, role="leader"),
        head=make_person("shenjibai", "沈既白", unit=environment, role="unit_head"),
        liaison=make_person("bailu", "白露", unit=environment, role="liaison"),
        other_head=make_person("qinhuai", "秦淮", unit=cast.safety, role="unit_head"),
        superior=make_person("suwanqing", "苏晚晴", unit=organisation, role="superior"),
    )


def make_tasks(cast: Cast, *due: date | None, **changes: Any) -> list[Task]:
    """Make a live inspection with one task a due day, all of the environment department."""
    finding = make_finding(cast, make_inspection(cast))
    values = {"unit_id": cast.environment.pk, "leader": "贺明渠", **changes}
    return [
        make_task(cast, make_problem(cast, finding, number=str(at)), number=f"{at}-1", due_on=day, **values)
        for at, day in enumerate(due, 1)
    ]
