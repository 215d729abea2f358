"""Plain functions that make what a test needs through the real actions; every value can be changed by name."""

from datetime import date
from typing import Any

from bihuan.findings.actions import editing, tasks
from bihuan.findings.models import Finding, Inspection, Institution, Problem, Task
from tests.cast import Cast, actor_for


def make_inspection(cast: Cast, **changes: Any) -> Inspection:
    values = {"kind_id": "xuncha", "title": "云洲市委园区专项巡察", "feedback_on": "2026-06-12", **changes}
    organisation = values.pop("organisation", cast.organisation)
    who = cast.outsider if organisation == cast.elsewhere else cast.office
    return editing.create_inspection(values, organisation_id=organisation.pk, actor=actor_for(who))


def make_finding(cast: Cast, inspection: Inspection, **changes: Any) -> Finding:
    values = {"number": "（一）", "title": "生态环境保护责任落实不严", **changes}
    return editing.add_finding(inspection, values, actor=actor_for(cast.office))


def make_problem(cast: Cast, finding: Finding, **changes: Any) -> Problem:
    values = {"number": "15", "title": "工业固废台账管理不规范", **changes}
    return editing.add_problem(finding, values, actor=actor_for(cast.office))


def make_task(cast: Cast, problem: Problem, **changes: Any) -> Task:
    values = {
        "number": f"{problem.number}-1",
        "title": "培训产废企业并逐户发放台账样表",
        "due_on": date(2026, 12, 31),
        **changes,
    }
    return tasks.add_task(problem, values, actor=actor_for(cast.office))


def make_institution(cast: Cast, **changes: Any) -> Institution:
    values = {
        "title": "工业固体废物管理制度",
        "document_number": "江高环〔2026〕9号",
        "issued_on": "2026-08",
        **changes,
    }
    return editing.add_institution(values, organisation_id=cast.organisation.pk, actor=actor_for(cast.office))


def make_register(cast: Cast, *, count: int = 1, **changes: Any) -> list[Task]:
    """Make an inspection with one finding, and `count` problems with one task each; return the tasks."""
    finding = make_finding(cast, make_inspection(cast))
    return [
        make_task(cast, make_problem(cast, finding, number=str(number)), number=f"{number}-1", **changes)
        for number in range(1, count + 1)
    ]
