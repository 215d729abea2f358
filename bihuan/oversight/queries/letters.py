"""Letters and slips: what one says, whose reply is overdue, and which slips the ladder asks for today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from bihuan.core.findings import OPEN_STATES
from bihuan.core.ladder import Rung, reached
from bihuan.core.letters import AWAITED, DRAFT, KINDS, VOID, LetterFacts, Subject, number_text
from bihuan.core.oversight import Rules
from bihuan.findings.models import OutsideWait, Task
from bihuan.findings.queries.sight import LIVE
from bihuan.orgs.models import Unit
from bihuan.oversight.models import Letter, LetterTask
from bihuan.oversight.queries.rules import rules_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """A slip that the ladder asks for: these tasks of one unit on one rung. `held`: waits for an outside body."""

    unit_id: int
    unit: str
    rung: Rung
    tasks: tuple[Task, ...]
    reply_due_on: date
    held: tuple[tuple[Task, str], ...] = ()

    @property
    def key(self) -> str:
        """Return what names the slip until it is issued."""
        return f"{self.unit_id}:{self.rung.key}"


def overdue(today: date) -> Q:
    """Return the predicate of letters whose reply is overdue."""
    return Q(state__in=AWAITED, reply_due_on__lt=today)


def proposals(organisation: Unit | int, today: date, rules: Rules | None = None) -> list[Proposal]:
    """Return the slips that are due by the ladder today and not issued, one a unit and rung, the severest first.

    A task that waits for an outside body (a letter was sent, no reply yet) is held back and named with the body. A
    slip counts for the due day that it was issued for: after an extension the ladder begins anew. Five queries.
    """
    pk = organisation if isinstance(organisation, int) else organisation.pk
    rules = rules or rules_of(pk, today)
    rungs = rules.ladder()
    if not rungs:
        return []
    tasks = _candidates(pk, today, earliest=rungs[0].days)
    issued = _issued(pk)
    waits = _waits(pk)
    due: dict[tuple[int, str], list[Task]] = defaultdict(list)
    held: dict[tuple[int, str], list[tuple[Task, str]]] = defaultdict(list)
    by_key = {rung.key: rung for rung in rungs}
    units: dict[int, Unit] = {}
    for task in tasks:
        if task.due_on is None or task.unit is None:
            continue
        rung = reached(rungs, due_on=task.due_on, today=today, issued=issued.get((task.pk, task.due_on), ()))
        if rung is None:
            continue
        units[task.unit.pk] = task.unit
        key = (task.unit.pk, rung.key)
        if task.pk in waits:
            held[key].append((task, waits[task.pk]))
        else:
            due[key].append(task)
    found = [
        _proposal(units[unit], by_key[rung], due[unit, rung], held[unit, rung], today)
        for unit, rung in {**due, **held}
    ]
    return sorted(found, key=lambda one: (-one.rung.days, one.unit_id))


def subjects_of(letter: Letter, today: date) -> tuple[Subject, ...]:
    """Return the tasks that a letter is about as they are printed, late as of its day or of today. One query."""
    rows = letter.subjects.select_related("task").order_by("task__inspection_id", "task__position", "pk")
    return tuple(subject(row.task, row.due_on, letter.issued_on or today) for row in rows)


def subject(task: Task, due_on: date | None, on: date) -> Subject:
    """Return a task as it is printed on a day."""
    return Subject(
        task.number, task.title, due_on.isoformat() if due_on else "", (on - due_on).days if due_on else 0
    )


def number_of(letter: Letter, rules: Rules) -> str:
    """Return the printed number of a letter, nothing for a draft."""
    return number_text(letter.kind, letter.year, letter.number, mark=rules.text("letter-mark"))


def issuer_of(letter: Letter, rules: Rules) -> str:
    """Return the name under which a letter goes out: of the office, or of supervision."""
    key = "issuer-supervision" if KINDS[letter.kind].step == "supervise" else "issuer-office"
    return f"{letter.organisation.name}{rules.text(key)}"


def facts_of(letter: Letter, today: date) -> LetterFacts:
    """Return what the paper of a letter says; of an issued one by the rules of that day. Two queries."""
    rules = rules_of(letter.organisation_id, letter.issued_on or today)
    return LetterFacts(
        kind=letter.kind,
        issuer=issuer_of(letter, rules),
        organisation=letter.organisation.name,
        number=number_of(letter, rules),
        addressee=letter.addressee,
        title=letter.title,
        text=letter.text,
        basis=letter.basis,
        subjects=subjects_of(letter, today),
        reply_due_on=letter.reply_due_on.isoformat() if letter.reply_due_on else "",
        issued_on=letter.issued_on.isoformat() if letter.issued_on else "",
        signer=letter.signer,
        copies=letter.copies,
    )


def _proposal(
    unit: Unit, rung: Rung, tasks: Iterable[Task], held: Iterable[tuple[Task, str]], today: date
) -> Proposal:
    by = today + timedelta(days=rung.reply_days)
    return Proposal(unit.pk, unit.name, rung, tuple(tasks), by, tuple(held))


def _candidates(organisation_id: int, today: date, *, earliest: int) -> QuerySet[Task]:
    """Return open tasks with a unit whose due day lies near enough for the first rung."""
    return (
        Task.objects.filter(
            organisation_id=organisation_id,
            withdrawn__in=LIVE,
            state__in=OPEN_STATES,
            due_on__lte=today - timedelta(days=earliest),
            unit__isnull=False,
            inspection__mode="live",
            inspection__withdrawn__in=LIVE,
        )
        .select_related("unit")
        .order_by("due_on", "pk")
    )


def _issued(organisation_id: int) -> Mapping[tuple[int, date | None], frozenset[str]]:
    rows = (
        LetterTask.objects.filter(letter__organisation_id=organisation_id, letter__rung__gt="")
        .exclude(letter__state__in=(DRAFT, VOID))
        .values_list("task_id", "due_on", "letter__rung")
    )
    found: dict[tuple[int, date | None], set[str]] = defaultdict(set)
    for task, due_on, rung in rows:
        found[task, due_on].add(rung)
    return {key: frozenset(rungs) for key, rungs in found.items()}


def _waits(organisation_id: int) -> dict[int, str]:
    rows = OutsideWait.objects.filter(
        organisation_id=organisation_id, replied_on=None, withdrawn__in=LIVE
    ).order_by("-sent_on")
    return dict(rows.values_list("task_id", "body"))
