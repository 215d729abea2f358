"""Tasks to close: 100 at the stage verified, each with checklist, evidence, cause, look-around and approved plan, and their people.

Everything is written by statements on sets and sealed, as the rest of the filling.
"""

import hashlib
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Model

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.files.models import StoredFile
from bihuan.files.store import keep
from bihuan.findings.models import Closure, Evidence, EvidenceNeed, LookAround, Plan, Problem, Task
from bihuan.orgs.models import Grant, Post, Token, Unit, User

COUNT = 100
#: Lots of tasks: a task is closed once, so each repetition takes its own lot, half of them as a page.
LOTS = 12
SECRET = "benchmark-token-of-the-leading-group"
PEOPLE = (
    ("claims", "unit_head"),
    ("signs", "leader"),
    ("verifies", "supervision"),
    ("closes", "leading_group"),
    ("accepts", "superior"),
)
DAY = date(2026, 9, 1)


@transaction.atomic
def fill(organisation: Unit, inspection: int, password: str, *, actor: Actor) -> int:
    """Make all tasks of an inspection ready to be closed and return the first, from which their ids count on."""
    people = _people(organisation, password, actor=actor)
    tasks = list(Task.objects.filter(inspection_id=inspection).order_by("pk"))
    made: list[Model] = [
        Plan.objects.create(
            inspection_id=inspection, organisation=organisation, version=1, state="approved", title="基准整改方案",
            made_at=actor.at, approved_by=people["closes"], approved_on=DAY,
        ),
        *_problems(tasks, organisation),
        *_proofs(tasks, people["claims"], actor=actor),
        *_claims(tasks, people, actor=actor),
    ]  # fmt: skip
    record(actor=actor, action="benchmark.seed", created=made)
    return tasks[0].pk


def lot(first: int, number: int) -> list[int]:
    """Return the ids of one lot; `first` is what `fill` gave."""
    return list(range(first + number * COUNT, first + (number + 1) * COUNT))


def _people(organisation: Unit, password: str, *, actor: Actor) -> dict[str, User]:
    found, made = {}, []
    for name, role in PEOPLE:
        user = User(username=name, name=f"测试{name}", created_at=actor.at, password_changed_at=actor.at)
        user.set_password(password)
        user.save()
        post = Post.objects.create(person=user, unit=organisation, title="测试员", starts_on=date(2020, 1, 1))
        grant = Grant.objects.create(post=post, role=role, unit=organisation, starts_on=date(2020, 1, 1))
        made += [user, post, grant]
        found[name] = user
    token = Token.objects.create(
        user=found["closes"], name="benchmark", sha256=hashlib.sha256(SECRET.encode()).hexdigest(),
        prefix=SECRET[:8], created_at=actor.at, expires_on=date(2099, 1, 1),
    )  # fmt: skip
    record(actor=actor, action="benchmark.seed", created=[*made, token])
    return found


def _problems(tasks: Sequence[Task], organisation: Unit) -> list[LookAround]:
    problems = {task.problem_id for task in tasks}
    Problem.objects.filter(pk__in=problems).update(cause="制度不健全，责任没有到人。")
    return LookAround.objects.bulk_create(
        LookAround(
            problem_id=pk, organisation=organisation, position=1, scope="全区同类企业", found=3, fixed=3
        )
        for pk in sorted(problems)
    )


def _proofs(tasks: Sequence[Task], by: User, *, actor: Actor) -> list[Model]:
    content = "销号佐证".encode()
    kept = keep([content], limit=100)
    file = StoredFile.objects.create(sha256=kept.sha256, size=kept.size, type="txt", created_at=actor.at)
    needs = EvidenceNeed.objects.bulk_create(
        EvidenceNeed(task=task, position=1, kind="ledger", title="逐户台账", proves="result")
        for task in tasks
    )
    pieces = Evidence.objects.bulk_create(
        Evidence(
            organisation_id=need.task.organisation_id, task=need.task, need=need, file=file, name="逐户台账.txt",
            kind="ledger", proves="result", dated_on=DAY, position=number, unit_id=need.task.unit_id, by=by,
            accepted=True, uploaded_at=actor.at,
        )
        for need in needs
        for number in (1, 2)
    )  # fmt: skip
    return [*needs, *pieces]


def _claims(tasks: Sequence[Task], people: dict[str, User], *, actor: Actor) -> list[Closure]:
    return Closure.objects.bulk_create(
        Closure(
            organisation_id=task.organisation_id, inspection_id=task.inspection_id, task=task, number=1,
            stage="verified", end_state="completed", text="已逐户核对，台账补齐。", sufficient=True, appropriate=True,
            claimed_by=people["claims"], claimed_on=DAY, claimed_at=actor.at, claimed_via="screen",
            signed_by=people["signs"], signed_on=DAY, signed_at=actor.at, signed_via="screen",
            verified_by=people["verifies"], verified_on=DAY, verified_at=actor.at, verified_via="screen",
        )
        for task in tasks
    )  # fmt: skip
