"""Rounds of supervision (督查): what is looked at, by which two persons, what they may answer, how often it fails.

preparing ─freeze the list→ frozen ─seed, draw→ open ─checks→ reported; a full round needs no seed and opens at once.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from bihuan.core.closure import RETURN_REASONS
from bihuan.core.register import FieldFault, text_faults
from bihuan.core.sampling import QUANTILES, wilson

FULL, SAMPLED, RECHECK = "full", "sampled", "recheck"
KINDS = (FULL, SAMPLED, RECHECK)
PREPARING, FROZEN, OPEN, REPORTED = "preparing", "frozen", "open", "reported"
HOLDS, FAILS, UNSEEN = "holds", "fails", "unseen"
RESULTS = (HOLDS, FAILS, UNSEEN)
VIA = ("screen", "sheet", "workbook", "api")
#: Which step of `core.access` a kind of round asks for: the superior may re-check, never supervise.
STEP = MappingProxyType({FULL: "supervise", SAMPLED: "supervise", RECHECK: "sample"})

HIGH, ORDINARY = "重点", "一般"
STRATA = ("unit", "risk")
#: What is asked of every item where the round asks nothing of its own.
QUESTIONS = ("措施是否落实到位", "佐证材料与现场是否一致", "是否见到成效、没有反弹")
ANSWERS = ("yes", "no", "na")
MOST_QUESTIONS = 12


@dataclass(frozen=True, slots=True)
class Looked:
    """What decides who may look at a task: the units that answer for it, and everybody who took part in it."""

    units: frozenset[int]
    took: frozenset[int]


@dataclass(frozen=True, slots=True)
class Inspector:
    """One of the two persons: with whom he or she acts for (0 for nobody), whether the role is held, own units."""

    person: int
    name: str
    is_entitled: bool
    principal: int = 0
    units: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rate:
    """How many items of a unit were seen again and how many failed; the interval in tenths of a percent."""

    unit: int | None
    name: str
    drawn: int
    seen: int
    failed: int
    low: int
    high: int
    confidence: int

    @property
    def interval(self) -> str:
        """Return the interval as it is written: ``11.7%—77.0%``."""
        return f"{self.low // 10}.{self.low % 10}%—{self.high // 10}.{self.high % 10}%"


def risk_of(*, extended: bool, returned: int, state: str) -> str:
    """Return the risk that a task is listed with: high when it was extended, returned, or ended short of completed.

    >>> risk_of(extended=False, returned=0, state="completed")
    '一般'
    """
    return HIGH if extended or returned or state in ("basically_completed", "long_term") else ORDINARY


def person_faults(first: Inspector, second: Inspector, looked: Looked) -> list[FieldFault]:
    """Return why these two may not check a task together: role, own unit, part taken, or the same person."""
    faults = []
    if first.person == second.person:
        faults.append(FieldFault("second_id", "rounds.one-person", {"person": first.name}))
    elif first.person == second.principal or second.person == first.principal:
        faults.append(FieldFault("second_id", "rounds.one-for-other", {"person": second.name}))
    for field, one in (("first_id", first), ("second_id", second)):
        if not one.is_entitled:
            faults.append(FieldFault(field, "rounds.not-entitled", {"person": one.name}))
        if one.units & looked.units:
            faults.append(FieldFault(field, "rounds.own-unit", {"person": one.name}))
        if {one.person, one.principal or one.person} & looked.took:
            faults.append(FieldFault(field, "rounds.took-part", {"person": one.name}))
    return faults


def round_faults(values: Mapping[str, object]) -> list[FieldFault]:
    """Return every fault of a round as it is set up."""
    faults = list(text_faults(values, required=("title",)))
    if values.get("kind") not in KINDS:
        faults.append(FieldFault("kind", "rounds.kind", {"value": str(values.get("kind"))[:20]}))
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if not isinstance(starts, date):
        faults.append(FieldFault("starts_on", "findings.required"))
    if not isinstance(ends, date):
        faults.append(FieldFault("ends_on", "findings.required"))
    if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
        faults.append(FieldFault("ends_on", "rounds.ends-before-start"))
    questions = values.get("questions")
    if isinstance(questions, (list, tuple)):
        if not 1 <= len(questions) <= MOST_QUESTIONS or any(len(one) > 200 for one in questions):
            faults.append(FieldFault("questions", "rounds.questions", {"most": MOST_QUESTIONS}))
        elif len(set(questions)) < len(questions):
            faults.append(FieldFault("questions", "rounds.question-twice"))
    return faults


def check_faults(
    values: Mapping[str, object],
    *,
    questions: Collection[str],
    starts_on: date,
    zone_day: date,
    received: datetime,
) -> list[FieldFault]:
    """Return every fault of what two persons found: result, reason, answers, the moment of capture.

    `zone_day` is the local day of the capture. Something that did not hold needs a coded reason and a note; something
    not seen needs a note; a question answered no does not go with "holds".
    """
    faults = list(text_faults({"remark": values.get("note") or ""}))
    result = values.get("result")
    note = str(values.get("note") or "").strip()
    answers = values.get("answers")
    answers = answers if isinstance(answers, Mapping) else {}
    if result not in RESULTS:
        faults.append(FieldFault("result", "rounds.result", {"value": str(result or "")[:20]}))
    if result == FAILS and values.get("reason") not in RETURN_REASONS:
        faults.append(FieldFault("reason", "rounds.reason"))
    if result in (FAILS, UNSEEN) and not note:
        faults.append(FieldFault("note", "rounds.note"))
    strange = [one for one in answers if one not in questions]
    if strange or any(one not in ANSWERS for one in answers.values()):
        faults.append(FieldFault("answers", "rounds.answer", {"question": str((strange or [""])[0])[:60]}))
    if result == HOLDS and "no" in answers.values():
        faults.append(FieldFault("result", "rounds.holds-with-no"))
    if result in (HOLDS, FAILS) and (left := [one for one in questions if one not in answers]):
        faults.append(
            FieldFault("answers", "rounds.unanswered", {"question": left[0][:60], "count": len(left)})
        )
    captured = values.get("captured_at")
    if not isinstance(captured, datetime):
        faults.append(FieldFault("captured_at", "rounds.captured-missing"))
    elif captured > received + timedelta(minutes=5):
        faults.append(FieldFault("captured_at", "rounds.captured-later"))
    elif zone_day < starts_on:
        faults.append(FieldFault("captured_at", "rounds.captured-before", {"day": starts_on.isoformat()}))
    return faults


def rates(rows: Iterable[tuple[int | None, str, str | None]], *, confidence: int) -> list[Rate]:
    """Return the failure rate of each unit from (unit, name, result or None while unchecked), in the order given.

    What was not seen counts neither for nor against. `confidence` is the level of the intervals in percent, one of
    `QUANTILES`.
    """
    found: dict[tuple[int | None, str], list[str | None]] = {}
    for unit, name, result in rows:
        found.setdefault((unit, name), []).append(result)
    made = []
    for (unit, name), results in found.items():
        failed = results.count(FAILS)
        seen = failed + results.count(HOLDS)
        low, high = wilson(failed, seen, z_hundredths=QUANTILES[confidence])
        made.append(Rate(unit, name, len(results), seen, failed, low, high, confidence))
    return made
