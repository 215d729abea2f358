"""How a task is closed: claim → sign → verify → close → accept, each by another person.

The steps are data (`ROUTE`, `RETURNS`, `PREVIOUS`) that can be printed as a diagram; `closure_judging` judges by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from bihuan.core.access import LEADER, LEADING_GROUP, SUPERIOR, SUPERVISION, UNIT_HEAD
from bihuan.core.findings import BASIC, LONG_TERM, OPEN_STATES
from bihuan.core.register import FieldFault

CLAIM, SIGN, VERIFY, CLOSE, ACCEPT = "claim", "sign", "verify", "close", "accept"
STEPS = (CLAIM, SIGN, VERIFY, CLOSE, ACCEPT)
DONE = MappingProxyType(
    {CLAIM: "claimed", SIGN: "signed", VERIFY: "verified", CLOSE: "closed", ACCEPT: "accepted"}
)
#: What a return must say; each is a sentence of the catalogue (`closure.reason-…`).
RETURN_REASONS = (
    "evidence-missing", "evidence-doubtful", "process-only", "measure-not-done", "not-effective", "figures-differ",
    "look-around", "other",
)  # fmt: skip
REOPEN_REASONS = ("recheck", "rebound", "superior", "mistake")
VIA = ("screen", "paper", "meeting", "api", "workbook")


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of the diagram: the step, the role that takes it, the stages before it and the stage after it."""

    step: str
    role: str
    before: tuple[str, ...]
    after: str


#: The empty stage is a task on which nothing is on its way: never claimed, or the last attempt ended without closure.
ROUTE = (
    Move(CLAIM, UNIT_HEAD, ("",), "claimed"),
    Move(SIGN, LEADER, ("claimed",), "signed"),
    Move(VERIFY, SUPERVISION, ("signed",), "verified"),
    Move(CLOSE, LEADING_GROUP, ("verified",), "closed"),
    Move(ACCEPT, SUPERIOR, ("closed",), "accepted"),
)
#: Back to the unit: by the role whose turn it is, and by the supervision office at any stage.
RETURNS = (
    Move("return", LEADER, ("claimed",), ""),
    Move("return", SUPERVISION, ("claimed", "signed", "verified"), ""),
    Move("return", LEADING_GROUP, ("verified",), ""),
    Move("return", SUPERIOR, ("closed",), ""),
    Move("withdraw", UNIT_HEAD, ("claimed",), ""),
    Move("reopen", SUPERVISION, ("closed", "accepted"), ""),
)
#: Back by one step: the claim stays, only the last step is taken again.
PREVIOUS = MappingProxyType({"signed": "claimed", "verified": "signed"})
MOVES = MappingProxyType({move.step: move for move in ROUTE})
#: Ends that are not the last word: from them one may claim again.
WEAKER = (BASIC, LONG_TERM)
#: What is said when a step meets the wrong stage: the stage that it needed was not reached, or was left behind.
NOT_YET = MappingProxyType(
    {
        SIGN: "closure.not-claimed",
        VERIFY: "closure.not-signed",
        CLOSE: "closure.not-verified",
        ACCEPT: "closure.not-closed",
    }
)
ALREADY = MappingProxyType({step: f"closure.already-{done}" for step, done in DONE.items()})


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that are configuration: days to the next review of a long-term task, days a paper may be dated back."""

    review_days: int = 90
    backdate_days: int = 30


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed: the end state, what was done, and for the weaker ends what is left."""

    end_state: str
    text: str
    left_over: str = ""
    left_until: date | None = None
    failures: str = ""
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a task has to show: the titles of checklist lines without evidence, and how much evidence of each kind."""

    missing: tuple[str, ...] = ()
    results: int = 0
    processes: int = 0
    cause: bool = False
    look_around: bool = False
    asked: int = 0
    confirmed: int = 0
    denied: int = 0
    milestones: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One task as it stands: its state, the attempt on its way, who did what, and what stands against closing."""

    task: int
    number: str
    state: str
    unit: int | None
    units: frozenset[int] = frozenset()
    stage: str = ""
    took: Mapping[str, tuple[int | None, int | None]] = field(default_factory=lambda: MappingProxyType({}))
    last_on: date | None = None
    claim: Claim | None = None
    proof: Proof = field(default_factory=Proof)
    worked: frozenset[int] = frozenset()
    recused: frozenset[int] = frozenset()
    blocked: bool = False
    change_open: bool = False
    plan_approved: bool = True
    at_once: bool = False
    due: bool = True
    owed: bool = False
    live: bool = True
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts on one task: the person and the roles held there, each for himself (None) or for a principal.

    `own` holds the units in which the person, or a principal, has a post, `inside` which of them have a post in the
    organisation at all. `elsewhere` are roles held at other units; `lost` says why a role is not held any more.
    """

    person: int | None
    roles: tuple[tuple[str, int | None], ...] = ()
    own: Mapping[int, frozenset[int]] = field(default_factory=lambda: MappingProxyType({}))
    inside: frozenset[int] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    lost: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a step: for whom it may be taken (None: for oneself), or everything against it."""

    principal: int | None = None
    faults: tuple[FieldFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What the verifier answers: is the evidence sufficient, is it appropriate."""

    sufficient: bool | None = None
    appropriate: bool | None = None


@dataclass(frozen=True, slots=True)
class Taking:
    """How a step is taken: today, with what claim or answers, within which limits.

    `on` is the day on which it was taken, when not today (a paper signed before it was bound).
    """

    today: date
    on: date | None = None
    claim: Claim | None = None
    answers: Answers | None = None
    limits: Limits = Limits()


def diagram() -> str:
    """Return the steps as a Mermaid state diagram, for docs and the help page.

    >>> print(diagram().splitlines()[1])
        open --> claimed: claim (unit_head)
    """
    lines = ["stateDiagram-v2"]
    for move in (*ROUTE, *RETURNS):
        lines += [
            f"    {stage or 'open'} --> {move.after or 'open'}: {move.step} ({move.role})"
            for stage in move.before
        ]
    lines += [f"    {stage} --> {back}: return (one step)" for stage, back in PREVIOUS.items()]
    return "\n".join(lines)


def next_step(case: Case) -> str | None:
    """Return the step whose turn it is; None when all are done.

    >>> next_step(Case(1, "1-1", "doing", 7, stage="signed"))
    'verify'
    """
    for move in ROUTE:
        if case.stage in move.before and (move.step != CLAIM or case.state in (*OPEN_STATES, *WEAKER)):
            return move.step
    return None
