"""Fill an installation with N tasks, sealed and searchable, by statements on sets; print what the measuring needs.

Run as `python -m benchmarks.seeding N` with BIHUAN_HOME and DATABASE_URL set.
"""

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from benchmarks import closing, evidence  # noqa: E402
from bihuan.audit.actions import record  # noqa: E402
from bihuan.audit.actor import Actor  # noqa: E402
from bihuan.findings.findable import findables  # noqa: E402
from bihuan.findings.models import Finding, Inspection, Problem, Task, TaskState  # noqa: E402
from bihuan.orgs.models import Grant, Post, Token, Unit, UnitLink, User  # noqa: E402
from bihuan.search.actions import put  # noqa: E402

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ACTOR = Actor(None, "console:benchmark", NOW)
SECRET = "benchmark-token-of-this-run-only"
PASSWORD = "Jizhun-2026-ceshi"
THINGS = (
    "固废台账",
    "安全隐患",
    "僵尸企业处置",
    "征地补偿",
    "公务接待",
    "电子卖场采购",
    "污水管网",
    "应急物资",
    "统计台账",
    "招商协议",
)
DOINGS = (
    "逐户核对",
    "限期补齐",
    "建立清单并公开",
    "逐项验收",
    "重新修订",
    "按月调度",
    "专项清理",
    "全面复核",
)
LEADERS = ("程立岩", "许若谷", "沈既白", "贺明渠", "陶景和", "丁守正")
STATES = ("todo", "doing", "doing", "waiting")
PER_INSPECTION, PER_PROBLEM = 1000, 10


@transaction.atomic
def people() -> Unit:
    """Make the organisation with twenty departments, an office account and its token."""
    organisation = Unit.objects.create(name="基准单位", kind="organisation", position=1)
    UnitLink.objects.create(ancestor=organisation, descendant=organisation, depth=0)
    departments = Unit.objects.bulk_create(
        Unit(name=f"第{index}部", kind="department", parent=organisation, position=index)
        for index in range(1, 21)
    )
    UnitLink.objects.bulk_create(
        link
        for one in departments
        for link in (
            UnitLink(ancestor=one, descendant=one, depth=0),
            UnitLink(ancestor=organisation, descendant=one, depth=1),
        )
    )
    user = User(username="benchmark", name="测试员", created_at=NOW, password_changed_at=datetime.now(UTC))
    user.set_password(PASSWORD)
    user.save()
    post = Post.objects.create(person=user, unit=organisation, title="测试员", starts_on=date(2020, 1, 1))
    grant = Grant.objects.create(post=post, role="office", unit=organisation, starts_on=date(2020, 1, 1))
    token = Token.objects.create(
        user=user, name="benchmark", sha256=hashlib.sha256(SECRET.encode()).hexdigest(), prefix=SECRET[:8],
        created_at=NOW, expires_on=date(2099, 1, 1),
    )  # fmt: skip
    record(
        actor=ACTOR, action="benchmark.seed", created=[organisation, *departments, user, post, grant, token]
    )
    return organisation


@transaction.atomic
def inspection(
    organisation: Unit, departments: list[int], number: int, size: int, states: Sequence[str] = STATES
) -> int:
    """Make one inspection with `size` tasks, sealed and searchable."""
    one = Inspection.objects.create(
        organisation=organisation, kind_id="xuncha", mode="live", title=f"第{number}轮专项巡察", feedback_on="2026-06-12", created_at=NOW,
    )  # fmt: skip
    findings = Finding.objects.bulk_create(
        Finding(
            inspection=one,
            organisation=organisation,
            position=i,
            number=str(i),
            title=f"{THINGS[i % 10]}方面还有差距",
        )
        for i in range(1, 11)
    )
    problems = Problem.objects.bulk_create(
        Problem(
            finding=findings[i % 10], inspection=one, organisation=organisation, position=i, number=str(i),
            title=f"{THINGS[i % 10]}不规范，{DOINGS[i % 8]}没有做到", text=f"第{i}处：{THINGS[(i + 3) % 10]}有缺漏。", line=i,
        )
        for i in range(1, max(1, size // PER_PROBLEM) + 1)
    )  # fmt: skip
    tasks = Task.objects.bulk_create(
        Task(
            problem=problems[i % len(problems)], inspection=one, organisation=organisation, position=i, number=f"{i}-1",
            title=f"{DOINGS[i % 8]}{THINGS[i % 10]}，第{number}-{i}项", measures=f"一是{DOINGS[(i + 1) % 8]}；二是{DOINGS[(i + 2) % 8]}。",
            unit_id=departments[i % len(departments)], leader=LEADERS[i % 6], category=("at_once", "staged", "continuous")[i % 3],
            due_on=date(2026, 8, 1) + timedelta(days=(i * 7) % 300), first_due_on=date(2026, 8, 1) + timedelta(days=(i * 7) % 300),
            state=states[i % len(states)], created_at=NOW,
        )
        for i in range(1, size + 1)
    )  # fmt: skip
    states = TaskState.objects.bulk_create(
        TaskState(
            task=task, inspection=one, state=task.state, effective_on=date(2026, 6, 20), recorded_at=NOW
        )
        for task in tasks
    )
    record(actor=ACTOR, action="benchmark.seed", created=[one, *findings, *problems, *tasks, *states])
    put(findables([one, *findings, *problems, *tasks]))
    return one.pk


def settle() -> None:
    """Do what PostgreSQL does by itself within a minute: look at the new rows, and mark the pages that everybody sees."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def main() -> None:
    """Fill and print the numbers of what was made."""
    wanted = int(sys.argv[1])
    call_command("migrate", verbosity=0, interactive=False)
    organisation = people()
    departments = list(Unit.objects.filter(parent=organisation).values_list("pk", flat=True))
    made = [
        inspection(organisation, departments, number, min(PER_INSPECTION, wanted - done))
        for number, done in enumerate(range(0, wanted, PER_INSPECTION), 1)
    ]
    ready = inspection(organisation, departments, len(made) + 1, closing.LOTS * closing.COUNT, ("doing",))
    closing_from = closing.fill(organisation, ready, PASSWORD, actor=ACTOR)
    settle()
    first = Task.objects.select_related("problem").earliest("pk")
    evidence.fill(first, actor=ACTOR)
    numbers = {
        "inspection": made[0], "task": first.pk, "problem": first.problem_id, "problem_number": first.problem.number,
        "unit": departments[1], "organisation": organisation.pk, "pages": max(1, wanted // 50 - 1),
        "closing": closing_from,
    }  # fmt: skip
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
