"""The demonstration's data, made from samples/ by the same actions that a person's clicks call, each on its day.

units and people → feedback document (live) → plan of 49 tasks into it → half a year of work → notice (archive)
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.db import transaction

from bihuan.audit.actor import Actor
from bihuan.cli.console import console_actor
from bihuan.cli.demonstration import closing, overseeing, planning
from bihuan.cli.demonstration.people import SAMPLES, Passwords, directory, let_in, make_people, make_units
from bihuan.cli.demonstration.stage import Stage
from bihuan.core.weeks import monday_of
from bihuan.documents.actions import receive
from bihuan.findings.actions.registering import aim, register
from bihuan.findings.actions.states import set_state
from bihuan.findings.models import Inspection
from bihuan.orgs.edge import person_actor
from bihuan.orgs.models import Unit, User

#: The story is told from the founding of the office; before its last chapters can have happened it is only begun.
FOUNDED = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
TOLD_FROM = date(2026, 11, 2)
FIRST_MONDAY = date(2026, 7, 13)
BEGUN = 12


@transaction.atomic
def build(*, begun_only: bool = False) -> Passwords:
    """Make the demonstration in an empty installation and return the passwords by account.

    All of it or nothing: one that was interrupted is built anew. `begun_only` registers the documents and stops
    there: an inspection on which everything is still to be done.

    :raises WrongUse: when the samples are not there (the program was installed without its checkout).
    """
    found = directory()
    console = console_actor()
    whole = not begun_only and console.today >= TOLD_FROM
    first = replace(console, at=FOUNDED) if whole else console
    units = make_units(found, actor=first)
    shown = make_people(found, units, actor=first)
    organisation = units[found["organisation"]["code"]]
    office = person_actor(User.objects.get(username="fangjingyi"), first.at)
    live = _take_in("反馈意见.docx", organisation, actor=office)
    stage = Stage(organisation, live, console.at, first.at)
    if whole:
        stage.on(date(2026, 7, 6))
    _take_in("整改方案任务表.xlsx", organisation, actor=stage.office(), into=live)
    if whole:
        _tell(stage)
    else:
        _begin(stage)
    stage.at = console.at
    _take_in("整改通报.docx", organisation, actor=stage.office())
    return let_in(shown, actor=console)


def _tell(stage: Stage) -> None:
    """Live through the months up to today."""
    stage.live.refresh_from_db()
    planning.found_groups(stage)
    stage.on(date(2026, 7, 7))
    planning.fill_in(stage)
    planning.approve(stage)
    for day, happens in sorted(_chapters(stage), key=lambda one: one[0]):
        stage.on(day)
        happens()


def _chapters(stage: Stage) -> Iterator[tuple[date, Callable[[], object]]]:
    """Yield what happens from which day on; what is told last lies some days before today."""
    yield FIRST_MONDAY, partial(planning.begin, stage)
    monday = FIRST_MONDAY
    while monday < monday_of(stage.today):
        if monday != overseeing.MISSED:
            yield monday, partial(overseeing.dispatch, stage, monday)
        monday += timedelta(days=7)
    for day in closing.MEETINGS:
        yield day - timedelta(days=3), partial(closing.close_batches, stage, day)
    yield date(2026, 8, 20), partial(planning.wait, stage)
    yield (
        date(2026, 9, 4),
        partial(overseeing.sampled_round, stage, "第一轮督查（抽查）", agreed="1-7-3-8-8", size=18),
    )
    extended = (planning.EXTENDED, 40, "占道施工审批未下达。"), ("21-2", 5, "两户账户信息正在核实。")
    for number, days, reason in extended:
        yield date(2026, 9, 29), partial(planning.extend, stage, number, days, reason)
    yield date(2026, 10, 16), partial(overseeing.make_institutions, stage)
    last = (
        (13, closing.prove_last), (12, closing.claim_last), (10, closing.verify_last), (6, closing.meet_last),
        (6, overseeing.write_letters), (6, overseeing.account_for), (4, closing.stand_beside),
        (4, overseeing.second_round), (2, overseeing.remark), (1, overseeing.lend),
    )  # fmt: skip
    for days, happens in last:
        yield stage.today - timedelta(days=days), partial(happens, stage)


def _take_in(name: str, organisation: Unit, *, actor: Actor, into: Inspection | None = None) -> Inspection:
    """Import one sample; `into` names the inspection into which a plan goes."""
    draft = receive((SAMPLES / name).read_bytes(), name=name, organisation=organisation, actor=actor).draft
    if into is not None:
        draft = aim(draft.pk, into.pk, revision=draft.revision, actor=actor)
    return register(draft.pk, actor=actor)


def _begin(stage: Stage) -> None:
    """Let the first tasks have begun, as in a real office some weeks after the feedback."""
    for task in stage.tasks()[:BEGUN]:
        set_state(task, "doing", revision=task.revision, actor=stage.office())
